from __future__ import annotations

import io
import zipfile

import pytest

from efimport.documents import Invoice
from efimport.formats.reading import Reading
from efimport.sources import Limits

PDF = b"%PDF-1.7 picture"
NOTE = "poznámky".encode()
MANIFEST = '<manifest xmlns="http://isdoc.cz/namespace/2013/manifest"><maindocument filename="{name}"/></manifest>'


def archive(entries):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return stream.getvalue()


@pytest.fixture
def read_archive(read):
    def read_archive(entries, reading=None):
        return read(archive(entries), "in/may.isdocx", reading=reading)

    return read_archive


def codes(item):
    return [one.code for one in item.findings]


def test_the_manifest_names_the_document_and_the_rest_is_enclosed(build, documents, read_archive):
    listed = documents.supplement("nahled.pdf", PDF, preview=True) + documents.supplement("docs/a.txt", NOTE)
    content = build(supplements=listed)
    (invoice,) = read_archive(
        {
            "manifest.xml": MANIFEST.format(name="fv.isdoc"),
            "fv.isdoc": content,
            "old.isdoc": build(),
            "docs/a.txt": NOTE,
            "nahled.pdf": PDF,
        }
    )
    assert codes(invoice) == ["isdoc.supplements-intact"]
    assert invoice.origin.path == "in/may.isdocx!fv.isdoc"
    assert invoice.origin.content == content
    assert {one.name: one.visualization for one in invoice.attachments} == {
        "a.txt": False,
        "nahled.pdf": True,
        "old.isdoc": False,
    }
    assert {one.name: one.media_type for one in invoice.attachments}["nahled.pdf"] == "application/pdf"


def test_an_archive_of_the_old_versions_has_no_manifest(build, read_archive):
    (invoice,) = read_archive({"FV.ISDOC": build(family="5"), "stare/x.isdoc": build(family="5")})
    assert invoice.origin.path.endswith("!FV.ISDOC")
    assert [one.name for one in invoice.attachments] == ["x.isdoc"]


@pytest.mark.parametrize("written", ["Docs\\Logo.PNG", "docs/logo.png", "./docs/LOGO.png", "logo.png"])
def test_a_supplement_is_found_whatever_slash_and_case_its_name_has(build, documents, read_archive, written):
    content = build(supplements=documents.supplement(written, b"picture"))
    (invoice,) = read_archive({"a.isdoc": content, "docs/logo.png": b"picture"})
    assert codes(invoice) == ["isdoc.supplements-intact"]


def test_a_supplement_with_a_garbled_name_is_found_by_its_digest(build, documents, read_archive):
    content = build(supplements=documents.supplement("příloha.txt", NOTE, algorithm="sha1"))
    (invoice,) = read_archive({"a.isdoc": content, "pąˇloha.txt": NOTE})
    assert codes(invoice) == ["isdoc.supplements-intact"]


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
def test_a_supplement_with_its_digest_is_said_to_be_intact(build, documents, read_archive, algorithm):
    listed = documents.supplement("a.txt", NOTE, algorithm=algorithm) + documents.supplement("b.txt", NOTE)
    (invoice,) = read_archive({"a.isdoc": build(supplements=listed), "a.txt": NOTE, "b.txt": NOTE})
    assert codes(invoice) == ["isdoc.supplements-intact"]
    assert "2 of the 2" in str(invoice.findings[0].message)
    assert "isdoc.supplements-intact" not in codes(read_archive({"a.isdoc": build(), "a.txt": NOTE})[0])


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
def test_a_changed_supplement_is_noticed(build, documents, read_archive, algorithm):
    content = build(supplements=documents.supplement("a.txt", NOTE, algorithm=algorithm))
    (invoice,) = read_archive({"a.isdoc": content, "a.txt": NOTE + b"."})
    assert codes(invoice) == ["isdoc.digest-mismatch"]
    assert invoice.findings[0].location.line


def test_a_digest_of_an_unknown_method_is_said(build, documents, read_archive):
    listed = documents.supplement("a.txt", NOTE).replace("#sha256", "#whirlpool")
    (invoice,) = read_archive({"a.isdoc": build(supplements=listed), "a.txt": NOTE})
    assert codes(invoice) == ["isdoc.digest-unreadable"]


def test_a_listed_supplement_that_is_missing_is_noticed(build, documents, read_archive):
    (invoice,) = read_archive({"a.isdoc": build(supplements=documents.supplement("a.txt", NOTE))})
    assert codes(invoice) == ["isdoc.supplement-missing"]


def test_the_only_pdf_is_the_picture_even_unlisted(build, read_archive):
    (invoice,) = read_archive({"a.isdoc": build(), "a.pdf": PDF})
    assert [one.visualization for one in invoice.attachments] == [True]


def test_of_two_unmarked_pdfs_none_is_the_picture(build, read_archive):
    (invoice,) = read_archive({"a.isdoc": build(), "a.pdf": PDF, "b.pdf": PDF})
    assert [one.visualization for one in invoice.attachments] == [False, False]


def test_a_manifest_that_names_nothing_is_said_and_the_root_document_is_read(build, read_archive):
    (invoice,) = read_archive({"manifest.xml": MANIFEST.format(name="no.isdoc"), "a.isdoc": build()})
    assert codes(invoice) == ["isdoc.manifest"]


