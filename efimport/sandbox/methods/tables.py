"""The tables of document types and code lists, read from the TOML files beside this module."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import msgspec


class DocumentType(msgspec.Struct, frozen=True, kw_only=True):
    """A type of document as the reference describes it; see ``document_types.toml``.

    Attributes:
        name: name of the parameter and stem of the method names, ``SalesInvoice``.
        label: as it stands in the sentences of the service.
        creation_label: as it stands in the sentences of Create; empty where there is only Import.
        plural: element around the documents of a list.
        id_prefix: first part of the internal identifier.
        sites: sites that have the document.
        pohoda_sites: sites that import it from POHODA.
        invoice_types: values of POHODA's invoiceType that fit.
        dates: its date elements.
        date_criteria: pairs of search parameters with the element that they compare; pairs may not be mixed.
        mandatory: elements without which a Create is refused.
        elements: its simple elements.
        item_elements: elements of its items.
        control_report_sites: sites whose items carry the elements of the control report.
        codes: by site, element and name of its code list.
        country_types: by site, VAT transaction types that need vatCountryIsoCode.
    """

    name: str
    label: str
    plural: str
    id_prefix: str
    sites: tuple[str, ...]
    dates: tuple[str, ...]
    date_criteria: tuple[tuple[str, str, str], ...]
    elements: frozenset[str]
    item_elements: frozenset[str]
    creation_label: str = ""
    pohoda_sites: tuple[str, ...] = ()
    invoice_types: tuple[str, ...] = ()
    mandatory: tuple[str, ...] = ()
    control_report_sites: tuple[str, ...] = ()
    codes: dict[str, dict[str, str]] = {}
    country_types: dict[str, tuple[str, ...]] = {}

    @property
    def is_received(self) -> bool:
        """Whether it comes from a supplier: created, not imported."""
        return bool(self.creation_label)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("efimport.sandbox.methods").joinpath(name).read_text(encoding="utf-8"))


@cache
def document_types() -> dict[str, DocumentType]:
    """The types of documents by name."""
    types = {}
    for name, table in _read("document_types.toml").items():
        words = {key: table[key].split() for key in ("elements", "item_elements", "mandatory") if key in table}
        types[name] = msgspec.convert({**table, **words, "name": name}, DocumentType)
    return types


@cache
def code_list(name: str) -> frozenset[str]:
    """A code list in lower case, because the service compares without regard to case."""
    return frozenset(code.lower() for code in _read("codes.toml")[name])


def is_code(name: str, value: str) -> bool:
    """Whether the value is one of the code list, in any case."""
    return value.lower() in code_list(name)
