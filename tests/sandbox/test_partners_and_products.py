from __future__ import annotations

import pytest

from tests.sandbox.conftest import Caller, Maker, Reply, attribute, nested

COMPANY = (
    "<partnerCode>P1</partnerCode><companyName>Odběratel a.s.</companyName><companyType>Ltd</companyType>"
    "<ID>12345679</ID><taxNumber>CZ12345679</taxNumber>"
)
PRIMARY = (
    "<Addresses><Address><type>Primary</type><street>Dlouhá 1</street><city>Brno</city>"
    "<postalCode>60200</postalCode></Address></Addresses>"
)
PRODUCT = (
    "<productCode>A1</productCode><name>Šroub</name><vatPercentage>21</vatPercentage><grossPrice>1.50</grossPrice>"
)
BASE_DATE = "numberOfDaysForPaymentBaseDate"
CREATE_ONLY = attribute("importType", "createOnly")
UPDATE_ONLY = attribute("importType", "updateOnly")


def partner(call: Caller, data: str = COMPANY, *extra: str) -> Reply:
    return call("PartnerImport", *extra, nested("partner", data))


def product(call: Caller, data: str = PRODUCT, *extra: str) -> Reply:
    return call("ProductImport", *extra, nested("product", data))


def mass(call: Caller, *codes: str, extra: tuple[str, ...] = (), wrap: str = "{}") -> Reply:
    products = "".join(f"<product>{PRODUCT.replace('A1', code)}</product>" for code in codes)
    return call("ProductMassImport", *extra, nested("products", wrap.format(products)))


def test_a_partner_is_created_and_updated_by_its_code(call: Caller) -> None:
    first = partner(call)
    second = partner(call, COMPANY.replace("Odběratel", "Zákazník"))
    assert first.text("partnerCode") == second.text("partnerCode") == "P1"
    assert first.text("documentID") == second.text("documentID") == "34:1"
    entry = call.state()["partners"][0]
    assert (entry["name"], entry["registration_number"], entry["received"], entry["written"]) == (
        "Zákazník a.s.",
        "12345679",
        2,
        2,
    )


def test_assumed_create_only_refuses_a_partner_that_exists(call: Caller) -> None:
    partner(call)
    assert partner(call, COMPANY, CREATE_ONLY).error == "EMU: Partner for code: P1 already exists!"
    assert call.state()["partners"][0]["received"] == 2


def test_assumed_update_only_passes_over_a_new_partner(make: Maker) -> None:
    call = make()
    assert partner(call, COMPANY, UPDATE_ONLY).ok
    assert call.state()["partners"] == []
    assert partner(make(update_only="refuse"), COMPANY, UPDATE_ONLY).error == "Partner not found"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ("<companyName>X</companyName>", "EMU: partnerCode is required"),
        ("<partnerCode>1</partnerCode>", "Error nr: 1 #lastName - Entry is mandatory; \r\n"),
        (
            "<partnerCode>1</partnerCode><companyName>X</companyName>",
            "Error nr: 1 #companyType - Entry is mandatory; \r\n",
        ),
        (
            "<partnerCode>1</partnerCode><companyType>Ltd</companyType>",
            "Error nr: 1 #companyName - Entry is mandatory; \r\n",
        ),
        (
            COMPANY + "<vatRegistration>yes</vatRegistration>",
            "Error nr: 1 #vatRegistration - EMU: not one of the values of this site; \r\n",
        ),
        (
            COMPANY + PRIMARY.replace("</Address>", "<country>Česko</country></Address>"),
            "Error nr: 1 #PrimaryAddress_country - EMU: not a country code of two letters; \r\n",
        ),
    ],
)
def test_a_wrong_partner_is_refused(call: Caller, data: str, error: str) -> None:
    assert partner(call, data).error == error
    assert call.state()["partners"] == []


def test_observed_a_partner_needs_a_primary_address(make: Maker) -> None:
    call = make(mode="observed")
    assert partner(call).error == (
        "Error nr: 1 #PrimaryAddress_city - This field is required; \r\n"
        "Error nr: 2 #PrimaryAddress_street - This field is required; \r\n"
    )
    assert partner(call, COMPANY + PRIMARY).ok


def test_a_person_is_a_partner(call: Caller) -> None:
    assert partner(call, "<partnerCode>9</partnerCode><firstName>Jana</firstName><lastName>Nová</lastName>").ok
    assert call.state()["partners"][0]["name"] == "Jana Nová"


def test_a_partner_is_found_by_code_identifier_and_registration_number(call: Caller) -> None:
    partner(call)
    for method, name, value in [
        ("PartnerGetByCode", "partnerCode", "P1"),
        ("PartnerGetByDocumentID", "documentID", "34:1"),
        ("PartnerGetByID", "ID", "12345679"),
        ("PartnerGetByID", "ID", "CZ12345679"),
    ]:
        assert call(method, attribute(name, value)).text("Partner/companyName") == "Odběratel a.s."


