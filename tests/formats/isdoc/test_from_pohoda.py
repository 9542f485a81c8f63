"""POHODA to ISDOC and back: the same amounts to the cent, valid by the published schema."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from efimport.documents import ISSUED_KINDS, Invoice
from efimport.formats import pohoda
from efimport.formats.isdoc.write import DOCUMENT_TYPES, write_isdoc
from efimport.formats.reading import Own, Reading
from efimport.formats.writing import CannotWriteError
from efimport.rounding import half_up
from efimport.sources import Source

V2 = "http://www.stormware.cz/schema/version_2/"
LEVELS = {"High": ("high", Decimal(21)), "Low": ("low", Decimal(12)), "None": ("none", Decimal(0))}
KINDS = ["issuedInvoice", "issuedCreditNotice", "issuedAdvanceInvoice", "receivedInvoice", "receivedCreditNotice",
         "receivedAdvanceInvoice", "issuedDebitNote", "receivedDebitNote"]  # fmt: skip
OURS, THEIRS = "12345679", "25596641"
PARTNER = (
    "<inv:partnerIdentity><typ:address><typ:company>Dílna s.r.o.</typ:company><typ:city>Brno</typ:city>"
    f"<typ:ico>{THEIRS}</typ:ico><typ:dic>CZ{THEIRS}</typ:dic></typ:address></inv:partnerIdentity>"
)


@st.composite
def packs(draw):
    """A pack with one invoice, in crowns or in a foreign currency, and its total with VAT."""
    kind = draw(st.sampled_from(KINDS))
    sign = -1 if "Credit" in kind and draw(st.booleans()) else 1
    foreign = draw(st.sampled_from([None, None, ("EUR", Decimal("25.175"), 1), ("HUF", Decimal("6.31"), 100)]))
    name = "foreignCurrency" if foreign else "homeCurrency"
    rows, items = {}, []
    for _ in range(draw(st.integers(1, 4))):
        level = draw(st.sampled_from(sorted(LEVELS)))
        word, rate = LEVELS[level]
        quantity = draw(st.sampled_from([Decimal(1), Decimal("2.5"), Decimal(3)]))
        price = draw(st.decimals(Decimal("1.00"), Decimal("9999.99"), places=2))
        base = half_up(quantity * price)
        vat = half_up(base * rate / 100)
        known = rows.get(level, (Decimal(0), Decimal(0)))
        rows[level] = (known[0] + sign * base, known[1] + sign * vat)
        items.append(
            f"<inv:invoiceItem><inv:text>Práce</inv:text><inv:quantity>{sign * quantity}</inv:quantity>"
            f"<inv:rateVAT>{word}</inv:rateVAT><inv:{name}><typ:unitPrice>{price}</typ:unitPrice>"
            f"<typ:price>{sign * base}</typ:price><typ:priceVAT>{sign * vat}</typ:priceVAT>"
            f"<typ:priceSum>{sign * (base + vat)}</typ:priceSum></inv:{name}></inv:invoiceItem>"
        )
    total = sum((base + vat for base, vat in rows.values()), Decimal(0))
    summary = _foreign(foreign, total) if foreign else _home(rows)
    content = (
        f'<dat:dataPack xmlns:dat="{V2}data.xsd" xmlns:inv="{V2}invoice.xsd" xmlns:typ="{V2}type.xsd" version="2.0" '
        f'id="P" ico="{OURS}" application="a" note="n"><dat:dataPackItem id="1" version="2.0">'
        f'<inv:invoice version="2.0"><inv:invoiceHeader><inv:invoiceType>{kind}</inv:invoiceType><inv:number>'
        "<typ:numberRequested>2026001</typ:numberRequested></inv:number><inv:symVar>0026</inv:symVar>"
        "<inv:originalDocument>FV-7</inv:originalDocument>"
        "<inv:date>2026-01-31</inv:date><inv:dateTax>2026-01-31</inv:dateTax><inv:dateDue>2026-02-14</inv:dateDue>"
        f"{PARTNER}</inv:invoiceHeader><inv:invoiceDetail>{''.join(items)}</inv:invoiceDetail>"
        f"<inv:invoiceSummary>{summary}</inv:invoiceSummary></inv:invoice></dat:dataPackItem></dat:dataPack>"
    )
    return content.encode(), total


def _home(rows):
    words = []
    for level, (base, vat) in rows.items():
        words.append(f"<typ:price{level}>{base}</typ:price{level}>")
        if level != "None":
            words.append(f"<typ:price{level}VAT>{vat}</typ:price{level}VAT>")
            words.append(f"<typ:price{level}Sum>{base + vat}</typ:price{level}Sum>")
    return f"<inv:homeCurrency>{''.join(words)}</inv:homeCurrency>"


def _foreign(foreign, total):
    code, rate, amount = foreign
    return (
        f"<inv:foreignCurrency><typ:currency><typ:ids>{code}</typ:ids></typ:currency><typ:rate>{rate}</typ:rate>"
        f"<typ:amount>{amount}</typ:amount><typ:priceSum>{total}</typ:priceSum></inv:foreignCurrency>"
    )


def rates_of(invoice, sign):
    """Base and VAT by rate, of lines and of the recapitulation."""
    found = {}
    for row in invoice.vat_summary:
        base, vat = found.get(row.rate, (Decimal(0), Decimal(0)))
        found[row.rate] = (base + sign * (row.base or 0), vat + sign * (row.vat or 0))
    return {rate: amounts for rate, amounts in found.items() if any(amounts)}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(pack=packs())
def test_amounts_are_the_same_to_the_cent_on_the_way_through_isdoc(read_one, official, pack):
    content, total = pack
    (first,) = pohoda.read(Source("a.xml", content), Reading(Own(registration_number=OURS)))
    assert first.payable == total
    written = write_isdoc(first)
    schema = official("6.0.2/isdoc-invoice-6.0.2.xsd")
    assert schema.validate(etree.fromstring(written)), schema.error_log
    issuer = (first.supplier.registration_number if first.supplier else None) or "-"
    second = read_one(written, "a.isdoc", Own(registration_number=issuer if first.kind in ISSUED_KINDS else "-"))
    sign = -1 if "credit" in first.kind and total < 0 else 1
    assert (second.number, second.date, second.variable_symbol) == (first.number, first.date, first.variable_symbol)
    assert (second.currency, second.payable) == (first.currency, sign * total)
    assert [(line.total_without_vat, line.vat, line.vat_rate) for line in second.lines] == [
        (sign * line.total_without_vat, sign * line.vat, line.vat_rate) for line in first.lines
    ]
    if first.vat_summary:
        assert rates_of(second, 1) == rates_of(first, sign)
    mismatches = {"isdoc.total-mismatch", "isdoc.rounding", "isdoc.rounding-missing", "isdoc.exchange-rate"}
    assert mismatches.isdisjoint(one.code for one in second.findings)


def test_public_packs_become_valid_documents(shared, official):
    """What a pack holds of kinds that ISDOC knows, with a number and a date, is valid when it is written."""
    schema = official("6.0.2/isdoc-invoice-6.0.2.xsd")
    count = 0
    for path in sorted(shared("corpus/pohoda").rglob("*.xml")):
        for item in pohoda.read(Source(path.name, path.read_bytes()), Reading()):
            if not isinstance(item, Invoice) or item.kind not in DOCUMENT_TYPES:
                continue
            try:
                content = write_isdoc(item)
            except CannotWriteError:
                assert not (item.number and item.date), path.name
                continue
            assert schema.validate(etree.fromstring(content)), (path.name, schema.error_log)
            count += 1
    assert count > 100
