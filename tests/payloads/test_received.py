"""Received documents created in the books: every element, its obligations, and what is asked for instead of guessed."""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.api import catalogue
from efimport.documents import Address, Advance, Attachment, BankAccount, Kind, Party
from efimport.formats.reading import Own
from efimport.payloads import route
from efimport.payloads.suppliers import knowing
from efimport.payloads.target import Target
from efimport.rounding import half_up
from efimport.settings import ReceivedBooking

ELEMENTS = {
    name: text.split()
    for name, text in tomllib.loads(Path(__file__).with_name("received.toml").read_text(encoding="utf-8")).items()
}
"""The elements in the order of the web service reference."""

BOOKING = ReceivedBooking(account="518000", payment_account="395000", cost_centre="001")
OWN = Own(registration_number="12345679", vat_id="CZ12345679")
CZ = Target(own=OWN, received_as="create", received=BOOKING)
KINDS = [
    (Kind.RECEIVED_INVOICE, "ReceivedInvoice", ELEMENTS["invoice"]),
    (Kind.RECEIVED_CREDIT_NOTE, "ReceivedCreditNote", ELEMENTS["invoice"]),
    (Kind.RECEIVED_ADVANCE_INVOICE, "ReceivedAdvanceInvoice", ELEMENTS["advance_invoice"]),
]
ACCOUNT = BankAccount(iban="CZ0708000000001019382023")
USUAL = {
    "kind": Kind.RECEIVED_INVOICE,
    "payment_method": "transfer",
    "payment_account": ACCOUNT,
    "variable_symbol": "20260015",
    "receival_date": dt.date(2026, 1, 17),
}
GERMAN = Party(name="Lieferant GmbH", vat_id="DE123456788", address=Address(country="DE"))


def received(invented, **fields):
    """A complete received document."""
    return invented.invoice(**(USUAL | fields))


def booked(**fields):
    """The target with other settings for received documents."""
    return msgspec.structs.replace(CZ, received=msgspec.structs.replace(BOOKING, **fields))


def codes(routed):
    return [found.code for found in routed.findings]


def values(routed):
    """The elements of the document, without its items."""
    (parameter,) = routed.call
    return {one.name: one.value for one in parameter.value.children if not one.children}


def items(routed):
    """The elements of each item."""
    (parameter,) = routed.call
    (listed,) = [one for one in parameter.value.children if one.name == "Items"]
    return [{one.name: one.value for one in item.children} for item in listed.children]


