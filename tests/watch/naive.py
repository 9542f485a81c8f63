"""A watcher as there are many: what has had the same size and time for a while is taken for complete.

It stands here as the counter-example; nothing uses it but the tests, which show what it reads half.
"""

from __future__ import annotations

from efimport.api.clock import Clock
from efimport.watch.scanning import Listing


class NaiveWatcher:
    """Size and time alone; and what lies there at the start is not even watched (``takes_existing``)."""

    def __init__(self, clock: Clock, quiet: float, *, takes_existing: bool = False) -> None:
        self._clock = clock
        self._quiet = quiet
        self._takes_existing = takes_existing
        self._seen: dict[str, tuple[tuple[int, int], float]] = {}

    def look(self, listing: Listing) -> list[str]:
        """Names of the files that it would read now."""
        now, found, seen = self._clock.monotonic(), [], {}
        for file in listing.files:
            looks = (file.size, file.modified)
            known, since = self._seen.get(file.name, (None, now))
            seen[file.name] = (looks, since if known == looks else now)
            if now - seen[file.name][1] >= self._quiet or self._takes_existing:
                found.append(file.name)
        self._seen, self._takes_existing = seen, False
        return found
