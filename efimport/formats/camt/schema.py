"""The format's schema, applied to parts of a message while it is read.

``camt.xsd`` was written for this project: what it declares is what is read here, in the order of ISO 20022, for all
versions at once; everything else passes. It has no target namespace and takes on the one of each file, a mistyped one
included, by being included into a schema of that namespace.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from efimport.findings import Finding, Location, Severity, finding
from efimport.formats.xml import SCHEMA_FINDINGS, local_name

if TYPE_CHECKING:
    from lxml import etree

NAME = "camt.xsd"
LONGEST_NAMESPACE = 200
JUDGED_ENTRIES = 2000
"""Entries of a statement that are held against the schema: a program that breaks the format breaks it at once."""
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
        self._schema = _schema(namespace[:LONGEST_NAMESPACE])
        self._path = path
        self._line_offset = line_offset
        self._listed = 0
        self._entries = 0

    def entry_findings(self, element: etree._Element, line: int | None, place: str, ordinal: int) -> list[Finding]:
        """As :meth:`findings` for an entry; entries after the first :data:`JUDGED_ENTRIES` pass unjudged."""
        self._entries += 1
        return self.findings(element, line, place, ordinal) if self._entries <= JUDGED_ENTRIES else []

    def findings(self, element: etree._Element, line: int | None, place: str, ordinal: int | None) -> list[Finding]:
        """What the schema rejects in an element; after a number of findings only a word that there are more."""
        if self._schema is None or self._listed > SCHEMA_FINDINGS or self._schema.validate(element):
            return []
        found: list[Finding] = []
        for error in self._schema.error_log:  # type: ignore[attr-defined]
            self._listed += 1
            if self._listed > SCHEMA_FINDINGS:
                found.append(
                    finding("xml.schema-more", Location(path=self._path, ordinal=ordinal), severity=Severity.INFO)
                )
                break
            known = error.line + self._line_offset if 0 < error.line < _LAST_LINE else line
            where = Location(path=self._path, line=known, where=place + _below(element, error.path), ordinal=ordinal)
            found.append(finding("xml.schema", where, reason=_readable(error.message)))
        return found


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
    return re.sub(r"\{[^{}]*\}", "", " ".join(message.split()))


@lru_cache(maxsize=32)
def _schema(namespace: str) -> etree.XMLSchema | None:
    """The schema for a namespace; None for a namespace that is no address, of which a finding of its own tells."""
    from lxml import etree

    target = f" targetNamespace={quoteattr(namespace)}" if namespace else ""
    with resources.as_file(resources.files("efimport.formats.camt")) as folder:
        driver = (
            f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"{target}>'
            f"<xs:include schemaLocation={quoteattr(NAME)}/></xs:schema>"
        )
        root = etree.fromstring(driver, base_url=(folder / "driver.xsd").as_uri())
        try:
            return etree.XMLSchema(root)
        except etree.XMLSchemaParseError:
            return None
