from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from efimport.journal import Journal


def load_kit() -> ModuleType:
    """The kit, once for all tests that use it."""
    name = "efimport_delivery_kit"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("kit.py"))
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


load_kit()


@pytest.fixture
def books() -> Iterator[object]:
    kit = load_kit()
    started = kit.Books()
    yield started
    started.stop()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite3", clock=load_kit().ImpatientClock()) as opened:
        yield opened


@pytest.fixture
def client(books: object, tmp_path: Path) -> Iterator[object]:
    with load_kit().client(books.url, tmp_path) as made:
        yield made


@pytest.fixture
def once() -> Callable[..., Callable[[str, str], str | None]]:
    """Faults by name of the document; each is used up from the front."""

    def make(**faults: str) -> Callable[[str, str], str | None]:
        waiting = {name: given.split() for name, given in faults.items()}

        def fault(method: str, name: str) -> str | None:
            if method == "DocumentInboxList" or load_kit().shows_one(method):
                name = "lookup"
            given = waiting.get(name)
            fault = given.pop(0) if given else None
            return None if fault == "ok" else fault

        return fault

    return make
