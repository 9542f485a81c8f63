"""Writing ISDOC 6.0.2: valid by its schema, and the same to the cent when it is read back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from efimport.documents import Address, Advance, BankAccount, Kind, Line, Party, VatSummary
from efimport.formats.isdoc.write import write_isdoc
from efimport.formats.writing import CannotWriteError
from efimport.rounding import half_up

NS = "{http://isdoc.cz/namespace/2013}"
KINDS = {
    Kind.RECEIVED_INVOICE: "1",
    Kind.RECEIVED_CREDIT_NOTE: "2",
    Kind.RECEIVED_DEBIT_NOTE: "3",
    Kind.RECEIVED_ADVANCE_INVOICE: "4",
    Kind.TAX_DOCUMENT_ON_PAYMENT: "5",
    Kind.ISSUED_INVOICE: "1",
}


@pytest.fixture(scope="module")
def judge(shared):
    """The published schema, where it lies beside the project."""
    schema = etree.XMLSchema(etree.parse(shared("schemas/isdoc/6.0.2") / "isdoc-invoice-6.0.2.xsd"))

    def judge(content):
        schema.validate(etree.fromstring(content))
        return [f"{error.line}: {error.message}" for error in schema.error_log]

    return judge


def received(invented, **fields):
    return invented.invoice("prijate.xml", **({"kind": Kind.RECEIVED_INVOICE, "format": "pohoda"} | fields))


def text(content, path):
    return etree.fromstring(content).findtext("/".join(NS + name for name in path.split("/")))


@pytest.mark.parametrize(("kind", "code"), sorted(KINDS.items()))
def test_each_kind_has_its_type(invented, kind, code):
    assert text(write_isdoc(received(invented, kind=kind)), "DocumentType") == code


@pytest.mark.parametrize("kind", [Kind.COMMITMENT, Kind.RECEIVABLE, Kind.ISSUED_PROFORMA])
def test_a_kind_that_isdoc_does_not_know_cannot_be_written(invented, kind):
    with pytest.raises(CannotWriteError, match=kind):
        write_isdoc(received(invented, kind=kind))


@pytest.mark.parametrize("missing", ["number", "date"])
def test_a_document_without_number_or_date_cannot_be_written(invented, missing):
    with pytest.raises(CannotWriteError, match="number and a date"):
        write_isdoc(received(invented, **{missing: None}))


def test_the_same_document_has_the_same_identifier_and_another_has_another(invented):
    one = write_isdoc(received(invented))
    assert one == write_isdoc(received(invented))
    assert text(one, "UUID") != text(write_isdoc(received(invented, number="2026002")), "UUID")


def test_an_identifier_that_the_issuer_gave_is_kept(invented):
    given_one = "0E8E6E4C-5F7B-4B4B-9B8B-2F3C7A3B6E10"
    assert text(write_isdoc(received(invented, uuid=given_one)), "UUID") == given_one


@pytest.mark.parametrize(
    ("method", "code"),
    [("draft", "42"), ("transfer", "42"), ("cash", "10"), ("cheque", "20"), ("creditcard", "48"), ("card", "48"),
     ("encashment", "49"), ("direct-debit", "49"), ("delivery", "50"), ("cash-on-delivery", "50"),
     ("compensation", "97"), ("set-off", "97"), ("jinak", "42"), ("99", "42"), ("42", "42"), (None, "42")],
)  # fmt: skip
def test_the_method_of_payment_has_a_code_of_the_list(invented, judge, method, code):
    content = write_isdoc(received(invented, payment_method=method))
    assert text(content, "PaymentMeans/Payment/PaymentMeansCode") == code
    assert judge(content) == []


def test_a_document_without_lines_has_a_line_for_each_rate(invented, judge):
    rows = (invented.summary(), invented.summary("50.00", "6.00", "56.00", "12"))
    content = write_isdoc(
        received(invented, lines=(), vat_summary=rows, payable=Decimal("177.00"), total_with_vat=Decimal("177.00"))
    )
    lines = etree.fromstring(content).findall(f"{NS}InvoiceLines/{NS}InvoiceLine")
    assert [line.findtext(f"{NS}LineExtensionAmount") for line in lines] == ["100.00", "50.00"]
    assert judge(content) == []


def test_a_document_that_states_only_what_is_to_be_paid_is_valid(invented, judge):
    content = write_isdoc(
        received(invented, lines=(), vat_summary=(), total_with_vat=None, total_vat=None, total_without_vat=None)
    )
    assert judge(content) == []
    assert text(content, "LegalMonetaryTotal/PayableAmount") == "121.00"


def test_the_recapitulation_is_made_of_the_lines_where_there_is_none(invented, read_one):
    read = read_one(write_isdoc(received(invented, vat_summary=())))
    assert [(row.rate, row.base, row.vat) for row in read.vat_summary] == [(21, 100, 21)]


def test_what_xml_cannot_hold_is_left_out(invented, judge):
    content = write_isdoc(received(invented, text="a\x00\x0b\ufffe\ud800b <&> č"))
    assert text(content, "Note") == "ab <&> č"
    assert judge(content) == []


# Read back

cents = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("99999.99"), places=2)
rates = st.sampled_from([Decimal(0), Decimal(12), Decimal(21)])
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20).map(str.strip)


@st.composite
def documents(draw, invented):
    """A consistent document: any kind, sign, currency, advances, rounding, with or without lines."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    sign = -1 if kind is Kind.RECEIVED_CREDIT_NOTE else 1
    lines = tuple(_line(draw, invented, position, sign) for position in range(1, draw(st.integers(1, 4)) + 1))
    rows = _recapitulation(invented, lines)
    total = sum((row.total for row in rows), Decimal(0))
    rounding = draw(st.sampled_from([None, Decimal("0.37"), Decimal("-0.50")]))
    advances = tuple(
        Advance(number=f"Z{index}", variable_symbol=f"77{index}", amount=amount)
        for index, amount in enumerate(draw(st.lists(cents, max_size=2)))
    ) if sign > 0 else ()  # fmt: skip
    foreign = draw(st.sampled_from([None, None, ("EUR", "25.175", "1"), ("HUF", "6.31", "100")]))
    currency = {} if foreign is None else {
        "currency": foreign[0], "home_currency": "CZK", "exchange_rate": Decimal(foreign[1]),
        "exchange_amount": Decimal(foreign[2]),
    }  # fmt: skip
    return received(
        invented,
        kind=kind,
        lines=() if draw(st.integers(0, 4)) == 0 else lines,
        vat_summary=rows,
        rounding=rounding,
        advances=advances,
        total_without_vat=sum((row.base for row in rows), Decimal(0)),
        total_vat=sum((row.vat for row in rows), Decimal(0)),
        total_with_vat=total,
        payable=total + (rounding or 0) - sum((one.amount for one in advances), Decimal(0)),
        text=draw(words) or None,
        variable_symbol=draw(st.sampled_from([None, "0012"])),
        due_date=draw(st.sampled_from([None, dt.date(2026, 2, 1)])),
        order_number=draw(st.sampled_from([None, "OBJ 7"])),
        original_number="2025001" if kind in (Kind.RECEIVED_CREDIT_NOTE, Kind.RECEIVED_DEBIT_NOTE) else None,
        payment_account=draw(st.sampled_from([None, BankAccount(number="19-2000145399", bank_code="0800")])),
        supplier=Party(
            name=draw(words) or "Dodavatel",
            registration_number=draw(st.sampled_from([None, "25596641"])),
            vat_id=draw(st.sampled_from([None, "CZ25596641"])),
            email=draw(st.sampled_from([None, "a@b.example"])),
            address=Address(street=draw(words) or None, city="Brno", country=draw(st.sampled_from([None, "CZ", "SK"]))),
        ),
        **currency,
    )


