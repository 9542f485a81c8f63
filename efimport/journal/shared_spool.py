"""The spool of a journal that several machines use: a table of its database, committed before the intent is."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, delete, insert, select, update

from efimport.errors import JournalError
from efimport.journal import database
from efimport.journal.points import FailPoint, around, nothing_fails
from efimport.journal.tables import requests
from efimport.messages import message


class SharedSpool:
    """Bodies of requests by their digest; see :class:`efimport.journal.spool.Store`.

    Args:
        engine: the database.
        fail_point: called before and after each step.
    """

    def __init__(self, engine: Engine, *, fail_point: FailPoint = nothing_fails) -> None:
        self._engine = engine
        self._fail_point = fail_point

    def put(self, body: bytes) -> str:
        """See :meth:`efimport.journal.spool.Store.put`."""
        digest = hashlib.sha256(body).hexdigest()
        if self._content(digest) == body:
            return digest
        with database.faults_in_words(self._engine), self._engine.connect() as connection:
            with around(self._fail_point, "spool.write"):
                database.serialize(connection)
                connection.execute(delete(requests).where(requests.c.digest == digest))
                connection.execute(insert(requests).values(digest=digest, content=body, kept=False))
            with around(self._fail_point, "spool.sync"):
                connection.commit()
        if self._content(digest) != body:
            raise JournalError(
                message("The database returns other bytes than were stored: {digest}.", digest=digest),
                message("Nothing was sent. Check the database server."),
            )
        return digest

    def adopt(self, stream: IO[bytes], digest: str) -> bool:
        """See :meth:`efimport.journal.spool.Store.adopt`. A database takes it as a whole."""
        body = stream.read()
        if hashlib.sha256(body).hexdigest() != digest:
            return False
        self.put(body)
        return True

    def file(self, digest: str) -> Path | None:
        """See :meth:`efimport.journal.spool.Store.file`."""
        del digest
        return None

    def get(self, digest: str) -> bytes | None:
        """See :meth:`efimport.journal.spool.Store.get`."""
        body = self._content(digest)
        return body if body is not None and hashlib.sha256(body).hexdigest() == digest else None

    def keep(self, digest: str) -> None:
        """See :meth:`efimport.journal.spool.Store.keep`."""
        body = self.get(digest)
        if body is None:
            return
        packed = gzip.compress(body, mtime=0)
        with suppress(JournalError), around(self._fail_point, "spool.unlink"), self._changing() as connection:
            connection.execute(
                update(requests)
                .where(requests.c.digest == digest, requests.c.kept.is_(False))
                .values(content=packed, kept=True)
            )

    def remove(self, digest: str) -> None:
        """See :meth:`efimport.journal.spool.Store.remove`."""
        if digest not in self.digests():
            return
        with suppress(JournalError), around(self._fail_point, "spool.unlink"), self._changing() as connection:
            connection.execute(delete(requests).where(requests.c.digest == digest, requests.c.kept.is_(False)))

    def sweep(self, needed: Collection[str], *, worth_keeping: Collection[str] = ()) -> None:
        """See :meth:`efimport.journal.spool.Store.sweep`."""
        for digest in sorted(self.digests() - frozenset(needed)):
            if digest in worth_keeping:
                self.keep(digest)
            else:
                self.remove(digest)

    def digests(self) -> frozenset[str]:
        """See :meth:`efimport.journal.spool.Store.digests`."""
        with database.faults_in_words(self._engine), self._engine.begin() as connection:
            return frozenset(connection.scalars(select(requests.c.digest).where(requests.c.kept.is_(False))))

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        with database.faults_in_words(self._engine), self._engine.begin() as connection:
            database.serialize(connection)
            yield connection

    def _content(self, digest: str) -> bytes | None:
        with database.faults_in_words(self._engine), self._engine.begin() as connection:
            row = connection.execute(
                select(requests.c.content, requests.c.kept).where(requests.c.digest == digest)
            ).first()
        if row is None:
            return None
        if not row.kept:
            return bytes(row.content)
        try:
            return gzip.decompress(row.content)
        except (OSError, EOFError, zlib.error):
            return None
