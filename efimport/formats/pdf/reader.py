"""A PDF read: what is embedded in it is told by its content, never by its name.

Source: ISDOC 6.0.2 specification, ISDOC.PDF. Real programs name the embedded document as they like, leave folders of
their own machine in the name, put a whole archive in its place, or several invoices beside each other.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pikepdf

from efimport.documents import Attachment, Invoice, Kind, Origin, OtherDocument
from efimport.findings import Finding, Location, finding
from efimport.formats import isdoc
from efimport.formats.isdoc.archive import read_archive
from efimport.formats.isdoc.reader import read_document
from efimport.formats.named.electronic import is_own, said_inside
from efimport.formats.named.kinds import Kind as NamedKind
from efimport.formats.named.kinds import kind_of
from efimport.formats.named.said import Said
from efimport.formats.pdf.embedded import PDF_ERRORS, Embedded, Files, memory_limit
from efimport.formats.reading import Own, Read, Reading, Recognition, Sample
from efimport.messages import message
from efimport.sources import Source

_TAIL = 1024
"""The mark of the end stands within the last bytes, as readers of PDF expect it."""
_IN_A_PDF = {"cii": "Factur-X/ZUGFeRD invoice (CII)"}
"""Formats that have a name of their own where they come inside a PDF (Factur-X 1.0, ZUGFeRD 2: UN/CEFACT CII)."""


class _Content(msgspec.Struct):
    """What was found in a PDF.

    Attributes:
        invoices: ISDOC documents, with the claim on them.
        files: other files.
        findings: what was noticed.
        other: name of the first electronic invoice of another format.
        said: what that one says of itself.
    """

    invoices: list[tuple[Embedded, Recognition]] = []
    files: list[Embedded] = []
    findings: list[Finding] = []
    other: str | None = None
    said: Said = Said()


def read_source(source: Source, reading: Reading) -> Iterator[Read]:
    """The invoices inside a PDF; where there are none, the PDF as a file."""
    place = Location(path=source.path)
    if source.size > reading.limits.document_bytes:
        yield finding("source.document-too-large", place, size=source.size, limit=reading.limits.document_bytes)
        return
    content = source.read()
    found = _content(source, content, reading)
    if not found.invoices:
        yield _file(source, content, found.findings, found)
        return
    items = list(_invoices(source, content, found, reading))
    documents = [item for item in items if not isinstance(item, Finding)]
    problems = [item for item in items if isinstance(item, Finding)]
    if not documents:
        # The invoice cannot be read; the PDF must not go out as if it had none.
        yield _file(source, content, [*found.findings, *problems], found)
        return
    yield from problems
    yield from documents


def _file(source: Source, content: bytes, findings: list[Finding], found: _Content) -> OtherDocument:
    return OtherDocument(
        origin=Origin(path=source.path, format="pdf", content=content),
        kind=Kind.FILE,
        name=f"{found.other} in a PDF" if found.other else "PDF",
        number=found.said.number,
        date=found.said.date,
        issuer=found.said.issuer,
        file_name=source.name,
        findings=tuple(findings),
    )


def _content(source: Source, content: bytes, reading: Reading) -> _Content:
    found = _Content()
    place = Location(path=source.path)
    if b"%PDF-" not in content[:1024]:
        found.findings.append(finding("pdf.damaged", place, reason="no %PDF at the beginning"))
        return found
    try:
        with memory_limit(reading.limits.document_bytes), pikepdf.open(io.BytesIO(content)) as pdf:
            _collect(pdf, content, place, reading, found)
    except pikepdf.PasswordError:
        found.findings.append(finding("pdf.encrypted", place))
    except PDF_ERRORS as error:
        found.findings.append(_fault("pdf.damaged", str(error), content, place))
    return found


def _fault(code: str, reason: str, content: bytes, place: Location) -> Finding:
    """What the library complains of; where the end of the file is missing as well, that is the reason."""
    if b"%%EOF" not in content[-_TAIL:]:
        return finding("pdf.truncated", place)
    # The library's name for the stream means nothing to a person.
    plain = re.sub(r"stream <[^>]*>:?", "", " ".join(reason.split())).strip(" :")
    return finding(code, place, reason=plain or "-")


def _collect(pdf: pikepdf.Pdf, raw: bytes, place: Location, reading: Reading, found: _Content) -> None:
    files = Files(pdf, raw, reading.limits.archive_bytes)
    digests: set[bytes] = set()
    for count, file in enumerate(files):
        if count >= reading.limits.archive_entries:
            found.findings.append(finding("pdf.too-many-files", place, limit=reading.limits.archive_entries))
            break
        if file.content is None:
            found.findings.append(finding("pdf.embedded-unreadable", _inside(place, file), name=file.name))
            continue
        digest = hashlib.sha256(file.content).digest()
        if digest in digests:
            continue  # one file under the key for each system, as the format has it
        digests.add(digest)
        _sort(file, place, found, reading.own)
    if files.incomplete:
        found.findings.append(finding("pdf.not-searched", place))
    warnings = pdf.get_warnings()
    if warnings:
        # The library mends what it can; what it had to mend may have been lost in part.
        found.findings.append(_fault("pdf.repaired", str(warnings[0]), raw, place))


def _inside(place: Location, file: Embedded) -> Location:
    return Location(path=f"{place.path}!{file.name}")


def _sort(file: Embedded, place: Location, found: _Content, own: Own) -> None:
    sample = Sample(Source(file.name, file.content))
    recognition = isdoc.recognise(sample) or _unnamed_archive(sample)
    if recognition is not None:
        found.invoices.append((file, recognition))
        return
    found.files.append(file)
    kind = _other_invoice(sample)
    if kind is None:
        return
    name = _IN_A_PDF.get(kind.format, kind.title)
    said = said_inside(file.content or b"", kind)
    found.findings.append(finding("pdf.other-invoice", _inside(place, file), format=name, name=file.name))
    if is_own(said.issuer, own):
        found.findings.append(finding("named.own-invoice", _inside(place, file), title=name, number=said.number or "-"))
    if found.other is None:
        found.other, found.said = name, said


def _unnamed_archive(sample: Sample) -> Recognition | None:
    """An archive of 5.x, which has no manifest, under a name that does not say what it is."""
    if not any(name.lower().endswith(".isdoc") for name in sample.archive_names or ()):
        return None
    return Recognition(format="isdocx", confidence=50, reason=message("it is an archive with an .isdoc entry"))


def _other_invoice(sample: Sample) -> NamedKind | None:
    """The electronic invoice of another format, which goes to the inbox as it is; None for anything else."""
    kind = kind_of(sample) if sample.root is not None else None
    return kind if kind is not None and kind.said is not None else None


def _invoices(source: Source, content: bytes, found: _Content, reading: Reading) -> Iterator[Read]:
    picture = Attachment(name=source.name, content=content, media_type="application/pdf", visualization=True)
    files = [Attachment(name=file.name, content=file.content or b"") for file in found.files]
    ordinal = 1
    for file, recognition in found.invoices:
        # Supplements say nothing of the invoice that they belong to, so every invoice of a PDF gets them.
        for item in _read(file, recognition, source, reading, ordinal, [picture, *files]):
            if isinstance(item, Finding):
                yield item
                continue
            before = found.findings if ordinal == 1 else []
            yield _with_picture(item, source, picture, before)
            ordinal += 1


def _read(
    file: Embedded,
    recognition: Recognition,
    source: Source,
    reading: Reading,
    ordinal: int,
    enclosed: list[Attachment],
) -> Iterator[Read]:
    path = f"{source.path}!{file.name}"
    content = file.content or b""
    if recognition.format == "isdocx":
        inner = Source(path, content, depth=source.depth + 1)
        yield from read_archive(inner, reading, ordinal=ordinal)
    else:
        yield from read_document(content, path, reading, ordinal=ordinal, enclosed=enclosed)


def _with_picture(item: Any, source: Source, picture: Attachment, before: list[Finding]) -> Any:
    """The document with the PDF as its only picture: it is what the sender gave people to read.

    A document without payment goes as a file, and a file has no picture: the PDF goes, which holds the document.
    """
    if isinstance(item, OtherDocument):
        origin = msgspec.structs.replace(item.origin, content=picture.content)
        found = (*before, *item.findings)
        return msgspec.structs.replace(item, origin=origin, file_name=source.name, attachments=(), findings=found)
    others = [
        msgspec.structs.replace(one, visualization=False)
        for one in item.attachments
        if one.content is not picture.content
    ]
    assert isinstance(item, Invoice)
    return msgspec.structs.replace(item, attachments=(picture, *others), findings=(*before, *item.findings))
