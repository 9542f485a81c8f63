"""Sources -> formats -> checks -> payloads = plan. Touches no network.

The steps, each a function: read everything, pair PDFs with what they picture, route and check each document, find
doubles, put the calls in order.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

import msgspec

from efimport.api import catalogue, wire
from efimport.api.call import Call
from efimport.checks import check
from efimport.checks.context import Context
from efimport.documents import Attachment, Document, Invoice, Kind, OtherDocument, Statement
from efimport.findings import Finding, Location, Severity, finding
from efimport.formats.reading import Own
from efimport.formats.registry import SourceReading, expand
from efimport.payloads import route
from efimport.payloads.target import Routed, Target
from efimport.planning.model import Plan, PlannedCall, PlannedDocument, PlannedSource, Repeat
from efimport.settings import Organization
from efimport.sources import LIMITS, Limits, Source, find_sources

KEY_VERSION = 1
"""Version of the identity in a journal's key; an older version is looked up as well when the rule changes."""

ORDER = (
    "PartnerImport",
    "ProductImport",
    "ProductMassImport",
    "SalesOrderImport",
    "AdvanceInvoiceImport",
    "SalesInvoiceImport",
    "CreditNoteImport",
    "DebitNoteImport",
    "DocumentInboxImport",
    "DocumentInboxAddEntry",
    "BankStatementImport",
)
"""Order of sending: what others refer to comes first."""

