from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from efimport.findings import Severity
from efimport.journal.places import Place
from efimport.messages import Catalogue, message
from efimport.planning.model import Outcome, Plan, PlannedSource, State
from efimport.report.advice import advise
from efimport.report.build import build_report
from efimport.report.model import Report
from efimport.report.page import DOCUMENTS_SHOWN, ENTRIES_SHOWN, FINDINGS_SHOWN, Earlier, FilePage, write_page
from efimport.report.words import Words
from efimport.sources.folders import PAGE_MARK
from tests.report.conftest import problem
from tests.report.test_canaries import CANARIES, LIVE

PRAGUE = dt.timezone(dt.timedelta(hours=1))
ARRIVED = dt.datetime(2026, 11, 21, 14, 58, tzinfo=PRAGUE)
SETTLED = dt.datetime(2026, 11, 21, 15, 4, tzinfo=PRAGUE)
FOLDERS: Mapping[Place, str] = {
    Place.INBOX: "příchozí",
    Place.REVIEW: "ke kontrole",
    Place.APPROVE: "schváleno",
    Place.SENT: "odesláno",
    Place.REJECTED: "odmítnuto",
    Place.DUPLICATES: "opakované",
    Place.UNKNOWN: "nejisté",
}


def file_page(place: Place, report: Report | None = None, **fields: object) -> FilePage:
    return FilePage(
        place=place,
        names=fields.pop("names", ("faktury-leden.xml",)),
        arrived=ARRIVED,
        settled=SETTLED,
        organization="Acme s.r.o.",
        folders=FOLDERS,
        report=report,
        **fields,
    )


def written(page: FilePage, language: str = "en") -> str:
    stream = io.StringIO()
    write_page(page, language, stream)
    return stream.getvalue()


def words(text: str) -> str:
    return " ".join(html.fromstring(text).find("body").text_content().split())


def heading(text: str) -> str:
    return html.fromstring(text).xpath("string(//h1/span)")


def steps(text: str) -> list[str]:
    tree = html.fromstring(text).xpath("//section[1]")[0]
    return [" ".join(step.text_content().split()) for step in tree.xpath("./ol/li | ./p[not(code)]")]


@pytest.fixture
def invoices(plan: Plan) -> Plan:
    """The first file of the plan alone: five documents, one of which has no call."""
    return msgspec.structs.replace(
        plan, sources=plan.sources[:1], calls=tuple(call for call in plan.calls if call.id in {"c1", "c2", "c3", "c6"})
    )


@pytest.fixture
def single(invoices: Plan) -> Plan:
    """A file with one invoice."""
    source = msgspec.structs.replace(invoices.sources[0], documents=invoices.sources[0].documents[:1], findings=())
    return msgspec.structs.replace(invoices, sources=(source,), calls=invoices.calls[:1])


def became(plan: Plan, *states: tuple[State, str | None], dry_run: bool = False, language: str = "en") -> Report:
    outcomes = [
        Outcome(call=call, state=state, answer=answer, attempts=1)
        for call, (state, answer) in zip(plan.calls, states, strict=False)
    ]
    return build_report(plan, outcomes, dry_run=dry_run, catalogue=Catalogue(language))


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("language", ["en", "cs"])
@pytest.mark.parametrize("has_report", [True, False])
def test_a_page_of_every_place_begins_with_the_mark_and_says_what_to_do(
    invoices: Plan, place: Place, language: str, *, has_report: bool
) -> None:
    report = became(invoices, dry_run=place is Place.REVIEW, language=language) if has_report else None
    text = written(file_page(place, report), language)
    assert text.encode().startswith(PAGE_MARK)
    assert heading(text)
    assert steps(text)
    assert html.fromstring(text).get("lang") == language


def test_each_place_has_a_sign_and_a_tone_of_its_own() -> None:
    heads = [advise(file_page(place), Words("en")) for place in Place if place not in (Place.INBOX, Place.APPROVE)]
    assert len({head.sign for head in heads}) == len({head.tone for head in heads}) == len(heads)


