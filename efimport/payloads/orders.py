"""Orders of customers in the internal format. Source: web service reference, SalesOrderImport."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from efimport.api.call import Scalar
from efimport.api.catalogue import Argument
from efimport.documents import Order
from efimport.payloads.elements import elements, group
from efimport.payloads.invoices import buyer, delivery, method_of_payment
from efimport.payloads.lines import item
from efimport.payloads.target import Routed, Target, make, refused


def internal(order: Order, method: str, target: Target) -> Routed:
    """An order as elements of the internal format.

    Raises:
        CallError: the call does not fit the reference.
    """
    if not order.number:
        return refused(order, "invoice.no-number")
    if not order.lines:
        return refused(order, "invoice.no-lines")
    children = tuple(
        chain(
            elements(_head(order)),
            group("Address", elements(delivery(order.delivery))),
            group("Items", (item(line, order.currency, line.vat_rate) for line in order.lines)),
        )
    )
    arguments: list[tuple[str, Argument]] = [("importType", target.import_type), ("SalesOrder", children)]
    return Routed(call=make(method, arguments, target.site), identity=order.number)


def _head(order: Order) -> Iterator[tuple[str, Scalar | None]]:
    yield "number", order.number
    yield "date", order.date
    yield "type", "Gross"
    yield "status", "Opened"
    yield "orderReference", order.order_number
    yield "remarks", order.text
    yield from buyer(order.customer, phone=True)
    yield "methodOfPayment", method_of_payment(order.payment_method)
