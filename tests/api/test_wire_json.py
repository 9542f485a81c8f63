"""The JSON request."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from efimport.api import wire_json
from efimport.api.call import (
    Attribute,
    Base64Attribute,
    Base64Text,
    Call,
    Element,
    File,
    Files,
    Flag,
    Nested,
    Parameter,
    Text,
)
from efimport.errors import CallError


def parameters(*given: Parameter) -> dict[str, object]:
    body = wire_json.encode(Call("SalesInvoiceGet", given))
    return json.loads(body, parse_float=Decimal)["parameters"]


def test_a_flat_call_is_written_as_the_reference_shows_it() -> None:
    call = Call(
        "SalesInvoiceGet",
        (Parameter("number", Attribute("2026-00417")), Parameter("date", Attribute(date(2026, 3, 2), "Date"))),
    )
    body = wire_json.with_login(wire_json.encode(call), "petra", "0" * 32, 'T"')
    assert json.loads(body) == {
        "username": "petra",
        "md5pass": "0" * 32,
        "token": 'T"',
        "method": "SalesInvoiceGet",
        "parameters": {"number": "2026-00417", "date": "2026-03-02"},
    }


def test_a_body_without_place_holders_gets_no_login() -> None:
    with pytest.raises(CallError):
        wire_json.with_login(b"{}", "a", "b", "c")


def test_a_list_is_an_array_and_a_structure_an_object() -> None:
    lines = tuple(Element("Item", children=(Element("price", Decimal(price)),)) for price in ("10.10", "1E+3"))
    invoice = (
        Element("number", "0308"),
        Element("remarks"),
        Element("isReccurringInvoice", False),
        Element("Address", children=(Element("city", "Brno"),)),
        Element("Items", children=lines),
    )
    assert parameters(Parameter("SalesInvoice", Nested(invoice)))["SalesInvoice"] == {
        "number": "0308",
        "remarks": "",
        "isReccurringInvoice": False,
        "Address": {"city": "Brno"},
        "Items": [{"price": Decimal("10.10")}, {"price": Decimal(1000)}],
    }


def test_files_and_bytes_are_base64() -> None:
    file = {"contents": "YWJj", "fileName": "a.pdf"}
    assert parameters(
        Parameter("a", File(b"abc", "a.pdf")),
        Parameter("b", Files((File(b"abc", "a.pdf"),))),
        Parameter("c", Base64Text(b"abc")),
        Parameter("d", Base64Attribute(b"abc")),
    ) == {"a": file, "b": [file], "c": "YWJj", "d": "YWJj"}


def test_a_flag_is_true_and_a_repeated_parameter_an_array() -> None:
    codes = [Parameter("productCode", Attribute(code)) for code in ("1", "2", "3")]
    assert parameters(Parameter("markDocumentAsSent", Flag()), Parameter("position", Text("top")), *codes) == {
        "markDocumentAsSent": True,
        "position": "top",
        "productCode": ["1", "2", "3"],
    }


def test_an_amount_keeps_its_digits() -> None:
    body = wire_json.encode(Call("A", (Parameter("b", Attribute(Decimal("1234567890123456789.10"))),)))
    assert b":1234567890123456789.10}" in body


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(CallError):
        wire_json.encode(Call("A", (Parameter("b", Attribute(Decimal("NaN"))),)))
