"""Values cut and padded to the columns of a record that is being written.

Source: Komerční banka, Popis formátu ABO, 1.2: Windows-1250, texts padded with blanks on the right, numbers with zeros
on the left, amounts in hundredths without a separator.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal

from efimport.accounts import NationalNumber, iban_to_national, parse_national
from efimport.documents import BankAccount
from efimport.formats.gpc.fields import CENTURY_PIVOT, ENCODING
from efimport.formats.writing import CannotWriteError, Losses, fits
from efimport.messages import message

FIRST_DAY, LAST_DAY = dt.date(1900 + CENTURY_PIVOT, 1, 1), dt.date(1999 + CENTURY_PIVOT, 12, 31)
NO_DAY = "000000"


def clean(text: str | None, field: str, losses: Losses) -> str:
    """A text in one line and of the letters of Windows-1250; an empty one for None."""
    line = unicodedata.normalize("NFC", " ".join((text or "").split()))
    kept = "".join(letter for letter in line if letter.isprintable())
    known = kept.encode(ENCODING, "replace").decode(ENCODING)
    if known != line:
        losses.add(field, text)
    return " ".join(known.split())


def digits(value: str | None, width: int, field: str, losses: Losses) -> str:
    """A symbol or a code with zeros in front; zeros alone where it does not fit, which is noted."""
    stripped = (value or "").strip().lstrip("0")
    if stripped and not (stripped.isascii() and stripped.isdigit() and len(stripped) <= width):
        losses.add(field, value)
        stripped = ""
    return stripped.zfill(width)


def hundredths(amount: Decimal, width: int) -> str:
    """An amount without its sign, in hundredths.

    Raises:
        CannotWriteError: it has parts of a hundredth, or more digits than the columns.
    """
    if not fits(amount, width, 2) or amount.copy_abs() >= 10 ** (width - 2):
        raise CannotWriteError(
            message(
                "The amount {amount} does not fit the {width} digits of ABO/GPC, of which two are decimals.",
                amount=amount,
                width=width,
            )
        )
    return f"{int(abs(amount).scaleb(2)):0{width}d}"


def day(value: dt.date | None) -> str:
    """A day as DDMMYY; zeros for none.

    Raises:
        CannotWriteError: the year would be read as one of another century.
    """
    if value is None:
        return NO_DAY
    if not FIRST_DAY <= value <= LAST_DAY:
        raise CannotWriteError(
            message("The day {day} cannot be written in ABO/GPC, which has two digits for the year.", day=value)
        )
    return f"{value:%d%m%y}"


def national(account: BankAccount) -> NationalNumber | None:
    """The Czech or Slovak number of an account; None where it has none."""
    inside = iban_to_national(account.iban) if account.iban else None
    if inside is not None or not account.number:
        return inside
    number = parse_national(account.number)
    if number is None:
        return None
    return NationalNumber(number.prefix, number.number, number.bank_code or account.bank_code)
