"""The tables of the journal, for SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    inspect,
    select,
    text,
    update,
)

from efimport.errors import JournalError
from efimport.journal.stages import SETTLED
from efimport.messages import message

SCHEMA_VERSION = 2

metadata = MetaData()

meta = Table("meta", metadata, Column("name", String(40), primary_key=True), Column("value", Text, nullable=False))

calls = Table(
    "calls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("organization", Text),
    Column("method", Text, nullable=False),
    Column("number", Text),
    Column("file_name", Text),
    Column("digest", String(64), nullable=False, index=True),
    Column("substance", String(64), nullable=False),
    Column("body", String(64), nullable=False, server_default="", index=True),
    Column("repeat", String(20), nullable=False),
    Column("overwrites", Boolean, nullable=False),
    Column("stage", String(20), nullable=False, index=True),
    Column("sequence", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("answer", Text),
    Column("reason", Text),
    Column("found", Boolean, nullable=False),
    Column("released", Boolean, nullable=False),
    Column("doubted", Boolean, nullable=False),
    Column("doubt_at", String(40)),
    Column("doubt_monotonic", Float),
    Column("doubt_boot", String(80)),
    Column("source_path", Text),
    Column("source_sha256", String(64)),
    Column("created", String(40), nullable=False),
    Column("changed", String(40), nullable=False),
    UniqueConstraint("key", "revision", name="one_row_a_revision"),
)

_open = text("stage NOT IN ({})".format(", ".join(f"'{stage.value}'" for stage in SETTLED)))
Index("one_open_revision", calls.c.key, unique=True, sqlite_where=_open, postgresql_where=_open)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call", Integer, ForeignKey("calls.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("result", String(20), nullable=False),
    Column("came_from", String(20), nullable=False),
    Column("started", String(40), nullable=False),
    Column("started_monotonic", Float, nullable=False),
    Column("started_boot", String(80), nullable=False),
    Column("ended", String(40)),
    Column("answer", Text),
    UniqueConstraint("call", "number", name="one_attempt_a_number"),
)

_under_way = text("result = 'sending'")
Index("one_attempt_under_way", attempts.c.call, unique=True, sqlite_where=_under_way, postgresql_where=_under_way)

transitions = Table(
    "transitions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call", Integer, ForeignKey("calls.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("start", String(20)),
    Column("end", String(20), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text),
    Column("at", String(40), nullable=False),
    Column("monotonic", Float, nullable=False),
    Column("boot", String(80), nullable=False),
    UniqueConstraint("call", "sequence", name="one_transition_a_step"),
)

Migration = Callable[[Connection], None]


def _requests_of_many(connection: Connection) -> None:
    """To version 2: an entry says in which request it goes, which may carry others as well.

    Until then each entry was a request of its own.
    """
    connection.execute(text("ALTER TABLE calls ADD COLUMN body VARCHAR(64) DEFAULT '' NOT NULL"))
    connection.execute(update(calls).values(body=calls.c.digest))
    next(index for index in calls.indexes if "body" in index.columns).create(connection)


MIGRATIONS: Mapping[int, Migration] = {1: _requests_of_many}
"""From the version that is the key to the next one."""


def bring_up_to_date(
    connection: Connection, *, migrations: Mapping[int, Migration] = MIGRATIONS, target: int = SCHEMA_VERSION
) -> None:
    """Makes the tables, or brings those of an older version to this one, in the transaction of the connection.

    Raises:
        JournalError: the journal was made by a newer version of efimport, or holds other tables than a journal has.
    """
    existing = inspect(connection).get_table_names()
    if meta.name not in existing:
        if existing:
            raise JournalError(
                message("The database holds tables and is no journal: {names}.", names=", ".join(sorted(existing)[:5])),
                message("Give the journal a database of its own (journal.url in efimport.toml)."),
            )
        metadata.create_all(connection)
        connection.execute(insert(meta).values(name="schema", value=str(target)))
        return
    version = int(connection.execute(select(meta.c.value).where(meta.c.name == "schema")).scalar_one())
    if version > target:
        raise JournalError(
            message("The journal was made by a newer efimport (version {version} of its tables).", version=version),
            message("Use that efimport; this one knows version {target} and changes nothing.", target=target),
        )
    while version < target:
        migrations[version](connection)
        version += 1
        connection.execute(update(meta).where(meta.c.name == "schema").values(value=str(version)))
