from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.documents import Kind
from efimport.formats.reading import Own

D = Decimal


def amounts(summary: str) -> str:
    return f"<inv:invoiceSummary><inv:homeCurrency>{summary}</inv:homeCurrency></inv:invoiceSummary>"


def line(rate: str, inside: str, more: str = "") -> str:
    rate_element = f"<inv:rateVAT>{rate}</inv:rateVAT>" if rate else ""
    return (
        f"<inv:invoiceItem><inv:text>a</inv:text>{rate_element}{more}<inv:homeCurrency>{inside}</inv:homeCurrency>"
        "</inv:invoiceItem>"
    )


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("issuedInvoice", Kind.ISSUED_INVOICE),
        ("issuedCreditNotice", Kind.ISSUED_CREDIT_NOTE),
        ("issuedCorrectiveTax", Kind.ISSUED_CREDIT_NOTE),
        ("issuedDebitNote", Kind.ISSUED_DEBIT_NOTE),
        ("issuedAdvanceInvoice", Kind.ISSUED_ADVANCE_INVOICE),
        ("issuedProformaInvoice", Kind.ISSUED_PROFORMA),
        ("receivable", Kind.RECEIVABLE),
        ("penalty", Kind.RECEIVABLE),
        ("receivedInvoice", Kind.RECEIVED_INVOICE),
        ("receivedCreditNotice", Kind.RECEIVED_CREDIT_NOTE),
        ("receivedCorrectiveTax", Kind.RECEIVED_CREDIT_NOTE),
        ("receivedDebitNote", Kind.RECEIVED_DEBIT_NOTE),
        ("receivedAdvanceInvoice", Kind.RECEIVED_ADVANCE_INVOICE),
        ("receivedProformaInvoice", Kind.RECEIVED_ADVANCE_INVOICE),
        ("commitment", Kind.COMMITMENT),
    ],
)
def test_every_kind_of_invoice_has_its_kind_of_document(xml, written, kind):
    (document,) = xml.documents(xml.one(xml.invoice(xml.header(written))))
    assert document.kind is kind
    assert document.vat_document is (written.find("Advance") < 0 and written.find("Proforma") < 0)


def test_an_unknown_kind_never_becomes_an_issued_invoice(xml):
    (document,) = xml.documents(xml.one(xml.invoice(xml.header("issuedSomething"))))
    assert document.kind is Kind.OTHER
    assert [each.code for each in document.findings] == ["pohoda.unknown-invoice-type"]


def test_the_partner_of_an_issued_invoice_is_its_customer(xml):
    own = (
        "<inv:myIdentity><typ:address><typ:company>My s.r.o.</typ:company><typ:street>Dlouhá</typ:street>"
        "<typ:number>7</typ:number></typ:address></inv:myIdentity>"
    )
    (document,) = xml.documents(xml.one(xml.invoice(xml.header(more=own))))
    assert document.customer.name == "Žluťoučká dílna s.r.o."
    assert document.customer.contact == "Jana Nová"
    assert document.customer.registration_number == "25596641"
    assert document.customer.vat_id == "CZ25596641"
    assert document.customer.address.postal_code == "602 00"
    assert document.customer.address.country == "CZ"
    assert document.supplier.name == "My s.r.o."
    assert document.supplier.address.street == "Dlouhá 7"


def test_the_partner_of_a_received_invoice_is_its_supplier(xml):
    head = xml.header("receivedInvoice", more="<inv:originalDocument>F-99</inv:originalDocument>")
    (document,) = xml.documents(xml.one(xml.invoice(head)))
    assert document.supplier.name == "Žluťoučká dílna s.r.o."
    assert document.customer is None
    assert (document.number, document.internal_number) == ("F-99", "2024001")


def test_the_prefix_of_a_series_is_not_taken_for_a_number(xml):
    head = xml.header().replace("<typ:numberRequested>2024001</typ:numberRequested>", "<typ:ids>24FV</typ:ids>")
    (document,) = xml.documents(xml.one(xml.invoice(head)))
    assert document.number is None
    assert [each.code for each in document.findings] == ["pohoda.number-series"]


