from __future__ import annotations

import base64
import hashlib
import io
import time
import zipfile
import zlib
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String

from efimport.documents import Invoice, Kind, OtherDocument
from efimport.findings import Finding, codes
from efimport.formats import pdf as format_of_pdf
from efimport.formats.pdf import embedded
from efimport.formats.reading import Reading, Sample
from efimport.payloads import route
from efimport.payloads.target import Target
from efimport.sources import Limits, Source


def said(item):
    return [one.code for one in item.findings]


# Recognition


@pytest.mark.parametrize(("head", "confidence"), [(b"%PDF-1.7\n", 100), (b"\xef\xbb\xbf%PDF-1.4", 80), (b"junk", 20)])
def test_the_mark_of_a_pdf_is_looked_for_near_the_beginning(head, confidence):
    assert format_of_pdf.recognise(Sample(Source("a.pdf", head))).confidence == confidence


def test_text_that_speaks_of_pdf_is_none():
    assert format_of_pdf.recognise(Sample(Source("a.xml", b"<a>%PDF-1.7</a>"))) is None
    assert format_of_pdf.recognise(Sample(Source("a.txt", b"about PDF"))) is None


# Where the invoice is


@pytest.mark.parametrize("place", ["in_tree", "associated", "unlinked"])
@pytest.mark.parametrize("packed", [False, True])
def test_the_invoice_is_found_wherever_it_is_embedded(build, new, read, place, packed):
    maker = new()
    content = build()
    getattr(maker, place)(maker.specification(content))
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    carrier = maker.bytes(object_stream_mode=mode)
    (invoice,) = read(carrier)
    assert said(invoice) == []
    assert invoice.origin.content == content
    assert (invoice.origin.path, invoice.origin.format) == ("in/fv.pdf!invoice.isdoc", "isdoc")
    assert invoice.payable == Decimal("298.00")
    (picture,) = invoice.attachments
    assert (picture.name, picture.content, picture.visualization) == ("fv.pdf", carrier, True)


def test_a_file_that_does_not_say_its_type_is_found_in_the_tree(build, new, read):
    maker = new()
    (invoice,) = read(maker.in_tree(maker.specification(build(), typed=False)).bytes())
    assert isinstance(invoice, Invoice)


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_hangs_on_a_page_is_found(build, new, read, packed):
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    pinned, associated = new(), new()
    page = pinned.pdf.pages[0].obj
    specification = pinned.specification(build(), typed=False)
    annotation = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=specification)
    page.Annots = Array([pinned.pdf.make_indirect(annotation), 3, Dictionary(Subtype=Name.FileAttachment)])
    associated.pdf.pages[0].obj.AF = Array([associated.specification(build(), typed=False)])
    for maker in (pinned, associated):
        (invoice,) = read(maker.bytes(object_stream_mode=mode))
        assert (invoice.number, said(invoice)) == ("FV-2026-0001", [])


def test_pages_that_lead_into_themselves_are_damage(build, new, read):
    maker = new()
    maker.pdf.Root.Pages.Kids.append(maker.pdf.Root.Pages)
    assert said(read(maker.in_tree(maker.specification(build())).bytes())[0]) == ["pdf.damaged"]


@pytest.mark.parametrize("written", ["#ef=terms.txt", "terms.txt", "#ef=TERMS.txt", "#ef=%74erms.txt"])
def test_a_supplement_inside_the_pdf_is_held_against_its_digest(build, new, read, written):
    digest = base64.b64encode(hashlib.sha256(b"terms").digest()).decode()
    listed = (
        f"<Supplement><Filename>{written}</Filename>"
        '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        f"<DigestValue>{digest}</DigestValue></Supplement>"
    )
    for content, code in ((b"terms", "isdoc.supplements-intact"), (b"other", "isdoc.digest-mismatch")):
        maker = new()
        maker.in_tree(maker.specification(build(supplements=listed)), maker.specification(content, "terms.txt"))
        (invoice,) = read(maker.bytes())
        assert said(invoice) == [code]


