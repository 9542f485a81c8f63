"""``efimport journal``: what was sent, and settling what nobody knows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from efimport.cli.journal_dropped import files
from efimport.cli.journal_filters import Filters, filter_options
from efimport.cli.session import Session
from efimport.errors import EfimportError, UsageError
from efimport.messages import Message, message
from efimport.planning.model import State
from efimport.report.visible import visible

if TYPE_CHECKING:
    from efimport.journal import Attempt, Entry, Journal, Record

HELD_FIRST = (State.HELD, State.UNKNOWN, State.SENDING)
"""States that somebody must look at."""
LONGEST_ID = 18
"""Digits."""
COMPANIONS_SHOWN = 20
KINDS = (".jsonl", ".json", ".csv", ".xlsx")


@click.group()
def journal() -> None:
    """Show what was sent; settle unknown outcomes.

    Every request is in the journal before it is sent, so that nothing is sent twice and nothing is forgotten.
    """


@journal.command("list")
@filter_options
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the N that changed last.")
@click.option("--together-with", metavar="ID", help="Only what went in the same request as the entry ID.")
@click.option("--json", "as_json", is_flag=True, help="A list of JSON objects.")
@click.pass_obj
def list_(
    options: dict[str, Any], /, limit: int | None, together_with: str | None, as_json: bool, **given: Any
) -> None:
    """List what was sent, the last change at the end."""
    session = Session(options)
    filters = Filters.of(given, session.wanted_organization)
    with session.open_journal() as journal:
        if together_with is None:
            entries = list(reversed(journal.list(limit=limit, **filters.asked())))
        else:
            one = journal.show(_existing(together_with)).entry
            fitting = [entry for entry in (one, *journal.companions(one)) if filters.fits(entry)]
            entries = sorted(fitting, key=lambda entry: entry.id)[-(limit or 0) :]
        name = journal.name
    if as_json:
        _print_entries(entries)
        return
    if not entries:
        session.say(message("The journal {path} has no such entry.", path=name))
        return
    _print_table(entries)
    if any(entry.state in HELD_FIRST for entry in entries):
        session.say(
            message(
                "What is held or unknown: look in the service whether it is there, then say it with "
                "efimport journal resolve ID --arrived or --not-arrived."
            )
        )


def _print_entries(entries: Sequence[Entry]) -> None:
    import msgspec

    from efimport.cli.journal_files import as_plain
    from efimport.cli.outputs import print_bytes
    from efimport.journal import Record

    plain = [as_plain(Record(entry))["entry"] for entry in entries]
    print_bytes(msgspec.json.format(msgspec.json.encode(plain), indent=2) + b"\n")


def _print_table(entries: Sequence[Entry]) -> None:
    heads = ("id", "state", "method", "document", "changed (UTC)", "file")
    rows = [heads, *(_row(entry) for entry in entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads) - 1)]
    for row in rows:
        cells = [f"{cell:{width}}" for cell, width in zip(row, widths, strict=False)]
        click.echo("  ".join([*cells, row[-1]]).rstrip())


def _row(entry: Entry) -> tuple[str, ...]:
    cells = (
        str(entry.id),
        entry.state.value,
        entry.method,
        entry.number or entry.file_name or "-",
        _at(entry.changed),
        entry.source_path or "",
    )
    return tuple(visible(cell) for cell in cells)


@journal.command("show")
@click.argument("identifier", metavar="ID")
@click.option("--request", is_flag=True, help="Only the request as it was sent, with place-holders for the login.")
@click.option("--answer", is_flag=True, help="Only the last answer, as it came.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def show(options: dict[str, Any], identifier: str, request: bool, answer: bool, as_json: bool) -> None:
    """Show all that happened to one entry, named by its id or its key."""
    from efimport.cli.outputs import print_bytes

    session = Session(options)
    with session.open_journal() as journal:
        record = journal.show(_existing(identifier))
        companions = journal.companions(record.entry)
        body = journal.request(record.entry) if request else None
    if request:
        print_bytes(_kept(body))
    elif answer:
        print_bytes(_kept_answer(record))
    elif as_json:
        print_bytes(_as_json(record, companions))
    else:
        _print_record(session, record, companions)


def _kept(body: bytes | None) -> bytes:
    if body is None:
        raise UsageError(
            message("The request is not kept."),
            message("To keep what is sent from now on, set keep_requests = true under [journal] in efimport.toml."),
        )
    return body if body.endswith(b"\n") else body + b"\n"


def _kept_answer(record: Record) -> bytes:
    answers = [attempt.response for attempt in record.attempts if attempt.response]
    if not answers:
        raise UsageError(message("The journal has no answer to {key}.", key=record.entry.key))
    return answers[-1].rstrip("\n").encode() + b"\n"


def _as_json(record: Record, companions: Sequence[Entry]) -> bytes:
    import msgspec

    from efimport.cli.journal_files import as_plain

    plain = as_plain(record) | {"together_with": [entry.id for entry in companions]}
    return msgspec.json.format(msgspec.json.encode(plain), indent=2) + b"\n"


def _print_record(session: Session, record: Record, companions: Sequence[Entry]) -> None:
    text = session.catalogue.text

    def told(heading: str, value: str | None, indent: str = "") -> None:
        if value:
            click.echo(visible(f"{indent}{text(heading):12} {text(value) if isinstance(value, Message) else value}"))

    for heading, value in _facts(record.entry):
        told(heading, value)
    if companions:
        told(message("Together with"), _named(companions))
    for attempt in record.attempts:
        click.echo()
        for heading, value in _facts_of_attempt(attempt):
            told(heading, value, "  ")
    click.echo()
    for step in record.transitions:
        start = step.start.value if step.start else "-"
        reason = step.because
        said = text(reason) if isinstance(reason, Message) else reason or ""
        click.echo(visible(f"  {_at(step.at)}  {start:>8} -> {step.end.value:8}  {step.by}  {said}".rstrip()))


def _named(companions: Sequence[Entry]) -> str:
    named = [f"{entry.id} {entry.number or entry.file_name or ''}".strip() for entry in companions[:COMPANIONS_SHOWN]]
    more = len(companions) - len(named)
    return ", ".join([*named, *([f"+ {more}"] if more else [])])


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
        (message("Reason"), entry.because),
        (message("Key"), entry.key),
        (message("Digest"), entry.digest),
        (message("If in doubt"), entry.repeat.value),
    )


def _facts_of_attempt(attempt: Attempt) -> tuple[tuple[str, str | None], ...]:
    who = [name for name in (attempt.username, attempt.system_user) if name]
    return (
        (message("Attempt"), f"{attempt.number}  {attempt.result}"),
        (message("Method"), attempt.method),
        (message("When (UTC)"), f"{_at(attempt.started)} - {_at(attempt.ended or '')}".rstrip(" -")),
        (message("Who"), " / ".join(who) + (f" @ {attempt.host}" if attempt.host else "")),
        (message("Where"), attempt.endpoint),
        (message("Digest"), attempt.digest),
        (message("Answer"), attempt.answer),
    )


@journal.command("resolve")
@click.argument("identifiers", metavar="ID...", nargs=-1, required=True)
@click.option("--arrived", "arrived", flag_value="yes", help="The document is in the service (or shall not get there).")
@click.option("--not-arrived", "arrived", flag_value="no", help="It is not there; the next import sends it.")
@click.option("--by", metavar="NAME", help="Who decides; kept in the journal. Your login name if not said.")
@click.option("--reason", metavar="TEXT", help="Why; kept in the journal.")
@click.pass_obj
def resolve(
    options: dict[str, Any], identifiers: tuple[str, ...], arrived: str | None, by: str | None, reason: str | None
) -> None:
    """Settle unknown outcomes: look into the service first, then say what is true.

    ID is the id or the key of an entry; efimport journal list --state held shows what waits for you.
    """
    if arrived is None:
        raise UsageError(message("Say --arrived or --not-arrived."))
    session = Session(options)
    refused: list[EfimportError] = []
    with session.open_journal() as journal:
        for identifier in dict.fromkeys(identifiers):
            try:
                entry = _resolved(journal, identifier, arrived=arrived == "yes", by=by, reason=reason)
            except UsageError as error:
                if len(identifiers) == 1:
                    raise
                refused.append(error)
                session.say(error.explain(session.catalogue), always=True)
                continue
            named = f"{entry.method} {entry.number or entry.key}"
            said = (
                message("{named} counts as arrived; it is not sent again.", named=named)
                if arrived == "yes"
                else message("{named} counts as not arrived; the next import sends it.", named=named)
            )
            click.echo(visible(session.catalogue.text(said)))
    if refused:
        sys.exit(refused[0].exit_status)


def _resolved(journal: Journal, identifier: str, *, arrived: bool, by: str | None, reason: str | None) -> Entry:
    from efimport.journal.provenance import system_user

    found = _existing(identifier)
    if journal.show(found).entry.state is State.SENDING:
        # What a run that died left under way becomes unknown, which only an owner may say; then it can be decided.
        with journal.owned():
            pass
    return journal.resolve(found, arrived=arrived, by=by or system_user() or "person", reason=reason)


@journal.command("export")
@filter_options
@click.option(
    "--output",
    "-o",
    type=click.Path(),
    metavar="FILE",
    help="Write to FILE: .jsonl (JSON lines), .csv or .xlsx. JSON lines on standard output if not said.",
)
@click.option("--requests", is_flag=True, help="With the requests that are kept (JSON lines only).")
@click.pass_obj
def export(options: dict[str, Any], /, output: str | None, requests: bool, **given: Any) -> None:
    """Write everything, oldest first: one JSON object a line, or a table."""
    from efimport.cli.outputs import check_place

    path = Path(output) if output else None
    kind = path.suffix.lower() if path else KINDS[0]
    if kind not in KINDS:
        raise UsageError(
            message("The file {path} has an ending that is not known.", path=output),
            message("Use {kinds}.", kinds=", ".join(KINDS)),
        )
    if requests and kind in (".csv", ".xlsx"):
        raise UsageError(message("Requests go into JSON lines only."), message("Name a file that ends in .jsonl."))
    if path is not None:
        check_place(path)
    session = Session(options)
    filters = Filters.of(given, session.wanted_organization)
    with session.open_journal() as journal:
        fitting = (record for record in journal.export() if filters.fits(record.entry))
        _export(fitting, kind, path, (lambda record: journal.request(record.entry)) if requests else None)


def _export(records: Any, kind: str, path: Path | None, bodies: Callable[[Record], bytes | None] | None) -> None:
    from efimport.cli import journal_files
    from efimport.cli.outputs import print_bytes
    from efimport.private_files import whole_file

    if path is None:
        for line in journal_files.json_lines(records, bodies):
            print_bytes(line)
        return
    with whole_file(path) as stream:
        if kind == ".csv":
            journal_files.write_csv(records, stream)
        elif kind == ".xlsx":
            journal_files.write_xlsx(records, stream)
        else:
            stream.writelines(journal_files.json_lines(records, bodies))


def _at(moment: str) -> str:
    return moment[:19].replace("T", " ")


def _existing(identifier: str) -> str:
    """The id or key; a number that no journal reaches is told apart before it is reckoned with."""
    if identifier.isdigit() and len(identifier) > LONGEST_ID:
        raise UsageError(message("The journal has no entry {wanted}.", wanted=f"{identifier[:LONGEST_ID]}..."))
    return identifier


journal.add_command(files)