def test_documented_a_partner_that_does_not_exist(call: Caller) -> None:
    assert call("PartnerGetByCode", attribute("partnerCode", "P2")).error == "Partner not found"
    assert call("PartnerGetByCode").error == 'Parameter named "partnerCode" or "documentID" is required'
    assert call("PartnerImport").error == "EMU: the parameter partner is required"


def test_partners_are_listed_by_name_code_and_place(call: Caller) -> None:
    partner(call, COMPANY + PRIMARY)
    partner(call, "<partnerCode>9</partnerCode><lastName>Nová</lastName>")
    for name, value, found in [
        ("searchKey", "odběr", ["P1"]),
        ("partnerCode", "9", ["9"]),
        ("taxNumber", "CZ12345679", ["P1"]),
        ("postalCodeOrCity", "Brno", ["P1"]),
        ("postalCodeOrCity", "Praha", []),
    ]:
        reply = call("PartnerList", attribute(name, value))
        assert [node.text for node in reply.root.iterfind("Partners/Partner/partnerCode")] == found


def test_documented_a_product_import_repeats_the_code_as_a_parameter(call: Caller) -> None:
    reply = product(call)
    assert reply.body.endswith(b'<response status="ok"><parameter name="productCode" value="A1"/></response>')
    assert call.state()["products"][0]["name"] == "Šroub"


def test_documented_create_only_and_update_only_of_products(make: Maker) -> None:
    call = make(update_only="refuse")
    assert product(call, PRODUCT, UPDATE_ONLY).error == "Can not find product for productCode: A1"
    assert product(call, PRODUCT, CREATE_ONLY).ok
    assert product(call, PRODUCT, CREATE_ONLY).error == "Product for productCode: A1 already exists!"
    assert product(call, PRODUCT.replace("Šroub", "Matice"), UPDATE_ONLY).ok
    assert call.state()["products"][0]["name"] == "Matice"


def test_assumed_update_only_passes_over_a_new_product(call: Caller) -> None:
    assert product(call, PRODUCT, UPDATE_ONLY).ok
    assert call.state()["products"] == []


def test_documented_products_are_named_when_missing(call: Caller) -> None:
    assert call("ProductImport").error == "Parameter named <product> must be specified."
    assert product(call, "<name>X</name>").error == "Product's property <productCode> is required"
    assert call("ProductGetByCode").error == "Parameter named <productCode> is required"
    assert call("ProductGetByCode", attribute("productCode", "Z")).error == "Can not find product for code: Z"


@pytest.mark.parametrize(
    ("taken", "name"),
    [
        ("<vatPercentage>21</vatPercentage>", "vatPercentage"),
        ("<name>Šroub</name>", "name"),
        ("<grossPrice>1.50</grossPrice>", "retailPrice"),
    ],
)
def test_documented_a_product_needs_its_rate_name_and_a_price(call: Caller, taken: str, name: str) -> None:
    assert product(call, PRODUCT.replace(taken, "")).error == f"Error nr: 1 #{name} - Entry is mandatory; \r\n"


def test_a_product_is_found_by_its_code(call: Caller) -> None:
    product(call)
    assert call("ProductGetByCode", attribute("productCode", "A1")).text("Product/name") == "Šroub"


@pytest.mark.parametrize("wrap", ["{}", "<products>{}</products>"])
def test_documented_a_mass_import_has_a_message_for_each_product(call: Caller, wrap: str) -> None:
    reply = mass(call, "A1", "A2", wrap=wrap)
    assert [node.text for node in reply.root.iterfind("message")] == [
        "Product for code A1 successfully imported.",
        "Product for code A2 successfully imported.",
    ]


def test_documented_a_mass_import_names_what_exists_or_is_missing(call: Caller) -> None:
    mass(call, "A1")
    exists = mass(call, "A1", "A2", extra=(CREATE_ONLY,))
    assert exists.error == "Product for code A1 already exists."
    assert [node.text for node in exists.root.iterfind("message")] == ["Product for code A2 successfully imported."]
    assert mass(call, "A3", extra=(UPDATE_ONLY,)).error == "Product for code A3 not foud."
    assert [entry["code"] for entry in call.state()["products"]] == ["A1", "A2"]


def test_a_switch_makes_a_mass_import_all_or_nothing(make: Maker) -> None:
    call = make(mass_import="all-or-nothing")
    mass(call, "A1")
    assert mass(call, "A1", "A2", extra=(CREATE_ONLY,)).error == "Product for code A1 already exists."
    assert [entry["code"] for entry in call.state()["products"]] == ["A1"]


def test_a_mass_import_takes_five_thousand_products_and_not_one_more(call: Caller) -> None:
    codes = [str(number) for number in range(5001)]
    assert mass(call, *codes).error == "EMU: more than 5000 products"
    assert len(mass(call, *codes[:-1]).root.findall("message")) == 5000


