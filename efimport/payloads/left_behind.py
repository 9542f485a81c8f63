"""What a document states and its call has no element for, by the names that people use."""

from __future__ import annotations

from collections.abc import Iterator

from efimport.documents import Party
from efimport.messages import Message, message
from efimport.payloads.items import product_of
from efimport.payloads.outgoing import Outgoing, joined
from efimport.payloads.tax_numbers import tax_number

Told = Iterator[tuple[Message, bool]]


def note_left_behind(writing: Outgoing, own: Told) -> None:
    """Tell in one sentence what has no place in the call.

    Args:
        writing: the document.
        own: values that only this kind of document has, and whether they are left behind.
    """
    left = [text for source in (own, _of_parties(writing), _of_lines(writing)) for text, is_left in source if is_left]
    if left:
        writing.note("payload.values-not-carried", fields=joined(left))


def lacks(writing: Outgoing, element: str, value: object) -> bool:
    """Whether there is a value, and the document has no element for it."""
    return bool(value) and writing.head.rule(element) is None


def _of_parties(writing: Outgoing) -> Told:
    customer = writing.customer or Party()
    yield message("telephone of the customer"), lacks(writing, "buyerPhone", customer.phone or customer.mobile)
    yield message("registration number of the customer"), _loses_registration_number(customer, writing.site)
    recipient = writing.document.delivery
    yield (
        message("name of the recipient"),
        recipient is not None and recipient.name not in (None, customer.name),
    )


def _loses_registration_number(party: Party, site: str) -> bool:
    """Whether the one number that is sent does not tell the registration number; a Czech VAT number mostly does."""
    number = party.registration_number
    return number not in (tax_number(party, site) or "") if number else False


def _of_lines(writing: Outgoing) -> Told:
    lines = writing.document.lines
    products = [line for line in lines if product_of(writing, line)]
    yield message("texts of lines with products"), any(line.description for line in products)
    yield message("codes of products"), any(line.product_code and line not in products for line in lines)
    yield message("bar codes"), any(line.ean for line in lines)
    yield message("notes of lines"), any(line.note and line.description for line in lines)
    without_centre = writing.item.rule("costPosition") is None
    yield message("cost centres of lines"), without_centre and any(line.cost_centre for line in lines)
