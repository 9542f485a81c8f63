"""What the published schemas reject is an error, what they accept is none, and what programs are known to do is said.

The tables follow the schemas of ISDOC 5.3.1 and 6.0.2 (edge cases), and deviations that files of real programs have.
"""

from __future__ import annotations

import re
import time
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from efimport.documents import Invoice
from efimport.findings import Finding, Severity

REFERENCE = "<OrderReferences><OrderReference>"


def edit(content, pattern, replacement, count=1):
    changed, times = re.subn(pattern.encode(), replacement.encode(), content, count=count, flags=re.DOTALL)
    assert times, pattern
    return changed


def judged(read, content):
    """Codes of errors and of warnings."""
    found = []
    for item in read(content):
        found.extend([item] if isinstance(item, Finding) else item.findings)
    return (
        {one.code for one in found if one.severity is Severity.ERROR},
        {one.code for one in found if one.severity is Severity.WARNING},
    )


ANONYMOUS = "<AnonymousCustomerParty><ID>77</ID><IDScheme>urn:card</IDScheme></AnonymousCustomerParty>"
CUSTOMER = "(<AccountingCustomerParty>.*</AccountingCustomerParty>)"

INVALID = {
    "UUID missing": ("<UUID>.*?</UUID>", ""),
    "UUID empty": ("<UUID>.*?</UUID>", "<UUID/>"),
    "UUID in braces": ("<UUID>(.*?)<", r"<UUID>{\1}<"),
    "UUID with a line end": ("<UUID>(.*?)<", r"<UUID>\1\n<"),
    "truth value 1": ("<VATApplicable>true", "<VATApplicable>1"),
    "truth value True": ("<VATApplicable>true", "<VATApplicable>True"),
    "currency of two letters": (">CZK<", ">Kč<"),
    "currency empty": (">CZK<", "><"),
    "foreign currency empty": ("(<CurrRate>)", r"<ForeignCurrencyCode></ForeignCurrencyCode>\1"),
    "Czech date": ("<IssueDate>2026-01-31", "<IssueDate>31.1.2026"),
    "date with time": ("<TaxPointDate>2026-01-30", "<TaxPointDate>2026-01-30T00:00:00"),
    "rate empty": ("<CurrRate>1<", "<CurrRate><"),
    "line ID of 37": ("<ID>1</ID>", f"<ID>{'1' * 37}</ID>"),
    "no line": ("<InvoiceLine>.*</InvoiceLine>", ""),
    "line reference to nothing": ("(<ID>1</ID>)", r'\1<OrderReference ref="o1"/>'),
    "line reference without ref": ("(<ID>1</ID>)", r"\1<OrderReference/>"),
    "line reference written out": (
        "(<ID>1</ID>)",
        r'\1<OrderReference ref="o1"><SalesOrderID>1</SalesOrderID></OrderReference>',
    ),
    "two references with one id": (
        "<OrderReference>(.*?)</OrderReference>",
        r'<OrderReference id="a">\1</OrderReference><OrderReference id="a">\1</OrderReference>',
    ),
    "two lines with one ID": ("<ID>2</ID>", "<ID>1</ID>"),
    "half of a subtype": ("(</DocumentType>)", r"\1<SubDocumentType>1</SubDocumentType>"),
    "Extensions empty": ("(<AccountingSupplierParty>)", r"<Extensions/>\1"),
    "Extensions of no namespace": ("(<AccountingSupplierParty>)", r'<Extensions><a xmlns=""/></Extensions>\1'),
    "Details without IBAN": ("<IBAN>.*?</IBAN>", ""),
    "Details without BIC": ("<BIC>.*?</BIC>", ""),
    "symbol in front of the account": (
        "(<ID>2000145399</ID>.*?)(<VariableSymbol>.*?</VariableSymbol>)",
        r"\2\1",
    ),
    "no building": ("<BuildingNumber>.*?</BuildingNumber>", ""),
    "no name of the country": ("<Name>Česko</Name>", ""),
    "no customer": (CUSTOMER, ""),
    "anonymous one behind the known one": (CUSTOMER, rf"\1{ANONYMOUS}"),
    "no deposits in the totals": ("<PaidDepositsAmount>.*?</PaidDepositsAmount>", ""),
    "no payable amount": ("<PayableAmount>.*?</PayableAmount>", ""),
    "no namespace": (' xmlns="[^"]*"', ""),
    "another namespace": ("isdoc.cz/namespace/2013", "isdoc.cz/namespace/2031"),
    "document type 8": ("<DocumentType>1", "<DocumentType>8"),
    "document type 9": ("<DocumentType>1", "<DocumentType>9"),
    "payment method 30": ("<PaymentMeansCode>42", "<PaymentMeansCode>30"),
    "method of calculation 2": ("<VATCalculationMethod>0", "<VATCalculationMethod>2"),
    "exponent": ("<UnitPrice>100.00", "<UnitPrice>1e2"),
    "comma": ("<UnitPrice>100.00", "<UnitPrice>100,00"),
    "amount empty": ("<TaxExclusiveAmount>250.00", "<TaxExclusiveAmount>"),
    "VAT behind the total, as in 6.0": ("(<TaxAmount>42.00</TaxAmount>)(.*?</TaxInclusiveAmount>)", r"\2\1"),
    "unknown attribute": ("<CurrRate>", '<CurrRate unit="1">'),
    "half of a register": (
        "(<Contact>)",
        r"<RegisterIdentification><RegisterKeptAt>Brno</RegisterKeptAt></RegisterIdentification>\1",
    ),
    "version missing": (' version="6.0.2"', ""),
    "version in words": (' version="6.0.2"', ' version="six"'),
    "issuing system of 81": ("(<IssueDate>)", rf"<IssuingSystem>{'x' * 81}</IssuingSystem>\1"),
    "batch of a third kind": (
        "(</SellersItemIdentification>)",
        (
            r"\1<StoreBatches><StoreBatch><Name>A</Name><Quantity>2</Quantity>"
            r"<BatchOrSerialNumber>X</BatchOrSerialNumber></StoreBatch></StoreBatches>"
        ),
    ),
    "nothing but a document type declaration": ("<Invoice ", "<!DOCTYPE Invoice><Invoice "),
}

