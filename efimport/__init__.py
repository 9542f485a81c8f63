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
    from efimport.library import Documents, Plan, Service, connect, deliver, from_dataframe, plan, read
    from efimport.planning.model import Outcome, State
    from efimport.secrets import Secret
    from efimport.settings import ApiUser, Organization, Sending

_PLACES = {
    "efimport.documents": (
        "Address Advance Attachment BankAccount Document Entry Invoice Kind Line Order Origin OtherDocument Partner "
        "Party Product Statement VatSummary"
    ),
    "efimport.errors": "EfimportError",
    "efimport.findings": "Finding Location Severity",
    "efimport.library": "Documents Plan Service connect deliver from_dataframe plan read",
    "efimport.planning.model": "Outcome State",
    "efimport.secrets": "Secret",
    "efimport.settings": "ApiUser Organization Sending",
}
_PLACE_OF = {name: place for place, names in _PLACES.items() for name in names.split()}

__version__ = "0.1.0"

__all__ = [
    "Address",
    "Advance",
    "ApiUser",
    "Attachment",
    "BankAccount",
    "Document",
    "Documents",
    "EfimportError",
    "Entry",
    "Finding",
    "Invoice",
    "Kind",
    "Line",
    "Location",
    "Order",
    "Organization",
    "Origin",
    "OtherDocument",
    "Outcome",
    "Partner",
    "Party",
    "Plan",
    "Product",
    "Secret",
    "Sending",
    "Service",
    "Severity",
    "State",
    "Statement",
    "VatSummary",
    "connect",
    "deliver",
    "from_dataframe",
    "plan",
    "read",
]


def __getattr__(name: str) -> Any:
    place = _PLACE_OF.get(name)
    if place is None:
        raise AttributeError(f"module 'efimport' has no attribute {name!r}")
    return getattr(import_module(place), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_PLACE_OF])
