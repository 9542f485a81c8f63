"""Whatever stands in the cells of a table of documents raises nothing, and nothing is lost in silence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.documents import Order
from efimport.findings import Finding
from efimport.formats.spreadsheet.records import documents_of
from efimport.formats.tables.model import Row, Table
from efimport.mappings import named_mapping
from efimport.mappings.targets import TARGETS, target_fields

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=6),
    st.sampled_from(
        ["21 %", "1 234,50", "1.2.2026", "ano", "Celkem", "CZ", "Kč", "-", '="007"', "#REF!", "1E+9", "1.234"]
    ),
    st.decimals(-(10**12), 10**12, places=3),
    st.decimals(-(10**60), 10**60, places=0),
    st.dates(),
    st.datetimes(),
    st.times(),
)


@pytest.mark.parametrize("target", TARGETS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_no_cell_raises_anything(target, data):
    fields = target_fields(target)
    every = {**fields.document, **fields.line}
    needed = [name for group in (*fields.needs, fields.shows) for name in group[:1]]
    names = [
        *needed,
        *data.draw(st.lists(st.sampled_from([one for one in every if one not in needed]), unique=True, max_size=8)),
    ]
    rows = data.draw(st.lists(st.tuples(*(CELLS for _ in names)), max_size=6))
    head = Row(1, tuple(fields.field(name).names["en"] for name in names))
    table = Table(rows=(head, *(Row(number, cells) for number, cells in enumerate(rows, 2))), sheet="Sheet1")
    for item in documents_of(table, named_mapping(target)):
        assert isinstance(item, Finding) or item.origin.version == target


@given(
    numbers=st.lists(st.sampled_from(["1", "2", "3", None, ""]), min_size=1, max_size=12),
)
@settings(max_examples=80, deadline=None)
def test_every_line_is_in_a_document_or_is_told(numbers):
    head = ("Order number", "Date", "Item", "Unit price", "VAT %")
    rows = [(number, "1.2.2026", f"line {index}", "1,50", "21") for index, number in enumerate(numbers)]
    table = Table(rows=tuple(Row(number, cells) for number, cells in enumerate([head, *rows], 1)))
    items = list(documents_of(table, named_mapping("orders")))
    lines = [line.description for item in items if isinstance(item, Order) for line in item.lines]
    told = [item for item in items if isinstance(item, Finding)]
    assert len(lines) + len(told) == len(rows)
    assert len(set(lines)) == len(lines)
