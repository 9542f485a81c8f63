from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

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
def memory(tmp_path) -> Iterator[Path]:
    """A folder on another file system than that of the test: in memory, or on the disk where tests are in memory."""
    for place in (Path("/dev/shm"), Path(__file__).parent, Path("/var/tmp"), Path("/tmp")):
        if place.is_dir() and os.access(place, os.W_OK) and place.stat().st_dev != tmp_path.stat().st_dev:
            folder = place / f".efimport-{uuid.uuid4().hex}"
            folder.mkdir()
            yield folder
            shutil.rmtree(folder)
            return
    pytest.skip("one file system only")


@pytest.fixture
def desk(make_desk) -> Desk:
    """A watched folder in mode auto."""
    return make_desk()
