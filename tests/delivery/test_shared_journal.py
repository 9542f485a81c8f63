"""Delivery with a journal on PostgreSQL: the same as with a file."""

from __future__ import annotations

import efimport_delivery_kit as kit

from efimport.delivery import deliver
from efimport.journal import Journal
from efimport.planning.model import State


def test_each_class_of_call_is_delivered_and_settled_from_a_shared_journal(books, once, postgres, tmp_path):
    books.fault = once(inv2="silent", box2="lose", st2="silent")
    plan = kit.plan(
        [
            *(kit.call(f"inv{n}", kit.SAFE) for n in (1, 2)),
            *(kit.call(f"box{n}", kit.CHECKABLE) for n in (1, 2)),
            *(kit.call(f"st{n}", kit.BLIND) for n in (1, 2)),
            kit.products("A", "B"),
        ]
    )
    url = postgres.schema()
    with Journal(url, keep_requests=True) as journal, kit.client(books.url, tmp_path) as client:
        states = {outcome.call.id: outcome.state for outcome in deliver(plan, client, journal, quiet_time=0.0)}
        assert states.pop("c-st2") is State.HELD
        assert set(states.values()) == {State.ACCEPTED}
        assert set(books.there.values()) == {1}
        sent = len(books.requests)
        # What waits for a person keeps its bytes; the rest is put away.
        (held,) = journal.list([State.HELD])
        assert journal.spool.digests() == {held.body}
        assert all(journal.request(entry) for entry in journal.list())
        journal.resolve(held.id, arrived=True)
    with Journal(url) as journal, kit.client(books.url, tmp_path) as client:
        outcomes = list(deliver(plan, client, journal, quiet_time=0.0))
        assert {outcome.state for outcome in outcomes} == {State.SKIPPED}
    assert len(books.requests) == sent
