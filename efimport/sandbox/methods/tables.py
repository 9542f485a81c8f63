"""The tables of document types and code lists, read from the TOML files beside this module."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Literal

import msgspec

from efimport.sandbox.texts import text

_SENTENCES = {
    "needed": "parameter-needed",
    "exists": "document-exists",
    "create_number": "property-number-required",
    "get_number": "number-required",
    "get_missing": "document-not-found",
    "delete_number": "number-required",
    "cancel_number": "number-required",
    "get_several": "several-documents",
    "pdf_missing": "pdf-missing",
    "url_missing": "url-missing",
    "update_number": "property-number-required",
    "update_missing": "number-missing",
    "delete_missing": "document-not-found",
    "cancel_missing": "cancel-missing",
    "cancel_ambiguous": "cancel-ambiguous",
    "cancel_several": "cancel-several",
    "cancel_again": "cancel-again",
    "cancel_refused": "cancel-refused",
    "payment_missing": "cancel-missing",
    "installments_missing": "cancel-missing",
    "invoice_missing": "document-not-found",
    "email_missing": "document-not-found",
}
"""The sentence of each occasion, where a type has none of its own."""


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
        labels: the label in the plural.
        cancel_label: the label in the sentences of Cancel, where it is spelt otherwise there.
        operations: what the reference describes: the method names without the type.
        rules: which rules its elements follow.
        parameter_names: names of the parameter that holds it; the name of the type where the reference has one name.
        sentences: sentences of its own, by the occasion.
        criteria: search parameters of List besides the pairs of dates.
        statuses: by site, the code list of the statuses that List knows.
        payment_codes: by site, the code list of the methods of payment of its payment records.
        issued_status: status of one that is no draft.
        keeps_status: whether the status is taken as it was sent, and every one has a number.
        number_form: how a number is made from the business year and the count.
        number_mandatory: whether Create wants a number.
        every_year: whether a sequential number finds the documents of every business year, not of the latest alone.
        by_year: whether number and business year identify it together.
        date_element: element of its date.
        reference: element of Get under which other documents list it.
        refers: its elements that name another document, with the type of that one.
        shown: such elements that Get lists under another name.
        makes_delivery: whether issuing it makes a delivery note for its products.
        stock_sign: what issuing it does to the stock: 1 raises, -1 lowers, 0 leaves it.
        needed_by_others: whether one that another document refers to cannot be deleted.
        last_only: whether only the last issued one can be deleted.
        cancellation_number: whether imported ones are cancelled with a number of the cancellation document.
        not_empty: elements that may be absent but not empty.
        decimals, integers: elements of those kinds.
        item_mandatory, item_dates, item_decimals: the same of its items.
        item_commas: decimals of its items that an example prints with a comma; there a comma is taken too.
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
    labels: str = ""
    cancel_label: str = ""
    operations: tuple[str, ...] = ()
    rules: Literal["outgoing", "received", "goods", "order", "movement", "bill", "work", "voucher"] = "outgoing"
    parameter_names: tuple[str, ...] = ()
    sentences: dict[str, str] = {}
    criteria: frozenset[str] = frozenset()
    statuses: dict[str, str] = {}
    payment_codes: dict[str, str] = {}
    issued_status: str = "issuedInvoice"
    keeps_status: bool = False
    number_form: str = "{year}-{count:05d}"
    number_mandatory: bool = False
    every_year: bool = False
    by_year: bool = False
    date_element: str = "date"
    reference: str = ""
    refers: dict[str, str] = {}
    shown: dict[str, str] = {}
    makes_delivery: bool = False
    stock_sign: int = 0
    needed_by_others: bool = False
    last_only: bool = False
    cancellation_number: bool = False
    not_empty: tuple[str, ...] = ()
    decimals: tuple[str, ...] = ()
    integers: tuple[str, ...] = ()
    item_mandatory: tuple[str, ...] = ()
    item_dates: tuple[str, ...] = ()
    item_decimals: tuple[str, ...] = ()
    item_commas: tuple[str, ...] = ()

    @property
    def is_received(self) -> bool:
        """Whether it comes from a supplier: created, not imported."""
        return bool(self.creation_label)

    def sentence(self, occasion: str, **fields: str) -> str:
        """What the service says of this type on an occasion: ``get_missing``, ``cancel_again`` and the like.

        Raises:
            KeyError: the type has no such occasion, or the sentence wants a field that is not given.
        """
        name = self.sentences.get(occasion) or _SENTENCES[occasion]
        label = self.creation_label or self.label.lower()
        if occasion.startswith("cancel"):
            label = self.cancel_label or label
        labels = f"{self.cancel_label}s" if self.cancel_label and occasion.startswith("cancel") else self.labels
        if occasion == "exists":
            label = self.label
        return text(name, **{"label": label, "labels": labels, "name": self.name} | fields)

    def has_sentence(self, occasion: str) -> bool:
        """Whether there is a sentence for the occasion."""
        return occasion in self.sentences or occasion in _SENTENCES


_WORDS = (
    "elements", "item_elements", "mandatory", "not_empty", "decimals", "integers", "item_mandatory", "item_dates",
    "item_decimals", "item_commas", "criteria", "operations",
)  # fmt: skip


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("efimport.sandbox.methods").joinpath(name).read_text(encoding="utf-8"))


@cache
def document_types() -> dict[str, DocumentType]:
    """The types of documents by name."""
    types = {}
    for name, table in _read("document_types.toml").items():
        words = {key: table[key].split() for key in _WORDS if key in table}
        types[name] = msgspec.convert({**table, **words, "name": name}, DocumentType)
    return types


@cache
def code_list(name: str) -> frozenset[str]:
    """A code list in lower case, because the service compares without regard to case."""
    return frozenset(code.lower() for code in _read("codes.toml")[name])


@cache
def code_list_as_written(name: str) -> tuple[str, ...]:
    """A code list in its order and spelling."""
    return tuple(_read("codes.toml")[name])


def is_code(name: str, value: str) -> bool:
    """Whether the value is one of the code list, in any case."""
    return value.lower() in code_list(name)
