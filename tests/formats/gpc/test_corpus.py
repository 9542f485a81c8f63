"""Statements of real banks and of their specifications, beside the project where they are present."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parents[3].parent / "shared" / "corpus" / "gpc"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")


def _movement(document) -> Decimal:
    return sum((entry.amount for entry in document.entries), Decimal(0))


@pytest.mark.parametrize("name", ["jakubzapletal_inline_1.gpc", "jakubzapletal_inline_2.gpc", "kb_sk_spec_sample.gpc"])
def test_a_good_statement_closes(gpc, name):
    document = gpc.statement((CORPUS / name).read_bytes())
    assert document.opening + _movement(document) == document.closing
    assert document.entries


def test_the_sample_of_the_specification_is_read(gpc):
    document = gpc.statement((CORPUS / "kb_sk_spec_sample.gpc").read_bytes())
    (entry,) = document.entries
    assert document.account.number == "500005-2267180257"
    assert entry.counter_account.display == "1107340237/8100"
    assert entry.amount == Decimal("52.01")
    assert entry.message.startswith("Platba za elektrinu")
    assert gpc.errors(document) == set()


def test_reversals_of_both_sides_are_told_by_the_codes(gpc):
    document = gpc.statement((CORPUS / "jakubzapletal_inline_2.gpc").read_bytes())
    assert [entry.reversal for entry in document.entries] == [True, True]
    assert (document.debit_turnover, document.credit_turnover) == (Decimal("-600.00"), Decimal("-400.00"))


def test_a_statement_changed_by_hand_is_read_as_it_stands(gpc):
    document = gpc.statement((CORPUS / "fio_ago.gpc").read_bytes())
    assert document.account.bank_code == "2010"
    assert _movement(document) == Decimal("-1234.56")
    assert document.closing - document.opening == Decimal("-2720.58")
    assert document.debit_turnover == Decimal("2720.58")
    assert document.findings == ()


@pytest.mark.parametrize(
    ("name", "movement"), [("spojenet_basic_format.abo", "-2430.02"), ("spojenet_extended_format.abo", "-100.00")]
)
def test_a_header_with_shifted_columns_is_an_error(gpc, name, movement):
    document = gpc.statement((CORPUS / name).read_bytes())
    assert {"gpc.sign", "gpc.not-digits"} <= gpc.errors(document)
    assert document.closing is None
    assert _movement(document) == Decimal(movement)


def test_accounts_of_real_headers(gpc):
    for case in json.loads((CORPUS / "pionl_headers_expected.json").read_text(encoding="utf-8")):
        account = gpc.statement(case["header"].encode("cp1250")).account
        number, _, bank_code = case["expected_account"].partition("/")
        assert account.number == number, case["bank"]
        # Creditas is told by the name of the account alone, which anybody may choose.
        assert account.bank_code in (bank_code, None)
        if case["bank"].startswith(("FIO", "KB")):
            assert account.bank_code == bank_code


def test_headers_of_several_banks_in_one_file_are_statements_of_their_own(gpc):
    documents = gpc.readings((CORPUS / "pionl_headers_074_only.gpc").read_bytes())
    assert len(documents) == 6
    assert all(gpc.errors(document) == set() for document in documents)
