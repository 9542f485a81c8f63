"""efimport.toml: organizations, their accounts, users and endpoints, the journal, the pace of sending."""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from efimport.accounts import for_service, parse_account
from efimport.errors import SettingsError
from efimport.messages import LANGUAGES, message
from efimport.secrets import Secret, secret_from

FILE_NAME = "efimport.toml"
SQLITE = "sqlite:///"
SITES = ("CZ", "SI", "HR")
IMPORT_TYPES = ("createOnly", "createOrUpdate", "updateOnly")
LOOPBACK = ("127.0.0.1", "localhost", "::1")

DEFAULT_ENDPOINTS = {
    "CZ": "https://eurofaktura.cz/WebServicesCZ/API",
    "SI": "https://e-racuni.com/WebServicesSI/API",
    "HR": "https://e-racuni.com/WebServicesHR/API",
}
"""Endpoint of each site; an organization's own may differ (web service reference, Authentication)."""


class ApiUser(msgspec.Struct, frozen=True):
    """A user of the web service: the name, and either the password or its MD5 hash (``md5pass``)."""

    username: str
    password: Secret | None = None
    md5pass: Secret | None = None


class Organization(msgspec.Struct, frozen=True, kw_only=True):
    """One organization of the service.

    Attributes:
        name: the name in the settings.
        site: CZ, SI or HR; code lists and available calls depend on it.
        endpoint: address of the web service.
        token: the organization's authentication token; None where only reading and planning is done.
        users: API users; each has at most one request in flight.
        registration_number: IČO, matična številka or MBS of the organization, digits as text.
        vat_id: VAT identification number with the country prefix.
        bank_accounts: IBANs or national numbers (``2000145399/0800``).
        paypal_accounts: e-mail addresses of PayPal accounts.
        table_accounts: accounts of tables that do not name theirs, by the name of the mapping (``stripe``), where
            one mapping serves several accounts with the currency behind it (``stripe EUR``).
        mappings: paths of mapping files that come before the shipped ones.
        import_type: createOnly, createOrUpdate or updateOnly.
        received_as: ``inbox`` (DocumentInboxImport) for received e-invoices.
        statements_as: ``statement`` (BankStatementImport) or ``inbox`` for ČBA XML statements.
        inbox_wrapper: name of the element around a file of the document inbox, where the service wants one.
    """

    name: str = "default"
    site: str = "CZ"
    endpoint: str = DEFAULT_ENDPOINTS["CZ"]
    token: Secret | None = None
    users: tuple[ApiUser, ...] = ()
    registration_number: str | None = None
    vat_id: str | None = None
    bank_accounts: tuple[str, ...] = ()
    paypal_accounts: tuple[str, ...] = ()
    table_accounts: dict[str, str] = {}
    mappings: tuple[str, ...] = ()
    import_type: str = "createOnly"
    received_as: str = "inbox"
    statements_as: str = "statement"
    inbox_wrapper: str | None = None

    @property
    def is_local(self) -> bool:
        """Whether the endpoint is on this machine (the sandbox)."""
        return urlsplit(self.endpoint).hostname in LOOPBACK


