"""A watcher that ends at any point, or whose disk fails at any point, goes on as if nothing had been."""

from __future__ import annotations

from efimport.journal import Place
from efimport.settings import Watching
from tests.acceptance import route_files as made


def test_both_of_two_that_belong_together_may_be_moved_to_be_approved(make_desk, sandbox):
    desk = make_desk(watching=Watching())
    desk.drop("vypis.pdf", made.pdf("vypis"))
    desk.drop("vypis.xml", made.CAMT)
    desk.settle()
    desk.move("vypis.xml", Place.REVIEW, Place.APPROVE)
    desk.move("vypis.pdf", Place.REVIEW, Place.APPROVE)
    desk.settle()
    assert desk.documents() == {Place.SENT: ["vypis.pdf", "vypis.xml"]}
    assert len(sandbox.state()["statements"]) == 1
    desk.check_invariants()
