"""XML, hardened: parsing with positions and without entities, encodings that lie, schemas.

A DOCTYPE is refused before the parser sees it: none of our formats has one, and with entities left unresolved an amount
could lose digits without a word. libxml2 judges a schema; xmlschema says in words why it rejected something.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import msgspec
from lxml import etree

from efimport.findings import Finding, Location, Severity, finding
from efimport.formats.letters import are_ours
from efimport.formats.xml_proportions import Buffer, out_of_proportion

if TYPE_CHECKING:
    import xmlschema

SCHEMA_FINDINGS = 20
"""Schema findings that are listed for one document; the rest is counted in a last one."""

EXPLAINED_DEPTH = 60
"""Nesting up to which a deviation is explained at length: the one that explains calls itself for every level."""

_DECLARATION = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._\-]+)[\"'][^>]*\?>")
# Atomic, so that a row of comments is gone through once and not in every way of dividing it.
_DOCTYPE = re.compile(rb"(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"))
_LEADING_SPACE = re.compile(rb"[\x20\t\r\n]*")
_CHUNK = 1024 * 1024


class XmlText(msgspec.Struct, frozen=True):
    """An XML text ready for the parser.

    Attributes:
        content: the bytes, without byte-order mark and leading white space.
        encoding: the encoding that they really are in, lower case.
        declared: the encoding that the declaration names, lower case; None without one.
        line_offset: lines that were cut off in front.
        findings: what was noticed about the encoding.
    """

    content: bytes
    encoding: str
    declared: str | None
    line_offset: int
    findings: tuple[Finding, ...]


class XmlBuffer(msgspec.Struct, frozen=True):
    """An XML text that may be too large to be copied.

    Attributes:
        content: the bytes, or their mapping; UTF-8 where the file is in UTF-16.
        start: where the XML begins, behind byte-order mark and leading white space.
        encoding: the encoding that the bytes really are in, lower case.
        declared: the encoding that the declaration names, lower case; None without one.
        marked: whether a byte-order mark stands in front.
        transcoded: whether ``content`` was turned from UTF-16 into UTF-8.
        line_offset: lines before ``start``.
        findings: what was noticed about the encoding.
    """

    content: Buffer
    start: int
    encoding: str
    declared: str | None
    marked: bool
    transcoded: bool
    line_offset: int
    findings: tuple[Finding, ...]


def xml_text(content: bytes, path: str | None = None) -> XmlText:
    """Find out the encoding of a text that is held in memory; see :func:`xml_buffer`."""
    found = xml_buffer(content, path)
    text = found.content[found.start :]
    return XmlText(text, found.encoding, found.declared, found.line_offset, found.findings)


def xml_buffer(buffer: Buffer, path: str | None = None) -> XmlBuffer:
    """Find out the encoding: byte-order mark, then valid UTF-8, then declaration, then Windows-1250.

    A declaration that the bytes contradict is overruled and a warning says so. Bytes beyond ASCII that make valid UTF-8
    of letters that our texts hold are UTF-8 whatever is declared. UTF-16 is turned
    into UTF-8, because everything after this searches for ASCII bytes.
    """
    content, start, marked, transcoded = _without_mark(buffer)
    space = _LEADING_SPACE.match(content, start)
    begin = space.end() if space else start
    line_offset = content[start:begin].count(b"\n")
    findings: list[Finding] = []
    place = Location(path=path, line=1)
    if begin != start and content[begin : begin + 5] == b"<?xml":
        findings.append(finding("xml.leading-space", place))
    match = _DECLARATION.match(content, begin)
    declared = match.group(1).decode("ascii").lower() if match else None
    encoding = "utf-8" if marked or transcoded else _real_encoding(content, begin, declared)
    overruled = declared is not None and codecs_name(declared) != codecs_name(encoding)
    if overruled and not marked and not transcoded:
        findings.append(finding("encoding.declaration-wrong", place, declared=declared, found=encoding))
    elif not declared and not marked and encoding != "utf-8":
        findings.append(finding("encoding.guessed", place, found=encoding))
    return XmlBuffer(content, begin, encoding, declared, marked, transcoded, line_offset, tuple(findings))


def _without_mark(buffer: Buffer) -> tuple[Buffer, int, bool, bool]:
    """The bytes, where they begin, whether they were marked, and whether they were turned from UTF-16 into UTF-8."""
    head = buffer[:4]
    for mark, name in _MARKS:
        if head.startswith(mark):
            if name == "utf-8":
                return buffer, len(mark), True, False
            return _from_utf16(buffer[len(mark) :], name), 0, True, True
    for signature, name in _UNMARKED:
        if head.startswith(signature):
            return _from_utf16(buffer[:], name), 0, False, True
    return buffer, 0, False, False


def _from_utf16(content: bytes, name: str) -> bytes:
    return content.decode(name, "replace").encode("utf-8", "replace")


def _real_encoding(content: Buffer, start: int, declared: str | None) -> str:
    wanted = declared or "utf-8"
    name = codecs_name(wanted)
    plain, utf8 = _reads_as_utf8(content, start)
    if plain:
        return wanted if name and not name.startswith("utf-16") else "utf-8"
    if utf8 and (name in (None, "utf-8") or _letters_are_ours(content, start)):
        return wanted if name == "utf-8" else "utf-8"
    if name is None or name == "utf-8" or name.startswith("utf-16") or not _decodes(content, start, name):
        return "windows-1250"
    return wanted


@lru_cache(maxsize=256)
def codecs_name(encoding: str) -> str | None:
    """Python's name of a text encoding; None for one that is not known to Python or to the parser."""
    try:
        name = codecs.lookup(encoding).name
        "a".encode(name)
        parser(encoding)
    except LookupError:
        # Also what is a codec in Python and no text encoding (base64, zip), and a name that Python forgives and the
        # parser does not ("windows-1250-").
        return None
    return name


