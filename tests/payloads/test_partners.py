"""Partners in the internal format: every element that the model can fill, and what is said of the rest."""

from __future__ import annotations

import msgspec
import pytest

from efimport.api import catalogue
from efimport.api.elements import in_order
from efimport.documents import Address, BankAccount, Party
from efimport.mappings import codes as tables
from efimport.payloads import route
from efimport.payloads.legal_forms import company_type
from efimport.payloads.partners import partner_code
from efimport.payloads.target import Target

CZ, SI, HR = Target(site="CZ"), Target(site="SI"), Target(site="HR")
SEAT = Address(street="Dlouhá 1", city="Brno", postal_code="60200", country="CZ")
FIRM = Party(name="Odběratel a.s.", code="P1", registration_number="25596641", vat_id="CZ25596641", address=SEAT)


def firm(**fields) -> Party:
    return msgspec.structs.replace(FIRM, **fields)


def plain(children):
    """Elements as a dictionary; lists of addresses and accounts as lists."""
    lists = ("Addresses", "BankAccounts")
    return {
        one.name: [plain(inner.children) for inner in one.children]
        if one.name in lists
        else plain(one.children)
        if one.children
        else one.value
        for one in children
    }


def values(routed):
    return plain(routed.call["partner"].children)


def codes(routed):
    return [found.code for found in routed.findings]


def test_every_element_is_filled_where_the_source_says_it(invented):
    partner = invented.partner(
        party=firm(
            tax_number="2020202020", vat_registered=True, phone="541 000 001", mobile="600 000 001", fax="541 000 002",
            email="a@odberatel.example; b@odberatel.example",
        ),
        first_name="Petr",
        last_name="Novák",
        legal_form="a.s.",
        invoicing=Party(
            name="Odběratel a.s., účtárna", address=Address(street="Krátká 2", city="Praha", addition="2. patro")
        ),
        delivery=(
            Party(name="Sklad Jih", phone="777", address=Address(city="Zlín", street="U Skladu 3", addition="rampa 4")),
            Party(address=Address(city="Opava", addition="vrátnice")),
        ),
        bank_accounts=(
            BankAccount(iban=invented.OUR_IBAN, bank_name="ČS"), BankAccount(number="19-2", bank_code="0800")
        ),
        payment_days=14,
        note="stálý zákazník",
        homepage="www.odberatel.example",
        is_customer=True,
        is_supplier=True,
        customer_code="O1",
    )  # fmt: skip
    routed = route(partner, CZ)
    assert routed.findings == ()
    assert values(routed) == {
        "ID": "25596641",
        "partnerCode": "P1",
        "taxNumber": "2020202020",
        "vatID": "CZ25596641",
        "companyName": "Odběratel a.s.",
        "companyType": "Plc",
        "vatRegistration": "Registered",
        "firstName": "Petr",
        "lastName": "Novák",
        "telephone": "541 000 001",
        "mobilePhone": "600 000 001",
        "fax": "541 000 002",
        "eMail": "a@odberatel.example,b@odberatel.example",
        "remarks": "stálý zákazník",
        "homepage": "www.odberatel.example",
        "Addresses": [
            {"type": "Primary", "street": "Dlouhá 1", "postalCode": "60200", "city": "Brno", "country": "CZ"},
            {"type": "Invoicing", "additionalLine": "2. patro", "firstAddressLine": "Odběratel a.s., účtárna",
             "street": "Krátká 2", "city": "Praha"},
            {"type": "Delivery", "additionalLine": "Sklad Jih", "firstAddressLine": "rampa 4", "street": "U Skladu 3",
             "city": "Zlín", "telephone": "777"},
            {"type": "Delivery", "additionalLine": "vrátnice", "city": "Opava"},
        ],
        "BuyerData": {"buyerCode": "O1", "numberOfDaysForPayment": 14,
                      "numberOfDaysForPaymentBaseDate": "fromDocumentDate", "status": "defaultBuyer"},
        "SupplierData": {"supplierCode": "P1", "status": "defaultSupplier"},
        "BankAccounts": [{"accountNumber": invented.OUR_IBAN, "bank": "ČS"}, {"accountNumber": "19-2/0800"}],
    }  # fmt: skip
    catalogue.method("PartnerImport").check(routed.call, "CZ")