def test_a_sent_file_says_when_the_service_took_it(single: Plan) -> None:
    text = written(file_page(Place.SENT, became(single, (State.ACCEPTED, "260100001"))))
    assert heading(text) == "Sent: the service took it on 21 November 2026 at 15:04."
    assert "The service answered: 260100001" in words(text)
    assert steps(text) == ["There is nothing to do. You may leave the file here or delete it."]


def test_a_sent_file_of_many_says_how_many(invoices: Plan) -> None:
    source = msgspec.structs.replace(invoices.sources[0], documents=invoices.sources[0].documents[:2])
    plan = msgspec.structs.replace(invoices, sources=(source,), calls=invoices.calls[:2])
    sent = written(file_page(Place.SENT, became(plan, (State.ACCEPTED, None), (State.ACCEPTED, None))))
    assert heading(sent) == "Sent: the service took all 2 documents on 21 November 2026 at 15:04."
    partly = written(file_page(Place.SENT, became(plan, (State.ACCEPTED, None), (State.SKIPPED, None))))
    assert "the service took 1 document on" in heading(partly)
    assert "there already" in heading(partly)


def test_the_time_is_when_the_service_took_it_though_the_file_came_to_rest_later(single: Plan) -> None:
    page = file_page(Place.SENT, became(single, (State.ACCEPTED, None)), sent=SETTLED - dt.timedelta(days=3))
    assert "18 November 2026 at 15:04" in heading(written(page))


def test_what_a_person_found_in_the_service_is_sent_without_a_time(single: Plan) -> None:
    assert heading(written(file_page(Place.SENT, became(single, (State.SKIPPED, None))))) == "Sent: the service has it."


def test_what_lies_in_the_document_inbox_is_not_said_to_be_booked(plan: Plan) -> None:
    alone = msgspec.structs.replace(
        plan, sources=plan.sources[4:5], calls=(msgspec.structs.replace(plan.calls[4], documents=((0, 0),)),)
    )
    said = steps(written(file_page(Place.SENT, became(alone, (State.ACCEPTED, "OK")))))
    assert "what is to be booked" in said[0]
    assert not any("nothing to do" in step for step in said)


def test_a_warning_of_a_sent_file_is_to_be_read(invoices: Plan) -> None:
    states = [(State.ACCEPTED, None)] * 4
    said = steps(written(file_page(Place.SENT, became(invoices, *states))))
    assert "worth a look" in said[0]
    assert not any("nothing to do" in step for step in said)


@pytest.mark.parametrize(
    ("place", "tone"), [(Place.SENT, "info"), (Place.DUPLICATES, "info"), (Place.REVIEW, "warning")]
)
def test_a_note_is_no_alarm_where_nobody_has_to_do_anything(place: Place, tone: str) -> None:
    assert (
        html.fromstring(written(file_page(place, notes=("By the way.",)))).xpath(
            "string(//div[text()='By the way.']/@class)"
        )
        == f"finding {tone}"
    )


def test_a_file_in_review_is_sent_by_moving_it_to_the_folder_that_is_on_the_disk(invoices: Plan) -> None:
    text = written(file_page(Place.REVIEW, became(invoices, dry_run=True)))
    assert heading(text) == "Waiting for you: 4 documents would be sent."
    assert 'To send it, move the file into the folder "schváleno".' in steps(text)
    assert "delete the file" in steps(text)[2]
    assert '"příchozí"' in steps(text)[3]
    remarks = html.fromstring(text).xpath("//ul[@class='remarks']/li/text()")
    assert remarks == ["1 would not be sent; what is wrong stands below."]
    assert "will be sent" in words(text)
    assert "What else happens in the books" in words(text)


def test_files_that_belong_together_are_moved_together(single: Plan) -> None:
    page = file_page(Place.REVIEW, became(single, dry_run=True), names=("výpis.gpc", "výpis.pdf"))
    assert any("all together: výpis.gpc, výpis.pdf" in step for step in steps(written(page)))
    assert "To drop them, delete all of them: nothing is sent." in steps(written(page))
    rejected = file_page(Place.REJECTED, None, names=("výpis.gpc", "výpis.pdf"))
    assert any("all together: výpis.gpc, výpis.pdf" in step for step in steps(written(rejected)))


