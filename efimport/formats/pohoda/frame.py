"""Packs that hold one document: what stands around an item, and the conversion of a list export.

Source: POHODA XML, data.xsd (dataPack, dataPackItem), response.xsd and list.xsd. An export names its documents in the
namespace of the list (``lst:invoice``); an import expects the same type in the namespace of the agenda
(``inv:invoice``), so that only the outer tags change.
"""

from __future__ import annotations

import hashlib
from xml.sax.saxutils import quoteattr

import msgspec
from lxml import etree

from efimport.formats.pohoda import names
from efimport.formats.pohoda.scan import Scanner, Tag, TagKind

PACK_ID_LENGTH = 64
_HASH_LENGTH = 8
_APPLICATION = "efimport"
_KEPT = ("ico", "key", "programVersion")


class Frame(msgspec.Struct, frozen=True):
    """What stands around one document.

    Attributes:
        encoding: of the bytes.
        before_id, after_id: text around the value of the pack's id, quotes included.
        pack_id: id of the pack in the file.
        closing: end tag of the pack.
        data_prefix: prefix of the pack's namespace with its colon; empty for the default namespace.
        scope: prefixes known inside the frame and their namespaces.
        converts: whether documents of a list are turned into items.
    """

    encoding: str
    before_id: bytes
    after_id: bytes
    pack_id: str
    closing: bytes
    data_prefix: str
    scope: dict[str, str]
    converts: bool

    @property
    def lines(self) -> int:
        """Line ends before the item."""
        return self.before_id.count(b"\n") + self.after_id.count(b"\n")

    def pack(self, raw: bytes, pack_id: str = "1", item_id: str = "1") -> bytes:
        """A pack of one document.

        Args:
            raw: the item, or the document of a list.
            pack_id: id of the new pack.
            item_id: id of the item, where the document comes from a list and has none.
        """
        item = self._item(raw, item_id) if self.converts else raw
        return b"".join(
            (self.before_id, self._attribute(pack_id), self.after_id, item, b"\r\n", self.closing),
        )

    def in_utf8(self) -> Frame:
        """The same frame in UTF-8, for the one item of a file that is in UTF-8 when the rest is not."""
        before = self.before_id.removeprefix(_xml_declaration(self.encoding))
        return msgspec.structs.replace(
            self,
            encoding="utf-8",
            before_id=_xml_declaration("utf-8") + self._as_utf8(before),
            after_id=self._as_utf8(self.after_id),
        )

    def _as_utf8(self, content: bytes) -> bytes:
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            return content.decode(self.encoding, "replace").encode("utf-8")
        return content

    def new_pack_id(self, fingerprint: str) -> str:
        """An id of at most 64 characters, made of the old one and a fingerprint."""
        short = self.pack_id[: PACK_ID_LENGTH - _HASH_LENGTH - 1].strip()
        return f"{short}-{fingerprint[:_HASH_LENGTH]}" if short else fingerprint[:_HASH_LENGTH]

    def _attribute(self, value: str) -> bytes:
        return _encoded(quoteattr(value, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}), self.encoding)

    def _item(self, raw: bytes, item_id: str) -> bytes:
        tag = Scanner(raw).tag(0)
        document = tag.name.rpartition(b":")[2].decode(self.encoding, "replace")
        own = _own_namespaces(tag, self.encoding)
        namespace = names.agenda_namespace(document)
        prefix = _prefix(self.scope | own, namespace, document[:3].lower())
        declared = b"" if prefix in self.scope and prefix not in own else _declaration(prefix, namespace)
        name = _encoded(f"{prefix}:{document}", self.encoding)
        version = b"" if b"version" in tag.attribute_places() else b' version="2.0"'
        opening = b"<" + name + (b"" if prefix in own else declared) + version + tag.attributes.rstrip()
        item = _encoded(f"<{self.data_prefix}dataPackItem version=", self.encoding) + b'"2.0" id='
        body = b"/>" if tag.kind is TagKind.EMPTY else b">" + raw[tag.end : raw.rindex(b"</")] + b"</" + name + b">"
        closing = _encoded(f"</{self.data_prefix}dataPackItem>", self.encoding)
        return item + self._attribute(item_id) + b">" + opening + body + closing