def _reads_as_utf8(content: Buffer, start: int) -> tuple[bool, bool]:
    """Whether the bytes are all ASCII, and whether they are valid UTF-8; read in pieces."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    plain = True
    try:
        for position in range(start, len(content), _CHUNK):
            chunk = content[position : position + _CHUNK]
            plain = plain and chunk.isascii()
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False, False
    return plain, True


def _letters_are_ours(content: Buffer, start: int) -> bool:
    """Whether bytes that are valid UTF-8 make letters of our texts; see :mod:`efimport.formats.letters`."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    pieces = (content[position : position + _CHUNK] for position in range(start, len(content), _CHUNK))
    return all(are_ours(decoder.decode(piece)) for piece in pieces)


def _decodes(content: Buffer, start: int, encoding: str) -> bool:
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        for position in range(start, len(content), _CHUNK):
            decoder.decode(content[position : position + _CHUNK])
        decoder.decode(b"", final=True)
    except (UnicodeError, LookupError):
        return False
    return True


def has_doctype(content: bytes) -> bool:
    """Whether a document type declaration stands before the root element."""
    return doctype(content) is not None


def doctype(content: bytes) -> int | None:
    """The line of a document type declaration before the root element, from 1; None without one."""
    found = _DOCTYPE.match(content)
    return content.count(b"\n", 0, found.end()) + 1 if found else None


def parser(encoding: str | None = None, *, comments: bool = True) -> etree.XMLParser:
    """The one parser configuration: no entities, no network, no document type.

    Without ``comments``, comments and instructions are left out, so that a text with one inside is one text.

    ``huge_tree`` is on because an embedded PDF is longer than libxml2's usual limit for one text; the size of a
    document is limited before it gets here.
    """
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=not comments,
        remove_pis=not comments,
    )


def parse(text: XmlText, path: str | None = None) -> etree._Element | Finding:
    """The root element, or the finding that says why there is none."""
    refused_at = doctype(text.content)
    if refused_at is not None:
        return finding("xml.doctype", Location(path=path, line=refused_at + text.line_offset))
    refusal = out_of_proportion(text.content, path, line_offset=text.line_offset)
    if refusal is not None:
        return refusal
    try:
        root = etree.fromstring(text.content, parser(text.encoding))
    except etree.XMLSyntaxError as error:
        return not_well_formed(error, path, text.line_offset)
    except (ValueError, LookupError) as error:
        return finding("xml.not-well-formed", Location(path=path, line=1), reason=error)
    if root.getroottree().docinfo.internalDTD is not None:
        return finding("xml.doctype", Location(path=path, line=1))
    return root


def not_well_formed(error: etree.XMLSyntaxError, path: str | None, line_offset: int = 0) -> Finding:
    """The finding for a syntax error, with line and column."""
    line, column = error.lineno or 1, max(error.offset or 0, 0) + 1
    # The parser ends its message with the position, which the location carries already.
    reason = re.sub(r",\s*line \d+, column \d+.*$", "", str(error.msg))
    return finding("xml.not-well-formed", Location(path=path, line=line + line_offset, column=column), reason=reason)


