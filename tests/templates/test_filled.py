"""A template that was filled in is read without a mapping file, and nothing is said about its other sheets."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

import efimport
from efimport.mappings.targets import TARGETS, TargetName
from efimport.templates import HEADING_LANGUAGES, TemplateColumn, headings_as_csv, template_columns
from efimport.templates.workbook import write_workbook

D = Decimal

ROWS: dict[TargetName, list[dict[str, Any]]] = {
    "partners": [
        {
            "code": "0001",
            "name": "Pekárna U mlýna s.r.o.",
            "registration_number": "12345679",
            "vat_id": "CZ12345679",
            "vat_registered": 0,
            "street": "Mlýnská 1",
            "city": "Brno",
            "postal_code": "60200",
            "country": "CZ",
            "email": "pekarna@example.com",
            "account": "19-2000145399/0800",
            "payment_days": 14,
            "is_customer": 0,
        }
    ],
    "products": [
        {
            "code": "0308",
            "name": "Kolo",
            "type": 0,
            "unit": "ks",
            "vat_rate": 21,
            "price_without_vat": 1200.5,
            "currency": "CZK",
        }
    ],
    "orders": [
        {
            "number": "O-1",
            "date": dt.date(2026, 1, 13),
            "partner_name": "Kavárna Na Růžku",
            "partner_code": "0002",
            "description": text,
            "quantity": 2,
            "unit_price": 10.5,
            "vat_rate": 21,
            "payment_method": 0,
        }
        for text in ("Duše", "Plášť")
    ],
    "invoices": [
        {
            "number": "0026001",
            "kind": 0,
            "date": dt.date(2026, 1, 13),
            "due_date": dt.date(2026, 1, 27),
            "partner_name": "Kavárna Na Růžku",
            "partner_street": "Rohová 2",
            "partner_city": "Brno",
            "partner_postal_code": "60200",
            "partner_country": "CZ",
            "currency": "CZK",
            "payment_method": 0,
            "description": text,
            "quantity": 2,
            "unit_price": 10.5,
            "vat_rate": 21,
        }
        for text in ("Duše", "Plášť")
    ],
}
"""What is filled in, by field; a number for a choice or for yes and no is the place of the word in the list."""


def _value(column: TemplateColumn, row: dict[str, Any]) -> Any:
    value = row.get(column.name)
    return column.allowed[value] if column.field.type in ("choice", "flag") and value is not None else value


def filled(target: TargetName, language: str) -> bytes:
    """The template of a target with the rows written where a person would write them."""
    stream = io.BytesIO()
    write_workbook(target, stream, language=language)
    book = openpyxl.load_workbook(stream)
    columns = template_columns(target, language=language)
    for row in ROWS[target]:
        book.worksheets[0].append([_value(column, row) for column in columns])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def filled_csv(target: TargetName, language: str) -> bytes:
    lines = [headings_as_csv(target, language=language).decode("utf-8-sig").strip()]
    for row in ROWS[target]:
        values = [_value(column, row) for column in template_columns(target, language=language)]
        texts = [value.strftime("%d.%m.%Y") if isinstance(value, dt.date) else value for value in values]
        lines.append(";".join("" if text is None else str(text).replace(".5", ",5") for text in texts))
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def document(content: bytes, name: str) -> Any:
    documents = efimport.read(content, name=name)
    [found] = documents
    assert documents.findings == []
    assert [one.code for one in found.findings] == []
    return found


CASES = [(target, language, form) for target in TARGETS for language in HEADING_LANGUAGES for form in ("xlsx", "csv")]


@pytest.mark.parametrize(("target", "language", "form"), CASES)
def test_what_is_filled_in_is_read_and_nothing_is_left_to_say(target: TargetName, language: str, form: str) -> None:
    content = filled(target, language) if form == "xlsx" else filled_csv(target, language)
    found = document(content, f"a.{form}")
    if target == "partners":
        assert (found.party.code, found.party.registration_number) == ("0001", "12345679")
        assert (found.party.address.postal_code, found.payment_days) == ("60200", 14)
        assert (found.party.vat_registered, found.is_customer, found.is_supplier) == (True, True, None)
        assert found.bank_accounts[0].number == "19-2000145399"
    elif target == "products":
        assert (found.code, found.vat_rate, found.sales_price) == ("0308", D(21), D("1200.5"))
        assert found.product_type == "goodsWithStockManagement"
    else:
        assert [(line.description, line.quantity, line.unit_price) for line in found.lines] == [
            ("Duše", D(2), D("10.5")),
            ("Plášť", D(2), D("10.5")),
        ]
        assert found.date == dt.date(2026, 1, 13)
        assert found.payment_method == "transfer"
        assert found.number == ROWS[target][0]["number"]


def test_a_choice_of_another_language_than_the_first_word_is_understood() -> None:
    content = filled("invoices", "sl")
    assert document(content, "a.xlsx").kind is efimport.Kind.ISSUED_INVOICE


def test_columns_that_nobody_needs_may_be_deleted() -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled("products", "cs")))
    sheet = book.worksheets[0]
    for index in range(sheet.max_column, 0, -1):
        if sheet.cell(2, index).value is None:
            sheet.delete_cols(index)
    stream = io.BytesIO()
    book.save(stream)
    assert document(stream.getvalue(), "a.xlsx").code == "0308"


WORTHS: dict[str, Any] = {
    "text": "Něco",
    "code": "0308",
    "amount": 12.5,
    "percent": 21,
    "integer": 14,
    "day": dt.date(2026, 1, 13),
    "country": "CZ",
    "currency": "CZK",
    "language": "cs",
    "account": "19-2000145399/0800",
}
"""Something for each type of field; a choice and yes or no have their first word."""


def _reached(document: Any, path: str) -> Any:
    for name in path.split("."):
        if isinstance(document, tuple):
            [document] = document
        document = getattr(document, name)
    return document


PLACES = {
    "partner": "customer",
    "advance": "advances",
    "bank_account.bank_code": "bank_accounts.bank_code",
    "bank_account.bank_name": "bank_accounts.bank_name",
    "bank_account": "bank_accounts.number",
    "price_without_vat": "sales_price",
    "price_with_vat": "sales_price",
    "unit_price_with_vat": "unit_price",
}
"""Where in the document that is, which a field names by another word."""


def _place(to: str) -> str:
    if to in PLACES:
        return PLACES[to]
    first, dot, rest = to.partition(".")
    return f"{PLACES.get(first, first)}{dot}{rest}"


@pytest.mark.parametrize("target", TARGETS)
def test_no_column_of_a_template_is_for_nothing(target: TargetName) -> None:
    stream = io.BytesIO()
    write_workbook(target, stream)
    book = openpyxl.load_workbook(stream)
    columns = template_columns(target)
    values = [one.allowed[0] if one.field.type in ("choice", "flag") else WORTHS[one.field.type] for one in columns]
    book.worksheets[0].append(values)
    stream = io.BytesIO()
    book.save(stream)
    [found] = efimport.read(stream.getvalue(), name="a.xlsx")
    for column in columns:
        place = _place(column.field.to)
        at = _reached(found, f"lines.{place}" if column.of_line else place)
        assert at not in (None, "", ()), column.name
