"""Electronic invoices without a reader: named, a few values read, and passed on as they are."""

from __future__ import annotations

import datetime as dt
import io

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.documents import Kind, OtherDocument, Party
from efimport.findings import Finding, Severity
from efimport.formats import pdf
from efimport.formats.named import read, recognise
from efimport.formats.named.kinds import kinds
from efimport.formats.named.said import LONGEST, day, specification
from efimport.formats.reading import Own, Reading, Sample
from efimport.payloads import route
from efimport.payloads.target import Target
from efimport.sources import Limits, Source
from tests.formats.named.invoices import CII, CROATIA, EDI, ESLOG, ESLOG_1, INVOICES, PEPPOL, SBDH, ubl

CASES = [pytest.param(*case, id=f"{case[0]}-{index}") for index, case in enumerate(INVOICES)]
OURS = Own(registration_number="12345679", vat_id="CZ12345679")


def one(content, reading=None, name="a.xml"):
    data = content if isinstance(content, bytes) else content.encode()
    (item,) = read(Source(name, data), reading or Reading())
    return item


def codes(document):
    return [found.code for found in document.findings]


@pytest.mark.parametrize(("form", "title", "issuer", "content"), CASES)
def test_an_electronic_invoice_is_named_and_goes_as_it_is(form, title, issuer, content):
    source = Source("a.xml", content.encode())
    assert recognise(Sample(source)).format == form
    document = one(content)
    assert isinstance(document, OtherDocument)
    assert (document.kind, document.name, document.file_name) == (Kind.FILE, title, "a.xml")
    assert (document.number, document.date) == ("F-1", dt.date(2026, 1, 15))
    assert (document.issuer.name if document.issuer else None) == issuer
    assert document.partner == document.issuer
    assert document.origin.content == content.encode()
    assert codes(document) == ["named.goes-as-it-is"]
    assert title in document.findings[0].message
    assert document.findings[0].severity is Severity.INFO


def test_every_invoice_of_the_table_is_tried():
    tried = {form for form, *_ in INVOICES}
    assert {kind.format for kind in kinds().values() if kind.said is not None} == tried


def test_its_day_goes_with_it_to_the_inbox():
    call = route(one(ubl()), Target()).call
    assert call.method == "DocumentInboxAddEntry"
    assert call["document"].document_date.date() == dt.date(2026, 1, 15)
    assert call["document"].content == ubl().encode()


@pytest.mark.parametrize(
    ("content", "vat_id"),
    [(ubl(), "DE123456788"), (CII, "DE123456788"), (ESLOG.format(namespace='xmlns="urn:eslog:2.00"'), "SI12345679")],
)
def test_the_vat_number_of_the_issuer_is_the_one_for_vat(content, vat_id):
    assert one(content).issuer.vat_id == vat_id


@pytest.mark.parametrize(
    ("fields", "own"), [({"vat_id": "cz 12345679"}, True), ({"registration": "12345679"}, True), ({}, False)]
)
def test_an_invoice_of_our_own_is_told(fields, own):
    document = one(ubl(**fields), Reading(OURS))
    assert ("named.own-invoice" in codes(document)) == own


def test_without_knowing_who_we_are_no_invoice_is_our_own():
    assert "named.own-invoice" not in codes(one(ubl(vat_id="", registration="")))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ubl()[:-40], "xml.not-well-formed"),
        (ubl().replace("<?xml", "<!DOCTYPE Invoice [<!ENTITY a 'b'>]><?xml", 1), "xml.doctype"),
        (ubl().replace("?>", "?><!DOCTYPE Invoice>", 1), "xml.doctype"),
        (SBDH + "</StandardBusinessDocument>", "named.nothing-inside"),
        (SBDH + "<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'/></StandardBusinessDocument>",
         "named.nothing-inside"),
    ],
)  # fmt: skip
def test_a_damaged_invoice_goes_nowhere_and_says_why(content, code):
    found = one(content)
    assert isinstance(found, Finding)
    assert (found.code, found.is_error) == (code, True)


@pytest.mark.parametrize("content", [EDI[:200], EDI.replace("UNZ", "UNX")])
def test_an_edi_message_that_is_cut_off_is_not_sent(content):
    document = one(content)
    assert codes(document)[0] == "named.cut-off"
    assert document.findings[0].is_error


def test_an_edi_message_may_have_marks_of_its_own():
    marks = str.maketrans({":": "|", "+": "*", "'": "~", "?": "!"})
    content = "UNA|*.! ~" + EDI[9:].translate(marks)
    assert recognise(Sample(Source("a.edi", content.encode()))).format == "edifact"
    found = one(content)
    assert (found.number, found.date) == ("F-1", dt.date(2026, 1, 15))
    assert found.issuer == Party(name="Dodavatel * syn s.r.o.")


