"""``efimport journal``: what was sent, and settling what nobody knows."""

from __future__ import annotations

import sys
from typing import Any

import click

from efimport.cli.session import Session
from efimport.errors import UsageError
from efimport.messages import message
from efimport.planning.model import State

SHOWN = ("id", "key", "state", "method", "number", "source_path", "digest", "repeat", "sent", "answer", "reason")


@click.group()
def journal() -> None:
    """Show what was sent; settle unknown outcomes."""


@journal.command("list")
@click.option("--state", type=click.Choice([state.value for state in State]), help="Only entries in this state.")
@click.pass_obj
def list_(options: dict[str, Any], state: str | None) -> None:
    """List what was sent, oldest first."""
    session = Session(options)
    from efimport.journal import Journal
    from efimport.report.visible import visible

    with Journal(session.settings.journal_url) as opened:
        for entry in reversed(opened.list([State(state)] if state else None)):
            cells = (str(entry.id), entry.state.value, entry.method, entry.number or "-", entry.changed[:19])
            line = f"{cells[0]:>6}  {cells[1]:9} {cells[2]:22} {cells[3]:20} {cells[4]}  {entry.source_path or ''}"
            click.echo(visible(line.rstrip()))


@journal.command("show")
@click.argument("identifier")
@click.pass_obj
def show(options: dict[str, Any], identifier: str) -> None:
    """Show all that happened to one entry, by its id or its key."""
    session = Session(options)
    from efimport.journal import Journal
    from efimport.report.visible import visible

    with Journal(session.settings.journal_url) as opened:
        record = opened.show(_identifier(identifier))
    entry = record.entry
    for name in (
        "id",
        "key",
        "state",
        "method",
        "number",
        "source_path",
        "digest",
        "repeat",
        "sent",
        "answer",
        "reason",
    ):
        click.echo(visible(f"{name:12} {getattr(entry, name)}"))
    for step in record.transitions:
        start = step.start.value if step.start else "-"
        line = f"  {step.at[:19]}  {start:>9} -> {step.end.value:9} {step.by:10} {step.reason or ''}"
        click.echo(visible(line.rstrip()))


@journal.command("resolve")
@click.argument("identifier")
@click.option("--arrived", "arrived", flag_value="yes", help="The document is in the service.")
@click.option("--not-arrived", "arrived", flag_value="no", help="It is not; the next run sends it.")
@click.option("--by", default="person", show_default=True, help="Who decides.")
@click.option("--reason", help="Why.")
@click.pass_obj
def resolve(options: dict[str, Any], identifier: str, arrived: str | None, by: str, reason: str | None) -> None:
    """Settle an unknown outcome: look into the service first, then say what is true."""
    if arrived is None:
        raise UsageError(message("Say --arrived or --not-arrived."))
    session = Session(options)
    from efimport.journal import Journal

    with Journal(session.settings.journal_url) as opened, opened.owned():
        entry = opened.resolve(_identifier(identifier), arrived=arrived == "yes", by=by, reason=reason)
    click.echo(f"{entry.id} {entry.method} {entry.number or entry.key}: {entry.state.value}")


@journal.command("export")
@click.pass_obj
def export(options: dict[str, Any]) -> None:
    """Print everything, one JSON object a line."""
    session = Session(options)
    import msgspec

    from efimport.journal import Journal

    with Journal(session.settings.journal_url) as opened:
        for record in opened.export():
            sys.stdout.write(msgspec.json.encode(record).decode("utf-8") + "\n")


def _identifier(text: str) -> str | int:
    return int(text) if text.isascii() and text.isdigit() else text
