"""Which foreign code means which code of the service.

The files of ``mappings/codes`` are tables; a firm's own files of the same name, in a folder that the settings name,
override single lines of them.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from efimport.errors import SettingsError
from efimport.messages import message

CODE = "code"
"""The kind of a line that maps one code to another."""


def data_folder(name: str) -> Path:
    """The folder ``mappings`` or ``samples``: inside an installed package, or beside it in a working copy."""
    package = Path(__file__).parents[1]
    installed = package / "_data" / name
    return installed if installed.is_dir() else package.parent / name


def home_currencies() -> dict[str, str]:
    """The currency of books and accounts by country, for documents that do not say theirs."""
    currencies: dict[str, str] = codes("service")["currency"]
    return currencies


def codes(name: str, own: str | None = None) -> dict[str, Any]:
    """A table of ``mappings/codes``, with the lines of the firm's own file of the same name before the shipped ones.

    Args:
        name: file name without its ending.
        own: folder with the firm's own tables; None for none.

    Raises:
        FileNotFoundError: there is no such table.
        SettingsError: the firm's own table cannot be read; the message names file and reason.
    """
    shipped = _shipped(name)
    path = Path(own) / f"{name}.toml" if own else None
    if path is None or not path.is_file():
        return shipped
    return _with_own(name, str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _shipped(name: str) -> dict[str, Any]:
    return tomllib.loads((data_folder("mappings") / "codes" / f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def _with_own(name: str, path: str, _changed: int) -> dict[str, Any]:
    """The tables put together; a list of the firm replaces the shipped one."""
    try:
        own = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            message("The table of codes {file} cannot be used: {reason}.", file=path, reason=error),
            message("docs/mappings.md tells what it may hold."),
        ) from error
    return _merged(_shipped(name), own, path)


def plain_key(key: str) -> str:
    """A key as it is compared: capitals and blanks do not matter."""
    return "".join(key.split()).casefold()


def _merged(shipped: dict[str, Any], own: dict[str, Any], path: str) -> dict[str, Any]:
    """A table with the firm's own lines, each in the place of the shipped one that means the same."""
    merged = dict(shipped)
    spelled = {plain_key(key): key for key in reversed(shipped)}
    for stated, value in own.items():
        key = spelled.get(plain_key(stated), stated)
        kinds = _kinds(shipped, key)
        if kinds and _kind(value) not in kinds:
            raise SettingsError(
                message("In the table of codes {file}, {key} is of another kind than it must be.", file=path, key=key),
                message("A table stays a table and a list a list; docs/mappings.md tells what it may hold."),
            )
        known = merged.get(key)
        merged[key] = _merged(known, value, path) if isinstance(known, dict) else value
    return merged


def _kinds(shipped: dict[str, Any], key: str) -> set[object]:
    """What a line may hold: what the shipped one holds, for a new one what its neighbours do; empty for anything."""
    if key in shipped:
        return {_kind(shipped[key])}
    kinds = {_kind(value) for value in shipped.values()}
    if not kinds:
        return {CODE}
    return kinds if len(kinds) == 1 else set()


def _kind(value: object) -> object:
    """A table, a list, a code (a text or a whole number, which may be written either way), or another type."""
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return CODE
    return type(value)