def put(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return msgspec.structs.replace(CZ, codes=str(folder))


# Routing


@pytest.mark.parametrize(("kind", "head", "known"), KINDS)
def test_each_kind_has_its_call_with_the_elements_of_the_reference_in_order(invented, kind, head, known):
    full = received(
        invented,
        kind=kind,
        cost_centre="PRAHA",
        supply_end_date=dt.date(2026, 1, 31),
        rounding=Decimal("0.40"),
        advances=(Advance(number="ZF7", amount=Decimal(10)),),
    )
    routed = route(full, CZ)
    assert routed.call.method == f"{head}Create"
    (parameter,) = routed.call
    assert parameter.name == head
    names = [one.name for one in parameter.value.children]
    assert names == [name for name in known if name in names]
    missing = set(known) - set(names)
    assert missing <= {"isReverseChargeVatDocument", "supplierBookingAccountNumber", "supplierDocumentID"} | (
        {"receivedAdvanceInvoiceRef"} if kind is Kind.RECEIVED_CREDIT_NOTE else set()
    )
    (item,) = parameter.value.children[-1].children
    names = [one.name for one in item.children]
    assert names == [name for name in ELEMENTS["item"] if name in names]


def test_every_element_has_the_value_of_the_document(invented):
    routed = route(received(invented), CZ)
    assert values(routed) == {
        "amountWithVAT": Decimal("121.00"),
        "paymentAmount": Decimal("121.00"),
        "paymentCurrency": "CZK",
        "businessYear": 2026,
        "costPosition": "001",
        "date": dt.date(2026, 1, 15),
        "number": "2026001",
        "paymentDueDate": dt.date(2026, 1, 29),
        "receivalDate": dt.date(2026, 1, 17),
        "dateOfSupplyFrom": dt.date(2026, 1, 15),
        "isInsideTheScopeOfVat": True,
        "methodOfPayment": "BankTransfer",
        "paymentBankAccountNumber": "CZ0708000000001019382023",
        "paymentReference": "20260015",
        "supplierCode": "25596641",
    }
    assert items(routed) == [
        {
            "position": 1,
            "chartAccountNumber": "518000",
            "costPosition": "001",
            "description": "Práce",
            "inputVatTransactionType": 0,
            "isInputVatDeductible": True,
            "vatDeductionPercentage": Decimal(100),
            "netAmount": Decimal("100.00"),
            "vatPercentage": Decimal(21),
        }
    ]
    assert codes(routed) == []
    assert routed.effects == ("effect.books-received",)


@pytest.mark.parametrize(("kind", "head", "_"), KINDS)
@pytest.mark.parametrize("form", ["isdoc", "pohoda", "spreadsheet"])
def test_documents_of_every_format_are_created(invented, kind, head, _, form):
    assert route(received(invented, kind=kind, format=form), CZ).call.method == f"{head}Create"


@pytest.mark.parametrize("kind", [Kind.RECEIVED_DEBIT_NOTE, Kind.TAX_DOCUMENT_ON_PAYMENT])
def test_what_no_call_creates_stays_with_the_inbox_and_that_is_said(invented, kind):
    routed = route(received(invented, kind=kind), CZ)
    assert routed.call.method == "DocumentInboxImport"
    assert codes(routed)[0] == "received.inbox-instead"
    assert "received.inbox-instead" not in codes(route(received(invented, kind=kind), Target(own=OWN)))


def test_our_own_tax_document_on_payment_still_has_no_call(invented):
    ours = received(invented, kind=Kind.TAX_DOCUMENT_ON_PAYMENT, supplier=invented.US)
    assert codes(route(ours, CZ)) == ["routing.no-call"]


@pytest.mark.parametrize("site", ["SI", "HR"])
def test_a_site_without_the_call_refuses(invented, site):
    target = msgspec.structs.replace(CZ, site=site)
    assert codes(route(received(invented), target)) == ["routing.site-lacks-call"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"number": None}, "invoice.no-number"), ({"cancelled": True}, "routing.cancelled")],
)
def test_what_cannot_be_created_is_refused(invented, fields, code):
    assert codes(route(received(invented, **fields), CZ)) == [code]


def test_a_create_of_unknown_outcome_is_never_repeated(invented):
    call = route(received(invented), CZ).call
    assert catalogue.method(call.method).repeat_of(call) == "blind"


# Identity


def test_two_suppliers_may_use_one_number(invented):
    other = Party(name="Jiný s.r.o.", registration_number="27074358")
    one, two = (route(received(invented, supplier=party), CZ) for party in (invented.CUSTOMER, other))
    assert one.identity == "25596641 2026001"
    assert two.identity == "27074358 2026001"


def test_a_number_given_by_its_name_is_the_one_that_identifies(invented):
    routed = route(received(invented, service_elements={"number": "FV/9"}), CZ)
    assert routed.identity == "25596641 FV/9"
    assert values(routed)["number"] == "FV/9"


def test_other_settings_do_not_make_another_document_of_it(invented):
    one = route(received(invented), CZ)
    two = route(received(invented), booked(account="501000", deduction_percent=Decimal(50), cost_centre=None))
    assert (one.identity, one.substance) == (two.identity, two.substance)
    assert one.call != two.call


