"""Reading POHODA XML: every document of a pack with its findings and the bytes of a pack of its own."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from lxml import etree

from efimport.documents import Document, Origin
from efimport.findings import Finding, Location, finding
from efimport.formats.pohoda import names
from efimport.formats.pohoda.answers import pack_error, read_answer
from efimport.formats.pohoda.checks import check_version
from efimport.formats.pohoda.fields import Block, Notes
from efimport.formats.pohoda.frame import Fingerprints
from efimport.formats.pohoda.home import Known
from efimport.formats.pohoda.invoice import read_invoice
from efimport.formats.pohoda.order import read_order
from efimport.formats.pohoda.records import asks_for_change, read_other, read_partner
from efimport.formats.pohoda.split import Envelope, Piece, Splitter
from efimport.formats.pohoda.stock import read_product
from efimport.formats.pohoda.texts import check_texts
from efimport.formats.reading import Read, Reading
from efimport.formats.xml import (
    Schema,
    XmlBuffer,
    codecs_name,
    local_name,
    namespace,
    not_well_formed,
    parser,
    xml_buffer,
)
from efimport.formats.xml_proportions import endless_root
from efimport.messages import message
from efimport.sources import Source

VERSION = "2.0"
SCHEMA = Schema("efimport.formats.pohoda", "pack.xsd")
CHILDREN = 1000
"""Elements in one item at most; POHODA writes one, and each is read as a document of its own."""
EXPLAINED = 10
"""Documents of one file whose deviations from the schema are explained at length."""


def read_pack(source: Source, reading: Reading) -> Iterator[Read]:
    """The documents of a dataPack or of the lists in a responsePack, in the order of the file."""
    text = xml_buffer(source.buffer(), source.path)
    reading.encoding = text.encoding
    yield from text.findings
    if text.encoding.startswith("utf-16"):
        return
    refusal = endless_root(text.content, source.path, start=text.start, line_offset=text.line_offset)
    if refusal is not None:
        yield refusal
        return
    splitter = Splitter(text, source.path, reading.limits.document_bytes)
    envelope = splitter.envelope()
    if isinstance(envelope, Finding):
        yield envelope
        return
    reading.version = VERSION
    yield from _PackReader(source, reading, text, envelope).read(splitter)


class _PackReader:
    """Reads one pack; holds what its documents have in common."""

    def __init__(self, source: Source, reading: Reading, text: XmlBuffer, envelope: Envelope) -> None:
        self.source = source
        self.own = reading.own
        self.text = text
        self.envelope = envelope
        self.ico = (envelope.element.get("ico") or "").strip() or None
        self.known = Known(self.ico, self.own.registration_number, self.own.site, reading.hints.codes)
        self._parser = parser(text.encoding, comments=False)
        self._utf8 = parser("utf-8", comments=False)
        self._fingerprints = Fingerprints()
        self._items: set[str] = set()
        self._judged = 0

    def read(self, splitter: Splitter) -> Iterator[Read]:
        yield from self._envelope_findings()
        silent = True
        for piece in splitter.pieces(self.envelope):
            for one in [piece] if isinstance(piece, Finding) else self._piece(piece):
                silent = False
                yield one
        if silent:
            place = Location(path=self.source.path, line=self.envelope.line)
            refusal = pack_error(self.envelope.element, place) if self._is_answer else None
            yield refusal or finding("pohoda.empty-pack", place)

    @property
    def _is_answer(self) -> bool:
        return self.envelope.item == "responsePackItem"

    def _envelope_findings(self) -> Iterator[Finding]:
        root = self.envelope.element
        place = Location(path=self.source.path, line=self.envelope.line, where=f"/{local_name(root)}")
        for name in names.ATTRIBUTES[local_name(root)]:
            if root.get(name) is None:
                yield finding("pohoda.envelope", place, name=name)
        version = root.get("version")
        if version is not None and version != VERSION:
            yield finding("pohoda.envelope-version", place, version=version)
        ours = self.own.registration_number
        if ours and self.ico and self.ico.lstrip("0") != ours.strip().lstrip("0"):
            yield finding("pohoda.other-firm", place, ico=self.ico, ours=ours)

    def _piece(self, piece: Piece) -> Iterator[Read]:
        if self._is_utf8(piece.raw):
            piece = msgspec.structs.replace(piece, frame=piece.frame.in_utf8())
        offset = piece.line - piece.frame.lines - 1
        try:
            chosen = self._utf8 if codecs_name(piece.frame.encoding) == "utf-8" else self._parser
            root = etree.fromstring(piece.frame.pack(piece.raw), chosen)
        except etree.XMLSyntaxError as error:
            failure = not_well_formed(error, self.source.path, offset)
            # The frame around the item has lines of its own, which are not in the file.
            line = max(failure.location.line or 1, piece.line)
            place = Location(path=self.source.path, line=line, where=piece.path, ordinal=piece.ordinal)
            yield finding("pohoda.item-damaged", place, reason=failure.message.arguments.get("reason", ""))
            return
        item = root[0]
        if len(item) > CHILDREN:
            place = Location(path=self.source.path, line=piece.line, where=piece.path, ordinal=piece.ordinal)
            reason = message("it holds {count} elements, and an item holds one document", count=len(item))
            yield finding("pohoda.item-damaged", place, reason=reason)
            return
        if piece.answer:
            yield from read_answer(Block(item, self._notes(piece, item, offset)))
            return
        notes = self._notes(piece, item[0] if piece.frame.converts else item, offset)
        if not piece.frame.converts:
            yield from self._item_findings(item, notes)
        shared = tuple(notes.findings)
        for child in item:
            notes.findings[:] = shared
            yield from self._document(piece, root, child, notes, offset)

    def _is_utf8(self, raw: bytes) -> bool:
        """Whether an item of a file with a wrong declaration is in UTF-8 as it was declared to be."""
        if codecs_name(self.text.encoding) == "utf-8" or self.text.declared not in ("utf-8", "utf8", None):
            return False
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return not raw.isascii()

    def _notes(self, piece: Piece, root: etree._Element, offset: int) -> Notes:
        return Notes(
            path=self.source.path,
            ordinal=piece.ordinal,
            line=piece.line,
            line_offset=offset,
            place=piece.path,
            root=root,
        )

    def _item_findings(self, item: etree._Element, notes: Notes) -> Iterator[Finding]:
        if len(item) == 0:
            yield finding("pohoda.item-empty", notes.location(item))
        for name in names.ATTRIBUTES["dataPackItem"]:
            if item.get(name) is None:
                notes.add("pohoda.envelope", item, name=name)
        if len(item) > 1:
            notes.add("pohoda.item-children", item, count=len(item))
        identity = item.get("id")
        if identity is not None:
            if identity in self._items:
                notes.add("pohoda.item-twice", item, id=identity)
            self._items.add(identity)

    def _document(
        self, piece: Piece, root: etree._Element, element: etree._Element, notes: Notes, offset: int
    ) -> Iterator[Read]:
        name = local_name(element)
        if name.endswith("Request"):
            yield finding("pohoda.export-request", notes.location(element), name=name)
            return
        block = Block(element, notes)
        self._judge(root, notes, offset)
        check_version(block)
        check_texts(block)
        yield self._model(block, self._origin(piece, block), notes)

    def _judge(self, root: etree._Element, notes: Notes, offset: int) -> None:
        found = SCHEMA.findings(
            root, self.source.path, line_offset=offset, ordinal=notes.ordinal, explained=self._judged < EXPLAINED
        )
        if not found:
            return
        self._judged += 1
        for one in found:
            path = notes.moved(one.location.where) if one.location.where else notes.place
            place = Location(self.source.path, one.location.line or notes.line, None, path, notes.ordinal)
            notes.findings.append(Finding(one.code, one.severity, one.message, one.hint, place))

    def _model(self, block: Block, origin: Origin, notes: Notes) -> Document:
        change = asks_for_change(block)
        if change == "delete" or (change is not None and f"{block.name}Header" not in block):
            notes.add("pohoda.deletion", block.child("actionType"))
            return read_other(block, origin, notes)
        if change is not None:
            notes.add("pohoda.change", block.child("actionType"))
        match names.agenda(namespace(block.element)) if block.element is not None else "":
            case "invoice" if block.name == "invoice":
                return read_invoice(block, origin, notes, self.known)
            case "order" if block.name == "order":
                return read_order(block, origin, notes, self.known)
            case "addressbook" if block.name == "addressbook":
                return read_partner(block, origin, notes)
            case "stock" if block.name == "stock":
                return read_product(block, origin, notes, self.known)
            case _:
                _note_namespace(block, notes)
                return read_other(block, origin, notes)

    def _origin(self, piece: Piece, block: Block) -> Origin:
        content, changes = self._content(piece, block)
        return Origin(
            path=self.source.path,
            format="pohoda",
            ordinal=piece.ordinal,
            line=piece.line,
            content=content,
            version=VERSION,
            changes=changes,
        )

    def _content(self, piece: Piece, block: Block) -> tuple[bytes, tuple[str, ...]]:
        """The bytes of a pack of this document alone, and what was changed for it."""
        text = self.text
        changes = []
        if text.marked and not text.transcoded:
            changes.append("pohoda.mark-removed")
        if text.transcoded:
            changes.append("pohoda.transcoded")
        rightly = text.declared is None or codecs_name(text.declared) == codecs_name(text.encoding)
        if not rightly and not text.transcoded:
            changes.append("pohoda.declaration-corrected")
        if piece.whole_file and rightly and not text.transcoded and (text.declared or text.encoding == "utf-8"):
            return bytes(text.content[text.start :]), tuple(changes)
        if not piece.whole_file:
            changes.append("pohoda.list-converted" if piece.frame.converts else "pohoda.split")
        identity = piece.frame.new_pack_id(self._fingerprints.of(piece.raw))
        return piece.frame.pack(piece.raw, identity, self._item_id(piece, block)), tuple(changes)

    def _item_id(self, piece: Piece, block: Block) -> str:
        """Identity of a document that comes from a list: its record's id, else its number, else its ordinal."""
        header = block.block(f"{block.name}Header")
        number = header.block("number").text("numberRequested")
        return (header.text("id") or number or str(piece.ordinal))[:64]


def _note_namespace(block: Block, notes: Notes) -> None:
    """A document that would be known, were it in a namespace of version 2."""
    found = namespace(block.element) if block.element is not None else ""
    if found.startswith(names.VERSION_2):
        return
    if found.startswith(names.ROOT):
        notes.add("pohoda.old-version", block.element, namespace=found)
    elif found:
        notes.add("pohoda.wrong-namespace", block.element, name=block.name, namespace=found)
    else:
        notes.add("pohoda.no-namespace", block.element, name=block.name)
