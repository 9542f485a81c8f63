from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from lxml import etree

from efimport.documents import Advance, BankAccount, Kind, OtherDocument
from efimport.formats.reading import Own

OURS = Own(registration_number="12345679", vat_id="CZ12345679")


def codes(document):
    return {one.code for one in document.findings}


@pytest.mark.parametrize("family", ["5", "6"])
@pytest.mark.parametrize("prefix", ["", "isdoc"])
def test_both_families_read_alike_with_and_without_a_prefix(build, read_one, family, prefix):
    invoice = read_one(build(family=family, prefix=prefix))
    assert invoice.findings == ()
    assert (invoice.number, invoice.date, invoice.taxable_supply_date) == (
        "FV-2026-0001",
        dt.date(2026, 1, 31),
        dt.date(2026, 1, 30),
    )
    assert invoice.due_date == dt.date(2026, 2, 14)
    assert (invoice.variable_symbol, invoice.constant_symbol, invoice.specific_symbol) == ("0020260001", "0308", "07")
    assert invoice.payment_account == BankAccount(
        iban="CZ6508000000192000145399", number="2000145399", bank_code="0800", bic="GIBACZPX", bank_name="Spořitelna"
    )
    assert (invoice.payment_method, invoice.order_number, invoice.text) == ("transfer", "OV-0042", "Dodávka")
    assert (invoice.currency, invoice.home_currency, invoice.exchange_rate) == ("CZK", None, None)
    assert (invoice.total_without_vat, invoice.total_vat, invoice.total_with_vat, invoice.payable) == (
        Decimal("250.00"),
        Decimal("48.00"),
        Decimal("298.00"),
        Decimal("298.00"),
    )
    assert [(rate.rate, rate.base, rate.vat) for rate in invoice.vat_summary] == [
        (Decimal(21), Decimal("200.00"), Decimal("42.00")),
        (Decimal(12), Decimal("50.00"), Decimal("6.00")),
    ]
    assert invoice.supplier.name == "Lípa s.r.o."
    assert invoice.supplier.address.street == "Lipová 7"
    assert invoice.customer.registration_number == "25596641"
    assert invoice.uuid == "0F4C31A2-5B6D-4E7F-8091-A2B3C4D5E6F7"


def test_the_order_has_the_number_of_either_side(build, read_one):
    invoice = read_one(build())
    assert (invoice.order_number, invoice.sales_order_number) == ("OV-0042", "OP1")
    alone = read_one(build().replace(b"<ExternalOrderID>OV-0042</ExternalOrderID>", b""))
    assert (alone.order_number, alone.sales_order_number) == (None, "OP1")


def test_in_the_old_versions_the_lines_may_name_order_and_original_alone(build, read_one):
    content = build(family="5", document_type="2", original="")
    start, end = content.index(b"<OrderReferences>"), content.index(b"</OrderReferences>") + 18
    references = (
        b"<ID>1</ID><OrderReference><SalesOrderID>P9</SalesOrderID><ExternalOrderID>V9</ExternalOrderID>"
        b"<IssueDate>2026-01-02</IssueDate><LineID>1</LineID></OrderReference><OriginalDocumentReference><ID>FV7</ID>"
        b"<IssueDate>2026-01-02</IssueDate><LineID>1</LineID></OriginalDocumentReference>"
    )
    content = (content[:start] + content[end:]).replace(b"<ID>1</ID>", references, 1)
    invoice = read_one(content)
    assert (invoice.order_number, invoice.sales_order_number, invoice.original_number) == ("V9", "P9", "FV7")


@pytest.mark.parametrize(("written", "language"), [("cs", "cs"), ("en-GB", "en"), ("SK", "sk"), ("", None)])
def test_the_language_of_the_note_is_that_of_the_document(build, read_one, written, language):
    content = build().replace(b"<Note>Dod", f'<Note languageID="{written}">Dod'.encode(), 1)
    assert read_one(content).language == language
    assert read_one(build()).language is None


def test_a_line_keeps_leading_zeros_unit_and_code(build, read_one):
    line = read_one(build()).lines[0]
    assert (line.product_code, line.ean, line.unit, line.note) == ("001", "0859000000013", "ks", "poznámka")
    assert (line.quantity, line.unit_price, line.price_includes_vat) == (Decimal(2), Decimal("100.00"), False)
    assert (line.total_without_vat, line.vat, line.total_with_vat) == (
        Decimal("200.00"),
        Decimal("42.00"),
        Decimal("242.00"),
    )


