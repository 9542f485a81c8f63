"""Whatever a record says, there is a call or a finding that says why there is none."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.api import wire
from efimport.api.elements import problems_of
from efimport.documents import Address, BankAccount, Origin, Partner, Party, Product
from efimport.payloads import route
from efimport.payloads.products import basic, many
from efimport.payloads.target import Target

SENT = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"])
"""What XML can carry; a document with anything else is told by the plan."""
TEXT = st.none() | st.text(SENT, max_size=12)
WORDS = st.dictionaries(
    st.sampled_from(["gender", "BuyerData.status", "Delivery.city", "colour", "Block.colour", "retailPrice", "weight"]),
    st.text(SENT, max_size=6),
    max_size=3,
)
ADDRESS = st.builds(Address, street=TEXT, city=TEXT, postal_code=TEXT, country=TEXT, addition=TEXT)
PARTY = st.builds(
    Party,
    name=TEXT,
    registration_number=TEXT,
    vat_id=TEXT,
    tax_number=TEXT,
    address=ADDRESS,
    contact=TEXT,
    email=TEXT,
    phone=TEXT,
    code=TEXT,
    vat_registered=st.none() | st.booleans(),
)
ORIGIN = st.builds(Origin, path=st.just("a.xlsx"), format=st.sampled_from(["spreadsheet", "pohoda"]))
PARTNER = st.builds(
    Partner,
    origin=ORIGIN,
    party=PARTY,
    invoicing=st.none() | PARTY,
    delivery=st.lists(PARTY, max_size=2).map(tuple),
    bank_accounts=st.lists(st.builds(BankAccount, number=TEXT, bank_name=TEXT), max_size=2).map(tuple),
    payment_days=st.none() | st.integers(0, 400),
    is_person=st.none() | st.booleans(),
    is_customer=st.none() | st.booleans(),
    is_supplier=st.none() | st.booleans(),
    first_name=TEXT,
    last_name=TEXT,
    legal_form=TEXT,
    service_elements=WORDS,
)
AMOUNT = st.none() | st.decimals(-(10**9), 10**9, places=4)
PRODUCT_FIELDS = {
    "origin": ORIGIN,
    "code": TEXT,
    "name": TEXT,
    "description": TEXT,
    "unit": TEXT,
    "vat_rate": st.none() | st.sampled_from([Decimal(0), Decimal(12), Decimal("9.5"), Decimal(21)]),
    "sales_price": AMOUNT,
    "purchase_price": AMOUNT,
    "sales_price_includes_vat": st.booleans(),
    "product_type": st.none() | st.sampled_from(["card", "service", "?"]),
    "active": st.none() | st.booleans(),
    "service_elements": WORDS,
}
PRODUCT = st.builds(Product, **PRODUCT_FIELDS)
NAME = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=8)
GOOD = {
    "code": NAME,
    "name": NAME,
    "vat_rate": st.just(Decimal(21)),
    "sales_price": st.decimals(0, 10**6, places=2),
    "product_type": st.sampled_from([None, "card"]),
    "service_elements": st.just({}),
}
GOOD_PRODUCT = st.builds(Product, **(PRODUCT_FIELDS | GOOD))
TARGET = st.builds(Target, site=st.sampled_from(["CZ", "SI", "HR"]))


@settings(max_examples=150)
@given(st.one_of(PARTNER, PRODUCT, GOOD_PRODUCT), TARGET)
def test_a_record_becomes_a_call_that_fits_the_reference_or_a_finding(record, target):
    routed = route(record, target)
    if routed.call is None:
        assert any(found.is_error for found in routed.findings)
        return
    assert not [problem for problem in problems_of(routed.call, target.site) if problem.severity == "error"]
    assert not any(found.is_error for found in routed.findings)
    assert routed.identity
    assert routed.identity.strip() == routed.identity
    wire.encode(routed.call)


@settings(max_examples=60)
@given(st.lists(GOOD_PRODUCT, min_size=1, max_size=6), TARGET)
def test_products_that_go_together_lose_no_value(products, target):
    calls = [route(product, target).call for product in products]
    together = many(calls)
    assert not [problem for problem in problems_of(together, target.site) if problem.severity == "error"]
    for call, product in zip(calls, together["products"].children, strict=True):
        assert {(one.name, one.value) for one in product.children} == {
            (one.name, one.value) for one in call["product"].children
        }
        names = [one.name for one in product.children]
        assert names == sorted(names, key=basic().index)
        assert product.name == "product"
