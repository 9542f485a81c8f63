"""Who is calling: the hash of the password, the login line, and the masking of secrets in whatever people may see.

This is the one place where secrets are revealed for requests. md5pass is as good as the password, so it is masked too.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from urllib.parse import quote, quote_plus

from efimport.api import wire, wire_json
from efimport.errors import SettingsError
from efimport.messages import message
from efimport.secrets import MASK, Secret
from efimport.settings import ApiUser, Organization

SHORTEST = 4
"""Written forms shorter than this many characters are not masked: they would blot out ordinary text."""


def md5pass(username: str, password: str) -> str:
    """The hash that stands for the password in a request.

    MD5 of the user name in upper case followed by the password as it is (web service reference, "To generate the MD5
    password hash"). The encoding of letters outside ASCII is not documented; Unicode upper case and UTF-8 are used.

    Args:
        username: name of the API user; case does not matter.
        password: the password, case matters.

    Returns:
        32 lower-case hexadecimal digits.

    Raises:
        SettingsError: the name holds a letter without an upper case of one letter (ß), whose hash nobody can foretell.
    """
    odd = [letter for letter in username if len(letter.upper()) != 1]
    if odd:
        raise SettingsError(
            message(
                "The user name {name} holds a letter that has no upper case: {letter}.", name=username, letter=odd[0]
            ),
            message("Choose another name for the API user."),
        )
    return hashlib.md5((username.upper() + password).encode("utf-8"), usedforsecurity=False).hexdigest()


class Login:
    """Puts the login of one user of an organization into requests and never shows it.

    Args:
        organization: whose token is sent.
        user: who logs in.

    Raises:
        SettingsError: the organization has no token, the user neither a password nor its hash nor a secret key, or a
            secret key although the organization is served in XML.
    """

    __slots__ = ("_token", "_user")

    def __init__(self, organization: Organization, user: ApiUser) -> None:
        if organization.token is None:
            raise SettingsError(
                message("The organization {name} has no token of the web service.", name=organization.name),
                message("Set organizations.{name}.token in efimport.toml.", name=organization.name),
            )
        if user.password is None and user.md5pass is None and user.secret_key is None:
            raise SettingsError(
                message("The user {name} has neither a password nor md5pass nor secret_key.", name=user.username)
            )
        if user.secret_key is not None and organization.wire != "json":
            raise SettingsError(
                message("The user {name} logs in with secret_key, which goes with JSON only.", name=user.username),
                message('Set organizations.{name}.wire = "json".', name=organization.name),
            )
        self._token = organization.token
        self._user = user

    @property
    def username(self) -> str:
        """Name of the user."""
        return self._user.username

    def fill(self, body: bytes) -> bytes:
        """The body with this login in place of the place-holders.

        Raises:
            SettingsError: the place that holds a secret cannot be read; the body is XML and the user has a secret key.
            CallError: the body has no place-holders.
        """
        token = _value(self._token)
        if not body.startswith(wire_json.PLACEHOLDER):
            if self._user.secret_key is not None:
                raise SettingsError(
                    message(
                        "A request that was stored as XML cannot be sent with the secret_key of {name}.",
                        name=self.username,
                    ),
                    message("Give the user a password or md5pass until it is settled."),
                )
            return wire.with_login(body, self.username, self._key(), token)
        field: wire_json.KeyField = "md5pass" if self._user.secret_key is None else "secretKey"
        return wire_json.with_login(body, self.username, self._key(), token, field=field)

    def secrets(self) -> tuple[str, ...]:
        """The values to mask: token, password and its hash, or the secret key.

        Raises:
            SettingsError: the place that holds a secret cannot be read.
        """
        password = () if self._user.password is None else (_value(self._user.password),)
        return (_value(self._token), self._key(), *password)

    def masked(self, text: str) -> str:
        """The text without these values, see :func:`redact`.

        Raises:
            SettingsError: the place that holds a secret cannot be read.
        """
        return redact(text, self.secrets())

    def _key(self) -> str:
        """What stands for the password in a request."""
        if self._user.secret_key is not None:
            return _value(self._user.secret_key)
        if self._user.md5pass is not None:
            return _value(self._user.md5pass)
        assert self._user.password is not None
        return md5pass(self._user.username, _value(self._user.password))

    def __repr__(self) -> str:
        return f"Login({self.username!r})"


def _value(secret: Secret) -> str:
    return secret.reveal()


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets, whatever form they were written in.

    Masked are the value itself (in any case, if it is a hash or a token in hexadecimal), percent-encoded, in
    hexadecimal, in base64 at each of the three offsets that it can have inside longer base64, escaped for JSON and
    XML, and in UTF-16 that was taken for letters of a byte each.
    """
    return redactor(secrets)(text)


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """A function that does :func:`redact` for these secrets, with the work of preparing done once."""
    forms = {form for secret in secrets for form in written_forms(secret) if len(form) >= SHORTEST}
    if not forms:
        return lambda text: text
    # The longest first: a form may be the beginning of another.
    pattern = re.compile("|".join(re.escape(form) for form in sorted(forms, key=_longest_first)))
    return lambda text: pattern.sub(MASK, text)


def _longest_first(form: str) -> tuple[int, str]:
    return -len(form), form


def written_forms(secret: str) -> list[str]:
    """The ways in which a secret may stand in a text, the longest first."""
    return sorted(_forms(secret), key=_longest_first)


def _forms(secret: str) -> set[str]:
    # In a request it stands escaped, and a dump of the request writes that once more in its own way.
    plain = {secret, _escaped_for_xml(secret)}
    spellings = plain | {_escaped_for_json(text, ascii_only=only) for text in plain for only in (True, False)}
    forms = {form for spelling in spellings for form in _dumped(spelling)}
    if re.fullmatch(r"[0-9a-fA-F]+", secret):
        forms |= {secret.lower(), secret.upper()}
    return forms


def _dumped(spelling: str) -> set[str]:
    raw = spelling.encode("utf-8")
    percent = {quote(spelling, safe=""), quote_plus(spelling), quote(spelling)}
    wide = spelling.encode("utf-16-le", "surrogatepass").decode("latin-1").removesuffix("\0")
    written = {repr(text)[1:-1] for text in (spelling, wide)} | {repr(raw)[2:-1]}
    inside = {_inside_base64(raw, offset) for offset in range(3)}
    return {
        spelling,
        wide,
        raw.hex(),
        raw.hex().upper(),
        *percent,
        *(form.lower() for form in percent if "%" in form),
        *written,
        *(form.replace("'", "\\'") for form in written),
        *inside,
        *(form.replace("+", "-").replace("/", "_") for form in inside),
    }


def _escaped_for_json(secret: str, *, ascii_only: bool) -> str:
    return json.dumps(secret, ensure_ascii=ascii_only)[1:-1]


def _escaped_for_xml(secret: str) -> str:
    return secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _inside_base64(raw: bytes, offset: int) -> str:
    """The base64 characters that depend on the secret alone, when it begins ``offset`` bytes into a group of three."""
    text = b64encode(bytes(offset) + raw).decode()
    first = (0, 2, 3)[offset]
    spare = (offset + len(raw)) % 3
    return text[first : len(text) - (0, 3, 2)[spare]]
