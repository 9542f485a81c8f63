"""A received document on its way into the books: what is known of it besides, and what was noticed on the way."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from efimport.documents import Invoice, Line
from efimport.findings import Finding, finding
from efimport.mappings import codes, home_currencies
from efimport.messages import Message, message
from efimport.payloads.target import Target, is_mapped, location
from efimport.rounding import half_up


class Booking:
    """A received document on its way into the books.

    Args:
        invoice: the document.
        method: the method that creates it.
        target: whose books.
    """

    def __init__(self, invoice: Invoice, method: str, target: Target) -> None:
        self.invoice = invoice
        self.method = method
        self.target = target
        self.settings = target.received
        self.home = home_currencies()[target.site]
        self.currency = invoice.currency or self.home
        self.ours = is_mapped(invoice)
        self.found: list[Finding] = []

    @property
    def is_foreign(self) -> bool:
        """Whether the document is in another currency than the books."""
        return self.currency != self.home

    @property
    def is_advance(self) -> bool:
        """Whether the call is the one of advance invoices, which has elements of its own."""
        return self.method == "ReceivedAdvanceInvoiceCreate"

    @property
    def has_error(self) -> bool:
        """Whether something was noticed that stands against the call."""
        return any(one.is_error for one in self.found)

    def note(self, code: str, /, **arguments: Any) -> None:
        """Something about the document."""
        self.found.append(finding(code, location(self.invoice), **arguments))

    def miss(self, what: Message) -> None:
        """Something that the call cannot be made without."""
        self.note("received.missing", what=what, method=self.method)

    def unknown(self, what: Message, value: str, element: str, *, file: str, table: str, line: str) -> None:
        """A code that no table maps; ``line`` is the one to be added to ``table`` of ``file``."""
        shown = message("in the table [{table}]: {line}", table=table, line=line)
        self.note("code.unknown", what=what, value=value, element=element, file=file, line=shown)

    def table(self, name: str) -> dict[str, Any]:
        """A table of codes, the firm's own lines first."""
        return codes(name, self.target.codes)

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

    def service_element(self, name: str, line: Line | None = None) -> str | None:
        """An element that the source gives by its name in the service; it comes before what is worked out."""
        given = self.invoice.service_elements if line is None else line.service_elements
        return given.get(name) or None

    def add(self, found: Iterable[Finding]) -> None:
        """Findings that were made elsewhere."""
        self.found.extend(found)
