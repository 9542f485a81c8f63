"""Products in the internal format, alone and many in one call."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from efimport.api import catalogue, wire
from efimport.api.elements import in_order
from efimport.payloads import route
from efimport.payloads.products import basic, many
from efimport.payloads.target import Target

CZ, SI, HR = Target(site="CZ"), Target(site="SI"), Target(site="HR")


def values(routed):
    return {one.name: one.value for one in routed.call["product"].children}


def codes(routed):
    return [found.code for found in routed.findings]


def test_every_element_is_filled_where_the_source_says_it(invented):
    product = invented.product(
        origin=invented.origin("a.xlsx", format="spreadsheet"),
        code=" 0308 ", description="M8", ean="8590000000014", catalogue_code="K-8", group="SPOJ", brand="Železo",
        weight=Decimal("0.012"), minimal_stock=Decimal(100), warranty_months=24, serial_numbers=True, active=False,
        online=True, purchase_price=Decimal(5), sales_price_includes_vat=True, currency="EUR",
    )  # fmt: skip
    routed = route(product, CZ)
    assert routed.findings == ()
    assert values(routed) == {
        "productCode": "0308", "barCode": "8590000000014", "catalogueCode": "K-8", "status": "inactive",
        "type": "goodsWithStockManagement", "trackItemsBySerialNumbers": True, "name": "Šroub", "description": "M8",
        "productGroupPrimary": "SPOJ", "brand": "Železo", "unit": "ks", "minimalStockQuantity": Decimal(100),
        "warrantyPeriod": 24, "weight": Decimal("0.012"), "vatPercentage": Decimal(21), "currency": "EUR",
        "purchasePrice": Decimal(5), "retailPrice": Decimal("12.50"), "onlineShopVisibility": "visibleOnline",
    }  # fmt: skip
    children = routed.call["product"].children
    assert in_order("product", "CZ", reversed(children)) == children
    assert routed.identity == "0308"
    catalogue.method("ProductImport").check(routed.call, "CZ")


def test_the_group_of_another_program_is_told_and_not_sent(invented):
    routed = route(invented.product(group="ZBOŽÍ"), CZ)
    assert codes(routed) == ["product.group-not-carried"]
    assert "productGroupPrimary" not in values(routed)


def test_status_type_and_currency_are_always_said(invented):
    sent = values(route(invented.product(product_type=None), CZ))
    assert sent == {
        "productCode": "0308", "status": "active", "type": "goodsWithoutStockManagement", "name": "Šroub", "unit": "ks",
        "vatPercentage": Decimal(21), "currency": "CZK", "grossPrice": Decimal("12.50"),
    }  # fmt: skip


@pytest.mark.parametrize(("target", "currency"), [(CZ, "CZK"), (SI, "EUR"), (HR, "EUR")])
def test_the_currency_of_a_product_is_that_of_the_site(invented, target, currency):
    assert values(route(invented.product(), target))["currency"] == currency


@pytest.mark.parametrize(("unit", "sent"), [("KGM", "kg"), ("kg", "kg"), ("bal.", "bal."), (None, None)])
def test_the_unit_is_the_word_that_documents_have(invented, unit, sent):
    assert values(route(invented.product(unit=unit), CZ)).get("unit") == sent


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("card", "goodsWithStockManagement"), ("service", "services"), ("text", "services"),
        ("package", "goodsWithoutStockManagement"), ("set", "goodsWithStockManagement"), ("product", "product"),
        ("Služba", "services"), ("goodsWithoutStockManagement", "goodsWithoutStockManagement"),
        ("rawMaterial", "rawMaterial"), ("Intermediate  product", "intermediateProduct"), ("licence", "license"),
    ],
)  # fmt: skip
def test_the_type_is_translated(invented, word, kind):
    assert values(route(invented.product(product_type=word), CZ))["type"] == kind


def test_a_type_that_no_table_has_is_told_with_the_line_that_is_missing(invented, tmp_path):
    product = invented.product(product_type="Obal vratný")
    routed = route(product, CZ)
    assert (routed.call, codes(routed)) == (None, ["product.type-unknown"])
    assert '"obal vratný" = ' in routed.findings[0].hint
    (tmp_path / "products.toml").write_text('[type]\n"Obal vratný" = "goodsWithStockManagement"\n', encoding="utf-8")
    assert values(route(product, Target(codes=str(tmp_path))))["type"] == "goodsWithStockManagement"


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("product.no-code", {"code": None}),
        ("product.no-code", {"code": "  "}),
        ("product.no-name", {"name": None}),
        ("product.vat-rate-unknown", {"vat_rate": None}),
        ("product.no-price", {"sales_price": None}),
        ("product.no-price", {"sales_price": None, "purchase_price": Decimal(3)}),
    ],
)
def test_a_product_that_cannot_be_sent_is_refused(invented, code, fields):
    routed = route(invented.product(**fields), CZ)
    assert (routed.call, codes(routed)) == (None, [code])


def test_everything_that_is_missing_is_told_at_once(invented):
    assert codes(route(invented.product(code=None, vat_rate=None, product_type="?"), CZ)) == [
        "product.no-code", "product.vat-rate-unknown", "product.type-unknown",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "fields", [{"sales_price": Decimal(0)}, {"vat_rate": Decimal(0)}, {"name": None, "description": "x"}]
)
def test_zero_is_a_price_and_a_rate(invented, fields):
    assert codes(route(invented.product(**fields), CZ)) == []


@pytest.mark.parametrize(
    ("target", "rate", "usual"),
    [(CZ, "12", True), (CZ, "12.0", True), (CZ, "20", False), (CZ, "15", False), (SI, "9.5", True), (SI, "21", False),
     (HR, "25", True), (HR, "0", True)],
)  # fmt: skip
def test_a_rate_that_the_country_does_not_have_is_told_and_sent(invented, target, rate, usual):
    routed = route(invented.product(vat_rate=Decimal(rate)), target)
    assert codes(routed) == ([] if usual else ["product.vat-rate-unusual"])
    assert values(routed)["vatPercentage"] == Decimal(rate)


def test_the_rates_of_the_firms_own_table_are_those_of_the_country(invented, tmp_path):
    (tmp_path / "vat-rates.toml").write_text("[[CZ]]\nfrom = 2026-01-01\nhigh = 23\n", encoding="utf-8")
    target = Target(site="CZ", codes=str(tmp_path))
    assert codes(route(invented.product(vat_rate=Decimal(23)), target)) == []
    assert codes(route(invented.product(vat_rate=Decimal(21)), target)) == ["product.vat-rate-unusual"]


def test_a_note_is_not_sent_because_it_would_be_printed(invented):
    routed = route(invented.product(note="jen pro nás"), CZ)
    assert codes(routed) == ["product.note-not-carried"]
    assert "jen pro nás" not in values(routed).values()


def test_what_the_source_gives_by_the_names_of_the_service_comes_first(invented):
    given = {
        "type": "license", "englishName": "Bolt", "retailPrice": "20.00", "useOfPriceList": "true",
        "vatPercentage": "12",
    }  # fmt: skip
    product = invented.product(service_elements=given, sales_price=None, vat_rate=None, product_type="?")
    routed = route(product, CZ)
    assert routed.findings == ()
    sent = values(routed)
    assert {name: sent[name] for name in given} == given


@pytest.mark.parametrize(("given", "sent"), [("1,5", "1.5"), (" 2 ", "2")])
def test_a_given_value_is_written_as_the_service_wants_it(invented, given, sent):
    assert values(route(invented.product(service_elements={"weight": given}), CZ))["weight"] == sent


def test_an_element_that_the_service_does_not_have_is_told_and_nothing_is_sent(invented):
    routed = route(invented.product(service_elements={"colour": "red"}), CZ)
    assert (routed.call, codes(routed)) == (None, ["payload.element-unknown"])


# Many in one call


@pytest.mark.parametrize(
    ("fields", "joins"),
    [
        ({}, True),
        ({"purchase_price": Decimal(1), "description": "x", "active": False}, True),
        ({"note": "x"}, True),
        ({"ean": "8590000000014"}, False),
        ({"online": False}, False),
        ({"serial_numbers": True}, False),
        ({"service_elements": {"englishName": "Bolt"}}, False),
    ],
)
def test_products_with_basic_data_alone_go_together(invented, fields, joins):
    assert route(invented.product(**fields), CZ).joins == ("ProductMassImport" if joins else None)


def test_a_setting_sends_every_product_alone(invented):
    assert route(invented.product(), msgspec.structs.replace(CZ, products_as="single")).joins is None


def test_many_products_are_one_call_with_the_elements_in_its_own_order(invented):
    products = [invented.product(code=f"A{number}", description="x", purchase_price=Decimal(1)) for number in (1, 2)]
    call = many([route(product, Target(import_type="createOrUpdate")).call for product in products])
    catalogue.method("ProductMassImport").check(call, "CZ")
    assert call["importType"].value == "createOrUpdate"
    assert [one.name for one in call["products"].children] == ["product", "product"]
    for code, product in zip(("A1", "A2"), call["products"].children, strict=True):
        assert [one.name for one in product.children] == [name for name in basic() if name != "retailPrice"]
        assert product.children[0].value == code
    body = wire.encode(call).decode()
    assert '<parameter name="products">\n<product>\n<productCode>A1</productCode>' in body
    assert body.count("<product>") == 2
    assert catalogue.method("ProductMassImport").repeat_of(call) == "safe-by-key"
