"""Progress on long work, on standard error; nothing where it is piped."""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import PurePath
from typing import TYPE_CHECKING

from efimport.cli.session import Session
from efimport.messages import message

if TYPE_CHECKING:
    from efimport.delivery.waiting import Waiting

BURST = 4
"""Calls that the service takes at once."""


def _is_shown(session: Session) -> bool:
    return sys.stderr.isatty() and session.verbosity >= 0


@contextmanager
def reading_progress(session: Session) -> Iterator[Callable[[str], None] | None]:
    """Shows the file that is being read, and how many there were."""
    if not _is_shown(session):
        yield None
        return
    from efimport.report.visible import visible

    console = session.console(errors=True)
    count = 0
    with console.status("") as status:

        def show(path: str) -> None:
            nonlocal count
            count += 1
            said = message("Reading file {count}: {name}", count=count, name=PurePath(path).name)
            status.update(visible(session.catalogue.text(said)))

        yield show


@contextmanager
def sending_progress(session: Session, total: int) -> Iterator[Callable[[], None]]:
    """A bar with the number of calls, the rate and the time left."""
    if not _is_shown(session) or not total:
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn(session.catalogue.text("Sending")),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
    )
    recent = deque([time.monotonic()], maxlen=2 * BURST)
    with Progress(*columns, console=session.console(errors=True), transient=True) as progress:
        task = progress.add_task("", total=total, rate="")

        def advance() -> None:
            recent.append(time.monotonic())
            left = total - progress.tasks[0].completed - 1
            progress.update(task, advance=1, rate=_rate(session, recent, left))

        yield advance


def _rate(session: Session, recent: Sequence[float], left: float) -> str:
    """Rate of the last calls and time left; nothing before they mean something.

    The first calls leave all at once, and those that were sent before cost no time.
    """
    seconds = recent[-1] - recent[0]
    if len(recent) <= BURST or seconds < 1:
        return ""
    speed = (len(recent) - 1) / seconds
    return session.catalogue.text("{rate}/s, {left} s left", rate=f"{speed:.1f}", left=round(left / speed))


def note_the_wish_to_stop(session: Session) -> Callable[[], None]:
    """What says at Ctrl-C that it was noticed: a request in flight is finished first, which can take a while."""
    text = session.catalogue.text(
        message("Stopping after the request in flight. Once more to end at once; the next run then settles it.")
    )
    line = ("\r\x1b[K" if sys.stderr.isatty() else "") + text + "\n"
    shown = session.verbosity >= 0

    def note() -> None:
        # A signal may come in the midst of a write to the stream, which must not be entered twice. The terminal may
        # be gone, that is what the signal may say.
        if shown:
            with suppress(OSError, ValueError):
                os.write(sys.stderr.fileno(), line.encode())

    return note


def said_waiting(session: Session) -> Callable[[Waiting], None]:
    """What says why nothing seems to happen."""

    def say(waiting: Waiting) -> None:
        if waiting.seconds is None:
            session.say(message("Waiting: {why}", why=waiting.reason))
        else:
            session.say(message("Waiting {seconds} s: {why}", seconds=round(waiting.seconds), why=waiting.reason))

    return say
