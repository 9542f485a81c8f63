"""Orders of customers in the internal format. Source: web service reference, SalesOrderImport."""

from __future__ import annotations

from collections.abc import Iterator

from efimport.api.call import Scalar
from efimport.documents import Order
from efimport.messages import message
from efimport.payloads.heads import buyer, contact_person, language, method_of_payment
from efimport.payloads.left_behind import note_left_behind
from efimport.payloads.sold import Sold, not_to_be_sent
from efimport.payloads.target import Routed, Target
from efimport.payloads.treatments import of_document, vat_country


def internal(order: Order, method: str, target: Target) -> Routed:
    """An order as elements of the internal format.

    Raises:
        CallError: the call does not fit the reference.
    """
    against = not_to_be_sent(order)
    return _Writing(order, method.removesuffix("Import"), target).routed(method) if against is None else against


class _Writing(Sold):
    """An order on its way."""

    def __init__(self, order: Order, name: str, target: Target) -> None:
        super().__init__(order, name, target, () if order.total is None else (order.total,))
        self.order = order

    def note_the_rest(self) -> None:
        """What the call has no element for, and an order that is over."""
        order = self.order
        if order.closed:
            self.note("payload.order-closed")
        self.note_rate_and_files()
        note_left_behind(self, iter([(message("day of delivery"), order.delivery_date is not None)]))

    def head_values(self) -> Iterator[tuple[str, Scalar | None]]:
        order = self.order
        yield "number", order.number
        yield "date", order.date
        yield "receivedDate", order.received_date
        yield "customerContactPerson", contact_person(order.customer)
        yield "type", self.form
        yield "status", "Opened"
        yield "costPosition", order.cost_centre
        yield "deliveryMethod", order.delivery_method
        yield "superDiscountPercentage", order.discount_percent or None
        yield "orderReference", order.order_number
        yield "remarks", order.text
        yield "introductionText", order.introduction
        yield from buyer(self)
        yield "vatTransactionType", of_document(self, self.lines)
        yield "methodOfPayment", method_of_payment(self)
        yield "documentLanguage", language(self)
        yield "salesQuoteRef", order.quote_number
        yield "vatCountryIsoCode", vat_country(self, self.lines)
