from __future__ import annotations

import io
import re
from decimal import Decimal

import pytest
from lxml import etree

from efimport.findings import codes
from efimport.formats import camt
from efimport.formats.camt import layout
from efimport.formats.reading import Reading
from efimport.sources import Source
from tests.formats.camt.conftest import SHARED, Writer, outcome


def test_one_statement_is_sent_as_the_bytes_of_its_file(writer: Writer) -> None:
    text = writer.message(writer.statement(writer.entry())).encode()
    origin = outcome(text).statement.origin
    assert (origin.content, origin.changes, origin.format, origin.ordinal) == (text, (), "camt053", 1)


def test_a_byte_order_mark_is_removed(writer: Writer) -> None:
    text = writer.message(writer.statement()).encode()
    origin = outcome(b"\xef\xbb\xbf" + text).statement.origin
    assert (origin.content, origin.changes) == (text, ("camt.mark-removed",))


def test_several_statements_come_each_under_the_head_of_the_file(writer: Writer) -> None:
    texts = [writer.statement(writer.entry(f"{n}.00"), number=str(n)) for n in (1, 2, 3)]
    whole = writer.message(*texts)
    found = outcome(whole)
    head, tail = whole[: whole.index("<Stmt>")], whole[whole.rindex("</Stmt>") + len("</Stmt>") :]
    for statement, text in zip(found.statements, texts, strict=True):
        assert statement.origin.content.decode() == head + text + tail
        assert statement.origin.changes == ("camt.split",)
        assert statement.origin.line == whole[: whole.index(text)].count("\n") + 1
        (again,) = outcome(statement.origin.content).statements
        assert (again.entries[0].amount, again.number) == (statement.entries[0].amount, statement.number)
    assert found.finding("camt.several-statements").message.arguments["count"] == "3"
    assert found.statements[2].entries[0].line == whole[: whole.rindex("<Ntry>")].count("\n") + 1


def test_one_statement_is_not_called_several(writer: Writer) -> None:
    assert "camt.several-statements" not in outcome(writer.message(writer.statement())).codes


def test_tags_in_comments_and_texts_do_not_mislead_the_cut(writer: Writer) -> None:
    trap = "<!-- <Stmt> </Stmt> <Ntry> --><AddtlNtryInf><![CDATA[</Stmt><Stmt><Ntry>]]></AddtlNtryInf>"
    first = writer.statement(writer.entry("1", end=trap), number="1")
    second = writer.statement(writer.entry("2"), number="2")
    whole = writer.message("<!-- <Stmt/> -->", first, "<!-- </Stmt> -->", second)
    found = outcome(whole)
    assert [statement.number for statement in found.statements] == ["1", "2"]
    assert first in found.statements[0].origin.content.decode()
    assert second not in found.statements[0].origin.content.decode()
    assert found.statements[1].entries[0].line == whole[: whole.index(second)].count("\n") + 2


def test_a_statement_inside_a_supplement_is_none(writer: Writer) -> None:
    supplement = "<SplmtryData><Envlp><Stmt><Ntry/></Stmt></Envlp></SplmtryData>"
    whole = writer.message(writer.statement(writer.entry("1"))).replace(
        "</BkToCstmrStmt>", f"{supplement}</BkToCstmrStmt>"
    )
    found = outcome(whole)
    assert len(found.statements) == 1
    assert found.statement.origin.content.decode() == whole


def test_a_cut_that_cannot_be_made_is_refused(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout.Layout, "_spans", lambda self, pattern: [])
    statement = outcome(writer.message(writer.statement())).statement
    assert "camt.cannot-cut" in {finding.code for finding in statement.findings}
    assert statement.origin.content == b""


