"""Every code of the format: one file that provokes it, and one clean file that provokes none."""

from __future__ import annotations

from importlib import resources
from types import SimpleNamespace

import pytest

from efimport.findings import codes as all_codes
from efimport.formats.reading import Own

CHANGES = {"split", "list-converted", "mark-removed", "transcoded", "declaration-corrected"}


def files(xml: SimpleNamespace) -> dict[str, str]:
    """A provoking file for each code."""
    one, invoice, header, item, pack, answer = xml.one, xml.invoice, xml.header, xml.item, xml.pack, xml.answer

    def head(old: str, new: str) -> str:
        assert old in header()
        return one(invoice(header().replace(old, new)))

    def more(element: str) -> str:
        return one(invoice(header(more=element)))

    def line(old: str, new: str) -> str:
        assert old in xml.ITEM
        return one(invoice(items=xml.ITEM.replace(old, new)))

    def summary(old: str, new: str) -> str:
        assert old in xml.SUMMARY
        return one(invoice(summary=xml.SUMMARY.replace(old, new)))

    stock_line = xml.ITEM.replace("<inv:rateVAT>high</inv:rateVAT>", "").replace(
        "</inv:invoiceItem>",
        "<inv:stockItem><typ:stockItem><typ:ids>X</typ:ids></typ:stockItem></inv:stockItem></inv:invoiceItem>",
    )
    whole_line = xml.ITEM.replace("<typ:priceVAT>420.00</typ:priceVAT>", "").replace(
        "<typ:price>2000.00</typ:price>", ""
    )
    foreign = "<inv:invoiceSummary><inv:foreignCurrency>{}</inv:foreignCurrency></inv:invoiceSummary>"
    euro = xml.ITEM.replace("homeCurrency", "foreignCurrency")
    attachment = (
        "<inv:attachments><typ:files><typ:file><typ:name>a.pdf</typ:name></typ:file></typ:files></inv:attachments>"
    )
    detail = (
        "<rdc:importDetails><rdc:detail><rdc:state>warning</rdc:state><rdc:errno>603</rdc:errno></rdc:detail>"
        "</rdc:importDetails>"
    )
    response = (
        '<rsp:responsePackItem version="2.0" id="A" state="{}"><inv:invoiceResponse version="2.0" state="{}">{}'
        "</inv:invoiceResponse></rsp:responsePackItem>"
    )
    v1 = '<d:dataPack xmlns:d="http://www.stormware.cz/schema/data.xsd" version="1.0"/>'
    return {
        "old-version": v1,
        "eform": '<eform version="1.3"/>',
        "no-namespace": "<dat:dataPack/>",
        "not-a-pack": f'<inv:invoice xmlns:inv="{xml.V2}invoice.xsd"/>',
        "empty-pack": pack(),
        "envelope": pack(item(invoice()), attributes='version="2.0" id="a" note=""'),
        "envelope-version": pack(item(invoice()), attributes='version="1.1" id="a" note="" application=""'),
        "other-firm": one(invoice()),
        "transformation": pack("<dat:transformation/>", item(invoice())),
        "unexpected-element": pack(item(invoice()).replace("dat:dataPackItem", "dat:DataPackItem")),
        "unexpected-text": pack("left over", item(invoice())),
        "truncated": one(invoice())[:-40],
        "not-closed": pack(item(invoice()).replace("</dat:dataPackItem>", ""), item(invoice(), "B")),
        "too-damaged": pack("</a>" * 300, item(invoice())),
        "item-damaged": one(invoice().replace("</inv:invoiceHeader>", "")),
        "too-large": one(invoice(header(text="x" * 20_000))),
        "item-empty": one(""),
        "item-children": one(invoice() + invoice()),
        "item-twice": pack(item(invoice()), item(invoice())),
        "export-request": one('<lst:listInvoiceRequest version="2.0"/>'),
        "answer": answer(response.format("ok", "ok", "")),
        "answer-detail": answer(response.format("ok", "ok", detail)),
        "answer-error": answer(response.format("error", "error", "")),
        "unknown-invoice-type": one(invoice(header("someInvoice"))),
        "missing-invoice-type": head("<inv:invoiceType>issuedInvoice</inv:invoiceType>", ""),
        "unknown-order-type": one('<ord:order version="2.0"><ord:orderHeader/></ord:order>'),
        "missing": head("<inv:text>Práce</inv:text>", ""),
        "number-series": head("<typ:numberRequested>2024001</typ:numberRequested>", "<typ:ids>24FV</typ:ids>"),
        "supplier-number-missing": one(invoice(header("receivedInvoice"))),
        "partner-reference": one(
            invoice(header(partner="<inv:partnerIdentity><typ:id>25</typ:id></inv:partnerIdentity>"))
        ),
        "symbol-guid": head("<inv:symVar>2024001", "<inv:symVar>3f2a91c4-77b5-4d0e-9"),
        "symbol-letters": head("<inv:symVar>2024001", "<inv:symVar>w1212"),
        "classification-text": more("<inv:classificationVAT>UDA5</inv:classificationVAT>"),
        "rate-level": line(">high<", ">low2<"),
        "rate-unknown": one(invoice(items=stock_line.replace("<typ:priceVAT>420.00</typ:priceVAT>", ""), summary="")),
        "percent-ignored": line("<inv:rateVAT>", "<inv:percentVAT>21</inv:percentVAT><inv:rateVAT>"),
        "percent-useless": line(
            ">high<", ">historyHigh</inv:rateVAT><inv:percentVAT>0</inv:percentVAT><inv:rateVAT>none<"
        ),
        "gross-unit-price": line("<typ:unitPrice>1000<", "<typ:unitPrice>1210<"),
        "line-total": line("</inv:homeCurrency>", "<typ:priceSum>2421</typ:priceSum></inv:homeCurrency>"),
        "lines-mismatch": one(invoice(items=xml.ITEM * 2)),
        "total-mismatch": summary("<typ:priceHighSum>2420.00", "<typ:priceHighSum>2425.00"),
        "gross-as-base": summary("<typ:priceHigh>2000.00", "<typ:priceHigh>2420.00"),
        "summary-missing": one(invoice(items=whole_line, summary="")),
        "summary-only": one(invoice(items="")),
        "no-amounts": one(invoice(items="", summary="")),
        "lines-elsewhere": one(invoice(items="<inv:invoiceItem><inv:link/></inv:invoiceItem>")),
        "exchange-rate-missing": one(
            invoice(items=euro, summary=foreign.format("<typ:currency><typ:ids>EUR</typ:ids></typ:currency>"))
        ),
        "exchange-amount": one(
            invoice(
                items=euro,
                summary=foreign.format(
                    "<typ:currency><typ:ids>HUF</typ:ids></typ:currency><typ:rate>6.5</typ:rate><typ:amount>100</typ:amount>"
                ),
            )
        ),
        "currency-unknown": one(invoice(items=euro, summary=foreign.format("<typ:currency/><typ:rate>25</typ:rate>"))),
        "credit-note-positive": one(invoice(header("issuedCreditNotice"))),
        "rate-unusual": summary("<typ:priceHighVAT>420.00", "<typ:priceHighVAT>200.00"),
        "cancelled": more("<inv:storno>cancelledDocument</inv:storno>"),
        "part-paid": more("<inv:liquidation><typ:amountHome>20</typ:amountHome></inv:liquidation>"),
        "attachment-elsewhere": one(invoice(summary=xml.SUMMARY + attachment)),
        "deletion": one('<stk:stock version="2.0"><stk:actionType><stk:delete/></stk:actionType></stk:stock>'),
        "too-long": one(invoice(header(text="x" * 241))),
        "white-space": head(">2024001</typ:numberRequested>", ">\n2024001\n</typ:numberRequested>"),
        "escaped-twice": one(invoice(header(text="Nůž &amp; vidlička"))),
        "boolean": line("<inv:rateVAT>", "<inv:payVAT>0</inv:payVAT><inv:rateVAT>"),
        "decimal-comma": line("<typ:price>2000.00", "<typ:price>2000,00"),
        "number": line("<typ:price>2000.00", "<typ:price>NaN"),
        "date": head("<inv:date>2024-03-04", "<inv:date>2024-02-30"),
    }


