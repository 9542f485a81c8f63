"""Whatever an invoice holds is written where ISDOC has room for it, reads back the same, and the rest is told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from efimport.documents import ISSUED_KINDS, Address, Advance, Attachment, BankAccount, Kind, Line, Party, VatSummary
from efimport.findings import Severity
from efimport.formats.isdoc.write import DOCUMENT_TYPES, lost, write_isdoc
from efimport.formats.reading import Own
from efimport.formats.writing import CannotWriteError
from efimport.rounding import half_up

CENTS = st.decimals(Decimal("1.00"), Decimal("9999.99"), places=2)
RATES = st.sampled_from([Decimal(0), Decimal(12), Decimal(21)])
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=15).map(
    lambda text: " ".join(text.split()) or "x"
)
LACKS = {"isdoc.tax-point-missing", "isdoc.vat-number-missing", "isdoc.original-reference-missing"}
"""What the source does not say, no writer can."""
SUPPLIER = Party(
    name="Lípa s.r.o.",
    registration_number="12345679",
    vat_id="CZ12345679",
    code="L1",
    email="lipa@lipa.example",
    phone="+420 555 111 222",
    contact="Jana Malá",
    address=Address(street="Lipová 7", city="Žďár", postal_code="59101", country="CZ"),
)
CUSTOMER = Party(name="Buk a.s.", registration_number="25596641", vat_id="SK2020123456", tax_number="2020123456")
STORE = Party(name="Buk, sklad", address=Address(street="Buková 1", city="Brno", country="CZ"))


@st.composite
def lines(draw, position, sign):
    quantity, price = draw(st.sampled_from([Decimal(1), Decimal("2.5"), Decimal(4)])), draw(CENTS)
    rate, inclusive = draw(RATES), draw(st.booleans())
    reverse = draw(st.integers(0, 5)) == 0
    discount = draw(st.sampled_from([None, None, Decimal(10), Decimal("12.5")]))
    amount = sign * half_up(quantity * price * (1 - (discount or Decimal(0)) / 100))
    factor = 1 + rate / 100
    base = half_up(amount / factor) if inclusive and not reverse else amount
    vat = Decimal(0) if reverse else amount - base if inclusive else half_up(base * rate / 100)
    return Line(
        position=position,
        description=draw(WORDS),
        product_code=draw(st.sampled_from([None, "0308"])),
        ean=draw(st.sampled_from([None, "0859000000013"])),
        quantity=sign * quantity,
        unit=draw(st.sampled_from([None, "ks"])),
        unit_price=price,
        price_includes_vat=inclusive,
        discount_percent=discount,
        vat_rate=rate,
        total_without_vat=base,
        vat=vat,
        total_with_vat=base + vat,
        reverse_charge=reverse,
        reverse_charge_code="4" if reverse else None,
        note=draw(st.sampled_from([None, "poznámka"])),
    )


def recapitulation(found):
    rows = {}
    for line in found:
        base, vat = rows.get((line.vat_rate, line.reverse_charge), (Decimal(0), Decimal(0)))
        rows[line.vat_rate, line.reverse_charge] = base + line.total_without_vat, vat + line.vat
    return tuple(
        VatSummary(rate=rate, base=base, vat=vat, total=base + vat, reverse_charge=reverse)
        for (rate, reverse), (base, vat) in rows.items()
    )


def advances_of(draw, rows):
    """Taxed advances of half of a rate, and an untaxed one."""
    taxed = []
    for place, row in enumerate(rows):
        if draw(st.booleans()) and not row.reverse_charge and row.base > 2:
            base, vat = half_up(row.base / 2), half_up(row.vat / 2)
            advance = Advance(
                number=f"DZ{place}", variable_symbol=f"8{place}", amount=base + vat, base=base, vat_rate=row.rate,
                taxed=True,
            )  # fmt: skip
            taxed.append(advance)
    untaxed = [Advance(number="ZL1", variable_symbol="99", amount=Decimal("0.50"))] if draw(st.booleans()) else []
    return (*taxed, *untaxed)


@st.composite
def invoices(draw, invented):
    kind = draw(st.sampled_from(sorted(DOCUMENT_TYPES)))
    credit = "credit" in kind
    sign = draw(st.sampled_from([1, -1])) if credit else 1
    found = tuple(draw(lines(place, sign)) for place in range(1, draw(st.integers(1, 4)) + 1))
    rows = recapitulation(found)
    advances = () if credit else advances_of(draw, rows)
    base, vat = (sum((getattr(row, name) for row in rows), Decimal(0)) for name in ("base", "vat"))
    rounding = draw(st.sampled_from([None, Decimal("0.37"), Decimal("-0.50")]))
    foreign = draw(st.sampled_from([None, None, ("EUR", "25.175", "1"), ("HUF", "6.31", "100")]))
    currency = {"currency": draw(st.sampled_from(["CZK", "EUR"])), "home_currency": None}
    if foreign:
        currency = {"currency": foreign[0], "home_currency": "CZK", "exchange_rate": Decimal(foreign[1])}
        currency["exchange_amount"] = Decimal(foreign[2])
    text = draw(st.one_of(st.none(), WORDS))
    return invented.invoice(
        "a.xml",
        kind=kind,
        format="pohoda",
        number=draw(st.sampled_from(["2026/7", "0007", "FV-1"])),
        taxable_supply_date=draw(st.sampled_from([None, dt.date(2026, 1, 14)])),
        due_date=dt.date(2026, 2, 1),
        variable_symbol=draw(st.sampled_from([None, "0012"])),
        constant_symbol=draw(st.sampled_from([None, "0308"])),
        specific_symbol=draw(st.sampled_from([None, "77"])),
        original_number="2025001" if "note" in kind else None,
        order_number=draw(st.sampled_from([None, "OV-1"])),
        sales_order_number=draw(st.sampled_from([None, "OP-1"])),
        text=text,
        language=draw(st.sampled_from([None, "cs"])) if text else None,
        supplier=SUPPLIER,
        customer=CUSTOMER,
        delivery=draw(st.sampled_from([None, STORE])),
        lines=found,
        vat_summary=rows if draw(st.booleans()) else (),
        advances=advances,
        total_without_vat=base,
        total_vat=vat,
        total_with_vat=base + vat,
        rounding=rounding,
        payable=base + vat + (rounding or 0) - sum((one.amount for one in advances), Decimal(0)),
        payment_method=draw(st.sampled_from(["cash", "cheque", "transfer", "card", "direct-debit", "set-off"])),
        payment_account=draw(
            st.sampled_from([None, BankAccount(number="19-2000145399", bank_code="0800", bic="GIBACZPX")])
        ),
        vat_document=draw(st.booleans()) if "advance" not in kind else False,
        uuid="0E8E6E4C-5F7B-4B4B-9B8B-2F3C7A3B6E10",
        **currency,
    )


@pytest.fixture
def back(read_one):
    """The document as it is read again by its issuer, or by who received it."""

    def back(content, kind):
        ours = kind in ISSUED_KINDS or kind == Kind.ISSUED_DEBIT_NOTE
        return read_one(content, "a.isdoc", Own(registration_number="12345679" if ours else "25596641"))

    return back


PROPERTY = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@PROPERTY
@given(data=st.data())
def test_whatever_is_written_is_valid_by_the_published_schema_and_clean_by_our_rules(invented, official, back, data):
    invoice = data.draw(invoices(invented))
    content = write_isdoc(invoice)
    schema = official("6.0.2/isdoc-invoice-6.0.2.xsd")
    assert schema.validate(etree.fromstring(content)), schema.error_log
    found = back(content, invoice.kind).findings
    assert {one.code for one in found if one.severity is not Severity.INFO} - LACKS == set()
    assert [(loss.field, loss.value) for loss in lost(invoice)] == [
        ("discount_percent", str(line.discount_percent))
        for line in invoice.lines
        if invoice.home_currency and line.discount_percent
    ]


@PROPERTY
@given(data=st.data())
def test_what_is_written_reads_back_the_same(invented, back, data):
    invoice = data.draw(invoices(invented))
    read = back(write_isdoc(invoice), invoice.kind)
    assert read.kind is invoice.kind
    for name in (
        "number", "date", "taxable_supply_date", "due_date", "variable_symbol", "constant_symbol", "specific_symbol",
        "original_number", "order_number", "sales_order_number", "text", "language", "currency", "home_currency",
        "exchange_rate", "exchange_amount", "supplier", "customer", "delivery", "payment_method", "payment_account",
        "vat_document", "uuid",
    ):  # fmt: skip
        assert (name, getattr(read, name)) == (name, getattr(invoice, name))
    # The type of a credit note says that it lowers the debt; its amounts say how much.
    sign = -1 if "credit" in invoice.kind and invoice.total_with_vat < 0 else 1
    for name in ("total_without_vat", "total_vat", "total_with_vat", "payable"):
        assert (name, getattr(read, name)) == (name, sign * getattr(invoice, name))
    assert read.rounding == sign * (invoice.rounding or 0)
    assert read.advances == invoice.advances
    rows = invoice.vat_summary or recapitulation(invoice.lines)
    assert [(row.rate, row.base, row.vat, row.reverse_charge) for row in read.vat_summary] == [
        (row.rate, sign * row.base, sign * row.vat, row.reverse_charge) for row in rows
    ]
    for line, written in zip(read.lines, invoice.lines, strict=True):
        for name in ("quantity", "total_without_vat", "vat", "total_with_vat"):
            assert (name, getattr(line, name)) == (name, sign * getattr(written, name))
        for name in (
            "position", "description", "product_code", "ean", "unit", "price_includes_vat", "vat_rate",
            "reverse_charge", "reverse_charge_code", "note",
        ):  # fmt: skip
            assert (name, getattr(line, name)) == (name, getattr(written, name))
        if invoice.home_currency is None:
            assert line.unit_price == written.unit_price


def test_a_discount_of_a_line_is_written_with_what_the_line_would_be_without_it(invented, back):
    line = invented.line(unit_price=Decimal(125), discount_percent=Decimal(20))
    (read,) = back(write_isdoc(invented.invoice(lines=(line,))), Kind.ISSUED_INVOICE).lines
    assert (read.unit_price, read.discount_percent, read.total_without_vat) == (125, 20, 100)


def test_a_discount_of_the_whole_is_taken_from_the_lines(invented, back):
    invoice = invented.invoice(
        discount_percent=Decimal(10),
        lines=(invented.line(),),
        vat_summary=(),
        **dict.fromkeys(("total_without_vat", "total_vat", "total_with_vat", "payable")),
    )
    read = back(write_isdoc(invoice), invoice.kind)
    assert (read.lines[0].total_without_vat, read.lines[0].discount_percent, read.payable) == (90, 10, Decimal("108.9"))


def test_introduction_and_text_share_the_note(invented, back):
    content = write_isdoc(invented.invoice(introduction="Dobrý den,", text="děkujeme."))
    assert back(content, Kind.ISSUED_INVOICE).text == "Dobrý den,\nděkujeme."


@pytest.mark.parametrize(("language", "kept"), [("cs", True), ("en-GB", True), ("č", False), ("cs_CZ", False)])
def test_a_language_that_has_no_code_is_lost(invented, official, language, kept):
    invoice = invented.invoice(text="a", language=language)
    assert official("6.0.2/isdoc-invoice-6.0.2.xsd").validate(etree.fromstring(write_isdoc(invoice)))
    assert [loss.field for loss in lost(invoice)] == ([] if kept else ["language"])
    assert [loss.field for loss in lost(msgspec.structs.replace(invoice, text=None))] == ["language"]


def test_a_payment_in_cash_needs_no_account(invented, back, official):
    content = write_isdoc(invented.invoice(payment_method="cash", due_date=None, payment_account=None))
    assert official("6.0.2/isdoc-invoice-6.0.2.xsd").validate(etree.fromstring(content))
    read = back(content, Kind.ISSUED_INVOICE)
    assert (read.payment_method, read.due_date, read.payment_account) == ("cash", None, None)


@pytest.mark.parametrize("uuid", ["", "7", "00000000-0000-0000-0000-000000000000", "{0E8E6E4C-5F7B-4B4B-9B8B}"])
def test_an_identifier_that_is_none_is_replaced_and_told(invented, back, uuid):
    invoice = invented.invoice(uuid=uuid)
    assert back(write_isdoc(invoice), invoice.kind).findings == ()
    assert [loss.field for loss in lost(invoice)] == (["uuid"] if uuid else [])


def test_lines_of_one_position_are_numbered_anew(invented, back):
    invoice = invented.invoice(lines=(invented.line(7), invented.line(7)), vat_summary=(), payable=Decimal(242))
    read = back(write_isdoc(invoice), invoice.kind)
    assert [line.position for line in read.lines] == [1, 2]
    assert not [one for one in read.findings if one.code == "isdoc.repeated-identifier"]


def test_a_unit_may_hold_what_xml_cannot(invented, back):
    invoice = invented.invoice(lines=(invented.line(unit="k\x00s"),))
    assert back(write_isdoc(invoice), invoice.kind).lines[0].unit == "ks"


@pytest.mark.parametrize("rate", [Decimal(0), Decimal(-1)])
def test_a_rate_that_is_none_makes_no_foreign_document(invented, back, rate):
    invoice = invented.invoice(currency="EUR", home_currency="CZK", exchange_rate=rate)
    read = back(write_isdoc(invoice), invoice.kind)
    assert (read.currency, read.home_currency, read.payable) == ("EUR", None, 121)
    nothing = invented.invoice(currency="EUR", exchange_rate=Decimal(25), exchange_amount=Decimal(0))
    assert back(write_isdoc(nothing), nothing.kind).payable == 121


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"number": "\x00 "}, "number and a date"),
        ({"currency": "Kč"}, "Kč is no code"),
        ({"lines": (Line(position=1, total_without_vat=Decimal(1), vat_level="high"),)}, "not known in percent"),
        (
            {"vat_summary": (VatSummary(base=Decimal(100), vat=Decimal(21)),)},
            "not known in percent",
        ),
    ],
)
def test_what_could_only_be_guessed_is_not_written(invented, fields, words):
    for call in (write_isdoc, lost):
        with pytest.raises(CannotWriteError, match=words):
            call(invented.invoice(**fields))


def test_a_base_of_a_taxed_advance_is_worked_out_from_its_rate(invented, back):
    advance = Advance(number="D1", amount=Decimal("60.50"), vat_rate=Decimal(21), taxed=True)
    invoice = invented.invoice(advances=(advance,), payable=Decimal("60.50"))
    assert back(write_isdoc(invoice), invoice.kind).advances[0].base == 50


def test_advances_that_only_the_payable_amount_knows_are_claimed(invented, back):
    advance = Advance(number="D1", amount=Decimal("60.50"), base=Decimal(50), vat_rate=Decimal(21), taxed=True)
    invoice = invented.invoice(advances=(advance,), payable=Decimal("60.50"))
    read = back(write_isdoc(invoice), invoice.kind)
    assert read.findings == ()
    assert (read.vat_summary[0].base, read.vat_summary[0].already_claimed_base, read.rounding) == (100, 50, 0)


def test_a_row_whose_lines_are_all_under_reverse_charge_is_marked(invented, back):
    line = invented.line(reverse_charge=True, vat=Decimal(0), total_with_vat=Decimal(100))
    row = invented.summary(vat="0", total="100.00")
    totals = {"total_vat": Decimal(0), "total_with_vat": Decimal(100), "payable": Decimal(100)}
    invoice = invented.invoice(lines=(line,), vat_summary=(row,), **totals)
    read = back(write_isdoc(invoice), invoice.kind)
    assert (read.findings, read.vat_summary[0].reverse_charge) == ((), True)


# What is lost

FIELDS = {
    "internal_number": "2",
    "accounting_date": dt.date(2026, 1, 1),
    "control_report_date": dt.date(2026, 1, 1),
    "quote_number": "N1",
    "place_of_issue": "Brno",
    "supply_end_date": dt.date(2026, 1, 1),
    "receival_date": dt.date(2026, 1, 1),
    "vat_classification": "UD",
    "control_report_classification": "A4",
    "vat_country": "SK",
    "cost_centre": "S1",
    "delivery_method": "kurýr",
    "warehouse": "H",
    "cancelled": True,
    "signed": True,
    "attachments": (Attachment(name="a.pdf", content=b"%PDF"),),
    "service_elements": {"a": "b"},
    "original_number": "X",
    "payment_method": "barter",
    "total_with_vat": Decimal(5),
}


@pytest.mark.parametrize("field", FIELDS)
def test_what_has_no_room_is_told(invented, field):
    assert [loss.field for loss in lost(invented.invoice(**{field: FIELDS[field]}))] == [field]
    assert lost(invented.invoice()) == ()


def test_a_payable_amount_that_its_parts_do_not_make_is_told(invented):
    assert [loss.field for loss in lost(invented.invoice(payable=Decimal(500)))] == ["payable"]
    assert lost(invented.invoice(payable=Decimal("121.60"))) == ()


def test_what_parties_accounts_and_lines_lose_is_told_with_its_place(invented):
    party = msgspec.structs.replace(SUPPLIER, mobile="777", address=Address(street="a", addition="sklad"))
    line = invented.line(3, account="504000", stock_item=True)
    account = BankAccount(iban="CZ6508000000192000145399", currency="CZK")
    losses = lost(invented.invoice(supplier=party, lines=(line,), payment_account=account))
    assert [(loss.position, loss.field, loss.value) for loss in losses] == [
        (None, "supplier.mobile", "777"),
        (None, "supplier.address.addition", "sklad"),
        (None, "payment_account.currency", "CZK"),
        (3, "stock_item", "True"),
        (3, "account", "504000"),
    ]
