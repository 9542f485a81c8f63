from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from efimport.documents import Statement
from efimport.findings import Finding
from efimport.formats.camt import read
from efimport.formats.reading import Reading
from efimport.sources import Source
from tests.formats.camt.conftest import Writer, outcome

versions = st.sampled_from([f"{number:02}" for number in range(1, 15)])
prefixes = st.sampled_from(["", "n", "camt-053.x"])
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2).filter(lambda value: value != 0)
texts = st.text(st.sampled_from("Příliš žluťoučký kůň 123 <Stmt></Stmt>&-/"), min_size=1, max_size=30)
encodings = st.sampled_from(["utf-8", "windows-1250", "iso-8859-2", "utf-16"])


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@settings(max_examples=60, deadline=None)
@given(versions, prefixes, encodings, st.lists(st.lists(st.tuples(amounts, texts), max_size=5), min_size=1, max_size=3))
def test_what_goes_in_comes_out(version, prefix, encoding, statements) -> None:
    writer = Writer(version, prefix)
    opening = Decimal("12.34")
    written = []
    for number, entries in enumerate(statements, start=1):
        closing = opening + sum(amount for amount, _ in entries)
        rows = [
            writer.entry(str(amount), f"<AddtlTxInf>{escaped(text)}</AddtlTxInf>".replace("<A", "<A"))
            for amount, text in entries
        ]
        written.append(writer.statement(*rows, opening=str(opening), closing=str(closing), number=str(number)))
    found = outcome(writer.message(*written, encoding=encoding).encode(encoding))
    assert len(found.statements) == len(statements)
    for statement, entries in zip(found.statements, statements, strict=True):
        assert [entry.amount for entry in statement.entries] == [amount for amount, _ in entries]
        assert [entry.message for entry in statement.entries] == [" ".join(text.split()) or None for _, text in entries]
        assert statement.opening + statement.credit - statement.debit == statement.closing
        again = outcome(statement.origin.content).statement
        assert [entry.amount for entry in again.entries] == [entry.amount for entry in statement.entries]
        assert [entry.message for entry in again.entries] == [entry.message for entry in statement.entries]
        assert len(list(etree.fromstring(statement.origin.content).iter("{*}Stmt"))) == 1


def sample() -> bytes:
    writer = Writer("04")
    part = '<Amt Ccy="CZK">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RmtInf><Ustrd>x</Ustrd></RmtInf>'
    entries = (
        writer.entry("3.00", part.format("1.00"), part.format("2.00"), batch="<Btch><NbOfTxs>2</NbOfTxs></Btch>"),
        writer.entry("-1.00", "<Refs><EndToEndId>/VS1/SS/KS</EndToEndId></Refs>", status="PDNG"),
    )
    return writer.message(writer.statement(*entries, closing="103.00"), writer.statement()).encode()


SAMPLE = sample()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), max_size=4),
    st.integers(0, len(SAMPLE)),
    st.booleans(),
)
def test_damaged_bytes_give_findings_and_never_an_exception(changes, length, whole) -> None:
    content = bytearray(SAMPLE)
    for position, value in changes:
        content[position] = value
    damaged = bytes(content if whole else content[:length])
    for item in read(Source("damaged.xml", damaged), Reading()):
        assert isinstance(item, Statement | Finding)
        if isinstance(item, Statement) and item.origin.content:
            etree.fromstring(item.origin.content)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_borne(content: bytes) -> None:
    for item in read(Source("any.xml", content), Reading()):
        assert isinstance(item, Finding)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_texts_in_wrong_places_are_borne(data) -> None:
    text = SAMPLE.decode()
    pieces = text.split(">")
    position = data.draw(st.integers(1, len(pieces) - 1))
    junk = escaped(data.draw(st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_characters="\x7f"))))
    pieces[position] = junk + pieces[position].lstrip("0123456789.ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for item in read(Source("any.xml", ">".join(pieces).encode()), Reading()):
        assert isinstance(item, Statement | Finding)