def test_a_name_spelled_with_escapes_is_still_found(build, new, read):
    maker = new()
    content = maker.unlinked(maker.specification(build())).bytes(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    hidden = content.replace(b"/EmbeddedFile", b"/#45mbeddedFile")
    assert hidden != content
    items = read(hidden)
    assert isinstance(items[0], Invoice)


def test_a_tree_with_branches_is_walked(build, new, read):
    maker = new()
    leaf = maker.pdf.make_indirect(Dictionary(Names=Array([String("a"), maker.specification(build(), typed=False)])))
    branch = maker.pdf.make_indirect(Dictionary(Kids=Array([leaf])))
    maker.pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Kids=Array([branch])))
    assert isinstance(read(maker.bytes())[0], Invoice)


def test_a_tree_that_leads_into_itself_ends(new, read):
    maker = new()
    node = maker.pdf.make_indirect(Dictionary())
    node.Kids = Array([node, node])
    maker.pdf.Root.Names = Dictionary(EmbeddedFiles=node)
    (document,) = read(maker.bytes())
    assert said(document) == []


@pytest.mark.parametrize(
    ("name", "path", "shown"),
    [
        ("invoice.isdoc", "..\\input\\fv.isdoc", "invoice.isdoc"),
        ("C:\\a\\b.xml", None, "b.xml"),
        ("dir/ž.isdoc", None, "ž.isdoc"),
    ],
)
def test_folders_in_names_are_left_out(build, new, read, name, path, shown):
    maker = new()
    (invoice,) = read(maker.in_tree(maker.specification(build(), name, path=path)).bytes())
    assert invoice.origin.path == f"in/fv.pdf!{shown}"


def test_the_content_decides_and_not_the_name(build, new, read):
    maker = new()
    specification = maker.specification(b"\xef\xbb\xbf" + build(prefix="isdoc"), "data.bin")
    (invoice,) = read(maker.in_tree(specification).bytes())
    assert said(invoice) == ["isdoc.byte-order-mark"]


# Several files


def test_several_invoices_in_one_pdf_are_several_documents(build, new, read):
    maker = new()
    other = build(document_type="4", lines=((Decimal(1), Decimal("7.00"), Decimal(21)),))
    items = read(maker.in_tree(maker.specification(build()), maker.specification(other, "b.isdoc")).bytes())
    assert [(item.origin.ordinal, item.kind) for item in items] == [
        (1, Kind.RECEIVED_INVOICE),
        (2, Kind.RECEIVED_ADVANCE_INVOICE),
    ]
    assert all(item.attachments[0].visualization for item in items)


def test_one_file_under_several_keys_is_one_document(build, new, read):
    maker = new()
    one = maker.specification(build())
    twin = maker.specification(build(), "copy.isdoc")
    maker.in_tree(one, twin).associated(one)
    assert len(read(maker.bytes())) == 1


def test_other_files_come_along_as_supplements(build, new, read):
    maker = new()
    maker.in_tree(maker.specification(build()), maker.specification(b"terms", "terms.txt"))
    (invoice,) = read(maker.bytes())
    assert [(one.name, one.visualization) for one in invoice.attachments] == [("fv.pdf", True), ("terms.txt", False)]


def test_an_archive_inside_is_read_like_one(build, new, read):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("manifest.xml", '<manifest><maindocument filename="a.isdoc"/></manifest>')
        archive.writestr("a.isdoc", build())
        archive.writestr("b.pdf", b"%PDF-1.4")
    maker = new()
    (invoice,) = read(maker.in_tree(maker.specification(stream.getvalue(), "x.isdocx")).bytes())
    assert invoice.origin.path == "in/fv.pdf!x.isdocx!a.isdoc"
    assert [(one.name, one.visualization) for one in invoice.attachments] == [("fv.pdf", True), ("b.pdf", False)]


def test_an_archive_without_a_manifest_is_an_invoice_whatever_its_name(build, new, read):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.isdoc", build(family="5"))
    maker = new()
    (invoice,) = read(maker.in_tree(maker.specification(stream.getvalue(), "data.zip")).bytes())
    assert invoice.origin.path == "in/fv.pdf!data.zip!a.isdoc"


def test_a_document_without_payment_goes_with_the_pdf_around_it(new, read):
    content = (
        b'<CommonDocument xmlns="http://isdoc.cz/namespace/2013" version="6.0.2"><SubDocumentType>1</SubDocumentType>'
        b"<SubDocumentTypeOrigin>CBA</SubDocumentTypeOrigin><ID>SM-1</ID></CommonDocument>"
    )
    maker = new()
    pdf = maker.in_tree(maker.specification(content)).bytes()
    (document,) = read(pdf)
    assert (document.number, document.file_name, document.origin.content) == ("SM-1", "fv.pdf", pdf)
    assert document.attachments == ()