Progress = Callable[[str], None]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What a user may say about a run.

    Attributes:
        import_type: createOnly, createOrUpdate or updateOnly; None for the setting of the organization.
        iban: account of all statements of the run.
        today: the day that dates are held against.
        limits: what is read at most.
    """

    import_type: str | None = None
    iban: str | None = None
    today: dt.date | None = None
    limits: Limits = LIMITS


class _Draft:
    """A source while the plan is being made."""

    def __init__(self, path: str, ordinal: int) -> None:
        self.path = path
        self.ordinal = ordinal
        self.sha256: str | None = None
        self.size: int | None = None
        self.format = "unknown"
        self.encoding: str | None = None
        self.findings: list[Finding] = []
        self.documents: list[Document] = []
        self.added: list[list[Finding]] = []
        self.routed: list[Routed] = []
        self.twin: _Draft | None = None
        self.paired_with: tuple[int, int] | None = None

    def planned(self, calls: dict[tuple[int, int], str]) -> PlannedSource:
        documents = [
            PlannedDocument(
                document=document,
                findings=(*document.findings, *self.added[index]),
                call=calls.get((self.ordinal, index)),
            )
            for index, document in enumerate(self.documents)
        ]
        return PlannedSource(
            path=self.path,
            sha256=self.sha256,
            size=self.size,
            format=self.format,
            encoding=self.encoding,
            findings=tuple(self.findings),
            documents=tuple(documents),
        )


def build_plan(
    paths: Iterable[str | os.PathLike[str] | Source],
    organization: Organization | None = None,
    options: Options | None = None,
    *,
    progress: Progress | None = None,
) -> Plan:
    """The plan for the files that the paths name.

    Args:
        paths: files and folders, or sources that are in memory already.
        organization: whose books the documents go to; None plans for the Czech site.
        options: what the user says about this run.
        progress: told the path of each source before it is read.
    """
    options = options or Options()
    own = own_of(organization, options.iban)
    drafts = _read_all(paths, own, options, progress)
    _pair_pictures(drafts)
    target = Target.of(organization, import_type=options.import_type, iban=options.iban)
    context = Context(own=own, today=options.today or dt.datetime.now(tz=dt.UTC).date())
    for draft in drafts:
        _route_and_check(draft, target, context, drafts)
    name = organization.name if organization else None
    calls = _calls(drafts, name or "-", options.import_type or target.import_type)
    numbers = {index: call.id for call in calls for index in call.documents}
    return Plan(
        organization=name,
        site=target.site,
        sources=tuple(draft.planned(numbers) for draft in drafts),
        calls=tuple(calls),
    )


def check_only(
    paths: Iterable[str | os.PathLike[str] | Source],
    organization: Organization | None = None,
    options: Options | None = None,
    *,
    progress: Progress | None = None,
) -> Plan:
    """Everything up to the checks: a plan without calls, for ``efimport check``."""
    options = options or Options()
    own = own_of(organization, options.iban)
    drafts = _read_all(paths, own, options, progress)
    context = Context(own=own, today=options.today or dt.datetime.now(tz=dt.UTC).date())
    for draft in drafts:
        draft.added = [check(document, context) for document in draft.documents]
    return Plan(
        organization=organization.name if organization else None,
        site=organization.site if organization else "CZ",
        sources=tuple(draft.planned({}) for draft in drafts),
        checked_only=True,
    )


def own_of(organization: Organization | None, iban: str | None = None) -> Own:
    """Who we are, as far as reading depends on it; an account that is named for a run is ours as well."""
    named = (iban,) if iban else ()
    if organization is None:
        return Own(site="CZ", bank_accounts=named)
    return Own(
        organization.registration_number,
        organization.vat_id,
        (*organization.bank_accounts, *named),
        organization.site,
    )


def _read_all(
    paths: Iterable[str | os.PathLike[str] | Source], own: Own, options: Options, progress: Progress | None
) -> list[_Draft]:
    drafts: list[_Draft] = []
    by_digest: dict[str, _Draft] = {}
    for found in expand(_sources(paths, options.limits), options.limits):
        path = found.path if isinstance(found, Source) else found.location.path or ""
        if progress is not None:
            progress(path)
        if isinstance(found, Finding):
            _note(drafts, path, found)
            continue
        draft = _Draft(path, len(drafts))
        drafts.append(draft)
        _read(draft, found, own, options.limits, by_digest)
    return drafts


def _sources(paths: Iterable[str | os.PathLike[str] | Source], limits: Limits) -> Iterable[Source | Finding]:
    for path in paths:
        if isinstance(path, Source):
            yield path
        else:
            yield from find_sources([path], limits=limits)


def _note(drafts: list[_Draft], path: str, found: Finding) -> None:
    """A finding about a file that cannot be opened, or about an archive that was listed already."""
    draft = next((one for one in drafts if one.path == path), None)
    if draft is None:
        draft = _Draft(path, len(drafts))
        drafts.append(draft)
    draft.findings.append(found)


def _read(draft: _Draft, source: Source, own: Own, limits: Limits, by_digest: dict[str, _Draft]) -> None:
    try:
        draft.size, draft.sha256 = source.size, source.sha256
    except OSError as error:
        reason = error.strerror or type(error).__name__
        draft.findings.append(finding("source.unreadable", Location(path=source.path), reason=reason))
        return
    twin = by_digest.setdefault(draft.sha256, draft)
    reading = SourceReading(source, own, limits)
    for item in reading:
        if isinstance(item, Finding):
            draft.findings.append(item)
        else:
            draft.documents.append(item)
    draft.format, draft.encoding = reading.format, reading.encoding
    if twin is not draft:
        draft.twin = twin
        draft.findings.append(finding("source.duplicate", Location(path=draft.path), other=twin.path))


def _pair_pictures(drafts: list[_Draft]) -> None:
    """A PDF beside a statement or an e-invoice of the same stem is its picture."""
    by_stem: dict[str, list[tuple[_Draft, int]]] = {}
    for draft in drafts:
        wanting = [index for index, document in enumerate(draft.documents) if _wants_picture(document)]
        if len(draft.documents) == 1 and wanting and draft.twin is None:
            by_stem.setdefault(_stem(draft.path), []).append((draft, 0))
    for draft in drafts:
        if draft.twin is not None or len(draft.documents) != 1:
            continue
        document = draft.documents[0]
        partners = by_stem.get(_stem(draft.path), [])
        if _is_plain_pdf(document, draft) and len(partners) == 1:
            partner, index = partners[0]
            picture = Attachment(
                name=PurePosixPath(draft.path.replace("!", "/")).name,
                content=document.origin.content,
                media_type="application/pdf",
                visualization=True,
            )
            other = partner.documents[index]
            assert isinstance(other, Invoice | Statement)
            partner.documents[index] = msgspec.structs.replace(other, attachments=(*other.attachments, picture))
            draft.paired_with = (partner.ordinal, index)


def _wants_picture(document: Document) -> bool:
    if isinstance(document, Statement):
        return not document.attachments
    return (
        isinstance(document, Invoice)
        and document.origin.format in ("isdoc", "isdocx")
        and not any(one.visualization for one in document.attachments)
    )


def _is_plain_pdf(document: Document, draft: _Draft) -> bool:
    return isinstance(document, OtherDocument) and document.kind is Kind.FILE and draft.format == "pdf"


def _stem(path: str) -> str:
    name = path.replace("!", "/").lower()
    for suffix in (".isdoc.pdf", "-isdoc.pdf"):
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return str(PurePosixPath(name).with_suffix(""))


def _route_and_check(draft: _Draft, target: Target, context: Context, drafts: list[_Draft]) -> None:
    for document in draft.documents:
        found = check(document, context)
        if draft.paired_with is not None:
            other = drafts[draft.paired_with[0]].path
            found.append(finding("routing.pdf-paired", Location(path=draft.path, ordinal=1), other=other))
            draft.added.append(found)
            draft.routed.append(Routed())
            continue
        routed = route(document, target)
        found.extend(routed.findings)
        draft.added.append(found)
        # A file with an error of its own may lack documents; what was read of it is not sent by halves.
        blocked = any(one.is_error for one in (*document.findings, *found))
        draft.routed.append(Routed() if blocked else routed)


def _calls(drafts: list[_Draft], organization: str, import_type: str) -> list[PlannedCall]:
    """One call for each thing that is to be sent, in the order of sending."""
    candidates = _candidates(drafts, organization)
    by_key: dict[str, list[_Candidate]] = {}
    for candidate in candidates:
        by_key.setdefault(candidate.key, []).append(candidate)
    chosen: list[tuple[_Candidate, list[tuple[int, int]]]] = []
    for same in by_key.values():
        if len({candidate.digest for candidate in same}) > 1:
            _contradict(same)
            continue
        first = same[0]
        for twin in same[1:]:
            twin.draft.added[twin.index].append(finding("routing.already-sent", _place(twin), other=first.draft.path))
        chosen.append((first, [(one.draft.ordinal, one.index) for one in same]))
    chosen.sort(key=lambda pair: pair[0].order)
    calls = []
    for position, (candidate, documents) in enumerate(chosen, start=1):
        pictures = [
            (draft.ordinal, 0) for draft in drafts if draft.paired_with is not None and draft.paired_with in documents
        ]
        calls.append(candidate.planned(f"c{position}", (*documents, *pictures), import_type))
    return calls


class _Candidate:
    """A document that a call takes."""

    def __init__(self, draft: _Draft, index: int, routed: Routed, organization: str) -> None:
        assert routed.call is not None
        self.draft = draft
        self.index = index
        self.routed = routed
        self.call: Call = routed.call
        self.document = draft.documents[index]
        self.thing = f"{KEY_VERSION}|{organization}|{self.call.method}|{routed.identity}"
        self.occurrence = 1
        self.digest = wire.digest(wire.encode(self.call))

    @property
    def key(self) -> str:
        """The identity of the document; the second of the same identity in one file has a counter."""
        return self.thing if self.occurrence == 1 else f"{self.thing}#{self.occurrence}"

    @property
    def order(self) -> tuple[int, str, str, int, int]:
        day = getattr(self.document, "date", None)
        number = self.document.number or ""
        return (ORDER.index(self.call.method), str(day or ""), number, self.draft.ordinal, self.index)

    def planned(self, name: str, documents: tuple[tuple[int, int], ...], import_type: str) -> PlannedCall:
        return PlannedCall(
            id=name,
            call=self.call,
            key=self.key,
            digest=self.digest,
            repeat=Repeat(catalogue.method(self.call.method).repeat_of(self.call)),
            overwrites=import_type != "createOnly" and "importType" in self.call,
            occurrence=self.occurrence,
            documents=documents,
            number=self.document.number,
            file_name=self.routed.file_name,
            effects=self.routed.effects,
        )


def _candidates(drafts: list[_Draft], organization: str) -> list[_Candidate]:
    found = [
        _Candidate(draft, index, routed, organization)
        for draft in drafts
        for index, routed in enumerate(draft.routed)
        if routed.call is not None
    ]
    _count_occurrences(found)
    return found


def _count_occurrences(candidates: list[_Candidate]) -> None:
    """Documents of one identity inside one file are both meant, so that each has a number of its own.

    The service may still refuse the second; that is its decision and is reported.
    """
    counts: Counter[tuple[int, str]] = Counter()
    for candidate in candidates:
        counts[candidate.draft.ordinal, candidate.thing] += 1
        candidate.occurrence = counts[candidate.draft.ordinal, candidate.thing]
        if candidate.occurrence > 1:
            _say_duplicate(candidate, candidate.draft.path, Severity.WARNING)


def _contradict(same: list[_Candidate]) -> None:
    """Documents of one identity and different content in several files: none is sent, and each names another."""
    for candidate in same:
        other = next(one for one in same if one is not candidate and one.digest != candidate.digest)
        _say_duplicate(candidate, other.draft.path, Severity.ERROR)


def _say_duplicate(candidate: _Candidate, other: str, severity: Severity) -> None:
    area = "statement" if isinstance(candidate.document, Statement) else "invoice"
    problem = "duplicate-number" if severity is Severity.ERROR else "number-repeated"
    number = candidate.document.number or "-"
    found = finding(f"{area}.{problem}", _place(candidate), severity=severity, number=number, other=other)
    candidate.draft.added[candidate.index].append(found)


def _place(candidate: _Candidate) -> Location:
    origin = candidate.document.origin
    return Location(path=candidate.draft.path, line=origin.line, ordinal=origin.ordinal)
