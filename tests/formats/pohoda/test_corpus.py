"""Real and official files, where they are at hand."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from efimport.findings import Finding
from efimport.formats import pohoda
from efimport.formats.pohoda.names import agenda_namespace
from efimport.formats.reading import Reading, Sample
from efimport.sources import Source

SHARED = Path(__file__).resolve().parents[3].parent / "shared"
CORPUS = SHARED / "corpus" / "pohoda"
OFFICIAL = SHARED / "schemas" / "pohoda"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not at hand")

FILES = sorted(CORPUS.rglob("*.xml")) if CORPUS.is_dir() else []


@lru_cache(maxsize=2)
def official(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(OFFICIAL / name)))


def read(path: Path) -> list:
    return list(pohoda.read(Source(path.name, file=path), Reading()))


def documents(path: Path) -> list:
    return [each for each in read(path) if not isinstance(each, Finding)]


def is_officially_valid(path: Path) -> bool:
    try:
        tree = etree.parse(str(path))
    except etree.XMLSyntaxError:
        return False
    if etree.QName(tree.getroot()).localname not in ("dataPack", "responsePack"):
        return False
    name = "data.xsd" if etree.QName(tree.getroot()).localname == "dataPack" else "response.xsd"
    return official(name).validate(tree)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_recognised_and_gives_something(path):
    assert pohoda.recognise(Sample(Source(path.name, file=path))) is not None
    assert read(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_the_official_schema_accepts_is_accepted_and_stays_valid_alone(path):
    if not is_officially_valid(path):
        pytest.skip("not valid to begin with")
    for document in documents(path):
        assert not [each for each in document.findings if each.code.startswith("xml.")]
        alone = etree.fromstring(document.origin.content)
        assert official("data.xsd").validate(alone), official("data.xsd").error_log
        assert len(alone) == 1
        assert len(alone.get("id")) <= 64


def test_the_hundred_invoices_become_a_hundred_valid_packs():
    found = documents(CORPUS / "masa331__100_invoices.xml")
    assert len(found) == 100
    packs = [etree.fromstring(document.origin.content) for document in found]
    assert all(official("data.xsd").validate(each) for each in packs)
    assert len({each.get("id") for each in packs}) == 100
    original = etree.parse(str(CORPUS / "masa331__100_invoices.xml")).getroot()
    for item, alone in zip(original, packs, strict=True):
        assert etree.tostring(item[0], method="c14n") == etree.tostring(alone[0][0], method="c14n")


@pytest.mark.parametrize(
    ("name", "kind", "number", "payable", "currency"),
    [
        ("invoice_issuedInvoice_cz_2024_cp1250", "issued-invoice", "240100001", "3013.40", "CZK"),
        ("invoice_issuedInvoice_cz_2024_utf8_bom", "issued-invoice", "240100002", "3013.40", "CZK"),
        ("invoice_issuedInvoice_sk_2025_three_rates", "issued-invoice", "20250001", "347.00", "EUR"),
        ("invoice_issuedInvoice_stockitem_linked", "issued-invoice", "240100005", "1210.00", "CZK"),
        ("invoice_issuedCreditNotice", "issued-credit-note", "240200001", "-1210.00", "CZK"),
        ("invoice_issuedCorrectiveTax", "issued-credit-note", "240400001", "-1210.00", "CZK"),
        ("invoice_issuedDebitNote", "issued-debit-note", "240300001", "121.00", "CZK"),
        ("invoice_issuedAdvanceInvoice", "issued-advance-invoice", "240800001", "5000.00", "CZK"),
        ("invoice_issuedProformaInvoice", "issued-proforma", "24PRO0001", "3013.40", "CZK"),
        ("invoice_receivable", "receivable", "24OP00001", "8000.00", "CZK"),
        ("invoice_penalty", "receivable", "24PEN0001", "150.00", "CZK"),
        ("invoice_commitment", "commitment", "24OZ00001", "1200.00", "CZK"),
        ("invoice_receivedInvoice_czk", "received-invoice", "2024-0815", "3013.40", "CZK"),
        ("invoice_receivedAdvanceInvoice", "received-advance-invoice", "24PZ00001", "2500.00", "CZK"),
    ],
)
def test_written_invoices_have_the_amounts_they_state(name, kind, number, payable, currency):
    (document,) = documents(CORPUS / "written" / f"{name}.xml")
    assert (document.kind, document.number, document.payable, document.currency) == (
        kind,
        number,
        Decimal(payable),
        currency,
    )
    # The sample asks for rounding and leaves it to the program.
    assert {each.code for each in document.findings} <= {"pohoda.rounding-open"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("bad_boolean_1", "pohoda.boolean"),
        ("bad_classificationVAT_text", "pohoda.classification-text"),
        ("bad_doctype_entity", "xml.doctype"),
        ("bad_home_priceSum", "xml.schema"),
        ("bad_ids_whitespace", "pohoda.white-space"),
        ("bad_missing_application", "pohoda.envelope"),
        ("bad_text_too_long", "pohoda.too-long"),
    ],
)
def test_each_bad_file_gives_its_finding(name, code):
    found = []
    for each in read(CORPUS / "written" / f"{name}.xml"):
        found += [each.code] if isinstance(each, Finding) else [one.code for one in each.findings]
    assert code in found


def test_amounts_with_vat_in_the_place_of_bases_are_found():
    for path in (CORPUS / "peer-generated").glob("pypi-InvoiceGenerator*"):
        (document,) = documents(path)
        assert "pohoda.gross-as-base" in [each.code for each in document.findings]


# Packs and exports put together of what the corpus holds

V2 = "http://www.stormware.cz/schema/version_2/"
LISTS = {
    "invoice": ("list", "listInvoice"),
    "order": ("list", "listOrder"),
    "bank": ("list", "listBank"),
    "voucher": ("list", "listVoucher"),
    "intDoc": ("list", "listIntDoc"),
    "prodejka": ("list", "listProdejka"),
    "stock": ("list_stock", "listStock"),
    "addressbook": ("list_addBook", "listAddressBook"),
}
"""Namespace and element of the export of an agenda, by the name of its document."""


@lru_cache(maxsize=1)
def corpus_documents() -> tuple[etree._Element, ...]:
    """Every document of a pack that the official schema accepts whole."""
    found = []
    for path in FILES:
        if is_officially_valid(path):
            pack = etree.parse(str(path)).getroot()
            found += [next(item.iterchildren("{*}*")) for item in pack.iterchildren(f"{{{V2}data.xsd}}dataPackItem")]
    return tuple(found)


def as_pack(chosen: list[etree._Element]) -> etree._Element:
    root = etree.Element(f"{{{V2}data.xsd}}dataPack", version="2.0", id="P", application="a", note="")
    for position, document in enumerate(chosen):
        item = etree.SubElement(root, f"{{{V2}data.xsd}}dataPackItem", version="2.0", id=str(position))
        item.append(deepcopy(document))
    return root


def as_export(chosen: list[etree._Element]) -> etree._Element:
    """The documents as lists of an export, where their element is in the namespace of the list."""
    root = etree.Element(f"{{{V2}response.xsd}}responsePack", version="2.0", id="U", state="ok", ico="27082440")
    for name in dict.fromkeys(etree.QName(document).localname for document in chosen):
        schema, listed = LISTS[name]
        item = etree.SubElement(root, f"{{{V2}response.xsd}}responsePackItem", version="2.0", id=name, state="ok")
        around = etree.SubElement(item, f"{{{V2}{schema}.xsd}}{listed}", version="2.0", state="ok")
        around.set("dateTimeStamp", "2026-01-01T00:00:00")
        around.set("dateValidFrom", "2026-01-01")
        for document in chosen:
            if etree.QName(document).localname == name:
                renamed = deepcopy(document)
                renamed.tag = f"{{{V2}{schema}.xsd}}{name}"
                around.append(renamed)
    return root


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_put_together_comes_apart_into_valid_packs(data):
    usual = [each for each in corpus_documents() if etree.QName(each).localname in LISTS]
    chosen = data.draw(st.lists(st.sampled_from(usual), min_size=1, max_size=6, unique_by=id))
    root = data.draw(st.sampled_from([as_pack, as_export]))(chosen)
    whole = etree.tostring(
        root, encoding=data.draw(st.sampled_from(["utf-8", "windows-1250", "utf-16"])), xml_declaration=True
    )
    judge = official("data.xsd" if etree.QName(root).localname == "dataPack" else "response.xsd")
    assert judge.validate(etree.fromstring(whole)), judge.error_log
    found = [each for each in pohoda.read(Source("a.xml", whole), Reading()) if not isinstance(each, Finding)]
    assert len(found) == len(chosen)
    expected = sorted(etree.tostring(each, method="c14n", exclusive=True) for each in chosen)
    alone = [etree.fromstring(document.origin.content) for document in found]
    assert all(official("data.xsd").validate(each) and len(each) == 1 for each in alone)
    assert sorted(etree.tostring(each[0][0], method="c14n", exclusive=True) for each in alone) == expected


@pytest.mark.parametrize("name", sorted(LISTS))
def test_an_export_of_each_agenda_comes_apart_into_valid_packs(name):
    chosen = [each for each in corpus_documents() if etree.QName(each).localname == name][:40]
    assert chosen
    whole = etree.tostring(as_export(chosen))
    assert official("response.xsd").validate(etree.fromstring(whole)), official("response.xsd").error_log
    found = [each for each in pohoda.read(Source("a.xml", whole), Reading()) if not isinstance(each, Finding)]
    assert len(found) == len(chosen)
    for document in found:
        assert official("data.xsd").validate(etree.fromstring(document.origin.content)), official("data.xsd").error_log


def test_what_an_export_lists_is_called_as_imports_call_it():
    """Every document that the official lists hold and the official pack takes gets the name that the pack knows."""
    schema = "{http://www.w3.org/2001/XMLSchema}"

    def references(name: str) -> set[tuple[str, str]]:
        found = set()
        for element in etree.parse(str(OFFICIAL / name)).getroot().iter(f"{schema}element"):
            prefix, _, local = (element.get("ref") or "").rpartition(":")
            found.add((element.nsmap.get(prefix or None, ""), local))
        return found

    imports = references("data.xsd")
    documents_of_lists = {
        element.get("name")
        for path in OFFICIAL.glob("list*.xsd")
        for element in etree.parse(str(path)).getroot().iter(f"{schema}element")
        if element.get("name") and element.get("type")
    }
    known = {local for _, local in imports if not local.startswith(("list", "create"))} & documents_of_lists
    assert len(known) > 25
    assert {(agenda_namespace(name), name) for name in known} <= imports
