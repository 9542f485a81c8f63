"""Formats that are known by name and have no reader of their own.

A file that the document inbox takes as it is becomes a document of that kind. Every other gets one finding: what it is,
why it is not read, and what to hand over instead. What is not known at all is said to be so, with its first bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from efimport.documents import Kind as DocumentKind
from efimport.documents import Origin, OtherDocument
from efimport.findings import Finding, Location, finding
from efimport.formats.named.kinds import Kind, kind_of
from efimport.formats.named.tables import table_kind
from efimport.formats.reading import Read, Reading, Recognition, Sample
from efimport.messages import Message, message
from efimport.sources import Source

UNKNOWN = "unknown"
SHOWN_BYTES = 24
PROLOG_BYTES = 4 * 1024 * 1024
"""How far a DOCTYPE is looked for where the root element is out of sight."""
_TEXT_CONTROLS = frozenset(b"\t\n\r\f\x1a")


def recognise(sample: Sample) -> Recognition:
    """The name of the format; ``unknown`` where the file bears no known sign. To be asked after all readers."""
    kind = _kind(sample)
    if kind is not None:
        return Recognition(kind.format, 50, message("The content is that of: {title}.", title=kind.title))
    return Recognition(UNKNOWN, 1, message("The content bears the sign of no known format."))


def read(source: Source, reading: Reading) -> Iterator[Read]:
    """The file as a document for the inbox, or the one finding that says why it is none."""
    sample = Sample(source)
    kind = _kind(sample)
    place = Location(path=source.path)
    if kind is None:
        yield _doctype(sample, place) or _unknown(sample, place)
    elif not kind.inbox:
        yield _not_read(kind, place)
    elif source.size > reading.limits.document_bytes:
        yield finding("source.document-too-large", place, size=source.size, limit=reading.limits.document_bytes)
    elif kind.said is not None:
        from efimport.formats.named.electronic import electronic_invoice

        yield from electronic_invoice(source, reading, kind)
    else:
        origin = Origin(path=source.path, format=kind.format, content=source.read())
        yield OtherDocument(origin=origin, kind=DocumentKind.FILE, name=kind.title, file_name=source.name)


def _kind(sample: Sample) -> Kind | None:
    kind = kind_of(sample)
    if kind is None and sample.root is None and _is_text(sample.text):
        kind = table_kind(sample.text, sample.suffix)
    return kind


def _is_text(head: bytes) -> bool:
    """Whether the bytes are a text in some encoding that keeps ASCII: no control characters but for line ends."""
    return not any(byte < 32 and byte not in _TEXT_CONTROLS for byte in head[:4096])


def _not_read(kind: Kind, place: Location) -> Finding:
    general = finding("format.not-read", place, title=kind.title)
    return msgspec.structs.replace(general, message=Message(kind.reason), hint=Message(kind.remedy))


def _doctype(sample: Sample, place: Location) -> Finding | None:
    """The refusal of an XML text whose DOCTYPE leaves the root out of sight, by its length or by what precedes it."""
    if sample.root is not None or not sample.text.lstrip().startswith(b"<"):
        return None
    from efimport.formats.xml import doctype

    begin = sample.source.buffer()[:PROLOG_BYTES].removeprefix(b"\xef\xbb\xbf")
    line = doctype(begin) or doctype(sample.text)
    return None if line is None else finding("xml.doctype", msgspec.structs.replace(place, line=line))


def _unknown(sample: Sample, place: Location) -> Finding:
    if sample.root is not None:
        namespace, name = sample.root
        return finding("format.unknown-xml", place, name=_harmless(name), namespace=_harmless(namespace) or "-")
    return finding("format.unknown", place, head=_harmless(sample.head[:SHOWN_BYTES].decode("latin-1")))


def _harmless(text: str) -> str:
    """A text of foreign making, fit to be shown: control characters and foreign letters written as escapes."""
    return ascii(text[:80])[1:-1]
