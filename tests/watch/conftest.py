from __future__ import annotations

from collections.abc import Iterator

import pytest

from efimport import testing
from efimport.api import client, pace
from efimport.delivery import attempting
from tests.watch.desk import Desk


@pytest.fixture(scope="module")
def books():
    """The sandbox without a limit of its own, and the settings of an organization for it."""
    with testing.sandbox("CZ", period=0, accept_any_account=True) as (running, organization):
        yield running, organization


@pytest.fixture
def sandbox(books):
    """The sandbox, empty."""
    running, _ = books
    running.reset()
    return running


@pytest.fixture
def make_desk(books, sandbox, tmp_path, monkeypatch) -> Iterator:
    """Makes a watched folder; the rule of the pace is tested elsewhere."""
    monkeypatch.setattr(pace, "PERIOD", 0)
    monkeypatch.setattr(client, "BUSY_STEP", 0.05)
    monkeypatch.setattr(attempting, "LONGEST_PAUSE", 0.05)
    desks: list[Desk] = []

    def make(**options) -> Desk:
        place = tmp_path / f"place{len(desks)}"
        desks.append(Desk(place, books[1], **options))
        return desks[-1]

    yield make
    for desk in desks:
        desk.stop()


@pytest.fixture
def desk(make_desk) -> Desk:
    """A watched folder in mode auto."""
    return make_desk()
