"""efimport.toml is found and read, and what is wrong in it is said by the name of the setting."""

from __future__ import annotations

import math
import os
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from efimport.accounts import for_service, parse_account
from efimport.errors import SettingsError
from efimport.messages import LANGUAGES, message
from efimport.secrets import Secret, secret_from
from efimport.settings.endpoints import is_usable_endpoint, passwords_in
from efimport.settings.model import (
    DEFAULT_ENDPOINTS,
    IMPORT_TYPES,
    SITES,
    ApiUser,
    InboxChoices,
    Organization,
    ReceivedBooking,
    Sending,
    Settings,
    Watching,
)

FILE_NAME = "efimport.toml"
SQLITE = "sqlite:///"
LEAST_SECONDS_BETWEEN_LOOKS = 0.1
"""Whoever looks at a watched folder without a pause does nothing else; as ``--poll``."""
_ELEMENT = re.compile(r"[A-Za-z_][\w.\-]*", re.ASCII)


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
    table = _table_of(path)
    if isinstance(table, str):
        # Outside of the handler: the error of a text that is no UTF-8 holds the text, and with it the secrets.
        raise SettingsError(message("The settings file {path} cannot be read: {error}", path=path, error=table))
    return _Reader(path, environment).settings(table)


def _table_of(path: Path) -> dict[str, Any] | str:
    """What stands in the file, or why it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return str(error)


class _Reader:
    """Turns the tables of a settings file into Settings and says which value is wrong."""

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self.path = path
        self.environment = environment
        self.plain: list[str] = []

    def settings(self, table: dict[str, Any]) -> Settings:
        self._known(table, {"language", "default_organization", "journal", "organizations", "sending", "watch"}, "")
        language = self._choice(table, "language", LANGUAGES, None, "")
        journal = self._table(table, "journal", {"url", "keep_requests"})
        sending = self._table(table, "sending", {"quiet_time", "timeout", "pace_folder"})
        organizations = {
            name: self.organization(name, self._as_table(entry, f"organizations.{name}"))
            for name, entry in self._as_table(table.get("organizations", {}), "organizations").items()
        }
        return Settings(
            path=self.path,
            language=language,
            default_organization=self._text(table, "default_organization", ""),
            journal_url=self._journal_url(journal),
            keep_requests=self._flag(journal, "keep_requests", "journal."),
            organizations=organizations,
            sending=self._sending(sending),
            watch=self._watching(self._table(table, "watch", set(Watching.__struct_fields__))),
            plain_secrets=tuple(self.plain),
        )

    def _sending(self, table: dict[str, Any]) -> Sending:
        folder = self._text(table, "pace_folder", "sending.")
        times = {
            name: self._seconds(value, f"sending.{name}") for name, value in table.items() if name != "pace_folder"
        }
        return Sending(**times, pace_folder=self.path.parent / folder if folder else None)

    def _watching(self, table: dict[str, Any]) -> Watching:
        texts = ("folder", "mode", "on_failure")
        return Watching(
            folder=self._place(table, "folder", "watch."),
            mode="auto" if self._choice(table, "mode", ("review", "auto"), "review", "watch.") == "auto" else "review",
            on_failure=self._texts(table, "on_failure", "watch."),
            **{name: self._watch_time(value, name) for name, value in table.items() if name not in texts},
        )

    def _watch_time(self, value: object, name: str) -> float:
        seconds = self._seconds(value, f"watch.{name}")
        if name.startswith("scan_every") and seconds < LEAST_SECONDS_BETWEEN_LOOKS:
            raise self._wrong(f"watch.{name}", f"{LEAST_SECONDS_BETWEEN_LOOKS} seconds or more")
        return seconds

    def organization(self, name: str, table: dict[str, Any]) -> Organization:
        prefix = f"organizations.{name}."
        self._known(table, {field for field in Organization.__struct_fields__ if field != "name"}, prefix)
        site = self._choice(table, "site", SITES, "CZ", prefix) or "CZ"
        is_json = self._choice(table, "wire", ("xml", "json"), "xml", prefix) == "json"
        return Organization(
            name=name,
            site=site,
            endpoint=self._endpoint(table.get("endpoint", DEFAULT_ENDPOINTS[site]), prefix),
            token=self._secret(table.get("token"), f"{prefix}token"),
            users=self._users(table.get("users", []), f"{prefix}users", is_json=is_json),
            wire="json" if is_json else "xml",
            registration_number=self._text(table, "registration_number", prefix),
            vat_id=self._text(table, "vat_id", prefix),
            bank_accounts=self._accounts(table, prefix),
            paypal_accounts=self._texts(table, "paypal_accounts", prefix),
            table_accounts=self._table_accounts(table, prefix),
            mappings=tuple(str(self.path.parent / path) for path in self._texts(table, "mappings", prefix)),
            import_type=self._choice(table, "import_type", IMPORT_TYPES, "createOnly", prefix) or "createOnly",
            codes=self._folder(table, "codes", prefix),
            received_as=self._choice(table, "received_as", ("inbox", "create"), "inbox", prefix) or "inbox",
            received=self._received(table, prefix),
            inbox=self._inbox(table, prefix),
            products_as=self._choice(table, "products_as", ("mass", "single"), "mass", prefix) or "mass",
            statements_as=self._choice(table, "statements_as", ("statement", "inbox"), "statement", prefix)
            or "statement",
            inbox_wrapper=self._element(table, "inbox_wrapper", prefix),
            watched_folder=self._place(table, "watched_folder", prefix),
        )

    def _users(self, value: object, name: str, *, is_json: bool) -> tuple[ApiUser, ...]:
        if not isinstance(value, list):
            raise self._wrong(name, "a list of users")
        return tuple(self._user(entry, f"{name}[{index}]", is_json=is_json) for index, entry in enumerate(value))

    def _user(self, entry: object, name: str, *, is_json: bool) -> ApiUser:
        table = self._as_table(entry, name)
        keys = {"password", "md5pass", "secret_key"}
        self._known(table, {"username", *keys}, f"{name}.")
        username = self._text(table, "username", f"{name}.")
        if not username or len(keys & set(table)) != 1:
            raise self._wrong(name, "a user has a username and one of password, md5pass and secret_key")
        if "secret_key" in table and not is_json:
            raise self._wrong(f"{name}.secret_key", 'password or md5pass; secret_key goes with wire = "json" only')
        return ApiUser(
            username,
            password=self._secret(table.get("password"), f"{name}.password"),
            md5pass=self._secret(table.get("md5pass"), f"{name}.md5pass"),
            secret_key=self._secret(table.get("secret_key"), f"{name}.secret_key"),
        )

    def _secret(self, value: object, name: str) -> Secret | None:
        if value is None:
            return None
        secret, plain = secret_from(value, name=name, folder=self.path.parent, environment=self.environment)
        if plain:
            self.plain.append(name)
        return secret

    def _endpoint(self, value: object, prefix: str) -> str:
        if isinstance(value, str) and is_usable_endpoint(value):
            return value
        raise self._wrong(f"{prefix}endpoint", "an https address (plain http only to this machine)")

    def _flag(self, table: dict[str, Any], key: str, prefix: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            raise self._wrong(f"{prefix}{key}", "true or false")
        return value

    def _journal_url(self, table: dict[str, Any]) -> str | None:
        url = self._text(table, "url", "journal.")
        if url is not None and "://" in url and not url.startswith(SQLITE):
            if passwords_in(url):
                self.plain.append("journal.url")
            return url
        if url is None:
            return None
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

    def _place(self, table: dict[str, Any], key: str, prefix: str) -> Path | None:
        """A folder that need not be there now: a share may be away."""
        written = self._text(table, key, prefix)
        return self.path.parent / written if written else None

    def _folder(self, table: dict[str, Any], key: str, prefix: str) -> str | None:
        written = self._text(table, key, prefix)
        if written is None:
            return None
        folder = self.path.parent / written
        if not folder.is_dir():
            raise self._wrong(f"{prefix}{key}", f"a folder; {folder} is none")
        return str(folder)

    def _received(self, table: dict[str, Any], prefix: str) -> ReceivedBooking:
        name = f"{prefix}received"
        inner = self._as_table(table.get("received", {}), name)
        self._known(inner, set(ReceivedBooking.__struct_fields__), f"{name}.")
        percent = inner.get("deduction_percent", 100)
        if not isinstance(percent, int) or isinstance(percent, bool) or not 0 <= percent <= 100:
            raise self._wrong(f"{name}.deduction_percent", "a whole number from 0 to 100")
        return ReceivedBooking(
            account=self._text(inner, "account", f"{name}."),
            accounts=self._text_table(inner, "accounts", f"{name}."),
            supplier_codes=self._text_table(inner, "supplier_codes", f"{name}."),
            payment_account=self._text(inner, "payment_account", f"{name}."),
            cost_centre=self._text(inner, "cost_centre", f"{name}."),
            deduction_percent=Decimal(percent),
        )

    def _inbox(self, table: dict[str, Any], prefix: str) -> InboxChoices:
        name = f"{prefix}inbox"
        inner = self._as_table(table.get("inbox", {}), name)
        self._known(inner, set(InboxChoices.__struct_fields__), f"{name}.")
        for key, value in inner.items():
            if isinstance(getattr(InboxChoices(), key), str):
                self._element(inner, key, f"{name}.")
            elif not isinstance(value, bool):
                raise self._wrong(f"{name}.{key}", "true or false")
        return InboxChoices(**inner)

    def _element(self, table: dict[str, Any], key: str, prefix: str) -> str | None:
        """The name of an XML element; None where the settings name none."""
        value = table.get(key)
        if value is not None and (not isinstance(value, str) or not _ELEMENT.fullmatch(value)):
            raise self._wrong(f"{prefix}{key}", "the name of an element")
        return value

    def _text_table(self, table: dict[str, Any], key: str, prefix: str) -> dict[str, str]:
        inner = self._as_table(table.get(key, {}), f"{prefix}{key}")
        for name in inner:
            self._text(inner, name, f"{prefix}{key}.")
        return inner

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