def test_another_amount_is_another_substance(invented):
    one = route(received(invented), CZ)
    two = route(received(invented, payable=Decimal("122.00")), CZ)
    assert one.identity == two.identity
    assert one.substance != two.substance


# Mandatory elements


MISSING = [
    ({"date": None}, "day of issue"),
    ({"due_date": None}, "day on which it is due"),
    ({"payment_method": None, "payment_account": None}, "way of payment"),
    ({"payment_account": None}, "account to pay to"),
    ({"variable_symbol": None, "number": "FV/2026/15"}, "variable symbol"),
    ({"payable": None, "total_with_vat": None}, "amount to be paid"),
]


@pytest.mark.parametrize(("fields", "what"), MISSING)
def test_what_the_call_needs_and_the_document_lacks_is_named(invented, fields, what):
    routed = route(received(invented, **fields), CZ)
    assert routed.call is None
    (found,) = [one for one in routed.findings if one.is_error]
    assert found.code == "received.missing"
    assert what in found.message
    assert found.hint


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ({"accounting_date": dt.date(2025, 12, 31)}, 2025),
        ({"taxable_supply_date": dt.date(2025, 12, 30)}, 2025),
        ({"taxable_supply_date": None}, 2026),
    ],
)
def test_the_business_year_is_that_of_the_posting(invented, fields, year):
    assert values(route(received(invented, **fields), CZ))["businessYear"] == year


def test_a_document_without_a_day_of_supply_was_supplied_on_the_day_of_issue(invented):
    sent = values(route(received(invented, taxable_supply_date=None), CZ))
    assert sent["dateOfSupplyFrom"] == sent["date"]


def test_the_day_of_issue_stands_for_the_day_of_receipt_and_that_is_said(invented):
    routed = route(received(invented, receival_date=None), CZ)
    assert values(routed)["receivalDate"] == dt.date(2026, 1, 15)
    assert codes(routed) == ["received.receival-day"]


def test_what_is_paid_at_once_is_due_at_once(invented):
    routed = route(received(invented, due_date=None, payment_method="cash"), CZ)
    assert values(routed)["paymentDueDate"] == dt.date(2026, 1, 15)
    assert codes(routed) == ["received.due-at-once"]


def test_an_advance_invoice_has_amounts_of_a_prepayment_and_its_rounding(invented):
    sent = values(route(received(invented, kind=Kind.RECEIVED_ADVANCE_INVOICE, rounding=Decimal("0.30")), CZ))
    names = ("prepaymentAmount", "prepaymentCurrency", "prepaymentDate", "roundingDifference")
    assert [sent[name] for name in names] == [Decimal("121.00"), "CZK", dt.date(2026, 1, 15), Decimal("0.30")]
    assert not {"paymentAmount", "amountWithVAT", "dateOfSupplyFrom"} & set(sent)


def test_the_rounding_of_other_documents_is_told(invented):
    routed = route(received(invented, rounding=Decimal("0.40"), payable=Decimal("121.40")), CZ)
    assert values(routed)["paymentAmount"] == Decimal("121.40")
    assert values(routed)["amountWithVAT"] == Decimal("121.00")
    assert codes(routed) == ["received.rounding"]


def test_an_amount_to_be_paid_that_is_not_stated_is_total_and_rounding_less_advances(invented):
    document = received(
        invented, payable=None, rounding=Decimal("0.40"), advances=(Advance(number="Z", amount=Decimal("20.00")),)
    )
    assert values(route(document, CZ))["paymentAmount"] == Decimal("101.40")


def test_the_signs_of_a_credit_note_are_kept_and_told(invented):
    line = invented.line(total_without_vat=Decimal("-100.00"), vat=Decimal("-21.00"), total_with_vat=Decimal("-121.00"))
    document = received(
        invented,
        kind=Kind.RECEIVED_CREDIT_NOTE,
        lines=(line,),
        total_with_vat=Decimal("-121.00"),
        payable=Decimal("-121.00"),
    )
    routed = route(document, CZ)
    assert codes(routed) == ["received.signs"]
    assert values(routed)["paymentAmount"] == Decimal("-121.00")
    assert items(routed)[0]["netAmount"] == Decimal("-100.00")


