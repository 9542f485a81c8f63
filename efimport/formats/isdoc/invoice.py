"""An ISDOC element tree turned into an invoice. Source: ISDOC 6.0.2 specification, Invoice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from efimport.documents import ISSUED_KINDS, Invoice, Kind, Origin, Party
from efimport.formats.isdoc import arithmetic, parties, rules
from efimport.formats.isdoc.lines import lines
from efimport.formats.isdoc.node import Node, Notes, Values
from efimport.formats.isdoc.payment import payment
from efimport.formats.isdoc.totals import advances, vat_summary
from efimport.formats.isdoc.vocabulary import ADVANCE_INVOICE, CORRECTIONS, DOCUMENT_TYPES, ISSUED, RECEIVED
from efimport.formats.reading import Own


def invoice(root: Node, origin: Origin, family: str, own: Own, notes: Notes) -> Invoice:
    """The invoice, with everything noticed about it.

    Args:
        root: the root element.
        origin: where it comes from.
        family: ``5`` or ``6``, as the namespace says.
        own: who we are; decides whether it was issued or received.
        notes: what was noticed before.
    """
    home, foreign = _currencies(root)
    values = Values(notes, foreign=foreign is not None)
    read = _read(root, origin, own, values, home, foreign)
    rules.check(root, origin.version, family, values)
    if read.kind in ISSUED_KINDS:
        # A received document goes out itself; of one that we issued, its values do.
        rules.note_not_read(root, notes)
    arithmetic.check(root, values, home or "", foreign)
    return _with_findings(read, notes)


def _with_findings(read: Invoice, notes: Notes) -> Invoice:
    from msgspec.structs import replace

    return replace(read, findings=notes.findings)


def _currencies(root: Node) -> tuple[str | None, str | None]:
    """Home currency, and the document's currency where it is another one."""
    home, foreign = root.text("LocalCurrencyCode"), root.text("ForeignCurrencyCode")
    home, foreign = home.upper() if home else None, foreign.upper() if foreign else None
    return home, foreign if foreign != home else None


def _read(root: Node, origin: Origin, own: Own, values: Values, home: str | None, foreign: str | None) -> Invoice:
    code = root.text("DocumentType") or ""
    supplier = parties.supplier(root)
    terms = payment(root, values)
    totals = root.one("LegalMonetaryTotal")
    return Invoice(
        kind=_kind(code, root, supplier, own, values.notes),
        origin=origin,
        number=root.text("ID"),
        date=values.day(root, "IssueDate"),
        taxable_supply_date=values.day(root, "TaxPointDate"),
        due_date=terms.due_date,
        variable_symbol=terms.variable_symbol,
        constant_symbol=terms.constant_symbol,
        specific_symbol=terms.specific_symbol,
        original_number=_original_number(root) if code in CORRECTIONS else None,
        order_number=_of_order(root, "ExternalOrderID"),
        sales_order_number=_of_order(root, "SalesOrderID"),
        text=root.text("Note"),
        language=_language(root),
        currency=foreign or home,
        exchange_rate=values.amount(root, "CurrRate") if foreign else None,
        exchange_amount=(values.amount(root, "RefCurrRate") if foreign else None) or Decimal(1),
        home_currency=home if foreign else None,
        supplier=supplier,
        customer=parties.customer(root),
        delivery=parties.delivery(root),
        lines=lines(root, values),
        vat_summary=vat_summary(root, values),
        advances=advances(root, values),
        total_without_vat=values.money(totals, "TaxExclusiveAmount"),
        total_vat=values.money(root.one("TaxTotal"), "TaxAmount"),
        total_with_vat=values.money(totals, "TaxInclusiveAmount"),
        rounding=values.money(totals, "PayableRoundingAmount"),
        payable=values.money(totals, "PayableAmount"),
        payment_method=terms.method,
        payment_account=terms.account,
        vat_document=code != ADVANCE_INVOICE and root.flag("VATApplicable") is not False,
        signed=bool(root.all("Signature")),
        uuid=root.text("UUID"),
    )


def _kind(code: str, root: Node, supplier: Party | None, own: Own, notes: Notes) -> Kind:
    if code not in DOCUMENT_TYPES:
        notes.add("isdoc.document-type", root.one("DocumentType") or root, value=code or "-")
        return Kind.OTHER
    return (ISSUED if parties.is_ours(supplier, own) else RECEIVED)[code]


def _original_number(root: Node) -> str | None:
    """Number of the corrected document; 5.x has the reference without a list around it."""
    for reference in (*root.each("OriginalDocumentReferences", "OriginalDocumentReference"), *_bare_references(root)):
        number = reference.text("ID")
        if number is not None:
            return number
    return None


def _bare_references(root: Node) -> Iterator[Node]:
    """References without a list around them, of the header and of the lines (5.x)."""
    yield from root.all("OriginalDocumentReference")
    yield from _of_lines(root, "OriginalDocumentReference")


def _of_lines(root: Node, name: str) -> Iterator[Node]:
    for line in root.each("InvoiceLines", "InvoiceLine"):
        yield from line.all(name)


def _of_order(root: Node, name: str) -> str | None:
    """The first number of this kind: the customer's (ExternalOrderID) or the supplier's (SalesOrderID)."""
    references = (*root.each("OrderReferences", "OrderReference"), *_of_lines(root, "OrderReference"))
    return next((number for reference in references if (number := reference.text(name))), None)


def _language(root: Node) -> str | None:
    """Language of the document, as far as its note says one: the first part of the code (RFC 5646)."""
    note = root.one("Note")
    code = (note.element.get("languageID") or "").partition("-")[0].strip().lower() if note is not None else ""
    return code if len(code) == 2 and code.isalpha() else None