@pytest.mark.parametrize(
    ("declared", "actual", "name"),
    [
        ("UTF-8", "utf-8", "utf-8"),
        ("windows-1250", "cp1250", "windows-1250"),
        ("ISO-8859-2", "iso8859-2", "iso-8859-2"),
        ("UTF-8", "cp1250", "windows-1250"),
        ("UTF-16", "utf-16", "utf-8"),
    ],
)
@pytest.mark.parametrize("count", [1, 2])
def test_what_is_sent_declares_its_encoding(writer: Writer, declared: str, actual: str, name: str, count: int) -> None:
    entry = writer.entry("5", "<AddtlTxInf>Příliš žluťoučký kůň</AddtlTxInf>")
    whole = writer.message(*[writer.statement(entry)] * count, encoding=declared).encode(actual)
    found = outcome(whole)
    assert found.reading.encoding == name
    assert len(found.statements) == count
    for statement in found.statements:
        root = etree.fromstring(statement.origin.content)
        (text,) = root.xpath("//*[local-name()='AddtlTxInf']/text()")
        assert text == statement.entries[0].message == "Příliš žluťoučký kůň"
        rewritten = declared.lower() != name
        assert ("camt.encoding" in statement.origin.changes) == rewritten


def test_a_document_type_is_refused(writer: Writer) -> None:
    text = writer.message(writer.statement()).replace("<Document", '<!DOCTYPE Document [<!ENTITY a "1">]>\n<Document')
    found = outcome(text)
    assert [finding.code for finding in found.findings] == ["xml.doctype"]
    assert found.statements == []


def test_a_document_type_behind_a_long_comment_is_refused(writer: Writer) -> None:
    comment = f"<!--{'x' * 100_000}-->"
    text = writer.message(writer.statement()).replace("<Document", f"{comment}<!DOCTYPE Document>\n<Document")
    found = outcome(text)
    assert [finding.code for finding in found.findings] == ["xml.doctype"]
    assert found.statements == []


def test_a_message_without_a_statement_is_told(writer: Writer) -> None:
    found = outcome(writer.message())
    assert [finding.code for finding in found.findings] == ["camt.no-statement"]


@pytest.mark.parametrize("cut", [10, 200, -5, -30, -80])
def test_a_file_that_is_cut_off_gives_no_statement(writer: Writer, cut: int) -> None:
    text = writer.message(writer.statement(writer.entry()), writer.statement(writer.entry()))[:cut]
    found = outcome(text)
    assert found.statements == []
    assert {"xml.not-well-formed", "camt.no-statement"} & found.codes


def test_lines_beyond_sixteen_bits_are_right(writer: Writer) -> None:
    entry = writer.entry("1").replace("><", ">\n" * 5000 + "<", 1)
    text = writer.message(writer.statement(*[entry] * 20))
    found = outcome(text)
    lines = [entry.line for entry in found.statement.entries]
    assert lines == [number for number, line in enumerate(text.split("\n"), start=1) if "<Ntry>" in line]
    assert lines[-1] > 65535


def test_a_large_file_is_read_from_the_disk(writer: Writer, tmp_path) -> None:
    entry = writer.entry("1.00", "<AddtlTxInf>x</AddtlTxInf>")
    path = tmp_path / "large.xml"
    path.write_text(writer.message(writer.statement(*[entry] * 30_000)), encoding="utf-8")
    assert path.stat().st_size > 8 * 1024 * 1024
    (statement,) = camt.read(Source(str(path), file=path), Reading())
    assert statement.credit == Decimal("30000.00")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("<Sts>BOOK</Sts>", "<Bogus/><Sts>BOOK</Sts>"), "/Document/BkToCstmrStmt/Stmt[1]/Ntry[1]/Bogus"),
        (("<LglSeqNb>1<", "<LglSeqNb>one<"), "/Document/BkToCstmrStmt/Stmt[1]/LglSeqNb"),
        (("<MsgId>1</MsgId>", ""), "/Document/BkToCstmrStmt/GrpHdr"),
    ],
)
def test_a_deviation_from_the_format_is_a_warning_with_its_place(
    writer: Writer, change: tuple[str, str], where: str
) -> None:
    found = outcome(writer.message(writer.statement(writer.entry())).replace(*change))
    finding = found.finding("xml.schema")
    assert not finding.is_error
    assert finding.location.where is not None
    assert finding.location.where.startswith(where)
    assert "{" not in finding.message
    assert found.statement.closing is not None


