"""Arbitrary statements written as tables and read back; damage, which is never a traceback or a wrong total."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.documents import Statement
from efimport.formats.reading import Hints
from efimport.formats.registry import SourceReading
from efimport.formats.spreadsheet.draft import draft
from efimport.mappings import parse_mapping
from efimport.sources import Source
from tests.formats.spreadsheet.tables import mapping

RULE = mapping(
    header='required = ["Den", "Částka", "Zůstatek"]',
    amount='column = "Částka"',
    columns='date = "Den"\nvariable_symbol = "VS"\ncounter_account = "Protiúčet"\nmessage = "Zpráva"',
    file='encodings = ["windows-1250"]\ndecimal = ","\ndates = ["DD.MM.YYYY"]',
    more='[balance]\nafter = "Zůstatek"\n'
    '[[preamble]]\nfield = "opening"\nlabel = "Počáteční zůstatek"\n'
    '[[preamble]]\nfield = "closing"\nlabel = "Konečný zůstatek"\n',
)
HEADER = ["Den", "Částka", "Zůstatek", "VS", "Protiúčet", "Zpráva"]

hundredths = st.integers(-10_000_000, 10_000_000)
texts = st.text("abcč řž;,\"'.12", max_size=12)
days = st.dates(min_value=dt.date(2020, 1, 1), max_value=dt.date(2030, 12, 31))
rows = st.lists(st.tuples(hundredths, texts, st.integers(0, 9_999_999_999)), min_size=1, max_size=12)


def written(amount: Decimal, group: str = "") -> str:
    whole, fraction = f"{abs(amount):.2f}".split(".")
    grouped = f"{int(whole):,}".replace(",", group)
    return f"{'-' if amount < 0 else ''}{grouped},{fraction}"


def made(data, first_day, opening: Decimal, *, newest_first: bool, delimiter: str, group: str) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
    balance = opening
    lines = []
    for number, (cents, text, symbol) in enumerate(data):
        amount = Decimal(cents) / 100
        balance += amount
        day = first_day.fromordinal(first_day.toordinal() + number)
        account = "19-2000145399/0800"
        lines.append(
            [f"{day:%d.%m.%Y}", written(amount, group), written(balance, group), f"{symbol:010d}", account, text]
        )
    writer.writerow(["Počáteční zůstatek", written(opening, group)])
    writer.writerow(["Konečný zůstatek", written(balance, group)])
    writer.writerow(HEADER)
    writer.writerows(reversed(lines) if newest_first else lines)
    return stream.getvalue()


def read(content: bytes, rule: str = RULE, name: str = "a.csv") -> list[object]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mine.toml"
        path.write_text(rule, encoding="utf-8")
        return list(SourceReading(Source(name, content), hints=Hints(mappings=(str(path),))))


@settings(max_examples=80, deadline=None)
@given(
    rows,
    days,
    hundredths,
    st.booleans(),
    st.sampled_from(";\t|,"),
    st.sampled_from(["", " ", "\u00a0", "."]),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1250", "utf-16"]),
)
def test_what_is_written_is_read_back(data, first_day, opening, newest_first, delimiter, group, encoding):
    start = Decimal(opening) / 100
    text = made(data, first_day, start, newest_first=newest_first, delimiter=delimiter, group=group)
    [statement] = read(text.encode(encoding))
    assert isinstance(statement, Statement)
    assert [one.code for one in statement.findings if one.is_error] == []
    assert statement.opening == start
    assert statement.opening + statement.credit - statement.debit == statement.closing
    assert [entry.amount for entry in statement.entries] == [Decimal(cents) / 100 for cents, _, _ in data]
    assert [entry.variable_symbol for entry in statement.entries] == [
        str(symbol) if symbol else None for _, _, symbol in data
    ]
    assert [entry.message or "" for entry in statement.entries] == [text.strip() for _, text, _ in data]


SAMPLE_ROWS = [(-12_345, "nájem; březen", 308), (200_000, "faktura", 2026001), (-100, "poplatek", 0), (-5_000, "x", 7)]
SAMPLE = made(
    SAMPLE_ROWS,
    dt.date(2026, 2, 27),
    Decimal("1000.00"),
    newest_first=False,
    delimiter=";",
    group="",
).encode("cp1250")
AMOUNTS = [Decimal(cents) / 100 for cents, _, _ in SAMPLE_ROWS]


def is_safe(items: list[object]) -> bool:
    """Whether every statement is right in its amounts, or held back, or visibly out of balance."""
    for item in items:
        if not isinstance(item, Statement) or item.origin.format != "spreadsheet":
            continue
        held = any(one.is_error for one in item.findings)
        balanced = (
            item.opening is not None
            and item.closing is not None
            and item.opening + item.credit - item.debit == item.closing
        )
        if not held and balanced and sorted(entry.amount for entry in item.entries) != sorted(AMOUNTS):
            return False
    return True


def test_the_sample_is_good():
    [statement] = read(SAMPLE)
    assert [entry.amount for entry in statement.entries] == AMOUNTS
    assert [one for one in statement.findings if one.is_error] == []


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255))
def test_one_changed_byte_never_makes_a_wrong_total_in_silence(place, byte):
    assert is_safe(read(SAMPLE[:place] + bytes([byte]) + SAMPLE[place + 1 :]))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(SAMPLE)), st.integers(0, 40))
def test_a_missing_piece_never_makes_a_wrong_total_in_silence(place, length):
    assert is_safe(read(SAMPLE[:place] + SAMPLE[place + length :]))


@pytest.mark.parametrize("missing", range(3, 7))
def test_a_missing_line_is_noticed(missing):
    lines = SAMPLE.splitlines(keepends=True)
    [statement] = read(b"".join(lines[:missing] + lines[missing + 1 :]))
    broken = statement.opening + statement.credit - statement.debit != statement.closing
    assert broken or any(one.is_error for one in statement.findings)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"Den;\xc8\xe1stka;Z\xf9statek\r\n"]))
def test_anything_can_be_handed_over(content, head):
    for item in read(head + content):
        assert item is not None


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet='ab;,\n"1.-2026/', max_size=300))
def test_a_draft_of_anything_loads(text):
    drafted, untold = draft(Source("x.csv", text.encode()))
    parse_mapping(drafted, Path("x.toml"))
    assert untold


@settings(max_examples=40, deadline=None)
@given(rows, days, hundredths, st.booleans())
def test_a_draft_reads_its_example_with_the_right_amounts_or_says_what_is_missing(
    data, first_day, opening, newest_first
):
    start = Decimal(opening) / 100
    text = made(data, first_day, start, newest_first=newest_first, delimiter=";", group="").encode("utf-8")
    drafted, untold = draft(Source("a.csv", text))
    statements = [item for item in read(text, drafted) if isinstance(item, Statement)]
    if statements and statements[0].origin.format == "spreadsheet":
        held = any(one.is_error for one in statements[0].findings)
        right = sorted(entry.amount for entry in statements[0].entries) == sorted(
            Decimal(one) / 100 for one, _, _ in data
        )
        assert right or held or untold
    else:
        assert untold