VALID = {
    "document type between spaces": ("<DocumentType>1<", "<DocumentType> 1 <"),
    "date with a time zone": ("<IssueDate>2026-01-31", "<IssueDate>2026-01-31+01:00"),
    "empty registration number": ("<ID>25596641</ID>", "<ID/>"),
    "empty building": ("<BuildingNumber>7", "<BuildingNumber>"),
    "empty IBAN": ("<IBAN>.*?<", "<IBAN><"),
    "place of the schema": (
        "<Invoice ",
        '<Invoice xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" ',
    ),
    "plus and a bare point": ("<UnitPrice>100.00", "<UnitPrice>+100."),
    "any code of reverse charge": (
        "(<VATCalculationMethod>0</VATCalculationMethod>)",
        r"\1<LocalReverseCharge><LocalReverseChargeCode>11</LocalReverseChargeCode></LocalReverseCharge>",
    ),
    "reference that nothing uses": ("<OrderReference>", '<OrderReference id="o1">'),
    "used reference": (
        "(<OrderReference)>(.*)(<ID>1</ID>)",
        r'\1 id="o1">\2\3<OrderReference ref="o1"><LineID>2</LineID></OrderReference>',
    ),
    "anonymous one in front of the known one": (CUSTOMER, rf"{ANONYMOUS}\1"),
    "language of a note": ("<Note>Dod", '<Note languageID="cs">Dod'),
    "unit of no name": ('unitCode="ks"', 'unitCode=""'),
    "five digits behind the point": ("<UnitPrice>100.00", "<UnitPrice>100.00000"),
}