def test_elements_stand_in_the_order_of_the_reference(invented):
    partner = invented.partner(
        party=firm(phone="1", fax="2", address=msgspec.structs.replace(SEAT, addition="areál B")),
        delivery=(Party(name="Sklad", mobile="3", email="s@x.example", address=SEAT),),
        bank_accounts=(BankAccount(number="19", bank_code="0800", bank_name="ČS"),),
        payment_days=7,
        is_customer=True,
        supplier_code="D1",
    )
    children = route(partner, CZ).call["partner"].children
    assert in_order("partner", "CZ", reversed(children)) == children
    assert [one.name for one in children if one.children] == [
        "Addresses", "BuyerData", "SupplierData", "BankAccounts",
    ]  # fmt: skip


# The code


@pytest.mark.parametrize(
    ("party", "code"),
    [
        (Party(code="P1", registration_number="25596641"), "P1"),
        (Party(code=" 007 "), "007"),
        (Party(code="  ", registration_number="25596641"), "25596641"),
        (Party(registration_number="00123456"), "00123456"),
        (Party(name="Jan Novák", vat_id="CZ25596641"), None),
    ],
)
def test_a_partner_is_known_by_its_code_else_by_its_registration_number(party, code):
    assert partner_code(party) == code


def test_a_partner_without_a_code_is_known_by_its_registration_number(invented):
    assert route(invented.partner(), CZ).identity == "25596641"


@pytest.mark.parametrize(
    ("code", "party"), [("partner.no-code", Party(name="A")), ("partner.no-name", Party(code="1"))]
)
def test_a_partner_that_cannot_be_sent_is_refused(invented, code, party):
    routed = route(invented.partner(party=party), CZ)
    assert (routed.call, codes(routed)) == (None, [code])


def test_a_code_that_the_source_gives_as_an_element_is_the_identity(invented):
    routed = route(invented.partner(party=Party(name="A", address=SEAT), service_elements={"partnerCode": "X9"}), CZ)
    assert (routed.identity, values(routed)["partnerCode"], routed.findings) == ("X9", "X9", ())


# Firms and people


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"party": Party(code="1", contact="Novák")}, (None, None, None, "Novák")),
        ({"party": Party(code="1", name="Jan Novák"), "is_person": True}, (None, None, "Jan", "Novák")),
        ({"party": Party(code="1", name="Jan Novák"), "is_person": True, "first_name": "Jan", "last_name": "Novák"},
         (None, None, "Jan", "Novák")),
        ({"party": Party(code="1", name="Truhlářství Novák"), "is_person": True, "last_name": "Novák"},
         ("Truhlářství Novák", "Contractor", None, "Novák")),
        ({"party": Party(code="1", name="Alfa s.r.o.", contact="Ing. Jan Karel Novák, Ph.D.")},
         ("Alfa s.r.o.", "Ltd", "Ing. Jan Karel", "Novák, Ph.D.")),
        ({"party": Party(code="1", name="Alfa"), "first_name": "Jan"}, ("Alfa", "Organization", None, "Jan")),
        ({"party": Party(code="1", name="Alfa")}, ("Alfa", "Organization", None, None)),
    ],
)  # fmt: skip
def test_a_person_is_no_firm_unless_it_does_business_under_another_name(invented, fields, expected):
    sent = values(route(invented.partner(**fields), CZ))
    assert tuple(sent.get(name) for name in ("companyName", "companyType", "firstName", "lastName")) == expected


@pytest.mark.parametrize(
    ("form", "name", "country", "code"),
    [
        ("s.r.o.", "X", "CZ", "Ltd"),
        ("Společnost s ručením omezeným", "X", "CZ", "Ltd"),
        ("a. s.", "X", "SK", "Plc"),
        ("Ltd", "X", "HR", "Ltd"),
        ("s.p.", "X", "SI", "Contractor"),
        (None, "Alfa s.r.o.", "CZ", "Ltd"),
        (None, "Alfa, s. r. o.", "CZ", "Ltd"),
        (None, "ALFA SPOL. S R.O.", "CZ", "Ltd"),
        (None, "Alfa, akciová společnost, a.s.", "CZ", "Plc"),
        (None, "Gama d.o.o.", "SI", "Ltd"),
        (None, "Gama d.d", "HR", "Plc"),
        (None, "Klub přátel, z. s.", "CZ", "Association"),
        (None, "Hotel As", "CZ", "Organization"),
        (None, "Lesy s.p.", "CZ", "Organization"),
        (None, "Mas.r.o.", "CZ", "Organization"),
        ("  ", "Alfa a.s.", "CZ", "Plc"),
    ],
)
def test_the_type_of_a_company_is_told_from_its_legal_form_or_the_end_of_its_name(form, name, country, code):
    found = company_type(form, name, country, tables("partners"))
    assert (found.code, found.unknown) == (code, None)


