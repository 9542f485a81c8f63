"""The bytes of one ISDOC document read into a document of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from efimport.documents import Attachment, Document, Kind, Origin, OtherDocument
from efimport.findings import Finding, Location, Severity, finding
from efimport.formats.isdoc import rules, structure
from efimport.formats.isdoc.invoice import invoice
from efimport.formats.isdoc.node import Node, Notes, Values
from efimport.formats.isdoc.supplements import attach
from efimport.formats.isdoc.vocabulary import NAMESPACES, ROOTS, SIGNATURE_NAMESPACE
from efimport.formats.reading import Read, Reading
from efimport.formats.xml import Schema, XmlText, codecs_name, namespace, parse, xml_text
from efimport.formats.xml_proportions import out_of_proportion
from efimport.messages import message
from efimport.sources import Source

_SCHEMAS = {"6": "isdoc-6.xsd", "5": "isdoc-5.xsd"}
_VERSIONS = frozenset({"5.0", "5.1", "5.2", "5.2.1", "5.2.2", "5.2.3", "5.3", "5.3.1", "6.0", "6.0.1", "6.0.2"})
_MARK = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
"""How UTF-16 begins, with its mark and without."""


def read_source(source: Source, reading: Reading) -> Iterator[Read]:
    """The document of an ``.isdoc`` file."""
    if source.size > reading.limits.document_bytes:
        place = Location(path=source.path)
        yield finding("source.document-too-large", place, size=source.size, limit=reading.limits.document_bytes)
        return
    refusal = out_of_proportion(source.buffer(), source.path) if b"\0" not in source.head[:4] else None
    if refusal is not None:
        yield refusal
        return
    yield from read_document(source.read(), source.path, reading)


def read_document(
    content: bytes,
    path: str,
    reading: Reading,
    *,
    ordinal: int = 1,
    enclosed: Sequence[Attachment] | None = None,
    before: Sequence[Finding] = (),
) -> Iterator[Read]:
    """One document.

    Args:
        content: its bytes; they become the origin's content unchanged.
        path: what people see as its place.
        reading: what the reader may know.
        ordinal: ordinal in its source, from 1.
        enclosed: files that came with it; None where it came alone.
        before: findings about its container, which become the document's.

    Yields:
        The document, or the findings that say why there is none.
    """
    if len(content) > reading.limits.document_bytes:
        yield from before
        yield finding(
            "source.document-too-large", Location(path=path), size=len(content), limit=reading.limits.document_bytes
        )
        return
    text = xml_text(content, path)
    reading.encoding = "utf-16" if content.startswith(_WIDE) else text.encoding
    parsed = parse(text, path)
    if isinstance(parsed, Finding):
        yield from (*before, *text.findings, parsed)
        return
    root = Node(parsed)
    notes = Notes(path, text.line_offset, ordinal)
    if root.name not in ROOTS:
        notes.add("isdoc.not-isdoc", root, name=root.name)
        yield from (*before, *text.findings, *notes.findings)
        return
    notes.extend((*before, *text.findings))
    _encoding(content, reading.encoding, notes)
    if root.all("Signature"):
        _signatures(root, text, notes)
    yield _document(content, root, path, ordinal, enclosed, reading, notes)


def _document(
    content: bytes,
    root: Node,
    path: str,
    ordinal: int,
    enclosed: Sequence[Attachment] | None,
    reading: Reading,
    notes: Notes,
) -> Document:
    family, version = _family(root, notes)
    reading.version = version
    origin = Origin(path=path, format="isdoc", ordinal=ordinal, line=notes.line(root), content=content, version=version)
    attachments = attach(root, enclosed, notes)
    invented = structure.check(root, version, family, notes)
    _judge_values(root, family, invented, notes)
    if root.name == "CommonDocument":
        return _common_document(root, origin, attachments, notes)
    read = invoice(root, origin, family, reading.own, notes)
    if not attachments:
        return read
    from msgspec.structs import replace

    return replace(read, attachments=attachments)


def _signatures(root: Node, text: XmlText, notes: Notes) -> None:
    """What can be said of the signatures; the libraries that it takes are loaded for signed documents only."""
    from efimport.formats.isdoc.signatures import verdicts

    nodes = [node for node in root.all("Signature") if namespace(node.element) == SIGNATURE_NAMESPACE]
    notes.add("isdoc.signed", root.one("Signature"), count=len(root.all("Signature")))
    for number, (node, verdict) in enumerate(zip(nodes, verdicts(text), strict=True), 1):
        certificate = verdict.certificate
        signer = certificate.subject if certificate else message("an unnamed key")
        if verdict.intact is None:
            notes.add("isdoc.signature-unverified", node, number=number, reason=verdict.reason)
        elif not verdict.intact:
            notes.add("isdoc.signature-broken", node, number=number, signer=signer, reason=verdict.reason)
        elif certificate is None:
            notes.add("isdoc.signature-nameless", node, number=number)
        else:
            notes.add(
                "isdoc.signature-intact",
                node,
                number=number,
                signer=signer,
                issuer=certificate.issuer,
                from_day=certificate.valid_from,
                to_day=certificate.valid_to,
            )
        day = verdict.day or Values(notes.empty()).day(root, "IssueDate")
        if certificate and day and not certificate.valid_from <= day <= certificate.valid_to:
            notes.add(
                "isdoc.signature-certificate",
                node,
                number=number,
                signer=signer,
                from_day=certificate.valid_from,
                to_day=certificate.valid_to,
                day=day,
            )


def _judge_values(root: Node, family: str, invented: Sequence[Node], notes: Notes) -> None:
    """Hold names and values against the schema of the family; what no version has is left aside, as said before."""
    if namespace(root.element) in NAMESPACES:
        schema = _SCHEMAS[family]
    elif not namespace(root.element):
        schema = "isdoc-structure.xsd"
    else:
        return
    with _without(invented):
        notes.extend(
            Schema("efimport.formats.isdoc", schema).findings(
                root.element,
                notes.path,
                severity=Severity.ERROR,
                line_offset=notes.line_offset,
                ordinal=notes.ordinal,
            )
        )


@contextmanager
def _without(nodes: Sequence[Node]) -> Iterator[None]:
    """The tree without these elements, for a while."""
    places = []
    for node in nodes:
        parent = node.element.getparent()
        if parent is not None:
            places.append((parent, node.element.getprevious(), node.element))
            parent.remove(node.element)
    try:
        yield
    finally:
        for parent, before, element in reversed(places):
            if before is not None:
                before.addnext(element)
            else:
                parent.insert(0, element)


def _family(root: Node, notes: Notes) -> tuple[str, str | None]:
    """Family of the version, by the namespace where that is one of the format, and the version as stated."""
    stated = (root.element.get("version") or "").strip() or None
    uri = namespace(root.element)
    family = NAMESPACES.get(uri)
    if family is None:
        notes.add("isdoc.wrong-namespace", root, namespace=uri or "-", version=stated or "-")
        return ("5" if stated and stated.startswith("5.") else "6"), stated
    if stated is None:
        notes.add("isdoc.version-missing", root)
    elif stated not in _VERSIONS:
        notes.add("isdoc.version-unknown", root, version=stated)
    elif not stated.startswith(family):
        notes.add("isdoc.version-mismatch", root, version=stated, namespace=uri)
    return family, stated


def _encoding(content: bytes, encoding: str, notes: Notes) -> None:
    """The specification wants UTF-8, which no schema can check."""
    if codecs_name(encoding) not in ("utf-8", "ascii"):
        notes.add("isdoc.encoding", encoding=encoding)
    elif content.startswith(_MARK):
        notes.add("isdoc.byte-order-mark")


def _common_document(root: Node, origin: Origin, attachments: tuple[Attachment, ...], notes: Notes) -> OtherDocument:
    """A document without payment (a contract, an order form): it goes to the inbox as a file."""
    rules.identity(root, notes)
    notes.add("isdoc.common-document", root, subtype=root.text("SubDocumentType") or "-")
    return OtherDocument(
        origin=origin,
        kind=Kind.FILE,
        name="ISDOC CommonDocument",
        number=root.text("ID"),
        date=Values(notes).day(root, "IssueDate"),
        file_name=origin.path.replace("\\", "/").replace("!", "/").rpartition("/")[2],
        attachments=attachments,
        findings=notes.findings,
    )
