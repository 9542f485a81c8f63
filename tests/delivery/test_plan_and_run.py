"""The calls of a run are those of its dry run, byte by byte and in their order, whatever the batch and the clock."""

from __future__ import annotations

import datetime as dt
import random
import re
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import efimport_delivery_kit as kit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import efimport
from efimport.api.request import prepare
from efimport.delivery import deliver
from efimport.documents import Address, Origin, Partner, Party, Product
from efimport.journal import Journal
from tests.formats.statements_strategy import statements
from tests.payloads.test_any_document import GOOD_INVOICE, GOOD_ORDER

CODE = st.text("ABC0123", min_size=1, max_size=4)
NAME = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=12)
ORIGIN = st.just(Origin(path="given", format="spreadsheet"))
PARTNER = st.builds(
    Partner,
    origin=ORIGIN,
    party=st.builds(Party, name=NAME, code=CODE, address=st.builds(Address, street=NAME, city=NAME)),
)
PRODUCT = st.builds(
    Product,
    origin=ORIGIN,
    code=CODE,
    name=NAME,
    vat_rate=st.just(Decimal(21)),
    sales_price=st.decimals(1, 999, places=2),
)
BATCH = st.lists(
    st.one_of(GOOD_INVOICE, GOOD_INVOICE, GOOD_ORDER, PARTNER, PRODUCT, PRODUCT, statements(max_entries=3)), max_size=8
)
TODAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def service():
    """A service that keeps what it was sent, without the login."""
    books = kit.Books()
    books.mass = "each"
    carried_out, books.bodies = books.carry_out, []

    def keep(body: str) -> bytes | None:
        books.bodies.append(re.sub(r"<login [^>]*>", '<login username="***" md5pass="***" token="***" />', body))
        return carried_out(body)

    books.carry_out = keep
    yield books
    books.stop()


def run(books, plan: efimport.Plan, clock=None) -> list[str]:
    """What arrives when the plan is carried out for the first time."""
    books.bodies.clear()
    books.there.clear()
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        journal = Journal(here / "journal.sqlite3", clock=clock or kit.ImpatientClock())
        with journal, kit.client(books.url, here) as client:
            for _ in deliver(plan, client, journal, quiet_time=0.0):
                pass
    return list(books.bodies)


def check_batch(books, batch) -> None:
    organization = kit.organization(books.url)
    shown = efimport.plan(batch, organization, today=TODAY)
    again = efimport.plan(batch, organization, today=TODAY)
    bodies = [prepare(call.call, "CZ").body.decode() for call in shown.calls]
    assert run(books, again) == bodies


@settings(max_examples=15)
@given(BATCH)
def test_a_run_sends_what_its_dry_run_showed(service, batch):
    check_batch(service, batch)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(max_examples=1000)
@given(BATCH)
def test_a_thousand_runs_send_what_their_dry_runs_showed(service, batch):
    check_batch(service, batch)


class RestlessClock(kit.ImpatientClock):
    """The wall clock is set to another day at every look, forwards and backwards; the monotonic one goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.chance = random.Random(19)

    def time(self) -> float:
        return super().time() + self.chance.uniform(-86_400, 86_400)


def sent_with(service, clock: Callable[[], object], batch) -> list[str]:
    return run(service, efimport.plan(batch, kit.organization(service.url), today=TODAY), clock())


def test_a_clock_that_is_moved_by_a_day_changes_neither_what_is_sent_nor_its_order(service):
    batch = [
        Partner(
            origin=Origin(path="given", format="spreadsheet"), party=Party(name=f"Firma {number}", code=f"P{number}")
        )
        for number in range(12)
    ]
    calm, restless = sent_with(service, kit.ImpatientClock, batch), sent_with(service, RestlessClock, batch)
    assert len(calm) == len(batch)
    assert restless == calm