def test_prices_from_above_include_vat(build, read_one):
    line = read_one(build(from_above=True)).lines[0]
    assert (line.unit_price, line.price_includes_vat) == (Decimal("121.00"), True)


def test_a_document_in_foreign_currency_is_read_in_that_currency(build, read_one):
    lines = ((Decimal(2), Decimal("1260.00"), Decimal(21)),)
    invoice = read_one(build(lines=lines, rate=Decimal("24.36")))
    assert invoice.findings == ()
    assert (invoice.currency, invoice.home_currency, invoice.exchange_rate) == ("EUR", "CZK", Decimal("24.36"))
    assert invoice.payable == Decimal("3049.20")
    assert invoice.lines[0].unit_price == Decimal(1260)
    assert invoice.lines[0].vat == Decimal("529.20")
    assert invoice.vat_summary[0].base == Decimal("2520.00")


def test_a_price_that_does_not_divide_evenly_is_rounded_to_ten_places(build, read_one):
    lines = ((Decimal(3), Decimal("33.34"), Decimal(21)),)
    content = build(lines=lines, rate=Decimal(25))
    content = content.replace(b">100.02</LineExtensionAmountCurr", b">100.00</LineExtensionAmountCurr")
    assert read_one(content).lines[0].unit_price == Decimal("33.3333333333")


def test_a_document_wholly_in_euro_is_not_taken_for_crowns(build, read_one):
    invoice = read_one(build().replace(b">CZK<", b">EUR<"))
    assert (invoice.currency, invoice.home_currency) == ("EUR", None)


@pytest.mark.parametrize(
    ("code", "issued", "received"),
    [
        ("1", Kind.ISSUED_INVOICE, Kind.RECEIVED_INVOICE),
        ("2", Kind.ISSUED_CREDIT_NOTE, Kind.RECEIVED_CREDIT_NOTE),
        ("3", Kind.ISSUED_DEBIT_NOTE, Kind.RECEIVED_DEBIT_NOTE),
        ("4", Kind.ISSUED_ADVANCE_INVOICE, Kind.RECEIVED_ADVANCE_INVOICE),
        ("5", Kind.TAX_DOCUMENT_ON_PAYMENT, Kind.TAX_DOCUMENT_ON_PAYMENT),
        ("6", Kind.ISSUED_CREDIT_NOTE, Kind.RECEIVED_CREDIT_NOTE),
        ("7", Kind.ISSUED_INVOICE, Kind.RECEIVED_INVOICE),
    ],
)
def test_the_kind_follows_type_and_supplier(build, read_one, code, issued, received):
    content = build(document_type=code)
    assert read_one(content, own=OURS).kind is issued
    assert read_one(content, own=Own(registration_number="25596641")).kind is received
    assert read_one(content).kind is received


@pytest.mark.parametrize("own", [Own(registration_number="123 45 679"), Own(vat_id="cz 12345679")])
def test_we_are_found_by_either_number_however_it_is_written(build, read_one, own):
    assert read_one(build(), own=own).kind is Kind.ISSUED_INVOICE


def test_an_advance_invoice_has_no_effect_on_vat(build, read_one):
    assert read_one(build(document_type="4")).vat_document is False
    assert read_one(build(vat_applicable="false")).vat_document is False
    assert read_one(build()).vat_document is True


def test_a_credit_note_names_what_it_corrects_and_keeps_its_sign(build, read_one):
    invoice = read_one(build(document_type="2"))
    assert invoice.original_number == "FV-2025-77"
    assert invoice.payable == Decimal("298.00")


@pytest.mark.parametrize("negative", [False, True])
def test_advances_are_positive_whichever_sign_they_are_written_with(build, read_one, negative):
    invoice = read_one(build(taxed=True, untaxed=Decimal("30.00"), negative_deposits=negative))
    assert invoice.advances == (
        Advance(
            number="DZ-1",
            variable_symbol="001",
            amount=Decimal("121.00"),
            base=Decimal("100.00"),
            vat_rate=Decimal(21),
            taxed=True,
        ),
        Advance(
            number="DZ-2",
            variable_symbol="002",
            amount=Decimal("28.00"),
            base=Decimal("25.00"),
            vat_rate=Decimal(12),
            taxed=True,
        ),
        Advance(number="ZL-1", amount=Decimal("30.00")),
    )
    assert invoice.payable == Decimal("119.00")
    assert invoice.vat_summary[0].already_claimed_base == Decimal("100.00")
    assert codes(invoice) == ({"isdoc.negative-deposits"} if negative else set())


