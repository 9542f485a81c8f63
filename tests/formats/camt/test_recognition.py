from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from efimport.formats.camt import recognise
from efimport.formats.reading import Sample
from efimport.sources import Source
from tests.formats.camt.conftest import SHARED, Writer, outcome


def claim(text: str | bytes):
    return recognise(Sample(Source("a.xml", text if isinstance(text, bytes) else text.encode())))


@pytest.mark.parametrize("version", [f"{number:02}" for number in range(1, 15)])
@pytest.mark.parametrize("prefix", ["", "ns2"])
def test_every_version_is_recognised_by_its_namespace(version: str, prefix: str) -> None:
    writer = Writer(version, prefix)
    found = claim(writer.message(writer.statement()))
    assert found is not None
    assert (found.format, found.confidence, found.version) == ("camt053", 100, f"camt.053.001.{version}")


@pytest.mark.parametrize(
    ("namespace", "version"),
    [
        ("urn:iso:std:iso:20023:tech:xsd:camt.053.001.02", "camt.053.001.02"),
        ("urn:example", None),
        ("", None),
    ],
)
def test_a_mistyped_namespace_is_read_with_a_warning(writer: Writer, namespace: str, version: str | None) -> None:
    text = writer.message(writer.statement(), namespace=namespace)
    found = claim(text)
    assert found is not None
    assert (found.format, found.version) == ("camt053", version)
    read = outcome(text)
    assert read.finding("camt.namespace").message.arguments["namespace"] == (namespace or "(none)")
    assert read.statement.closing == 100


def test_the_right_namespace_gives_no_warning(writer: Writer) -> None:
    assert "camt.namespace" not in outcome(writer.message(writer.statement())).codes


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("camt.052", "BkToCstmrAcctRpt"),
        ("camt.054", "BkToCstmrDbtCdtNtfctn"),
        ("camt.060", "AcctRptgReq"),
        ("camt.086", "BkSvcsBllgStmt"),
        ("pain.001", "CstmrCdtTrfInitn"),
        ("pain.008", "CstmrDrctDbtInitn"),
    ],
)
def test_a_sister_message_is_named_and_refused(name: str, body: str) -> None:
    text = f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{name}.001.02"><{body}><GrpHdr/></{body}></Document>'
    found = claim(text)
    assert found is not None
    assert found.format == name.replace(".", "")
    read = outcome(text)
    assert read.statements == []
    assert [finding.code for finding in read.findings] == ["camt.not-a-statement"]
    assert read.findings[0].message.arguments["name"] == f"{name}.001.02"
    assert read.findings[0].is_error


def test_the_element_decides_where_the_namespace_says_otherwise() -> None:
    text = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrAcctRpt/></Document>'
    found = claim(text)
    assert found is not None
    assert (found.format, found.version) == ("camt052", None)


@pytest.mark.parametrize(
    "text",
    [
        "<Invoice/>",
        "not xml",
        "",
        '<Document xmlns="urn:example"><Something/></Document>',
        "<?xml version='1.0' encoding='windows-1250'?><FINSTA><FINSTA03/></FINSTA>",
    ],
)
def test_other_files_are_left_to_others(text: str) -> None:
    assert claim(text) is None


def test_no_file_of_another_format_in_the_corpus_is_claimed() -> None:
    corpus = SHARED / "corpus"
    if not corpus.is_dir():
        pytest.skip("no corpus here")
    for path in sorted(corpus.rglob("*")):
        if path.is_file() and path.parent.name != "camt053":
            assert recognise(Sample(Source(str(path), file=path))) is None, path


def test_recognition_loads_no_parser() -> None:
    code = "import efimport.formats.camt, sys; sys.exit('lxml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[3]).returncode == 0
