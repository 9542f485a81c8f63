"""Issued documents and orders: every element that the model can fill, and codes that are mapped and never guessed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec
import pytest

from efimport.api.elements import code_list, document
from efimport.documents import Address, Advance, BankAccount, Kind, Origin, Party
from efimport.findings import Severity
from efimport.mappings import codes as tables
from efimport.payloads import route
from efimport.payloads.target import Target
from efimport.settings import Organization

CZ, SI, HR = Target(site="CZ"), Target(site="SI"), Target(site="HR")
SITES = {"CZ": CZ, "SI": SI, "HR": HR}
SPREADSHEET = Origin(path="faktury.xlsx", format="spreadsheet", line=2)


def head(routed, name="SalesInvoice"):
    assert routed.call is not None, codes(routed)
    return {one.name: one.value for one in routed.call[name].children if not one.children}


def items(routed, name="SalesInvoice"):
    assert routed.call is not None, codes(routed)
    (entries,) = [one for one in routed.call[name].children if one.name == "Items"]
    return [{one.name: one.value for one in entry.children} for entry in entries.children]


def item(routed, name="SalesInvoice"):
    (only,) = items(routed, name)
    return only


def codes(routed):
    return [found.code for found in routed.findings]


def foreign(country="DE", vat_id="DE123456788"):
    return Party(name="Kunde GmbH", vat_id=vat_id, address=Address(city="Berlin", country=country))


def zero(invented, **fields):
    return invented.line(vat_rate=Decimal(0), vat=Decimal(0), total_with_vat=Decimal("100.00"), **fields)


NOTHING = {"total_with_vat": Decimal("100.00"), "total_vat": Decimal(0), "payable": Decimal("100.00")}


# Elements


FIELDS = {
    "place_of_issue": ("city", "Brno"),
    "introduction": ("introductionText", "Dobrý den"),
    "cost_centre": ("costPosition", "120"),
    "delivery_method": ("deliveryMethod", "kurýr"),
    "text": ("remarks", "Děkujeme"),
    "sales_order_number": ("salesOrderRef", "OBJ7"),
    "quote_number": ("salesQuoteRef", "N7"),
    "vat_country": ("vatCountryIsoCode", "DE"),
    "warehouse": ("warehouseCode", "00001"),
}


@pytest.mark.parametrize(("field", "element", "value"), [(field, *pair) for field, pair in FIELDS.items()])
def test_a_field_of_the_document_has_its_element(invented, field, element, value):
    line = invented.line(vat_classification="oss-goods") if field == "vat_country" else invented.line()
    routed = route(invented.invoice(lines=(line,), **{field: value}), CZ)
    assert head(routed)[element] == value


def test_the_discount_of_the_document_is_its_own_element(invented):
    invoice = invented.invoice(discount_percent=Decimal(10), total_with_vat=Decimal("108.90"))
    routed = route(invoice, CZ)
    assert head(routed)["superDiscountPercentage"] == Decimal(10)
    assert item(routed)["netPrice"] == Decimal("100.00")
    assert "payload.total-differs" not in codes(routed)


def test_the_contact_person_is_named_beside_the_firm_and_not_twice(invented):
    firm = Party(name="Odběratel a.s.", contact="Jana Malá")
    assert head(route(invented.invoice(customer=firm), CZ))["customerContactPerson"] == "Jana Malá"
    person = Party(contact="Jana Malá")
    values = head(route(invented.invoice(customer=person), CZ))
    assert values["buyerName"] == "Jana Malá"
    assert "customerContactPerson" not in values


def test_the_day_of_payment_is_told_on_an_advance_invoice(invented):
    routed = route(invented.invoice(kind=Kind.ISSUED_ADVANCE_INVOICE), CZ)
    assert head(routed, "AdvanceInvoice")["prepaymentDate"] == dt.date(2026, 1, 15)


def test_what_an_order_says_has_its_elements(invented):
    order = invented.order(
        received_date=dt.date(2026, 1, 16), order_number="X7", quote_number="N7", introduction="Dobrý den",
        cost_centre="120", delivery_method="kurýr", language="en", discount_percent=Decimal(5),
        payment_method="cash", customer=Party(name="Odběratel", contact="Jana Malá", mobile="+420 600 000 002"),
    )  # fmt: skip
    values = head(route(order, CZ), "SalesOrder")
    assert values == {
        "number": "OBJ1", "date": dt.date(2026, 1, 15), "receivedDate": dt.date(2026, 1, 16),
        "customerContactPerson": "Jana Malá", "type": "Gross", "status": "Opened", "costPosition": "120",
        "deliveryMethod": "kurýr", "superDiscountPercentage": Decimal(5), "orderReference": "X7",
        "introductionText": "Dobrý den", "buyerName": "Odběratel",
        "buyerPhone": "+420 600 000 002", "vatTransactionType": "0", "methodOfPayment": "cash",
        "documentLanguage": "English", "salesQuoteRef": "N7",
    }  # fmt: skip


def test_elements_that_the_source_names_come_before_what_is_worked_out(invented):
    given = {
        "city": "Ostrava", "cashRegisterCode": "0001", "businessUnit": "01", "isReccurringInvoice": "1",
        "printingTemplate": "A", "methodOfPayment": "PAYPAL", "superDiscountPercentage": "5,5", "Address.city": "Zlín",
        "receivablesAccountNumber": "311", "status": "Draft", "buyerCountry": "cz", "remarks": " ",
    }  # fmt: skip
    invoice = invented.invoice(place_of_issue="Brno", text="Děkujeme", total_with_vat=None, service_elements=given)
    routed = route(invoice, CZ)
    values = head(routed)
    assert {name: values[name] for name in given if "." not in name} == {
        "city": "Ostrava", "cashRegisterCode": "0001", "businessUnit": "01", "isReccurringInvoice": "true",
        "printingTemplate": "A", "methodOfPayment": "payPal", "superDiscountPercentage": "5.5",
        "receivablesAccountNumber": "311", "status": "draft", "buyerCountry": "CZ", "remarks": "Děkujeme",
    }  # fmt: skip
    (address,) = [one for one in routed.call["SalesInvoice"].children if one.name == "Address"]
    assert {one.name: one.value for one in address.children} == {"city": "Zlín"}
    names = list(values)
    order = document("SalesInvoice", "CZ").root.names
    assert names == sorted(names, key=order.index)


def test_a_number_that_the_source_names_is_the_identity(invented):
    routed = route(invented.invoice(service_elements={"number": "2026-00007"}), CZ)
    assert routed.identity == "2026-00007"


def test_elements_of_a_line_come_before_what_is_worked_out(invented):
    given = {
        "transNoCoefCalcSN": "true", "kontrolHlasSectionType": "2", "kontrolHlasTransCode": "10",
        "vatTransactionType": "7", "unit": "km", "chartAccountNumber": "76000", "vatPercentage": "0",
    }  # fmt: skip
    routed = route(invented.invoice(lines=(zero(invented, service_elements=given),), **NOTHING), CZ)
    assert {name: item(routed)[name] for name in given} == given | {"transNoCoefCalcSN": "1"}
    assert head(routed)["vatTransactionType"] == "7"


def test_a_name_that_is_no_element_is_not_dropped_in_silence(invented):
    routed = route(invented.invoice(service_elements={"methodOfPaymnet": "cash"}), CZ)
    assert (routed.call, codes(routed)) == (None, ["payload.element-unknown"])
    assert "did you mean methodOfPayment" in routed.findings[0].message


# Buyer


def test_the_code_of_a_partner_goes_from_a_mapped_table_alone(invented):
    customer = Party(name="Odběratel", code="123456")
    assert "buyerCode" not in head(route(invented.invoice(customer=customer), CZ))
    values = head(route(invented.invoice(customer=customer, origin=SPREADSHEET), CZ))
    assert (values["buyerCode"], values["buyerName"]) == ("123456", "Odběratel")


def test_what_a_table_does_not_say_of_a_known_partner_is_not_made_up(invented):
    values = head(route(invented.invoice(customer=Party(code="123456"), origin=SPREADSHEET), CZ))
    assert {name for name in values if name.startswith("buyer")} == {"buyerCode"}


def test_the_internal_number_of_a_partner_refers_to_it(invented):
    values = head(route(invented.invoice(customer=Party(service_id="60:123456")), CZ))
    assert {name: value for name, value in values.items() if name.startswith("buyer")} == {
        "buyerDocumentID": "60:123456"
    }


@pytest.mark.parametrize(
    ("party", "word"),
    [
        (Party(name="A", vat_id="CZ25596641"), "Registered"),
        (Party(name="A", vat_id="CZ25596641", vat_registered=False), "None"),
        (Party(name="A", tax_number="1", vat_registered=True), "Registered"),
        (Party(name="A"), None),
        (Party(code="7", vat_registered=False), "None"),
    ],
)
def test_the_registration_is_as_the_source_says_else_by_the_vat_number(invented, party, word):
    values = head(route(invented.invoice(customer=party, origin=SPREADSHEET), CZ))
    assert values.get("buyerVatRegistration") == word


@pytest.mark.parametrize(
    ("site", "party", "sent"),
    [
        ("CZ", Party(name="A", registration_number="25596641"), "25596641"),
        ("SI", Party(name="A", registration_number="5043611"), None),
        ("SI", Party(name="A", registration_number="5043611", tax_number="12345679"), "12345679"),
        ("HR", Party(name="A", registration_number="080000001"), None),
        ("HR", Party(name="A", registration_number="12345678903"), "12345678903"),
    ],
)
def test_the_number_of_a_register_goes_as_tax_number_only_where_it_is_one(invented, site, party, sent):
    routed = route(invented.invoice(customer=party), Target(site=site))
    assert head(routed).get("buyerTaxNumber") == sent
    told = any("registration number" in str(one.message) for one in routed.findings)
    assert told == (sent != party.registration_number)


@pytest.mark.parametrize(
    ("fields", "clause"),
    [
        ({}, "Registered"),
        ({"vat_rate": Decimal(0)}, None),
        ({"vat_rate": Decimal(0), "vat_classification": "UN"}, "Registered"),
        ({"vat_rate": Decimal(0), "reverse_charge": True, "reverse_charge_code": "4"}, "Registered"),
    ],
)
def test_a_rate_of_zero_alone_does_not_show_that_the_issuer_is_registered(invented, fields, clause):
    line = invented.line(**{"vat": None, "total_with_vat": None} | fields)
    made = invented.invoice(supplier=None, lines=(line,), total_with_vat=None)
    assert head(route(made, CZ)).get("vatOutgoingDocumentVatClause") == clause


@pytest.mark.parametrize(
    ("price", "given", "told"), [("12.344", {}, True), ("12.34", {}, False), ("12.344", {"netPrice": "12.344"}, False)]
)
def test_a_price_that_is_sent_otherwise_than_it_stands_there_is_told(invented, price, given, told):
    line = invented.line(
        unit_price=Decimal(price), total_without_vat=Decimal("12.34"), vat=Decimal("2.59"),
        total_with_vat=Decimal("14.93"), service_elements=given,
    )  # fmt: skip
    routed = route(invented.invoice(lines=(line,), total_with_vat=Decimal("14.93")), CZ)
    assert ("payload.price-changed" in codes(routed)) == told


@pytest.mark.parametrize(("kind", "told"), [(Kind.ISSUED_CREDIT_NOTE, True), (Kind.ISSUED_INVOICE, False)])
def test_the_signs_of_a_credit_note_are_told(invented, kind, told):
    routed = route(invented.invoice(kind=kind), CZ)
    assert ("payload.credit-note-signs" in codes(routed)) == told


def test_a_registered_buyer_without_any_number_is_not_sent(invented):
    routed = route(invented.invoice(customer=Party(name="A", vat_registered=True)), CZ)
    assert (routed.call, codes(routed)) == (None, ["payload.element-missing"])


@pytest.mark.parametrize(("country", "sent"), [("cz", "CZ"), (" SK ", "SK"), ("Česko", None), ("CZE", None)])
def test_a_country_that_is_no_code_is_left_out_and_told(invented, country, sent):
    party = Party(name="A", address=Address(city="Brno", country=country))
    routed = route(invented.invoice(customer=party, delivery=party), CZ)
    assert head(routed).get("buyerCountry") == sent
    (address,) = [one for one in routed.call["SalesInvoice"].children if one.name == "Address"]
    assert {one.name: one.value for one in address.children}.get("country") == sent
    assert ("partner.country-unknown" in codes(routed)) == (sent is None)


# The treatment of VAT


@pytest.mark.parametrize("site", SITES)
def test_every_code_of_the_table_is_one_of_the_site(site):
    lists = {"CZ": "vat-cz", "SI": "vat-si", "HR": "vat-hr"}
    known = set(code_list(lists[site]).values)
    table = tables("vat-transactions")
    assert {str(code) for code in table[site].values()} <= known
    assert {str(code) for code in table["foreign"][site]} <= known
    # Every code of the service can be told by a word.
    assert known - {str(code) for code in table[site].values()} == set()


TREATMENTS = [
    ("CZ", "UD", "0"), ("CZ", "ud", "0"), ("CZ", "UN", "15"), ("CZ", "UDA5", "0"), ("CZ", "UDdodEU", "1"),
    ("CZ", "UDpdp", "7"), ("CZ", "eu-services", "3"), ("CZ", "export", "4"), ("CZ", "exempt", "12"),
    ("SI", "UD", "0"), ("SI", "UDdodEU", "4"), ("SI", "export", "1"), ("SI", "eu-services", "11"),
    ("SI", "reverse-charge", "10"), ("SI", "outside", "7"),
]  # fmt: skip


@pytest.mark.parametrize(("site", "word", "code"), TREATMENTS)
def test_a_classification_is_mapped_by_the_site(invented, site, word, code):
    by_line = route(invented.invoice(lines=(zero(invented, vat_classification=word),), **NOTHING), SITES[site])
    by_document = route(invented.invoice(lines=(zero(invented),), vat_classification=word, **NOTHING), SITES[site])
    for routed in (by_line, by_document):
        assert (head(routed)["vatTransactionType"], item(routed)["vatTransactionType"]) == (code, code)


@pytest.mark.parametrize(
    ("word", "code"), [("UD", "0"), ("reverse-charge", "14"), ("eu-goods", "19"), ("export", "22")]
)
def test_a_debit_note_has_the_codes_of_croatia(invented, word, code):
    lines = (zero(invented),)
    routed = route(invented.invoice(kind=Kind.ISSUED_DEBIT_NOTE, vat_classification=word, lines=lines, **NOTHING), HR)
    assert item(routed, "DebitNote")["vatTransactionType"] == code


def test_a_classification_that_nothing_maps_is_refused_and_the_line_to_add_is_named(invented):
    lines = (invented.line(1, vat_classification='UD"xyz'), invented.line(2, vat_classification='UD"xyz'))
    routed = route(invented.invoice(lines=lines), CZ)
    assert (routed.call, codes(routed)) == (None, ["code.unknown"])
    assert "vatTransactionType" in routed.findings[0].message
    hint = str(routed.findings[0].hint)
    assert "vat-transactions.toml" in hint
    assert '[CZ]: "UD\\"xyz" = ...' in hint


def own_codes(folder, name, text):
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return Target(codes=str(folder))


def test_a_firm_maps_its_own_classifications(invented, tmp_path):
    target = own_codes(tmp_path, "vat-transactions", '[CZ]\n"UDxyz" = 12\nUD = 11\n')
    lines = (zero(invented, vat_classification="UDxyz"), invented.line(2, vat_classification="UD"))
    assert [one["vatTransactionType"] for one in items(route(invented.invoice(lines=lines), target))] == ["12", "11"]


def test_the_folder_of_the_settings_is_the_one_that_is_used(tmp_path):
    organization = Organization(name="acme", site="CZ", codes=str(tmp_path))
    assert Target.of(organization).codes == str(tmp_path)


def test_the_line_speaks_before_the_document(invented):
    lines = (zero(invented, vat_classification="UDdodEU"), invented.line(2), invented.line(3, reverse_charge=True))
    routed = route(invented.invoice(lines=lines, vat_classification="UN"), CZ)
    assert [one["vatTransactionType"] for one in items(routed)] == ["1", "15", "7"]
    assert head(routed)["vatTransactionType"] == "0"


@pytest.mark.parametrize(
    ("customer", "word"),
    [
        (foreign(), "zero-eu"),
        (foreign(country=None), "zero-eu"),
        (foreign("GR", "EL123456783"), "zero-eu"),
        (foreign("CH", None), "zero-outside-eu"),
        (foreign("gb", None), "zero-outside-eu"),
    ],
)
def test_no_vat_for_a_foreign_customer_needs_a_reason(invented, customer, word):
    routed = route(invented.invoice(lines=(zero(invented),), customer=customer, **NOTHING), CZ)
    assert (routed.call, codes(routed)) == (None, ["code.unknown"])
    assert f'"{word}" = ...' in str(routed.findings[0].hint)


def test_a_firm_may_say_what_no_vat_for_a_foreign_customer_always_means(invented, tmp_path):
    target = own_codes(tmp_path, "vat-transactions", "[CZ]\nzero-eu = 3\n")
    routed = route(invented.invoice(lines=(zero(invented),), customer=foreign(), **NOTHING), target)
    assert item(routed)["vatTransactionType"] == "3"


@pytest.mark.parametrize("customer", [Party(name="A", address=Address(country="CZ")), Party(name="A")])
def test_no_vat_at_home_without_a_reason_goes_as_the_default_and_is_told(invented, customer):
    routed = route(invented.invoice(lines=(zero(invented),), customer=customer, **NOTHING), CZ)
    assert item(routed)["vatTransactionType"] == "0"
    assert codes(routed) == ["code.zero-rate"]


@pytest.mark.parametrize(
    "fields",
    [
        {"vat_document": False, "lines": "zero", "customer": foreign()},
        {"vat_classification": "UDdodEU", "lines": "zero", "customer": foreign()},
        {"lines": "reverse", "customer": foreign()},
        {"lines": "empty", "customer": foreign()},
        {"lines": "rated", "customer": foreign()},
    ],
)
def test_where_there_is_a_reason_nothing_is_asked(invented, fields):
    nothing = {"unit_price": None, "total_without_vat": None, "total_with_vat": None, "vat": None}
    lines = {
        "zero": zero(invented),
        "reverse": invented.line(reverse_charge=True, reverse_charge_code="4"),
        "empty": invented.line(vat_rate=Decimal(0), **nothing),
        "rated": invented.line(),
    }
    routed = route(invented.invoice(**{**fields, "lines": (lines[fields["lines"]],), "total_with_vat": None}), CZ)
    assert not {"code.unknown", "code.zero-rate"} & set(codes(routed))
    assert routed.call is not None


@pytest.mark.parametrize("word", ["UDdodEU", "reverse-charge", "export", "exempt"])
def test_vat_on_a_supply_without_vat_is_refused(invented, word):
    routed = route(invented.invoice(lines=(invented.line(vat_classification=word),)), CZ)
    assert (routed.call, codes(routed)) == (None, ["code.vat-charged"])
    assert "Line 1" in routed.findings[0].message


def test_a_rate_that_is_stated_and_not_charged_is_not_sent(invented):
    line = invented.line(vat=Decimal(0), total_with_vat=Decimal("100.00"), vat_classification="UDpdp")
    sent = item(route(invented.invoice(lines=(line,), **NOTHING), CZ))
    assert (sent["vatPercentage"], sent["vatTransactionType"]) == (0, "7")


@pytest.mark.parametrize("site", SITES)
def test_codes_without_vat_are_codes_of_the_site_and_none_of_foreign_vat(site):
    table = tables("vat-transactions")
    assert set(table["without_vat"][site]) <= set(table[site].values())
    assert not set(table["without_vat"][site]) & {*table["foreign"][site], table[site]["taxable"]}


def test_a_rate_that_the_source_names_by_its_element_counts(invented):
    line = invented.line(vat_rate=None, vat=None, total_with_vat=None, service_elements={"vatPercentage": "12,0"})
    routed = route(invented.invoice(lines=(line,), total_with_vat=Decimal("112.00")), CZ)
    assert item(routed)["vatPercentage"] == "12.0"
    assert codes(routed) == []


# VAT of another country


def test_vat_of_another_country_names_it_for_the_whole_document(invented):
    lines = (
        invented.line(1, vat_classification="oss-goods", vat_country="de"),
        invented.line(2, vat_classification="oss-goods", vat_country="DE"),
    )
    routed = route(invented.invoice(lines=lines), CZ)
    assert (head(routed)["vatTransactionType"], head(routed)["vatCountryIsoCode"]) == ("106", "DE")


def test_a_type_with_foreign_vat_is_that_of_the_document_even_where_lines_differ(invented):
    lines = (invented.line(1), invented.line(2, vat_classification="oss-goods"))
    routed = route(invented.invoice(lines=lines, vat_country="DE", vat_classification="UD"), CZ)
    assert head(routed)["vatTransactionType"] == "106"
    assert [one["vatTransactionType"] for one in items(routed)] == ["0", "106"]


def test_vat_of_another_country_without_a_word_for_it_is_refused(invented):
    routed = route(invented.invoice(vat_country="DE"), CZ)
    assert (routed.call, codes(routed)) == (None, ["code.unknown"])
    assert '"oss" = ...' in str(routed.findings[0].hint)


def test_a_type_with_foreign_vat_needs_its_country(invented):
    routed = route(invented.invoice(vat_classification="oss-goods"), CZ)
    assert (routed.call, codes(routed)) == (None, ["payload.element-missing"])
    assert "vatCountryIsoCode" in routed.findings[0].message


def test_several_countries_of_vat_do_not_go_on_one_document(invented):
    lines = (
        invented.line(1, vat_classification="oss-goods", vat_country="DE"),
        invented.line(2, vat_classification="oss-goods", vat_country="AT"),
    )
    routed = route(invented.invoice(lines=lines), CZ)
    assert (routed.call, codes(routed)) == (None, ["payload.several-vat-countries"])
    assert "AT, DE" in routed.findings[0].message


def test_a_sale_at_home_through_the_one_stop_shop_names_the_own_country(invented):
    line = invented.line(vat_classification="oss-goods-domestic", vat_country="CZ")
    assert head(route(invented.invoice(lines=(line,)), CZ))["vatCountryIsoCode"] == "CZ"


def test_the_own_country_is_no_other_one(invented):
    routed = route(invented.invoice(vat_country="CZ"), CZ)
    assert "vatCountryIsoCode" not in head(routed)


# The control report


GOODS = {"1": 2, "1a": 3, "3": 4, "3a": 5, "4": 6, "4a": 7, "5": 8, "6": 9, "7": 10}
GOODS |= {str(code): code for code in range(11, 22)}


def test_the_codes_of_supplies_are_those_of_the_service():
    table = tables("control-report")
    assert table["goods"] == GOODS
    printed = code_list("control-report-code").meanings
    assert {printed[str(code)]["en"]: code for code in GOODS.values()} == GOODS
    assert {str(code) for code in table["section"].values()} == set(code_list("control-report-section").values)


@pytest.mark.parametrize(("printed", "code"), GOODS.items())
def test_a_supply_in_reverse_charge_goes_to_section_a1_with_its_code(invented, printed, code):
    line = invented.line(reverse_charge=True, reverse_charge_code=printed)
    routed = route(invented.invoice(lines=(line,), total_with_vat=None), CZ)
    assert (item(routed)["kontrolHlasSectionType"], item(routed)["kontrolHlasTransCode"]) == (2, code)


def test_a_code_of_supply_that_nothing_maps_is_refused(invented):
    line = invented.line(reverse_charge=True, reverse_charge_code="99")
    routed = route(invented.invoice(lines=(line,), total_with_vat=None), CZ)
    assert (routed.call, codes(routed)) == (None, ["code.unknown"])
    assert "control-report.toml" in str(routed.findings[0].hint)


def test_a_firm_may_write_the_codes_of_its_table_as_texts(invented, tmp_path):
    target = own_codes(tmp_path, "control-report", '[transaction]\n7 = "2"\n[goods]\n99 = "10"\n')
    line = invented.line(reverse_charge=True, reverse_charge_code="99")
    sent = item(route(invented.invoice(lines=(line,), total_with_vat=None), target))
    assert (sent["kontrolHlasSectionType"], sent["kontrolHlasTransCode"]) == ("2", "10")


def test_a_supply_in_reverse_charge_without_a_code_is_told(invented):
    routed = route(invented.invoice(lines=(invented.line(reverse_charge=True),), total_with_vat=None), CZ)
    assert codes(routed) == ["code.no-supply-code"]
    assert "kontrolHlasTransCode" not in item(routed)


@pytest.mark.parametrize(
    ("fields", "section"),
    [
        ({"control_report_classification": "A5"}, 8),
        ({"control_report_classification": "a.4"}, 4),
        ({"control_report_classification": "KN"}, 1),
        ({"control_report_classification": "A4/A5"}, 7),
        ({"vat_classification": "UDA5"}, 8),
        ({"vat_classification": "UD"}, None),
        ({}, None),
    ],
)
def test_the_section_is_the_one_that_the_document_states(invented, fields, section):
    routed = route(invented.invoice(lines=(invented.line(**fields),)), CZ)
    assert item(routed).get("kontrolHlasSectionType") == section


def test_the_section_of_the_document_holds_for_its_lines(invented):
    lines = (invented.line(1), invented.line(2, control_report_classification="A4"))
    routed = route(invented.invoice(lines=lines, control_report_classification="A5"), CZ)
    assert [one["kontrolHlasSectionType"] for one in items(routed)] == [8, 4]


def test_a_section_that_nothing_maps_is_refused(invented):
    routed = route(invented.invoice(control_report_classification="B2"), CZ)
    assert (routed.call, codes(routed)) == (None, ["code.unknown"])


def test_the_slovak_sections_of_pohoda_are_not_taken_for_czech_ones(invented):
    # The routing sends POHODA as it is at the Czech site; the writer of the internal format must not depend on it.
    from efimport.payloads.invoices import internal

    origin = Origin(path="a.xml", format="pohoda")
    routed = internal(invented.invoice(origin=origin, control_report_classification="A1"), "SalesInvoiceImport", CZ)
    assert "kontrolHlasSectionType" not in item(routed)


@pytest.mark.parametrize("site", ["SI", "HR"])
def test_there_is_no_control_report_elsewhere(invented, site):
    line = invented.line(reverse_charge=True, reverse_charge_code="4", control_report_classification="A1")
    routed = route(invented.invoice(lines=(line,), total_with_vat=None), SITES[site])
    assert not [name for name in item(routed) if name.startswith("kontrol")]


def test_an_order_has_no_section(invented):
    order = invented.order(lines=(invented.line(reverse_charge=True, reverse_charge_code="4"),))
    assert not [name for name in item(route(order, CZ), "SalesOrder") if name.startswith("kontrol")]


# Rates


def rated(invented, rate, country=None):
    amounts = {"vat": None, "total_with_vat": None}
    return invented.line(vat_rate=Decimal(rate), vat_country=country, vat_classification="UD", **amounts)


@pytest.mark.parametrize(
    ("site", "rate", "day"),
    [
        ("CZ", "21", "2026-01-15"), ("CZ", "12", "2024-01-01"), ("CZ", "15", "2023-12-31"), ("CZ", "19", "2009-06-01"),
        ("SI", "22", "2026-01-15"), ("SI", "9.5", "2026-01-15"), ("CZ", "0", "2026-01-15"), ("CZ", "7", "1999-01-01"),
    ],
)  # fmt: skip
def test_a_rate_in_force_is_sent_without_a_word(invented, site, rate, day):
    invoice = invented.invoice(
        lines=(rated(invented, rate),), taxable_supply_date=dt.date.fromisoformat(day), total_with_vat=None
    )
    assert codes(route(invoice, SITES[site])) == []


@pytest.mark.parametrize(
    ("site", "rate", "day", "said"),
    [
        ("CZ", "15", "2024-01-01", "the rates were 21 %, 12 %"),
        ("CZ", "22", "2026-01-15", "VAT of 22 % was not in force in CZ"),
        ("SI", "21", "2026-01-15", "was not in force in SI"),
    ],
)
def test_a_rate_that_was_not_in_force_is_told(invented, site, rate, day, said):
    invoice = invented.invoice(
        lines=(rated(invented, rate), rated(invented, rate)), taxable_supply_date=dt.date.fromisoformat(day),
        total_with_vat=None,
    )  # fmt: skip
    routed = route(invoice, SITES[site])
    assert (routed.call is not None, codes(routed)) == (True, ["code.rate-not-in-force"])
    assert said in routed.findings[0].message


def test_the_rates_of_the_country_of_vat_count(invented):
    fields = {"vat_classification": "oss-goods", "total_with_vat": None}
    good = msgspec.structs.replace(rated(invented, "23", "SK"), vat_classification=None)
    bad = msgspec.structs.replace(rated(invented, "21", "SK"), vat_classification=None)
    assert codes(route(invented.invoice(lines=(good,), **fields), CZ)) == []
    assert codes(route(invented.invoice(lines=(bad,), **fields), CZ)) == ["code.rate-not-in-force"]


@pytest.mark.parametrize("fields", [{"kind": Kind.ISSUED_CREDIT_NOTE}, {"vat_document": False}, {"date": None}])
def test_the_rate_of_another_day_is_not_judged(invented, fields):
    fields = {"taxable_supply_date": None if "date" in fields else dt.date(2026, 1, 15), **fields}
    routed = route(invented.invoice(lines=(rated(invented, "15"),), total_with_vat=None, **fields), CZ)
    assert "code.rate-not-in-force" not in codes(routed)


# Payment, language, unit


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("transfer", "bankTransfer"), ("draft", "bankTransfer"), ("Cash", "cash"), ("cheque", "cheques"),
        ("cash-on-delivery", "cashOnDelivery"), ("direct-debit", "directDebit"), ("card", "unknown"),
    ],
)  # fmt: skip
def test_the_way_of_payment_is_mapped(invented, said, sent):
    assert head(route(invented.invoice(payment_method=said), CZ))["methodOfPayment"] == sent


def test_a_way_of_payment_that_nothing_maps_is_left_out_and_told(invented):
    routed = route(invented.invoice(payment_method="barter"), CZ)
    assert "methodOfPayment" not in head(routed)
    assert codes(routed) == ["code.not-used"]
    assert '[method_of_payment]: "barter" = ...' in str(routed.findings[0].hint)


def test_a_firm_maps_its_own_ways_of_payment(invented, tmp_path):
    target = own_codes(tmp_path, "service", '[method_of_payment]\nbarter = "paypal"\n')
    assert head(route(invented.invoice(payment_method="Barter"), target))["methodOfPayment"] == "payPal"


def test_a_way_of_payment_that_this_document_lacks_is_unknown_and_told(invented, tmp_path):
    target = own_codes(tmp_path, "service", '[method_of_payment]\npaypal = "payPal"\n')
    routed = route(invented.invoice(kind=Kind.ISSUED_ADVANCE_INVOICE, payment_method="paypal"), target)
    assert head(routed, "AdvanceInvoice")["methodOfPayment"] == "unknown"
    assert "code.not-in-list" in codes(routed)


@pytest.mark.parametrize(
    ("site", "code", "name"),
    [("CZ", "cs", "Czech"), ("CZ", "EN", "English"), ("SI", "sl", "Slovene"), ("CZ", "hr", "Croatian")],
)
def test_the_language_is_named_in_full(invented, site, code, name):
    assert head(route(invented.invoice(language=code), SITES[site]))["documentLanguage"] == name


@pytest.mark.parametrize(("site", "code", "found"), [("SI", "cs", "code.not-in-list"), ("CZ", "fr", "code.not-used")])
def test_a_language_that_the_service_does_not_print_is_left_out_and_told(invented, site, code, found):
    routed = route(invented.invoice(language=code), SITES[site])
    assert "documentLanguage" not in head(routed)
    assert found in codes(routed)


@pytest.mark.parametrize(("unit", "sent"), [("ks", "ks"), ("KGM", "kg"), ("hur", "h"), (None, None)])
def test_a_unit_goes_as_it_is_but_for_those_that_are_mapped(invented, unit, sent):
    assert item(route(invented.invoice(lines=(invented.line(unit=unit),)), CZ)).get("unit") == sent


# Products


def stocked(invented, **fields):
    return invented.line(product_code="020", stock_item=True, **fields)


def test_the_stock_code_of_another_program_is_no_product_of_the_service(invented):
    routed = route(invented.invoice(lines=(stocked(invented),)), CZ)
    assert "productCode" not in item(routed)
    assert routed.effects == ("effect.issues-document",)


def test_a_product_of_a_mapped_table_is_named_and_moves_the_stock(invented):
    routed = route(invented.invoice(lines=(stocked(invented),), origin=SPREADSHEET), CZ)
    sent = item(routed)
    assert (sent["productCode"], sent["netPrice"]) == ("020", Decimal("100.00"))
    assert "description" not in sent
    assert routed.effects == ("effect.issues-document", "effect.moves-stock")
    assert codes(routed) == ["payload.values-not-carried"]


def test_a_product_that_the_source_names_by_its_element_moves_the_stock(invented):
    line = invented.line(service_elements={"productCode": "020"})
    routed = route(invented.invoice(lines=(line,)), CZ)
    assert item(routed)["productCode"] == "020"
    assert "effect.moves-stock" in routed.effects


def test_a_description_that_the_source_names_makes_a_line_of_text(invented):
    line = stocked(invented, service_elements={"description": "Doprava"})
    sent = item(route(invented.invoice(lines=(line,), origin=SPREADSHEET), CZ))
    assert (sent["description"], "productCode" in sent) == ("Doprava", False)


def test_the_account_of_a_line_goes_from_a_mapped_table_alone(invented):
    line = invented.line(account="602100", cost_centre="120")
    assert "chartAccountNumber" not in item(route(invented.invoice(lines=(line,)), CZ))
    sent = item(route(invented.invoice(lines=(line,), origin=SPREADSHEET), CZ))
    assert (sent["chartAccountNumber"], sent["costPosition"]) == ("602100", "120")


# What stays behind


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"order_number": "X"}, "number of the customer's order"),
        ({"supply_end_date": dt.date(2026, 1, 31)}, "last day of the supply"),
        ({"constant_symbol": "0308"}, "constant symbol"),
        ({"specific_symbol": "7"}, "specific symbol"),
    ],
)
def test_what_has_no_element_is_said(invented, fields, said):
    routed = route(invented.invoice(**fields), CZ)
    assert codes(routed) == ["payload.values-not-carried"]
    assert said in routed.findings[0].message
    assert routed.findings[0].severity is Severity.INFO


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"note": "Pozor"}, "notes of lines"),
        ({"ean": "4006381333931"}, "bar codes"),
        ({"product_code": "020"}, "codes of products"),
    ],
)
def test_a_line_says_what_has_no_element_as_well(invented, fields, said):
    routed = route(invented.invoice(lines=(invented.line(**fields),)), CZ)
    assert codes(routed) == ["payload.values-not-carried"]
    assert said in routed.findings[0].message


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"customer": Party(name="A", vat_id="SK2020273893", registration_number="31322832")}, "registration number"),
        ({"delivery": Party(name="Sklad", address=Address(city="Brno"))}, "name of the recipient"),
    ],
)
def test_of_the_parties_it_is_said_as_well(invented, fields, said):
    routed = route(invented.invoice(**fields), CZ)
    assert codes(routed) == ["payload.values-not-carried"]
    assert said in routed.findings[0].message


def test_a_recipient_that_is_the_customer_is_nobody_else(invented):
    recipient = Party(name="Odběratel a.s.", address=Address(city="Brno"))
    assert codes(route(invented.invoice(delivery=recipient), CZ)) == []


def test_a_debit_note_has_no_cost_centre_for_its_lines(invented):
    lines = (invented.line(cost_centre="120"),)
    routed = route(invented.invoice(kind=Kind.ISSUED_DEBIT_NOTE, lines=lines), HR)
    assert "cost centres of lines" in routed.findings[-1].message


@pytest.mark.parametrize(
    ("kind", "site", "fields", "said"),
    [
        (Kind.ISSUED_CREDIT_NOTE, "CZ", {"warehouse": "1"}, "warehouse"),
        (Kind.ISSUED_CREDIT_NOTE, "CZ", {"sales_order_number": "1"}, "number of the order"),
        (Kind.ISSUED_INVOICE, "CZ", {"original_number": "1"}, "number of the original document"),
        (Kind.ISSUED_DEBIT_NOTE, "HR", {"payment_method": "cash"}, "way of payment"),
        (Kind.ISSUED_ADVANCE_INVOICE, "CZ", {}, "telephone of the customer"),
    ],
)
def test_what_this_document_lacks_is_said(invented, kind, site, fields, said):
    routed = route(invented.invoice(kind=kind, **fields), SITES[site])
    assert said in next(found.message for found in routed.findings if found.code == "payload.values-not-carried")


def test_a_supply_of_one_day_has_no_last_day_to_tell(invented):
    assert codes(route(invented.invoice(supply_end_date=dt.date(2026, 1, 15)), CZ)) == []


def test_an_account_of_ours_is_the_business_of_the_service(invented):
    assert codes(route(invented.invoice(payment_account=BankAccount(iban=invented.OUR_IBAN)), CZ)) == []


def test_a_credit_note_refers_to_the_advance_that_it_corrects(invented):
    advances = (Advance(number="Z7", amount=Decimal(10)),)
    routed = route(invented.invoice(kind=Kind.ISSUED_CREDIT_NOTE, advances=advances), CZ)
    assert head(routed, "CreditNote")["advanceInvoiceRef"] == "Z7"
    assert "payload.advances-not-carried" not in codes(routed)


# Orders


def test_an_order_that_is_over_is_told(invented):
    assert codes(route(invented.order(closed=True), CZ)) == ["payload.order-closed"]


@pytest.mark.parametrize(
    ("code", "fields"),
    [("routing.cancelled", {"cancelled": True}), ("invoice.vat-rate-unknown", {"lines": "no rate"})],
)
def test_an_order_that_cannot_be_sent_says_why(invented, code, fields):
    if "lines" in fields:
        fields = {"lines": (invented.line(vat_rate=None),)}
    routed = route(invented.order(**fields), CZ)
    assert (routed.call, codes(routed)) == (None, [code])


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"delivery_date": dt.date(2026, 2, 1)}, "payload.values-not-carried"),
        ({"exchange_rate": Decimal(25)}, "payload.exchange-rate-not-carried"),
    ],
)
def test_what_an_order_has_no_place_for_is_said(invented, fields, code):
    assert codes(route(invented.order(**fields), CZ)) == [code]


def test_an_order_without_vat_for_a_foreign_customer_enters_no_return(invented):
    routed = route(invented.order(lines=(zero(invented),), customer=foreign()), CZ)
    assert item(routed, "SalesOrder")["vatTransactionType"] == "0"
    assert codes(routed) == []


# The tables


@pytest.mark.parametrize("name", ["vat-transactions", "control-report", "languages", "units", "service"])
def test_a_table_can_be_overridden_line_by_line(name, tmp_path):
    shipped = tables(name)
    key, inner = next((key, table) for key, table in shipped.items() if isinstance(table, dict))
    first, value = next(iter(inner.items()))
    (tmp_path / f"{name}.toml").write_text(
        f'[{key}]\n"something new" = {value!r}\n'.replace("'", '"'), encoding="utf-8"
    )
    own = tables(name, str(tmp_path))
    assert own[key]["something new"] == value
    assert own[key][first] == value


def test_every_language_of_the_table_is_one_that_a_site_prints():
    printed = {name for site in ("cz", "si", "hr") for name in code_list(f"language-{site}").values}
    assert set(tables("languages")["language"].values()) == printed


def test_a_pohoda_debit_note_goes_at_the_croatian_site_and_is_refused_with_the_reason_elsewhere(invented):
    note = invented.invoice(kind=Kind.ISSUED_DEBIT_NOTE, origin=Origin(path="a.xml", format="pohoda"))
    routed = route(note, HR)
    assert routed.call.method == "DebitNoteImport"
    refused = route(note, CZ)
    assert codes(refused) == ["routing.site-lacks-call"]
    assert "DebitNoteImport" in refused.findings[0].message
    assert "HR" in refused.findings[0].message


def test_documents_are_frozen_and_stay_as_they_are(invented):
    invoice = invented.invoice(lines=(stocked(invented),), origin=SPREADSHEET)
    before = msgspec.json.encode(invoice)
    route(invoice, CZ)
    assert msgspec.json.encode(invoice) == before
