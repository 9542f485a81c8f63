"""Batches, exit statuses, messages and reports: one test a line of what users of comparable systems ask for."""

from __future__ import annotations

import textwrap
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.acceptance.made import numbered, pack, statement

SKIPPED_OR_SENT = {"accepted", "skipped"}


def test_demand_26_one_run_brings_everything_in_however_much_it_is(person: Any, sandbox: Any) -> None:
    person.write("many.xml", pack(*range(6)))
    assert person.run("import", "many.xml", "--yes").returncode == 0
    assert sandbox.numbers() == [f"26{number:05d}" for number in range(6)]
    assert sandbox.state()["violations"] == {"rate": 0, "concurrency": 0}


@pytest.mark.parametrize("command", ["check", "import"])
def test_demand_27_nothing_to_import_is_neither_success_nor_a_bad_file(person: Any, command: str) -> None:
    person.write("in/.hidden.gpc", statement(50))
    done = person.run(command, "in", *(["--to", "sandbox"] if command == "import" else []))
    assert done.returncode == 2
    assert "no file to read in in" in done.stderr


def test_demand_28_a_dry_run_shows_exactly_what_would_happen_and_does_nothing(person: Any, sandbox: Any) -> None:
    person.write("a.xml", numbered(1))
    done = person.run("import", "a.xml", "--dry-run")
    assert done.returncode == 0
    assert "nothing is sent" in done.stdout
    assert "SalesInvoiceImport" in done.stdout
    assert "The service issues the document under the number that it carries." in done.stdout
    assert sandbox.state()["requests"]["total"] == 0
    assert person.run("journal", "list").stdout == ""


def test_demand_29_the_preview_is_the_import(trial: Any) -> None:
    planned = {path.name: path.read_bytes() for path in (trial.person.folder / "planned").iterdir()}
    sent = {path.name: path.read_bytes() for path in (trial.person.folder / "sent").iterdir()}
    assert sent == planned
    assert len(sent) == len(trial.report["calls"]) > 20


def test_demand_30_several_files_at_once_and_the_same_from_a_script(person: Any) -> None:
    for number in range(3):
        person.write(f"{number}.xml", numbered(number))
    report = person.report("import", "0.xml", "1.xml", "2.xml", "--dry-run")
    script = "import efimport; print([call.number for call in efimport.plan(['0.xml', '1.xml', '2.xml']).calls])"
    person.write("script.py", script.encode())
    numbers = [document["number"] for source in report["sources"] for document in source["documents"]]
    assert person.python("script.py").stdout == f"{numbers}\n"


def test_demand_31_the_line_is_the_line_of_my_file(person: Any) -> None:
    wrong = pack(1, 2, 3).decode().replace("<inv:quantity>1<", "<inv:quantity>1,,<")
    for name, content in (("unix.xml", wrong), ("windows.xml", wrong.replace("\n", "\r\n"))):
        person.write(name, content.encode())
        (source,) = person.report("check", name)["sources"]
        lines = [one["line"] for document in source["documents"] for one in document["findings"]]
        named = {number for number, line in enumerate(content.splitlines(), start=1) if "1,," in line}
        assert named <= set(lines), name
    person.write("a.gpc", statement(50, 60, 70).replace(b"000000000060", b"00000000006x"))
    (source,) = person.report("check", "a.gpc")["sources"]
    found = [*source["findings"], *(one for document in source["documents"] for one in document["findings"])]
    assert 3 in {one["line"] for one in found if one["code"] == "gpc.not-digits"}


def test_demand_32_a_result_for_every_row_can_be_kept_those_that_failed_with_their_reason(trial: Any) -> None:
    book = openpyxl.load_workbook(trial.person.folder / "report.xlsx")
    heads, *rows = book["Documents"].iter_rows(values_only=True)
    table = [dict(zip(heads, row, strict=True)) for row in rows]
    documents = sum(len(source["documents"]) for source in trial.report["sources"])
    assert len([row for row in table if row["Ordinal"]]) == documents
    assert all(row["State"] for row in table)
    assert all(row["Why"] for row in table if row["State"] == "not sent")
    page = (trial.person.folder / "report.html").read_text(encoding="utf-8")
    assert all(Path(row["File"]).name in page for row in table)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("cut.xml", pack(1)[:300], "xml."),
        ("letters.gpc", statement(50).replace(b"000000000050", b"00000000005x"), "gpc."),
        (
            "not-closed.xml",
            b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">',
            "",
        ),
    ],
)
def test_demand_33_the_real_error_is_not_hidden_behind_an_unknown_format(
    person: Any, name: str, content: bytes, code: str
) -> None:
    person.write(name, content)
    (source,) = person.report("check", name, status=1)["sources"]
    found = [*source["findings"], *(one for document in source["documents"] for one in document["findings"])]
    errors = [one["code"] for one in found if one["severity"] == "error"]
    assert errors
    assert all(one.startswith(code) and not one.startswith("format.") for one in errors)


