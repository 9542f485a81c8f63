"""Plans of invented firms, built without reading a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from efimport.api.call import Attribute, Base64Attribute, Base64Text, Call, Element, File, Flag, Nested, Parameter
from efimport.documents import (
    BankAccount,
    Entry,
    Invoice,
    Kind,
    Origin,
    OtherDocument,
    Party,
    Statement,
)
from efimport.findings import Finding, Location, Severity, finding
from efimport.messages import message
from efimport.planning.model import Outcome, Plan, PlannedCall, PlannedDocument, PlannedSource, Repeat, State

MADE_AT = dt.datetime(2026, 3, 2, 8, 30, tzinfo=dt.UTC)
NO_CALL = message("The service has no call for a document of kind {kind}.", kind="penale")
SHA = "ab" * 32


def problem(code: str, severity: Severity, text: str, hint: str | None = None, **place: object) -> Finding:
    """A finding that needs no entry of the register."""
    return Finding(code, severity, message(text), message(hint) if hint else None, Location(**place))


def invoice(path: str, number: str, total: str, partner: str, **fields: object) -> Invoice:
    return Invoice(
        kind=fields.pop("kind", Kind.ISSUED_INVOICE),
        origin=Origin(path=path, format="pohoda", ordinal=fields.pop("ordinal", 1), line=4, content=b"<x/>"),
        number=number,
        date=dt.date(2026, 1, 31),
        currency=fields.pop("currency", "CZK"),
        payable=Decimal(total),
        customer=Party(name=partner),
        supplier=Party(name=partner),
        **fields,
    )


def statement(path: str, number: str = "31") -> Statement:
    return Statement(
        origin=Origin(path=path, format="gpc", line=1, content=b"074"),
        account=BankAccount(iban="CZ6508000000192000145399", currency="CZK"),
        number=number,
        date=dt.date(2026, 1, 31),
        opening=Decimal("0.00"),
        closing=Decimal("1234.50"),
        entries=(
            Entry(position=1, amount=Decimal("1334.50")),
            Entry(position=2, amount=Decimal("-100.00")),
        ),
    )


def planned_call(name: str, method: str, *parameters: Parameter, **fields: object) -> PlannedCall:
    return PlannedCall(
        id=name,
        call=Call(method, parameters),
        key=f"1|acme|{method}|{name}",
        digest="cd" * 32,
        repeat=Repeat.SAFE_BY_KEY,
        **fields,
    )


def _sources() -> tuple[PlannedSource, ...]:
    good, bad = "inbox/faktury-leden.xml", "inbox/vypis-leden.gpc"
    return (
        PlannedSource(
            path=good,
            sha256=SHA,
            size=18_234,
            format="pohoda",
            encoding="windows-1250",
            findings=(finding("encoding.guessed", Location(line=1), found="windows-1250"),),
            documents=(
                PlannedDocument(document=invoice(good, "260100001", "12100.00", "Novák a syn s.r.o."), call="c1"),
                PlannedDocument(
                    document=invoice(good, "260100002", "1499.90", "Zahrada & dům", ordinal=2),
                    call="c2",
                    findings=(
                        problem(
                            "pohoda.total-mismatch",
                            Severity.WARNING,
                            "The lines add up to 1499.88 CZK, the document says 1499.90 CZK.",
                            "Check the rounding of the document.",
                            line=212,
                            column=9,
                            where="/dat:dataPack/dat:dataPackItem[2]/inv:invoice/inv:invoiceSummary",
                        ),
                    ),
                ),
                PlannedDocument(
                    document=OtherDocument(
                        origin=Origin(path=good, format="pohoda", ordinal=3, line=300),
                        kind=Kind.OTHER,
                        name="penale",
                        number="PEN26001",
                    ),
                    findings=(Finding("payload.no-call", Severity.ERROR, NO_CALL, message("Enter it by hand.")),),
                ),
                PlannedDocument(
                    document=invoice(
                        good, "D260001", "-1210.00", "Novák a syn s.r.o.", ordinal=4, kind=Kind.ISSUED_CREDIT_NOTE
                    ),
                    call="c3",
                ),
                PlannedDocument(
                    document=invoice(good, "260100009", "99.50", "Kavárna Orlí", ordinal=5, currency="EUR"),
                    call="c6",
                ),
            ),
        ),
        PlannedSource(
            path=bad,
            sha256="ef" * 32,
            size=5246,
            format="gpc",
            encoding="windows-1250",
            documents=(PlannedDocument(document=statement(bad), call="c4"),),
        ),
        PlannedSource(
            path="inbox/poškozený.isdoc",
            sha256="01" * 32,
            size=812,
            format="unknown",
            findings=(finding("xml.not-well-formed", Location(line=12, column=3), reason="the tag is not closed"),),
        ),
        PlannedSource(path="inbox/pošta.zip", sha256="23" * 32, size=90_000, format="zip"),
        PlannedSource(
            path="inbox/pošta.zip!účtenka.pdf",
            sha256="45" * 32,
            size=88_000,
            format="pdf",
            documents=(
                PlannedDocument(
                    document=OtherDocument(
                        origin=Origin(path="inbox/pošta.zip!účtenka.pdf", format="pdf"), file_name="účtenka.pdf"
                    ),
                    call="c5",
                ),
            ),
        ),
        PlannedSource(
            path="inbox/vypis-kopie.gpc",
            sha256="ef" * 32,
            size=5246,
            format="gpc",
            findings=(finding("source.duplicate", other=bad),),
        ),
    )


def _calls() -> tuple[PlannedCall, ...]:
    pohoda = (
        Parameter("dataFormat", Attribute("POHODA")),
        Parameter("importType", Attribute("createOnly")),
        Parameter("base64data", Base64Text(b"<dat:dataPack/>")),
    )
    effects = ("effect.issues-document", "effect.moves-stock")
    return (
        planned_call("c1", "SalesInvoiceImport", *pohoda, documents=((0, 0),), number="260100001", effects=effects),
        planned_call("c2", "SalesInvoiceImport", *pohoda, documents=((0, 1),), number="260100002", effects=effects[:1]),
        planned_call(
            "c3",
            "CreditNoteImport",
            Parameter(
                "CreditNote",
                Nested(
                    (
                        Element("number", "D260001"),
                        Element("date", dt.date(2026, 1, 31)),
                        Element(
                            "Items",
                            children=(
                                Element("Item", children=(Element("price", Decimal("-1000.00")),)),
                                Element("Item", children=(Element("price", Decimal("0.00")),)),
                            ),
                        ),
                    )
                ),
            ),
            documents=((0, 3),),
            number="D260001",
        ),
        planned_call(
            "c4",
            "BankStatementImport",
            Parameter("IBAN", Attribute("CZ6508000000192000145399")),
            Parameter("type", Attribute("AboGpc")),
            Parameter("statementData", Base64Attribute(b"074")),
            documents=((1, 0),),
            number="31",
        ),
        planned_call(
            "c5",
            "DocumentInboxAddEntry",
            Parameter("document", File(b"%PDF", "účtenka.pdf")),
            Parameter("checkExisting", Flag()),
            documents=((4, 0),),
            file_name="účtenka.pdf",
        ),
        planned_call("c6", "SalesInvoiceImport", *pohoda, documents=((0, 4),), number="260100009"),
    )


@pytest.fixture
def plan() -> Plan:
    """Six files: five invoices in one, a statement, a damaged one, an archive with a PDF, a copy."""
    return Plan(organization="acme", site="CZ", sources=_sources(), calls=_calls())


@pytest.fixture
def outcomes(plan: Plan) -> list[Outcome]:
    """What a run of that plan may come to."""
    became = (
        (State.ACCEPTED, "260100001", None),
        (State.REFUSED, "Sales invoice 260100002: buyer is missing", None),
        (State.SKIPPED, None, message("Sent on an earlier day.")),
        (State.HELD, None, message("The connection broke before an answer came; a statement is never sent twice.")),
        (State.ACCEPTED, "OK", None),
    )
    return [
        Outcome(call=call, state=state, answer=answer, reason=reason, attempts=1)
        for call, (state, answer, reason) in zip(plan.calls, became, strict=False)
    ]


@pytest.fixture
def large_plan() -> Callable[[int], Plan]:
    """A plan of one POHODA file with as many invoices as asked for."""

    def make(count: int) -> Plan:
        path = "inbox/rok-2025.xml"
        parameters = (Parameter("dataFormat", Attribute("POHODA")), Parameter("base64data", Base64Text(b"x" * 3000)))
        return Plan(
            organization="acme",
            sources=(
                PlannedSource(
                    path=path,
                    sha256=SHA,
                    size=40_000_000,
                    format="pohoda",
                    documents=tuple(
                        PlannedDocument(
                            document=invoice(
                                path, f"25{index:07}", "1210.00", f"Odběratel číslo {index} s.r.o.", ordinal=index + 1
                            ),
                            call=f"c{index + 1}",
                            findings=(problem("invoice.due-before-issue", Severity.WARNING, "Due before issue."),)
                            if index % 10 == 0
                            else (),
                        )
                        for index in range(count)
                    ),
                ),
            ),
            calls=tuple(
                planned_call(
                    f"c{index + 1}", "SalesInvoiceImport", *parameters, documents=((0, index),), number=f"25{index:07}"
                )
                for index in range(count)
            ),
        )

    return make
