"""SalesInvoiceGet and its sisters: what is stored, with the fields that the service computes."""

from __future__ import annotations

from decimal import Decimal

from lxml import etree

from efimport.sandbox.answers import Answer, branch, leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.handing_out import eslog
from efimport.sandbox.methods.identifying import one_document
from efimport.sandbox.methods.paying import amount_paid
from efimport.sandbox.methods.pricing import add_names, priced
from efimport.sandbox.methods.storing import stored_element
from efimport.sandbox.methods.tables import DocumentType, is_code
from efimport.sandbox.methods.totals import item_amounts, item_prices, total_discount, vat_totals
from efimport.sandbox.reading import children, find, read_boolean, read_decimal, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Document
from efimport.sandbox.texts import text

_ITEM_PLACES = {
    "netPrice": 5, "price": 5, "quantity": 6, "calculationQuantity": 6, "discountPercentage": 4, "vatPercentage": 1,
    "amountCredit": 3, "amountDebit": 3, "foreignAmount": 3,
}  # fmt: skip
"""Decimal places of items as the reference prints them in SalesInvoiceGet."""

_QUANTITY_PLACES_HR = 3
_TOTAL_PLACES = 3
_PRICE_PLACES = 5
_PERCENTAGE_PLACES = 4
_AMOUNT_PLACES = 2


def get_document(context: Context, kind: DocumentType) -> Answer:
    """One document by number, optionally with date, cost position and business unit; or by documentID.

    Raises:
        RefusedError: no number, no such document, or several; or a format that the site does not have.
    """
    wanted = context.request.value("format") if kind.name == "SalesInvoice" else ""
    if wanted and not is_code(f"invoice-format-{'si' if context.site == 'SI' else 'cz'}", wanted):
        raise RefusedError(text("unknown-parameter-value", name="format", value=wanted))
    document = one_document(context, kind, "get")
    if wanted.upper() == "ESLOG":
        return Answer(document=eslog(document))
    return Answer(elements=(document_tree(context, kind, document),), as_list=True)


def document_tree(context: Context, kind: DocumentType, document: Document) -> etree._Element:
    """The document as Get shows it: what was sent, amounts with the places of the reference, computed totals."""
    element = _stored(context, kind, document)
    if kind.rules == "outgoing":
        element = priced(context, element)
    computed = {"number": document.number or document.document_id, kind.date_element: document.date}
    recurring = read_boolean(text_of(element, "isReccurringInvoice") or "")
    if recurring is not None:
        # Create takes true or false, Get prints 1 or 0 (reference, SalesInvoiceGet).
        computed["isReccurringInvoice"] = str(int(recurring))
    if document.status:
        computed["status"] = document.status
    if document.total is not None:
        computed["totalAmount"] = _places(document.total, _TOTAL_PLACES)
        computed["totalCurrency"] = document.currency or ("CZK" if context.site == "CZ" else "EUR")
    if kind.payment_codes:
        computed |= _paid(document)
    if kind.rules == "outgoing" and document.total is not None and find(element, "Items") is not None:
        totals = vat_totals(element, context.site)
        computed |= {name: _places(amount, _AMOUNT_PLACES) for name, amount in totals.items()}
    for name, value in computed.items():
        _set(element, name, value)
    for count, item in enumerate(element.iter("Item"), start=1):
        if kind.rules == "outgoing":
            _complete_item(context, element, item, count)
        _format_item(context, item)
    return element


def _paid(document: Document) -> dict[str, str]:
    """What is paid, and what is left where the total is known."""
    paid = amount_paid(document)
    amounts = {"amountAlreadyPaid": _places(paid, _AMOUNT_PLACES)}
    if document.total is not None:
        amounts["amountLeftToBePaid"] = _places(document.total - paid, _AMOUNT_PLACES)
    return amounts


def _set(element: etree._Element, name: str, value: str) -> None:
    found = find(element, name)
    if found is None:
        element.append(leaf(name, value))
    else:
        found.text = value


