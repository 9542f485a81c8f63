"""What is read at most."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """What is read at most. Reasons: a bomb must cost less than a second and little memory.

    Attributes:
        file_bytes: size of one file.
        document_bytes: size of one document that a reader holds in memory as a tree.
        archive_bytes: sum of the unpacked sizes of an archive; as much again for all archives inside it together.
        archive_entries: number of entries of an archive; as many again for all archives inside it together.
        archive_ratio: unpacked size divided by packed size, for entries above 1 MiB.
        archive_depth: archives inside archives.
    """

    file_bytes: int = 768 * 1024 * 1024
    document_bytes: int = 64 * 1024 * 1024
    archive_bytes: int = 200 * 1024 * 1024
    archive_entries: int = 2000
    archive_ratio: int = 100
    archive_depth: int = 2


LIMITS = Limits()


class Budget:
    """What may still be unpacked from the archives inside one archive, all of them together.

    Without it every archive inside would have the whole limit for itself, and a small file could unpack to two thousand
    times as much.
    """

    __slots__ = ("_bytes", "_entries")

    def __init__(self, limits: Limits) -> None:
        self._bytes = limits.archive_bytes
        self._entries = limits.archive_entries

    def take(self, size: int, count: int) -> bool:
        """Whether so many bytes in so many entries are still allowed; they are used up then."""
        if size > self._bytes or count > self._entries:
            return False
        self._bytes -= size
        self._entries -= count
        return True