def test_the_slovak_vat_number_is_told_from_the_tax_number(xml):
    slovak = xml.PARTNER.replace(
        "<typ:dic>CZ25596641</typ:dic>", "<typ:dic>2020105428</typ:dic><typ:icDph>SK2020105428</typ:icDph>"
    )
    (document,) = xml.documents(xml.one(xml.invoice(xml.header(partner=slovak))))
    assert (document.customer.vat_id, document.customer.tax_number) == ("SK2020105428", "2020105428")


def test_symbols_keep_their_leading_zeros(xml):
    more = "<inv:symConst>0308</inv:symConst><inv:symSpec>007</inv:symSpec>"
    (document,) = xml.documents(xml.one(xml.invoice(xml.header(more=more))))
    assert (document.constant_symbol, document.specific_symbol) == ("0308", "007")


def test_the_days_are_read(xml):
    more = "<inv:dateAccounting>2024-03-05</inv:dateAccounting><inv:dateKHDPH>2024-03-06+01:00</inv:dateKHDPH>"
    (document,) = xml.documents(xml.one(xml.invoice(xml.header(more=more))))
    assert document.date == document.taxable_supply_date == dt.date(2024, 3, 4)
    assert document.due_date == dt.date(2024, 3, 18)
    assert document.accounting_date == dt.date(2024, 3, 5)
    assert document.control_report_date == dt.date(2024, 3, 6)


def test_a_corrective_document_names_what_it_corrects(xml):
    before = (
        '<inv:correctiveDocument itemTransfer="false"><typ:sourceDocument><typ:number>2023007</typ:number>'
        "</typ:sourceDocument></inv:correctiveDocument>"
    )
    (document,) = xml.documents(xml.one(xml.invoice(xml.header("issuedCorrectiveTax"), before=before)))
    assert document.original_number == "2023007"


def test_a_stock_line_keeps_its_codes_and_moves_stock(xml):
    stock = (
        "<inv:stockItem><typ:store><typ:ids>HLAVNÍ</typ:ids></typ:store><typ:stockItem><typ:ids>Z-1</typ:ids>"
        "<typ:EAN>8590000000017</typ:EAN></typ:stockItem></inv:stockItem>"
    )
    (document,) = xml.documents(
        xml.one(xml.invoice(items=xml.ITEM.replace("</inv:invoiceItem>", stock + "</inv:invoiceItem>")))
    )
    (only,) = document.lines
    assert (only.product_code, only.ean, only.stock_item, document.moves_stock) == ("Z-1", "8590000000017", True, True)


def test_accounts_are_told_apart_by_their_form(xml):
    account = (
        "<inv:account><typ:accountNo>CZ65 0800 0000 1920 0014 5399</typ:accountNo>"
        "<typ:bankCode>GIBACZPX</typ:bankCode></inv:account>"
    )
    (document,) = xml.documents(xml.one(xml.invoice(xml.header(more=account))))
    assert (document.payment_account.iban, document.payment_account.bic) == ("CZ6508000000192000145399", "GIBACZPX")
    account = "<inv:account><typ:accountNo>19-2000145399</typ:accountNo><typ:bankCode>0800</typ:bankCode></inv:account>"
    (document,) = xml.documents(xml.one(xml.invoice(xml.header(more=account))))
    assert document.payment_account.display == "19-2000145399/0800"


def test_the_order_of_elements_means_nothing(xml):
    text = xml.header()
    inner = text.removeprefix("<inv:invoiceHeader>").removesuffix("</inv:invoiceHeader>")
    parts = inner.replace("</inv:invoiceType>", "</inv:invoiceType>\x00").split("\x00")
    shuffled = f"<inv:invoiceHeader>{parts[1]}{parts[0]}</inv:invoiceHeader>"
    (straight,) = xml.documents(xml.one(xml.invoice()))
    (turned,) = xml.documents(xml.one(xml.invoice(shuffled)))
    assert turned.findings == ()
    assert (turned.number, turned.customer, turned.kind) == (straight.number, straight.customer, straight.kind)


