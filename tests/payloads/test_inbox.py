"""The document inbox: what is asked of it, pictures, and entries of several files."""

from __future__ import annotations

import datetime as dt
import hashlib

import msgspec
import pytest

from efimport.api import catalogue, wire
from efimport.api.call import File, Files
from efimport.documents import Attachment, Kind
from efimport.payloads import route, takes_picture
from efimport.payloads.target import Target
from efimport.settings import InboxChoices

PDF = Attachment(name="smlouva.pdf", content=b"%PDF-1.7 x", media_type="application/pdf", visualization=True)
SCAN = Attachment(name="sken.jpg", content=b"\xff\xd8\xff")
CZ = Target()
MIDNIGHT = dt.datetime.combine(dt.date(2026, 1, 15), dt.time())


def asking(**choices):
    return Target(inbox=InboxChoices(**choices))


def sha(content):
    return hashlib.sha256(content).hexdigest()


def told(routed):
    """The parameters of the call without its files."""
    found = {one.name: one.value for one in routed.call if not isinstance(one.value, File | Files)}
    return {name: value.value for name, value in found.items()}


def codes(routed):
    return [found.code for found in routed.findings]


# What the settings ask for


def test_nothing_but_the_check_is_asked_for_unasked(invented):
    document = invented.invoice(kind=Kind.RECEIVED_INVOICE)
    assert told(route(document, CZ)) == {"checkExisting": True}
    assert told(route(invented.file(), CZ)) == {"checkExisting": True}


def test_what_is_asked_for_stands_in_the_order_of_the_reference(invented):
    document = invented.invoice(kind=Kind.RECEIVED_INVOICE, attachments=(PDF,))
    routed = route(document, asking(check_existing=False, all_organizations=True, automatically_import=True))
    assert [one.name for one in routed.call] == [one.name for one in catalogue.method("DocumentInboxImport").parameters]
    assert told(routed) == {"checkExisting": False, "allOrganizations": True, "automaticallyImportDocument": True}
    assert routed.effects == ("effect.imports-automatically",)


AUTOMATIC = [
    (Kind.RECEIVED_INVOICE, True),
    (Kind.RECEIVED_CREDIT_NOTE, False),
    (Kind.RECEIVED_DEBIT_NOTE, False),
    (Kind.RECEIVED_ADVANCE_INVOICE, False),
    (Kind.TAX_DOCUMENT_ON_PAYMENT, False),
]


@pytest.mark.parametrize("form", ["isdoc", "pohoda"])
@pytest.mark.parametrize(("kind", "imported"), AUTOMATIC)
def test_only_received_invoices_are_imported_by_the_service_itself(invented, kind, imported, form):
    routed = route(invented.invoice(kind=kind, format=form), asking(automatically_import=True))
    assert ("automaticallyImportDocument" in routed.call) == imported
    assert routed.effects == (("effect.imports-automatically",) if imported else ())


def test_statements_are_imported_by_the_service_itself(invented):
    target = msgspec.structs.replace(asking(automatically_import=True), statements_as="inbox")
    assert route(invented.statement(format="camt053"), target).call["automaticallyImportDocument"].value is True


def test_a_file_that_nobody_has_read_is_not_imported_by_itself(invented):
    routed = route(invented.file(), asking(automatically_import=True, all_organizations=True))
    assert told(routed) == {"checkExisting": True}


@pytest.mark.parametrize(("checked", "repeat"), [(True, "checkable"), (False, "blind")])
def test_without_the_check_a_repeat_cannot_be_told(invented, checked, repeat):
    for document in (invented.invoice(kind=Kind.RECEIVED_INVOICE), invented.file()):
        call = route(document, asking(check_existing=checked)).call
        assert catalogue.method(call.method).repeat_of(call) == repeat


def test_the_day_of_the_document_goes_with_the_document_and_its_picture(invented):
    call = route(invented.invoice(kind=Kind.RECEIVED_INVOICE, attachments=(PDF,)), CZ).call
    for name in ("electronicDocument", "documentVisualization"):
        assert call[name].document_date == MIDNIGHT


def test_the_day_of_a_file_goes_with_it_where_it_is_known(invented):
    assert route(invented.file(date=invented.DAY), CZ).call["document"].document_date == MIDNIGHT
    assert route(invented.file(), CZ).call["document"].document_date is None


