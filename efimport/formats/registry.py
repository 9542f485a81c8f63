"""Which format a file is in, told from its content, and the reading of it.

Every format is asked; the most confident one reads. Two formats that are equally sure of one file are a finding, never
a silent choice. Formats of other packages join through entry points of the group ``efimport.formats``: an object with
the two functions that :mod:`efimport.formats` describes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module, metadata
from typing import Protocol, cast

import msgspec

from efimport.errors import UsageError
from efimport.findings import Finding, Location, finding
from efimport.formats.reading import NO_HINTS, Hints, Own, Read, Reading, Recognition, Sample
from efimport.messages import message
from efimport.sources import LIMITS, Limits, Source, open_archive

ENTRY_POINTS = "efimport.formats"


class Format(Protocol):
    """What a format's package offers."""

    def recognise(self, sample: Sample) -> Recognition | None:
        """The format's claim on the file."""

    def read(self, source: Source, reading: Reading) -> Iterator[Read]:
        """The documents of the file."""


class FormatEntry(msgspec.Struct, frozen=True):
    """A line of the registry.

    Attributes:
        name: name of the format's package.
        title: what it is called by people.
        place: module that offers the two functions, or ``module:object``.
        origin: distribution that it comes from.
        version: version of that distribution.
    """

    name: str
    title: str
    place: str
    origin: str = "efimport"
    version: str = ""

    def load(self) -> Format:
        """The format's functions; its module is imported now and not before.

        Raises:
            UsageError: the module of an additional format cannot be imported.
        """
        module, _, name = self.place.partition(":")
        try:
            found = import_module(module)
            return cast("Format", getattr(found, name) if name else found)
        except (ImportError, AttributeError) as error:
            raise UsageError(
                message(
                    "The format {name} of {origin} cannot be loaded: {error}",
                    name=self.name,
                    origin=self.origin or "-",
                    error=error,
                ),
                message("Install it again, or take it away: pip uninstall {origin}", origin=self.origin or "-"),
            ) from error


BUILT_IN = (
    FormatEntry("pohoda", "POHODA XML", "efimport.formats.pohoda"),
    FormatEntry("isdoc", "ISDOC (.isdoc, .isdocx)", "efimport.formats.isdoc"),
    FormatEntry("pdf", "PDF, with or without ISDOC inside", "efimport.formats.pdf"),
    FormatEntry("camt", "ČBA XML (camt.053)", "efimport.formats.camt"),
    FormatEntry("gpc", "ABO/GPC", "efimport.formats.gpc"),
    FormatEntry("exchange", "statements written by efimport convert (CSV, XLSX, JSON)", "efimport.formats.exchange"),
    FormatEntry("eurofaktura", "spreadsheet of e-računi (XLSX, XLS, ODS, CSV)", "efimport.formats.eurofaktura"),
    FormatEntry("mt940", "MT940 / MultiCash (.sta)", "efimport.formats.mt940"),
    FormatEntry("paypal", "PayPal CSV", "efimport.formats.paypal"),
    FormatEntry(
        "spreadsheet",
        "tables of banks, payment gateways and documents (CSV, XLSX, ODS), by mapping files",
        "efimport.formats.spreadsheet",
    ),
)

REPORTED = frozenset(
    {
        "pohoda",
        "isdoc",
        "isdocx",
        "pdf",
        "camt053",
        "gpc",
        "mt940",
        "paypal-csv",
        "eurofaktura-spreadsheet",
        "spreadsheet",
        "zip",
    }
)
"""Names that a report may give; whatever else is recognised is told by its findings and is ``unknown`` there."""

NAMED = FormatEntry("named", "other formats, known by name", "efimport.formats.named")


@lru_cache(maxsize=1)
def formats() -> tuple[FormatEntry, ...]:
    """All formats: the built-in ones and those of other packages."""
    plugins = []
    for point in metadata.entry_points(group=ENTRY_POINTS):
        distribution = point.dist
        plugins.append(
            FormatEntry(
                point.name,
                point.name,
                point.value,
                distribution.name if distribution else "",
                distribution.version if distribution else "",
            )
        )
    return (*BUILT_IN, *plugins)


class Recognised(msgspec.Struct, frozen=True):
    """The outcome of recognition.

    Attributes:
        recognition: the winning claim.
        entry: the format that made it.
        rivals: other formats that are just as sure.
    """

    recognition: Recognition
    entry: FormatEntry
    rivals: tuple[str, ...] = ()


