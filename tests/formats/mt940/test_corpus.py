"""Files of real banks and of other programs' tests, beside the project where they are present."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from efimport.documents import Statement
from efimport.formats.reading import Reading
from efimport.formats.registry import SourceReading
from efimport.sources import Source

CORPUS = Path(__file__).resolve().parents[3].parent / "shared" / "corpus" / "mt940"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")

# Statements that close, of how many, and entries. What does not close was shortened or made up by its author.
FILES = {
    "beangulp__fixture.sta": (1, 1, 3),
    "wolph__ASNB_0708271685_09022020_164516.sta": (31, 31, 8),
    "wolph__betterplace_sepa_mt9401.sta": (20, 20, 97),
    "wolph__betterplace_sepa_snippet.sta": (1, 2, 11),
    "wolph__betterplace_with_binary_character.sta": (2, 2, 4),
    "wolph__cmxl_mt940.sta": (3, 3, 16),
    "wolph__jejik_abnamro.sta": (0, 2, 10),
    "wolph__jejik_generic.sta": (2, 2, 2),
    "wolph__jejik_ing.sta": (0, 1, 7),
    "wolph__jejik_knab.sta": (1, 2, 3),
    "wolph__jejik_postfinance.sta": (0, 1, 4),
    "wolph__jejik_rabobank-iban.sta": (2, 2, 4),
    "wolph__jejik_rabobank.sta": (2, 4, 5),
    "wolph__jejik_sns.sta": (2, 2, 2),
    "wolph__mBank_mt940.sta": (1, 1, 3),
    "wolph__sberbank_171011_01234945.sta": (1, 1, 3),
    "wolph__self-provided_february_30.sta": (1, 1, 1),
    "wolph__self-provided_long_statement_number.sta": (1, 1, 0),
    "wolph__self-provided_raphaelm.sta": (2, 2, 9),
    "wolph__self-provided_transaction_details_wrapped.sta": (1, 1, 1),
    "wolph__self-provided_wrapped_timestamp.sta": (1, 1, 1),
}
HARMLESS = {"mt940.line-ends", "mt940.pages-joined", "mt940.date", "mt940.letters", "mt940.foreign-text"}


def _read(mt940, name: str) -> list[Statement]:
    return mt940.statements((CORPUS / name).read_bytes())


@pytest.mark.parametrize("name", FILES)
def test_statements_close_as_far_as_they_should(mt940, name):
    documents = _read(mt940, name)
    found = sum(mt940.closes(one) for one in documents), len(documents), sum(len(one.entries) for one in documents)
    assert found == FILES[name]


@pytest.mark.parametrize("name", [name for name, (closed, count, _) in FILES.items() if closed == count])
def test_a_whole_file_has_no_error(mt940, name):
    assert {found.code for one in _read(mt940, name) for found in one.findings} <= HARMLESS


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.sta")), ids=lambda path: path.name)
def test_every_file_gives_something_and_each_content_reads_as_the_same_statement(mt940, path):
    reading = SourceReading(Source(str(path), file=path))
    found = list(reading)
    assert found
    for one in found:
        if isinstance(one, Statement):
            again = mt940.statement(one.origin.content)
            assert [entry.amount for entry in again.entries] == [entry.amount for entry in one.entries]
            assert (again.opening, again.closing) == (one.opening, one.closing)
            assert [entry.message for entry in again.entries] == [entry.message for entry in one.entries]


def test_reversals_take_money_out(mt940):
    documents = _read(mt940, "wolph__betterplace_sepa_mt9401.sta")
    reversals = [entry for one in documents for entry in one.entries if entry.reversal]
    assert Decimal("-204.88") in [entry.amount for entry in reversals]


def test_statements_follow_one_another(mt940):
    documents = _read(mt940, "wolph__ASNB_0708271685_09022020_164516.sta")
    assert all(before.closing == after.opening for before, after in pairwise(documents))
    (entry,) = documents[0].entries
    assert (entry.counter_account.iban, entry.counter_name) == ("NL47INGB9999999999", "hr gjlm paulissen")


def test_code_page_852_is_recognised(mt940):
    reading = Reading()
    from efimport.formats.mt940 import read

    path = CORPUS / "wolph__self-provided_raiffeisen-cmi.sta"
    (document,) = read(Source("a.sta", path.read_bytes()), reading)
    assert reading.encoding == "cp852"
    assert "jóváírás" in document.entries[0].description.replace(" ", "")
    assert document.entries[0].amount == Decimal("2066637.00")


def test_a_time_of_day_that_was_wrapped_does_not_begin_another_field(mt940):
    (document,) = _read(mt940, "wolph__self-provided_transaction_details_wrapped.sta")
    assert "2017-01-01T13:12:11" in document.entries[0].message


def test_long_texts_of_german_banks_keep_the_name_whole(mt940):
    (document,) = _read(mt940, "wolph__self-provided_overly_long_details.sta")
    (entry,) = document.entries
    assert entry.counter_name == "Finanzamt Muenchen Abteilung Erhebung"
    assert entry.counter_account.iban == "DE99700500000000012345"
    assert entry.end_to_end_reference == "123/123/12345-----L1101234567890123"
