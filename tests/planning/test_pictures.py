"""PDFs that picture another file, and files of one name that are one entry of the inbox."""

from __future__ import annotations

import io
import unicodedata
import zipfile

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.api.call import Files
from efimport.findings import Severity
from efimport.payloads.conversion import as_isdoc
from efimport.planning.build import Options, build_plan
from efimport.planning.names import file_name
from efimport.settings import InboxChoices, ReceivedBooking
from efimport.sources import Source

JPEG, PNG = b"\xff\xd8\xff\xe0 obraz", b"\x89PNG\r\n\x1a\n obraz"
UBL = (
    b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
    b'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"><cbc:ID>F1</cbc:ID>'
    b"<cbc:IssueDate>2026-01-15</cbc:IssueDate></Invoice>"
)


@pytest.fixture(scope="module")
def isdoc(invented):
    """An ISDOC file of a received invoice, or of one that we issued."""

    def made(number="260015", kind="received-invoice"):
        content, _ = as_isdoc(invented.invoice(kind=kind, number=number, variable_symbol="15"), own())
        return content

    def own():
        from efimport.formats.reading import Own

        return Own(registration_number=invented.OUR_NUMBER, vat_id=f"CZ{invented.OUR_NUMBER}")

    return made


def zipped(contents):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return stream.getvalue()


def sent(plan):
    """Methods, and the names of the files that each call brings besides its document."""
    found = []
    for call in plan.calls:
        pictured = any(name in call.call for name in ("documentVisualization", "pdfStatementData"))
        found.append((call.call.method, len(call.documents), pictured))
    return found


def told(plan):
    """Codes of the pairing by file name."""
    return {
        source.path.replace("!", "/").rpartition("/")[2]: [
            found.code
            for planned in source.documents
            for found in planned.findings
            if found.code.startswith("routing.")
        ]
        for source in plan.sources
    }


INBOX, ENTRY, BANK = "DocumentInboxImport", "DocumentInboxAddEntry", "BankStatementImport"


# Pictures


NAMES = [
    ("faktura.isdoc", "faktura.pdf"),
    ("faktura.isdoc", "FAKTURA.PDF"),
    ("faktura.isdoc", "faktura.isdoc.pdf"),
    ("faktura.isdoc", "faktura-isdoc.pdf"),
    ("faktura.xml", "faktura.isdoc.pdf"),
    ("faktura.isdoc.xml", "faktura.isdoc.pdf"),
    ("Účtenka č. 1.isdoc", unicodedata.normalize("NFD", "účtenka č. 1.pdf")),
    ("Pozor!.isdoc", "Pozor!.pdf"),
    ("faktura 1.2026.isdoc", "faktura 1.2026.pdf"),
]


@pytest.mark.parametrize(("document", "picture"), NAMES)
def test_a_pdf_of_the_same_name_is_the_picture_of_an_e_invoice(files, isdoc, document, picture):
    plan = files.plan({document: isdoc(), picture: files.pdf()})
    assert sent(plan) == [(INBOX, 2, True)]
    assert plan.calls[0].call["documentVisualization"].content == files.pdf()
    assert ["routing.pdf-paired"] in told(plan).values()


@pytest.mark.parametrize(("document", "picture"), [*NAMES[:5], NAMES[6], NAMES[8]])
def test_pictures_pair_inside_an_archive(files, isdoc, document, picture):
    plan = files.plan({"a.zip": zipped({document: isdoc(), picture: files.pdf()})})
    assert sent(plan) == [(INBOX, 2, True)]


@pytest.mark.parametrize("picture", ["vypis.gpc.pdf", "vypis.pdf", "VYPIS.GPC.PDF"])
def test_a_pdf_may_bear_the_whole_name_of_its_statement(files, picture):
    plan = files.plan({"vypis.gpc": files.gpc(), picture: files.pdf()})
    assert sent(plan) == [(BANK, 2, True)]


def test_the_whole_name_says_more_than_the_stem(files, isdoc):
    """The statement and the invoice have one stem; the name of the PDF says which of them it pictures."""
    plan = files.plan({"a.gpc": files.gpc(), "a.isdoc": isdoc(), "a.isdoc.pdf": files.pdf()})
    assert sent(plan) == [(INBOX, 2, True), (BANK, 1, False)]


def test_of_two_pdfs_the_one_with_the_whole_name_is_the_picture(files, isdoc):
    plan = files.plan({"a.isdoc": isdoc(), "a.pdf": files.pdf("1"), "a.isdoc.pdf": files.pdf("2")})
    assert sent(plan) == [(INBOX, 2, True), (ENTRY, 1, False)]
    assert plan.calls[0].call["documentVisualization"].content == files.pdf("2")
    assert told(plan) == {"a.isdoc": [], "a.pdf": ["routing.pdf-ambiguous"], "a.isdoc.pdf": ["routing.pdf-paired"]}