@pytest.mark.parametrize("prefix", ["", "n:"])
def test_a_deviation_is_explained_at_the_element_that_breaks_the_format(writer: Writer, prefix: str) -> None:
    text = writer.message(writer.statement(writer.entry().replace("<Sts>", "<Bogus/><Sts>")))
    if prefix:
        text = re.sub(r"<(/?)(?=[A-Z])", r"<\1n:", text).replace("xmlns=", "xmlns:n=")
    finding = outcome(text).finding("xml.schema")
    assert "Unexpected child" in finding.message
    assert "'Sts' expected" in finding.message.replace("n:", "")
    assert finding.location.where == "/Document/BkToCstmrStmt/Stmt[1]/Ntry[1]/Bogus"


def test_an_entry_of_thousands_of_payments_is_judged_without_the_long_explanation(writer: Writer) -> None:
    details = "<TxDtls><Refs><EndToEndId>1</EndToEndId></Refs></TxDtls>" * 2000
    entry = (
        writer.entry().replace("<Sts>", "<Bogus/><Sts>").replace("</Ntry>", f"<NtryDtls>{details}</NtryDtls></Ntry>")
    )
    finding = outcome(writer.message(writer.statement(entry))).finding("xml.schema")
    assert "Unexpected child" not in finding.message
    assert finding.location.where == "/Document/BkToCstmrStmt/Stmt[1]/Ntry[1]/Bogus"


@pytest.mark.parametrize("version", [f"{number:02}" for number in range(2, 15)])
def test_what_the_official_schema_takes_is_taken_by_ours(version: str) -> None:
    path = SHARED / "schemas" / "camt.053" / f"camt.053.001.{version}.xsd"
    if not path.is_file():
        pytest.skip("no official schemas here")
    writer = Writer(version)
    detail = (
        "<Refs><EndToEndId>1</EndToEndId></Refs>"
        + ("" if version == "02" else '<Amt Ccy="CZK">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>')
        + "<RltdPties><DbtrAcct><Id><Othr><Id>27</Id></Othr></Id></DbtrAcct></RltdPties>"
        "<RmtInf><Strd><CdtrRefInf><Ref>VS:1</Ref></CdtrRefInf></Strd></RmtInf><AddtlTxInf>x</AddtlTxInf>"
    )
    text = writer.message(writer.statement(writer.entry("10.00", detail), writer.entry("-1")))
    schema = etree.XMLSchema(etree.parse(path))
    assert schema.validate(etree.fromstring(text.encode())), schema.error_log
    assert outcome(text).codes == set()


def test_many_deviations_are_cut(writer: Writer) -> None:
    entry = writer.entry().replace("<Sts>", "<Bogus/><Sts>")
    found = outcome(writer.message(writer.statement(*[entry] * 50)))
    assert "xml.schema-more" in found.codes
    assert len(found.statement.findings) <= 22


def test_every_code_of_the_format_is_in_the_register() -> None:
    assert "camt.not-a-statement" in codes()


def corpus() -> list:
    folder = SHARED / "corpus" / "camt053"
    return sorted(folder.glob("*.xml")) if folder.is_dir() else []


@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.name)
def test_statements_of_the_corpus_carry_the_amounts_of_their_files(path) -> None:
    found = list(camt.read(Source(str(path), file=path), Reading()))
    statements = [item for item in found if hasattr(item, "entries")]
    elements = list(etree.parse(path).iter("{*}Stmt"))
    assert len(statements) == len(elements) > 0
    for statement, element in zip(statements, elements, strict=True):
        booked = [
            Decimal(entry.findtext("{*}Amt")) * (1 if entry.findtext("{*}CdtDbtInd") == "CRDT" else -1)
            for entry in element.iterfind("{*}Ntry")
        ]
        assert sum(entry.amount for entry in statement.entries) == sum(booked)
        assert len(statement.entries) >= len(booked)


@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.name)
def test_what_is_cut_from_the_corpus_is_as_valid_as_its_file(path) -> None:
    document = etree.parse(path)
    version = etree.QName(document.getroot()).namespace[-15:]
    schema = etree.XMLSchema(etree.parse(SHARED / "schemas" / "camt.053" / f"{version}.xsd"))
    valid = schema.validate(document)
    for item in camt.read(Source(str(path), file=path), Reading()):
        if hasattr(item, "entries"):
            assert schema.validate(etree.parse(io.BytesIO(item.origin.content))) == valid
            if valid:
                assert not any(finding.code == "xml.schema" for finding in item.findings)