# Amounts


def test_a_plain_invoice_has_its_totals_and_no_finding(xml):
    (document,) = xml.documents(xml.one(xml.invoice()))
    assert document.findings == ()
    assert (document.total_without_vat, document.total_vat, document.total_with_vat) == (D(2000), D(420), D(2420))
    assert document.payable == D("2420.00")
    assert [(each.rate, each.base, each.vat) for each in document.vat_summary] == [(D(21), D(2000), D(420))]


@pytest.mark.parametrize(
    ("day", "rate", "price", "vat"),
    [
        ("2024-01-01", "high", 1000, "210.00"),
        ("2024-01-01", "low", 1000, "120.00"),
        ("2023-12-31", "low", 1000, "150.00"),
        ("2023-12-31", "third", 1000, "100.00"),
        ("2012-06-01", "high", 1000, "200.00"),
        ("2009-06-01", "low", 1000, "90.00"),
        ("2006-06-01", "low", 1000, "50.00"),
        ("2024-01-01", "none", 1000, "0.00"),
        ("2024-01-01", "", 1000, "0.00"),
    ],
)
def test_vat_that_the_file_leaves_out_is_computed_from_the_law_of_the_day(xml, day, rate, price, vat):
    head = xml.header().replace("<inv:dateTax>2024-03-04", f"<inv:dateTax>{day}")
    items = line(rate, f"<typ:unitPrice>{price}</typ:unitPrice>")
    (document,) = xml.documents(xml.one(xml.invoice(head, items, summary="")))
    assert document.lines[0].vat == D(vat)
    assert document.payable == price + D(vat)


def test_an_unknown_rate_is_an_error_and_no_guess(xml):
    items = line("third", "<typ:unitPrice>100</typ:unitPrice>")
    (document,) = xml.documents(xml.one(xml.invoice(items=items, summary="")))
    assert document.lines[0].vat_rate is None
    assert "pohoda.rate-unknown" in [each.code for each in document.findings]


def test_prices_with_vat_are_taken_apart(xml):
    items = line(
        "high",
        "<typ:unitPrice>121</typ:unitPrice>",
        "<inv:payVAT>true</inv:payVAT><inv:quantity>3</inv:quantity><inv:discountPercentage>10</inv:discountPercentage>",
    )
    (document,) = xml.documents(xml.one(xml.invoice(items=items, summary="")))
    (only,) = document.lines
    assert (only.total_without_vat, only.vat, only.total_with_vat) == (D("270.00"), D("56.70"), D("326.70"))
    assert only.price_includes_vat


def test_a_historical_rate_is_the_one_of_its_line(xml):
    items = line(
        "historyHigh",
        "<typ:unitPrice>100</typ:unitPrice><typ:price>100</typ:price><typ:priceVAT>19</typ:priceVAT>",
        "<inv:percentVAT>19</inv:percentVAT>",
    ) + line("high", "<typ:unitPrice>100</typ:unitPrice><typ:price>100</typ:price><typ:priceVAT>21</typ:priceVAT>")
    summary = amounts("<typ:priceHigh>200</typ:priceHigh><typ:priceHighVAT>40</typ:priceHighVAT>")
    (document,) = xml.documents(xml.one(xml.invoice(items=items, summary=summary)))
    assert document.findings == ()
    assert [each.vat_rate for each in document.lines] == [D(19), D(21)]
    assert sorted((each.rate, each.vat) for each in document.vat_summary) == [(D(19), D(19)), (D(21), D(21))]
    assert document.payable == D(240)


