"""The rules of the published Schematron, every element of them, also where the published file itself stops early."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from efimport.formats.isdoc.vocabulary import TWINS

RICH = {"taxed": True, "untaxed": Decimal("5.00"), "rounding": Decimal("0.10")}


def said(read_one, content, code):
    return [one for one in read_one(content).findings if one.code == code]


def test_the_amounts_with_a_twin_are_those_of_the_published_rules(shared):
    published = (shared("schemas/isdoc/schematron") / "isdoc-6.0.2.sch").read_text(encoding="utf-8")
    assert {*re.findall(r"isdoc:(\w+)Curr\b", published)} == set(TWINS)


@pytest.mark.parametrize("name", sorted(TWINS))
def test_each_amount_of_a_document_in_foreign_currency_needs_its_twin(build, read_one, name):
    content = build(**RICH, rate=Decimal("25.00"))
    cut, times = re.subn(f"<{name}Curr>[^<]*</{name}Curr>".encode(), b"", content, count=1)
    assert times == 1
    (found,) = said(read_one, cut, "isdoc.currency-twin-missing")
    assert found.message.arguments["name"] == name
    assert said(read_one, content, "isdoc.currency-twin-missing") == []


@pytest.mark.parametrize("name", sorted(TWINS))
def test_no_amount_of_a_document_at_home_has_one(build, read_one, name):
    content, times = re.subn(f"(<{name}>)".encode(), f"<{name}Curr>1</{name}Curr>\\1".encode(), build(**RICH), count=1)
    assert times == 1
    (found,) = said(read_one, content, "isdoc.currency-twin-unexpected")
    assert found.message.arguments["name"] == f"{name}Curr"
    assert said(read_one, build(**RICH), "isdoc.currency-twin-unexpected") == []


@pytest.mark.parametrize("document_type", list("1234567"))
@pytest.mark.parametrize("written", ["full", "empty list", "empty number", "none"])
def test_corrections_name_what_they_correct(build, read_one, document_type, written):
    content = build(document_type=document_type, original="FV-7")
    start, end = content.index(b"<OriginalDocumentReferences>"), content.index(b"</OriginalDocumentReferences>") + 29
    lists = {
        "full": content[start:end],
        "empty list": b"<OriginalDocumentReferences/>",
        "empty number": content[start:end].replace(b"FV-7", b""),
        "none": b"",
    }
    found = said(read_one, content[:start] + lists[written] + content[end:], "isdoc.original-reference-missing")
    assert bool(found) is (document_type in "236" and written != "full")


@pytest.mark.parametrize(
    ("quantities", "units", "codes"),
    [
        (("0.1", "0.2"), ("ks", "ks"), set()),
        (("0.1", "0.2"), (None, None), set()),
        (("0.1", "0.2"), ("ks", None), set()),
        (("0.1", "0.2"), ("ks", "kg"), {"isdoc.batch-unit"}),
        (("0.1", "0.2"), ("kg", "kg"), {"isdoc.batch-unit"}),
        (("0.1", "0.3"), ("ks", "ks"), {"isdoc.batch-quantity"}),
        (("0.300",), ("ks",), set()),
    ],
)
def test_batches_have_the_unit_of_the_line_and_make_its_quantity(build, read_one, quantities, units, codes):
    marks = ["" if unit is None else f' unitCode="{unit}"' for unit in units]
    batches = "".join(
        f"<StoreBatch><Name>A</Name><Quantity{mark}>{quantity}</Quantity>"
        "<BatchOrSerialNumber>B</BatchOrSerialNumber></StoreBatch>"
        for quantity, mark in zip(quantities, marks, strict=True)
    )
    lines = ((Decimal("0.3"), Decimal("100.00"), Decimal(21)),)
    content = build(lines=lines).replace(b"</Item>", f"<StoreBatches>{batches}</StoreBatches></Item>".encode())
    assert {one.code for one in read_one(content).findings} == codes


def test_batches_of_a_line_without_a_quantity_do_not_make_it(build, read_one):
    batch = "<StoreBatch><Name>A</Name><Quantity>2</Quantity><BatchOrSerialNumber>B</BatchOrSerialNumber></StoreBatch>"
    content = build().replace(b"</Item>", f"<StoreBatches>{batch}</StoreBatches></Item>".encode(), 1)
    content = re.sub(rb"<InvoicedQuantity.*?</InvoicedQuantity>", b"", content, count=1)
    assert said(read_one, content, "isdoc.batch-quantity")


@pytest.mark.parametrize(
    ("present", "wrong"),
    [
        (("Sellers",), False),
        (("Sellers", "SecondarySellers"), False),
        (("Sellers", "SecondarySellers", "TertiarySellers"), False),
        (("SecondarySellers",), True),
        (("Sellers", "TertiarySellers"), True),
        (("SecondarySellers", "TertiarySellers"), True),
        ((), False),
    ],
)
def test_a_further_code_of_an_item_needs_the_ones_before_it(build, read_one, present, wrong):
    written = "".join(f"<{name}ItemIdentification><ID>1</ID></{name}ItemIdentification>" for name in present)
    content = re.sub(
        rb"<SellersItemIdentification>.*?</SellersItemIdentification>",
        written.encode(),
        build(),
        count=1,
        flags=re.DOTALL,
    )
    assert bool(said(read_one, content, "isdoc.item-identification")) is wrong


@pytest.mark.parametrize(
    ("header", "line", "wrong"),
    [("false", "true", True), ("false", "false", False), ("true", "false", False), ("true", "true", False)],
)
def test_without_vat_in_the_header_no_line_has_it_and_not_the_other_way_round(build, read_one, header, line, wrong):
    content = build(vat_applicable=header).replace(
        b"</VATCalculationMethod>", f"</VATCalculationMethod><VATApplicable>{line}</VATApplicable>".encode()
    )
    assert bool(said(read_one, content, "isdoc.vat-applicable")) is wrong
