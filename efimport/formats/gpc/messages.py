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
NAME_WIDTH = 20
IDENTIFIER_WIDTH = 26
_CONVERSION = re.compile(r"(\d{1,13}),(\d{2}) ([A-Z]{3}) (\d{1,9}),(\d{1,9})(?:\s|$)")


class Message(msgspec.Struct, frozen=True):
    """What the further records of an item say.

    Attributes:
        text: comment and message, joined by blanks.
        name: the whole name of the other side, where record 075 holds its beginning.
        identifier: identifier of the transaction in record 076.
        original_amount, original_currency, exchange_rate: before conversion.
    """

    text: str | None = None
    name: str | None = None
    identifier: str | None = None
    original_amount: Decimal | None = None
    original_currency: str | None = None
    exchange_rate: Decimal | None = None


NOTHING = Message()


def read_message(records: Sequence[tuple[int, bytes]], name: str | None = None) -> Message:
    """The content of the further records of one item, in the order of the file.

    Args:
        records: lines and records.
        name: the name in record 075; a comment that begins with a name cut at its 20 columns is the whole name.
    """
    if not records:
        return NOTHING
    identifier: str | None = None
    comments: list[str] = []
    full_name: str | None = None
    message = ""
    for _, record in records:
        if record[:3] == b"076":
            identifier = identifier or number(record[3 : 3 + IDENTIFIER_WIDTH])
            comment = text(record[35:]) or ""
            if full_name is None and _goes_on(comment, name):
                full_name = comment
            else:
                comments.append(comment)
            continue
        # A line that fills its width goes on in the next record; a shorter one ends a word.
        message += record[3:].decode(ENCODING, "replace").rstrip()
        message += "" if len(record.rstrip()) >= 3 + MESSAGE_WIDTH else " "
    conversion = _CONVERSION.match(message.lstrip())
    whole, cents, currency, rate_whole, rate_part = conversion.groups() if conversion else (None,) * 5
    return Message(
        text=" ".join(" ".join([*comments, message]).split()) or None,
        name=full_name,
        identifier=identifier,
        original_amount=Decimal(f"{whole}.{cents}") if conversion else None,
        original_currency=currency,
        exchange_rate=Decimal(f"{rate_whole}.{rate_part}") if conversion else None,
    )


def _goes_on(comment: str, name: str | None) -> bool:
    """Whether a comment is a name of which record 075 has room for the beginning alone."""
    # The last column may hold the blank between two words.
    return name is not None and len(name) >= NAME_WIDTH - 1 and len(comment) > len(name) and comment.startswith(name)
