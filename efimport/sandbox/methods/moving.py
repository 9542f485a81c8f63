"""What documents do to the stock, and the delivery notes that the service makes for issued ones.

"Service will automatically generate delivery note for contained products to reduce their quantity on stock" (reference,
SalesInvoiceCreate, AdvanceInvoiceCreate, CreditNoteCreate).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from lxml import etree

from efimport.sandbox.answers import branch, leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.creation_rules import entries
from efimport.sandbox.methods.numbering import keep, next_number
from efimport.sandbox.methods.storing import fill, stored_element
from efimport.sandbox.methods.tables import DocumentType, code_list_as_written, document_types
from efimport.sandbox.reading import read_decimal, read_xml, text_of
from efimport.sandbox.state import Document, State

Move: TypeAlias = tuple[str, str, Decimal]

_NOTES = "deliveryNotesRef"
_WITHOUT_STOCK = frozenset({"services", "license", "goodswithoutstockmanagement"})
"""Types of products that are not counted (reference, ProductGetByCode, type)."""


def default_warehouse() -> str:
    """The warehouse of documents that name none."""
    return code_list_as_written("warehouse")[0]


def settle_stock(context: Context, kind: DocumentType, document: Document) -> None:
    """Bring the stock into line with a document that was made or changed; its earlier moves are taken back."""
    element = stored_element(kind, document)
    issued = document.status.lower() != "draft"
    if kind.makes_delivery:
        _settle_delivery(context, kind, document, element if issued else None)
        return
    moves: list[Move] = []
    if issued and kind.stock_sign:
        warehouse = text_of(element, "warehouseCode") or default_warehouse()
        moves = [(warehouse, code, kind.stock_sign * quantity) for code, quantity in _lines(context, element, 1)]
    elif kind.rules == "movement":
        for code, quantity in _lines(context, element, 1):
            moves.append((text_of(element, "warehouseFromCode"), code, -quantity))
            moves.append((text_of(element, "warehouseCode"), code, quantity))
    replace_moves(context.state, document, moves)


def replace_moves(state: State, document: Document, moves: list[Move]) -> None:
    """Take back what a document moved, and move something else."""
    taken_back = [(warehouse, code, -quantity) for warehouse, code, quantity in document.moves]
    for warehouse, code, quantity in taken_back + moves:
        places = state.stock.setdefault(warehouse, {})
        places[code] = places.get(code, Decimal(0)) + quantity
    document.moves = moves


def delivery_of(context: Context, document: Document) -> Document | None:
    """The delivery note that was made for a document; None where there is none."""
    numbers = document.references.get(_NOTES, [])
    notes = context.state.of_kind("DeliveryNote")
    made = (note for note in notes if note.number in numbers and note.created_by == document.created_by)
    return next(made, None)


def _settle_delivery(context: Context, kind: DocumentType, document: Document, element: etree._Element | None) -> None:
    # The quantity of an invoice's item is 0 by default, of a delivery note's 1 (reference, their Create methods).
    lines = _lines(context, element, 0) if element is not None else []
    note = delivery_of(context, document)
    if not lines:
        if note is not None:
            remove_delivery(context, document)
        return
    note_kind = document_types()["DeliveryNote"]
    is_new = note is None
    if note is None:
        number = next_number(context, note_kind, document.date[:4])
        note = Document(
            type=note_kind.name,
            document_id="",
            number=number,
            date="",
            status=note_kind.issued_status,
            method=context.request.method,
            created_by=document.created_by,
            issuer=document.issuer,
        )
    fill(context, note_kind, note, _note_element(kind, document, note.number, lines))
    if is_new:
        keep(context, note_kind, note)
        document.references.setdefault(_NOTES, []).append(note.number)
    settle_stock(context, note_kind, note)


def remove_delivery(context: Context, document: Document) -> None:
    """Take out the delivery note that was made for a document, and what it moved."""
    note = delivery_of(context, document)
    if note is not None:
        replace_moves(context.state, note, [])
        context.state.forget(note)
        document.references[_NOTES].remove(note.number)


def _note_element(
    kind: DocumentType, document: Document, number: str, lines: list[tuple[str, Decimal]]
) -> etree._Element:
    items = [
        branch(
            "Item", leaf("position", str(count)), leaf("productCode", code), leaf("calculationQuantity", f"{quantity}")
        )
        for count, (code, quantity) in enumerate(lines, start=1)
    ]
    head = {
        "number": number,
        "date": document.date,
        "dateOfSupply": document.properties.get("dateOfSupplyFrom") or document.date,
        "warehouseCode": document.properties.get("warehouseCode") or default_warehouse(),
        "buyerCode": document.properties.get("buyerCode", ""),
        "buyerName": document.partner,
        "salesInvoiceRef" if kind.name == "SalesInvoice" else "advanceInvoiceRef": document.number,
    }
    if kind.name == "CreditNote":
        del head["advanceInvoiceRef"]
    return branch("parameter", *(leaf(name, value) for name, value in head.items() if value), branch("Items", *items))


def _lines(context: Context, element: etree._Element, missing: int) -> list[tuple[str, Decimal]]:
    """Product and quantity of each line that the stock knows; ``missing`` is the quantity where none is said."""
    lines = []
    for item in entries(element):
        code = text_of(item, "productCode")
        quantity = read_decimal(text_of(item, "calculationQuantity") or text_of(item, "quantity"))
        if code and _is_counted(context, code):
            lines.append((code, Decimal(missing) if quantity is None else quantity))
    return lines


def _is_counted(context: Context, code: str) -> bool:
    product = context.state.products.get(code)
    known = read_xml(product.raw) if product is not None and product.raw else None
    return known is None or text_of(known, "type").lower() not in _WITHOUT_STOCK
