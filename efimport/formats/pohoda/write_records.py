"""Partners and products that are written.

Source: POHODA XML, addressbook.xsd (addressbookHeaderType, accountItemType), stock.xsd (stockHeaderType).
"""

from __future__ import annotations

import msgspec

from efimport.documents import Partner, Party, Product
from efimport.formats.pohoda.levels import Levels, country_of_books
from efimport.formats.pohoda.write_party import write_account_number, write_partner_identity
from efimport.formats.pohoda.written import Branch, apart, note_unwritten
from efimport.formats.writing import CannotWriteError
from efimport.messages import message

STOCK_TYPES = ("card", "text", "service", "package", "set", "product")
CARD = "card"
_MOST_DAYS = 32_767
_NO_ROOM_PARTNER = ("invoicing", "legal_form", "service_elements")
_NO_ROOM_PRODUCT = ("catalogue_code", "service_elements")


def write_partner(item: Branch, partner: Partner) -> None:
    """A record of the address book.

    Raises:
        CannotWriteError: its code is longer than the format allows.
    """
    element = item.inside("adb", "addressbook", version="2.0")
    header = element.inside("adb", "addressbookHeader")
    party = partner.party
    # Phone and mail of the record itself stand outside of its address.
    seat = msgspec.structs.replace(_named(partner), code=None, phone=None, mobile=None, fax=None, email=None)
    write_partner_identity(header, "adb", "identity", seat, list(partner.delivery))
    for name, value, field in (
        ("phone", party.phone, "phone"),
        ("mobil", party.mobile, "mobile"),
        ("fax", party.fax, "fax"),
        ("email", party.email, "email"),
        ("web", partner.homepage, "homepage"),
    ):
        header.text("adb", name, value, field)
    if partner.payment_days is not None and 0 <= partner.payment_days <= _MOST_DAYS:
        header.leaf("adb", "maturity", partner.payment_days)
    else:
        note_unwritten(partner, ("payment_days",), item.losses)
    if party.code:
        header.inside("adb", "number").identifier("typ", "numberRequested", party.code, "code")
    header.leaf("adb", "p1", partner.is_supplier)
    header.leaf("adb", "p2", partner.is_customer)
    header.paragraph("adb", "note", partner.note)
    _write_accounts(element, partner)
    note_unwritten(partner, _NO_ROOM_PARTNER, item.losses)
    for name in ("customer_code", "supplier_code"):
        if getattr(partner, name) not in (None, party.code):
            note_unwritten(partner, (name,), item.losses)


def _named(partner: Partner) -> Party:
    """The party with its names where the format has them: a person has no firm, a firm has a contact person."""
    party = partner.party
    full_name = " ".join(part for part in (partner.first_name, partner.last_name) if part) or None
    if partner.is_person:
        return msgspec.structs.replace(party, name=None, contact=party.name or party.contact or full_name)
    return msgspec.structs.replace(party, contact=party.contact or full_name)


def _write_accounts(element: Branch, partner: Partner) -> None:
    accounts = apart("adb", "addressbookAccount", element.losses)
    for position, account in enumerate(partner.bank_accounts):
        item = apart("adb", "accountItem", element.losses)
        if not write_account_number(item, "adb", "accountNumber", account):
            continue
        item.text("adb", "bankName", account.bank_name, "bank_name")
        if position == 0 and len(partner.bank_accounts) > 1:
            item.leaf("adb", "defaultAccount", True)
        note_unwritten(account, ("currency",), element.losses)
        accounts.kept(item)
    element.kept(accounts)


def write_product(item: Branch, product: Product, home_currency: str) -> None:
    """A card of the stock, whose prices are in the currency of the books.

    Raises:
        CannotWriteError: it has no code, its code is longer than the format allows, or its prices are in another
            currency.
    """
    if product.currency not in (None, home_currency):
        raise CannotWriteError(
            message("The prices are in {currency}; the format has prices in home currency.", currency=product.currency)
        )
    element = item.inside("stk", "stock", version="2.0")
    header = element.inside("stk", "stockHeader")
    _write_kind(header, product)
    _write_rate(header, product, home_currency)
    header.text("stk", "name", product.name or product.description, "name")
    header.code("stk", "unit", product.unit, "unit")
    header.reference("stk", "storage", product.group, "group")
    header.leaf("stk", "purchasingPrice", product.purchase_price)
    gross = {"payVAT": "true"} if product.sales_price_includes_vat else {}
    header.leaf("stk", "sellingPrice", product.sales_price, **gross)
    header.leaf("stk", "limitMin", product.minimal_stock)
    header.leaf("stk", "mass", product.weight)
    if product.warranty_months is not None:
        header.leaf("stk", "guaranteeType", "month")
        header.leaf("stk", "guarantee", product.warranty_months)
    header.text("stk", "producer", product.brand, "brand")
    header.paragraph("stk", "description", product.description)
    header.paragraph("stk", "note", product.note)
    note_unwritten(product, _NO_ROOM_PRODUCT, item.losses)


def _write_kind(header: Branch, product: Product) -> None:
    kind = product.product_type
    if kind is not None and kind not in STOCK_TYPES:
        note_unwritten(product, ("product_type",), header.losses)
    header.leaf("stk", "stockType", kind if kind in STOCK_TYPES else CARD)
    header.identifier("stk", "code", product.code, "code")
    header.code("stk", "EAN", product.ean, "ean")
    header.leaf("stk", "isSales", product.active)
    if product.serial_numbers:
        header.leaf("stk", "isSerialNumber", True)
    header.leaf("stk", "isInternet", product.online)


def _write_rate(header: Branch, product: Product, home_currency: str) -> None:
    """The level of the rate; one that is none of the law's has its percentage beside it, as exports do."""
    rate = product.vat_rate
    level = Levels(country_of_books(home_currency), None, [rate]).of(rate, product.vat_level)
    if level is not None:
        header.leaf("stk", "sellingRateVAT", level, **({"value": f"{rate:f}"} if rate is not None else {}))
