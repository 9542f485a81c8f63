"""Sound documents of every type that is created one by one, and what they need to exist first."""

from __future__ import annotations

from tests.sandbox.conftest import Caller, Reply, attribute, nested

PATHS = {"CZ": "/WebServicesCZ/API", "SI": "/WebServicesSI/API", "HR": "/WebServicesHR/API"}
SITE = {"DebitNote": "HR"}

PARTNER = (
    "<partnerCode>S1</partnerCode><companyName>Dodavatel s.r.o.</companyName><companyType>Ltd</companyType>"
    "<ID>12345679</ID>"
)


def product(code: str = "P1", **changes: str) -> str:
    fields = {
        "productCode": code,
        "name": f"Výrobek {code}",
        "vatPercentage": "21",
        "grossPrice": "10.00",
        "currency": "CZK",
        "type": "goodsWithStockManagement",
    }
    return elements(fields | changes)


def elements(fields: dict[str, str]) -> str:
    return "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value)


_SOLD = {"description": "Práce", "quantity": "2", "netPrice": "100.50", "vatPercentage": "21", "currency": "CZK"}
_STOCKED = {"productCode": "P1", "calculationQuantity": "2"}
_BOUGHT = {
    "chartAccountNumber": "518000",
    "description": "Nájem",
    "inputVatTransactionType": "0",
    "netAmount": "100.00",
}
_DEBIT = {
    "amountDebit": "100.00",
    "description": "Mzda",
    "generalLedgerAccountNumber": "521000",
    "transactionDate": "2024-03-05",
    "partner": "Zaměstnanec",
}
_CREDIT = {name: value for name, value in _DEBIT.items() if name != "amountDebit"} | {"amountCredit": "100.00"}
_OUTGOING = {"date": "2024-03-05", "paymentDueDate": "2024-03-19", "buyerName": "Odběratel a.s.", "type": "gross"}
_RECEIVED = {
    "number": "D-1",
    "paymentAmount": "121.00",
    "paymentCurrency": "CZK",
    "businessYear": "2024",
    "date": "2024-02-01",
    "paymentDueDate": "2024-02-15",
    "receivalDate": "2024-02-02",
    "dateOfSupplyFrom": "2024-02-01",
    "methodOfPayment": "Cash",
    "supplierCode": "S1",
}
_ADVANCE = {"prepaymentAmount": "121.00", "prepaymentCurrency": "CZK", "prepaymentDate": "2024-02-01"}

SAMPLES: dict[str, tuple[dict[str, str], tuple[dict[str, str], ...]]] = {
    "SalesInvoice": (_OUTGOING, (_SOLD,)),
    "AdvanceInvoice": (_OUTGOING, (_SOLD,)),
    "CreditNote": (_OUTGOING, (_SOLD,)),
    "DebitNote": (_OUTGOING, (_SOLD,)),
    "SalesOrder": ({**_OUTGOING, "paymentDueDate": ""}, (_SOLD,)),
    "SalesQuote": ({**_OUTGOING, "paymentDueDate": "", "validUntil": "2024-04-05"}, (_SOLD,)),
    "DeliveryNote": (
        {"date": "2024-03-05", "dateOfSupply": "2024-03-05", "warehouseCode": "0001", "buyerName": "Odběratel a.s."},
        (_STOCKED,),
    ),
    "GoodsReceipt": (
        {"date": "2024-03-05", "dateOfReceival": "2024-03-05", "warehouseCode": "0001", "supplierCode": "S1"},
        (_STOCKED,),
    ),
    "PurchaseOrder": ({"date": "2024-03-05", "city": "Brno", "supplierName": "Dodavatel s.r.o."}, (_SOLD,)),
    "InternalMovement": (
        {"number": "055/24", "date": "2024-03-05", "warehouseFromCode": "0001", "warehouseCode": "908"},
        (_STOCKED,),
    ),
    "BillOfMaterials": (
        {
            "number": "055/24",
            "date": "2024-03-05",
            "productCode": "P1",
            "productQuantity": "10.000000",
            "status": "Active",
        },
        ({"itemProductCode": "P2", "quantity": "5.000000"},),
    ),
    "WorkOrder": (
        {
            "date": "2024-03-05",
            "warehouseCodeForUsedMaterials": "090",
            "warehouseForOrderedProductsCode": "908",
            "buyerName1": "Odběratel a.s.",
        },
        ({"productCode": "P1", "calculationQuantity": "1"},),
    ),
    "GeneralLedgerJournalVoucher": (
        {"businessYear": "2024", "dateOfPosting": "2024-03-05", "dateOfTransaction": "2024-03-05"},
        (_DEBIT, _CREDIT),
    ),
    "ReceivedInvoice": (_RECEIVED, (_BOUGHT,)),
    "ReceivedCreditNote": (_RECEIVED, (_BOUGHT,)),
    "ReceivedAdvanceInvoice": (_RECEIVED | _ADVANCE, (_BOUGHT,)),
}


def sample(kind: str, item: dict[str, str] | None = None, **changes: str) -> str:
    """The elements of a sound document, with changes; an empty text leaves an element out."""
    head, items = SAMPLES[kind]
    listed = "".join(f"<Item>{elements(one | (item or {}))}</Item>" for one in items)
    return elements(head | changes) + f"<Items>{listed}</Items>"


class Firm:
    """A sandbox in which the partner, the products and the bill of materials of the samples exist."""

    def __init__(self, call: Caller, kind: str = "") -> None:
        self.caller = call
        if kind.startswith("Received") or kind == "GoodsReceipt":
            call("PartnerImport", nested("partner", PARTNER))
        if kind in ("DeliveryNote", "GoodsReceipt", "WorkOrder", "InternalMovement", "SalesInvoice"):
            call("ProductImport", nested("product", product()))
        if kind == "WorkOrder":
            self.create("BillOfMaterials")

    def __call__(self, method: str, *parameters: str, user: str = "demo") -> Reply:
        site = next((SITE[kind] for kind in SITE if method.startswith(kind)), "CZ")
        return self.caller(method, *parameters, user=user, path=PATHS[site])

    def named(self, method: str, number: str = "", **others: str) -> Reply:
        parameters = [attribute(name, value) for name, value in ({"number": number} | others).items() if value]
        return self(method, *parameters)

    def create(self, kind: str, item: dict[str, str] | None = None, **changes: str) -> Reply:
        return self(f"{kind}Create", nested(kind, sample(kind, item, **changes)))

    def number(self, kind: str, item: dict[str, str] | None = None, **changes: str) -> str:
        reply = self.create(kind, item, **changes)
        assert reply.ok, reply.error
        return reply.text("number") or ""

    def documents(self, kind: str) -> list[dict]:
        return self.caller.state()["documents"][kind]
