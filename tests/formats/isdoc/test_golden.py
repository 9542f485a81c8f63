"""Invented documents beside what is read of them; ``EFIMPORT_GOLDEN=write`` writes the second again for review."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

FOLDER = Path(__file__).with_name("golden")
NAMES = sorted(path.name for path in FOLDER.glob("*.isdoc"))


def shown(invoice):
    """The document as text, without its bytes and without what is empty."""
    plain = msgspec.to_builtins(msgspec.structs.replace(invoice, findings=()))
    plain["origin"].pop("content")
    plain["findings"] = [f"{one.severity} {one.code} {one.location.line}" for one in invoice.findings]
    return msgspec.json.format(msgspec.json.encode(_without_empty(plain)), indent=1).decode() + "\n"


def _without_empty(value):
    if isinstance(value, dict):
        kept = {key: _without_empty(part) for key, part in value.items()}
        return {key: part for key, part in kept.items() if part not in (None, [], {}, False)}
    return [_without_empty(part) for part in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_of_an_invented_document_stays_the_same(read_one, name):
    text = shown(read_one((FOLDER / name).read_bytes(), name))
    golden = FOLDER / f"{name}.json"
    if os.environ.get("EFIMPORT_GOLDEN") == "write":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_there_are_golden_files():
    assert len(NAMES) == 4
