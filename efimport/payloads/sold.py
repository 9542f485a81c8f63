"""What invoices and orders have in common: lines with prices, a head, an address and items."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from decimal import Decimal

from efimport.api.call import Element, Scalar
from efimport.api.catalogue import Argument
from efimport.documents import Invoice, Order
from efimport.payloads.elements import completed, group, inside
from efimport.payloads.heads import delivery
from efimport.payloads.items import items, product_of
from efimport.payloads.outgoing import Outgoing
from efimport.payloads.prices import Form, form_of, given_form, priced, totals
from efimport.payloads.target import Routed, Target, make, refused
from efimport.payloads.treatments import treated


class Sold(Outgoing, ABC):
    """A document with items that are sold.

    Args:
        document: the document.
        name: the parameter that carries it.
        target: whose books.
        stated: totals with VAT that the document may mean; empty where it states none.
    """

    def __init__(self, document: Invoice | Order, name: str, target: Target, stated: Sequence[Decimal]) -> None:
        super().__init__(document, name, target)
        self.stated = stated
        self.lines = treated(self)
        rated = [(one.line, one.rate) for one in self.lines]
        self.form: Form = given_form(document.service_elements, document.lines) or form_of(
            rated, stated, document.discount_percent
        )
        self.amounts = [priced(line, rate, self.form) for line, rate in rated]

    @property
    def total(self) -> Decimal:
        """The total with VAT that the service will work out."""
        return totals(self.amounts, self.document.discount_percent)[0]

    @property
    def names_products(self) -> bool:
        """Whether a line names a product of the service."""
        return any(product_of(self, line) for line in self.document.lines)

    def routed(self, method: str, effects: tuple[str, ...] = ()) -> Routed:
        """The call, or what holds the document back.

        Raises:
            CallError: the call does not fit the reference.
        """
        children = () if self.has_error else tuple(self._children())
        if self.has_error:
            return Routed(findings=tuple(self.found))
        self._note_prices()
        self._note_total()
        self.note_the_rest()
        arguments: list[tuple[str, Argument]] = [("importType", self.target.import_type), (self.name, children)]
        return Routed(
            call=make(method, arguments, self.site),
            identity=next(str(child.value) for child in children if child.name == "number"),
            findings=tuple(self.found),
            effects=effects,
        )

    @abstractmethod
    def head_values(self) -> Iterator[tuple[str, Scalar | None]]:
        """The elements before address and items; those that the document does not have are left out."""

    @abstractmethod
    def note_the_rest(self) -> None:
        """What the call has no element for."""

    def note_rate_and_files(self) -> None:
        """An exchange rate and files beside the document, which no such call takes."""
        document = self.document
        if document.exchange_rate is not None:
            rate = f"{document.exchange_amount} {document.currency or '-'} = {document.exchange_rate}"
            self.note("payload.exchange-rate-not-carried", rate=rate)
        if document.attachments:
            self.note("payload.attachments-not-carried", count=len(document.attachments))

    def _children(self) -> Iterator[Element]:
        given = self.given()
        yield from completed(self.head, self.head_values(), given)
        yield from group("Address", completed(self.address, delivery(self), inside(given, "Address")))
        yield from group("Items", items(self, self.lines, self.amounts))

    def _note_prices(self) -> None:
        """Prices that had to be others than the stated ones for the totals of their lines to come out."""
        for one, sent in zip(self.lines, self.amounts, strict=True):
            line = one.line
            is_stated = line.unit_price is not None and line.price_includes_vat == (self.form == "retail")
            given = {"price", "netPrice"} & self.given(line).keys()
            if is_stated and not given and sent.price != line.unit_price:
                self.note("payload.price-changed", line=line.position, price=line.unit_price, sent=sent.price)

    def _note_total(self) -> None:
        """A total that does not come out."""
        made = totals(self.amounts, self.document.discount_percent)
        if self.stated and not set(made) & set(self.stated):
            self.note("payload.total-differs", computed=made[0], stated=self.stated[0])


def not_to_be_sent(document: Invoice | Order) -> Routed | None:
    """Why a document is not sent whatever it says; None where nothing is against it."""
    if not document.number:
        return refused(document, "invoice.no-number")
    if document.cancelled:
        return refused(document, "routing.cancelled")
    if not document.lines:
        return refused(document, "invoice.no-lines")
    return None
