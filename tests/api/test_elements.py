"""The elements of documents: the facts are those of the reference, and documents are held against them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest

from efimport.api.call import Attribute, Call, Element, Nested, Parameter
from efimport.api.catalogue import SITES, methods
from efimport.api.elements import (
    check,
    code_list,
    document,
    documents,
    in_order,
    problems_of,
    spelling,
)
from efimport.errors import CallError

PAGES = {
    "whole reference": "001-api-reference-cz.txt",
    "Sales Invoice API, 19.11.2021": "004-sales-invoice-cz.txt",
    "Sales Invoice API, 03.04.2018": "002-sales-invoice-si.txt",
    "Debit Note API, 16.11.2021": "003-debit-note-hr.txt",
}
EVERY = [(name, site) for name in documents() for site in SITES]
SHOWN = [(name, site) for name, site in EVERY if document(name, site).is_documented]
WRONG = {
    "date": "31.1.2026",
    "decimal": "1 000,50",
    "integer": "1.5",
    "boolean": "perhaps",
    "currency": "czk",
    "country": "CZE",
    "code": "nonsense",
}


def value_of(rule):
    if rule.values is not None:
        return rule.default or rule.values.values[0]
    return {
        "date": date(2026, 1, 31), "decimal": Decimal("1.50"), "integer": 1, "boolean": True, "currency": "CZK",
        "country": "CZ",
    }.get(rule.type, "text")  # fmt: skip


PRICED = ("AdvanceInvoice", "CreditNote", "DebitNote", "SalesInvoice", "SalesOrder", "PurchaseOrder")
LEFT_OUT = {
    "netPrice": PRICED[:-1],
    "isReverseChargeVatDocument": ("ReceivedInvoice", "ReceivedCreditNote"),
}
"""What a full document cannot have beside what it has."""


def full(name, site, block=None):
    """Every element of a document, but those that exclude each other; prices include VAT, entries are two."""
    rules = document(name, site)
    block = block or rules.root
    for rule in block.elements:
        if name in LEFT_OUT.get(rule.name, ()) or rule.type == "any":
            continue
        if rule.type == "list":
            yield Element(rule.name, children=tuple(entries(name, site, rule)))
        elif rule.inside is not None:
            yield Element(rule.name, children=tuple(full(name, site, rule.inside)))
        elif rule.name == "type" and rule.values is not None and rule.values.name.endswith("pricing"):
            yield Element(rule.name, rule.values.spelling("retail"))
        elif rule.name == "kontrolHlasSectionType":
            yield Element(rule.name, "2")
        else:
            yield Element(rule.name, value_of(rule))


def entries(name, site, rule):
    """Two entries of a list: with a product or a debit the one, described or with a credit the other."""
    whole = tuple(full(name, site, rule.inside))
    both = () if name in PRICED else ("description", "productCode")
    for without in ({"description", "amountCredit", "isInputVatDeductible"}, {"productCode", "amountDebit"}):
        left_out = {*without, *(("isInsideTheScopeOfVat",) if "productCode" in without else ())}
        yield Element(rule.entry, children=tuple(one for one in whole if one.name not in left_out or one.name in both))


def leaves(elements, path=()):
    """All elements without children, with the way to them."""
    for place, element in enumerate(elements):
        if element.children:
            yield from leaves(element.children, (*path, place))
        else:
            yield (*path, place), element


def replaced(elements, path, new):
    """The elements with one of them changed or, where ``new`` is None, left out."""
    place, rest = path[0], path[1:]
    changed = list(elements)
    if rest:
        inner = replaced(changed[place].children, rest, new)
        changed[place] = Element(changed[place].name, children=inner)
    elif new is None:
        del changed[place]
    else:
        changed[place] = new
    return tuple(changed)


def brief(problems):
    return [(problem.path, problem.kind, problem.severity) for problem in problems]


# The facts


def test_every_document_that_the_reference_takes_is_there():
    assert set(documents()) == {
        "SalesInvoice", "AdvanceInvoice", "CreditNote", "DebitNote", "SalesOrder", "partner", "product", "products",
        "ReceivedInvoice", "ReceivedCreditNote", "ReceivedAdvanceInvoice", "DeliveryNote", "GoodsReceipt",
        "PurchaseOrder", "GeneralLedgerJournalVoucher",
    }  # fmt: skip


@pytest.mark.parametrize("name", documents())
def test_a_document_is_a_parameter_of_a_method(name):
    assert any(rule.name == name for method in methods().values() for rule in method.parameters)


def blocks(name, site):
    def inner(block):
        yield block
        for rule in block.elements:
            if rule.inside is not None:
                yield from inner(rule.inside)

    return list(inner(document(name, site).root))


@pytest.mark.parametrize(("name", "site"), EVERY)
def test_every_condition_speaks_of_elements_that_are_there(name, site):
    root = document(name, site).root
    for block in blocks(name, site):
        known = {*block.names, *root.names, *block.elsewhere, *root.elsewhere}
        for condition in block.conditions:
            assert set(condition.when) <= known
            assert condition.needs or condition.excludes or condition.requires or condition.alike
            assert not condition.needs or set(condition.needs) & known
            assert condition.because[0].islower() or condition.because.startswith("VAT")
            assert condition.because[-1].isalpha()


@pytest.mark.parametrize(("name", "site"), EVERY)
def test_every_code_element_has_a_list_and_a_default_from_it(name, site):
    for block in blocks(name, site):
        for rule in block.elements:
            assert (rule.type == "code") == (rule.values is not None)
            assert rule.values is None or rule.default is None or rule.default in rule.values.values
            assert (rule.type in ("block", "list", "repeated")) == (rule.inside is not None)


@pytest.mark.parametrize(("name", "site"), [pair for pair in SHOWN if pair[1] in document(*pair).pages])
def test_an_element_is_in_the_reference_where_the_catalogue_says(shared, name, site):
    page = PAGES[document(name, site).pages[site]]
    lines = (shared / "api" / "reference" / page).read_text(encoding="utf-8").split("\n")
    for block in blocks(name, site):
        for rule in block.elements:
            if rule.line is None:
                assert rule.inferred, rule.name
            elif rule.type != "list" or rule.name == "Items":
                # The reference writes one name of an address page after page; any page has it.
                assert re.search(rf"\b{rule.name}\b", lines[rule.line - 1]) or rule.name in ADDRESS, rule


ADDRESS = ("city", "country", "postalCode", "street", "type")


@pytest.mark.parametrize(
    ("name", "count", "has", "has_not"),
    [
        ("vat-cz", 21, ("0", "7", "20", "110", "120"), ("6", "9", "13", "16")),
        ("vat-cz-short", 15, ("0", "7", "100"), ("106", "120")),
        ("vat-si", 13, ("0", "11", "100"), ("12", "20")),
        ("vat-si-purchase", 12, ("11",), ("100",)),
        ("vat-hr", 21, ("0", "14", "25"), ("5", "8", "24", "100")),
        ("input-vat", 18, ("0", "2", "21"), ("1", "6", "14", "20")),
        ("control-report-section", 8, ("1", "8"), ("0", "9")),
        ("control-report-code", 20, ("2", "21"), ("1",)),
        ("payment-invoice", 7, ("payPal",), ("visa",)),
        ("payment-advance", 14, ("visa",), ("PayPal",)),
        ("payment-wide", 15, ("PayPal", "visa"), ()),
        ("business-event", 37, ("VATReport",), ()),
        ("company-type", 14, ("Ltd",), ()),
    ],
)
def test_a_code_list_is_that_of_the_reference(name, count, has, has_not):
    values = code_list(name).values
    assert len(values) == len(set(values)) == count
    assert set(has) <= set(values)
    assert not set(has_not) & set(values)


@pytest.mark.parametrize("name", ["vat-cz", "vat-cz-short", "vat-si", "vat-hr", "input-vat", "control-report-code"])
def test_a_number_has_a_meaning_in_both_languages(name):
    known = code_list(name)
    assert all(set(known.meanings[value]) == {"en", "cs"} for value in known.values)


@pytest.mark.parametrize(
    ("name", "written", "sent"),
    [
        ("pricing", "Retail", "retail"),
        ("order-pricing", "retail", "Retail"),
        ("document-status", "IssuedInvoice", "issuedInvoice"),
        ("registration", "unkown", "Unknown"),
        ("payment-invoice", "PAYPAL", "payPal"),
        ("payment-wide", "paypal", "PayPal"),
        ("language-cz", " czech ", "Czech"),
        ("zero-or-one", "true", "1"),
        ("vat-cz", "6", None),
    ],
)
def test_a_code_is_sent_in_the_spelling_of_its_list(name, written, sent):
    assert spelling(name, written) == sent


def test_a_list_or_document_that_nobody_knows_is_said():
    with pytest.raises(KeyError):
        spelling("nonsense", "1")
    with pytest.raises(CallError, match="no rules of elements for Invoice"):
        document("Invoice", "CZ")
    with pytest.raises(CallError, match="at the site SK"):
        check("SalesInvoice", "SK", ())


@pytest.mark.parametrize(
    ("path", "written", "sent"),
    [
        ("type", "RETAIL", "retail"),
        ("superDiscountPercentage", "5,5", "5.5"),
        ("superDiscountPercentage", "5 %", "5 %"),
        ("isReccurringInvoice", "0", "false"),
        ("isReccurringInvoice", "Yes", "true"),
        ("buyerCountry", "cz", "CZ"),
        ("Items.Item.currency", "eur", "EUR"),
        ("Items.Item.kontrolHlasSectionType", " 2", "2"),
        ("Address.city", " Brno ", "Brno"),
        ("vatTransactionType", "6", "6"),
    ],
)
def test_a_value_that_people_wrote_gets_the_form_that_is_sent(path, written, sent):
    assert document("SalesInvoice", "CZ").rule(path).written(written) == sent


@pytest.mark.parametrize("path", ["nonsense", "city.street", "Items.Item.nonsense", "Adress.city"])
def test_a_path_that_leads_nowhere_has_no_rule(path):
    assert document("SalesInvoice", "CZ").rule(path) is None


@pytest.mark.parametrize(("name", "site"), EVERY)
def test_elements_are_put_into_the_order_of_the_reference(name, site):
    elements = tuple(full(name, site))
    places = document(name, site).root.names.index
    assert in_order(name, site, reversed(elements)) == tuple(sorted(elements, key=lambda one: places(one.name)))


def test_what_is_inside_is_put_into_order_as_well_and_what_is_unknown_comes_last():
    item = Element("Item", children=(Element("quantity", 1), Element("description", "a"), Element("position", 1)))
    elements = (
        Element("nonsense", "x"),
        Element("Items", children=(item, Element("note", "x"))),
        Element("Address", children=(Element("street", "a"), Element("city", "b"))),
        Element("number", "1"),
    )
    ordered = in_order("SalesInvoice", "CZ", elements)
    assert [one.name for one in ordered] == ["number", "Address", "Items", "nonsense"]
    assert [one.name for one in ordered[1].children] == ["city", "street"]
    assert [one.name for one in ordered[2].children[0].children] == ["position", "description", "quantity"]


# Documents held against them


@pytest.mark.parametrize(("name", "site"), SHOWN)
def test_a_document_with_every_element_passes(name, site):
    assert brief(check(name, site, tuple(full(name, site)))) == []


@pytest.mark.parametrize(("name", "site"), [pair for pair in EVERY if pair not in SHOWN])
def test_a_document_that_the_site_does_not_show_is_held_against_that_of_another(name, site):
    problems = check(name, site, tuple(full(name, site)))
    assert brief(problems)[:1] == [("", "undocumented", "warning")]
    assert [one for one in problems if one.severity == "error"] == []


def rule_at(name, site, elements, path):
    block = document(name, site).root
    rule = None
    for place in path:
        element = elements[place]
        if rule is not None and rule.entry == element.name and rule.type == "list":
            elements = element.children
            rule = None
            continue
        rule = block.rule(element.name)
        block, elements = rule.inside or block, element.children
    return rule


CASES = [
    (name, site, path, element.name)
    for name, site in SHOWN
    for path, element in leaves(tuple(full(name, site)))
    if not any(entry > 0 for entry in path[1:2])  # the first entry of a list is enough
]


@pytest.mark.parametrize(
    ("name", "site", "path", "changed"),
    [case for case in CASES if rule_at(case[0], case[1], tuple(full(*case[:2])), case[2]).type in WRONG],
)
def test_a_value_of_another_form_is_found_at_its_element(name, site, path, changed):
    elements = tuple(full(name, site))
    rule = rule_at(name, site, elements, path)
    wrong = WRONG[rule.type]
    problems = check(name, site, replaced(elements, path, Element(changed, wrong)))
    kind = "value" if rule.type == "code" else "form"
    found = [problem for problem in problems if problem.path.endswith(changed) and problem.kind == kind]
    assert len(found) == 1
    assert found[0].severity == "error"
    assert wrong in found[0].reason
    assert rule.values is None or rule.values.values[0] in found[0].reason


@pytest.mark.parametrize(("name", "site", "path", "changed"), CASES)
def test_an_element_of_an_unknown_name_is_found_and_the_nearest_name_is_told(name, site, path, changed):
    elements = tuple(full(name, site))
    wrong = changed[:-1] + "X" + changed[-1:]
    problems = check(name, site, replaced(elements, path, Element(wrong, "1")))
    found = [problem for problem in problems if problem.kind == "unknown"]
    assert [problem.path.rpartition("/")[2] for problem in found] == [wrong]


@pytest.mark.parametrize(("name", "site", "path", "changed"), CASES)
def test_an_element_that_is_there_twice_is_found(name, site, path, changed):
    elements = tuple(full(name, site))
    whole = elements
    for place in path[:-1]:
        whole = whole[place].children
    again = whole[path[-1]]
    doubled = (*whole, again)
    problems = check(name, site, doubled if len(path) == 1 else _inside(elements, path[:-1], doubled))
    found = [(one.path.rpartition("/")[2], one.kind) for one in problems]
    # A second debit unbalances a voucher besides.
    assert found in ([(changed, "repeated")], [(changed, "repeated"), ("Items", "together")])


def _inside(elements, path, children):
    place = path[0]
    target = elements[place]
    inner = children if len(path) == 1 else _inside(target.children, path[1:], children)
    return (*elements[:place], Element(target.name, children=inner), *elements[place + 1 :])


@pytest.mark.parametrize(("name", "site"), SHOWN)
@pytest.mark.parametrize("use", ["create", "import", "update"])
def test_what_a_use_needs_is_missed(name, site, use):
    elements = tuple(full(name, site))
    for rule in document(name, site).root.elements:
        if rule.type in ("list", "repeated"):
            continue
        without = tuple(element for element in elements if element.name != rule.name)
        missing = [one.path for one in check(name, site, without, use=use) if one.reason.endswith("is missing.")]
        assert missing == ([rule.name] if use in rule.needed else [])


def item(*pairs):
    return Element("Item", children=tuple(Element(name, value) for name, value in pairs))


def invoice(*items, site="CZ", name="SalesInvoice", **values):
    usual = {"number": "1", "buyerName": "Odběratel"} | values
    elements = (
        *(Element(key, value) for key, value in usual.items() if value is not None),
        Element("Items", children=items or (FREE,)),
    )
    return brief(check(name, site, elements))


FREE = item(("description", "Práce"), ("netPrice", "1"), ("quantity", 1))
RETAIL = item(("description", "Práce"), ("price", "1"), ("quantity", 1))
PRODUCT = item(("productCode", "020"), ("quantity", 1))


def free(*pairs):
    return item(("description", "Práce"), ("netPrice", "1"), ("quantity", 1), *pairs)


ITEM = "Items/Item[1]/"


@pytest.mark.parametrize(
    ("items", "values", "found"),
    [
        ((FREE, PRODUCT), {}, []),
        ((RETAIL, PRODUCT), {"type": "Retail"}, []),
        ((RETAIL,), {}, [(f"{ITEM}netPrice", "missing", "error"), (f"{ITEM}price", "together", "error")]),
        ((FREE,), {"type": "retail"}, [(f"{ITEM}price", "missing", "error"), (f"{ITEM}netPrice", "together", "error")]),
        ((item(("quantity", 1)),), {}, [(f"{ITEM}productCode", "missing", "error")]),
        ((free(("productCode", "1")),), {}, [(f"{ITEM}description", "together", "error")]),
        ((item(("productCode", "1")),), {}, [(f"{ITEM}quantity", "missing", "error")]),
        ((FREE,), {"buyerName": None}, [("buyerName", "missing", "error")]),
        ((FREE,), {"buyerName": None, "buyerCode": "7"}, []),
        ((FREE,), {"buyerName": None, "buyerDocumentID": "60:1"}, []),
        ((FREE,), {"buyerVatRegistration": "registered"}, [("buyerTaxNumber", "missing", "error")]),
        ((FREE,), {"buyerVatRegistration": "Registered", "buyerTaxNumber": "CZ1"}, []),
        ((FREE,), {"buyerVatRegistration": "Registered", "buyerCode": "7"}, []),
        ((FREE,), {"buyerVatRegistration": "None"}, []),
        ((FREE,), {"number": ""}, [("number", "missing", "error")]),
        ((FREE,), {"vatTransactionType": 20}, [("vatCountryIsoCode", "missing", "error")]),
        ((FREE,), {"vatTransactionType": "109"}, [("vatCountryIsoCode", "missing", "error")]),
        ((FREE,), {"vatTransactionType": "110"}, [("vatCountryIsoCode", "missing", "warning")]),
        ((FREE,), {"vatTransactionType": "106", "vatCountryIsoCode": "DE"}, []),
        ((FREE,), {"vatTransactionType": "7"}, []),
        ((free(("vatTransactionType", 107)),), {"vatTransactionType": "107", "vatCountryIsoCode": "DE"}, []),
        (
            (free(("vatTransactionType", 107)),),
            {"vatCountryIsoCode": "DE"},
            [(f"{ITEM}vatTransactionType", "together", "warning")],
        ),
        ((free(("kontrolHlasTransCode", 4)),), {}, [(f"{ITEM}kontrolHlasSectionType", "missing", "warning")]),
        (
            (free(("kontrolHlasTransCode", 4), ("kontrolHlasSectionType", 7)),),
            {},
            [(f"{ITEM}kontrolHlasSectionType", "together", "warning")],
        ),
        ((free(("kontrolHlasTransCode", 4), ("kontrolHlasSectionType", 2)),), {}, []),
    ],
)
def test_what_belongs_together_at_the_czech_site(items, values, found):
    assert invoice(*items, **values) == found


@pytest.mark.parametrize(
    ("items", "values", "found"),
    [
        ((FREE,), {"vatTransactionType": "8"}, [("vatCountryIsoCode", "missing", "error")]),
        ((FREE,), {"vatTransactionType": "5", "vatCountryIsoCode": "AT"}, []),
        ((FREE,), {"vatTransactionType": "4"}, []),
        ((FREE,), {"vatTransactionType": "20"}, [("vatTransactionType", "value", "error")]),
        (
            (free(("vatTransactionType", "100")),),
            {"vatCountryIsoCode": "AT"},
            [(f"{ITEM}vatTransactionType", "together", "error")],
        ),
        ((FREE,), {"buyerDocumentID": "60:1"}, [("buyerDocumentID", "unknown", "error")]),
        ((free(("kontrolHlasSectionType", "2")),), {}, [(f"{ITEM}kontrolHlasSectionType", "unknown", "error")]),
        ((FREE,), {"vatOutgoingDocumentVatClause": "RegisteredTourismLawPart47"}, []),
        ((FREE,), {"documentLanguage": "Czech"}, [("documentLanguage", "value", "error")]),
    ],
)
def test_what_belongs_together_at_the_slovenian_site(items, values, found):
    assert invoice(*items, site="SI", **values) == found


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"vatTransactionType": "14"}, []),
        ({"vatTransactionType": "20"}, []),
        ({"vatTransactionType": "8"}, [("vatTransactionType", "value", "error")]),
        ({"buyerVatRegistration": "RegisteredR1"}, [("buyerTaxNumber", "missing", "error")]),
        (
            {"buyerVatRegistration": "Registered", "buyerTaxNumber": "1"},
            [("buyerVatRegistration", "value", "error")],
        ),
        ({"methodOfPayment": "cash"}, [("methodOfPayment", "unknown", "error")]),
        ({"documentLanguage": "Italian"}, [("documentLanguage", "value", "error")]),
    ],
)
def test_what_belongs_together_at_the_croatian_site(values, found):
    assert invoice(site="HR", name="DebitNote", **values) == found


@pytest.mark.parametrize(
    ("name", "clause", "found"),
    [
        ("SalesInvoice", "RegisteredTourismLawPart31", [("vatOutgoingDocumentVatClause", "value", "error")]),
        ("CreditNote", "RegisteredTourismLawPart31", [("vatOutgoingDocumentVatClause", "doubtful", "warning")]),
        ("SalesOrder", "registeredforeusuppliesonly", []),
        ("CreditNote", "RegisteredVATr2", [("vatOutgoingDocumentVatClause", "value", "error")]),
    ],
)
def test_a_clause_that_was_meant_for_another_country_is_doubted(name, clause, found):
    assert invoice(name=name, vatOutgoingDocumentVatClause=clause) == found


def received(name="ReceivedInvoice", items=(), strict=False, **values):
    entry = {"chartAccountNumber": "518", "description": "a", "inputVatTransactionType": "0", "netAmount": "1"}
    usual = {
        "paymentAmount": "1", "paymentCurrency": "CZK", "businessYear": "2026", "date": "2026-01-31", "number": "1",
        "paymentDueDate": "2026-01-31", "receivalDate": "2026-01-31", "dateOfSupplyFrom": "2026-01-31",
        "methodOfPayment": "Cash", "supplierCode": "7",
    }  # fmt: skip
    elements = [Element(key, value) for key, value in (usual | values).items() if value is not None]
    entry |= dict(items)
    inside = tuple(Element(key, value) for key, value in entry.items() if value is not None)
    elements.append(Element("Items", children=(Element("Item", children=inside),)))
    return brief(check(name, "CZ", elements, use="create", strict=strict))


@pytest.mark.parametrize(
    ("items", "values", "found"),
    [
        ({}, {}, []),
        ({}, {"supplierCode": None}, [("supplierCode", "missing", "error")]),
        ({}, {"supplierCode": None, "supplierDocumentID": "55:6"}, []),
        (
            {},
            {"methodOfPayment": "BankTransfer"},
            [("paymentBankAccountNumber", "missing", "error"), ("paymentReference", "missing", "error")],
        ),
        ({}, {"methodOfPayment": "Other"}, [("supplierBookingAccountNumber", "missing", "error")]),
        (
            {},
            {"isInsideTheScopeOfVat": True, "isReverseChargeVatDocument": "true"},
            [("isReverseChargeVatDocument", "together", "error")],
        ),
        ({}, {"isInsideTheScopeOfVat": "true", "isReverseChargeVatDocument": False}, []),
        ({"netAmount": None}, {}, [(f"{ITEM}netAmount", "missing", "error")]),
        ({"netAmount": None, "productCode": "1"}, {}, [(f"{ITEM}quantity", "missing", "error")]),
        ({"isInputVatDeductible": True}, {}, [(f"{ITEM}vatDeductionPercentage", "missing", "error")]),
        (
            {"isInputVatDeductible": 1, "vatDeductionPercentage": 100, "isInsideTheScopeOfVat": True},
            {},
            [(f"{ITEM}isInsideTheScopeOfVat", "together", "warning")],
        ),
        ({"inputVatTransactionType": "1"}, {}, [(f"{ITEM}inputVatTransactionType", "doubtful", "warning")]),
        ({"inputVatTransactionType": "6"}, {}, [(f"{ITEM}inputVatTransactionType", "value", "error")]),
        ({"chartAccountNumber": None}, {}, [(f"{ITEM}chartAccountNumber", "missing", "error")]),
    ],
)
def test_what_belongs_together_in_a_received_invoice(items, values, found):
    assert received(items=items, **values) == found


def test_whoever_is_strict_takes_no_value_that_is_printed_by_mistake():
    assert received(items={"inputVatTransactionType": "1"}, strict=True) == [
        (f"{ITEM}inputVatTransactionType", "doubtful", "error")
    ]


def voucher(*entries_):
    usual = {"businessYear": 2026, "dateOfPosting": date(2026, 1, 31), "dateOfTransaction": "2026-01-31"}
    given = {"description": "a", "generalLedgerAccountNumber": "311", "partner": "A", "transactionDate": "2026-01-31"}
    items = tuple(item(*(given | entry).items()) for entry in entries_)
    elements = (*(Element(*pair) for pair in usual.items()), Element("Items", children=items))
    return brief(check("GeneralLedgerJournalVoucher", "CZ", elements, use="create"))


@pytest.mark.parametrize(
    ("entries_", "found"),
    [
        (({"amountDebit": "1"}, {"amountCredit": "1.00"}), []),
        (({"amountDebit": "1"}, {"amountCredit": "2"}), [("Items", "together", "warning")]),
        (({"amountDebit": "0", "amountCredit": "0"},), [(f"{ITEM}amountDebit", "together", "error")]),
        (({},), [(f"{ITEM}amountCredit", "missing", "error")]),
        (({"amountDebit": "x"},), [(f"{ITEM}amountDebit", "form", "error")]),
        (({"amountDebit": 0, "description": "a" * 251},), [(f"{ITEM}description", "length", "error")]),
        (({"amountDebit": 0, "foreignAmount": 1},), [(f"{ITEM}exchangeRate", "missing", "error")]),
    ],
)
def test_what_belongs_together_in_a_journal_voucher(entries_, found):
    assert voucher(*entries_) == found


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"companyName": "A s.r.o.", "companyType": "ltd"}, []),
        ({"lastName": "Novák"}, []),
        ({}, [("companyName", "missing", "error")]),
        ({"companyName": "A s.r.o."}, [("companyType", "missing", "error")]),
        ({"lastName": "Novák", "companyType": "Ltd"}, [("companyName", "missing", "error")]),
        ({"lastName": "Novák", "personalID": "1"}, [("personalID", "unknown", "error")]),
    ],
)
def test_a_partner_is_a_firm_or_a_person(values, found):
    elements = tuple(Element(*pair) for pair in ({"partnerCode": "7"} | values).items())
    assert brief(check("partner", "CZ", elements)) == found


@pytest.mark.parametrize(
    ("elements", "found"),
    [
        ((Element("number", children=(Element("a", "b"),)),), ("number", "form", "error")),
        ((Element("Address", "Brno"),), ("Address", "form", "error")),
        ((Element("Items", children=(Element("item", "1"),)),), ("Items/item", "unknown", "error")),
        ((Element("superDiscountPercentage", Decimal("NaN")),), ("superDiscountPercentage", "form", "error")),
        ((Element("date", datetime(2026, 1, 31)),), ("date", "form", "error")),  # noqa: DTZ001
    ],
)
def test_an_element_of_another_shape_is_found(elements, found):
    assert found in brief(check("SalesInvoice", "CZ", elements))


def test_products_of_a_mass_import_are_looked_into_one_by_one():
    good = Element("product", children=(Element("productCode", "1"), Element("name", "A"), Element("vatPercentage", 21),
                                        Element("retailPrice", 1)))  # fmt: skip
    bad = Element("product", children=(Element("productCode", "2"), Element("name", "A"), Element("vatPercentage", 21)))
    assert brief(check("products", "CZ", (good, bad))) == [("product[2]/retailPrice", "missing", "error")]
    assert brief(check("products", "CZ", ())) == [("product", "missing", "error")]


def test_the_documents_of_a_call_are_checked_for_what_the_method_does():
    elements = (Element("lastName", "Novák"),)
    parameter = Parameter("partner", Nested(elements))
    assert problems_of(Call("PartnerCreate", (parameter,)), "CZ") == []
    assert brief(problems_of(Call("PartnerUpdate", (parameter,)), "CZ")) == [("partnerCode", "missing", "error")]
    wanted = (Parameter("importType", Attribute("createOnly")), parameter)
    assert brief(problems_of(Call("PartnerImport", wanted), "CZ")) == [("partnerCode", "missing", "error")]


def test_parameters_without_rules_are_left_alone():
    parameter = Parameter("ProductGroup", Nested((Element("anything", "x"),)))
    assert problems_of(Call("ProductGroupCreate", (parameter,)), "CZ") == []


# The examples of the reference


EXAMPLES = [
    ("004-sales-invoice-cz.txt", "SalesInvoiceCreate", "SalesInvoice", "CZ", []),
    (
        "002-sales-invoice-si.txt",
        "SalesInvoiceCreate",
        "SalesInvoice",
        "SI",
        [],
    ),
    ("003-debit-note-hr.txt", "DebitNoteCreate", "DebitNote", "HR", []),
]


@pytest.mark.parametrize(("file", "method", "name", "site", "found"), EXAMPLES)
def test_the_example_of_the_reference_passes(shared, file, method, name, site, found):
    elements = example((shared / "api" / "reference" / file).read_text(encoding="utf-8"), method, name)
    assert len(elements) > 25
    assert [problem.reason for problem in check(name, site, elements, use="create")] == found


def example(text, method, name):
    """The elements of a printed example; its comments are never closed, and some elements under another name."""
    from lxml import etree

    start = text.index(f'<parameter name="{name}">', text.index(f'<method name="{method}">'))
    lines = text[start : text.index("</parameter>", start)].splitlines()[1:]
    without = [re.sub(r"<(!|--).*", "", line).strip().removesuffix("...") for line in lines]
    closed = [re.sub(r"^<(\w+)>([^<>]*)</\w+>$", r"<\1>\2</\1>", line) for line in without]
    root = etree.fromstring("<x>" + "".join(closed) + "</x>")
    return tuple(as_element(node) for node in root)


def as_element(node):
    return Element(node.tag, None if len(node) else node.text, tuple(as_element(child) for child in node))
