"""Records of POHODA XML: partners of the address book, cards of the stock; and documents that are only named.

Source: POHODA XML, addressbook.xsd, stock.xsd, bank.xsd, voucher.xsd, intDoc.xsd, prodejka.xsd.
"""

from __future__ import annotations

import datetime as dt
import re

from efimport.documents import BankAccount, Kind, Origin, OtherDocument, Partner, Party, Product
from efimport.formats.pohoda.fields import Block, Notes, number
from efimport.formats.pohoda.home import home
from efimport.formats.pohoda.party import bank_account, deliveries, partner
from efimport.formats.pohoda.rates import law

_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)


def is_deletion(document: Block) -> bool:
    """Whether a record asks for another record to be deleted."""
    return "delete" in document.block("actionType")


def read_partner(document: Block, origin: Origin, notes: Notes) -> Partner:
    """A record of the address book."""
    header = document.block("addressbookHeader")
    identity = header.block("identity")
    party = partner(identity) or Party()
    if party == Party() or party.reference_only:
        notes.add("pohoda.missing", header.element, name="identity/address")
    fields = {name: getattr(party, name) for name in Party.__struct_fields__}
    fields["code"] = header.text("number") or header.block("number").text("numberRequested") or party.code
    fields["email"] = header.text("email") or party.email
    fields["phone"] = header.text("phone") or header.text("mobil") or party.phone
    days = number(header.text("maturity"))
    return Partner(
        origin=origin,
        party=Party(**fields),
        delivery=deliveries(identity),
        bank_accounts=_accounts(document.block("addressbookAccount")),
        payment_days=int(days) if days is not None else None,
        note=header.text("note"),
        homepage=header.text("web"),
        is_supplier=header.flag("p1") if "p1" in header else None,
        is_customer=header.flag("p2") if "p2" in header else None,
        findings=tuple(notes.findings),
    )


def _accounts(block: Block) -> tuple[BankAccount, ...]:
    found = []
    for item in block.blocks("accountItem"):
        account = bank_account(item, "accountNumber")
        if account is not None:
            found.append((not item.flag("defaultAccount"), account))
    return tuple(account for _, account in sorted(found, key=lambda pair: pair[0]))


def read_product(document: Block, origin: Origin, notes: Notes, *, site: str | None, today: dt.date | None) -> Product:
    """A card of the stock.

    Args:
        document: the element ``stock``.
        origin: where it came from.
        notes: where to note what is wrong.
        site: site of our own books.
        today: day whose VAT rates hold; None for the newest ones known.
    """
    header = document.block("stockHeader")
    for name in ("code", "name"):
        if header.text(name) is None:
            notes.add("pohoda.missing", header.element, name=name)
    books = home(header, Block(None, notes), today, site)
    level = header.text("sellingRateVAT")
    stated = number(header.attribute("sellingRateVAT", "value"))
    by_law = number("0") if level == "none" else law(books.country, today).get(level or "")
    return Product(
        origin=origin,
        code=header.text("code"),
        name=header.text("name"),
        description=header.text("description") or header.text("nameComplement"),
        ean=header.text("EAN"),
        unit=header.text("unit"),
        vat_rate=stated if stated is not None else by_law,
        vat_level=level,
        purchase_price=header.amount("purchasingPrice"),
        sales_price=header.amount("sellingPrice"),
        sales_price_includes_vat=header.attribute("sellingPrice", "payVAT") in ("true", "1"),
        currency=books.currency,
        product_type=header.text("stockType"),
        note=header.text("note"),
        findings=tuple(notes.findings),
    )


def read_other(document: Block, origin: Origin, notes: Notes) -> OtherDocument:
    """A document that no call takes, with its number and day where they stand at the usual places."""
    header = document.block(f"{document.name}Header")
    day = next((text for name in ("date", "dateStatement", "datePayment") if (text := header.text(name))), None)
    numbers = (header.block("number").text("numberRequested"), header.text("number"))
    return OtherDocument(
        origin=origin,
        kind=Kind.OTHER,
        name=document.name,
        number=next((text for text in numbers if text), None),
        date=header.day(_name_of_day(header)) if day and _DAY.match(day) else None,
        findings=tuple(notes.findings),
    )


def _name_of_day(header: Block) -> str:
    return next(name for name in ("date", "dateStatement", "datePayment") if header.text(name))
