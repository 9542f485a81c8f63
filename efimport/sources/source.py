"""One named piece of bytes: a file on disk or an entry of a container."""

from __future__ import annotations

import hashlib
import io
import mmap
import os
from pathlib import Path
from typing import IO

from efimport.sources.limits import Budget

HEAD_BYTES = 64 * 1024
MAPPED_FROM = 8 * 1024 * 1024
_PIECE = 1024 * 1024


class Source:
    """A named piece of bytes. It gives them as often as it is asked; large files are mapped, not read.

    Args:
        path: what people see; entries of containers follow after ``!``.
        content: the bytes, or None where ``file`` holds them.
        file: the file on disk.
        depth: how many containers it lies in.
        budget: what may be unpacked from it where it lies in a container; None where it lies in none.

    Attributes:
        kept: what recognition has made of the bytes already, so that reading need not do it again.
    """

    __slots__ = ("_content", "_digest", "_head", "_map", "_status", "budget", "depth", "file", "kept", "path")

    def __init__(
        self,
        path: str,
        content: bytes | None = None,
        *,
        file: Path | None = None,
        depth: int = 0,
        budget: Budget | None = None,
    ) -> None:
        self.path = path
        self.file = file
        self.depth = depth
        self.budget = budget
        self.kept: dict[str, object] = {}
        self._content = content
        self._map: mmap.mmap | None = None
        self._head: bytes | None = None
        self._digest: str | None = None
        self._status: tuple[int, int, int] | None = None

    @property
    def name(self) -> str:
        """The file name alone."""
        return self.path.replace("\\", "/").rsplit("!", 1)[-1].rsplit("/", 1)[-1]

    @property
    def suffix(self) -> str:
        """The ending of the name in lower case, with its dot."""
        return os.path.splitext(self.name)[1].lower()  # noqa: PTH122 - the name of an entry is no path of this system

    @property
    def size(self) -> int:
        """Size in bytes. Raises OSError where the file cannot be looked at."""
        if self._content is not None:
            return len(self._content)
        if self._status is None:
            self._status = self._look()
        return self._status[0]

    @property
    def head(self) -> bytes:
        """The first 64 KiB."""
        if self._head is None:
            if self._content is not None:
                self._head = self._content[:HEAD_BYTES]
            else:
                with self._file.open("rb") as stream:
                    self._head = stream.read(HEAD_BYTES)
        return self._head

    def buffer(self) -> bytes | mmap.mmap:
        """All bytes: as ``bytes`` where they are few, as a read-only mapping where they are many.

        Both can be searched, sliced and matched. Raises OSError where the file cannot be read.
        """
        if self._content is not None:
            return self._content
        if self._map is not None:
            return self._map
        if self.size < MAPPED_FROM:
            self._content = self._file.read_bytes()
            return self._content
        with self._file.open("rb") as stream:
            self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        return self._map

    def read(self) -> bytes:
        """All bytes."""
        content = self.buffer()
        return content if isinstance(content, bytes) else content[:]

    def open(self) -> IO[bytes]:
        """A stream over the bytes, to be closed by the caller."""
        if self._content is None and self.size >= MAPPED_FROM:
            return self._file.open("rb")
        return io.BytesIO(self.read())

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        if self._digest is None:
            digest = hashlib.sha256()
            with self.open() as stream:
                # In pieces: a mapping would have every page of a large file in memory.
                while piece := stream.read(_PIECE):
                    digest.update(piece)
            self._digest = digest.hexdigest()
        return self._digest

    def has_changed(self) -> bool:
        """Whether the file on disk is another one, or of another size or time, than when it was first looked at."""
        if self._status is None:
            return False
        try:
            return self._look() != self._status
        except OSError:
            return True

    def release(self) -> None:
        """Forget what was read of a file on disk; it is read again when it is asked for."""
        self.kept.clear()
        if self.file is None:
            return
        self._content = None
        if self._map is not None:
            try:
                self._map.close()
            except BufferError:
                return
            self._map = None

    def _look(self) -> tuple[int, int, int]:
        status = self._file.stat()
        return status.st_size, status.st_mtime_ns, status.st_ino

    @property
    def _file(self) -> Path:
        assert self.file is not None
        return self.file

    def __repr__(self) -> str:
        return f"Source({self.path!r})"
