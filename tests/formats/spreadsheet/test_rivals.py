"""No two of the mapping files that ship claim the same table."""

from __future__ import annotations

import re

import pytest

from efimport.formats.spreadsheet.cells import as_column
from efimport.formats.spreadsheet.choosing import choose
from efimport.formats.spreadsheet.layout import known_columns
from efimport.formats.tables.model import Row, Table
from efimport.mappings import RecordMapping, shipped_mappings

EXAMPLES = ("Částka CZK", "Amount (EUR)", "Created (UTC)", "Available On (UTC)", "created_utc", "available_on_utc")
"""Names that the regular expressions for names describe."""

WIDTH = 30
NAMED = [one for one in shipped_mappings() if one.header.required]


def name_of(column):
    """One name that a column has, be it by a regular expression; None for a column without a name."""
    names = as_column(column).names
    if not names or not names[0].startswith("/"):
        return names[0] if names else None
    return next(one for one in EXAMPLES if re.fullmatch(names[0][1:-1], one, re.IGNORECASE))


def table(columns):
    names = list(dict.fromkeys(name for name in map(name_of, columns) if name is not None))
    # Some columns are known by their number alone.
    names += [f"?{number}" for number in range(len(names), WIDTH)]
    return Table(rows=(Row(1, tuple(names)), Row(2, ("",) * len(names))), delimiter=";")


def dated_and_counted(mapping):
    if isinstance(mapping, RecordMapping):
        return list(mapping.header.required)
    amount, columns = mapping.amount, mapping.columns
    wanted = (*mapping.header.required, amount.column, amount.credit, amount.debit, columns.date or columns.value_date)
    return [one for one in wanted if one is not None]


@pytest.mark.parametrize("mapping", NAMED, ids=lambda one: one.name)
def test_the_required_columns_alone_are_claimed_by_one_mapping(mapping):
    chosen = choose(table(dated_and_counted(mapping)), ())
    assert chosen is not None
    assert chosen.rivals == ()


@pytest.mark.parametrize("mapping", NAMED, ids=lambda one: one.name)
def test_all_columns_of_a_mapping_are_claimed_by_it(mapping):
    chosen = choose(table([*dated_and_counted(mapping), *known_columns(mapping)]), ())
    assert chosen is not None
    assert (chosen.layout.mapping.name, chosen.rivals) == (mapping.name, ())
