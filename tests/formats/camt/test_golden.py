"""Golden files: an invented statement beside its normalized form; ``REGENERATE=1 pytest`` writes the latter anew."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from efimport.documents import Statement
from tests.formats.camt.conftest import outcome

GOLDEN = Path(__file__).with_name("golden")


def normalized(statement: Statement) -> str:
    fields = msgspec.to_builtins(statement)
    for name in ("origin", "kind", "attachments"):
        del fields[name]
    fields["entries"] = [{key: value for key, value in row.items() if value is not None} for row in fields["entries"]]
    return json.dumps(fields, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.xml")), ids=lambda path: path.stem)
def test_a_golden_statement_reads_as_it_is_written_down(path: Path) -> None:
    statement = outcome(path.read_bytes()).statement
    expected = path.with_suffix(".json")
    if os.environ.get("REGENERATE"):
        expected.write_text(normalized(statement), encoding="utf-8")
    assert normalized(statement) == expected.read_text(encoding="utf-8")
    assert statement.opening is not None
    assert statement.opening + sum((entry.amount for entry in statement.entries), Decimal(0)) == statement.closing