def further_files(xml: SimpleNamespace) -> dict[str, str]:
    """A provoking file for each code of amounts, sides and records."""
    one, invoice, header = xml.one, xml.invoice, xml.header
    rounded = xml.SUMMARY.replace(">none<", ">math2one<").replace("2000.00", "2000.40").replace(">2420.00", ">2420.40")
    stated = "<typ:round><typ:priceRound>{}</typ:priceRound></typ:round></inv:homeCurrency>"
    net = xml.ITEM.replace(">1000<", ">1000.20<").replace("2000.00", "2000.40")
    deduction = (
        "<inv:invoiceAdvancePaymentItem><inv:quantity>{}</inv:quantity><inv:payVAT>false</inv:payVAT><inv:rateVAT>none"
        "</inv:rateVAT><inv:homeCurrency><typ:unitPrice>{}</typ:unitPrice></inv:homeCurrency>"
        "</inv:invoiceAdvancePaymentItem>"
    )
    record = (
        '<adb:addressbook version="2.0"><adb:addressbookHeader><adb:identity><typ:address><typ:company>Pila s.r.o.'
        "</typ:company></typ:address></adb:identity>{}</adb:addressbookHeader>{}</adb:addressbook>"
    )
    card = (
        '<stk:stock version="2.0">{}<stk:stockHeader><stk:stockType>card</stk:stockType><stk:code>1</stk:code>'
        "<stk:name>Prkno</stk:name>{}</stk:stockHeader>{}</stk:stock>"
    )
    gross = (
        '<stk:purchasingRateVAT>{}</stk:purchasingRateVAT><stk:purchasingPrice payVAT="true">121</stk:purchasingPrice>'
    )
    order = (
        '<ord:order version="2.0"><ord:orderHeader><ord:orderType>receivedOrder</ord:orderType></ord:orderHeader>'
        "<ord:orderDetail><ord:orderItem><ord:text>a</ord:text><ord:quantity>5</ord:quantity><ord:delivered>2"
        "</ord:delivered></ord:orderItem></ord:orderDetail></ord:order>"
    )
    euro = xml.ITEM.replace("homeCurrency", "foreignCurrency")
    dollars = (
        xml.SUMMARY.replace("2000.00", "50200")
        .replace("420.00", "10542")
        .replace("210542", "60742")
        .replace(
            "</inv:homeCurrency>",
            "</inv:homeCurrency><inv:foreignCurrency><typ:currency><typ:ids>USD</typ:ids></typ:currency><typ:rate>{}"
            "</typ:rate><typ:priceSum>{}</typ:priceSum></inv:foreignCurrency>",
        )
    )
    exported = invoice().replace("<inv:invoice ", "<lst:invoice ").replace("</inv:invoice>", "</lst:invoice>")
    return {
        "wrong-namespace": one('<q:invoice xmlns:q="urn:example" version="2.0"/>'),
        "repeated": one(invoice(header(more="<inv:date>2024-03-05</inv:date>"))),
        "document-version": one(invoice().replace('<inv:invoice version="2.0">', '<inv:invoice version="1.5">')),
        "garbled": one(invoice(header(text="UĹľivatelskĂ˝ export"))),
        "partner-is-us": one(invoice()).replace('ico="27082440"', 'ico="25596641"'),
        "open-mismatch": one(
            invoice(header(more="<inv:liquidation><typ:amountHome>4220</typ:amountHome></inv:liquidation>"))
        ),
        "exchange-mismatch": one(invoice(items=euro, summary=dollars.format(25.1, 2400))),
        "foreign-amounts-missing": one(invoice(summary=dollars.format(25.1, 2420))),
        "rates-of-country": one(
            invoice(items="", summary=xml.SUMMARY.replace(">420.00", ">400.00").replace(">2420.00", ">2400.00"))
        ),
        "symbol-long": one(invoice(header().replace("<inv:symVar>2024001", "<inv:symVar>12345678901"))),
        "symbol-missing": one(invoice(header(number="25.09.12/02").replace("<inv:symVar>2024001</inv:symVar>", ""))),
        "due-before-issue": one(invoice(header().replace("2024-03-18", "2024-03-03"))),
        "negative-total": one(invoice(items="", summary=xml.SUMMARY.replace(">2", ">-2").replace(">4", ">-4"))),
        "advance-positive": one(invoice(items=xml.ITEM + deduction.format(1, 500))),
        "advance-quantity": one(invoice(items=xml.ITEM + deduction.format(2, -500))),
        "advance-outside": one(invoice(items=xml.ITEM + deduction.format(1, -500))),
        "line-price": one(invoice(items=xml.ITEM.replace("<inv:quantity>2<", "<inv:quantity>3<"))),
        "rounding-open": one(invoice(items=net, summary=rounded)),
        "rounding-mismatch": one(
            invoice(items=net, summary=rounded.replace("</inv:homeCurrency>", stated.format("0.20")))
        ),
        "rounding-large": one(invoice(summary=xml.SUMMARY.replace("</inv:homeCurrency>", stated.format("-20")))),
        "partly-delivered": one(order),
        "change": one(card.format("<stk:actionType><stk:update/></stk:actionType>", "", "")),
        "processing-restricted": one(
            record.format(
                "",
                "<adb:addressbookGDPR><adb:restrictProcessing>true</adb:restrictProcessing></adb:addressbookGDPR>",
            )
        ),
        "contact-person": one(record.format("<adb:refAddress><typ:id>7</typ:id></adb:refAddress>", "")),
        "price-levels": one(
            card.format(
                "",
                "",
                "<stk:stockPriceItem><stk:stockPrice><typ:ids>Velko</typ:ids><typ:price>9</typ:price></stk:stockPrice>"
                "</stk:stockPriceItem>",
            )
        ),
        "not-read": one(card.format("", "<stk:PLU>17</stk:PLU>", "")),
        "purchase-price-gross": one(card.format("", gross.format("high"), "")),
        "purchase-rate-unknown": one(card.format("", gross.format("third"), "")),
        "parts": xml.answer(
            '<rsp:responsePackItem version="2.0" id="U" state="ok"><lst:listInvoice version="2.0" state="ok">'
            f"<rdc:parts><rdc:part>faktury_2.xml</rdc:part></rdc:parts>{exported}</lst:listInvoice></rsp:responsePackItem>"
        ),
    }