def _complete_item(context: Context, element: etree._Element, item: etree._Element, count: int) -> None:
    """Add to an item what the service computes: names, place, discounts, amounts, prices."""
    add_names(context, item)
    absent = {"position": str(count), "discountPercentage": "0"}
    for name in (name for name in absent if not text_of(item, name)):
        _set(item, name, absent[name])
    if context.site != "HR":
        # The Croatian page does not print it.
        _set(item, "totalDiscountPercentage", _places(total_discount(element, item), _PERCENTAGE_PLACES))
    for name, amount in item_amounts(element, item).items():
        _set(item, name, _places(amount, _AMOUNT_PLACES))
    for name, price in item_prices(element, item).items():
        _set(item, name, _places(price, _PRICE_PLACES))


def _format_item(context: Context, item: etree._Element) -> None:
    for name, places in _ITEM_PLACES.items():
        found, value = find(item, name), read_decimal(text_of(item, name))
        if found is not None and value is not None:
            in_croatia = context.site == "HR" and name == "quantity"
            found.text = _places(value, _QUANTITY_PLACES_HR if in_croatia else places)


def _stored(context: Context, kind: DocumentType, document: Document) -> etree._Element:
    element = etree.Element(kind.name)
    element.append(leaf("documentID", document.document_id))
    sent = stored_element(kind, document)
    if find(sent, "businessYear") is None:
        element.append(leaf("businessYear", document.business_year or document.date[:4]))
    for child in children(sent):
        # Get calls the pricing type and some references by another name than Create (reference, SalesInvoiceGet).
        name = str(child.tag)
        child.tag = "invoicePricingType" if name == "type" else kind.shown.get(name, name)
        element.append(child)
    if document.internal_number:
        element.append(leaf("internalNumber", document.internal_number))
    for name, numbers in filter(lambda pair: pair[1], document.references.items()):
        _set(element, name, ", ".join(dict.fromkeys([*filter(None, [text_of(element, name)]), *numbers])))
    _add_cancelled(context, kind, document, element)
    if document.payments:
        records = (_payment(context, one, document.currency) for one in document.payments)
        element.append(branch("PaymentRecords", *records))
    if document.installments:
        element.append(branch("SalesInvoiceInstallments", *map(_installment, enumerate(document.installments, 1))))
    return element


def _add_cancelled(context: Context, kind: DocumentType, document: Document, element: etree._Element) -> None:
    if not document.cancelled_document:
        return
    originals = [one for one in context.state.of_kind(kind.name) if one.document_id == document.cancelled_document]
    for original in originals:
        element.append(leaf("cancelledDocumentRef", original.number))


def _payment(context: Context, record: dict[str, str], currency: str) -> etree._Element:
    amount = read_decimal(record.get("paymentAmount", "")) or Decimal(0)
    method = record.get("paymentMethodForInvoice", "")
    shown = {"paymentAmount": _places(amount, _TOTAL_PLACES), "paymentCurrency": currency} | {
        name: value for name, value in record.items() if name != "paymentAmount"
    }
    # The Slovenian page prints the method with the name of its element in front (reference of SI, SalesInvoiceGet).
    shown["paymentMethodForInvoice"] = f"paymentMethodForInvoice{method}" if context.site == "SI" else method
    return branch("PaymentRecord", *(leaf(name, value) for name, value in shown.items() if value))


def _installment(numbered: tuple[int, dict[str, str]]) -> etree._Element:
    count, one = numbered
    amount = _places(read_decimal(one["installmentAmount"]) or Decimal(0), _TOTAL_PLACES)
    return branch(
        "Installment",
        leaf("installmentAmount", amount),
        leaf("installmentDate", one["installmentDate"]),
        leaf("position", str(count)),
    )


def _places(amount: Decimal, places: int) -> str:
    return f"{amount:.{places}f}"
