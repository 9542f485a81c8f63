"""Texts of the format turned into amounts, days and accounts, and the notes on those that cannot be."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from decimal import Decimal
from functools import lru_cache

from efimport.documents import BankAccount
from efimport.findings import Finding, Location, Severity, finding
from efimport.formats.camt.elements import Found

LISTED = 20
"""Findings of one code that are listed for one statement; the rest is counted in a last one."""

CREDIT, DEBIT = "CRDT", "DBIT"

# Up to 18 digits, 5 of them decimals (ISO 20022, ActiveOrHistoricCurrencyAndAmount); a few more are let through so
# that a badly rounded conversion is still read as it stands.
_AMOUNT = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,10})?|\.[0-9]{1,10})")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_NATIONAL = re.compile(r"((?:[0-9]{1,6}-)?[0-9]{2,10})/([0-9]{4})")
_BANK_CODE = re.compile(r"[0-9]{4}")


class Notes:
    """The findings of one statement.

    Args:
        path: the file.
        ordinal: ordinal of the statement in it, from 1; None for the file as a whole.
    """

    def __init__(self, path: str, ordinal: int | None) -> None:
        self.path = path
        self.ordinal = ordinal
        self.line: int | None = None
        self.place = ""
        self._found: list[Finding] = []
        self._counts: Counter[str] = Counter()

    def at(self, line: int | None, place: str) -> None:
        """From now on findings are about this line and this path of elements."""
        self.line = line
        self.place = place

    def add(self, code: str, element: str = "", *, severity: Severity | None = None, **arguments: object) -> None:
        """Note a finding about an element below the present place; its path is the field ``element`` of the text."""
        self._counts[code] += 1
        if self._counts[code] > LISTED:
            return
        where = f"{self.place}/{element}" if element else self.place
        place = Location(path=self.path, line=self.line, where=where or None, ordinal=self.ordinal)
        self._found.append(finding(code, place, severity=severity, element=element, **arguments))

    def take(self, found: Finding) -> None:
        """Note a finding that was made elsewhere."""
        self._found.append(found)

    def findings(self) -> tuple[Finding, ...]:
        """All findings, with a word on those that are not listed."""
        place = Location(path=self.path, ordinal=self.ordinal)
        more = [
            finding("camt.more", place, count=count - LISTED, problem=code)
            for code, count in sorted(self._counts.items())
            if count > LISTED
        ]
        return (*self._found, *more)


def number(text: str | None) -> Decimal | None:
    """An unsigned or signed decimal number in the form of the format; None for anything else."""
    return Decimal(text) if text and _AMOUNT.fullmatch(text) else None


def amount(text: str | None, notes: Notes, element: str, severity: Severity | None = None) -> Decimal | None:
    """An amount; None with a note where it is missing or unreadable."""
    value = number(text)
    if text is None:
        notes.add("camt.missing-element", element, severity=severity)
    elif value is None:
        notes.add("camt.bad-amount", element, severity=severity, value=text[:40])
    return value


def signed_amount(found: Found, notes: Notes) -> Decimal | None:
    """The amount of an entry or a balance, with its direction beside it: money in is positive."""
    value = amount(found.get("amount"), notes, "Amt")
    side = direction(found.get("side"), notes)
    if value is None or side is None:
        return None
    if value < 0:
        notes.add("camt.negative-amount", "Amt", value=value)
    # Without "or 0" a debit of nothing would read as -0.
    return value if side == CREDIT else -value or Decimal(0)


def direction(text: str | None, notes: Notes) -> str | None:
    """CRDT or DBIT; None with a note for anything else."""
    if text in (CREDIT, DEBIT):
        return text
    if text is None:
        notes.add("camt.missing-element", "CdtDbtInd")
    else:
        notes.add("camt.bad-direction", "CdtDbtInd", value=text[:40])
    return None


@lru_cache(maxsize=512)
def as_day(text: str | None) -> dt.date | None:
    """The day of a date or a time as the bank wrote it; None for anything else."""
    if text is None:
        return None
    # A time, a zone or both may follow, even after a plain date.
    if text[4:5] != "-" or text[7:8] != "-" or (len(text) > 10 and text[10] not in "T+-Z "):
        return None
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def day(text: str | None, notes: Notes, element: str) -> dt.date | None:
    """The day of a date or a time as the bank wrote it, its zone left aside; None where there is none."""
    if text is None:
        return None
    found = as_day(text)
    if found is None:
        notes.add("camt.bad-date", element, value=text[:40])
    return found


def truth(text: str | None) -> bool | None:
    """An xs:boolean; None where it is absent or something else."""
    return {"true": True, "1": True, "false": False, "0": False}.get(text or "")


def is_iban(text: str) -> bool:
    """Whether a text has the form and the check digits of an IBAN (ISO 13616)."""
    if _IBAN.fullmatch(text) is None:
        return False
    return int("".join(str(int(letter, 36)) for letter in text[4:] + text[:4])) % 97 == 1


def bank_account(account: Found, bank: Found) -> BankAccount | None:
    """An account with its bank; None where the file names neither.

    A number that is an IBAN or carries its bank code after a slash is told apart.
    """
    iban = _compact(account.get("iban"))
    number = account.get("number")
    code = _bank_code(bank)
    if number and iban is None and is_iban(_compact(number) or ""):
        iban, number = _compact(number), None
    elif number and (match := _NATIONAL.fullmatch(number)):
        number, code = match.group(1), code or match.group(2)
    bic = bank.get("bic")
    if not (iban or number or bic or code):
        return None
    return BankAccount(
        iban=iban,
        number=number,
        bank_code=code,
        bic=bic,
        currency=account.get("currency"),
        bank_name=bank.get("name"),
    )


def _bank_code(bank: Found) -> str | None:
    code: str | None = bank.get("code")
    member: str | None = bank.get("member")
    if code and _BANK_CODE.fullmatch(code):
        return code
    return member


def _compact(text: str | None) -> str | None:
    return "".join(text.split()).upper() if text else None


def same_account(one: BankAccount, other: BankAccount) -> bool:
    """Whether two accounts are one, be it that one is written as an IBAN and the other nationally (CZ, SK)."""
    if one.iban and other.iban:
        return one.iban == other.iban
    first, second = _national(one.iban, one.number, one.bank_code), _national(other.iban, other.number, other.bank_code)
    if first is None or second is None or first[0] != second[0]:
        return False
    return first[1] is None or second[1] is None or first[1] == second[1]


@lru_cache(maxsize=2048)
def _national(iban: str | None, text: str | None, bank_code: str | None) -> tuple[str, str | None] | None:
    """Digits of prefix and number without padding, and the bank code."""
    if iban and iban[:2] in ("CZ", "SK") and len(iban) == 24:
        return f"{iban[8:14]}{iban[14:]}".lstrip("0"), iban[4:8]
    if not text:
        return None
    prefix, dash, digits = text.rpartition("-")
    return (f"{prefix}{digits:0>10}" if dash else digits).lstrip("0"), bank_code
