"""Whatever documents a table is made of are read back, in every kind of file."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from xml.sax.saxutils import escape

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from efimport.checks import check
from efimport.checks.context import Context
from efimport.findings import Finding
from efimport.formats.reading import Hints, Own
from efimport.formats.registry import SourceReading
from efimport.sources import Source
from tests.formats.spreadsheet.tables import opendocument

HEAD = ["Číslo faktury", "Datum vystavení", "Odběratel", "Město", "PSČ", "Položka", "Množství", "Cena", "Sazba DPH"]
WORDS = st.text("aábcčdďeéěhklmnňoópqrřsštťuúůvyýzž0123456789/-. ", min_size=1, max_size=12).map(str.strip)
TEXTS = WORDS.filter(lambda text: len(text) > 1 and text[0].isalpha() and not text.startswith(("celk", "sou")))
NUMBERS = st.text("0123456789", min_size=1, max_size=10)
AMOUNTS = st.decimals("-99999.99", "99999.99", places=2)
QUANTITIES = st.decimals("-999.999", "999.999", places=3).filter(bool)
LINES = st.tuples(TEXTS, QUANTITIES, AMOUNTS, st.sampled_from([Decimal(21), Decimal(12), Decimal(0)]))
INVOICES = st.lists(
    st.tuples(
        NUMBERS,
        st.dates(dt.date(2015, 1, 1), dt.date(2026, 12, 31)),
        TEXTS,
        TEXTS,
        st.text("0123456789", min_size=5, max_size=5),
        st.lists(LINES, min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda invoice: invoice[0],
)


def rows_of(invoices):
    for number, day, name, city, code, lines in invoices:
        for text, quantity, price, rate in lines:
            yield [number, day, name, city, code, text, quantity, price, rate]


def written(value):
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    return f"{value.day}.{value.month}.{value.year}" if isinstance(value, dt.date) else value


def as_csv(rows, encoding="utf-8"):
    lines = [HEAD, *([written(value) for value in row] for row in rows)]
    return "\r\n".join(";".join(line) for line in lines).encode(encoding)


def as_xlsx(rows):
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods_cell(value):
    if isinstance(value, Decimal):
        kind, text = f'"float" office:value="{value:f}"', f"{value:f}"
    elif isinstance(value, dt.date):
        kind, text = f'"date" office:date-value="{value}"', str(value)
    else:
        kind, text = '"string"', escape(value)
    return f"<table:table-cell office:value-type={kind}><text:p>{text}</text:p></table:table-cell>"


def as_ods(rows):
    body = "".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows)
    return opendocument([HEAD], body)


FILES = {
    "utf-8.csv": as_csv,
    "cp1250.csv": lambda rows: as_csv(rows, "cp1250"),
    "a.xlsx": as_xlsx,
    "a.ods": as_ods,
}


def read(content, name):
    reading = SourceReading(Source(name, content), Own(site="CZ"), hints=Hints(mappings=("invoices",)))
    return list(reading)


@pytest.mark.parametrize("name", FILES)
@given(invoices=INVOICES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_table_made_of_invoices_is_read_back(name, invoices):
    rows = list(rows_of(invoices))
    items = read(FILES[name](rows), name)
    assert not [one for one in items if isinstance(one, Finding)]
    back = [
        (
            one.number,
            one.date,
            one.customer.name,
            one.customer.address.city,
            one.customer.address.postal_code,
            [(line.description, line.quantity, line.unit_price, line.vat_rate) for line in one.lines],
        )
        for one in items
    ]
    assert back == invoices
    for one in items:
        assert {found.code for found in one.findings if found.is_error} == set()
        assert one.payable == sum(row.total for row in one.vat_summary)
        told = check(one, Context(own=Own(site="CZ"), today=dt.date(2026, 3, 1)))
        assert not [found.code for found in told if found.code.endswith("mismatch")]


@given(rows=st.lists(st.lists(st.text(max_size=8), max_size=9), max_size=12))
@settings(max_examples=60, deadline=None)
def test_whatever_stands_below_the_headings_raises_nothing(rows):
    text = "\n".join(
        [";".join(HEAD), *(";".join(cell.replace(";", "").replace("\n", "") for cell in row) for row in rows)]
    )
    for item in read(text.encode("utf-8", "replace"), "a.csv"):
        assert item is not None
