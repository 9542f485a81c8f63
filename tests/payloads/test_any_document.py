"""Whatever an invoice or an order says, there is a call that fits the reference or a finding that says why none."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.api import wire
from efimport.api.elements import document, problems_of
from efimport.documents import Address, Advance, Invoice, Kind, Line, Order, Origin, Party
from efimport.payloads import in_internal_format, route
from efimport.payloads.target import Target

SENT = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"])
TEXT = st.none() | st.text(SENT, max_size=8)
AMOUNT = st.none() | st.decimals(-(10**7), 10**7, places=2)
QUANTITY = st.none() | st.decimals(-1000, 1000, places=3)
RATE = st.none() | st.sampled_from(["0", "5", "9.5", "12", "21", "22", "25"]).map(Decimal)
DAY = st.none() | st.dates(dt.date(2004, 5, 1), dt.date(2030, 1, 1))
COUNTRY = st.none() | st.sampled_from(["CZ", "DE", "US", "si", "Česko", "GR", ""])
WORD = st.none() | st.sampled_from(
    ["UD", "UN", "UDdodEU", "UDpdp", "oss-goods", "reverse-charge", "UDxyz", "A5", "KN", "taxable", "", "č\"'"]
)
GIVEN = st.dictionaries(
    st.sampled_from(
        ["city", "type", "price", "netPrice", "vatTransactionType", "colour", "Address.city", "productCode", "number",
         "description", "vatPercentage", "kontrolHlasTransCode", "date", "quantity", "methodOfPayment", "Items"]
    ),
    st.sampled_from(["1", "retail", "gross", "7", "106", "x", "", "12,5", "2026-01-15", "PayPal"]),
    max_size=3,
)  # fmt: skip
PARTY = st.builds(
    Party, name=TEXT, registration_number=TEXT, vat_id=TEXT, tax_number=TEXT, contact=TEXT, email=TEXT, phone=TEXT,
    code=TEXT, service_id=TEXT, vat_registered=st.none() | st.booleans(),
    address=st.builds(Address, street=TEXT, city=TEXT, postal_code=TEXT, country=COUNTRY),
)  # fmt: skip
LINE = st.builds(
    Line, position=st.integers(1, 99), description=TEXT, product_code=TEXT, quantity=QUANTITY, unit=TEXT,
    unit_price=AMOUNT, price_includes_vat=st.booleans(), discount_percent=QUANTITY, vat_rate=RATE,
    total_without_vat=AMOUNT, vat=AMOUNT, total_with_vat=AMOUNT, vat_classification=WORD,
    reverse_charge=st.booleans(), reverse_charge_code=WORD, account=TEXT, note=TEXT,
    control_report_classification=WORD, vat_country=COUNTRY, cost_centre=TEXT, service_elements=GIVEN,
)  # fmt: skip
COMMON = {
    "origin": st.builds(Origin, path=st.just("a"), format=st.sampled_from(["spreadsheet", "pohoda", "isdoc"])),
    "number": TEXT, "date": DAY, "customer": st.none() | PARTY, "delivery": st.none() | PARTY,
    "lines": st.lists(LINE, max_size=3).map(tuple), "currency": st.sampled_from([None, "CZK", "EUR", "Kč"]),
    "payment_method": st.sampled_from([None, "transfer", "card", "barter"]), "text": TEXT, "introduction": TEXT,
    "vat_classification": WORD, "vat_country": COUNTRY, "discount_percent": QUANTITY, "cost_centre": TEXT,
    "delivery_method": TEXT, "language": st.sampled_from([None, "cs", "sk", "sl"]), "cancelled": st.booleans(),
    "service_elements": GIVEN, "exchange_rate": AMOUNT, "quote_number": TEXT,
}  # fmt: skip
ISSUED = [Kind.ISSUED_INVOICE, Kind.ISSUED_CREDIT_NOTE, Kind.ISSUED_ADVANCE_INVOICE, Kind.ISSUED_DEBIT_NOTE]
INVOICE = st.builds(
    Invoice, **COMMON, kind=st.sampled_from(ISSUED), taxable_supply_date=DAY, due_date=DAY, total_with_vat=AMOUNT,
    rounding=AMOUNT, vat_document=st.booleans(), original_number=TEXT, sales_order_number=TEXT, place_of_issue=TEXT,
    warehouse=TEXT, control_report_classification=WORD,
    advances=st.lists(st.builds(Advance, number=TEXT, amount=AMOUNT, taxed=st.booleans()), max_size=2).map(tuple),
)  # fmt: skip
ORDER = st.builds(
    Order, **COMMON, kind=st.just(Kind.ORDER_RECEIVED), total=AMOUNT, received_date=DAY, closed=st.booleans()
)
GOOD_LINE = st.builds(
    Line,
    position=st.integers(1, 99),
    description=TEXT,
    product_code=TEXT,
    quantity=QUANTITY,
    unit_price=AMOUNT,
    price_includes_vat=st.booleans(),
    discount_percent=st.none() | st.decimals(0, 100, places=1),
    vat_rate=RATE.filter(lambda rate: rate is not None),
    total_without_vat=AMOUNT,
    total_with_vat=AMOUNT,
    vat_classification=st.sampled_from(["UD", "UN", "taxable"]),
    note=TEXT,
    cost_centre=TEXT,
)
NAME = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=8)
GOOD = {
    "number": NAME,
    "customer": st.builds(Party, name=NAME, vat_id=TEXT, address=st.builds(Address, city=TEXT, country=COUNTRY)),
    "lines": st.lists(GOOD_LINE, min_size=1, max_size=4).map(tuple),
    "currency": st.sampled_from([None, "CZK", "EUR"]),
    "cancelled": st.just(value=False),
    "vat_country": st.none(),
    "service_elements": st.sampled_from([{}, {"city": "Brno"}, {"type": "retail"}, {"businessUnit": "01"}]),
}
GOOD_INVOICE = st.builds(
    Invoice, **(COMMON | GOOD), kind=st.sampled_from(ISSUED[:3]), taxable_supply_date=DAY, total_with_vat=AMOUNT,
    vat_document=st.booleans(), warehouse=TEXT,
)  # fmt: skip
GOOD_ORDER = st.builds(Order, **(COMMON | GOOD), kind=st.just(Kind.ORDER_RECEIVED), total=AMOUNT)
ANY = st.one_of(INVOICE, ORDER, GOOD_INVOICE, GOOD_INVOICE, GOOD_ORDER)
TARGET = st.builds(Target, site=st.sampled_from(["CZ", "SI", "HR"]))


@settings(max_examples=300)
@given(ANY, TARGET)
def test_a_document_becomes_a_call_that_fits_the_reference_or_a_finding(made, target):
    routed = in_internal_format(made, target)
    if routed.call is None:
        assert any(found.is_error for found in routed.findings)
        return
    assert not any(found.is_error for found in routed.findings)
    assert not [problem for problem in problems_of(routed.call, target.site) if problem.severity == "error"]
    assert routed.identity
    assert wire.encode(routed.call)


@settings(max_examples=100)
@given(ANY, TARGET)
def test_elements_stand_in_the_order_of_the_reference_and_the_same_call_is_made_again(made, target):
    routed = route(made, target)
    assert route(made, target) == routed
    if routed.call is None or "base64data" in routed.call:
        return
    parameter = list(routed.call)[1]
    names = [one.name for one in parameter.value.children]
    assert names == sorted(names, key=document(parameter.name, target.site).root.names.index)
