"""A second record of what cannot be looked up: one line for each attempt, outside of the database.

A journal that was damaged, restored from an older copy or removed has forgotten what was sent since. What the service
can be asked about is found out by asking; a bank statement would simply be sent again. So each attempt at such a call
is noted in a text file beside the journal as well, before its first byte leaves. Where that file knows of more attempts
than the journal does, the journal has forgotten some.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from efimport.errors import JournalError
from efimport.journal.points import FailPoint, around
from efimport.journal.words import storable
from efimport.messages import message
from efimport.private_files import OWNER_ONLY

_LINE = re.compile(rb"(\S+) ([0-9a-f]{64})")


class Begun:
    """The attempts that were noted.

    Args:
        file: where; None to note nothing.
        fail_point: called before and after each note.
    """

    def __init__(self, file: Path | None, *, fail_point: FailPoint) -> None:
        self._file = file
        self._fail_point = fail_point

    def note(self, keys: Sequence[str], at: str) -> None:
        """Notes an attempt of each; on the disk when it returns.

        Args:
            keys: of the entries.
            at: when, wall time in UTC.

        Raises:
            JournalError: it cannot be written; nothing may be sent.
        """
        if self._file is None or not keys:
            return
        # A line that a full disk cut off ends where the next one begins.
        content = "".join(f"\n{at} {mark_of(key)}\n" for key in keys).encode("ascii")
        try:
            with around(self._fail_point, "begun.note"):
                handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
                try:
                    if os.write(handle, content) < len(content):
                        raise OSError(message("the disk is full"))
                    os.fsync(handle)
                finally:
                    os.close(handle)
        except OSError as error:
            raise JournalError(
                message("{path} cannot be written: {error}.", path=self._file, error=error.strerror or error),
                message("Nothing was sent. Make room on the disk or mend its rights, and run again."),
            ) from error

    def counts(self) -> Mapping[str, int]:
        """How many attempts were noted, by :func:`mark_of` the key.

        Raises:
            JournalError: the file cannot be read.
        """
        if self._file is None:
            return {}
        try:
            lines = self._file.read_bytes().splitlines()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise JournalError(
                message("{path} cannot be read: {error}.", path=self._file, error=error.strerror or error),
                message("Nothing is sent without it. Mend its rights, and run again."),
            ) from error
        return Counter(found[2].decode() for found in map(_LINE.fullmatch, lines) if found)


def mark_of(key: str) -> str:
    """What stands for a key in the file: SHA-256, because a key may hold any character."""
    return hashlib.sha256(storable(key).encode()).hexdigest()