class Sending(msgspec.Struct, frozen=True):
    """How requests are sent.

    Attributes:
        quiet_time: seconds after which a request of unknown outcome can no longer be under way at the service.
        timeout: seconds to wait for an answer before its outcome counts as unknown.
    """

    quiet_time: float = 120.0
    timeout: float = 100.0


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings.

    Attributes:
        path: the file that they were read from; None for the defaults.
        language: language of messages; None to follow the locale.
        default_organization: name of the organization that is meant when none is named.
        journal_url: SQLAlchemy address of the journal; None for the default place.
        organizations: by name.
        sending: see :class:`Sending`.
        plain_secrets: names of the settings that hold a secret in plain text, to warn of.
    """

    path: Path | None = None
    language: str | None = None
    default_organization: str | None = None
    journal_url: str | None = None
    organizations: dict[str, Organization] = {}
    sending: Sending = Sending()
    plain_secrets: tuple[str, ...] = ()

    def organization(self, name: str | None = None) -> Organization | None:
        """The organization of that name, else the default one, else the only one; None where there is none.

        Raises:
            SettingsError: the name is not in the settings, or there are several and none is named.
        """
        wanted = name or self.default_organization
        if wanted is not None:
            if wanted not in self.organizations:
                raise SettingsError(
                    message("The settings have no organization named {name}.", name=wanted),
                    message("Known: {names}.", names=", ".join(self.organizations) or "-"),
                )
            return self.organizations[wanted]
        if len(self.organizations) > 1:
            raise SettingsError(
                message("The settings hold several organizations and none is named."),
                message("Use --organization NAME, or set default_organization."),
            )
        return next(iter(self.organizations.values()), None)


def find_settings(explicit: Path | None = None, *, folder: Path | None = None) -> Path | None:
    """The settings file: the one named, else the one in the working directory, else the user's; None without any.

    Raises:
        SettingsError: the file that was named does not exist.
    """
    if explicit is not None:
        if not explicit.is_file():
            raise SettingsError(message("The settings file {path} does not exist.", path=explicit))
        return explicit
    import platformdirs

    for place in (folder or Path.cwd(), Path(platformdirs.user_config_dir("efimport", appauthor=False))):
        if (place / FILE_NAME).is_file():
            return place / FILE_NAME
    return None


def load_settings(path: Path | None, *, environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from a file; the defaults for None.

    Raises:
        SettingsError: the file cannot be read, or a value in it cannot be used.
    """
    if path is None:
        return Settings()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            message("The settings file {path} cannot be read: {error}", path=path, error=error)
        ) from error
    return _Reader(path, environment).settings(table)


