from __future__ import annotations

import hashlib

import pytest

from tests.sandbox.conftest import ACCOUNT, Caller, Maker, Reply, attribute, camt, encoded, isdoc, nested


def file(content: bytes | str, name: str = "faktura.isdoc", *, day: str = "2024-02-01 12:00:00") -> str:
    data = encoded(content) if isinstance(content, bytes) else content
    date = f"<documentDate>{day}</documentDate>" if day else ""
    named = f"<fileName>{name}</fileName>" if name else ""
    return f'{date}<contents encoding="BASE64">{data}</contents>{named}'


def send(call: Caller, inner: str, *extra: str) -> Reply:
    return call("DocumentInboxImport", *extra, nested("electronicDocument", inner))


CHECK = attribute("checkExisting", "true", "Boolean")
AUTOMATIC = attribute("automaticallyImportDocument", "true")
EVERYWHERE = attribute("allOrganizations", "true")


def test_an_isdoc_invoice_goes_into_the_inbox_without_a_word(call: Caller) -> None:
    reply = send(call, file(isdoc()))
    assert reply.body.endswith(b'<response status="ok"></response>')
    entry = call.state()["inbox"][0]
    assert (entry["document_number"], entry["partner"], entry["document_date"]) == (
        "D-1",
        "Dodavatel s.r.o.",
        "2024-02-01",
    )
    assert entry["sha256"] == [hashlib.sha256(isdoc()).hexdigest()]
    assert (entry["kind"], entry["form"], entry["file_names"]) == ("isdoc", "flat", ["faktura.isdoc"])


@pytest.mark.parametrize(
    ("inner", "form"),
    [
        (f"<Document>{file(isdoc())}</Document>", "wrapped:Document"),
        (f"<List><Entry>{file(isdoc())}</Entry></List>", "wrapped:List/Entry"),
    ],
)
def test_a_file_may_lie_below_wrappers_of_any_name(call: Caller, inner: str, form: str) -> None:
    assert send(call, inner).ok
    assert call.state()["inbox"][0]["form"] == form


def test_a_statement_goes_into_the_inbox_too(call: Caller) -> None:
    assert send(call, file(camt(), "vypis.xml")).ok
    entry = call.state()["inbox"][0]
    assert (entry["kind"], entry["document_number"], entry["account"]) == ("camt053", "S-1", ACCOUNT)


def test_a_visualization_is_kept_with_its_document(call: Caller) -> None:
    picture = nested("documentVisualization", file(b"%PDF-1.7", "faktura.pdf"))
    assert send(call, file(isdoc()), picture).ok
    assert call.state()["inbox"][0]["visualization_sha256"] == hashlib.sha256(b"%PDF-1.7").hexdigest()


