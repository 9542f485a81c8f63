"""Rules beyond the schema, judged with exact decimals: the published Schematron rules and those of the text.

Source: ISDOC 6.0.2 specification, chapter on implementation, and its Schematron. The published Schematron stops at the
first rule of a group for each element and adds in binary fractions; what it misses for that reason is found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from efimport.findings import Severity
from efimport.formats.isdoc.node import Node, Notes, Values
from efimport.formats.isdoc.vocabulary import (
    CORRECTIONS,
    CREDIT_NOTES,
    NO_UUID,
    NOT_READ,
    NOT_READ_OF_LINES,
    SUBTYPE_ORIGINS,
    TAX_DOCUMENTS,
    TWINS,
)

_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII)
_LINE_REFERENCES = {
    "OrderReference": "OrderReferences",
    "DeliveryNoteReference": "DeliveryNoteReferences",
    "OriginalDocumentReference": "OriginalDocumentReferences",
    "ContractReference": "ContractReferences",
}
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
PAYABLE = frozenset({"LineExtensionAmount", "PayableAmount"})
"""Amounts that cannot be told otherwise; without them the document cannot be booked in its currency."""


def check(root: Node, version: str | None, family: str, values: Values) -> None:
    """Note every rule that the document breaks."""
    notes = values.notes
    identity(root, notes)
    _currency_codes(root, notes)
    _corrections(root, values)
    if values.foreign:
        _twins(root, values)
    else:
        _no_twins(root, values)
    _vat_applicable(root, notes)
    if family == "6":
        _references(root, version, notes)
    for line in root.each("InvoiceLines", "InvoiceLine"):
        _batches(line, values)
        _identifications(line, notes)
    _customer(root, notes)
    _advances(root, values)
    _tax_document(root, notes)
    _reverse_charge(root, values)
    _several(root, notes)


def identity(root: Node, notes: Notes) -> None:
    """UUID, the pair of subtype fields, supplements: what both kinds of root have."""
    _uuid(root, notes)
    _subtype(root, notes)
    previews = [
        node for node in root.each("SupplementsList", "Supplement") if node.element.get("preview", "").strip() == "true"
    ]
    if len(previews) > 1:
        notes.add("isdoc.several-previews", previews[1], count=len(previews))


def _uuid(root: Node, notes: Notes) -> None:
    """One of zeros has the form and identifies nothing; white space is not a part of the form."""
    node = root.one("UUID")
    written = str(node.element.xpath("string()")) if node is not None else ""
    if not _UUID.fullmatch(written):
        notes.add("isdoc.uuid", node or root, value=written.strip() or "-")
    elif written == NO_UUID:
        notes.add("isdoc.uuid", node, severity=Severity.WARNING, value=written)


def _subtype(root: Node, notes: Notes) -> None:
    kind, origin = root.one("SubDocumentType"), root.one("SubDocumentTypeOrigin")
    if (kind is None) != (origin is None):
        notes.add("isdoc.subtype", kind or origin)
    elif origin is not None and origin.text() not in SUBTYPE_ORIGINS:
        notes.add("isdoc.subtype-origin", origin, value=origin.text() or "-")


def _currency_codes(root: Node, notes: Notes) -> None:
    home, foreign = root.text("LocalCurrencyCode"), root.text("ForeignCurrencyCode")
    for name, code in (("LocalCurrencyCode", home), ("ForeignCurrencyCode", foreign)):
        if code is not None and not _CURRENCY.fullmatch(code):
            # Letters of the wrong case still name a currency; anything else ("Kč") names none.
            severity = None if _CURRENCY.fullmatch(code.upper()) else Severity.ERROR
            notes.add("isdoc.currency-code", root.one(name), severity=severity, name=name, value=code[:20])
    if home and foreign and home.upper() == foreign.upper():
        notes.add("isdoc.same-currency", root.one("ForeignCurrencyCode"), currency=home)


def _corrections(root: Node, values: Values) -> None:
    code = root.text("DocumentType")
    if code in CORRECTIONS:
        listed = root.one("OriginalDocumentReferences", "OriginalDocumentReference")
        reference = listed or root.one("OriginalDocumentReference")
        if reference is None or reference.text("ID") is None:
            notes = values.notes
            notes.add("isdoc.original-reference-missing", reference or root.one("OriginalDocumentReferences") or root)
    if code in CREDIT_NOTES:
        total = values.amount(root, "LegalMonetaryTotal", "TaxInclusiveAmount")
        if total is not None and total < 0:
            values.notes.add(
                "isdoc.negative-credit-note", root.one("LegalMonetaryTotal", "TaxInclusiveAmount"), total=total
            )


def _parents_of_amounts(root: Node) -> Iterator[Node]:
    yield from root.each("InvoiceLines", "InvoiceLine")
    yield from root.each("NonTaxedDeposits", "NonTaxedDeposit")
    yield from root.each("TaxedDeposits", "TaxedDeposit")
    yield from root.each("TaxTotal", "TaxSubTotal")
    for name in ("TaxTotal", "LegalMonetaryTotal"):
        yield from root.all(name)


def _twins(root: Node, values: Values) -> None:
    """Every amount of a document in foreign currency has its twin, and the two agree by the rate."""
    rate, units = values.amount(root, "CurrRate"), values.amount(root, "RefCurrRate") or Decimal(1)
    if rate is None or rate <= 0 or units <= 0:
        values.notes.add("isdoc.exchange-rate-missing", root.one("CurrRate") or root)
        rate = None
    terms = _terms(root)
    for parent in _parents_of_amounts(root):
        for name in [name for name in parent.children if name in TWINS]:
            home, stated = values.amount(parent, name), values.amount(parent, name + "Curr")
            if parent.text(name + "Curr") is None:
                needed = name in PAYABLE and home != 0
                severity = Severity.ERROR if needed else None
                values.notes.add("isdoc.currency-twin-missing", parent.one(name), severity=severity, name=name)
            elif rate is not None and home is not None and stated is not None:
                _agreement(
                    parent.one(name),
                    home,
                    stated,
                    rate / units,
                    values.notes,
                    terms=2 if parent.name == "InvoiceLine" else terms,
                )


def _terms(root: Node) -> int:
    """How many amounts, each rounded by itself, a total has at most: base and VAT of lines and advances, rounding."""
    holders = (
        ("InvoiceLines", "InvoiceLine"),
        ("TaxedDeposits", "TaxedDeposit"),
        ("NonTaxedDeposits", "NonTaxedDeposit"),
    )
    return 1 + 2 * sum(len(list(root.each(*path))) for path in holders)


def _agreement(node: Node | None, home: Decimal, stated: Decimal, rate: Decimal, notes: Notes, *, terms: int) -> None:
    # Each amount may have been rounded to hundredths in either currency.
    tolerance = (1 + rate) * Decimal("0.005") * terms + Decimal("0.001")
    if node is not None and abs(stated * rate - home) > tolerance:
        notes.add("isdoc.exchange-rate", node, name=node.name, home=home, foreign=stated, rate=rate.normalize())


def _no_twins(root: Node, values: Values) -> None:
    """A document in the home currency has the rate 1 and no amounts in another currency."""
    if root.text("ForeignCurrencyCode") is not None:
        return  # the same currency twice, noted before
    for name in ("CurrRate", "RefCurrRate"):
        rate = values.amount(root, name)
        if rate is not None and rate != 1:
            values.notes.add("isdoc.rate-not-one", root.one(name), name=name, value=rate)
    for parent in _parents_of_amounts(root):
        for name in parent.children:
            if name.endswith("Curr") and name.removesuffix("Curr") in TWINS:
                values.notes.add("isdoc.currency-twin-unexpected", parent.one(name), name=name)


def _vat_applicable(root: Node, notes: Notes) -> None:
    if root.flag("VATApplicable") is not False:
        return
    for line in root.each("InvoiceLines", "InvoiceLine"):
        category = line.one("ClassifiedTaxCategory")
        if category is not None and category.flag("VATApplicable"):
            notes.add("isdoc.vat-applicable", category.one("VATApplicable"))


def _references(root: Node, version: str | None, notes: Notes) -> None:
    """References of lines lead to a header reference of their kind; ids are unique (6.x; line ids from 6.0.2)."""
    for name, holder in _LINE_REFERENCES.items():
        known = _unique((node, node.element.get("id")) for node in root.each(holder, name))
        _note_repeated(known[1], "id", notes)
        for line in root.each("InvoiceLines", "InvoiceLine"):
            reference = line.one(name)
            target = reference.element.get("ref") if reference is not None else None
            if reference is not None and target not in known[0]:
                notes.add("isdoc.dangling-reference", reference, name=name, value=target or "-")
    if version not in ("6.0", "6.0.1"):
        lines = root.each("InvoiceLines", "InvoiceLine")
        _note_repeated(_unique((line, line.text("ID")) for line in lines)[1], "ID", notes)


def _unique(pairs: Iterator[tuple[Node, str | None]]) -> tuple[set[str], list[tuple[Node, str]]]:
    seen: set[str] = set()
    repeated = []
    for node, identifier in pairs:
        if identifier is not None and identifier in seen:
            repeated.append((node, identifier))
        elif identifier is not None:
            seen.add(identifier)
    return seen, repeated


def _note_repeated(repeated: list[tuple[Node, str]], name: str, notes: Notes) -> None:
    for node, identifier in repeated:
        notes.add("isdoc.repeated-identifier", node, name=f"{node.name}/{name}", value=identifier)


def _batches(line: Node, values: Values) -> None:
    batches = list(line.each("Item", "StoreBatches", "StoreBatch"))
    if not batches:
        return
    notes, quantity = values.notes, line.one("InvoicedQuantity")
    amounts = [values.amount(batch, "Quantity") for batch in batches]
    total = values.amount(line, "InvoicedQuantity")
    if None not in amounts and (total is not None or quantity is None):
        added = sum((amount for amount in amounts if amount is not None), Decimal(0))
        if added != total:
            notes.add("isdoc.batch-quantity", batches[0], added=added, total="-" if total is None else total)
    # A batch that names no unit is in the line's.
    unit = quantity.element.get("unitCode") if quantity is not None else None
    units = {node.element.get("unitCode", unit) for batch in batches if (node := batch.one("Quantity"))}
    if len(units) > 1 or (unit is not None and units - {unit}):
        notes.add("isdoc.batch-unit", batches[0], units=", ".join(sorted(str(one) for one in units)), unit=unit or "-")


def _identifications(line: Node, notes: Notes) -> None:
    item = line.one("Item")
    if item is None:
        return
    names = ["SellersItemIdentification", "SecondarySellersItemIdentification", "TertiarySellersItemIdentification"]
    for place, name in enumerate(names):
        if item.one(name) and not all(item.one(before) for before in names[:place]):
            notes.add("isdoc.item-identification", item.one(name), name=name, before=names[place - 1])


def _customer(root: Node, notes: Notes) -> None:
    if root.one("AccountingCustomerParty") is None and root.one("AnonymousCustomerParty") is None:
        notes.add("isdoc.missing-element", root, name="AccountingCustomerParty", parent=root.name)


def _advances(root: Node, values: Values) -> None:
    """An untaxed advance that was turned into a tax document is listed under that one only."""
    taxed = [
        (node.text("ID"), node.text("VariableSymbol"), values.amount(node, "TaxInclusiveDepositAmount"))
        for node in root.each("TaxedDeposits", "TaxedDeposit")
    ]
    for node in root.each("NonTaxedDeposits", "NonTaxedDeposit"):
        number, symbol = node.text("ID"), node.text("VariableSymbol")
        amount = values.amount(node, "DepositAmount")
        by_number = number is not None and any(number == one[0] for one in taxed)
        by_symbol = symbol is not None and any((symbol, amount) == one[1:] for one in taxed)
        if by_number or by_symbol:
            values.notes.add("isdoc.advance-twice", node, number=number or symbol)


def _tax_document(root: Node, notes: Notes) -> None:
    """What a document with VAT has: the day of taxable supply, and the number under which the supplier pays VAT."""
    if root.flag("VATApplicable") is False or root.text("DocumentType") not in TAX_DOCUMENTS:
        return
    if root.text("TaxPointDate") is None:
        notes.add("isdoc.tax-point-missing", root)
    supplier = root.one("AccountingSupplierParty", "Party")
    if supplier is not None and not any(scheme.text("CompanyID") for scheme in supplier.all("PartyTaxScheme")):
        notes.add("isdoc.vat-number-missing", supplier)


def _reverse_charge(root: Node, values: Values) -> None:
    """Lines and recapitulation agree on who pays the VAT, and where it is the customer, the supplier charges none."""
    lines = [line for line in root.each("InvoiceLines", "InvoiceLine") if _is_reverse(line)]
    rows = list(root.each("TaxTotal", "TaxSubTotal"))
    marked = [row for row in rows if (category := row.one("TaxCategory")) and category.flag("LocalReverseChargeFlag")]
    if rows and bool(lines) != bool(marked):
        values.notes.add("isdoc.reverse-charge", lines[0] if lines else marked[0])
    for part, name in [(line, "LineExtensionTaxAmount") for line in lines] + [(row, "TaxAmount") for row in marked]:
        vat = values.amount(part, name)
        if vat:
            values.notes.add("isdoc.reverse-charge-vat", part.one(name), name=name, vat=vat)


def _is_reverse(line: Node) -> bool:
    return line.one("ClassifiedTaxCategory", "LocalReverseCharge") is not None


def _several(root: Node, notes: Notes) -> None:
    """References of which the books have room for one."""
    names = ["OrderReference"] + (["OriginalDocumentReference"] if root.text("DocumentType") in CORRECTIONS else [])
    for name in names:
        holder = _LINE_REFERENCES[name]
        listed = list(root.each(holder, name))
        if len(listed) > 1:
            notes.add("isdoc.several-references", root.one(holder), name=name, count=len(listed))


def note_not_read(root: Node, notes: Notes) -> None:
    """Say what stays behind where the values of a document go out and not the document itself."""
    names = [path[-1] for path in NOT_READ if root.one(*path) is not None]
    lines = list(root.each("InvoiceLines", "InvoiceLine"))
    names += [f"InvoiceLine/{path[-1]}" for path in NOT_READ_OF_LINES if any(line.one(*path) for line in lines)]
    if names:
        notes.add("isdoc.not-read", root, names=", ".join(names))
