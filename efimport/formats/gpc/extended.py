"""What an extended item of Česká spořitelna has behind column 128.

Česká spořitelna, Technický popis rozšířené struktury ABO formátu (3-4341), record 075. The decimals of the exchange
rates are not stated there, so the rates are left alone.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from efimport.formats.gpc.fields import money, text

_COLUMNS = {
    "message": ((129, 163), (164, 198), (199, 233), (234, 268)),
    "payer_message": ((269, 303),),
    "item": ((310, 334),),
    "reference": ((335, 350),),
    "counter_name": ((369, 403),),
    "bank_name": ((541, 575), (576, 610)),
    "description": ((436, 470), (471, 505), (506, 540)),
    "payer_note": ((996, 1030), (1031, 1065), (1066, 1100), (1101, 1135)),
}
_ORIGINAL_AMOUNT = (351, 365)
_ORIGINAL_CURRENCY = (366, 368)


class Extended(msgspec.Struct, frozen=True):
    """The further fields that an entry has room for.

    Attributes:
        message: message for the payee, and the payer's own where it says something else.
        description: what the bank says the item is.
        reference: reference of the payment.
        counter_name: full name of the counter-account.
        bank_name: name or BIC of its bank.
        original_amount, original_currency: before conversion.
    """

    message: str | None
    description: str | None
    reference: str | None
    counter_name: str | None
    bank_name: str | None
    original_amount: Decimal | None
    original_currency: str | None


def read_extended(extended: bytes) -> Extended:
    """Read the columns behind 128; missing ones are None."""
    found = {name: _texts(extended, columns) for name, columns in _COLUMNS.items()}
    amount, currency = _slice(extended, _ORIGINAL_AMOUNT), _slice(extended, _ORIGINAL_CURRENCY)
    converted = amount.isdigit() and currency.isalpha() and currency.isupper() and int(amount) > 0
    return Extended(
        message=_joined(found["message"], found["payer_message"], found["payer_note"]),
        description=_joined(found["item"], found["description"]),
        reference=found["reference"],
        counter_name=found["counter_name"],
        bank_name=found["bank_name"],
        original_amount=money(int(amount)) if converted else None,
        original_currency=currency.decode("ascii") if converted else None,
    )


def _slice(extended: bytes, columns: tuple[int, int]) -> bytes:
    first, last = columns
    return extended[first - 129 : last - 128]


def _texts(extended: bytes, columns: tuple[tuple[int, int], ...]) -> str | None:
    return _joined(*(text(_slice(extended, one)) for one in columns))


def _joined(*texts: str | None) -> str | None:
    parts = [one for one in dict.fromkeys(texts) if one]
    return " ".join(parts) or None
