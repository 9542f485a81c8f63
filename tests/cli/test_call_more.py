"""``efimport call``: what it knows of the methods, completion, structures in JSON, and files in the answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from efimport.api.answer_files import AnswerFile
from efimport.cli.call_files import save_files
from efimport.cli.completion import Bash
from efimport.cli.main import cli
from efimport.sandbox.server import RunningSandbox

PROGRAM = "import sys; sys.argv[0] = 'efimport'; from efimport.cli.main import main; main()"
HEAVY = ("lxml", "pandas", "httpx", "sqlalchemy", "openpyxl", "rich", "jinja2")


def completed(*words: str) -> list[str]:
    """What bash is offered for these words."""
    shell = Bash(cli, {}, "efimport", "_EFIMPORT_COMPLETE")
    return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("call", "WarehouseG"), ["WarehouseGetArticleStockQuantity"]),
        (("call", "billofmaterialsl"), ["BillOfMaterialsList"]),
        (("call", "PartnerList", "search"), ["searchKey="]),
        (("call", "PartnerList", "partnerType", "=", "s"), ["supplier"]),
        (("call", "PartnerList", "partnerType", "="), ["all", "buyer", "supplier", "user"]),
        (("call", "PartnerList", "partnerType=s"), ["partnerType=supplier"]),
        (("call", "DocumentInboxImport", "checkExisting="), ["checkExisting=true", "checkExisting=false"]),
        (("call", "NoSuchMethod", "n"), []),
        (("call", "PartnerList", "partnerType=buyer", "partner"), ["partnerCode="]),
        (("ca",), ["call"]),
    ],
)
def test_a_shell_completes_methods_parameters_and_values(words: tuple[str, ...], expected: list[str]) -> None:
    assert completed(*words) == expected


def test_bash_gets_no_blank_behind_the_sign_of_a_parameter() -> None:
    environment = {**os.environ, "_EFIMPORT_COMPLETE": "bash_source"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert "compopt -o nospace" in done.stdout
    assert subprocess.run(["bash", "-n"], input=done.stdout, text=True, check=False, timeout=60).returncode == 0


def test_completion_loads_nothing_heavy() -> None:
    program = f"import atexit, sys\natexit.register(lambda: print([n for n in {HEAVY} if n in sys.modules]))\n{PROGRAM}"
    environment = {
        **os.environ,
        "_EFIMPORT_COMPLETE": "bash_complete",
        "COMP_WORDS": "efimport call PartnerList par",
        "COMP_CWORD": "3",
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.splitlines() == ["plain,partnerType=", "plain,partnerCode=", "[]"]
    assert done.stderr == ""


def test_the_methods_are_listed(clerk: Any) -> None:
    every = clerk.run("call", "--list")
    assert (every.status, len(every.out.splitlines())) == (0, 222)
    some = clerk.run("call", "--list", "bills of")
    assert "BillOfMaterialsList" in some.out
    assert len(some.out.splitlines()) < 10
    told = json.loads(clerk.run("call", "--list", "PartnerGetByC", "--json").out)
    assert [entry["name"] for entry in told] == ["PartnerGetByCode"]


def test_a_method_is_described(clerk: Any) -> None:
    done = clerk.run("call", "SalesInvoiceImport", "--describe")
    assert done.status == 0
    for fact in (
        "importType",
        "needed with dataFormat=POHODA",
        "Sales invoice for number",
        "SalesInvoiceGet, by number",
    ):
        assert fact in done.out
    assert json.loads(clerk.run("call", "PartnerList", "--describe", "--json").out)["section"] == "13.8"
    assert "Did you mean PartnerList" in clerk.run("call", "PartnerLst", "--describe").err


def test_without_a_method_the_list_is_named(clerk: Any) -> None:
    done = clerk.run("call")
    assert (done.status, "efimport call --list" in done.err) == (2, True)


@pytest.mark.parametrize("argument", ["partner=@partner.json", 'partner={"partnerCode": "007", "name": "Pekárna"}'])
def test_a_structure_may_be_json(clerk: Any, argument: str) -> None:
    clerk.write("partner.json", '{"partnerCode": "007", "name": "Pekárna"}')
    done = clerk.run("call", "PartnerImport", argument, "--show")
    assert done.status == 0
    assert etree.fromstring(done.out.encode()).find(".//partnerCode").text == "007"


def test_json_that_is_none_is_told(clerk: Any) -> None:
    clerk.write("partner.json", '{"partnerCode": NaN}')
    done = clerk.run("call", "PartnerImport", "partner=@partner.json", "--show")
    assert (done.status, "partner.json is not JSON" in done.err) == (2, True)


def test_a_parameter_may_be_there_several_times_where_the_method_takes_it(clerk: Any) -> None:
    done = clerk.run("call", "WarehouseGetArticleStockQuantity", "productCode=1", "productCode=2", "--show")
    values = [node.get("value") for node in etree.fromstring(done.out.encode()).iter("parameter")]
    assert values == ["1", "2"]
    twice = clerk.run("call", "PartnerList", "searchKey=1", "searchKey=2", "--show")
    assert (twice.status, "is there twice" in twice.err) == (2, True)


def test_the_files_of_an_answer_are_saved(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice()
    clerk.run("import", "invoice.xml", "--yes")
    clerk.write("smlouva.pdf", b"%PDF-1.4")
    clerk.run("call", "SalesInvoiceAttachmentAdd", "number=260000001", "attachment=@smlouva.pdf")
    done = clerk.run("call", "SalesInvoiceAttachmentList", "number=260000001", "--save-files", "saved")
    assert done.status == 0
    (saved,) = (clerk.folder / "saved").iterdir()
    assert (saved.name, saved.read_bytes()) == ("smlouva.pdf", b"%PDF-1.4")
    assert "smlouva.pdf" in done.err


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\win.ini", "win.ini"),
        ("/absolute.pdf", "absolute.pdf"),
        ("..", "file"),
        ("", "file"),
        ("con.txt", "_con.txt"),
        ("a\x00b\n.pdf", "a-b.pdf"),
        ("faktura č. 1.pdf", "faktura č. 1.pdf"),
        ("evil\u202efdp.exe", "evil-fdp.exe"),
        ("x" * 300 + ".pdf", "x" * 150 + ".pdf"),
    ],
)
def test_a_name_from_the_service_stays_in_its_folder(tmp_path: Path, name: str, saved: str) -> None:
    folder = tmp_path / "files"
    assert list(save_files([AnswerFile(name, b"1")], folder)) == [folder / saved]
    assert [path for path in tmp_path.rglob("*") if path != folder] == [folder / saved]


def test_nothing_is_written_over_and_no_link_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "files", tmp_path / "outside"
    folder.mkdir()
    (folder / "b.pdf").symlink_to(outside)
    files = [AnswerFile("a.pdf", b"1"), AnswerFile("../a.pdf", b"2"), AnswerFile("b.pdf", b"3")]
    assert [path.name for path in save_files(files, folder)] == ["a.pdf", "a-2.pdf", "b-2.pdf"]
    assert [(folder / name).read_bytes() for name in ("a.pdf", "a-2.pdf", "b-2.pdf")] == [b"1", b"2", b"3"]
    assert not outside.exists()


def test_requests_of_an_organization_with_json_are_json(clerk: Any) -> None:
    clerk.write("efimport.toml", '[organizations.firm]\nwire = "json"\n')
    shown = clerk.run("call", "SalesInvoiceGet", "number=1", "--show")
    assert json.loads(shown.out)["parameters"] == {"number": "1"}
    clerk.invoice()
    assert clerk.run("import", "invoice.xml", "--dry-run", "--save-requests", "requests").status == 0
    (saved,) = (clerk.folder / "requests").iterdir()
    assert saved.name == "0001-SalesInvoiceImport.json"
    assert json.loads(saved.read_bytes())["token"] == "***"
