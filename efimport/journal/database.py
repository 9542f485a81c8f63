"""Opening the database: SQLite made durable, PostgreSQL by address, and faults in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import platformdirs
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from efimport.errors import JournalError, SettingsError
from efimport.journal.faults import damaged
from efimport.journal.network import network_file_system
from efimport.messages import message
from efimport.private_files import FOLDER_OF_OWNER, private_file

FILE_NAME = "journal.sqlite3"
BUSY_SECONDS = 30
"""How long a change waits for another process that is changing the journal."""

CONNECT_SECONDS = 10
SCHEMES = ("sqlite", "postgresql")
LOCK_OF_WRITING = 1_701_210_478
"""First half of the advisory lock of a transaction that writes; the second is the schema."""

SCHEMA_LOCK = "hashtext(coalesce(current_schema(), ''))"


def default_folder() -> Path:
    """The folder of the journal where the settings name none."""
    return Path(platformdirs.user_data_dir("efimport", appauthor=False))


def address(url: str | Path | None) -> URL:
    """The address of the journal: the one named, or a SQLite file in the user's data folder.

    Raises:
        SettingsError: it is not an address, or names no file.
    """
    if url is None or isinstance(url, Path):
        return URL.create("sqlite", database=str(url or default_folder() / FILE_NAME))
    try:
        made = make_url(url)
    except (ArgumentError, ValueError):
        # The error may quote what was taken for a port and is the password.
        made = None
    if made is None:
        raise _no_address(url)
    if made.drivername in ("postgres", "postgresql"):
        made = made.set(drivername="postgresql+psycopg")
    if made.get_backend_name() not in SCHEMES:
        raise _no_address(url)
    if made.get_backend_name() == "sqlite" and (made.database or ":memory:") == ":memory:":
        raise _no_address(url)
    return made


def _no_address(url: str) -> SettingsError:
    # What may be a password is not shown.
    shown = url if url.startswith("sqlite") else f"{url.partition(':')[0]}:..."
    return SettingsError(
        message("The address of the journal cannot be used: {url}.", url=shown),
        message("Write journal.url like sqlite:///efimport-journal.sqlite3 or postgresql+psycopg://host/database."),
    )


def open_engine(url: URL, *, on_share: bool = False) -> Engine:
    """An engine for the address; nothing is connected yet.

    Args:
        url: the address.
        on_share: whether a SQLite file may lie on a network share, whose locks cannot be relied on.

    Raises:
        JournalError: the file lies on a network share, or its folder cannot be made.
        SettingsError: the driver of the database is not installed.
    """
    sqlite_file = sqlite_path(url)
    if sqlite_file is not None:
        _prepare_place(sqlite_file, on_share=on_share)
    try:
        engine = create_engine(url) if sqlite_file is not None else create_engine(url, **_of_a_server(url))
    except (ImportError, NoSuchModuleError) as error:
        raise SettingsError(
            message("The driver of the journal's database is not installed: {error}.", error=error),
            message('Install it, for PostgreSQL with: pip install "efimport[postgres]".'),
        ) from error
    if sqlite_file is not None:
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "connect", _durable_server)
    return engine


def is_shared(engine: Engine) -> bool:
    """Whether several machines may use the journal."""
    return engine.dialect.name != "sqlite"


def shown_address(url: URL) -> str:
    """The journal's address for people, without a password."""
    file = sqlite_path(url)
    return str(file) if file is not None else url.set(query={}).render_as_string(hide_password=True)


def _of_a_server(url: URL) -> dict[str, Any]:
    """Options of the engine: a broken connection is noticed, and a server that does not answer is not waited for."""
    usual = {
        "application_name": "efimport",
        "connect_timeout": CONNECT_SECONDS,
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
    }
    named = {key: value for key, value in usual.items() if key not in url.query}
    return {"pool_pre_ping": True, "connect_args": named, "isolation_level": "READ COMMITTED"}


def sqlite_path(url: URL) -> Path | None:
    """The file of a SQLite journal; None for another database."""
    return Path(str(url.database)).absolute() if url.get_backend_name() == "sqlite" else None


def _prepare_place(file: Path, *, on_share: bool) -> None:
    kind = network_file_system(file.parent)
    if kind is not None and not on_share:
        raise JournalError(
            message("The journal {path} would lie on a network share ({kind}).", path=file, kind=kind),
            message("Locks on shares cannot be relied on. Set journal.url to a file on this machine."),
        )
    try:
        file.parent.mkdir(mode=FOLDER_OF_OWNER, parents=True, exist_ok=True)
        # SQLite gives the files beside it the rights of the file itself.
        private_file(file)
    except OSError as error:
        raise JournalError(
            message("The folder of the journal cannot be made: {error}.", error=error),
            message("Set journal.url in efimport.toml to a place where you may write."),
        ) from error


def _durable(connection: Any, _record: object) -> None:
    """Everything that is special to SQLite: a commit is on the disk when it returns."""
    # The driver would begin transactions by itself, and only at the first change.
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
    finally:
        cursor.close()


def _durable_server(connection: Any, _record: object) -> None:
    """The same of PostgreSQL: a commit is on the server's disk when it returns, whatever the server's own setting is.

    A lock is not waited for without end, and the server notices within a minute that the machine of an owner is gone.
    """
    before, connection.autocommit = connection.autocommit, True
    cursor = connection.cursor()
    try:
        cursor.execute("SET synchronous_commit = on")
        cursor.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
        cursor.execute("SET tcp_keepalives_idle = 15")
        cursor.execute("SET tcp_keepalives_interval = 5")
        cursor.execute("SET tcp_keepalives_count = 3")
    finally:
        cursor.close()
        connection.autocommit = before


def settle(engine: Engine) -> None:
    """Brings what a new SQLite journal was made of from its log into the file: it is a journal even without its log.

    Raises:
        JournalError: the file cannot be written.
    """
    if is_shared(engine):
        return
    with faults_in_words(engine):
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
        finally:
            connection.close()


def serialize(connection: Connection) -> None:
    """Lets one transaction at a time write; SQLite does so by itself.

    What a transaction has read is then still true when it writes, as it is in SQLite.
    """
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_OF_WRITING}, {SCHEMA_LOCK})")


def _begin(connection: Connection) -> None:
    # A transaction that will write takes its lock at once: two that read first and then write would block each other.
    writing = connection.get_execution_options().get("efimport_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def check_whole(connection: Connection) -> None:
    """Looks whether a SQLite file is damaged; other databases look after themselves.

    The whole check, which compares each index with its table: a bit that turned in a key is noticed by that alone.

    Raises:
        JournalError: it is.
    """
    if connection.dialect.name != "sqlite":
        return
    verdict = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar())
    if verdict != "ok":
        raise damaged(verdict)


@contextmanager
def faults_in_words(engine: Engine) -> Iterator[None]:
    """Errors of the database as errors of the journal.

    Raises:
        JournalError: the database could not be read or written; the transaction did not happen.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError, UnicodeError) as error:
        # UnicodeError: what SQLite says of a damaged file may quote bytes of it, which the driver cannot read.
        cause = getattr(error, "orig", None) or error
        raise JournalError(
            message(
                "The journal {place} cannot be read or written: {error}.",
                place=shown_address(engine.url),
                error=" ".join(str(cause).split()),
            ),
            message("Nothing is sent that cannot be entered. Check disk and rights, then run again.")
            if engine.dialect.name == "sqlite"
            else message("Nothing is sent that cannot be entered. Check the database server, then run again."),
        ) from error
