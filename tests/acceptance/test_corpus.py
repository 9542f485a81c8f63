"""The corpus as the clerk would check it: in time, no traceback, every file listed, amounts as the files hold them."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

from lxml import etree


def seconds_of_programs() -> float:
    """Seconds that the programs of this process have computed, whatever else the machine does."""
    times = os.times()
    return times.children_user + times.children_system


def test_the_whole_corpus_is_checked_in_20_seconds_and_every_file_is_listed(person: Any, shared: Path) -> None:
    before = seconds_of_programs()
    report = person.report("check", shared / "corpus", status=1)
    assert seconds_of_programs() - before < 20
    files = {str(path) for path in (shared / "corpus").rglob("*") if path.is_file() and not path.name.startswith(".")}
    listed = {source["path"] for source in report["sources"]}
    assert files <= listed
    for source in report["sources"]:
        assert source["documents"] or source["findings"] or source["format"] == "zip", source["path"]


def test_a_pack_of_100_invoices_becomes_100_calls_with_valid_packs_of_one(person: Any, shared: Path) -> None:
    pack = shared / "corpus" / "pohoda" / "masa331__100_invoices.xml"
    report = person.report("import", pack, "--dry-run", "--save-requests", "requests")
    assert len(report["calls"]) == 100
    schema = etree.XMLSchema(etree.parse(shared / "schemas" / "pohoda" / "data.xsd"))
    documents = {document["call"]: document for source in report["sources"] for document in source["documents"]}
    for call, path in zip(report["calls"], sorted((person.folder / "requests").iterdir()), strict=True):
        request = etree.parse(path)
        (data,) = request.xpath("//parameter[@name='base64data']/text()")
        single = etree.fromstring(base64.b64decode(data))
        schema.assertValid(single)
        (number,) = single.xpath("//*[local-name()='numberRequested']/text()")
        (partner,) = single.xpath(
            "(//*[local-name()='partnerIdentity']//*[local-name()='company' or local-name()='name'])[1]/text()"
        ) or [None]
        assert number == documents[call["id"]]["number"]
        if partner is not None:
            assert documents[call["id"]]["partner"] == partner.strip()
        assert request.xpath("//parameter[@name='dataFormat']/@value") == ["POHODA"]
