from __future__ import annotations

import copy
import io
import zipfile
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from efimport.documents import Invoice, OtherDocument
from efimport.findings import Finding
from efimport.formats.xml import Schema, local_name

QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

amounts = st.decimals(Decimal("0.01"), Decimal("99999.99"), places=2)
quantities = st.decimals(Decimal("0.001"), Decimal("999.999"), places=3)
rates = st.sampled_from([Decimal(0), Decimal(12), Decimal(21)])
wishes = st.fixed_dictionaries(
    {
        "lines": st.lists(st.tuples(quantities, amounts, rates), min_size=1, max_size=6).map(tuple),
        "family": st.sampled_from(["5", "6"]),
        "prefix": st.sampled_from(["", "isdoc", "x-1"]),
        "rate": st.one_of(st.none(), st.decimals(Decimal("0.05"), Decimal(30), places=3)),
        "taxed": st.booleans(),
        "untaxed": st.decimals(Decimal(0), Decimal(50), places=2),
        "rounding": st.one_of(st.none(), st.decimals(Decimal("-0.5"), Decimal("0.5"), places=2)),
        "document_type": st.sampled_from("1234567"),
        "signature": st.booleans(),
    }
)


def contradictions(invoice):
    # These speak of what was generated, not of a fault in it.
    said = {"isdoc.signed", "isdoc.signature-unverified", "isdoc.negative-deposits"}
    return [one for one in invoice.findings if one.code not in said]


@QUIET
@given(wish=wishes)
def test_a_document_that_adds_up_gives_no_finding_and_its_own_totals(build, documents, read_one, wish):
    builder = documents.Builder(**wish)
    content = builder.bytes()
    invoice = read_one(content)
    assert contradictions(invoice) == []
    assert invoice.payable == builder.payable.amount
    assert len(invoice.lines) == len(wish["lines"])
    assert sum(line.total_without_vat for line in invoice.lines) == invoice.total_without_vat
    assert sum(rate.vat for rate in invoice.vat_summary) == invoice.total_vat
    assert invoice.signed is wish["signature"]
    assert invoice.origin.content == content


@QUIET
@given(wish=wishes)
def test_the_sign_of_the_deposits_changes_nothing(build, read_one, wish):
    plain, negative = (read_one(build(**wish, negative_deposits=sign)) for sign in (False, True))
    assert plain.payable == negative.payable
    assert plain.advances == negative.advances
    assert contradictions(negative) == []


@QUIET
@given(data=st.data())
def test_whatever_the_official_schema_rejects_after_a_loss_or_a_swap_is_noticed(build, read_one, shared, data):
    schema = _official(str(shared("schemas/isdoc/6.0.2/isdoc-invoice-6.0.2.xsd")))
    root = etree.fromstring(build(taxed=True, untaxed=Decimal(5), rate=Decimal("25.1")))
    places = [element for element in root.iter(etree.Element) if element.getparent() is not None]
    victim = data.draw(st.sampled_from(places))
    parent = victim.getparent()
    if data.draw(st.booleans()):
        parent.remove(victim)
    else:
        place = data.draw(st.integers(0, len(parent)))
        twin = copy.deepcopy(victim) if data.draw(st.booleans()) else victim
        parent.insert(place, twin)
    items = read_one(etree.tostring(root))
    if not schema.validate(root):
        assert items.findings


_SCHEMAS = {}


def _official(path):
    if path not in _SCHEMAS:
        _SCHEMAS[path] = etree.XMLSchema(etree.parse(path))
    return _SCHEMAS[path]


@QUIET
@given(data=st.data())
def test_our_schema_accepts_whatever_the_official_one_does_after_an_edit(build, shared, data):
    official = _official(str(shared("schemas/isdoc/6.0.2/isdoc-invoice-6.0.2.xsd")))
    root = etree.fromstring(build(taxed=True))
    leaves = [element for element in root.iter(etree.Element) if not len(element)]
    leaf = data.draw(st.sampled_from(leaves))
    leaf.text = data.draw(st.sampled_from(["", " 1 ", "+1.50", "true", "2026-01-31", "2026-01-31+01:00", "CZK", "x"]))
    if official.validate(root):
        assert Schema("efimport.formats.isdoc", "isdoc-6.xsd").findings(root) == []


def assert_calm(items):
    for item in items:
        assert isinstance(item, Invoice | OtherDocument | Finding)
    assert items


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_bytes_never_raise(build, read, data):
    content = bytearray(build(rate=Decimal("25.1"), taxed=True))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=12))
    assert_calm(read(bytes(content)))


@settings(max_examples=40, deadline=None)
@given(cut=st.floats(0, 0.999))
def test_a_cut_off_document_is_an_error_and_no_invoice(build, read, cut):
    content = build()
    items = read(content[: int(len(content.rstrip()) * cut)])
    assert [item.is_error for item in items if isinstance(item, Finding)].count(True) == 1
    assert not any(isinstance(item, Invoice) for item in items)


@settings(max_examples=100, deadline=None)
@given(
    text=st.text(alphabet="0123456789+-.,eE \u00a0Infa", max_size=60),
    name=st.sampled_from(["PayableAmount", "Percent", "UnitPrice", "InvoicedQuantity"]),
)
def test_no_number_whatever_raises(build, read_one, text, name):
    root = etree.fromstring(build(rate=Decimal(25)))
    for element in root.iter(etree.Element):
        if local_name(element) == name:
            element.text = text
    assert isinstance(read_one(etree.tostring(root)), Invoice)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_damaged_archive_never_raises(build, read, data):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("manifest.xml", '<manifest><maindocument filename="a.isdoc"/></manifest>')
        target.writestr("a.isdoc", build())
        target.writestr("a.pdf", b"%PDF-")
    content = bytearray(stream.getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert_calm(read(bytes(content[: data.draw(st.integers(1, len(content)))]), "x.isdocx"))