STRANGER = Party(name="Někdo jiný s.r.o.", registration_number="27074358")


@pytest.mark.parametrize(
    ("customer", "own", "created"),
    [(STRANGER, OWN, False), (STRANGER, Own(), True), (None, OWN, True), (Party(name="Naše firma"), OWN, True)],
)
def test_a_document_of_somebody_else_is_not_booked(invented, customer, own, created):
    routed = route(received(invented, customer=customer), msgspec.structs.replace(CZ, own=own))
    assert codes(routed) == ([] if created else ["received.not-ours"])
    assert (routed.call is not None) == created


def test_files_that_came_with_it_are_told(invented):
    picture = Attachment(name="a.pdf", content=b"%PDF", visualization=True)
    assert codes(route(received(invented, attachments=(picture,)), CZ)) == ["payload.attachments-not-carried"]


def test_lines_that_name_stock_items_move_none(invented):
    routed = route(received(invented, lines=(invented.line(stock_item=True, product_code="A1"),)), CZ)
    assert codes(routed) == ["received.stock-not-moved"]
    assert "productCode" not in items(routed)[0]


# Payment


METHODS = [
    ("transfer", "BankTransfer"), ("draft", "BankTransfer"), ("Transfer", "BankTransfer"), ("cash", "Cash"),
    ("card", "CreditCard"), ("creditcard", "CreditCard"), ("direct-debit", "Other"), ("encashment", "Other"),
    ("delivery", "Other"), ("compensation", "Other"), ("set-off", "Other"), (None, "BankTransfer"),
]  # fmt: skip


@pytest.mark.parametrize(("stated", "sent"), METHODS)
def test_the_way_of_payment_brings_what_it_needs_and_nothing_else(invented, stated, sent):
    found = values(route(received(invented, payment_method=stated), CZ))
    assert found["methodOfPayment"] == sent
    assert ("paymentBankAccountNumber" in found) == ("paymentReference" in found) == (sent == "BankTransfer")
    assert found.get("supplierBookingAccountNumber") == ("395000" if sent == "Other" else None)


def test_another_way_of_payment_needs_an_account_of_the_settings(invented):
    routed = route(received(invented, payment_method="compensation"), booked(payment_account=None))
    assert codes(routed) == ["received.no-payment-account"]
    assert "payment_account" in routed.findings[0].hint


def test_a_way_of_payment_of_the_firm_is_asked_for_and_then_known(invented, tmp_path):
    document = received(invented, payment_method="Převodem")
    (found,) = route(document, CZ).findings
    assert found.code == "code.unknown"
    assert "received-payment.toml" in found.hint
    assert '"Převodem" = ' in found.hint
    target = put(tmp_path, "received-payment.toml", '[method_of_payment]\n"převodem" = "BankTransfer"\n')
    assert values(route(document, target))["methodOfPayment"] == "BankTransfer"


def test_the_number_is_the_symbol_where_it_can_be_one(invented):
    routed = route(received(invented, variable_symbol=None), CZ)
    assert values(routed)["paymentReference"] == "2026001"
    assert codes(routed) == ["received.number-as-symbol"]


# Supplier


@pytest.mark.parametrize("number", ["25596641", "CZ25596641", "cz 255 96641"])
def test_the_settings_name_the_supplier_and_its_account_by_any_of_its_numbers(invented, number):
    routed = route(received(invented), booked(supplier_codes={number: "D015"}, accounts={number: "501000"}))
    assert values(routed)["supplierCode"] == "D015"
    assert items(routed)[0]["chartAccountNumber"] == "501000"


CODED = Party(name="Dodavatel s.r.o.", registration_number="25596641", code="7")


