"""One owner of a journal that several machines use: an advisory lock of PostgreSQL, held by a connection of its own.

The server frees the lock when that connection ends, so at once when the owner dies; who it is stands in a table. An
owner whose connection broke is none any more and does not know it. Therefore each transaction of an owner that writes
looks whether the lock is still held by its connection and whether nobody has taken over since: nothing is entered, and
so nothing is sent, by one who has lost the journal.

(PostgreSQL documentation, 13.3.5 Advisory Locks: locks at session level are held until they are released or the session
ends.)
"""

from __future__ import annotations

import os
import secrets
import socket
from contextlib import suppress

from sqlalchemy import Connection, Engine, delete, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from efimport.api.clock import Clock
from efimport.errors import JournalHeldError
from efimport.journal import database
from efimport.journal.ownership import POLL_SECONDS, OnWait, Owner, Ownership, held_by, this_process
from efimport.journal.tables import owners
from efimport.messages import message

LOCK_OF_OWNER = 1_701_210_477
"""First half of the advisory lock of the owner; the second is the schema."""

PASSING_SECONDS = 0.5
"""How long the lock of a session that has ended may still be seen."""

_ASK = text(f"SELECT pg_try_advisory_lock({LOCK_OF_OWNER}, {database.SCHEMA_LOCK})")
_GIVE_BACK = text(f"SELECT pg_advisory_unlock({LOCK_OF_OWNER}, {database.SCHEMA_LOCK})")
_WHO_HAS_IT = text(
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid::bigint = :kind "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND objid::bigint = (hashtext(coalesce(current_schema(), ''))::bigint + 4294967296) % 4294967296"
).bindparams(kind=LOCK_OF_OWNER)


class SharedOwnership(Ownership):
    """The ownership of a journal on a PostgreSQL server; see :class:`efimport.journal.ownership.Ownership`.

    Args:
        engine: the database.
        clock: the time.
    """

    def __init__(self, engine: Engine, *, clock: Clock) -> None:
        super().__init__()
        self._engine = engine
        self._clock = clock
        self._token = ""
        self._holding: Connection | None = None

    def owner(self) -> Owner | None:
        """See :meth:`efimport.journal.ownership.Ownership.owner`; None as well where the lock is free."""
        with database.faults_in_words(self._engine), self._engine.begin() as connection:
            holding = connection.execute(_WHO_HAS_IT).scalar()
            row = connection.execute(select(owners).where(owners.c.backend == holding)).first()
        return None if row is None else Owner(row.pid, row.host, row.since, row.command)

    def check(self, connection: Connection) -> None:
        """See :meth:`efimport.journal.ownership.Ownership.check`."""
        if not self._token:
            return
        known = connection.execute(select(owners.c.token, owners.c.backend)).first()
        if known is not None and known.token == self._token and known.backend == connection.scalar(_WHO_HAS_IT):
            return
        raise JournalHeldError(
            message("The connection that holds the journal broke; another process may have taken over."),
            message("Nothing more is sent. Run again: what was in flight is settled then."),
        )

    def _take(self, wait: float, on_wait: OnWait | None) -> None:
        with database.faults_in_words(self._engine):
            self._holding = self._connected(wait, on_wait)

    def _connected(self, wait: float, on_wait: OnWait | None) -> Connection:
        """A connection that holds the lock and has entered its name."""
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            self._wait_for_lock(connection, wait, on_wait)
            self._enter(connection)
        except BaseException:
            self._end(connection)
            raise
        return connection

    def _wait_for_lock(self, connection: Connection, wait: float, on_wait: OnWait | None) -> None:
        begin = self._clock.monotonic()
        told = on_wait is None
        while not connection.scalar(_ASK):
            owner = self.owner()
            # Nobody named, or ourselves: a session that is just ending, or one that is about to enter its name.
            passing = owner is None or (owner.pid, owner.host) == (os.getpid(), socket.gethostname())
            if self._clock.monotonic() - begin >= max(wait, PASSING_SECONDS if passing else 0.0):
                raise held_by(owner)
            if on_wait is not None and not told:
                on_wait(held_by(owner))
                told = True
            self._clock.sleep(POLL_SECONDS)

    def _enter(self, connection: Connection) -> None:
        me = this_process(self._clock)
        token = secrets.token_hex(16)
        row = {"pid": me.pid, "host": me.host, "since": me.since, "command": me.command}
        backend = connection.scalar(text("SELECT pg_backend_pid()"))
        # In the order of all that write: who believes to be the owner still has entered what it enters, or never will.
        with self._engine.begin() as writing:
            database.serialize(writing)
            writing.execute(delete(owners))
            writing.execute(insert(owners).values(id=1, token=token, backend=backend, **row))
        self._token = token

    def _let_go(self) -> None:
        token, self._token = self._token, ""
        connection, self._holding = self._holding, None
        if connection is None:
            return
        with suppress(SQLAlchemyError):
            connection.execute(delete(owners).where(owners.c.token == token))
            connection.execute(_GIVE_BACK)
        self._end(connection)

    @staticmethod
    def _end(connection: Connection) -> None:
        """Ends the session itself: the lock must not come back to the pool with it."""
        with suppress(SQLAlchemyError):
            connection.invalidate()
            connection.close()
