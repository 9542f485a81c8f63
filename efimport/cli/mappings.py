"""``efimport mappings``: which tables are known, drafting a mapping file for another one, empty tables to fill in."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import Any

import click

from efimport.cli.mapping_words import TARGET_TITLES, in_words
from efimport.cli.outputs import check_place, print_bytes
from efimport.cli.session import Session
from efimport.errors import UsageError
from efimport.mappings import Mapping, data_folder, load_mapping, parse_mapping, shipped_mappings
from efimport.mappings.targets import TARGETS, TargetName
from efimport.messages import Message, message
from efimport.private_files import whole_file
from efimport.report.visible import visible
from efimport.settings import SITES
from efimport.templates.columns import HEADING_LANGUAGES

TEMPLATE_KINDS = (".xlsx", ".csv")


@click.group()
def mappings() -> None:
    """Tables of banks, gateways and other programs: which are known, and how others are described.

    A mapping file says what the columns of a table mean. docs/mappings.md tells every key with an example.
    """


@mappings.command("list")
@click.pass_obj
def list_(options: dict[str, Any]) -> None:
    """List the mapping files that ship with efimport, with the grade of their evidence.

    A: seen in a real file or in the maker's own documentation. B: a program in use reads by these names. C: known from
    imitations only. The tables of partners, products, orders and invoices that need no file are those of
    efimport mappings template.
    """
    session = Session(options)
    rows = [(_target(one), one.name, one.evidence or "-", one.title) for one in shipped_mappings()]
    rows += [(target, target, "-", session.catalogue.text(_template_title())) for target in TARGETS]
    width = max(len(name) for _, name, _, _ in rows)
    for target, title in TARGET_TITLES.items():
        click.echo(f"{session.catalogue.text(title)}:")
        for _, name, evidence, told in (row for row in rows if row[0] == target):
            click.echo(visible(f"  {name:{width}}  {evidence}  {told}"))


def _template_title() -> Message:
    return message("tables with the headings of efimport mappings template, in any of its languages")


def _target(one: Mapping) -> str:
    return str(getattr(one, "target", "statement"))


@mappings.command("show")
@click.argument("name")
@click.pass_obj
def show(options: dict[str, Any], name: str) -> None:
    """Explain the mapping NAME, or the mapping file NAME, and print the file itself.

    partners, products, orders and invoices are the tables that need no mapping file; a file that says in full how they
    are read is printed. The explanation goes to standard error, so that the file is a good beginning for one of your
    own: efimport mappings show fio > mine.toml
    """
    session = Session(options)
    one, text = _named(name, session)
    for line in in_words(one):
        session.say(line)
    click.echo(text, nl=False)


def _named(name: str, session: Session) -> tuple[Mapping, str]:
    """A mapping and the text of its file.

    Raises:
        UsageError: there is no mapping of this name and no such file.
        MappingError: the file cannot be used.
    """
    shipped = data_folder("mappings") / f"{name}.toml"
    path = shipped if shipped.is_file() and Path(name).name == name else Path(name)
    if path.is_file():
        return load_mapping(path), path.read_text(encoding="utf-8-sig")
    for target in TARGETS:
        if name == target:
            from efimport.templates import mapping_text

            text = mapping_text(target, session.catalogue)
            return parse_mapping(text, Path(f"{name}.toml")), text
    known = [*TARGETS, *(one.name for one in shipped_mappings())]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    raise UsageError(
        message("There is no mapping {name}.", name=name),
        message("Did you mean: {names}?", names=", ".join(near)) if near else message("All: efimport mappings list"),
    )


@mappings.command("template")
@click.argument("target", type=click.Choice(TARGETS))
@click.option(
    "-o", "--output", type=click.Path(), metavar="OUT", help="File to write: OUT.xlsx or OUT.csv. [TARGET.xlsx]"
)
@click.option(
    "--headings", type=click.Choice(HEADING_LANGUAGES), help="Language of the headings. [that of the messages]"
)
@click.option("--site", type=click.Choice(SITES), help="Whose VAT rates are offered. [that of the settings, CZ]")
@click.pass_obj
def template(
    options: dict[str, Any], target: TargetName, output: str | None, headings: str | None, site: str | None
) -> None:
    """Write an empty table to fill in: partners, products, orders or invoices.

    The workbook explains each column, offers what can be chosen, and checks days and numbers while they are typed. What
    is filled in is read without a mapping file: efimport check OUT
    """
    session = Session(options)
    path = Path(output or f"{target}.xlsx")
    kind = path.suffix.lower()
    if kind not in TEMPLATE_KINDS:
        raise UsageError(
            message("A template cannot be written as {path}.", path=path),
            message("Use {kinds}.", kinds=", ".join(TEMPLATE_KINDS)),
        )
    _check_new(path)
    language = headings or session.catalogue.language
    organization = session.organization
    whose = site or (organization.site if organization is not None else SITES[0])
    with whole_file(path) as stream:
        if kind == ".csv":
            from efimport.templates import headings_as_csv

            stream.write(headings_as_csv(target, language=language))
        else:
            from efimport.templates.workbook import write_workbook

            write_workbook(target, stream, language=language, catalogue=session.catalogue, site=whose)
    session.say(message("Written: {path}", path=path))


def _check_new(path: Path) -> None:
    """Whether a new file can be written there.

    Raises:
        UsageError: it cannot, or there is a file already.
    """
    check_place(path)
    if path.exists():
        raise UsageError(message("The file {path} exists.", path=path), message("Name another one with -o."))


@mappings.command("new")
@click.argument("file", type=click.Path())
@click.option("-o", "--output", type=click.Path(), metavar="OUT", help="File to write; standard output when left out.")
@click.option(
    "--target", type=click.Choice(["statement", *TARGETS]), help="What the rows are. [told from headings and values]"
)
@click.pass_obj
def new(options: dict[str, Any], file: str, output: str | None, target: str | None) -> None:
    """Draft a mapping file from the example FILE, and say what could not be told.

    Whether the rows are movements of an account, partners, products, orders or invoices is told from the headings and
    from what stands below. Use it with: efimport check FILE --mapping OUT - which reads the example by it and checks
    what can be checked.

    Exit status 1 when something has to be filled in by a person.
    """
    session = Session(options)
    place = Path(output) if output else None
    if place is not None:
        _check_new(place)

    from efimport.formats.spreadsheet.draft import draft
    from efimport.sources import Source

    source = Source(file, file=Path(file))
    try:
        text, untold = draft(source, target)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(message("The file {path} cannot be read: {reason}.", path=file, reason=reason)) from error
    if place is None:
        print_bytes(text.encode("utf-8"))
    else:
        with whole_file(place) as stream:
            stream.write(text.encode("utf-8"))
        session.say(message("Written: {path}", path=place))
    _say_untold(session, untold)
    sys.exit(1 if untold else 0)


def _say_untold(session: Session, untold: list[Message]) -> None:
    for one in untold:
        session.say(one, always=True)