def test_a_rejected_file_counts_what_must_be_corrected(plan: Plan) -> None:
    damaged = msgspec.structs.replace(plan, sources=plan.sources[2:3], calls=())
    text = written(file_page(Place.REJECTED, became(damaged), names=("poškozený.isdoc",)))
    assert heading(text) == "Not sent: 1 thing must be corrected."
    assert 'drop the corrected file into the folder "příchozí"' in steps(text)[1]
    assert "It is tried again." in steps(text)[-1]
    assert "line 12, column 3" in words(text)


def test_a_refused_file_shows_the_answer_of_the_service_once(single: Plan) -> None:
    text = written(file_page(Place.REJECTED, became(single, (State.REFUSED, "Buyer is missing"))))
    assert heading(text) == "Not sent: the service refused 1 document."
    assert words(text).count("Buyer is missing") == 1
    assert "refused by the service" in words(text)


def test_a_mixed_file_gives_each_document_its_own_state(invoices: Plan) -> None:
    report = became(
        invoices,
        (State.ACCEPTED, "260100001"),
        (State.REFUSED, "No such buyer"),
        (State.ACCEPTED, None),
        (State.SKIPPED, None),
    )
    text = written(file_page(Place.REJECTED, report))
    assert heading(text) == "Partly sent: 3 of 5 documents are in the service."
    pills = html.fromstring(text).xpath("//td/span[contains(@class, 'pill')]/text()")
    assert pills == ["sent", "refused by the service", "not sent", "sent", "already there"]
    assert any("recognised and not sent twice" in step for step in steps(text))
    remarks = html.fromstring(text).xpath("//ul[@class='remarks']/li/text()")
    assert [remark[0] for remark in remarks] == ["2", "1", "1", "1"]
    assert "together 13,599.90 CZK, of it not sent: 1,499.90 CZK" in words(text).replace("\u00a0", " ")


def test_a_duplicate_names_the_earlier_file_the_time_and_the_place() -> None:
    earlier = Earlier(name="výpis.gpc", sent=ARRIVED, lies="odesláno/2026-11/výpis.gpc")
    text = written(file_page(Place.DUPLICATES, earlier=earlier, size=5246, sha256="ef" * 32))
    assert heading(text) == "Had been sent before: nothing was sent again."
    assert 'The same came with the file "výpis.gpc" and was sent on 21 November 2026 at 14:58.' in words(text)
    assert 'That file lies in "odesláno/2026-11/výpis.gpc".' in words(text)
    assert "5246 bytes · SHA-256 efefefefefefefef" in words(text)


def test_a_copy_of_a_file_that_still_waits_is_not_said_to_have_been_sent() -> None:
    text = written(file_page(Place.DUPLICATES, earlier=Earlier(name="výpis.gpc", lies="ke kontrole/výpis.gpc"), size=1))
    assert heading(text) == "The same file is here already: this one is not sent."
    assert "sent before" not in words(text)
    assert 'That file lies in "ke kontrole/výpis.gpc".' in words(text)


def test_what_had_been_sent_before_is_told_with_its_reason(single: Plan) -> None:
    outcome = Outcome(call=single.calls[0], state=State.SKIPPED, reason=message("Sent on an earlier day."))
    report = build_report(single, [outcome], dry_run=False)
    assert "Sent on an earlier day." in words(written(file_page(Place.DUPLICATES, report)))


def test_one_unknown_entry_is_settled_with_its_number(single: Plan) -> None:
    page = file_page(Place.UNKNOWN, became(single, (State.UNKNOWN, None)), entries=((17, "Issued invoice 260100001"),))
    text = written(page)
    assert heading(text) == "Perhaps sent: look in the service."
    assert "efimport journal resolve 17 --arrived" in words(text)
    assert "efimport journal resolve 17 --not-arrived" in words(text)
    assert "Issued invoice 260100001" in words(text)


