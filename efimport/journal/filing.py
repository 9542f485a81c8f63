"""The journal's table of dropped files: a row each, which goes along the arrows of :mod:`efimport.journal.dropped`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, insert, or_, select, update

from efimport.errors import JournalError
from efimport.journal.dropped import (
    FILE_ARROWS,
    FINAL,
    NOT_FINAL,
    DroppedFile,
    FileChange,
    FileStage,
    FileStep,
)
from efimport.journal.places import Place
from efimport.journal.points import FailPoint
from efimport.journal.tables import file_steps, files, meta
from efimport.journal.words import storable, wording_from, wording_of
from efimport.messages import message


class Files:
    """The dropped files of a journal.

    Args:
        reading: gives a connection for reading.
        writing: gives a connection for one transaction.
        moment: the wall time of now, in UTC.
        fail_point: called around each transaction.
    """

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[Connection]],
        writing: Callable[[], AbstractContextManager[Connection]],
        moment: Callable[[], str],
        fail_point: FailPoint,
    ) -> None:
        self._reading = reading
        self._writing = writing
        self._moment = moment
        self._fail_point = fail_point

    # What happens to a file

    def enter(
        self, *, organization: str | None, folder: str, name: str, sha256: str, size: int, place: Place, lies: str
    ) -> DroppedFile:
        """A new file, before its bytes are put into the spool: from now on they are needed there."""
        with self._change() as connection:
            now = self._moment()
            values = {
                "organization": organization,
                "folder": folder,
                "name": name,
                "sha256": sha256,
                "size": size,
                "stage": FileStage.TAKEN.value,
                "place": place.value,
                "lies": lies,
                "sequence": 0,
                "arrived": now,
                "changed": now,
            }
            identifier = connection.execute(insert(files).values(values)).inserted_primary_key[0]  # type: ignore[index]
            return self._step(connection, self._row(connection, identifier), FileStage.TAKEN, {}, None)

    def change(self, file: DroppedFile, stage: FileStage, *, reason: str | None = None, **values: Any) -> DroppedFile:
        """The next step of a file.

        Args:
            file: as it was read.
            stage: the next stage.
            reason: why, for people.
            values: other attributes that change.

        Raises:
            JournalError: there is no such arrow, another process changed it in between, or nothing can be written.
        """
        return self.change_together([FileChange(file, stage, reason, values)])[0]

    def change_together(self, changes: Sequence[FileChange]) -> tuple[DroppedFile, ...]:
        """The next step of files that go together: of all of them, or of none.

        Raises:
            JournalError: as for :meth:`change`, of any of them.
        """
        with self._change() as connection:
            return tuple(self._changed(connection, change) for change in changes)

    def _changed(self, connection: Connection, change: FileChange) -> DroppedFile:
        row = self._row(connection, change.file.id)
        if (FileStage(row.stage), change.stage) not in FILE_ARROWS or row.stage != change.file.stage.value:
            raise JournalError(
                message(
                    "The dropped file {name} cannot go from {start} to {end}.",
                    name=change.file.name,
                    start=row.stage,
                    end=change.stage.value,
                ),
                message("Nothing was changed. Is a second program at work on the same folder?"),
            )
        return self._step(connection, row, change.stage, _stored(change.values), change.reason)

    def forget(self, file: DroppedFile) -> None:
        """A file whose bytes could not be made safe was never taken.

        Raises:
            JournalError: it cannot be written.
        """
        with self._change() as connection:
            connection.execute(file_steps.delete().where(file_steps.c.file == file.id))
            connection.execute(files.delete().where(files.c.id == file.id))

    def _step(
        self, connection: Connection, row: Row[Any], stage: FileStage, values: dict[str, Any], reason: str | None
    ) -> DroppedFile:
        now, sequence = self._moment(), row.sequence + 1
        changes = {
            **values,
            "stage": stage.value,
            "sequence": sequence,
            "reason": reason,
            "wording": wording_of(reason),
            "changed": now,
        }
        connection.execute(update(files).where(files.c.id == row.id).values(changes))
        made = self._row(connection, row.id)
        step = {"file": row.id, "sequence": sequence, "stage": stage.value, "place": made.place, "lies": made.lies}
        connection.execute(insert(file_steps).values(**step, reason=reason, at=now))
        return _file(made)

    # What is known

    def get(self, identifier: int) -> DroppedFile:
        """The file of that number.

        Raises:
            JournalError: there is none.
        """
        with self._reading() as connection:
            return _file(self._row(connection, identifier))

    def open(self, folder: str, *, stages: Iterable[FileStage] = NOT_FINAL) -> tuple[DroppedFile, ...]:
        """The files of a watched folder that are not settled, oldest first.

        Args:
            folder: identity of the watched folder.
            stages: only those that stand so.
        """
        with self._reading() as connection:
            query = select(files).where(files.c.folder == folder, files.c.stage.in_([one.value for one in stages]))
            return tuple(_file(row) for row in connection.execute(query.order_by(files.c.id)))

    def alike(self, organization: str | None, sha256: str) -> tuple[DroppedFile, ...]:
        """The files of an organization with these bytes, oldest first."""
        with self._reading() as connection:
            query = select(files).where(files.c.sha256 == sha256, files.c.organization == _name(organization))
            return tuple(_file(row) for row in connection.execute(query.order_by(files.c.id)))

    def led_by(self, identifier: int) -> tuple[DroppedFile, ...]:
        """The file of that number and those that go along with it."""
        with self._reading() as connection:
            query = select(files).where(or_(files.c.id == identifier, files.c.lead == identifier))
            return tuple(_file(row) for row in connection.execute(query.order_by(files.c.id)))

    def with_page(self, folder: str, page: str) -> tuple[DroppedFile, ...]:
        """The files of a watched folder that a page is about."""
        with self._reading() as connection:
            query = select(files).where(files.c.folder == folder, files.c.page == page)
            return tuple(_file(row) for row in connection.execute(query))

    def counts(self, folder: str, *, since: str = "") -> dict[Place, int]:
        """How many settled files of a watched folder lie in each place.

        Args:
            folder: identity of the watched folder.
            since: only those that came there then or later; UTC, ISO 8601, or a beginning of it.
        """
        with self._reading() as connection:
            query = (
                select(files.c.place, func.count())
                .where(files.c.folder == folder, files.c.stage == FileStage.SETTLED.value, files.c.changed >= since)
                .group_by(files.c.place)
            )
            return {Place(place): count for place, count in connection.execute(query)}

    def open_counts(self, folder: str) -> dict[FileStage, int]:
        """How many files of a watched folder that are not settled stand how."""
        stages = [one.value for one in NOT_FINAL]
        with self._reading() as connection:
            query = (
                select(files.c.stage, func.count())
                .where(files.c.folder == folder, files.c.stage.in_(stages))
                .group_by(files.c.stage)
            )
            return {FileStage(stage): count for stage, count in connection.execute(query)}

    def list(
        self,
        folder: str | None = None,
        *,
        place: Place | None = None,
        stage: FileStage | None = None,
        since: str = "",
        text: str | None = None,
        limit: int = 100,
    ) -> tuple[DroppedFile, ...]:
        """Files, the ones changed last first.

        Args:
            folder: only those of the watched folder with this identity.
            place: only those that lie there, or are moved there.
            stage: only those that stand so.
            since: only those that changed then or later; UTC, ISO 8601, or a beginning of it.
            text: only those whose name or path has this text.
            limit: at most so many.
        """
        query = select(files).where(files.c.changed >= since)
        for column, value in ((files.c.folder, folder), (files.c.place, place), (files.c.stage, stage)):
            if value is not None:
                query = query.where(column == str(value))
        if text is not None:
            names = (files.c.name, files.c.lies)
            query = query.where(or_(*(name.contains(text, autoescape=True) for name in names)))
        with self._reading() as connection:
            rows = connection.execute(query.order_by(files.c.changed.desc(), files.c.id.desc()).limit(limit))
            return tuple(_file(row) for row in rows)

    def steps(self, identifier: int) -> tuple[FileStep, ...]:
        """All that happened to a file."""
        with self._reading() as connection:
            rows = connection.execute(
                select(file_steps).where(file_steps.c.file == identifier).order_by(file_steps.c.sequence)
            )
            return tuple(
                FileStep(
                    sequence=row.sequence,
                    stage=FileStage(row.stage),
                    place=Place(row.place),
                    lies=row.lies,
                    reason=row.reason,
                    at=row.at,
                )
                for row in rows
            )

    # Which folder it is

    def identity(self, root: Path) -> str | None:
        """The identity that the folder at a path had when it was first watched; None where it never was."""
        with self._reading() as connection:
            return connection.execute(select(meta.c.value).where(meta.c.name == _folder_name(root))).scalar()

    def remember(self, root: Path, identity: str) -> None:
        """From now on the folder at that path is the one with this identity."""
        values = {_folder_name(root): identity, _place_name(identity): os.fsencode(root).hex()}
        with self._change() as connection:
            for name, value in values.items():
                connection.execute(meta.delete().where(meta.c.name == name))
                connection.execute(insert(meta).values(name=name, value=value))

    def root_of(self, identity: str) -> Path | None:
        """Where the folder with an identity was when it was last watched; None where that is not known."""
        with self._reading() as connection:
            found = connection.execute(select(meta.c.value).where(meta.c.name == _place_name(identity))).scalar()
        return None if found is None else Path(os.fsdecode(bytes.fromhex(found)))

    # Transactions

    @contextmanager
    def _change(self) -> Iterator[Connection]:
        self._fail_point("journal.file:before")
        with self._writing() as connection:
            yield connection
            self._fail_point("journal.file:written")
        self._fail_point("journal.file:after")

    @staticmethod
    def _row(connection: Connection, identifier: int) -> Row[Any]:
        row = connection.execute(select(files).where(files.c.id == identifier)).first()
        if row is None:
            raise JournalError(message("The journal has no dropped file {number}.", number=identifier))
        return row


def needed(connection: Connection) -> frozenset[str]:
    """Digests of the files whose bytes the spool keeps."""
    stages = [stage.value for stage in FINAL]
    return frozenset(connection.scalars(select(files.c.sha256).where(files.c.stage.not_in(stages))))


def is_needed(connection: Connection, digest: str) -> bool:
    """Whether the spool keeps the bytes of a file with this digest."""
    stages = [stage.value for stage in FINAL]
    query = select(func.count()).where(files.c.sha256 == digest, files.c.stage.not_in(stages))
    return connection.execute(query).scalar_one() > 0


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    stored = dict(values)
    if "keys" in stored:
        stored["keys"] = msgspec.json.encode(tuple(stored["keys"])).decode()
    if isinstance(stored.get("place"), Place):
        stored["place"] = stored["place"].value
    return stored


def _file(row: Row[Any]) -> DroppedFile:
    # Thousands of them are read at every look.
    values: dict[str, Any] = dict(zip(files.c.keys(), row, strict=True))
    del values["sequence"]
    values["stage"], values["place"] = FileStage(values["stage"]), Place(values["place"])
    values["keys"] = msgspec.json.decode(values["keys"], type=tuple[str, ...]) if values["keys"] else ()
    values["wording"] = wording_from(values["wording"])
    return DroppedFile(**values)


def _folder_name(root: Path) -> str:
    return f"folder {hashlib.sha256(str(root).encode(errors='surrogateescape')).hexdigest()[:32]}"


def _place_name(identity: str) -> str:
    return f"place {hashlib.sha256(identity.encode(errors='surrogateescape')).hexdigest()[:32]}"


def _name(organization: str | None) -> str | None:
    return None if organization is None else storable(organization)