class _Reader:
    """Turns the tables of a settings file into Settings and says which value is wrong."""

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self.path = path
        self.environment = environment
        self.plain: list[str] = []

    def settings(self, table: dict[str, Any]) -> Settings:
        self._known(table, {"language", "default_organization", "journal", "organizations", "sending"}, "")
        language = self._choice(table, "language", LANGUAGES, None, "")
        journal = self._table(table, "journal", {"url"})
        sending = self._table(table, "sending", {"quiet_time", "timeout"})
        organizations = {
            name: self.organization(name, self._as_table(entry, f"organizations.{name}"))
            for name, entry in self._as_table(table.get("organizations", {}), "organizations").items()
        }
        return Settings(
            path=self.path,
            language=language,
            default_organization=self._text(table, "default_organization", ""),
            journal_url=self._journal_url(journal),
            organizations=organizations,
            sending=Sending(**{name: self._seconds(value, f"sending.{name}") for name, value in sending.items()}),
            plain_secrets=tuple(self.plain),
        )

    def organization(self, name: str, table: dict[str, Any]) -> Organization:
        prefix = f"organizations.{name}."
        self._known(table, {field for field in Organization.__struct_fields__ if field != "name"}, prefix)
        site = self._choice(table, "site", SITES, "CZ", prefix) or "CZ"
        return Organization(
            name=name,
            site=site,
            endpoint=self._endpoint(table.get("endpoint", DEFAULT_ENDPOINTS[site]), prefix),
            token=self._secret(table.get("token"), f"{prefix}token"),
            users=self._users(table.get("users", []), f"{prefix}users"),
            registration_number=self._text(table, "registration_number", prefix),
            vat_id=self._text(table, "vat_id", prefix),
            bank_accounts=self._accounts(table, prefix),
            paypal_accounts=self._texts(table, "paypal_accounts", prefix),
            table_accounts=self._table_accounts(table, prefix),
            mappings=tuple(str(self.path.parent / path) for path in self._texts(table, "mappings", prefix)),
            import_type=self._choice(table, "import_type", IMPORT_TYPES, "createOnly", prefix) or "createOnly",
            received_as=self._choice(table, "received_as", ("inbox",), "inbox", prefix) or "inbox",
            statements_as=self._choice(table, "statements_as", ("statement", "inbox"), "statement", prefix)
            or "statement",
            inbox_wrapper=self._text(table, "inbox_wrapper", prefix),
        )

    def _users(self, value: object, name: str) -> tuple[ApiUser, ...]:
        if not isinstance(value, list):
            raise self._wrong(name, "a list of users")
        return tuple(self._user(entry, f"{name}[{index}]") for index, entry in enumerate(value))

    def _user(self, entry: object, name: str) -> ApiUser:
        table = self._as_table(entry, name)
        self._known(table, {"username", "password", "md5pass"}, f"{name}.")
        username = self._text(table, "username", f"{name}.")
        if not username or ("password" in table) == ("md5pass" in table):
            raise self._wrong(name, "a user has a username and either a password or md5pass")
        return ApiUser(
            username,
            password=self._secret(table.get("password"), f"{name}.password"),
            md5pass=self._secret(table.get("md5pass"), f"{name}.md5pass"),
        )

    def _secret(self, value: object, name: str) -> Secret | None:
        if value is None:
            return None
        secret, plain = secret_from(value, name=name, folder=self.path.parent, environment=self.environment)
        if plain:
            self.plain.append(name)
        return secret

    def _endpoint(self, value: object, prefix: str) -> str:
        try:
            parts = urlsplit(str(value))
        except ValueError:
            parts = urlsplit("")
        if (parts.scheme == "https" and parts.hostname) or (parts.scheme == "http" and parts.hostname in LOOPBACK):
            return str(value)
        raise self._wrong(f"{prefix}endpoint", "an https address (plain http only to this machine)")

    def _journal_url(self, table: dict[str, Any]) -> str | None:
        url = self._text(table, "url", "journal.")
        if url is None or ("://" in url and not url.startswith(SQLITE)):
            return url
        return f"{SQLITE}{(self.path.parent / url.removeprefix(SQLITE)).resolve()}"

    def _accounts(self, table: dict[str, Any], prefix: str) -> tuple[str, ...]:
        accounts = self._texts(table, "bank_accounts", prefix)
        for account in accounts:
            self._check_account(account, f"{prefix}bank_accounts")
        return accounts

    def _table_accounts(self, table: dict[str, Any], prefix: str) -> dict[str, str]:
        name = f"{prefix}table_accounts"
        accounts = self._as_table(table.get("table_accounts", {}), name)
        for account in accounts.values():
            self._check_account(account, name)
        return accounts

    def _check_account(self, account: object, name: str) -> None:
        parsed = parse_account(account) if isinstance(account, str) else None
        if parsed is None or for_service(parsed) is None:
            raise self._wrong(name, f"IBANs or number/bank code, not {account}")

    def _table(self, table: dict[str, Any], name: str, known: set[str]) -> dict[str, Any]:
        inner = self._as_table(table.get(name, {}), name)
        self._known(inner, known, f"{name}.")
        return inner

    def _as_table(self, value: object, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._wrong(name, "a table")
        return value

    def _known(self, table: dict[str, Any], known: set[str], prefix: str) -> None:
        for key in table:
            if key not in known:
                raise self._wrong(f"{prefix}{key}", "one of: " + ", ".join(sorted(known)))

    def _choice(
        self, table: dict[str, Any], key: str, choices: tuple[str, ...], default: str | None, prefix: str
    ) -> str | None:
        value = table.get(key, default)
        if value is not None and value not in choices:
            raise self._wrong(f"{prefix}{key}", "one of: " + ", ".join(choices))
        return value

    def _text(self, table: dict[str, Any], key: str, prefix: str) -> str | None:
        value = table.get(key)
        if value is not None and not isinstance(value, str):
            raise self._wrong(f"{prefix}{key}", 'a text in quotes ("0308" keeps its zero, 0308 does not)')
        return value

    def _texts(self, table: dict[str, Any], key: str, prefix: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(f"{prefix}{key}", "a list of texts in quotes")
        return tuple(value)

    def _seconds(self, value: object, name: str) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < math.inf:
            raise self._wrong(name, "a number of seconds")
        return float(value)

    def _wrong(self, name: str, expected: str) -> SettingsError:
        return SettingsError(
            message("{path}: the setting {name} cannot be used.", path=self.path, name=name),
            message("Expected: {expected}.", expected=expected),
        )
