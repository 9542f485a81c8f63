"""What a field 86 says, whatever its dialect, and the joining of its lines."""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec

from efimport.documents import BankAccount
from efimport.formats.mt940.symbols import Symbols

LINE_WIDTH = 65
_REVERSAL = re.compile(r"\bstorno\b", re.IGNORECASE)


class Details(msgspec.Struct):
    """What the fields 86 of one entry say.

    Attributes:
        code: the bank's code of the kind of transaction.
        description: what the bank says the entry is.
        messages: texts in the order of the field.
        counter_account, counter_name: the other side.
        reference: end-to-end reference.
        bank_reference: the bank's reference where it stands in the text.
        symbols: symbols that a label names.
        original_amount, original_currency, exchange_rate, charges: where they are named.
        reversal: whether the kind of transaction says that it takes another one back.
    """

    code: str | None = None
    description: str | None = None
    messages: list[str] = msgspec.field(default_factory=list)
    counter_account: BankAccount | None = None
    counter_name: str | None = None
    reference: str | None = None
    bank_reference: str | None = None
    symbols: Symbols = msgspec.field(default_factory=dict)
    original_amount: Decimal | None = None
    original_currency: str | None = None
    exchange_rate: Decimal | None = None
    charges: Decimal | None = None
    reversal: bool = False


def is_reversal(kind: str | None) -> bool:
    """Whether the name of a kind of transaction says that it takes another one back (``STORNO``).

    The sign of the amount is the one of its field 61 all the same.
    """
    return kind is not None and _REVERSAL.search(kind) is not None


def join_lines(text: str) -> str:
    """Lines of plain text as one: a line that fills its width goes on in the next, a shorter one ends a word."""
    if "\n" not in text:
        return text.strip()
    parts = []
    for line in text.split("\n"):
        parts.append(line)
        if len(line) < LINE_WIDTH:
            parts.append(" ")
    return " ".join("".join(parts).split())
