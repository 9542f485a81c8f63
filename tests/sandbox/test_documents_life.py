"""Documents of every type are made, changed, found, cancelled and deleted."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from efimport.api.catalogue import methods as catalogue
from efimport.sandbox.methods.registry import methods
from efimport.sandbox.methods.tables import document_types
from tests.sandbox.conftest import Caller, Maker, attribute, invoice, nested
from tests.sandbox.documents_kit import PATHS, SAMPLES, SITE, Firm, sample

KINDS = document_types()
CREATED = [kind for kind in KINDS if kind in SAMPLES]
OWN = [kind for kind in CREATED if not KINDS[kind].is_received]
NUMBERED = [kind for kind in CREATED if not KINDS[kind].number_mandatory and not KINDS[kind].is_received]
OWN_NUMBERS = [kind for kind in NUMBERED if not KINDS[kind].by_year]
DRAFTED = [kind for kind in OWN_NUMBERS if kind != "DebitNote"]


def test_every_documented_method_of_documents_is_played() -> None:
    played = methods()
    missing = [name for name in catalogue() if name.startswith(tuple(KINDS)) and name not in played]
    assert missing == []


@pytest.mark.parametrize("kind", CREATED)
def test_what_was_created_is_answered_by_get_and_list(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    number = firm.number(kind)
    reply = firm.named(f"{kind}Get", number)
    assert reply.ok, reply.error
    assert reply.text(f"{kind}/number") == number
    assert firm.documents(kind)[0]["method"] == f"{kind}Create"
    if f"{kind}List" in methods():
        listed = firm(f"{kind}List")
        assert [one.findtext("number") for one in listed.root.iter(kind)] == [number]


@pytest.mark.parametrize("kind", OWN_NUMBERS)
def test_documented_numbers_are_counted_in_each_business_year(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    dates = ("2023-05-01", "2024-03-05", "2024-03-06")
    numbers = [firm.number(kind, date=date) for date in dates]
    assert numbers == ["2023-00001", "2024-00001", "2024-00002"]


def test_documented_a_journal_voucher_is_counted_and_found_in_its_business_year(call: Caller) -> None:
    firm = Firm(call)
    kind = "GeneralLedgerJournalVoucher"
    made = [firm.create(kind, businessYear=year) for year in ("2023", "2024", "2024")]
    assert [(one.text("number"), one.text("businessYear")) for one in made] == [
        ("00001", "2023"),
        ("00001", "2024"),
        ("00002", "2024"),
    ]
    assert firm.named(f"{kind}Get", "1", businessYear="2023").text(f"{kind}/businessYear") == "2023"
    assert firm.named(f"{kind}Get", "1").text(f"{kind}/businessYear") == "2024"
    assert firm.create(kind, businessYear="2024", number="4").text("number") == "00004"
    assert firm.create(kind, businessYear="2023", number="4").ok
    assert not firm.create(kind, businessYear="2024", number="4").ok


def test_documented_an_unbalanced_journal_voucher_is_marked(call: Caller) -> None:
    firm = Firm(call)
    half = "<Item><amountDebit>1</amountDebit><description>a</description><transactionDate>2024-01-01</transactionDate>"
    half += "<generalLedgerAccountNumber>521000</generalLedgerAccountNumber><partnerCode>S1</partnerCode></Item>"
    head = "<businessYear>2024</businessYear><dateOfPosting>2024-01-01</dateOfPosting>"
    head += "<dateOfTransaction>2024-01-01</dateOfTransaction>"
    # The table of the reference writes the parameter with a capital, its example with a small letter.
    data = nested("generalLedgerJournalVoucher", f"{head}<Items>{half}</Items>")
    assert firm("GeneralLedgerJournalVoucherCreate", data).ok
    firm.number("GeneralLedgerJournalVoucher")
    listed = firm.named("GeneralLedgerJournalVoucherList", status="unbalanced")
    assert [one.text for one in listed.root.iter("number")] == ["00001"]


@pytest.mark.parametrize("kind", OWN_NUMBERS)
def test_documented_a_number_that_is_sent_is_kept_and_not_given_twice(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    assert firm.number(kind, number="2024-00007") == "2024-00007"
    assert firm.create(kind, number="2024-00007").error == f"{KINDS[kind].label} for number: 2024-00007 already exists!"
    assert [one["received"] for one in firm.documents(kind)] == [2]
    assert firm.number(kind) == "2024-00008"
    assert firm.named(f"{kind}Get", "8").text(f"{kind}/number") == "2024-00008"


@pytest.mark.parametrize("kind", DRAFTED)
def test_documented_a_draft_has_no_number_unless_one_is_sent(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    draft = firm.number(kind, status="draft")
    assert [(one["number"], one["status"]) for one in firm.documents(kind)] == [("", "draft")]
    assert firm.named(f"{kind}Get", draft).text(f"{kind}/status") == "draft"
    issued = KINDS[kind].issued_status
    firm.number(kind, status="draft", number="2024-00009")
    assert [(one["number"], one["status"]) for one in firm.documents(kind)[1:]] == [("2024-00009", issued)]
    assert firm(f"{kind}Update", nested(kind, f"<number>{draft}</number><status>{issued}</status>")).ok
    first = firm.documents(kind)[0]
    assert (first["number"], first["status"]) == ("2024-00010", issued)


@pytest.mark.parametrize("kind", OWN)
def test_assumed_an_update_changes_what_it_names(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    number = firm.number(kind)
    before = firm.documents(kind)[0]
    year = "<businessYear>2024</businessYear>" if KINDS[kind].by_year else ""
    remark = {"BillOfMaterials": "status", "SalesInvoice": "remarks"}.get(kind, "remarks")
    value = "Inactive" if remark == "status" else "Jinak"
    reply = firm(f"{kind}Update", nested(kind, f"<number>{number}</number>{year}<{remark}>{value}</{remark}>"))
    assert reply.ok, reply.error
    assert reply.text("number") == number
    after = firm.documents(kind)[0]
    assert (after["document_id"], after["written"]) == (before["document_id"], 2)
    assert after["elements"] == before["elements"] | {"number": number, remark: value}


@pytest.mark.parametrize("kind", OWN)
def test_assumed_an_update_is_refused(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    year = "<businessYear>2024</businessYear>" if KINDS[kind].by_year else ""
    unnumbered = firm(f"{kind}Update", nested(kind, f"{year}<remarks>a</remarks>")).error or ""
    assert unnumbered in ("Property <number> is required.", 'Parameter named "number" is required')
    missing = firm(f"{kind}Update", nested(kind, f"{year}<number>9</number>")).error
    assert missing == f"Can not find {KINDS[kind].label.lower()} for number: 9"
    number = firm.number(kind)
    assert call.sandbox.mark_posted(kind, number)
    posted = firm(f"{kind}Update", nested(kind, f"{year}<number>{number}</number><remarks>a</remarks>")).error
    assert posted == "Document can not be overwritten because it is already posted."


@pytest.mark.parametrize("kind", OWN)
def test_a_document_without_its_mandatory_elements_is_not_created(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    number = "<number>1/24</number>" if KINDS[kind].number_mandatory else ""
    refused = firm(f"{kind}Create", nested(kind, f"{number}<remarks>a</remarks>")).error or ""
    assert refused.startswith(("Error nr: 1 #", "Error creating"))
    assert firm.documents(kind) == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind].last_only])
def test_documented_only_the_last_issued_document_is_deleted(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    first, second = firm.number(kind), firm.number(kind)
    refusal = "EMU: only the last issued document of its type and business year can be deleted"
    assert firm.named(f"{kind}Delete", first).error == refusal
    assert firm.named(f"{kind}Delete", second).ok
    assert firm.number(kind) == second
    assert firm.named(f"{kind}Delete", second).ok
    assert firm.named(f"{kind}Delete", first).ok
    assert firm.documents(kind) == []


@pytest.mark.parametrize(
    "kind", [kind for kind in CREATED if not KINDS[kind].last_only and not KINDS[kind].is_received]
)
def test_other_documents_are_deleted_in_any_order(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    year = {"businessYear": "2024"} if KINDS[kind].by_year else {}
    first = firm.number(kind)
    second = firm.number(kind, **({"number": "056/24"} if KINDS[kind].number_mandatory else {}))
    assert firm.named(f"{kind}Delete", first, **year).ok
    assert [one["number"] for one in firm.documents(kind)] == [second]


def test_assumed_a_posted_document_is_not_deleted(call: Caller) -> None:
    firm = Firm(call)
    number = firm.number("SalesInvoice")
    call.sandbox.mark_posted("SalesInvoice", number)
    assert firm.named("SalesInvoiceDelete", number).error == "EMU: a posted document cannot be deleted"


def test_documented_the_croatian_delete_wraps_what_it_means(call: Caller) -> None:
    firm = Firm(call)
    number = firm.number("DebitNote")
    inner = attribute("number", number) + attribute("date", "2024-03-05", "Date")
    assert firm("DebitNoteDelete", nested("DebitNote", inner)).ok
    assert firm.documents("DebitNote") == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "Cancel" in KINDS[kind].operations])
def test_documented_cancel_makes_a_document_with_the_opposite_sign(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    year = {"businessYear": "2024"} if KINDS[kind].by_year else {}
    number = firm.number(kind)
    assert len(firm.named(f"{kind}Cancel", number, **year).root) == 0
    original, cancellation = firm.documents(kind)
    assert (original["cancelled"], cancellation["status"]) == (True, KINDS[kind].issued_status)
    shown = firm.named(f"{kind}Get", cancellation["number"], **year)
    assert shown.text(f"{kind}/cancelledDocumentRef") == number
    if original["total"] is not None:
        assert cancellation["total"] == f"-{original['total']}"
    item = cancellation["elements"]["Items"][0]
    signed = [item[name] for name in ("quantity", "calculationQuantity", "amountDebit") if name in item]
    assert [value[0] for value in signed] == ["-"]


def test_documented_a_cancellation_may_be_a_draft(call: Caller) -> None:
    firm = Firm(call)
    number = firm.number("SalesInvoice")
    wrong = firm.named("SalesInvoiceCancel", number, status="sometimes").error
    assert wrong == "EMU: unknown status sometimes of a cancellation document"
    assert firm.named("SalesInvoiceCancel", number, status="draft").ok
    assert [(one["number"], one["status"]) for one in firm.documents("SalesInvoice")] == [
        ("2024-00001", "issuedInvoice"),
        ("", "draft"),
    ]


def test_assumed_deleting_the_cancellation_frees_the_document(call: Caller) -> None:
    firm = Firm(call)
    firm.named("SalesInvoiceCancel", firm.number("SalesInvoice"))
    assert firm.named("SalesInvoiceDelete", "2").ok
    assert firm.documents("SalesInvoice")[0]["cancelled"] is False


@pytest.mark.parametrize(("kind", "reference"), [("SalesOrder", "salesOrdersRef"), ("SalesQuote", "salesQuoteRef")])
def test_documented_an_invoice_is_made_of_an_order_or_a_quote(call: Caller, kind: str, reference: str) -> None:
    firm = Firm(call)
    number = firm.number(kind)
    made = firm.named(f"{kind}CreateInvoice", number, warehouseCode="908", cashRegisterCode="001")
    assert made.text("message") == "Succesfuly created sales invoice from sales order"
    shown = firm.named("SalesInvoiceGet", made.text("number") or "")
    assert shown.text("SalesInvoice/documentID") == made.text("documentID")
    assert shown.text(f"SalesInvoice/{reference}") == number
    assert shown.text("SalesInvoice/warehouseCode") == "908"
    assert shown.text("SalesInvoice/totalAmount") == "243.210"
    assert firm.named(f"{kind}Get", number).text(f"{kind}/salesInvoicesRef") == made.text("number")
    assert firm.named(f"{kind}CreateInvoice", number, status="draft").ok
    assert len(firm.documents("SalesInvoice")) == 2
    assert firm.named(f"{kind}CreateInvoice", "9").error == "document could not be found"
    wrong = firm.named(f"{kind}CreateInvoice", number, status="sent").error
    assert wrong == "EMU: unknown status sent of an invoice"


def test_documented_references_are_listed_on_both_sides(call: Caller) -> None:
    firm = Firm(call)
    advance = firm.number("AdvanceInvoice")
    number = firm.number("SalesInvoice", advanceInvoiceRef=advance)
    firm.number("CreditNote", salesInvoiceRef=number)
    shown = firm.named("SalesInvoiceGet", number)
    assert shown.text("SalesInvoice/advanceInvoicesRef") == advance
    assert shown.text("SalesInvoice/creditNotesRef") == "2024-00001"
    assert firm.named("AdvanceInvoiceGet", advance).text("AdvanceInvoice/salesInvoicesRef") == number
    firm.named("CreditNoteDelete", "1")
    assert firm.named("SalesInvoiceGet", number).text("SalesInvoice/creditNotesRef") is None


def test_observed_a_transaction_identifier_makes_create_safe_to_repeat(make: Maker) -> None:
    call = make(mode="observed")
    identifier = attribute("apiTransactionId", "T-1")
    first = call("SalesInvoiceCreate", identifier, nested("SalesInvoice", sample("SalesInvoice")))
    second = call("SalesInvoiceCreate", identifier, nested("SalesInvoice", sample("SalesInvoice")))
    assert first.body == second.body
    assert [leaf.tag for leaf in first.root] == ["number", "date", "documentID"]
    assert len(call.state()["documents"]["SalesInvoice"]) == 1
    assert call("SalesOrderCreate", identifier, nested("SalesOrder", sample("SalesOrder"))).ok


def test_documented_the_reference_knows_no_transaction_identifier(call: Caller) -> None:
    identifier = attribute("apiTransactionId", "T-1")
    for _ in range(2):
        reply = call("SalesInvoiceCreate", identifier, nested("SalesInvoice", sample("SalesInvoice")))
    assert [leaf.tag for leaf in reply.root] == ["number", "date"]
    assert len(call.state()["documents"]["SalesInvoice"]) == 2


@pytest.mark.parametrize(
    ("method", "site"),
    [
        ("SalesInvoiceGetUPNPDF", "CZ"),
        ("DebitNoteCreate", "CZ"),
        ("PurchaseOrderGet", "SI"),
        ("SalesQuoteCreate", "HR"),
    ],
)
def test_a_site_offers_the_methods_of_its_reference_alone(call: Caller, method: str, site: str) -> None:
    error = f"EMU: the method {method} is not offered at the site {site}"
    assert call(method, path=PATHS[site]).error == error


def test_json_answers_follow_the_same_trees(call: Caller) -> None:
    body = {
        "username": "demo",
        "md5pass": hashlib.md5(b"DEMOdemo").hexdigest(),
        "token": "SANDBOX",
        "method": "SalesInvoiceCreate",
        "parameters": {
            "SalesInvoice": {
                "date": "2024-03-05",
                "buyerName": "Odběratel a.s.",
                "Items": [{"description": "Práce", "netPrice": 1.5, "quantity": 2}],
            }
        },
    }
    reply = call.post(json.dumps(body).encode(), content_type="application/json")
    assert json.loads(reply.body) == {
        "response": {"status": "ok", "result": {"number": "2024-00001", "date": "2024-03-05"}}
    }


def test_everything_survives_in_the_file_of_the_state(make: Maker, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    call = make(state_file=path)
    firm = Firm(call, "SalesInvoice")
    number = firm.number("SalesInvoice", {"description": "", "netPrice": "", "productCode": "P1"})
    paid = {"paymentDate": "2024-03-05", "paymentAmount": "1.50", "paymentMethodForInvoice": "Cash"}
    firm.named("SalesInvoicePaymentRecordAdd", number, **paid)
    firm.named("SalesInvoiceSendByEmail", number, recipient="a@b.example")
    firm.named("SalesInvoiceCancel", number)
    before = call.state()
    call.sandbox.stop()
    after = make(state_file=path).state()
    assert len(after["documents"]["SalesInvoice"]) == 2
    assert {name: after[name] for name in ("documents", "outbox", "stock")} == {
        name: before[name] for name in ("documents", "outbox", "stock")
    }


def test_an_imported_invoice_is_updated_and_deleted_as_a_created_one(call: Caller) -> None:
    firm = Firm(call)
    firm("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    assert firm("SalesInvoiceUpdate", nested("SalesInvoice", "<number>1</number><remarks>b</remarks>")).ok
    assert firm.named("SalesInvoiceGet", "1").text("SalesInvoice/remarks") == "b"
    assert firm.named("SalesInvoiceDelete", "1", date="2024-03-05").ok


def test_site_of_each_type_is_the_one_of_its_reference() -> None:
    assert {kind: KINDS[kind].sites for kind in SITE} == {"DebitNote": ("HR",)}
