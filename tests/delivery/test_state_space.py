"""All states of two documents, two processes and a crash anywhere, gone through one by one.

The processes decide with the program's own rules (what to do with a call, which arrows there are); the service and the
line are a model: a request may be lost, may be carried out late, and its answer may be lost.
"""

from __future__ import annotations

from collections import deque
from functools import cache
from itertools import product
from typing import NamedTuple

import pytest

from efimport.api.call import Call
from efimport.journal.admission import Step, verdict
from efimport.journal.entries import Entry
from efimport.journal.moments import Moment
from efimport.journal.stages import ARROWS, Stage
from efimport.planning.model import PlannedCall, Repeat


class Document(NamedTuple):
    stage: Stage = Stage.PLANNED
    there: int = 0
    travelling: int = 0
    """Requests that the service may still carry out."""
    doubted: bool = False


class World(NamedTuple):
    documents: tuple[Document, ...]
    owner: int | None = None
    at: tuple[str, int] | None = None
    """What the owner does with which document."""


@cache
def step_of(stage: Stage, repeat: Repeat, doubted: bool) -> Step:
    doubt = Moment("", 0.0, "") if stage in (Stage.UNKNOWN, Stage.HELD) else None
    entry = Entry(
        id=1, key="k", revision=1, organization=None, method="M", number=None, file_name=None, digest="d",
        body="d", substance="d",
        repeat=repeat, overwrites=False, stage=stage, attempt=1, sent=1, answer=None, reason=None, found=False,
        released=False, doubted=doubted, doubt=doubt, source_path=None, source_sha256=None, created="", changed="",
    )  # fmt: skip
    return verdict((entry,), PlannedCall(id="c", call=Call("M"), key="k", digest="d", repeat=repeat)).step


def put(world: World, index: int, document: Document, at: tuple[str, int] | None) -> World:
    before = world.documents[index].stage
    assert before is document.stage or (before, document.stage) in ARROWS
    documents = tuple(document if number == index else old for number, old in enumerate(world.documents))
    return world._replace(documents=documents, at=at)


def carried_out(document: Document, repeat: Repeat) -> Document:
    """The service does it; an import by key does not double, an inbox without look-up would."""
    doubles = repeat is not Repeat.SAFE_BY_KEY
    there = document.there + 1 if doubles or not document.there else document.there
    return document._replace(there=there, travelling=document.travelling - 1)


def successors(world: World, repeat: Repeat, *, quiet: bool):
    for index, document in enumerate(world.documents):
        if document.travelling:
            yield put(world, index, carried_out(document, repeat), world.at)
            yield put(world, index, document._replace(travelling=document.travelling - 1), world.at)
    if world.owner is None:
        for process in (0, 1):
            taken = world._replace(owner=process)
            for index, document in enumerate(world.documents):
                if document.stage is Stage.SENDING:
                    taken = put(taken, index, document._replace(stage=Stage.UNKNOWN, doubted=True), None)
            yield taken
        return
    yield world._replace(owner=None, at=None)
    if world.at is None:
        for index, document in enumerate(world.documents):
            yield from begun(world, index, document, repeat, quiet=quiet)
        return
    yield from gone_on(world, repeat)


def begun(world: World, index: int, document: Document, repeat: Repeat, *, quiet: bool):
    step = step_of(document.stage, repeat, document.doubted)
    if step is Step.SEND and document.stage is Stage.PLANNED:
        yield put(world, index, document._replace(stage=Stage.SENDING), ("intent", index))
    if step is Step.SETTLE and not (quiet and document.travelling):
        if repeat is Repeat.BLIND:
            yield put(world, index, document._replace(stage=Stage.HELD), None)
        elif repeat is Repeat.CHECKABLE and document.there:
            yield put(world, index, document._replace(stage=Stage.ACCEPTED), None)
        else:
            yield put(world, index, document._replace(stage=Stage.SENDING), ("intent", index))


def gone_on(world: World, repeat: Repeat):
    action, index = world.at
    document = world.documents[index]
    if action == "intent":
        yield put(world, index, document._replace(travelling=document.travelling + 1), ("sent", index))
        back = Stage.UNKNOWN if document.doubted else Stage.PLANNED
        yield put(world, index, document._replace(stage=back), None)
    elif action == "sent":
        yield put(world, index, document._replace(stage=Stage.UNKNOWN, doubted=True), None)
        if document.travelling:
            yield put(world, index, carried_out(document, repeat), ("answered", index))
    else:
        yield put(world, index, document._replace(stage=Stage.ACCEPTED), None)


def explore(repeat: Repeat, *, quiet: bool = True):
    start = World((Document(), Document()))
    seen, waiting = {start}, deque([start])
    while waiting:
        world = waiting.popleft()
        for following in successors(world, repeat, quiet=quiet):
            if following not in seen and all(document.travelling < 3 for document in following.documents):
                seen.add(following)
                waiting.append(following)
    return seen