def test_stated_percentages_come_before_the_law(xml):
    items = line("high", "<typ:unitPrice>100</typ:unitPrice>").replace("<inv:rateVAT>", '<inv:rateVAT value="25.5">')
    (document,) = xml.documents(xml.one(xml.invoice(items=items, summary="")))
    assert document.lines[0].vat == D("25.50")
    summary = amounts('<typ:priceHigh>100</typ:priceHigh><typ:priceHighVAT rate="20">20</typ:priceHighVAT>')
    (document,) = xml.documents(
        xml.one(xml.invoice(items=line("high", "<typ:unitPrice>100</typ:unitPrice>"), summary=summary))
    )
    assert document.lines[0].vat_rate == D(20)


def test_a_recapitulation_of_sums_alone_is_completed(xml):
    summary = amounts(
        "<typ:priceNone>100</typ:priceNone><typ:priceLow>200</typ:priceLow><typ:priceHighSum>1210</typ:priceHighSum>"
    )
    (document,) = xml.documents(xml.one(xml.invoice(items="", summary=summary)))
    found = {each.level: (each.base, each.vat, each.total) for each in document.vat_summary}
    assert found["high"] == (D(1000), D("210.00"), D(1210))
    assert found["low"] == (D(200), D("24.00"), D("224.00"))
    assert document.payable == D("1534.00")
    assert document.lines == ()
    assert [each.code for each in document.findings] == ["pohoda.summary-only"]


def test_rounding_is_part_of_what_is_to_be_paid(xml):
    summary = amounts(
        "<typ:priceHigh>2437.50</typ:priceHigh><typ:priceHighVAT>511.88</typ:priceHighVAT>"
        "<typ:round><typ:priceRound>-0.38</typ:priceRound></typ:round>"
    )
    (document,) = xml.documents(xml.one(xml.invoice(items="", summary=summary)))
    assert (document.rounding, document.payable) == (D("-0.38"), D("2949.00"))


ADVANCE = (
    "<inv:invoiceAdvancePaymentItem><inv:sourceDocument><typ:number>2024900</typ:number></inv:sourceDocument>"
    "<inv:quantity>1</inv:quantity><inv:payVAT>false</inv:payVAT><inv:rateVAT>{rate}</inv:rateVAT><inv:homeCurrency>"
    "<typ:unitPrice>{net}</typ:unitPrice><typ:price>{net}</typ:price><typ:priceVAT>{vat}</typ:priceVAT>"
    "</inv:homeCurrency><inv:symPar>900</inv:symPar></inv:invoiceAdvancePaymentItem>"
)


def test_an_untaxed_advance_lowers_the_payment_though_it_is_not_in_the_recapitulation(xml):
    items = xml.ITEM + ADVANCE.format(rate="none", net="-2000", vat="0")
    (document,) = xml.documents(xml.one(xml.invoice(items=items)))
    assert [each.code for each in document.findings] == ["pohoda.advance-outside"]
    assert (document.total_with_vat, document.payable) == (D("2420.00"), D("420.00"))
    (advance,) = document.advances
    assert (advance.number, advance.amount, advance.taxed, advance.variable_symbol) == (
        "2024900",
        D(2000),
        False,
        "900",
    )
    assert len(document.lines) == 1


def test_an_untaxed_advance_inside_the_recapitulation_is_not_taken_off_twice(xml):
    items = xml.ITEM + ADVANCE.format(rate="none", net="-2000", vat="0")
    summary = xml.SUMMARY.replace("<typ:priceHigh>", "<typ:priceNone>-2000</typ:priceNone><typ:priceHigh>")
    (document,) = xml.documents(xml.one(xml.invoice(items=items, summary=summary)))
    assert document.payable == D("420.00")
    assert document.findings == ()


def test_a_taxed_advance_is_part_of_the_recapitulation(xml):
    items = xml.ITEM + ADVANCE.format(rate="high", net="-1000", vat="-210")
    summary = amounts("<typ:priceHigh>1000</typ:priceHigh><typ:priceHighVAT>210</typ:priceHighVAT>")
    (document,) = xml.documents(xml.one(xml.invoice(items=items, summary=summary)))
    assert document.findings == ()
    assert document.payable == D(1210)
    (advance,) = document.advances
    assert (advance.amount, advance.base, advance.vat_rate, advance.taxed) == (D(1210), D(1000), D(21), True)


