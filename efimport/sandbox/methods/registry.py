"""The methods that the sandbox plays, by name. Each family of methods tells its own; none is told twice."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from efimport.sandbox.methods import attachments, documents, masters
from efimport.sandbox.methods.context import Method

FAMILIES: tuple[ModuleType, ...] = (documents, attachments, masters)
"""Modules with a function ``offered() -> dict[str, Method]``."""

MISPRINTED = {
    "PartnerListSupplier": "PartnerListSuppliers",
    "productGroupGetByCode": "ProductGroupGetByCode",
    "productGroupUpdate": "ProductGroupUpdate",
    "productGroupDelete": "ProductGroupDelete",
    "productGroupList": "ProductGroupList",
}
"""Methods that an example of the reference names otherwise than the heading above it: both names are taken."""


@cache
def methods() -> dict[str, Method]:
    """All methods by name.

    Raises:
        ValueError: two families tell the same method.
    """
    table: dict[str, Method] = {}
    for family in FAMILIES:
        offered = family.offered()
        twice = table.keys() & offered.keys()
        if twice:
            raise ValueError(f"Two families of methods tell {', '.join(sorted(twice))}")
        table |= offered
    return table


def is_documented(method: str) -> bool:
    """Whether the reference describes the method, played here or not."""
    from efimport.api.catalogue import methods as documented

    return method in documented()


def offered_at(method: str, site: str) -> bool:
    """Whether the reference of the site describes the method."""
    sites = documents.sites_of(method)
    return sites is None or site in sites


def denial(method: str) -> str:
    """The name of the sentence for a user who may not call the method."""
    return documents.denial(method)