def wrong(world: World) -> bool:
    for document in world.documents:
        doubled = document.there > 1
        lost = document.stage is Stage.ACCEPTED and not document.there
        forgotten = document.stage is Stage.PLANNED and (document.there or document.travelling)
        if doubled or lost or forgotten:
            return True
    return False


@pytest.mark.parametrize("repeat", list(Repeat))
def test_no_state_that_can_be_reached_loses_or_doubles(repeat):
    worlds = explore(repeat)
    assert len(worlds) > 300
    assert not [world for world in worlds if wrong(world)]
    reached = {document.stage for world in worlds for document in world.documents}
    assert (Stage.HELD in reached) == (repeat is Repeat.BLIND)


@pytest.mark.parametrize("repeat", list(Repeat))
def test_every_state_can_still_end_well(repeat):
    worlds = explore(repeat)
    before = {}
    for world in worlds:
        for following in successors(world, repeat, quiet=True):
            before.setdefault(following, set()).add(world)
    ends = {Stage.ACCEPTED, Stage.HELD}
    good = {world for world in worlds if all(document.stage in ends for document in world.documents)}
    waiting = deque(good)
    while waiting:
        for earlier in before.get(waiting.popleft(), ()):
            if earlier not in good:
                good.add(earlier)
                waiting.append(earlier)
    assert good == worlds


def test_without_the_quiet_time_the_look_up_would_double():
    assert any(wrong(world) for world in explore(Repeat.CHECKABLE, quiet=False))


def test_the_drawn_arrows_are_all_there_are():
    assert len(ARROWS) == 13
    assert not [(start, end) for start, end in product(Stage, Stage) if start is end and (start, end) in ARROWS]


# Two things in one request: the client takes steps with all of them at once, the service does each by itself


def put_all(world: World, changed: dict[int, Document], at: tuple[str, tuple[int, ...]] | None) -> World:
    for index, document in changed.items():
        world = put(world, index, document, at)
    return world._replace(at=at)


def successors_together(world: World):
    documents = world.documents
    for index, document in enumerate(documents):
        if document.travelling:
            yield put(world, index, carried_out(document, Repeat.SAFE_BY_KEY), world.at)
            yield put(world, index, document._replace(travelling=document.travelling - 1), world.at)
    if world.owner is None:
        under_way = {
            index: document._replace(stage=Stage.UNKNOWN, doubted=True)
            for index, document in enumerate(documents)
            if document.stage is Stage.SENDING
        }
        for process in (0, 1):
            yield put_all(world._replace(owner=process), under_way, None)
        return
    yield world._replace(owner=None, at=None)
    if world.at is not None:
        yield from gone_on_together(world)
        return
    steps = {index: step_of(one.stage, Repeat.SAFE_BY_KEY, one.doubted) for index, one in enumerate(documents)}
    fresh = [index for index, step in steps.items() if step is Step.SEND and documents[index].stage is Stage.PLANNED]
    # The plan of now may have one of them alone.
    for some in (fresh, fresh[:1], fresh[1:]):
        if some:
            yield begun_together(world, some)
    doubtful = [index for index, step in steps.items() if step is Step.SETTLE]
    if doubtful and not any(documents[index].travelling for index in doubtful):
        yield begun_together(world, doubtful)


def begun_together(world: World, some: list[int]) -> World:
    sending = {index: world.documents[index]._replace(stage=Stage.SENDING) for index in some}
    return put_all(world, sending, ("intent", tuple(some)))


def gone_on_together(world: World):
    action, some = world.at
    documents = {index: world.documents[index] for index in some}
    if action == "intent":
        sent = {index: one._replace(travelling=one.travelling + 1) for index, one in documents.items()}
        yield put_all(world, sent, ("sent", some))
        back = {
            index: one._replace(stage=Stage.UNKNOWN if one.doubted else Stage.PLANNED)
            for index, one in documents.items()
        }
        yield put_all(world, back, None)
    elif action == "sent":
        yield put_all(
            world, {index: one._replace(stage=Stage.UNKNOWN, doubted=True) for index, one in documents.items()}, None
        )
        if all(one.travelling for one in documents.values()):
            done = {index: carried_out(one, Repeat.SAFE_BY_KEY) for index, one in documents.items()}
            yield put_all(world, done, ("answered", some))
    else:
        yield put_all(world, {index: one._replace(stage=Stage.ACCEPTED) for index, one in documents.items()}, None)


def test_no_state_of_things_in_one_request_loses_or_doubles():
    start = World((Document(), Document()))
    seen, waiting = {start}, deque([start])
    before: dict[World, set[World]] = {}
    while waiting:
        world = waiting.popleft()
        for following in successors_together(world):
            if any(document.travelling > 2 for document in following.documents):
                continue
            before.setdefault(following, set()).add(world)
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    assert len(seen) > 300
    assert not [world for world in seen if wrong(world)]
    good = {world for world in seen if all(one.stage is Stage.ACCEPTED for one in world.documents)}
    waiting = deque(good)
    while waiting:
        for earlier in before.get(waiting.popleft(), ()):
            if earlier not in good:
                good.add(earlier)
                waiting.append(earlier)
    assert good == seen