def test_several_documents_without_a_manifest_are_all_read(build, read_archive):
    items = read_archive({"a.isdoc": build(), "b.isdoc": build()})
    assert [item.origin.ordinal for item in items] == [1, 2]
    assert codes(items[0]) == ["isdoc.several-documents"]


def test_an_archive_without_a_document_is_an_error(read_archive):
    assert [item.code for item in read_archive({"a.txt": NOTE})] == ["isdoc.no-document"]


def test_an_empty_supplement_holds_nothing_back(build, read_archive):
    (invoice,) = read_archive({"a.isdoc": build(), "empty.txt": b""})
    assert [(one.code, one.is_error) for one in invoice.findings] == [("source.empty", False)]


def test_a_bomb_is_refused_before_it_is_unpacked(build, read_archive):
    (found,) = read_archive({"a.isdoc": build(), "a.bin": b"0" * 3_000_000})
    assert found.code == "archive.bomb"


def test_the_limits_of_the_reading_hold(build, read_archive):
    reading = Reading(limits=Limits(archive_entries=1))
    (found,) = read_archive({"a.isdoc": build(), "a.txt": NOTE}, reading)
    assert found.code == "archive.too-many-entries"


def test_a_file_that_is_no_archive_is_damaged(read):
    (found,) = read(b"PK\x03\x04 nothing", "x.isdocx")
    assert found.code == "archive.damaged"


def test_a_document_larger_than_the_limit_is_refused(build, read_archive):
    items = read_archive({"a.isdoc": build()}, Reading(limits=Limits(document_bytes=100)))
    assert [item.code for item in items] == ["source.document-too-large"]
    assert not any(isinstance(item, Invoice) for item in items)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("manifest", [True, False])
def test_two_documents_under_one_name_are_both_read(build, read, manifest):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        if manifest:
            target.writestr("manifest.xml", MANIFEST.format(name="a.isdoc"))
        target.writestr("a.isdoc", build())
        target.writestr("a.isdoc", build().replace(b"FV-2026-0001", b"FV-2026-0002"))
    found = read(stream.getvalue(), "in/may.isdocx")
    assert [one.number for one in found] == ["FV-2026-0001", "FV-2026-0002"]
    assert "isdoc.several-documents" in codes(found[0])


def test_of_two_names_that_differ_in_case_the_manifest_means_the_one_it_spells(build, read_archive):
    other = build().replace(b"FV-2026-0001", b"FV-2026-0002")
    entries = {"manifest.xml": MANIFEST.format(name="a.isdoc"), "A.isdoc": other, "a.isdoc": build()}
    (invoice,) = read_archive(entries)
    assert invoice.number == "FV-2026-0001"


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "C:\\a.txt", "x/../../a.txt"])
def test_an_archive_with_a_name_that_leads_out_of_it_is_refused_whole(build, read_archive, name):
    (found,) = read_archive({"a.isdoc": build(), name: NOTE})
    assert (found.code, found.is_error) == ("archive.unsafe-name", True)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_supplements_under_one_name_both_come_along(build, read):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr("a.isdoc", build())
        target.writestr("b.txt", b"one")
        target.writestr("b.txt", b"two")
    (invoice,) = read(stream.getvalue(), "in/may.isdocx")
    assert sorted(one.content for one in invoice.attachments) == [b"one", b"two"]


def test_an_archive_with_a_password_is_refused_with_its_reason(build, read):
    content = bytearray(archive({"a.isdoc": build()}))
    content[6] |= 1  # the flag of encryption, in the header of the entry and in the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    found = read(bytes(content), "a.isdocx")
    assert any(item.is_error for item in found)
    assert not any(isinstance(item, Invoice) for item in found)


def test_a_manifest_that_names_two_documents_gives_both(build, read_archive):
    manifest = '<manifest><maindocument filename="a.isdoc"/><maindocument filename="b/b.isdoc"/></manifest>'
    other = build().replace(b"FV-2026-0001", b"FV-2026-0002")
    items = read_archive({"manifest.xml": manifest, "a.isdoc": build(), "b/b.isdoc": other, "c.isdoc": build()})
    assert [item.number for item in items] == ["FV-2026-0001", "FV-2026-0002"]
    assert codes(items[0]) == ["isdoc.several-documents"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp852", "cp1250"])
def test_names_without_the_mark_of_utf_8_are_matched_in_any_czech_encoding(build, read, encoding):
    class Unmarked(zipfile.ZipInfo):
        def _encodeFilenameFlags(self):  # noqa: N802
            return self.filename.encode(encoding), self.flag_bits & ~0x800

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr("manifest.xml", MANIFEST.format(name="Faktura č. 1.isdoc"))
        target.writestr(Unmarked("jiná.isdoc"), build())
        target.writestr(Unmarked("Faktura č. 1.isdoc"), build().replace(b"FV-2026-0001", b"FV-2026-0002"))
    (invoice,) = read(stream.getvalue(), "a.isdocx")
    assert (invoice.number, codes(invoice)) == ("FV-2026-0002", [])
