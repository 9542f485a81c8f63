"""Arbitrary activities are read back; damaged ones never raise and never pass with a wrong total."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.documents import Statement

AMOUNTS = st.integers(-(10**8), 10**8).filter(bool)
TEXTS = st.text("AaZzčČřŘžŽ ß.,;-&7\"'\n", max_size=15)


@st.composite
def _moves(draw, paypal, language):
    can_promise = language in paypal.IMPACTS
    count = draw(st.integers(1, 6))
    days = sorted(draw(st.lists(st.dates(dt.date(2015, 1, 1), dt.date(2026, 12, 31)), min_size=count, max_size=count)))
    moves = []
    for place, day in enumerate(days):
        gross = draw(AMOUNTS)
        moves.append(
            paypal.Move(
                gross=gross,
                fee=draw(st.sampled_from([0, 0, -35])) if gross > 100 else 0,
                day=day,
                time=f"10:00:{place:02d}",
                currency=draw(st.sampled_from(["EUR", "CZK"])),
                name=draw(TEXTS),
                note=draw(TEXTS),
                moves=not (can_promise and draw(st.integers(0, 5)) == 0),
            )
        )
    return tuple(moves)


@st.composite
def _files(draw, paypal):
    language = draw(st.sampled_from(sorted(paypal.HEADERS)))
    form = draw(st.sampled_from(sorted(paypal.DAYS)))
    encodings = ["utf-8", "utf-8-sig", "utf-16"] if language != "English" else ["utf-8", "utf-8-sig"]
    return paypal.Written(
        moves=draw(_moves(paypal, language)),
        language=language,
        days=form,
        # No country puts the month first and writes a decimal comma.
        comma=draw(st.booleans()) and not form.startswith("M"),
        newest_first=draw(st.booleans()),
        delimiter=draw(st.sampled_from([",", ";", "\t"])),
        encoding=draw(st.sampled_from(encodings)),
        end=draw(st.sampled_from(["\r\n", "\n"])),
        opening=draw(st.integers(-(10**6), 10**6)),
    )


def _wanted(written):
    found = {}
    for move in written.moves:
        if move.moves:
            found.setdefault(move.currency, []).append((move.day, move.net))
    return found


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_what_was_written_is_read_or_the_doubt_is_told(paypal, data):
    written = data.draw(_files(paypal))
    wanted = _wanted(written)
    documents = {one.currency: one for one in paypal.statements(written.encode())}
    assert set(documents) == set(wanted)
    for currency, document in documents.items():
        # Days up to the twelfth may be asked for, and a single row of an unknown language has no balance to tell it.
        assert paypal.errors(document) <= {"paypal.days-ambiguous", "paypal.not-told"}
        if paypal.errors(document) or "paypal.order" in paypal.codes(document):
            continue
        assert [(entry.date, entry.amount * 100) for entry in document.entries] == wanted[currency]
        total = sum((entry.amount for entry in document.entries), Decimal(0))
        if document.opening is not None:
            assert document.opening * 100 == written.opening
            assert document.closing == document.opening + total


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_sent_reads_as_the_same_statement(paypal, data):
    written = data.draw(_files(paypal))
    for document in paypal.statements(written.encode()):
        if paypal.errors(document) or "paypal.order" in paypal.codes(document):
            continue
        again = paypal.statements(document.origin.content, date_format="MM/DD/YYYY")
        if len(document.entries) > 1:
            (other,) = again
            assert sorted(entry.amount for entry in other.entries) == sorted(e.amount for e in document.entries)
            assert {entry.date for entry in other.entries} == {entry.date for entry in document.entries}


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_damage_never_raises_and_never_passes_with_a_wrong_total(paypal, data):
    written = paypal.Written(language=data.draw(st.sampled_from(sorted(paypal.HEADERS))))
    content = bytearray(written.encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.sampled_from(["byte", "cut", "swap", "drop"]))
        if kind == "byte":
            content[at] = data.draw(st.integers(0, 255))
        elif kind == "swap" and at + 1 < len(content):
            content[at], content[at + 1] = content[at + 1], content[at]
        elif kind == "drop":
            del content[at : at + data.draw(st.integers(1, 40))]
        else:
            del content[at:]
        if not content:
            return
    for document in paypal.readings(bytes(content)):
        if not isinstance(document, Statement) or paypal.errors(document) or document.opening is None:
            continue
        total = sum((entry.amount for entry in document.entries), Decimal(0))
        assert document.closing - document.opening == total


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=300), text=st.text('0123456789.,;\t"\n/-EURDate', max_size=200))
def test_anything_at_all_is_read_without_raising(paypal, content, text):
    for data in (content, text.encode(), paypal.Written().encode()[:400] + text.encode()):
        assert paypal.readings(data)
