"""The proportions of an XML text, measured before it is parsed."""

from __future__ import annotations

import base64
import mmap

import pytest

from efimport.findings import Finding
from efimport.formats.camt.reader import _out_of_proportion as message_refused
from efimport.formats.xml import parse, xml_text
from efimport.formats.xml_proportions import LONGEST, TAGS, endless_root, out_of_proportion
from efimport.planning.build import check_only
from efimport.sources import Source

FILE = base64.b64encode(bytes(range(256)) * 8000)
LINES = base64.encodebytes(bytes(range(256)) * 8000)
INDENTED = LINES.replace(b"\n", b"\n          ")
LINE = b"<Line><Number>1</Number><Description>Zero</Description></Line>\n"


@pytest.mark.parametrize(
    "content",
    [
        b"<a/>",
        b"",
        b"<a>" + FILE + b"</a>",
        b"<a><b>" + LINES + b"</b><b>" + INDENTED + b"</b></a>",
        b'<a mime="application/pdf"><![CDATA[' + FILE + b"]]></a>",
        b"<a>" + b"x" * (LONGEST - 10) + b"</a>",
        b"<a>" + LINE * 100_000 + b"</a>",
    ],
    ids=["empty", "nothing", "file", "file-in-lines", "file-in-cdata", "long-text", "many-lines"],
)
def test_a_document_has_proportions(content):
    assert out_of_proportion(content) is None


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"<a>\n<b>" + b"word " * 300_000 + b"</b></a>", "a text is longer", 2),
        (b"<a>" + FILE + b"!" + b"</a>", "a text is longer", 1),
        (b"\n\n<a>" + b"&#65;" * 300_000 + b"</a>", "a text is longer", 3),
        (b"<a><![CDATA[" + b"word " * 300_000 + b"]]></a>", "a text is longer", 1),
        (b"word " * 300_000, "a text is longer", 1),
        (b"<a>\n<!--" + FILE + b"--></a>", "a tag or comment", 2),
        (b"<a><?php " + FILE + b"?></a>", "a tag or comment", 1),
        (b'<a b="' + FILE + b'"/>', "a tag or comment", 1),
        (b"<a " + FILE, "a tag or comment", 1),
        (b"<a>\n" * 300_000 + b"</a>" * 300_000, "hardly anything", 1),
        (LINE + b"<a/>" * 300_000, "hardly anything", 1),
        (LINE * (TAGS // 6 + 1), "more than 1000000 tags", 160_000),
    ],
)
def test_what_no_document_has_is_refused(content, reason, line):
    found = out_of_proportion(content, "a.xml")
    assert found is not None
    assert found.code == "xml.out-of-proportion"
    assert reason in str(found.message)
    assert found.location.line == pytest.approx(line, abs=20_000 if line > 1000 else 0)


def test_a_part_of_a_text_is_judged_by_itself():
    content = b"<p>" + b"word " * 300_000 + b"<a>1</a>"
    start = content.index(b"<a>")
    assert out_of_proportion(content, start=start) is None
    assert out_of_proportion(content, end=start) is not None


def test_a_mapped_file_is_judged_like_one_in_memory(tmp_path):
    path = tmp_path / "a.xml"
    for content in (b"<a>" + FILE + b"</a>", b"<a>" + b"word " * 300_000 + b"</a>"):
        path.write_bytes(content)
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            assert out_of_proportion(mapped) == out_of_proportion(content)


def test_a_root_that_never_ends_is_not_cut():
    assert endless_root(b"<?xml?>\n<a" + b' b="1"' * 200_000, line_offset=2).location.line == 4
    assert endless_root(b"<a>" + b"word " * 300_000) is None
    assert endless_root(b"<a") is None


def test_it_is_asked_before_parsing():
    found = parse(xml_text(b"<a>" + b"<b/>" * 300_000 + b"</a>"), "a.xml")
    assert isinstance(found, Finding)
    assert found.code == "xml.out-of-proportion"


def test_a_message_of_many_entries_may_have_any_number_of_tags():
    entry = b"<Ntry><Amt>1.00</Amt><BookgDt><Dt>2026-01-02</Dt></BookgDt></Ntry>\n"
    assert message_refused(Source("a.xml", b"<Document>" + entry * (TAGS // 8 + 1))) is None
    other = entry.replace(b"Ntry", b"Bal")
    assert message_refused(Source("a.xml", b"<Document>" + other * (TAGS // 8 + 1))) is not None


def test_an_item_out_of_proportion_does_not_take_the_others_with_it():
    start = b'<dat:dataPack xmlns:dat="http://www.stormware.cz/schema/version_2/data.xsd" version="2.0" id="p">\n'
    item = b'<dat:dataPackItem version="2.0" id="%d">%s</dat:dataPackItem>\n'
    content = start + item % (1, b"<!--" + FILE + b"-->") + item % (2, b"") + b"</dat:dataPack>"
    (source,) = check_only([Source("a.xml", content)]).sources
    codes = {(found.code, found.location.line) for found in source.findings}
    assert {("pohoda.item-damaged", 2), ("pohoda.item-empty", 3)} <= codes


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0"?>\n<!DOCTYPE a [\n<!ENTITY q "' + b"q" * 70_000 + b'">]><a/>',
        b'<?xml version="1.0"?>\n<!--' + b" x" * 70_000 + b"-->\n<!DOCTYPE a><a/>",
        b"\xef\xbb\xbf<!--" + b" x\n" * 70_000 + b"--><!DOCTYPE a><a/>",
    ],
    ids=["long", "far-behind", "far-behind-a-mark"],
)
def test_a_doctype_is_told_where_the_root_is_out_of_sight(content):
    (source,) = check_only([Source("a.xml", content)]).sources
    (found,) = source.findings
    line = content[: content.index(b"<!DOCTYPE")].count(b"\n") + 1
    assert (found.code, found.location.line) == ("xml.doctype", line)


def test_a_long_comment_alone_is_no_doctype():
    (source,) = check_only([Source("a.xml", b"<!--" + b" x" * 70_000 + b"--><a/>")]).sources
    assert [found.code for found in source.findings] == ["format.unknown"]
