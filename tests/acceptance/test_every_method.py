"""Every method of the catalogue is called at each of its sites, in XML and in JSON, and its answer is understood."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from efimport.api import catalogue
from efimport.api.answers import Answer, parse
from efimport.api.call import Call, File
from efimport.api.login import Login
from efimport.api.request import Wire, prepare
from efimport.api.values import make_call
from efimport.sandbox.server import RunningSandbox, start
from efimport.secrets import Secret
from efimport.settings import ApiUser, Organization
from tests.sandbox.conftest import camt

CURRENCY = {"CZ": "CZK", "SI": "EUR", "HR": "EUR"}
STATEMENT_TYPE = {"CZ": "CbaXml", "SI": "IsoSepaXml", "HR": "CbaXml"}
DAY = date(2026, 1, 31)
PDF = File(b"%PDF-1.4\n%%EOF\n", "smlouva.pdf")
PLAIN: dict[str, Any] = {
    "number": "2026-00001",
    "documentID": "60:1",
    "partnerCode": "P1",
    "productCode": "C1",
    "ProductGroupCode": "G1",
    "ID": "27082440",
    "businessYear": 2026,
    "recipient": "ucetni@example.cz",
    "paymentAmount": Decimal("10.50"),
    "paymentMethodForInvoice": "Cash",
    "IBAN": "CZ6508000000192000145399",
    "attachment": PDF,
    "image": File(b"\x89PNG\r\n\x1a\n", "obrazek.png"),
    "electronicDocument": File(camt(), "vypis.xml"),
    "document": PDF,
    "statementData": camt(),
}
"""Values of parameters; any other one has a value of its type."""
BY_TYPE: dict[str, Any] = {"Date": DAY, "Integer": 2026, "Decimal": Decimal(1), "Boolean": True, "String": "1"}


def item(site: str) -> dict[str, Any]:
    return {
        "description": "Chléb",
        "currency": CURRENCY[site],
        "quantity": Decimal(2),
        "unit": "ks",
        "netPrice": Decimal(50),
        "vatPercentage": 21,
    }


def product(site: str) -> dict[str, Any]:
    return {
        "productCode": "C1",
        "name": "Chléb",
        "vatPercentage": 21,
        "currency": CURRENCY[site],
        "unit": "ks",
        "retailPrice": Decimal(121),
        "grossPrice": Decimal(100),
        "type": "goodsWithoutStockManagement",
        "status": "active",
    }


def sold(site: str, **more: Any) -> dict[str, Any]:
    return {"number": "2026-00001", "date": DAY, "buyerName": "Pekárna s.r.o.", "Items": [item(site)], **more}


def received(site: str) -> dict[str, Any]:
    line = {
        "description": "Mouka",
        "chartAccountNumber": "501000",
        "inputVatTransactionType": 0,
        "quantity": 1,
        "price": Decimal(100),
        "netAmount": Decimal(100),
        "vatPercentage": 21,
    }
    return {
        "number": "2026-00001",
        "date": DAY,
        "receivalDate": DAY,
        "paymentDueDate": DAY,
        "prepaymentDate": DAY,
        "dateOfSupplyFrom": DAY,
        "businessYear": 2026,
        "paymentAmount": Decimal(121),
        "paymentCurrency": CURRENCY[site],
        "methodOfPayment": "Cash",
        "supplierCode": "P1",
        "Items": [line],
    }


def structures(site: str) -> dict[str, Any]:
    """The smallest structures that are complete."""
    entry = {"description": "Platba", "transactionDate": DAY, "partner": "Pekárna s.r.o."}
    stock = [{"productCode": "C1", "calculationQuantity": 1}]
    return {
        "SalesInvoice": sold(site, dateOfSupplyFrom=DAY, status="issuedInvoice"),
        "AdvanceInvoice": sold(site),
        "CreditNote": sold(site, dateOfSupplyFrom=DAY),
        "DebitNote": sold(site, dateOfSupplyFrom=DAY),
        "SalesOrder": sold(site),
        "SalesQuote": sold(site),
        "ReceivedInvoice": received(site),
        "ReceivedAdvanceInvoice": {**received(site), "prepaymentAmount": 121, "prepaymentCurrency": CURRENCY[site]},
        "ReceivedCreditNote": received(site),
        "DeliveryNote": {
            "date": DAY,
            "dateOfSupply": DAY,
            "warehouseCode": "0001",
            "buyerName": "Pekárna s.r.o.",
            "Items": stock,
        },
        "GoodsReceipt": {
            "date": DAY,
            "dateOfReceival": DAY,
            "warehouseCode": "0001",
            "supplierCode": "P1",
            "Items": stock,
        },
        "PurchaseOrder": {"date": DAY, "city": "Brno", "supplierCode": "P1", "Items": stock},
        "InternalMovement": {
            "number": "2026-00001",
            "date": DAY,
            "warehouseFromCode": "0001",
            "warehouseCode": "1000",
            "Items": stock,
        },
        "BillOfMaterials": {
            "number": "2026-00001",
            "date": DAY,
            "productCode": "C1",
            "productQuantity": 1,
            "status": "active",
            "Items": [{"itemProductCode": "C2", "quantity": 1}],
        },
        "WorkOrder": {
            "date": DAY,
            "warehouseCodeForUsedMaterials": "0001",
            "warehouseForOrderedProductsCode": "1000",
            "Items": stock,
        },
        "GeneralLedgerJournalVoucher": {
            "number": "1",
            "businessYear": 2026,
            "dateOfPosting": DAY,
            "dateOfTransaction": DAY,
            "Items": [
                {"generalLedgerAccountNumber": "221000", "amountDebit": Decimal(5), **entry},
                {"generalLedgerAccountNumber": "311000", "amountCredit": Decimal(5), **entry},
            ],
        },
        "partner": {"partnerCode": "P1", "companyName": "Pekárna s.r.o.", "companyType": "Ltd"},
        "product": product(site),
        "products": [product(site)],
        "ProductGroup": {"productGroupCode": "G1", "productGroupDescription": "Pečivo", "status": "active"},
        "priceCalculation": {"retailPrice": Decimal(121)},
        "priceCalculations": [{"productCode": "C1", "retailPrice": Decimal(121)}],
        "priceDiscountAction": {"productCode": "C1", "discountPercentage": 5, "validFrom": DAY, "validTo": DAY},
        "SalesInvoiceInstallments": [
            {"installmentDate": DAY, "installmentAmount": Decimal(amount)} for amount in (100, 21)
        ],
    }


def is_impossible(method: catalogue.Method, site: str) -> bool:
    """Whether a mandatory parameter has no possible value there: no bank statement is imported in Croatia."""
    return any(rule.mandatory and rule.values.get(site) == () for rule in method.parameters)


def smallest(method: catalogue.Method, site: str) -> Call:
    """The call with what every call of the method needs."""
    given: dict[str, Any] = {}
    wanted = {rule.name for rule in method.parameters if rule.mandatory or rule.spared}
    wanted |= set(method.one_of[:1])
    if method.name == "BankStatementImport":
        wanted.add("IBAN")
    known = {**structures(site), **PLAIN, "type": STATEMENT_TYPE[site]}
    for rule in method.parameters:
        if rule.name in wanted:
            given[rule.name] = known[rule.name] if rule.name in known else BY_TYPE[rule.type]
    if method.name.endswith("Update") and isinstance(given.get(method.parameters[0].name), dict):
        given[method.parameters[0].name].setdefault("number", "2026-00001")
    return make_call(method, given, site)


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[dict[str, RunningSandbox]]:
    started = {site: start(site, period=0) for site in catalogue.SITES}
    yield started
    for sandbox in started.values():
        sandbox.stop()


@pytest.fixture(scope="module")
def line() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


def ask(sandbox: RunningSandbox, line: httpx.Client, call: Call, form: Wire) -> Answer:
    user = ApiUser("demo", password=Secret.of("demo"))
    organization = Organization(site=sandbox.site, token=Secret.of("SANDBOX"), users=(user,), wire=form)
    request = prepare(call, sandbox.site, form)
    reply = line.post(
        sandbox.endpoint,
        content=Login(organization, user).fill(request.body),
        headers={"Content-Type": request.content_type},
    )
    return parse(reply.content, reply.headers["Content-Type"], reply.status_code)


UNDERSTOOD = ("ok", "not-found", "already-exists")
FIRST = ("PartnerImport", "ProductImport", "BillOfMaterialsCreate")
"""What the documents refer to."""


REFUSED = {
    "ProductPriceListGet": "Use of price list for this product is disabled.",
    # Another one was made of an order in between.
    "SalesInvoiceDelete": "EMU: only the last issued document of its type and business year can be deleted",
}
LAST = ("Delete", "Cancel", "Remove")


def answers_of(sandbox: RunningSandbox, line: httpx.Client, names: list[str], form: Wire) -> dict[str, Answer]:
    sandbox.reset()
    ordered = sorted(names, key=lambda name: (name not in FIRST, name.endswith(LAST)))
    return {name: ask(sandbox, line, smallest(catalogue.method(name), sandbox.site), form) for name in ordered}


def told_otherwise(answers: dict[str, Answer]) -> dict[str, str]:
    return {name: answer.description for name, answer in answers.items() if answer.kind not in UNDERSTOOD}


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("site", catalogue.SITES)
def test_every_method_is_answered_where_it_is_documented(
    site: str, form: Wire, sandboxes: dict[str, RunningSandbox], line: httpx.Client
) -> None:
    names = [name for name, method in catalogue.methods().items() if site in method.documented]
    answers = answers_of(sandboxes[site], line, names, form)
    assert told_otherwise(answers) == {name: text for name, text in REFUSED.items() if name in names and site == "CZ"}


def test_every_method_is_documented_somewhere() -> None:
    documented = [name for name, method in catalogue.methods().items() if method.documented]
    assert len(documented) == len(catalogue.methods()) == 222


@pytest.mark.slow
@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("site", catalogue.SITES)
def test_elsewhere_a_method_is_answered_or_not_offered(
    site: str, form: Wire, sandboxes: dict[str, RunningSandbox], line: httpx.Client
) -> None:
    names = [
        name
        for name, method in catalogue.methods().items()
        if site in method.sites and site not in method.documented and not is_impossible(method, site)
    ]
    told = told_otherwise(answers_of(sandboxes[site], line, names, form))
    assert {name for name, text in told.items() if "is not offered at the site" not in text} <= {"ProductPriceListGet"}
