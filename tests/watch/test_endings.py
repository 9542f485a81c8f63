"""Whether a file ends as its format must."""

from __future__ import annotations

import codecs
import io
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.watch.endings import End, end_of
from efimport.watch.endings import content as pieces
from tests.watch import contents

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
SAMPLES = Path(__file__).resolve().parents[2] / "samples"
DECLARATION = b'<?xml version="1.0"?>'


def shown(value):
    """A short name of a case; further on there are sums that differ from one run to the next."""
    return ascii(value[:10])[2:-1] if isinstance(value, bytes) else None


@pytest.fixture
def judged(tmp_path):
    """The judgement on some bytes."""

    def judge(content):
        path = tmp_path / "soubor"
        path.write_bytes(content)
        try:
            return end_of(path, len(content))
        finally:
            # What tests leave behind is searched for secrets.
            path.unlink()

    return judge


# XML

WHOLE_XML = [
    b"<a></a>",
    b"<a/>",
    b'<a b="1"/>\n',
    b"<a b=\"/>\" c='>'></a>",
    DECLARATION + b"<p:a xmlns:p='u'><b/></p:a >\r\n\r\n",
    DECLARATION + b"<a><ab/><a/><a></a></a>",
    DECLARATION + b"<a><![CDATA[<a>]]><!-- <a> --><?x <a> ?></a>",
    DECLARATION + b"<a></a><!-- the end --><?x y?> \x1a",
    DECLARATION + b"<!DOCTYPE a [<!ENTITY b '<a>'> <!-- ]> --> <?x ]> ?>]><a>&b;</a>",
    DECLARATION + b"<!-- " + b"x" * 100_000 + b" --><a></a>",
    b"\n \xef\xbb\xbf<a></a>".lstrip(),
    b"<!DOCTYPE HTML><HTML><body></body></html>\n",
    contents.xml(),
    contents.xml(encoding="utf-16"),
    contents.xml(encoding="windows-1250"),
    codecs.BOM_UTF16_BE + contents.xml().decode().encode("utf-16-be"),
    contents.xml().decode().encode("utf-16-le"),
    codecs.BOM_UTF8 + contents.xml(),
    codecs.BOM_UTF32_LE + contents.xml().decode().encode("utf-32-le"),
]


@pytest.mark.parametrize("content", WHOLE_XML, ids=shown)
def test_a_closed_root_is_an_end(judged, content):
    assert judged(content).end is End.PROVED


CUT_XML = [
    DECLARATION,
    DECLARATION + b"<a",
    DECLARATION + b"<a><a></a>",
    DECLARATION + b"<a><!-- </a>",
    DECLARATION + b"<a><![CDATA[</a>",
    DECLARATION + b"<a><!-- </a> -->",
    DECLARATION + b"<a></ab>",
    DECLARATION + b"<a></a",
    DECLARATION + b"<a></a><!-- not closed",
    DECLARATION + b"<!DOCTYPE a [<!ENTITY b '</a>'>",
    b'<Invoice xmlns="urn:x"><ID>1</ID>',
    DECLARATION + b"<a><b/>" + bytes(5000),
]


@pytest.mark.parametrize("content", CUT_XML, ids=shown)
def test_a_root_that_is_not_closed_is_unfinished(judged, content):
    ending = judged(content)
    assert (ending.end, ending.strict) == (End.MISSING, True)
    assert ending.expected


def test_the_missing_tag_is_named(judged):
    assert judged(b'<p:faktura xmlns:p="u"><a>').expected == "The closing tag </p:faktura> is missing."


def test_what_only_begins_like_markup_is_not_unfinished_for_certain(judged):
    ending = judged(b"<poznamka> vzkaz bez konce")
    assert (ending.end, ending.strict) == (End.MISSING, False)


def test_zero_bytes_behind_the_root_are_doubtful(judged):
    ending = judged(b"<a></a>" + bytes(1000))
    assert (ending.end, ending.strict) == (End.MISSING, False)


def test_a_second_document_behind_the_root_proves_nothing(judged):
    assert judged(b"<a></a><a>").end is End.NO_MARK


