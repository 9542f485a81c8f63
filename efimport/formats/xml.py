"""XML, hardened: parsing with positions and without entities, encodings that lie, schemas.

A DOCTYPE is refused before the parser sees it: none of our formats has one, and with entities left unresolved an amount
could lose digits without a word. libxml2 judges a schema; xmlschema says in words why it rejected something.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import msgspec
from lxml import etree

from efimport.findings import Finding, Location, Severity, finding

if TYPE_CHECKING:
    import xmlschema

SCHEMA_FINDINGS = 20
"""Schema findings that are listed for one document; the rest is counted in a last one."""

_DECLARATION = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._\-]+)[\"'][^>]*\?>")
_DOCTYPE = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<!DOCTYPE", re.DOTALL)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


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


def xml_text(content: bytes, path: str | None = None) -> XmlText:
    """Find out the encoding: byte-order mark, then declaration, then valid UTF-8, then Windows-1250.

    A declaration that the bytes contradict is overruled and a warning says so. UTF-16 is turned into UTF-8, because
    everything after this searches for ASCII bytes.
    """
    findings: list[Finding] = []
    place = Location(path=path, line=1)
    marked: str | None = None
    for mark, name in _MARKS:
        if content.startswith(mark):
            content, marked = content[len(mark) :], name
            break
    if marked and marked.startswith("utf-16"):
        content = content.decode(marked, "replace").encode("utf-8")
    stripped = content.lstrip()
    line_offset = content.count(b"\n", 0, len(content) - len(stripped))
    if len(stripped) != len(content) and stripped.startswith(b"<?xml"):
        findings.append(finding("xml.leading-space", place))
    match = _DECLARATION.match(stripped)
    declared = match.group(1).decode("ascii").lower() if match else None
    encoding = _real_encoding(stripped, marked, declared)
    if declared and not marked and codecs_name(declared) != codecs_name(encoding):
        findings.append(finding("encoding.declaration-wrong", place, declared=declared, found=encoding))
    elif not declared and not marked and encoding != "utf-8":
        findings.append(finding("encoding.guessed", place, found=encoding))
    return XmlText(stripped, encoding, declared, line_offset, tuple(findings))


def _real_encoding(content: bytes, marked: str | None, declared: str | None) -> str:
    if marked:
        return "utf-8"
    wanted = declared or "utf-8"
    name = codecs_name(wanted)
    if name is None or name.startswith("utf-16"):
        # An unknown name, or UTF-16 declared over bytes that are not.
        return "utf-8" if _decodes(content, "utf-8") else "windows-1250"
    if _decodes(content, name):
        return wanted
    return "utf-8" if name != "utf-8" and _decodes(content, "utf-8") else "windows-1250"


def codecs_name(encoding: str) -> str | None:
    """Python's name of an encoding; None for one that is not known."""
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return None


def _decodes(content: bytes, encoding: str) -> bool:
    if content.isascii():
        return True
    try:
        codecs.decode(content, encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def has_doctype(content: bytes) -> bool:
    """Whether a document type declaration stands before the root element."""
    return _DOCTYPE.match(content) is not None


def parser(encoding: str | None = None) -> etree.XMLParser:
    """The one parser configuration: no entities, no network, no document type.

    ``huge_tree`` is on because an embedded PDF is longer than libxml2's usual limit for one text; the size of a
    document is limited before it gets here.
    """
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=False,
        remove_pis=False,
    )


def parse(text: XmlText, path: str | None = None) -> etree._Element | Finding:
    """The root element, or the finding that says why there is none."""
    if has_doctype(text.content):
        line = text.content[: text.content.find(b"<!DOCTYPE")].count(b"\n") + 1 + text.line_offset
        return finding("xml.doctype", Location(path=path, line=line))
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
    line, column = error.position or (1, 1)
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
    ) -> list[Finding]:
        """What the schema rejects in this tree; empty where it accepts it.

        libxml2 judges, because it is fast; what it rejects is gone through again by xmlschema for reasons and paths.
        """
        schema = _libxml2_schema(self.package, self.name)
        if schema.validate(root):
            return []
        found: list[Finding] = []
        for error in _explaining_schema(self.package, self.name).iter_errors(root):
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
            found.append(
                finding("xml.schema", place, severity=severity, reason=_one_line(error.reason or error.message))
            )
        return found or [self._judged_only(schema, path, severity, line_offset, ordinal)]

    def _judged_only(
        self, schema: etree.XMLSchema, path: str | None, severity: Severity, line_offset: int, ordinal: int | None
    ) -> Finding:
        first = schema.error_log[0]
        place = Location(path=path, line=first.line + line_offset, ordinal=ordinal)
        return finding("xml.schema", place, severity=severity, reason=_one_line(first.message))


def _one_line(text: str) -> str:
    return re.sub(r"\{[^{}]*\}", "", " ".join(str(text).split()))


def _without_prefixes(path: str | None) -> str | None:
    return re.sub(r"(?<=/)[\w.\-]+:", "", path) if path else None


@lru_cache(maxsize=16)
def _libxml2_schema(package: str, name: str) -> etree.XMLSchema:
    with resources.as_file(resources.files(package)) as folder:
        return etree.XMLSchema(etree.parse(str(folder / name)))


@lru_cache(maxsize=16)
def _explaining_schema(package: str, name: str) -> xmlschema.XMLSchema:
    import xmlschema

    with resources.as_file(resources.files(package)) as folder:
        return xmlschema.XMLSchema(str(folder / name))
