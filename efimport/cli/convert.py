"""``efimport convert``: the documents of a file in another format."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from efimport.cli.choices import choices_of, with_statement_options
from efimport.cli.outputs import STANDARD_OUTPUT, check_place, print_bytes
from efimport.cli.session import Session
from efimport.errors import UsageError
from efimport.messages import Message, message
from efimport.private_files import harmless_name, whole_file

if TYPE_CHECKING:
    from efimport.documents import Document, Statement
    from efimport.formats.writing import Lost
    from efimport.planning.model import Plan

STATEMENT_FORMATS = {"cba-xml": "camt", "gpc": "gpc", "mt940": "mt940"}
"""Formats of bank statements, and the package whose module ``write`` writes them."""
WITH_CURRENCY = ("cba-xml", "mt940")
"""Those that state a currency with their amounts."""
ONE_A_FILE = {"isdoc": ("ISDOC", ".isdoc"), "eurofaktura-xml": ("eurofaktura-xml", ".xml")}
"""Formats that hold one document a file, what people call them, and the ending of the name."""
FORMATS = ("json", "csv", "xlsx", "isdoc", "pohoda", *STATEMENT_FORMATS, "eurofaktura-xml")
Made = TypeVar("Made", bound="Document")


@click.command()
@click.argument("file", type=click.Path())
@click.option("--to", "wanted", type=click.Choice(FORMATS), required=True, help="Format to write.")
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    metavar="OUT",
    help="File to write; standard output when left out. A folder where a format holds one document a file.",
)
@with_statement_options
@click.pass_obj
def convert(options: dict[str, Any], /, file: str, wanted: str, output: str | None, **given: Any) -> None:
    """Write the documents of FILE in another format.

    json, csv and xlsx hold the documents as efimport understands them: identifiers as text, amounts as numbers. csv
    is one table: the entries of bank statements, or the documents of any other file. isdoc takes invoices only,
    pohoda invoices, orders, partners and products; cba-xml, gpc and mt940 take bank statements only. eurofaktura-xml
    is the own format of the service, one element a document. What such a format has no room for is told.

    Exit status 1 when the file or a document has an error; what could be read is written all the same.
    """
    session = Session(options)
    target = None if output in (None, STANDARD_OUTPUT) else Path(str(output))
    _check_target(Path(file), target, wanted)

    from efimport.cli.progress import reading_progress
    from efimport.planning.build import Options, check_only

    with reading_progress(session) as progress:
        plan = check_only([file], session.organization, Options.of(choices_of(given)), progress=progress)
    has_errors = _say_errors(session, plan)
    if not plan.documents:
        session.say(message("{path} holds no document; nothing was written.", path=file), always=True)
        sys.exit(1)
    if wanted == "isdoc":
        complete = _write_isdoc(session, plan, target)
    elif wanted == "eurofaktura-xml":
        complete = _write_internal(session, plan, target)
    elif wanted == "pohoda":
        complete = _write_pohoda(session, plan, target)
    elif wanted in STATEMENT_FORMATS:
        complete = _write_statements(session, plan, wanted, target)
    else:
        _write(_content(plan, wanted, session), target)
        complete = True
    sys.exit(1 if has_errors or not complete else 0)


def _check_target(file: Path, target: Path | None, wanted: str) -> None:
    if target is None:
        if wanted == "xlsx" and sys.stdout.isatty():
            raise UsageError(message("A spreadsheet cannot be shown in a terminal."), message("Name a file with -o."))
        return
    if target.exists() and file.exists() and target.samefile(file):
        raise UsageError(message("{path} would be overwritten by its own conversion.", path=target))
    if not (wanted in ONE_A_FILE and target.is_dir()):
        check_place(target)


def _say_errors(session: Session, plan: Plan) -> bool:
    """Tell what is wrong; whether an error is among it."""
    from efimport.report.build import build_report
    from efimport.report.words import Words

    report = build_report(plan, dry_run=True, catalogue=session.catalogue)
    words = Words(session.catalogue.language)
    for source in report.sources:
        for found in source.all_findings:
            if found.severity.value == "info":
                continue
            place = words.place(found.line, found.column, found.where)
            start = ", ".join(part for part in (found.path, place) if part)
            session.say(f"{start}: {words.severity(found.severity)}: {found.message} {found.hint or ''}".rstrip())
    return any(found.is_error for found in plan.findings)


def _content(plan: Plan, wanted: str, session: Session) -> bytes:
    from efimport.cli import tables

    write: dict[str, Callable[[], bytes]] = {
        "json": lambda: tables.as_json(plan, session.catalogue),
        "csv": lambda: tables.as_csv(plan.documents),
        "xlsx": lambda: tables.as_xlsx(plan.documents),
    }
    return write[wanted]()


def _write(content: bytes, target: Path | None) -> None:
    if target is None:
        print_bytes(content)
        return
    with whole_file(target) as stream:
        stream.write(content)
    click.echo(str(target), err=True)


def _write_statements(session: Session, plan: Plan, wanted: str, target: Path | None) -> bool:
    """All statements in one file of a bank's format; whether every document could be written."""
    from importlib import import_module

    from efimport.documents import Statement
    from efimport.formats.writing import CannotWriteError

    package = STATEMENT_FORMATS[wanted]
    module = import_module(f"efimport.formats.{package}.write")

    def prepare(document: Document) -> Statement:
        if not isinstance(document, Statement):
            raise CannotWriteError(message("It is no bank statement."))
        return _with_currency(session, document, wanted) if wanted in WITH_CURRENCY else document

    written = _prepared(session, plan, wanted, prepare, module.lost)
    if written:
        _write(getattr(module, f"write_{package}")(written), target)
    return len(written) == len(plan.documents)