def local_name(element: etree._Element) -> str:
    """Name of an element without its namespace; empty for comments and instructions."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: etree._Element) -> str:
    """Namespace of an element; empty for none."""
    tag: object = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def where(element: etree._Element) -> str:
    """A readable path of an element: local names with positions, without namespaces."""
    steps = []
    node: etree._Element | None = element
    while node is not None:
        name = local_name(node)
        parent = node.getparent()
        if parent is not None:
            twins = [child for child in parent if child.tag == node.tag]
            if len(twins) > 1:
                name = f"{name}[{twins.index(node) + 1}]"
        steps.append(name)
        node = parent
    return "/" + "/".join(reversed(steps))


class Schema:
    """A schema that ships beside a format.

    Args:
        package: the format's package.
        name: file name of the schema.
    """

    def __init__(self, package: str, name: str) -> None:
        self.package = package
        self.name = name

    def findings(
        self,
        root: etree._Element,
        path: str | None = None,
        *,
        severity: Severity = Severity.WARNING,
        line_offset: int = 0,
        ordinal: int | None = None,
        explained: bool = True,
    ) -> list[Finding]:
        """What the schema rejects in this tree; empty where it accepts it.

        libxml2 judges, because it is fast; what it rejects is gone through again by xmlschema for reasons and paths.
        Without ``explained`` the first complaint of libxml2 stands alone: a file of thousands of documents that all
        break the same rule needs the long explanation only for the first ones.
        """
        schema = _libxml2_schema(self.package, self.name)
        if schema.validate(root):
            return []
        if not explained or depth(root) > EXPLAINED_DEPTH:
            return [self._judged_only(schema, path, severity, line_offset, ordinal)]
        from efimport.formats.schema_reasons import reason_of

        found: list[Finding] = []
        for error in explanations(_explaining_schema(self.package, self.name), root):
            if len(found) == SCHEMA_FINDINGS:
                found.append(finding("xml.schema-more", Location(path=path, ordinal=ordinal), severity=Severity.INFO))
                break
            line = getattr(error, "sourceline", None)
            place = Location(
                path=path,
                line=line + line_offset if line else None,
                where=_without_prefixes(error.path),
                ordinal=ordinal,
            )
            said = finding("xml.schema", place, severity=severity, reason=reason_of(error))
            if said not in found[-1:]:
                # A value can break several rules of its type; in our words that is one.
                found.append(said)
        return found or [self._judged_only(schema, path, severity, line_offset, ordinal)]

    def _judged_only(
        self, schema: etree.XMLSchema, path: str | None, severity: Severity, line_offset: int, ordinal: int | None
    ) -> Finding:
        log: Any = schema.error_log
        first = log[0]
        place = Location(path=path, line=first.line + line_offset, ordinal=ordinal)
        return finding("xml.schema", place, severity=severity, reason=_one_line(first.message))


def explanations(schema: xmlschema.XMLSchema, root: etree._Element) -> Iterator[Any]:
    """What xmlschema says; it ends early where a value is too odd for it (a year of fifty digits).

    The judgement is libxml2's and stands; only words are missing then.
    """
    try:
        yield from schema.iter_errors(root)
    except (ArithmeticError, ValueError, TypeError, LookupError):
        return


def depth(root: etree._Element) -> int:
    """How deep the elements of a tree are nested; 1 for one without children."""
    level = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest


def _one_line(text: str) -> str:
    return re.sub(r"\{[^{}]*\}", "", " ".join(str(text).split()))


def _without_prefixes(path: str | None) -> str | None:
    return re.sub(r"(?<=/)(?:\{[^{}]*\}|[\w.\-]+:)", "", path) if path else None


@lru_cache(maxsize=16)
def _libxml2_schema(package: str, name: str) -> etree.XMLSchema:
    with resources.as_file(resources.files(package)) as folder:
        return etree.XMLSchema(etree.parse(str(folder / name)))


@lru_cache(maxsize=16)
def _explaining_schema(package: str, name: str) -> xmlschema.XMLSchema:
    import xmlschema

    with resources.as_file(resources.files(package)) as folder:
        return xmlschema.XMLSchema(str(folder / name))