@pytest.mark.parametrize("length", range(40, 70))
def test_nothing_is_missed_where_one_piece_ends_and_the_next_begins(judged, monkeypatch, length):
    monkeypatch.setattr(pieces, "PIECE", length)
    for content in (contents.xml(), contents.xml(encoding="utf-16"), DECLARATION + b"<a></a>"):
        assert judged(content).end is End.PROVED
        assert judged(content[:-6]).end is End.MISSING
    assert judged(contents.gpc()).end is End.PROVED


def test_of_a_large_unfinished_file_only_both_ends_are_read(tmp_path):
    path = tmp_path / "velky.xml"
    with path.open("wb") as stream:
        stream.write(DECLARATION + b"<a>")
        stream.seek(700_000_000)
        stream.write(b"<b/>")
    assert end_of(path, path.stat().st_size).strict
    path.unlink()


# Statements


@pytest.mark.parametrize(
    "content",
    [
        contents.gpc(),
        contents.gpc().replace(b"\r\n", b"\n"),
        contents.gpc().replace(b"\r\n", b"\r"),
        contents.gpc() + b"\x1a",
        contents.gpc() + contents.gpc(),
        contents.gpc().decode().encode("utf-16"),
        contents.gpc().replace(b"Vzorova firma ", "Vzorová firma ".encode("cp852")),
        contents.gpc().replace(b"Vzorova firma ", "Vzorová firma ".encode()),
        contents.gpc(()),
        contents.gpc(((100, 1), (40, 2), (40, 2))),
    ],
    ids=shown,
)
def test_a_statement_that_adds_up_is_whole(judged, content):
    assert judged(content).end is End.PROVED


def reversed_statement(code, *, net):
    """An item taken back by another one, which lowers the turnover of its side (or raises that of the other)."""
    plain = contents.gpc(((10000, 1), (2500, 2), (10000, 9)))
    plain = plain.replace(b"%012d9" % 10000, b"%012d%d" % (10000, code))
    header, *items = plain.split(b"\r\n")
    debit, credit = (0, 2500) if net else (10000, 12500)
    header = header[:60] + b"%014d+" % 502500 + b"%014d0%014d0" % (debit, credit) + header[105:]
    return b"\r\n".join([header, *items])


@pytest.mark.parametrize("code", [4, 3])
@pytest.mark.parametrize("net", [True, False])
def test_reversals_count_as_any_bank_counts_them(judged, code, net):
    assert judged(reversed_statement(code, net=net)).end is End.PROVED


def test_a_statement_without_turnovers_proves_nothing(judged):
    assert judged(contents.gpc(turnovers=False)).end is End.NO_MARK


@pytest.mark.parametrize("record", [b"076", b"078", b"079"])
def test_behind_records_that_are_not_summed_something_may_be_missing(judged, record):
    assert judged(contents.gpc() + record + b" zprava\r\n").end is End.NO_MARK


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (contents.gpc()[:-260], "add up"),
        (contents.gpc()[:-20], "cut"),
        (contents.gpc() + contents.gpc()[:130], "add up"),
        (contents.gpc() + contents.gpc()[:90], "add up"),
        (contents.gpc()[:-130] + bytes(130), "zero bytes"),
        (contents.gpc() + bytes(130), "zero bytes"),
    ],
    ids=shown,
)
def test_a_statement_that_does_not_add_up_is_doubtful(judged, content, expected):
    ending = judged(content)
    assert (ending.end, ending.strict) == (End.MISSING, False)
    assert expected in ending.expected


def test_a_last_record_without_line_end_proves_nothing(judged):
    assert judged(contents.gpc()[:-2]).end is End.NO_MARK


