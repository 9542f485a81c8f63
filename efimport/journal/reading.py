"""Reading the journal: rows into records."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Row, func, or_, select

from efimport.errors import UsageError
from efimport.journal.entries import Attempt, Entry, Record, Transition
from efimport.journal.faults import damaged
from efimport.journal.stages import Stage, shown
from efimport.journal.tables import attempts, calls, responses, transitions
from efimport.journal.words import storable, wording_from
from efimport.messages import message
from efimport.planning.model import State

Item = TypeVar("Item")
CHUNK = 500
"""Rows that are asked for or written at once."""

_LARGEST_ID = 2**31 - 1
_COLUMNS = tuple("".join(column.name) for column in calls.columns)


def entry(connection: Connection, identifier: int) -> Entry:
    """The entry of that number, which must be there."""
    return _entry(connection.execute(select(calls).where(calls.c.id == identifier)).one())


def entries_of(connection: Connection, identifiers: Sequence[int]) -> tuple[Entry, ...]:
    """The entries of those numbers, which must be there, in the order asked for."""
    found = {}
    for some in chunks(identifiers):
        found.update({row.id: _entry(row) for row in connection.execute(select(calls).where(calls.c.id.in_(some)))})
    return tuple(found[identifier] for identifier in identifiers)


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """As many at once as a statement can name."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def revisions(connection: Connection, keys: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
    """The entries under each key, oldest revision first; keys without an entry are left out."""
    found: dict[str, tuple[Entry, ...]] = {}
    asked = {storable(key): key for key in keys}
    for some in chunks(list(asked)):
        for row in connection.execute(
            select(calls).where(calls.c.key.in_(some)).order_by(calls.c.key, calls.c.revision)
        ):
            made = _entry(row)
            found[asked[made.key]] = (*found.get(asked[made.key], ()), made)
    return found


def ever_in(connection: Connection, body: str) -> frozenset[int]:
    """Numbers of the entries that were sent in the request with that body at some time."""
    return frozenset(connection.execute(select(attempts.c.call).where(attempts.c.digest == body)).scalars())


def attempted(connection: Connection, bodies: Collection[str]) -> frozenset[str]:
    """Those of the bodies that were sent at some time."""
    found: set[str] = set()
    for some in chunks(sorted(bodies)):
        found.update(connection.execute(select(attempts.c.digest).where(attempts.c.digest.in_(some))).scalars())
    return frozenset(found)


def companions(connection: Connection, body: str, identifier: int) -> tuple[Entry, ...]:
    """The other entries that went, or go, in the request with that body, in order."""
    sent = select(attempts.c.call).where(attempts.c.digest == body)
    query = select(calls).where(or_(calls.c.body == body, calls.c.id.in_(sent)), calls.c.id != identifier)
    return tuple(_entry(row) for row in connection.execute(query.order_by(calls.c.id)))


def record(connection: Connection, key_or_id: str | int) -> Record:
    """An entry with its attempts and its history.

    Raises:
        UsageError: there is no such key or number.
    """
    wanted = str(key_or_id)
    row = None
    if wanted.isascii() and wanted.isdigit() and int(wanted) <= _LARGEST_ID:
        row = connection.execute(select(calls).where(calls.c.id == int(wanted))).first()
    if row is None and not isinstance(key_or_id, int):
        query = select(calls).where(calls.c.key == wanted).order_by(calls.c.revision.desc()).limit(1)
        row = connection.execute(query).first()
    if row is None:
        raise UsageError(
            message("The journal has no entry {wanted}.", wanted=wanted),
            message("`efimport journal list` shows keys and numbers."),
        )
    return _records(connection, [_entry(row)])[0]


def records_after(connection: Connection, last: int, limit: int) -> list[Record]:
    """The records of the entries with a higher number, in order."""
    rows = connection.execute(select(calls).where(calls.c.id > last).order_by(calls.c.id).limit(limit))
    return _records(connection, [_entry(row) for row in rows])