@pytest.mark.parametrize(("form", "code"), [("pohoda", "25596641"), ("isdoc", "25596641"), ("spreadsheet", "7")])
def test_the_code_of_another_program_is_none_of_the_books(invented, form, code):
    assert values(route(received(invented, supplier=CODED, format=form), CZ))["supplierCode"] == code


def test_the_internal_number_of_the_service_is_used_where_it_is_known(invented):
    party = msgspec.structs.replace(CODED, service_id="34:9")
    sent = values(route(received(invented, supplier=party), CZ))
    assert sent["supplierDocumentID"] == "34:9"
    assert "supplierCode" not in sent


@pytest.mark.parametrize("supplier", [None, Party(name="Jan Novák")])
def test_a_supplier_that_nothing_names_is_asked_for(invented, supplier):
    routed = route(received(invented, supplier=supplier), CZ)
    assert codes(routed) == ["received.no-supplier-code"]
    assert "supplier_codes" in routed.findings[0].hint


def test_without_an_account_the_setting_is_named_once(invented):
    document = received(invented, lines=(invented.line(1), invented.line(2)))
    routed = route(document, booked(account=None))
    assert codes(routed) == ["received.no-account"]
    assert '"25596641" = ' in routed.findings[0].hint


@pytest.mark.parametrize(("form", "account"), [("spreadsheet", "501100"), ("pohoda", "518000")])
def test_the_account_of_a_line_is_one_of_the_books_only_in_a_table_made_for_them(invented, form, account):
    document = received(invented, format=form, lines=(invented.line(account="501100"),))
    assert items(route(document, CZ))[0]["chartAccountNumber"] == account


def test_a_line_has_the_cost_centre_of_its_own_before_those_around_it(invented):
    lines = (invented.line(1, cost_centre="BRNO"), invented.line(2))
    routed = route(received(invented, cost_centre="PRAHA", lines=lines), CZ)
    assert [item["costPosition"] for item in items(routed)] == ["BRNO", "PRAHA"]
    assert values(routed)["costPosition"] == "PRAHA"


def test_partners_of_the_same_run_are_known_by_their_codes_after_the_settings(invented):
    coded = invented.partner(party=msgspec.structs.replace(invented.CUSTOMER, code="OD-1"))
    known = knowing(CZ, [coded])
    assert values(route(received(invented), known))["supplierCode"] == "OD-1"
    stated = knowing(booked(supplier_codes={"25596641": "D015"}), [coded])
    assert values(route(received(invented), stated))["supplierCode"] == "D015"


def test_a_number_that_several_partners_have_names_none_of_them(invented):
    partners = [
        invented.partner(party=msgspec.structs.replace(invented.CUSTOMER, code=code)) for code in ("OD-1", "OD-2")
    ]
    assert knowing(CZ, partners) == CZ


# VAT


TREATMENTS = [
    # fields of the document, fields of the line, code, deductible, in scope, VAT in percent
    ({}, {}, 0, True, None, 21),
    ({}, {"vat_classification": "PD"}, 0, True, None, 21),
    ({"vat_classification": "PD"}, {}, 0, True, None, 21),
    ({"vat_classification": "PD"}, {"reverse_charge": True, "vat": Decimal(0)}, 11, True, None, 21),
    ({}, {"reverse_charge": True, "vat": Decimal(0)}, 11, True, None, 21),
    ({"vat_document": False}, {"vat_rate": None, "vat": None, "total_with_vat": None}, 21, False, False, 0),
    ({}, {"vat_rate": Decimal(0), "vat": Decimal(0), "total_with_vat": Decimal(100)}, 21, False, False, 0),
    ({}, {"service_elements": {"inputVatTransactionType": "2"}}, 2, True, None, 21),
]