def test_a_credit_note_keeps_its_sign(xml):
    items = line(
        "high", "<typ:unitPrice>-100</typ:unitPrice><typ:price>-100</typ:price><typ:priceVAT>-21</typ:priceVAT>"
    )
    summary = amounts("<typ:priceHigh>-100</typ:priceHigh><typ:priceHighVAT>-21</typ:priceHighVAT>")
    (document,) = xml.documents(xml.one(xml.invoice(xml.header("issuedCreditNotice"), items, summary)))
    assert (document.payable, document.lines[0].total_with_vat) == (D(-121), D(-121))


def foreign(currency: str = "EUR", rate: str = "<typ:rate>25.1</typ:rate>", more: str = "", total: str = "242") -> str:
    code = f"<typ:currency><typ:ids>{currency}</typ:ids></typ:currency>" if currency else "<typ:currency/>"
    stated = f"<typ:priceSum>{total}</typ:priceSum>" if total else ""
    inside = f"{code}{rate}{more}{stated}"
    return f"<inv:invoiceSummary><inv:foreignCurrency>{inside}</inv:foreignCurrency></inv:invoiceSummary>"


EURO_LINE = (
    "<inv:invoiceItem><inv:text>a</inv:text><inv:quantity>2</inv:quantity><inv:rateVAT>high</inv:rateVAT>"
    "<inv:homeCurrency><typ:unitPrice>0</typ:unitPrice></inv:homeCurrency><inv:foreignCurrency>"
    "<typ:unitPrice>100</typ:unitPrice></inv:foreignCurrency></inv:invoiceItem>"
)


def test_a_document_in_foreign_currency_has_its_amounts_in_it(xml):
    (document,) = xml.documents(
        xml.one(xml.invoice(items=EURO_LINE, summary=foreign(more="<typ:amount>100</typ:amount>")))
    )
    assert [each.code for each in document.findings] == ["pohoda.exchange-amount"]
    assert (document.currency, document.home_currency) == ("EUR", "CZK")
    assert (document.exchange_rate, document.exchange_amount) == (D("25.1"), D(100))
    assert (document.payable, document.total_without_vat, document.total_vat) == (D(242), D(200), D(42))
    assert document.lines[0].total_with_vat == D(242)


def test_a_foreign_total_that_is_left_out_is_made_from_the_lines(xml):
    (document,) = xml.documents(xml.one(xml.invoice(items=EURO_LINE, summary=foreign(total=""))))
    assert document.payable == D("242.00")


# Currency of the books


SK_SUMMARY = amounts(
    "<typ:priceLow>100</typ:priceLow><typ:priceLowVAT>19</typ:priceLowVAT>"
    "<typ:priceHigh>100</typ:priceHigh><typ:priceHighVAT>23</typ:priceHighVAT>"
    "<typ:price3>100</typ:price3><typ:price3VAT>5</typ:price3VAT>"
)


@pytest.mark.parametrize(
    ("more", "summary", "site", "currency"),
    [
        ("", None, None, "CZK"),
        ("", None, "CZ", "CZK"),
        ("", None, "SI", "EUR"),
        ("", None, "HR", "EUR"),
        ("", SK_SUMMARY, None, "EUR"),
        ("", SK_SUMMARY, "CZ", "CZK"),
        ("<inv:classificationKVDPH><typ:ids>A1</typ:ids></inv:classificationKVDPH>", None, None, "EUR"),
        ("<inv:classificationKVDPH><typ:ids>A1</typ:ids></inv:classificationKVDPH>", SK_SUMMARY, "CZ", "EUR"),
        (
            "<inv:myIdentity><typ:address><typ:icDph>SK2020105428</typ:icDph></typ:address></inv:myIdentity>",
            None,
            None,
            "EUR",
        ),
        ("<inv:numberKHDPH>1</inv:numberKHDPH>", None, "SI", "CZK"),
    ],
)
def test_the_currency_of_the_books_is_told_by_what_is_known(xml, more, summary, site, currency):
    head = xml.header(more=more).replace("2024-03-04", "2025-03-04").replace("2024-03-18", "2025-03-18")
    (document,) = xml.documents(xml.one(xml.invoice(head, items="", summary=summary or xml.SUMMARY)), Own(site=site))
    assert document.currency == currency


