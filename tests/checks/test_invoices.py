"""Rules about invoices: dates, presence, amounts, accounts, ownership, identifiers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.checks import RULES, check
from efimport.checks.context import Context
from efimport.checks.identifiers import VAT_MODULES, is_valid
from efimport.documents import Address, Advance, BankAccount, Invoice, Kind, Party
from efimport.formats.reading import Own
from efimport.rounding import half_up

CONTEXT = Context(own=Own(registration_number="12345679", vat_id="CZ12345679", site="CZ"), today=dt.date(2026, 2, 1))
NOBODY = Context(today=dt.date(2026, 2, 1))
ARITHMETIC = {
    "invoice.vat-mismatch", "invoice.recapitulation-mismatch", "invoice.lines-mismatch", "invoice.payable-mismatch",
}  # fmt: skip


def codes(document, context=CONTEXT):
    return [found.code for found in check(document, context)]


def test_a_consistent_invoice_has_no_findings(invented):
    assert codes(invented.invoice()) == []


def day(text):
    return dt.date.fromisoformat(text)


CASES = [
    ("invoice.no-date", {"date": None}),
    ("invoice.date-order", {"due_date": day("2026-01-14")}),
    ("invoice.date-implausible", {"date": day("1992-12-31"), "taxable_supply_date": None}),
    ("invoice.date-implausible", {"taxable_supply_date": day("2016-01-15")}),
    ("invoice.date-implausible", {"due_date": day("2062-01-15")}),
    ("invoice.no-partner", {"customer": None}),
    ("invoice.no-partner", {"customer": Party(email="x@y.example")}),
    ("invoice.currency-unknown", {"currency": "Kč"}),
    ("invoice.currency-unknown", {"currency": "czk"}),
    ("invoice.currency-unknown", {"currency": "12A"}),
    ("invoice.wrong-organization", {"own_registration_number": "25596641"}),
    ("invoice.not-addressed-to-us", {"supplier": Party(name="Jiný", registration_number="25596641")}),
    ("party.registration-number", {"customer": Party(name="A", registration_number="12345678")}),
    ("party.registration-number", {"customer": Party(name="A", registration_number="123456789012")}),
    ("party.vat-id", {"customer": Party(name="A", vat_id="CZ12345678")}),
    ("party.vat-id", {"customer": Party(name="A", vat_id="12345678", address=Address(country="SI"))}),
    ("account.checksum", {"payment_account": BankAccount(number="19-2000145398", bank_code="0800")}),
    ("account.unknown-bank", {"payment_account": BankAccount(number="19-2000145399", bank_code="9999")}),
    ("iban.checksum", {"payment_account": BankAccount(iban="CZ6608000000192000145399")}),
    ("iban.form", {"payment_account": BankAccount(iban="CZ65")}),
    ("iban.national", {"payment_account": BankAccount(iban="CZ9208000000192000145398")}),
    ("iban.other-number", {"payment_account": BankAccount(iban="CZ6508000000192000145399", number="2000145399")}),
    ("invoice.payable-mismatch", {"payable": Decimal("121.02")}),
]


@pytest.mark.parametrize(("code", "fields"), CASES)
def test_one_fault_is_one_finding(invented, code, fields):
    assert codes(invented.invoice(**fields)) == [code]


HARMLESS = [
    {"due_date": dt.date(2026, 1, 15)},
    {"due_date": None},
    {"taxable_supply_date": dt.date(2025, 12, 31)},
    {"customer": Party(reference_only=True)},
    {"customer": Party(registration_number="25596641")},
    {"customer": Party(contact="Jan Novák")},
    {"customer": Party(code="0001")},
    {"customer": Party(name="A", registration_number="6947")},
    {"customer": Party(name="A", registration_number="5043611000", address=Address(country="SI"))},
    {"customer": Party(name="A", vat_id="XX123")},
    {"currency": None},
    {"own_registration_number": "12345679"},
    {"supplier": Party(name="My", registration_number=" 12345679")},
    {"supplier": Party(name="My", vat_id="CZ 12345679")},
    {"supplier": None},
    {"supplier": Party(name="bez čísla")},
    {"payment_account": BankAccount(iban="CZ6508000000192000145399")},
    {"payable": Decimal("121.01")},
    {"payable": None},
]


@pytest.mark.parametrize("fields", HARMLESS)
def test_what_occurs_in_good_documents_is_no_finding(invented, fields):
    assert codes(invented.invoice(**fields)) == []


def test_the_first_fault_of_an_organization_is_enough(invented):
    invoice = invented.invoice(own_registration_number="25596641", supplier=invented.CUSTOMER)
    assert codes(invoice) == ["invoice.wrong-organization"]


def test_nobody_is_a_stranger_where_we_do_not_say_who_we_are(invented):
    assert codes(invented.invoice(own_registration_number="25596641"), NOBODY) == []


def test_our_own_tax_document_on_payment_is_ours(invented):
    ours = invented.invoice(kind=Kind.TAX_DOCUMENT_ON_PAYMENT, supplier=invented.US, customer=invented.CUSTOMER)
    assert codes(ours) == []


def test_a_party_without_a_country_is_of_the_country_of_our_books(invented):
    slovenian = Party(name="Kupec d.o.o.", registration_number="5043611000")
    context = Context(own=Own(site="SI"), today=CONTEXT.today)
    assert codes(invented.invoice(customer=slovenian), context) == []


def test_a_finding_names_document_and_place(invented):
    (found,) = check(invented.invoice(currency="Kč"), CONTEXT)
    assert (found.location.path, found.location.line, found.location.ordinal) == ("faktura.isdoc", 3, 1)


def test_orders_and_partners_have_their_numbers_checked(invented):
    wrong = Party(name="A", registration_number="12345678")
    assert codes(invented.order(customer=wrong)) == ["party.registration-number"]
    assert codes(invented.partner(party=wrong)) == ["party.registration-number"]


def test_the_accounts_of_a_partner_are_checked(invented):
    account = BankAccount(number="19-2000145398", bank_code="0800")
    assert codes(invented.partner(bank_accounts=(account,))) == ["account.checksum"]


@pytest.mark.parametrize("kind", ["product", "file"])
def test_other_documents_have_no_rules(invented, kind):
    assert codes(getattr(invented, kind)()) == []


def test_what_the_reader_said_with_its_place_is_not_said_again(invented):
    from efimport.findings import codes as all_codes
    from efimport.findings import define, finding

    covering = next(code for code in all_codes() if "invoice.payable-mismatch" in define(code).covers)
    invoice = invented.invoice(payable=Decimal(999), findings=(finding(covering),))
    assert codes(invoice) == []


@given(st.sampled_from(sorted(VAT_MODULES.values())), st.text(max_size=14) | st.from_regex(r"[A-Z0-9²]{2,14}"))
def test_no_number_breaks_the_check_of_a_country(module, number):
    assert is_valid(module, number) in (True, False)


# Arithmetic


def with_advance(invoice, amount):
    return msgspec.structs.replace(invoice, advances=(Advance(number="Z1", amount=amount),), payable=Decimal(21))


def test_an_advance_is_deducted(invented):
    assert codes(with_advance(invented.invoice(), Decimal(100))) == []
    assert codes(with_advance(invented.invoice(), Decimal(90))) == ["invoice.payable-mismatch"]


def test_a_taxed_advance_is_deducted_in_the_recapitulation(invented):
    row = invented.summary(already_claimed_base=Decimal(50), already_claimed_vat=Decimal("10.50"))
    assert codes(invented.invoice(vat_summary=(row,), payable=Decimal("60.50"))) == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"vat": "25.00", "total": "125.00"}, "invoice.vat-mismatch"),
        ({"total": "122.00"}, "invoice.recapitulation-mismatch"),
        ({"base": "90.00", "vat": "18.90", "total": "108.90"}, "invoice.lines-mismatch"),
    ],
)
def test_a_wrong_recapitulation_is_told(invented, row, code):
    assert codes(invented.invoice(vat_summary=(invented.summary(**row),))) == [code]


@pytest.mark.parametrize(
    "row",
    [
        {"vat": "21.05", "total": "121.05"},
        {"base": "102.40", "vat": "22", "total": "124.40"},
        {"vat": None},
        {"rate": None},
        {"vat": "0.00", "total": "100.00", "reverse_charge": True},
    ],
)
def test_what_programs_round_is_no_finding(invented, row):
    lines = (invented.line(total_without_vat=Decimal(row.get("base", "100.00"))),)
    assert codes(invented.invoice(vat_summary=(invented.summary(**row),), lines=lines)) == []


amounts = st.decimals(min_value=Decimal("-99999.99"), max_value=Decimal("99999.99"), places=2)
rates = st.sampled_from([Decimal(0), Decimal(12), Decimal(21)])


@st.composite
def consistent(draw, invented):
    """An invoice whose lines, recapitulation, rounding and advances agree to the cent."""
    lines = [
        invented.line(
            position,
            vat_rate=draw(rates),
            total_without_vat=draw(amounts),
            unit_price=None,
            vat=None,
            total_with_vat=None,
        )
        for position in range(1, draw(st.integers(2, 6)))
    ]
    rows = []
    for rate in sorted({line.vat_rate for line in lines}):
        base = sum((line.total_without_vat for line in lines if line.vat_rate == rate), Decimal(0))
        vat = half_up(base * rate / 100)
        rows.append(invented.summary(str(base), str(vat), str(base + vat), str(rate)))
    total = sum((row.total for row in rows), Decimal(0))
    rounding = draw(st.sampled_from([None, Decimal("0.40"), Decimal("-0.45")]))
    advances = tuple(Advance(number="Z", amount=abs(amount)) for amount in draw(st.lists(amounts, max_size=2)))
    payable = total + (rounding or 0) - sum(one.amount for one in advances)
    return invented.invoice(
        lines=tuple(lines), vat_summary=tuple(rows), total_with_vat=total, rounding=rounding, advances=advances,
        payable=payable,
    )  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_consistent_invoice_never_has_an_arithmetic_finding(invented, data):
    assert codes(data.draw(consistent(invented))) == []


CHANGES = {
    "base": "invoice.recapitulation-mismatch",
    "vat": "invoice.recapitulation-mismatch",
    "total": "invoice.recapitulation-mismatch",
    "payable": "invoice.payable-mismatch",
    "line": "invoice.lines-mismatch",
}


@settings(max_examples=80, deadline=None)
@given(st.data(), st.sampled_from(sorted(CHANGES)))
def test_one_changed_amount_is_found(invented, data, what):
    invoice = data.draw(consistent(invented))
    # No other sum that is allowed, with or without advances and rounding, may meet the changed amount by chance.
    change = data.draw(st.sampled_from([Decimal("1000000.07"), Decimal("-1000000.07")]))
    assert CHANGES[what] in codes(changed(invoice, what, change))


def changed(invoice: Invoice, what, change):
    if what == "payable":
        return msgspec.structs.replace(invoice, payable=invoice.payable + change)
    if what == "line":
        first, *rest = invoice.lines
        first = msgspec.structs.replace(first, total_without_vat=first.total_without_vat + change)
        return msgspec.structs.replace(invoice, lines=(first, *rest))
    row, *rest = invoice.vat_summary
    row = msgspec.structs.replace(row, **{what: getattr(row, what) + change})
    return msgspec.structs.replace(invoice, vat_summary=(row, *rest))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False), min_size=5, max_size=5))
def test_no_amount_is_too_long_for_the_rules(invented, values):
    base, vat, total, payable, line = values
    row = invented.summary(str(base), str(vat), str(total))
    invoice = invented.invoice(
        vat_summary=(row,), payable=payable, total_with_vat=total, lines=(invented.line(total_without_vat=line),)
    )
    assert set(codes(invoice)) <= ARITHMETIC


def test_every_rule_has_a_docstring():
    assert all(rule.__doc__ for _, rule in RULES)