def _line(draw, invented, position, sign):
    quantity, price, rate = draw(st.sampled_from([Decimal(1), Decimal("2.5")])), draw(cents), draw(rates)
    base = sign * half_up(quantity * price)
    vat = half_up(base * rate / 100)
    return invented.line(
        position, quantity=sign * quantity, unit_price=price, vat_rate=rate, total_without_vat=base, vat=vat,
        total_with_vat=base + vat, unit=draw(st.sampled_from([None, "ks"])), description=draw(words) or "Práce",
        product_code=draw(st.sampled_from([None, "0308"])), note=draw(st.sampled_from([None, "poznámka"])),
    )  # fmt: skip


def _recapitulation(invented, lines):
    rows = []
    for rate in sorted({line.vat_rate for line in lines}):
        base = sum((line.total_without_vat for line in lines if line.vat_rate == rate), Decimal(0))
        vat = sum((line.vat for line in lines if line.vat_rate == rate), Decimal(0))
        rows.append(invented.summary(str(base), str(vat), str(base + vat), str(rate)))
    return tuple(rows)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_whatever_is_written_is_valid(invented, judge, data):
    assert judge(write_isdoc(data.draw(documents(invented)))) == []


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_whatever_is_written_reads_back_the_same_to_the_cent(invented, read_one, data):
    written = data.draw(documents(invented))
    read = read_one(write_isdoc(written), "a.isdoc")
    assert [found.code for found in read.findings if found.is_error] == []
    assert (read.number, read.date, read.currency) == (written.number, written.date, written.currency)
    # The type of a credit note says that it lowers the debt; its amounts say how much.
    sign = -1 if written.kind is Kind.RECEIVED_CREDIT_NOTE and written.total_with_vat < 0 else 1
    assert (read.total_without_vat, read.total_vat, read.total_with_vat) == (
        sign * written.total_without_vat, sign * written.total_vat, sign * written.total_with_vat,
    )  # fmt: skip
    assert (read.payable, read.rounding or 0) == (sign * written.payable, sign * (written.rounding or 0))
    assert [(row.rate, row.base, row.vat) for row in read.vat_summary] == [
        (row.rate, sign * row.base, sign * row.vat) for row in written.vat_summary
    ]
    assert [one.amount for one in read.advances] == [sign * one.amount for one in written.advances]
    if written.lines:
        assert [(line.total_without_vat, line.quantity, line.vat_rate) for line in read.lines] == [
            (sign * line.total_without_vat, sign * line.quantity, line.vat_rate) for line in written.lines
        ]


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_what_is_written_adds_up_by_the_rules_of_the_reader(invented, read_one, data):
    found = read_one(write_isdoc(data.draw(documents(invented))), "a.isdoc").findings
    assert [one.code for one in found if one.code in ARITHMETIC] == []


