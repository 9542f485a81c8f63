"""Account balances, statement entries and stock quantities, from what the sandbox holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from efimport.sandbox.server import start
from efimport.sandbox.state import Document, Entry, State
from tests.sandbox.conftest import Caller, Maker, Reply, attribute, nested

BALANCE = "GeneralLedgerGetAccountBalance"
STATEMENT = "GeneralLedgerAccountStatementGetEntries"
STOCK = "WarehouseGetArticleStockQuantity"


def entry(account: str, day: str, *, debit: str = "", credit: str = "", **more: str) -> str:
    elements = {"amountDebit": debit, "amountCredit": credit, "generalLedgerAccountNumber": account}
    elements |= {"transactionDate": day, "description": "Komerční banka, a.s.", **more}
    return "<Item>" + "".join(f"<{name}>{value}</{name}>" for name, value in elements.items() if value) + "</Item>"


def voucher(number: str, year: str, *entries: str, posted: bool = False) -> Document:
    raw = (
        f"<parameter><businessYear>{year}</businessYear><dateOfPosting>{year}-06-30</dateOfPosting>"
        f"<Items>{''.join(entries)}</Items></parameter>"
    )
    return Document(
        type="GeneralLedgerJournalVoucher",
        document_id=f"70:{number}",
        number=number,
        date=f"{year}-06-30",
        posted=posted,
        properties={"businessYear": year},
        raw=raw.encode(),
    )


def product(code: str, more: str = "") -> Entry:
    raw = f"<parameter><productCode>{code}</productCode>{more}</parameter>"
    return Entry(code=code, document_id=f"20:{code}", name=f"Zboží {code}", raw=raw.encode())


def held() -> State:
    """Three vouchers of two years, four products in two warehouses, a delivery note and two sales orders."""
    state = State()
    foreign = {"foreignAmount": "4.00", "foreignCurrency": "EUR", "costPosition": "Praha"}
    vouchers = [
        voucher("00001", "2023", entry("112000", "2023-05-05", debit="500.00")),
        voucher(
            "00001",
            "2024",
            entry("112000", "2024-01-10", debit="12.00", partnerCode="003", document="F-1", dueDate="2024-01-24"),
            entry("112000", "2024-02-10", credit="11.00", partnerCode="003", document="F-2", documentDate="2024-02-01"),
            posted=True,
        ),
        voucher(
            "00002",
            "2024",
            entry("221000", "2024-03-10", debit="100.00", **foreign),
            entry("112000", "2024-03-10", credit="12.00", partnerCode="003", document="F-1"),
        ),
    ]
    for one in vouchers:
        state.store(f"{one.properties['businessYear']}|{one.number}", one)
    tracked = "<type>goodsWithStockManagement</type><minimalStockQuantity>20</minimalStockQuantity>"
    state.products = {
        "003": product("003", tracked),
        "005": product("005", "<type>services</type>"),
        "007": product("007", "<status>inactive</status>"),
        "009": product("009", tracked),
    }
    state.stock = {
        "0001": {"003": Decimal(11), "005": Decimal(-5)},
        "0002": {"003": Decimal(0), "005": Decimal(-5), "007": Decimal(1)},
    }
    delivered = Document(type="DeliveryNote", document_id="80:1", number="2024-00001", date="2024-05-01")
    delivered.moves = [("0001", "003", Decimal(-4))]
    state.store("2024-00001", delivered)
    items = "<Items><Item><productCode>003</productCode><quantity>3</quantity></Item></Items>"
    for number, status in [("2024-00001", "Opened"), ("2024-00002", "Draft")]:
        order = Document(type="SalesOrder", document_id=f"63:{number}", number=number, date="2024-04-01", status=status)
        order.raw = f"<parameter>{items}</parameter>".encode()
        state.store(number, order)
    return state


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    path: Path = tmp_path_factory.mktemp("kept") / "state.json"
    held().save(path)
    caller = Caller(start(period=0.0, state_file=path))
    caller.sandbox._service.state_file = None  # nothing changes, and a disk is slow
    yield caller
    caller.http.close()
    caller.sandbox.stop()


def ask(call: Caller, method: str, criteria: dict[str, str]) -> Reply:
    return call(method, *(attribute(name, value) for name, value in criteria.items()))


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({"fiscalYear": "2024", "accountNumber": "112000"}, ("23.00", "12.00", "11.00")),
        ({"accountNumber": "112000"}, ("23.00", "12.00", "11.00")),
        ({"fiscalYear": "2023", "accountNumber": "112000"}, ("0.00", "500.00", "-500.00")),
        ({"accountNumber": "112000", "balanceDate": "2024-02-28"}, ("11.00", "12.00", "-1.00")),
        ({"accountNumber": "112000", "voucherStatus": "posted"}, ("11.00", "12.00", "-1.00")),
        ({"accountNumber": "112000", "voucherStatus": "open"}, ("12.00", "0.00", "12.00")),
        ({"accountNumber": "221000", "costPosition": "Praha"}, ("0.00", "100.00", "-100.00")),
        ({"accountNumber": "221000", "costPosition": "Brno"}, ("0.00", "0.00", "0.00")),
        ({"accountNumber": "999000"}, ("0.00", "0.00", "0.00")),
    ],
)
def test_documented_the_balance_of_an_account_is_credit_less_debit(
    books: Caller, criteria: dict[str, str], expected: tuple[str, str, str]
) -> None:
    (row,) = ask(books, BALANCE, criteria).root
    assert (row.get("balanceCredit"), row.get("balanceDebit"), row.get("balance")) == expected
    assert (row.get("accountNumber"), row.get("currency")) == (criteria["accountNumber"], "CZK")


def test_documented_the_balance_of_a_partner_names_it(books: Caller) -> None:
    (row,) = ask(books, BALANCE, {"accountNumber": "112000", "partnerCode": "003"}).root
    assert dict(row.attrib)["partnerCode"] == "003"
    (other,) = ask(books, BALANCE, {"accountNumber": "112000", "partnerCode": "004"}).root
    assert other.get("balance") == "0.00"


def test_assumed_without_an_account_every_account_has_its_balance(books: Caller) -> None:
    assert [row.get("accountNumber") for row in ask(books, BALANCE, {}).root] == ["112000", "221000"]


@pytest.mark.parametrize(
    ("criteria", "amounts"),
    [
        ({}, ["12.00", "11.00", "100.00", "12.00"]),
        ({"businessYear": "2023"}, ["500.00"]),
        ({"businessYear": "2022"}, []),
        ({"accountNumber": "221000"}, ["100.00"]),
        ({"partnerCode": "003", "creditOrDebit": "credit"}, ["11.00", "12.00"]),
        ({"creditOrDebit": "debit"}, ["12.00", "100.00"]),
        ({"document": "F-*"}, ["12.00", "11.00", "12.00"]),
        ({"document": "F-2"}, ["11.00"]),
        ({"description": "komerční*"}, ["12.00", "11.00", "100.00", "12.00"]),
        ({"costCentre": "Pra*"}, ["100.00"]),
        ({"transactionDateFrom": "2024-02-10", "transactionDateTo": "2024-02-29"}, ["11.00"]),
        ({"documentDateFrom": "2024-01-01"}, ["11.00"]),
        ({"dueDateTo": "2024-12-31"}, ["12.00"]),
        ({"postingDateFrom": "2024-07-01"}, []),
        ({"transactionAmount": "12.05"}, ["12.00", "12.00"]),
        ({"transactionAmount": "13.00"}, []),
        ({"transactionAmount": "4.00", "transactionCurrency": "EUR"}, ["100.00"]),
        ({"transactionAmount": "100.00", "transactionCurrency": "EUR"}, []),
        ({"voucherStatus": "open"}, ["100.00", "12.00"]),
        ({"voucherStatus": "posted"}, ["12.00", "11.00"]),
        ({"entryStatus": "cleared"}, ["12.00", "12.00"]),
        ({"entryStatus": "open"}, ["11.00", "100.00"]),
    ],
)
def test_documented_entries_are_found_by_every_criterion(
    books: Caller, criteria: dict[str, str], amounts: list[str]
) -> None:
    rows = ask(books, STATEMENT, criteria).root.findall("GeneralLedgerEntries/GeneralLedgerEntry")
    assert [row.findtext("amountDebit") or row.findtext("amountCredit") for row in rows] == amounts


def test_no_entries_are_an_error_as_observed(make: Maker) -> None:
    assert make()(STATEMENT).ok
    assert make(mode="observed")(STATEMENT).error == "noDocumentsFound"


WRONG = [
    (BALANCE, "colour", "red", "Invalid search key!"),
    (BALANCE, "voucherStatus", "closed", "Invalid search value: closed"),
    (BALANCE, "fiscalYear", "this", "Invalid search value: this"),
    (STATEMENT, "colour", "red", "Invalid search key!"),
    (STATEMENT, "creditOrDebit", "both", "Invalid search value: both"),
    (STATEMENT, "entryStatus", "all", "Invalid search value: all"),
    (STATEMENT, "dueDateTo", "2024-02-30", "Invalid search value: 2024-02-30"),
    (STATEMENT, "transactionAmount", "1,50", "Invalid search value: 1,50"),
    (STOCK, "colour", "red", "Invalid search keys"),
    (STOCK, "queryType", "everywhere", "Invalid search value: everywhere"),
    (STOCK, "productStatus", "old", "Invalid search value: old"),
    (STOCK, "productCode", "999", "Invalid search value: 999"),
]


@pytest.mark.parametrize(("method", "name", "value", "error"), WRONG)
def test_a_criterion_that_is_unknown_or_says_what_it_cannot_is_refused(
    books: Caller, method: str, name: str, value: str, error: str
) -> None:
    assert ask(books, method, {name: value}).error == error


def quantities(reply: Reply) -> list[tuple[str | None, ...]]:
    assert reply.ok
    return [(row.get("productCode"), row.get("warehouse"), row.get("quantityOnStock")) for row in reply.root]


def test_documented_repeated_product_codes_are_answered_in_their_order(books: Caller) -> None:
    codes = (attribute("productCode", code, "String") for code in ("009", "003", "005"))
    reply = books(STOCK, attribute("warehouseCode", "0001"), *codes)
    assert quantities(reply) == [("009", None, "0.00"), ("003", None, "11.00"), ("005", None, "-5.00")]
    assert reply.root[1].get("productDescription") == "Zboží 003"


def test_observed_in_json_repeated_product_codes_are_an_array(books: Caller) -> None:
    login = {"username": "demo", "token": "SANDBOX", "md5pass": hashlib.md5(b"DEMOdemo").hexdigest()}
    body = {**login, "method": STOCK, "parameters": {"productCode": ["005", "003"]}}
    reply = books.post(json.dumps(body).encode(), content_type="application/json")
    assert json.loads(reply.body)["response"]["result"] == [
        {"productCode": "005", "productDescription": "Zboží 005", "quantityOnStock": "-10.00"},
        {"productCode": "003", "productDescription": "Zboží 003", "quantityOnStock": "11.00"},
    ]


ALL, MANY = {"queryType": "cumulativeForAllWarehouses"}, {"queryType": "perWarehouse"}


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({}, [("003", None, "11.00"), ("005", None, "-10.00"), ("007", None, "1.00")]),
        (ALL, [("003", None, "11.00"), ("005", None, "-10.00"), ("007", None, "1.00")]),
        ({"productStatus": "inactive"}, [("007", None, "1.00")]),
        ({"allStockTrackingProducts": "1"}, [("003", None, "11.00"), ("009", None, "0.00")]),
        (
            MANY,
            [("003", "0001", "11.00"), ("005", "0001", "-5.00"), ("005", "0002", "-5.00"), ("007", "0002", "1.00")],
        ),
        (MANY | {"productCode": "003"}, [("003", "0001", "11.00"), ("003", "0002", "0.00")]),
        (MANY | {"warehouseCode": "0002"}, [("005", "0002", "-5.00"), ("007", "0002", "1.00")]),
        ({"queryType": "perWarehousePositiveStockOnly"}, [("003", "0001", "11.00"), ("007", "0002", "1.00")]),
        ({"queryType": "perWarehouseNegativeStockOnly"}, [("005", "0001", "-5.00"), ("005", "0002", "-5.00")]),
        (
            {"queryType": "perWarehousePositiveOrNegativeStockOnly", "warehouseCode": "0001"},
            [("003", "0001", "11.00"), ("005", "0001", "-5.00")],
        ),
        ({"queryType": "perWarehouseZeroStock", "productCode": "003"}, [("003", "0002", "0.00")]),
        (
            {"queryType": "perWarehouseBelowMinimalStock", "warehouseCode": "0001"},
            [("003", "0001", "11.00"), ("009", "0001", "0.00")],
        ),
        ({"stockDate": "2024-04-30", "productCode": "003"}, [("003", None, "15.00")]),
        ({"stockDate": "2024-05-01", "productCode": "003"}, [("003", None, "11.00")]),
        ({"queryType": "availableForAllWarehouses", "productCode": "003"}, [("003", None, "8.00")]),
        ({"queryType": "reservedForAllWarehouses"}, [("003", None, "3.00")]),
        ({"queryType": "reservedForAllWarehouses", "stockDate": "2024-03-31"}, []),
        ({"queryType": "perWarehouseReservedStock"}, [("003", "0001", "3.00")]),
        (
            {"queryType": "perWarehouseAvailableStock", "warehouseCode": "0001"},
            [
                ("003", "0001", "8.00"),
                ("005", "0001", "-5.00"),
            ],
        ),
    ],
)
def test_documented_stock_is_told_by_every_kind_of_query(
    books: Caller, criteria: dict[str, str], expected: list[tuple[str | None, ...]]
) -> None:
    assert quantities(ask(books, STOCK, criteria)) == expected


@pytest.mark.parametrize("query", ["cumulativeForAllWarehouses", "availableForAllWarehouses"])
def test_documented_a_query_for_all_warehouses_names_none(books: Caller, query: str) -> None:
    assert ask(books, STOCK, {"queryType": query, "warehouseCode": "0001"}).error == "Invalid search keys"


def test_no_stock_is_no_rows(call: Caller) -> None:
    assert quantities(call(STOCK)) == []
    call(
        "ProductImport",
        nested(
            "product",
            "<productCode>1</productCode><name>X</name><vatPercentage>21</vatPercentage><grossPrice>1</grossPrice>",
        ),
    )
    assert quantities(call(STOCK, attribute("productCode", "1"))) == [("1", None, "0.00")]


ACCOUNTING = (
    "<businessYear>2024</businessYear><dateOfPosting>2024-01-05</dateOfPosting>"
    "<dateOfTransaction>2024-01-05</dateOfTransaction>"
)


def balances(call: Caller) -> dict[str | None, str | None]:
    return {row.get("accountNumber"): row.get("balance") for row in call(BALANCE).root}


def test_a_voucher_that_was_created_stands_in_the_books_until_it_is_cancelled(call: Caller) -> None:
    entries = (
        entry("112000", "2024-01-05", debit="12.00", partner="A"),
        entry("221000", "2024-01-05", credit="12.00", partner="A"),
    )
    data = f"{ACCOUNTING}<Items>{''.join(entries)}</Items>"
    created = call("GeneralLedgerJournalVoucherCreate", nested("GeneralLedgerJournalVoucher", data))
    assert balances(call) == {"112000": "-12.00", "221000": "12.00"}
    number, year = attribute("number", created.text("number") or ""), attribute("businessYear", "2024")
    assert call("GeneralLedgerJournalVoucherCancel", number, year).ok
    assert balances(call) == {"112000": "0.00", "221000": "0.00"}


def test_goods_that_were_received_and_delivered_are_in_stock(call: Caller) -> None:
    made = (
        "<productCode>A1</productCode><name>X</name><vatPercentage>21</vatPercentage><grossPrice>1</grossPrice>"
        "<type>goodsWithStockManagement</type>"
    )
    assert call("ProductCreate", nested("product", made)).ok
    assert call("PartnerCreate", nested("partner", "<partnerCode>S1</partnerCode><lastName>X</lastName>")).ok
    line = (
        "<Items><Item><productCode>A1</productCode><calculationQuantity>{}</calculationQuantity>"
        "<inboundVatPercentage>21</inboundVatPercentage></Item></Items><warehouseCode>0001</warehouseCode>"
    )
    received = (
        "<date>2024-01-05</date><dateOfReceival>2024-01-05</dateOfReceival><supplierCode>S1</supplierCode>"
        "<city>Brno</city>" + line.format(10)
    )
    assert call("GoodsReceiptCreate", nested("GoodsReceipt", received)).ok
    delivered = "<date>2024-01-06</date><dateOfSupply>2024-01-06</dateOfSupply><buyerName>Y</buyerName>" + line.format(
        3
    )
    assert call("DeliveryNoteCreate", nested("DeliveryNote", delivered)).ok
    assert quantities(call(STOCK)) == [("A1", None, "7.00")]
    assert quantities(call(STOCK, attribute("stockDate", "2024-01-05"))) == [("A1", None, "10.00")]
