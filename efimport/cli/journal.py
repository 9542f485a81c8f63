"""``efimport journal``: what was sent, and settling what nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from efimport.cli.session import Session
from efimport.errors import UsageError
from efimport.messages import message
from efimport.planning.model import State
from efimport.report.visible import visible

if TYPE_CHECKING:
    from efimport.journal import Entry, Journal, Record

HELD_FIRST = (State.HELD, State.UNKNOWN, State.SENDING)
"""States that somebody must look at."""
LONGEST_ID = 18
"""Digits."""


@click.group()
def journal() -> None:
    """Show what was sent; settle unknown outcomes.

    Every request is in the journal before it is sent, so that nothing is sent twice and nothing is forgotten.
    """


@journal.command("list")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in State]),
    help="Only entries in this state. May be repeated.",
)
@click.pass_obj
def list_(options: dict[str, Any], states: tuple[str, ...]) -> None:
    """List what was sent, oldest first."""
    session = Session(options)
    with _opened(session) as opened:
        wanted = [State(state) for state in states] or None
        entries = list(reversed(opened.list(wanted, organization=session.wanted_organization)))
        place = opened.name
    if not entries:
        session.say(message("The journal {path} has no such entry.", path=place))
        return
    heads = ("id", "state", "method", "document", "changed (UTC)", "file")
    rows = [heads, *(_row(entry) for entry in entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads) - 1)]
    for row in rows:
        cells = [f"{cell:{width}}" for cell, width in zip(row, widths, strict=False)]
        click.echo("  ".join([*cells, row[-1]]).rstrip())
    if any(entry.state in HELD_FIRST for entry in entries):
        session.say(
            message(
                "What is held or unknown: look in the service whether it is there, then say it with "
                "efimport journal resolve ID --arrived or --not-arrived."
            )
        )


def _row(entry: Entry) -> tuple[str, ...]:
    cells = (
        str(entry.id),
        entry.state.value,
        entry.method,
        entry.number or entry.file_name or "-",
        entry.changed[:19].replace("T", " "),
        entry.source_path or "",
    )
    return tuple(visible(cell) for cell in cells)


@journal.command("show")
@click.argument("identifier", metavar="ID")
@click.pass_obj
def show(options: dict[str, Any], identifier: str) -> None:
    """Show all that happened to one entry, named by its id or its key."""
    session = Session(options)
    with _opened(session) as opened:
        record = opened.show(_existing(identifier))
    text = session.catalogue.text
    for heading, value in _facts(record.entry):
        if value:
            click.echo(visible(f"{text(heading):12} {value}"))
    click.echo()
    for step in record.transitions:
        start = step.start.value if step.start else "-"
        line = f"  {step.at[:19].replace('T', ' ')}  {start:>8} -> {step.end.value:8}  {step.by}"
        click.echo(visible(f"{line}  {step.reason or ''}".rstrip()))


def _facts(entry: Entry) -> tuple[tuple[str, str | None], ...]:
    return (
        (message("Entry"), str(entry.id)),
        (message("State"), entry.state.value),
        (message("Method"), entry.method),
        (message("Document"), entry.number),
        (message("Organization"), entry.organization),
        (message("File"), entry.source_path),
        (message("Sent"), str(entry.sent)),
        (message("Answer"), entry.answer),
        (message("Reason"), entry.reason),
        (message("Key"), entry.key),
        (message("Digest"), entry.digest),
        (message("If in doubt"), entry.repeat.value),
    )


@journal.command("resolve")
@click.argument("identifier", metavar="ID")
@click.option("--arrived", "arrived", flag_value="yes", help="The document is in the service (or shall not get there).")
@click.option("--not-arrived", "arrived", flag_value="no", help="It is not there; the next import sends it.")
@click.option("--by", default="person", show_default=True, metavar="NAME", help="Who decides; kept in the journal.")
@click.option("--reason", metavar="TEXT", help="Why; kept in the journal.")
@click.pass_obj
def resolve(options: dict[str, Any], identifier: str, arrived: str | None, by: str, reason: str | None) -> None:
    """Settle an unknown outcome: look into the service first, then say what is true.

    ID is the id or the key of the entry; efimport journal list --state held shows what waits for you.
    """
    if arrived is None:
        raise UsageError(message("Say --arrived or --not-arrived."))
    session = Session(options)
    with _opened(session) as opened:
        _free_from_dead_run(opened, opened.show(_existing(identifier)))
        entry = opened.resolve(identifier, arrived=arrived == "yes", by=by, reason=reason)
    named = f"{entry.method} {entry.number or entry.key}"
    said = (
        message("{named} counts as arrived; it is not sent again.", named=named)
        if arrived == "yes"
        else message("{named} counts as not arrived; the next import sends it.", named=named)
    )
    click.echo(visible(session.catalogue.text(said)))


def _free_from_dead_run(opened: Journal, record: Record) -> None:
    """What a run that died left under way becomes unknown, which only an owner may say; then it can be decided."""
    if record.entry.state is State.SENDING:
        with opened.owned():
            pass


@journal.command("export")
@click.pass_obj
def export(options: dict[str, Any]) -> None:
    """Print everything, one JSON object a line."""
    session = Session(options)
    import msgspec

    from efimport.cli.outputs import print_bytes

    with _opened(session) as opened:
        for record in opened.export():
            print_bytes(msgspec.json.encode(record) + b"\n")


def _opened(session: Session) -> Journal:
    from efimport.journal import Journal

    return Journal(session.settings.journal_url)


def _existing(identifier: str) -> str:
    """The id or key; a number that no journal reaches is told apart before it is reckoned with."""
    if identifier.isdigit() and len(identifier) > LONGEST_ID:
        raise UsageError(message("The journal has no entry {wanted}.", wanted=f"{identifier[:LONGEST_ID]}..."))
    return identifier
