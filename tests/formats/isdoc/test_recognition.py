from __future__ import annotations

import io
import zipfile

import pytest

from efimport.formats import isdoc
from efimport.formats.reading import Sample
from efimport.sources import Source

UBL = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>1</ID></Invoice>'


def claim(content, name="x.xml"):
    return isdoc.recognise(Sample(Source(name, content)))


def archive(*names):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name in names:
            target.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize("family", ["5", "6"])
@pytest.mark.parametrize("prefix", ["", "ns0"])
def test_the_namespace_leaves_no_doubt_whatever_the_name(build, family, prefix):
    found = claim(build(family=family, prefix=prefix), "export.dat")
    assert (found.format, found.confidence) == ("isdoc", 100)


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\n  "])
def test_what_stands_in_front_does_not_matter(build, mark):
    assert claim(mark + build()).confidence == 100


def test_elements_of_isdoc_without_its_namespace_are_still_claimed(build):
    content = build().replace(b' xmlns="http://isdoc.cz/namespace/2013"', b"")
    assert claim(content).confidence == 70


def test_a_namespace_that_names_isdoc_is_claimed(build):
    assert claim(build().replace(b"namespace/2013", b"namespace/2026")).confidence == 90


@pytest.mark.parametrize("name", ["x.xml", "x.isdoc"])
def test_an_invoice_in_ubl_is_not_claimed(name):
    assert claim(UBL, name) is None


def test_other_xml_and_other_files_are_not_claimed():
    assert claim(b"<Invoice><Number>1</Number></Invoice>") is None
    assert claim(b"%PDF-1.7") is None
    assert claim(b"", "x.txt") is None


def test_a_damaged_file_is_claimed_by_its_name_so_that_somebody_says_what_is_wrong():
    assert claim(b"\x00\x01", "x.isdoc").format == "isdoc"
    assert claim(b"\x00\x01", "x.isdocx").format == "isdocx"
    assert claim(b"<faktura/>", "x.isdoc").confidence == 30


def test_an_archive_is_one_by_its_manifest_or_its_name():
    assert claim(archive("manifest.xml", "a.isdoc"), "x.zip").format == "isdocx"
    assert claim(archive("a.isdoc"), "x.isdocx").format == "isdocx"


def test_an_archive_of_several_invoices_is_an_ordinary_archive():
    assert claim(archive("a.isdoc", "b.isdoc"), "may.zip") is None
    assert claim(archive("manifest.xml", "a.txt"), "may.zip") is None
