from __future__ import annotations

import pytest
from lxml import etree

from efimport.findings import Finding


def content(document) -> etree._Element:
    return etree.fromstring(document.origin.content)


def test_a_file_with_one_document_is_sent_as_it_is(xml):
    text = xml.one(xml.invoice()).encode()
    (document,) = xml.documents(text)
    assert document.origin.content == text
    assert document.origin.changes == ()


def test_each_of_several_documents_gets_a_pack_of_its_own(xml):
    items = [xml.item(xml.invoice(xml.header(number=f"N{n}")), f"A{n}") for n in range(3)]
    documents = xml.documents(xml.pack(*items))
    assert [document.number for document in documents] == ["N0", "N1", "N2"]
    for n, document in enumerate(documents):
        root = content(document)
        assert root.get("ico") == "27082440"
        assert root.get("version") == "2.0"
        assert len(root) == 1
        assert root[0].get("id") == f"A{n}"
        assert items[n].encode() in document.origin.content
        assert document.origin.changes == ("pohoda.split",)
    assert len({content(document).get("id") for document in documents}) == 3


def test_a_new_identity_is_short_and_the_same_on_every_reading(xml):
    text = xml.pack(
        xml.item(xml.invoice(), "A"), xml.item(xml.invoice(), "B"), attributes=f'version="2.0" id="{"ž" * 64}" note=""'
    )
    first, second = ([content(each).get("id") for each in xml.documents(text)] for _ in range(2))
    assert first == second
    assert all(len(identity) == 64 and identity.startswith("ž" * 55 + "-") for identity in first)


def test_two_equal_items_are_both_kept_and_told_apart(xml):
    same = xml.item(xml.invoice())
    documents = xml.documents(xml.pack(same, same))
    assert len(documents) == 2
    assert len({content(document).get("id") for document in documents}) == 2
    assert "pohoda.item-twice" in [each.code for each in documents[1].findings]
    assert documents[0].findings == ()


def test_an_identity_with_quotes_and_signs_stays_readable(xml):
    text = xml.pack(
        xml.item(xml.invoice(), "A"), xml.item(xml.invoice(), "B"), attributes="id='a\"b&lt;c&amp;d' version='2.0'"
    )
    for document in xml.documents(text):
        assert content(document).get("id").startswith('a"b<c&d-')


def test_a_pack_without_an_identity_gets_one(xml):
    text = xml.pack(xml.item(xml.invoice(), "A"), xml.item(xml.invoice(), "B"), attributes='version="2.0" note=""')
    assert all(content(document).get("id") for document in xml.documents(text))


def test_lines_and_paths_are_those_of_the_file(xml):
    bad = xml.invoice(xml.header(more="\n<inv:dateKHDPH>4.3.2024</inv:dateKHDPH>"))
    text = xml.pack(xml.item(xml.invoice(), "A"), xml.item(bad, "B"))
    _, document = xml.documents(text)
    (found,) = document.findings
    assert text.split("\n")[found.location.line - 1].startswith("<inv:dateKHDPH>")
    assert found.location.where == "/dataPack/dataPackItem[2]/invoice/invoiceHeader/dateKHDPH"
    assert found.location.ordinal == document.origin.ordinal == 2
    assert "dataPackItem" in text.split("\n")[document.origin.line - 1]


def test_an_export_is_turned_into_a_pack_with_its_namespaces(xml):
    export = xml.invoice().replace("<inv:invoice ", "<lst:invoice ").replace("</inv:invoice>", "</lst:invoice>")
    listed = '<lst:listInvoice version="2.0" state="ok">\n' + export + "\n" + export + "\n</lst:listInvoice>"
    text = xml.answer(f'<rsp:responsePackItem version="2.0" id="Usr01" state="ok">{listed}</rsp:responsePackItem>')
    documents = xml.documents(text)
    assert [document.number for document in documents] == ["2024001", "2024001"]
    root = content(documents[0])
    assert etree.QName(root).localname == "dataPack"
    assert root.get("ico") == "27082440"
    assert root[0][0].tag == f"{{{xml.V2}invoice.xsd}}invoice"
    assert root[0][0].get("version") == "2.0"
    assert documents[0].own_registration_number == "27082440"
    assert documents[0].origin.changes == ("pohoda.list-converted",)


def test_an_export_in_default_namespaces_is_turned_into_a_pack(xml):
    export = (
        f'<responsePack xmlns="{xml.V2}response.xsd" version="2.0" id="U" state="ok">'
        f'<responsePackItem version="2.0" id="U" state="ok"><listInvoice xmlns="{xml.V2}list.xsd" version="2.0">'
        f'<invoice><q:invoiceHeader xmlns:q="{xml.V2}invoice.xsd"><q:id>77</q:id>'
        "<q:invoiceType>issuedInvoice</q:invoiceType><q:date>2024-03-04</q:date></q:invoiceHeader></invoice>"
        "</listInvoice></responsePackItem></responsePack>"
    )
    (document,) = xml.documents(export)
    root = content(document)
    assert root[0].get("id") == "77"
    assert root[0][0].tag == f"{{{xml.V2}invoice.xsd}}invoice"
    assert root[0][0][0].tag == f"{{{xml.V2}invoice.xsd}}invoiceHeader"
    assert document.date.isoformat() == "2024-03-04"