def pack_frame(root: Tag, head: bytes, element: etree._Element, encoding: str) -> Frame:
    """The frame of a dataPack: its own root tag with another id.

    Args:
        root: the root's start tag.
        head: the bytes of that tag.
        element: the same, parsed.
        encoding: of the bytes.
    """
    place = root.attribute_places().get(b"id")
    if place is None:
        begin = end = 1 + len(root.name)
        before, after = head[:begin] + b" id=", head[end:]
    else:
        # The quotes belong to the value that is replaced.
        before, after = head[: place[0] - 1], head[place[1] + 1 :]
    return Frame(
        encoding=encoding,
        before_id=_xml_declaration(encoding) + before,
        after_id=after + b"\r\n",
        pack_id=element.get("id") or "",
        closing=b"</" + root.name + b">\r\n",
        data_prefix=f"{element.prefix}:" if element.prefix else "",
        scope=_scope(element),
        converts=False,
    )


def list_frame(root: etree._Element, inner: etree._Element, encoding: str) -> Frame:
    """The frame for documents of a list export: a new dataPack that knows all namespaces of the list.

    Args:
        root: the responsePack, parsed.
        inner: the list inside it, which knows all namespaces in force.
        encoding: of the bytes.
    """
    scope = _scope(inner)
    prefix = _prefix(scope, names.DATA, "dat")
    scope[prefix] = names.DATA
    attributes = "".join(f" {name}={quoteattr(root.get(name, ''))}" for name in _KEPT if root.get(name))
    note = quoteattr(root.get("note") or "")
    namespaces = "".join(f" xmlns{':' if name else ''}{name}={quoteattr(uri)}" for name, uri in scope.items())
    before = f'<{prefix}:dataPack version="2.0"{attributes} application="{_APPLICATION}" note={note}{namespaces} id='
    return Frame(
        encoding=encoding,
        before_id=_xml_declaration(encoding) + _encoded(before, encoding),
        after_id=b">\r\n",
        pack_id=root.get("id") or "",
        closing=_encoded(f"</{prefix}:dataPack>\r\n", encoding),
        data_prefix=f"{prefix}:",
        scope=scope,
        converts=True,
    )


class Fingerprints:
    """Digests of documents; the second of two equal ones gets another, because both are kept."""

    def __init__(self) -> None:
        self._seen: dict[bytes, int] = {}

    def of(self, raw: bytes) -> str:
        """A digest in hexadecimal that no other document of this file has."""
        digest = hashlib.sha256(raw).digest()
        key = digest[:8]
        count = self._seen[key] = self._seen.get(key, 0) + 1
        return digest.hex() if count == 1 else hashlib.sha256(digest + str(count).encode()).hexdigest()


def _xml_declaration(encoding: str) -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>\r\n'.encode("ascii")


def _declaration(prefix: str, namespace: str) -> bytes:
    return f' xmlns:{prefix}="{namespace}"'.encode()


def _encoded(text: str, encoding: str) -> bytes:
    return text.encode(encoding, "xmlcharrefreplace")


def _scope(element: etree._Element) -> dict[str, str]:
    return {prefix or "": uri for prefix, uri in element.nsmap.items()}


def _prefix(scope: dict[str, str], namespace: str, wish: str) -> str:
    for prefix, uri in scope.items():
        if uri == namespace and prefix:
            return prefix
    prefix, count = wish, 1
    while prefix in scope:
        prefix, count = f"{wish}{count}", count + 1
    return prefix


def _own_namespaces(tag: Tag, encoding: str) -> dict[str, str]:
    text = b"<" + tag.name + tag.attributes
    return {
        name.partition(b":")[2].decode(encoding, "replace"): text[begin:end].decode(encoding, "replace")
        for name, (begin, end) in tag.attribute_places().items()
        if name == b"xmlns" or name.startswith(b"xmlns:")
    }