def all_files(xml: SimpleNamespace) -> dict[str, str]:
    return files(xml) | further_files(xml)


def registered() -> list[str]:
    return sorted(code.removeprefix("pohoda.") for code in all_codes() if code.startswith("pohoda."))


@pytest.mark.parametrize("problem", [code for code in registered() if code not in CHANGES])
def test_every_code_is_provoked_by_its_file(xml, problem):
    text = all_files(xml)[problem]
    own = Own(registration_number="25596641") if problem == "other-firm" else None
    if problem == "too-large":
        from efimport.formats import pohoda
        from efimport.formats.reading import Reading
        from efimport.sources import Limits, Source

        found = [
            each.code for each in pohoda.read(Source("a", text.encode()), Reading(limits=Limits(document_bytes=9000)))
        ]
    else:
        found = xml.codes(text, own)
    assert f"pohoda.{problem}" in found


@pytest.mark.parametrize(
    ("problem", "place"),
    [
        ("old-version", "/dataPack"),
        ("envelope", "/dataPack"),
        ("other-firm", "/dataPack"),
        ("item-children", "/dataPack/dataPackItem[1]"),
        ("item-empty", "/dataPack/dataPackItem[1]"),
        ("item-twice", "/dataPack/dataPackItem[2]"),
        ("unknown-invoice-type", "/invoice/invoiceHeader/invoiceType"),
        ("missing-invoice-type", "/invoice/invoiceHeader"),
        ("partner-is-us", "/invoiceHeader/partnerIdentity/address/ico"),
        ("missing", "/invoice/invoiceHeader"),
        ("partner-reference", "/invoiceHeader/partnerIdentity"),
        ("symbol-letters", "/invoiceHeader/symVar"),
        ("symbol-guid", "/invoiceHeader/symVar"),
        ("white-space", "/invoiceHeader/number/numberRequested"),
        ("too-long", "/invoiceHeader/text"),
        ("classification-text", "/invoiceHeader/classificationVAT"),
        ("rate-level", "/invoiceDetail/invoiceItem/rateVAT"),
        ("rate-unknown", "/invoiceDetail/invoiceItem"),
        ("percent-ignored", "/invoiceItem/percentVAT"),
        ("gross-unit-price", "/invoiceDetail/invoiceItem"),
        ("line-price", "/invoiceDetail/invoiceItem"),
        ("lines-mismatch", "/homeCurrency/priceHigh"),
        ("total-mismatch", "/homeCurrency/priceHighSum"),
        ("rounding-mismatch", "/invoiceSummary/roundingDocument"),
        ("rounding-large", "/homeCurrency/round"),
        ("summary-only", "/invoice/invoiceSummary"),
        ("advance-outside", "/invoiceDetail/invoiceAdvancePaymentItem"),
        ("exchange-rate-missing", "/invoiceSummary/foreignCurrency"),
        ("exchange-amount", "/foreignCurrency/amount"),
        ("credit-note-positive", "/invoiceHeader/invoiceType"),
        ("cancelled", "/invoiceHeader/storno"),
        ("decimal-comma", "/homeCurrency/price"),
        ("boolean", "/invoiceItem/payVAT"),
        ("due-before-issue", "/invoiceHeader/dateDue"),
        ("deletion", "/stock/actionType"),
        ("parts", "/listInvoice/parts"),
        ("repeated", "/invoiceHeader/date[2]"),
        ("wrong-namespace", "/dataPackItem[1]/invoice"),
    ],
)
def test_a_finding_names_the_element(xml, problem, place):
    from efimport.findings import Finding

    own = Own(registration_number="25596641" if problem == "other-firm" else None)
    places = [
        found.location.where
        for each in xml.read(all_files(xml)[problem], own)
        for found in ([each] if isinstance(each, Finding) else each.findings)
        if found.code == f"pohoda.{problem}"
    ]
    assert places
    assert places[0].endswith(place), places


