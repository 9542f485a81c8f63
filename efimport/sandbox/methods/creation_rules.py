"""The property rules of documents that are created one by one (reference: the Create methods of each chapter)."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import msgspec
from lxml import etree

from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.properties import Problems
from efimport.sandbox.methods.rules import check_outgoing
from efimport.sandbox.methods.tables import DocumentType, code_list
from efimport.sandbox.reading import children, find, read_boolean, read_decimal, read_xml, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Document
from efimport.sandbox.texts import text


class _Case(msgspec.Struct, frozen=True):
    """One check: the call, the type, what was found so far, and the stored document of an update."""

    context: Context
    kind: DocumentType
    problems: Problems
    document: Document | None


_TAX_NUMBER = re.compile(r"[0-9]{5,15}")
_VAT_NUMBER = re.compile(r"[A-Z]{2}[0-9A-Z]{2,13}")
_LONGEST_DESCRIPTION = 250
_OWN_LIST = "Items"


def check_document(
    context: Context, kind: DocumentType, element: etree._Element, document: Document | None = None
) -> None:
    """Check the elements of a document.

    Args:
        context: the call.
        kind: its type.
        element: its elements; of an update all that it will have.
        document: the stored document of an update.

    Raises:
        RefusedError: with all that is wrong.
    """
    if kind.rules == "outgoing":
        check_outgoing(context, kind, element)
        return
    if kind.rules == "goods" and not entries(element):
        raise RefusedError(kind.sentence("create_failed", reason=text("has-no-items")))
    problems = Problems(element)
    _check_listed(context, kind, problems)
    _RULES[kind.rules](_Case(context, kind, problems, document))
    problems.refuse()


def entries(element: etree._Element) -> list[etree._Element]:
    """The items of a document, whatever their list is called: the reference lost the names of some lists."""
    own = find(element, _OWN_LIST)
    if own is not None:
        return children(own)
    lists = [child for child in children(element) if any(children(inner) for inner in children(child))]
    return [entry for one in lists for entry in children(one) if children(entry)]


def _check_listed(context: Context, kind: DocumentType, problems: Problems) -> None:
    """What the table of types says of the elements and of the items."""
    problems.need(*kind.mandatory)
    for name in kind.not_empty:
        if find(problems.element, name) is not None and not problems.value(name):
            problems.add(name, "entry-mandatory")
    problems.check("date", *kind.dates)
    problems.check("decimal", *kind.decimals)
    problems.check("integer", *kind.integers)
    problems.check_codes(kind.codes.get(context.site, {}).items())
    listed = entries(problems.element)
    if not listed:
        problems.add("Items", "entry-mandatory")
    for item in _items(problems):
        item.need(*kind.item_mandatory)
        item.check("date", *kind.item_dates)
        item.check("decimal", *kind.item_decimals)
        item.check("comma", *kind.item_commas)


def _items(problems: Problems) -> list[Problems]:
    listed = entries(problems.element)
    return [problems.inside(item, f"Item{count}_") for count, item in enumerate(listed, start=1)]


def _check_order(case: _Case) -> None:
    """PurchaseOrderCreate: a supplier by code, identifier or name; items by product or description."""
    code = case.problems.value("supplierCode")
    if code and not case.problems.value("supplierName") and code not in case.context.state.partners:
        case.problems.add("supplierCode", "supplier-unknown")
    if not (code or case.problems.value("supplierDocumentID") or case.problems.value("supplierName")):
        case.problems.add("supplierName", "entry-mandatory")
    for item in _items(case.problems):
        if bool(item.value("productCode")) == bool(item.value("description")):
            item.add("productCode", "product-or-description")


def _check_goods(case: _Case) -> None:
    """DeliveryNoteCreate and GoodsReceiptCreate, in the order in which the reference lists the errors."""
    if case.kind.stock_sign > 0:
        _check_supplier(case.context, case.problems)
    _check_warehouse(case.problems, "warehouseCode", "warehouse-missing")
    if case.problems.value("status").lower() != "draft" and _is_retroactive(
        case.context, case.kind, case.problems, case.document
    ):
        case.problems.add("date", "retroactive")
    for item in _items(case.problems):
        product = _check_product(case.context, item)
        if product is not None and case.kind.stock_sign > 0:
            _check_serial_numbers(item, product)
        # The reference names the error, not when it comes: here where VAT is spoken of and its rate is not said.
        if _is_empty(item, "inboundVatPercentage") or (
            item.value("inboundVatAmount") and not item.value("inboundVatPercentage")
        ):
            item.add("inboundVatPercentage", "entry-mandatory")


def _is_empty(problems: Problems, name: str) -> bool:
    return find(problems.element, name) is not None and not problems.value(name)


def _check_supplier(context: Context, problems: Problems) -> None:
    code = problems.value("supplierCode")
    if not code:
        problems.add("supplierCode", "supplier-missing")
    elif code not in context.state.partners:
        problems.add("supplierCode", "supplier-unknown")
    number = problems.value("supplierTaxNumber")
    if number[:2].isalpha() and not _VAT_NUMBER.fullmatch(number):
        problems.add("supplierTaxNumber", "vat-number-invalid")
    elif number and not number[:2].isalpha() and not _TAX_NUMBER.fullmatch(number):
        problems.add("supplierTaxNumber", "tax-number-invalid")


def _check_warehouse(problems: Problems, name: str, missing: str | None = None) -> None:
    code = problems.value(name)
    if not code and missing is not None:
        problems.add(name, missing)
    elif code and code.lower() not in code_list("warehouse"):
        problems.add(name, "warehouse-unknown")


def _is_retroactive(context: Context, kind: DocumentType, problems: Problems, document: Document | None) -> bool:
    day = problems.value("date") or context.today
    warehouse = problems.value("warehouseCode")
    return any(
        one.date > day
        for one in context.state.of_kind(kind.name)
        if one is not document and one.status.lower() != "draft" and one.properties.get("warehouseCode") == warehouse
    )


def _check_product(context: Context, item: Problems, name: str = "productCode") -> etree._Element | None:
    """The product of an item; None where it names none or one that does not exist."""
    code = item.value(name)
    if not code:
        if name == "productCode":
            item.add(name, "entry-mandatory")
        return None
    product = context.state.products.get(code)
    if product is None:
        item.add(name, "item-product-unknown")
        return None
    return read_xml(product.raw)


def _check_serial_numbers(item: Problems, product: etree._Element) -> None:
    if read_boolean(text_of(product, "trackItemsBySerialNumbers") or "false") is not True:
        return
    given = [number for number in item.value("associatedSerialNumbers").split(",") if number.strip()]
    if len(given) != (read_decimal(item.value("calculationQuantity")) or Decimal(1)):
        item.add("associatedSerialNumbers", "serial-numbers")


def _check_movement(case: _Case) -> None:
    """InternalMovementCreate: both warehouses exist."""
    _check_warehouse(case.problems, "warehouseFromCode")
    _check_warehouse(case.problems, "warehouseCode")


def _check_bill(case: _Case) -> None:
    """BillOfMaterialsCreate: materials with a product and a quantity, work with a task and hours."""
    for item in _items(case.problems):
        if item.value("workTask") or item.value("hoursPlanned"):
            item.need("description", "hoursPlanned", "workTask")
            item.check("decimal", "hoursPlanned")
        else:
            item.need("itemProductCode", "quantity")
            item.check("decimal", "quantity")
        item.check("integer", "position")


def _check_work(case: _Case) -> None:
    """WorkOrderCreate: only products that have a bill of materials."""
    _check_warehouse(case.problems, "warehouseCodeForUsedMaterials")
    _check_warehouse(case.problems, "warehouseForOrderedProductsCode")
    made = {bill.properties.get("productCode") for bill in case.context.state.of_kind("BillOfMaterials")}
    for item in _items(case.problems):
        if item.value("productCode") and item.value("productCode") not in made:
            item.add("productCode", "no-bill-of-materials")


def _check_voucher(case: _Case) -> None:
    """GeneralLedgerJournalVoucherCreate: each entry has one side and a partner."""
    for item in _items(case.problems):
        if bool(item.value("amountDebit")) == bool(item.value("amountCredit")):
            item.add("amountDebit", "debit-or-credit")
        if not (item.value("partner") or item.value("partnerCode")):
            item.add("partner", "entry-mandatory")
        if item.value("foreignAmount"):
            item.need("exchangeRate")
        if len(item.value("description")) > _LONGEST_DESCRIPTION:
            item.add("description", "description-long")
        item.check("currency", "foreignCurrency")


def is_balanced(element: etree._Element) -> bool:
    """Whether debit and credit of a journal voucher are equal."""
    sides = [
        sum((read_decimal(text_of(entry, name)) or Decimal(0) for entry in entries(element)), Decimal(0))
        for name in ("amountDebit", "amountCredit")
    ]
    return sides[0] == sides[1]


_RULES: dict[str, Callable[[_Case], None]] = {
    "goods": _check_goods,
    "order": _check_order,
    "movement": _check_movement,
    "bill": _check_bill,
    "work": _check_work,
    "voucher": _check_voucher,
}