@pytest.mark.parametrize(
    ("content", "end"),
    [
        (contents.mt940(), End.PROVED),
        (contents.mt940(blocks=False), End.PROVED),
        (contents.mt940(blocks=False).replace(b"\r\n", b"@@"), End.PROVED),
        (contents.mt940(blocks=False).decode().encode("utf-16"), End.PROVED),
        (contents.mt940().rstrip() + b"{5:{MAC:00000000}{CHK:123456789ABC}}", End.PROVED),
        (contents.mt940().rstrip() + b"$" + contents.mt940(), End.PROVED),
        (contents.mt940().replace(b",00\r\n-}", b",00-}"), End.PROVED),
        (b"940\r\nVZOR\r\n" + contents.mt940(blocks=False), End.PROVED),
        (contents.mt940(blocks=False, trailer=False), End.NO_MARK),
        (contents.mt940().replace(b":62F:", b":62M:"), End.NO_MARK),
        (contents.mt940(blocks=False, trailer=False) + b":64:C260131CZK1,00\r\n", End.NO_MARK),
        (contents.mt940(blocks=False, trailer=False).rstrip(), End.NO_MARK),
        (contents.mt940(trailer=False), End.MISSING),
        (contents.mt940(blocks=False) + contents.mt940(blocks=False, trailer=False), End.MISSING),
        (contents.mt940(blocks=False, trailer=False) + b":64:C260131CZ", End.MISSING),
        (contents.mt940(blocks=False).partition(b":62F:")[0], End.MISSING),
        (contents.mt940() + contents.mt940().partition(b":62F:")[0], End.MISSING),
        (contents.mt940(blocks=False) + b":20:VYPIS\r\n", End.MISSING),
        (contents.mt940() + bytes(100), End.MISSING),
    ],
    ids=shown,
)
def test_a_message_ends_with_its_closing_balance_and_its_frame(judged, content, end):
    ending = judged(content)
    assert (ending.end, ending.strict) == (end, False)


# Tables and texts


@pytest.mark.parametrize(
    ("content", "end"),
    [
        (contents.csv(), End.NO_MARK),
        (contents.csv().decode().encode("utf-16"), End.NO_MARK),
        (contents.csv() + b"\x1a", End.NO_MARK),
        (contents.csv().replace(b"\r\n", b"\r"), End.NO_MARK),
        (contents.csv()[:-2], End.MISSING),
        (contents.csv()[:-7].decode().encode("utf-16"), End.MISSING),
        (b"x", End.MISSING),
        (b'{"a": ["}"]}\n', End.PROVED),
        (b'[{"a": "\\"]"}]', End.PROVED),
        (b'[{"a": 1}', End.MISSING),
        (b'[{"a": "1]}]', End.MISSING),
        (b'{"a": 1}\n{"a": 2}\n', End.NO_MARK),
        (b"[section]\nkey=1\n", End.NO_MARK),
    ],
    ids=shown,
)
def test_a_text_has_no_end_but_that_of_its_last_line(judged, content, end):
    ending = judged(content)
    assert (ending.end, ending.strict) == (end, False)


@pytest.mark.parametrize("content", [b"", bytes(5000), contents.csv() + bytes(300), b'{"a": 1' + bytes(9)], ids=shown)
def test_what_is_empty_or_still_to_be_filled_is_unfinished(judged, content):
    assert judged(content).strict


# Archives, documents, pictures


def zipped(comment=b"", *, mode="w", large=False):
    stream = io.BytesIO(b"" if mode == "w" else b"#!/bin/sh\n")
    with zipfile.ZipFile(stream, mode) as archive:
        archive.comment = comment
        with archive.open("a.xml", "w", force_zip64=large) as member:
            member.write(b"<a/>")
    return stream.getvalue()


def long_archive():
    """An archive with the ZIP64 end of the directory, as one of very many entries has."""
    plain = zipped()
    end = plain[-22:]
    size, offset = int.from_bytes(end[12:16], "little"), int.from_bytes(end[16:20], "little")
    place = len(plain) - 22
    long = b"PK\x06\x06" + (44).to_bytes(8, "little") + b"\x2d\0\x2d\0" + bytes(8)
    long += b"".join(number.to_bytes(8, "little") for number in (1, 1, size, offset))
    locator = b"PK\x06\x07" + bytes(4) + place.to_bytes(8, "little") + (1).to_bytes(4, "little")
    return plain[:-22] + long + locator + b"PK\x05\x06" + bytes(4) + b"\xff" * 12 + bytes(2)


