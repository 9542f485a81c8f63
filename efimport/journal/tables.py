"""The tables of the journal, for SQLite and PostgreSQL alike, and the two that a shared journal has besides."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
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
from efimport.journal.faults import damaged
from efimport.journal.stages import SETTLED
from efimport.journal.words import Words
from efimport.messages import message

SCHEMA_VERSION = 4

metadata = MetaData()

meta = Table("meta", metadata, Column("name", String(40), primary_key=True), Column("value", Text, nullable=False))

calls = Table(
    "calls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Words, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("organization", Words),
    Column("method", Words, nullable=False),
    Column("number", Words),
    Column("file_name", Words),
    Column("digest", String(64), nullable=False, index=True),
    Column("substance", String(64), nullable=False),
    Column("body", String(64), nullable=False, server_default="", index=True),
    Column("repeat", String(20), nullable=False),
    Column("overwrites", Boolean, nullable=False),
    Column("stage", String(20), nullable=False, index=True),
    Column("sequence", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("answer", Words),
    Column("reason", Words),
    Column("wording", Words),
    Column("found", Boolean, nullable=False),
    Column("released", Boolean, nullable=False),
    Column("doubted", Boolean, nullable=False),
    Column("doubt_at", String(40)),
    Column("doubt_monotonic", Float),
    Column("doubt_boot", String(80)),
    Column("source_path", Words),
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
    Column("answer", Words),
    Column("method", Words),
    Column("username", Words),
    Column("system_user", Words),
    Column("host", Words),
    Column("endpoint", Words),
    Column("response", String(64)),
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
    Column("by", Words, nullable=False),
    Column("reason", Words),
    Column("wording", Words),
    Column("at", String(40), nullable=False),
    Column("monotonic", Float, nullable=False),
    Column("boot", String(80), nullable=False),
    UniqueConstraint("call", "sequence", name="one_transition_a_step"),
)

responses = Table(
    "responses",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("content", Words, nullable=False),
)
"""Answers as they came, once each: a request of many things has one answer for all of them."""

files = Table(
    "files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization", Words),
    Column("folder", String(40), nullable=False),
    Column("name", Words, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("stage", String(20), nullable=False, index=True),
    Column("place", String(20), nullable=False),
    Column("lies", Words, nullable=False),
    Column("target", Words),
    Column("page", Words, index=True),
    Column("plan", String(64)),
    Column("lead", Integer),
    Column("keys", Words),
    Column("sequence", Integer, nullable=False),
    Column("reason", Words),
    Column("wording", Words),
    Column("arrived", String(40), nullable=False),
    Column("changed", String(40), nullable=False),
)
"""Files that were dropped into a watched folder, one row each."""

file_steps = Table(
    "file_steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("file", Integer, ForeignKey("files.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("stage", String(20), nullable=False),
    Column("place", String(20), nullable=False),
    Column("lies", Words, nullable=False),
    Column("reason", Words),
    Column("at", String(40), nullable=False),
    UniqueConstraint("file", "sequence", name="one_row_a_step"),
)

shared = MetaData()
"""What a journal that several machines use holds besides; a SQLite journal has files for it."""

owners = Table(
    "owners",
    shared,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("token", String(40), nullable=False),
    Column("backend", Integer, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("host", Words, nullable=False),
    Column("since", String(40), nullable=False),
    Column("command", Words, nullable=False),
)

requests = Table(
    "requests",
    shared,
    Column("digest", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("kept", Boolean, nullable=False),
)

Migration = Callable[[Connection], None]


def _requests_of_many(connection: Connection) -> None:
    """To version 2: an entry says in which request it goes, which may carry others as well.

    Until then each entry was a request of its own.
    """
    connection.execute(text("ALTER TABLE calls ADD COLUMN body VARCHAR(64) DEFAULT '' NOT NULL"))
    connection.execute(update(calls).values(body=calls.c.digest))
    next(index for index in calls.indexes if "body" in index.columns).create(connection)


_NEW_IN_3 = {
    "calls": ("wording",),
    "attempts": ("method", "username", "system_user", "host", "endpoint"),
    "transitions": ("wording",),
}


def _what_can_be_shown(connection: Connection) -> None:
    """To version 3: who sent what to where, the whole answers, and reasons that can be told in any language."""
    for table, columns in _NEW_IN_3.items():
        for column in columns:
            connection.execute(text(f"ALTER TABLE {table} ADD COLUMN {column} TEXT"))
    connection.execute(text("ALTER TABLE attempts ADD COLUMN response VARCHAR(64)"))
    responses.create(connection)
    _make_shared(connection)


def _dropped_files(connection: Connection) -> None:
    """To version 4: what became of the files of a watched folder."""
    files.create(connection)
    file_steps.create(connection)


def _make_shared(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        shared.create_all(connection)


MIGRATIONS: Mapping[int, Migration] = {1: _requests_of_many, 2: _what_can_be_shown, 3: _dropped_files}
"""From the version that is the key to the next one."""


def bring_up_to_date(
    connection: Connection, *, migrations: Mapping[int, Migration] = MIGRATIONS, target: int = SCHEMA_VERSION
) -> bool:
    """Makes the tables, or brings those of an older version to this one, in the transaction of the connection.

    Returns:
        whether they were made.

    Raises:
        JournalError: the journal was made by a newer version of efimport, holds other tables than a journal has, or
            does not tell its version.
    """
    existing = inspect(connection).get_table_names()
    if meta.name not in existing:
        if existing:
            raise JournalError(
                message("The database holds tables and is no journal: {names}.", names=", ".join(sorted(existing)[:5])),
                message("Give the journal a database of its own (journal.url in efimport.toml)."),
            )
        metadata.create_all(connection)
        _make_shared(connection)
        connection.execute(insert(meta).values(name="schema", value=str(target)))
        return True
    told = str(connection.execute(select(meta.c.value).where(meta.c.name == "schema")).scalar())
    if not (told.isascii() and told.isdigit() and int(told) >= 1):
        raise damaged(f"meta.schema = {told}")
    version = int(told)
    if version > target:
        raise JournalError(
            message("The journal was made by a newer efimport (version {version} of its tables).", version=version),
            message("Use that efimport; this one knows version {target} and changes nothing.", target=target),
        )
    while version < target:
        migrations[version](connection)
        version += 1
        connection.execute(update(meta).where(meta.c.name == "schema").values(value=str(version)))
    return False