def test_a_clean_file_provokes_none(xml):
    assert xml.codes(xml.one(xml.invoice()), Own(registration_number="27082440")) == []


def test_all_places_name_line_and_element(xml):
    from efimport.findings import Finding

    for problem, text in all_files(xml).items():
        if problem in ("old-version", "eform", "no-namespace", "not-a-pack", "empty-pack"):
            continue
        for each in xml.read(text):
            for found in [each] if isinstance(each, Finding) else each.findings:
                assert found.location.line is not None, (problem, found)
                assert (found.location.where or "").startswith("/"), (problem, found)


def test_no_message_has_an_unfilled_field(xml):
    from efimport.findings import Finding

    for problem, text in all_files(xml).items():
        for each in xml.read(text, Own(registration_number="1")):
            for found in [each] if isinstance(each, Finding) else each.findings:
                assert "{" not in found.message, (problem, found.message)


def test_the_schemas_ship_with_the_package_and_name_nothing_outside(xml):
    folder = resources.files("efimport.formats.pohoda")
    for entry in folder.iterdir():
        if entry.name.endswith(".xsd"):
            assert 'schemaLocation="http' not in entry.read_text(encoding="utf-8")


@pytest.mark.parametrize("value", ["1e999", "NaN", "Infinity", "9" * 50, "1_000", "٣", "--1", "1e-999"])
def test_no_number_however_odd_makes_the_reader_fail(xml, value):
    line = (
        xml.ITEM.replace(">1000<", f">{value}<")
        .replace(">2<", f">{value}<")
        .replace("<inv:rateVAT>", f"<inv:discountPercentage>{value}</inv:discountPercentage><inv:rateVAT>")
    )
    bare = line.replace("<typ:price>2000.00</typ:price><typ:priceVAT>420.00</typ:priceVAT>", "")
    summary = xml.SUMMARY.replace("2000.00", value).replace("420.00", "1e-30")
    for items in (line, bare):
        assert "pohoda.number" in xml.codes(xml.one(xml.invoice(items=items, summary=summary)))


