"""Whatever lies in the folder: each wrong file gives one clear finding, and the rest of the run goes on."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.wrong import GOOD, ISSUED

LAUGHS = b"".join(
    [b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "ha">']
    + [b'<!ENTITY a%d "&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;">' % (n, *[n - 1] * 8) for n in range(1, 12)]
    + [b']><Invoice xmlns="http://isdoc.cz/namespace/2013"><ID>&a11;</ID></Invoice>']
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE i [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<Invoice xmlns="http://isdoc.cz/namespace/2013" version="6.0.2"><ID>&x;</ID></Invoice>'
)


def zip_of(**entries: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


WRONG: dict[str, tuple[bytes, str]] = {
    "empty.xml": (b"", "source.empty"),
    "binary.dat": (bytes(range(256)) * 40, "format."),
    "cut.isdoc": (
        b'<?xml version="1.0"?><Invoice xmlns="http://isdoc.cz/namespace/2013"><ID>1</',
        "xml.not-well-formed",
    ),
    "laughs.xml": (LAUGHS, "xml.doctype"),
    "outside.isdoc": (OUTSIDE, "xml.doctype"),
    "bomb.zip": (zip_of(zeros=b"0" * 40_000_000), "archive.bomb"),
    "damaged.zip": (zip_of(a=b"abc")[:-30], "archive.damaged"),
}


@pytest.mark.parametrize("name", WRONG)
def test_demand_25_a_wrong_file_gives_one_error_and_the_good_one_beside_it_is_read(person: Any, name: str) -> None:
    content, code = WRONG[name]
    (person.folder / "in").mkdir()
    (person.folder / "in" / name).write_bytes(content)
    (person.folder / "in" / "good.gpc").write_bytes(GOOD)
    start = time.monotonic()
    report = person.report("check", "in", status=1)
    assert time.monotonic() - start < 20
    by_name = {Path(source["path"]).name: source for source in report["sources"]}
    errors = [found for found in by_name[name]["findings"] if found["severity"] == "error"]
    assert len(errors) == 1
    assert errors[0]["code"].startswith(code)
    assert errors[0]["message"]
    assert errors[0]["hint"]
    (document,) = by_name["good.gpc"]["documents"]
    assert document["statement"]["closing"] == "0.50"


def test_no_file_of_the_machine_leaks_through_an_entity(person: Any) -> None:
    (person.folder / "outside.isdoc").write_bytes(OUTSIDE)
    done = person.run("check", "outside.isdoc", "--json")
    assert "root:" not in done.stdout + done.stderr


def test_demand_42_a_file_in_another_encoding_than_it_says_is_read_with_a_warning(person: Any) -> None:
    pack = ISSUED.replace("@@", "Žluťoučký kůň s.r.o.").encode("cp1250")
    (person.folder / "pack.xml").write_bytes(pack)
    report = person.report("check", "pack.xml")
    (source,) = report["sources"]
    assert source["documents"][0]["partner"] == "Žluťoučký kůň s.r.o."
    codes = {found["code"] for found in source["findings"]}
    assert "encoding.declaration-wrong" in codes


@pytest.fixture
def locked(person: Any) -> Callable[[], None]:
    folder = person.folder / "in" / "locked"
    folder.mkdir(parents=True)
    (folder / "inside.gpc").write_bytes(GOOD)
    (person.folder / "in" / "good.gpc").write_bytes(GOOD)
    folder.chmod(0)
    return lambda: folder.chmod(0o700)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_rights_is_one_finding(person: Any, locked: Callable[[], None]) -> None:
    try:
        report = person.report("check", "in", status=1)
    finally:
        locked()
    codes = [found["code"] for source in report["sources"] for found in source["findings"]]
    assert codes.count("source.unreadable") == 1
    assert sum(len(source["documents"]) for source in report["sources"]) == 1


def test_a_path_that_does_not_exist_is_a_finding(person: Any) -> None:
    report = person.report("check", "nowhere", status=1)
    assert report["sources"][0]["findings"][0]["code"] == "source.not-found"


def test_hidden_and_temporary_files_are_left_out(person: Any) -> None:
    for name in (".hidden.gpc", "~$open.xlsx", "loading.gpc.part", "Thumbs.db"):
        (person.folder / name).write_bytes(GOOD)
    (person.folder / "good.gpc").write_bytes(GOOD)
    report = person.report("check", ".")
    assert [Path(source["path"]).name for source in report["sources"]] == ["good.gpc"]
