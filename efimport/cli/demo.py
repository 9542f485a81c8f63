"""``efimport demo``: sandbox, samples and report, end to end."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from efimport.cli.outputs import targets_of
from efimport.cli.session import Session
from efimport.messages import message
from efimport.report.visible import visible


@click.command()
@click.option(
    "--report",
    default="efimport-demo.html",
    show_default=True,
    metavar="FILE",
    help="Where the report goes: .html, .json or .xlsx.",
)
@click.pass_obj
def demo(options: dict[str, Any], report: str) -> None:
    """Import the samples into a sandbox and write the report. Nothing leaves this machine.

    It takes about a minute: the sandbox takes one request a second, as the service does.
    """
    target = Path(report).absolute()
    targets = targets_of([str(target)], as_json=False)

    from efimport.cli.run import Run
    from efimport.mappings import data_folder

    session = Session(options)
    with tempfile.TemporaryDirectory(prefix="efimport-demo-") as folder:
        run = Run(
            session,
            paths=[str(_near(data_folder("samples")))],
            to_sandbox=True,
            targets=targets,
            confirmed=True,
            journal_url=f"sqlite:///{Path(folder) / 'journal.sqlite3'}",
        )
        run()
        assert run.sandbox is not None
        violations = run.sandbox.state()["violations"]
    session.say(
        message(
            "The sandbox saw {rate} breaches of the pace and {concurrency} of the one request a user.",
            rate=violations["rate"],
            concurrency=violations["concurrency"],
        )
    )
    click.echo(visible(session.catalogue.text(message("Report: {path}", path=target))))
    # The samples hold faults on purpose, so that a demo that showed them went well.
    sys.exit(0)


def _near(folder: Path) -> Path:
    """The folder as people would name it from here."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
