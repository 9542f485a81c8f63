"""Watching: a thread looks after each folder, so that one on a slow share does not hold up the others."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

from efimport.watch.ground import Means
from efimport.watch.keeping import SLICE, Keeper, Watched


class Watch:
    """The watching of some folders.

    Args:
        folders: the folders.
        means: what they have in common.
        poll: seconds between two looks, without listening to the system; None for the usual way.
        adopt: whether the folders that are there are the ones that are meant, although their markers are missing.
    """

    def __init__(
        self, folders: Sequence[Watched], means: Means, *, poll: float | None = None, adopt: bool = False
    ) -> None:
        self._ended = threading.Event()
        self._fault: BaseException | None = None
        ours = replace(means, stop=lambda: self._ended.is_set() or means.stop())
        self._keepers = [Keeper(watched, ours, poll=poll, adopt=adopt) for watched in folders]

    def run(self, *, once: bool = False) -> None:
        """Watch until somebody wants to stop; or do what is to be done, and return.

        Raises:
            UsageError: a folder that was never watched is not there.
            FolderHeldError: another watcher is at work on a folder.
            EfimportError: see :meth:`efimport.watch.keeping.Keeper.keep`.
        """
        for keeper in self._keepers:
            keeper.prepare()
        threads = [threading.Thread(target=self._keep, args=(keeper, once), daemon=True) for keeper in self._keepers]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(SLICE)
        if self._fault is not None:
            raise self._fault

    def _keep(self, keeper: Keeper, once: bool) -> None:
        """A fault of one folder ends the others in good order; who started them is told."""
        try:
            keeper.keep(once=once)
        except BaseException as fault:  # noqa: BLE001 - raised again in the thread that started this one
            self._fault = self._fault or fault
            self._ended.set()
