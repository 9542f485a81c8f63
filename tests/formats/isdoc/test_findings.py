"""Every finding is provoked once; the untouched document beside it provokes none (test_invoice.py)."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from efimport.documents import Kind
from efimport.findings import Severity, codes
from efimport.formats.reading import Own, Reading

EUR = {"rate": Decimal("25.00")}


def edited(pattern, replacement, count=1):
    def edit(content):
        changed, times = re.subn(pattern.encode(), replacement.encode(), content, count=count, flags=re.DOTALL)
        assert times, pattern
        return changed

    return edit


def recoded(encoding):
    return lambda content: content.decode().replace("utf-8", encoding).encode(encoding)


NO_ORIGINAL = edited("<OriginalDocumentReferences>.*</OriginalDocumentReferences>", "")
BATCH = (
    "<SellersItemIdentification>\\1</SellersItemIdentification><StoreBatches><StoreBatch><Name>A</Name>"
    '<Quantity unitCode="{unit}">{pieces}</Quantity><BatchOrSerialNumber>B</BatchOrSerialNumber>'
    "</StoreBatch></StoreBatches>"
)
ITEM = "<SellersItemIdentification>(.*?)</SellersItemIdentification>"
PREVIEW = (
    '<Supplement preview="true"><Filename>a</Filename><DigestMethod Algorithm="x"/>'
    "<DigestValue>eA==</DigestValue></Supplement>"
)

CASES = [
    ("isdoc.wrong-namespace", {}, edited("isdoc.cz/namespace/2013", "isdoc.cz/namespace/2031"), "error"),
    ("isdoc.wrong-namespace", {}, edited(' xmlns="[^"]*"', ""), "error"),
    ("isdoc.version-mismatch", {}, edited('version="6.0.2"', 'version="5.2.2"'), "warning"),
    ("isdoc.version-missing", {}, edited(' version="6.0.2"', ""), "warning"),
    ("isdoc.version-unknown", {}, edited('version="6.0.2"', 'version="7.0"'), "warning"),
    ("isdoc.document-type", {}, edited("<DocumentType>1<", "<DocumentType>8<"), "error"),
    ("isdoc.document-type", {}, edited("<DocumentType>1</DocumentType>", ""), "error"),
    ("isdoc.missing-element", {}, edited("<VATApplicable>true</VATApplicable>", ""), "warning"),
    ("isdoc.missing-element", {}, edited("<PayableAmount>298.00</PayableAmount>", ""), "error"),
    ("isdoc.missing-element", {}, edited("<ID>FV-2026-0001</ID>", ""), "error"),
    (
        "isdoc.missing-element",
        {},
        edited("<AccountingCustomerParty>.*</AccountingCustomerParty>", ""),
        "error",
    ),
    ("isdoc.repeated-element", {}, edited("(<ID>FV-2026-0001</ID>)", "\\1<ID>FV-2026-0002</ID>"), "error"),
    ("isdoc.order", {}, edited("(<ID>FV-2026-0001</ID>)\\s*(<UUID>.*?</UUID>)", "\\2\\1"), "error"),
    ("isdoc.invented-element", {}, edited("(<Note>Dodávka</Note>)", "\\1<DueDate>2026-02-14</DueDate>"), "warning"),
    ("isdoc.unreadable-amount", {}, edited("<PayableAmount>298.00", "<PayableAmount>298,00"), "error"),
    ("isdoc.unreadable-amount", {}, edited("<UnitPrice>100.00", "<UnitPrice>1e2"), "error"),
    ("isdoc.unreadable-date", {}, edited("<IssueDate>2026-01-31", "<IssueDate>31.1.2026"), "error"),
    ("isdoc.unreadable-date", {}, edited("<IssueDate>2026-01-31", "<IssueDate>2026-02-31"), "error"),
    (
        "isdoc.encoding",
        {},
        recoded("windows-1250"),
        "warning",
    ),
    ("isdoc.encoding", {}, recoded("utf-16"), "warning"),
    ("isdoc.byte-order-mark", {}, lambda content: b"\xef\xbb\xbf" + content, "info"),
    ("isdoc.uuid", {}, edited("<UUID>.*?<", "<UUID>00000000-0000-0000-0000-000000000000<"), "warning"),
    ("isdoc.uuid", {}, edited("<UUID>.*?</UUID>", ""), "error"),
    ("isdoc.uuid", {}, edited("<UUID>(.*?)<", "<UUID>{\\1}<"), "error"),
    (
        "isdoc.subtype",
        {},
        edited("(</DocumentType>)", "\\1<SubDocumentType>1</SubDocumentType>"),
        "error",
    ),
    ("isdoc.uuid", {}, edited("<UUID>(.*?)<", "<UUID>\\1\n<"), "error"),
    (
        "isdoc.subtype-origin",
        {},
        edited(
            "(</DocumentType>)",
            "\\1<SubDocumentType>1</SubDocumentType><SubDocumentTypeOrigin>X</SubDocumentTypeOrigin>",
        ),
        "warning",
    ),
    (
        "isdoc.other-version",
        {},
        edited("(<LocalCurrencyCode>)", "<OriginalDocumentReference><ID>7</ID></OriginalDocumentReference>\\1"),
        "error",
    ),
    ("isdoc.advance-twice", {"taxed": True, "untaxed": Decimal(30)}, edited(">ZL-1<", ">DZ-1<"), "warning"),
    ("isdoc.currency-code", {}, edited(">CZK<", ">Kč<"), "error"),
    ("isdoc.currency-code", {}, edited(">CZK<", ">czk<"), "warning"),
    ("isdoc.same-currency", EUR, edited(">CZK<", ">EUR<"), "warning"),
    ("isdoc.currency-twin-missing", EUR, edited("<PayableAmountCurr>.*?</PayableAmountCurr>", ""), "error"),
    (
        "isdoc.currency-twin-missing",
        EUR,
        edited("<LineExtensionAmountTaxInclusiveCurr>.*?</LineExtensionAmountTaxInclusiveCurr>", ""),
        "warning",
    ),
    ("isdoc.currency-twin-unexpected", EUR, edited("<ForeignCurrencyCode>EUR</ForeignCurrencyCode>", ""), "warning"),
    ("isdoc.rate-not-one", {}, edited("<CurrRate>1<", "<CurrRate>25.1<"), "warning"),
    ("isdoc.exchange-rate-missing", EUR, edited("<CurrRate>.*?</CurrRate>", "<CurrRate>0</CurrRate>"), "warning"),
    ("isdoc.exchange-rate", EUR, edited("<PayableAmount>7450.00", "<PayableAmount>7540.00"), "warning"),
    (
        "isdoc.vat-applicable",
        {"vat_applicable": "false"},
        edited("(<VATCalculationMethod>0</VATCalculationMethod>)", "\\1<VATApplicable>true</VATApplicable>"),
        "warning",
    ),
    ("isdoc.original-reference-missing", {"document_type": "2"}, NO_ORIGINAL, "warning"),
    ("isdoc.original-reference-missing", {"document_type": "3", "family": "5"}, NO_ORIGINAL, "warning"),
    ("isdoc.original-reference-missing", {"document_type": "6"}, edited(">FV-2025-77<", "><"), "warning"),
    (
        "isdoc.negative-credit-note",
        {"document_type": "2", "lines": ((Decimal(-1), Decimal("100.00"), Decimal(21)),)},
        lambda content: content,
        "warning",
    ),
    ("isdoc.total-mismatch", {}, edited("<PayableAmount>298.00", "<PayableAmount>289.00"), "warning"),
    ("isdoc.total-mismatch", {}, edited("<TaxAmount>48.00", "<TaxAmount>84.00"), "warning"),
    ("isdoc.total-mismatch", {}, edited("<TaxInclusiveAmount>242.00", "<TaxInclusiveAmount>224.00"), "warning"),
    (
        "isdoc.total-mismatch",
        {"taxed": True},
        edited("TaxableDepositAmount>100.00", "TaxableDepositAmount>90.00"),
        "warning",
    ),
    ("isdoc.total-mismatch", {"untaxed": Decimal(30)}, edited("<DepositAmount>30", "<DepositAmount>40"), "warning"),
    (
        "isdoc.total-mismatch",
        EUR,
        edited("TaxExclusiveAmountCurr>250", "TaxExclusiveAmountCurr>260"),
        "warning",
    ),
    (
        "isdoc.total-mismatch",
        {},
        edited("<LineExtensionTaxAmount>42.00", "<LineExtensionTaxAmount>24.00"),
        "warning",
    ),
    (
        "isdoc.total-mismatch",
        {},
        edited("TaxInclusive>242.00</LineExtension", "TaxInclusive>224.00</LineExtension"),
        "warning",
    ),
    (
        "isdoc.total-mismatch",
        EUR,
        edited("(<ClassifiedTaxCategory>\\s*<Percent>)21<", "\\g<1>12<"),
        "warning",
    ),
    (
        "isdoc.total-mismatch",
        {"taxed": True},
        edited("(<TaxableDepositAmount>.*?<Percent>)21<", "\\g<1>12<"),
        "warning",
    ),
    ("isdoc.line-price", {}, edited("<UnitPrice>100.00", "<UnitPrice>110.00"), "info"),
    ("isdoc.line-price", {}, edited('("ks">)2<', "\\g<1>5<"), "info"),
    ("isdoc.paid-amount", {}, edited("<PaidAmount>298.00", "<PaidAmount>928.00"), "warning"),
    ("isdoc.rounding", {"rounding": Decimal("2.00")}, lambda content: content, "warning"),
    (
        "isdoc.rounding-missing",
        {"lines": ((Decimal(1), Decimal("100.40"), Decimal(0)),)},
        edited("<PayableAmount>100.40", "<PayableAmount>100.00"),
        "warning",
    ),
    ("isdoc.negative-deposits", {"untaxed": Decimal(30), "negative_deposits": True}, lambda content: content, "info"),
    ("isdoc.batch-quantity", {}, edited(ITEM, BATCH.format(unit="ks", pieces="3")), "warning"),
    ("isdoc.batch-unit", {}, edited(ITEM, BATCH.format(unit="kg", pieces="2")), "warning"),
    ("isdoc.item-identification", {}, edited("(</?)SellersItem", "\\1SecondarySellersItem", count=2), "warning"),
    (
        "isdoc.dangling-reference",
        {},
        edited("(<InvoiceLine>\\s*<ID>1</ID>)", '\\1<OrderReference ref="nowhere"/>'),
        "error",
    ),
    ("isdoc.repeated-identifier", {}, edited("<ID>2</ID>", "<ID>1</ID>"), "error"),
    ("isdoc.payment-code", {}, edited(">42<", ">30<"), "error"),
    ("isdoc.tax-point-missing", {}, edited("<TaxPointDate>.*?</TaxPointDate>", ""), "warning"),
    ("isdoc.vat-number-missing", {}, edited("<PartyTaxScheme>.*?</PartyTaxScheme>", ""), "warning"),
    (
        "isdoc.several-references",
        {},
        edited("(<OrderReference>.*?</OrderReference>)", "\\1\\1"),
        "info",
    ),
    ("isdoc.signed", {"signature": True}, lambda content: content, "info"),
    ("isdoc.supplements-not-enclosed", {"supplements": PREVIEW}, lambda content: content, "info"),
    ("isdoc.several-previews", {"supplements": PREVIEW * 2}, lambda content: content, "warning"),
]


@pytest.mark.parametrize(("code", "wishes", "edit", "severity"), CASES)
def test_what_is_wrong_is_said_with_its_place(build, read_one, code, wishes, edit, severity):
    invoice = read_one(edit(build(**wishes)))
    found = [one for one in invoice.findings if one.code == code]
    assert found, [one.code for one in invoice.findings]
    assert severity in {one.severity for one in found}
    assert all(one.location.path == "invoice.isdoc" for one in found)
    if code != "isdoc.encoding" and code != "isdoc.byte-order-mark":
        assert all(one.location.line and one.location.where for one in found)


@pytest.mark.parametrize(
    "code", sorted({case[0] for case in CASES} - {"isdoc.wrong-namespace", "isdoc.currency-code", "isdoc.rounding"})
)
def test_nothing_is_said_of_a_document_in_order(build, read_one, code):
    for wishes in ({}, EUR, {"family": "5"}, {"document_type": "2"}, {"taxed": True, "rounding": Decimal("0.4")}):
        assert code not in {one.code for one in read_one(build(**wishes)).findings}


@pytest.mark.parametrize("wishes", [{"document_type": "2"}, {"document_type": "4"}, {"vat_applicable": "false"}])
def test_what_is_no_tax_document_needs_neither_day_of_supply_nor_vat_number(build, read_one, wishes):
    content = re.sub(rb"<TaxPointDate>.*?</TaxPointDate>", b"", build(**wishes))
    content = re.sub(rb"<PartyTaxScheme>.*?</PartyTaxScheme>", b"", content, count=1, flags=re.DOTALL)
    assert read_one(content).findings == ()


def test_of_a_document_of_ours_what_is_not_taken_over_is_named(build, read_one):
    own = Own(registration_number="12345679")
    batch = edited(ITEM, BATCH.format(unit="ks", pieces="2"))(build())
    content = batch.replace(b"<InvoiceLines>", b"<ContractReferences/><InvoiceLines>")
    (found,) = [one for one in read_one(content, own=own).findings if one.code == "isdoc.not-read"]
    assert "ContractReferences, InvoiceLine/StoreBatches" in str(found.message)
    assert "isdoc.not-read" not in {one.code for one in read_one(content).findings}
    assert read_one(build(), own=own).findings == ()


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (edited("<PayableAmount>298.00", "<PayableAmount>298,00"), "isdoc.unreadable-amount"),
        (edited("<IssueDate>2026-01-31", "<IssueDate>31.1.2026"), "isdoc.unreadable-date"),
        (edited(">CZK<", ">Kč<"), "isdoc.currency-code"),
    ],
)
def test_a_value_that_is_none_is_told_once(build, read_one, edit, code):
    assert [one.code for one in read_one(edit(build())).findings if one.is_error] == [code]


def test_an_unknown_type_is_no_kind_of_invoice(build, read_one):
    assert read_one(build(document_type="9")).kind is Kind.OTHER


def test_a_root_of_something_else_is_an_error_of_the_file(read):
    (found,) = read(b"<invoices/>")
    assert (found.code, found.severity) == ("isdoc.not-isdoc", Severity.ERROR)


def test_the_exact_sum_of_decimal_batches_is_no_finding(build, read_one):
    quantities = "".join(
        f"<StoreBatch><Name>A</Name><Quantity>{one}</Quantity><BatchOrSerialNumber>B</BatchOrSerialNumber></StoreBatch>"
        for one in ("0.1", "0.2")
    )
    lines = ((Decimal("0.3"), Decimal("100.00"), Decimal(21)),)
    content = build(lines=lines).replace(b"</Item>", f"<StoreBatches>{quantities}</StoreBatches></Item>".encode())
    assert read_one(content).findings == ()


def test_a_zero_without_its_twin_is_zero_and_no_error(build, read_one):
    content = build(**EUR, rounding=Decimal(0))
    content = re.sub(rb"<PaidDepositsAmountCurr>.*?</PaidDepositsAmountCurr>", b"", content)
    invoice = read_one(content)
    assert [one.severity for one in invoice.findings] == [Severity.WARNING]


def test_a_long_list_of_the_same_is_cut_and_says_so_without_hiding_errors(build, read_one):
    lines = ((Decimal(1), Decimal("10.00"), Decimal(21)),) * 60
    content = re.sub(rb"<LineExtensionAmountTaxInclusiveCurr>.*?Curr>", b"", build(lines=lines, **EUR))
    content = re.sub(rb"<PayableAmountCurr>.*?Curr>", b"", content)
    found = read_one(content).findings
    assert sum(one.code == "isdoc.currency-twin-missing" for one in found) == 21
    assert [one.message.arguments["count"] for one in found if one.code == "isdoc.more"] == ["40"]
    assert any(one.severity is Severity.ERROR for one in found)


def test_vat_of_a_document_in_an_old_version_stands_behind_the_total(build, read_one):
    assert read_one(build(version="6.0")).findings == ()
    newer = build(version="6.0").replace(b'version="6.0"', b'version="6.0.2"')
    assert {one.code for one in read_one(newer).findings} == {"isdoc.order"}


def test_a_document_of_one_family_in_the_namespace_of_the_other_is_held_against_the_one_it_fits(build, read_one):
    content = build(original="FV-7").replace(b"namespace/2013", b"namespace/invoice")
    assert {one.code for one in read_one(content).findings} == {"isdoc.version-mismatch"}
    older = build(family="5").replace(b'version="5.3.1"', b'version="6.0.1"')
    assert {one.code for one in read_one(older).findings} == {"isdoc.version-mismatch"}


def test_an_advance_that_was_taxed_is_known_by_symbol_and_amount_as_well(build, read_one):
    content = build(taxed=True, untaxed=Decimal("121.00")).replace(
        b"<ID>ZL-1</ID>\n<VariableSymbol></VariableSymbol>", b"<ID>ZL-1</ID><VariableSymbol>001</VariableSymbol>"
    )
    assert [one.code for one in read_one(content).findings] == ["isdoc.advance-twice"]


@pytest.mark.parametrize("origin", ["CBA", "sdu"])
def test_the_known_lists_of_subtypes_are_no_finding(build, read_one, origin):
    pair = f"</DocumentType><SubDocumentType>1</SubDocumentType><SubDocumentTypeOrigin>{origin}</SubDocumentTypeOrigin>"
    content = build().replace(b"</DocumentType>", pair.encode())
    assert read_one(content).findings == ()


def test_every_code_of_the_area_is_used():
    from pathlib import Path

    import efimport.formats.isdoc as package

    texts = "".join(path.read_text(encoding="utf-8") for path in Path(package.__file__).parent.glob("*.py"))
    assert [code for code in codes() if code.startswith("isdoc.") and f'"{code}"' not in texts] == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named_with_and_without_its_mark(build, read, encoding):
    reading = Reading()
    text = build().decode().replace('encoding="utf-8"', 'encoding="utf-16"')
    (invoice,) = read(text.encode(encoding), reading=reading)
    assert reading.encoding == "utf-16"
    assert [one.code for one in invoice.findings] == ["isdoc.encoding"]


@pytest.mark.parametrize(
    ("wishes", "edit"),
    [
        ({}, edited("<PaidAmount>298.00", "<PaidAmount>0")),
        ({}, edited("<PaidAmount>298.00", "<PaidAmount>298.40")),
        ({}, edited("<Payment>(\\s*<PaidAmount>)298.00", '<Payment partialPayment="true">\\g<1>100.00')),
        (EUR, edited("<PaidAmount>298.00", "<PaidAmount>7450.00")),
        ({"untaxed": Decimal(30)}, edited("<PaidAmount>268.00", "<PaidAmount>298.00")),
    ],
    ids=["nothing", "rounded in cash", "an instalment", "in the home currency", "before the advance"],
)
def test_payments_of_any_total_of_the_document_are_no_fault(build, read_one, wishes, edit):
    assert "isdoc.paid-amount" not in {one.code for one in read_one(edit(build(**wishes))).findings}


def test_a_price_before_the_discount_that_the_line_states_is_no_other_amount(build, read_one):
    before = "<LineExtensionAmountBeforeDiscount>250.00</LineExtensionAmountBeforeDiscount>"
    dearer = edited("<UnitPrice>100.00", "<UnitPrice>125.00")(build())
    with_discount = edited("(<LineExtensionAmount>200.00</LineExtensionAmount>)", f"\\g<1>{before}")(dearer)
    assert "isdoc.line-price" in {one.code for one in read_one(dearer).findings}
    assert "isdoc.line-price" not in {one.code for one in read_one(with_discount).findings}
