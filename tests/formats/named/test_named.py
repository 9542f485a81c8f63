"""Files that are known by name: what they are called, and what is said about them."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.documents import Kind, OtherDocument
from efimport.findings import Finding
from efimport.formats.named import read, recognise
from efimport.formats.named.kinds import kinds
from efimport.formats.reading import Reading, Sample
from efimport.sources import Limits, Source
from tests.formats.named.invoices import INVOICES

CORPUS = Path(__file__).resolve().parents[3].parent / "shared" / "corpus"


def _zip(**entries: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return packed.getvalue()


def _ole(name: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + name.encode("utf-16-le") + bytes(64)


MT942 = ":20:1\r\n:25:CZ1\r\n:28C:1\r\n:34F:CZKD1,\r\n:13D:2601311200+0100\r\n:61:260131C1,NMSC\r\n"

SIGNED = b"\x30\x82\x05\x12\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x82"

NOT_READ = {
    "mt942": [
        ("a.sta", MT942),
        ("a.sta", "@@" + MT942.replace("\r\n", "@@")),
        ("a.sta", "Movements of today\r\n\r\n" + MT942),
        ("a.sta", "{1:F01ABCDCZPPAXXX0000000000}{2:I942ABCDCZPPAXXXN}{4:\r\n" + MT942 + "-}"),
        ("a.sta", "{1:F01ABCDCZPPAXXX0000000000}{2:I942X}{4:\r\n:20:1\r\n:25:CZ1\r\n:61:260131C1,NMSC\r\n-}"),
    ],
    "spreadsheet": [
        ("a.csv", "Datum;Objem\n1.1.2026;1,00\n"),
        ("a.txt", "a;b;c;d\n1;2;3;4\n"),
        ("a.xlsx", _zip(xl__workbook_dot_xml="<workbook/>")),
        ("a.xls", _ole("Workbook")),
        ("a.ods", _zip(mimetype="application/vnd.oasis.opendocument.spreadsheet")),
    ],
    "finsta": [("a.xml", '<?xml version="1.0" encoding="windows-1250"?>\n<FINSTA><STA_VER/></FINSTA>')],
    "fio-xml": [("a.xml", '<AccountStatement xmlns:xsi="x"><Info/></AccountStatement>')],
    "pain": [("a.xml", '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"/>')],
    "payment-order": [("a.kpc", "UHL1310126Firma               0000000001001999\r\n")],
    "abo-k": [("a.txt", "FV5;1;2\r\nHVY;1\r\n"), ("a.txt", "TXT~x\r\nHVY~1~2~3\r\n")],
    "kb-best": [("a.txt", "HO" + "0" * 400 + "\r\n51" + "0" * 400)],
    "ofx": [("a.ofx", "OFXHEADER:100\nDATA:OFXSGML\n"), ("a.ofx", '<?xml version="1.0"?><?OFX x="1"?><OFX/>')],
    "qif": [("a.qif", "!Type:Bank\nD1/1/26\n")],
    "docx": [("a.docx", _zip(word__document_dot_xml="<w/>"))],
    "pptx": [("a.pptx", _zip(ppt__presentation_dot_xml="<p/>"))],
    "odf": [("a.odt", _zip(mimetype="application/vnd.oasis.opendocument.text"))],
    "other-package": [("a.jar", _zip(**{"META-INF__MANIFEST_dot_MF": "x"}))],
    "outlook": [("a.msg", _ole("__substg1.0_001A"))],
    "office-old": [("a.doc", _ole("WordDocument"))],
    "rtf": [("a.rtf", "{\\rtf1 x}")],
    "email": [("a.eml", "From: a@firma.cz\r\nTo: b@firma.cz\r\nSubject: Faktura\r\n\r\nx")],
    "other-archive": [
        ("a.7z", b"7z\xbc\xaf\x27\x1c"),
        ("a.gz", b"\x1f\x8b\x08\x00"),
        ("a.rar", b"Rar!\x1a\x07\x01\x00"),
    ],
    "executable": [("faktura.pdf.exe", b"MZ" + bytes(100)), ("a", b"\x7fELF\x02"), ("a.sh", "#!/bin/sh\n")],
    "html": [
        ("a.xls", "<html><table><tr><td>1</td></tr></table></html>"),
        ("a.csv", "\r\n<!DOCTYPE html>\n<html lang='cs'>"),
        ("a.html", '<?xml version="1.0"?>\n<!-- x --><HTML xmlns="http://www.w3.org/1999/xhtml">'),
    ],
    "ubl-other": [("a.xml", '<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>')],
    "edifact-other": [("a.edi", "UNA:+.? '\r\nUNB+UNOC:3+1+2+260115:1200+1'UNH+1+ORDERS:D:01B:UN'")],
    "signed": [
        ("a.xml.p7m", SIGNED),
        ("a.xml.p7m", base64.b64encode(SIGNED)),
        ("a.xml.p7m", base64.b64encode(b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80")),
    ],
    "money-s3": [("a.xml", "<MoneyData ICAgendy='12345679'/>")],
    "abra-flexi": [("a.xml", '<winstrom version="1.0"/>')],
    "json": [("a.json", '{"invoices": []}'), ("a.json", '[\n  {"a": 1}]'), ("a.json", "{}")],
}
INBOX = {
    "png": [("a.png", b"\x89PNG\r\n\x1a\n")],
    "jpeg": [("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF"), ("a.dat", b"\xff\xd8\xff\xdb")],
    "gif": [("a.gif", b"GIF89a\x01")],
    "tiff": [("a.tif", b"II*\x00\x08"), ("a.tif", b"MM\x00*\x08")],
    "bmp": [("a.bmp", b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00")],
    "heic": [("a.heic", b"\x00\x00\x00\x18ftypheic")],
    "webp": [("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ")],
}


def _source(name: str, content: str | bytes) -> Source:
    return Source(name, content.encode("utf-8") if isinstance(content, str) else content)


def _cases(table: dict[str, list[tuple[str, str | bytes]]]):
    return [
        pytest.param(name, *case, id=f"{name}-{i}") for name, cases in table.items() for i, case in enumerate(cases)
    ]


@pytest.mark.parametrize(("name", "file_name", "content"), _cases(NOT_READ))
def test_what_is_not_read_is_named_with_reason_and_remedy(name, file_name, content):
    source = _source(file_name, content)
    assert recognise(Sample(source)).format == name
    (found,) = read(source, Reading())
    assert isinstance(found, Finding)
    assert found.code == "format.not-read"
    assert found.is_error
    assert found.message.endswith(".")
    assert found.hint.endswith(".")
    assert found.location.path == file_name


@pytest.mark.parametrize(("name", "file_name", "content"), _cases(INBOX))
def test_what_the_inbox_takes_goes_as_it_is(name, file_name, content):
    source = _source(file_name, content)
    assert recognise(Sample(source)).format == name
    (document,) = read(source, Reading())
    assert isinstance(document, OtherDocument)
    assert document.kind is Kind.FILE
    assert document.origin.content == source.read()
    assert document.file_name == file_name
    assert document.findings == ()


def test_every_kind_of_the_table_is_told():
    told = {*NOT_READ, *INBOX, *(form for form, *_ in INVOICES)}
    assert {kind.format for kind in kinds().values()} <= told


def test_every_kind_has_a_sign_and_either_goes_to_the_inbox_or_says_why_not():
    for kind in kinds().values():
        assert kind.magic or kind.pattern or kind.root or kind.entry, kind.name
        assert kind.inbox != bool(kind.reason and kind.remedy), kind.name


@pytest.mark.parametrize("content", [b"Dobry den,\r\nposilam fakturu.\r\n", bytes(range(256)), b"\x00\x01", b"074"])
def test_what_bears_no_sign_is_unknown_and_shown_harmlessly(content):
    source = Source("a.dat", b"\x1b[2J" + content)
    assert recognise(Sample(source)).format == "unknown"
    (found,) = read(source, Reading())
    assert found.code == "format.unknown"
    assert "\\x1b[2J" in found.message
    assert found.message.isprintable()


def test_unknown_xml_is_shown_with_its_root():
    source = _source("a.xml", '<?xml version="1.0"?><o:order xmlns:o="urn:firma:objednavka"/>')
    assert recognise(Sample(source)).format == "unknown"
    (found,) = read(source, Reading())
    assert found.code == "format.unknown-xml"
    assert "order" in found.message
    assert "urn:firma:objednavka" in found.message


def test_xml_full_of_semicolons_is_no_table():
    source = _source("a.csv", "<a>\n&lt;;;;;\n&gt;;;;;\n</a>")
    assert recognise(Sample(source)).format == "unknown"


def test_a_text_in_utf16_is_looked_into():
    assert recognise(Sample(Source("a.xls", "<html><table>".encode("utf-16")))).format == "html"


def test_a_picture_larger_than_allowed_is_a_finding():
    (found,) = read(Source("a.png", b"\x89PNG\r\n\x1a\n" + bytes(100)), Reading(limits=Limits(document_bytes=50)))
    assert found.code == "source.document-too-large"


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=400), name=st.sampled_from(["a", "a.csv", "a.xml", "a.gpc", "a.pdf"]))
def test_every_file_ends_in_exactly_one_document_or_finding(content, name):
    assert len(list(read(Source(name, content), Reading()))) == 1


@pytest.mark.parametrize("start", ["", "<!-- ", "{4:", "From: x\n", "{", "HO", "a;b;c;d;", "<a "])
def test_no_file_takes_long_to_be_named(start):
    import time

    for filler in (" ", ":20:", "\n", "<!-- -->", "a;b\n", ":20:\n", "W\0o\0"):
        begin = time.perf_counter()
        recognise(Sample(_source("a.txt", (start + filler * 64000)[:65536])))
        assert time.perf_counter() - begin < 1


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize(
    ("folder", "formats"),
    [
        ("csv", {"spreadsheet"}),
        ("finsta", {"finsta"}),
    ],
)
def test_real_files_are_named(folder, formats):
    files = [path for path in sorted((CORPUS / folder).iterdir()) if path.is_file()]
    assert files
    assert {recognise(Sample(Source(str(path), file=path))).format for path in files} <= formats


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("name", ["wolph__mBank_mt942.sta", "wolph__self-provided_mt942.sta"])
def test_real_lists_of_movements_are_named(name):
    path = CORPUS / "mt940" / name
    assert recognise(Sample(Source(str(path), file=path))).format == "mt942"
