"""Every field that a file holds and a document has room for arrives."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.findings import Finding
from efimport.formats import pohoda
from efimport.formats.reading import Hints, Own, Reading
from efimport.sources import Source

D = Decimal


def reference(name: str, code: str, prefix: str = "inv") -> str:
    return f"<{prefix}:{name}><typ:ids>{code}</typ:ids></{prefix}:{name}>"


def link(agenda: str, number: str) -> str:
    return (
        f"<typ:link><typ:sourceAgenda>{agenda}</typ:sourceAgenda><typ:sourceDocument><typ:number>{number}</typ:number>"
        "</typ:sourceDocument></typ:link>"
    )


@pytest.mark.parametrize(
    ("element", "field", "value"),
    [
        (reference("centre", "BRNO"), "cost_centre", "BRNO"),
        (reference("carrier", "PPL"), "delivery_method", "PPL"),
        (reference("classificationKVDPH", "A1"), "control_report_classification", "A1"),
        (reference("MOSS", "de"), "vat_country", "DE"),
        (reference("regVATinEU", "PL"), "vat_country", "PL"),
        (reference("order", "24OP7"), "sales_order_number", "24OP7"),
        ("<inv:numberOrder>E-7</inv:numberOrder>", "order_number", "E-7"),
        (
            "<inv:extId><typ:ids>3f2a91c4-77b5-4d0e-9a53-2f3c7a3b6e10</typ:ids></inv:extId>",
            "uuid",
            "3f2a91c4-77b5-4d0e-9a53-2f3c7a3b6e10",
        ),
        ("<inv:extId><typ:ids>7</typ:ids></inv:extId>", "uuid", None),
    ],
)
def test_a_field_of_the_header_arrives(xml, element, field, value):
    (document,) = xml.documents(xml.one(xml.invoice(xml.header(more=element))))
    assert getattr(document, field) == value


def test_a_text_alone_is_the_text_and_with_a_note_it_is_the_introduction(xml):
    (document,) = xml.documents(xml.one(xml.invoice()))
    assert (document.introduction, document.text) == (None, "Práce")
    (document,) = xml.documents(xml.one(xml.invoice(xml.header(more="<inv:note>Děkujeme.</inv:note>"))))
    assert (document.introduction, document.text) == ("Práce", "Děkujeme.")


def test_documents_that_it_was_made_from_are_told_apart(xml):
    linked = (
        f"<inv:linkedDocuments>{link('issuedOffer', '24NA1')}{link('receivedOrder', '24OP2')}</inv:linkedDocuments>"
    )
    (document,) = xml.documents(xml.one(xml.invoice(summary=xml.SUMMARY + linked)))
    assert (document.quote_number, document.sales_order_number) == ("24NA1", "24OP2")


def test_lines_have_their_codes_and_those_of_the_header(xml):
    own = reference("centre", "P1") + reference("classificationKVDPH", "B2") + "</inv:invoiceItem>"
    items = (
        xml.ITEM
        + xml.ITEM.replace("</inv:invoiceItem>", reference("accounting", "3Fv") + own)
        + (xml.ITEM.replace(">high<", ">none<").replace("420.00", "0"))
    )
    header = xml.header(more=reference("accounting", "1Fv") + reference("MOSS", "HU"))
    (document,) = xml.documents(xml.one(xml.invoice(header, items)))
    first, second, untaxed = document.lines
    assert (first.account, first.cost_centre, first.vat_country) == ("1Fv", None, "HU")
    assert (second.account, second.cost_centre, second.control_report_classification) == ("3Fv", "P1", "B2")
    assert untaxed.vat_country is None


@pytest.mark.parametrize(("stores", "warehouse"), [(("A", "A"), "A"), (("A", "B"), None), ((), None)])
def test_the_warehouse_is_that_of_all_lines(xml, stores, warehouse):
    items = xml.ITEM + "".join(
        xml.ITEM.replace(
            "</inv:invoiceItem>",
            f"<inv:stockItem>{reference('store', store, 'typ')}{reference('stockItem', 'Z', 'typ')}</inv:stockItem>"
            "</inv:invoiceItem>",
        )
        for store in stores
    )
    (document,) = xml.documents(xml.one(xml.invoice(items=items)))
    assert document.warehouse == warehouse


@pytest.mark.parametrize(
    ("stated", "registered"), [("payer", True), ("identified-person", True), ("non-payer", False), ("", None)]
)
def test_a_partner_is_registered_for_vat_as_it_says(xml, stated, registered):
    partner = xml.PARTNER.replace(
        "<typ:country>",
        f"<typ:VATPayerType>{stated}</typ:VATPayerType><typ:division>Nákup</typ:division><typ:mobilPhone>77</typ:mobilPhone>"
        "<typ:fax>55</typ:fax><typ:country>",
    )
    (document,) = xml.documents(xml.one(xml.invoice(xml.header(partner=partner))))
    customer = document.customer
    assert customer.vat_registered is registered
    assert (customer.phone, customer.mobile, customer.fax, customer.address.addition) == (None, "77", "55", "Nákup")


def test_a_partner_that_is_a_record_in_the_address_only_is_a_reference(xml):
    partner = "<inv:partnerIdentity><typ:address><typ:id>25</typ:id></typ:address></inv:partnerIdentity>"
    (document,) = xml.documents(xml.one(xml.invoice(xml.header(partner=partner))))
    assert (document.customer.reference_only, document.customer.code) == (True, "25")


def test_the_firm_is_known_by_its_own_address_where_the_pack_is_silent(xml):
    own = "<inv:myIdentity><typ:address><typ:ico>27082440</typ:ico></typ:address></inv:myIdentity>"
    text = xml.one(xml.invoice(xml.header(more=own))).replace(' ico="27082440"', "")
    (document,) = xml.documents(text)
    assert document.own_registration_number == "27082440"


def order(kind: str, more: str, item: str = "") -> str:
    return (
        f'<ord:order version="2.0"><ord:orderHeader><ord:orderType>{kind}</ord:orderType><ord:number>'
        "<typ:numberRequested>24OP1</typ:numberRequested></ord:number><ord:date>2024-03-04</ord:date>"
        "<ord:partnerIdentity><typ:address><typ:company>Odběratel a.s.</typ:company></typ:address>"
        f"</ord:partnerIdentity>{more}</ord:orderHeader><ord:orderDetail><ord:orderItem><ord:text>Židle</ord:text>"
        f"<ord:quantity>2</ord:quantity>{item}<ord:rateVAT>none</ord:rateVAT><ord:homeCurrency><typ:unitPrice>250"
        "</typ:unitPrice></ord:homeCurrency></ord:orderItem></ord:orderDetail></ord:order>"
    )


@pytest.mark.parametrize(
    ("element", "field", "value"),
    [
        ("<ord:isExecuted>true</ord:isExecuted>", "closed", True),
        ("<ord:isDelivered>true</ord:isDelivered>", "closed", True),
        ("<ord:isDelivered>false</ord:isDelivered>", "closed", False),
        ("<ord:storno>cancelledDocument</ord:storno>", "cancelled", True),
        ("<ord:dateCancellation>2024-03-06</ord:dateCancellation>", "cancelled", True),
        ("<ord:dateDelivery>2024-03-09</ord:dateDelivery>", "delivery_date", dt.date(2024, 3, 9)),
        ("<ord:dateFrom>2024-03-07</ord:dateFrom>", "delivery_date", dt.date(2024, 3, 7)),
        (reference("centre", "BRNO", "ord"), "cost_centre", "BRNO"),
        (reference("carrier", "PPL", "ord"), "delivery_method", "PPL"),
        (reference("MOSS", "DE", "ord"), "vat_country", "DE"),
    ],
)
def test_a_field_of_an_order_arrives(xml, element, field, value):
    (document,) = xml.documents(xml.one(order("receivedOrder", element)))
    assert getattr(document, field) == value


@pytest.mark.parametrize("kind", ["receivedOrder", "issuedOrder"])
def test_a_clean_order_has_no_finding_but_that_its_sums_are_made(xml, kind):
    (document,) = xml.documents(xml.one(order(kind, "")))
    assert [each.code for each in document.findings] == ["pohoda.summary-missing"]


def test_an_order_that_is_closed_is_not_called_partly_delivered(xml):
    item = "<ord:delivered>2</ord:delivered>"
    assert "pohoda.partly-delivered" in xml.codes(xml.one(order("receivedOrder", "", item)))
    closed = order("receivedOrder", "<ord:isDelivered>true</ord:isDelivered>", item)
    assert "pohoda.partly-delivered" not in xml.codes(xml.one(closed))


@pytest.mark.parametrize("name", ["date", "number", "partnerIdentity"])
def test_what_an_order_lacks_is_told(xml, name):
    text = order("receivedOrder", "")
    begin, end = text.index(f"<ord:{name}>"), text.index(f"</ord:{name}>") + len(f"</ord:{name}>")
    assert "pohoda.missing" in xml.codes(xml.one(text[:begin] + text[end:]))


def record(address: str, more: str = "") -> str:
    return (
        f'<adb:addressbook version="2.0"><adb:addressbookHeader><adb:identity><typ:address>{address}</typ:address>'
        f"</adb:identity>{more}</adb:addressbookHeader></adb:addressbook>"
    )


def test_a_person_without_a_firm_is_a_person(xml):
    (document,) = xml.documents(xml.one(record("<typ:name>Jana Marie Nová</typ:name>")))
    assert (document.is_person, document.first_name, document.last_name) == (True, "Jana Marie", "Nová")
    assert document.party.name == "Jana Marie Nová"


def test_a_firm_keeps_its_contact_person(xml):
    (document,) = xml.documents(xml.one(record("<typ:company>Pila s.r.o.</typ:company><typ:name>Jan Malý</typ:name>")))
    assert (document.is_person, document.first_name, document.last_name) == (None, "Jan", "Malý")
    assert (document.party.name, document.party.contact) == ("Pila s.r.o.", "Jan Malý")


@pytest.mark.parametrize(
    ("roles", "codes"),
    [
        ("<adb:p2>true</adb:p2>", ("AD7", None)),
        ("<adb:p1>true</adb:p1>", (None, "AD7")),
        ("", (None, None)),
    ],
)
def test_the_number_of_a_partner_is_its_code_in_its_roles(xml, roles, codes):
    number = "<adb:number><typ:numberRequested>AD7</typ:numberRequested></adb:number>"
    (document,) = xml.documents(xml.one(record("<typ:company>Pila</typ:company>", number + roles)))
    assert (document.customer_code, document.supplier_code) == codes
    assert document.number == "AD7"


def card(more: str, version: str = "2.0") -> str:
    return (
        f'<stk:stock version="{version}"><stk:stockHeader><stk:stockType>card</stk:stockType><stk:code>1</stk:code>'
        f"<stk:name>Prkno</stk:name>{more}</stk:stockHeader></stk:stock>"
    )


def warranty(length: int, unit: str) -> str:
    return f"<stk:guaranteeType>{unit}</stk:guaranteeType><stk:guarantee>{length}</stk:guarantee>"


@pytest.mark.parametrize(
    ("element", "field", "value"),
    [
        ("<stk:limitMin>5.5</stk:limitMin>", "minimal_stock", D("5.5")),
        ("<stk:mass>0.25</stk:mass>", "weight", D("0.25")),
        ("<stk:producer>Pila</stk:producer>", "brand", "Pila"),
        ("<stk:isSales>false</stk:isSales>", "active", False),
        ("<stk:isSales>true</stk:isSales>", "active", True),
        ("", "active", None),
        ("<stk:isInternet>true</stk:isInternet>", "online", True),
        ("<stk:isSerialNumber>true</stk:isSerialNumber>", "serial_numbers", True),
        ("<stk:isBatch>true</stk:isBatch>", "serial_numbers", True),
        (reference("storage", "ZBOŽÍ/Prkna dlouhá a široká", "stk"), "group", "ZBOŽÍ/Prkna dlouhá a široká"),
        (warranty(2, "year"), "warranty_months", 24),
        (warranty(6, "month"), "warranty_months", 6),
        (warranty(90, "day"), "warranty_months", 3),
        (warranty(1, "hour"), "warranty_months", None),
        (warranty(1, "life"), "warranty_months", None),
        ('<stk:sellingRateVAT value="10">low</stk:sellingRateVAT>', "vat_rate", D(10)),
        ("<stk:description2>Dlouhý popis</stk:description2>", "description", "Dlouhý popis"),
        ('<stk:sellingPrice payVAT="TRUE">1e2</stk:sellingPrice>', "sales_price_includes_vat", True),
    ],
)
def test_a_fact_of_a_product_arrives(xml, element, field, value):
    (document,) = xml.documents(xml.one(card(element, "2.1")))
    assert document.findings == ()
    assert getattr(document, field) == value


def test_a_purchase_price_with_vat_is_never_taken_for_one_without(xml):
    gross = (
        '<stk:purchasingRateVAT>high</stk:purchasingRateVAT><stk:purchasingPrice payVAT="1">121</stk:purchasingPrice>'
    )
    (document,) = xml.documents(xml.one(card(gross)))
    assert document.purchase_price == D("100.00")
    (document,) = xml.documents(xml.one(card(gross.replace(">high<", ">third<"))))
    assert document.purchase_price is None


def test_a_level_that_a_card_does_not_know_is_an_error(xml):
    (document,) = xml.documents(xml.one(card("<stk:sellingRateVAT>low2</stk:sellingRateVAT>")))
    assert [each.code for each in document.findings] == ["pohoda.rate-level"]
    assert document.vat_rate is None


def test_the_firms_own_table_of_rates_comes_first(xml, tmp_path):
    (tmp_path / "vat-rates.toml").write_text("[[CZ]]\nfrom = 2000-01-01\nhigh = 30\n", encoding="utf-8")
    content = xml.one(
        xml.invoice(items="", summary=xml.SUMMARY.replace("<typ:priceHighVAT>420.00</typ:priceHighVAT>", ""))
    )
    content = content.replace("<typ:priceHighSum>2420.00</typ:priceHighSum>", "")
    reading = Reading(Own(site="CZ"), hints=Hints(codes=str(tmp_path)))
    (document,) = pohoda.read(Source("a.xml", content.encode()), reading)
    assert not isinstance(document, Finding)
    assert document.total_vat == D("600.00")


@pytest.mark.parametrize("table", ["CZ = 5\n", "[[CZ]]\nhigh = 21\n", '[[CZ]]\nfrom = 2000-01-01\nhigh = "a"\n'])
def test_a_table_of_rates_that_is_none_is_refused_by_its_name(xml, tmp_path, table):
    from efimport.errors import SettingsError

    (tmp_path / "vat-rates.toml").write_text(table, encoding="utf-8")
    reading = Reading(Own(site="CZ"), hints=Hints(codes=str(tmp_path)))
    with pytest.raises(SettingsError, match=r"VAT rates|vat-rates"):
        list(pohoda.read(Source("a.xml", xml.one(xml.invoice()).encode()), reading))


def test_a_change_without_contents_is_refused_and_one_with_contents_is_read(xml):
    action = "<stk:actionType><stk:update/></stk:actionType>"
    (document,) = xml.documents(xml.one(f'<stk:stock version="2.0">{action}</stk:stock>'))
    assert [each.code for each in document.findings] == ["pohoda.deletion"]
    (document,) = xml.documents(xml.one(card("").replace("<stk:stockHeader>", f"{action}<stk:stockHeader>")))
    assert (document.kind.value, [each.code for each in document.findings]) == ("product", ["pohoda.change"])


def test_an_export_that_failed_says_so_and_is_not_merely_empty(xml):
    listed = (
        '<lst:listInvoice version="2.0" state="error"><rdc:importDetails><rdc:detail><rdc:state>error</rdc:state>'
        "<rdc:note>Agenda není dostupná</rdc:note></rdc:detail></rdc:importDetails></lst:listInvoice>"
    )
    text = xml.answer(
        f'<rsp:responsePackItem version="2.0" id="1" state="error" note="Chyba">{listed}</rsp:responsePackItem>'
    )
    assert xml.codes(text) == ["pohoda.answer-error", "pohoda.answer-detail"]


def test_what_a_list_says_about_itself_does_not_count_as_a_document(xml):
    exported = xml.invoice().replace("<inv:invoice ", "<lst:invoice ").replace("</inv:invoice>", "</lst:invoice>")
    parts = "<rdc:parts><rdc:part>a_1.xml</rdc:part><rdc:part>a_2.xml</rdc:part></rdc:parts>"
    text = xml.answer(
        f'<rsp:responsePackItem version="2.0" id="U" state="ok"><lst:listInvoice version="2.0">{parts}{exported}'
        "</lst:listInvoice></rsp:responsePackItem>"
    )
    told, document = xml.read(text)
    assert "a_1.xml, a_2.xml" in told.message
    assert document.origin.ordinal == 1


def test_an_item_of_an_answer_that_holds_nothing_is_told(xml):
    assert xml.codes(xml.answer('<rsp:responsePackItem version="2.0" id="1" state="ok"/>')) == ["pohoda.empty-pack"]


@pytest.mark.parametrize(
    ("text", "garbled"),
    [
        ("UÅ¾ivatelskÃ½ export", True),
        ("UĹľivatelskĂ˝ export", True),
        ("U\x9eivatelský export", True),
        ("U\ufffdivatelský export", True),
        ("Příliš žluťoučký kůň", False),
        ("RŮŽENA ŽÁKOVÁ, ĎÁBELSKÉ ÓDY – „všem“", False),
        ("Größe Straße ÄÖÜ ŁÓDŹ", False),
    ],
)
def test_letters_that_a_wrong_encoding_made_are_told_and_all_others_are_not(xml, text, garbled):
    assert ("pohoda.garbled" in xml.codes(xml.one(xml.invoice(xml.header(text=text))))) is garbled


@pytest.mark.parametrize(
    ("asked", "rounding", "code"),
    [
        ("math2one", "-0.40", None),
        ("math2one", "0.20", "pohoda.rounding-mismatch"),
        ("math2one", "0", "pohoda.rounding-open"),
        ("math2one", None, "pohoda.rounding-open"),
        ("up2half", "0.10", None),
        ("math2tenth", "0", None),
        ("math5cent", "0.02", "pohoda.rounding-mismatch"),
        ("none", "0.40", None),
        ("none", "-3", "pohoda.rounding-large"),
        ("down2tenth", "0.60", "pohoda.rounding-large"),
    ],
)
def test_the_rounding_is_held_against_what_was_asked_for(xml, asked, rounding, code):
    stated = f"<typ:round><typ:priceRound>{rounding}</typ:priceRound></typ:round>" if rounding is not None else ""
    summary = (
        f"<inv:invoiceSummary><inv:roundingDocument>{asked}</inv:roundingDocument><inv:homeCurrency><typ:priceNone>100.40"
        f"</typ:priceNone>{stated}</inv:homeCurrency></inv:invoiceSummary>"
    )
    found = [one for one in xml.codes(xml.one(xml.invoice(items="", summary=summary))) if "rounding" in one]
    assert found == ([code] if code else [])


@pytest.mark.parametrize(
    ("unit", "quantity", "more", "net", "told"),
    [
        ("1000", "2", "", "2000.00", False),
        ("33.33", "3", "", "100.00", False),
        ("0.1234", "1000", "", "123.40", False),
        ("1000", "2", "<inv:discountPercentage>10</inv:discountPercentage>", "1800.00", False),
        ("1000", "2", "<inv:discountPercentage>10</inv:discountPercentage>", "2000.00", True),
        ("1000", "2", "<inv:coefficient>12</inv:coefficient>", "24000.00", False),
        ("0", "2", "", "2000.00", False),
        ("1000", "3", "", "2000.00", True),
        ("1000", "-2", "", "2000.00", True),
    ],
)
def test_a_line_is_held_against_its_price(xml, unit, quantity, more, net, told):
    line = (
        f"<inv:invoiceItem><inv:text>a</inv:text><inv:quantity>{quantity}</inv:quantity><inv:rateVAT>none</inv:rateVAT>"
        f"{more}<inv:homeCurrency><typ:unitPrice>{unit}</typ:unitPrice><typ:price>{net}</typ:price><typ:priceVAT>0"
        "</typ:priceVAT></inv:homeCurrency></inv:invoiceItem>"
    )
    assert ("pohoda.line-price" in xml.codes(xml.one(xml.invoice(items=line, summary="")))) is told


@pytest.mark.parametrize(("number", "told"), [("2024001", False), ("24FV001", True), ("12345678901", True)])
def test_a_missing_symbol_is_told_where_it_is_not_the_number(xml, number, told):
    header = xml.header(number=number).replace("<inv:symVar>2024001</inv:symVar>", "")
    assert ("pohoda.symbol-missing" in xml.codes(xml.one(xml.invoice(header)))) is told


@pytest.mark.parametrize(
    ("classification", "code"),
    [
        ("<typ:ids>UD</typ:ids><typ:classificationVATType>inland</typ:classificationVATType>", "UD"),
        ("<typ:classificationVATType>inland</typ:classificationVATType>", None),
        ("<typ:classificationVATType>nonSubsume</typ:classificationVATType>", "nonSubsume"),
    ],
)
def test_a_supply_outside_of_the_vat_return_is_told_by_the_type_where_it_has_no_code(xml, classification, code):
    more = f"<inv:classificationVAT>{classification}</inv:classificationVAT>"
    (document,) = xml.documents(xml.one(xml.invoice(xml.header(more=more))))
    assert document.vat_classification == code


@pytest.mark.parametrize(
    ("written", "told", "gross"),
    [("true", False, True), ("false", False, False), ("TRUE", True, True), ("1", True, True), ("0", True, False)],
)
def test_a_flag_is_true_or_false_and_read_however_it_is_spelt(xml, written, told, gross):
    line = xml.ITEM.replace("<inv:rateVAT>", f"<inv:payVAT>{written}</inv:payVAT><inv:rateVAT>")
    line = line.replace(">1000<", ">1210<") if gross else line
    (document,) = xml.documents(xml.one(xml.invoice(items=line)))
    assert document.lines[0].price_includes_vat is gross
    assert ("pohoda.boolean" in [each.code for each in document.findings]) is told


@pytest.mark.parametrize(("amount", "told"), [("0", True), ("20.5", True), ("2420", False), ("3000", False)])
def test_what_was_paid_before_the_export_is_told(xml, amount, told):
    more = f"<inv:liquidation><typ:amountHome>{amount}</typ:amountHome></inv:liquidation>"
    assert ("pohoda.part-paid" in xml.codes(xml.one(xml.invoice(xml.header(more=more))))) is told


def test_the_order_of_a_line_is_found_where_the_document_names_none(xml):
    linked = (
        "<inv:linkedDocument><typ:sourceAgenda>receivedOrder</typ:sourceAgenda><typ:sourceDocument><typ:number>24OP9"
        "</typ:number></typ:sourceDocument></inv:linkedDocument></inv:invoiceItem>"
    )
    (document,) = xml.documents(xml.one(xml.invoice(items=xml.ITEM.replace("</inv:invoiceItem>", linked))))
    assert document.sales_order_number == "24OP9"


def test_a_classification_of_a_line_written_as_text_is_read_and_told(xml):
    items = xml.ITEM.replace(
        "</inv:invoiceItem>", "<inv:classificationVAT>UDA5</inv:classificationVAT></inv:invoiceItem>"
    )
    (document,) = xml.documents(xml.one(xml.invoice(items=items)))
    assert document.lines[0].vat_classification == "UDA5"
    (found,) = [each for each in document.findings if each.code == "pohoda.classification-text"]
    assert found.location.where.endswith("/invoiceItem/classificationVAT")


@pytest.mark.parametrize(
    ("element", "code"),
    [
        ('<i:invoice xmlns:i="http://www.stormware.cz/schema/invoice.xsd" version="2.0"/>', "pohoda.old-version"),
        ('<invoice version="2.0"/>', "pohoda.no-namespace"),
        ('<q:invoice xmlns:q="urn:example" version="2.0"/>', "pohoda.wrong-namespace"),
    ],
)
def test_a_document_in_another_namespace_is_refused_by_that_reason(xml, element, code):
    (document,) = xml.documents(xml.one(element))
    assert [(each.code, each.is_error) for each in document.findings] == [(code, True)]


@pytest.mark.parametrize(
    "namespace",
    ["https://www.stormware.cz/schema/version_2/data.xsd", "http://www.Stormware.cz/schema/version_2/data.xsd"],
)
def test_a_pack_whose_namespace_is_misspelt_is_told_so(xml, namespace):
    text = f'<dat:dataPack xmlns:dat="{namespace}" version="2.0" id="a" application="a" note=""/>'
    assert xml.codes(text) == ["pohoda.wrong-namespace"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "</inv:invoiceHeader>",
            "<inv:number><typ:numberRequested>X</typ:numberRequested></inv:number></inv:invoiceHeader>",
        ),
        ("</inv:invoiceItem>", "<inv:quantity>7</inv:quantity></inv:invoiceItem>"),
        ("<typ:price>2000.00</typ:price>", "<typ:price>2000.00</typ:price><typ:price>1.00</typ:price>"),
        ("</inv:invoiceSummary>", "</inv:invoiceSummary><inv:invoiceSummary/>"),
        ("<typ:priceHigh>", "<typ:priceHigh>1</typ:priceHigh><typ:priceHigh>"),
    ],
)
def test_a_field_that_stands_twice_is_an_error_where_the_two_differ(xml, old, new):
    assert "pohoda.repeated" in xml.codes(xml.one(xml.invoice().replace(old, new, 1)))


def test_a_field_that_stands_twice_and_says_the_same_is_none(xml):
    twice = xml.header(more="<inv:date>2024-03-04</inv:date>")
    assert "pohoda.repeated" not in xml.codes(xml.one(xml.invoice(twice)))


def test_a_line_of_another_name_is_not_lost_in_silence(xml):
    stray = "<inv:invoiceitem><inv:text>Ztraceno</inv:text></inv:invoiceitem>"
    (document,) = xml.documents(xml.one(xml.invoice(items=xml.ITEM + stray)))
    assert "pohoda.unexpected-element" in [each.code for each in document.findings if each.is_error]


def test_the_rounding_of_an_order_is_no_line(xml):
    rounding = (
        "<ord:roundingItem><ord:text>Zaokrouhlení</ord:text><ord:homeCurrency><typ:price>0.40</typ:price></ord:homeCurrency>"
        "</ord:roundingItem></ord:orderDetail><ord:orderSummary><ord:homeCurrency><typ:priceNone>500</typ:priceNone>"
        "<typ:round><typ:priceRound>0.40</typ:priceRound></typ:round></ord:homeCurrency></ord:orderSummary>"
    )
    (document,) = xml.documents(xml.one(order("receivedOrder", "").replace("</ord:orderDetail>", rounding)))
    assert (len(document.lines), document.total, document.findings) == (1, D("500.40"), ())


def test_a_level_with_a_part_under_reverse_charge_is_not_called_gross(xml):
    charged = "<typ:unitPrice>99.75</typ:unitPrice><typ:price>99.75</typ:price><typ:priceVAT>0</typ:priceVAT>"
    taxed = "<typ:unitPrice>475</typ:unitPrice><typ:price>475</typ:price><typ:priceVAT>99.75</typ:priceVAT>"
    items = "".join(
        f"<inv:invoiceItem><inv:text>a</inv:text><inv:rateVAT>high</inv:rateVAT><inv:PDP>{flag}</inv:PDP>"
        f"<inv:homeCurrency>{inside}</inv:homeCurrency></inv:invoiceItem>"
        for flag, inside in (("true", charged), ("false", taxed))
    )
    summary = xml.SUMMARY.replace("2000.00", "574.75").replace("420.00", "99.75").replace("2420.00", "674.50")
    (document,) = xml.documents(xml.one(xml.invoice(items=items, summary=summary)))
    assert "pohoda.gross-as-base" not in [each.code for each in document.findings]
    assert {(row.base, row.vat, row.reverse_charge) for row in document.vat_summary} == {
        (D("99.75"), D(0), True),
        (D(475), D("99.75"), False),
    }


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (card("<stk:PLU>17</stk:PLU><stk:count>3</stk:count><stk:reservation>0</stk:reservation>"), "PLU, count"),
        (card("<stk:description>a</stk:description><stk:nameComplement>b</stk:nameComplement>"), "nameComplement"),
        (card("").replace("</stk:stock>", "<stk:stockDetail><a>x</a></stk:stockDetail></stk:stock>"), "stockDetail"),
        (record("<typ:company>Pila</typ:company>", "<adb:credit>5000</adb:credit><adb:p3>false</adb:p3>"), "credit"),
        (order("receivedOrder", reference("contract", "Z1", "ord") + "<ord:isReserved>true</ord:isReserved>"),
         "contract, isReserved"),
    ],
)  # fmt: skip
def test_a_record_tells_what_is_not_taken_over(xml, content, names):
    (document,) = xml.documents(xml.one(content))
    (found,) = [each for each in document.findings if each.code == "pohoda.not-read"]
    assert f"fields {names}." in found.message
    assert found.location.where.endswith("Header")


def test_technical_fields_of_a_record_are_nothing_to_tell(xml):
    technical = "<stk:id>7</stk:id><stk:markRecord>true</stk:markRecord><stk:news>false</stk:news>"
    (document,) = xml.documents(xml.one(card(technical)))
    assert document.findings == ()


def test_a_level_of_another_countrys_vat_is_never_taken_for_one_of_ours(xml):
    moss = xml.header(more=reference("MOSS", "HU"))
    bare = xml.ITEM.replace("<typ:price>2000.00</typ:price>", "").replace("<typ:priceVAT>420.00</typ:priceVAT>", "")
    (document,) = xml.documents(xml.one(xml.invoice(moss, bare, summary="")), Own(site="CZ"))
    assert document.lines[0].vat_rate is None
    assert "pohoda.rate-unknown" in [each.code for each in document.findings]
    (document,) = xml.documents(xml.one(xml.invoice(moss, xml.ITEM.replace("420.00", "540.00"), "")), Own(site="CZ"))
    assert (document.lines[0].vat_rate, document.payable) == (D(27), D(2540))