ARITHMETIC = frozenset({"isdoc.total-mismatch", "isdoc.rounding", "isdoc.rounding-missing", "isdoc.exchange-rate"})


@settings(max_examples=40, deadline=None)
@given(*[st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40)] * 3)
def test_no_amount_is_too_long_to_be_written(invented, base, quantity, payable):
    line = invented.line(total_without_vat=base, quantity=quantity, vat=None, total_with_vat=None)
    row = invented.summary(str(base), None, None)
    assert write_isdoc(received(invented, lines=(line,), vat_summary=(row,), payable=payable))


def test_a_taxed_advance_is_written_and_read(invented, judge, read_one):
    row = invented.summary(already_claimed_base=Decimal(50), already_claimed_vat=Decimal("10.50"))
    advance = Advance(number="D1", amount=Decimal("60.50"), base=Decimal(50), vat_rate=Decimal(21), taxed=True)
    content = write_isdoc(received(invented, vat_summary=(row,), advances=(advance,), payable=Decimal("60.50")))
    assert judge(content) == []
    read = read_one(content)
    (taxed,) = read.advances
    assert (taxed.amount, taxed.base, taxed.taxed, read.payable) == (
        Decimal("60.50"),
        Decimal(50),
        True,
        Decimal("60.50"),
    )
    assert (read.vat_summary[0].already_claimed_base, read.vat_summary[0].already_claimed_vat) == (50, Decimal("10.50"))


def test_a_reverse_charge_is_written_and_read(invented, judge, read_one):
    line = invented.line(reverse_charge=True, reverse_charge_code="4", vat=None, total_with_vat=None)
    row = invented.summary("100.00", "0.00", "100.00", reverse_charge=True)
    content = write_isdoc(received(invented, lines=(line,), vat_summary=(row,), payable=Decimal(100)))
    assert judge(content) == []
    read = read_one(content)
    assert (read.lines[0].reverse_charge, read.vat_summary[0].reverse_charge, read.payable) == (True, True, 100)


def test_a_price_with_vat_is_taken_apart(invented, read_one):
    line = invented.line(
        unit_price=Decimal(121), price_includes_vat=True, total_without_vat=None, vat=None, total_with_vat=None
    )
    read = read_one(write_isdoc(received(invented, lines=(line,), vat_summary=())))
    assert (read.lines[0].total_without_vat, read.lines[0].total_with_vat, read.payable) == (100, 121, 121)


def test_a_correction_names_what_it_corrects(invented, read_one):
    note = received(invented, kind=Kind.RECEIVED_CREDIT_NOTE, original_number="2025001")
    assert read_one(write_isdoc(note)).original_number == "2025001"


def test_parties_read_back_as_they_were(invented, read_one):
    read = read_one(write_isdoc(received(invented)))
    assert (read.supplier.registration_number, read.supplier.vat_id) == ("25596641", "CZ25596641")
    assert read.customer.name == invented.US.name
    assert read.supplier.address == msgspec.structs.replace(invented.CUSTOMER.address)


