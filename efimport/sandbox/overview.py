"""The state of a sandbox as JSON: what ``GET /_sandbox/state`` answers, so that a test can count doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from lxml import etree

from efimport.sandbox.methods.tables import document_types
from efimport.sandbox.reading import children, digest, local_name, read_xml, text_of
from efimport.sandbox.state import Document, Entry, State
from efimport.sandbox.tenants import Requests, Tenant

if TYPE_CHECKING:
    from efimport.sandbox.service import Service

LISTS = frozenset({"Items", "Addresses", "BankAccounts"})
"""Elements that are lists, even of one."""


def overview(service: Service) -> dict[str, Any]:
    """What the first organization holds, the counters of all, and each organization by its name; amounts are texts.

    The rate is counted by address and over all organizations, so that it stands at the top only. Users of other
    organizations stand there with the name of their organization before them.
    """
    by_organization = {tenant.organization.key: _organization(service, tenant) for tenant in service.tenants}
    everything = {
        "site": service.options.site,
        **by_organization[service.organization.key],
        "organizations": by_organization,
        "requests": _requests(service.requests),
        "violations": {"rate": service.pace.refused, "concurrency": service.in_flight.refused.total()},
        "limits": {
            "burst": service.options.burst,
            "period": service.options.period,
            "most_starts_in_a_period": service.pace.most_starts,
            "most_at_once_by_user": {
                user if organization == service.organization.key else f"{organization}/{user}": count
                for (organization, user), count in service.in_flight.most.items()
            },
            "delayed": service.pace.delayed,
        },
        "faults": {"waiting": len(service.faults.waiting), "fired": list(service.faults.fired)},
        "warnings": dict(service.warnings),
    }
    # Through JSON and back, so that the library gives exactly what the page gives.
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(everything))
    return plain


def _organization(service: Service, tenant: Tenant) -> dict[str, Any]:
    """What an organization holds, and how its users behaved."""
    name = tenant.organization.key
    in_flight = service.in_flight
    return {
        "organization": _plain(tenant.organization, "token", "users"),
        "receives_only": not tenant.organization.token,
        **_contents(tenant.state),
        "requests": _requests(tenant.requests),
        "violations": {"concurrency": in_flight.refused[name]},
        "most_at_once_by_user": {user: count for (owner, user), count in in_flight.most.items() if owner == name},
    }


def _contents(state: State) -> dict[str, Any]:
    """Documents by type, statements, inbox, partners, products, product groups, discount actions, attached files."""
    return {
        "documents": {
            name: [_with_elements(document, "properties") for document in state.documents.get(name, {}).values()]
            for name in document_types()
        },
        "statements": [_plain(statement) for statement in state.statements],
        "outbox": [_plain(mail) for mail in state.outbox],
        "stock": msgspec.to_builtins(state.stock),
        "inbox": [_plain(entry) for entry in state.inbox],
        "partners": [_with_elements(entry) for entry in state.partners.values()],
        "products": [_with_elements(entry) for entry in state.products.values()],
        "product_groups": [_with_elements(entry) for entry in state.product_groups.values()],
        "discount_actions": list(state.discount_actions),
        "attachments": _attachments(state),
    }


def _requests(requests: Requests) -> dict[str, Any]:
    return {
        "total": requests.by_method.total(),
        "by_method": dict(requests.by_method),
        "by_user": dict(requests.by_user),
        "by_outcome": dict(requests.by_outcome),
    }


def _attachments(state: State) -> list[dict[str, Any]]:
    """The files of everything that has some, images of partners included: one entry a file, so that doubles show."""
    owners = [(kind, one.document_id, one.number) for kind in state.documents for one in state.of_kind(kind)]
    owners += [("Partner", one.document_id, one.code) for one in state.partners.values()]
    owners += [("Product", one.document_id, one.code) for one in state.products.values()]
    files = []
    for kind, identifier, name in owners:
        images = [state.images[identifier]] if identifier in state.images else []
        for file in [*state.attachments.get(identifier, []), *images]:
            told = {"owner": kind, "document_id": identifier, "name": name, **_plain(file, "content")}
            files.append({**told, "size": len(file.content), "sha256": digest(file.content)})
    return files


def _with_elements(entry: Document | Entry, *hidden: str) -> dict[str, Any]:
    """What is stored, with ``elements``: what was sent, element by element; of a POHODA document its digest alone."""
    internal = not isinstance(entry, Document) or entry.data_format == "eurofakturaXML"
    root = read_xml(entry.raw) if internal else None
    shown = {
        **_plain(entry, "raw", "price_calculation", *hidden),
        "elements": _tree(root) if root is not None else None,
    }
    calculated = read_xml(entry.price_calculation) if isinstance(entry, Entry) and entry.price_calculation else None
    return shown if calculated is None else {**shown, "price_calculation": _tree(calculated)}


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
