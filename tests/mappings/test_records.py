"""Mapping files of documents: what they may say, what is said of a wrong one, and the fields of each target."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from efimport.documents import Invoice, Line, Order, Partner, Party, Product
from efimport.errors import MappingError
from efimport.formats.spreadsheet.names import folded
from efimport.mappings import RecordMapping, built_in_mappings, codes, named_mapping, parse_mapping, records
from efimport.mappings.targets import TARGETS, target_fields

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "mappings.md").read_text(encoding="utf-8")

INVOICES = """title = "Faktury"
target = "invoices"
[header]
required = ["Číslo", "Datum"]
[columns]
number = "Číslo"
date = "Datum"
payable = "Celkem"
"""
PRODUCTS = """title = "Zboží"
target = "products"
[header]
required = ["Kód"]
[columns]
code = "Kód"
name = "Název"
vat_rate = "DPH"
"""


def parsed(text):
    mapping = parse_mapping(text, Path("mine.toml"))
    assert isinstance(mapping, RecordMapping)
    return mapping


def test_a_mapping_knows_its_file_and_the_lines_of_its_keys():
    mapping = parsed(INVOICES)
    assert (mapping.name, mapping.path, mapping.is_built_in) == ("mine", "mine.toml", False)
    assert (mapping.line_of("columns.date"), mapping.line_of("lines.unit", "columns"), mapping.line_of("vat")) == (
        7,
        5,
        None,
    )


@pytest.mark.parametrize(
    ("base", "change", "line", "reason"),
    [
        (INVOICES, ('date = "Datum"', 'dates = "Datum"'), 7, "no field 'dates' of invoices (did you mean date?)"),
        (INVOICES, ('date = "Datum"', 'unit = "Datum"'), 7, "unit is of a line, and belongs to [lines]"),
        (
            INVOICES,
            ('payable = "Celkem"', '[lines]\nnumber = "X"'),
            9,
            "number is of the document, and belongs to [columns]",
        ),
        (INVOICES, ('date = "Datum"', ""), 5, "date is needed"),
        (INVOICES, ('number = "Číslo"', ""), 5, "number is needed"),
        (INVOICES, ('payable = "Celkem"', ""), 5, "one of total_without_vat, total_with_vat, payable is needed"),
        (
            INVOICES,
            ('payable = "Celkem"', '[lines]\nunit_price = "Cena"'),
            8,
            "one of description, product_code is needed",
        ),
        (
            INVOICES,
            ('payable = "Celkem"', '[lines]\ndescription = "Text"'),
            8,
            "one of unit_price, unit_price_with_vat",
        ),
        (INVOICES, ("[columns]", "[colums]"), 5, "there is no key 'colums' (did you mean columns?)"),
        (INVOICES, ("[header]", "[header]\nclose = true"), 4, "there is no key 'close' (did you mean closed?)"),
        (INVOICES, ('"invoices"', '"invoice"'), 2, "did you mean invoices?"),
        (INVOICES, ("[header]", 'path = "x"\n[header]'), 3, "the name of the file"),
        (INVOICES, ("[header]", 'optional = ["colour"]\n[header]'), 3, "no field 'colour'"),
        (INVOICES, ("[columns]", '[words.number]\na = ["b"]\n[columns]'), 5, "number is code"),
        (INVOICES, ("[columns]", '[words.currency]\nkoruna = ["b"]\n[columns]'), 6, "'koruna' is none of CZK"),
        (INVOICES, ("[columns]", '[words.vat_rate]\nhigh = ["b"]\n[columns]'), 6, "'high' is none of 21"),
        (INVOICES, ("[columns]", '[words.reverse_charge]\nyes = ["b"]\n[columns]'), 6, "'yes' is none of true, false"),
        (INVOICES, ("[columns]", '[words.kind]\nbill = ["b"]\n[columns]'), 6, "'bill' is none of invoice"),
        (INVOICES, ("[columns]", '[defaults]\nkind = "bill"\n[columns]'), 6, "'bill' is none of invoice"),
        (INVOICES, ("[columns]", '[defaults]\ncolour = "blue"\n[columns]'), 6, "no field 'colour'"),
        (
            INVOICES,
            ("[columns]", '[service]\n"a.b.c" = "X"\n[columns]'),
            6,
            "the name of an element is made of letters",
        ),
        (INVOICES, ("[columns]", '[line_service]\ncost_position = "X"\n[columns]'), 6, "the name of an element"),
        (
            INVOICES,
            ("[columns]", '[[vat]]\nrate = "dvacet"\nbase = "Z"\n[columns]'),
            6,
            "'dvacet' is no rate in percent",
        ),
        (INVOICES, ("[columns]", '[[vat]]\nrate = "210"\nbase = "Z"\n[columns]'), 6, "'210' is no rate in percent"),
        (INVOICES, ("[columns]", '[[vat]]\nrate = "21"\nvat = "Z"\n[columns]'), 5, "it needs 'base' or 'total'"),
        (
            INVOICES,
            ("[columns]", '[[vat]]\nrate = "21"\nbase = "Z"\n[lines]\ndescription = "T"\nunit_price = "C"\n[columns]'),
            5,
            "with [lines] it is a line",
        ),
        (
            INVOICES,
            ("[columns]", '[[preamble]]\nfield = "date"\nlabel = "Dne"\n[columns]'),
            10,
            "given twice: here and by [[preamble[0]]]",
        ),
        (INVOICES, ("[columns]", '[[preamble]]\nfield = "colour"\nlabel = "B"\n[columns]'), 5, "no field 'colour'"),
        (INVOICES, ("[columns]", '[[preamble]]\nfield = "text"\n[columns]'), 5, "it needs 'label' or 'pattern'"),
        (INVOICES, ('date = "Datum"', 'date = { names = ["D"], number = 1 }'), 7, "exactly one of"),
        (INVOICES, ('date = "Datum"', 'date = "Datum"\ndate = "Den"'), None, "line 8"),
        (PRODUCTS, ('vat_rate = "DPH"', ""), 5, "vat_rate is needed"),
        (PRODUCTS, ('name = "Název"', ""), 5, "one of name, description is needed"),
        (PRODUCTS, ("[columns]", '[[vat]]\nrate = "21"\nbase = "Z"\n[columns]'), 5, "only invoices and orders"),
        (
            PRODUCTS,
            ("[header]", 'direction = "received"\n[header]'),
            3,
            "only invoices and orders are issued or received",
        ),
        (PRODUCTS, ("[columns]", '[lines]\ncolour = "MJ"\n[columns]'), 6, "no field 'colour'"),
        (PRODUCTS, ('"products"', '"partners"'), 8, "no field 'vat_rate' of partners"),
    ],
)
def test_a_wrong_mapping_is_refused_with_file_line_and_reason(base, change, line, reason):
    assert change[0] in base
    with pytest.raises(MappingError) as caught:
        parsed(base.replace(*change, 1))
    text = str(caught.value)
    assert "mine.toml" in text
    assert reason in text
    if line is not None:
        assert f"line {line}" in text


def test_a_default_may_stand_for_what_is_needed():
    assert parsed(PRODUCTS.replace('vat_rate = "DPH"', '[defaults]\nvat_rate = "21"')).defaults == {"vat_rate": "21"}


def test_built_in_mappings_are_found_by_the_name_of_their_target():
    assert [named_mapping(target) for target in TARGETS] == list(built_in_mappings())
    assert named_mapping("fio").name == "fio"


def test_a_name_that_is_nearly_right_is_told():
    with pytest.raises(MappingError, match="Did you mean: partners"):
        named_mapping("partner")


@pytest.mark.parametrize("target", TARGETS)
def test_no_heading_is_known_for_two_fields(target):
    fields = target_fields(target)
    owners = {}
    for name, field in {**fields.document, **fields.line}.items():
        for heading in field.headings:
            owners.setdefault(folded(heading), set()).add(name)
    assert {heading: names for heading, names in owners.items() if len(names) > 1} == {}


@pytest.mark.parametrize("target", TARGETS)
def test_no_word_means_two_things(target):
    fields = target_fields(target)
    for field in (*fields.document.values(), *fields.line.values()):
        words = [folded(word) for ours, others in field.choices.items() for word in (ours, *others)]
        assert [word for word in words if words.count(word) > 1] == []


@pytest.mark.parametrize("target", TARGETS)
def test_every_choice_has_words_and_every_field_its_headings(target):
    fields = target_fields(target)
    for name, field in {**fields.document, **fields.line}.items():
        assert {"en", "cs", "sl", "hr"} <= set(field.names), name
        assert (field.type == "choice") == bool(field.choices), name
    assert all(fields.field(name) for group in (*fields.needs, fields.shows) for name in group)
    assert fields.sheets


HEADS = {"invoices": Invoice, "orders": Order, "partners": Partner, "products": Product}
MADE = {"unit_price_with_vat", "price_with_vat", "price_without_vat", "partner", "bank_account", "advance"}
"""Attributes that are made into others: see the builder of documents."""


@pytest.mark.parametrize("target", TARGETS)
def test_every_field_goes_to_an_attribute_that_there_is(target):
    fields = target_fields(target)
    for part, struct in ((fields.document, HEADS[target]), (fields.line, Line)):
        for field in part.values():
            first, *inner = field.to.split(".")
            assert first in struct.__struct_fields__ or first in MADE, field.to
            if inner and first in ("partner", "party", "delivery", "invoicing"):
                assert inner[0] in Party.__struct_fields__


def test_payment_methods_are_those_that_payloads_know():
    choices = set(target_fields("invoices").document["payment_method"].choices)
    assert choices == set(target_fields("orders").document["payment_method"].choices)
    assert choices <= set(codes("service")["method_of_payment"])


def test_limits_are_those_of_percent():
    field = target_fields("products").document["vat_rate"]
    assert (Decimal(field.least), Decimal(field.most)) == (0, 100)


def test_every_key_is_told_in_the_documentation():
    parts = [
        part
        for part in vars(records).values()
        if isinstance(part, type) and issubclass(part, msgspec.Struct) and part.__struct_fields__
    ]
    keys = {name for part in parts for name in part.__struct_fields__} - {"name", "path", "places"}
    assert {key for key in keys if f"`{key}" not in PAGE and f"{key} = " not in PAGE and f"[{key}" not in PAGE} == set()


def test_the_examples_of_the_documentation_are_mapping_files():
    examples = [text for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) if 'target = "invoices"' in text]
    assert len(examples) == 2
    assert [parsed(text).target for text in examples] == ["invoices", "invoices"]


@pytest.mark.parametrize("target", TARGETS)
def test_every_field_is_told_in_the_documentation(target):
    fields = target_fields(target)
    section = PAGE.split(f"### `{target}`")[1].split("\n#")[0]
    told = set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE))
    assert told == {*fields.document, *fields.line}


@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        (('date = "Datum"', "date = 3"), 7, "columns.date: a whole number without quotation marks stands there"),
        (('"invoices"', '"invoices"\ndirection = "out"'), 3, "'out' is none of issued, received"),
        (("[columns]", '[[vat]]\nrate = "0.21"\nbase = "Z"\n[columns]'), 6, "'0.21' is no rate in percent"),
        (("[columns]", '[[vat]]\nrate = 21\nbase = "Z"\n[columns]'), 6, "expected is: a text in quotation marks"),
    ],
)
def test_what_is_wrong_is_told_in_words(change, line, reason):
    with pytest.raises(MappingError) as caught:
        parse_mapping(INVOICES.replace(*change), Path("mine.toml"))
    assert f"line {line}, " in str(caught.value)
    assert reason in str(caught.value)