def test_rounding_is_kept_beside_the_payable_amount(build, read_one):
    invoice = read_one(build(rounding=Decimal("0.40")))
    assert (invoice.rounding, invoice.payable) == (Decimal("0.40"), Decimal("298.40"))


@pytest.mark.parametrize(
    ("code", "method"), [("10", "cash"), ("42", "transfer"), ("48", "card"), ("49", "direct-debit")]
)
def test_the_method_of_payment_is_a_word(build, read_one, code, method):
    assert read_one(build().replace(b">42<", f">{code}<".encode())).payment_method == method


def test_a_cash_document_is_no_account(build, read_one):
    cash = (
        "<{p}PaymentMeans><{p}Payment><{p}PaidAmount>{payable}</{p}PaidAmount>"
        "<{p}PaymentMeansCode>10</{p}PaymentMeansCode><{p}Details><{p}DocumentID>PP1</{p}DocumentID>"
        "<{p}IssueDate>2026-01-31</{p}IssueDate></{p}Details></{p}Payment></{p}PaymentMeans>"
    )
    invoice = read_one(build(payment=cash))
    assert invoice.findings == ()
    assert (invoice.payment_method, invoice.payment_account, invoice.due_date) == ("cash", None, None)


def test_of_several_payments_the_earliest_transfer_counts(build, documents, read_one):
    later = documents.TRANSFER.replace("2026-02-14", "2026-03-14").replace("0020260001", "999")
    both = later.replace("</{p}PaymentMeans>", "") + documents.TRANSFER.replace("<{p}PaymentMeans>", "")
    invoice = read_one(build(payment=both))
    assert (invoice.due_date, invoice.variable_symbol) == (dt.date(2026, 2, 14), "0020260001")
    assert codes(invoice) == {"isdoc.several-payments"}


def test_an_account_with_the_bank_code_in_one_element_is_taken_apart(build, read_one):
    content = build().replace(b">2000145399<", b">19-2000145399/0800<").replace(b"<BankCode>0800<", b"<BankCode><")
    account = read_one(content).payment_account
    assert (account.number, account.bank_code) == ("19-2000145399", "0800")


def test_where_the_payment_has_no_account_the_first_of_the_others_is_taken(build, read_one):
    account = b"<AlternateBankAccount><ID>%s</ID><BankCode>0100</BankCode><Name/><IBAN/><BIC/></AlternateBankAccount>"
    both = account % b"123457" + account % b"19"
    listed = b"</Payment><AlternateBankAccounts>" + both + b"</AlternateBankAccounts>"
    content = build().replace(b"</Payment>", listed)
    assert read_one(content).payment_account.number == "2000145399"
    empty = content.replace(b">2000145399<", b"><").replace(b">CZ65 0800 0000 1920 0014 5399<", b"><")
    assert read_one(empty).payment_account == BankAccount(number="123457", bank_code="0100")


def test_a_slovak_party_has_both_tax_numbers(build, read_one):
    scheme = b"<PartyTaxScheme><CompanyID>2020123456</CompanyID><TaxScheme>TIN</TaxScheme></PartyTaxScheme>"
    content = build().replace(b"<PartyTaxScheme>", scheme + b"\n<PartyTaxScheme>", 1)
    supplier = read_one(content).supplier
    assert (supplier.vat_id, supplier.tax_number) == ("CZ12345679", "2020123456")


def test_an_anonymous_customer_has_only_a_code(build, read_one):
    content = build(document_type="7")
    start, end = content.index(b"<AccountingCustomerParty>"), content.index(b"</AccountingCustomerParty>")
    anonymous = b"<AnonymousCustomerParty><ID>77</ID><IDScheme>urn:card</IDScheme></AnonymousCustomerParty>"
    invoice = read_one(content[:start] + anonymous + content[end + 26 :])
    assert invoice.findings == ()
    assert invoice.customer.code == "77"


REVERSE = (
    b"<VATCalculationMethod>0</VATCalculationMethod>",
    (
        b"<VATCalculationMethod>0</VATCalculationMethod><LocalReverseCharge><LocalReverseChargeCode>4"
        b"</LocalReverseChargeCode></LocalReverseCharge>"
    ),
)
FLAG = (b"</TaxCategory>", b"<LocalReverseChargeFlag>true</LocalReverseChargeFlag></TaxCategory>")
NO_VAT = ((Decimal(2), Decimal("100.00"), Decimal(0)),)


