"""A received document on its way into the books."""

from __future__ import annotations

from decimal import Decimal

from efimport.documents import Invoice, Line
from efimport.mappings import home_currencies
from efimport.messages import Message
from efimport.payloads.outgoing import Outgoing
from efimport.payloads.target import Target
from efimport.rounding import half_up


class Booking(Outgoing):
    """A received document on its way into the books; written and noted like those that the organization issues.

    Args:
        invoice: the document.
        method: the method that creates it.
        target: whose books.
    """

    def __init__(self, invoice: Invoice, method: str, target: Target) -> None:
        super().__init__(invoice, method.removesuffix("Create"), target)
        self.invoice = invoice
        self.method = method
        self.settings = target.received
        self.home = home_currencies()[target.site]
        self.currency = invoice.currency or self.home

    @property
    def is_foreign(self) -> bool:
        """Whether the document is in another currency than the books."""
        return self.currency != self.home

    @property
    def is_advance(self) -> bool:
        """Whether the call is the one of advance invoices, which has elements of its own."""
        return self.name == "ReceivedAdvanceInvoice"

    def miss(self, what: Message) -> None:
        """Something that the call cannot be made without."""
        self.note("received.missing", what=what, method=self.method)

    def in_home_currency(self, amount: Decimal) -> Decimal:
        """An amount of the document in the currency of the books.

        Only to be asked where :meth:`has_rate` holds.
        """
        if not self.is_foreign:
            return amount
        rate, pieces = self.invoice.exchange_rate, self.invoice.exchange_amount
        assert rate is not None
        return half_up(amount * rate / pieces)

    def has_rate(self) -> bool:
        """Whether amounts can be turned into the currency of the books: the rate is one to that currency."""
        if not self.is_foreign:
            return True
        rate, to = self.invoice.exchange_rate, self.invoice.home_currency or self.home
        return bool(rate and rate > 0 and self.invoice.exchange_amount > 0 and to == self.home)

    def says(self, name: str, line: Line | None = None) -> str | None:
        """An element that the source gives by its name in the service; it comes before what is worked out."""
        return (self.given(line).get(name) or "").strip() or None