def test_an_edi_message_in_latin_letters_is_read():
    assert one(EDI.replace("Dodavatel ?+ syn", "Dodávka").encode("latin-1")).issuer == Party(name="Dodávka s.r.o.")


def test_an_encoding_that_lies_is_told_and_the_bytes_stay():
    content = ESLOG_1.replace("UTF-8", "windows-1250").replace("d.o.o.", "š.d.o.o.").encode("utf-8")
    document = one(content)
    assert document.issuer.name == "Dobavitelj š.d.o.o."
    assert codes(document) == ["encoding.declaration-wrong", "named.goes-as-it-is"]
    assert document.origin.content == content


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_an_invoice_in_another_encoding_is_read_and_stays_as_it_is(encoding):
    content = ubl().replace("UTF-8", "UTF-16" if encoding == "utf-16" else "UTF-8").encode(encoding)
    document = one(content)
    assert (document.number, document.issuer.name) == ("F-1", "Lieferant GmbH")
    assert document.origin.content == content


def test_what_an_invoice_does_not_say_is_not_made_up():
    document = one('<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>')
    assert (document.number, document.date, document.issuer, document.name) == (None, None, None, "UBL invoice")


def test_a_value_too_long_to_be_one_is_cut():
    document = one(ubl().replace(">F-1<", ">" + "9" * 5000 + "<"))
    assert len(document.number) == LONGEST


def test_an_invoice_larger_than_allowed_is_a_finding():
    assert one(ubl(), Reading(limits=Limits(document_bytes=50))).code == "source.document-too-large"


def pdf_with(content):
    """A PDF with a file embedded in it."""
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments["factur-x.xml"] = pikepdf.AttachedFileSpec(document, content.encode(), filename="factur-x.xml")
    stream = io.BytesIO()
    document.save(stream, deterministic_id=True)
    return stream.getvalue()


@pytest.mark.parametrize("content", [CII, ubl(), ESLOG_1])
def test_the_invoice_inside_a_pdf_tells_number_day_and_issuer_of_the_pdf(content):
    data = pdf_with(content)
    (document,) = pdf.read(Source("f.pdf", data), Reading())
    assert (document.number, document.date) == ("F-1", dt.date(2026, 1, 15))
    assert document.issuer.name
    assert document.origin.content == data
    assert route(document, Target()).call["document"].document_date.date() == dt.date(2026, 1, 15)


def test_an_invoice_of_our_own_inside_a_pdf_is_told():
    (document,) = pdf.read(Source("f.pdf", pdf_with(ubl(vat_id="CZ12345679"))), Reading(OURS))
    assert codes(document) == ["pdf.other-invoice", "named.own-invoice"]


def test_a_broken_invoice_inside_a_pdf_tells_nothing():
    (document,) = pdf.read(Source("f.pdf", pdf_with(ubl()[:-40])), Reading())
    assert (document.number, document.date, document.issuer) == (None, None, None)
    assert codes(document) == ["pdf.other-invoice"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-01-15", dt.date(2026, 1, 15)), ("20260115", dt.date(2026, 1, 15)),
        ("2026-01-15T10:00:00Z", dt.date(2026, 1, 15)), ("2026-02-30", None), ("15.1.2026", None), ("202601150", None),
        ("", None), (None, None),
    ],
)  # fmt: skip
def test_days_are_read_in_the_forms_of_the_formats(text, found):
    assert day(text) == found


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        (PEPPOL, "Peppol BIS Billing 3"),
        (CROATIA, "HR-CIUS, Croatia"),
        ("urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "XRechnung, Germany"),
        ("urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0", "NLCIUS, Netherlands"),
        ("urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1", "CIUS-RO, Romania"),
        ("urn:factur-x.eu:1p0:basicwl", "Factur-X Basic WL"),
        ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", "Factur-X Extended"),
        ("urn:cen.eu:en16931:2017", "EN 16931"),
        ("urn:neco", None),
        (None, None),
    ],
)
def test_a_specification_is_called_as_people_call_it(identifier, name):
    assert specification(identifier) == name


@settings(max_examples=150)
@given(
    case=st.sampled_from(INVOICES),
    cut=st.integers(0, 2500),
    length=st.integers(0, 40),
    filler=st.sampled_from(["", "<", "&", "</a>", "<a>", "\x00", "]]>", "'", "+", "š"]),
)
def test_damage_never_raises_and_ends_in_one_document_or_finding(case, cut, length, filler):
    content = case[3][:cut] + filler + case[3][cut + length :]
    assert len(list(read(Source("a.xml", content.encode()), Reading(OURS)))) == 1
