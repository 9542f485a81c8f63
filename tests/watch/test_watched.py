"""The watched folder as a whole: what is dropped ends in one place, whatever people and the world do."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from efimport.errors import JournalHeldError, LoginError, NotSentError
from efimport.journal import FileStage, Place, Stage
from efimport.settings import Watching
from efimport.watch import portions, taking
from efimport.watch.batch import Batch
from efimport.watch.ground import Ground, digest_of
from tests.acceptance import route_files as made
from tests.watch.desk import issued, patient

# The plain way


def test_a_good_file_is_sent_and_lies_in_the_folder_of_its_month(desk, sandbox):
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"]}
    month = desk.folder.ground.now.strftime("%Y-%m")
    assert (desk.path(Place.SENT) / month / "faktura.html").is_file()
    assert [one["number"] for one in sandbox.state()["documents"]["SalesInvoice"]] == ["2600001"]
    desk.check_invariants()


def test_what_was_sent_is_filed_in_the_journal(desk, sandbox):
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    (entry,) = desk.journal.list()
    assert entry.stage is Stage.FILED


def test_a_bad_file_is_rejected_and_its_page_says_why(desk, sandbox):
    desk.drop("faktura.xml", issued(1).replace(b"</inv:invoice>", b"</inv:wrong>"))
    desk.settle()
    assert desk.documents() == {Place.REJECTED: ["faktura.xml"]}
    assert "inbox" in desk.page(Place.REJECTED, "faktura.xml")
    assert sandbox.state()["requests"]["total"] == 0
    desk.check_invariants()


def test_a_file_with_a_warning_waits_for_a_person(desk, sandbox):
    desk.drop("faktura.xml", issued(1).replace(b"<inv:dateDue>2026", b"<inv:dateDue>2020"))
    desk.settle()
    assert desk.documents() == {Place.REVIEW: ["faktura.xml"]}
    assert sandbox.state()["requests"]["total"] == 0


def test_in_the_mode_of_review_everything_waits_for_a_person(make_desk, sandbox):
    desk = make_desk(watching=Watching())
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    assert desk.documents() == {Place.REVIEW: ["faktura.xml"]}
    assert sandbox.state()["requests"]["total"] == 0
    desk.check_invariants()


def test_what_a_person_approves_is_sent(make_desk, sandbox):
    desk = make_desk(watching=Watching())
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    desk.move("faktura.xml", Place.REVIEW, Place.APPROVE)
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"]}
    assert not list(desk.path(Place.REVIEW).glob("*.html"))
    desk.check_invariants()


def test_what_was_never_looked_at_is_not_sent_from_the_folder_to_approve(make_desk, sandbox):
    desk = make_desk(watching=Watching())
    desk.drop("faktura.xml", issued(1), Place.APPROVE)
    desk.settle()
    assert desk.documents() == {Place.REVIEW: ["faktura.xml"]}
    assert sandbox.state()["requests"]["total"] == 0


def test_what_was_changed_after_the_review_is_looked_at_again(make_desk, sandbox):
    desk = make_desk(watching=Watching())
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    desk.only(Place.REVIEW, "faktura.xml").unlink()
    desk.drop("faktura.xml", issued(2), Place.APPROVE)
    desk.settle()
    assert desk.documents() == {Place.REVIEW: ["faktura.xml"]}
    assert sandbox.state()["requests"]["total"] == 0


# Again and again


def test_the_same_bytes_under_another_name_are_a_duplicate(desk, sandbox):
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    desk.drop("kopie.xml", issued(1))
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"], Place.DUPLICATES: ["kopie.xml"]}
    assert "faktura.xml" in desk.page(Place.DUPLICATES, "kopie.xml")
    assert len(sandbox.state()["documents"]["SalesInvoice"]) == 1
    desk.check_invariants()


def test_the_same_document_in_other_bytes_is_a_duplicate(desk, sandbox):
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    desk.drop("jina.xml", issued(1, note="\n<!-- again -->\n"))
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"], Place.DUPLICATES: ["jina.xml"]}
    desk.check_invariants()


def test_two_copies_dropped_together_are_sent_once(desk, sandbox):
    desk.drop("a.xml", issued(1))
    desk.drop("b.xml", issued(1))
    desk.settle()
    assert desk.documents() == {Place.SENT: ["a.xml"], Place.DUPLICATES: ["b.xml"]}
    desk.check_invariants()


def test_a_corrected_file_of_the_same_name_is_sent(desk, sandbox):
    desk.drop("faktura.xml", issued(1).replace(b"</inv:invoice>", b"</inv:wrong>"))
    desk.settle()
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    assert desk.documents() == {Place.REJECTED: ["faktura.xml"], Place.SENT: ["faktura.xml"]}
    desk.check_invariants()


def test_a_rejected_file_that_is_moved_back_is_tried_again(desk, sandbox):
    desk.drop("faktura.xml", issued(1).replace(b"</inv:invoice>", b"</inv:wrong>"))
    desk.settle()
    desk.move("faktura.xml", Place.REJECTED, Place.INBOX)
    desk.settle()
    assert desk.documents() == {Place.REJECTED: ["faktura.xml"]}
    assert "returned" in desk.kinds()
    assert len(desk.rows()) == 1
    desk.check_invariants()


def test_a_sent_file_that_is_moved_back_is_not_sent_again(desk, sandbox):
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    desk.move("faktura.xml", Place.SENT, Place.INBOX)
    desk.settle()
    assert desk.documents() == {Place.DUPLICATES: ["faktura.xml"]}
    assert len(sandbox.state()["documents"]["SalesInvoice"]) == 1
    desk.check_invariants()


def test_a_name_that_is_taken_gets_a_number(desk, sandbox):
    for number in (1, 2, 3):
        desk.drop("faktura.xml", issued(number))
        desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura (2).xml", "faktura (3).xml", "faktura.xml"]}
    desk.check_invariants()


# What belongs together


def test_a_statement_and_its_pdf_go_together(desk, sandbox):
    desk.drop("vypis.pdf", made.pdf("vypis"))
    desk.clock.advance(3)
    desk.look()
    desk.drop("vypis.xml", made.CAMT)
    desk.settle()
    assert desk.documents() == {Place.SENT: ["vypis.pdf", "vypis.xml"]}
    (statement,) = sandbox.state()["statements"]
    assert statement["pdf_file_name"] == "vypis.pdf"
    desk.check_invariants()


def test_to_approve_one_of_two_that_belong_together_sends_both(make_desk, sandbox):
    desk = make_desk(watching=Watching())
    desk.drop("vypis.pdf", made.pdf("vypis"))
    desk.drop("vypis.xml", made.CAMT)
    desk.settle()
    assert desk.documents() == {Place.REVIEW: ["vypis.pdf", "vypis.xml"]}
    desk.move("vypis.xml", Place.REVIEW, Place.APPROVE)
    desk.settle()
    assert desk.documents() == {Place.SENT: ["vypis.pdf", "vypis.xml"]}
    desk.check_invariants()


def test_a_folder_that_is_moved_in_counts_and_keeps_its_shape(desk, sandbox):
    desk.drop("leden/banka/vypis.xml", made.CAMT)
    desk.drop("leden/faktura.xml", issued(1))
    desk.settle()
    month = desk.folder.ground.now.strftime("%Y-%m")
    assert (desk.path(Place.SENT) / month / "leden" / "banka" / "vypis.xml").is_file()
    assert (desk.path(Place.SENT) / month / "leden" / "faktura.xml").is_file()


# The service


def test_while_the_service_is_down_files_wait_and_are_sent_when_it_is_back(desk, sandbox):
    reached = desk.organization
    desk.organization = replace(reached, endpoint="http://127.0.0.1:9/WebServicesCZ/API")
    desk.restart()
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    assert desk.documents() == {Place.INBOX: ["faktura.xml"]}
    assert desk.folder.troubles.now["service"]
    assert "faktura.xml" in (desk.root / "status.html").read_text(encoding="utf-8")
    desk.organization = reached
    desk.restart()
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"]}
    assert desk.kinds().count("service-away") == 1


def test_what_may_have_arrived_waits_in_its_folder_until_a_person_has_looked(desk, sandbox):
    sandbox.add_faults({"fault": "close-after"})
    desk.drop("vypis.xml", made.CAMT)
    desk.settle()
    assert desk.documents() == {Place.UNKNOWN: ["vypis.xml"]}
    assert "efimport journal resolve" in desk.page(Place.UNKNOWN, "vypis.xml")
    (entry,) = [entry for entry in desk.journal.list() if entry.needs_a_person]
    desk.journal.resolve(entry.id, arrived=True)
    desk.settle()
    assert desk.documents() == {Place.SENT: ["vypis.xml"]}
    assert len(sandbox.state()["statements"]) == 1
    desk.check_invariants()


def test_what_a_person_says_did_not_arrive_is_sent_again(desk, sandbox):
    sandbox.add_faults({"fault": "close-before"})
    desk.drop("vypis.xml", made.CAMT)
    desk.settle()
    (entry,) = [entry for entry in desk.journal.list() if entry.needs_a_person]
    desk.journal.resolve(entry.id, arrived=False)
    desk.settle()
    assert desk.documents() == {Place.SENT: ["vypis.xml"]}
    assert len(sandbox.state()["statements"]) == 1


# People


@pytest.mark.parametrize("place", [Place.REVIEW, Place.INBOX])
def test_a_file_that_a_person_takes_away_is_closed_and_comes_back_as_new(place, make_desk, sandbox):
    desk = make_desk(watching=Watching())
    path = desk.drop("faktura.xml", issued(1))
    if place is Place.REVIEW:
        desk.settle()
        path = desk.only(Place.REVIEW, "faktura.xml")
    content = path.read_bytes()
    path.unlink()
    for _ in range(4):
        desk.clock.advance(60)
        desk.look()
    assert desk.documents() == {}
    assert all(row.stage is FileStage.WITHDRAWN for row in desk.rows())
    desk.drop("faktura.xml", content)
    desk.settle()
    assert desk.documents() == {Place.REVIEW: ["faktura.xml"]}
    desk.check_invariants()


def test_an_unfinished_file_is_reported_once_and_stays(desk, sandbox):
    desk.drop("faktura.xml", issued(1)[:-20])
    desk.settle()
    desk.clock.advance(700)
    desk.look()
    desk.clock.advance(700)
    desk.look()
    assert desk.documents() == {Place.INBOX: ["faktura.xml"]}
    assert desk.kinds().count("unfinished") == 1
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"]}


def test_while_something_is_stuck_a_page_in_the_inbox_says_why(desk, sandbox):
    desk.drop("faktura.xml", issued(1)[:-20])
    desk.settle()
    notice = desk.path(Place.INBOX) / "why files stay here.html"
    assert not notice.exists()
    desk.clock.advance(700)
    desk.look()
    assert "faktura.xml" in notice.read_text(encoding="utf-8")
    desk.clock.advance(100)
    desk.look()
    assert notice.exists()
    (desk.path(Place.INBOX) / "faktura.xml").unlink()
    desk.look()
    assert not notice.exists()


def test_a_page_that_is_moved_along_with_its_file_is_removed(desk, sandbox):
    desk.drop("faktura.xml", issued(1).replace(b"</inv:invoice>", b"</inv:wrong>"))
    desk.settle()
    for name in ("faktura.xml", "faktura.html"):
        desk.move(name, Place.REJECTED, Place.INBOX)
    desk.settle()
    assert desk.documents() == {Place.REJECTED: ["faktura.xml"]}
    assert len(list(desk.root.rglob("faktura.html"))) == 1


def test_a_page_that_is_moved_alone_goes_back_to_its_document(make_desk, sandbox):
    desk = make_desk(watching=Watching())
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    desk.move("faktura.html", Place.REVIEW, Place.APPROVE)
    desk.settle()
    assert desk.documents() == {Place.REVIEW: ["faktura.xml"]}
    assert desk.page(Place.REVIEW, "faktura.xml")


def test_a_document_that_was_changed_after_it_was_sent_is_not_called_perhaps_sent(desk, sandbox):
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    desk.drop("oprava.xml", issued(1).replace("Dodávka".encode(), b"Oprava"))
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"], Place.UNKNOWN: ["oprava.xml"]}
    page = desk.page(Place.UNKNOWN, "oprava.xml")
    assert "differs from what was sent before" in page
    assert "createOrUpdate" in page
    assert "Perhaps sent" not in page


# Faults


def test_a_copy_that_the_journal_has_lost_is_taken_again(desk, sandbox):
    desk.watching = Watching()
    desk.restart()
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    (row,) = desk.rows()
    (desk.journal.spool.folder / row.sha256).write_bytes(b"damaged")
    desk.move("faktura.xml", Place.REVIEW, Place.APPROVE)
    desk.settle()
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"]}
    desk.check_invariants()


def test_a_copy_that_is_lost_on_both_disks_is_told(desk, sandbox, monkeypatch):
    fault = NotSentError("The service cannot be reached.")
    monkeypatch.setattr(Batch, "_send", lambda self, plan, chosen: fault)
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    (row,) = desk.rows()
    (desk.journal.spool.folder / row.sha256).unlink()
    monkeypatch.setattr(Ground, "lies_there", lambda self, file: True)
    desk.only(Place.INBOX, "faktura.xml").unlink()
    desk.clock.advance(400)
    desk.look()
    assert [row.stage for row in desk.rows()] == [FileStage.WITHDRAWN]
    assert "trouble" in desk.kinds()


def test_a_wrong_password_is_tried_again_only_after_a_while(desk, sandbox, monkeypatch):
    tried = []
    fault = LoginError("The password is wrong.")
    monkeypatch.setattr(Batch, "_send", lambda self, plan, chosen: tried.append(1) or fault)
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    for _ in range(10):
        desk.clock.advance(60)
        desk.look()
    assert len(tried) == 1
    desk.clock.advance(600)
    desk.look()
    assert len(tried) == 2
    assert desk.kinds().count("trouble") == 1


def test_a_file_that_cannot_be_read_stands_in_nobodys_way(desk, sandbox, monkeypatch):
    def unreadable(path):
        if path.name == "a.xml":
            raise PermissionError(13, "Permission denied")
        return digest_of(path)

    monkeypatch.setattr(taking, "digest_of", unreadable)
    monkeypatch.setattr(portions, "MOST_FILES", 1)
    desk.drop("a.xml", issued(1))
    desk.drop("b.xml", issued(2))
    desk.settle()
    assert desk.documents() == {Place.INBOX: ["a.xml"], Place.SENT: ["b.xml"]}
    monkeypatch.undo()
    desk.clock.advance(60)
    desk.settle()
    assert desk.documents() == {Place.SENT: ["a.xml", "b.xml"]}


def test_a_day_that_is_moved_changes_nothing(desk, sandbox, monkeypatch):
    desk.drop("faktura.xml", issued(1))
    desk.look()
    desk.clock._time -= 86400 * 400
    desk.look()
    assert desk.documents() == {Place.INBOX: ["faktura.xml"]}
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"]}


# Starting again


def test_a_restart_goes_on_where_the_last_one_ended(make_desk, sandbox):
    desk = make_desk(watching=patient(mode="review"))
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    desk.restart()
    desk.move("faktura.xml", Place.REVIEW, Place.APPROVE)
    desk.restart()
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"]}
    desk.check_invariants()


def test_the_folders_have_names_in_the_language_of_the_settings(make_desk, sandbox):
    desk = make_desk(language="cs")
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"]}
    assert desk.path(Place.SENT).name == "odesláno"


def test_a_service_that_stays_away_is_told_once_and_counts_as_a_failure_after_an_hour(desk, sandbox, monkeypatch):
    fault = NotSentError("The service cannot be reached.")
    monkeypatch.setattr(Batch, "_send", lambda self, plan, chosen: fault)
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    for _ in range(20):
        desk.clock.advance(400)
        desk.look()
    assert desk.kinds().count("service-away") == 1
    assert desk.kinds().count("trouble") == 1


def test_many_files_that_wait_for_the_service_do_not_hold_up_new_ones(desk, sandbox, monkeypatch):
    monkeypatch.setattr(portions, "MOST_FILES", 2)
    fault = NotSentError("The service cannot be reached.")
    with monkeypatch.context() as patch:
        patch.setattr(Batch, "_send", lambda self, plan, chosen: fault)
        for number in range(1, 41):
            desk.drop(f"{number}.xml", issued(number))
        desk.settle()
    desk.drop("bad.xml", issued(99).replace(b"</inv:invoice>", b"</inv:wrong>"))
    desk.look()
    desk.clock.advance(400)
    for _ in range(20):
        if Place.REJECTED in desk.documents():
            break
        desk.look()
        desk.clock.advance(1)
    assert desk.documents()[Place.REJECTED] == ["bad.xml"]
    assert desk.documents()[Place.INBOX]


def test_another_program_that_uses_the_journal_is_no_failure_unless_it_lasts(desk, sandbox, monkeypatch):
    def held(*_, **__):
        raise JournalHeldError("The journal is in use by process 1.")

    monkeypatch.setattr(desk.journal, "owned", held)
    desk.drop("faktura.xml", issued(1))
    for _ in range(3):
        desk.clock.advance(10)
        desk.look()
    assert desk.kinds() == ["waiting"]
    for _ in range(20):
        desk.clock.advance(300)
        desk.look()
    assert desk.kinds() == ["waiting", "trouble"]
    monkeypatch.undo()
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"]}
