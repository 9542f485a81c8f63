"""Files that still have the name under which a program transfers them: left alone, and told when they stay so.

A download that broke off, or an upload whose program has ended, leaves such a file behind for ever; whoever dropped it
takes it for sent.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from efimport.messages import message
from efimport.sources.folders import later_name
from efimport.watch.folders import stored
from efimport.watch.scanning import Listing, Seen
from efimport.watch.settling import Arriving


def transfers(folder: Path, listing: Listing, *, now: float, unfinished: float) -> Iterator[Arriving]:
    """The files of a listing that are being transferred, as far as their names tell.

    Args:
        folder: the folder that was listed.
        listing: what lies there.
        now: wall time, seconds since 1970.
        unfinished: seconds after which one that has not changed is reported.
    """
    for name in listing.left_alone:
        later = later_name(name.rpartition("/")[2])
        # Hidden ones are what programs, and we ourselves, put aside for a moment.
        seen = None if later is None or later.startswith(".") else _seen(folder, name)
        if later is not None and seen is not None:
            since = max(now - seen.changed / 1e9, 0.0)
            reason = message(
                "It is being transferred; {name} will be its name when it is complete.", name=stored(later)
            )
            yield Arriving(seen, reason, since, since >= unfinished)


def _seen(folder: Path, name: str) -> Seen | None:
    path = folder / name
    try:
        status = os.lstat(path)
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return Seen(path, name, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev)