@pytest.mark.parametrize(
    "content",
    [
        contents.archive(),
        contents.archive(compression=zipfile.ZIP_STORED),
        zipped(b"pozn\xe1mka PK\x05\x06"),
        zipped(large=True),
        long_archive(),
        b"PK\x05\x06" + bytes(18),
        contents.compound(),
        contents.pdf(),
        contents.pdf().rstrip(),
        contents.pdf() + contents.pdf(),
        b"\xff\xd8\xff" + b"obraz" * 9 + b"\xff\xd9",
        b"\x89PNG\r\n\x1a\n" + bytes(40) + b"\x00\x00\x00\x00IEND\xaeB`\x82",
    ],
    ids=shown,
)
def test_a_format_with_an_end_of_its_own_is_proved(judged, content):
    assert judged(content).end is End.PROVED


@pytest.mark.parametrize(
    "content",
    [
        contents.pdf() + b"poznamka tiskarny",
        contents.pdf() + bytes(300),
        contents.tiff(),
        contents.tiff(">"),
        b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\x00IEND\xaeB`\x82" + b"k",
        b"\x00\x01\x02\x03 neznamy binarni soubor",
        b"GIF89a\x01\x00\x00",
        random.Random(1).randbytes(500),
        contents.compound()[:-10],
    ],
    ids=shown,
)
def test_where_nothing_is_proved_nothing_is_missing(judged, content):
    assert judged(content).end is End.NO_MARK


@pytest.mark.parametrize(
    ("content", "strict"),
    [
        (zipped()[:-1], True),
        (zipped(b"komentar")[:-3], True),
        (zipped() + b"k", False),
        (zipped() + zipped(), False),
        (zipped() + bytes(70_000), True),
        (contents.compound()[:-600], True),
        (contents.compound()[:100], True),
        (contents.pdf()[:-7], False),
        (contents.pdf() + b"1 0 obj " * 200, False),
        (contents.pdf().replace(b"%PDF-1.7\n", b"%PDF-1.7\n1 0 obj <</Linearized 1/L 9999>>\n"), False),
        (contents.pdf()[:40] + bytes(1000), True),
        (b"\xff\xd8\xff" + b"obraz" * 9, False),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), False),
        (contents.tiff()[:-1], False),
        (contents.tiff()[:20], False),
    ],
    ids=shown,
)
def test_a_cut_document_is_told(judged, content, strict):
    ending = judged(content)
    assert (ending.end, ending.strict) == (End.MISSING, strict)


def test_bytes_that_come_after_the_listing_are_not_looked_at(tmp_path):
    (tmp_path / "a.xml").write_bytes(b'<?xml version="1.0"?><a></a>')
    assert end_of(tmp_path / "a.xml", 24).strict


def test_a_file_that_has_become_shorter_is_unfinished(tmp_path):
    (tmp_path / "a.xml").write_bytes(b"<a></a>")
    assert end_of(tmp_path / "a.xml", 8).strict


# All files, whole and cut

BROKEN = {
    "samples/invoices/truncated.xml": "cut on purpose",
    "samples/other/empty.xml": "empty on purpose",
    "samples/statements/wrong-sum.gpc": "does not add up on purpose",
    "csv/banana_revolut__revolut.transactions.business3_20240724.csv": "no line end at the end",
    "csv/banana_revolut__revolut.transactions.business3_20251016.csv": "no line end at the end",
    "gpc/fio_ago.gpc": "edited by hand, does not add up",
    "gpc/spojenet_basic_format.abo": "a specification's example, does not add up",
    "gpc/spojenet_extended_format.abo": "a specification's example, does not add up",
    "gpc/pionl_headers_074_only.gpc": "headers without their items",
    "mt940/wolph__betterplace_empty_86.sta": "a single field",
    "mt940/wolph__betterplace_empty_line.sta": "the beginning of a message",
    "mt940/wolph__betterplace_missing_crlf_at_end.sta": "a single balance",
    "mt940/wolph__betterplace_sepa_snippet_broken.sta": "an entry without its message",
    "mt940/wolph__cmxl_reference.sta": "a single field",
    "mt940/wolph__self-provided_gv_codes.sta": "entries without a closing balance",
    "mt940/wolph__jejik_generic.sta": "the last statement goes without the line that ends the others",
}
PROVED_ENDINGS = (".isdoc", ".isdocx", ".zip", ".xlsx", ".xml", ".pdf", ".png")


FOLDERS = ["samples", "pohoda", "isdoc", "gpc", "camt053", "mt940", "paypal", "csv", "finsta"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_whole_file_misses_its_end(folder):
    root = SAMPLES if folder == "samples" else CORPUS / folder
    if not root.is_dir():
        pytest.skip("the corpus is not here")
    judged = {
        path.relative_to(root.parent).as_posix(): end_of(path, path.stat().st_size)
        for path in root.rglob("*")
        if path.is_file()
    }
    assert len(judged) > 0
    assert [name for name, ending in judged.items() if ending.end is End.MISSING and name not in BROKEN] == []
    unproved = [name for name, ending in judged.items() if ending.end is End.NO_MARK]
    assert [name for name in unproved if name.endswith(PROVED_ENDINGS)] == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_misses_its_end(name):
    path = SAMPLES.parent / name if name.startswith("samples/") else CORPUS / name
    if not path.is_file():
        pytest.skip("the corpus is not here")
    assert end_of(path, path.stat().st_size).end is End.MISSING


CUT_ANYWHERE = {
    "xml": contents.xml(),
    "utf-16": contents.xml(encoding="utf-16"),
    "zip": zipped(b"komentar"),
    "stored": contents.archive(compression=zipfile.ZIP_STORED),
    "gpc": contents.gpc(),
    "mt940": contents.mt940(),
    "bare mt940": contents.mt940(blocks=False),
    "compound": contents.compound(),
    "pdf": contents.pdf(),
}


@pytest.mark.parametrize("name", CUT_ANYWHERE)
def test_nothing_that_is_cut_anywhere_is_proved(tmp_path, name):
    content, path = CUT_ANYWHERE[name], tmp_path / "soubor"
    path.write_bytes(content)
    whole = len(content.rstrip(b"\r\n\0")) if name != "zip" else len(content)
    for size in range(min(whole, len(content) - 1)):
        ending = end_of(path, size)
        assert ending.end is not End.PROVED, size
        if name in ("zip", "utf-16", "xml") and size > 64:
            assert ending.strict, size


@pytest.mark.parametrize("name", CUT_ANYWHERE)
def test_a_file_of_full_size_that_is_still_being_filled_is_never_proved(tmp_path, name):
    content, path = CUT_ANYWHERE[name], tmp_path / "soubor"
    rng = random.Random(4)
    last = len(content.rstrip(b"\r\n\0")) - 2
    for filled in [rng.randrange(last) for _ in range(60)]:
        path.write_bytes(content[:filled].ljust(len(content), b"\0"))
        assert end_of(path, len(content)).end is not End.PROVED, filled


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("kind", ["xml", "isdoc", "xlsx", "isdocx", "zip"])
@settings(max_examples=25)
@given(data=st.data())
def test_no_file_of_others_that_is_cut_is_called_anything_but_unfinished(kind, data):
    path = data.draw(st.sampled_from([path for path in sorted(CORPUS.rglob(f"*.{kind}")) if path.stat().st_size > 99]))
    whole = len(path.read_bytes().rstrip(b"\r\n\t "))
    assert end_of(path, data.draw(st.integers(64, whole - 1))).strict


BEGINNINGS = [
    b"", b"<a>", b"PK\x03\x04", b"PK\x05\x06", b"%PDF-1.4", b"II*\0", b"MM\0*", b"\xff\xd8\xff", b"[{", b"\xff\xfe",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"074" + b"0" * 16, b":20:x\n:61:",
]  # fmt: skip


@settings(max_examples=60)
@given(content=st.binary(max_size=300), head=st.sampled_from(BEGINNINGS))
def test_no_bytes_are_an_error(tmp_path_factory, content, head):
    path = tmp_path_factory.mktemp("bytes") / "soubor"
    path.write_bytes(head + content)
    assert content == b"" or end_of(path, len(head + content)).end in End
