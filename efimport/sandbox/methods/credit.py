"""PartnerBuyerCreditLimitGet: the credit limit of a buyer, with what is unpaid and what is posted."""

from __future__ import annotations

from decimal import Decimal

from efimport.sandbox.answers import Answer, branch, leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.ledger import currency_of_site, entries_of_year
from efimport.sandbox.methods.partner_lists import is_buyer
from efimport.sandbox.methods.partners import the_partner
from efimport.sandbox.methods.records import element_of
from efimport.sandbox.reading import read_date, read_decimal, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Entry
from efimport.sandbox.texts import text


def get_credit_limit(context: Context) -> Answer:
    """The limit with the "unpaid amount by invoices and posted debt" of the reference; element names are assumed.

    How a credit limit is set is not documented: the sandbox reads ``creditLimit`` in the BuyerData of the partner.

    Raises:
        RefusedError: no such partner, it is no buyer, it has no limit, or the date is none.
    """
    entry = the_partner(context)
    if not is_buyer(entry):
        raise RefusedError(text("partner-no-buyer", code=entry.code))
    limit = read_decimal(text_of(element_of(entry), "BuyerData", "creditLimit"))
    if limit is None or limit <= 0:
        raise RefusedError(text("credit-limit-none", code=entry.code))
    day = context.request.value("creditLimitDate") or context.today
    if read_date(day) is None:
        raise RefusedError(text("search-value", value=day))
    currency = context.request.value("currency") or currency_of_site(context.site)
    amounts = {
        "creditLimit": limit,
        "unpaidAmount": _unpaid(context, entry, day, currency),
        "postedDebt": _posted_debt(context, entry, day),
    }
    leaves = [leaf(name, f"{amount:.2f}") for name, amount in amounts.items()]
    known = [leaf("partnerCode", entry.code), leaf("creditLimitDate", day), leaf("currency", currency)]
    return Answer(elements=(branch("BuyerCreditLimit", *known, *leaves),))


def _unpaid(context: Context, entry: Entry, day: str, currency: str) -> Decimal:
    """What the invoices of that currency up to a day leave to be paid."""
    left = Decimal(0)
    for document in context.state.documents.get("SalesInvoice", {}).values():
        buyers = {document.properties.get("buyerCode"), document.properties.get("buyerDocumentID")}
        if not buyers & {entry.code, entry.document_id} or document.date > day or document.currency != currency:
            continue
        paid = (read_decimal(payment.get("paymentAmount", "")) or Decimal(0) for payment in document.payments)
        left += (document.total or Decimal(0)) - sum(paid)
    return left


def _posted_debt(context: Context, entry: Entry, day: str) -> Decimal:
    """Debit less credit of the posted entries of the partner up to a day."""
    entries = entries_of_year(context, day[:4])
    own = [one for one in entries if one.partner_code == entry.code and one.posted and one.transaction_date <= day]
    return sum((one.debit - one.credit for one in own), Decimal(0))
