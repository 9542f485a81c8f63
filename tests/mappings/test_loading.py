"""Mapping files: what they may say, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from efimport.errors import MappingError
from efimport.mappings import codes, data_folder, load_mapping, parse_mapping, shipped_mappings
from efimport.mappings.parts import Column
from efimport.mappings.statements import StatementMapping

SMALLEST = """
title = "A table"
target = "statement"
[header]
required = ["Day", "Amount"]
[amount]
column = "Amount"
[columns]
date = "Day"
"""


def parsed(text: str) -> StatementMapping:
    return parse_mapping(text, Path("mine.toml"))


def test_the_smallest_mapping_is_named_after_its_file():
    mapping = parsed(SMALLEST)
    assert (mapping.name, mapping.title, mapping.columns.date) == ("mine", "A table", "Day")


def test_a_column_is_a_name_or_several_or_a_table():
    mapping = parsed(SMALLEST + 'message = ["Text", "Note"]\ncounter_name = { number = 3 }\n')
    assert mapping.columns.message == ("Text", "Note")
    assert mapping.columns.counter_name == Column(number=3)


@pytest.mark.parametrize(
    ("change", "key", "reason"),
    [
        (("[amount]", "[amounts]"), "", "there is no key 'amounts'"),
        (('column = "Amount"', 'colum = "Amount"'), "amount", "there is no key 'colum'"),
        (('date = "Day"', 'day = "Day"'), "columns", "there is no key 'day'"),
        (
            ('target = "statement"', 'target = "invoice"'),
            "target",
            "it is one of statement, invoices, orders, partners, products, not 'invoice' (did you mean invoices",
        ),
        (('target = "statement"', ""), "target", "not None"),
        (('title = "A table"', 'title = "A"\nname = "other"'), "name", "the name of the file"),
        (('title = "A table"', ""), "", "the key 'title' is needed"),
        (('date = "Day"', ""), "columns", "needs 'date' or 'value_date'"),
        (('date = "Day"', 'date = { names = ["Day"], number = 1 }'), "columns.date", "exactly one of"),
        (('date = "Day"', "date = { number = 0 }"), "columns.date", "counted from 1"),
        (('date = "Day"', 'date = { names = ["Day"], occurrence = 0 }'), "columns.date", "counted from 1"),
        (
            ('date = "Day"', 'date = { names = ["Day"], dates = ["DD.MM"] }'),
            "columns.date.dates",
            "no pattern of a day",
        ),
        (
            ('date = "Day"', 'date = { names = ["Day"], pattern = "(" }'),
            "columns.date.pattern",
            "no regular expression",
        ),
        (('date = "Day"', 'date = "/(/"'), "columns.date", "no regular expression"),
        (('date = "Day"', 'date = { header = "Day" }'), "columns.date.header", "exactly one group"),
        (('date = "Day"', 'date = { names = ["Day"], decimal = ";" }'), "columns.date", "';' is none of ,, ."),
        (('column = "Amount"', ""), "amount", "either 'column', or 'credit' and 'debit'"),
        (('column = "Amount"', 'credit = "Amount"'), "amount", "either 'column', or 'credit' and 'debit'"),
        (('column = "Amount"', 'column = "A"\ncredit = "B"\ndebit = "C"'), "amount", "either 'column'"),
        (
            ('column = "Amount"', 'credit = "B"\ndebit = "C"\ndirection = { column = "D", credit = [], debit = [] }'),
            "amount",
            "belongs to a 'column'",
        ),
        (('required = ["Day", "Amount"]', ""), "header", "either 'required'"),
        (('required = ["Day", "Amount"]', "columns = 3"), "header", "either 'required'"),
        (
            ('required = ["Day", "Amount"]', 'columns = 3\nshapes = [{ number = 4, shape = "day" }]'),
            "header.shapes[0]",
            "no column 4",
        ),
        (
            ('required = ["Day", "Amount"]', "columns = 3\nshapes = [{ number = 1 }]"),
            "header.shapes[0]",
            "either 'shape' or 'values'",
        ),
        (("[header]", '[file]\nencodings = ["latin-99"]\n[header]'), "file.encodings", "no encoding 'latin-99'"),
        (("[header]", '[file]\ndelimiters = ["::"]\n[header]'), "file.delimiters", "not one sign"),
        (("[header]", '[file]\nrejoin = ""\n[header]'), "file.rejoin", "not one sign"),
        (("[header]", "[file]\ndates = []\n[header]"), "file.dates", "names no pattern"),
        (("[header]", '[file]\ndates = ["DD.MM.YYYY", "monthly"]\n[header]'), "file.dates", "no pattern of a day"),
        (("[header]", '[file]\nfooter = ["*"]\n[header]'), "file.footer[0]", "no regular expression"),
        (("[header]", '[[preamble]]\nfield = "opening"\n[header]'), "preamble[0]", "'label' or 'pattern'"),
        (("[header]", '[[preamble]]\nlabel = "x"\n[header]'), "preamble[0]", "it needs 'field'"),
        (("[header]", '[[footer]]\nfield = "colour"\nlabel = "x"\n[header]'), "footer[0]", "no value 'colour'"),
        (("[header]", "[[file_name]]\npattern = '(?P<size>x)'\n[header]"), "file_name[0]", "no value 'size'"),
        (
            ("[header]", '[[preamble]]\nfield = "account"\npattern = "x"\n[header]'),
            "preamble[0].pattern",
            "needs a group",
        ),
        (
            ("[header]", '[[symbols]]\nfield = "colour"\nsources = ["message"]\npattern = "(x)"\n[header]'),
            "symbols[0].field",
            "it is one of",
        ),
        (
            ("[header]", '[[symbols]]\nfield = "variable_symbol"\nsources = ["date"]\npattern = "(x)"\n[header]'),
            "symbols[0].sources",
            "it is made of",
        ),
        (
            ("[header]", '[[symbols]]\nfield = "variable_symbol"\nsources = ["message"]\npattern = "x"\n[header]'),
            "symbols[0].pattern",
            "needs a group",
        ),
        (
            ("[header]", '[[fees]]\ncolumn = "Fee"\nsign = "plus"\n[header]'),
            "fees",
            "'plus' is none of as-written, cost",
        ),
        (("[header]", '[[skip]]\ncolumns = "State"\n[header]'), "skip", "there is no key 'columns'"),
        (("[header]", "[header"), "", "Expected ']'"),
    ],
)
def test_a_wrong_mapping_is_refused_with_file_key_and_reason(change, key, reason):
    with pytest.raises(MappingError) as caught:
        parsed(SMALLEST.replace(*change))
    text = str(caught.value)
    assert "mine.toml" in text
    assert f"{key}" in text
    assert reason in text


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(MappingError, match="No such file"):
        load_mapping(tmp_path / "none.toml")


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "a.toml"
    path.write_bytes('title = "Částka"'.encode("cp1250"))
    with pytest.raises(MappingError, match="not written in UTF-8"):
        load_mapping(path)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(SMALLEST, encoding="utf-8-sig")
    assert load_mapping(path).name == "a"


def test_every_shipped_mapping_says_what_its_evidence_is():
    shipped = shipped_mappings()
    assert "fio" in [one.name for one in shipped]
    assert all(one.evidence and one.evidence_note and one.title for one in shipped)


def test_tables_of_codes_are_still_found():
    assert data_folder("mappings").is_dir()
    assert codes("service")


def test_every_key_is_told_in_the_documentation():
    import msgspec

    from efimport.mappings import statements

    page = (Path(__file__).resolve().parents[2] / "docs" / "mappings.md").read_text(encoding="utf-8")
    parts = [
        part
        for part in vars(statements).values()
        if isinstance(part, type) and issubclass(part, msgspec.Struct) and part.__struct_fields__
    ]
    keys = {name for part in parts for name in part.__struct_fields__} - {"name"}
    assert {key for key in keys if f"`{key}`" not in page and f"{key} = " not in page and f"`{key} " not in page} - {
        # Sections and arrays of tables, which the page tells by their headings.
        key
        for key in keys
        if f"[{key}]" in page
    } == set()
