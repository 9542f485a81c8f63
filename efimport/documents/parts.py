"""What invoices and orders are made of: lines, recapitulation, advances, attached files."""

from __future__ import annotations

from decimal import Decimal

import msgspec


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an invoice or an order.

    Attributes:
        position: ordinal of the line, from 1.
        description: text of the line.
        product_code: code of the product or stock item, where the line names one.
        ean: bar code.
        quantity: default 1 where the source has amounts and no quantity.
        unit: unit of measure as written.
        unit_price: price of one unit, document currency; with or without VAT as ``price_includes_vat`` says.
        price_includes_vat: whether ``unit_price`` includes VAT.
        discount_percent: discount of the line in percent.
        vat_rate: VAT in percent; None where it cannot be told.
        vat_level: level that the source names instead of a percentage (``high``, ``low``, ``third``, ``none``).
        total_without_vat, vat, total_with_vat: of the line, discount applied, document currency.
        vat_classification: code of the VAT treatment in the system that wrote the document.
        reverse_charge: whether the customer pays the VAT.
        reverse_charge_code: code of the goods under reverse charge.
        stock_item: whether the line moves a stock item.
        account: general ledger account or accounting code.
        note: note of the line.
        control_report_classification: code or section of the VAT control report, as the system that wrote it calls it.
        vat_country: ISO 3166 code of the country whose VAT is charged, where that is not the issuer's (OSS).
        cost_centre: code of the cost centre.
        service_elements: elements of the service's own format that the source gives by their names there.
    """

    position: int
    description: str | None = None
    product_code: str | None = None
    ean: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    price_includes_vat: bool = False
    discount_percent: Decimal | None = None
    vat_rate: Decimal | None = None
    vat_level: str | None = None
    total_without_vat: Decimal | None = None
    vat: Decimal | None = None
    total_with_vat: Decimal | None = None
    vat_classification: str | None = None
    reverse_charge: bool = False
    reverse_charge_code: str | None = None
    stock_item: bool = False
    account: str | None = None
    note: str | None = None
    control_report_classification: str | None = None
    vat_country: str | None = None
    cost_centre: str | None = None
    service_elements: dict[str, str] = {}


class VatSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One rate of the VAT recapitulation, document currency.

    Attributes:
        rate: VAT in percent; None where it cannot be told.
        level: level that the source names (``high``, ``low``, ``third``, ``none``).
        base: amount without VAT.
        vat: VAT.
        total: amount with VAT.
        already_claimed_base, already_claimed_vat: part taxed before on advances.
        reverse_charge: whether the customer pays the VAT.
    """

    rate: Decimal | None = None
    level: str | None = None
    base: Decimal | None = None
    vat: Decimal | None = None
    total: Decimal | None = None
    already_claimed_base: Decimal | None = None
    already_claimed_vat: Decimal | None = None
    reverse_charge: bool = False


class Advance(msgspec.Struct, frozen=True, kw_only=True):
    """An advance that the document deducts.

    Attributes:
        number: number of the advance invoice or of the tax document on payment.
        variable_symbol: variable symbol of the advance.
        amount: amount with VAT that is deducted, positive, document currency.
        base: the part without VAT, where the advance was taxed.
        vat_rate: VAT in percent, where the advance was taxed.
        taxed: whether VAT was paid on the advance.
    """

    number: str | None = None
    variable_symbol: str | None = None
    amount: Decimal | None = None
    base: Decimal | None = None
    vat_rate: Decimal | None = None
    taxed: bool = False


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file that belongs to a document: its picture (``visualization``) or a supplement.

    Attributes:
        name: file name.
        content: the bytes.
        media_type: ``application/pdf`` and the like; None where unknown.
        visualization: whether it is the document as people read it.
    """

    name: str
    content: bytes
    media_type: str | None = None
    visualization: bool = False

    def __repr__(self) -> str:
        return f"Attachment({self.name!r}, {len(self.content)} bytes)"