# No invoice


def test_a_pdf_without_an_invoice_goes_as_a_file(new, read):
    content = new().bytes()
    (document,) = read(content)
    assert (document.kind, document.name, document.file_name) == (Kind.FILE, "PDF", "fv.pdf")
    assert document.origin.content == content
    assert said(document) == []


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (
            b'<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"/>',
            "Factur-X/ZUGFeRD invoice (CII) in a PDF",
        ),
        (b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>', "UBL invoice in a PDF"),
        (
            b'<CreditNote xmlns="urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"/>',
            "UBL credit note in a PDF",
        ),
        (b'<Invoice xmlns="urn:eslog:2.00"/>', "e-SLOG invoice in a PDF"),
    ],
)
def test_an_invoice_of_another_format_is_named_and_goes_to_the_inbox_with_its_pdf(new, read, content, name):
    maker = new()
    pdf = maker.in_tree(maker.specification(content, "factur-x.xml")).bytes()
    (document,) = read(pdf)
    assert (document.kind, document.name, said(document)) == (Kind.FILE, name, ["pdf.other-invoice"])
    assert name.removesuffix(" in a PDF") in document.findings[0].message
    assert document.origin.content == pdf
    assert route(document, Target()).call.method == "DocumentInboxAddEntry"


def test_beside_isdoc_an_invoice_of_another_format_is_a_supplement(build, new, read):
    maker = new()
    other = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
    maker.in_tree(maker.specification(build()), maker.specification(other, "ubl.xml"))
    (invoice,) = read(maker.bytes())
    assert (invoice.kind, said(invoice)) == (Kind.RECEIVED_INVOICE, ["pdf.other-invoice"])
    assert [one.name for one in invoice.attachments] == ["fv.pdf", "ubl.xml"]


def test_a_broken_invoice_inside_is_an_error_of_the_file(build, new, read):
    maker = new()
    (document,) = read(maker.in_tree(maker.specification(build()[:500])).bytes())
    assert isinstance(document, OtherDocument)
    assert said(document) == ["xml.not-well-formed"]
    assert document.findings[0].is_error
    assert document.findings[0].location.path == "in/fv.pdf!invoice.isdoc"


# Protected, damaged, hostile


def test_a_password_is_said_and_the_file_stays_a_file(new, read):
    content = new().bytes(encryption=pikepdf.Encryption(owner="a", user="b"))
    (document,) = read(content)
    assert said(document) == ["pdf.encrypted"]


def test_a_pdf_that_is_only_protected_against_changes_is_read(build, new, read):
    maker = new()
    maker.in_tree(maker.specification(build()))
    (invoice,) = read(maker.bytes(encryption=pikepdf.Encryption(owner="a", user="")))
    assert invoice.payable == Decimal("298.00")


def test_a_cut_off_pdf_is_an_error(build, new, read):
    maker = new()
    content = maker.in_tree(maker.specification(build())).bytes(compress_streams=False)
    for cut in (0.3, 0.6, 0.9):
        (item,) = read(content[: int(len(content) * cut)])
        assert said(item)[0] == "pdf.truncated"
        assert item.findings[0].is_error


def test_a_file_that_is_no_pdf_at_all_is_damaged(read):
    assert said(read(b"nothing of the kind")[0]) == ["pdf.damaged"]
    assert said(read(b"%PDF-1.7\nnothing\n%%EOF")[0]) == ["pdf.damaged"]


