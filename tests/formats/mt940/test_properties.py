"""Arbitrary statements are read back; damaged ones never raise and never pass with a wrong total."""

from __future__ import annotations

import functools
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.documents import Statement
from efimport.findings import Finding

CORPUS = Path(__file__).resolve().parents[3].parent / "shared" / "corpus" / "mt940"
TEXTS = st.text("AaZzčČřŘžŽ ěĚůŮ.,-:?/+&7VSK", max_size=60)
MARKS = {"C": 1, "D": -1, "RC": -1, "RD": 1, "CR": 1, "DR": -1, "DCZK-": -1}
ENDS = st.sampled_from(["\r\n", "\n", "\r", "@@"])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])


def _money(cents: int) -> str:
    return f"{abs(cents) // 100},{abs(cents) % 100:02d}"


def _balance(cents: int) -> str:
    return f"{'D' if cents < 0 else 'C'}260131CZK{_money(cents)}"


@st.composite
def _messages(draw, mt940, number):
    """The pages of one statement, and the amounts of its entries in cents."""
    balance = opening = draw(st.integers(-(10**9), 10**9))
    pages, amounts = [], []
    count = draw(st.integers(1, 3))
    for page in range(1, count + 1):
        fields, first = [], balance
        for mark, cents in draw(st.lists(st.tuples(st.sampled_from(sorted(MARKS)), st.integers(0, 10**8)), max_size=4)):
            fields += [f":61:2601150116{mark}{_money(cents)}NTRFNONREF", f":86:{draw(TEXTS)}"]
            amounts.append(MARKS[mark] * cents)
            balance += amounts[-1]
        before, after = "60F" if page == 1 else "60M", "62F" if page == count else "62M"
        lines = mt940.lines(
            number=f"{number}/{page}",
            opening=f"{before}:{_balance(first)}",
            closing=f"{after}:{_balance(balance)}",
        )
        pages.append([*lines[:4], *fields, lines[-1]])
    return pages, opening, amounts


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_what_was_written_is_read(mt940, data):
    written = [data.draw(_messages(mt940, number)) for number in range(1, data.draw(st.integers(1, 3)) + 1)]
    pages = [page for one in written for page in one[0]]
    content = mt940.encode(
        *pages, encoding=data.draw(ENCODINGS), end=data.draw(ENDS), last=data.draw(st.sampled_from("-\x03"))
    )
    documents = [one for one in mt940.readings(content) if isinstance(one, Statement)]
    assert [one.opening * 100 for one in documents] == [opening for _, opening, _ in written]
    assert [[entry.amount * 100 for entry in one.entries] for one in documents] == [sums for _, _, sums in written]
    assert all(mt940.closes(one) for one in documents)
    for one in documents:
        (again,) = [other for other in mt940.readings(one.origin.content) if isinstance(other, Statement)]
        assert again.entries == tuple(_moved(entry, again.entries) for entry in one.entries)
        assert (again.opening, again.closing, again.number) == (one.opening, one.closing, one.number)


def _moved(entry, others):
    import msgspec

    return msgspec.structs.replace(entry, line=others[entry.position - 1].line)


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=300))
def test_no_bytes_raise(mt940, content):
    for head in (b"", b":20:1\r\n:25:2\r\n:60F:C260101CZK1,00\r\n:61:"):
        assert all(isinstance(one, (Statement, Finding)) for one in mt940.readings(head + content))


@functools.cache
def _good(mt940_lines, mt940_encode) -> tuple[bytes, ...]:
    first = mt940_lines(closing="62M:C260131CZK2234,50")
    second = mt940_lines(
        ":61:2601150116D34,50NTRFNONREF",
        ":86:010?00X?20Y",
        number="31/2",
        opening="60M:C260131CZK2234,50",
        closing="62F:C260131CZK2200,00",
    )
    third = mt940_lines(number="32/1", opening="60F:C260131CZK2200,00", closing="62F:C260228CZK3434,50")
    return mt940_encode(first, second, third), mt940_encode(first, second), mt940_encode(third)


def _summary(documents):
    return [(one.account, one.opening, one.closing, [entry.amount for entry in one.entries]) for one in documents]


