"""``efimport mappings``: which tables of banks and gateways are known, and drafting a mapping file for another one."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import Any

import click

from efimport.cli.outputs import check_place, whole_file
from efimport.cli.session import Session
from efimport.errors import UsageError
from efimport.mappings import Mapping, data_folder, load_mapping, shipped_mappings
from efimport.messages import Message, message
from efimport.report.visible import visible

EVIDENCE = {
    "A": message("seen in a real file or in the bank's own documentation"),
    "B": message("a program in use reads by these names"),
    "C": message("known from imitations only; check it with a real file"),
    None: message("not said"),
}


@click.group()
def mappings() -> None:
    """Tables of banks and payment gateways: which are known, and how others are described.

    A mapping file says what the columns of a table mean. docs/mappings.md tells every key with an example.
    """


@mappings.command("list")
@click.pass_obj
def list_(options: dict[str, Any]) -> None:
    """List the mapping files that ship with efimport, with the grade of their evidence.

    A: seen in a real file or in the bank's own documentation. B: a program in use reads by these names. C: known from
    imitations only.
    """
    Session(options)
    known = shipped_mappings()
    width = max((len(one.name) for one in known), default=0)
    for one in known:
        click.echo(visible(f"{one.name:{width}}  {one.evidence or '-'}  {one.title}"))


@mappings.command("show")
@click.argument("name")
@click.pass_obj
def show(options: dict[str, Any], name: str) -> None:
    """Show the mapping NAME, or the mapping file NAME: what it is, and the file itself.

    The file is a good beginning for one of your own: efimport mappings show fio > mine.toml
    """
    session = Session(options)
    path = _path_of(name)
    one = load_mapping(path)
    text = session.catalogue.text
    session.say(
        message(
            "{title}. Evidence {grade}: {meaning}. {note}",
            title=one.title,
            grade=one.evidence or "-",
            meaning=EVIDENCE[one.evidence],
            note=one.evidence_note,
        )
    )
    if not _balances(one):
        session.say(text(message("The layout has no balances, so that a missing entry cannot be noticed.")))
    click.echo(path.read_text(encoding="utf-8-sig"), nl=False)


def _balances(one: Mapping) -> bool:
    beside = {value.field for value in (*one.preamble, *one.footer)}
    return one.balance is not None or "closing" in beside


def _path_of(name: str) -> Path:
    """The file of a shipped mapping, or a file of the user.

    Raises:
        UsageError: there is neither.
    """
    shipped = data_folder("mappings") / f"{name}.toml"
    if shipped.is_file() and Path(name).name == name:
        return shipped
    if Path(name).is_file():
        return Path(name)
    near = difflib.get_close_matches(name, [one.name for one in shipped_mappings()], n=3, cutoff=0.4)
    raise UsageError(
        message("There is no mapping {name}.", name=name),
        message("Did you mean: {names}?", names=", ".join(near)) if near else message("All: efimport mappings list"),
    )


@mappings.command("new")
@click.argument("file", type=click.Path())
@click.option("-o", "--output", type=click.Path(), metavar="OUT", help="File to write; standard output when left out.")
@click.pass_obj
def new(options: dict[str, Any], file: str, output: str | None) -> None:
    """Draft a mapping file from the example FILE, and say what could not be told.

    Use it with: efimport check FILE --mapping OUT - which reads the example by it and checks what can be checked.

    Exit status 1 when something has to be filled in by a person.
    """
    session = Session(options)
    target = Path(output) if output else None
    if target is not None:
        check_place(target)
        if target.exists():
            raise UsageError(message("The file {path} exists.", path=target), message("Name another one with -o."))

    from efimport.formats.spreadsheet.draft import draft
    from efimport.sources import Source

    source = Source(file, file=Path(file))
    try:
        text, untold = draft(source)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(message("The file {path} cannot be read: {reason}.", path=file, reason=reason)) from error
    if target is None:
        click.echo(text, nl=False)
    else:
        with whole_file(target) as stream:
            stream.write(text.encode("utf-8"))
        session.say(message("Written: {path}", path=target))
    _say_untold(session, untold)
    sys.exit(1 if untold else 0)


def _say_untold(session: Session, untold: list[Message]) -> None:
    for one in untold:
        session.say(one, always=True)
