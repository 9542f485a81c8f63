"""Statements as efimport convert writes them come back as they were."""

from __future__ import annotations

import importlib.util
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import efimport
from efimport.cli import tables
from efimport.documents import Origin
from efimport.messages import Catalogue
from efimport.planning.model import Plan, PlannedDocument, PlannedSource

_spec = importlib.util.spec_from_file_location(
    "statements_strategy", Path(__file__).parent.parent / "statements_strategy.py"
)
strategy = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(strategy)
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def as_json(statements):
    documents = tuple(PlannedDocument(document=one, findings=(), call=None) for one in statements)
    source = PlannedSource(
        path="a", sha256=None, size=None, format="gpc", encoding=None, findings=(), documents=documents
    )
    return tables.as_json(Plan(organization=None, site="CZ", sources=(source,)), Catalogue("en"))


WRITERS = {"csv": tables.as_csv, "xlsx": tables.as_xlsx, "json": as_json}


def plain(statement):
    """The statement without where it came from."""
    entries = tuple(msgspec.structs.replace(entry, line=None) for entry in statement.entries)
    return msgspec.structs.replace(
        statement, origin=Origin(path="", format=""), findings=(), attachments=(), entries=entries
    )


def read(content, name="a.csv"):
    documents = efimport.read(content, name=name)
    return list(documents), documents.findings


def survives(form, statements):
    back, findings = read(WRITERS[form](statements))
    assert [plain(one) for one in back] == [plain(one) for one in statements]
    assert [found.code for found in findings] == []


@pytest.mark.parametrize("form", WRITERS)
@FEW
@given(st.lists(strategy.statements(), min_size=1, max_size=2))
def test_every_statement_survives(form, statements):
    survives(form, statements)


@pytest.mark.slow
@pytest.mark.parametrize("form", WRITERS)
@settings(FEW, max_examples=300)
@given(st.lists(strategy.statements(), min_size=1, max_size=2))
def test_every_one_of_many_statements_survives(form, statements):
    survives(form, statements)


def test_a_text_that_begins_like_a_formula_is_guarded_and_comes_back(invented):
    entry = efimport.Entry(position=1, amount=Decimal("50.00"), message="=1+1", counter_name="-novák")
    statement = invented.statement(entries=(entry,))
    content = tables.as_csv([statement])
    assert b"'=1+1" in content
    ((back,), _) = read(content)
    assert (back.entries[0].message, back.entries[0].counter_name) == ("=1+1", "-novák")


def test_a_statement_without_entries_comes_back(invented):
    ((back,), _) = read(tables.as_csv([invented.statement(entries=())]))
    assert (back.entries, back.opening, back.number) == ((), 100, "1")


def test_an_amount_of_many_digits_survives_a_workbook(invented):
    entry = efimport.Entry(position=1, amount=Decimal("12345678901234567.89"))
    ((back,), _) = read(tables.as_xlsx([invented.statement(entries=(entry,))]))
    assert back.entries[0].amount == entry.amount


def csv(invented):
    return tables.as_csv([invented.statement()]).decode()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("80.00", "8o.00", "exchange.value"),
        ("80.00", "NaN", "exchange.value"),
        ("80.00", "", "exchange.no-amount"),
        ("80.00", "80.00,", "exchange.cells"),
        (
            "2026-01-31,100.00,150.00,80.00,30.00,2,2,",
            "2026-01-31,101.00,150.00,80.00,30.00,2,2,",
            "exchange.statement-differs",
        ),
    ],
)
def test_a_damaged_row_is_told(invented, old, new, code):
    text = csv(invented)
    assert old in text
    ((statement,), _) = read(text.replace(old, new).encode())
    assert code in [found.code for found in statement.findings]


def test_a_sound_table_has_nothing_to_tell(invented):
    ((statement,), findings) = read(csv(invented).encode())
    assert (statement.findings, findings) == ((), [])


@pytest.mark.parametrize("rest", [b"", b'], "path": "v\xfdpis.gpc"}'], ids=["cut", "no-utf-8"])
def test_json_that_is_none_is_told(rest):
    content = b'{"schema": "efimport-documents/1", "sources": [' + rest
    assert [one.code for one in read(content)[1]] == ["exchange.json"]


def test_a_statement_in_json_that_cannot_be_read_is_told(invented):
    content = as_json([invented.statement()]).replace(b'"80.00"', b'"x"')
    assert "exchange.document" in [one.code for one in read(content)[1]]


def test_documents_that_are_no_statements_are_named(invented):
    content = as_json([invented.invoice(), invented.statement()])
    documents, findings = read(content)
    assert (len(documents), [one.code for one in findings]) == (1, ["exchange.other-documents"])


@FEW
@given(st.data())
def test_no_damage_is_silent_or_breaks_the_reading(data):
    (statement,) = data.draw(st.tuples(strategy.statements()))
    content = bytearray(tables.as_csv([statement]))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    for document in efimport.read(bytes(content), name="a.csv"):
        for entry in getattr(document, "entries", ()):
            assert entry.amount.is_finite()
