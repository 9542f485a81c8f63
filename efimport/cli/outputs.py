"""Where results go: standard output, files of the kinds that their endings name. No file is ever seen half written."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from efimport.cli.failure import of_the_system
from efimport.cli.main import leave_standard_output
from efimport.cli.session import Session
from efimport.errors import UsageError
from efimport.messages import message
from efimport.private_files import whole_file
from efimport.report.visible import visible

if TYPE_CHECKING:
    from efimport.report.model import Report

STANDARD_OUTPUT = "-"
KINDS = (".html", ".json", ".xlsx")
NOTHING_FOUND = 2
"""Exit status where the paths hold no file: a mistyped folder or a share that is away must not look like success."""


def targets_of(reports: Sequence[str], *, as_json: bool) -> tuple[str, ...]:
    """Where the report goes, each place once; looked at before the work, not after it.

    Raises:
        UsageError: the ending is not known, or nothing can be written there.
    """
    targets = tuple(dict.fromkeys([*reports, *([STANDARD_OUTPUT] if as_json else [])]))
    for target in targets:
        if target == STANDARD_OUTPUT:
            continue
        path = Path(target)
        if path.suffix.lower() not in KINDS:
            raise UsageError(
                message("The report {path} has an ending that is not known.", path=target),
                message("Use {kinds}.", kinds=", ".join(KINDS)),
            )
        check_place(path)
    return targets


def check_place(path: Path) -> None:
    """Whether a file can be written there.

    Raises:
        UsageError: the folder does not exist, cannot be written in, or the path is a folder itself.
    """
    folder = path.absolute().parent
    if not folder.is_dir():
        raise UsageError(
            message("{path} cannot be written: the folder {folder} does not exist.", path=path, folder=folder)
        )
    if path.is_dir():
        raise UsageError(message("{path} cannot be written: it is a folder.", path=path))
    if not os.access(folder, os.W_OK):
        raise UsageError(
            message("{path} cannot be written: you have no right to write in {folder}.", path=path, folder=folder)
        )


def show(report: Report, session: Session, targets: Sequence[str]) -> bool:
    """The report in all the places that were asked for; in the terminal where none is standard output.

    Returns:
        False where a file could not be written, which has been told then; the work is done all the same.
    """
    written = True
    for target in targets:
        if target == STANDARD_OUTPUT:
            continue
        try:
            write_report(report, Path(target))
        except OSError as error:
            session.say(of_the_system(error), always=True)
            written = False
    if STANDARD_OUTPUT in targets:
        print_json(report)
    else:
        print_for_people(report, session)
    return written


def say_nothing_found(session: Session, paths: Sequence[str]) -> None:
    """That there was no file to read."""
    session.say(
        message(
            "There is no file to read in {paths}. Hidden and temporary files are left out.", paths=", ".join(paths)
        ),
        always=True,
    )


def print_for_people(report: Report, session: Session, *, errors: bool = False) -> None:
    """The report in words, on standard output, or on standard error where the output belongs to a program."""
    from efimport.report.terminal import print_report

    print_report(report, session.console(errors=errors), session.verbosity)


def print_json(report: Report) -> None:
    """The report for programs, in UTF-8 whatever the terminal's encoding is."""
    import io

    from efimport.report.as_json import write_json

    text = io.StringIO()
    write_json(report, text)
    print_bytes(text.getvalue().rstrip("\n").encode("utf-8") + b"\n")


def print_bytes(content: bytes) -> None:
    """Bytes on standard output; in a terminal a text whose control characters are written out."""
    if sys.stdout.isatty():
        parts = re.split(r"([\n\t])", content.decode("utf-8", "replace").replace("\r\n", "\n"))
        content = "".join(part if part in ("\n", "\t") else visible(part) for part in parts).encode("utf-8")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        leave_standard_output()


def write_report(report: Report, path: Path) -> None:
    """The report as a file of the kind that its ending names.

    Raises:
        OSError: it cannot be written; what was there before is left as it was.
    """
    kind = path.suffix.lower()
    if kind == ".xlsx":
        from efimport.report.as_xlsx import write_xlsx

        with whole_file(path) as binary:
            write_xlsx(report, binary)
        return
    import io

    write: Callable[[Report, IO[str]], None]
    if kind == ".html":
        from efimport.report.as_html import write_html as write
    else:
        from efimport.report.as_json import write_json as write
    with whole_file(path) as binary:
        text = io.TextIOWrapper(binary, encoding="utf-8", newline="\n")
        write(report, text)
        # Flushes, and leaves the closing to the file.
        text.detach()