def test_slovak_rates_are_read_as_such(xml):
    head = xml.header().replace("2024-03-", "2025-03-")
    (document,) = xml.documents(xml.one(xml.invoice(head, items="", summary=SK_SUMMARY)))
    assert {each.level: each.rate for each in document.vat_summary} == {"high": D(23), "low": D(19), "third": D(5)}
    assert document.payable == D(347)


def test_no_float_touches_an_amount(xml):
    items = line("none", "<typ:unitPrice>0.1</typ:unitPrice><typ:price>1e2</typ:price><typ:priceVAT>0</typ:priceVAT>")
    (document,) = xml.documents(xml.one(xml.invoice(items=items, summary="")))
    assert document.lines[0].unit_price == D("0.1")
    assert document.payable == D(100)


def test_a_gross_price_is_known_as_such_however_its_flag_is_spelt(xml):
    inside = "<typ:unitPrice>121</typ:unitPrice><typ:price>100</typ:price><typ:priceVAT>21</typ:priceVAT>"
    summary = amounts("<typ:priceHigh>100</typ:priceHigh><typ:priceHighVAT>21</typ:priceHighVAT>")
    items = line("high", inside, "<inv:payVAT>TRUE</inv:payVAT>")
    assert "pohoda.gross-unit-price" not in xml.codes(xml.one(xml.invoice(items=items, summary=summary)))


def test_a_line_under_reverse_charge_has_a_rate_and_no_vat(xml):
    items = line("high", "<typ:unitPrice>1000</typ:unitPrice>", "<inv:PDP>true</inv:PDP>")
    summary = amounts("<typ:priceHigh>1000</typ:priceHigh><typ:priceHighVAT>0</typ:priceHighVAT>")
    (document,) = xml.documents(xml.one(xml.invoice(items=items, summary=summary)))
    (only,), (row,) = document.lines, document.vat_summary
    assert (only.vat, only.vat_rate, only.reverse_charge) == (D(0), D(21), True)
    assert (row.vat, row.rate, row.reverse_charge) == (D(0), D(21), True)
    assert (document.payable, document.findings) == (D(1000), ())


@pytest.mark.parametrize("percent", ["0", "101", "abc"])
def test_a_historical_rate_that_its_line_does_not_tell_is_the_one_of_its_bucket(xml, percent):
    items = line("historyHigh", "<typ:unitPrice>100</typ:unitPrice>", f"<inv:percentVAT>{percent}</inv:percentVAT>")
    summary = amounts("<typ:priceHigh>100</typ:priceHigh><typ:priceHighVAT>25</typ:priceHighVAT>")
    (document,) = xml.documents(xml.one(xml.invoice(items=items, summary=summary)))
    assert (document.lines[0].vat_rate, document.lines[0].vat) == (D(25), D(25))
    assert "pohoda.rate-unknown" not in [each.code for each in document.findings]


def test_a_bucket_that_other_rates_share_tells_no_historical_rate(xml):
    items = line("historyHigh", "<typ:unitPrice>100</typ:unitPrice>") + line(
        "high", "<typ:unitPrice>100</typ:unitPrice>"
    )
    summary = amounts("<typ:priceHigh>200</typ:priceHigh><typ:priceHighVAT>40</typ:priceHighVAT>")
    (document,) = xml.documents(xml.one(xml.invoice(items=items, summary=summary)))
    assert document.lines[0].vat_rate is None
    assert "pohoda.rate-unknown" in [each.code for each in document.findings]


