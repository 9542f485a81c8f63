"""How a received document is paid.

Source: web service reference, ReceivedInvoiceCreate: ``methodOfPayment`` is BankTransfer, Cash, CreditCard or Other; a
transfer needs the account and the reference, any other way a general ledger account. Which way is which is data
(``mappings/codes/received-payment.toml``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import msgspec

from efimport.api.call import Scalar
from efimport.messages import message
from efimport.payloads.bookings import Booking
from efimport.payloads.outgoing import mapped

FILE = "received-payment"
ELEMENT = "methodOfPayment"
TRANSFER, OTHER = "BankTransfer", "Other"
PAID_AT_ONCE = ("Cash", "CreditCard")
_SYMBOL = re.compile(r"\d{1,10}", re.ASCII)


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """The payment of a received document.

    Attributes:
        method: methodOfPayment; None where it cannot be told.
        due_date: day on which it is due.
        account: account of the supplier.
        reference: variable symbol.
        booking_account: general ledger account of a payment of another kind.
    """

    method: str | None = None
    due_date: dt.date | None = None
    account: str | None = None
    reference: str | None = None
    booking_account: str | None = None

    def elements(self) -> Iterator[tuple[str, Scalar | None]]:
        """The elements, in the order of the reference."""
        yield ELEMENT, self.method
        yield "paymentBankAccountNumber", self.account
        yield "paymentReference", self.reference
        yield "supplierBookingAccountNumber", self.booking_account


def payment_of(booking: Booking) -> Payment:
    """The payment; what is missing is noted."""
    method = _method(booking)
    due = _due_date(booking, method)
    if method == TRANSFER:
        return Payment(method=method, due_date=due, account=_account(booking), reference=_reference(booking))
    if method == OTHER:
        return Payment(method=method, due_date=due, booking_account=_booking_account(booking))
    return Payment(method=method, due_date=due)


def _method(booking: Booking) -> str | None:
    """The way of payment; a document that names an account and no way is paid by transfer."""
    given = booking.says(ELEMENT)
    if given is not None:
        return given
    stated = booking.invoice.payment_method
    if not stated:
        account = booking.invoice.payment_account
        if account is not None and account.display:
            return TRANSFER
        booking.miss(message("the way of payment"))
        return None
    method: str | None = mapped(booking.table(FILE)["method_of_payment"], stated)
    if method is None:
        booking.unmapped(message("way of payment"), stated, ELEMENT, file=FILE, table="method_of_payment")
    return method


def _due_date(booking: Booking, method: str | None) -> dt.date | None:
    """The due date; what is paid in cash or by card is due on the day of issue."""
    invoice = booking.invoice
    if invoice.due_date is None and method in PAID_AT_ONCE and invoice.date is not None:
        booking.note("received.due-at-once", date=invoice.date)
        return invoice.date
    return invoice.due_date


def _account(booking: Booking) -> str | None:
    given = booking.says("paymentBankAccountNumber")
    account = booking.invoice.payment_account
    shown = given or (account.display if account else None)
    if shown is None:
        booking.miss(message("the account to pay to"))
    return shown


def _reference(booking: Booking) -> str | None:
    """The variable symbol; where none is stated, the number of the document if it can be one."""
    invoice = booking.invoice
    symbol = booking.says("paymentReference") or invoice.variable_symbol
    if symbol:
        return symbol
    if invoice.number and _SYMBOL.fullmatch(invoice.number):
        booking.note("received.number-as-symbol", number=invoice.number)
        return invoice.number
    booking.miss(message("the variable symbol"))
    return None


def _booking_account(booking: Booking) -> str | None:
    account = booking.says("supplierBookingAccountNumber") or booking.settings.payment_account
    if account is None:
        booking.note("received.no-payment-account", payment=booking.invoice.payment_method or OTHER)
    return account
