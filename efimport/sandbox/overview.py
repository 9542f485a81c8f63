"""The state of a sandbox as JSON: what ``GET /_sandbox/state`` answers, so that a test can count doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from efimport.sandbox.methods.tables import document_types

if TYPE_CHECKING:
    from efimport.sandbox.service import Service


def overview(service: Service) -> dict[str, Any]:
    """Documents by type, statements, inbox, partners, products, and the counters; amounts are texts."""
    state = service.state
    documents = {
        name: [_plain(document, "raw", "properties") for document in state.documents.get(name, {}).values()]
        for name in document_types()
    }
    everything = {
        "site": service.options.site,
        "organization": _plain(service.organization, "token", "users"),
        "documents": documents,
        "statements": [_plain(statement) for statement in state.statements],
        "inbox": [_plain(entry) for entry in state.inbox],
        "partners": [_plain(entry, "raw") for entry in state.partners.values()],
        "products": [_plain(entry, "raw") for entry in state.products.values()],
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


def _plain(entry: msgspec.Struct, *hidden: str) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(entry)
    return {name: value for name, value in plain.items() if name not in hidden}