def entries(
    connection: Connection,
    states: Collection[State] | None,
    *,
    organization: str | None,
    text: str | None,
    since: str | None,
    until: str | None,
    limit: int | None,
) -> tuple[Entry, ...]:
    """The entries that fit, the ones changed last first; see ``Journal.list``."""
    query = select(calls).order_by(calls.c.changed.desc(), calls.c.id.desc())
    if states is not None:
        # Coarse in SQL, exact below: skipped is a refusal with a mark.
        stages = [stage.value for stage in Stage for found in (False, True) if shown(stage, found=found) in states]
        query = query.where(calls.c.stage.in_(stages))
        if State.SKIPPED not in states:
            query = query.where(or_(calls.c.stage != Stage.REFUSED.value, calls.c.found.is_(False)))
        elif State.REFUSED not in states:
            query = query.where(or_(calls.c.stage != Stage.REFUSED.value, calls.c.found.is_(True)))
    if organization is not None:
        query = query.where(calls.c.organization == organization)
    if text is not None:
        columns = (calls.c.key, calls.c.number, calls.c.file_name, calls.c.source_path, calls.c.answer)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if since is not None:
        query = query.where(calls.c.changed >= since)
    if until is not None:
        query = query.where(calls.c.changed < until)
    return tuple(_entry(row) for row in connection.execute(query.limit(limit)))


def waiting(connection: Connection, organization: str | None) -> tuple[Entry, ...]:
    """What an owner has to settle: unknown, or said by a person not to have arrived; oldest first."""
    settle = or_(
        calls.c.stage == Stage.UNKNOWN.value,
        (calls.c.stage == Stage.PLANNED.value) & calls.c.released.is_(True),
    )
    query = select(calls).where(settle, calls.c.organization.is_not_distinct_from(organization)).order_by(calls.c.id)
    return tuple(_entry(row) for row in connection.execute(query))


def counts(connection: Connection) -> dict[State, int]:
    """How many entries are in each state."""
    total: dict[State, int] = {}
    query = select(calls.c.stage, calls.c.found, func.count()).group_by(calls.c.stage, calls.c.found)
    for stage, found, count in connection.execute(query):
        state = shown(stage_of(stage), found=bool(found))
        total[state] = total.get(state, 0) + int(count)
    return total


def stage_of(stored: object) -> Stage:
    """The state that is stored.

    Raises:
        JournalError: it is none.
    """
    try:
        return Stage(str(stored))
    except ValueError as error:
        raise damaged(f"calls.stage = {stored}") from error


def _records(connection: Connection, found: Sequence[Entry]) -> list[Record]:
    numbers = [one.id for one in found]
    tried: dict[int, list[Attempt]] = {number: [] for number in numbers}
    query = (
        select(attempts, responses.c.content)
        .outerjoin(responses, responses.c.digest == attempts.c.response)
        .where(attempts.c.call.in_(numbers))
        .order_by(attempts.c.number)
    )
    for row in connection.execute(query):
        tried[row.call].append(_attempt(row))
    gone: dict[int, list[Transition]] = {number: [] for number in numbers}
    steps = select(transitions).where(transitions.c.call.in_(numbers)).order_by(transitions.c.sequence)
    for row in connection.execute(steps):
        gone[row.call].append(_transition(row))
    return [Record(one, tuple(tried[one.id]), tuple(gone[one.id])) for one in found]


def _attempt(row: Row[Any]) -> Attempt:
    values = {name: getattr(row, name) for name in Attempt.__struct_fields__} | {"response": row.content}
    return _made(Attempt, values, f"attempts {row.id}")


def _transition(row: Row[Any]) -> Transition:
    values = {name: getattr(row, name) for name in Transition.__struct_fields__}
    values["start"] = row.start or None
    values["wording"] = wording_from(row.wording)
    return _made(Transition, values, f"transitions {row.id}")


def _entry(row: Row[Any]) -> Entry:
    """The record of a row of all columns. By position: a run over a large journal makes a hundred thousand of them."""
    values = dict(zip(_COLUMNS, row, strict=True))
    at, monotonic, boot = values.pop("doubt_at"), values.pop("doubt_monotonic"), values.pop("doubt_boot")
    del values["sequence"]
    values["doubt"] = None if at is None else {"at": at, "monotonic": monotonic, "boot": boot}
    values["wording"] = wording_from(values["wording"])
    return _made(Entry, values, f"calls {values['id']}")


def _made(kind: type[Item], values: dict[str, Any], place: str) -> Item:
    """The record; every value is looked at, because a damaged file may hold anything.

    Raises:
        JournalError: a value is none that the journal ever wrote.
    """
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise damaged(f"{place}: {error}") from error
