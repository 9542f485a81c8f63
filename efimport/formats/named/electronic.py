"""Electronic invoices in formats without a reader: named, held against the rules of XML, and passed on as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from efimport.documents import Kind as DocumentKind
from efimport.documents import Origin, OtherDocument, Party
from efimport.findings import Finding, Location, finding
from efimport.formats.named.kinds import Kind, kind_of_root
from efimport.formats.named.said import Said, day, said_by
from efimport.formats.reading import Own, Reading
from efimport.messages import message
from efimport.sources import Source

if TYPE_CHECKING:
    from lxml import etree

INNER_DEPTH = 6
"""How deep the document inside an envelope is looked for, at most."""

_EDI_MARKS = b"UNA"
_EDI_HEAD = 65536


def electronic_invoice(source: Source, reading: Reading, kind: Kind) -> Iterator[OtherDocument | Finding]:
    """The document for the inbox, with what it says of itself; or why it is none.

    Args:
        source: the file.
        reading: who we are, and what is read at most.
        kind: the kind that its signs show; one with places.
    """
    place = Location(path=source.path)
    if kind.format == "edifact":
        content = source.read()
        said, found = _edi(content, place)
    else:
        from efimport.formats.xml import parse, xml_text
        from efimport.formats.xml_proportions import out_of_proportion

        refusal = out_of_proportion(source.buffer(), source.path) if b"\0" not in source.head[:4] else None
        if refusal is not None:
            yield refusal
            return
        content = source.read()
        text = xml_text(content, source.path)
        root = parse(text, source.path)
        if isinstance(root, Finding):
            yield root
            return
        inner, proper = _proper(root, kind)
        if proper is None:
            yield finding("named.nothing-inside", place, title=kind.title)
            return
        said = _said(inner, proper, root, kind)
        kind, found = _named(kind, proper), list(text.findings)
    title = message("{title} ({specification})", title=kind.title, specification=said.specification)
    name = str(title) if said.specification else kind.title
    found.append(finding("named.goes-as-it-is", place, title=name))
    if is_own(said.issuer, reading.own):
        found.append(finding("named.own-invoice", place, title=name, number=said.number or "-"))
    yield OtherDocument(
        origin=Origin(path=source.path, format=kind.format, content=content),
        kind=DocumentKind.FILE,
        name=name,
        number=said.number,
        date=said.date,
        issuer=said.issuer,
        file_name=source.name,
        findings=tuple(found),
    )


def said_inside(content: bytes, kind: Kind) -> Said:
    """What an invoice says that lies inside another file, a PDF; nothing where it cannot be read.

    Args:
        content: its bytes.
        kind: what it is.
    """
    from efimport.formats.xml import parse, xml_text

    root = parse(xml_text(content))
    return Said() if isinstance(root, Finding) or kind.said is None else said_by(root, kind.said)


def is_own(issuer: Party | None, own: Own) -> bool:
    """Whether we issued it ourselves."""
    if issuer is None:
        return False
    vat_id = "".join((issuer.vat_id or "").split()).upper()
    registration = "".join((issuer.registration_number or "").split())
    return bool(
        (own.vat_id and vat_id == own.vat_id.replace(" ", "").upper())
        or (own.registration_number and registration == own.registration_number.replace(" ", ""))
    )


def _proper(root: etree._Element, kind: Kind) -> tuple[etree._Element, Kind | None]:
    """The document proper and its kind: the file itself, or what is inside its envelope.

    An envelope that holds its document as a text (UBL AttachedDocument) is the document as well; one with nothing
    known inside is none.
    """
    if not kind.envelope:
        return root, kind
    for element in _outer_elements(root):
        inner = kind_of_root(element)
        if inner is not None and inner.said is not None and not inner.envelope:
            return element, inner
    return root, kind if kind.said is not None and kind.said.number else None


def _outer_elements(root: etree._Element) -> Iterator[etree._Element]:
    """The elements of the outer levels, level by level."""
    level = [root]
    for _ in range(INNER_DEPTH):
        level = [child for element in level for child in element.iterchildren("{*}*")]
        yield from level


def _said(inner: etree._Element, proper: Kind, root: etree._Element, kind: Kind) -> Said:
    """What the document proper says, else what its envelope says."""
    assert proper.said is not None
    said = said_by(inner, proper.said)
    if inner is root or kind.said is None:
        return said
    around = said_by(root, kind.said)
    return msgspec.structs.replace(
        said, number=said.number or around.number, date=said.date or around.date, issuer=said.issuer or around.issuer
    )


def _named(kind: Kind, proper: Kind) -> Kind:
    if proper is kind:
        return kind
    title = str(message("{inner} in: {outer}", inner=proper.title, outer=kind.title))
    return msgspec.structs.replace(kind, title=title)


def _edi(content: bytes, place: Location) -> tuple[Said, list[Finding]]:
    """Number, day and issuer of an EDI invoice (UN/EDIFACT D.01B, INVOIC: BGM, DTM 137, NAD SE or SU)."""
    marks = content.lstrip()[3:9] if content.lstrip().startswith(_EDI_MARKS) else b""
    colon, plus, release, end = (marks[0:1], marks[1:2], marks[3:4], marks[5:6]) if marks else (b":", b"+", b"?", b"'")
    found = []
    if not re.search(rb"UNZ" + re.escape(plus), content[-4096:]):
        found.append(finding("named.cut-off", place))
    number = date = name = None
    for segment in re.split(_unreleased(end, release), content[:_EDI_HEAD]):
        parts = re.split(_unreleased(plus, release), segment.strip())
        values = [[_plain(value, release) for value in re.split(_unreleased(colon, release), part)] for part in parts]
        match values:
            case [["BGM"], _, [first, *_], *_]:
                number = number or first
            case [["DTM"], ["137", value, *_], *_]:
                date = date or day(value)
            case [["NAD"], ["SE" | "SU", *_], _, _, [first, *_], *_]:
                name = name or first
    return Said(number=number or None, date=date, issuer=Party(name=name) if name else None), found


def _unreleased(mark: bytes, release: bytes) -> bytes:
    """A pattern for a mark that no release character stands before."""
    escape = re.escape(release)
    return rb"(?<!" + escape + rb")" + re.escape(mark) if release.strip() else re.escape(mark)


def _plain(value: bytes, release: bytes) -> str:
    """A value without its release characters; EDI is mostly in ISO 8859-1 (UNOC), newer messages in UTF-8."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    return (
        re.sub(re.escape(release.decode("latin-1")) + "(.)", r"\1", text).strip() if release.strip() else text.strip()
    )