def test_a_command_never_settles_several_entries_at_once() -> None:
    entries = tuple((number, f"Bank statement {number}") for number in range(100, 100 + ENTRIES_SHOWN + 7))
    text = words(written(file_page(Place.UNKNOWN, entries=entries)))
    assert "efimport journal resolve NUMBER --arrived" in text
    assert "resolve 100 " not in text
    assert "and 7 more" in text


def test_the_notes_of_the_file_stand_before_everything_else(single: Plan) -> None:
    note = message("The file has no end mark.")
    text = words(written(file_page(Place.REVIEW, became(single, dry_run=True), notes=(note, "And another."))))
    assert text.index("The file has no end mark.") < text.index("And another.") < text.index("What to do now")


def test_findings_stand_by_document_errors_first_with_place_and_remedy(invoices: Plan) -> None:
    text = written(file_page(Place.REJECTED, became(invoices)))
    titles = html.fromstring(text).xpath("//h3/text()")
    assert titles == ["Other document PEN26001", "faktury-leden.xml", "Issued invoice 260100002"]
    shown = words(text)
    assert "line 212, column 9" in shown
    assert "Check the rounding of the document." in shown
    assert "payload.no-call" in shown


def test_findings_beyond_the_limit_are_counted(large_plan: Callable[[int], Plan]) -> None:
    plan = large_plan(10 * (FINDINGS_SHOWN + 3))
    text = written(file_page(Place.REVIEW, became(plan, dry_run=True)))
    assert text.count('class="finding warning"') == FINDINGS_SHOWN
    assert "3 more findings are not listed here." in words(text)


def test_no_error_is_cut_where_warnings_are_shown(large_plan: Callable[[int], Plan]) -> None:
    plan = large_plan(2)
    warnings = [problem("a.b", Severity.WARNING, "Look.") for _ in range(FINDINGS_SHOWN)]
    first, second = plan.sources[0].documents
    documents = (
        msgspec.structs.replace(first, findings=(*warnings, problem("a.c", Severity.ERROR, "First error."))),
        msgspec.structs.replace(second, findings=(problem("a.c", Severity.ERROR, "Second error."),)),
    )
    source = msgspec.structs.replace(plan.sources[0], documents=documents)
    text = words(written(file_page(Place.REJECTED, became(msgspec.structs.replace(plan, sources=(source,))))))
    assert "First error." in text
    assert "Second error." in text
    assert "2 more findings" in text


def test_thousands_of_documents_make_a_page_that_says_what_it_leaves_out(large_plan: Callable[[int], Plan]) -> None:
    plan = large_plan(2000)
    text = written(file_page(Place.REVIEW, became(plan, dry_run=True)))
    assert f"{2000 - DOCUMENTS_SHOWN} more documents are not listed here." in words(text)
    assert "together 2,420,000.00 CZK" in words(text)
    assert len(text.encode()) < 250_000


def test_where_not_all_documents_fit_those_with_a_problem_are_listed(large_plan: Callable[[int], Plan]) -> None:
    plan = large_plan(300)
    states = [(State.ACCEPTED, None)] * 299 + [(State.REFUSED, "Number is taken")]
    assert "Number is taken" in words(written(file_page(Place.REJECTED, became(plan, *states))))


def test_a_statement_shows_its_balances(plan: Plan) -> None:
    alone = msgspec.structs.replace(
        plan, sources=plan.sources[1:2], calls=(msgspec.structs.replace(plan.calls[3], documents=((0, 0),)),)
    )
    text = words(written(file_page(Place.SENT, became(alone, (State.ACCEPTED, None)))))
    assert "Opening balance 0.00\u00a0CZK, in 1,334.50\u00a0CZK, out 100.00\u00a0CZK".replace("\u00a0", " ") in text


def test_a_document_names_its_file_where_there_are_several(plan: Plan) -> None:
    archive = msgspec.structs.replace(plan, sources=plan.sources[3:5], calls=())
    page = file_page(Place.REJECTED, became(archive), names=("pošta.zip",))
    assert html.fromstring(written(page)).xpath("//table[@class='docs']//div[@class='soft small']/text()") == [
        "účtenka.pdf"
    ]
    pair = file_page(Place.REJECTED, became(archive), names=("pošta.zip", "pošta.pdf"))
    assert html.fromstring(written(pair)).xpath("//table[@class='docs']//div[@class='soft small']/text()") == [
        "pošta.zip!účtenka.pdf"
    ]