@pytest.mark.parametrize(("fields", "line", "code", "deducted", "scope", "rate"), TREATMENTS)
def test_the_treatment_of_vat_follows_the_document(invented, fields, line, code, deducted, scope, rate):
    routed = route(received(invented, lines=(invented.line(**line),), **fields), CZ)
    (item,) = items(routed)
    assert (str(item["inputVatTransactionType"]), item["isInputVatDeductible"]) == (str(code), deducted)
    assert (item.get("isInsideTheScopeOfVat"), item["vatPercentage"]) == (scope, rate)
    assert ("vatDeductionPercentage" in item) == deducted


def test_input_vat_is_never_deducted_and_in_the_scope_on_one_item(invented):
    for percent in (0, 40, 100):
        (item,) = items(route(received(invented), booked(deduction_percent=Decimal(percent))))
        assert item["isInputVatDeductible"] == (percent > 0)
        assert item.get("vatDeductionPercentage") == (percent or None)
        assert item.get("isInsideTheScopeOfVat") == (None if percent else True)


def test_a_document_is_under_reverse_charge_or_in_the_scope_never_both(invented):
    charged = invented.line(reverse_charge=True, vat=Decimal(0))
    for lines, reverse in [((charged,), True), ((charged, invented.line(2)), None), ((invented.line(),), None)]:
        sent = values(route(received(invented, lines=lines), CZ))
        assert sent.get("isReverseChargeVatDocument") is reverse
        assert sent.get("isInsideTheScopeOfVat") is (None if reverse else True)


def test_vat_that_is_not_deducted_is_part_of_the_cost(invented):
    routed = route(received(invented, lines=(invented.line(vat_classification="PN"),)), CZ)
    (item,) = items(routed)
    assert (item["netAmount"], item["vatPercentage"]) == (Decimal("121.00"), 0)
    assert codes(routed) == ["received.vat-in-cost"]
    assert values(routed)["isInsideTheScopeOfVat"] is False


def test_a_classification_of_the_firm_is_asked_for_and_then_known(invented, tmp_path):
    document = received(invented, lines=(invented.line(3, vat_classification="PDmajetek"),))
    (found,) = route(document, CZ).findings
    assert found.code == "code.unknown"
    for part in ("input-vat.toml", "[CZ.classification]", '"PDmajetek" = '):
        assert part in found.hint
    assert "line 3" in found.message
    target = put(tmp_path, "input-vat.toml", "[CZ.classification]\nPDmajetek = 2\n")
    assert items(route(document, target))[0]["inputVatTransactionType"] == 2


def test_goods_or_services_from_abroad_are_asked_for_and_never_guessed(invented, tmp_path):
    line = invented.line(vat_rate=Decimal(0), vat=Decimal(0), total_with_vat=Decimal("100.00"))
    document = received(invented, supplier=GERMAN, lines=(line,))
    target = booked(supplier_codes={"DE123456788": "N1"})
    (found,) = route(document, target).findings
    assert found.code == "code.unknown"
    assert '"DE123456788" = ' in found.hint
    (tmp_path / "input-vat.toml").write_text('[CZ.suppliers]\n"DE123456788" = 5\n', encoding="utf-8")
    routed = route(document, msgspec.structs.replace(target, codes=str(tmp_path)))
    (item,) = items(routed)
    assert item["inputVatTransactionType"] == 5
    assert "vatPercentage" not in item
    assert codes(routed) == ["received.rate-defaulted"]


def test_foreign_vat_is_not_taken_for_vat_that_we_work_out(invented, tmp_path):
    (tmp_path / "input-vat.toml").write_text('[CZ.suppliers]\n"DE123456788" = 5\n', encoding="utf-8")
    target = msgspec.structs.replace(booked(supplier_codes={"DE123456788": "N1"}), codes=str(tmp_path))
    routed = route(received(invented, supplier=GERMAN), target)
    assert (routed.call, codes(routed)) == (None, ["received.vat-charged"])