@pytest.mark.parametrize(
    ("kind", "received_as", "takes"),
    [
        (Kind.RECEIVED_INVOICE, "inbox", True),
        (Kind.RECEIVED_INVOICE, "create", False),
        (Kind.RECEIVED_DEBIT_NOTE, "create", True),
        (Kind.ISSUED_INVOICE, "inbox", False),
    ],
)
def test_the_inbox_and_the_bank_take_pictures_and_nothing_else(invented, kind, received_as, takes):
    assert takes_picture(invented.invoice(kind=kind), Target(received_as=received_as)) is takes
    assert takes_picture(invented.statement(), CZ)


@pytest.mark.parametrize(("form", "converted"), [("isdoc", False), ("pohoda", True), ("spreadsheet", True)])
def test_what_is_no_electronic_document_is_written_as_one(invented, form, converted):
    document = invented.invoice(kind=Kind.RECEIVED_INVOICE, format=form, content=b"obsah")
    routed = route(document, CZ)
    assert (routed.call["electronicDocument"].content != b"obsah") == converted
    assert ("payload.converted" in codes(routed)) == converted


# Several files


def several(invented, **fields):
    return invented.file("in/sken.pdf", content=b"%PDF", attachments=(SCAN,), **fields)


def test_files_that_belong_together_are_one_entry(invented):
    routed = route(several(invented, date=invented.DAY), CZ)
    files = routed.call["document"]
    assert [(one.name, one.content) for one in files.files] == [
        (f"sken-{sha(b'%PDF')[:8]}.pdf", b"%PDF"),
        (f"sken-{sha(SCAN.content)[:8]}.jpg", SCAN.content),
    ]
    assert files.document_date == MIDNIGHT
    assert (routed.identity, routed.file_name) == (sha(b"%PDF"), files.files[0].name)
    assert codes(routed) == []


def test_the_two_levels_around_several_files_are_those_of_attachments_or_of_the_settings(invented):
    for target, names in [(CZ, ("Attachments", "Attachment")), (asking(list_element="a", entry_element="b"), "ab")]:
        body = wire.encode(route(several(invented), target).call).decode()
        listed, entry = names
        assert body.count(f"<{entry}>") == 2
        assert body.count(f"<{listed}>") == 1


def test_an_entry_with_another_file_beside_it_is_not_the_same(invented):
    alone = route(invented.file("in/sken.pdf", content=b"%PDF"), CZ)
    both = route(several(invented), CZ)
    assert alone.identity == both.identity
    assert alone.substance != both.substance


def test_the_same_content_is_in_an_entry_once(invented):
    document = invented.file(content=b"%PDF", attachments=(Attachment(name="kopie.pdf", content=b"%PDF"), SCAN, SCAN))
    assert len(route(document, CZ).call["document"].files) == 2
    same = invented.file(content=b"%PDF", attachments=(Attachment(name="kopie.pdf", content=b"%PDF"),))
    assert isinstance(route(same, CZ).call["document"], File)


def test_each_file_goes_by_itself_where_the_settings_say_so_and_the_rest_is_told(invented):
    routed = route(several(invented), asking(group_files=False))
    assert isinstance(routed.call["document"], File)
    assert codes(routed) == ["payload.attachments-not-carried"]


@pytest.mark.parametrize("form", ["pohoda", "spreadsheet", "json"])
def test_a_received_document_of_another_format_is_converted(invented, form):
    routed = route(invented.invoice(kind=Kind.RECEIVED_INVOICE, format=form, content=b"1;2"), CZ)
    assert b"<Invoice" in routed.call["electronicDocument"].content
    assert "payload.converted" in [found.code for found in routed.findings]


@pytest.mark.parametrize(("site", "told"), [("CZ", False), ("SI", True), ("HR", True)])
def test_a_site_that_does_not_name_isdoc_is_told(invented, site, told):
    routed = route(invented.invoice(kind=Kind.RECEIVED_INVOICE), Target(site=site))
    assert routed.call.method == "DocumentInboxImport"
    assert [found.code for found in routed.findings] == ["payload.element-undocumented"] * told
