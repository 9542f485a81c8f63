from __future__ import annotations

import subprocess
import sys

import pytest

from efimport.formats import pohoda
from efimport.formats.reading import Sample
from efimport.sources import Source


def claim(content: str | bytes):
    raw = content.encode() if isinstance(content, str) else content
    return pohoda.recognise(Sample(Source("a.xml", raw)))


def test_a_pack_is_recognised_by_its_namespace_whatever_its_prefix(xml):
    found = claim(f'<x:dataPack xmlns:x="{xml.V2}data.xsd" version="2.0"/>')
    assert (found.format, found.confidence, found.version) == ("pohoda", 100, "2.0")


def test_a_pack_in_the_default_namespace_is_recognised(xml):
    assert claim(f'<responsePack xmlns="{xml.V2}response.xsd"/>').confidence == 100


def test_a_pack_with_a_byte_order_mark_and_a_comment_is_recognised(xml):
    text = f'<?xml version="1.0"?><!-- made by hand --><dat:dataPack {xml.NAMESPACES}/>'
    assert claim(b"\xef\xbb\xbf" + text.encode()).confidence == 100


def test_a_pack_in_utf_16_is_recognised(xml):
    assert claim(xml.one(xml.invoice()).encode("utf-16")).confidence == 100


@pytest.mark.parametrize(
    "content",
    [
        '<Invoice xmlns="http://isdoc.cz/namespace/2013" version="6.0.2"/>',
        "<dataPackage/>",
        "no xml at all",
        "",
        '<?xml version="1.0"?>',
    ],
)
def test_other_files_are_left_to_other_formats(content):
    assert claim(content) is None


def test_version_1_is_claimed_and_refused_by_name(xml):
    content = '<dat:dataPack xmlns:dat="http://www.stormware.cz/schema/data.xsd" version="1.0" id="a"/>'
    assert claim(content).version == "1"
    assert xml.codes(content) == ["pohoda.old-version"]


def test_an_eform_is_claimed_and_refused_by_name(xml):
    assert claim('<eform version="1.3"/>') is not None
    assert xml.codes('<eform version="1.3"/>') == ["pohoda.eform"]


def test_a_pack_without_namespaces_is_claimed_and_refused(xml):
    content = "<dat:dataPack><dat:dataPackItem/></dat:dataPack>"
    assert claim(content).confidence < 100
    assert xml.codes(content) == ["pohoda.no-namespace"]
    assert xml.codes("<dataPack/>") == ["pohoda.no-namespace"]


def test_a_document_outside_a_pack_is_refused(xml):
    assert xml.codes(f'<inv:invoice xmlns:inv="{xml.V2}invoice.xsd"/>') == ["pohoda.not-a-pack"]


def test_recognition_loads_no_xml_library():
    program = "import sys, efimport.formats.pohoda; print('lxml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_reader_is_still_a_function_after_it_has_been_used(xml):
    xml.documents(xml.one(xml.invoice()))
    assert callable(pohoda.read)
