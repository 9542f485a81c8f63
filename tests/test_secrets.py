from __future__ import annotations

import copy
import json
import pickle
import sys
import traceback
from pathlib import Path
from pprint import pformat

import msgspec
import pytest
from rich.pretty import pretty_repr

from efimport.errors import SettingsError
from efimport.journal import Journal
from efimport.secrets import Secret, secret_from
from efimport.settings import ApiUser, Organization, load_settings, passwords_in
from tests.canaries import DATABASE_PASSWORD, TOKEN, everything_behind, leaks_in

VALUE = "s3cret-vAlue"


def read(value, folder, environment=None):
    return secret_from(value, name="token", folder=folder, environment=environment or {})


@pytest.mark.parametrize("shown", [str, repr, "{}".format, "{:>10}".format, lambda secret: f"{secret!s}"])
def test_a_secret_is_never_shown(shown):
    text = shown(Secret.of(VALUE))
    assert VALUE not in text
    assert "***" in text


def test_what_holds_a_secret_does_not_show_it():
    organization = Organization(token=Secret.of(VALUE), users=(ApiUser("petr", Secret.of(VALUE)),))
    assert VALUE not in repr(organization)


@pytest.mark.parametrize("written", [pickle.dumps, json.dumps, msgspec.json.encode, copy.deepcopy])
def test_a_secret_cannot_be_written(written):
    with pytest.raises(TypeError) as caught:
        written(Secret.of(VALUE))
    assert VALUE not in str(caught.value)


def test_two_secrets_are_not_compared_by_value():
    assert Secret.of(VALUE) != Secret.of(VALUE)


def test_a_value_is_loaded_when_it_is_needed_and_once():
    loaded = []
    secret = Secret(lambda: loaded.append(1) or VALUE, "env A")
    assert not loaded
    assert (secret.reveal(), secret.reveal()) == (VALUE, VALUE)
    assert loaded == [1]


def test_a_plain_text_is_taken_and_told(tmp_path):
    secret, plain = read(VALUE, tmp_path)
    assert (secret.reveal(), plain) == (VALUE, True)


def test_an_environment_variable_gives_its_value(tmp_path):
    secret, plain = read({"env": "T"}, tmp_path, {"T": VALUE})
    assert (secret.reveal(), plain) == (VALUE, False)


def test_a_missing_variable_is_named_when_the_value_is_needed(tmp_path):
    secret, _ = read({"env": "NO_SUCH"}, tmp_path)
    with pytest.raises(SettingsError, match="NO_SUCH"):
        secret.check()


def private(tmp_path, content, mode=0o600):
    path = tmp_path / "token"
    path.write_bytes(content)
    path.chmod(mode)
    return {"file": "token"}


def test_a_file_gives_its_line_and_keeps_its_spaces(tmp_path):
    assert read(private(tmp_path, b" a b \r\n"), tmp_path)[0].reveal() == " a b "


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_file_that_others_can_read_is_refused(tmp_path, mode):
    secret, _ = read(private(tmp_path, VALUE.encode(), mode), tmp_path)
    with pytest.raises(SettingsError, match="other users"):
        secret.check()


@pytest.mark.parametrize("content", [b"", b"\n"])
def test_an_empty_secret_is_refused(tmp_path, content):
    with pytest.raises(SettingsError, match="empty"):
        read(private(tmp_path, content), tmp_path)[0].check()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SettingsError, match="absent"):
        read({"file": "absent"}, tmp_path)[0].check()


def test_a_command_gives_its_output(tmp_path):
    command = {"command": [sys.executable, "-c", f"print({VALUE!r})"]}
    assert read(command, tmp_path)[0].reveal() == VALUE


@pytest.mark.parametrize(
    "script",
    [
        f"import sys; print({VALUE!r}); sys.exit(1)",
        f"import sys; sys.stdout.buffer.write({VALUE!r}.encode() + bytes([0xff]))",
    ],
)
def test_a_failing_command_does_not_show_what_it_wrote(tmp_path, script):
    secret, _ = read({"command": [sys.executable, "-c", script]}, tmp_path)
    with pytest.raises(SettingsError) as caught:
        secret.check()
    shown = "".join(traceback.format_exception(caught.value))
    assert VALUE not in shown.replace(script, "")


def test_a_file_that_is_no_text_is_not_shown(tmp_path):
    secret, _ = read(private(tmp_path, VALUE.encode() + b"\xff"), tmp_path)
    with pytest.raises(SettingsError) as caught:
        secret.check()
    assert VALUE not in "".join(traceback.format_exception(caught.value))
    assert VALUE.encode() not in repr(caught.value.__cause__).encode()


@pytest.mark.parametrize("value", [5, [], {}, {"env": 1}, {"env": "A", "file": "b"}, {"command": []}, {"vault": "x"}])
def test_any_other_form_is_refused(tmp_path, value):
    with pytest.raises(SettingsError, match="token"):
        read(value, tmp_path)


