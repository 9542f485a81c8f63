from __future__ import annotations

from typing import Any

import pytest

from efimport.api.login import md5pass
from efimport.settings import load_settings

SETTINGS = """
[organizations.acme]
site = "SI"
token = { env = "ACME_TOKEN" }
users = [{ username = "petr", password = { env = "ACME_PASSWORD" } }, { username = "jana", md5pass = "0123" }]
bank_accounts = ["SI56051008000012311"]
"""


def test_settings_are_written_that_can_be_read(clerk: Any) -> None:
    done = clerk.run("config", "init", "--name", "acme", "--site", "SI")
    assert done.status == 0
    assert done.out == "efimport.toml\n"
    organization = load_settings(clerk.folder / "efimport.toml").organization()
    assert organization is not None
    assert (organization.name, organization.site) == ("acme", "SI")


def test_settings_that_are_there_are_left_as_they_are(clerk: Any) -> None:
    clerk.write("efimport.toml", "mine")
    done = clerk.run("config", "init")
    assert done.status == 2
    assert "it was left as it was" in done.err
    assert (clerk.folder / "efimport.toml").read_text() == "mine"


def test_the_file_that_is_named_is_written(clerk: Any) -> None:
    assert clerk.run("config", "init", "--config", "other.toml").out == "other.toml\n"
    assert not (clerk.folder / "efimport.toml").exists()


@pytest.mark.parametrize("name", ["a b", "č", "a.b", ""])
def test_a_name_that_would_break_the_file_is_refused(clerk: Any, name: str) -> None:
    assert clerk.run("config", "init", "--name", name).status == 2
    assert not (clerk.folder / "efimport.toml").exists()


def test_good_settings_are_told_to_be_good_without_their_secrets(clerk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_TOKEN", "TOKEN-OF-ACME")
    monkeypatch.setenv("ACME_PASSWORD", "password-of-petr")
    clerk.write("efimport.toml", SETTINGS)
    done = clerk.run("config", "check")
    assert done.status == 0
    assert "acme: site SI" in done.out
    assert "petr, jana" in done.out
    assert "The settings can be used." in done.out
    assert "organizations.acme.users[1].md5pass stands in the file in plain text" in done.err
    for secret in ("TOKEN-OF-ACME", "password-of-petr", "0123"):
        assert secret not in done.out + done.err


def test_everything_that_is_missing_is_told_at_once(clerk: Any) -> None:
    clerk.write("efimport.toml", SETTINGS)
    done = clerk.run("config", "check")
    assert done.status == 2
    assert "ACME_TOKEN is not set" in done.err
    assert "ACME_PASSWORD is not set" in done.err
    assert "can be used" not in done.out


def test_an_organization_without_a_login_is_told(clerk: Any) -> None:
    clerk.write("efimport.toml", "[organizations.acme]\n")
    done = clerk.run("config", "check")
    assert done.status == 2
    assert "organizations.acme.token is missing" in done.err
    assert "organizations.acme.users is missing" in done.err


def test_without_settings_the_remedy_is_named(clerk: Any) -> None:
    done = clerk.run("config", "check")
    assert done.status == 2
    assert "efimport config init" in done.err


def test_a_setting_that_is_wrong_is_named(clerk: Any) -> None:
    clerk.write("efimport.toml", SETTINGS.replace('"SI"', '"XX"'))
    done = clerk.run("config", "check")
    assert done.status == 2
    assert "organizations.acme.site" in done.err
    assert "CZ, SI, HR" in done.err


def test_the_hash_is_made_of_name_and_password_from_standard_input(clerk: Any) -> None:
    done = clerk.run("hash-password", "demo", stdin="demo\n")
    assert done == (0, md5pass("demo", "demo") + "\n", "")


def test_the_hash_is_made_of_a_password_that_is_not_shown(clerk: Any, terminal: Any) -> None:
    screen = terminal("hash-password", "demo")
    screen.wait_for("Password")
    screen.type("canary\n")
    assert screen.end() == 0
    assert md5pass("demo", "canary") in screen.text
    assert "canary" not in screen.text


def test_no_password_is_told(clerk: Any) -> None:
    done = clerk.run("hash-password", "demo", stdin="")
    assert done.status == 2
    assert "No password was given" in done.err