DEVIATIONS = {
    "no statement on VAT": ("<VATApplicable>true</VATApplicable>", "", "isdoc.missing-element"),
    "no agreement": (
        "<ElectronicPossibilityAgreementReference></ElectronicPossibilityAgreementReference>",
        "",
        "isdoc.missing-element",
    ),
    "due date in the header": ("(<Note>Dod)", r"<DueDate>2026-02-14</DueDate>\1", "isdoc.invented-element"),
    "symbol in the header": ("(<Note>Dod)", r"<VariableSymbol>7</VariableSymbol>\1", "isdoc.invented-element"),
    "currency of UBL": ("(<Note>Dod)", r"<DocumentCurrencyCode>CZK</DocumentCurrencyCode>\1", "isdoc.invented-element"),
    "summary": ("(<TaxTotal>)", r"<InvoiceSummary><Total>1</Total></InvoiceSummary>\1", "isdoc.invented-element"),
    "nothing claimed": (
        "<AlreadyClaimedTaxExclusiveAmount>.*?</AlreadyClaimedTaxInclusiveAmount>",
        "",
        "isdoc.missing-element",
    ),
    "family of another version": ('version="6.0.2"', 'version="5.2.2"', "isdoc.version-mismatch"),
    "dummy UUID of zeros": ("<UUID>.*?<", "<UUID>00000000-0000-0000-0000-000000000000<", "isdoc.uuid"),
}


@pytest.mark.parametrize("name", INVALID)
def test_what_the_schemas_reject_is_an_error(build, read, name):
    content = edit(build(), *INVALID[name])
    errors, _ = judged(read, content)
    assert errors


@pytest.mark.parametrize("name", VALID)
def test_what_the_schemas_accept_is_no_error(build, read, name):
    content = edit(build(), *VALID[name])
    errors, warnings = judged(read, content)
    assert (errors, warnings - {"isdoc.reverse-charge", "isdoc.reverse-charge-vat"}) == (set(), set())
    assert judged(read, build()) == (set(), set())


@pytest.mark.parametrize("name", DEVIATIONS)
def test_what_programs_are_known_to_do_is_a_warning(build, read, name):
    pattern, replacement, code = DEVIATIONS[name]
    assert judged(read, edit(build(), pattern, replacement)) == (set(), {code})


@pytest.mark.parametrize("name", [*INVALID, *VALID])
def test_the_tables_agree_with_the_published_schema(build, official, name):
    content = edit(build(), *(INVALID | VALID)[name])
    is_valid = official("6.0.2/isdoc-invoice-6.0.2.xsd").validate(etree.fromstring(content))
    # The declaration of a type is no matter of the schema; it is refused for safety.
    assert is_valid is (name in VALID or "declaration" in name)


def test_every_error_of_a_value_has_its_line_and_path(build, read_one):
    content = edit(build(), "<VATCalculationMethod>0", "<VATCalculationMethod>7")
    (found,) = read_one(content).findings
    line = content[: content.index(b"<VATCalculationMethod>7")].count(b"\n") + 1
    assert (found.code, found.severity, found.location.line) == ("xml.schema", Severity.ERROR, line)
    assert found.location.where.endswith("/InvoiceLine[1]/ClassifiedTaxCategory/VATCalculationMethod")


def test_what_no_version_has_does_not_hide_what_is_wrong_beside_it(build, read):
    content = edit(build(), "(<Note>Dod)", r"<DueDate>2026-02-14</DueDate>\1")
    content = edit(content, "<VATCalculationMethod>0", "<VATCalculationMethod>7")
    errors, warnings = judged(read, content)
    assert (errors, warnings) == ({"xml.schema"}, {"isdoc.invented-element"})