def test_demand_34_it_is_said_why_no_reader_took_a_file(person: Any, samples: Path) -> None:
    person.write("list.txt", b"Dear Petra, please book this.")
    report = person.report("check", "list.txt", samples / "statements" / "payment-order.kpc", status=1)
    text, order = (source["findings"][0] for source in report["sources"])
    assert text["code"] == "format.unknown"
    assert "Dear Petra" in text["message"]
    assert "payment order" in order["message"]
    assert order["hint"]


def test_demand_35_all_mistakes_at_once(person: Any) -> None:
    wrong = numbered(1).decode()
    wrong = wrong.replace("<typ:priceVAT>21<", "<typ:priceVAT>99<").replace("<inv:date>2026-01-02<", "<inv:date>2O26<")
    wrong = wrong.replace("<typ:company>", "<typ:ico>12345678</typ:ico><typ:company>")
    person.write("a.xml", wrong.encode())
    (source,) = person.report("check", "a.xml")["sources"]
    codes = {one["code"] for one in source["documents"][0]["findings"]}
    assert {"pohoda.date", "party.registration-number", "pohoda.lines-mismatch"} <= codes


def test_demand_36_a_list_that_was_cut_says_so(person: Any) -> None:
    for number in range(60):
        person.write(f"in/{number}.xml", numbered(number))
    brief = person.run("check", "in").stdout
    assert "... and 10 more files without a problem (-v shows them)" in brief
    assert "more files" not in person.run("check", "in", "-v").stdout
    assert len(person.report("check", "in")["sources"]) == 60


def test_demand_37_a_check_that_crashed_never_says_valid(person: Any) -> None:
    person.write("in/a.xml", numbered(1))
    person.write(
        "broken_reader.py",
        textwrap.dedent("""
            from efimport.formats.reading import Recognition
            from efimport.messages import message

            def recognise(sample):
                return Recognition("broken", 100, message("always"))

            def read(source, reading):
                raise ZeroDivisionError
                yield
        """).encode(),
    )
    person.write("broken-1.dist-info/METADATA", b"Metadata-Version: 2.1\nName: broken\nVersion: 1\n")
    person.write("broken-1.dist-info/entry_points.txt", b"[efimport.formats]\nbroken = broken_reader\n")
    person.write("in/a.txt", b"text")
    person.environment["PYTHONPATH"] = str(person.folder)
    done = person.run("check", "in/a.txt", "--report", "report.json")
    assert done.returncode == 1
    assert "in order" not in done.stdout
    assert (
        not (person.folder / "report.json").exists() or "efimport.fault" in (person.folder / "report.json").read_text()
    )


def test_demand_38_a_folder_goes_in_and_one_summary_with_every_bad_file_comes_out(person: Any) -> None:
    for name in ("a", "b", "deep/c"):
        person.write(f"in/{name}.xml", b"")
        person.write(f"in/{name}-good.gpc", statement(50, number=len(name)))
    done = person.run("check", "in")
    summary = done.stdout[done.stdout.index("What is wrong") :]
    assert all(f"in/{name}.xml" in summary for name in ("a", "b", "deep/c"))
    assert "6 files" in summary


def test_demand_39_the_exit_status_is_one_of_four_and_never_a_count(person: Any, sandbox: Any) -> None:
    for number in range(256):
        person.write(f"empty/{number}.xml", b"")
    person.write("good.xml", numbered(1))
    person.write("unknown.gpc", statement(50))
    sandbox.add_faults({"fault": "close-after", "method": "BankStatementImport"})
    calls: dict[tuple[str, ...], int] = {
        ("check", "good.xml"): 0,
        ("check", "empty"): 1,
        ("check", "--nonsense"): 2,
        ("import", "good.xml", "unknown.gpc", "--yes"): 3,
    }
    assert {arguments: person.run(*arguments).returncode for arguments in calls} == calls


def test_demand_40_every_document_and_what_became_of_it_is_named(person: Any, sandbox: Any) -> None:
    person.write("two.xml", pack(1, 2))
    person.report("import", "two.xml", "--yes", status=0)
    person.write("two.xml", pack(1, 2, 3))
    report = person.report("import", "two.xml", "--yes", status=0)
    by_call = {call["id"]: call["state"] for call in report["calls"]}
    documents = report["sources"][0]["documents"]
    assert {one["number"]: by_call[one["call"]] for one in documents} == {
        "2600001": "skipped",
        "2600002": "skipped",
        "2600003": "accepted",
    }
    assert [one["line"] for one in documents] == sorted(one["line"] for one in documents)


def test_every_file_has_one_state_and_the_sums_are_the_inputs(trial: Any) -> None:
    states = Counter(call["state"] for call in trial.report["calls"])
    assert set(states) <= SKIPPED_OR_SENT
    inputs = sum(max(1, len(source["documents"])) for source in trial.report["sources"] if source["format"] != "zip")
    assert sum(trial.report["totals"]["by_state"].values()) == inputs
