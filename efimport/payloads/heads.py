"""What invoices and orders have in common before their items: the buyer, the texts, the references.

Source: web service reference, SalesInvoiceCreate and its sisters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from efimport.api.call import Scalar
from efimport.documents import Party
from efimport.messages import Message, message
from efimport.payloads.outgoing import Outgoing, mapped
from efimport.payloads.tax_numbers import tax_number, vat_registration

Pairs = Iterator[tuple[str, Scalar | None]]

_COUNTRY = re.compile("[A-Za-z]{2}")


def buyer(writing: Outgoing) -> Pairs:
    """The block of the customer.

    With a code or an internal number the service takes what it has of the partner, and every element beside overrides
    that on this document: what the document states is sent, what it does not state is not made up. The code of another
    program is not that of the service, so that one goes only from a table that was mapped for the service.
    """
    party = writing.customer
    if party is None:
        return
    yield "buyerCode", party.code if writing.is_mapped else None
    yield "buyerDocumentID", party.service_id
    yield "buyerName", party.name or party.contact
    yield "buyerTaxNumber", tax_number(party, writing.site)
    yield "buyerVatRegistration", vat_registration(party, writing.table("partners"), writing.site)
    yield "buyerEMail", party.email
    yield "buyerPhone", party.phone or party.mobile
    yield "buyerStreet", party.address.street
    yield "buyerPostalCode", party.address.postal_code
    yield "buyerCity", party.address.city
    yield "buyerCountry", country_of(writing, party)


def contact_person(party: Party | None) -> str | None:
    """The contact person of the customer, where that is not the name of the buyer."""
    return party.contact if party is not None and party.name else None


def country_of(writing: Outgoing, party: Party) -> str | None:
    """The code of the country; None for what is no code, which is noted."""
    stated = party.address.country
    if stated and not _COUNTRY.fullmatch(stated.strip()):
        writing.note("partner.country-unknown", country=stated)
        return None
    return stated.strip().upper() if stated else None


def delivery(writing: Outgoing) -> Pairs:
    """The address that the goods go to; nothing where the document names no other than the customer's."""
    party = writing.document.delivery
    if party is None or not (party.address.city or party.address.street or party.address.postal_code):
        return
    yield "city", party.address.city
    yield "country", country_of(writing, party)
    yield "postalCode", party.address.postal_code
    yield "street", party.address.street
    yield "type", "Delivery"


def method_of_payment(writing: Outgoing) -> str | None:
    """``methodOfPayment``; None where the document says none, and where no table maps what it says."""
    stated = writing.document.payment_method
    if not stated or writing.head.rule("methodOfPayment") is None or writing.given().get("methodOfPayment"):
        return None
    known = mapped(writing.table("service")["method_of_payment"], stated)
    if known is None:
        writing.unmapped(
            message("way of payment"),
            stated,
            "methodOfPayment",
            file="service",
            table="method_of_payment",
            code="code.not-used",
        )
        return None
    listed = _is_listed(writing, "methodOfPayment", str(known), message("unknown is sent instead"))
    return str(known) if listed else "unknown"


def language(writing: Outgoing) -> str | None:
    """``documentLanguage``; None where the document says none, and where the service prints no such."""
    stated = writing.document.language
    if not stated or writing.given().get("documentLanguage"):
        return None
    known = mapped(writing.table("languages")["language"], stated)
    if known is None:
        writing.unmapped(
            message("language"), stated, "documentLanguage", file="languages", table="language", code="code.not-used"
        )
        return None
    usual = message("the document is printed in the usual language")
    return str(known) if _is_listed(writing, "documentLanguage", str(known), usual) else None


def _is_listed(writing: Outgoing, element: str, value: str, instead: Message) -> bool:
    """Whether the element can have the value on this document at this site; else that is noted."""
    rule = writing.head.rule(element)
    if rule is None or rule.values is None or rule.values.spelling(value) is not None:
        return True
    writing.note(
        "code.not-in-list", value=value, element=element, document=writing.name, site=writing.site, instead=instead
    )
    return False