def test_a_block_out_of_its_order_breaks_the_schema(xml):
    turned = f'<inv:invoice version="2.0">{xml.SUMMARY}{xml.header()}</inv:invoice>'
    assert "xml.schema" in xml.codes(xml.one(turned))


def test_a_sum_in_home_currency_breaks_the_schema(xml):
    summary = xml.SUMMARY.replace("<typ:priceHigh>", "<typ:priceSum>2420</typ:priceSum><typ:priceHigh>", 1)
    (document,) = xml.documents(xml.one(xml.invoice(summary=summary)))
    (found,) = document.findings
    assert (found.code, found.severity) == ("xml.schema", "warning")
    assert found.location.where == "/dataPack/dataPackItem[1]/invoice/invoiceSummary/homeCurrency"


def test_a_field_that_a_newer_program_adds_is_no_deviation(xml):
    assert xml.codes(xml.one(xml.invoice(xml.header(more="<inv:brandNew><typ:a/></inv:brandNew>")))) == []


def test_a_long_text_is_not_cut(xml):
    (document,) = xml.documents(xml.one(xml.invoice(xml.header(text="ž" * 300))))
    assert document.text == "ž" * 300
    assert ("ž" * 300).encode() in document.origin.content


def test_the_long_explanation_is_given_for_the_first_documents_only(xml):
    wrong = xml.invoice(summary=xml.SUMMARY + "<inv:nothing/>")
    documents = xml.documents(xml.pack(*(xml.item(wrong, str(n)) for n in range(15))))
    assert all("xml.schema" in [each.code for each in document.findings] for document in documents)