def test_assumed_a_mass_import_without_products_is_refused(call: Caller) -> None:
    assert call("ProductMassImport", nested("products", "<a/>")).error == "EMU: the parameter products is required"


def test_a_wrong_product_of_many_is_named_by_its_code(call: Caller) -> None:
    wrong = f"<product>{PRODUCT.replace('21', 'x')}</product><product><name>Bez kódu</name></product>"
    reply = call("ProductMassImport", nested("products", wrong))
    assert (
        reply.error
        == "A1 #vatPercentage - EMU: not a decimal number with a dot, Product's property <productCode> is required"
    )


def test_a_code_that_is_twice_in_a_mass_import_exists_when_the_second_comes(make: Maker) -> None:
    reply = mass(make(), "A1", "A1", extra=(CREATE_ONLY,))
    assert reply.error == "Product for code A1 already exists."
    assert [node.text for node in reply.root.iterfind("message")] == ["Product for code A1 successfully imported."]
    whole = make(mass_import="all-or-nothing")
    assert mass(whole, "A1", "A1", extra=(CREATE_ONLY,)).error == "Product for code A1 already exists."
    assert whole.state()["products"] == []


def test_assumed_a_switch_stops_a_mass_import_at_the_first_bad_product(make: Maker) -> None:
    call = make(mass_import="stop")
    mass(call, "A2", "A4")
    reply = mass(call, "A1", "A2", "A3", "A4", extra=(CREATE_ONLY,))
    assert reply.error == "Product for code A2 already exists."
    assert [entry["code"] for entry in call.state()["products"]] == ["A2", "A4", "A1"]


def test_assumed_an_update_keeps_what_it_does_not_name(call: Caller) -> None:
    product(call, PRODUCT + "<barCode>8590000000014</barCode>")
    mass(call, "A1", "A2", extra=(attribute("importType", "createOrUpdate"),))
    first = call.state()["products"][0]
    assert first["elements"]["barCode"] == "8590000000014"
    assert (first["received"], first["written"]) == (2, 2)
    partner(call, COMPANY + PRIMARY)
    partner(call, "<partnerCode>P1</partnerCode><companyName>Nový</companyName><companyType>Plc</companyType>")
    elements = call.state()["partners"][0]["elements"]
    assert (elements["companyName"], elements["ID"]) == ("Nový", "12345679")
    assert elements["Addresses"][0]["city"] == "Brno"


def test_assumed_a_bar_code_belongs_to_one_product(call: Caller) -> None:
    bar_code = "<barCode>8590000000014</barCode>"
    assert product(call, PRODUCT + bar_code).ok
    assert product(call, PRODUCT + bar_code).ok
    reply = product(call, PRODUCT.replace("A1", "A2") + bar_code)
    assert reply.error == "Error nr: 1 #barCode - EMU: another product has this bar code; \r\n"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (PRODUCT + "<onlineShopVisibility>yes</onlineShopVisibility>", "onlineShopVisibility"),
        (PRODUCT + "<trackItemsBySerialNumbers>perhaps</trackItemsBySerialNumbers>", "trackItemsBySerialNumbers"),
        (PRODUCT + "<weight>1 kg</weight>", "weight"),
        (PRODUCT + "<countryOfOrigin>Slovinsko</countryOfOrigin>", "countryOfOrigin"),
        (PRODUCT + "<type>goods</type>", "type"),
    ],
)
def test_a_property_of_a_product_that_is_no_value_of_its_list_is_refused(call: Caller, data: str, name: str) -> None:
    assert product(call, data).error.startswith(f"Error nr: 1 #{name} - EMU: ")


@pytest.mark.parametrize(
    ("block", "name"),
    [
        ("<BuyerData><status>good</status></BuyerData>", "BuyerData_status"),
        (
            f"<BuyerData><{BASE_DATE}>fromDocumentReceivedDate</{BASE_DATE}></BuyerData>",
            f"BuyerData_{BASE_DATE}",
        ),
        ("<maritalStatus>free</maritalStatus>", "maritalStatus"),
    ],
)
def test_a_property_of_a_partner_that_is_no_value_of_its_list_is_refused(call: Caller, block: str, name: str) -> None:
    assert f"#{name} - EMU: " in partner(call, COMPANY + block).error
    received = block.replace("Buyer", "Supplier").replace("good", "defaultSupplier").replace("free", "single")
    assert partner(call, COMPANY + received).ok


def test_elements_that_the_reference_does_not_list_are_noted(call: Caller) -> None:
    partner(call, COMPANY + PRIMARY.replace("<city>", "<town>x</town><city>") + "<colour>red</colour>")
    product(call, PRODUCT + "<colour>red</colour>")
    state = call.state()
    assert state["partners"][0]["unknown_elements"] == ["Addresses/Address/town", "colour"]
    assert state["products"][0]["unknown_elements"] == ["colour"]
    partner(call, COMPANY + PRIMARY)
    assert call.state()["partners"][0]["unknown_elements"] == []
