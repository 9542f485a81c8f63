"""Cutting a pack into its documents, one after the other, without holding it in memory.

A pack is checked as POHODA does it (stormware.cz, XML communication): the envelope first, then every item by itself,
so that one damaged item does not take the others with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from lxml import etree

from efimport.findings import Finding, Location, finding
from efimport.formats.pohoda import names
from efimport.formats.pohoda.frame import Frame, list_frame, pack_frame
from efimport.formats.pohoda.scan import Scanner, Tag, TagKind
from efimport.formats.xml import XmlBuffer, local_name, namespace, parser
from efimport.formats.xml_proportions import out_of_proportion

LARGE = 1_000_000
"""Bytes of an item from which its proportions are looked at before it is parsed."""

PROBLEMS = 200
"""Faults between the items after which a file is not read on: a report of a million lines helps nobody."""


ABOUT_LIST = ("importDetails", "parts")
"""What a list of an export says about itself before its documents (documentresponse.xsd, listVersionType)."""


class Piece(msgspec.Struct, frozen=True):
    """The bytes of one item, or of one document of a list.

    Attributes:
        raw: the element as it stands in the file.
        frame: what stands around it when it is alone.
        ordinal: ordinal in the file, from 1.
        line: line of the file at which it begins.
        path: where it is: the item of a pack, or the document of a list.
        answer: whether it is a program's answer to an import and no document.
        whole_file: whether nothing else is in the file, so that the file itself can be sent.
    """

    raw: bytes
    frame: Frame
    ordinal: int
    line: int
    path: str
    answer: bool = False
    whole_file: bool = False


class Envelope(msgspec.Struct, frozen=True):
    """The root of a pack.

    Attributes:
        tag: its start tag.
        head: the bytes of that tag.
        element: the same, parsed and empty.
        line: line of the file at which it begins.
        item: local name of its items.
    """

    tag: Tag
    head: bytes
    element: etree._Element
    line: int
    item: str


class Element(msgspec.Struct, frozen=True):
    """An element that was found without looking inside.

    Attributes:
        tag: its start tag.
        end: where it ends.
        closed: whether its end tag stands there.
    """

    tag: Tag
    end: int
    closed: bool


class Splitter:
    """Walks through one pack.

    Args:
        text: the file.
        path: what the file is called.
        largest: bytes of the largest item that is looked at.
    """

    def __init__(self, text: XmlBuffer, path: str, largest: int) -> None:
        self.text = text
        self.path = path
        self.largest = largest
        self.scanner = Scanner(text.content)
        self.ordinal = 0
        self._problems = 0
        self._line = 1 + text.line_offset
        self._counted = text.start

    def envelope(self) -> Envelope | Finding:
        """The root of the pack, or the finding that says why there is none."""
        tag = self.scanner.tag(self.text.start)
        place = Location(path=self.path, line=self.line(tag.start))
        if tag.kind is TagKind.DOCTYPE:
            return finding("xml.doctype", place)
        if tag.kind not in (TagKind.START, TagKind.EMPTY):
            return finding("xml.not-well-formed", place, reason="there is no root element")
        head = self.text.content[tag.start : tag.end]
        opened = head if tag.kind is TagKind.EMPTY else head[:-1] + b"/>"
        try:
            element = etree.fromstring(opened, parser(self.text.encoding))
        except etree.XMLSyntaxError as error:
            if "Namespace prefix" in str(error.msg):
                return finding("pohoda.no-namespace", place, name=tag.name.decode("ascii", "replace"))
            return finding("xml.not-well-formed", place, reason=str(error.msg))
        root, item = names.PACKS.get(namespace(element), ("", ""))
        if not namespace(element):
            return finding("pohoda.no-namespace", place, name=local_name(element))
        if not root and local_name(element) in names.ROOTS:
            return finding("pohoda.wrong-namespace", place, name=local_name(element), namespace=namespace(element))
        if local_name(element) != root:
            return finding("pohoda.not-a-pack", place, name=local_name(element))
        return Envelope(tag, head, element, place.line or 1, item)

    def line(self, position: int) -> int:
        """Line of a place; places are asked for in ascending order."""
        if position < self._counted:
            return self._line - self.scanner.lines(position, self._counted)
        self._line += self.scanner.lines(self._counted, position)
        self._counted = position
        return self._line

    def pieces(self, envelope: Envelope) -> Iterator[Piece | Finding]:
        """The items of a dataPack, the documents and answers of a responsePack, and what is wrong between them."""
        if envelope.item == "dataPackItem":
            frame = pack_frame(envelope.tag, envelope.head, envelope.element, self.text.encoding)
            yield from _marked_if_alone(self._items(envelope, frame))
        else:
            yield from self._responses(envelope)

    def _items(self, envelope: Envelope, frame: Frame) -> Iterator[Piece | Finding]:
        place = f"/{local_name(envelope.element)}"
        count = 0
        for found in self._children(envelope.tag, place, len(self.text.content), resume=envelope.item):
            if isinstance(found, Finding):
                yield found
                continue
            name = _local(found.tag)
            if name == "transformation":
                yield self._finding("pohoda.transformation", found.tag, f"{place}/{name}")
            elif name != envelope.item:
                yield self._finding("pohoda.unexpected-element", found.tag, f"{place}/{name}", name=name)
            else:
                count += 1
                yield self._slice(found, frame, f"{place}/{name}[{count}]")

    def _responses(self, envelope: Envelope) -> Iterator[Piece | Finding]:
        root = f"/{local_name(envelope.element)}"
        frame = pack_frame(envelope.tag, envelope.head, envelope.element, self.text.encoding)
        count = 0
        for found in self._children(envelope.tag, root, len(self.text.content), resume=envelope.item):
            if isinstance(found, Finding):
                yield found
                continue
            name = _local(found.tag)
            if name != envelope.item:
                yield self._finding("pohoda.unexpected-element", found.tag, f"{root}/{name}", name=name)
                continue
            count += 1
            place = f"{root}/{name}[{count}]"
            inside = self.scanner.tag(found.tag.end) if found.tag.kind is TagKind.START else None
            if inside is not None and _is_list(inside):
                yield from self._list(envelope, found, inside, place)
            else:
                yield self._slice(found, frame, place, answer=True)

    def _list(self, envelope: Envelope, item: Element, tag: Tag, place: str) -> Iterator[Piece | Finding]:
        place = f"{place}/{_local(tag)}"
        content = self.text.content
        opened = envelope.head + content[item.tag.start : item.tag.end] + content[tag.start : tag.end]
        names_to_close = [tag.name] if tag.kind is TagKind.START else []
        closed = b"".join(b"</" + name + b">" for name in (*names_to_close, item.tag.name, envelope.tag.name))
        try:
            root = etree.fromstring(opened + closed, parser(self.text.encoding))
        except etree.XMLSyntaxError as error:
            yield self._finding("xml.not-well-formed", tag, place, reason=str(error.msg))
            return
        yield from self._refusal(root[0], tag, place)
        frame = list_frame(root, root[0][0], self.text.encoding)
        about_list = msgspec.structs.replace(frame, converts=False)
        count = 0
        for found in self._children(tag, place, item.end):
            if isinstance(found, Finding):
                yield found
                continue
            name = _local(found.tag)
            if name in ABOUT_LIST:
                yield self._slice(found, about_list, f"{place}/{name}", answer=True)
                continue
            count += 1
            yield self._slice(found, frame, f"{place}/{name}[{count}]")

    def _refusal(self, item: etree._Element, tag: Tag, place: str) -> Iterator[Finding]:
        """That the program could not make the list, which leaves it empty or incomplete."""
        if "error" in (item.get("state"), item[0].get("state")):
            note = item.get("note") or item[0].get("note") or ""
            yield self._finding("pohoda.answer-error", tag, place, id=item.get("id") or "", note=note)

    def _slice(self, element: Element, frame: Frame, place: str, *, answer: bool = False) -> Piece | Finding:
        if not (answer and _local(element.tag) in ABOUT_LIST):
            self.ordinal += 1
        line = self.line(element.tag.start)
        where = Location(path=self.path, line=line, where=place, ordinal=self.ordinal)
        size = element.end - element.tag.start
        if not element.closed:
            code = "pohoda.truncated" if element.end >= len(self.text.content) else "pohoda.not-closed"
            return finding(code, where, name=_local(element.tag))
        if size > self.largest:
            return finding("pohoda.too-large", where, size=size, limit=self.largest)
        refusal = self._out_of_proportion(element, where)
        if refusal is not None:
            return refusal
        raw = self.text.content[element.tag.start : element.end]
        return Piece(raw, frame, self.ordinal, line, place, answer)

    def _out_of_proportion(self, element: Element, where: Location) -> Finding | None:
        start = element.tag.start
        if element.end - start < LARGE:
            return None
        refusal = out_of_proportion(self.text.content, start=start, end=element.end)
        if refusal is None:
            return None
        return finding("pohoda.item-damaged", where, reason=refusal.message.arguments["reason"])

    def _children(self, parent: Tag, place: str, stop: int, *, resume: str = "") -> Iterator[Element | Finding]:
        """The elements directly inside one.

        Args:
            parent: start tag of the element around them.
            place: what that is called.
            stop: where it must have ended.
            resume: local name of the elements at which reading goes on after damage.
        """
        position = parent.end
        while parent.kind is TagKind.START:
            if self._problems > PROBLEMS:
                yield self._finding("pohoda.too-damaged", self.scanner.tag(position), place, count=str(PROBLEMS))
                return
            tag = self.scanner.tag(position)
            if tag.text_before:
                yield self._finding("pohoda.unexpected-text", tag, place)
            if tag.kind in (TagKind.START, TagKind.EMPTY) and tag.start < stop:
                element = Element(tag, *self.scanner.element_end(tag))
                yield element
                position = element.end
                if not element.closed and position >= len(self.text.content):
                    return
            elif tag.kind is TagKind.END and tag.name == parent.name:
                yield from self._after(tag, place)
                return
            elif tag.kind is TagKind.NOTHING or tag.start >= stop:
                yield self._finding("pohoda.truncated", tag, place, name=_local(parent))
                return
            else:
                yield self._finding("xml.not-well-formed", tag, place, reason=_reason(tag))
                if not resume:
                    return
                position = self._resumed(tag, resume, parent)

    def _resumed(self, tag: Tag, resume: str, parent: Tag) -> int:
        """Where reading goes on after damage: at the next item, else at the end of the pack."""
        if tag.kind is TagKind.END:
            return tag.end
        begins = re.compile(rb"<(?:[\w.\-]+:)?" + resume.encode() + rb"[\s/>]")
        match = begins.search(self.text.content, tag.start + 1)
        if match is not None:
            return match.start()
        end = self.text.content.rfind(b"</" + parent.name, tag.start)
        return end if end >= 0 else len(self.text.content)

    def _after(self, tag: Tag, place: str) -> Iterator[Finding]:
        if place.count("/") > 1:
            return
        rest = self.scanner.tag(tag.end)
        if rest.kind is not TagKind.NOTHING or rest.text_before:
            yield self._finding("xml.not-well-formed", rest, place, reason="something stands after the end of the pack")

    def _finding(self, code: str, tag: Tag, place: str, **arguments: str) -> Finding:
        self._problems += 1
        return finding(
            code, Location(path=self.path, line=self.line(tag.start), where=place), severity=None, **arguments
        )


def _marked_if_alone(found: Iterator[Piece | Finding]) -> Iterator[Piece | Finding]:
    held: Piece | None = None
    count = 0
    for one in found:
        count += 1
        if count == 1 and isinstance(one, Piece):
            held = one
            continue
        if held is not None:
            yield held
            held = None
        yield one
    if held is not None:
        yield msgspec.structs.replace(held, whole_file=True)


def _local(tag: Tag) -> str:
    return tag.name.rpartition(b":")[2].decode("ascii", "replace")


def _is_list(tag: Tag) -> bool:
    name = _local(tag)
    return tag.kind in (TagKind.START, TagKind.EMPTY) and name.startswith("list") and not name.endswith("Response")


def _reason(tag: Tag) -> str:
    if tag.kind is TagKind.END:
        return f"the end tag {_local(tag)} has no start tag"
    if tag.kind is TagKind.DOCTYPE:
        return "a DOCTYPE stands inside the pack"
    return "a tag is broken"