EXCHANGE = {"exchange-mismatch", "foreign-amounts-missing", "lines-mismatch", "open-mismatch", "part-paid"}


@pytest.mark.parametrize(
    ("home", "rate", "units", "total"),
    [
        ("60742", "25.1", "1", "2420"),
        ("0", "25.1", "1", "2420"),
        ("15730", "6.5", "1", "2420.00"),
        ("157.30", "6.5", "100", "2420"),
        ("60741.40", "25.1", "1", "2420"),
    ],
    ids=["exact", "no home amounts", "another rate", "for a hundred units", "rounded"],
)
def test_a_document_whose_currencies_fit_together_has_no_finding_about_them(xml, home, rate, units, total):
    summary = (
        f"<inv:invoiceSummary><inv:homeCurrency><typ:priceNone>{home}</typ:priceNone></inv:homeCurrency>"
        f"<inv:foreignCurrency><typ:currency><typ:ids>USD</typ:ids></typ:currency><typ:rate>{rate}</typ:rate>"
        f"<typ:amount>{units}</typ:amount><typ:priceSum>{total}</typ:priceSum></inv:foreignCurrency></inv:invoiceSummary>"
    )
    items = xml.ITEM.replace("homeCurrency", "foreignCurrency")
    found = {code.removeprefix("pohoda.") for code in xml.codes(xml.one(xml.invoice(items=items, summary=summary)))}
    assert not found & EXCHANGE


def test_what_is_open_of_a_document_in_foreign_currency_is_compared_in_that_currency(xml):
    summary = (
        "<inv:invoiceSummary><inv:foreignCurrency><typ:currency><typ:ids>EUR</typ:ids></typ:currency><typ:rate>25"
        "</typ:rate><typ:priceSum>2420</typ:priceSum></inv:foreignCurrency></inv:invoiceSummary>"
    )
    items = xml.ITEM.replace("homeCurrency", "foreignCurrency")

    def about(amounts):
        head = xml.header(more=f"<inv:liquidation>{amounts}</inv:liquidation>")
        found = xml.codes(xml.one(xml.invoice(head, items, summary)))
        return [code for code in found if code in ("pohoda.part-paid", "pohoda.open-mismatch")]

    home = "<typ:amountHome>1000</typ:amountHome>"
    assert about(home) == []
    assert about(home + "<typ:amountForeign>2420</typ:amountForeign>") == []
    assert about(home + "<typ:amountForeign>40</typ:amountForeign>") == ["pohoda.part-paid"]


@pytest.mark.parametrize(("percent", "severity"), [("21", "info"), ("12", "warning")])
def test_a_percentage_that_the_level_has_anyway_is_no_warning(xml, percent, severity):
    items = xml.ITEM.replace("<inv:rateVAT>", f"<inv:percentVAT>{percent}</inv:percentVAT><inv:rateVAT>")
    (document,) = xml.documents(xml.one(xml.invoice(items=items)))
    assert [one.severity.value for one in document.findings if one.code == "pohoda.percent-ignored"] == [severity]


def test_empty_amounts_of_a_recapitulation_are_no_recapitulation(xml):
    empty = (
        "<inv:invoiceSummary><inv:homeCurrency><typ:priceHigh/><typ:priceHighVAT/></inv:homeCurrency>"
        "</inv:invoiceSummary>"
    )
    (document,) = xml.documents(xml.one(xml.invoice(summary=empty)))
    assert "pohoda.lines-mismatch" not in {one.code for one in document.findings}
    assert (document.payable, document.vat_summary[0].base) == (2420, 2000)
