from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest


def test_a_good_invoice_is_in_order(clerk: Any) -> None:
    clerk.invoice()
    done = clerk.run("check", "invoice.xml")
    assert done.status == 0
    assert "Issued invoice 260000001, Pekárna s.r.o., 121.00 CZK" in done.out
    assert "nothing is sent" in done.out


def test_a_wrong_file_is_told_with_reason_and_remedy_and_gives_status_1(clerk: Any) -> None:
    clerk.write("empty.xml", b"")
    clerk.invoice()
    done = clerk.run("check", "empty.xml", "invoice.xml")
    assert done.status == 1
    assert "The file is empty (0 bytes)." in done.out
    assert "Export or download it again" in done.out
    assert "Pekárna s.r.o." in done.out


def test_a_folder_without_a_file_does_not_look_like_success(clerk: Any) -> None:
    (clerk.folder / "in").mkdir()
    done = clerk.run("check", "in")
    assert done.status == 2
    assert "no file to read in in" in done.err


def test_paths_are_needed(clerk: Any) -> None:
    assert clerk.run("check").status == 2


@pytest.mark.parametrize("arguments", [("--json",), ("--report", "-"), ("--json", "--report", "-")])
def test_the_report_for_programs_is_one_json_object(clerk: Any, arguments: tuple[str, ...]) -> None:
    clerk.invoice()
    report = clerk.run("check", "invoice.xml", *arguments).report
    assert report["schema"] == "efimport-report/1"
    assert report["sources"][0]["documents"][0]["total"] == "121.00"


def test_several_reports_are_written_and_people_see_theirs_as_well(clerk: Any) -> None:
    clerk.invoice()
    done = clerk.run("check", ".", "--report", "a.html", "--report", "b.json", "--report", "c.XLSX")
    assert done.status == 0
    assert "1 file, 1 document" in done.out
    assert "Pekárna s.r.o." in (clerk.folder / "a.html").read_text(encoding="utf-8")
    assert '"efimport-report/1"' in (clerk.folder / "b.json").read_text(encoding="utf-8")
    assert openpyxl.load_workbook(clerk.folder / "c.XLSX").sheetnames == ["Documents", "Findings", "Calls"]
    assert sorted(path.name for path in clerk.folder.iterdir()) == ["a.html", "b.json", "c.XLSX", "invoice.xml"]


WRONG_TARGETS = {
    "report.pdf": "an ending that is not known",
    "report": "an ending that is not known",
    "nowhere/report.html": "does not exist",
    "folder.html": "it is a folder",
}


@pytest.mark.parametrize("target", WRONG_TARGETS)
def test_a_report_that_cannot_be_written_is_told_before_the_work(
    clerk: Any, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clerk.folder / "folder.html").mkdir()
    monkeypatch.setattr("efimport.planning.build.check_only", None)
    done = clerk.run("check", ".", "--report", target)
    assert done.status == 2
    assert WRONG_TARGETS[target] in done.err


def test_a_report_that_fails_in_the_end_leaves_the_old_one_and_the_work_is_still_shown(
    clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk.invoice()
    clerk.write("out/report.html", "the old one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "out/report.html")

    monkeypatch.setattr("efimport.report.as_html.write_html", full)
    done = clerk.run("check", "invoice.xml", "--report", "out/report.html")
    assert done.status == 1
    assert "No space left on device" in done.err
    assert "1 file, 1 document" in done.out
    assert (clerk.folder / "out/report.html").read_text() == "the old one"
    assert [path.name for path in (clerk.folder / "out").iterdir()] == ["report.html"]


def test_verbose_shows_every_document(clerk: Any, samples: Path) -> None:
    brief = clerk.run("check", samples / "invoices" / "issued-invoices.xml")
    full = clerk.run("check", samples / "invoices" / "issued-invoices.xml", "-v")
    assert "260100002" not in brief.out
    assert "260100002" in full.out


def test_no_progress_is_shown_where_output_is_piped(clerk: Any) -> None:
    clerk.invoice()
    assert clerk.run("check", ".").err == ""