def test_reverse_charge_is_read_with_its_code(build, read_one):
    invoice = read_one(build(lines=NO_VAT).replace(*REVERSE).replace(*FLAG))
    assert invoice.findings == ()
    assert (invoice.lines[0].reverse_charge, invoice.lines[0].reverse_charge_code) == (True, "4")
    assert [rate.reverse_charge for rate in invoice.vat_summary] == [True]


@pytest.mark.parametrize("change", [REVERSE, FLAG])
def test_reverse_charge_in_one_place_only_is_said(build, read_one, change):
    assert codes(read_one(build(lines=NO_VAT).replace(*change))) == {"isdoc.reverse-charge"}
    assert codes(read_one(build(lines=NO_VAT))) == set()


def test_vat_under_reverse_charge_is_said_of_line_and_recapitulation(build, read_one):
    invoice = read_one(build().replace(*REVERSE).replace(*FLAG))
    assert codes(invoice) == {"isdoc.reverse-charge-vat"}
    assert [one.location.where.rpartition("/")[2] for one in invoice.findings[:3:2]] == [
        "LineExtensionTaxAmount",
        "TaxAmount",
    ]


def test_a_discount_is_given_in_percent_where_the_price_is_the_one_before_it(build, read_one):
    content = build().replace(
        b">200.00</LineExtensionAmount>",
        b">200.00</LineExtensionAmount><LineExtensionAmountBeforeDiscount>250</LineExtensionAmountBeforeDiscount>",
        1,
    )
    assert read_one(content).lines[0].discount_percent is None
    assert read_one(content.replace(b"<UnitPrice>100.00", b"<UnitPrice>125.00")).lines[0].discount_percent == 20


def test_a_line_without_a_quantity_is_one_piece(build, read_one):
    content = build().replace(b'<InvoicedQuantity unitCode="ks">1</InvoicedQuantity>', b"")
    assert read_one(content).lines[1].quantity == 1


def test_a_comment_inside_a_number_cuts_no_digits_off(build, read_one):
    invoice = read_one(build().replace(b"<PayableAmount>298.00", b"<PayableAmount>29<!-- x -->8.00"))
    assert invoice.payable == Decimal("298.00")


def test_the_bytes_go_out_unchanged(build, read_one):
    content = b"\xef\xbb\xbf" + build(signature=True)
    invoice = read_one(content)
    assert invoice.origin.content == content
    assert invoice.signed
    assert codes(invoice) == {"isdoc.byte-order-mark", "isdoc.signed", "isdoc.signature-unverified"}


def test_a_signature_is_not_invented(build, read_one):
    assert not read_one(build()).signed


def test_a_common_document_is_a_file_with_a_name(read_one):
    content = (
        b'<CommonDocument xmlns="http://isdoc.cz/namespace/2013" version="6.0.2"><SubDocumentType>1</SubDocumentType>'
        b"<SubDocumentTypeOrigin>CBA</SubDocumentTypeOrigin><ID>SM-1</ID>"
        b"<UUID>0F4C31A2-5B6D-4E7F-8091-A2B3C4D5E6F7</UUID><IssueDate>2026-01-31</IssueDate></CommonDocument>"
    )
    document = read_one(content)
    assert isinstance(document, OtherDocument)
    assert (document.kind, document.name, document.number) == (Kind.FILE, "ISDOC CommonDocument", "SM-1")
    assert "isdoc.common-document" in codes(document)


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("5.3.1", "5.3.1/isdoc-invoice-5.3.1.xsd"),
        ("6.0", "6.0/isdoc-invoice-6.0.xsd"),
        ("6.0.2", "6.0.2/isdoc-invoice-6.0.2.xsd"),
    ],
)
def test_the_invented_documents_are_valid_by_the_official_schema(build, shared, version, name):
    schema = etree.XMLSchema(etree.parse(str(shared("schemas/isdoc") / name)))
    wishes = {"taxed": True, "untaxed": Decimal(5), "rate": Decimal("25.1"), "rounding": Decimal("0.1")}
    schema.assertValid(etree.fromstring(build(family=version[0], version=version, **wishes)))


def test_a_consumer_with_the_number_0_has_none(build, read_one):
    assert read_one(build().replace(b">25596641<", b">0<")).customer.registration_number is None
