"""Parts of a plan: what belongs together, and the plan of some files alone."""

from __future__ import annotations

from efimport.planning.build import build_plan
from efimport.planning.model import Outcome, State
from efimport.planning.parts import file_of, files_together, outcomes_of, part_of, single_outcomes
from efimport.report.build import build_report
from efimport.settings import Organization
from efimport.sources import Source
from tests.acceptance import route_files as made

ORGANIZATION = Organization(name="acme", site="CZ", bank_accounts=("CZ6508000000192000145399",))


def plan_of(**files):
    return build_plan([Source(name.replace("_", "."), content) for name, content in files.items()], ORGANIZATION)


def issued(number):
    return made.pack(made.invoice("issuedInvoice", number=f"26{number:05d}"))


def test_a_statement_and_its_pdf_are_together_and_lead_by_the_statement():
    plan = plan_of(vypis_pdf=made.pdf("x"), vypis_xml=made.CAMT, faktura_xml=issued(1))
    assert sorted(files_together(plan)) == [("faktura.xml",), ("vypis.xml", "vypis.pdf")]


def test_an_entry_of_an_archive_belongs_to_the_archive():
    assert file_of("leden.zip!banka/vypis.xml") == "leden.zip"


def test_files_that_say_the_same_are_not_together():
    plan = plan_of(a_xml=issued(1), b_xml=issued(1) + b"\n")
    assert files_together(plan) == [("a.xml",), ("b.xml",)]


def test_a_part_has_its_own_files_and_calls_alone():
    plan = plan_of(a_xml=issued(1), b_xml=issued(2))
    part = part_of(plan, ["b.xml"])
    assert [source.path for source in part.sources] == ["b.xml"]
    assert [call.number for call in part.calls] == ["2600002"]
    assert part.calls[0].documents == ((0, 0),)
    assert part.calls[0].digest == next(call for call in plan.calls if call.number == "2600002").digest


def test_what_another_file_brings_is_shown_with_a_copy_and_not_sent_with_it():
    plan = plan_of(a_xml=issued(1), b_xml=issued(1) + b"\n")
    assert len(part_of(plan, ["b.xml"]).calls) == 1
    assert part_of(plan, ["b.xml"], sending=True).calls == ()
    assert len(part_of(plan, ["a.xml"], sending=True).calls) == 1


def test_products_that_go_in_one_call_are_taken_apart_by_file():
    plan = plan_of(a_xml=made.stocks(made.stock("A1"), made.stock("A2")), b_xml=made.stocks(made.stock("B1")))
    assert len(plan.calls) == 1
    part = part_of(plan, ["a.xml"])
    assert [member.number for member in part.calls[0].members] == ["A1", "A2"]
    assert part_of(plan, ["b.xml"]).calls[0].members == ()


def test_outcomes_of_the_whole_are_told_of_the_part():
    plan = plan_of(a_xml=made.stocks(made.stock("A1"), made.stock("A2")), b_xml=made.stocks(made.stock("B1")))
    (call,) = plan.calls
    members = tuple(Outcome(call=one, state=State.ACCEPTED) for one in call.members)
    whole = Outcome(call=call, state=State.ACCEPTED, members=members)
    by_key = {one.call.key: one for one in single_outcomes([whole])}
    part = part_of(plan, ["a.xml"])
    report = build_report(part, outcomes_of(part, by_key), dry_run=False)
    assert report.totals.by_state == {State.ACCEPTED: 2}


def test_a_call_of_which_a_part_is_not_known_has_no_outcome():
    plan = plan_of(a_xml=made.stocks(made.stock("A1"), made.stock("A2")))
    (call,) = plan.calls
    by_key = {call.members[0].key: Outcome(call=call.members[0], state=State.ACCEPTED)}
    assert outcomes_of(plan, by_key) == []


def test_the_parts_of_a_plan_are_the_plan():
    plan = plan_of(
        vypis_pdf=made.pdf("x"),
        vypis_xml=made.CAMT,
        a_xml=issued(1),
        b_xml=issued(2),
        c_xml=made.stocks(made.stock("A")),
    )
    parts = [part_of(plan, names, sending=True) for names in files_together(plan)]
    sent = sorted(part.key for one in parts for call in one.calls for part in call.parts)
    assert sent == sorted(part.key for call in plan.calls for part in call.parts)
    assert sum(len(one.sources) for one in parts) == len(plan.sources)
