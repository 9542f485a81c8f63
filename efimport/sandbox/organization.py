"""The organization that the sandbox plays, its users and what they may do."""

from __future__ import annotations

import hashlib
import tomllib
from fnmatch import fnmatchcase
from importlib import resources
from typing import Any

import msgspec

from efimport.sandbox.accounts import account_key, is_valid_account
from efimport.sandbox.options import Options

READING = ("*Get", "*GetBy*", "*List")
"""Privileges of a user who may only read."""


class User(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A user of the web service.

    Attributes:
        username: compared without regard to case.
        password: as it is set; None where only its hash is known.
        md5pass: MD5 of the upper-case user name and the password; None to compute it.
        privileges: patterns of the method names that the user may call; None for all.
        secret_key: what is accepted in place of md5pass in JSON, in the mode ``observed``.
    """

    username: str
    password: str | None = None
    md5pass: str | None = None
    privileges: tuple[str, ...] | None = None
    secret_key: str | None = None

    @property
    def expected_hash(self) -> str:
        """``MD5(UPPERCASE(username) + password)`` in lower-case hexadecimal (reference, authentication)."""
        if self.md5pass is not None:
            return self.md5pass.lower()
        secret = self.username.upper() + (self.password or "")
        return hashlib.md5(secret.encode("utf-8"), usedforsecurity=False).hexdigest()

    def may_call(self, method: str) -> bool:
        """Whether the user has the privilege for the method."""
        return self.privileges is None or any(fnmatchcase(method, pattern) for pattern in self.privileges)


class Organization(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An organization of the service.

    Attributes:
        name: its name, part of each entry of the inbox.
        settings_name: its name in a settings file of efimport.
        token: its authentication token; empty for one that nobody can log in to, whose inbox only receives.
        registration_number: its registration number.
        vat_id: its VAT identification number.
        bank_accounts: as IBAN or in the national form.
        paypal_accounts: e-mail addresses.
        users: its API users.
        any_account: whether every valid account number counts as its own.
    """

    name: str
    settings_name: str = ""
    token: str = ""
    registration_number: str = ""
    vat_id: str = ""
    bank_accounts: tuple[str, ...] = ()
    paypal_accounts: tuple[str, ...] = ()
    users: tuple[User, ...] = ()
    any_account: bool = False

    @property
    def key(self) -> str:
        """Its name in the settings, or else its own name: how the pages of the sandbox name it."""
        return self.settings_name or self.name

    @property
    def working_users(self) -> tuple[User, ...]:
        """The users who may do everything; all where there is none of them."""
        return tuple(user for user in self.users if user.privileges is None) or self.users

    def owns_account(self, account: str) -> bool:
        """Whether the IBAN or national number is one of the organization's bank accounts."""
        if self.any_account and is_valid_account(account):
            return True
        return account_key(account) in {account_key(own) for own in self.bank_accounts}

    def owns_paypal(self, account: str) -> bool:
        """Whether the e-mail address is one of the organization's PayPal accounts."""
        if self.any_account and "@" in account:
            return True
        return account.strip().lower() in {own.lower() for own in self.paypal_accounts}

    def user(self, username: str) -> User | None:
        """The user of that name in any case; None where there is none."""
        wanted = username.upper()
        return next((user for user in self.users if user.username.upper() == wanted), None)


def default_organization() -> Organization:
    """The organization of ``organization.toml``."""
    raw = resources.files("efimport.sandbox").joinpath("organization.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(raw), Organization)


def invented_users(count: int) -> tuple[User, ...]:
    """So many users who may do everything, and ``viewer``, who may only read."""
    names = ["demo", *(f"demo{number}" for number in range(2, count + 1))][:count]
    return (*(User(name, name) for name in names), User("viewer", "viewer", privileges=READING))


def organization_for(options: Options) -> Organization:
    """The default organization with what the options change.

    Raises:
        TypeError: a user of the options is none.
    """
    changes: dict[str, Any] = {"any_account": options.accept_any_account}
    for name in ("token", "registration_number", "vat_id", "paypal_accounts"):
        if getattr(options, name) is not None:
            changes[name] = getattr(options, name)
    if options.accounts is not None:
        changes["bank_accounts"] = options.accounts
    if options.users is not None:
        changes["users"] = _users(options)
    elif options.users_each is not None:
        changes["users"] = invented_users(options.users_each)
    return msgspec.structs.replace(default_organization(), **changes)


def _users(options: Options) -> tuple[User, ...]:
    try:
        return msgspec.convert(options.users, tuple[User, ...])
    except msgspec.ValidationError as error:
        raise TypeError(f"The sandbox cannot be started so: users: {error}") from error
