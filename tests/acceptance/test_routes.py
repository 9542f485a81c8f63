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
from efimport.settings import Organization
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
            _prepare(running, organization, wishes.pop("partners", ()))
            plan = efimport.plan([folder], organization, **wishes)
            with (
                Journal(tmp_path / "journal.sqlite3", clock=clock) as journal,
                Client(organization, clock=clock, state_folder=tmp_path) as client,
            ):
                outcomes = list(deliver(plan, client, journal, quiet_time=0))
            return Done(plan, [outcome.state for outcome in outcomes], running.state())

    return run


def _prepare(running: Any, organization: Organization, partners: tuple[str, ...]) -> None:
    """Partners that the books have already."""
    from efimport.api import catalogue
    from efimport.api.call import Call, Element

    for code in partners:
        children = (
            Element("partnerCode", code),
            Element("companyName", f"Firma {code}"),
            Element("companyType", "Organization"),
        )
        rules = catalogue.method("PartnerImport")
        with Client(organization, clock=testing.FakeClock()) as client:
            client.call(Call("PartnerImport", (rules.argument("partner", children),)))


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
