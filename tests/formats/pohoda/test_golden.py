"""Golden files: an invented pack beside its normalized form; ``REGENERATE=1 pytest`` writes the latter anew."""

from __future__ import annotations

import json
import os
from pathlib import Path

import msgspec
import pytest

from efimport.findings import Finding
from efimport.formats import pohoda
from efimport.formats.reading import Reading
from efimport.sources import Source

GOLDEN = Path(__file__).with_name("golden")


def normalized(found: list) -> str:
    result = []
    for each in found:
        assert not isinstance(each, Finding), each
        fields = msgspec.to_builtins(msgspec.structs.replace(each, findings=()))
        fields["findings"] = [[one.code, one.location.line, one.location.where] for one in each.findings]
        content = fields["origin"].pop("content")
        assert content
        result.append(fields)
    return json.dumps(result, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.xml")), ids=lambda path: path.stem)
def test_a_golden_pack_reads_as_it_is_written_down(path: Path) -> None:
    text = normalized(list(pohoda.read(Source(path.name, path.read_bytes()), Reading())))
    expected = path.with_suffix(".json")
    if os.environ.get("REGENERATE"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")
