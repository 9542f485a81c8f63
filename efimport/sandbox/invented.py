"""Further organizations for a sandbox: invented, with valid check digits, different from one another."""

from __future__ import annotations

from efimport.sandbox.accounts import account_key, is_valid_account
from efimport.sandbox.organization import Organization, invented_users

_BANKS = ("0100", "0300", "0800", "2010")
_COMPANY_WEIGHTS = (8, 7, 6, 5, 4, 3, 2)


def invented_organization(number: int, *, users: int | None = None, any_account: bool = False) -> Organization:
    """The organization of that number; the first, of ``organization.toml``, has the number 1.

    Args:
        number: 2 or more.
        users: how many users who may do everything it has; None for three.
        any_account: whether every valid account number counts as its own.
    """
    company = _company_number(1234560 + number * 7)
    return Organization(
        name=f"Ukázková firma {number} s.r.o.",
        settings_name=f"sandbox{number}",
        token=f"SANDBOX{number}",
        registration_number=company,
        vat_id=f"CZ{company}",
        bank_accounts=tuple(_account(2000000000 + number * 1000003, bank) for bank in _BANKS),
        paypal_accounts=(f"pay{number}@acme.example",),
        users=invented_users(3 if users is None else users),
        any_account=any_account,
    )


def _company_number(stem: int) -> str:
    """Seven digits and their check digit (register of companies: weights 8 to 2, modulo 11)."""
    digits = f"{stem:07d}"
    rest = sum(weight * int(digit) for weight, digit in zip(_COMPANY_WEIGHTS, digits, strict=True)) % 11
    return f"{digits}{(11 - rest) % 10}"


def _account(number: int, bank: str) -> str:
    """The IBAN of the next valid account number from there."""
    while not is_valid_account(f"{number}/{bank}"):
        number += 1
    return account_key(f"{number}/{bank}")
