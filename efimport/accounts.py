"""Bank accounts: national numbers of the Czech Republic and Slovakia, IBANs, and the order of digits in ABO files.

A national number is ``prefix-number/bank code``: at most six, ten and four digits (decree 169/2011 Sb. of the Czech
National Bank, section 4). Prefix and number each satisfy modulo 11. An IBAN holds the same three parts in the order
bank code, prefix, number, padded with zeros (ISO 13616; the CZ and SK entries of the SWIFT IBAN registry).
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources
from operator import mul

import msgspec

from efimport.documents import BankAccount
from efimport.findings import Finding, Location, Severity, finding

NATIONAL_COUNTRIES = ("CZ", "SK")
NATIONAL_CODE_DIGITS = 4
_WEIGHTS = (6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
_NATIONAL = re.compile(r"(?:(\d{0,6})-)?(\d{1,10})(?:/(\d{4}))?", re.ASCII)
_SIXTEEN = re.compile(r"(\d{1,6})(\d{10})(?:/(\d{4}))?", re.ASCII)
_IBAN_LENGTHS = {"CZ": 24, "SK": 24, "SI": 19, "HR": 21}
"""Where check digits and length both fail, the length is what a person can mend; for other countries see stdnum."""
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}", re.ASCII)


class NationalNumber(msgspec.Struct, frozen=True):
    """A Czech or Slovak account number.

    Attributes:
        prefix: six digits, zeros where there is none.
        number: ten digits.
        bank_code: four digits; None where it is not known.
    """

    prefix: str
    number: str
    bank_code: str | None = None

    @property
    def digits(self) -> str:
        """Prefix and number, sixteen digits."""
        return self.prefix + self.number

    @property
    def text(self) -> str:
        """``19-2000145399``: without padding and without the bank code."""
        number = self.number.lstrip("0") or "0"
        prefix = self.prefix.lstrip("0")
        return f"{prefix}-{number}" if prefix else number

    @property
    def display(self) -> str:
        """``19-2000145399/0800``, or without the bank code where it is not known."""
        return f"{self.text}/{self.bank_code}" if self.bank_code else self.text


def parse_national(text: str) -> NationalNumber | None:
    """A national number as people write it: ``19-2000145399/0800``; None for anything else.

    Spaces, missing padding and a missing bank code are allowed, and so are prefix and number written as one.
    """
    compact = _compact(text)
    match = _NATIONAL.fullmatch(compact) or _SIXTEEN.fullmatch(compact)
    if match is None:
        return None
    prefix, number, bank_code = match.groups()
    return NationalNumber((prefix or "").zfill(6), number.zfill(10), bank_code)


def _compact(text: str) -> str:
    return "".join(text.split()).upper()


def digits_hold(digits: bytes) -> bool:
    """Whether sixteen ASCII digits, prefix and number, satisfy modulo 11 and are a number at all.

    Decree 169/2011 Sb.: the weighted sum of prefix and of number is divisible by eleven each, and the number has two
    digits at least that are not zero.
    """
    number = digits[6:]
    # The codes of ASCII digits are their values plus 48; the sum of the weights, 55, is a multiple of eleven, so that
    # the 48 drop out. A prefix is padded to ten digits so that this holds for it as well.
    return (
        sum(map(mul, _WEIGHTS, number)) % 11 == 0
        and sum(map(mul, _WEIGHTS, b"0000" + digits[:6])) % 11 == 0
        and number.count(b"0") <= 8
    )


def national_holds(account: NationalNumber) -> bool:
    """Whether prefix and number satisfy modulo 11."""
    return digits_hold(account.digits.encode("ascii"))


def permuted(digits: str) -> str:
    """The sixteen digits of prefix and number in the internal order of Komerční banka and Česká spořitelna.

    Komerční banka, Popis formátu ABO, 2.2: with the printed order N1 to N16 the file holds N16 N14 N15 N12 N7 to N11
    N13 N1 to N6.
    """
    return digits[15] + digits[13:15] + digits[11] + digits[6:11] + digits[12] + digits[:6]


def unpermuted(digits: str) -> str:
    """The printed order of sixteen digits in the internal one; the reverse of :func:`permuted`."""
    return digits[10:16] + digits[4:9] + digits[3] + digits[9] + digits[1:3] + digits[0]


def from_abo(digits: str, *, internal: bool = False, bank_code: str | None = None) -> NationalNumber:
    """The account in an ABO field of sixteen digits, in printed or internal order."""
    plain = unpermuted(digits) if internal else digits
    return NationalNumber(plain[:6], plain[6:], bank_code)


def to_abo(account: NationalNumber, *, internal: bool = False) -> str:
    """Sixteen digits for an ABO field, in printed or internal order."""
    return permuted(account.digits) if internal else account.digits


def clean_iban(text: str) -> str | None:
    """An IBAN without spaces, in capitals; None for a text that has not the form of one."""
    compact = _compact(text).removeprefix("IBAN").lstrip(":")
    return compact if _IBAN.fullmatch(compact) else None


def check_digits(country: str, bban: str) -> str:
    """The two check digits of an IBAN (ISO 13616, modulo 97)."""
    number = "".join(str(int(letter, 36)) for letter in bban + country)
    return f"{98 - int(number + '00') % 97:02d}"


def national_to_iban(account: NationalNumber, country: str = "CZ") -> str:
    """The IBAN of a Czech or Slovak account.

    Raises:
        ValueError: the bank code is not known or the country has other numbers.
    """
    if account.bank_code is None or country not in NATIONAL_COUNTRIES:
        raise ValueError(account.display)
    bban = account.bank_code + account.digits
    return country + check_digits(country, bban) + bban


def iban_to_national(iban: str) -> NationalNumber | None:
    """The national number inside a Czech or Slovak IBAN; None for other IBANs and for no IBAN."""
    clean = clean_iban(iban)
    if clean is None or clean[:2] not in NATIONAL_COUNTRIES or len(clean) != 24 or not clean[4:].isdigit():
        return None
    return NationalNumber(clean[8:14], clean[14:], clean[4:8])


@lru_cache(maxsize=8192)
def iban_problem(iban: str) -> str | None:
    """What is wrong with an IBAN: ``form``, ``checksum``, ``national``; None where nothing is.

    ``form``: not the letters, digits and length of its country. ``checksum``: modulo 97 fails. ``national``: modulo 97
    holds, but modulo 11 of the Czech or Slovak number inside does not, so the number was wrong before the IBAN was made
    of it.
    """
    from stdnum import exceptions
    from stdnum import iban as registry

    clean = clean_iban(iban)
    if clean is None or len(clean) != _IBAN_LENGTHS.get(clean[:2], len(clean)):
        return "form"
    try:
        registry.validate(clean)
    except exceptions.InvalidChecksum:
        return "checksum"
    except exceptions.ValidationError:
        return "form"
    national = iban_to_national(clean)
    return "national" if national is not None and not national_holds(national) else None


def iban_holds(iban: str) -> bool:
    """Whether an IBAN is right in form and check digits, the national ones included."""
    return iban_problem(iban) is None


@lru_cache(maxsize=1)
def _banks() -> dict[str, dict[str, str]]:
    table = resources.files("efimport") / "bank_codes.toml"
    return tomllib.loads(table.read_text(encoding="utf-8"))


def bank_name(bank_code: str, country: str = "CZ") -> str | None:
    """Name of the bank with this code; None for an unknown code or country."""
    return _banks().get(country, {}).get(bank_code)


def bank_country(bank_code: str) -> str | None:
    """The country whose banks have this code, CZ or SK; None where neither or both have it."""
    countries = [country for country, banks in _banks().items() if bank_code in banks]
    return countries[0] if len(countries) == 1 else None


def parse_account(text: str) -> BankAccount | None:
    """The account in a text: an IBAN, or a national number with or without its bank code; None for anything else.

    An IBAN of CZ or SK brings the national number with it, and a national number the IBAN where its bank code belongs
    to one country alone.
    """
    iban = clean_iban(text)
    if iban is not None:
        national = iban_to_national(iban)
        if national is None:
            return BankAccount(iban=iban)
        return BankAccount(iban=iban, number=national.text, bank_code=national.bank_code)
    number = parse_national(text)
    if number is None:
        return None
    country = bank_country(number.bank_code) if number.bank_code else None
    return BankAccount(
        iban=national_to_iban(number, country) if country else None, number=number.text, bank_code=number.bank_code
    )


def same_account(one: str | BankAccount, other: str | BankAccount) -> bool:
    """Whether two accounts are the same, each an IBAN or a national number with or without its bank code.

    A missing bank code is no difference; two different ones are. Accounts that cannot be understood are the same only
    where they are written alike.
    """
    first, second = _identity(one), _identity(other)
    if first.iban and second.iban:
        return first.iban == second.iban
    if first.digits and second.digits:
        banks = {first.bank_code, second.bank_code} - {None}
        return first.digits == second.digits and len(banks) < 2
    if first.iban or second.iban:
        # Numbers of Slovenia and Croatia: the national form has the same digits as the IBAN behind its check digits.
        return bool(first.bban) and first.bban == second.bban
    return bool(first.written) and first.written == second.written


class _Identity(msgspec.Struct, frozen=True):
    iban: str | None
    digits: str | None
    bank_code: str | None
    bban: str
    written: str


def _identity(account: str | BankAccount) -> _Identity:
    if isinstance(account, str):
        return _identity_of(None, account, None)
    return _identity_of(account.iban, account.number or account.iban or "", account.bank_code)


@lru_cache(maxsize=4096)
def _identity_of(iban: str | None, written: str, bank_code: str | None) -> _Identity:
    clean = clean_iban(iban or written)
    national = (iban_to_national(clean) if clean else None) or parse_national(written)
    compact = _compact(written)
    return _Identity(
        iban=clean,
        digits=national.digits if national else None,
        bank_code=(national.bank_code if national else None) or bank_code,
        bban=clean[4:] if clean else re.sub(r"\D", "", compact),
        written=compact,
    )


def for_service(account: BankAccount) -> str | None:
    """The account as the web service takes it: IBAN, else ``number/bank code``; None where neither is known.

    A number that is padded with zeros in the file is written without them. Web service reference, BankStatementImport,
    parameter IBAN.
    """
    if account.iban:
        return _compact(account.iban)
    if not account.number or not account.bank_code:
        return None
    national = parse_national(account.number)
    return f"{national.text if national else account.number}/{account.bank_code}"


def account_findings(
    account: BankAccount, location: Location | None = None, *, severity: Severity | None = None
) -> list[Finding]:
    """What is wrong with an account: check digits, form, unknown bank code, IBAN and number that disagree.

    Args:
        account: any account; an empty one has nothing wrong.
        location: where it stands.
        severity: another severity than the register's for failing check digits.
    """
    found: list[Finding] = []
    # A code of another length is that of a bank abroad, whose numbers have other rules.
    at_home = account.bank_code is None or len(account.bank_code) == NATIONAL_CODE_DIGITS
    national = parse_national(account.number) if account.number and at_home else None
    if account.iban:
        problem = iban_problem(account.iban)
        if problem is not None:
            found.append(finding(f"iban.{problem}", location, severity=severity, iban=account.iban))
        inside = iban_to_national(account.iban)
        if inside and national and inside.digits != national.digits:
            found.append(finding("iban.other-number", location, iban=account.iban, number=account.number))
    elif national and account.bank_code and not national_holds(national):
        found.append(finding("account.checksum", location, severity=severity, account=account.display))
    if account.bank_code and national and not any(account.bank_code in banks for banks in _banks().values()):
        found.append(finding("account.unknown-bank", location, account=account.display, bank_code=account.bank_code))
    return found
