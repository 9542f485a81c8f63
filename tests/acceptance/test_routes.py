"""From a file to an accepted document: each line of the routing table, with what the service stored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

import efimport
from efimport import testing
from efimport.api.client import Client
from efimport.delivery import deliver
from efimport.journal import Journal
from efimport.planning.model import Plan, State
from efimport.settings import ReceivedBooking
from tests.acceptance import route_files as made
from tests.acceptance.made import statement
from tests.formats.isdoc.documents import build

ISSUED = build()
RECEIVED = build().replace(b"12345679", b"@").replace(b"25596641", b"12345679").replace(b"@", b"25596641")


@dataclass
class Done:
    """What became of the files of one folder."""

    plan: Plan
    states: list[State]
    stored: dict[str, Any]

    @property
    def methods(self) -> list[str]:
        return [call.call.method for call in self.plan.calls]

    def sent(self, name: str, call: int = 0) -> bytes:
        """The bytes of a parameter of a call."""
        content: bytes = self.plan.calls[call].call[name].content
        return content

    def document(self, kind: str) -> dict[str, Any]:
        """The only document of a kind that the service holds."""
        (one,) = self.stored["documents"][kind]
        return dict(one)


Importer = Callable[..., Done]


@pytest.fixture
def imported(tmp_path: Path) -> Importer:
    """Imports a folder of files into a sandbox of its own, at the speed of a clock turned by hand."""

    def run(
        files: dict[str, bytes], *, site: str = "CZ", settings: dict[str, Any] | None = None, **wishes: Any
    ) -> Done:
        folder = tmp_path / "in"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        clock = testing.FakeClock()
        with testing.sandbox(site, period=0) as (running, played):
            organization = msgspec.structs.replace(played, **(settings or {}))
            plan = efimport.plan([folder], organization, **wishes)
            with (
                Journal(tmp_path / "journal.sqlite3", clock=clock) as journal,
                Client(organization, clock=clock, state_folder=tmp_path) as client,
            ):
                outcomes = list(deliver(plan, client, journal, quiet_time=0))
            return Done(plan, [outcome.state for outcome in outcomes], running.state())

    return run


# POHODA: documents that the service reads itself


@pytest.mark.parametrize(
    ("kind", "method", "stored"),
    [
        ("issuedInvoice", "SalesInvoiceImport", "SalesInvoice"),
        ("issuedCreditNotice", "CreditNoteImport", "CreditNote"),
        ("issuedCorrectiveTax", "CreditNoteImport", "CreditNote"),
        ("issuedAdvanceInvoice", "AdvanceInvoiceImport", "AdvanceInvoice"),
    ],
)
def test_a_pohoda_document_arrives_as_its_own_pack(imported: Importer, kind: str, method: str, stored: str) -> None:
    done = imported({"a.xml": made.pack(made.invoice(kind))})
    document = done.document(stored)
    assert (done.methods, done.states) == ([method], [State.ACCEPTED])
    assert document["number"] == "2600001"
    assert document["date"] == "2026-01-15"
    assert document["partner"] == "Odběratel a.s."
    assert document["total"] == "121"
    assert document["currency"] == "CZK"
    assert document["data_format"] == "POHODA"
    assert document["payload_sha256"] == hashlib.sha256(done.sent("base64data")).hexdigest()


def test_each_document_of_a_user_export_arrives(imported: Importer) -> None:
    done = imported({"VydFaktury.xml": made.user_export()})
    assert (done.methods, done.states) == (["SalesInvoiceImport"], [State.ACCEPTED])
    assert done.document("SalesInvoice")["number"] == "2600001"
    assert b"dataPack" in done.sent("base64data")


@pytest.mark.parametrize("kind", ["issuedProformaInvoice", "receivable", "penalty", "commitment", "issuedDebitNote"])
def test_a_pohoda_document_that_no_call_takes_is_refused_with_the_reason(imported: Importer, kind: str) -> None:
    done = imported({"a.xml": made.pack(made.invoice(kind))})
    assert done.methods == []
    assert next(found.code for found in done.plan.findings if found.is_error).startswith("routing.")


@pytest.mark.parametrize(
    "content",
    [
        made.other("voucher", "vch", "<vch:voucherType>receipt</vch:voucherType><vch:date>2026-01-15</vch:date>"),
        made.other("intDoc", "int", "<int:date>2026-01-15</int:date><int:text>x</int:text>"),
        made.other(
            "prodejka", "pro", "<pro:prodejkaType>saleVoucher</pro:prodejkaType><pro:date>2026-01-15</pro:date>"
        ),
    ],
    ids=["voucher", "intDoc", "prodejka"],
)
def test_another_agenda_of_pohoda_is_refused_with_the_reason(imported: Importer, content: bytes) -> None:
    done = imported({"a.xml": content})
    assert (done.methods, len(done.plan.documents)) == ([], 1)
    assert [found.code for found in done.plan.findings if found.is_error] == ["routing.no-call"]


# Received documents


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("receivedInvoice", b"<DocumentType>1<"),
        ("receivedCreditNotice", b"<DocumentType>2<"),
        ("receivedCorrectiveTax", b"<DocumentType>2<"),
        ("receivedDebitNote", b"<DocumentType>3<"),
        ("receivedAdvanceInvoice", b"<DocumentType>4<"),
    ],
)
def test_a_received_pohoda_document_arrives_in_the_inbox_as_isdoc(imported: Importer, kind: str, type_: bytes) -> None:
    done = imported({"a.xml": made.pack(made.received(kind))})
    (entry,) = done.stored["inbox"]
    sent = done.sent("electronicDocument")
    assert (done.methods, done.states) == (["DocumentInboxImport"], [State.ACCEPTED])
    assert type_ in sent.replace(b" ", b"")
    assert entry["document_number"] == "DOD-77"
    assert entry["document_date"][:10] == "2026-01-15"
    assert entry["partner"] == "Odběratel a.s."
    assert entry["sha256"] == [hashlib.sha256(sent).hexdigest()]
    assert [name.rpartition(".")[2] for name in entry["file_names"]] == ["isdoc"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("f.isdoc", RECEIVED),
        ("f.isdocx", made.isdocx(RECEIVED, made.pdf())),
        ("f.pdf", made.pdf(embedded=RECEIVED)),
    ],
    ids=["isdoc", "isdocx", "pdf"],
)
def test_a_received_e_invoice_arrives_byte_for_byte(imported: Importer, name: str, content: bytes) -> None:
    done = imported({name: content})
    (entry,) = done.stored["inbox"]
    assert (done.methods, done.states) == (["DocumentInboxImport"], [State.ACCEPTED])
    assert entry["sha256"] == [hashlib.sha256(RECEIVED).hexdigest()]
    assert entry["document_number"] == "FV-2026-0001"
    assert entry["document_date"][:10] == "2026-01-31"
    assert (entry["visualization_sha256"] is not None) == (name != "f.isdoc")


def test_a_pdf_beside_an_e_invoice_becomes_its_picture(imported: Importer) -> None:
    picture = made.pdf("Faktura")
    done = imported({"f.isdoc": RECEIVED, "f.pdf": picture})
    (entry,) = done.stored["inbox"]
    assert done.methods == ["DocumentInboxImport"]
    assert entry["visualization_sha256"] == hashlib.sha256(picture).hexdigest()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", made.pdf()), ("a.png", made.PICTURE), ("a.xml", made.UBL)],
    ids=["pdf", "png", "ubl"],
)
def test_a_file_without_a_reader_arrives_in_the_inbox_as_it_is(imported: Importer, name: str, content: bytes) -> None:
    done = imported({name: content})
    (entry,) = done.stored["inbox"]
    assert (done.methods, done.states) == (["DocumentInboxAddEntry"], [State.ACCEPTED])
    assert entry["sha256"] == [hashlib.sha256(content).hexdigest()]
    assert entry["file_names"][0].startswith("a")


# Statements


@pytest.mark.parametrize(
    ("name", "content", "type_", "account"),
    [
        ("s.xml", made.CAMT, "CbaXml", "CZ6508000000192000145399"),
        ("s.gpc", statement(5000), "AboGpc", "CZ2503000000000210468007"),
        ("s.sta", made.MT940, "SwiftMulticashSta", "CZ6508000000192000145399"),
        ("s.csv", made.PAYPAL, "PayPalCsv", "pay@acme.example"),
        ("f.csv", made.FIO, "CbaXml", "CZ8720100000002400219000"),
    ],
    ids=["camt", "gpc", "mt940", "paypal", "fio"],
)
def test_a_statement_arrives_with_its_account(
    imported: Importer, name: str, content: bytes, type_: str, account: str
) -> None:
    done = imported({name: content})
    (stored,) = done.stored["statements"]
    sent = done.sent("statementData")
    assert (done.methods, done.states) == (["BankStatementImport"], [State.ACCEPTED])
    assert (stored["type"], stored["account"]) == (type_, account)
    assert (stored["sha256"], stored["size"]) == (hashlib.sha256(sent).hexdigest(), len(sent))


def test_a_pdf_beside_a_statement_goes_with_it(imported: Importer) -> None:
    picture = made.pdf("Výpis")
    done = imported({"s.xml": made.CAMT, "s.pdf": picture})
    (stored,) = done.stored["statements"]
    assert done.methods == ["BankStatementImport"]
    assert stored["pdf_sha256"] == hashlib.sha256(picture).hexdigest()
    assert stored["pdf_file_name"] == "s.pdf"


# What is written in the internal format: every element that the service stored, one by one

CUSTOMER = {
    "buyerName": "Buk a.s.",
    "buyerTaxNumber": "CZ25596641",
    "buyerVatRegistration": "Registered",
    "buyerEMail": "jana@lipa.example",
    "buyerStreet": "Lipová 7",
    "buyerPostalCode": "59101",
    "buyerCity": "Žďár",
    "buyerCountry": "CZ",
}
HEAD = {
    "number": "FV-2026-0001",
    "date": "2026-01-31",
    "dateOfSupplyFrom": "2026-01-30",
    "paymentDueDate": "2026-02-14",
    "customerContactPerson": "Jana Malá",
    "type": "gross",
    "status": "issuedInvoice",
    "vatTransactionType": "0",
    "remarks": "Dodávka",
    "methodOfPayment": "bankTransfer",
    "Items": [
        {
            "position": "1",
            "description": "Zboží 1",
            "netPrice": "100.00",
            "vatPercentage": "21",
            "currency": "CZK",
            "quantity": "2",
            "unit": "ks",
            "vatTransactionType": "0",
        },
        {
            "position": "2",
            "description": "Zboží 2",
            "netPrice": "50.00",
            "vatPercentage": "12",
            "currency": "CZK",
            "quantity": "1",
            "unit": "ks",
            "vatTransactionType": "0",
        },
    ],
} | CUSTOMER
REGISTERED = {"vatOutgoingDocumentVatClause": "Registered"}


@pytest.mark.parametrize(
    ("wishes", "site", "stored", "elements"),
    [
        ({}, "CZ", "SalesInvoice", REGISTERED | {"buyerPhone": "+420 555 123 456", "salesOrderRef": "OP1"}),
        ({}, "SI", "SalesInvoice", REGISTERED | {"buyerPhone": "+420 555 123 456", "salesOrderRef": "OP1"}),
        ({"document_type": "2"}, "CZ", "CreditNote", REGISTERED | {"salesInvoiceRef": "FV-2025-77"}),
        (
            {"document_type": "4", "vat_applicable": "false"},
            "CZ",
            "AdvanceInvoice",
            {"prepaymentDate": "2026-01-30", "salesOrderRef": "OP1"},
        ),
    ],
    ids=["invoice", "invoice of Slovenia", "credit note", "advance invoice"],
)
def test_an_issued_isdoc_document_arrives_element_by_element(
    imported: Importer, wishes: dict[str, str], site: str, stored: str, elements: dict[str, str]
) -> None:
    done = imported({"f.isdoc": build(**wishes)}, site=site, settings={"registration_number": "12345679"})
    assert (done.methods, done.states) == ([f"{stored}Import"], [State.ACCEPTED])
    document = done.document(stored)
    assert document["elements"] == HEAD | elements
    assert document["unknown_elements"] == []
    assert (document["total"], document["currency"]) == ("298.00", "CZK")


def test_a_debit_note_arrives_at_the_croatian_site(imported: Importer) -> None:
    done = imported({"a.xml": made.pack(made.invoice("issuedDebitNote"))}, site="HR")
    assert (done.methods, done.states) == (["DebitNoteImport"], [State.ACCEPTED])
    assert done.document("DebitNote")["elements"] == {
        "number": "2600001",
        "date": "2026-01-15",
        "dateOfSupplyFrom": "2026-01-15",
        "paymentDueDate": "2026-01-29",
        "type": "gross",
        "vatTransactionType": "0",
        "vatOutgoingDocumentVatClause": "Registered",
        "remarks": "Dodávka",
        "buyerName": "Odběratel a.s.",
        "buyerTaxNumber": "CZ25596641",
        "buyerVatRegistration": "RegisteredR1",
        "buyerStreet": "Dlouhá 1",
        "buyerPostalCode": "60200",
        "buyerCity": "Brno",
        "buyerCountry": "CZ",
        "Items": [
            {
                "position": "1",
                "description": "Práce",
                "netPrice": "100",
                "vatPercentage": "21",
                "currency": "EUR",
                "quantity": "1",
                "unit": "hod",
                "vatTransactionType": "0",
            }
        ],
    }


def test_an_order_of_a_customer_arrives_element_by_element(imported: Importer) -> None:
    done = imported({"a.xml": made.pack(made.ORDER)})
    assert (done.methods, done.states) == (["SalesOrderImport"], [State.ACCEPTED])
    assert done.document("SalesOrder")["elements"] == {
        "number": "OBJ26001",
        "date": "2026-01-10",
        "type": "Gross",
        "status": "Opened",
        "orderReference": "PO-9",
        "remarks": "Objednávka",
        "buyerName": "Odběratel a.s.",
        "buyerTaxNumber": "CZ25596641",
        "buyerVatRegistration": "Registered",
        "buyerStreet": "Dlouhá 1",
        "buyerPostalCode": "60200",
        "buyerCity": "Brno",
        "buyerCountry": "CZ",
        "vatTransactionType": "0",
        "Items": [
            {
                "position": "1",
                "description": "Stůl",
                "netPrice": "500",
                "vatPercentage": "21",
                "currency": "CZK",
                "quantity": "2",
                "unit": "ks",
                "vatTransactionType": "0",
            }
        ],
    }


PARTNER = {
    "ID": "25596641",
    "partnerCode": "OD-1",
    "taxNumber": "CZ25596641",
    "vatID": "CZ25596641",
    "companyName": "Odběratel a.s.",
    "companyType": "Plc",
    "vatRegistration": "Registered",
    "telephone": "+420 555 000 111",
    "eMail": "ucto@odberatel.example",
    "remarks": "Platí včas",
    "homepage": "www.odberatel.example",
    "Addresses": [
        {"type": "Primary", "street": "Dlouhá 1", "postalCode": "60200", "city": "Brno", "country": "CZ"},
    ],
    "BuyerData": {
        "numberOfDaysForPayment": "14",
        "numberOfDaysForPaymentBaseDate": "fromDocumentDate",
        "status": "defaultBuyer",
    },
    "BankAccounts": [{"accountNumber": "2000145399/0800"}],
}


def test_a_record_of_an_address_book_arrives_element_by_element(imported: Importer) -> None:
    done = imported({"a.xml": made.pack(made.PARTNER)})
    assert (done.methods, done.states) == (["PartnerImport"], [State.ACCEPTED])
    (stored,) = done.stored["partners"]
    assert stored["elements"] == PARTNER


def product(code: str) -> dict[str, str]:
    """A product with basic data, as the service stores it."""
    return {
        "productCode": code,
        "name": f"Židle {code}",
        "vatPercentage": "21",
        "currency": "CZK",
        "unit": "ks",
        "status": "active",
        "type": "goodsWithStockManagement",
        "purchasePrice": "800",
        "grossPrice": "1250.50",
    }


def test_cards_of_a_stock_with_basic_data_arrive_in_one_call(imported: Importer) -> None:
    done = imported({"a.xml": made.stocks(*(made.stock(code) for code in ("A1", "A2", "A3")))})
    assert (done.methods, done.states) == (["ProductMassImport"], [State.ACCEPTED])
    assert [stored["elements"] for stored in done.stored["products"]] == [product(code) for code in ("A1", "A2", "A3")]


def test_a_card_of_a_stock_with_more_than_basic_data_arrives_by_itself(imported: Importer) -> None:
    done = imported({"a.xml": made.stocks(made.stock("A1", "<stk:EAN>8590000000013</stk:EAN>"))})
    assert (done.methods, done.states) == (["ProductImport"], [State.ACCEPTED])
    (stored,) = done.stored["products"]
    assert stored["elements"] == product("A1") | {"barCode": "8590000000013"}


# Tables of documents

BY_TABLE: dict[str, dict[str, Any]] = {
    "partners": {
        "ID": "25596641",
        "partnerCode": "0042",
        "taxNumber": "CZ25596641",
        "vatID": "CZ25596641",
        "companyName": "Truhlářství Malý s.r.o.",
        "companyType": "Ltd",
        "vatRegistration": "Registered",
        "eMail": "maly@truhlar.example",
        "Addresses": [
            {"type": "Primary", "street": "Lesní 3", "postalCode": "591 01", "city": "Žďár", "country": "CZ"},
        ],
        "BuyerData": {
            "buyerCode": "0042",
            "numberOfDaysForPayment": "14",
            "numberOfDaysForPaymentBaseDate": "fromDocumentDate",
            "status": "defaultBuyer",
        },
        "BankAccounts": [{"accountNumber": "CZ7908000000002000145399"}],
    },
    "orders": {
        "number": "OBJ-7",
        "date": "2026-01-10",
        "type": "Gross",
        "status": "Opened",
        "buyerName": "Truhlářství Malý s.r.o.",
        "buyerCity": "Žďár",
        "vatTransactionType": "0",
        "Items": [
            {
                "position": "1",
                "description": "Židle",
                "netPrice": "800",
                "vatPercentage": "21",
                "currency": "CZK",
                "quantity": "4",
                "unit": "ks",
                "vatTransactionType": "0",
            }
        ],
    },
    "invoices": {
        "number": "2600010",
        "date": "2026-01-15",
        "dateOfSupplyFrom": "2026-01-15",
        "paymentDueDate": "2026-01-29",
        "type": "gross",
        "status": "issuedInvoice",
        "vatTransactionType": "0",
        "vatOutgoingDocumentVatClause": "Registered",
        "buyerName": "Truhlářství Malý s.r.o.",
        "buyerTaxNumber": "CZ25596641",
        "buyerVatRegistration": "Registered",
        "buyerStreet": "Lesní 3",
        "buyerPostalCode": "591 01",
        "buyerCity": "Žďár",
        "buyerCountry": "CZ",
        "methodOfPayment": "bankTransfer",
        "Items": [
            {
                "position": "1",
                "description": "Skříň",
                "netPrice": "1250.50",
                "vatPercentage": "21",
                "currency": "CZK",
                "quantity": "2",
                "unit": "ks",
                "vatTransactionType": "0",
            },
            {
                "position": "2",
                "description": "Doprava",
                "netPrice": "300",
                "vatPercentage": "12",
                "currency": "CZK",
                "quantity": "1",
                "vatTransactionType": "0",
            },
        ],
    },
}


@pytest.mark.parametrize(
    ("table", "method", "stored"),
    [
        ("partners", "PartnerImport", "partners"),
        ("orders", "SalesOrderImport", "SalesOrder"),
        ("invoices", "SalesInvoiceImport", "SalesInvoice"),
    ],
)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_table_of_documents_arrives_element_by_element(
    imported: Importer, table: str, method: str, stored: str, ending: str
) -> None:
    rows = made.TABLES[table]
    content = made.workbook(*rows) if ending == "xlsx" else made.text_table(*rows)
    done = imported({f"{table}.{ending}": content})
    assert (done.methods, done.states) == ([method], [State.ACCEPTED])
    (one,) = done.stored[stored] if stored == "partners" else done.stored["documents"][stored]
    assert one["elements"] == BY_TABLE[table]


def test_a_table_of_products_arrives_in_one_call(imported: Importer) -> None:
    done = imported({"products.csv": made.text_table(*made.TABLES["products"])})
    assert (done.methods, done.states) == (["ProductMassImport"], [State.ACCEPTED])
    usual = {"vatPercentage": "21", "currency": "CZK", "status": "active"}
    assert [stored["elements"] for stored in done.stored["products"]] == [
        usual
        | {"productCode": "0308", "name": "Šroub M8", "unit": "ks", "type": "goodsWithoutStockManagement"}
        | {"grossPrice": "12.50"},
        usual | {"productCode": "0309", "name": "Montáž", "unit": "hod", "type": "services", "grossPrice": "450"},
    ]


# What the settings choose


def test_a_received_document_is_created_where_the_settings_give_the_account(imported: Importer) -> None:
    booking = ReceivedBooking(account="518000", supplier_codes={"25596641": "OD-1"})
    done = imported(
        {"f.isdoc": RECEIVED, "a.xml": made.pack(made.PARTNER)}, settings={"received_as": "create", "received": booking}
    )
    assert (done.methods, done.states) == (["PartnerImport", "ReceivedInvoiceCreate"], [State.ACCEPTED] * 2)
    item = {"chartAccountNumber": "518000", "inputVatTransactionType": "0", "isInputVatDeductible": "true"}
    assert done.document("ReceivedInvoice")["elements"] == {
        "amountWithVAT": "298.00",
        "paymentAmount": "298.00",
        "paymentCurrency": "CZK",
        "businessYear": "2026",
        "date": "2026-01-31",
        "number": "FV-2026-0001",
        "paymentDueDate": "2026-02-14",
        "receivalDate": "2026-01-31",
        "dateOfSupplyFrom": "2026-01-30",
        "isInsideTheScopeOfVat": "true",
        "methodOfPayment": "BankTransfer",
        "paymentBankAccountNumber": "CZ6508000000192000145399",
        "paymentReference": "0020260001",
        "supplierCode": "OD-1",
        "Items": [
            {"position": "1", "description": "Zboží 1", "vatDeductionPercentage": "100", "netAmount": "200.00"}
            | {"vatPercentage": "21"}
            | item,
            {"position": "2", "description": "Zboží 2", "vatDeductionPercentage": "100", "netAmount": "50.00"}
            | {"vatPercentage": "12"}
            | item,
        ],
    }


def test_a_statement_goes_to_the_inbox_where_the_settings_say_so(imported: Importer) -> None:
    done = imported({"s.xml": made.CAMT}, settings={"statements_as": "inbox"})
    (entry,) = done.stored["inbox"]
    assert (done.methods, done.states) == (["DocumentInboxImport"], [State.ACCEPTED])
    assert entry["sha256"] == [hashlib.sha256(made.CAMT).hexdigest()]
    assert entry["account"] == "CZ6508000000192000145399"


def test_a_spreadsheet_of_the_service_goes_as_it_is_where_its_account_is_named(imported: Importer) -> None:
    accounts = {"eurofaktura-spreadsheet": "CZ6508000000192000145399"}
    done = imported({"s.csv": made.SPREADSHEET}, settings={"table_accounts": accounts})
    (stored,) = done.stored["statements"]
    assert (done.methods, done.states) == (["BankStatementImport"], [State.ACCEPTED])
    assert (stored["type"], stored["date_format"]) == ("eurofakturaSpreadsheet", "DD.MM.YYYY")
    assert (stored["account"], stored["sha256"]) == (
        "CZ6508000000192000145399",
        hashlib.sha256(made.SPREADSHEET).hexdigest(),
    )
