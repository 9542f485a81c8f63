"""Account numbers as the sandbox understands them: IBAN, the Czech national form, and the permuted form of ABO files.

Sources: ISO 13616 (IBAN, check digits modulo 97); decree 169/2011 Sb. of the Czech National Bank (weights modulo 11);
Komerční banka, Popis formátu ABO, section 2.2 (internal order of the digits of an account).
"""

from __future__ import annotations

import re

_WEIGHTS = (6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
_INTERNAL_ORDER = (16, 14, 15, 12, 7, 8, 9, 10, 11, 13, 1, 2, 3, 4, 5, 6)
_NATIONAL = re.compile(r"(?:(\d{1,6})-)?(\d{2,10})/(\d{4})")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}")


def account_key(text: str) -> str:
    """One form for all ways to write an account: the IBAN without blanks.

    A national number becomes the IBAN that belongs to it. What is neither comes back without blanks.
    """
    compact = re.sub(r"\s", "", text).upper()
    national = _NATIONAL.fullmatch(compact)
    if national is None:
        return compact
    prefix, number, bank = national.groups()
    body = bank + (prefix or "").zfill(6) + number.zfill(10)
    return f"CZ{98 - int(body + '123500') % 97:02d}{body}"


def is_valid_account(text: str) -> bool:
    """Whether the text is an IBAN with right check digits, Czech ones also modulo 11, or such a national number."""
    iban = account_key(text)
    if not _IBAN.fullmatch(iban):
        return False
    digits = "".join(str(int(character, 36)) for character in iban[4:] + iban[:4])
    if int(digits) % 97 != 1:
        return False
    return not iban.startswith("CZ") or (len(iban) == 24 and _passes(iban[8:14]) and _passes(iban[14:]))


def _passes(number: str) -> bool:
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number.zfill(10), strict=True)) % 11 == 0


def abo_readings(digits: str) -> tuple[str, str]:
    """The 16 digits of an ABO record in both orders in which banks write them: as they stand, and un-permuted."""
    plain = [""] * 16
    for place, origin in enumerate(_INTERNAL_ORDER):
        plain[origin - 1] = digits[place]
    return digits, "".join(plain)
