"""The sweep of the suite finds what it is there for."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from urllib.parse import quote_plus
from xml.sax.saxutils import escape

import pytest

from tests.canaries import HASHES, PASSWORD, PROXY_PASSWORD, SECRET_KEY, TOKEN, encodings, leaks_in
from tests.sweep import leaks_below

pytest_plugins = ["pytester"]

SECRETS = (TOKEN, PASSWORD, PROXY_PASSWORD, SECRET_KEY, *HASHES)


@pytest.mark.parametrize("secret", SECRETS, ids=ascii)
@pytest.mark.parametrize("name", encodings("x"))
def test_a_planted_secret_is_found_in_any_form(secret: str, name: str) -> None:
    assert leaks_in(b"before " + encodings(secret)[name] + b" after")


@pytest.mark.parametrize("secret", [TOKEN, PASSWORD])
def test_a_planted_secret_is_found_however_it_is_escaped(secret: str) -> None:
    for text in (json.dumps(secret), escape(secret), repr(secret), quote_plus(secret), repr(secret.encode())):
        assert leaks_in(text.encode())
    assert leaks_in(secret.encode("utf-16"))
    assert leaks_in(secret.encode("utf-16-be"))


def test_what_is_no_secret_is_not_found() -> None:
    assert leaks_in(b"Kanarek 4711, demo, SANDBOX, 0123456789abcdef0123456789abcdef") == []


def test_a_planted_secret_is_found_in_files_and_in_spreadsheets_and_not_in_inputs(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "efimport.toml").write_text(TOKEN, encoding="utf-8")
    (tmp_path / "in" / "journal.sqlite3-wal").write_bytes(b"\0" * 5000 + TOKEN.encode())
    with zipfile.ZipFile(tmp_path / "report.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", TOKEN * 10)
    assert [re.sub(r".*/", "", leak.split(": ")[0]) for leak in leaks_below(tmp_path)] == [
        "journal.sqlite3-wal",
        "sharedStrings.xml",
    ]
    # They are planted, and must not fail the session.
    (tmp_path / "in" / "journal.sqlite3-wal").unlink()
    (tmp_path / "report.xlsx").unlink()


PLANTED = """
import pytest, sys, logging
from tests.canaries import TOKEN
def test_file(tmp_path): (tmp_path / "report.json").write_text(TOKEN)
def test_out(): print(TOKEN)
def test_log(): logging.getLogger("x").warning(TOKEN)
def test_read(capsys):
    print(TOKEN, file=sys.stderr)
    capsys.readouterr()
def test_quiet(tmp_path): (tmp_path / "efimport.toml").write_text(TOKEN)
"""


@pytest.mark.parametrize("spread", [pytest.param((), marks=pytest.mark.slow), ("-n", "2")])
def test_a_planted_secret_fails_a_session_of_tests_that_pass(
    pytester: pytest.Pytester, spread: tuple[str, ...]
) -> None:
    root = Path(__file__).parents[1]
    pytester.makeconftest(f"import sys\nsys.path.insert(0, {str(root)!r})\nfrom tests.sweep import *\n")
    pytester.makepyfile(PLANTED)
    done = pytester.runpytest_subprocess("-p", "no:cacheprovider", *spread, timeout=60)
    # They must not be found by the sweep of this session.
    for planted in pytester.path.rglob("report.json"):
        planted.unlink()
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    done.assert_outcomes(passed=5)
    shown = done.stdout.str().partition("secrets in the output")[2]
    assert sorted(re.findall(r"(?:::test_|/test_)(file|log|out|read|quiet)", shown)) == ["file", "log", "out", "read"]
