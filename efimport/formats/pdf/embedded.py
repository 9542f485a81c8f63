"""The files embedded in a PDF, within limits.

Source: ISO 32000-1, 7.11.3 (file specifications), 7.11.4 (embedded file streams), 7.7.4 (name dictionary), 12.5.6.15
(annotations with a file), 14.13 of ISO 32000-2 (associated files). Files are looked for where they belong, in the name
tree, among the associated files of the catalog and of pages and in annotations, and then among all objects, because
real programs embed files that nothing in the catalog leads to.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pikepdf

PDF_ERRORS = (
    pikepdf.PdfError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RuntimeError,
    OverflowError,
)
"""What pikepdf raises on objects that are not what the format says they should be."""

_DECLARED = re.compile(rb"/EmbeddedFile(?![A-Za-z])|/[^\s/<>\[\]()%]*#[0-9A-Fa-f]{2}")
"""An embedded file that says so, or a name with escapes, which could spell the same. Dictionaries of streams are never
compressed or encrypted, so that bytes without either have no such object."""

_TREE_NODES = 10_000
_PAGES = 5_000
"""Pages and nodes of their tree; a document of more pages is a book."""
_OBJECTS = 300_000
_UNPACKED_ANYWAY = 8 * 1024 * 1024
_RATIO = 100
WARNINGS = 200
"""A PDF with more faults than this is given up: mending it would take longer than it is worth."""


class Embedded(msgspec.Struct, frozen=True):
    """A file embedded in a PDF.

    Attributes:
        name: its name, without the folders that some programs leave in it.
        content: the bytes; None where they cannot be unpacked or are more than the limit.
    """

    name: str
    content: bytes | None


class Files:
    """The embedded files of an open PDF, each stream once.

    Args:
        pdf: the PDF.
        raw: its bytes.
        limit: bytes of all files together that are unpacked at most.
    """

    def __init__(self, pdf: pikepdf.Pdf, raw: Any, limit: int) -> None:
        self._pdf = pdf
        self._raw = raw
        self._left = limit
        self._seen: set[tuple[int, int]] = set()
        self.incomplete = False
        """Whether the PDF has more objects than are looked through."""

    def __iter__(self) -> Iterator[Embedded]:
        for name, specification in self._specifications():
            yield from self._of_specification(name, specification)
        if _DECLARED.search(self._raw) is not None:
            yield from self._declared()

    def _specifications(self) -> Iterator[tuple[str | None, Any]]:
        root = _dictionary(self._pdf, "Root")
        tree = _dictionary(_dictionary(root, "Names"), "EmbeddedFiles")
        yield from self._tree(tree)
        for specification in _array(root, "AF"):
            yield None, specification
        yield from self._of_pages(_dictionary(root, "Pages"))

    def _of_pages(self, tree: Any) -> Iterator[tuple[str | None, Any]]:
        """Files that hang on a page: associated with it, or pinned to it as an annotation."""
        for page in self._nodes(tree, "Kids", _PAGES):
            for specification in _array(page, "AF"):
                yield None, specification
            for annotation in _array(page, "Annots"):
                for specification in _array(annotation, "AF"):
                    yield None, specification
                if str(_get(annotation, "Subtype")) == "/FileAttachment":
                    yield _text(_get(annotation, "Contents")), _get(annotation, "FS")

    def _tree(self, tree: Any) -> Iterator[tuple[str | None, Any]]:
        """The entries of a name tree."""
        for node in self._nodes(tree, "Kids", _TREE_NODES):
            pairs = _array(node, "Names")
            yield from zip((_text(key) for key in pairs[::2]), pairs[1::2], strict=False)

    def _nodes(self, tree: Any, children: str, limit: int) -> Iterator[Any]:
        """The nodes of a tree from its root on; one that leads back into itself ends."""
        waiting, visited, count = [tree], set(), 0
        while waiting and count < limit:
            node, count = waiting.pop(), count + 1
            if node is None or (node.is_indirect and node.objgen in visited):
                continue
            if node.is_indirect:
                visited.add(node.objgen)
            yield node
            waiting.extend(child for child in reversed(_array(node, children)) if _is_dictionary(child))
        self.incomplete = self.incomplete or bool(waiting)

    def _of_specification(self, key: str | None, specification: Any) -> Iterator[Embedded]:
        if not _is_dictionary(specification):
            return
        files = _dictionary(specification, "EF")
        names = [key, *(_text(_get(specification, field)) for field in ("UF", "F"))]
        for field in ("UF", "F", "Unix", "DOS", "Mac"):
            stream = _get(files, field)
            if isinstance(stream, pikepdf.Stream):
                yield from self._file(names, stream)

    def _declared(self) -> Iterator[Embedded]:
        """Files that say what they are but that no specification of the catalog leads to."""
        specifications, streams = [], []
        for count, item in enumerate(self._pdf.objects):
            if count >= _OBJECTS:
                self.incomplete = True
                break
            if isinstance(item, pikepdf.Stream):
                if str(_get(item, "Type")) == "/EmbeddedFile":
                    streams.append(item)
            elif _is_dictionary(item) and _get(item, "EF") is not None:
                specifications.append(item)
        for specification in specifications:
            yield from self._of_specification(None, specification)
        for stream in streams:
            yield from self._file([], stream)

    def _file(self, names: list[str | None], stream: Any) -> Iterator[Embedded]:
        if stream.objgen in self._seen:
            return
        self._seen.add(stream.objgen)
        known = [bare for name in names if name and (bare := name.replace("\\", "/").rpartition("/")[2].strip())]
        # The name tree's key is the least reliable of the names: some programs number the entries.
        chosen = next((name for name in (*known[1:], *known) if "." in name), known[0] if known else "")
        content = unpacked(stream, self._left)
        self._left -= len(content or b"")
        yield Embedded(chosen or f"embedded-{stream.objgen[0]}", content)


def unpacked(stream: Any, limit: int) -> bytes | None:
    """The bytes of a stream; None where they cannot be unpacked or are more than ``limit``.

    Deflate, which is what programs use, is unpacked here, piece by piece under the limit. Other methods go to the
    library for small streams only.
    """
    try:
        raw = bytes(stream.read_raw_bytes())
        filters = [str(one) for one in _filters(stream)]
        parameters = stream.get("/DecodeParms")
        if filters and (parameters is not None or set(filters) != {"/FlateDecode"}):
            content = bytes(stream.read_bytes()) if len(raw) <= 65_536 else None
            return content if content is not None and len(content) <= limit else None
    except PDF_ERRORS:
        return None
    for _ in filters:
        inflated = _inflated(raw, limit)
        if inflated is None:
            return None
        raw = inflated
    return raw if len(raw) <= limit else None


def _filters(stream: Any) -> list[Any]:
    named = stream.get("/Filter")
    if named is None:
        return []
    return list(named) if isinstance(named, pikepdf.Array) else [named]


def _inflated(raw: bytes, limit: int) -> bytes | None:
    # Deflate makes at most a thousandth of something; what is packed like that is no document.
    limit = min(limit, max(_UNPACKED_ANYWAY, _RATIO * len(raw)))
    machine = zlib.decompressobj()
    try:
        content = machine.decompress(raw, limit + 1)
    except zlib.error:
        return None
    return content if machine.eof and len(content) <= limit else None


@contextmanager
def memory_limit(limit: int) -> Iterator[None]:
    """Bounds what the library unpacks for itself: the tables of a hostile PDF can be bombs, too.

    The limit belongs to the process, so that it is given back.
    """
    limits: dict[str, Any] = {"flate_max_memory": limit, "run_length_max_memory": limit, "doc_max_warnings": WARNINGS}
    previous: dict[str, Any] = pikepdf.settings.set_qpdf_limits(**limits)
    try:
        yield
    finally:
        pikepdf.settings.set_qpdf_limits(**previous)


def _get(holder: Any, name: str) -> Any:
    """A value of a dictionary or of the document; None where it is missing or the holder is none."""
    if holder is None:
        return None
    if isinstance(holder, pikepdf.Pdf):
        return holder.Root if name == "Root" else None
    try:
        return holder.get("/" + name)
    except PDF_ERRORS:
        return None


def _dictionary(holder: Any, name: str) -> Any:
    value = _get(holder, name)
    return value if _is_dictionary(value) else None


def _is_dictionary(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary)


def _array(holder: Any, name: str) -> list[Any]:
    value = _get(holder, name)
    return list(value) if isinstance(value, pikepdf.Array) else []


def _text(value: Any) -> str | None:
    if not isinstance(value, pikepdf.String):
        return None
    try:
        return str(value)
    except PDF_ERRORS:
        return bytes(value).decode("latin-1")
