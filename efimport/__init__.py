"""efimport: documents of firms, checked, normalized and delivered to e-računi/Eurofaktura.

Everything public is listed in ``__all__`` and loaded when it is first used: importing the package loads no parser.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from efimport.documents import (
        Address,
        Advance,
        Attachment,
        BankAccount,
        Document,
        Entry,
        Invoice,
        Kind,
        Line,
        Order,
        Origin,
        OtherDocument,
        Partner,
        Party,
        Product,
        Statement,
        VatSummary,
    )
    from efimport.errors import EfimportError
    from efimport.findings import Finding, Location, Severity

_PLACES = {
    "efimport.documents": (
        "Address Advance Attachment BankAccount Document Entry Invoice Kind Line Order Origin OtherDocument Partner "
        "Party Product Statement VatSummary"
    ),
    "efimport.errors": "EfimportError",
    "efimport.findings": "Finding Location Severity",
}
_PLACE_OF = {name: place for place, names in _PLACES.items() for name in names.split()}

__version__ = "0.1.0"

__all__ = [
    "Address",
    "Advance",
    "Attachment",
    "BankAccount",
    "Document",
    "EfimportError",
    "Entry",
    "Finding",
    "Invoice",
    "Kind",
    "Line",
    "Location",
    "Order",
    "Origin",
    "OtherDocument",
    "Partner",
    "Party",
    "Product",
    "Severity",
    "Statement",
    "VatSummary",
]


def __getattr__(name: str) -> Any:
    place = _PLACE_OF.get(name)
    if place is None:
        raise AttributeError(f"module 'efimport' has no attribute {name!r}")
    return getattr(import_module(place), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_PLACE_OF])
