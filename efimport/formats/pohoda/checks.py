"""What can be wrong with a document of POHODA XML that its model no longer shows.

What the model alone shows (sums of a recapitulation, check digits, order of days, numbers used twice) is checked for
all formats alike elsewhere. Here are the rules of the format: lengths, code lists, levels, and the sums by level.
Source: POHODA XML, type.xsd and invoice.xsd.
"""

from __future__ import annotations

import re
import sys
import tomllib
from decimal import Decimal
from functools import lru_cache
from importlib import resources

from lxml import etree

from efimport.documents import Kind
from efimport.findings import Severity
from efimport.formats.pohoda.fields import Block, number, plain_name
from efimport.formats.pohoda.lines import ZERO, Amounts, DetailLine
from efimport.formats.pohoda.rates import CENT, HUNDRED, Rates, bucket_fields, is_historical, plain_level
from efimport.messages import message

_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);")
_STRIPPED = frozenset({"ids", "numberRequested", "symVar", "symConst", "symSpec", "ico", "dic", "icDph", "code", "EAN"})
_GUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-")
SHORT = 8
"""Texts of at most so many characters are within all limits of ``limits.toml`` but those of its table ``short``."""
SPACE = " \t\r\n"
TAXED = ("high", "low", "third")
ONE = Decimal(1)
_CREDIT_NOTES = (Kind.ISSUED_CREDIT_NOTE, Kind.RECEIVED_CREDIT_NOTE)
_RECEIVED = (Kind.RECEIVED_INVOICE, Kind.RECEIVED_CREDIT_NOTE, Kind.RECEIVED_DEBIT_NOTE)


