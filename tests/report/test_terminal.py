from __future__ import annotations

import io
from collections.abc import Callable

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console

from efimport.messages import Catalogue
from efimport.planning.model import Outcome, Plan, PlannedDocument, PlannedSource, State
from efimport.report.build import build_report
from efimport.report.terminal import GOOD_FILES, print_report


def printed(
    plan: Plan,
    outcomes: object = (),
    *,
    verbosity: int = 0,
    dry_run: bool = False,
    language: str = "en",
    terminal: bool = False,
) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=80, force_terminal=terminal, color_system=None)
    report = build_report(plan, outcomes, dry_run=dry_run, catalogue=Catalogue(language))
    print_report(report, console, verbosity)
    return stream.getvalue()


def last_line(text: str) -> str:
    return text.strip().splitlines()[-1]


def test_the_last_line_adds_up(plan: Plan, outcomes: list[Outcome]) -> None:
    assert last_line(printed(plan, outcomes)) == "2 sent, 2 already there, 1 refused, 3 not sent, 1 unknown"


def test_the_last_line_of_a_dry_run_speaks_of_what_would_be(plan: Plan) -> None:
    text = printed(plan, dry_run=True)
    assert last_line(text) == "6 would be sent, 1 already there, 0 refused, 2 not sent, 0 unknown"
    assert "dry run, nothing is sent" in text.splitlines()[0]


def test_a_finding_is_shown_with_its_code_place_and_remedy(plan: Plan) -> None:
    text = printed(plan, dry_run=True)
    assert "warning The lines add up to 1499.88 CZK, the document says 1499.90 CZK. pohoda.total-mismatch" in text
    assert "line 212, column 9, /dat:dataPack/dat:dataPackItem[2]/inv:invoice/inv:invoiceSummary" in text
    assert "→ Check the rounding of the document." in text


def test_what_needs_a_person_stands_at_the_end(plan: Plan, outcomes: list[Outcome]) -> None:
    text = printed(plan, outcomes)
    assert text.index("This needs you now") > text.index("What is not sent, and why")
    assert text.index("a statement is never sent twice", text.index("This needs you now"))


def test_a_run_that_settled_everything_asks_for_nobody(plan: Plan) -> None:
    assert "This needs you now" not in printed(plan, dry_run=True)


def test_a_terminal_line_fits_eighty_columns(plan: Plan, outcomes: list[Outcome]) -> None:
    for language in ("en", "cs"):
        text = printed(plan, outcomes, verbosity=1, language=language, terminal=True)
        assert max(cell_len(line) for line in text.splitlines()) <= 80


def test_a_piped_report_has_no_colours_and_no_broken_reasons(plan: Plan, outcomes: list[Outcome]) -> None:
    text = printed(plan, outcomes)
    assert "\x1b" not in text
    assert "a cut-off transfer or a change by hand is the usual reason." in text


def test_quiet_shows_the_summary_alone(plan: Plan) -> None:
    text = printed(plan, dry_run=True, verbosity=-1)
    assert "Zahrada" not in text
    assert "What goes where" in text


def many_good(plan: Plan, count: int) -> Plan:
    document = plan.sources[1].documents[0]
    return msgspec.structs.replace(
        plan,
        sources=tuple(PlannedSource(path=f"{index}.gpc", documents=(document,)) for index in range(count)),
    )


def test_good_files_are_cut_and_the_cut_is_announced(plan: Plan) -> None:
    text = printed(many_good(plan, GOOD_FILES + 7), dry_run=True)
    assert "... and 7 more files without a problem (-v shows them)" in text
    assert f"{GOOD_FILES}.gpc" not in text


def test_verbose_shows_every_file(plan: Plan) -> None:
    text = printed(many_good(plan, GOOD_FILES + 7), dry_run=True, verbosity=1)
    assert f"{GOOD_FILES + 6}.gpc" in text
    assert "more files" not in text


def test_good_documents_of_a_file_with_a_problem_are_cut_and_announced(large_plan: Callable[[int], Plan]) -> None:
    text = printed(large_plan(100), dry_run=True)
    assert "... and 70 more documents without a problem (-v shows them)" in text
    assert text.count("invoice.due-before-issue") == 10


def test_files_with_a_problem_come_first(plan: Plan) -> None:
    text = printed(plan, dry_run=True)
    assert text.index("poškozený.isdoc") < text.index("vypis-leden.gpc")


def test_a_refusal_is_shown_in_the_words_of_the_service(plan: Plan, outcomes: list[Outcome]) -> None:
    assert "Sales invoice 260100002: buyer is missing" in printed(plan, outcomes)


def test_a_run_that_ended_early_says_so(plan: Plan, outcomes: list[Outcome]) -> None:
    assert "The run ended before its turn came" in printed(plan, outcomes)
    assert "The run ended before its turn came" not in printed(plan, dry_run=True)


def test_the_report_speaks_czech(plan: Plan, outcomes: list[Outcome]) -> None:
    text = printed(plan, outcomes, language="cs")
    assert last_line(text) == "odesláno 2, už tam bylo 2, odmítnuto 1, neodesláno 3, neznámý výsledek 1"
    assert "Vydaná faktura 260100001  31.\u00a01.\u00a02026  Novák a syn s.r.o.  12\u00a0100,00\u00a0CZK" in text


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_word_and_a_colour(plan: Plan, state: State) -> None:
    outcomes = [Outcome(call=call, state=state) for call in plan.calls]
    assert last_line(printed(plan, outcomes, terminal=True))


def test_a_document_without_call_and_reason_still_says_why(plan: Plan) -> None:
    source = msgspec.structs.replace(
        plan.sources[1], documents=(PlannedDocument(document=plan.sources[1].documents[0].document),)
    )
    assert "No call of the service takes this document." in printed(Plan(sources=(source,)), dry_run=True)


def test_an_empty_plan_is_reported(plan: Plan) -> None:
    assert last_line(printed(Plan(), dry_run=True)).startswith("0 would be sent")
