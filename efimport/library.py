"""The functions of the library: read, from_dataframe, plan, connect, deliver.

They are the command line's own steps. Everything else that is public is a type of the modules below; ``efimport``
lists all of it.
"""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias, cast

from efimport.documents import Document
from efimport.errors import SettingsError, UsageError
from efimport.findings import Finding
from efimport.formats.reading import Hints, Read
from efimport.formats.registry import SourceReading, expand
from efimport.mappings import Mapping, load_mapping, named_mapping
from efimport.messages import Catalogue, message
from efimport.planning import model
from efimport.planning.build import Options, build_plan, own_of
from efimport.planning.choices import Choices
from efimport.planning.given import Given, by_source
from efimport.settings import Organization, Sending, find_settings, load_settings
from efimport.sources import Named, Source, find_sources

if TYPE_CHECKING:
    import pandas as pd

    from efimport.api.answers import Answer
    from efimport.api.call import Call
    from efimport.api.client import Client
    from efimport.journal import Journal

Input = str | os.PathLike[str] | bytes | IO[bytes]


class Plan(model.Plan, frozen=True, kw_only=True):
    """A plan that can report on itself."""

    def report(self, outcomes: Iterable[model.Outcome] = (), *, language: str = "en") -> dict[str, Any]:
        """The report as the object of ``efimport-report/1``.

        Args:
            outcomes: what became of the calls; none for a dry run.
            language: language of the messages.
        """
        import json

        from efimport.report.as_json import write_json
        from efimport.report.build import build_report

        done = list(outcomes)
        text = io.StringIO()
        write_json(build_report(self, done, dry_run=not done, catalogue=Catalogue(language)), text)
        loaded: dict[str, Any] = json.loads(text.getvalue())
        return loaded


class Documents:
    """The documents of an input; each iteration reads it again.

    Attributes:
        findings: what was noticed about the files themselves, filled while iterating. What was noticed about a document
            stands in its own ``findings``.
    """

    def __init__(self, items: Callable[[], Iterable[Read]]) -> None:
        self._items = items
        self.findings: list[Finding] = []

    def __iter__(self) -> Iterator[Document]:
        self.findings.clear()
        for item in self._items():
            if isinstance(item, Finding):
                self.findings.append(item)
            else:
                yield item


Plannable: TypeAlias = str | os.PathLike[str] | Document | Documents
"""What a plan can be made of."""


def _items_of(paths: Sequence[Named], organization: Organization | None, hints: Hints) -> Iterator[Read]:
    for found in expand(find_sources(paths)):
        if isinstance(found, Finding):
            yield found
        else:
            yield from SourceReading(found, own_of(organization), hints=hints)


def read(
    source: Input,
    organization: Organization | str | None = None,
    *,
    name: str = "input",
    date_format: str | None = None,
    mappings: Iterable[str | os.PathLike[str]] = (),
) -> Documents:
    """The documents in a file, a folder, bytes or an open file, whatever supported format they are in.

    Args:
        source: a path, bytes, or a file object opened in binary mode.
        organization: who we are; tells issued documents from received ones.
        name: what bytes and file objects are called in findings.
        date_format: how days are written in tables, ``DD/MM/YYYY`` and the like, where the data do not tell.
        mappings: mapping files that come before the shipped ones.

    Returns:
        the documents one after the other; bad input raises nothing, it is in the findings.

    Raises:
        SettingsError: the settings have no such organization.
        UsageError: the file object gives text instead of bytes, or the date format names no day.
        SettingsError: a mapping file cannot be used.
    """
    who = _organization(organization)
    chosen = Choices(date_format=date_format, mappings=tuple(os.fspath(path) for path in mappings))
    hints = chosen.hints(who)
    if isinstance(source, str | os.PathLike):
        return Documents(lambda: _items_of([source], who, hints))
    content = source if isinstance(source, bytes) else source.read()
    if not isinstance(content, bytes):
        raise UsageError(
            message("The file object gives text, and documents are read from bytes."),
            message('Open it in binary mode: open(path, "rb")'),
        )
    shown = name if isinstance(source, bytes) else str(getattr(source, "name", name))
    return Documents(lambda: _items_of([Source(shown, content)], who, hints))


