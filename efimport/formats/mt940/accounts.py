"""Accounts: the firm's own in field 25, and the other side's in the texts.

Field 25 (SWIFT, MT 940: 35x, account identification) is written as an IBAN, with or without the currency behind it; as
BIC and number, bank code and number, or number and bank code, parted by a slash; or as the number alone. The bank of a
number alone is the one that the frame of the message names.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources

from efimport.accounts import clean_iban, iban_holds, national_to_iban, parse_account, parse_national
from efimport.documents import BankAccount

_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_BIC_IN_FRAME = re.compile(r"[A-Z]{6}[A-Z0-9]{2}")
_CURRENCY_BEHIND = re.compile(r"(.*[0-9]/?)([A-Z]{3})")
_LOOKS_LIKE_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")
_DUTCH_IBAN = re.compile(r"NL\d{2}[A-Z]{4}\d{10}", re.ASCII)
_BANK_CODE = re.compile(r"\d{4}", re.ASCII)
_NATIONAL_TEXT = re.compile(r"(?:\d{1,6}-)?\d{2,16}/\d{4}", re.ASCII)
_IN_TEXT = re.compile(r"(?<![\d/-])(?:\d{1,6}-)?\d{2,10}/\d{4}(?![\d/])", re.ASCII)
_NUMBER = re.compile(r"[\dA-Z]*\d[\dA-Z]*", re.ASCII)


@lru_cache(maxsize=1)
def _banks() -> dict[str, tuple[str, str]]:
    """Country and bank code by the first eight signs of the BIC."""
    table = resources.files("efimport.formats.mt940") / "banks.toml"
    countries = tomllib.loads(table.read_text(encoding="utf-8"))
    return {bic: (country, code) for country, banks in countries.items() for bic, code in banks.items()}


def bank_of_frame(frame: str) -> str | None:
    """The BIC of the bank that a frame names; None where it names none that is known, or several."""
    known = {bic for bic in _BIC_IN_FRAME.findall(frame) if bic in _banks()}
    return known.pop() if len(known) == 1 else None


@lru_cache(maxsize=256)
def own_account(text: str, frame_bank: str | None) -> BankAccount:
    """The account in a field 25.

    Args:
        text: the field.
        frame_bank: BIC of the bank that the frame names; taken where the field names none.
    """
    compact = "".join(text.split()).upper().strip("/")
    if iban_holds(compact):
        return _with(parse_account(compact), None)
    currency = None
    if (behind := _CURRENCY_BEHIND.fullmatch(compact)) and not _BIC.fullmatch(compact):
        compact, currency = behind.group(1).strip("/"), behind.group(2)
    if _LOOKS_LIKE_IBAN.fullmatch(compact):
        return _with(parse_account(compact), currency)
    bank, _, number = compact.rpartition("/")
    if bank and _BANK_CODE.fullmatch(number) and parse_national(bank) and not _BANK_CODE.fullmatch(bank):
        return _with(parse_account(compact), currency)
    if bank.count("/"):
        bank = bank.partition("/")[0]
    number = number.replace(".", "")
    if _LOOKS_LIKE_IBAN.fullmatch(number) and clean_iban(number):
        return _with(parse_account(number), currency, bic=bank if _BIC.fullmatch(bank) else None)
    return _of_bank(number, bank or frame_bank or "", currency)


def _with(account: BankAccount | None, currency: str | None, bic: str | None = None) -> BankAccount:
    account = account or BankAccount()
    return BankAccount(
        iban=account.iban, number=account.number, bank_code=account.bank_code, bic=bic, currency=currency
    )


def _of_bank(number: str, bank: str, currency: str | None) -> BankAccount:
    """The account with a number at a bank that is named by its BIC, its code, or not at all."""
    country, code = _banks().get(bank[:8], (None, bank if bank.isdecimal() else None))
    bic = bank if _BIC.fullmatch(bank) else None
    national = parse_national(number)
    foreign = bool(bank) if code is None else not _BANK_CODE.fullmatch(code)
    if national is None or foreign or (code is None and number.isdecimal() and 10 < len(number) < 16):
        return BankAccount(number=number or None, bank_code=code, bic=bic, currency=currency)
    if country and code:
        iban = national_to_iban(parse_national(f"{national.text}/{code}") or national, country)
        return BankAccount(iban=iban, number=national.text, bank_code=code, bic=bic, currency=currency)
    found = parse_account(f"{national.text}/{code}") if code else None
    return _with(found or BankAccount(number=national.text), currency, bic)


@lru_cache(maxsize=8192)
def counter_account(text: str, bank: str = "") -> BankAccount | None:
    """The account of the other side; None where the text is none.

    Args:
        text: IBAN, national number with or without the bank code, or a foreign number.
        bank: BIC or bank code that stands beside it.
    """
    compact, bank = "".join(text.split()).upper(), "".join(bank.split()).upper()
    bic = bank if _BIC.fullmatch(bank) else None
    if not compact.strip("0/-"):
        return BankAccount(bic=bic) if bic else None
    if _LOOKS_LIKE_IBAN.fullmatch(compact):
        found = parse_account(compact) or BankAccount()
        return BankAccount(iban=found.iban, number=found.number, bank_code=found.bank_code, bic=bic)
    if _NATIONAL_TEXT.fullmatch(compact):
        return _with(parse_account(compact), None, bic)
    if (parse_national(compact) or _NUMBER.fullmatch(compact)) and text.strip().count(" ") < 8:
        return _of_bank(compact, bank, None)
    return None


def account_in_text(text: str) -> BankAccount | None:
    """The one national number with a bank code that a text holds; None for none and for several."""
    if "/" not in text:
        return None
    found = {match.group() for match in _IN_TEXT.finditer(text)}
    return counter_account(found.pop()) if len(found) == 1 else None


@lru_cache(maxsize=8192)
def is_account(text: str) -> bool:
    """Whether a text is a national number with its bank code, or an IBAN.

    The check digits of an IBAN must hold, because a Slovenian or Croatian reference (SI12..., HR01...) looks the same;
    a Dutch one is told by the letters of its bank.
    """
    compact = "".join(text.split()).upper()
    if _NATIONAL_TEXT.fullmatch(compact):
        return parse_national(compact) is not None
    return _DUTCH_IBAN.fullmatch(compact) is not None or (
        _LOOKS_LIKE_IBAN.fullmatch(compact) is not None and iban_holds(compact)
    )
