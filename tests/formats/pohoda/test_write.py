"""Writing POHODA XML: valid by the published schema, and the same to the cent when it is read back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from efimport.documents import Address, Advance, BankAccount, Invoice, Kind, Party
from efimport.findings import Finding
from efimport.formats import pohoda
from efimport.formats.pohoda.write import lost, write_pohoda
from efimport.formats.pohoda.write_invoice import INVOICE_TYPES
from efimport.formats.reading import Own, Reading
from efimport.formats.writing import CannotWriteError
from efimport.sources import Source
from tests.formats.invoices_strategy import CREDIT_NOTES, consistent_invoices

D = Decimal


@pytest.fixture(scope="module")
def judge():
    """The published schema of 2026, where it lies beside the project."""
    from pathlib import Path

    path = Path(__file__).resolve().parents[3].parent / "shared" / "schemas" / "pohoda" / "data.xsd"
    if not path.is_file():
        pytest.skip("the published schema is not at hand")
    schema = etree.XMLSchema(etree.parse(str(path)))

    def judge(content):
        schema.validate(etree.fromstring(content))
        return [f"{error.line}: {error.message}" for error in schema.error_log]

    return judge


def read(content: bytes, own: Own | None = None) -> list:
    found = list(pohoda.read(Source("a.xml", content), Reading(own)))
    assert [each for each in found if isinstance(each, Finding)] == []
    return found


def again(document, **arguments):
    (back,) = read(write_pohoda([document], **arguments))
    return back


def text(content: bytes, name: str) -> str | None:
    found = etree.fromstring(content).find(f".//{{*}}{name}")
    return None if found is None else found.text


def amounts(document: Invoice, sign: int = 1) -> tuple:
    totals = (document.total_without_vat, document.total_vat, document.total_with_vat, document.payable)
    return tuple(sign * one for one in totals)


# The pack


def test_a_pack_is_in_windows_1250_and_keeps_every_letter(invented):
    content = write_pohoda([invented.invoice(text="Žluťoučký kůň – 漢字 ☃")])
    assert content.startswith(b'<?xml version="1.0" encoding="Windows-1250"?>')
    assert "Žluťoučký".encode("windows-1250") in content
    assert b"&#9731;" in content
    (back,) = read(content)
    assert back.text == "Žluťoučký kůň – 漢字 ☃"


def test_the_same_documents_make_the_same_bytes_and_others_another_pack(invented):
    one = write_pohoda([invented.invoice()])
    assert one == write_pohoda([invented.invoice()])
    other = write_pohoda([invented.invoice(number="2026002")])
    assert etree.fromstring(one).get("id") != etree.fromstring(other).get("id")


def test_documents_of_all_agendas_share_a_pack_in_their_order(invented, judge):
    given = [invented.partner(), invented.product(), invented.order(), invented.invoice()]
    content = write_pohoda(given)
    assert judge(content) == []
    assert [document.kind for document in read(content)] == [document.kind for document in given]


@pytest.mark.parametrize(
    ("arguments", "ico"), [({}, None), ({"own": "27082440"}, "27082440"), ({"own": "1" * 16}, None)]
)
def test_the_pack_is_for_the_firm_that_is_named(invented, arguments, ico):
    assert etree.fromstring(write_pohoda([invented.invoice()], **arguments)).get("ico") == ico


def test_the_firm_that_all_documents_name_is_the_one_of_the_pack(invented):
    one, other = (invented.invoice(own_registration_number=number) for number in ("27082440", "25596641"))
    assert etree.fromstring(write_pohoda([one, one])).get("ico") == "27082440"
    assert etree.fromstring(write_pohoda([one, other])).get("ico") is None


def test_nothing_cannot_be_written():
    with pytest.raises(CannotWriteError):
        write_pohoda([])


@pytest.mark.parametrize("name", ["statement", "file"])
def test_what_has_no_agenda_cannot_be_written(invented, name):
    document = getattr(invented, name)()
    for refuse in (lost, lambda each: write_pohoda([each])):
        with pytest.raises(CannotWriteError, match="invoices, orders, partners and products"):
            refuse(document)


# Invoices


@pytest.mark.parametrize("kind", list(INVOICE_TYPES))
def test_each_kind_is_written_and_read_as_itself(invented, judge, kind):
    content = write_pohoda([invented.invoice(kind=kind, format="isdoc")])
    assert judge(content) == []
    (back,) = read(content)
    assert (back.kind, back.number) == (kind, "2026001")


@pytest.mark.parametrize("kind", [Kind.TAX_DOCUMENT_ON_PAYMENT, Kind.OTHER])
def test_a_kind_that_pohoda_does_not_know_cannot_be_written(invented, kind):
    with pytest.raises(CannotWriteError, match="kind"):
        write_pohoda([invented.invoice(kind=kind)])


@pytest.mark.parametrize("kind", CREDIT_NOTES)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_credit_note_is_written_below_nothing_whatever_its_sign(invented, kind, sign):
    line = invented.line(
        quantity=D(sign), total_without_vat=D(100) * sign, vat=D(21) * sign, total_with_vat=D(121) * sign
    )
    row = invented.summary(str(100 * sign), str(21 * sign), str(121 * sign))
    document = invented.invoice(
        kind=kind, lines=(line,), vat_summary=(row,), total_without_vat=D(100) * sign, total_vat=D(21) * sign,
        total_with_vat=D(121) * sign, payable=D(121) * sign,
    )  # fmt: skip
    back = again(document)
    assert amounts(back) == (-100, -21, -121, -121)
    assert "pohoda.credit-note-positive" not in [each.code for each in back.findings]


FIELDS = {
    "internal_number": "PF26001",
    "accounting_date": dt.date(2026, 1, 16),
    "control_report_date": dt.date(2026, 1, 17),
    "variable_symbol": "0012",
    "constant_symbol": "0308",
    "specific_symbol": "007",
    "order_number": "E-7",
    "sales_order_number": "26OP3",
    "introduction": "Dodali jsme vám",
    "text": "Děkujeme\nza zaplacení",
    "payment_method": "draft",
    "vat_classification": "UD",
    "control_report_classification": "A4",
    "vat_country": "DE",
    "cost_centre": "BRNO",
    "delivery_method": "PPL",
    "own_registration_number": "12345679",
    "uuid": "3f2a91c4-77b5-4d0e-9a53-2f3c7a3b6e10",
    "payment_account": BankAccount(number="19-2000145399", bank_code="0800"),
    "cancelled": True,
}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (kind, name)
        for kind in (Kind.ISSUED_INVOICE, Kind.RECEIVED_INVOICE)
        for name in sorted(FIELDS)
        if kind is Kind.RECEIVED_INVOICE or name != "internal_number"
    ],
)
def test_a_field_of_an_invoice_is_written_and_read(invented, judge, kind, name):
    fields = {"introduction": "Nad řádky", "text": "Pod nimi"} | {name: FIELDS[name]}
    document = invented.invoice(kind=kind, **fields)
    content = write_pohoda([document])
    assert judge(content) == []
    (back,) = read(content)
    assert getattr(back, name) == FIELDS[name]
    assert lost(document) == ()


def test_parties_and_delivery_are_written_and_read(invented, judge):
    customer = msgspec.structs.replace(
        invented.CUSTOMER, contact="Jana Nová", mobile="777", fax="55", code="AD7", vat_registered=True,
        address=msgspec.structs.replace(invented.CUSTOMER.address, addition="Nákup"),
    )  # fmt: skip
    delivery = Party(
        name="Sklad", phone="1", email="s@x.example", contact="Petr", address=Address(city="Zlín", country="SK")
    )
    document = invented.invoice(customer=customer, delivery=delivery)
    content = write_pohoda([document])
    assert judge(content) == []
    (back,) = read(content)
    assert (back.customer, back.delivery, back.supplier) == (customer, delivery, invented.US)


@pytest.mark.parametrize(
    "party",
    [
        Party(name="a", vat_id="SK2020105428", tax_number="2020105428"),
        Party(name="a", vat_id="SK2020105428"),
        Party(name="a", vat_id="CZ25596641"),
        Party(name="a", tax_number="2020105428"),
        Party(name="a", vat_id="DE123456789", tax_number="12/345/6789"),
    ],
    ids=str,
)
def test_the_numbers_of_a_party_keep_their_meaning(invented, party):
    assert again(invented.invoice(customer=party)).customer == party


def test_a_partner_known_by_its_code_alone_stays_a_reference(invented):
    back = again(invented.invoice(customer=Party(code="77", reference_only=True)))
    assert (back.customer.code, back.customer.reference_only) == ("77", True)


@pytest.mark.parametrize(
    ("method", "written"),
    [
        ("transfer", "draft"),
        ("card", "creditcard"),
        ("cash", "cash"),
        ("cash-on-delivery", "delivery"),
        ("PayU", "PayU"),
    ],
)
def test_the_method_of_payment_is_one_of_the_list_or_the_firms_own_word(invented, judge, method, written):
    content = write_pohoda([invented.invoice(payment_method=method)])
    assert judge(content) == []
    (back,) = read(content)
    assert back.payment_method == written


@pytest.mark.parametrize("kind", [Kind.ISSUED_INVOICE, Kind.RECEIVED_INVOICE])
@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (BankAccount(iban="CZ6508000000192000145399", bic="GIBACZPX"), None),
        (
            BankAccount(iban="CZ6508000000192000145399"),
            BankAccount(iban="CZ6508000000192000145399", bank_code="0800"),
        ),
        (BankAccount(number="19-2000145399", bank_code="0800"), None),
        (BankAccount(iban="DE89370400440532013000", bic="COBADEFFXXX"), None),
    ],
)
def test_an_account_is_written_with_its_bank(invented, judge, kind, account, expected):
    content = write_pohoda([invented.invoice(kind=kind, payment_account=account)])
    assert judge(content) == []
    (back,) = read(content)
    assert back.payment_account == (expected or account)


def test_an_account_of_somebody_else_without_a_bank_is_left_out_and_told(invented, judge):
    document = invented.invoice(kind=Kind.RECEIVED_INVOICE, payment_account=BankAccount(number="123"))
    assert judge(write_pohoda([document])) == []
    assert [each.field for each in lost(document)] == ["payment_account"]
    assert again(document).payment_account is None


def test_a_text_is_always_there_because_pohoda_demands_one(invented):
    assert text(write_pohoda([invented.invoice()]), "text") == "Práce"
    assert text(write_pohoda([invented.invoice(lines=())]), "text") == "2026001"


def test_a_text_too_long_for_its_place_goes_into_the_note_in_full(invented, judge):
    document = invented.invoice(text="slovo " * 60)
    content = write_pohoda([document])
    assert judge(content) == []
    (back,) = read(content)
    assert back.text == document.text.strip()
    assert lost(document) == ()


def test_what_is_too_long_is_cut_and_told(invented, judge):
    line = invented.line(description="ž" * 91, unit="kilogramové", note="n" * 100)
    customer = msgspec.structs.replace(invented.CUSTOMER, name="N" * 300)
    document = invented.invoice(lines=(line,), customer=customer, variable_symbol="1" * 21)
    content = write_pohoda([document])
    assert judge(content) == []
    (back,) = read(content)
    assert (back.lines[0].description, back.lines[0].unit, back.variable_symbol) == ("ž" * 90, None, None)
    assert {(each.position, each.field) for each in lost(document)} == {
        (None, "variable_symbol"), (None, "name"), (1, "description"), (1, "unit"), (1, "note"),
    }  # fmt: skip


def test_a_number_is_never_cut(invented):
    with pytest.raises(CannotWriteError, match="no room"):
        write_pohoda([invented.invoice(number="1" * 33)])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quote_number", "N1"), ("place_of_issue", "Brno"), ("supply_end_date", dt.date(2026, 1, 20)),
        ("receival_date", dt.date(2026, 1, 20)), ("language", "cs"), ("signed", True),
        ("warehouse", "A"), ("service_elements", {"status": "draft"}),
    ],
)  # fmt: skip
def test_what_the_format_has_no_room_for_is_told(invented, field, value):
    assert [each.field for each in lost(invented.invoice(**{field: value}))] == [field]


def test_signs_that_xml_cannot_hold_are_left_out(invented, judge):
    content = write_pohoda([invented.invoice(text="a\x00\x0b\ufffe\ud800b <&> č", introduction=None)])
    assert judge(content) == []
    (back,) = read(content)
    assert back.text == "ab <&> č"


# Amounts


def test_a_document_without_lines_keeps_its_recapitulation(invented, judge):
    rows = (invented.summary(), invented.summary("50.00", "6.00", "56.00", "12"), invented.summary("9", "0", "9", "0"))
    document = invented.invoice(
        lines=(), vat_summary=rows, total_without_vat=D(159), total_vat=D(27), total_with_vat=D(186), payable=D(186)
    )
    content = write_pohoda([document])
    assert judge(content) == []
    (back,) = read(content)
    assert (back.lines, amounts(back)) == ((), (159, 27, 186, 186))
    assert {(row.rate, row.base, row.vat) for row in back.vat_summary} == {(21, 100, 21), (12, 50, 6), (0, 9, 0)}


def test_a_recapitulation_is_made_of_the_lines_where_there_is_none(invented):
    back = again(invented.invoice(vat_summary=(), payable=None))
    assert [(row.rate, row.base, row.vat) for row in back.vat_summary] == [(21, 100, 21)]
    assert back.payable == 121


def test_an_amount_that_neither_lines_nor_vat_explain_cannot_be_written(invented):
    with pytest.raises(CannotWriteError, match="neither lines nor VAT"):
        write_pohoda([invented.invoice(lines=(), vat_summary=())])


def test_a_rate_that_nobody_knows_cannot_be_written(invented):
    with pytest.raises(CannotWriteError, match="rate"):
        write_pohoda([invented.invoice(lines=(invented.line(vat_rate=None),))])


def test_a_line_keeps_all_that_it_says(invented, judge):
    line = invented.line(
        quantity=D("2.5"), unit="hod", unit_price=D("121.00"), price_includes_vat=True, discount_percent=D("10"),
        total_without_vat=D("225.00"), vat=D("47.25"), total_with_vat=D("272.25"), note="pozn", product_code="0308",
        ean="8590000000017", stock_item=True, account="3Fv", vat_classification="UD", cost_centre="P1",
        control_report_classification="B2", vat_level="high",
    )  # fmt: skip
    row = invented.summary("225.00", "47.25", "272.25")
    document = invented.invoice(
        lines=(line,), vat_summary=(row,), warehouse="HLAVNI", total_without_vat=D(225), total_vat=D("47.25"),
        total_with_vat=D("272.25"), payable=D("272.25"),
    )  # fmt: skip
    content = write_pohoda([document])
    assert judge(content) == []
    (back,) = read(content, Own(site="CZ"))
    assert back.lines == (line,)
    assert (back.warehouse, lost(document)) == ("HLAVNI", ())


def test_a_discount_of_the_whole_is_taken_from_the_lines(invented, judge):
    row = invented.summary("90.00", "18.90", "108.90")
    document = invented.invoice(
        discount_percent=D(10), vat_summary=(row,), total_without_vat=D(90), total_vat=D("18.90"),
        total_with_vat=D("108.90"), payable=D("108.90"),
    )  # fmt: skip
    content = write_pohoda([document])
    assert judge(content) == []
    (back,) = read(content)
    assert (back.lines[0].discount_percent, back.lines[0].total_with_vat, back.findings) == (10, D("108.90"), ())
    order = again(invented.order(discount_percent=D(10), total=D("108.90")))
    assert (order.total, order.lines[0].total_with_vat) == (D("108.90"), D("108.90"))


def test_a_bar_code_of_a_line_that_moves_no_stock_is_told(invented):
    assert [each.field for each in lost(invented.invoice(lines=(invented.line(ean="8590000000017"),)))] == ["ean"]


def test_reverse_charge_is_written_and_read(invented, judge):
    line = invented.line(reverse_charge=True, reverse_charge_code="4", vat=D(0), total_with_vat=D(100))
    row = invented.summary("100.00", "0.00", "100.00", reverse_charge=True)
    content = write_pohoda(
        [invented.invoice(lines=(line,), vat_summary=(row,), total_vat=D(0), total_with_vat=D(100), payable=D(100))]
    )
    assert judge(content) == []
    (back,) = read(content)
    assert (back.lines[0].reverse_charge, back.vat_summary[0].reverse_charge, back.payable) == (True, True, 100)
    assert back.lines[0].reverse_charge_code == "4"


def test_a_taxed_advance_that_the_recapitulation_states_as_claimed_is_taken_off(invented, judge):
    row = invented.summary(already_claimed_base=D(50), already_claimed_vat=D("10.50"))
    advance = Advance(number="D1", amount=D("60.50"), base=D(50), vat_rate=D(21), taxed=True)
    content = write_pohoda([invented.invoice(vat_summary=(row,), advances=(advance,), payable=D("60.50"))])
    assert judge(content) == []
    (back,) = read(content)
    assert (back.advances, back.payable, back.findings) == ((advance,), D("60.50"), ())


def test_a_taxed_advance_that_the_recapitulation_does_not_know_is_taken_off_it(invented):
    advance = Advance(number="D1", amount=D("60.50"), base=D(50), vat_rate=D(21), taxed=True)
    back = again(invented.invoice(advances=(advance,), payable=D("60.50")))
    assert [(row.base, row.vat) for row in back.vat_summary] == [(50, D("10.50"))]
    assert (back.payable, back.findings) == (D("60.50"), ())


@pytest.mark.parametrize(
    ("rounding", "payable", "word"),
    [
        ("-0.40", "121.00", "math2one"), ("0.60", "122.00", "up2one"),
        ("0.10", "121.50", "math2half"), ("0.07", "121.47", "none"), (None, "121.40", "none"),
    ],
)  # fmt: skip
def test_the_rounding_has_the_word_that_explains_it(invented, rounding, payable, word):
    line = invented.line(total_without_vat=D("100.40"), unit_price=D("100.40"), total_with_vat=D("121.40"))
    stated = D(rounding) if rounding else None
    row = invented.summary("100.40", "21.00", "121.40")
    document = invented.invoice(
        lines=(line,), vat_summary=(row,), total_without_vat=D("100.40"), total_with_vat=D("121.40"), rounding=stated,
        payable=D(payable),
    )  # fmt: skip
    content = write_pohoda([document])
    assert text(content, "roundingDocument") == word
    (back,) = read(content)
    assert (back.rounding, back.payable) == (stated, D(payable))
    assert [each.code for each in back.findings if "rounding" in each.code] == []


def test_a_historical_rate_states_its_percentage(invented, judge):
    lines = (
        invented.line(vat_rate=D(19), vat=D(19), total_with_vat=D(119)),
        invented.line(2, vat_rate=D("25.5"), vat=D("25.50"), total_with_vat=D("125.50")),
        invented.line(3),
    )
    document = invented.invoice(
        lines=lines, vat_summary=(), vat_country="FI", total_without_vat=None, total_vat=None, total_with_vat=None,
        payable=D("365.50"),
    )  # fmt: skip
    content = write_pohoda([document])
    assert judge(content) == []
    (back,) = read(content)
    assert [line.vat_rate for line in back.lines] == [19, D("25.5"), 21]
    assert sorted((row.rate, row.vat) for row in back.vat_summary) == [(19, 19), (21, 21), (D("25.5"), D("25.5"))]
    assert (back.payable, back.currency) == (D("365.50"), "CZK")


@pytest.mark.parametrize(
    ("currency", "rate", "amount"), [("EUR", "25.175", "1"), ("HUF", "6.31", "100"), ("USD", None, "1")]
)
def test_a_foreign_currency_keeps_its_rate_and_the_units_it_is_for(invented, judge, currency, rate, amount):
    document = invented.invoice(
        currency=currency, exchange_rate=D(rate) if rate else None, exchange_amount=D(amount), home_currency="CZK"
    )
    content = write_pohoda([document])
    assert judge(content) == []
    (back,) = read(content)
    assert (back.currency, back.exchange_rate, back.exchange_amount) == (
        currency, document.exchange_rate, document.exchange_amount
    )  # fmt: skip
    assert amounts(back) == amounts(document)


def test_a_foreign_document_without_lines_gets_one_for_each_rate(invented):
    rows = (invented.summary(), invented.summary("50.00", "6.00", "56.00", "12"))
    back = again(
        invented.invoice(
            lines=(), vat_summary=rows, currency="EUR", exchange_rate=D(25), total_without_vat=D(150), total_vat=D(27),
            total_with_vat=D(177), payable=D(177),
        )
    )  # fmt: skip
    assert amounts(back) == (150, 27, 177, 177)


def test_a_slovak_firm_has_euro_at_home(invented, judge):
    us = Party(name="My s.r.o.", vat_id="SK2020105428")
    line = invented.line(vat_rate=D(23), vat=D(23), total_with_vat=D(123))
    row = invented.summary("100.00", "23.00", "123.00", "23")
    document = invented.invoice(
        supplier=us, currency="EUR", lines=(line,), vat_summary=(row,), total_vat=D(23), total_with_vat=D(123),
        payable=D(123),
    )  # fmt: skip
    content = write_pohoda([document])
    assert judge(content) == []
    assert b"foreignCurrency" not in content
    (back,) = read(content)
    assert (back.currency, amounts(back)) == ("EUR", (100, 23, 123, 123))
    reported = msgspec.structs.replace(document, supplier=None, control_report_classification="A1")
    assert again(reported).currency == "EUR"


def test_euro_alone_in_the_foreign_block_of_slovak_books_are_not_lost(invented):
    content = write_pohoda([invented.invoice(currency="EUR", control_report_classification="A1", exchange_rate=D(1))])
    assert b"foreignCurrency" in content
    (back,) = read(content)
    assert (back.currency, back.payable) == ("EUR", 121)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_is_written_is_valid(invented, judge, data):
    assert judge(write_pohoda([data.draw(consistent_invoices(invented))])) == []


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_is_written_reads_back_the_same_to_the_cent(invented, data):
    document = data.draw(consistent_invoices(invented))
    back = again(document)
    assert [found.code for found in back.findings if found.is_error] == []
    assert (back.kind, back.number, back.date, back.currency) == (
        document.kind, document.number, document.date, document.currency
    )  # fmt: skip
    assert amounts(back) == amounts(document)
    assert (back.rounding or 0) == (document.rounding or 0)
    assert [one.amount for one in back.advances] == [one.amount for one in document.advances]
    if document.lines:
        assert [
            (line.total_without_vat, line.vat, line.quantity, line.unit_price, line.vat_rate, line.reverse_charge)
            for line in back.lines
        ] == [
            (line.total_without_vat, line.vat, line.quantity, line.unit_price, line.vat_rate, line.reverse_charge)
            for line in document.lines
        ]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_what_is_written_twice_is_the_same(invented, data):
    once = write_pohoda([data.draw(consistent_invoices(invented))])
    (back,) = read(once)
    assert amounts(again(back)) == amounts(back)


# Orders, partners, products


@pytest.mark.parametrize("kind", [Kind.ORDER_RECEIVED, Kind.ORDER_ISSUED])
def test_an_order_is_written_and_read(invented, judge, kind):
    supplier, customer = (
        (invented.US, invented.CUSTOMER) if kind is Kind.ORDER_RECEIVED else (invented.CUSTOMER, invented.US)
    )
    document = invented.order(
        kind=kind, supplier=supplier, customer=customer, delivery_date=dt.date(2026, 2, 1), order_number="E-7",
        text="Objednáváme", closed=True, cancelled=True, cost_centre="BRNO", delivery_method="PPL", total=D(121),
        vat_country="DE", payment_method="cash",
    )  # fmt: skip
    content = write_pohoda([document])
    assert judge(content) == []
    (back,) = read(content)
    for name in (
        "kind", "number", "date", "delivery_date", "order_number", "text", "closed", "cancelled", "cost_centre",
        "delivery_method", "total", "vat_country", "payment_method", "supplier", "customer",
    ):  # fmt: skip
        assert getattr(back, name) == getattr(document, name), name
    assert [(line.description, line.total_with_vat) for line in back.lines] == [("Práce", D(121))]


def test_a_partner_is_written_and_read(invented, judge):
    document = invented.partner(
        party=msgspec.structs.replace(invented.CUSTOMER, code="AD7", mobile="777", contact="Jana Nová"),
        delivery=(Party(name="Sklad 1", address=Address(city="Zlín")), Party(name="Sklad 2")),
        bank_accounts=(
            BankAccount(number="2000145399", bank_code="0800", bank_name="Spořitelna"),
            BankAccount(iban=invented.OUR_IBAN, bic="GIBACZPX"),
        ),
        payment_days=14, note="Poznámka\nna dva řádky", homepage="www.x.example", is_customer=True, is_supplier=False,
        first_name="Jana", last_name="Nová", customer_code="AD7",
    )  # fmt: skip
    content = write_pohoda([document])
    assert judge(content) == []
    (back,) = read(content)
    assert msgspec.structs.replace(back, origin=document.origin) == document
    assert lost(document) == ()


def test_a_person_is_written_without_a_firm(invented, judge):
    party = Party(name="Jana Nová", registration_number="25596641", code="7")
    document = invented.partner(party=party, is_person=True, first_name="Jana", last_name="Nová")
    content = write_pohoda([document])
    assert judge(content) == []
    (back,) = read(content)
    assert (back.is_person, back.party, back.first_name) == (True, party, "Jana")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("invoicing", Party(name="Účtárna")),
        ("legal_form", "s.r.o."),
        ("payment_days", 99_999),
        ("supplier_code", "D9"),
        ("service_elements", {"a": "b"}),
    ],
)
def test_what_a_record_of_the_address_book_cannot_hold_is_told(invented, field, value):
    assert [each.field for each in lost(invented.partner(**{field: value}))] == [field]


def test_a_product_is_written_and_read(invented, judge):
    document = invented.product(
        description="Dlouhý popis", ean="8590000000017", vat_level="high", purchase_price=D("9.10"), currency="CZK",
        sales_price_includes_vat=True, group="ZBOŽÍ/Šrouby", brand="Kovo", weight=D("0.02"), minimal_stock=D(100),
        warranty_months=24, serial_numbers=True, active=False, online=True, note="pozn",
    )  # fmt: skip
    content = write_pohoda([document])
    assert judge(content) == []
    (back,) = read(content)
    assert msgspec.structs.replace(back, origin=document.origin) == document
    assert lost(document) == ()


def test_a_product_at_a_rate_of_another_country_keeps_its_percentage(invented, judge):
    content = write_pohoda([invented.product(vat_rate=D("9.5"))])
    assert judge(content) == []
    (back,) = read(content)
    assert back.vat_rate == D("9.5")


def test_prices_in_a_foreign_currency_cannot_be_written(invented):
    with pytest.raises(CannotWriteError, match="EUR"):
        write_pohoda([invented.product(currency="EUR")])
    assert write_pohoda([invented.product(currency="EUR")], home_currency="EUR")


@pytest.mark.parametrize(("field", "value"), [("catalogue_code", "K1"), ("product_type", "voucher")])
def test_what_a_card_cannot_hold_is_told(invented, field, value):
    assert [each.field for each in lost(invented.product(**{field: value}))] == [field]


def test_a_rate_for_a_part_of_a_unit_cannot_be_written(invented):
    with pytest.raises(CannotWriteError, match="units"):
        write_pohoda([invented.invoice(currency="EUR", exchange_rate=D(12), exchange_amount=D("0.5"))])


def test_an_advance_known_by_its_number_alone_is_written_as_such(invented, judge):
    document = invented.invoice(advances=(Advance(number="Z1"),))
    content = write_pohoda([document])
    assert judge(content) == []
    (back,) = read(content)
    assert (back.advances, back.payable) == ((Advance(number="Z1"),), D(121))


@pytest.mark.parametrize(
    ("home_currency", "rate", "level"),
    [("CZK", 12, "low"), ("EUR", 19, "low"), ("EUR", 5, "third"), ("CZK", 19, "historyHigh")],
)
def test_a_level_is_that_of_the_country_of_the_books(invented, judge, home_currency, rate, level):
    us = msgspec.structs.replace(invented.US, vat_id=None)
    line = invented.line(vat_rate=D(rate), vat=D(rate), total_with_vat=D(100 + rate))
    document = invented.invoice(
        supplier=us, currency=home_currency, lines=(line,), vat_summary=(), total_vat=D(rate),
        total_with_vat=D(100 + rate), payable=D(100 + rate),
    )  # fmt: skip
    content = write_pohoda([document], home_currency=home_currency)
    assert judge(content) == []
    assert text(content, "rateVAT") == level