def from_dataframe(
    frame: pd.DataFrame,
    mapping: str | os.PathLike[str] | Mapping,
    *,
    organization: Organization | str | None = None,
    name: str = "dataframe",
    date_format: str | None = None,
) -> Documents:
    """The documents in the rows of a data frame, by the same mappings as tables in files.

    Texts are taken as they are, so read codes as text (``dtype=str``): a number has lost its leading zeros already.
    What pandas takes for missing is an empty cell; levels of the index that have a name are columns.

    Args:
        frame: the rows; the names of the columns are the headings.
        mapping: ``partners``, ``products``, ``orders`` or ``invoices``; the name of a mapping that ships with efimport
            (``efimport mappings list``); the path of a mapping file; or a mapping itself.
        organization: who we are.
        name: what the frame is called in findings and reports.
        date_format: how days that are text are written, ``DD/MM/YYYY`` and the like, where they do not tell.

    Returns:
        the documents; their findings name the row and the column as ``loc[label, 'column']``.

    Raises:
        SettingsError: the settings have no such organization.
        MappingError: there is no such mapping, or the mapping file cannot be used.
        UsageError: the date format names no day, or the frame is none.
    """
    if not hasattr(frame, "iloc") or not hasattr(frame, "columns"):
        raise UsageError(
            message("{kind} is no data frame.", kind=type(frame).__name__),
            message("from_dataframe takes a pandas.DataFrame, such as pandas.DataFrame(rows)."),
        )
    from efimport.formats.reading import Reading
    from efimport.formats.spreadsheet.in_memory import read_table
    from efimport.formats.tables.frames import content_of, table_of_frame

    who = _organization(organization)
    hints = Choices(date_format=date_format).hints(who)
    chosen = _mapping(mapping)
    table = table_of_frame(frame)
    source = Source(name, content_of(table))
    return Documents(lambda: read_table(table, chosen, source, Reading(own_of(who), hints=hints)))


def _mapping(named: str | os.PathLike[str] | Mapping) -> Mapping:
    """A mapping by its name, from its file, or as it is."""
    if not isinstance(named, str | os.PathLike):
        return named
    path = Path(named)
    is_file = not isinstance(named, str) or path.suffix == ".toml" or path.name != named
    return load_mapping(path) if is_file else named_mapping(str(named))


def plan(
    paths: Iterable[Plannable] | Plannable,
    organization: Organization | str | None = None,
    *,
    import_type: str | None = None,
    iban: str | None = None,
    paypal_account: str | None = None,
    date_format: str | None = None,
    mappings: Iterable[str | os.PathLike[str]] = (),
    today: dt.date | None = None,
) -> Plan:
    """What would be sent for these files, folders and documents. Touches no network.

    Args:
        paths: files and folders; or documents that are there already, as :func:`read` and :func:`from_dataframe` give
            them. Give what these returned itself, and not only the documents in it: then what was noticed about the
            source as a whole is in the plan, too.
        organization: whose books; the name of one in the settings, or None for a plan for the Czech site.
        import_type: createOnly, createOrUpdate or updateOnly; None for the organization's setting.
        iban: account of all statements, where the files do not name it.
        paypal_account: e-mail address of the PayPal account, where the files do not name it.
        date_format: how days are written in tables, ``DD/MM/YYYY`` and the like, where the data do not tell.
        mappings: mapping files that come before the shipped ones.
        today: the day that dates are held against; None for today.

    Raises:
        SettingsError: the settings have no such organization.
        UsageError: the import type is none of the three, or an account or the date format is none.
        SettingsError: a mapping file cannot be used.
    """
    named, given = _inputs(paths)
    options = Options(
        import_type=import_type,
        iban=iban,
        paypal_account=paypal_account,
        date_format=date_format,
        mappings=tuple(os.fspath(path) for path in mappings),
        today=today,
    )
    made = build_plan(named, _organization(organization), options, given=given)
    return Plan(
        organization=made.organization,
        site=made.site,
        sources=made.sources,
        calls=made.calls,
        checked_only=made.checked_only,
    )


def _inputs(
    paths: Iterable[Plannable] | Plannable,
) -> tuple[list[str | os.PathLike[str]], list[Given]]:
    """Paths, and documents put together by the source that they come from."""
    named: list[str | os.PathLike[str]] = []
    documents: list[Document] = []
    findings: list[Finding] = []
    several = isinstance(paths, Iterable) and not isinstance(paths, str | os.PathLike | Documents)
    for one in cast("Iterable[Plannable]", paths if several else [paths]):
        if isinstance(one, str | os.PathLike):
            named.append(one)
        elif isinstance(one, Documents):
            documents.extend(one)
            findings.extend(one.findings)
        else:
            documents.append(one)
    return named, by_source(documents, findings)


