"""Arbitrary statements are read back; damaged ones never raise and never pass with a wrong total."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.documents import Statement

NAMES = st.text("AaZzčČřŘžŽěĚůŮ ß.,-&7", max_size=20)
DIGITS_10 = st.integers(0, 10**10 - 1).map(lambda number: f"{number:010d}")
ENDS = st.sampled_from(["\r\n", "\n", "\r"])
ENCODINGS = st.sampled_from(["cp1250", "utf-8", "utf-8-sig"])


@st.composite
def _accounts(draw, gpc):
    return gpc.account(draw(st.integers(10**8, 10**10 - 100)), draw(st.integers(0, 999_900)))


@st.composite
def _items(draw, gpc, posting_codes):
    return gpc.Item(
        amount=draw(st.integers(0, 10**12 - 1)),
        code=draw(st.sampled_from(sorted(posting_codes))),
        counter=draw(_accounts(gpc)),
        variable_symbol=draw(DIGITS_10),
        specific_symbol=draw(DIGITS_10),
        name=draw(NAMES),
        records=draw(st.sampled_from([(), ("078Zpráva",), ("076" + "0" * 32 + "Komentář", "078Zpráva", "079dál")])),
    )


@st.composite
def _statements(draw, gpc):
    codes = draw(st.sampled_from([gpc.GENERIC, gpc.SPORITELNA]))
    return gpc.Written(
        own=draw(_accounts(gpc)),
        codes=codes,
        items=tuple(draw(st.lists(_items(gpc, codes), max_size=6))),
        opening=draw(st.integers(-(10**13), 10**13)),
        internal=draw(st.booleans()),
        number=draw(st.integers(0, 999)),
        length=draw(st.sampled_from([114, 128])),
        name=draw(NAMES),
    )


def _national(digits: str) -> str:
    prefix, number = digits[:6].lstrip("0"), digits[6:].lstrip("0")
    return f"{prefix}-{number}" if prefix else number


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_what_was_written_is_read(gpc, data):
    written = data.draw(st.lists(_statements(gpc), min_size=1, max_size=3))
    content = gpc.encode(*written, encoding=data.draw(ENCODINGS), end=data.draw(ENDS))
    own = tuple(f"{_national(one.own)}/0300" for one in written if one.codes is gpc.GENERIC)
    own += tuple(f"{_national(one.own)}/0800" for one in written if one.codes is gpc.SPORITELNA)
    documents = gpc.readings(content, own)
    assert len(documents) == len(written)
    for document, wanted in zip(documents, written, strict=True):
        assert gpc.errors(document) == set()
        assert document.account.number == _national(wanted.own)
        assert document.opening * 100 == wanted.opening
        assert document.closing - document.opening == sum((e.amount for e in document.entries), Decimal(0))
        assert [entry.amount * 100 for entry in document.entries] == [
            wanted.direction(item) * item.amount for item in wanted.items
        ]
        assert [entry.counter_account.number for entry in document.entries] == [
            _national(item.counter) for item in wanted.items
        ]
        assert [entry.variable_symbol or "" for entry in document.entries] == [
            item.variable_symbol.lstrip("0") for item in wanted.items
        ]
        assert [entry.counter_name or "" for entry in document.entries] == [item.name.strip() for item in wanted.items]
        assert [bool(entry.message) for entry in document.entries] == [bool(item.records) for item in wanted.items]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_normalized_content_is_full_records_and_reads_the_same_again(gpc, data):
    written = data.draw(_statements(gpc))
    content = gpc.encode(written, encoding=data.draw(ENCODINGS), end=data.draw(ENDS))
    first = gpc.statement(content)
    lines = first.origin.content.split(b"\r\n")
    assert lines.pop() == b""
    assert {len(line) for line in lines} == {128}
    assert [line.rstrip() for line in lines] == [line.encode("cp1250").rstrip() for line in written.lines()]
    again = gpc.statement(first.origin.content)
    assert again.origin.changes == ()
    assert again.origin.content == first.origin.content
    assert (again.entries, again.opening, again.closing) != ((), None, None)
    assert [entry.amount for entry in again.entries] == [entry.amount for entry in first.entries]


def _right(gpc, document: object) -> bool:
    """Whether a statement passes: no error of the reader's, and balances that meet."""
    return (
        isinstance(document, Statement)
        and not gpc.errors(document)
        and document.opening is not None
        and document.closing is not None
        and document.closing - document.opening == sum((entry.amount for entry in document.entries), Decimal(0))
    )


@settings(max_examples=300, deadline=None)
@given(position=st.integers(0, 10**6), byte=st.integers(0, 255), kind=st.sampled_from(["replace", "insert", "delete"]))
def test_a_changed_byte_never_passes_with_other_amounts(gpc, position, byte, kind):
    items = (gpc.Item(records=("078Zpráva",)), gpc.Item(amount=5000, code="1"), gpc.Item(amount=777, code="4"))
    written = gpc.Written(items=items, codes=gpc.GENERIC)
    content = gpc.encode(written)
    position %= len(content)
    rest = content[position:] if kind == "insert" else content[position + 1 :]
    damaged = content[:position] + (b"" if kind == "delete" else bytes([byte])) + rest
    whole = gpc.statement(content)
    documents = gpc.readings(damaged)
    if len(documents) == 1 and _right(gpc, documents[0]):
        (document,) = documents
        assert sorted(abs(entry.amount) for entry in document.entries) == sorted(
            abs(entry.amount) for entry in whole.entries
        )
        assert document.closing - document.opening == whole.closing - whole.opening


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=300), header=st.booleans())
def test_no_bytes_make_the_reader_raise(gpc, content, header):
    start = gpc.encode(gpc.Written()) if header else b"074"
    for document in gpc.readings(start + content):
        assert not isinstance(document, Statement) or document.origin.content


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(1, 2000))
def test_a_statement_cut_off_anywhere_does_not_pass(gpc, cut):
    content = gpc.encode(gpc.Written(items=tuple(gpc.Item(amount=100 * place) for place in range(1, 6))))
    shortened = content[: -(cut % (len(content) - 20) or 1)]
    if shortened.rstrip() != content.rstrip():
        assert not any(_right(gpc, document) for document in gpc.readings(shortened))
