"""The format's schema, applied to parts of a message while it is read.

``camt.xsd`` was written for this project: what it declares is what is read here, in the order of ISO 20022, for all
versions at once; everything else passes. It has no target namespace and takes on the one of each file, a mistyped one
included, by being included into a schema of that namespace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import quoteattr

from efimport.findings import Finding, Location, Severity, finding
from efimport.formats.xml import EXPLAINED_DEPTH, SCHEMA_FINDINGS, depth, explanations, local_name

if TYPE_CHECKING:
    import xmlschema
    from lxml import etree

PACKAGE = "efimport.formats.camt"
NAME = "camt.xsd"
LONGEST_NAMESPACE = 200
JUDGED_ENTRIES = 2000
"""Entries of a statement that are held against the schema: a program that breaks the format breaks it at once."""
EXPLAINED_ELEMENTS = 5000
"""Elements up to which a rejected part is explained at length: a batch of many thousand payments would take minutes."""
_PREFIX = re.compile(r"/(?:\{[^{}]*\}|[\w.\-]+:)")
_NOISE = re.compile(r"\{[^{}]*\}| for <class '[^']*'>")
"""Namespaces, and names that mean something to programmers alone."""
_LAST_LINE = 65534
"""libxml2 keeps lines in 16 bits; from here on the line of the entry is better."""


class PartSchema:
    """Judges parts of one message.

    Args:
        namespace: namespace of the message; empty for none.
        path: the file.
        line_offset: lines that were cut off in front.
    """

    def __init__(self, namespace: str, path: str, line_offset: int) -> None:
        self._namespace = namespace[:LONGEST_NAMESPACE]
        self._schema = _schema(self._namespace)
        self._path = path
        self._line_offset = line_offset
        self._listed = 0
        self._entries = 0

    def entry_findings(self, element: etree._Element, line: int | None, place: str, ordinal: int) -> list[Finding]:
        """As :meth:`findings` for an entry; entries after the first :data:`JUDGED_ENTRIES` pass unjudged."""
        self._entries += 1
        return self.findings(element, line, place, ordinal) if self._entries <= JUDGED_ENTRIES else []

    def findings(self, element: etree._Element, line: int | None, place: str, ordinal: int | None) -> list[Finding]:
        """What the schema rejects in an element; after a number of findings only a word that there are more.

        libxml2 judges; what it rejects is gone through again by xmlschema for the reasons, as in
        :class:`efimport.formats.xml.Schema`.
        """
        if self._schema is None or self._listed > SCHEMA_FINDINGS or self._schema.validate(element):
            return []
        found: list[Finding] = []
        for deviation in list(islice(_explained(self._namespace, element), SCHEMA_FINDINGS)) or self._judged(element):
            self._listed += 1
            if self._listed > SCHEMA_FINDINGS:
                found.append(
                    finding("xml.schema-more", Location(path=self._path, ordinal=ordinal), severity=Severity.INFO)
                )
                break
            known = deviation.line + self._line_offset if 0 < deviation.line < _LAST_LINE else line
            where = Location(path=self._path, line=known, where=place + deviation.below, ordinal=ordinal)
            found.append(finding("xml.schema", where, reason=_readable(deviation.reason)))
        return found

    def _judged(self, element: etree._Element) -> list[Deviation]:
        """What libxml2 itself says, in its own short words."""
        assert self._schema is not None
        errors: Any = self._schema.error_log
        return [Deviation(error.line, _below(element, error.path), error.message) for error in errors]


class Deviation(NamedTuple):
    """One thing that the schema rejects: line as the parser counts it, path below the judged element, and reason."""

    line: int
    below: str
    reason: str


def _explained(namespace: str, element: etree._Element) -> Iterator[Deviation]:
    """What xmlschema says of an element that libxml2 rejected; nothing for one too large or too deep for it."""
    if next(islice(element.iter(), EXPLAINED_ELEMENTS, None), None) is not None or depth(element) > EXPLAINED_DEPTH:
        return
    schema = _explaining_schema(namespace)
    if schema is None:
        return
    for error in explanations(schema, element):
        below = _PREFIX.sub("/", str(error.path)).split("/", 2)[2:]
        spot = getattr(error, "invalid_child", None)
        if spot is None:
            spot = error.elem
        else:
            below.append(local_name(spot))
        yield Deviation(
            spot.sourceline or 0 if spot is not None else 0,
            "".join(f"/{step}" for step in below),
            str(error.reason or error.message),
        )


def _below(element: etree._Element, path: str | None) -> str:
    """The path below the judged element by names; libxml2 gives it by ordinals (``/*/*[3]/*``)."""
    names = []
    for step in (path or "").split("/")[2:]:
        ordinal = int(step[2:-1]) if step[:2] == "*[" else 1
        if not step.startswith("*") or ordinal > len(element):
            break
        element = element[ordinal - 1]
        names.append(local_name(element))
    return "".join(f"/{name}" for name in names)


def _readable(message: str) -> str:
    return _NOISE.sub("", " ".join(message.split()))


@lru_cache(maxsize=32)
def _schema(namespace: str) -> etree.XMLSchema | None:
    """The schema for a namespace; None for a namespace that is no address, of which a finding of its own tells."""
    from lxml import etree

    with resources.as_file(resources.files(PACKAGE)) as folder:
        root = etree.fromstring(_driver(namespace), base_url=(folder / "driver.xsd").as_uri())
        try:
            return etree.XMLSchema(root)
        except etree.XMLSchemaParseError:
            return None


@lru_cache(maxsize=32)
def _explaining_schema(namespace: str) -> xmlschema.XMLSchema | None:
    """The same schema for xmlschema; None for a namespace that is no address for it."""
    import xmlschema

    with resources.as_file(resources.files(PACKAGE)) as folder:
        try:
            return xmlschema.XMLSchema(_driver(namespace), base_url=folder.as_uri())
        except xmlschema.XMLSchemaException:
            return None


def _driver(namespace: str) -> str:
    """A schema of the namespace that includes ours."""
    target = f" targetNamespace={quoteattr(namespace)}" if namespace else ""
    return (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"{target}>'
        f"<xs:include schemaLocation={quoteattr(NAME)}/></xs:schema>"
    )
