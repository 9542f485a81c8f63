from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import msgspec
import pytest

from efimport.documents import Kind, Origin, OtherDocument
from efimport.findings import finding
from efimport.messages import Catalogue
from efimport.planning.model import Outcome, Plan, PlannedDocument, PlannedSource, State
from efimport.report.build import build_report
from efimport.report.model import CurrencyTotal, Report


def states(report: Report) -> dict[str, State]:
    return {source.path: source.state for source in report.sources}


def test_every_input_is_counted_once(plan: Plan, outcomes: list[Outcome]) -> None:
    report = build_report(plan, outcomes, dry_run=False)
    without_document = 2  # the damaged file and the copy; the archive is counted by what is in it
    assert sum(report.totals.by_state.values()) == report.totals.documents + without_document
    assert sum(report.totals.files_by_state.values()) == report.totals.sources == len(plan.sources)


def test_a_document_has_the_state_of_its_call(plan: Plan, outcomes: list[Outcome]) -> None:
    report = build_report(plan, outcomes, dry_run=False)
    assert [document.state for document in report.sources[0].documents] == [
        State.ACCEPTED,
        State.REFUSED,
        State.REJECTED,
        State.SKIPPED,
        State.PLANNED,
    ]


def test_a_file_has_the_state_that_needs_a_person_most(plan: Plan, outcomes: list[Outcome]) -> None:
    assert states(build_report(plan, outcomes, dry_run=False)) == {
        "inbox/faktury-leden.xml": State.REFUSED,
        "inbox/vypis-leden.gpc": State.HELD,
        "inbox/poškozený.isdoc": State.REJECTED,
        "inbox/pošta.zip": State.ACCEPTED,
        "inbox/pošta.zip!účtenka.pdf": State.ACCEPTED,
        "inbox/vypis-kopie.gpc": State.SKIPPED,
    }


def test_an_archive_inside_an_archive_takes_the_state_of_the_documents_in_it() -> None:
    inner = PlannedSource(
        path="a.zip!b.zip!c.pdf",
        documents=(PlannedDocument(document=OtherDocument(origin=Origin(path="c", format="pdf"))),),
    )
    plan = Plan(sources=(PlannedSource(path="a.zip"), PlannedSource(path="a.zip!b.zip"), inner))
    report = build_report(plan, dry_run=True)
    assert set(states(report).values()) == {State.REJECTED}
    assert report.totals.by_state == {State.REJECTED: 1}


def test_a_damaged_archive_counts_although_entries_of_it_were_read() -> None:
    broken = PlannedSource(path="a.zip", findings=(finding("archive.damaged", reason="cut off"),))
    entry = PlannedSource(
        path="a.zip!c.pdf",
        documents=(PlannedDocument(document=OtherDocument(origin=Origin(path="c", format="pdf"))),),
    )
    report = build_report(Plan(sources=(broken, entry)), dry_run=True)
    assert report.totals.by_state == {State.REJECTED: 2}
    assert report.sources[0].reason is not None


def test_a_file_in_which_nothing_was_found_is_never_well() -> None:
    report = build_report(Plan(sources=(PlannedSource(path="leer.xml"),)), dry_run=True)
    assert report.sources[0].state is State.REJECTED
    assert report.obstacles[0].reason == "The file holds no document."


def test_a_document_whose_call_is_not_in_the_plan_is_rejected(plan: Plan) -> None:
    report = build_report(msgspec.structs.replace(plan, calls=()), dry_run=True)
    assert {document.state for source in report.sources for document in source.documents} == {State.REJECTED}


def test_outcomes_may_be_given_by_call(plan: Plan, outcomes: list[Outcome]) -> None:
    by_call = {outcome.call.id: outcome for outcome in outcomes}
    assert build_report(plan, by_call, dry_run=False) == build_report(plan, outcomes, dry_run=False)


def test_the_last_outcome_of_a_call_counts(plan: Plan) -> None:
    first = Outcome(call=plan.calls[0], state=State.UNKNOWN)
    report = build_report(plan, [first, msgspec.structs.replace(first, state=State.ACCEPTED)], dry_run=False)
    assert report.calls[0].state is State.ACCEPTED


def test_totals_are_by_kind_and_currency_and_name_what_is_left_out(plan: Plan, outcomes: list[Outcome]) -> None:
    def total(kind: Kind, currency: str, documents: int, amount: str, left_out: str) -> CurrencyTotal:
        return CurrencyTotal(
            kind=kind, currency=currency, documents=documents, total=Decimal(amount), left_out=Decimal(left_out)
        )

    assert build_report(plan, outcomes, dry_run=False).currencies == (
        total(Kind.ISSUED_CREDIT_NOTE, "CZK", 1, "-1210.00", "0"),
        total(Kind.ISSUED_INVOICE, "CZK", 2, "13599.90", "1499.90"),
        total(Kind.ISSUED_INVOICE, "EUR", 1, "99.50", "99.50"),
    )


