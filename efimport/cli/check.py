"""``efimport check``: read and check only."""

from __future__ import annotations

import sys
from typing import Any

import click

from efimport.cli.choices import choices_of, with_statement_options
from efimport.cli.outputs import NOTHING_FOUND, say_nothing_found, show, targets_of
from efimport.cli.session import Session


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FILE",
    help="Write the report: FILE.html, FILE.json, FILE.xlsx, or - for JSON on standard output. May be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="The report as JSON on standard output (short for --report -).")
@with_statement_options
@click.pass_obj
def check(
    options: dict[str, Any], /, paths: tuple[str, ...], reports: tuple[str, ...], as_json: bool, **given: Any
) -> None:
    """Read files and folders and say what is wrong with them.

    Nothing is sent. Exit status 1 when a file or a document has an error.
    """
    targets = targets_of(reports, as_json=as_json)
    session = Session(options)

    from efimport.cli.progress import reading_progress
    from efimport.planning.build import Options, check_only
    from efimport.report.build import build_report

    with reading_progress(session) as progress:
        chosen = Options.of(choices_of(given))
        plan = check_only(paths, session.organization, chosen, progress=progress)
    report = build_report(plan, dry_run=True, catalogue=session.catalogue, made_at=session.now)
    written = show(report, session, targets)
    if not plan.sources:
        say_nothing_found(session, paths)
        sys.exit(NOTHING_FOUND)
    sys.exit(0 if written and not any(found.is_error for found in plan.findings) else 1)