def test_a_pdf_of_two_documents_of_its_name_goes_alone_and_names_them(files, isdoc):
    plan = files.plan({"a.gpc": files.gpc(), "a.isdoc": isdoc(), "a.pdf": files.pdf()})
    assert sent(plan) == [(INBOX, 1, False), (ENTRY, 1, False), (BANK, 1, False)]
    (found,) = [one for one in plan.findings if one.code == "routing.pdf-ambiguous"]
    assert "a.gpc" in found.message
    assert "a.isdoc" in found.message


def test_two_pdfs_of_one_name_go_alone(files, isdoc):
    plan = files.plan({"a.isdoc": isdoc(), "a.pdf": files.pdf("1"), "A.PDF": files.pdf("2")})
    assert sent(plan) == [(INBOX, 1, False), (ENTRY, 1, False), (ENTRY, 1, False)]
    assert told(plan)["a.pdf"] == told(plan)["A.PDF"] == ["routing.pdf-ambiguous"]


def test_folders_that_differ_in_capitals_are_two_folders(files, isdoc):
    plan = files.plan({"A/a.isdoc": isdoc(), "a/a.pdf": files.pdf()})
    assert sent(plan) == [(INBOX, 1, False), (ENTRY, 1, False)]


def test_a_statement_in_two_forms_has_its_picture_whichever_is_sent(files, invented):
    from efimport.formats.camt.write import write_camt

    (statement,) = [
        planned.document for source in files.plan({"v.gpc": files.gpc()}).sources for planned in source.documents
    ]
    plan = files.plan({"v.gpc": files.gpc(), "v.xml": write_camt([statement]), "v.pdf": files.pdf()})
    assert sent(plan) == [(BANK, 3, True)]
    assert told(plan)["v.pdf"] == ["routing.pdf-paired"]


def test_a_received_pohoda_document_has_its_picture(files):
    plan = files.plan({"a.xml": files.pack("1", kind="receivedInvoice"), "a.pdf": files.pdf()})
    assert sent(plan) == [(INBOX, 2, True)]


BOOKED = {"received_as": "create", "received": ReceivedBooking(account="518000", supplier_codes={"25596641": "1"})}


def test_where_the_call_has_no_place_for_it_the_pdf_goes_alone_and_says_so(files, isdoc):
    organization = msgspec.structs.replace(files.ACME, **BOOKED)
    for plan in (
        files.plan({"a.isdoc": isdoc(kind="issued-invoice"), "a.pdf": files.pdf()}),
        files.plan({"a.isdoc": isdoc(), "a.pdf": files.pdf()}, organization),
    ):
        assert (ENTRY, 1, False) in sent(plan)
        assert told(plan)["a.pdf"] == ["routing.pdf-alone"]
        (found,) = [one for one in plan.findings if one.code == "routing.pdf-alone"]
        assert "a.isdoc" in found.message


def test_a_damaged_pdf_does_not_spoil_its_statement(files):
    plan = files.plan({"v.gpc": files.gpc(), "v.pdf": files.pdf()[:300]})
    assert sent(plan) == [(BANK, 1, False)]
    (document,) = plan.sources[1].documents
    assert document.call is None
    assert any(found.severity is Severity.ERROR for found in document.findings)


def test_a_pdf_that_the_document_brings_itself_is_its_picture_once(files, isdoc):
    manifest = (
        b'<manifest xmlns="http://isdoc.cz/namespace/2013/manifest"><maindocument filename="a.isdoc"/></manifest>'
    )
    packed = zipped({"manifest.xml": manifest, "a.isdoc": isdoc(), "a.pdf": files.pdf()})
    plan = files.plan({"a.isdocx": packed, "a.pdf": files.pdf()})
    assert sent(plan) == [(INBOX, 2, True)]
    assert "payload.attachments-not-carried" not in [found.code for found in plan.findings]


def test_a_name_is_cut_into_folder_and_stem():
    assert file_name("a/B.zip!c/Účet.PDF") == ("a/B.zip!c/", "účet.pdf", "účet", ".pdf")
    assert file_name("a\\b\\c.d.e") == ("a/b/", "c.d.e", "c.d", ".e")
    assert file_name("bez") == ("", "bez", "bez", "")


# Entries of several files


def entries(plan):
    """The file names of each entry of the inbox, without the digests in them."""
    found = []
    for call in plan.calls:
        if call.call.method == ENTRY:
            value = call.call["document"]
            names = [one.name for one in value.files] if isinstance(value, Files) else [value.name]
            found.append([f"{name.rpartition('-')[0]}.{name.rpartition('.')[2]}" for name in names])
    return found


def test_files_that_differ_in_the_ending_alone_are_one_entry(files):
    plan = files.plan({"sken.jpg": JPEG, "sken.pdf": files.pdf(), "jiny.png": PNG})
    assert sorted(entries(plan)) == [["jiny.png"], ["sken.pdf", "sken.jpg"]]
    assert told(plan) == {"sken.jpg": ["routing.one-entry"], "sken.pdf": ["routing.one-entry"], "jiny.png": []}
    for found in plan.findings:
        assert "sken.jpg" in found.message
        assert "sken.pdf" in found.message
    assert all(planned.call for source in plan.sources for planned in source.documents)