def _write_pohoda(session: Session, plan: Plan, target: Path | None) -> bool:
    """All documents in one pack; whether every document could be written."""
    from efimport.formats.pohoda.write import lost, write_pohoda
    from efimport.mappings import home_currencies

    organization = session.organization
    home = home_currencies()[organization.site if organization else "CZ"]
    written = _prepared(session, plan, "pohoda", lambda document: document, partial(lost, home_currency=home))
    if written:
        own = organization.registration_number if organization else None
        _write(write_pohoda(written, own=own, home_currency=home), target)
    return len(written) == len(plan.documents)


def _prepared(
    session: Session,
    plan: Plan,
    wanted: str,
    prepare: Callable[[Document], Made],
    lost: Callable[[Made], tuple[Lost, ...]],
) -> list[Made]:
    """The documents that a format takes; the others, and what of these has no room in it, are told."""
    from efimport.formats.writing import CannotWriteError

    taken: list[Made] = []
    for document in plan.documents:
        try:
            prepared = prepare(document)
            losses = lost(prepared)
        except CannotWriteError as error:
            _say_not_written(session, document, wanted, error.reason)
            continue
        taken.append(prepared)
        _say_lost(session, document, wanted, losses)
    return taken


def _say_lost(session: Session, document: Document, wanted: str, losses: Sequence[Lost]) -> None:
    if losses:
        session.say(
            message(
                "{path}, document {ordinal}: {count} values have no room in {format}, or not in full: {fields}.",
                path=document.origin.path,
                ordinal=document.origin.ordinal,
                count=len(losses),
                format=wanted,
                fields=", ".join(sorted({loss.field for loss in losses})),
            )
        )


def _with_currency(session: Session, document: Statement, wanted: str) -> Statement:
    """The statement with the currency of the country, where the file does not say it; this is told."""
    from efimport.payloads.conversion import with_currency

    if document.currency or document.account.currency:
        return document
    site = session.organization.site if session.organization else "CZ"
    completed = with_currency(document, document.account, site)
    session.say(
        message(
            "{path}, document {ordinal}: the statement does not say its currency; {currency} is written in {format}.",
            path=document.origin.path,
            ordinal=document.origin.ordinal,
            currency=completed.currency,
            format=wanted,
        ),
        always=True,
    )
    return completed


def _say_not_written(session: Session, document: Document, wanted: str, reason: Message) -> None:
    session.say(
        message(
            "{path}, document {ordinal} ({kind} {number}) is not written as {format}. {reason}",
            path=document.origin.path,
            ordinal=document.origin.ordinal,
            kind=document.kind.value,
            number=document.number or "-",
            format=wanted,
            reason=reason,
        ),
        always=True,
    )


def _write_isdoc(session: Session, plan: Plan, target: Path | None) -> bool:
    """ISDOC holds one document a file; whether every document could be written."""
    from efimport.documents import Invoice
    from efimport.formats.isdoc.write import lost, write_isdoc
    from efimport.formats.writing import CannotWriteError

    written: list[tuple[Document, bytes]] = []
    for document in plan.documents:
        if not isinstance(document, Invoice):
            reason = message("ISDOC takes invoices with a number and a date only.")
            _say_not_written(session, document, "isdoc", reason)
            continue
        try:
            written.append((document, write_isdoc(document)))
        except CannotWriteError as error:
            _say_not_written(session, document, "isdoc", error.reason)
            continue
        _say_lost(session, document, "isdoc", lost(document))
    _write_each(written, "isdoc", target)
    return len(written) == len(plan.documents)


def _write_internal(session: Session, plan: Plan, target: Path | None) -> bool:
    """The elements of the service's own format, one document a file; whether every document could be written."""
    from efimport.payloads.internal_format import as_xml
    from efimport.payloads.target import Target

    written: list[tuple[Document, bytes]] = []
    for document in plan.documents:
        content, findings = as_xml(document, Target.of(session.organization))
        if content is not None:
            written.append((document, content))
        for found in findings:
            if content is None and found.is_error:
                reason = message("{reason} {hint}", reason=found.message, hint=found.hint or "")
                _say_not_written(session, document, "eurofaktura-xml", reason)
            elif content is not None and not found.is_error:
                session.say(found.message)
    _write_each(written, "eurofaktura-xml", target)
    return len(written) == len(plan.documents)


def _write_each(written: Sequence[tuple[Document, bytes]], wanted: str, target: Path | None) -> None:
    """Each document into a file of its own; a single one may go anywhere."""
    name, ending = ONE_A_FILE[wanted]
    folder = target if target is not None and target.is_dir() else None
    if len(written) > 1 and folder is None:
        raise UsageError(
            message(
                "The file holds {count} documents, and {format} holds one a file.", count=len(written), format=name
            ),
            message("Name a folder that exists with -o."),
        )
    taken: set[str] = set()
    for document, content in written:
        _write(content, folder / _file_name(document, ending, taken) if folder else target)


def _file_name(document: Document, ending: str, taken: set[str]) -> str:
    """A name from the document's number, harmless and not yet taken."""
    number = (document.number or "").strip(".- ") or "document"
    name = harmless_name(f"{number}{ending}", taken, usual="document")
    taken.add(name.lower())
    return name