class Service:
    """A connection to the service with the journal that remembers what was sent.

    Attributes:
        client: sends calls.
        journal: remembers them.
        sending: time-outs and quiet time.
    """

    def __init__(self, client: Client, journal: Journal, sending: Sending) -> None:
        self.client = client
        self.journal = journal
        self.sending = sending

    def call(self, method: str, /, **parameters: Any) -> Answer:
        """The answer of any method of the service, by its documented name.

        Nothing is entered in the journal, whether the method changes data or not: what became of a call that changes
        data and whose outcome is unknown is for the caller to find out.

        Args:
            method: name of the method, ``PartnerList``.
            parameters: its parameters by their documented names. Texts, whole numbers, ``Decimal``, dates and truth
                values go as they are; a dictionary is a structure, its lists are its entries (``Items``); a path or a
                ``File`` is a file, bytes are the contents of a base64 parameter; a list is several parameters of one
                name; None leaves a parameter out.

        Returns:
            the answer; an ordinary refusal is an answer with the status ``error``.

        Raises:
            CallError: a name or a value does not fit the reference; nothing was sent.
            ServiceError: see :mod:`efimport.errors`.
        """
        return self.client.call(self._made(method, parameters))

    def send(self, method: str, name: str, /, **parameters: Any) -> model.Outcome:
        """Send a call that changes data, entered in the journal under a name of the caller's choice.

        The rules are those of :func:`deliver`: the same name with the same parameters is sent once, with others it is
        held; what may have arrived is looked up or held and never sent again blindly.

        Args:
            method: name of the method, ``SalesInvoicePaymentRecordAdd``.
            name: what the call does, in the caller's own words: ``payment 2026-17 of our bank``.
            parameters: see :meth:`call`.

        Raises:
            UsageError: the method changes nothing, or carries many things at once.
            CallError: a name or a value does not fit the reference; nothing was sent.
            JournalHeldError: another process sends with this journal.
            JournalError: the journal cannot be read or written.
        """
        from efimport.planning.single import plan_of_call

        who = self.client.organization
        (outcome,) = deliver(plan_of_call(self._made(method, parameters), who.name, who.site, name), self)
        return outcome

    def _made(self, method: str, parameters: dict[str, Any]) -> Call:
        from efimport.api import catalogue
        from efimport.api.values import FileNames, make_call

        who = self.client.organization
        names = FileNames(who.inbox.list_element, who.inbox.entry_element, who.inbox_wrapper)
        return make_call(catalogue.method(method), parameters, who.site, names=names)


@contextmanager
def connect(
    organization: Organization | str | None = None,
    *,
    journal: str | Path | None = None,
    sending: Sending | None = None,
) -> Iterator[Service]:
    """The service of an organization, and the journal.

    Args:
        organization: the organization, or its name in the settings; None for the default one.
        journal: SQLAlchemy address or path of the journal; None for that of the settings.
        sending: time-outs and quiet time; None for those of the settings.

    Raises:
        SettingsError: there is no organization, or it lacks token or users.
        JournalError: the journal cannot be opened.
    """
    from efimport.api.client import Client
    from efimport.journal import Journal

    settings = load_settings(find_settings())
    who = _organization(organization) or settings.organization()
    if who is None:
        raise SettingsError(
            message("There are no settings that say where to send."), message("Write them with: efimport config init")
        )
    how = sending or settings.sending
    with (
        Journal(journal or settings.journal_url, keep_requests=settings.keep_requests) as opened,
        Client(who, sending=how) as client,
    ):
        yield Service(client, opened, how)


def deliver(made: model.Plan, service: Service) -> Iterator[model.Outcome]:
    """Send a plan; each call's outcome as it is known.

    What was sent before is skipped, and what may have arrived is never sent again blindly.

    Raises:
        JournalHeldError: another process sends with this journal.
        JournalError: the journal cannot be read or written.
    """
    from efimport.delivery import deliver as send

    yield from send(made, service.client, service.journal, quiet_time=service.sending.quiet_time)


def _organization(named: Organization | str | None) -> Organization | None:
    if isinstance(named, str):
        return load_settings(find_settings()).organization(named)
    return named