@pytest.mark.parametrize("code", ["1", "6", "14", "20", "99", "x"])
def test_a_code_that_the_service_does_not_have_is_never_sent(invented, code):
    line = invented.line(service_elements={"inputVatTransactionType": code})
    routed = route(received(invented, lines=(line,)), CZ)
    assert (routed.call, codes(routed)) == (None, ["received.vat-code"])


def test_a_rate_that_cannot_be_told_is_an_error(invented):
    routed = route(received(invented, lines=(invented.line(vat_rate=None),)), CZ)
    assert (routed.call, codes(routed)) == (None, ["invoice.vat-rate-unknown"])


# Amounts


def test_a_document_in_another_currency_is_booked_in_both(invented):
    document = received(invented, currency="EUR", exchange_rate=Decimal("2467.50"), exchange_amount=Decimal(100))
    routed = route(document, CZ)
    sent, (item,) = values(routed), items(routed)
    assert (sent["amountWithVAT"], sent["paymentAmount"], sent["paymentCurrency"]) == (
        Decimal("2985.68"),
        Decimal("121.00"),
        "EUR",
    )
    assert (item["netAmount"], item["netAmountInDocumentCurrency"]) == (Decimal("2467.50"), Decimal("100.00"))


@pytest.mark.parametrize(
    "fields",
    [{}, {"exchange_rate": Decimal(0)}, {"exchange_rate": Decimal("1.08"), "home_currency": "EUR"}],
)
def test_without_a_rate_to_our_currency_nothing_is_booked(invented, fields):
    routed = route(received(invented, currency="USD", **fields), CZ)
    assert (routed.call, codes(routed)) == (None, ["received.no-rate"])


def test_a_currency_that_is_not_stated_is_that_of_the_books(invented):
    assert values(route(received(invented, currency=None), CZ))["paymentCurrency"] == "CZK"


def test_a_document_without_lines_is_booked_by_its_recapitulation(invented):
    rows = (invented.summary(), invented.summary("10.00", "1.20", "11.20", "12"), invented.summary("0.00", "0.00"))
    routed = route(received(invented, lines=(), vat_summary=rows, text="Energie"), CZ)
    assert [(one["description"], one["netAmount"], one["vatPercentage"]) for one in items(routed)] == [
        ("Energie", Decimal("100.00"), 21),
        ("Energie", Decimal("10.00"), 12),
    ]
    assert codes(routed) == ["received.recapitulation-booked"]


def test_a_document_without_lines_and_recapitulation_is_refused(invented):
    assert codes(route(received(invented, lines=(), vat_summary=()), CZ)) == ["invoice.no-lines"]


def test_a_line_without_an_amount_is_an_error(invented):
    line = invented.line(2, unit_price=None, total_without_vat=None, vat=None, total_with_vat=None)
    routed = route(received(invented, lines=(line,)), CZ)
    assert (routed.call, codes(routed)) == (None, ["received.line-amount"])


def test_a_discount_of_the_whole_document_is_taken_from_the_lines(invented):
    routed = route(received(invented, discount_percent=Decimal("2.5")), CZ)
    assert items(routed)[0]["netAmount"] == Decimal("97.50")


def test_a_taxed_advance_is_deducted_so_that_vat_is_not_deducted_twice(invented):
    advance = Advance(number="DZ1", amount=Decimal("60.50"), base=Decimal("50.00"), vat_rate=Decimal(21), taxed=True)
    for stated in ("121.00", "60.50"):
        document = received(invented, advances=(advance,), total_with_vat=Decimal("121.00"), payable=Decimal(stated))
        routed = route(document, CZ)
        line, deduction = items(routed)
        assert (line["netAmount"], deduction["netAmount"]) == (Decimal("100.00"), Decimal("-50.00"))
        assert "DZ1" in deduction["description"]
        assert deduction["vatPercentage"] == 21
        assert values(routed)["amountWithVAT"] == Decimal("60.50")
        assert values(routed)["receivedAdvanceInvoiceRef"] == "DZ1"
        assert codes(routed) == ["received.advance-deducted"]


