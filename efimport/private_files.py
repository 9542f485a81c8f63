"""Files that hold business data: for their owner alone, never seen half written, under names that do no harm."""

from __future__ import annotations

import os
import re
import stat
import sys
import unicodedata
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from efimport.errors import SettingsError
from efimport.messages import message

OWNER_ONLY = 0o600
FOLDER_OF_OWNER = 0o700

NAME_BYTES, ENDING_LETTERS = 150, 12
"""File systems take names of 255 bytes; room is left for a counter, and for what is put around an unfinished file."""
_NOT_IN_A_NAME = re.compile(r"[^\w. -]+")
_DEVICES = re.compile(
    r"(CON|PRN|AUX|NUL|CONIN|CONOUT|(COM|LPT)[0-9\u00b9\u00b2\u00b3])(\..*)?", re.IGNORECASE | re.DOTALL
)
"""Names that mean a device on Windows, whatever their ending (Microsoft, Naming Files, Paths, and Namespaces)."""


def private_folder(folder: Path) -> None:
    """Makes a folder for our own state, for its owner alone; one that is there must be ours.

    In a folder of another user, or one in which everybody may write, names can be prepared that lead elsewhere
    (CWE-59, CWE-379).

    Raises:
        OSError: it cannot be made.
        SettingsError: it belongs to another user, or others may write in it.
    """
    folder.mkdir(mode=FOLDER_OF_OWNER, parents=True, exist_ok=True)
    check_private(folder)


def check_private(folder: Path) -> None:
    """Looks at the rights of a folder for our own state.

    Raises:
        OSError: it is not there.
        SettingsError: it belongs to another user, or others may write in it.
    """
    if sys.platform == "win32":
        return
    status = folder.stat()
    if status.st_uid != os.geteuid():
        raise SettingsError(
            message("The folder {folder} belongs to another user of this machine.", folder=folder),
            message("Name a folder of your own; in this one others could put files in the way."),
        )
    if status.st_mode & stat.S_IWOTH:
        raise SettingsError(
            message("In the folder {folder} every user of this machine can write.", folder=folder),
            message("Take the right away: chmod o-w {folder}", folder=folder),
        )


def new_file(path: Path) -> IO[bytes]:
    """Opens a file that is not there yet, for its owner alone; no link is followed and nothing is written over.

    Raises:
        FileExistsError: it is there.
        OSError: it cannot be made.
    """
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), OWNER_ONLY), "wb")


def private_file(path: Path) -> None:
    """Makes an empty file for its owner alone where there is none; one that is there stays as it is.

    Raises:
        OSError: it cannot be made.
    """
    with suppress(FileExistsError):
        new_file(path).close()


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name when it is complete; written beside it until then.

    It is for its owner alone. One that takes the place of another keeps the rights of that one, which somebody chose.

    Raises:
        OSError: it cannot be written; what was there before is left as it was.
    """
    unfinished = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    # What a crash left goes; exclusive, so that nothing that leads elsewhere is followed.
    unfinished.unlink(missing_ok=True)
    stream = new_file(unfinished)
    try:
        with stream:
            yield stream
        if path.is_file():
            unfinished.chmod(stat.S_IMODE(path.stat().st_mode))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def harmless_name(name: str, taken: Container[str] = (), *, usual: str = "file") -> str:
    """A name for a file made of foreign text: a number of a document, a name in an archive or an answer.

    Letters, digits, blanks, ``_``, ``.`` and ``-`` stay, everything else becomes ``-``: no folder, no drive, no control
    or bidirectional character, no leading or trailing dot, no device of Windows (CWE-22, CWE-73).

    Args:
        name: the foreign text, its ending included.
        taken: names in small letters that the file must not have; it gets a number then.
        usual: the name where nothing is left.
    """
    clean = _NOT_IN_A_NAME.sub("-", unicodedata.normalize("NFC", name)).strip(" .-")
    stem, dot, ending = clean.rpartition(".")
    if not stem.strip(" .-") or len(ending) > ENDING_LETTERS:
        stem, dot, ending = clean, "", ""
    stem = stem.encode()[:NAME_BYTES].decode(errors="ignore").strip(" .-") or usual
    if _DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    chosen, counter = f"{stem}{dot}{ending}", 1
    while chosen.lower() in taken:
        counter += 1
        chosen = f"{stem}-{counter}{dot}{ending}"
    return chosen