@lru_cache(maxsize=1)
def limits() -> dict[str, dict[str, int]]:
    """Longest texts by parent and name; ``any`` for every parent."""
    text = (resources.files("efimport.formats.pohoda") / "limits.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=4096)
def limit_of(parent: str, tag: str) -> int | None:
    """Longest text of an element inside another, both with their namespaces; None where there is no limit."""
    name = plain_name(tag)
    inside = limits().get(plain_name(parent), {})
    return inside.get(name, limits()["any"].get(name))


@lru_cache(maxsize=4096)
def shortest_limit(tag: str) -> int:
    """The shortest limit that an element of this name has anywhere."""
    name = plain_name(tag)
    tables = [table for area, table in limits().items() if area != "short"]
    return min((table[name] for table in tables if name in table), default=sys.maxsize)


def check_short_codes(header: Block) -> None:
    """The codes whose limit is so low that the walk over all texts passes them by."""
    for name, limit in limits()["short"].items():
        text = header.raw(name)
        if text is not None and len(text) > limit:
            header.notes.add("pohoda.too-long", header.child(name), name=name, length=len(text), limit=limit)


def check_texts(document: Block) -> None:
    """Lengths, white space inside codes, and texts that were escaped twice, over the whole document."""
    if document.element is None:
        return
    for element in document.element.iter():
        text = element.text
        # Most texts are short, or the indentation between elements; both must cost next to nothing here.
        if not text:
            continue
        if text[0] in SPACE or text[-1] in SPACE:
            if not text.isspace():
                _check_text(document, element, text)
        elif len(text) > SHORT and (len(text) > shortest_limit(element.tag) or "&" in text):
            _check_text(document, element, text)


def _check_text(document: Block, element: etree._Element, text: str) -> None:
    parent = element.getparent()
    limit = limit_of(parent.tag, element.tag) if parent is not None else None
    name = plain_name(element.tag)
    if limit is not None and len(text) > limit:
        document.notes.add("pohoda.too-long", element, name=name, length=len(text), limit=limit)
    if name in _STRIPPED and text != text.strip():
        document.notes.add("pohoda.white-space", element, name=name)
    if "&" in text and _ESCAPED.search(text):
        document.notes.add("pohoda.escaped-twice", element, value=text[:60])


def check_invoice(
    document: Block,
    kind: Kind,
    lines: list[DetailLine],
    rates: Rates,
    *,
    foreign: bool,
    payable: Decimal | None,
) -> None:
    """The rules for an invoice.

    Args:
        document: the element ``invoice``.
        kind: what it is.
        lines: its lines.
        rates: its rates.
        foreign: whether its amounts are in foreign currency.
        payable: payable amount as read.
    """
    header, summary = document.block("invoiceHeader"), document.block("invoiceSummary")
    check_short_codes(header)
    _check_presence(header, kind)
    _check_partner(header)
    _check_symbol(header)
    _check_classification(header)
    _check_state(document, header, payable)
    _check_sign(header, kind, payable)
    if not lines:
        code = "pohoda.summary-only" if summary else "pohoda.no-amounts"
        document.notes.add(code, summary.element)
    elif foreign:
        _check_foreign_sum(summary.block("foreignCurrency"), lines)
    else:
        _check_line_sums(summary, lines)
    if not foreign:
        _check_buckets(summary.block("homeCurrency"), rates)
        if "MOSS" not in header:
            _check_rates(summary.block("homeCurrency"), lines, rates)


def _check_presence(header: Block, kind: Kind) -> None:
    notes = header.notes
    number_block = header.block("number")
    if number_block.text("numberRequested") is None:
        series = number_block.text("ids")
        if series is not None:
            notes.add("pohoda.number-series", number_block.element, value=series)
        else:
            notes.add("pohoda.missing", header.element, name="number/numberRequested")
    for name in ("date", "text"):
        if header.text(name) is None:
            notes.add("pohoda.missing", header.element, name=name)
    if kind in _RECEIVED and header.text("originalDocument") is None:
        notes.add("pohoda.supplier-number-missing", header.element)


def _check_partner(header: Block) -> None:
    identity = header.block("partnerIdentity")
    address = identity.block("address")
    if any(address.text(name) for name in address.names if name != "id"):
        return
    code = identity.text("id") or address.text("id") or identity.block("extId").text("ids")
    if code is not None:
        header.notes.add("pohoda.partner-reference", identity.element, value=code)
    else:
        header.notes.add("pohoda.missing", header.element, name="partnerIdentity")


def _check_symbol(header: Block) -> None:
    symbol = header.text("symVar")
    if symbol is None:
        return
    if _GUID.match(symbol):
        header.notes.add("pohoda.symbol-guid", header.child("symVar"), value=symbol)
    elif not (symbol.isascii() and symbol.isdigit()):
        header.notes.add("pohoda.symbol-letters", header.child("symVar"), value=symbol)


def _check_classification(header: Block) -> None:
    text = header.text("classificationVAT")
    if text is not None and header.reference("classificationVAT") is None:
        header.notes.add("pohoda.classification-text", header.child("classificationVAT"), value=text)


def _check_state(document: Block, header: Block, payable: Decimal | None) -> None:
    if "storno" in header or "cancelDocument" in document:
        document.notes.add("pohoda.cancelled", header.child("storno"))
    open_amount = number(header.block("liquidation").text("amountHome"))
    if open_amount is not None and payable is not None and ZERO < open_amount < payable:
        document.notes.add("pohoda.part-paid", header.child("liquidation"), open=open_amount, payable=payable)
    created = [name for name in ("links", "correctiveDocument", "cancelDocument") if name in document]
    if created and "invoiceDetail" not in document and "invoiceSummary" not in document:
        document.notes.add("pohoda.lines-elsewhere", document.child(created[0]))
    for files in document.block("attachments").blocks("files"):
        for file in files.blocks("file"):
            document.notes.add("pohoda.attachment-elsewhere", file.element, name=file.text("name") or "")


def _check_sign(header: Block, kind: Kind, payable: Decimal | None) -> None:
    """The program itself writes the amounts of credit notes below nothing; other producers do not."""
    if kind in _CREDIT_NOTES and payable is not None and payable > 0:
        header.notes.add("pohoda.credit-note-positive", header.child("invoiceType"), payable=payable)


def _check_line_sums(summary: Block, lines: list[DetailLine]) -> None:
    """Lines against the recapitulation, level by level."""
    home = summary.block("homeCurrency")
    if not any(name.startswith("price") for name in home.names):
        return
    by_level: dict[str, list[DetailLine]] = {}
    for one in lines:
        by_level.setdefault(plain_level(one.level), []).append(one)
    loose = summary.text("roundingVAT") not in (None, "none", "noneEveryRate") or summary.text("calculateVAT") == "true"
    for level in TAXED:
        own = by_level.get(level, [])
        base_name, vat_name, sum_name = bucket_fields(level)
        base, vat = number(home.text(base_name)), number(home.text(vat_name))
        if base is None and sum_name in home:
            continue
        tolerance = CENT * max(1, len(own))
        _compare(home, base_name, base, _sum(own, "net"), tolerance)
        if vat is not None:
            _compare(home, vat_name, vat, _sum(own, "vat"), ONE if loose else tolerance)
    _check_untaxed(home, by_level.get("none", []))


def _check_untaxed(home: Block, untaxed: list[DetailLine]) -> None:
    """The untaxed part, which may hold the deductions of advances or not, and a residue of rounding."""
    stated = number(home.text("priceNone"))
    net, without = _sum(untaxed, "net"), _sum([one for one in untaxed if one.advance is None], "net")
    if net is None or without is None or abs((stated or ZERO) - net) <= ONE:
        return
    _compare(home, "priceNone", stated, without, ONE)


def _sum(lines: list[DetailLine], amount: str) -> Decimal | None:
    total = ZERO
    for one in lines:
        value: Decimal | None = getattr(one.amounts, amount)
        if value is None:
            if one.amounts.unit_price is not None or one.amounts.net is not None:
                return None
            continue
        total += value
    return total


def _compare(home: Block, name: str, stated: Decimal | None, computed: Decimal | None, tolerance: Decimal) -> None:
    if computed is None or abs((stated or ZERO) - computed) <= tolerance:
        return
    if stated is None and home.text(name):
        # Something stands there that is no number, and has been told as such.
        return
    element = home.child(name)
    home.notes.add(
        "pohoda.lines-mismatch",
        element if element is not None else home.element,
        name=name,
        stated=stated if stated is not None else message("nothing"),
        computed=computed,
    )


def _check_foreign_sum(foreign: Block, lines: list[DetailLine]) -> None:
    stated = number(foreign.text("priceSum"))
    if all(one.amounts == Amounts() for one in lines):
        return
    net, vat = _sum(lines, "net"), _sum(lines, "vat")
    if stated is None or net is None or vat is None:
        return
    items = [one for one in lines if one.line is not None]
    without_deductions = (_sum(items, "net") or ZERO) + (_sum(items, "vat") or ZERO)
    tolerance = max(Decimal(1), CENT * len(lines))
    if min(abs(stated - net - vat), abs(stated - without_deductions)) > tolerance:
        foreign.notes.add(
            "pohoda.lines-mismatch", foreign.child("priceSum"), name="priceSum", stated=stated, computed=net + vat
        )


def _check_buckets(home: Block, rates: Rates) -> None:
    """Base, VAT and sum of each level; a sum with VAT where the base belongs is a known fault of producers."""
    for level in TAXED:
        base_name, vat_name, sum_name = bucket_fields(level)
        if base_name not in home:
            continue
        base, vat, total = (number(home.text(name)) for name in (base_name, vat_name, sum_name))
        if base is None or vat is None:
            continue
        if total is not None and abs(base + vat - total) > CENT:
            home.notes.add(
                "pohoda.total-mismatch", home.child(sum_name), name=sum_name, stated=total, computed=base + vat
            )
        rate = rates.of_law(level)
        if rate is None or abs(vat) < 1:
            continue
        inside = base * rate / (HUNDRED + rate)
        if abs(inside - vat) <= CENT * 5 and abs(base * rate / HUNDRED - vat) > CENT * 5:
            home.notes.add(
                "pohoda.gross-as-base", home.child(base_name), severity=Severity.ERROR, name=base_name, value=base
            )


def _check_rates(home: Block, lines: list[DetailLine], rates: Rates) -> None:
    """A recapitulation whose VAT is neither the law's nor explained: no stated percentage, no historical line."""
    explained = {plain_level(one.level) for one in lines if is_historical(one.level)}
    for level in TAXED:
        base_name, vat_name, _ = bucket_fields(level)
        base, vat = number(home.text(base_name)), number(home.text(vat_name))
        shown, lawful = rates.of_level(level), rates.of_law(level)
        if level in explained or not base or not vat or shown is None or lawful in (None, shown):
            continue
        if home.attribute(vat_name, "rate") is None and abs(base * lawful / HUNDRED - vat) > ONE:
            home.notes.add(
                "pohoda.rate-unusual", home.child(vat_name), name=vat_name, level=level, shown=shown, lawful=lawful
            )