def test_a_taxed_advance_of_unknown_base_is_an_error(invented):
    advance = Advance(number="DZ1", amount=Decimal("60.50"), taxed=True)
    routed = route(received(invented, advances=(advance,)), CZ)
    assert (routed.call, codes(routed)) == (None, ["received.advance-unclear"])


def test_of_several_advances_the_first_is_referred_to_and_the_rest_told(invented):
    advances = tuple(Advance(number=number, amount=Decimal(10)) for number in ("Z1", "Z2"))
    routed = route(received(invented, advances=advances), CZ)
    assert values(routed)["receivedAdvanceInvoiceRef"] == "Z1"
    assert codes(routed) == ["payload.advances-not-carried"]


def test_an_advance_invoice_is_referred_to_rather_than_the_tax_document_on_its_payment(invented):
    taxed = Advance(number="DZ1", amount=Decimal("60.50"), base=Decimal("50.00"), vat_rate=Decimal(21), taxed=True)
    for advances, number in [((taxed, Advance(number="ZF1", amount=Decimal(5))), "ZF1"), ((taxed,), "DZ1")]:
        sent = values(route(received(invented, advances=advances), CZ))
        assert sent["receivedAdvanceInvoiceRef"] == number


def test_elements_given_by_their_names_come_before_what_is_worked_out(invented):
    line = invented.line(service_elements={"chartAccountNumber": "042000", "description": "Stroj"})
    document = received(
        invented,
        lines=(line,),
        service_elements={"supplierCode": "D7", "businessYear": "2025", "receivalDate": "2026-01-20"},
    )
    routed = route(document, CZ)
    sent, (item,) = values(routed), items(routed)
    assert (sent["supplierCode"], sent["businessYear"], sent["receivalDate"]) == ("D7", "2025", "2026-01-20")
    assert (item["chartAccountNumber"], item["description"]) == ("042000", "Stroj")


def test_amounts_given_by_their_names_are_not_missing(invented):
    line = invented.line(
        unit_price=None, total_without_vat=None, vat=None, total_with_vat=None, service_elements={"netAmount": "100.00"}
    )
    given = {"paymentAmount": "121.00", "paymentDueDate": "2026-01-29"}
    document = received(
        invented, lines=(line,), payable=None, total_with_vat=None, due_date=None, service_elements=given
    )
    routed = route(document, CZ)
    sent = values(routed)
    assert (sent["paymentAmount"], sent["paymentDueDate"]) == ("121.00", "2026-01-29")
    assert items(routed)[0]["netAmount"] == "100.00"


def test_a_name_that_the_service_does_not_have_is_told(invented):
    routed = route(received(invented, service_elements={"supplierName": "x"}), CZ)
    assert codes(routed) == ["payload.element-unknown"]


AMOUNTS = st.decimals(min_value=-100000, max_value=100000, places=2)


@settings(max_examples=100)
@given(
    nets=st.lists(AMOUNTS, min_size=1, max_size=5),
    rate=st.decimals(min_value="0.01", max_value=999, places=3),
    foreign=st.booleans(),
)
def test_the_items_make_the_amounts_of_the_lines_to_the_cent(invented, nets, rate, foreign):
    lines = tuple(
        invented.line(position, total_without_vat=net, vat=None, total_with_vat=None, unit_price=None)
        for position, net in enumerate(nets, start=1)
    )
    money = {"currency": "EUR", "exchange_rate": rate} if foreign else {}
    found = items(route(received(invented, lines=lines, **money), CZ))
    if foreign:
        assert [one["netAmountInDocumentCurrency"] for one in found] == nets
        assert [one["netAmount"] for one in found] == [half_up(net * rate) for net in nets]
    else:
        assert [one["netAmount"] for one in found] == nets
