"""Statements of the corpus, written as ČBA XML and as ABO/GPC, say the same when they are read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from efimport.documents import Statement
from efimport.formats.camt.write import write_camt
from efimport.formats.gpc.write import write_gpc
from efimport.formats.reading import Own
from efimport.formats.registry import SourceReading
from efimport.formats.writing import CannotWriteError
from efimport.sources import Source

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FILES = [path for name in ("gpc", "camt053", "mt940") for path in sorted((CORPUS / name).glob("*")) if path.is_file()]
WRITERS = [write_camt, write_gpc]


def statements(content: bytes, own: tuple[str, ...] = ()) -> list[Statement]:
    found = SourceReading(Source("statement", content), Own(bank_accounts=own))
    return [one for one in found if isinstance(one, Statement)]


@pytest.mark.parametrize("write", WRITERS, ids=["cba-xml", "gpc"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_statement_of_the_corpus_says_the_same_in_the_other_format(path, write) -> None:
    for one in statements(path.read_bytes()):
        own = (f"{one.account.number}/{one.account.bank_code or '2010'}",) if one.account.number else ()
        try:
            content = write([one])
        except CannotWriteError:
            # Banks abroad, statements without a currency or a balance; the last test sees to it that not all are.
            continue
        (again,) = statements(content, own)
        assert (again.opening, again.closing, len(again.entries)) == (one.opening, one.closing, len(one.entries))
        for entry, wanted in zip(again.entries, one.entries, strict=True):
            assert (entry.amount, entry.variable_symbol, entry.reversal) == (
                wanted.amount,
                wanted.variable_symbol,
                wanted.reversal,
            )
        assert write([again]) == write([again])


def test_the_corpus_is_written_in_both_formats() -> None:
    if not FILES:
        pytest.skip("the corpus is not here")
    for write in WRITERS:
        written = 0
        for path in FILES:
            for one in statements(path.read_bytes()):
                try:
                    written += bool(write([one]))
                except CannotWriteError:
                    continue
        assert written
