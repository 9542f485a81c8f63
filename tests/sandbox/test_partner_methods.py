"""PartnerCreate, PartnerUpdate, PartnerDelete, the lists of partners, and the credit limit of a buyer."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from efimport.sandbox.server import start
from efimport.sandbox.state import Document, Entry, State
from tests.sandbox.conftest import Caller, Maker, Reply, attribute, nested

BUYER = (
    "<partnerCode>B1</partnerCode><companyName>Odběratel a.s.</companyName><companyType>Ltd</companyType>"
    "<ID>12345679</ID><taxNumber>CZ12345679</taxNumber><mobilePhone>600000012</mobilePhone>"
    "<BuyerData><buyerCode>K7</buyerCode><status>trustworthyBuyer</status></BuyerData>"
    "<Addresses><Address><type>Primary</type><street>Celní 22</street><city>Brno</city>"
    "<postalCode>60200</postalCode></Address></Addresses>"
)
SUPPLIER = (
    "<partnerCode>S1</partnerCode><lastName>Dodavatelová</lastName><firstName>Jana</firstName>"
    "<SupplierData><supplierCode>D7</supplierCode></SupplierData>"
)
EMPLOYEE = (
    "<partnerCode>E1</partnerCode><lastName>Novák</lastName><EmployeeData><status>inactive</status></EmployeeData>"
)
NOT_FOUND = "Partner not found"


def create(call: Caller, data: str) -> Reply:
    return call("PartnerCreate", nested("partner", data))


@pytest.fixture
def three(call: Caller) -> Caller:
    """A buyer, a supplier and an employee."""
    for data in (BUYER, SUPPLIER, EMPLOYEE):
        assert create(call, data).ok
    return call


def codes(reply: Reply) -> list[str | None]:
    return [node.text for node in reply.root.iterfind("Partners/Partner/partnerCode")]


def test_assumed_a_new_partner_is_given_the_first_free_code(call: Caller) -> None:
    create(call, "<partnerCode>00001</partnerCode><lastName>Prvá</lastName>")
    reply = create(call, "<lastName>Druhá</lastName>")
    assert (reply.text("partnerCode"), reply.text("documentID")) == ("00002", "34:2")
    assert create(call, "<partnerCode/><lastName>Třetí</lastName>").text("partnerCode") == "00003"
    third = call("PartnerGetByCode", attribute("partnerCode", "00003"))
    assert [node.text for node in third.root.iterfind("Partner/partnerCode")] == ["00003"]


def test_assumed_a_code_that_exists_is_refused(three: Caller) -> None:
    assert create(three, BUYER).error == "EMU: Partner for code: B1 already exists!"
    assert [entry["received"] for entry in three.state()["partners"]] == [2, 1, 1]


@pytest.mark.parametrize("method", ["PartnerCreate", "PartnerUpdate"])
def test_assumed_the_parameter_partner_is_required(call: Caller, method: str) -> None:
    assert call(method).error == "EMU: the parameter partner is required"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ("<companyName>X</companyName>", "Error nr: 1 #companyType - Entry is mandatory; \r\n"),
        ("<companyType>Ltd</companyType>", "Error nr: 1 #companyName - Entry is mandatory; \r\n"),
        ("<firstName>Jana</firstName>", "Error nr: 1 #lastName - Entry is mandatory; \r\n"),
    ],
)
def test_a_partner_without_its_name_is_not_created(call: Caller, data: str, error: str) -> None:
    assert create(call, data).error == error
    assert call.state()["partners"] == []


def test_observed_a_created_partner_needs_a_primary_address(make: Maker) -> None:
    assert create(make(mode="observed"), "<lastName>Nová</lastName>").error == (
        "Error nr: 1 #PrimaryAddress_city - This field is required; \r\n"
        "Error nr: 2 #PrimaryAddress_street - This field is required; \r\n"
    )


def test_assumed_an_update_keeps_what_is_not_sent(three: Caller) -> None:
    reply = three("PartnerUpdate", nested("partner", "<partnerCode>B1</partnerCode><eMail>a@b.example</eMail>"))
    assert (reply.text("partnerCode"), reply.text("documentID")) == ("B1", "34:1")
    elements = three.state()["partners"][0]["elements"]
    assert (elements["eMail"], elements["companyName"]) == ("a@b.example", "Odběratel a.s.")


def test_an_update_that_would_leave_a_wrong_partner_changes_nothing(three: Caller) -> None:
    before = three.state()["partners"][0]["elements"]
    reply = three("PartnerUpdate", nested("partner", "<partnerCode>B1</partnerCode><companyType>Firm</companyType>"))
    assert reply.error == "Error nr: 1 #companyType - EMU: not one of the values of this site; \r\n"
    assert three.state()["partners"][0]["elements"] == before


def test_an_update_names_its_partner(three: Caller) -> None:
    assert three("PartnerUpdate", nested("partner", "<lastName>X</lastName>")).error == "EMU: partnerCode is required"
    unknown = nested("partner", "<partnerCode>X</partnerCode><lastName>X</lastName>")
    assert three("PartnerUpdate", unknown).error == NOT_FOUND


@pytest.mark.parametrize(("name", "value"), [("ID", "12345679"), ("taxNumber", "CZ12345679"), ("partnerCode", "B1")])
def test_documented_a_partner_is_deleted_by_number_or_code(three: Caller, name: str, value: str) -> None:
    reply = three("PartnerDelete", attribute(name, value))
    assert reply.body.endswith(b'<response status="ok"></response>')
    assert [entry["code"] for entry in three.state()["partners"]] == ["S1", "E1"]


def test_a_partner_is_not_deleted_unless_it_is_the_one(three: Caller) -> None:
    assert three("PartnerDelete").error == "EMU: ID, taxNumber or partnerCode is required"
    assert three("PartnerDelete", attribute("partnerCode", "X")).error == NOT_FOUND
    both = (attribute("ID", "12345679"), attribute("partnerCode", "S1"))
    assert three("PartnerDelete", *both).error == NOT_FOUND
    create(three, BUYER.replace("B1", "B2"))
    assert three("PartnerDelete", attribute("ID", "12345679")).error == "EMU: more than one partner"
    assert len(three.state()["partners"]) == 4


@pytest.mark.parametrize(
    ("method", "criteria", "found"),
    [
        ("PartnerList", {}, ["B1", "S1", "E1"]),
        ("PartnerList", {"partnerType": "all"}, ["B1", "S1", "E1"]),
        ("PartnerList", {"partnerType": "buyer"}, ["B1"]),
        ("PartnerList", {"partnerType": "supplier"}, ["S1"]),
        ("PartnerList", {"partnerType": "user"}, ["E1"]),
        ("PartnerList", {"searchKey": "jana dod"}, ["S1"]),
        ("PartnerList", {"street": "celní"}, ["B1"]),
        ("PartnerList", {"mobileOrPhoneNumber": "600000012"}, ["B1"]),
        ("PartnerList", {"mobileOrPhoneNumber": "600000013"}, []),
        ("PartnerList", {"postalCodeOrCity": "60200"}, ["B1"]),
        ("PartnerList", {"taxNumber": "CZ12345679", "searchKey": ""}, ["B1"]),
        ("PartnerListBuyers", {}, ["B1"]),
        ("PartnerListBuyers", {"buyerCode": "K7"}, ["B1"]),
        ("PartnerListBuyers", {"buyerCode": "D7"}, []),
        ("PartnerListBuyers", {"status": "trustworthyBuyer"}, ["B1"]),
        ("PartnerListBuyers", {"status": "defaultBuyer"}, []),
        ("PartnerListSuppliers", {}, ["S1"]),
        ("PartnerListSuppliers", {"supplierCode": "D7"}, ["S1"]),
        ("PartnerListSuppliers", {"status": "defaultSupplier"}, ["S1"]),
        ("PartnerListSuppliers", {"partnerCode": "B1"}, []),
        ("PartnerListEmployees", {}, ["E1"]),
        ("PartnerListEmployees", {"status": "inactive"}, ["E1"]),
        ("PartnerListEmployees", {"status": "active"}, []),
    ],
)
def test_documented_partners_are_listed_by_role_and_criteria(
    three: Caller, method: str, criteria: dict[str, str], found: list[str]
) -> None:
    reply = three(method, *(attribute(name, value) for name, value in criteria.items()))
    assert reply.ok
    assert codes(reply) == found


@pytest.mark.parametrize(
    ("method", "name", "value", "error"),
    [
        ("PartnerList", "buyerCode", "1", "Invalid search key!"),
        ("PartnerListEmployees", "supplierCode", "1", "Invalid search key!"),
        ("PartnerList", "partnerType", "friend", "Invalid search value: friend"),
        ("PartnerListBuyers", "status", "active", "Invalid search value: active"),
        ("PartnerListSuppliers", "status", "defaultBuyer", "Invalid search value: defaultBuyer"),
        ("PartnerListEmployees", "status", "defaultBuyer", "Invalid search value: defaultBuyer"),
    ],
)
def test_a_criterion_that_no_list_has_is_refused(call: Caller, method: str, name: str, value: str, error: str) -> None:
    assert call(method, attribute(name, value)).error == error


@pytest.mark.parametrize("method", ["PartnerList", "PartnerListBuyers"])
def test_an_empty_list_of_partners_is_an_error_as_observed(make: Maker, method: str) -> None:
    assert codes(make()(method)) == []
    assert make(mode="observed")(method).error == "noDocumentsFound"


LIMITED = BUYER.replace("<BuyerData>", "<BuyerData><creditLimit>1000.00</creditLimit>")


@pytest.mark.parametrize("name", ["ID", "taxNumber", "partnerCode"])
def test_documented_the_credit_limit_of_nobody(call: Caller, name: str) -> None:
    assert call("PartnerBuyerCreditLimitGet", attribute(name, "9")).error == NOT_FOUND


def test_documented_a_credit_limit_is_a_buyers_who_has_one(three: Caller) -> None:
    def error(code: str) -> str | None:
        return three("PartnerBuyerCreditLimitGet", attribute("partnerCode", code)).error

    assert error("S1") == "Partner S1 is not defined as buyer!"
    without = "Buyer B1 does not have defined credit limit or it is below minimum required amount!"
    assert error("B1") == without
    three("PartnerImport", nested("partner", LIMITED.replace("1000.00", "0")))
    assert error("B1") == without


@pytest.fixture
def indebted(tmp_path: Path) -> Iterator[Caller]:
    """A buyer with a limit, two invoices, one of them half paid, and a posted journal entry."""
    state = State()
    state.partners["B1"] = Entry(
        code="B1", document_id="34:1", name="Odběratel a.s.", raw=f"<parameter>{LIMITED}</parameter>".encode()
    )
    for number, day, currency in [
        ("2024-00001", "2024-01-10", "CZK"),
        ("2024-00002", "2024-03-10", "CZK"),
        ("2024-00003", "2024-01-10", "EUR"),
    ]:
        invoice = Document(type="SalesInvoice", document_id=f"60:{number[-1]}", number=number, date=day)
        invoice.total, invoice.currency, invoice.properties = Decimal(200), currency, {"buyerCode": "B1"}
        invoice.payments = [{"paymentAmount": "50.00"}]
        state.store(number, invoice)
    voucher = (
        "<parameter><businessYear>2024</businessYear><Items>"
        "<Item><generalLedgerAccountNumber>311</generalLedgerAccountNumber><partnerCode>B1</partnerCode>"
        "<amountDebit>70.00</amountDebit><transactionDate>2024-01-05</transactionDate></Item></Items></parameter>"
    )
    state.store(
        "00001",
        Document(
            type="GeneralLedgerJournalVoucher",
            document_id="70:1",
            number="00001",
            date="2024-01-05",
            posted=True,
            raw=voucher.encode(),
        ),
    )
    path = tmp_path / "state.json"
    state.save(path)
    caller = Caller(start(period=0.0, state_file=path))
    yield caller
    caller.http.close()
    caller.sandbox.stop()


@pytest.mark.parametrize(
    ("day", "currency", "unpaid", "debt"),
    [
        ("2024-12-31", "CZK", "300.00", "70.00"),
        ("2024-02-01", "CZK", "150.00", "70.00"),
        ("2024-01-01", "CZK", "0.00", "0.00"),
        ("2024-12-31", "EUR", "150.00", "70.00"),
    ],
)
def test_assumed_a_credit_limit_is_told_with_what_is_unpaid_and_posted(
    indebted: Caller, day: str, currency: str, unpaid: str, debt: str
) -> None:
    reply = indebted(
        "PartnerBuyerCreditLimitGet",
        attribute("partnerCode", "B1"),
        attribute("creditLimitDate", day, "Date"),
        attribute("currency", currency),
    )
    told = {node.tag: node.text for node in reply.root.find("BuyerCreditLimit")}
    assert told == {
        "partnerCode": "B1",
        "creditLimitDate": day,
        "currency": currency,
        "creditLimit": "1000.00",
        "unpaidAmount": unpaid,
        "postedDebt": debt,
    }


def test_a_credit_limit_on_no_day_is_refused(indebted: Caller) -> None:
    reply = indebted("PartnerBuyerCreditLimitGet", attribute("ID", "9"), attribute("creditLimitDate", "soon"))
    assert reply.error == NOT_FOUND
    named = (attribute("partnerCode", "B1"), attribute("creditLimitDate", "soon"))
    assert indebted("PartnerBuyerCreditLimitGet", *named).error == "Invalid search value: soon"