@pytest.mark.parametrize(
    ("summary", "rate"),
    [
        ("<typ:priceLow>100</typ:priceLow><typ:priceLowVAT>12</typ:priceLowVAT>", D(12)),
        ("<typ:priceNone>100</typ:priceNone>", D(0)),
        ("<typ:priceNone>50</typ:priceNone><typ:priceLow>50</typ:priceLow><typ:priceLowVAT>6</typ:priceLowVAT>", None),
    ],
)
def test_a_stock_line_without_a_rate_has_the_only_one_of_the_recapitulation(xml, summary, rate):
    stock = "<inv:stockItem><typ:stockItem><typ:ids>Z-1</typ:ids></typ:stockItem></inv:stockItem>"
    items = line("", "<typ:unitPrice>100</typ:unitPrice>", stock)
    (document,) = xml.documents(xml.one(xml.invoice(items=items, summary=amounts(summary))))
    assert document.lines[0].vat_rate == rate
    assert ("pohoda.rate-unknown" in [each.code for each in document.findings]) is (rate is None)


def test_what_rounding_left_in_the_untaxed_part_is_rounding(xml):
    items = line(
        "high", "<typ:unitPrice>100.4</typ:unitPrice><typ:price>100.40</typ:price><typ:priceVAT>21.08</typ:priceVAT>"
    )
    summary = amounts(
        "<typ:priceNone>-0.48</typ:priceNone><typ:priceHigh>100.40</typ:priceHigh>"
        "<typ:priceHighVAT>21.08</typ:priceHighVAT><typ:round><typ:priceRound>0</typ:priceRound></typ:round>"
    )
    (document,) = xml.documents(xml.one(xml.invoice(items=items, summary=summary)))
    assert (document.total_without_vat, document.rounding, document.payable) == (D("100.40"), D("-0.48"), D(121))
    assert len(document.vat_summary) == 1


def test_a_line_that_repeats_the_rounding_is_no_line_of_the_document(xml):
    rounding = line("none", "<typ:unitPrice>-0.48</typ:unitPrice><typ:price>-0.48</typ:price>").replace(
        "invoiceItem", "roundingItem"
    )
    items = line("high", "<typ:unitPrice>100.40</typ:unitPrice>") + rounding
    summary = amounts(
        "<typ:priceHigh>100.40</typ:priceHigh><typ:priceHighVAT>21.08</typ:priceHighVAT>"
        "<typ:round><typ:priceRound>-0.48</typ:priceRound></typ:round>"
    )
    (document,) = xml.documents(xml.one(xml.invoice(items=items, summary=summary)))
    assert (len(document.lines), document.payable) == (1, D(121))


@pytest.mark.parametrize(
    ("vat", "more", "found"),
    [
        ("420", "", False),
        ("200", "", True),
        ("200", "<inv:MOSS><typ:ids>HU</typ:ids></inv:MOSS>", False),
        ("420.90", "", False),
    ],
)
def test_vat_at_a_rate_that_no_law_explains_is_told(xml, vat, more, found):
    summary = amounts(f"<typ:priceHigh>2000</typ:priceHigh><typ:priceHighVAT>{vat}</typ:priceHighVAT>")
    codes = xml.codes(xml.one(xml.invoice(xml.header(more=more), "", summary)), Own(site="CZ"))
    assert ("pohoda.rate-unusual" in codes) is found


def test_lines_in_home_currency_alone_are_not_held_against_a_foreign_total(xml):
    assert "pohoda.lines-mismatch" not in xml.codes(xml.one(xml.invoice(summary=foreign())))


