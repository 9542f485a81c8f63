from __future__ import annotations

import hashlib

import pytest

from efimport.sandbox.texts import sentences, text
from tests.sandbox.conftest import Caller, Maker, attribute, encoded, invoice, nested, pack


def pohoda(content: bytes | str, *extra: str) -> tuple[str, ...]:
    raw = content if isinstance(content, str) else encoded(content)
    return (*extra, attribute("dataFormat", "POHODA"), nested("base64data", raw))


def test_an_import_answers_number_and_date_as_documented(call: Caller) -> None:
    reply = call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    assert reply.ok
    assert [(child.tag, child.text) for child in reply.root] == [("number", "2024-00001"), ("date", "2024-03-05")]


def test_the_state_names_buyer_total_and_method(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    document = call.state()["documents"]["SalesInvoice"][0]
    assert (document["partner"], document["total"], document["currency"]) == ("Odběratel a.s.", "243.21", "CZK")
    assert (document["method"], document["received"], document["written"]) == ("SalesInvoiceImport", 1, 1)


def test_the_state_shows_what_was_sent_element_by_element(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    elements = call.state()["documents"]["SalesInvoice"][0]["elements"]
    assert (elements["number"], elements["buyerName"]) == ("2024-00001", "Odběratel a.s.")
    assert [(item["description"], item["quantity"]) for item in elements["Items"]] == [("Práce", "2")]


def test_of_a_pohoda_document_the_state_shows_the_digest_alone(call: Caller) -> None:
    call("SalesInvoiceImport", *pohoda(pack()))
    document = call.state()["documents"]["SalesInvoice"][0]
    assert (document["elements"], document["payload_sha256"]) == (None, hashlib.sha256(pack()).hexdigest())


def test_the_same_create_or_update_twice_leaves_one_document_and_the_same_answer(call: Caller) -> None:
    first = call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    second = call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    documents = call.state()["documents"]["SalesInvoice"]
    assert first.body == second.body
    assert [(document["received"], document["written"]) for document in documents] == [(2, 2)]


def test_an_update_replaces_the_payload(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    before = call.state()["documents"]["SalesInvoice"][0]
    call("SalesInvoiceImport", nested("SalesInvoice", invoice(buyerName="Jiný")))
    after = call.state()["documents"]["SalesInvoice"][0]
    assert after["partner"] == "Jiný"
    assert after["document_id"] == before["document_id"]
    assert after["payload_sha256"] != before["payload_sha256"]


LABELS = {
    "SalesInvoice": ("CZ", "Sales invoice"),
    "AdvanceInvoice": ("CZ", "Advance invoice"),
    "CreditNote": ("CZ", "Credit note"),
    "SalesOrder": ("CZ", "Sales order"),
    "DebitNote": ("HR", "Debit note"),
}


@pytest.mark.parametrize(("kind", "site", "label"), [(kind, *rest) for kind, rest in LABELS.items()])
def test_documented_create_only_refuses_an_existing_document_of_each_type(
    make: Maker, kind: str, site: str, label: str
) -> None:
    call = make(site=site)
    data = invoice(paymentDueDate="")
    create_only = attribute("importType", "createOnly")
    assert call(f"{kind}Import", create_only, nested(kind, data)).ok
    assert (
        call(f"{kind}Import", create_only, nested(kind, data)).error
        == f"{label} for number: 2024-00001 already exists!"
    )


def test_a_switch_lets_create_only_skip(make: Maker) -> None:
    call = make(create_only="skip")
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    reply = call(
        "SalesInvoiceImport", attribute("importType", "createOnly"), nested("SalesInvoice", invoice(buyerName="Jiný"))
    )
    assert reply.text("number") == "2024-00001"
    assert call.state()["documents"]["SalesInvoice"][0]["partner"] == "Odběratel a.s."


def test_assumed_update_only_passes_over_a_new_document(call: Caller) -> None:
    reply = call("SalesInvoiceImport", attribute("importType", "updateOnly"), nested("SalesInvoice", invoice()))
    assert reply.ok
    assert call.state()["documents"]["SalesInvoice"] == []


def test_a_switch_lets_update_only_refuse_a_new_document(make: Maker) -> None:
    call = make(update_only="refuse")
    reply = call("SalesInvoiceImport", attribute("importType", "updateOnly"), nested("SalesInvoice", invoice()))
    assert reply.error == "Can not find sales invoice for number: 2024-00001"


def test_documented_a_posted_document_is_not_overwritten(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    assert call.sandbox.mark_posted("SalesInvoice", "2024-00001")
    reply = call("SalesInvoiceImport", nested("SalesInvoice", invoice(buyerName="Jiný")))
    assert reply.error == "Document can not be overwritten because it is already posted."
    assert call.state()["documents"]["SalesInvoice"][0]["partner"] == "Odběratel a.s."


REFUSALS = {
    "no number": ("property-number-required", {}, (nested("SalesInvoice", invoice("")),)),
    "no document": ("parameter-needed", {"name": "SalesInvoice"}, ()),
    "import type": ("import-type", {"value": "sometimes"}, (attribute("importType", "sometimes"),)),
    "data format": ("data-format", {"value": "ISDOC"}, (attribute("dataFormat", "ISDOC"),)),
    "no base64data": ("parameter-required", {"name": "base64data"}, (attribute("dataFormat", "POHODA"),)),
    "not base64": ("base64data-unreadable", {}, pohoda("%%%%")),
    "not XML": ("xml-syntax", {}, pohoda(b"<dat:dataPack")),
    "a DOCTYPE": ("xml-syntax", {}, pohoda(b"<!DOCTYPE a><a/>")),
    "POHODA without a number": ("property-number-required", {}, pohoda(pack(""))),
}


@pytest.mark.parametrize(
    "case", REFUSALS, ids=[f"{sentences()[REFUSALS[name][0]].evidence}: {name}" for name in REFUSALS]
)
def test_an_import_is_refused_with_the_sentence(call: Caller, case: str) -> None:
    sentence, fields, parameters = REFUSALS[case]
    assert call("SalesInvoiceImport", *parameters).error == text(sentence, **fields)
    assert call.state()["documents"]["SalesInvoice"] == []


UNFIT = {
    "another root": (b"<a/>", "the root is no dataPack of version 2"),
    "no item": (pack(items=0), "0 items in the pack instead of one"),
    "two items": (pack(items=2), "2 items in the pack instead of one"),
    "two invoices": (pack(invoices=2), "the item does not hold exactly one invoice"),
    "a received invoice": (pack(kind="receivedInvoice"), "invoiceType receivedInvoice is not issuedInvoice"),
    "a credit note": (pack(kind="issuedCreditNotice"), "invoiceType issuedCreditNotice is not issuedInvoice"),
    "an old version": (pack(version="1.0"), "invoice is not of version 2.0"),
    "no date": (pack(day="5.3.2024"), "date 5.3.2024 is no date"),
}


@pytest.mark.parametrize("case", UNFIT, ids=[f"assumed: {name}" for name in UNFIT])
def test_a_pack_that_is_not_one_fitting_invoice_is_refused(call: Caller, case: str) -> None:
    content, reason = UNFIT[case]
    reply = call("SalesInvoiceImport", *pohoda(content))
    assert reply.error == f"EMU: the POHODA data cannot be imported: {reason}"


@pytest.mark.parametrize("encoding", ["Windows-1250", "UTF-8"])
def test_a_pohoda_invoice_is_stored_with_its_bytes_and_total(call: Caller, encoding: str) -> None:
    content = pack(encoding=encoding)
    assert call("SalesInvoiceImport", *pohoda(content)).text("number") == "24FV0001"
    document = call.state()["documents"]["SalesInvoice"][0]
    assert document["payload_sha256"] == hashlib.sha256(content).hexdigest()
    assert (document["partner"], document["total"]) == ("Žluťoučký kůň s.r.o.", "1210.40")
    assert document["data_format"] == "POHODA"


@pytest.mark.parametrize(
    ("kind", "invoice_type"),
    [
        ("CreditNote", "issuedCreditNotice"),
        ("CreditNote", "issuedCorrectiveTax"),
        ("AdvanceInvoice", "issuedAdvanceInvoice"),
    ],
)
def test_each_pohoda_type_has_its_method(call: Caller, kind: str, invoice_type: str) -> None:
    assert call(f"{kind}Import", *pohoda(pack(kind=invoice_type))).ok
    assert not call("SalesInvoiceImport", *pohoda(pack(kind=invoice_type))).ok


def test_pohoda_is_not_taken_where_the_reference_does_not_offer_it(make: Maker) -> None:
    refusal = "EMU: unknown dataFormat POHODA"
    assert make(site="SI")("SalesInvoiceImport", *pohoda(pack())).error == refusal
    assert make()("SalesOrderImport", *pohoda(pack())).error == refusal


def test_base64_may_be_broken_into_lines(call: Caller) -> None:
    raw = encoded(pack())
    lines = "\r\n".join(raw[start : start + 76] for start in range(0, len(raw), 76))
    assert call("SalesInvoiceImport", *pohoda(lines)).ok


PROPERTIES = {
    "a date that is none": (invoice(date="2024-02-30"), "date", "wrong-date"),
    "a date in Czech form": (invoice(paymentDueDate="5.3.2024"), "paymentDueDate", "wrong-date"),
    "no buyer": (invoice(buyerName=""), "buyerName", "entry-mandatory"),
    "a buyer without a VAT number": (invoice(buyerVatRegistration="Registered"), "buyerTaxNumber", "vat-id-mandatory"),
    "a buyer's code that nobody has": (invoice(buyerName="", buyerCode="X"), "buyerCode", "unknown-buyer"),
    "another site's VAT type": (invoice(vatTransactionType="9"), "vatTransactionType", "wrong-value"),
    "foreign VAT without a country": (invoice(vatTransactionType="100"), "vatCountryIsoCode", "entry-mandatory"),
    "a country by name": (invoice(buyerCountry="Česko"), "buyerCountry", "wrong-country"),
    "a language code": (invoice(documentLanguage="cs"), "documentLanguage", "wrong-value"),
    "a payment method of Slovenia": (invoice(methodOfPayment="visa"), "methodOfPayment", "wrong-value"),
    "no items": (invoice(items=""), "Items", "entry-mandatory"),
    "an item with neither": (
        invoice(items="<Item><quantity>1</quantity></Item>"),
        "Item1_productCode",
        "product-or-description",
    ),
    "an item with both": (
        invoice(items="<Item><productCode>A</productCode><description>B</description></Item>"),
        "Item1_productCode",
        "product-or-description",
    ),
    "an item without its price": (
        invoice(items="<Item><description>B</description><price>1.00</price></Item>"),
        "Item1_netPrice",
        "entry-mandatory",
    ),
    "a decimal comma": (
        invoice(items="<Item><description>B</description><netPrice>1,00</netPrice></Item>"),
        "Item1_netPrice",
        "wrong-decimal",
    ),
    "a section of the control report": (
        invoice(items="<Item><productCode>A</productCode><kontrolHlasSectionType>A4</kontrolHlasSectionType></Item>"),
        "Item1_kontrolHlasSectionType",
        "wrong-value",
    ),
}


@pytest.mark.parametrize(
    "case", PROPERTIES, ids=[f"{sentences()[PROPERTIES[name][2]].evidence}: {name}" for name in PROPERTIES]
)
def test_a_wrong_property_is_named_in_the_documented_form(call: Caller, case: str) -> None:
    data, name, sentence = PROPERTIES[case]
    assert (
        call("SalesInvoiceImport", nested("SalesInvoice", data)).error
        == f"Error nr: 1 #{name} - {text(sentence)}; \r\n"
    )


def test_several_wrong_properties_are_numbered(call: Caller) -> None:
    error = call("SalesInvoiceImport", nested("SalesInvoice", invoice(date="x", buyerName=""))).error
    assert error is not None
    assert error.startswith("Error nr: 1 #date - ")
    assert "; \r\nError nr: 2 #buyerName - Entry is mandatory; \r\n" in error


def test_prices_follow_the_pricing_type(call: Caller) -> None:
    item = "<Item><description>B</description><price>121.00</price><quantity>2</quantity></Item>"
    assert call("SalesInvoiceImport", nested("SalesInvoice", invoice(type="retail", items=item))).ok
    assert call.state()["documents"]["SalesInvoice"][0]["total"] == "242.00"


def test_codes_are_compared_without_regard_to_case(call: Caller) -> None:
    data = invoice(type="Gross", status="IssuedInvoice", methodOfPayment="BankTransfer")
    assert call("SalesInvoiceImport", nested("SalesInvoice", data)).ok


def test_the_same_code_means_different_things_at_different_sites(make: Maker) -> None:
    foreign = invoice(vatTransactionType="8")
    assert make(site="CZ")("SalesInvoiceImport", nested("SalesInvoice", foreign)).ok
    assert "#vatCountryIsoCode" in (make(site="SI")("SalesInvoiceImport", nested("SalesInvoice", foreign)).error or "")


def test_documented_slovenian_items_carry_no_foreign_vat_type(make: Maker) -> None:
    item = "<Item><description>B</description><netPrice>1</netPrice><vatTransactionType>100</vatTransactionType></Item>"
    reply = make(site="SI")("SalesInvoiceImport", nested("SalesInvoice", invoice(items=item)))
    assert reply.error == f"Error nr: 1 #Item1_vatTransactionType - {text('document-level-only')}; \r\n"


def test_a_switch_refuses_unknown_products(make: Maker) -> None:
    data = nested("SalesInvoice", invoice(items="<Item><productCode>A</productCode><quantity>1</quantity></Item>"))
    assert make()("SalesInvoiceImport", data).ok
    reply = make(unknown_products="refuse")("SalesInvoiceImport", data)
    assert reply.error == "Error nr: 1 #Item1_productCode - Can not find product for code:; \r\n"


def test_elements_that_the_reference_does_not_list_are_reported(call: Caller) -> None:
    item = "<Item><description>B</description><netPrice>1</netPrice><colour>red</colour></Item>"
    call("SalesInvoiceImport", nested("SalesInvoice", invoice(symVar="1", items=item)))
    assert call.state()["documents"]["SalesInvoice"][0]["unknown_elements"] == ["Item/colour", "symVar"]
    assert call.state()["warnings"] == {"SalesInvoiceImport: unknown elements Item/colour, symVar": 1}


@pytest.mark.parametrize(
    ("site", "method"), [("CZ", "DebitNoteImport"), ("HR", "SalesInvoiceImport"), ("SI", "CreditNoteImport")]
)
def test_a_site_offers_only_its_own_documents(make: Maker, site: str, method: str) -> None:
    assert make(site=site)(method).error == f"EMU: the method {method} is not offered at the site {site}"


def test_get_returns_the_document_with_the_places_of_the_reference(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    reply = call("SalesInvoiceGet", attribute("number", "2024-00001"), attribute("date", "2024-03-05", "Date"))
    assert reply.text("SalesInvoice/buyerName") == "Odběratel a.s."
    assert reply.text("SalesInvoice/invoicePricingType") == "gross"
    assert reply.text("SalesInvoice/totalAmount") == "243.210"
    assert reply.text("SalesInvoice/Items/Item/quantity") == "2.000000"
    assert reply.text("SalesInvoice/Items/Item/netPrice") == "100.50000"


def test_get_of_a_pohoda_document_returns_its_head(call: Caller) -> None:
    call("CreditNoteImport", *pohoda(pack(kind="issuedCreditNotice")))
    reply = call("CreditNoteGet", attribute("number", "24FV0001"))
    assert reply.text("CreditNote/buyerName") == "Žluťoučký kůň s.r.o."
    assert reply.text("CreditNote/totalAmount") == "1210.400"


def test_get_finds_by_sequential_number_of_the_latest_year(call: Caller) -> None:
    for number in ("2023-00007", "2024-00007"):
        call("SalesInvoiceImport", nested("SalesInvoice", invoice(number)))
    assert call("SalesInvoiceGet", attribute("number", "7")).text("SalesInvoice/number") == "2024-00007"


def test_get_finds_by_internal_identifier(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    assert call("SalesInvoiceGet", attribute("documentID", "60:1")).text("SalesInvoice/number") == "2024-00001"


def test_documented_get_says_that_nothing_was_found(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    missing = "document could not be found"
    assert call("SalesInvoiceGet", attribute("number", "2024-00002")).error == missing
    assert call("SalesInvoiceGet", attribute("number", "2024-00001"), attribute("date", "2024-03-06")).error == missing
    assert call("CreditNoteGet", attribute("number", "2024-00001")).error == missing


def test_get_needs_a_number(call: Caller) -> None:
    assert call("SalesInvoiceGet").error == 'Parameter named "number" is required'


def test_list_selects_by_date(call: Caller) -> None:
    for day in ("2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01"):
        call("SalesInvoiceImport", nested("SalesInvoice", invoice(f"N{day}", date=day)))
    reply = call(
        "SalesInvoiceList", attribute("dateFrom", "2024-02-01", "Date"), attribute("dateTo", "2024-02-29", "Date")
    )
    assert [node.text for node in reply.root.iterfind("SalesInvoices/SalesInvoice/number")] == [
        "N2024-02-01",
        "N2024-02-29",
    ]


def test_list_selects_by_buyer_number_and_status(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice("A", buyerName="První")))
    call("SalesInvoiceImport", nested("SalesInvoice", invoice("B", buyerName="Druhá")))
    for criterion, number in [(("buyer", "druhá"), "B"), (("number", "A"), "A")]:
        assert call("SalesInvoiceList", attribute(*criterion)).text("SalesInvoices/SalesInvoice/number") == number
    call.sandbox.mark_posted("SalesInvoice", "B")
    assert call("SalesInvoiceList", attribute("status", "booked")).text("SalesInvoices/SalesInvoice/number") == "B"


def test_an_empty_list_is_documented_as_empty_and_observed_as_an_error(make: Maker) -> None:
    documented = make()("SalesInvoiceList")
    assert documented.ok
    assert len(documented.root.find("SalesInvoices")) == 0
    observed = make(mode="observed")("SalesInvoiceList")
    assert (observed.status, observed.error) == (500, "noDocumentsFound")


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        (
            (attribute("dateFrom", "2024-01-01"), attribute("paymentDueDateTo", "2024-01-01")),
            "EMU: mixing date criteria",
        ),
        ((attribute("status", "wonderful"),), "Invalid search value: wonderful"),
        ((attribute("dateFrom", "1.1.2024"),), "Invalid search value: 1.1.2024"),
        ((attribute("colour", "red"),), "Invalid search key!"),
    ],
    ids=["assumed: mixed dates", "documented: status", "documented: date", "documented: key"],
)
def test_a_wrong_criterion_is_refused(call: Caller, parameters: tuple[str, ...], error: str) -> None:
    assert call("SalesInvoiceList", *parameters).error == error


def test_the_same_number_in_two_types_is_two_documents(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice("1")))
    assert call("CreditNoteImport", attribute("importType", "createOnly"), nested("CreditNote", invoice("1"))).ok