def recognise(source: Source, hints: Hints = NO_HINTS) -> Recognised | None:
    """The format of a file; None where it is an ordinary archive whose entries are files of their own."""
    sample = Sample(source, hints)
    claims = [(claim, entry) for entry in formats() if (claim := entry.load().recognise(sample)) is not None]
    if claims:
        best = max(claim.confidence for claim, _ in claims)
        winners = [(claim, entry) for claim, entry in claims if claim.confidence == best]
        recognition, entry = winners[0]
        return Recognised(recognition, entry, tuple(other.name for _, other in winners[1:]))
    if sample.archive_names is not None and not _is_document_archive(sample):
        return None
    named = NAMED.load().recognise(sample)
    return Recognised(named, NAMED) if named is not None else None


def _is_document_archive(sample: Sample) -> bool:
    """Whether a zip is the inside of one document: an Office or OpenDocument file."""
    names = sample.archive_names or ()
    return "[Content_Types].xml" in names or "mimetype" in names


class SourceReading:
    """One source being read: iterate for its documents and findings, look at the attributes afterwards.

    Attributes:
        source: the source.
        format: name of the format as reports show it.
        encoding: of its text, where it is one.
    """

    def __init__(
        self, source: Source, own: Own | None = None, limits: Limits = LIMITS, hints: Hints = NO_HINTS
    ) -> None:
        self.source = source
        self.format = "unknown"
        self._reading = Reading(own, limits, hints)

    @property
    def encoding(self) -> str | None:
        """Encoding of the text; known once the reading is done."""
        return self._reading.encoding

    def __iter__(self) -> Iterator[Read]:
        place = Location(path=self.source.path)
        try:
            recognised = recognise(self.source, self._reading.hints)
            if recognised is None:
                self.format = "zip" if self.source.head.startswith(b"PK") else "unknown"
                if self.format == "unknown":
                    yield finding("format.unknown", place, head=shown_head(self.source.head))
                return
            name = recognised.recognition.format
            self.format = name if name in REPORTED or recognised.entry.origin != "efimport" else "unknown"
            if recognised.rivals:
                names = ", ".join((recognised.entry.name, *recognised.rivals))
                yield finding("format.ambiguous", place, formats=names)
                return
            silent = True
            for item in recognised.entry.load().read(self.source, self._reading):
                silent = False
                yield located(item, self.source.path)
            if silent:
                # Whatever the reason, a file that gives nothing must not look like one that is well.
                yield finding("source.no-document", place, format=self.format)
        except OSError as error:
            yield finding("source.unreadable", place, reason=error.strerror or type(error).__name__)
        finally:
            self.source.release()


def shown_head(head: bytes) -> str:
    """The first bytes of a file, harmless to show."""
    return ascii(head[:16].decode("latin-1"))[1:-1]


def located(item: Read, path: str) -> Read:
    """What was read, with the file and the ordinal of the document entered wherever something is said about it."""
    if isinstance(item, Finding):
        return msgspec.structs.replace(item, location=item.location.in_file(path))
    if not item.findings:
        return item
    ordinal = item.origin.ordinal
    found = tuple(_at_document(one, path, ordinal) for one in item.findings)
    return msgspec.structs.replace(item, findings=found)


def _at_document(one: Finding, path: str, ordinal: int) -> Finding:
    location = one.location.in_file(path)
    if location.ordinal is None:
        location = msgspec.structs.replace(location, ordinal=ordinal)
    return msgspec.structs.replace(one, location=location)


def expand(found: Iterable[Source | Finding], limits: Limits = LIMITS) -> Iterator[Source | Finding]:
    """The sources with the entries of archives behind their archive; the archive itself comes first."""
    for item in found:
        # Asked before the item is read: what recognition unpacks of a workbook is then there for its reader.
        archive = item if isinstance(item, Source) and _is_plain_archive(item) else None
        yield item
        if archive is not None:
            yield from expand(open_archive(archive, limits=limits), limits)
            archive.release()


def _is_plain_archive(source: Source) -> bool:
    try:
        return source.head.startswith((b"PK\x03\x04", b"PK\x05\x06")) and recognise(source) is None
    except OSError:
        return False
