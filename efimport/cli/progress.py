"""Progress on long work, on standard error; nothing where it is piped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath

from efimport.cli.session import Session
from efimport.messages import message


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
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(session.catalogue.text("Sending")),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=session.console(errors=True), transient=True) as progress:
        task = progress.add_task("", total=total, rate="")

        def advance() -> None:
            speed = progress.tasks[0].speed
            progress.update(task, advance=1, rate=f"{speed:.2f}/s" if speed else "")

        yield advance