def test_thousands_of_unknown_elements_cost_no_more_than_others(build, read_one):
    line = build().partition(b"<InvoiceLine>")[2].partition(b"</InvoiceLine>")[0]
    many = b"".join(b"<A/><InvoiceLine>%s</InvoiceLine>" % line.replace(b">1<", b">%d<" % n, 1) for n in range(4000))
    content = edit(build(), "<InvoiceLine>.*</InvoiceLine>", "#lines#").replace(b"#lines#", many)
    began = time.process_time()
    invoice = read_one(content)
    assert time.process_time() - began < 5
    assert [line.position for line in invoice.lines[:3]] == [1, 2, 3]
    assert len(invoice.lines) == 4000


def test_two_tax_numbers_in_an_old_document_are_read_and_said(build, read_one):
    scheme = rb"\1<PartyTaxScheme><CompanyID>2020123456</CompanyID><TaxScheme>TIN</TaxScheme></PartyTaxScheme>"
    content = re.sub(rb"(</PartyTaxScheme>)", scheme, build(family="5"), count=1)
    invoice = read_one(content)
    assert [(one.code, one.severity) for one in invoice.findings] == [("isdoc.repeated-element", "warning")]
    assert (invoice.supplier.vat_id, invoice.supplier.tax_number) == ("CZ12345679", "2020123456")


def test_lines_of_the_old_versions_write_their_references_out(build, read, read_one):
    written = (
        r"\1<OrderReference><SalesOrderID>OP1</SalesOrderID><ExternalOrderID>OV-9</ExternalOrderID>"
        r"<IssueDate>2026-01-02</IssueDate><LineID>1</LineID></OrderReference>"
    )
    content = edit(build(family="5"), "(<ID>1</ID>)", written)
    assert judged(read, content) == (set(), set())
    assert judged(read, edit(content, "<LineID>1</LineID>", "")) == ({"isdoc.missing-element"}, set())


# Against the published schemas, edit by edit

TEXTS = ["", "x", "1,5", " 1 ", "true", "1", "99", "2026-01-31+01:00", "2026-01-31T00:00:00", "1e2", "a" * 90]
TOLERATED = {
    "VATApplicable",
    "ElectronicPossibilityAgreementReference",
    "AlreadyClaimedTaxExclusiveAmount",
    "AlreadyClaimedTaxInclusiveAmount",
    "DifferenceTaxExclusiveAmount",
    "DifferenceTaxInclusiveAmount",
    "PartyTaxScheme",
}
"""Deviations of real programs, which are warnings."""


@pytest.mark.parametrize("family", ["5", "6"])
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_after_any_edit_what_the_published_schema_rejects_is_an_error_and_nothing_else(
    build, read, official, family, data
):
    schema = official({"5": "5.3.1/isdoc-invoice-5.3.1.xsd", "6": "6.0.2/isdoc-invoice-6.0.2.xsd"}[family])
    root = etree.fromstring(build(family=family, taxed=True, untaxed=Decimal(5), original="FV-7"))
    victim = data.draw(st.sampled_from([one for one in root.iter(etree.Element) if one.getparent() is not None]))
    name, parent = etree.QName(victim).localname, victim.getparent()
    how = data.draw(st.sampled_from(["remove", "repeat", "swap", "text", "child", "attribute"]))
    if how == "remove":
        parent.remove(victim)
    elif how == "repeat":
        victim.addnext(etree.fromstring(etree.tostring(victim)))
    elif how == "swap" and victim.getnext() is not None:
        victim.getnext().addnext(victim)
    elif how == "text" and not len(victim):
        victim.text = data.draw(st.sampled_from(TEXTS))
    elif how == "child":
        etree.SubElement(victim, f"{{{etree.QName(root).namespace}}}DocumentType")
    else:
        victim.set("unknown", "1")
    errors, warnings = judged(read, etree.tostring(root))
    if not schema.validate(root):
        assert errors or (warnings and (name in TOLERATED or how == "child"))
    elif name not in ("LocalCurrencyCode", "DocumentType"):
        assert errors == set()


def test_a_document_with_errors_is_read_all_the_same(build, read_one):
    assert isinstance(read_one(edit(build(), *INVALID["no building"])), Invoice)
