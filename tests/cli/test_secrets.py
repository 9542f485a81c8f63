"""The secrets of the settings stand in nothing that the program writes, in whatever form."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest

from efimport.sandbox.server import RunningSandbox, start
from tests.canaries import MD5PASS, PASSWORD, TOKEN, hash_of

FIRST_MD5PASS = hash_of("kanarek", PASSWORD)
SECRETS = (TOKEN, PASSWORD, FIRST_MD5PASS, MD5PASS)


def forms(secret: str) -> Iterator[bytes]:
    """The ways in which a secret may be written."""
    raw = secret.encode()
    yield raw
    yield secret.encode("cp1250")
    for text in (quote(secret, safe=""), quote(secret), quote_plus(secret), raw.hex(), raw.hex().upper()):
        yield text.encode()
    for ascii_only in (True, False):
        yield json.dumps(secret, ensure_ascii=ascii_only)[1:-1].encode()
    yield repr(secret)[1:-1].encode()
    escaped = secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    yield escaped.encode()
    yield escaped.replace('"', "&quot;").encode()
    yield secret.upper().encode()
    for offset in range(3):
        # The characters at both ends depend on what stands beside the secret.
        yield base64.b64encode(bytes(offset) + raw)[4:-4]
        yield base64.urlsafe_b64encode(bytes(offset) + raw)[4:-4]


def seen_in(content: bytes) -> list[str]:
    return [secret for secret in SECRETS if any(form in content for form in forms(secret))]


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, those inside spreadsheets as well."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        yield str(path), path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                for name in book.namelist():
                    yield f"{path}!{name}", book.read(name)


@pytest.fixture
def guarded(clerk: Any) -> Iterator[RunningSandbox]:
    """A sandbox whose login is the canaries'."""
    users = ({"username": "kanarek", "password": PASSWORD}, {"username": "ptacek", "md5pass": MD5PASS})
    with start("CZ", accept_any_account=True, token=TOKEN, users=users) as running:
        logins = [f'{{ username = "kanarek", password = {json.dumps(PASSWORD, ensure_ascii=False)} }}']
        logins.append(f'{{ username = "ptacek", md5pass = "{MD5PASS}" }}')
        clerk.write(
            "../settings/efimport.toml",
            f'[organizations.firm]\nendpoint = "{running.endpoint}"\ntoken = {json.dumps(TOKEN, ensure_ascii=False)}\n'
            f"users = [{', '.join(logins)}]\n"
            'bank_accounts = ["CZ2503000000000210468007"]\n[sending]\nquiet_time = 0.5\n',
        )
        yield running


CONFIG = ("--config", "../settings/efimport.toml")


def test_the_forms_would_be_found() -> None:
    for secret in SECRETS:
        for form in forms(secret):
            assert secret in seen_in(b"before " + form + b" after")


def test_no_output_and_no_file_holds_a_secret(clerk: Any, guarded: RunningSandbox) -> None:
    clerk.invoice("in/invoice.xml", number="260000001")
    clerk.invoice("in/second.xml", number="260000002")
    clerk.statement("in/statement.gpc")
    guarded.add_faults(
        {"fault": "close-after", "method": "BankStatementImport"},
        {"fault": "html-500-after", "method": "SalesInvoiceImport"},
        {"fault": "unknown-description", "method": "SalesInvoiceGet"},
        {"fault": "cut-body", "method": "PartnerList"},
    )
    reports = [argument for kind in ("html", "json", "xlsx") for argument in ("--report", f"report.{kind}")]
    calls = (
        ("config", "check"),
        ("check", "in", "-v", "--json"),
        ("import", "in", "--dry-run", "-v", "--save-plan", "plan.json", "--save-requests", "requests"),
        ("import", "in", "--yes", "-v", "--save-requests", "sent", *reports),
        ("import", "in", "--yes", "--json"),
        ("journal", "list"),
        ("journal", "show", "1"),
        ("journal", "export"),
        ("call", "SalesInvoiceGet", "number=1"),
        ("call", "SalesInvoiceGet", "number=1", "--show"),
        ("call", "PartnerList", "--json"),
    )
    told = [clerk.run(*arguments, *CONFIG) for arguments in calls]
    assert [done.status for done in told] == [0, 0, 0, 3, 3, 0, 0, 0, 1, 0, 1]
    assert guarded.state()["requests"]["by_user"].keys() >= {"kanarek"}
    for arguments, done in zip(calls, told, strict=True):
        assert seen_in((done.out + done.err).encode()) == [], arguments
    written = dict(contents(clerk.folder.parent))
    assert any(name.endswith("journal.sqlite3") for name in written)
    assert any("spool" in name for name in written)
    leaks = {name: found for name, content in written.items() if (found := seen_in(content))}
    assert list(leaks) == [str(clerk.folder.parent / "settings" / "efimport.toml")]


@pytest.mark.parametrize("fault", ["wrong-token", "html-500", "close-before"])
def test_no_refusal_quotes_a_secret(clerk: Any, guarded: RunningSandbox, fault: str) -> None:
    clerk.invoice()
    guarded.add_faults({"fault": fault})
    done = clerk.run("import", "invoice.xml", "--yes", *CONFIG)
    assert done.status in (0, 1)
    assert seen_in((done.out + done.err).encode()) == []


def test_the_traceback_of_a_fault_quotes_no_secret(
    clerk: Any, guarded: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_client: object, request: httpx.Request, **_: object) -> None:
        raise RuntimeError(f"cannot send {request.read()!r} or {request.read().decode()} or {request.read().hex()}")

    monkeypatch.setattr(httpx.Client, "send", broken)
    clerk.invoice()
    done = clerk.run("import", "invoice.xml", "--yes", *CONFIG)
    assert done.status == 1
    assert "RuntimeError: cannot send" in done.err
    assert seen_in(done.err.encode()) == []


def test_a_secret_that_cannot_be_read_is_told_by_its_place(clerk: Any) -> None:
    clerk.write("token", TOKEN)
    (clerk.folder / "token").chmod(0o644)
    clerk.write("efimport.toml", '[organizations.firm]\ntoken = { file = "token" }\nusers = []\n')
    done = clerk.run("config", "check")
    assert done.status == 2
    assert "can be read by other users" in done.err
    assert seen_in((done.out + done.err).encode()) == []
