"""``efimport import``: plan, show, send."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from efimport.cli.outputs import STANDARD_OUTPUT, check_targets
from efimport.cli.session import Session
from efimport.errors import UsageError
from efimport.messages import message
from efimport.settings import IMPORT_TYPES

Decorator = Callable[[Callable[..., None]], Callable[..., None]]


def _options(function: Callable[..., None]) -> Callable[..., None]:
    decorators: list[Decorator] = [
        click.argument("paths", nargs=-1, type=click.Path()),
        click.option("--dry-run", is_flag=True, help="Show what would be sent; send nothing."),
        click.option("--save-plan", type=click.Path(dir_okay=False), help="Save the plan to FILE."),
        click.option("--plan", "plan_file", type=click.Path(dir_okay=False), help="Send exactly the saved plan FILE."),
        click.option(
            "--to", "destination", type=click.Choice(["sandbox"]), help="Send to a sandbox started for the run."
        ),
        click.option("--import-type", type=click.Choice(IMPORT_TYPES), help="What to do with documents that exist."),
        click.option("--iban", help="Account of the statements of this run."),
        click.option("--report", "reports", multiple=True, help="Write the report: FILE.html, .json, .xlsx, or - ."),
        click.option("--json", "as_json", is_flag=True, help="The report as JSON on standard output."),
        click.option("--save-requests", type=click.Path(file_okay=False), help="Write each request body to DIR."),
        click.option("--yes", "-y", is_flag=True, help="Send without asking."),
    ]
    for decorate in reversed(decorators):
        function = decorate(function)
    return function


@click.command("import")
@_options
@click.pass_obj
def import_(options: dict[str, Any], /, **given: Any) -> None:
    """Read files and folders, show what goes where, and send it.

    The journal remembers what was sent: the same document is never sent twice, and an interrupted run is continued by
    the next one.
    """
    if bool(given["paths"]) == bool(given["plan_file"]):
        raise UsageError(message("Name files or folders, or a saved plan with --plan."))
    targets: tuple[str, ...] = given["reports"]
    if given["as_json"] and STANDARD_OUTPUT not in targets:
        targets = (*targets, STANDARD_OUTPUT)
    check_targets(targets)

    from efimport.cli.run import Run

    run = Run(
        Session(options),
        paths=given["paths"],
        plan_file=Path(given["plan_file"]) if given["plan_file"] else None,
        to_sandbox=given["destination"] == "sandbox",
        import_type=given["import_type"],
        iban=given["iban"],
        targets=targets,
        save_plan=Path(given["save_plan"]) if given["save_plan"] else None,
        save_requests=Path(given["save_requests"]) if given["save_requests"] else None,
        dry_run=given["dry_run"],
        confirmed=given["yes"],
    )
    sys.exit(run())
