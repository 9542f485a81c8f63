"""Orders of customers in the internal format. Source: web service reference, SalesOrderImport."""

from __future__ import annotations

from collections.abc import Iterator

from efimport.api.call import Element, Scalar
from efimport.api.catalogue import Argument
from efimport.documents import Order
from efimport.messages import message
from efimport.payloads.elements import completed, group, inside
from efimport.payloads.heads import buyer, contact_person, delivery, language, method_of_payment
from efimport.payloads.items import items
from efimport.payloads.left_behind import note_left_behind
from efimport.payloads.outgoing import Outgoing
from efimport.payloads.prices import Form, form_of, given_form, priced, totals
from efimport.payloads.target import Routed, Target, make, refused
from efimport.payloads.treatments import of_document, treated, vat_country

HEAD = "SalesOrder"


def internal(order: Order, method: str, target: Target) -> Routed:
    """An order as elements of the internal format.

    Raises:
        CallError: the call does not fit the reference.
    """
    if not order.number:
        return refused(order, "invoice.no-number")
    if order.cancelled:
        return refused(order, "routing.cancelled")
    if not order.lines:
        return refused(order, "invoice.no-lines")
    writing = _Writing(order, target)
    children = () if writing.has_error else tuple(writing.children())
    if writing.has_error:
        return Routed(findings=tuple(writing.found))
    writing.note_the_rest()
    arguments: list[tuple[str, Argument]] = [("importType", target.import_type), (HEAD, children)]
    return Routed(
        call=make(method, arguments, target.site),
        identity=next(str(child.value) for child in children if child.name == "number"),
        findings=tuple(writing.found),
    )


class _Writing(Outgoing):
    """An order on its way."""

    def __init__(self, order: Order, target: Target) -> None:
        super().__init__(order, HEAD, target)
        self.order = order
        self.lines = treated(self)
        stated = [] if order.total is None else [order.total]
        self.form: Form = given_form(order.service_elements, order.lines) or form_of(
            [(one.line, one.rate) for one in self.lines], stated, order.discount_percent
        )

    def children(self) -> Iterator[Element]:
        """The elements of the order."""
        given = self.given()
        yield from completed(self.head, self._head(), given)
        address = completed(self.address, delivery(self), inside(given, "Address"))
        yield from group("Address", address)
        yield from group("Items", items(self, self.lines, self.form))

    def note_the_rest(self) -> None:
        """What the call has no element for, and an order that is over."""
        order = self.order
        made = totals([priced(one.line, one.rate, self.form) for one in self.lines], order.discount_percent)
        if order.total is not None and order.total not in made:
            self.note("payload.total-differs", computed=made[0], stated=order.total)
        if order.closed:
            self.note("payload.order-closed")
        if order.exchange_rate is not None:
            rate = f"{order.exchange_amount} {order.currency or '-'} = {order.exchange_rate}"
            self.note("payload.exchange-rate-not-carried", rate=rate)
        if order.attachments:
            self.note("payload.attachments-not-carried", count=len(order.attachments))
        note_left_behind(self, iter([(message("day of delivery"), order.delivery_date is not None)]))

    def _head(self) -> Iterator[tuple[str, Scalar | None]]:
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
