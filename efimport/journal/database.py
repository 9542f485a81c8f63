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
from efimport.journal.ownership import network_file_system
from efimport.messages import message

FILE_NAME = "journal.sqlite3"
BUSY_SECONDS = 30


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
    except (ArgumentError, ValueError) as error:
        raise _no_address(url) from error
    if made.get_backend_name() == "sqlite" and (made.database or ":memory:") == ":memory:":
        raise _no_address(url)
    return made


def _no_address(url: str) -> SettingsError:
    return SettingsError(
        message("The address of the journal cannot be used: {url}.", url=url.partition("@")[0].rpartition(":")[0]),
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
        engine = create_engine(url)
    except (ImportError, NoSuchModuleError) as error:
        raise SettingsError(
            message("The driver of the journal's database is not installed: {error}.", error=error),
            message("Install it, for PostgreSQL with: pip install psycopg."),
        ) from error
    if sqlite_file is not None:
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _begin)
    return engine


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
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
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


def _begin(connection: Connection) -> None:
    # A transaction that will write takes its lock at once: two that read first and then write would block each other.
    writing = connection.get_execution_options().get("efimport_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def check_whole(connection: Connection) -> None:
    """Looks whether a SQLite file is damaged; other databases look after themselves.

    Raises:
        JournalError: it is.
    """
    if connection.dialect.name != "sqlite":
        return
    verdict = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    if verdict != "ok":
        raise JournalError(
            message("The journal is damaged: {verdict}.", verdict=verdict),
            message("Nothing is sent. Restore it from a backup, or ask for help before importing anything again."),
        )


@contextmanager
def faults_in_words(engine: Engine) -> Iterator[None]:
    """Errors of the database as errors of the journal.

    Raises:
        JournalError: the database could not be read or written; the transaction did not happen.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        cause = getattr(error, "orig", None) or error
        raise JournalError(
            message(
                "The journal {place} cannot be read or written: {error}.",
                place=engine.url.render_as_string(hide_password=True),
                error=" ".join(str(cause).split()),
            ),
            message("Nothing is sent that cannot be entered. Check disk and rights, then run again."),
        ) from error
