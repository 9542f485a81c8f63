"""Payment records and installments of documents."""

from __future__ import annotations

from decimal import Decimal

from lxml import etree

from efimport.sandbox.answers import Answer, leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.identifying import found_documents, identification, one_document
from efimport.sandbox.methods.properties import Problems
from efimport.sandbox.methods.tables import DocumentType, is_code
from efimport.sandbox.reading import children, find, read_date, read_decimal, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Document
from efimport.sandbox.texts import text

_PAYMENT = ("paymentDate", "paymentAmount", "paymentMethodForInvoice", "paymentRemark", "paymentCurrency")
_FEWEST_INSTALLMENTS = 2


def add_payment(context: Context, kind: DocumentType) -> Answer:
    """Add a payment record; every call adds one, so that a repeat shows.

    The example of the reference writes ``paymentAmoutn``; that is another name, and the amount counts as absent.

    Raises:
        RefusedError: a parameter is absent or wrong, the method of payment is in no list, or there is no such document
            or several.
    """
    named = identification(context, kind)
    found_documents(context, kind, "payment")
    method = named.get("paymentMethodForInvoice", "")
    if method and not is_code(kind.payment_codes[context.site], method):
        raise RefusedError(text("payment-method", method=method))
    _need(named, "paymentAmount")
    document = one_document(context, kind, "payment")
    _need(named, "paymentDate")
    _need(named, "paymentMethodForInvoice")
    if read_date(named["paymentDate"]) is None:
        raise RefusedError(text("search-value", value=named["paymentDate"]))
    if read_decimal(named["paymentAmount"]) is None:
        raise RefusedError(text("search-value", value=named["paymentAmount"]))
    record = {name: named[name] for name in _PAYMENT if named.get(name)}
    record["paymentEntryTS"] = context.now
    document.payments.append(record)
    return Answer()


def _need(named: dict[str, str], name: str) -> None:
    if not named.get(name):
        raise RefusedError(text("parameter-required", name=name))


def amount_paid(document: Document) -> Decimal:
    """Sum of the payment records in the document's currency; others are not converted (assumed)."""
    own = [
        read_decimal(one.get("paymentAmount", "")) or Decimal(0)
        for one in document.payments
        if one.get("paymentCurrency", document.currency) in (document.currency, "") or not document.currency
    ]
    return sum(own, Decimal(0))


def is_paid(document: Document) -> bool:
    """Whether nothing is left to be paid; a document without a known total is never paid."""
    return document.total is not None and amount_paid(document) >= document.total


def create_installments(context: Context, kind: DocumentType) -> Answer:
    """Divide an invoice into installments.

    Raises:
        RefusedError: fewer than two, wrong ones, no such invoice or several, or it has installments already.
    """
    found_documents(context, kind, "installments")
    parameter = context.request.parameter("SalesInvoiceInstallments")
    listed = _installments(parameter.element) if parameter is not None else []
    if len(listed) < _FEWEST_INSTALLMENTS:
        raise RefusedError(text("installments-few"))
    if parameter is not None and find(parameter.element, "SalesInvoiceInstallments") is None:
        context.warn("the installments stand directly in the parameter, the reference shows a wrapper")
    problems = Problems(listed[0])
    for count, one in enumerate(listed, start=1):
        inner = problems.inside(one, f"Installment{count}_")
        inner.need("installmentDate", "installmentAmount")
        inner.check("date", "installmentDate")
        inner.check("decimal", "installmentAmount")
    problems.refuse()
    document = one_document(context, kind, "installments")
    if document.installments:
        raise RefusedError(text("installments-none"))
    names = ("installmentDate", "installmentAmount")
    document.installments = [{name: text_of(one, name) for name in names} for one in listed]
    said = text("installments-added", count=str(len(listed)))
    return Answer(elements=(leaf("message", said), leaf("number", document.number), leaf("date", document.date)))


def _installments(element: etree._Element) -> list[etree._Element]:
    """Every element with a date or an amount of an installment, with or without the wrapper of the reference."""
    found = []
    for child in children(element):
        if find(child, "installmentDate") is not None or find(child, "installmentAmount") is not None:
            found.append(child)
        else:
            found += _installments(child)
    return found
