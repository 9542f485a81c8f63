"""Products of a run: many a call where they have basic data alone, each known by itself."""

from __future__ import annotations

import time

import msgspec
import pytest

from efimport.api import wire
from efimport.payloads import route
from efimport.payloads.target import Target
from efimport.planning.batches import gathered
from efimport.planning.calls import calls_of
from efimport.planning.drafts import Draft
from efimport.settings import Organization

STOCK = """<dat:dataPackItem id="{number}" version="2.0"><stk:stock version="2.0"><stk:stockHeader>
<stk:stockType>card</stk:stockType><stk:code>{code}</stk:code><stk:sellingRateVAT>high</stk:sellingRateVAT>
<stk:name>Zboží {code}</stk:name><stk:unit>ks</stk:unit><stk:sellingPrice>{price}</stk:sellingPrice>
</stk:stockHeader></stk:stock></dat:dataPackItem>"""
PACK = """<?xml version="1.0" encoding="UTF-8"?>
<dat:dataPack xmlns:dat="http://www.stormware.cz/schema/version_2/data.xsd"
 xmlns:stk="http://www.stormware.cz/schema/version_2/stock.xsd"
 xmlns:typ="http://www.stormware.cz/schema/version_2/type.xsd"
 version="2.0" id="zasoby" ico="12345679" application="Zkouška" note="">{items}</dat:dataPack>
"""


def stock(*codes, price="10"):
    items = "".join(STOCK.format(number=number, code=code, price=price) for number, code in enumerate(codes, start=1))
    return PACK.format(items=items).encode()


def draft(*documents, ordinal=0, target=Target()):  # noqa: B008 - frozen
    made = Draft(f"{ordinal}.xml", ordinal)
    made.documents = list(documents)
    made.added = [[] for _ in documents]
    made.routed = [route(document, target) for document in documents]
    return made


def codes_of(call):
    return [member.number for member in call.parts]


def codes(draft):
    return [[found.code for found in added] for added in draft.added]


def test_products_of_a_file_are_one_call(files):
    plan = files.plan({"zasoby.xml": stock("A10", "A9", "B1")})
    (call,) = plan.calls
    assert (call.id, call.call.method, call.repeat) == ("c1", "ProductMassImport", "safe-by-key")
    assert codes_of(call) == ["A9", "A10", "B1"]
    assert call.documents == ((0, 1), (0, 0), (0, 2))
    assert [document.call for document in plan.sources[0].documents] == ["c1"] * 3
    assert call.digest == wire.digest(wire.encode(call.call))
    assert call.number == "A9 – B1"


def test_products_of_several_files_go_together_and_a_copy_goes_once(files):
    plan = files.plan({"a.xml": stock("A"), "b.xml": stock("B"), "c.xml": stock("A")})
    (call,) = plan.calls
    assert codes_of(call) == ["A", "B"]
    assert sorted(call.documents) == [(0, 0), (1, 0), (2, 0)]


def test_a_lone_product_goes_alone(files):
    (call,) = files.plan({"zasoby.xml": stock("A")}).calls
    assert (call.call.method, call.members) == ("ProductImport", ())


def test_a_setting_sends_every_product_alone(files):
    organization = Organization(name="acme", products_as="single")
    plan = files.plan({"zasoby.xml": stock("A", "B")}, organization)
    assert [call.call.method for call in plan.calls] == ["ProductImport", "ProductImport"]


def test_a_product_with_more_than_basic_data_goes_alone_beside_the_others(invented):
    products = [invented.product(code="A"), invented.product(code="B", ean="8590000000014"), invented.product(code="C")]
    calls = calls_of([draft(*products)], "acme", "createOnly")
    assert [(call.call.method, codes_of(call)) for call in calls] == [
        ("ProductMassImport", ["A", "C"]),
        ("ProductImport", ["B"]),
    ]


def test_a_product_has_the_same_key_and_content_alone_and_together(invented):
    products = [invented.product(code=code) for code in "AB"]
    (together,) = calls_of([draft(*products)], "acme", "createOnly")
    alone = calls_of([draft(*products, target=Target(products_as="single"))], "acme", "createOnly")
    assert [(one.key, one.digest, one.substance) for one in together.members] == [
        (one.key, one.digest, one.substance) for one in alone
    ]
    assert together.members[0].key == "1|acme|ProductImport|A"


def test_a_list_has_a_key_of_its_own_whatever_the_prices(invented):
    def key(*codes, **fields):
        (call,) = calls_of([draft(*(invented.product(code=code, **fields) for code in codes))], "acme", "createOnly")
        return call.key

    assert key("A", "B") == key("B", "A") == key("A", "B", unit="kg")
    assert key("A", "B") != key("A", "C")
    assert key("A", "B").startswith("1|acme|ProductMassImport|")


def test_more_than_five_thousand_products_are_several_calls_in_a_few_seconds(invented):
    products = [invented.product(code=f"P{number}") for number in range(10_001)]
    start = time.perf_counter()
    made = draft(*products)
    calls = calls_of([made], "acme", "createOnly")
    assert time.perf_counter() - start < 15
    assert [len(call.parts) for call in calls] == [5000, 5000, 1]
    assert [call.id for call in calls] == ["c1", "c2", "c3"]
    assert codes_of(calls[0])[:2] == ["P0", "P1"]
    assert codes_of(calls[2]) == ["P10000"]


def test_twice_the_products_take_about_twice_the_time(invented):
    def seconds(count):
        products = [invented.product(code=f"P{number}") for number in range(count)]
        start = time.process_time()
        calls_of([draft(*products)], "acme", "createOnly")
        return time.process_time() - start

    seconds(200)
    assert seconds(4000) < 12 * max(seconds(1000), 0.01)


def test_the_second_product_of_a_code_in_a_file_goes_alone_and_is_told(invented):
    made = draft(invented.product(code="A"), invented.product(code="B"), invented.product(code="A", unit="kg"))
    calls = calls_of([made], "acme", "createOnly")
    assert [(call.call.method, codes_of(call)) for call in calls] == [
        ("ProductMassImport", ["A", "B"]),
        ("ProductImport", ["A"]),
    ]
    assert codes(made) == [[], [], ["product.code-repeated"]]


def test_the_second_partner_of_a_code_in_a_file_is_told(invented):
    made = draft(invented.partner(), invented.partner(note="jiný"))
    calls_of([made], "acme", "createOnly")
    assert codes(made)[1] == ["partner.code-repeated"]
    made = draft(invented.partner())
    calls_of([made], "acme", "createOnly")
    assert codes(made) == [[]]


@pytest.mark.parametrize("import_type", ["createOrUpdate", "updateOnly"])
def test_where_products_are_overwritten_a_code_that_means_two_things_is_not_sent(invented, import_type):
    target = Target(import_type=import_type)
    made = draft(invented.product(code="A"), invented.product(code="A", unit="kg"), target=target)
    assert calls_of([made], "acme", import_type) == []
    assert codes(made) == [["product.duplicate-code"]] * 2


def test_the_rest_of_a_call_is_made_as_the_call_itself_is(invented):
    (call,) = calls_of([draft(*(invented.product(code=code) for code in "ABCD"))], "acme", "createOnly")
    (expected,) = calls_of([draft(*(invented.product(code=code) for code in "BD"))], "acme", "createOnly")
    rest = gathered([call.members[1], call.members[3]], "c1")
    assert (rest.call, rest.digest, rest.key) == (expected.call, expected.digest, expected.key)
    assert gathered(call.members[:1], "c7") == msgspec.structs.replace(call.members[0], id="c7")
