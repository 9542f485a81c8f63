"""The methods that the sandbox plays, by name. Each family of methods tells its own; none is told twice."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from efimport.sandbox.methods import attachments, documents, masters
from efimport.sandbox.methods.context import Method
from efimport.sandbox.methods.tables import document_types

FAMILIES: tuple[ModuleType, ...] = (documents, attachments, masters)
"""Modules with a function ``offered() -> dict[str, Method]``."""


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


OPERATIONS = (
    "Import", "Create", "Update", "Delete", "Get", "List", "PaymentRecordAdd",
    "AttachmentAdd", "AttachmentSetDefault", "AttachmentGet", "AttachmentList",
)  # fmt: skip
"""What the reference of a site describes together for a type of document."""


def is_documented(method: str) -> bool:
    """Whether the reference describes the method, played here or not."""
    from efimport.api.catalogue import methods as documented

    return method in documented()


def offered_at(method: str, site: str) -> bool:
    """Whether the reference of the site describes the method."""
    for name, kind in document_types().items():
        if method.startswith(name) and method.removeprefix(name) in OPERATIONS:
            return site in kind.sites
    return True
