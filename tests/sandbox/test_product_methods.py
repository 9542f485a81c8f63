"""ProductCreate, ProductUpdate, ProductDelete, ProductList, prices and discounts of products, product groups."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from efimport.sandbox.methods import prices
from efimport.sandbox.server import start
from tests.sandbox.conftest import Caller, Maker, Reply, attribute, nested

PRODUCT = (
    "<productCode>A1</productCode><name>Šroub</name><vatPercentage>21</vatPercentage><grossPrice>1.50</grossPrice>"
)
GROUP = (
    "<productGroupCode>G1</productGroupCode><productGroupDescription>Spojovací materiál</productGroupDescription>"
    "<status>active</status><warrantyText>Dva roky</warrantyText>"
)
EMPTY = b'<response status="ok"></response>'


def create(call: Caller, data: str = PRODUCT) -> Reply:
    return call("ProductCreate", nested("product", data))


def codes(reply: Reply) -> list[str | None]:
    return [node.text for node in reply.root.iterfind("Products/Product/productCode")]


def messages(reply: Reply) -> list[str | None]:
    return [node.text for node in reply.root.iterfind("message")]


def group(call: Caller, data: str = GROUP, method: str = "ProductGroupCreate") -> Reply:
    return call(method, nested("ProductGroup", data))


def test_a_product_is_created_with_its_code(call: Caller) -> None:
    assert create(call).text("productCode") == "A1"
    assert call("ProductGetByCode", attribute("productCode", "A1")).text("Product/name") == "Šroub"


def test_documented_a_product_without_a_code_is_given_one(call: Caller) -> None:
    data = PRODUCT.replace("<productCode>A1</productCode>", "")
    assert [create(call, data).text("productCode") for _ in range(2)] == ["000001", "000002"]
    assert call("ProductGetByCode", attribute("productCode", "000002")).text("Product/productCode") == "000002"


def test_assumed_an_update_of_a_product_keeps_what_is_not_sent(call: Caller) -> None:
    create(call)
    call("ProductUpdate", nested("product", PRODUCT + "<brand>Značka</brand>"))
    changed = nested("product", PRODUCT.replace("Šroub", "Matice"))
    assert call("ProductUpdate", changed).text("productCode") == "A1"
    elements = call.state()["products"][0]["elements"]
    assert (elements["brand"], elements["name"]) == ("Značka", "Matice")


def test_documented_an_update_of_a_product_wants_what_is_mandatory_again(call: Caller) -> None:
    create(call)
    reply = call("ProductUpdate", nested("product", "<productCode>A1</productCode><name>Matice</name>"))
    assert reply.error == (
        "Error nr: 1 #vatPercentage - Entry is mandatory; \r\nError nr: 2 #retailPrice - Entry is mandatory; \r\n"
    )
    assert call.state()["products"][0]["elements"]["name"] == "Šroub"


def test_documented_a_product_is_deleted_with_its_images(call: Caller) -> None:
    create(call)
    image = nested("image", "<contents>AAEC</contents><fileName>a.jpg</fileName>")
    call("ProductImageAdd", attribute("productCode", "A1"), image)
    assert call("ProductDelete", attribute("productCode", "A1")).body.endswith(EMPTY)
    assert (call.state()["products"], call.state()["attachments"]) == ([], [])


def fill(call: Caller) -> Caller:
    """Products A1, A2 and B1 and groups G1, G2 and H1."""
    for code, more in [
        ("A1", "<brand>Samsung</brand><barCode>8590000000014</barCode><productGroupPrimary>G1</productGroupPrimary>"),
        ("A2", "<status>inactive</status><productGroupSecondary>G1</productGroupSecondary>"),
        ("B1", "<status>true</status><description>Pro šrouby i matice</description>"),
    ]:
        assert create(call, PRODUCT.replace("A1", code).replace("Šroub", f"Zboží {code}") + more).ok
    for code in ("G1", "G2", "H1"):
        assert group(call, GROUP.replace("G1", code)).ok
    return call


@pytest.fixture
def stocked(call: Caller) -> Caller:
    """A filled sandbox for a test that changes it."""
    return fill(call)


@pytest.fixture(scope="module")
def shelf() -> Iterator[Caller]:
    """A filled sandbox for tests that change nothing."""
    caller = fill(Caller(start(period=0.0)))
    yield caller
    caller.http.close()
    caller.sandbox.stop()


# Method, what provokes the sentence, and the sentence of the reference word for word.
REFUSALS: list[tuple[str, tuple[str, ...], str]] = [
    ("ProductCreate", (), "Parameter named <product> must be specified."),
    ("ProductCreate", ('<parameter name="product"/>',), "Error creating product"),
    ("ProductCreate", (nested("product", PRODUCT),), "Product for productCode: A1 already exists!"),
    ("ProductUpdate", (), "Parameter named <product> needed"),
    ("ProductUpdate", (nested("product", "<name>X</name>"),), "Product's property <productCode> is required"),
    (
        "ProductUpdate",
        (nested("product", PRODUCT.replace("A1", "Z9")),),
        "Can not find product for productCode: Z9",
    ),
    ("ProductDelete", (), "Parameter named <productCode> is required"),
    ("ProductDelete", (attribute("productCode", "Z9"),), "Can not find product for productCode: Z9"),
    (
        "ProductDelete",
        (attribute("productCode", "*1"),),
        "Can not delete. Found 2 product with productCode: *1",
    ),
    ("ProductList", (attribute("colour", "red"),), "Invalid search keys"),
    ("ProductList", (attribute("status", "perhaps"),), "Invalid search value: perhaps"),
    ("ProductPriceCalculationUpdate", (), "Parameter named <productCode> is required"),
    (
        "ProductPriceCalculationUpdate",
        (attribute("productCode", "Z9"),),
        "Can not find product for productCode: Z9",
    ),
    (
        "ProductPriceCalculationUpdate",
        (attribute("productCode", "A1"),),
        "EMU: the parameter priceCalculation is required",
    ),
    ("ProductMassPriceCalculationUpdate", (), "EMU: the parameter priceCalculations is required"),
    (
        "ProductMassPriceCalculationUpdate",
        (nested("priceCalculations", "<a/>"),),
        "EMU: the parameter priceCalculations is required",
    ),
    (
        "ProductMassPriceCalculationUpdate",
        (nested("priceCalculations", "<priceCalculation><productCode>Z9</productCode></priceCalculation>"),),
        "Product for code Z9 not foud.",
    ),
    ("ProductPriceListGet", (), "Parameter named <productCode> is required"),
    ("ProductPriceListGet", (attribute("colour", "red"),), "Invalid search keys"),
    ("ProductPriceListGet", (attribute("productCode", "Z9"),), "Can not find product for code: Z9"),
    (
        "ProductPriceListGet",
        (attribute("productCode", "A1"), attribute("priceListDate", "soon")),
        "Invalid search value: soon",
    ),
    (
        "ProductPriceListGet",
        (attribute("productCode", "A1"),),
        "Use of price list for this product is disabled.",
    ),
    (
        "ProductPriceDiscountActionList",
        (attribute("productCode", "A1"),),
        "No price discount actions were found matching search criteria!",
    ),
    ("ProductPriceDiscountActionList", (attribute("colour", "red"),), "Invalid search key!"),
    ("ProductPriceDiscountActionAdd", (), "Parameter named <priceDiscountAction> must be specified."),
    (
        "ProductPriceDiscountActionAdd",
        (nested("priceDiscountAction", "<productCode>9999</productCode>"),),
        "Can not find product for code: 9999.",
    ),
    (
        "ProductPriceDiscountActionAdd",
        (nested("priceDiscountAction", "<productCode>A1</productCode><validFrom>today</validFrom>"),),
        (
            "Error nr: 1 #discountPercentage - Entry is mandatory; \r\n"
            "Error nr: 2 #validFrom - EMU: not a date of the form YYYY-MM-DD; \r\n"
        ),
    ),
    ("ProductGroupGetByCode", (), "Parameter named <productGroupCode> is required"),
    ("ProductGroupGetByCode", (attribute("ProductGroupCode", "Z9"),), "Can not find ProductGroup for code: Z9"),
    ("ProductGroupCreate", (), "Parameter named <ProductGroup> must be specified."),
    ("ProductGroupCreate", ('<parameter name="ProductGroup"/>',), "Error creating ProductGroup"),
    (
        "ProductGroupCreate",
        (nested("ProductGroup", GROUP),),
        "productGroup for ProductGroupCode: G1 already exists!",
    ),
    (
        "ProductGroupCreate",
        (nested("ProductGroup", "<productGroupCode>X</productGroupCode><status>perhaps</status>"),),
        (
            "Error nr: 1 #productGroupDescription - Entry is mandatory; \r\n"
            "Error nr: 2 #status - EMU: not one of the values of this site; \r\n"
        ),
    ),
    ("ProductGroupUpdate", (), "Parameter named <ProductGroup> needed"),
    (
        "ProductGroupUpdate",
        (nested("ProductGroup", "<status>active</status>"),),
        "ProductGroup's property <productGroupCode> is required",
    ),
    (
        "ProductGroupUpdate",
        (nested("ProductGroup", "<productGroupCode>G1</productGroupCode><status>active</status>"),),
        "Error nr: 1 #productGroupDescription - Entry is mandatory; \r\n",
    ),
    (
        "ProductGroupUpdate",
        (nested("ProductGroup", GROUP.replace("G1", "Z9")),),
        "Can not find ProductGroup for ProductGroupCode: Z9",
    ),
    ("ProductGroupDelete", (), "Parameter named <productGroupCode> is required"),
    (
        "ProductGroupDelete",
        (attribute("ProductGroupCode", "Z9"),),
        "Can not find ProductGroup for ProductGroupCode: Z9",
    ),
    (
        "ProductGroupDelete",
        (attribute("ProductGroupCode", "G*"),),
        "Can not delete. Found 2 ProductGroup with ProductGroupCode: G*",
    ),
    ("ProductGroupList", (attribute("colour", "red"),), "Invalid search keys"),
    ("ProductGroupList", (attribute("status", "perhaps"),), "Invalid search value: perhaps"),
]


@pytest.mark.parametrize(("method", "parameters", "error"), REFUSALS)
def test_documented_every_sentence_of_products_and_groups_is_said(
    shelf: Caller, method: str, parameters: tuple[str, ...], error: str
) -> None:
    before = shelf.state()
    assert shelf(method, *parameters).error == error
    after = shelf.state()
    for held in ("discount_actions", "product_groups", "products"):
        stored = [[entry.get("elements", entry) for entry in state[held]] for state in (before, after)]
        assert stored[0] == stored[1]


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({}, ["A1", "A2", "B1"]),
        ({"productCode": "A2", "barCode": ""}, ["A2"]),
        ({"productCode": "A2, B1"}, ["A2", "B1"]),
        ({"productCode": "A*"}, ["A1", "A2"]),
        ({"productCodeFrom": "A2"}, ["A2", "B1"]),
        ({"productCodeFrom": "A1*", "productCodeTo": "A*"}, ["A1", "A2"]),
        ({"productCodeTo": "A1"}, ["A1"]),
        ({"searchKey": "MATICE"}, ["B1"]),
        ({"searchKey": "samsung"}, ["A1"]),
        ({"barCode": "8590000000014"}, ["A1"]),
        ({"brand": "Samsung", "status": "active"}, ["A1"]),
        ({"productGroup": "G1"}, ["A1", "A2"]),
        ({"status": "active"}, ["A1", "B1"]),
        ({"status": "inactive"}, ["A2"]),
        ({"supplierCode": "S1"}, []),
    ],
)
def test_documented_products_are_listed_by_criteria(shelf: Caller, criteria: dict[str, str], found: list[str]) -> None:
    reply = shelf("ProductList", *(attribute(name, value) for name, value in criteria.items()))
    assert reply.ok
    assert codes(reply) == found


@pytest.mark.parametrize("method", ["ProductList", "ProductGroupList"])
def test_an_empty_list_is_an_error_as_observed(make: Maker, method: str) -> None:
    assert len(make()(method).root[0]) == 0
    assert make(mode="observed")(method).error == "noDocumentsFound"


CALCULATION = "<supplierPrice>1.00</supplierPrice><grossPrice>2.00</grossPrice><salesPrice>3.00</salesPrice>"


@pytest.mark.parametrize(("applied", "gross", "retail"), [("true", "2.00", "3.00"), ("false", "1.50", None)])
def test_documented_a_price_calculation_changes_the_product_where_it_is_applied(
    stocked: Caller, applied: str, gross: str, retail: str | None
) -> None:
    reply = stocked(
        "ProductPriceCalculationUpdate",
        attribute("productCode", "A1"),
        attribute("applyPricesToArticle", applied, "Boolean"),
        nested("priceCalculation", CALCULATION),
    )
    assert messages(reply) == ["Successfully updated price calculation for product with code A1"]
    product = stocked.state()["products"][0]
    assert product["price_calculation"]["supplierPrice"] == "1.00"
    assert (product["elements"]["grossPrice"], product["elements"].get("retailPrice")) == (gross, retail)


def test_a_price_that_is_no_number_is_refused(stocked: Caller) -> None:
    wrong = nested("priceCalculation", "<grossPrice>1,50</grossPrice>")
    reply = stocked("ProductPriceCalculationUpdate", attribute("productCode", "A1"), wrong)
    assert reply.error == "Error nr: 1 #grossPrice - EMU: not a decimal number with a dot; \r\n"


def calculations(*codes: str, inner: str = CALCULATION) -> str:
    blocks = (f"<priceCalculation><productCode>{code}</productCode>{inner}</priceCalculation>" for code in codes)
    return nested("priceCalculations", "".join(blocks))


def test_documented_many_price_calculations_have_a_message_each(stocked: Caller) -> None:
    applied = attribute("applyPricesToArticle", "true", "Boolean")
    reply = stocked("ProductMassPriceCalculationUpdate", applied, calculations("A1", "Z9", "B1"))
    assert messages(reply) == [
        "Product price calculation for product with code A1 successfully updated.",
        "Product price calculation for product with code B1 successfully updated.",
    ]
    assert reply.error == "Product for code Z9 not foud."
    assert [one["elements"]["grossPrice"] for one in stocked.state()["products"]] == ["2.00", "1.50", "2.00"]


def test_a_wrong_price_of_many_is_named_by_its_code(stocked: Caller) -> None:
    reply = stocked("ProductMassPriceCalculationUpdate", calculations("A1", inner="<salesPrice>x</salesPrice>"))
    assert reply.error == "A1 #salesPrice - EMU: not a decimal number with a dot"


def test_documented_five_thousand_price_calculations_and_not_one_more(
    stocked: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert prices.MOST_CALCULATIONS == 5000
    monkeypatch.setattr(prices, "MOST_CALCULATIONS", 3)
    limit = "Maximum number of price calculations for update exceeded"
    assert stocked("ProductMassPriceCalculationUpdate", calculations("A1", "A1", "A1", "A1")).error == limit
    assert len(messages(stocked("ProductMassPriceCalculationUpdate", calculations("A1", "A1", "A1")))) == 3


def test_documented_the_price_list_of_a_product_that_uses_one(call: Caller) -> None:
    create(call, PRODUCT + "<useOfPriceList>true</useOfPriceList><currency>CZK</currency>")
    code = attribute("productCode", "A1")
    day = attribute("priceListDate", "2014-11-13")
    reply = call("ProductPriceListGet", code, attribute("priceListCurrency", "CZK"), day)
    item = {node.tag: node.text for node in reply.root.find("PriceList/PriceListItem")}
    assert item == {"currency": "CZK", "date": "2014-11-13", "grossPrice": "1.50"}
    call("ProductPriceCalculationUpdate", code, nested("priceCalculation", CALCULATION))
    assert call("ProductPriceListGet", code, day).text("PriceList/PriceListItem/retailPrice") == "3.00"
    other = call("ProductPriceListGet", code, attribute("priceListCurrency", "EUR"))
    assert (other.ok, other.root.find("PriceList/PriceListItem")) == (True, None)


ACTION = (
    "<productCode>A1</productCode><discountPercentage>10</discountPercentage><buyerGroupCode>101</buyerGroupCode>"
    "<validFrom>2021-05-01</validFrom><validTo>2021-05-31</validTo>"
)


def test_documented_a_discount_action_is_added_each_time(stocked: Caller) -> None:
    for _ in range(2):
        reply = stocked("ProductPriceDiscountActionAdd", nested("priceDiscountAction", ACTION))
        assert messages(reply) == ["Successfully added price discount action for product with code A1."]
    assert len(stocked.state()["discount_actions"]) == 2


def test_assumed_a_discount_action_names_several_products(stocked: Caller) -> None:
    several = ACTION.replace("</productCode>", "</productCode><productCode>B1</productCode>")
    stocked("ProductPriceDiscountActionAdd", nested("priceDiscountAction", several))
    assert [one["productCode"] for one in stocked.state()["discount_actions"]] == ["A1", "B1"]


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({}, True),
        ({"productCode": "A1", "buyerGroupCode": "101", "discountPercentage": "10.0"}, True),
        ({"buyerGroupCode": "102"}, False),
        ({"warehouseCode": "WH01"}, False),
        ({"discountPercentage": "11"}, False),
        ({"validFrom": "2021-05-31", "validTo": "2021-06-30"}, True),
        ({"validFrom": "2021-06-01"}, False),
        ({"validTo": "2021-04-30"}, False),
    ],
)
def test_documented_discount_actions_are_listed_by_criteria(
    stocked: Caller, criteria: dict[str, str], found: bool
) -> None:
    stocked("ProductPriceDiscountActionAdd", nested("priceDiscountAction", ACTION))
    reply = stocked("ProductPriceDiscountActionList", *(attribute(*pair) for pair in criteria.items()))
    assert reply.ok == found
    assert reply.text("PriceDiscountActions/PriceDiscountAction/productCode") == ("A1" if found else None)


@pytest.mark.parametrize(
    ("parameter", "code"), [("ProductGroup", "ProductGroupCode"), ("productGroup", "productGroupCode")]
)
def test_documented_a_group_lives_under_the_names_of_the_table_and_of_the_examples(
    call: Caller, parameter: str, code: str
) -> None:
    named = attribute(code, "G1")
    assert call("ProductGroupCreate", nested(parameter, GROUP)).text("productGroupCode") == "G1"
    assert call("ProductGroupUpdate", nested(parameter, GROUP.replace("Dva", "Tři"))).ok
    read = call("ProductGroupGetByCode", named)
    assert read.text("ProductGroup/productGroupDescription") == "Spojovací materiál"
    assert read.text("ProductGroup/warrantyText") == "Tři roky"
    assert call("ProductGroupDelete", named).body.endswith(EMPTY)
    assert call.state()["product_groups"] == []


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({}, ["G1", "G2", "H1"]),
        ({"ProductGroupCode": "G2", "productGroupDescription": ""}, ["G2"]),
        ({"productGroupCode": "g*"}, ["G1", "G2"]),
        ({"productGroupDescription": "MATERIÁL"}, ["G1", "G2", "H1"]),
        ({"productGroupDescription": "jiný"}, []),
        ({"status": "inactive"}, []),
    ],
)
def test_documented_groups_are_listed_by_criteria(shelf: Caller, criteria: dict[str, str], found: list[str]) -> None:
    reply = shelf("ProductGroupList", *(attribute(*pair) for pair in criteria.items()))
    assert [node.text for node in reply.root.iterfind("ProductGroups/ProductGroup/productGroupCode")] == found


def test_elements_that_the_reference_does_not_list_for_a_group_are_noted(call: Caller) -> None:
    group(call, GROUP + "<colour>red</colour>")
    shown = call.state()["product_groups"][0]
    assert (shown["unknown_elements"], shown["elements"]["status"], shown["document_id"]) == (
        ["colour"],
        "active",
        "21:1",
    )


def test_groups_prices_and_discounts_are_kept_between_runs(tmp_path: Path) -> None:
    held = []
    for run in range(2):
        caller = Caller(start(period=0.0, state_file=tmp_path / "state.json"))
        try:
            if run == 0:
                fill(caller)
                price = attribute("productCode", "A1"), nested("priceCalculation", CALCULATION)
                assert caller("ProductPriceCalculationUpdate", *price).ok
                assert caller("ProductPriceDiscountActionAdd", nested("priceDiscountAction", ACTION)).ok
            state = caller.state()
            held.append([state[name] for name in ("products", "product_groups", "discount_actions")])
        finally:
            caller.http.close()
            caller.sandbox.stop()
    assert held[0] == held[1]
    assert held[1][0][0]["price_calculation"]["salesPrice"] == "3.00"
    assert [len(one) for one in held[1]] == [3, 3, 1]


def test_documented_methods_are_taken_under_the_names_of_their_examples_too(call: Caller) -> None:
    group(call)
    assert call("productGroupGetByCode", attribute("productGroupCode", "G1")).ok
    assert call("productGroupUpdate", nested("productGroup", GROUP)).ok
    assert len(call("productGroupList").root[0]) == 1
    assert call("productGroupDelete", attribute("productGroupCode", "G1")).ok
    assert call("PartnerListSupplier").ok
    assert sum("the heading of the reference names it" in remark for remark in call.state()["warnings"]) == 5