def test_a_wrong_table_is_mended_and_said(build, new, read):
    maker = new()
    content = maker.in_tree(maker.specification(build())).bytes(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    place = content.rindex(b"startxref\n") + 10
    (invoice,) = read(content[:place] + b"7\n%%EOF\n")
    assert said(invoice) == ["pdf.repaired"]
    assert invoice.payable == Decimal("298.00")


def test_a_bomb_is_not_unpacked(new, read):
    maker = new()
    bomb = zlib.compress(b"<Invoice>" + b"0" * 50_000_000, 9)
    content = maker.in_tree(maker.specification(b"", "a.isdoc", raw=bomb)).bytes(compress_streams=False)
    began = time.perf_counter()
    (document,) = read(content, reading=Reading(limits=Limits(archive_bytes=1_000_000)))
    assert said(document) == ["pdf.embedded-unreadable"]
    assert time.perf_counter() - began < 2


def test_a_bomb_in_the_tables_is_not_unpacked(new, read):
    table = zlib.compress(b"\0" * 80_000_000, 9)
    head = b"%PDF-1.5\n1 0 obj\n<</Type/XRef/Size 20000000/W[1 2 1]/Root 2 0 R/Filter/FlateDecode/Length "
    content = head + str(len(table)).encode() + b">>\nstream\n" + table
    content += b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"
    (document,) = read(content, reading=Reading(limits=Limits(document_bytes=1_000_000)))
    assert said(document) == ["pdf.damaged"]


def test_a_chain_of_methods_is_unpacked(build, new, read):
    maker = new()
    twice = zlib.compress(zlib.compress(build()))
    specification = maker.specification(b"", raw=twice)
    specification.EF.F.write(twice, filter=Array([Name.FlateDecode, Name.FlateDecode]))
    content = maker.in_tree(specification).bytes(
        compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none
    )
    assert isinstance(read(content)[0], Invoice)


def test_too_many_files_are_an_error(new, read):
    maker = new()
    maker.in_tree(*(maker.specification(str(place).encode(), f"{place}.txt") for place in range(5)))
    (document,) = read(maker.bytes(), reading=Reading(limits=Limits(archive_entries=3)))
    assert said(document) == ["pdf.too-many-files"]


def test_a_pdf_that_is_not_searched_to_its_end_says_so(build, new, read, monkeypatch):
    monkeypatch.setattr(embedded, "_OBJECTS", 2)
    maker = new()
    content = maker.unlinked(maker.specification(build())).bytes(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert "pdf.not-searched" in said(read(content)[0])


def test_a_file_larger_than_the_limit_is_not_read(new, read):
    (found,) = read(new().bytes(), reading=Reading(limits=Limits(document_bytes=10)))
    assert found.code == "source.document-too-large"


def test_the_limits_of_the_library_are_given_back(new, read):
    before = pikepdf.settings.get_qpdf_limits()
    read(new().bytes())
    read(b"%PDF-1.7 damaged")
    assert pikepdf.settings.get_qpdf_limits() == before


def test_objects_of_the_wrong_kind_do_no_harm(new, read):
    for names in (
        Array([]),
        String("x"),
        Dictionary(EmbeddedFiles=Name.No),
        Dictionary(EmbeddedFiles=Dictionary(Names=3)),
    ):
        maker = new()
        maker.pdf.Root.Names = names
        maker.pdf.Root.AF = Array([1, Name.A, Dictionary(EF=3), Dictionary(EF=Dictionary(F=4))])
        assert said(read(maker.bytes())[0]) == []


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_bytes_never_raise(build, new, read, data):
    maker = new()
    maker.in_tree(maker.specification(build()), maker.specification(b"x", "b.txt", typed=False))
    content = bytearray(maker.bytes(object_stream_mode=data.draw(st.sampled_from(pikepdf.ObjectStreamMode))))
    for _ in range(data.draw(st.integers(1, 10))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    items = read(bytes(content))
    assert items
    assert all(isinstance(item, Invoice | OtherDocument | Finding) for item in items)


def test_every_code_of_the_area_is_used():
    texts = "".join(path.read_text(encoding="utf-8") for path in Path(format_of_pdf.__file__).parent.glob("*.py"))
    assert [code for code in codes() if code.startswith("pdf.") and f'"{code}"' not in texts] == []


# Public samples


def test_the_public_sample_gives_its_invoice(shared, read):
    content = (shared("corpus/isdoc") / "isdocpdf-test001.isdoc.pdf").read_bytes()
    (invoice,) = read(content)
    assert (invoice.number, invoice.payable, said(invoice)) == ("FV-1/2021", Decimal(6655), [])
    alone = (shared("corpus/isdoc") / "isdocpdf-test001.isdoc").read_bytes()
    assert invoice.origin.content.replace(b"\r\n", b"\n") == alone


def test_the_public_sample_without_an_invoice_is_a_file(shared, read):
    (document,) = read((shared("corpus/isdoc") / "isdocpdf-test001-plain.pdf").read_bytes())
    assert (document.kind, said(document)) == (Kind.FILE, [])
