from __future__ import annotations

import datetime as dt
import io
import time
from collections.abc import Callable
from typing import Any

import openpyxl

from efimport.messages import Catalogue
from efimport.planning.model import Outcome, Plan
from efimport.report.as_xlsx import write_xlsx
from efimport.report.build import build_report


def sheets(plan: Plan, outcomes: object = (), *, language: str = "en") -> dict[str, list[dict[str, Any]]]:
    stream = io.BytesIO()
    write_xlsx(build_report(plan, outcomes, dry_run=False, catalogue=Catalogue(language)), stream)
    found = {}
    for sheet in openpyxl.load_workbook(stream):
        heads, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(heads, row, strict=True)) for row in rows]
    return found


def test_amounts_are_numbers_and_identifiers_are_text(plan: Plan, outcomes: list[Outcome]) -> None:
    row = sheets(plan, outcomes)["Documents"][3]
    assert row["Total"] == -1210
    assert row["Number"] == "D260001"
    assert row["Date"] == dt.datetime(2026, 1, 31)  # noqa: DTZ001 - a cell has no time zone
    assert sheets(plan)["Documents"][0]["Number"] == "260100001"


def test_every_input_has_one_row(plan: Plan, outcomes: list[Outcome]) -> None:
    rows = sheets(plan, outcomes)["Documents"]
    assert len(rows) == 9
    damaged = next(row for row in rows if row["File"] == "inbox/poškozený.isdoc")
    assert (damaged["State"], damaged["Number"]) == ("not sent", None)
    assert damaged["Why"].startswith("The file breaks the rules of XML here")


def test_every_finding_has_one_row_with_its_place(plan: Plan) -> None:
    rows = sheets(plan)["Findings"]
    assert [row["Code"] for row in rows] == [finding.code for finding in plan.findings]
    assert (rows[1]["Line"], rows[1]["Column"], rows[1]["Document"]) == (212, 9, "Issued invoice 260100002")


def test_every_call_has_one_row_with_the_answer(plan: Plan, outcomes: list[Outcome]) -> None:
    rows = sheets(plan, outcomes)["Calls"]
    assert [row["Call"] for row in rows] == [call.id for call in plan.calls]
    assert rows[1]["Answer of the service"] == "Sales invoice 260100002: buyer is missing"


def test_the_workbook_speaks_czech(plan: Plan) -> None:
    assert list(sheets(plan, language="cs")) == ["Doklady", "Zjištění", "Volání"]


def test_five_thousand_documents_make_a_workbook_in_seconds(large_plan: Callable[[int], Plan]) -> None:
    report = build_report(large_plan(5000), dry_run=True)
    started = time.perf_counter()
    write_xlsx(report, io.BytesIO())
    assert time.perf_counter() - started < 15