def test_the_key_store_without_its_library_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(SettingsError, match="pip install"):
        read({"keyring": "efimport"}, tmp_path)[0].check()


def test_a_secret_leaves_at_one_place_in_the_package():
    import efimport

    package = Path(efimport.__file__).parent
    callers = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if ".reveal()" in path.read_text(encoding="utf-8") and path.name != "secrets.py"
    }
    assert callers == {"api/login.py"}


def unreadable_sources(folder):
    (folder / "token").write_bytes(TOKEN.encode() + b"\xff")
    (folder / "token").chmod(0o600)
    script = "import os, sys; sys.stdout.buffer.write(os.environb[b'CANARY'] + {}); sys.exit({})"
    yield {"file": "token"}
    for end, status in (("b''", 1), ("b'\\xff'", 0)):
        yield {"command": [sys.executable, "-c", script.format(end, status)]}


@pytest.mark.parametrize("which", range(3))
def test_no_error_of_a_source_leads_to_the_secret(tmp_path, monkeypatch, which):
    monkeypatch.setenv("CANARY", TOKEN)
    secret, _ = read(list(unreadable_sources(tmp_path))[which], tmp_path)
    with pytest.raises(SettingsError) as caught:
        secret.check()
    assert leaks_in(everything_behind(caught.value).encode("utf-8", "surrogateescape")) == []


def test_the_locals_of_a_frame_would_show_a_secret_that_is_there():
    def frame():
        raise ValueError("x")

    with pytest.raises(ValueError, match="x") as caught:
        frame()
    caught.value.__context__ = UnicodeDecodeError("utf-8", TOKEN.encode(), 0, 1, "x")
    assert leaks_in(everything_behind(caught.value).encode())


def test_settings_that_cannot_be_read_lead_to_no_secret(tmp_path):
    for content in (f"token = '{TOKEN}'".encode() + b"\xff", f"token = '{TOKEN}' '".encode(), f"{TOKEN} = ".encode()):
        path = tmp_path / "efimport.toml"
        path.write_bytes(content)
        with pytest.raises(SettingsError, match="cannot be read") as caught:
            load_settings(path)
        assert leaks_in(everything_behind(caught.value).encode()) == []


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://petr:{DATABASE_PASSWORD}@host:x/journal",
        f"postgresql://petr:{DATABASE_PASSWORD}/journal",
        f"mysql://petr:{DATABASE_PASSWORD}@host/journal",
        f"postgresql://host:x/journal?password={DATABASE_PASSWORD}",
        f"oracle://host/journal?password={DATABASE_PASSWORD}",
    ],
)
def test_an_address_of_the_journal_that_is_wrong_is_told_without_its_password(url):
    with pytest.raises(SettingsError, match=r"journal\.url") as caught:
        Journal(url)
    assert leaks_in(str(caught.value).encode()) == []
    assert caught.value.__context__ is None


def test_settings_do_not_show_the_password_of_the_journal(tmp_path):
    path = tmp_path / "efimport.toml"
    path.write_text(
        f'[journal]\nurl = "postgresql+psycopg://petr:{DATABASE_PASSWORD}@host/journal"\n', encoding="utf-8"
    )
    settings = load_settings(path)
    for shown in (repr(settings), str(settings), str(settings.__rich_repr__())):
        assert leaks_in(shown.encode()) == []
    assert settings.plain_secrets == ("journal.url",)


@pytest.mark.parametrize("address", ["http://clerk:p%40ss@proxy:3128", "postgresql://host/x?password=p%40ss&a=b"])
def test_the_passwords_of_an_address_are_found_as_they_are_meant(address):
    assert "p@ss" in passwords_in(address)


def test_a_secret_is_shown_by_no_printer_of_values():
    secret = Secret.of(TOKEN)
    secret.reveal()
    held = {"organization": Organization(token=secret, users=(ApiUser("petr", secret_key=secret),))}
    for shown in (pformat(held), pretty_repr(held), f"{secret:%s}", f"{secret!a}", "%s" % secret, repr([secret])):  # noqa: UP031
        assert leaks_in(shown.encode()) == []
        assert "***" in shown


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs the list of processes of Linux")
def test_the_command_line_of_a_child_holds_what_the_settings_say_and_no_secret(tmp_path, monkeypatch):
    # The command tells its own command line, and that of the program that started it.
    script = "import os; print(open('/proc/self/cmdline').read() + open(f'/proc/{os.getppid()}/cmdline').read())"
    monkeypatch.setenv("ACME_TOKEN", TOKEN)
    other, _ = read({"env": "ACME_TOKEN"}, tmp_path, {"ACME_TOKEN": TOKEN})
    assert other.reveal() == TOKEN
    seen = read({"command": [sys.executable, "-c", script]}, tmp_path)[0].reveal()
    assert "-c\0" in seen
    assert leaks_in(seen.encode()) == []