@pytest.mark.parametrize(("quantity", "price"), [(Decimal(-2), Decimal(100)), (Decimal(2), Decimal(-100))])
def test_a_credit_note_has_positive_amounts_whatever_its_source_wrote(invented, judge, quantity, price):
    line = Line(position=1, description="vráceno", quantity=quantity, unit_price=price, vat_rate=Decimal(21))
    document = received(
        invented,
        kind=Kind.RECEIVED_CREDIT_NOTE,
        lines=(line,),
        vat_summary=(VatSummary(rate=Decimal(21), base=Decimal(-200), vat=Decimal(-42), total=Decimal(-242)),),
        advances=(),
        total_without_vat=Decimal(-200),
        total_vat=Decimal(-42),
        total_with_vat=Decimal(-242),
        rounding=None,
        payable=Decimal(-242),
    )
    content = write_isdoc(document)
    assert judge(content) == []
    assert text(content, "LegalMonetaryTotal/PayableAmount") == "242.00"
    assert text(content, "TaxTotal/TaxSubTotal/TaxAmount") == "42.00"
    assert text(content, "InvoiceLines/InvoiceLine/InvoicedQuantity") == "2"
    assert text(content, "InvoiceLines/InvoiceLine/LineExtensionAmount") == "200.00"


def test_a_negative_invoice_stays_negative(invented):
    content = write_isdoc(received(invented, lines=(), vat_summary=(), advances=(), payable=Decimal(-5), rounding=None))
    assert text(content, "LegalMonetaryTotal/PayableAmount") == "-5.00"


def test_a_credit_note_without_totals_takes_its_sign_from_its_lines(invented):
    line = Line(position=1, quantity=Decimal(-1), unit_price=Decimal(10), vat_rate=Decimal(0))
    empty = {"total_without_vat": None, "total_vat": None, "total_with_vat": None, "payable": None, "rounding": None}
    document = received(invented, kind=Kind.RECEIVED_CREDIT_NOTE, lines=(line,), vat_summary=(), advances=(), **empty)
    assert text(write_isdoc(document), "LegalMonetaryTotal/PayableAmount") == "10.00"


@pytest.mark.parametrize(
    ("rest", "claimed", "difference"),
    [
        ((VatSummary(rate=Decimal(21), base=Decimal(5000), vat=Decimal(1050)),), "1000.00", "6050.00"),
        ((), "6000.00", "0.00"),
    ],
)
def test_a_taxed_advance_is_claimed_in_the_row_of_its_rate(invented, judge, rest, claimed, difference):
    base = Decimal(claimed)
    advance = Advance(number="D7", amount=base * Decimal("1.21"), base=base, vat_rate=Decimal(21), taxed=True)
    line = Line(position=1, quantity=Decimal(1), unit_price=Decimal(6000), vat_rate=Decimal(21))
    document = received(
        invented,
        lines=(line,),
        vat_summary=rest,
        advances=(advance,),
        rounding=None,
        payable=Decimal(difference),
    )
    content = write_isdoc(document)
    assert judge(content) == []
    row = "TaxTotal/TaxSubTotal"
    assert text(content, f"{row}/TaxableAmount") == "6000.00"
    assert text(content, f"{row}/AlreadyClaimedTaxableAmount") == claimed
    assert text(content, f"{row}/DifferenceTaxInclusiveAmount") == difference
    assert text(content, "LegalMonetaryTotal/PayableRoundingAmount") == "0.00"
    assert text(content, "LegalMonetaryTotal/PayableAmount") == difference


def test_an_advance_that_the_recapitulation_does_not_deduct_is_not_claimed_in_it(invented):
    advance = Advance(number="D7", amount=Decimal(121), base=Decimal(100), vat_rate=Decimal(21), taxed=True)
    line = Line(position=1, quantity=Decimal(1), unit_price=Decimal(6000), vat_rate=Decimal(21))
    row = VatSummary(rate=Decimal(21), base=Decimal(6000), vat=Decimal(1260))
    content = write_isdoc(received(invented, lines=(line,), vat_summary=(row,), advances=(advance,)))
    assert text(content, "TaxTotal/TaxSubTotal/AlreadyClaimedTaxableAmount") == "0.00"


def test_lines_without_amounts_give_way_to_a_line_for_each_rate(invented):
    row = VatSummary(rate=Decimal(21), base=Decimal(100), vat=Decimal(21))
    content = write_isdoc(received(invented, lines=(Line(position=1),), vat_summary=(row,), advances=()))
    assert text(content, "InvoiceLines/InvoiceLine/LineExtensionAmount") == "100.00"
