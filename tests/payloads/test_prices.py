"""The prices that are sent make the amounts that stand on the document."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.documents import Kind
from efimport.payloads import route
from efimport.payloads.lines import net_total, quantity
from efimport.payloads.prices import form_of, given_form, gross_total, priced, totals
from efimport.payloads.target import Target
from efimport.rounding import half_up

CENTS = st.decimals(min_value=Decimal("-999999.99"), max_value=Decimal("999999.99"), places=2)
PIECES = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(10_000), places=3)
RATES = st.sampled_from([Decimal(0), Decimal(5), Decimal("9.5"), Decimal(12), Decimal(21), Decimal(22), Decimal(25)])
DISCOUNTS = st.none() | st.decimals(min_value=Decimal("0.5"), max_value=Decimal(100), places=1)


def gross(invented, rate="21", **fields):
    return priced(invented.line(**fields), Decimal(rate), "gross")


# Without VAT


def test_the_unit_price_of_the_line_is_kept_where_it_makes_the_total(invented):
    made = gross(invented, quantity=Decimal(3), unit_price=Decimal("33.3333"), total_without_vat=Decimal("100.00"))
    assert (made.price, made.discount) == (Decimal("33.3333"), None)


@pytest.mark.parametrize(
    ("fields", "price"),
    [
        ({"quantity": Decimal(3), "unit_price": None}, "33.333"),
        ({"unit_price": Decimal(121), "price_includes_vat": True}, "100.00"),
        ({"quantity": None, "unit_price": None}, "100.00"),
        ({"quantity": Decimal(0), "unit_price": None}, "100.00"),
        ({"unit_price": Decimal(7)}, "100.00"),
        ({"unit_price": Decimal(200), "discount_percent": Decimal(40)}, "100.00"),
        ({"unit_price": Decimal(50), "discount_percent": Decimal(-100)}, "100.00"),
        ({"total_without_vat": None, "total_with_vat": None, "unit_price": Decimal(50), "quantity": Decimal(2)}, "50"),
        ({"total_without_vat": None, "vat": None}, "100.00"),
        ({"total_without_vat": None}, "100.00"),
        ({"total_without_vat": None, "total_with_vat": None, "unit_price": None}, "0"),
    ],
)
def test_the_price_is_the_one_without_vat_that_makes_the_total(invented, fields, price):
    made = gross(invented, **fields)
    assert (made.price, made.discount) == (Decimal(price), None)


def test_a_discount_is_sent_with_the_price_before_it_where_the_two_make_the_total(invented):
    made = gross(invented, unit_price=Decimal(200), discount_percent=Decimal(50))
    assert (made.price, made.discount) == (Decimal(200), Decimal(50))


def test_a_price_with_vat_and_without_totals_is_reduced_by_the_vat(invented):
    line = invented.line(
        unit_price=Decimal(121),
        price_includes_vat=True,
        quantity=Decimal(2),
        total_without_vat=None,
        total_with_vat=None,
        vat=None,
    )
    assert (priced(line, Decimal(21), "gross").price, net_total(line)) == (Decimal("100.00"), Decimal("200.00"))


# With VAT


@pytest.mark.parametrize(
    ("fields", "price", "discount"),
    [
        ({"unit_price": Decimal(121), "price_includes_vat": True}, "121", None),
        ({}, "121.00", None),
        ({"quantity": Decimal(3), "unit_price": None}, "40.333", None),
        ({"unit_price": Decimal(242), "price_includes_vat": True, "discount_percent": Decimal(50)}, "242", "50"),
        ({"total_with_vat": None}, "121.00", None),
        ({"total_with_vat": None, "vat": None}, "121.00", None),
    ],
)
def test_the_price_with_vat_makes_the_total_with_vat(invented, fields, price, discount):
    made = priced(invented.line(**fields), Decimal(21), "retail")
    assert (made.price, made.discount) == (Decimal(price), Decimal(discount) if discount else None)


def test_a_price_with_vat_alone_gives_the_total_with_vat(invented):
    line = invented.line(
        unit_price=Decimal("0.10"), price_includes_vat=True, quantity=Decimal(3), total_without_vat=None, vat=None,
        total_with_vat=None,
    )  # fmt: skip
    assert gross_total(line, Decimal(21)) == Decimal("0.30")


# The form


def with_vat(invented, *amounts):
    """Lines whose amounts are stated with VAT; the base is worked out of them, as sellers to consumers do."""
    rate = Decimal(21)
    lines = []
    for position, amount in enumerate(amounts, 1):
        base = half_up(Decimal(amount) / (1 + rate / 100))
        lines.append(
            invented.line(
                position, unit_price=Decimal(amount), price_includes_vat=True, total_without_vat=base,
                total_with_vat=Decimal(amount), vat=Decimal(amount) - base,
            )
        )  # fmt: skip
    return lines


def paired(lines, rate="21"):
    return [(line, Decimal(rate)) for line in lines]


def test_prices_with_vat_make_a_document_of_the_type_retail(invented):
    lines = with_vat(invented, "0.03", "9.99")
    assert form_of(paired(lines), [Decimal("10.02")]) == "retail"


def test_prices_without_vat_make_a_document_of_the_type_gross(invented):
    assert form_of(paired([invented.line()]), [Decimal("121.00")]) == "gross"
    assert form_of(paired([invented.line()]), []) == "gross"
    assert form_of([], []) == "gross"


def test_where_prices_without_vat_miss_the_total_and_those_with_vat_make_it_they_are_sent(invented):
    line = invented.line(total_without_vat=Decimal("0.02"), total_with_vat=Decimal("0.03"), vat=Decimal("0.01"))
    assert form_of(paired([line]), [Decimal("0.03")]) == "retail"


@pytest.mark.parametrize(
    ("document", "line", "form"),
    [
        ({"type": " Retail"}, {}, "retail"),
        ({"type": "gross"}, {"price": "1"}, "gross"),
        ({}, {"price": "1"}, "retail"),
        ({}, {"netPrice": "1"}, "gross"),
        ({}, {"netPrice": "1", "price": "1"}, None),
        ({"type": "other"}, {}, None),
        ({}, {}, None),
    ],
)
def test_a_source_may_say_the_form_itself(invented, document, line, form):
    assert given_form(document, [invented.line(service_elements=line)]) == form


def test_a_given_form_decides_the_prices(invented):
    routed = route(invented.invoice(service_elements={"type": "RETAIL"}), Target())
    children = {one.name: one for one in routed.call["SalesInvoice"].children}
    inside = {one.name: one.value for one in children["Items"].children[0].children}
    assert (children["type"].value, inside["price"]) == ("retail", Decimal("121.00"))
    assert "netPrice" not in inside


def test_an_order_writes_the_form_in_its_own_spelling(invented):
    lines = tuple(with_vat(invented, "9.99"))
    routed = route(invented.order(lines=lines), Target())
    assert {one.name: one.value for one in routed.call["SalesOrder"].children}["type"] == "Retail"


def test_a_total_that_does_not_come_out_is_told(invented):
    routed = route(invented.invoice(total_with_vat=Decimal("121.07"), payable=Decimal("121.07")), Target())
    assert [found.code for found in routed.findings] == ["payload.total-differs"]
    assert "121.00" in routed.findings[0].message
    assert "121.07" in routed.findings[0].message


def test_a_total_of_an_order_that_does_not_come_out_is_told(invented):
    assert [found.code for found in route(invented.order(total=Decimal("121.00")), Target()).findings] == []
    routed = route(invented.order(total=Decimal("122.00")), Target())
    assert [found.code for found in routed.findings] == ["payload.total-differs"]


# Properties


@settings(deadline=None, max_examples=150)
@given(total=CENTS, pieces=PIECES, rate=RATES)
def test_a_line_makes_its_total_without_vat_and_with_it(invented, total, pieces, rate):
    line = invented.line(quantity=pieces, unit_price=None, total_without_vat=total, total_with_vat=None, vat=None)
    made = priced(line, rate, "gross")
    assert half_up(made.price * quantity(line)) == total
    assert made.total() == half_up(total * (1 + rate / 100))


@settings(deadline=None, max_examples=150)
@given(total=CENTS, pieces=PIECES, rate=RATES)
def test_a_line_makes_its_total_with_vat(invented, total, pieces, rate):
    line = invented.line(quantity=pieces, unit_price=None, total_without_vat=None, total_with_vat=total, vat=None)
    assert priced(line, rate, "retail").total() == total


@settings(deadline=None, max_examples=100)
@given(price=CENTS, pieces=PIECES, rate=RATES, discount=DISCOUNTS)
def test_price_quantity_and_discount_make_what_they_made_on_the_document(invented, price, pieces, rate, discount):
    total = half_up(price * pieces * (1 - (discount or Decimal(0)) / 100))
    line = invented.line(
        quantity=pieces, unit_price=price, discount_percent=discount, total_without_vat=total, total_with_vat=None,
        vat=None,
    )  # fmt: skip
    assert half_up(priced(line, rate, "gross").amount) == total


@st.composite
def documents(draw):
    """A document of one of the three usual kinds, its lines as (fields, rate), and its total with VAT.

    VAT of each line; VAT of all lines at a rate; prices with VAT, of which the VAT is worked out.
    """
    kind = draw(st.sampled_from(["by-line", "by-rate", "with-vat"]))
    lines, bases, sum_by_line = [], {}, Decimal(0)
    for _ in range(draw(st.integers(1, 6))):
        pieces, rate = draw(PIECES), draw(RATES)
        price = draw(CENTS)
        amount = half_up(price * pieces)
        if kind == "with-vat":
            base = half_up(amount / (1 + rate / 100))
            fields = {"total_without_vat": base, "total_with_vat": amount, "vat": amount - base}
            sum_by_line += amount
        else:
            vat = half_up(amount * rate / 100)
            fields = {"total_without_vat": amount, "total_with_vat": amount + vat, "vat": vat}
            sum_by_line += half_up(amount * (1 + rate / 100))
            bases[rate] = bases.get(rate, Decimal(0)) + amount
        lines.append(
            ({**fields, "unit_price": price, "quantity": pieces, "price_includes_vat": kind == "with-vat"}, rate)
        )
    by_rate = sum((half_up(base * (1 + rate / 100)) for rate, base in bases.items()), Decimal(0))
    return lines, by_rate if kind == "by-rate" else sum_by_line


@settings(deadline=None, max_examples=200)
@given(made=documents())
def test_the_lines_as_the_service_works_them_out_make_the_total_of_the_document(invented, made):
    described, total = made
    lines = [(invented.line(place, **fields), rate) for place, (fields, rate) in enumerate(described, 1)]
    form = form_of(lines, [total])
    assert total in totals([priced(line, rate, form) for line, rate in lines])


@settings(deadline=None, max_examples=60)
@given(made=documents(), discount=st.decimals(min_value=Decimal("0.5"), max_value=Decimal(90), places=1))
def test_a_discount_of_the_whole_document_is_taken_off_once(invented, made, discount):
    described, _ = made
    lines = [(invented.line(place, **fields), rate) for place, (fields, rate) in enumerate(described, 1)]
    whole = [priced(line, rate, "gross") for line, rate in lines]
    by_line, _ = totals(whole, discount)
    expected = sum((half_up(one.amount * (1 - discount / 100) * (1 + one.rate / 100)) for one in whole), Decimal(0))
    assert by_line == expected


@settings(deadline=None, max_examples=60)
@given(*[st.none() | st.decimals(allow_nan=False, allow_infinity=False)] * 4)
def test_no_number_is_too_long_for_a_line(invented, pieces, price, total, discount):
    if any(value is not None and abs(value.adjusted()) > 1000 for value in (pieces, price, total, discount)):
        return
    line = invented.line(
        quantity=pieces, unit_price=price, total_without_vat=total, total_with_vat=None, discount_percent=discount
    )
    assert isinstance(priced(line, Decimal(21), "gross").price, Decimal)
    assert isinstance(priced(line, Decimal(21), "retail").price, Decimal)


@settings(deadline=None, max_examples=30)
@given(made=documents())
def test_an_invoice_of_such_lines_is_sent_without_a_word_about_its_total(invented, made):
    described, total = made
    lines = tuple(
        invented.line(place, vat_rate=rate, vat_classification="UD", **fields)
        for place, (fields, rate) in enumerate(described, 1)
    )
    routed = route(invented.invoice(kind=Kind.ISSUED_INVOICE, lines=lines, total_with_vat=total), Target())
    assert "payload.total-differs" not in [found.code for found in routed.findings]
