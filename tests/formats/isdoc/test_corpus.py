"""Public samples, with the amounts that stand in them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from lxml import etree

from efimport.documents import Invoice, Kind
from efimport.findings import Finding, Severity
from efimport.formats.reading import Own
from efimport.formats.registry import SourceReading
from efimport.formats.xml import Schema
from efimport.sources import Source

OFFICIAL = [
    "phive-doklad.isdoc",
    "phive-priklad2-egov.isdoc",
    "isdocpdf-test001.isdoc",
    "masa331-priklad1-embedded-dalsi-5.1.isdoc",
]


@pytest.fixture
def sample(shared, read_one):
    def sample(name, own=None):
        return read_one((shared("corpus/isdoc") / name).read_bytes(), name, own)

    return sample


@pytest.mark.parametrize("name", [*OFFICIAL, "adawolfa-no-vat-applicable.isdoc"])
def test_our_schema_accepts_the_official_samples(shared, name):
    root = etree.parse(str(shared("corpus/isdoc") / name)).getroot()
    schema = "isdoc-5.xsd" if "5.1" in name else "isdoc-6.xsd"
    assert Schema("efimport.formats.isdoc", schema).findings(root) == []


@pytest.mark.parametrize("name", OFFICIAL)
def test_official_samples_are_no_errors_and_stand_in_the_right_order(sample, name):
    found = sample(name).findings
    assert not [one for one in found if one.severity is Severity.ERROR]
    assert not [one for one in found if one.code in ("isdoc.order", "isdoc.missing-element", "xml.schema")]


def test_every_public_file_is_read(shared):
    files = sorted(path for path in shared("corpus/isdoc").iterdir() if path.is_file())
    assert len(files) >= 10
    for path in files:
        items = list(SourceReading(Source(path.name, path.read_bytes()), Own()))
        documents = [item for item in items if not isinstance(item, Finding)]
        assert len(documents) == 1, path.name
        assert [item for item in items if isinstance(item, Finding)] == []
        if isinstance(documents[0], Invoice):
            assert documents[0].number
            assert documents[0].payable is not None
            assert documents[0].lines


@pytest.mark.parametrize("name", ["phive-doklad.isdoc", "phive-priklad2-egov.isdoc"])
def test_totals_that_official_samples_break_are_warnings_alone(sample, name):
    found = sample(name).findings
    assert "isdoc.total-mismatch" in {one.code for one in found}
    assert {one.severity for one in found} <= {Severity.WARNING, Severity.INFO}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("adawolfa-encoder-sample.xml", "isdoc.missing-element"),
        ("adawolfa-sample-no-reference.isdoc", "isdoc.wrong-namespace"),
    ],
)
def test_unfinished_documents_of_a_library_are_errors_with_all_their_values(sample, name, code):
    invoice = sample(name)
    assert code in {one.code for one in invoice.findings if one.is_error}
    assert invoice.number == "12345"


def test_a_document_without_its_statement_on_vat_goes_out(sample):
    found = sample("adawolfa-no-vat-applicable.isdoc").findings
    assert not [one for one in found if one.is_error]


def test_the_sample_in_euro_with_settled_advances(sample):
    invoice = sample("phive-doklad.isdoc")
    assert (invoice.number, invoice.date, invoice.due_date) == (
        "FV-111999/2011",
        dt.date(2013, 2, 28),
        dt.date(2013, 3, 13),
    )
    assert (invoice.currency, invoice.home_currency, invoice.exchange_rate) == ("EUR", "CZK", Decimal("25.10"))
    assert (invoice.total_without_vat, invoice.total_with_vat) == (Decimal(14), Decimal("15.80"))
    assert (invoice.rounding, invoice.payable) == (Decimal("-0.10"), Decimal(0))
    assert [line.unit_price for line in invoice.lines[:2]] == [Decimal("0.043"), Decimal("0.0087")]
    assert [advance.amount for advance in invoice.advances] == [Decimal("5.20"), Decimal("9.50"), Decimal(1)]
    assert (invoice.variable_symbol, invoice.constant_symbol, invoice.specific_symbol) == ("111999", "0308", "105512")
    assert "isdoc.total-mismatch" in {one.code for one in invoice.findings}


def test_the_same_document_in_the_old_family(sample):
    invoice = sample("masa331-priklad1-embedded-dalsi-5.1.isdoc", Own(registration_number="25097563"))
    assert invoice.kind is Kind.ISSUED_INVOICE
    assert (invoice.origin.version, invoice.signed) == ("5.1", True)
    assert (invoice.currency, invoice.total_with_vat, invoice.order_number) == (
        "EUR",
        Decimal("15.80"),
        "OV-123111/2008",
    )


def test_a_document_in_crowns_without_any_deviation(sample):
    invoice = sample("isdocpdf-test001.isdoc")
    assert invoice.findings == ()
    assert (invoice.total_without_vat, invoice.total_vat, invoice.payable) == (5500, 1155, 6655)
    assert (invoice.lines[0].quantity, invoice.lines[0].total_with_vat) == (0, 0)
    assert invoice.payment_account.display == "1234567890/1234"


def test_the_official_archive(shared, read_one):
    content = (shared("corpus/isdoc") / "masa331-priklad1.isdocx").read_bytes()
    invoice = read_one(content, "priklad1.isdocx")
    assert isinstance(invoice, Invoice)
    assert invoice.origin.path == "priklad1.isdocx!doklad.isdoc"
    assert {one.code for one in invoice.findings}.isdisjoint({"isdoc.supplement-missing", "isdoc.digest-mismatch"})
    assert [one.name for one in invoice.attachments if one.visualization] == ["Dodany nahled FV.pdf"]
    assert len(invoice.attachments) == 6


def test_a_document_without_a_namespace(sample):
    invoice = sample("adawolfa-sample-no-reference.isdoc")
    assert {"isdoc.wrong-namespace", "isdoc.order"} <= {one.code for one in invoice.findings}
    assert invoice.lines[0].total_with_vat == Decimal(121)


def test_a_document_of_a_library_with_gaps(sample):
    invoice = sample("adawolfa-encoder-sample.xml")
    assert (invoice.payment_method, invoice.due_date) == ("cash", dt.date(2022, 2, 2))
    assert invoice.vat_summary == ()