def test_a_bucket_that_reverse_charge_shares_with_vat_is_taken_apart(xml):
    charged = "<typ:unitPrice>1000</typ:unitPrice><typ:price>1000</typ:price><typ:priceVAT>0</typ:priceVAT>"
    items = line("high", charged, "<inv:PDP>true</inv:PDP>") + line("high", "<typ:unitPrice>100</typ:unitPrice>")
    summary = amounts("<typ:priceHigh>1100</typ:priceHigh><typ:priceHighVAT>21</typ:priceHighVAT>")
    (document,) = xml.documents(xml.one(xml.invoice(items=items, summary=summary)))
    assert [(row.base, row.vat, row.reverse_charge) for row in document.vat_summary] == [
        (D(1000), D(0), True),
        (D(100), D(21), False),
    ]


def test_a_foreign_total_alone_is_shared_out_among_the_rates_of_home_currency(xml):
    home = (
        "<inv:homeCurrency><typ:priceNone>2500</typ:priceNone><typ:priceHigh>2500</typ:priceHigh>"
        "<typ:priceHighVAT>525</typ:priceHighVAT></inv:homeCurrency>"
    )
    summary = foreign(rate="<typ:rate>25</typ:rate>", total="221").replace(
        "<inv:foreignCurrency>", home + "<inv:foreignCurrency>"
    )
    (document,) = xml.documents(xml.one(xml.invoice(items="", summary=summary)))
    assert [(row.rate, row.base, row.vat) for row in document.vat_summary] == [
        (D(0), D(100), D(0)),
        (D(21), D(100), D(21)),
    ]
    assert document.payable == document.total_with_vat == D(221)


@pytest.mark.parametrize("rate", ["0", "-25"])
def test_a_rate_of_exchange_that_cannot_be_is_none(xml, rate):
    (document,) = xml.documents(
        xml.one(xml.invoice(items=EURO_LINE, summary=foreign(rate=f"<typ:rate>{rate}</typ:rate>")))
    )
    assert document.exchange_rate is None
    assert "pohoda.exchange-rate-missing" in [each.code for each in document.findings]


def test_an_amount_that_is_no_number_is_not_called_missing_as_well(xml):
    summary = xml.SUMMARY.replace("2000.00", "2000,00")
    found = xml.codes(xml.one(xml.invoice(summary=summary)))
    assert "pohoda.decimal-comma" in found
    assert "pohoda.lines-mismatch" not in found


@pytest.mark.parametrize("untaxed", [None, "-500", "-400"], ids=["outside", "inside", "inside, beside a fee"])
def test_an_advance_at_no_rate_lowers_what_is_to_be_paid_wherever_the_recapitulation_has_it(xml, untaxed):
    def item(name, level, price, vat):
        return (
            f"<inv:{name}><inv:quantity>1</inv:quantity><inv:rateVAT>{level}</inv:rateVAT><inv:homeCurrency>"
            f"<typ:unitPrice>{price}</typ:unitPrice><typ:price>{price}</typ:price><typ:priceVAT>{vat}</typ:priceVAT>"
            f"</inv:homeCurrency></inv:{name}>"
        )

    fee = 100 if untaxed == "-400" else 0
    items = item("invoiceItem", "high", 1000, 210) + item("invoiceAdvancePaymentItem", "none", -500, 0)
    items += item("invoiceItem", "none", fee, 0) if fee else ""
    none = f"<typ:priceNone>{untaxed}</typ:priceNone>" if untaxed else ""
    summary = (
        f"<inv:invoiceSummary><inv:homeCurrency>{none}<typ:priceHigh>1000</typ:priceHigh><typ:priceHighVAT>210"
        "</typ:priceHighVAT></inv:homeCurrency></inv:invoiceSummary>"
    )
    (document,) = xml.documents(xml.one(xml.invoice(items=items, summary=summary)))
    assert (document.total_with_vat, document.rounding, document.payable) == (1210 + fee, None, 710 + fee)
    assert [one.amount for one in document.advances] == [500]
    assert {row.rate: row.base for row in document.vat_summary} == {21: 1000} | ({0: fee} if fee else {})
    outside = "pohoda.advance-outside" in {one.code for one in document.findings}
    assert outside is (untaxed is None)
