"""The empty workbook: what can be typed into its cells, what they explain, and how they are formatted."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from efimport.formats.tables.workbook import LISTS_SHEET
from efimport.mappings.targets import TARGETS, TargetName
from efimport.messages import Catalogue
from efimport.templates import HEADING_LANGUAGES, template_columns
from efimport.templates.columns import vat_rates
from efimport.templates.workbook import write_workbook


def made(target: TargetName, **options: Any) -> Any:
    stream = io.BytesIO()
    write_workbook(target, stream, **options)
    return openpyxl.load_workbook(stream)


def rules(sheet: Any) -> dict[str, Any]:
    """The rule of each column that has one, by the letters of the column."""
    return {str(rule.sqref).split("2:")[0]: rule for rule in sheet.data_validations.dataValidation}


def letter_of(sheet: Any, heading: str) -> str:
    return get_column_letter([cell.value for cell in sheet[1]].index(heading) + 1)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("language", HEADING_LANGUAGES)
def test_each_field_has_a_column_with_its_heading_and_its_explanation(target: TargetName, language: str) -> None:
    sheet = made(target, language=language).worksheets[0]
    columns = template_columns(target, language=language)
    assert [cell.value for cell in sheet[1]] == [column.heading for column in columns]
    assert all(column.field.help in cell.comment.text for column, cell in zip(columns, sheet[1], strict=True))
    assert sheet.max_row == 1


@pytest.mark.parametrize("target", TARGETS)
def test_columns_that_must_be_filled_are_seen_by_their_headings_alone(target: TargetName) -> None:
    sheet = made(target).worksheets[0]
    for column, cell in zip(template_columns(target), sheet[1], strict=True):
        assert cell.font.bold == column.field.required
        assert ("must be filled" in cell.comment.text) == column.field.required
        assert "*" not in cell.value


@pytest.mark.parametrize("target", TARGETS)
def test_codes_and_accounts_are_text_and_days_are_days(target: TargetName) -> None:
    sheet = made(target).worksheets[0]
    for index, column in enumerate(template_columns(target), start=1):
        form = sheet.column_dimensions[get_column_letter(index)].number_format
        if column.field.type in ("code", "account", "text"):
            assert form == "@", column.name
        if column.field.type == "day":
            assert form == "yyyy-mm-dd", column.name
        if column.field.type in ("amount", "percent"):
            assert form == "General", column.name


def test_a_list_is_offered_and_stands_on_a_hidden_sheet() -> None:
    book = made("products", language="cs", site="SI")
    sheet, lists = book.worksheets[0], book[LISTS_SHEET]
    letter = letter_of(sheet, "Sazba DPH")
    rule = rules(sheet)[letter]
    assert (rule.type, rule.formula1, rule.errorStyle) == (
        "list",
        f"'{LISTS_SHEET}'!${letter}$1:${letter}$4",
        "warning",
    )
    assert [Decimal(str(lists[f"{letter}{row}"].value)) for row in (1, 2, 3, 4)] == [22, Decimal("9.5"), 5, 0]
    assert lists.sheet_state == "hidden"


def test_yes_and_no_are_in_the_language_of_the_headings_and_nothing_else_is_taken() -> None:
    book = made("partners", language="sl")
    sheet = book.worksheets[0]
    letter = letter_of(sheet, "Zavezanec za DDV")
    rule = rules(sheet)[letter]
    assert [book[LISTS_SHEET][f"{letter}{row}"].value for row in (1, 2)] == ["da", "ne"]
    assert (rule.errorStyle, rule.showErrorMessage) == ("stop", True)


def test_days_and_amounts_are_checked_while_they_are_typed() -> None:
    sheet = made("invoices").worksheets[0]
    found = rules(sheet)
    day, amount = found[letter_of(sheet, "Due date")], found[letter_of(sheet, "Quantity")]
    assert (day.type, day.operator, day.error) == ("date", "between", "Write a day, such as 31.1.2026.")
    assert (amount.type, amount.errorStyle) == ("decimal", "stop")
    assert amount.error == "Write a number, without letters and without a currency."
    assert letter_of(sheet, "Invoice number") not in found


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("language", HEADING_LANGUAGES)
def test_no_text_of_a_rule_is_longer_than_a_spreadsheet_program_takes(target: TargetName, language: str) -> None:
    for rule in rules(made(target, language=language, catalogue=Catalogue("cs")).worksheets[0]).values():
        assert 0 < len(rule.error) <= 255
        assert 0 < len(rule.errorTitle) <= 32
        assert len(rule.formula1) <= 255


def test_the_headings_stay_in_sight_and_carry_a_filter() -> None:
    sheet = made("partners").worksheets[0]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", f"A1:{get_column_letter(sheet.max_column)}1")


@pytest.mark.parametrize("target", TARGETS)
def test_a_second_sheet_tells_of_each_column(target: TargetName) -> None:
    book = made(target, language="cs")
    rows = list(book.worksheets[1].iter_rows(values_only=True))
    told = {row[0]: row for row in rows}
    for column in template_columns(target, language="cs"):
        row = told[column.heading]
        assert row[2] == column.field.help
        assert (row[1] == "yes") == column.field.required


def test_the_rates_of_vat_are_those_of_today() -> None:
    assert vat_rates("CZ") == ("21", "12", "0")
    assert vat_rates("HR") == ("25", "13", "5", "0")
    assert vat_rates("XX") == ("0",)


def test_the_words_of_a_choice_are_in_the_language_of_the_headings_and_nothing_else_is_taken() -> None:
    book = made("invoices", language="cs")
    sheet = book.worksheets[0]
    letter = letter_of(sheet, "Druh dokladu")
    rule = rules(sheet)[letter]
    assert [book[LISTS_SHEET][f"{letter}{row}"].value for row in (1, 2)] == ["faktura", "dobropis"]
    assert (rule.type, rule.errorStyle) == ("list", "stop")
