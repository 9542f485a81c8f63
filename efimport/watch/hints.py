"""Events of the system, by which a watcher looks sooner than it would by itself. They decide nothing.

Events get lost: by an overflow of the queue, on shares, when a folder goes away and comes back. So one only wakes the
watcher, which then lists the folder; where there are none, it lists the folder from time to time all the same.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from efimport.journal.network import network_file_system
from efimport.messages import message
from efimport.sources.folders import is_left_out

STEP = 400
"""Milliseconds between two looks at the queue of events: the most by which a hint comes late. Each costs a wake-up."""
DEBOUNCE = 1200
"""Milliseconds over which events that keep coming are one hint."""
PAUSE = 1.0
"""Seconds between two lists of folders that are watched, where many folders come one after the other."""
REARM = 30.0
"""Seconds after which it is asked whether the folders are still those that are watched."""


class Hints:
    """Wakes a watcher when something changes in one of its folders.

    Folders on other machines have no events that could be relied on and are left out. What goes wrong is told once, and
    is no error: the watcher is not woken then.

    Args:
        folders: folders with all that lies in them.
        wake: set for every change.
        on_trouble: takes a sentence about what does not work; called from a thread of its own.
        own: names of files that the watcher itself writes there; like hidden and temporary ones they wake nobody.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        wake: threading.Event,
        on_trouble: Callable[[str], None] = lambda _: None,
        *,
        own: Collection[str] = (),
    ) -> None:
        self._folders = tuple(folders)
        self._wake = wake
        self._on_trouble = on_trouble
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._told: set[str] = set()
        self._own = frozenset(own)

    def start(self) -> None:
        """Begin; nothing happens where no folder has events, or where it has begun already."""
        local = tuple(folder for folder in self._folders if network_file_system(folder) is None)
        if not local or self._thread is not None:
            return
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, args=(local,), name="efimport-hints", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End; returns when the thread has ended, or after a second in which it has not."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=1.0 + STEP / 1000)
            self._thread = None

    def _run(self, folders: tuple[Path, ...]) -> None:
        while not self._stop.is_set():
            there = {folder: identity for folder in folders if (identity := _identity(folder)) is not None}
            if there and not self._watch(there, len(there) < len(folders)):
                return
            # A folder has come, or lies in the place of another one, or is away: a share that comes back, a backup.
            self._stop.wait(PAUSE if there else REARM)
            self._wake.set()

    def _watch(self, there: dict[Path, tuple[int, int]], some_are_away: bool) -> bool:
        """Wake for changes until there are other folders to be watched; False where that cannot be done."""
        try:
            for changed, added in _changes([name for folder in there for name in _with_folders(folder)], self._stop):
                if any(self._counts(path) for path in changed):
                    self._wake.set()
                if some_are_away or any(_identity(folder) != identity for folder, identity in there.items()):
                    return True
                if any(os.path.isdir(path) and not os.path.islink(path) for path in added):  # noqa: PTH112, PTH114
                    return True
        except ImportError as error:
            self._tell(
                message("Without the package watchfiles changes are only found by scanning ({error}).", error=error)
            )
            return False
        except FileNotFoundError:
            return True
        except (OSError, RuntimeError) as error:
            # The number of folders that a user may have watched is limited, and the last one that was free may be gone.
            self._tell(message("Changes are only found by scanning ({error}).", error=error))
            return False
        return True

    def _counts(self, path: str) -> bool:
        name = os.path.basename(path)  # noqa: PTH119 - a name is all that is needed
        return name not in self._own and not is_left_out(name)

    def _tell(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._on_trouble(text)


def _changes(folders: Sequence[str], stop: threading.Event) -> Iterator[tuple[set[str], set[str]]]:
    """The paths that have changed, and those of them that have come; from time to time without an event, too.

    Raises:
        ImportError: the package is not there or cannot be loaded on this system.
        OSError, RuntimeError: the system has no events, or no more of them.
    """
    from watchfiles import Change, watch

    for changes in watch(
        *folders,
        watch_filter=None,
        debounce=DEBOUNCE,
        step=STEP,
        stop_event=stop,
        rust_timeout=int(REARM * 1000),
        yield_on_timeout=True,
        raise_interrupt=False,
        force_polling=False,
        recursive=False,
        ignore_permission_denied=True,
    ):
        yield {path for _, path in changes}, {path for kind, path in changes if kind is Change.added}


def _with_folders(folder: Path) -> Iterator[str]:
    """A folder and its sub-folders. Links are not followed, as the library would: one may lead to the whole disk."""
    for path, _, _ in os.walk(folder):
        if not any("\ud800" <= letter <= "\udfff" for letter in path):
            # Bytes that are no text cannot be handed over to the library.
            yield path


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