def test_comments_and_character_data_around_and_inside_items_mislead_nobody(xml):
    tricky = xml.invoice(xml.header(text="").replace("<inv:text>", "<inv:text><![CDATA[</dat:dataPackItem> & <b>]]>"))
    text = xml.pack(
        "<!-- <dat:dataPackItem id='no'> -->",
        xml.item(tricky, "A"),
        "<?pi </dat:dataPackItem> ?>",
        xml.item("<!-- </dat:dataPackItem> -->" + xml.invoice(xml.header(number="2")), "B"),
    )
    first, second = xml.documents(text)
    assert first.text == "</dat:dataPackItem> & <b>"
    assert second.number == "2"


def test_a_comment_inside_a_text_does_not_cut_it(xml):
    text = xml.one(xml.invoice(xml.header(number="20<!-- x -->24").replace("&lt;!-- x --&gt;", "<!-- x -->")))
    (document,) = xml.documents(text)
    assert document.number == "2024"


def test_one_damaged_item_leaves_the_others_alone(xml):
    damaged = xml.item(xml.invoice(), "B").replace("</inv:invoiceHeader>", "")
    found = xml.read(xml.pack(xml.item(xml.invoice(), "A"), damaged, xml.item(xml.invoice(), "C")))
    assert [isinstance(each, Finding) for each in found] == [False, True, False]
    assert found[1].code == "pohoda.item-damaged"
    assert found[1].location.ordinal == 2
    assert found[1].location.where == "/dataPack/dataPackItem[2]"


def test_an_item_without_its_end_is_told_and_the_next_one_read(xml):
    open_item = xml.item(xml.invoice(), "B").replace("</dat:dataPackItem>", "")
    found = xml.read(xml.pack(xml.item(xml.invoice(), "A"), open_item, xml.item(xml.invoice(), "C")))
    assert [getattr(each, "code", "document") for each in found] == ["document", "pohoda.not-closed", "document"]


def test_an_item_with_a_broken_start_is_told_and_the_next_one_read(xml):
    broken = xml.item(xml.invoice(), "B").replace('id="B"', 'id="B')
    found = xml.read(xml.pack(xml.item(xml.invoice(), "A"), broken, xml.item(xml.invoice(), "C")))
    assert [getattr(each, "code", "document") for each in found] == ["document", "xml.not-well-formed", "document"]


@pytest.mark.parametrize(("cut", "count"), [(5, 3), (18, 2), (200, 2), (900, 2)])
def test_a_file_that_ends_too_early_gives_all_whole_documents_and_one_error(xml, cut, count):
    whole = xml.pack(*(xml.item(xml.invoice(), f"A{n}") for n in range(3)))
    found = xml.read(whole.encode()[:-cut])
    documents = [each for each in found if not isinstance(each, Finding)]
    errors = [each for each in found if isinstance(each, Finding)]
    assert len(documents) == count
    assert [error.code for error in errors] == ["pohoda.truncated"]


def test_a_transformation_is_told_and_not_run(xml):
    text = xml.pack("<dat:transformation><dat:xslt>a.xsl</dat:xslt></dat:transformation>", xml.item(xml.invoice()))
    found = xml.read(text)
    assert found[0].code == "pohoda.transformation"
    assert b"transformation" not in found[1].origin.content


def test_a_doctype_is_refused_before_anything_is_read(xml):
    text = xml.one(xml.invoice()).replace("<dat:dataPack ", '<!DOCTYPE a [<!ENTITY x "1">]><dat:dataPack ', 1)
    assert xml.codes(text) == ["xml.doctype"]


def test_something_after_the_pack_is_told(xml):
    assert xml.codes(xml.one(xml.invoice()) + "<more/>") == ["xml.not-well-formed"]


def test_an_item_that_is_too_large_is_told_and_the_next_one_read(xml):
    from efimport.formats import pohoda
    from efimport.formats.reading import Reading
    from efimport.sources import Limits, Source

    large = xml.item(xml.invoice(xml.header(text="x" * 5000)), "A")
    text = xml.pack(large, xml.item(xml.invoice(), "B")).encode()
    found = list(pohoda.read(Source("a.xml", text), Reading(limits=Limits(document_bytes=4000))))
    assert [getattr(each, "code", "document") for each in found] == ["pohoda.too-large", "document"]