def test_what_waits_in_a_dry_run_is_not_left_out(plan: Plan) -> None:
    assert {total.left_out for total in build_report(plan, dry_run=True).currencies} == {Decimal(0)}


def test_statements_are_added_up_by_themselves(plan: Plan) -> None:
    (total,) = build_report(plan, dry_run=True).statements
    assert (total.currency, total.statements, total.entries) == ("CZK", 1, 2)
    assert (total.credit, total.debit) == (Decimal("1334.50"), Decimal("100.00"))


def test_sums_lose_no_digit(large_plan: Callable[[int], Plan]) -> None:
    plan = large_plan(2)
    first, second = plan.sources[0].documents
    long, short = Decimal("12345678901234567890123456789.01"), Decimal("0.0000000001")
    documents = tuple(
        msgspec.structs.replace(planned, document=msgspec.structs.replace(planned.document, payable=amount))
        for planned, amount in ((first, long), (second, short))
    )
    source = msgspec.structs.replace(plan.sources[0], documents=documents)
    (total,) = build_report(msgspec.structs.replace(plan, sources=(source,)), dry_run=True).currencies
    assert str(total.total) == "12345678901234567890123456789.0100000001"


def test_effects_count_what_is_still_to_come_and_what_came(plan: Plan, outcomes: list[Outcome]) -> None:
    dry = {effect.code: effect.calls for effect in build_report(plan, dry_run=True).effects}
    run = {effect.code: effect.calls for effect in build_report(plan, outcomes, dry_run=False).effects}
    assert dry == {"effect.issues-document": 2, "effect.moves-stock": 1}
    assert run == {"effect.issues-document": 1, "effect.moves-stock": 1}, "the refused invoice was not issued"


def test_an_effect_that_the_register_does_not_know_is_shown_by_its_code(plan: Plan) -> None:
    call = msgspec.structs.replace(plan.calls[0], effects=("effect.unheard-of",))
    report = build_report(msgspec.structs.replace(plan, calls=(call,)), dry_run=True)
    assert report.effects[0].text == "effect.unheard-of"


def test_destinations_count_documents_by_state(plan: Plan, outcomes: list[Outcome]) -> None:
    report = build_report(plan, outcomes, dry_run=False)
    invoices = next(found for found in report.destinations if found.method == "SalesInvoiceImport")
    assert (invoices.documents, invoices.calls) == (3, 3)
    assert invoices.by_state == {State.REFUSED: 1, State.PLANNED: 1, State.ACCEPTED: 1}


def test_the_time_of_sending_is_that_of_what_is_not_yet_sent(
    large_plan: Callable[[int], Plan],
) -> None:
    plan = large_plan(10)
    assert build_report(plan, dry_run=True).totals.seconds_to_send == plan.seconds_to_send
    done = [Outcome(call=call, state=State.ACCEPTED) for call in plan.calls]
    assert build_report(plan, done, dry_run=False).totals.seconds_to_send == 0


def test_reasons_that_differ_in_a_number_alone_are_one(large_plan: Callable[[int], Plan]) -> None:
    plan = large_plan(7)
    refused = [
        Outcome(call=call, state=State.REFUSED, answer=f"Document {call.number} already exists") for call in plan.calls
    ]
    (obstacle,) = build_report(plan, refused, dry_run=False).obstacles
    assert len(obstacle.items) == 7
    assert obstacle.reason == "Document 250000000 already exists"


@pytest.mark.parametrize("state", [State.UNKNOWN, State.HELD, State.SENDING])
def test_what_does_not_settle_itself_needs_a_person(plan: Plan, state: State) -> None:
    report = build_report(plan, [Outcome(call=plan.calls[3], state=state)], dry_run=False)
    assert [call.id for call in report.needs] == ["c4"]
    assert report.by_attention[0].path == "inbox/vypis-leden.gpc"


def test_findings_are_in_the_language_of_the_report(plan: Plan) -> None:
    class Shouting(Catalogue):
        def text(self, text: str, /, **arguments: object) -> str:
            return super().text(text, **arguments).upper()

    report = build_report(plan, dry_run=True, catalogue=Shouting())
    assert report.sources[0].findings[0].message.isupper()


def test_the_report_counts_what_the_plan_holds(plan: Plan) -> None:
    totals = build_report(plan, dry_run=True).totals
    severities = Counter(found.severity for found in plan.findings)
    assert (totals.errors, totals.warnings) == (severities["error"], severities["warning"])
    assert (totals.documents, totals.calls) == (len(plan.documents), len(plan.calls))