REFUSED = {
    "nothing": ("", "Parameter <electronicDocument> cannot parse contents"),
    "no base64": (file("%%%"), "Parameter <electronicDocument> cannot parse contents"),
    "no XML": (file(b"hello"), "Error parsing XML file due to invalid syntax"),
    "another XML": (file(b"<a/>"), "EMU: unknown document type"),
    "no file name": (file(isdoc(), ""), "EMU: electronicDocument: each file needs a fileName"),
    "a date without time": (
        file(isdoc(), day="2024-02-01"),
        "EMU: electronicDocument: documentDate is not YYYY-MM-DD HH:MM:SS",
    ),
    "two files": (
        f"<a>{file(isdoc())}</a><b>{file(isdoc())}</b>",
        "EMU: electronicDocument: exactly one file is expected",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_assumed_a_wrong_file_is_refused(call: Caller, case: str) -> None:
    inner, error = REFUSED[case]
    assert send(call, inner).error == error
    assert call.state()["inbox"] == []


def test_assumed_the_file_is_required(call: Caller) -> None:
    assert call("DocumentInboxImport").error == "Parameter named <electronicDocument> is required."
    assert call("DocumentInboxAddEntry").error == "Parameter named <document> is required."


@pytest.mark.parametrize(("content", "name"), [(isdoc("D-1"), "other.isdoc"), (isdoc("D-2"), "faktura.isdoc")])
def test_documented_check_existing_compares_number_and_file_name(call: Caller, content: bytes, name: str) -> None:
    send(call, file(isdoc("D-1"), "faktura.isdoc"), CHECK)
    assert send(call, file(content, name), CHECK).error == "EMU: document already exists in the inbox"
    assert len(call.state()["inbox"]) == 1


def test_check_existing_lets_another_document_in(call: Caller) -> None:
    send(call, file(isdoc("D-1"), "1.isdoc"), CHECK)
    assert send(call, file(isdoc("D-2"), "2.isdoc"), CHECK).ok


def test_without_check_existing_a_double_shows(call: Caller) -> None:
    send(call, file(isdoc()))
    send(call, file(isdoc()), attribute("checkExisting", "false"))
    assert len(call.state()["inbox"]) == 2


def test_documented_the_receiver_is_looked_up_among_all_organizations(make: Maker) -> None:
    other = {"name": "Druhá s.r.o.", "vat_id": "CZ87654325", "bank_accounts": ["1019382023/0800"]}
    call = make(accounts=[ACCOUNT], other_organizations=[other])
    assert send(call, file(isdoc(customer="CZ87654325"), "1.isdoc"), EVERYWHERE).ok
    assert send(call, file(isdoc(customer="CZ12345679"), "2.isdoc"), EVERYWHERE).ok
    assert send(call, file(camt("CZ0708000000001019382023"), "3.xml"), EVERYWHERE).ok
    assert send(call, file(isdoc(customer="CZ99999999"), "4.isdoc"), EVERYWHERE).error == "EMU: no organization found"
    held = {name: one["inbox"] for name, one in call.state()["organizations"].items()}
    assert {name: [entry["file_names"] for entry in inbox] for name, inbox in held.items()} == {
        "sandbox": [["2.isdoc"]],
        "Druhá s.r.o.": [["1.isdoc"], ["3.xml"]],
    }
    assert {entry["organization"] for entry in held["Druhá s.r.o."]} == {"Druhá s.r.o."}


def test_what_comes_for_another_organization_is_compared_and_imported_there(make: Maker) -> None:
    other = {"name": "Druhá s.r.o.", "vat_id": "CZ87654325", "bank_accounts": ["1019382023/0800"]}
    call = make(accounts=[ACCOUNT], other_organizations=[other])
    for content, name in [(isdoc(customer="CZ87654325"), "1.isdoc"), (camt("CZ0708000000001019382023"), "3.xml")]:
        assert send(call, file(content, name), EVERYWHERE, AUTOMATIC, CHECK).ok
        again = send(call, file(content, name), EVERYWHERE, CHECK)
        assert again.error == "EMU: document already exists in the inbox"
    state = call.state()
    theirs = state["organizations"]["Druhá s.r.o."]
    assert (state["documents"]["ReceivedInvoice"], state["statements"], state["inbox"]) == ([], [], [])
    assert [entry["imported"] for entry in theirs["inbox"]] == ["ReceivedInvoice 55:1", "BankStatement 1"]
    assert [document["number"] for document in theirs["documents"]["ReceivedInvoice"]] == ["D-1"]


def test_assumed_without_all_organizations_nobody_looks_at_the_receiver(call: Caller) -> None:
    assert send(call, file(isdoc(customer="CZ99999999"))).ok


def test_documented_an_invoice_is_imported_automatically(call: Caller) -> None:
    send(call, file(isdoc()), AUTOMATIC)
    state = call.state()
    document = state["documents"]["ReceivedInvoice"][0]
    assert (document["number"], document["partner"], document["total"], document["status"]) == (
        "D-1",
        "Dodavatel s.r.o.",
        "121.00",
        "draft",
    )
    assert state["inbox"][0]["imported"] == "ReceivedInvoice 55:1"


def test_documented_a_statement_is_imported_automatically(call: Caller) -> None:
    send(call, file(camt(), "vypis.xml"), AUTOMATIC)
    assert [(one["number"], one["method"]) for one in call.state()["statements"]] == [(1, "DocumentInboxImport")]


def test_assumed_a_failed_automatic_import_leaves_the_entry(call: Caller) -> None:
    assert send(call, file(camt("CZ5508000000001234567899"), "vypis.xml"), AUTOMATIC).ok
    state = call.state()
    assert (state["statements"], state["inbox"][0]["imported"]) == ([], None)


def test_an_entry_may_hold_files_of_any_kind(call: Caller) -> None:
    files = [file(b"%PDF-1", "a.pdf", day=""), file(b"GIF89a", "b.gif", day="")]
    inner = "<documentDate>2024-02-01 12:00:00</documentDate><Files><File>{}</File><File>{}</File></Files>".format(
        *files
    )
    assert call("DocumentInboxAddEntry", nested("document", inner)).ok
    entry = call.state()["inbox"][0]
    assert (entry["kind"], entry["file_names"], entry["form"]) == ("file", ["a.pdf", "b.gif"], "wrapped:Files/File")
    assert entry["document_date"] == "2024-02-01"


def test_an_entry_may_be_flat(call: Caller) -> None:
    assert call("DocumentInboxAddEntry", nested("document", file(b"%PDF-1", "a.pdf"))).ok
    assert call.state()["inbox"][0]["form"] == "flat"


def test_documented_an_entry_exists_when_date_partner_and_number_match(call: Caller) -> None:
    call("DocumentInboxAddEntry", nested("document", file(isdoc(), "a.isdoc")))
    again = call("DocumentInboxAddEntry", CHECK, nested("document", file(isdoc(), "b.isdoc")))
    other = call("DocumentInboxAddEntry", CHECK, nested("document", file(isdoc("D-2"), "a.isdoc")))
    assert (again.error, other.ok) == ("EMU: document already exists in the inbox", True)


def names(reply: Reply) -> list[str | None]:
    return [node.text for node in reply.root.iter("fileName")]


def test_the_inbox_is_listed_by_number_file_name_and_status(call: Caller) -> None:
    send(call, file(isdoc("D-1"), "prvni.isdoc"))
    send(call, file(isdoc("D-2"), "druha.isdoc"))
    for name, value, found in [
        ("documentNumber", "D-2", ["druha.isdoc"]),
        ("fileName", "prvni", ["prvni.isdoc"]),
        ("status", "Open", ["prvni.isdoc", "druha.isdoc"]),
        ("sequentialNumber", "2", ["druha.isdoc"]),
        ("senderName", "dodavatel", ["prvni.isdoc", "druha.isdoc"]),
        ("dateFrom", "2024-02-02", []),
        ("dateTo", "2024-02-01", ["prvni.isdoc", "druha.isdoc"]),
        ("receivalDateTo", "2020-01-01", []),
    ]:
        assert names(call("DocumentInboxList", attribute(name, value))) == found


def test_the_list_shows_the_documented_fields(call: Caller) -> None:
    send(call, file(isdoc()))
    entry = call("DocumentInboxList").root.find("DocumentInboxEntries/DocumentInboxEntry")
    assert entry.findtext("description") == "D-1 Dodavatel s.r.o."
    assert entry.findtext("senderName") == "Dodavatel s.r.o."
    assert len(entry.findtext("enteredTS")) == len("2021-03-18 08:14:01")


def test_documented_a_wrong_date_is_no_criterion(call: Caller) -> None:
    assert call("DocumentInboxList", attribute("dateFrom", "1.2.2024")).error == "Invalid search value: 1.2.2024"


def test_observed_an_empty_inbox_is_an_error(make: Maker) -> None:
    assert make(mode="observed")("DocumentInboxList").error == "noDocumentsFound"


def test_an_entry_keeps_what_was_sent_with_it(call: Caller) -> None:
    picture = nested("documentVisualization", file(b"%PDF-1.7", "faktura.pdf", day="2024-02-02 00:00:00"))
    assert send(call, file(isdoc(), day="2024-02-01 00:00:00"), CHECK, AUTOMATIC, picture).ok
    (entry,) = call.state()["inbox"]
    assert entry["sent_dates"] == ["2024-02-01 00:00:00"]
    assert (entry["visualization_name"], entry["visualization_date"]) == ("faktura.pdf", "2024-02-02 00:00:00")
    assert entry["asked"] == {"checkExisting": "true", "automaticallyImportDocument": "true"}


def test_an_entry_of_several_files_keeps_them_all(call: Caller) -> None:
    one, two = file(b"\xff\xd8\xff", "sken.jpg", day=""), file(b"%PDF-1.7", "sken.pdf", day="")
    listed = f"<Attachments><Attachment>{one}</Attachment><Attachment>{two}</Attachment></Attachments>"
    inner = f"<documentDate>2024-02-01 00:00:00</documentDate>{listed}"
    assert call("DocumentInboxAddEntry", nested("document", inner)).ok
    (entry,) = call.state()["inbox"]
    assert entry["file_names"] == ["sken.jpg", "sken.pdf"]
    assert entry["sha256"] == [hashlib.sha256(content).hexdigest() for content in (b"\xff\xd8\xff", b"%PDF-1.7")]
    assert entry["sent_dates"] == ["2024-02-01 00:00:00"] * 2
    assert (entry["form"], entry["document_date"]) == ("wrapped:Attachments/Attachment", "2024-02-01")
    assert names(call("DocumentInboxList", attribute("fileName", "sken.pdf"))) == ["sken.jpg", "sken.pdf"]