def test_the_clerk_is_not_sent_to_look_at_what_is_not_there(single: Plan) -> None:
    assert steps(written(file_page(Place.REVIEW, became(single, dry_run=True))))[0] == "Look at the documents below."


def test_files_of_an_archive_are_named_with_the_way_to_them(plan: Plan) -> None:
    archive = msgspec.structs.replace(
        plan, sources=plan.sources[3:5], calls=(msgspec.structs.replace(plan.calls[4], documents=((1, 0),)),)
    )
    text = words(written(file_page(Place.SENT, became(archive, (State.ACCEPTED, "OK")))))
    assert "pošta.zip!účtenka.pdf" in text
    assert "inbox/" not in text


def test_an_ordinary_page_is_small_has_no_script_and_needs_no_network(invoices: Plan) -> None:
    text = written(file_page(Place.REJECTED, became(invoices)))
    assert len(text.encode()) < 30_000
    tree = html.fromstring(text)
    assert not tree.xpath("//script | //link | //img | //iframe | //@*[starts-with(name(), 'on')] | //@href | //@src")
    assert "default-src 'none'" in tree.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")


def test_a_text_without_a_czech_translation_stays_english(single: Plan) -> None:
    page = file_page(Place.REVIEW, became(single, dry_run=True, language="cs"), notes=(message("Untranslated."),))
    text = written(page, "cs")
    assert "Untranslated." in words(text)
    assert "Vydaná faktura" in words(text)


def test_a_moment_is_written_as_the_language_does(single: Plan) -> None:
    assert "21. listopadu 2026" in heading(written(file_page(Place.SENT, became(single, (State.ACCEPTED, None))), "cs"))


def test_a_document_that_is_in_two_files_counts_once(single: Plan) -> None:
    source = single.sources[0]
    other = msgspec.structs.replace(source, path="inbox/kopie.xml")
    call = msgspec.structs.replace(single.calls[0], documents=((0, 0), (1, 0)))
    plan = msgspec.structs.replace(single, sources=(source, other), calls=(call,))
    text = written(file_page(Place.SENT, became(plan, (State.ACCEPTED, None)), names=("a.xml", "kopie.xml")))
    assert heading(text) == "Sent: the service took it on 21 November 2026 at 15:04."


def test_a_copy_inside_an_archive_is_no_fault_of_the_file(plan: Plan) -> None:
    both = msgspec.structs.replace(
        plan,
        sources=(plan.sources[1], plan.sources[5]),
        calls=(msgspec.structs.replace(plan.calls[3], documents=((0, 0),)),),
    )
    assert heading(written(file_page(Place.SENT, became(both, (State.ACCEPTED, None))))).startswith("Sent: ")


def poisoned(text: str) -> FilePage:
    source = PlannedSource(path=text, format="pohoda", sha256="ab" * 32, size=1)
    return FilePage(
        place=Place.UNKNOWN,
        names=(text, text),
        arrived=ARRIVED,
        settled=SETTLED,
        organization=text,
        folders=dict.fromkeys(Place, text),
        earlier=Earlier(name=text, sent=SETTLED, lies=text),
        notes=(text, message("It says {value}.", value=text)),
        report=build_report(Plan(sources=(source,)), dry_run=False),
        entries=((1, text),),
    )


def harmless(text: str) -> bool:
    tree = html.fromstring(text)
    return not tree.xpath("//script | //img | //@*[starts-with(name(), 'on')]") and not LIVE.search(text)


@pytest.mark.parametrize("canary", CANARIES)
def test_a_hostile_name_does_nothing_on_the_page(canary: str) -> None:
    assert harmless(written(poisoned(canary)))


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(codec=None), min_size=1, max_size=40), st.sampled_from(Place))
def test_no_name_at_all_acts_on_the_page(name: str, place: Place) -> None:
    assert harmless(written(msgspec.structs.replace(poisoned(name), place=place)))