def _is_loud(mt940, found) -> bool:
    """Whether damage can be seen: an error, a sum that does not close, or an account that nobody names."""
    documents = [one for one in found if isinstance(one, Statement)]
    errors = [one for one in found if isinstance(one, Finding) and one.is_error]
    errors += [finding for one in documents for finding in one.findings if finding.is_error]
    unclosed = [one for one in documents if not mt940.closes(one) or one.account.display is None]
    return bool(errors or unclosed)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_lost_line_never_gives_another_total_in_silence(mt940, which):
    content = _good(mt940.lines, mt940.encode)[which]
    before = _summary(mt940.statements(content))
    lines = content.splitlines(keepends=True)
    for place in range(len(lines)):
        found = mt940.readings(b"".join(lines[:place] + lines[place + 1 :]))
        documents = [one for one in found if isinstance(one, Statement)]
        assert _summary(documents) == before or _is_loud(mt940, found), lines[place]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_file_cut_anywhere_never_gives_another_total_in_silence(mt940, which):
    content = _good(mt940.lines, mt940.encode)[which]
    before = _summary(mt940.statements(content))
    for place in range(len(content)):
        found = mt940.readings(content[:place])
        documents = [one for one in found if isinstance(one, Statement)]
        cut = _summary(documents)
        # What ended before the cut is whole; a file may hold fewer statements.
        assert cut == before[: len(cut)] or _is_loud(mt940, found), place


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_changed_digit_never_gives_another_total_in_silence(mt940, data):
    content = _good(mt940.lines, mt940.encode)[0]
    before = _summary(mt940.statements(content))
    places = [place for place, byte in enumerate(content) if 48 <= byte <= 57 or byte in b"CDM,F"]
    place = data.draw(st.sampled_from(places))
    changed = (
        content[:place]
        + data.draw(st.sampled_from([b"1", b"C", b"D", b"R", b".", b"-", b" ", b"\n", b""]))
        + content[place + 1 :]
    )
    found = mt940.readings(changed)
    documents = [one for one in found if isinstance(one, Statement)]
    sums = [(opening, closing, amounts) for _, opening, closing, amounts in _summary(documents)]
    assert sums == [one[1:] for one in before] or _is_loud(mt940, found)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_damaged_files_of_banks_never_raise(mt940, data):
    files = sorted(path for path in CORPUS.iterdir() if path.is_file())
    content = bytearray(data.draw(st.sampled_from(files)).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        junk = data.draw(
            st.sampled_from(
                [b":20:", b":61:", b"\n-\n", b"-}", b"{1:", b"\n:60M:C1", b"?20", b"\xff\xfe", b"@@:20:", b"\r"]
            )
        )
        content[place : place + data.draw(st.integers(0, 40))] = junk
    for one in mt940.readings(bytes(content)):
        assert isinstance(one, (Statement, Finding))
        if isinstance(one, Statement):
            assert all(isinstance(entry.amount, Decimal) for entry in one.entries)
            assert all(str(found.message) for found in one.findings)


@pytest.mark.parametrize(
    "part", ["?20", "?", "1", " ", "\n", ":20:\n", "VS:1 ", "/VS/1", "-}", "{1:", "A ", "\n-", "EREF+"]
)
def test_no_text_takes_long(mt940, part):
    import time

    long = part * (200_000 // len(part))
    begin = time.perf_counter()
    for field in (
        ":86:",
        ":86:166?00",
        ":86:/EREF/",
        ":61:260115C1,",
        ":61:260115C",
        ":60F:C260101CZK1",
        ":25:",
        ":28C:1",
    ):
        mt940.readings(mt940.encode(mt940.lines(mt940.ENTRY, field + long)))
    assert time.perf_counter() - begin < 8


def test_a_large_file_is_read_in_linear_time(mt940):
    import time

    def seconds(count: int) -> float:
        content = mt940.encode(mt940.lines(*[mt940.ENTRY, ":86:text", ":20:37 time of day"] * count))
        begin = time.perf_counter()
        assert len(mt940.statement(content).entries) == count
        return time.perf_counter() - begin

    seconds(10)
    small, large = seconds(2000), seconds(16000)
    assert large < small * 8 * 4
