"""The login: its hash, its one place, and its invisibility."""

from __future__ import annotations

import json
import re
from base64 import b64encode, urlsafe_b64encode
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import efimport.secrets
from efimport.api import wire
from efimport.api.call import Call
from efimport.api.login import Login, md5pass, redact, redactor
from efimport.errors import SettingsError
from efimport.secrets import Secret
from efimport.settings import ApiUser, Organization
from tests.canaries import PASSWORD, TOKEN, leaks_in

PACKAGE = Path(efimport.secrets.__file__).parent


@pytest.mark.parametrize(
    ("username", "password", "expected"),
    [
        ("IVAN", "novak", "8b29582ce0a1c85dc0c574d218acb900"),
        ("ivan", "novak", "8b29582ce0a1c85dc0c574d218acb900"),
        ("MICKA", "kovac", "ddb43e9f119c6805f4770ecc4f6466ba"),
        ("žofie", "Heslo", md5pass("ŽOFIE", "Heslo")),
    ],
)
def test_the_hash_is_of_the_name_in_upper_case_and_the_password_as_it_is(
    username: str, password: str, expected: str
) -> None:
    assert md5pass(username, password) == expected


def test_the_case_of_the_password_matters() -> None:
    assert md5pass("ivan", "Novak") != md5pass("ivan", "novak")


@pytest.mark.parametrize("name", ["strauß", "ﬁrma", "ŉ"])
def test_a_letter_without_an_upper_case_of_one_letter_is_refused(name: str) -> None:
    with pytest.raises(SettingsError):
        md5pass(name, "x")


def test_secrets_are_revealed_at_one_place_of_the_package() -> None:
    places = [
        (path.relative_to(PACKAGE).as_posix(), number)
        for path in sorted(PACKAGE.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\.reveal\(", line) and path.name != "secrets.py"
    ]
    assert [path for path, _ in places] == ["api/login.py"]


def organization(**changes: object) -> Organization:
    return Organization(name="acme", token=Secret.of("TOKEN" * 6), **changes)  # type: ignore[arg-type]


def test_a_login_fills_the_place_holders() -> None:
    login = Login(organization(), ApiUser("ivan", password=Secret.of("novak")))
    body = login.fill(wire.encode(Call("PartnerList")))
    assert b'username="ivan" md5pass="8b29582ce0a1c85dc0c574d218acb900" token="TOKENTOKEN' in body


def test_a_hash_in_the_settings_is_sent_as_it_is() -> None:
    login = Login(organization(), ApiUser("ivan", md5pass=Secret.of("0123456789abcdef" * 2)))
    assert b'md5pass="0123456789abcdef0123456789abcdef"' in login.fill(wire.encode(Call("PartnerList")))


def test_a_login_shows_nothing_of_itself() -> None:
    login = Login(organization(), ApiUser("ivan", password=Secret.of("novak")))
    assert repr(login) == "Login('ivan')"


def test_a_login_without_token_or_password_is_refused() -> None:
    with pytest.raises(SettingsError, match="no token"):
        Login(Organization(name="acme"), ApiUser("ivan", password=Secret.of("novak")))
    with pytest.raises(SettingsError, match="neither a password"):
        Login(organization(), ApiUser("ivan"))


secrets = st.text(st.characters(min_codepoint=33, max_codepoint=0x17F, exclude_characters="*"), min_size=6, max_size=40)


@settings(max_examples=150, deadline=None)
@given(secrets, st.binary(max_size=7), st.binary(max_size=7))
def test_a_secret_is_masked_in_every_form_that_it_may_take(secret: str, before: bytes, after: bytes) -> None:
    raw = secret.encode()
    forms = [
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        raw.hex(),
        raw.hex().upper(),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
    ]
    for form in forms:
        assert redact(f"<<{form}>>", [secret]) == "<<***>>"
    for encode in (b64encode, urlsafe_b64encode):
        whole = encode(before + raw + after).decode()
        masked = redact(whole, [secret])
        assert "***" in masked
        assert len(masked) < len(whole)


def test_a_hash_is_masked_in_either_case() -> None:
    value = "8b29582ce0a1c85dc0c574d218acb900"
    assert redact(f"{value} {value.upper()}", [value]) == "*** ***"


def test_text_without_secrets_stays_as_it_is() -> None:
    assert redact("Nothing to hide: 8b29", ["8b29582ce0a1c85dc0c574d218acb900"]) == "Nothing to hide: 8b29"
    assert redact("abc", []) == "abc"


def test_a_dump_of_a_request_is_masked_however_it_is_written() -> None:
    login = Login(Organization(name="acme", token=Secret.of(TOKEN)), ApiUser("kanarek", password=Secret.of(PASSWORD)))
    body = login.fill(wire.encode(Call("PartnerList")))
    text = body.decode()
    dumps = [
        text,
        repr(text),
        repr(body),
        str([body]),
        body.hex(),
        json.dumps(text),
        quote(body),
        repr(json.dumps(text)),
    ]
    dumps += [b64encode(bytes(offset) + body).decode() for offset in range(3)]
    dumps += [text.encode("utf-16-le").decode("latin-1"), repr(quote(body))]
    hide = redactor(login.secrets())
    for dump in dumps:
        assert leaks_in(dump.encode())
        assert leaks_in(hide(dump).encode()) == []
