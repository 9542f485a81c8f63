"""Files of real PayPal accounts, beside the project where they are present."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parents[3].parent / "shared" / "corpus" / "paypal"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("banana__cash20140529.csv", {"GBP": 2, "USD": 14, "CHF": 14, "EUR": 4}),
        ("banana__download.csv", {"CHF": 9, "EUR": 12}),
        ("hledger__paypal-custom.csv", {"USD": 7}),
    ],
)
def test_every_currency_closes(paypal, name, entries):
    documents = paypal.statements((CORPUS / name).read_bytes(), name)
    assert {document.currency: len(document.entries) for document in documents} == entries
    for document in documents:
        assert paypal.errors(document) == set()
        assert document.opening + sum((entry.amount for entry in document.entries), Decimal(0)) == document.closing


def test_an_anonymised_file_is_held_back_with_its_rows(paypal):
    document = paypal.statement((CORPUS / "banana__It20240624.csv").read_bytes())
    assert paypal.errors(document) == {"paypal.net", "paypal.balance-break"}
    assert len(document.entries) == 24
