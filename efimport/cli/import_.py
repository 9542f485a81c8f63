"""``efimport import``: plan, show, send."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from efimport.cli.choices import OPTION_NAMES, STATEMENT_OPTIONS, Decorator, choices_of, statement_options
from efimport.cli.outputs import check_place, targets_of
from efimport.cli.session import Session
from efimport.errors import UsageError
from efimport.messages import message
from efimport.settings import IMPORT_TYPES


def _options(function: Callable[..., None]) -> Callable[..., None]:
    decorators: list[Decorator] = [
        click.argument("paths", nargs=-1, type=click.Path()),
        click.option("--dry-run", is_flag=True, help="Show what would be sent; send nothing."),
        click.option("--save-plan", type=click.Path(), metavar="FILE", help="Save the plan to FILE."),
        click.option("--plan", "plan_file", type=click.Path(), metavar="FILE", help="Send exactly the saved plan."),
        click.option(
            "--to", "destination", type=click.Choice(["sandbox"]), help="Send to a sandbox started for the run."
        ),
        click.option(
            "--fresh", is_flag=True, help="With --to sandbox: as if no earlier trial had sent anything to a sandbox."
        ),
        click.option("--import-type", type=click.Choice(IMPORT_TYPES), help="What to do with documents that exist."),
        *statement_options(),
        click.option(
            "--report",
            "reports",
            multiple=True,
            metavar="FILE",
            help="Write the report: FILE.html, FILE.json, FILE.xlsx, or - for JSON on standard output. "
            "May be repeated.",
        ),
        click.option(
            "--json", "as_json", is_flag=True, help="The report as JSON on standard output (short for --report -)."
        ),
        click.option(
            "--save-requests",
            type=click.Path(),
            metavar="DIR",
            help="Write each request to DIR as it is sent, without the login. Files of an earlier run are replaced.",
        ),
        click.option(
            "--wait-for-journal",
            type=click.FloatRange(min=0),
            default=0.0,
            metavar="SECONDS",
            help="Wait so long for another import that is sending; else it is said which one it is.",
        ),
        click.option(
            "--move",
            is_flag=True,
            help="Put each file of the folder where it shows what became of it: sent, rejected, duplicates, unknown. A "
            "page beside it says it in words.",
        ),
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
    the next one. Ctrl-C ends a run after the request in flight.
    """
    _check_together(given)
    targets = targets_of(given["reports"], as_json=given["as_json"])
    save_plan = Path(given["save_plan"]) if given["save_plan"] else None
    if save_plan is not None:
        check_place(save_plan)

    common: dict[str, Any] = {
        "to_sandbox": given["destination"] == "sandbox",
        "choices": choices_of(given),
        "targets": targets,
        "save_requests": Path(given["save_requests"]) if given["save_requests"] else None,
        "dry_run": given["dry_run"],
        "confirmed": given["yes"],
        "wait_for_journal": given["wait_for_journal"],
    }
    if given["move"]:
        from efimport.cli.moving_run import MovingRun

        sys.exit(MovingRun(Session(options), given["paths"][0], **common)())

    from efimport.cli.run import Run

    run = Run(
        Session(options),
        paths=given["paths"],
        plan_file=Path(given["plan_file"]) if given["plan_file"] else None,
        fresh=given["fresh"],
        save_plan=save_plan,
        **common,
    )
    sys.exit(run())


def _check_together(given: dict[str, Any]) -> None:
    """Options that make no sense together are said, never ignored.

    Raises:
        UsageError: they make none.
    """
    if bool(given["paths"]) == bool(given["plan_file"]):
        raise UsageError(message("Name files or folders, or a saved plan with --plan."))
    if given["plan_file"]:
        for name in ("import_type", *STATEMENT_OPTIONS, "save_plan"):
            if given[name]:
                option = OPTION_NAMES.get(name, f"--{name.replace('_', '-')}")
                raise UsageError(
                    message("{option} does not go with --plan.", option=option),
                    message("A saved plan is sent exactly as it was made; make a new one to change it."),
                )
    if given["fresh"] and given["destination"] != "sandbox":
        raise UsageError(message("--fresh goes with --to sandbox only."))
    if given["move"] and (len(given["paths"]) != 1 or given["save_plan"] or given["fresh"]):
        raise UsageError(message("--move goes with one folder, and neither with --save-plan nor with --fresh."))
