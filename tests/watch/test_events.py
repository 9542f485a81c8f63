from __future__ import annotations

import datetime as dt
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.messages import Catalogue, message
from efimport.watch.events import FAILURES, WORDS, Event, EventKind, as_json, is_failure, line
from tests.report.test_canaries import CANARIES, LIVE

AT = dt.datetime(2026, 11, 21, 14, 4, 5, 678_000, tzinfo=dt.UTC)
ENGLISH = Catalogue()

names = st.text(st.characters(codec=None), min_size=1, max_size=40).filter(
    lambda name: json.loads(json.dumps(name)) == name
)
"""Any name but those in which two halves of a character stand beside each other: JSON makes one of them."""


@pytest.fixture(autouse=True)
def prague(monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setenv("TZ", "Europe/Prague")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def event(kind: EventKind = EventKind.SENT, **fields: object) -> Event:
    return Event(at=AT, kind=kind, **({"file": "inbox/a.gpc"} | fields))


def test_a_line_tells_time_word_way_and_reason_in_columns() -> None:
    sent = event(to="sent/2026-11/a.gpc", detail="2 documents")
    rejected = event(EventKind.REJECTED, to="rejected/2026-11/a.gpc")
    assert line(sent, ENGLISH) == (
        "2026-11-21T15:04:05+01:00  sent          inbox/a.gpc -> sent/2026-11/a.gpc  2 documents"
    )
    assert line(sent, ENGLISH).index("inbox/") == line(rejected, ENGLISH).index("inbox/")


def test_the_organization_is_named_where_there_are_several() -> None:
    assert "  acme  inbox/a.gpc" in line(event(organization="acme"), ENGLISH, several=True)
    assert "acme" not in line(event(organization="acme"), ENGLISH)
    assert "  -  the share" in line(event(EventKind.AWAY, file=None, detail="the share"), ENGLISH, several=True)


def test_the_time_is_that_of_the_wall_clock_in_summer_too() -> None:
    summer = Event(at=dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC), kind=EventKind.STARTED)
    assert line(summer, ENGLISH) == "2026-07-01T14:00:00+02:00  started"


def test_every_kind_has_a_word_and_no_two_the_same() -> None:
    assert set(WORDS) == set(EventKind)
    assert len({str(word) for word in WORDS.values()}) == len(WORDS)


def test_what_somebody_must_be_told_of_is_a_failure() -> None:
    assert {kind for kind in EventKind if is_failure(event(kind))} == FAILURES
    assert {"rejected", "unknown", "unfinished", "trouble", "away"} == {str(kind) for kind in FAILURES}


def test_the_command_for_failures_is_never_told_of_itself() -> None:
    assert not is_failure(event(EventKind.HOOK, detail="the program is not there"))


def test_a_name_cannot_pass_for_an_arrow_or_a_column() -> None:
    assert '"a -> sent/b.xml"' in line(event(file="a -> sent/b.xml"), ENGLISH)
    assert '"a\\" -> \\"b"' in line(event(file='a" -> "b'), ENGLISH)


def test_a_message_is_told_in_the_language_of_the_reader() -> None:
    refused = event(detail=message("sent"))
    assert line(refused, Catalogue("cs")).endswith("odesláno")
    assert json.loads(as_json(refused, Catalogue("cs")))["detail"] == "odesláno"
    assert json.loads(as_json(refused))["detail"] == "sent"


def test_a_word_without_a_translation_stays_english() -> None:
    assert line(event(detail=message("Nobody translated this.")), Catalogue("cs")).endswith("Nobody translated this.")


def test_json_says_the_same_in_one_object() -> None:
    assert json.loads(as_json(event(organization="acme", to="sent/a.gpc"))) == {
        "at": "2026-11-21T14:04:05.678+00:00",
        "kind": "sent",
        "organization": "acme",
        "file": "inbox/a.gpc",
        "to": "sent/a.gpc",
        "detail": None,
    }


@pytest.mark.parametrize("canary", CANARIES)
def test_hostile_names_stay_in_their_line(canary: str) -> None:
    hostile = event(organization=canary, file=canary, to=canary, detail=canary)
    for written in (line(hostile, ENGLISH, several=True), as_json(hostile)):
        assert len(written.splitlines()) == 1
        assert not LIVE.search(written)


@settings(max_examples=100, deadline=None)
@given(names, names, st.sampled_from(EventKind))
def test_any_event_is_one_line_and_its_json_gives_the_names_back(file: str, detail: str, kind: EventKind) -> None:
    any_event = event(kind, file=file, to=file, detail=detail)
    shown, written = line(any_event, ENGLISH, several=True), as_json(any_event)
    assert len(shown.splitlines()) == len(written.splitlines()) == 1
    assert not LIVE.search(shown + written)
    read = json.loads(written)
    assert (read["file"], read["to"], read["detail"], read["kind"]) == (file, file, detail, kind.value)