@pytest.mark.parametrize(
    ("form", "key"), [("evropské hospodářské sdružení", "evropskéhospodářskésdružení"), ("s.p.", "sp")]
)
def test_a_legal_form_that_no_table_has_is_told_with_the_line_that_is_missing(invented, form, key):
    routed = route(invented.partner(party=FIRM, legal_form=form), CZ)
    assert codes(routed) == ["partner.legal-form-unknown"]
    assert f'"{key}" = ' in routed.findings[0].hint
    assert values(routed)["companyType"] == "Organization"


def test_a_firm_adds_legal_forms_of_its_own(invented, tmp_path):
    (tmp_path / "partners.toml").write_text('[company_type.CZ]\nsp = "Gov"\n', encoding="utf-8")
    routed = route(invented.partner(party=FIRM, legal_form="s.p."), Target(codes=str(tmp_path)))
    assert (values(routed)["companyType"], routed.findings) == ("Gov", ())


# Numbers and VAT


@pytest.mark.parametrize(
    ("target", "party", "word"),
    [
        (CZ, firm(), "Registered"),
        (CZ, firm(vat_registered=False), "None"),
        (CZ, firm(vat_id=None), None),
        (SI, firm(vat_registered=True), "Registered"),
        (HR, firm(), "RegisteredR1"),
        (HR, firm(vat_id=None, vat_registered=False), "None"),
    ],
)
def test_the_registration_for_vat_is_said_in_the_words_of_the_site(invented, target, party, word):
    assert values(route(invented.partner(party=party), target)).get("vatRegistration") == word


def test_a_vat_payer_without_a_number_is_told(invented):
    routed = route(invented.partner(party=firm(vat_id=None, vat_registered=True)), CZ)
    assert codes(routed) == ["partner.vat-id-missing"]
    assert values(routed)["vatRegistration"] == "Registered"


@pytest.mark.parametrize(
    ("target", "party", "number"),
    [
        (HR, firm(vat_id="HR12345678903"), "12345678903"),
        (HR, firm(vat_id=None, tax_number="12345678903"), "12345678903"),
        (HR, firm(vat_id="SI12345678"), None),
        (CZ, firm(vat_id="HR12345678903"), None),
    ],
)
def test_croatian_books_know_a_partner_by_its_personal_number(invented, target, party, number):
    assert values(route(invented.partner(party=party), target)).get("personalID") == number


@pytest.mark.parametrize(
    ("party", "number"),
    [(firm(), "CZ25596641"), (firm(tax_number="25596641"), "25596641"), (firm(vat_id="SK2020202020"), None)],
)
def test_the_tax_number_is_the_vat_number_in_czechia_alone(invented, party, number):
    assert values(route(invented.partner(party=party), CZ)).get("taxNumber") == number


@pytest.mark.parametrize(
    ("text", "sent"),
    [("a@x.example", "a@x.example"), ("a@x.example, b@x.example;c@x.example", "a@x.example,b@x.example,c@x.example"),
     ("viz web", "viz web"), ("", None)],
)  # fmt: skip
def test_mail_addresses_are_separated_by_commas(invented, text, sent):
    assert values(route(invented.partner(party=firm(email=text)), CZ)).get("eMail") == sent


# Addresses


@pytest.mark.parametrize(
    ("address", "missing"),
    [(Address(city="Brno"), "street"), (Address(street="Dlouhá 1"), "city"), (Address(), "street, city")],
)
def test_a_seat_without_street_or_town_is_told_and_sent(invented, address, missing):
    routed = route(invented.partner(party=firm(address=address)), CZ)
    assert codes(routed) == ["partner.address-incomplete"]
    assert routed.findings[0].message.arguments["missing"] == missing
    assert routed.call is not None


