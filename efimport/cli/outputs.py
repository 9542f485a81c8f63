"""Where reports go: standard output, files of the kinds that their endings name."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from efimport.cli.session import Session
from efimport.errors import UsageError
from efimport.messages import message

if TYPE_CHECKING:
    from efimport.report.model import Report

STANDARD_OUTPUT = "-"
KINDS = (".html", ".json", ".xlsx")


def check_targets(targets: Sequence[str]) -> None:
    """Find out about a wrong target before the work, not after it.

    Raises:
        UsageError: the ending is not known, or the folder does not exist.
    """
    for target in targets:
        if target == STANDARD_OUTPUT:
            continue
        path = Path(target)
        if path.suffix.lower() not in KINDS:
            raise UsageError(
                message("The report {path} has an ending that is not known.", path=target),
                message("Use {kinds}.", kinds=", ".join(KINDS)),
            )
        if not path.absolute().parent.is_dir():
            raise UsageError(message("The folder of the report {path} does not exist.", path=target))


def show(report: Report, session: Session, targets: Sequence[str]) -> None:
    """The report in all the places that were asked for; in the terminal where none is standard output."""
    for target in targets:
        if target != STANDARD_OUTPUT:
            write_file(report, Path(target))
    if STANDARD_OUTPUT in targets:
        from efimport.report.as_json import write_json

        write_json(report, sys.stdout)
        sys.stdout.write("\n")
        return
    from efimport.report.terminal import print_report

    print_report(report, session.console(), session.verbosity)


def write_file(report: Report, path: Path) -> None:
    """The report as a file: beside it first, then renamed, so that a half report is never seen."""
    unfinished = path.with_name(path.name + ".part")
    kind = path.suffix.lower()
    if kind == ".html":
        from efimport.report.as_html import write_html

        with unfinished.open("w", encoding="utf-8") as stream:
            write_html(report, stream)
    elif kind == ".xlsx":
        from efimport.report.as_xlsx import write_xlsx

        with unfinished.open("wb") as binary:
            write_xlsx(report, binary)
    else:
        from efimport.report.as_json import write_json

        with unfinished.open("w", encoding="utf-8") as stream:
            write_json(report, stream)
    unfinished.replace(path)
