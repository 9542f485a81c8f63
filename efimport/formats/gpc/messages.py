"""Records 076, 078 and 079: identifier, comment and message of an item.

Komerční banka, Popis formátu ABO, 2.3: 078 and 079 hold four lines of 35 characters. Record 076 and the amount before
conversion in 078 are written by ČSOB.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from efimport.formats.gpc.fields import ENCODING, number, text

MESSAGE_WIDTH = 70
_CONVERSION = re.compile(r"(\d{1,13}),(\d{2}) ([A-Z]{3}) (\d{1,9}),(\d{1,9})(?:\s|$)")


class Message(msgspec.Struct, frozen=True):
    """What the further records of an item say.

    Attributes:
        text: comment and message, joined by blanks.
        identifier: identifier of the transaction in record 076.
        original_amount, original_currency, exchange_rate: before conversion.
    """

    text: str | None = None
    identifier: str | None = None
    original_amount: Decimal | None = None
    original_currency: str | None = None
    exchange_rate: Decimal | None = None


NOTHING = Message()


def read_message(records: Sequence[tuple[int, bytes]]) -> Message:
    """The content of the further records of one item, in the order of the file."""
    if not records:
        return NOTHING
    identifier: str | None = None
    comments: list[str] = []
    message = ""
    for _, record in records:
        if record[:3] == b"076":
            identifier = identifier or number(record[3:29])
            comments.append(text(record[35:]) or "")
            continue
        # A line that fills its width goes on in the next record; a shorter one ends a word.
        message += record[3:].decode(ENCODING, "replace").rstrip()
        message += "" if len(record.rstrip()) >= 3 + MESSAGE_WIDTH else " "
    conversion = _CONVERSION.match(message.lstrip())
    whole, cents, currency, rate_whole, rate_part = conversion.groups() if conversion else (None,) * 5
    return Message(
        text=" ".join(" ".join([*comments, message]).split()) or None,
        identifier=identifier,
        original_amount=Decimal(f"{whole}.{cents}") if conversion else None,
        original_currency=currency,
        exchange_rate=Decimal(f"{rate_whole}.{rate_part}") if conversion else None,
    )
