"""Lanes: threads in which requests are sent, one a request in flight.

They do not keep the program alive: who insists on ending it at once need not wait for an answer that may take a minute.
What was in flight then is of unknown outcome, and the next run settles it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from efimport.delivery.stopping import InsistedError

NAME = "efimport-lane"

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


class Lanes:
    """Threads for the requests in flight; leaving the block waits for them, unless somebody insisted on ending."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and issubclass(kind, InsistedError):
            return
        for thread in self._threads:
            thread.join()

    def begin(
        self, work: Callable[_Parameters, _Result], *given: _Parameters.args, **named: _Parameters.kwargs
    ) -> Future[_Result]:
        """Does the work in a thread of its own."""
        done: Future[_Result] = Future()

        def run() -> None:
            try:
                done.set_result(work(*given, **named))
            except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
                done.set_exception(error)

        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=run, name=NAME, daemon=True)
        self._threads.append(thread)
        thread.start()
        return done


def under_way() -> bool:
    """Whether a request is in flight in this program."""
    return any(thread.name == NAME for thread in threading.enumerate())