def test_a_delivery_address_needs_neither(invented):
    assert codes(route(invented.partner(party=FIRM, delivery=(Party(address=Address(city="Zlín")),)), CZ)) == []


@pytest.mark.parametrize(("country", "sent"), [("cz", "CZ"), ("SK", "SK"), (None, None)])
def test_a_country_is_a_code_of_two_letters(invented, country, sent):
    routed = route(invented.partner(party=firm(address=msgspec.structs.replace(SEAT, country=country))), CZ)
    assert values(routed)["Addresses"][0].get("country") == sent
    assert codes(routed) == []


def test_another_country_is_left_out_and_told(invented):
    routed = route(invented.partner(party=firm(address=msgspec.structs.replace(SEAT, country="Česko"))), CZ)
    assert codes(routed) == ["partner.country-unknown"]
    assert "country" not in values(routed)["Addresses"][0]


# Roles


@pytest.mark.parametrize(
    ("fields", "buyer", "supplier"),
    [
        ({}, None, None),
        ({"is_customer": False, "is_supplier": False}, None, None),
        ({"is_customer": True}, {"buyerCode": "P1", "status": "defaultBuyer"}, None),
        ({"is_supplier": True}, None, {"supplierCode": "P1", "status": "defaultSupplier"}),
        ({"supplier_code": "D7"}, None, {"supplierCode": "D7", "status": "defaultSupplier"}),
        ({"payment_days": 0}, {"numberOfDaysForPayment": 0, "numberOfDaysForPaymentBaseDate": "fromDocumentDate",
                               "status": "defaultBuyer"}, None),
        ({"payment_days": 30, "is_supplier": True}, None,
         {"supplierCode": "P1", "numberOfDaysForPayment": 30, "numberOfDaysForPaymentBaseDate": "fromDocumentDate",
          "status": "defaultSupplier"}),
    ],
)  # fmt: skip
def test_roles_are_said_where_the_source_says_them(invented, fields, buyer, supplier):
    sent = values(route(invented.partner(party=FIRM, **fields), CZ))
    assert (sent.get("BuyerData"), sent.get("SupplierData")) == (buyer, supplier)


# Elements of the service


def test_what_the_source_gives_by_the_names_of_the_service_comes_first(invented):
    given = {
        "companyType": "Gov",
        "gender": "female",
        "BuyerData.status": "trustworthyBuyer",
        "SupplierData.supplierCode": "D1",
        "EmployeeData.status": "active",
        "Delivery.city": "Zlín",
        "Primary.telephone": "123",
        "BankAccount.bank": "Banka",
        "remarks": "  ",
    }
    partner = invented.partner(
        party=FIRM, service_elements=given, note="poznámka", is_customer=True, bank_accounts=(BankAccount(number="19"),)
    )
    routed = route(partner, CZ)
    sent = values(routed)
    assert (sent["companyType"], sent["gender"], sent["remarks"]) == ("Gov", "female", "poznámka")
    assert sent["BuyerData"] == {"buyerCode": "P1", "status": "trustworthyBuyer"}
    assert sent["SupplierData"] == {"supplierCode": "D1", "status": "defaultSupplier"}
    assert sent["EmployeeData"] == {"status": "active"}
    assert sent["Addresses"][0]["telephone"] == "123"
    assert sent["Addresses"][1] == {"type": "Delivery", "city": "Zlín"}
    assert sent["BankAccounts"] == [{"accountNumber": "19", "bank": "Banka"}]
    assert routed.findings == ()


@pytest.mark.parametrize("name", ["colour", "BuyerData.colour", "Colour.name", "Delivery.colour", "personalID"])
def test_an_element_that_the_service_does_not_have_is_told_and_nothing_is_sent(invented, name):
    routed = route(invented.partner(party=FIRM, service_elements={name: "red"}), CZ)
    assert (routed.call, codes(routed)) == (None, ["payload.element-unknown"])


@pytest.mark.parametrize("target", [CZ, SI, HR])
def test_partners_go_at_every_site(invented, target):
    assert route(invented.partner(party=FIRM), target).call.method == "PartnerImport"
