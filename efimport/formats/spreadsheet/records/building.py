"""Documents out of drafts: invoices, orders, partners and products."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec

from efimport.documents import Advance, Document, Invoice, Kind, Line, Order, Origin, Partner, Party, Product
from efimport.formats.spreadsheet.records.amounts_of import Adding, Totals
from efimport.formats.spreadsheet.records.context import Context, rate_of
from efimport.formats.spreadsheet.records.currencies import currency_of
from efimport.formats.spreadsheet.records.drafts import Draft, Rate
from efimport.formats.spreadsheet.records.lines import ONE, ZERO, LineMaker
from efimport.formats.spreadsheet.records.structures import Tree, account, party, tree_of
from efimport.mappings import RecordMapping
from efimport.mappings.targets import target_fields
from efimport.rounding import half_up

FORMAT = "spreadsheet"
_ISSUED = {
    "invoice": Kind.ISSUED_INVOICE,
    "credit-note": Kind.ISSUED_CREDIT_NOTE,
    "debit-note": Kind.ISSUED_DEBIT_NOTE,
    "advance-invoice": Kind.ISSUED_ADVANCE_INVOICE,
    "proforma": Kind.ISSUED_PROFORMA,
}
_RECEIVED = {
    "invoice": Kind.RECEIVED_INVOICE,
    "credit-note": Kind.RECEIVED_CREDIT_NOTE,
    "debit-note": Kind.RECEIVED_DEBIT_NOTE,
    "advance-invoice": Kind.RECEIVED_ADVANCE_INVOICE,
    "proforma": Kind.RECEIVED_ADVANCE_INVOICE,
}
_KINDS: dict[str, type[Any]] = {"invoices": Invoice, "orders": Order, "partners": Partner, "products": Product}
_TOTALS = ("total_without_vat", "total_vat", "total_with_vat", "rounding", "payable")


class Builder:
    """Makes the documents of one table.

    Args:
        mapping: the mapping.
        context: what is known besides.
    """

    def __init__(self, mapping: RecordMapping, context: Context) -> None:
        self._mapping = mapping
        self._context = context
        self._fields = target_fields(mapping.target).document

    def document(self, draft: Draft) -> Document:
        """The document of a draft, with what was noted about it."""
        tree = tree_of(draft.values, self._fields)
        kind: type[Any] = _KINDS[self._mapping.target]
        if self._mapping.target == "invoices":
            made = self._invoice(draft, tree)
        elif self._mapping.target == "orders":
            made = self._order(draft, tree)
        elif self._mapping.target == "partners":
            made = _partner(tree)
        else:
            made = _product(tree, currency_of(draft, tree.pop("currency", None), self._context.currency))
        origin = Origin(
            path=self._context.path,
            format=FORMAT,
            line=draft.row,
            content=self._context.content,
            version=self._mapping.name,
        )
        document: Document = kind(origin=origin, findings=draft.findings, service_elements=draft.elements, **made)
        return document

    def _invoice(self, draft: Draft, tree: Tree) -> dict[str, Any]:
        kind = self._kind_of(tree.pop("kind", None))
        side = "supplier" if kind.startswith("received") else "customer"
        advance: Tree = tree.pop("advance", {})
        advances = (_advance(advance),) if advance else ()
        made = self._common(draft, tree, side)
        made["payment_account"] = account(tree.pop("payment_account", None))
        day = tree.get("taxable_supply_date") or tree.get("date")
        lines = self._lines(draft, day, tree.get("vat_country"))
        deducted = abs(advance.get("amount") or ZERO)
        totals = Adding(draft, lines, deducted).totals() if lines and draft.is_whole else Totals()
        for name in _TOTALS:
            tree.pop(name, None)
        values = draft.values
        return {
            **made,
            **tree,
            "kind": kind,
            "advances": advances,
            "lines": lines,
            "vat_summary": totals.summary,
            "total_without_vat": totals.net if totals.net is not None else values.get("total_without_vat"),
            "total_vat": totals.vat if totals.vat is not None else values.get("total_vat"),
            "total_with_vat": totals.gross if totals.gross is not None else values.get("total_with_vat"),
            "rounding": totals.rounding if totals.gross is not None else values.get("rounding"),
            "payable": totals.payable if totals.payable is not None else values.get("payable"),
        }

    def _kind_of(self, word: str | None) -> Kind:
        word = word or "invoice"
        if word.startswith("received-"):
            return _RECEIVED[word.removeprefix("received-")]
        return (_RECEIVED if self._mapping.direction == "received" else _ISSUED)[word]

    def _common(self, draft: Draft, tree: Tree, side: str) -> dict[str, Any]:
        """What invoices and orders have in common."""
        made: dict[str, Any] = {side: party(tree.pop("partner", None)), "delivery": party(tree.pop("delivery", None))}
        currency = currency_of(draft, tree.pop("currency", None), self._context.currency)
        made["currency"] = currency
        if currency == self._context.currency and tree.get("exchange_rate") == ONE:
            tree.pop("exchange_rate")
        return made

    def _order(self, draft: Draft, tree: Tree) -> dict[str, Any]:
        received = self._mapping.direction == "issued"
        made = self._common(draft, tree, "customer" if received else "supplier")
        lines = self._lines(draft, tree.get("date"), tree.get("vat_country"))
        totals = Adding(draft, lines, ZERO).totals() if lines and draft.is_whole else Totals()
        stated = tree.pop("total", None)
        return {
            **made,
            **tree,
            "kind": Kind.ORDER_RECEIVED if received else Kind.ORDER_ISSUED,
            "lines": lines,
            "vat_summary": totals.summary,
            "total": totals.payable if totals.payable is not None else stated,
        }

    def _lines(self, draft: Draft, day: dt.date | None, country: str | None) -> tuple[Line, ...]:
        if draft.lines:
            maker = LineMaker(draft, self._context, day, country)
            return tuple(maker.line(position, one) for position, one in enumerate(draft.lines, 1))
        made = [one for one in draft.rates if any((one.base, one.vat, one.total))]
        if not made and draft.is_whole:
            made = self._of_totals(draft, day, country)
        lines = tuple(_line(position, one, draft) for position, one in enumerate(made, 1))
        if lines:
            draft.note("spreadsheet.lines-made", draft.place_of("number"), count=len(lines))
        return lines

    def _of_totals(self, draft: Draft, day: dt.date | None, country: str | None) -> list[Rate]:
        """The line of a document that states nothing but its totals; its rate is derived or told, never guessed."""
        values = draft.values
        net, vat, gross = (values.get(name) for name in ("total_without_vat", "total_vat", "total_with_vat"))
        if gross is None:
            payable = values.get("payable", values.get("total"))
            advance = abs(values.get("advance_amount", ZERO))
            gross = payable + advance - values.get("rounding", ZERO) if payable is not None else None
        if gross is None and net is not None and vat is not None:
            gross = net + vat
        if net is None and gross is not None and vat is not None:
            net = gross - vat
        if net is None and gross is None:
            return []
        told = self._mapping.defaults.get("vat_rate")
        rate = Decimal(told) if told is not None and _is_rate(told) else None
        if rate is None and net is not None and (vat is not None or gross is not None):
            made = vat if vat is not None else gross - net if gross is not None else ZERO
            rate = rate_of(net, made, self._context.rates(day, country))
            if rate is not None:
                place = draft.place_of("total_vat" if vat is not None else "total_with_vat")
                draft.note("spreadsheet.rate-derived", place, rate=rate, base=net, vat=made)
        if rate is None:
            draft.note("spreadsheet.rate-unknown", draft.place_of("total_with_vat"))
            return []
        return [Rate(rate, net, vat, gross)]


def _partner(tree: Tree) -> Tree:
    """What a partner is made of; first and last name are those of a person, or of the contact of a firm."""
    found = account(tree.pop("bank_account", None))
    delivery = party(tree.pop("delivery", None))
    made = party(tree.pop("party", None)) or Party()
    first, last = tree.get("first_name"), tree.get("last_name")
    if (first or last) and not made.contact:
        made = msgspec.structs.replace(made, contact=" ".join(part for part in (first, last) if part))
    if not made.name and last and "is_person" not in tree:
        tree["is_person"] = True
    return {
        **tree,
        "party": made,
        "invoicing": party(tree.get("invoicing")),
        "delivery": (delivery,) if delivery is not None else (),
        "bank_accounts": (found,) if found is not None else (),
    }


def _product(tree: Tree, currency: str) -> Tree:
    """What a product is made of; of two prices that without VAT counts."""
    net, gross = tree.pop("price_without_vat", None), tree.pop("price_with_vat", None)
    return {
        **tree,
        "currency": currency,
        "sales_price": net if net is not None else gross,
        "sales_price_includes_vat": net is None and gross is not None,
    }


def _is_rate(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _advance(tree: Tree) -> Advance:
    amount = tree.get("amount")
    return Advance(number=tree.get("number"), amount=abs(amount) if amount is not None else None)


def _line(position: int, one: Rate, draft: Draft) -> Line:
    """A line made of the amounts of a rate; where one is missing it is worked out."""
    factor = ONE + one.rate / 100
    net, vat, gross = one.base, one.vat, one.total
    if net is None and gross is not None:
        net = gross - vat if vat is not None else half_up(gross / factor)
    if net is not None and vat is None:
        vat = gross - net if gross is not None else half_up(net * one.rate / 100)
    if gross is None and net is not None and vat is not None:
        gross = net + vat
    text = one.description or draft.values.get("text") or draft.values.get("number")
    return Line(
        position=position,
        description=text,
        quantity=ONE,
        unit_price=net,
        vat_rate=one.rate,
        total_without_vat=net,
        vat=vat,
        total_with_vat=gross,
    )
