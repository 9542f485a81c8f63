"""The state of a sandbox as JSON: what ``GET /_sandbox/state`` answers, so that a test can count doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from lxml import etree

from efimport.sandbox.methods.tables import document_types
from efimport.sandbox.reading import children, local_name, read_xml, text_of
from efimport.sandbox.state import Document, Entry

if TYPE_CHECKING:
    from efimport.sandbox.service import Service

LISTS = frozenset({"Items", "Addresses", "BankAccounts"})
"""Elements that are lists, even of one."""


def overview(service: Service) -> dict[str, Any]:
    """Documents by type, statements, inbox, partners, products, and the counters; amounts are texts."""
    state = service.state
    documents = {
        name: [_with_elements(document, "properties") for document in state.documents.get(name, {}).values()]
        for name in document_types()
    }
    everything = {
        "site": service.options.site,
        "organization": _plain(service.organization, "token", "users"),
        "documents": documents,
        "statements": [_plain(statement) for statement in state.statements],
        "inbox": [_plain(entry) for entry in state.inbox],
        "partners": [_with_elements(entry) for entry in state.partners.values()],
        "products": [_with_elements(entry) for entry in state.products.values()],
        "requests": {
            "total": service.by_method.total(),
            "by_method": dict(service.by_method),
            "by_user": dict(service.by_user),
            "by_outcome": dict(service.by_outcome),
        },
        "violations": {"rate": service.pace.refused, "concurrency": service.in_flight.refused},
        "limits": {
            "burst": service.options.burst,
            "period": service.options.period,
            "most_starts_in_a_period": service.pace.most_starts,
            "most_at_once_by_user": dict(service.in_flight.most),
            "delayed": service.pace.delayed,
        },
        "faults": {"waiting": len(service.faults.waiting), "fired": list(service.faults.fired)},
        "warnings": dict(service.warnings),
    }
    # Through JSON and back, so that the library gives exactly what the page gives.
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(everything))
    return plain


def _with_elements(entry: Document | Entry, *hidden: str) -> dict[str, Any]:
    """What is stored, with ``elements``: what was sent, element by element; of a POHODA document its digest alone."""
    internal = not isinstance(entry, Document) or entry.data_format == "eurofakturaXML"
    root = read_xml(entry.raw) if internal else None
    return {**_plain(entry, "raw", *hidden), "elements": _tree(root) if root is not None else None}


def _tree(element: etree._Element) -> Any:
    """An element as a text, as a table of its elements, or, where all of them have one name, as a list."""
    inner = children(element)
    if not inner:
        return text_of(element)
    names = [local_name(child) for child in inner]
    if local_name(element) in LISTS or len(set(names)) < len(names):
        return [_tree(child) for child in inner]
    return dict(zip(names, (_tree(child) for child in inner), strict=True))


def _plain(entry: msgspec.Struct, *hidden: str) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(entry)
    return {name: value for name, value in plain.items() if name not in hidden}