def test_an_e_invoice_leads_its_entry(files):
    plan = files.plan({"f.pdf": files.pdf(), "f.xml": UBL, "f.png": PNG})
    assert entries(plan) == [["f.xml", "f.pdf", "f.png"]]
    assert plan.calls[0].call["document"].document_date.date().isoformat() == "2026-01-15"


APART = [
    ("numbered pages", {"sken-1.jpg": JPEG, "sken-2.png": PNG}),
    ("another folder", {"a/sken.jpg": JPEG, "b/sken.png": PNG}),
    ("one ending twice", {"sken.jpg": JPEG, "sken.JPG": PNG}),
]


@pytest.mark.parametrize(("why", "contents"), APART)
def test_a_weaker_sign_puts_nothing_together(files, why, contents):
    plan = files.plan(contents)
    assert [len(names) for names in entries(plan)] == [1, 1]


def test_nothing_is_put_together_where_the_settings_say_so(files):
    organization = msgspec.structs.replace(files.ACME, inbox=InboxChoices(group_files=False))
    plan = files.plan({"sken.jpg": JPEG, "sken.png": PNG}, organization)
    assert [len(names) for names in entries(plan)] == [1, 1]


def test_files_inside_an_archive_are_one_entry(files):
    plan = files.plan({"a.zip": zipped({"x/sken.jpg": JPEG, "x/sken.png": PNG})})
    assert entries(plan) == [["sken.jpg", "sken.png"]]


def test_copies_of_an_entry_are_sent_once(files):
    contents = {"sken.jpg": JPEG, "sken.png": PNG}
    plan = files.plan(contents | {f"kopie/{name}": content for name, content in contents.items()})
    assert entries(plan) == [["sken.jpg", "sken.png"]]
    assert len(plan.calls[0].documents) == 4


@pytest.mark.parametrize("copy", ["a.jpg", "z.jpg"])
def test_a_copy_of_one_file_of_an_entry_is_not_sent_again(files, copy):
    plan = files.plan({"sken.jpg": JPEG, "sken.png": PNG, copy: JPEG})
    assert entries(plan) == [["sken.jpg", "sken.png"]]
    assert told(plan)[copy] == ["routing.already-sent"]
    assert len(plan.calls[0].documents) == 3


def test_a_file_that_would_belong_to_two_entries_puts_nothing_together(files):
    plan = files.plan({"a/sken.jpg": JPEG, "a/sken.png": PNG, "b/sken.jpg": JPEG, "b/sken.gif": b"GIF89a"})
    assert sorted(map(len, entries(plan))) == [1, 1, 1]


def test_a_file_with_a_fault_goes_nowhere_and_the_others_go(files):
    plan = files.plan({"sken.pdf": files.pdf()[:200], "sken.png": PNG})
    assert entries(plan) == [["sken.png"]]


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "a/", "A/"]),
            st.sampled_from(["f", "F", "f.isdoc", "f-isdoc", "g"]),
            st.sampled_from([".isdoc", ".pdf", ".PDF", ".gpc", ".jpg", ".png", ".xml"]),
            st.integers(0, 6),
        ),
        max_size=6,
        unique_by=lambda one: one[:3],
    )
)
def test_every_file_ends_in_exactly_one_place(files, isdoc, chosen):
    pool = [isdoc(), isdoc("260016"), isdoc(kind="issued-invoice"), files.pdf(), files.pdf("2"), JPEG, files.gpc()]
    sources = [Source(f"{folder}{stem}{ending}", pool[index]) for folder, stem, ending, index in chosen]
    plan = build_plan(sources, files.ACME, Options(today=files.TODAY))
    for place, source in enumerate(plan.sources):
        for index, planned in enumerate(source.documents):
            carrying = [call.id for call in plan.calls if (place, index) in call.documents]
            assert carrying == ([planned.call] if planned.call else [])
            assert planned.call or any(found.is_error or found.code in ALONG for found in planned.findings)
    going = {pool[index] for (*_, index), source in zip(chosen, plan.sources, strict=True) if _goes(source)}
    carried = {content for call in plan.calls for content in _contents(call.call)}
    assert len(carried) == len(going)


ALONG = ("routing.pdf-paired", "routing.one-entry")
"""What a file says that would have gone along with a document that is held back."""


def _goes(source):
    return any(planned.call for planned in source.documents)


def _contents(call):
    """The bytes that a call brings; of an issued invoice its number stands for them."""
    for parameter in call:
        value = parameter.value
        if isinstance(value, Files):
            yield from (one.content for one in value.files)
        elif hasattr(value, "content"):
            yield value.content
        elif parameter.name == "SalesInvoice":
            yield b"issued"
