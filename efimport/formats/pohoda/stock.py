"""Cards of the stock of POHODA XML as products.

Source: POHODA XML, stock.xsd, versions 2.0 and 2.1: ``@payVAT`` tells whether a price includes VAT; without it prices
are without VAT. The price levels of ``stockPriceItem`` stand beside the selling price of the card.
"""

from __future__ import annotations

from decimal import Decimal

from efimport.documents import Origin, Product
from efimport.formats.pohoda.fields import Block, Notes, number
from efimport.formats.pohoda.home import Known, home
from efimport.formats.pohoda.lines import check_repeated
from efimport.formats.pohoda.rates import HUNDRED, LEVELS, cents
from efimport.formats.pohoda.texts import check_short_codes
from efimport.formats.pohoda.unread import note_unread
from efimport.mappings import rates_in_force

_DESCRIPTIONS = ("description", "description2", "nameComplement")
"""Texts beside the name; the first that is there is the description."""
_MONTHS = {"month": 1, "year": 12}
_DAYS = {"day": 1, "hour": 24}
"""Units of a warranty shorter than a month, by how many of them make a day."""
DAYS_OF_MONTH = 30


def read_product(document: Block, origin: Origin, notes: Notes, known: Known) -> Product:
    """A card of the stock; its rates are those of the newest law known.

    Args:
        document: the element ``stock``.
        origin: where it came from.
        notes: where to note what is wrong.
        known: what is known besides the document.
    """
    header = document.block("stockHeader")
    check_short_codes(header)
    check_repeated(document, header)
    for name in ("stockType", "code", "name"):
        if header.text(name) is None:
            notes.add("pohoda.missing", header.element, name=name)
    books = home(header, Block(None, notes), None, known)
    rates = rates_in_force(books.country, None, known.codes)
    prices = document.block("stockPriceItem")
    if prices:
        count = len(list(prices.blocks("stockPrice")))
        notes.add("pohoda.price-levels", prices.element, count=count)
    description = next((name for name in _DESCRIPTIONS if header.text(name)), "")
    note_unread(document, header, description)
    return Product(
        origin=origin,
        code=header.text("code"),
        name=header.text("name"),
        description=header.text(description),
        ean=header.text("EAN"),
        unit=header.text("unit"),
        vat_rate=_rate(header, "sellingRateVAT", rates),
        vat_level=header.text("sellingRateVAT"),
        purchase_price=_purchase_price(header, rates),
        sales_price=header.amount("sellingPrice"),
        sales_price_includes_vat=_includes_vat(header, "sellingPrice"),
        currency=books.currency,
        product_type=header.text("stockType"),
        group=header.reference("storage"),
        brand=header.text("producer"),
        weight=header.amount("mass"),
        minimal_stock=header.amount("limitMin"),
        warranty_months=_warranty(header),
        serial_numbers=header.flag("isSerialNumber") or header.flag("isBatch"),
        active=header.flag("isSales") if "isSales" in header else None,
        online=header.flag("isInternet") if "isInternet" in header else None,
        note=header.text("note"),
        findings=tuple(notes.findings),
    )


def _rate(header: Block, name: str, rates: dict[str, Decimal]) -> Decimal | None:
    """The percentage of a level: stated beside it, else by the law."""
    level = header.text(name)
    if level is not None and level not in LEVELS:
        header.notes.add("pohoda.rate-level", header.child(name), value=level)
    stated = number(header.attribute(name, "value"))
    if stated is not None and 0 <= stated <= HUNDRED:
        return stated
    return Decimal(0) if level == "none" else rates.get(level or "")


def _includes_vat(header: Block, name: str) -> bool:
    return (header.attribute(name, "payVAT") or "").strip().lower() in ("true", "1")


def _purchase_price(header: Block, rates: dict[str, Decimal]) -> Decimal | None:
    """The purchase price without VAT; one that includes it is turned, or told where its rate is not known."""
    price = header.amount("purchasingPrice")
    if price is None or not _includes_vat(header, "purchasingPrice"):
        return price
    rate = _rate(header, "purchasingRateVAT", rates)
    net = cents(price * HUNDRED / (HUNDRED + rate)) if rate is not None else None
    place = header.child("purchasingPrice")
    if net is None:
        header.notes.add("pohoda.purchase-rate-unknown", place, price=price)
    else:
        header.notes.add("pohoda.purchase-price-gross", place, price=price, net=net)
    return net


def _warranty(header: Block) -> int | None:
    """The warranty in whole months; None for one without an end, and for one shorter than a month."""
    length, unit = header.amount("guarantee"), header.text("guaranteeType")
    if length is None or length <= 0 or unit is None:
        return None
    if unit in _MONTHS:
        return int(length * _MONTHS[unit])
    if unit in _DAYS:
        return int(length / _DAYS[unit] / DAYS_OF_MONTH) or None
    return None
