"""A document that the organization issues, or an order that it received, on its way into a call."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from efimport.api.elements import BlockRules, DocumentRules
from efimport.api.elements import document as rules_of
from efimport.documents import Invoice, Line, Order, Party
from efimport.findings import Finding, finding
from efimport.mappings import codes, plain_key
from efimport.messages import Message, message
from efimport.payloads.target import Target, is_mapped, location


class Outgoing:
    """The document with the rules of its call, and what is noticed on the way.

    Args:
        document: the document.
        name: the parameter that carries it, ``SalesInvoice``.
        target: whose books.

    Attributes:
        found: the findings so far.
    """

    def __init__(self, document: Invoice | Order, name: str, target: Target) -> None:
        self.document = document
        self.name = name
        self.target = target
        self.site = target.site
        self.rules: DocumentRules = rules_of(name, target.site)
        self.found: list[Finding] = []

    @property
    def head(self) -> BlockRules:
        """The elements of the document itself."""
        return self.rules.root

    @property
    def item(self) -> BlockRules:
        """The elements of an item."""
        return self._block("Items.Item")

    @property
    def address(self) -> BlockRules:
        """The elements of the delivery address."""
        return self._block("Address")

    @property
    def is_mapped(self) -> bool:
        """Whether the codes of the document are those of the service, because a mapping file says so."""
        return is_mapped(self.document)

    @property
    def customer(self) -> Party | None:
        """The customer."""
        return self.document.customer

    @property
    def has_error(self) -> bool:
        """Whether something was noticed that holds the document back."""
        return any(one.is_error for one in self.found)

    def note(self, code: str, /, **arguments: Any) -> None:
        """Something about the document; the same is said once."""
        found = finding(code, location(self.document), **arguments)
        if found not in self.found:
            self.found.append(found)

    def table(self, name: str) -> Mapping[str, Any]:
        """A table of codes, the firm's own lines first."""
        return codes(name, self.target.codes)

    def unmapped(
        self, what: Message, value: str, element: str, *, file: str, table: str, code: str = "code.unknown"
    ) -> None:
        """A code that no table maps, and the line that is to be added.

        Args:
            what: what kind of code it is.
            value: the code.
            element: the element that it is needed for.
            file: name of the table's file, without its ending.
            table: the table inside it.
            code: the finding; ``code.not-used`` where the document can go without the element.
        """
        line = f"{json.dumps(value, ensure_ascii=False)} = ..."
        shown = message("in the table [{table}]: {line}", table=table, line=line)
        self.note(code, what=what, value=value, element=element, file=f"{file}.toml", line=shown)

    def given(self, line: Line | None = None) -> Mapping[str, str]:
        """What the source gives by the names of the service, for the document or one line of it."""
        return self.document.service_elements if line is None else line.service_elements

    def _block(self, path: str) -> BlockRules:
        rule = self.rules.rule(path)
        assert rule is not None
        assert rule.inside is not None
        return rule.inside


def mapped(table: Mapping[str, Any], key: str) -> Any | None:
    """The value of a table for a key, whatever its capitals and blanks; None where the table does not have it."""
    if key in table:
        return table[key]
    wanted = plain_key(key)
    return next((value for known, value in table.items() if plain_key(known) == wanted), None)


def joined(texts: Sequence[Message]) -> Message:
    """The texts one after the other, each still to be translated."""
    fields: dict[str, str] = {f"text{place}": text for place, text in enumerate(texts)}
    return Message(", ".join("{" + name + "}" for name in fields), fields)
