"""Documents that go as they are: POHODA packs, e-invoices, pictures, statements."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import efimport
from efimport.documents import Attachment, BankAccount, Invoice, Kind, Party
from efimport.formats.reading import Own
from efimport.payloads import NAMES, ROUTES, route
from efimport.payloads.inbox import unique_name
from efimport.payloads.target import Routed, Target
from efimport.settings import Organization

OWN = Own(registration_number="12345679", vat_id="CZ12345679")
CZ, SI, HR = Target(own=OWN), Target(site="SI"), Target(site="HR")
PDF = Attachment(name="vypis.pdf", content=b"%PDF-1.7 x", media_type="application/pdf", visualization=True)


def codes(routed):
    return [found.code for found in routed.findings]


def sha(content):
    return hashlib.sha256(content).hexdigest()


# Routing


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        (Kind.ISSUED_INVOICE, "SalesInvoiceImport"),
        (Kind.ISSUED_CREDIT_NOTE, "CreditNoteImport"),
        (Kind.ISSUED_ADVANCE_INVOICE, "AdvanceInvoiceImport"),
        (Kind.RECEIVED_INVOICE, "DocumentInboxImport"),
        (Kind.RECEIVED_CREDIT_NOTE, "DocumentInboxImport"),
        (Kind.RECEIVED_DEBIT_NOTE, "DocumentInboxImport"),
        (Kind.RECEIVED_ADVANCE_INVOICE, "DocumentInboxImport"),
        (Kind.TAX_DOCUMENT_ON_PAYMENT, "DocumentInboxImport"),
    ],
)
@pytest.mark.parametrize("form", ["isdoc", "pohoda"])
def test_each_kind_of_invoice_has_its_call(invented, kind, method, form):
    assert route(invented.invoice(kind=kind, format=form), CZ).call.method == method


@pytest.mark.parametrize("kind", [Kind.ISSUED_PROFORMA, Kind.RECEIVABLE, Kind.COMMITMENT])
def test_a_kind_that_no_call_takes_is_named(invented, kind):
    routed = route(invented.invoice(kind=kind, format="pohoda"), CZ)
    assert codes(routed) == ["routing.no-call"]
    assert routed.findings[0].message.arguments["kind"] == NAMES[kind]


def test_another_agenda_is_named_in_its_own_words(invented):
    routed = route(invented.file(kind=Kind.OTHER, name="voucher"), CZ)
    assert codes(routed) == ["routing.no-call"]
    assert "voucher" in routed.findings[0].message


def test_every_kind_has_a_route():
    assert {kind for line in ROUTES for kind in line.kinds} == set(Kind)


def test_our_own_tax_document_on_payment_has_no_call(invented):
    ours = invented.invoice(kind=Kind.TAX_DOCUMENT_ON_PAYMENT, supplier=invented.US)
    assert codes(route(ours, CZ)) == ["routing.no-call"]


def test_a_call_that_the_reference_forbids_is_told_with_the_reason(invented):
    routed = route(invented.invoice(), Target(import_type="overwrite"))
    assert codes(routed) == ["routing.call-not-possible"]
    assert "importType" in routed.findings[0].message


# POHODA


def test_a_pack_goes_as_it_is(invented):
    routed = route(invented.invoice(format="pohoda", content=b"<dat/>"), CZ)
    assert [parameter.name for parameter in routed.call] == ["importType", "dataFormat", "base64data"]
    assert routed.call["dataFormat"].value == "POHODA"
    assert routed.call["base64data"].content == b"<dat/>"
    assert routed.identity == "2026001"


def test_a_pack_with_stock_items_moves_the_stock(invented):
    stocked = invented.invoice(format="pohoda", lines=(invented.line(stock_item=True),))
    assert route(stocked, CZ).effects == ("effect.issues-document", "effect.moves-stock")
    assert route(invented.invoice(format="pohoda"), CZ).effects == ("effect.issues-document",)


def test_other_sites_do_not_read_pohoda(invented):
    assert codes(route(invented.invoice(format="pohoda"), SI)) == ["routing.site-lacks-format"]


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("invoice.no-number", {"number": None}),
        ("routing.cancelled", {"cancelled": True}),
        ("routing.no-content", {"content": b""}),
    ],
)
def test_a_pack_that_cannot_be_sent_is_refused(invented, code, fields):
    assert codes(route(invented.invoice(format="pohoda", **fields), CZ)) == [code]


# The document inbox


def test_an_e_invoice_goes_byte_for_byte_with_its_picture(invented):
    document = invented.invoice("in/faktura.isdocx", kind=Kind.RECEIVED_INVOICE, content=b"<I/>", attachments=(PDF,))
    routed = route(document, CZ)
    file = routed.call["electronicDocument"]
    assert [parameter.name for parameter in routed.call] == [
        "checkExisting", "electronicDocument", "documentVisualization",
    ]  # fmt: skip
    assert routed.call["checkExisting"].value is True
    assert (file.content, file.name) == (b"<I/>", f"faktura-{sha(b'<I/>')[:8]}.isdoc")
    assert routed.call["documentVisualization"].content == PDF.content
    assert (routed.identity, routed.file_name, routed.pictured) == (sha(b"<I/>"), file.name, True)


def test_a_supplement_is_no_picture(invented):
    supplement = msgspec.structs.replace(PDF, visualization=False)
    routed = route(invented.invoice(kind=Kind.RECEIVED_INVOICE, attachments=(supplement,)), CZ)
    assert "documentVisualization" not in routed.call


def test_files_that_do_not_go_along_are_said(invented):
    supplement = msgspec.structs.replace(PDF, name="a.txt", visualization=False)
    (found,) = route(invented.invoice(kind=Kind.RECEIVED_INVOICE, attachments=(PDF, supplement)), CZ).findings
    assert found.code == "payload.attachments-not-carried"
    assert "The 1 attached" in str(found.message)


def test_files_inside_the_pdf_that_goes_along_are_not_missing(invented):
    supplement = msgspec.structs.replace(PDF, name="a.txt", visualization=False)
    invoice = invented.invoice(kind=Kind.RECEIVED_INVOICE, attachments=(PDF, supplement))
    origin = msgspec.structs.replace(invoice.origin, path="in/vypis.pdf!invoice.isdoc")
    assert codes(route(msgspec.structs.replace(invoice, origin=origin), CZ)) == []


def test_the_wrapper_of_the_settings_is_used(invented):
    routed = route(invented.invoice(kind=Kind.RECEIVED_INVOICE), Target(inbox_wrapper="document"))
    assert routed.call["electronicDocument"].wrapper == "document"


@pytest.mark.parametrize(
    ("code", "fields"), [("routing.no-content", {"content": b""}), ("routing.cancelled", {"cancelled": True})]
)
def test_an_e_invoice_that_cannot_be_sent_is_refused(invented, code, fields):
    assert codes(route(invented.invoice(kind=Kind.RECEIVED_INVOICE, **fields), CZ)) == [code]


def received(invented, **fields):
    return invented.invoice("prijate.xml", kind=Kind.RECEIVED_INVOICE, format="pohoda", **fields)


def test_a_received_pohoda_document_is_converted_and_that_is_said(invented):
    routed = route(received(invented), CZ)
    assert routed.call.method == "DocumentInboxImport"
    assert codes(routed) == ["payload.converted"]
    assert b"http://isdoc.cz/namespace/2013" in routed.call["electronicDocument"].content
    assert routed.file_name.startswith("2026001-")
    assert routed.file_name.endswith(".isdoc")


def test_what_is_converted_is_known_by_its_supplier_and_number(invented):
    one, other = received(invented), received(invented, text="jinak napsáno")
    assert route(one, CZ).identity == route(other, CZ).identity == "25596641 received-invoice 2026001"
    assert route(one, CZ).substance != route(other, CZ).substance


def test_a_converted_document_is_addressed_to_us(invented):
    content = route(received(invented, customer=None), CZ).call["electronicDocument"].content.decode()
    customer = content[content.index("<AccountingCustomerParty>") :]
    assert "<ID>12345679</ID>" in customer
    assert "CZ12345679" in customer


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("invoice.no-number", {"number": None}),
        ("payload.no-date", {"date": None}),
        ("routing.cancelled", {"cancelled": True}),
    ],
)
def test_what_cannot_be_converted_is_refused(invented, code, fields):
    assert codes(route(received(invented, **fields), CZ)) == [code]


def test_a_file_goes_to_the_inbox_as_it_is(invented):
    routed = route(invented.file("in/účet za oběd.pdf", content=b"%PDF"), CZ)
    assert routed.call.method == "DocumentInboxAddEntry"
    assert [parameter.name for parameter in routed.call] == ["checkExisting", "document"]
    assert routed.file_name == f"účet za oběd-{sha(b'%PDF')[:8]}.pdf"
    assert routed.identity == sha(b"%PDF")


def test_a_file_without_bytes_is_refused(invented):
    assert codes(route(invented.file(content=b""), CZ)) == ["routing.no-content"]


def test_two_files_of_one_name_have_two_names_in_the_inbox():
    assert unique_name("a.pdf", b"1") != unique_name("a.pdf", b"2")


@given(st.text(max_size=40), st.binary(max_size=5))
def test_a_name_in_the_inbox_is_a_plain_file_name(name, content):
    made = unique_name(name, content)
    assert made
    assert not set(made) & set('/\\:*?"<>|\n\r\t\0\u202e')
    assert sha(content)[:8] in made


# Statements


def test_a_statement_goes_as_the_file_holds_it(invented):
    routed = route(invented.statement(content=b"074"), CZ)
    assert [parameter.name for parameter in routed.call] == ["IBAN", "type", "statementData"]
    assert (routed.call["IBAN"].value, routed.call["type"].value) == (invented.OUR_IBAN, "AboGpc")
    assert routed.call["statementData"].content == b"074"
    assert routed.identity == f"{invented.OUR_IBAN} 1 2026-01-01..2026-01-31"


def test_the_picture_of_a_statement_goes_with_its_name(invented):
    routed = route(invented.statement(attachments=(PDF,)), CZ)
    assert routed.call["pdfStatementData"].content == PDF.content
    assert routed.call["pdfStatementFileName"].value == "vypis.pdf"


@pytest.mark.parametrize(("form", "kind"), [("camt053", "CbaXml"), ("gpc", "AboGpc"), ("mt940", "SwiftMulticashSta")])
def test_the_type_follows_the_format(invented, form, kind):
    assert route(invented.statement(format=form), CZ).call["type"].value == kind


def test_a_statement_without_a_type_of_its_own_goes_as_cba_xml(invented):
    routed = route(invented.statement(format="spreadsheet"), CZ)
    assert routed.call["type"].value == "CbaXml"
    assert codes(routed) == ["payload.converted-statement"]
    (read,) = efimport.read(routed.call["statementData"].content)
    assert (read.opening, read.closing, [entry.amount for entry in read.entries]) == (100, 150, [80, -30])
    assert read.account.iban == routed.call["IBAN"].value


def test_a_converted_statement_is_in_the_currency_of_the_country_where_it_names_none(invented):
    routed = route(invented.statement(format="spreadsheet", currency=None), CZ)
    (read,) = efimport.read(routed.call["statementData"].content)
    assert read.currency == "CZK"


def test_the_currency_of_the_country_is_that_of_the_account(invented):
    account = BankAccount(iban="SK3112000000198742637541")
    document = invented.statement(format="spreadsheet", currency=None, account=account)
    (read,) = efimport.read(route(document, CZ).call["statementData"].content)
    assert read.currency == "EUR"


def test_a_converted_statement_without_balances_invents_none(invented):
    routed = route(invented.statement(format="spreadsheet", opening=None, closing=None), CZ)
    (read,) = efimport.read(routed.call["statementData"].content)
    assert (read.opening, read.closing, read.credit, read.debit) == (None, None, 80, 30)


def test_what_a_converted_statement_has_no_room_for_is_told(invented):
    document = invented.statement(format="spreadsheet", credit_turnover=Decimal(7))
    assert codes(route(document, CZ)) == ["payload.converted-statement", "payload.no-room"]


def test_a_statement_that_cannot_be_converted_is_refused_with_the_reason(invented):
    days = dict.fromkeys(("period_from", "period_to", "date"))
    document = invented.statement(format="spreadsheet", entries=(), **days)
    assert codes(route(document, CZ)) == ["payload.cannot-convert"]


def test_a_converted_statement_is_the_same_whatever_file_it_came_in(invented):
    one, other = (route(invented.statement(format="spreadsheet", content=text), CZ) for text in (b"a", b"b"))
    assert one.substance == other.substance


def test_the_spreadsheet_of_eracuni_goes_with_its_date_format(invented):
    document = invented.statement(format="eurofaktura-spreadsheet", account=BankAccount())
    document = msgspec.structs.replace(document, origin=msgspec.structs.replace(document.origin, version="DD/MM/YYYY"))
    call = route(document, msgspec.structs.replace(CZ, iban=invented.OUR_IBAN)).call
    told = [call[name].value for name in ("IBAN", "type", "dateFormat")]
    assert told == [invented.OUR_IBAN, "eurofakturaSpreadsheet", "DD/MM/YYYY"]
    assert call["statementData"].content == document.origin.content


def test_a_spreadsheet_whose_date_format_is_not_known_makes_no_call(invented):
    document = invented.statement(format="eurofaktura-spreadsheet")
    assert route(document, CZ) == Routed()


@pytest.mark.parametrize("name", ["stripe", "stripe CZK"])
def test_the_settings_name_the_account_of_a_table_that_does_not(invented, name):
    document = invented.statement(format="spreadsheet", account=BankAccount())
    document = msgspec.structs.replace(document, origin=msgspec.structs.replace(document.origin, version="stripe"))
    target = msgspec.structs.replace(CZ, table_accounts={name: invented.OUR_IBAN, "stripe EUR": "5037264002/5500"})
    assert route(document, target).call["IBAN"].value == invented.OUR_IBAN
    assert codes(route(document, CZ)) == ["statement.no-account"]


@pytest.mark.parametrize("target", [SI, HR])
def test_other_sites_read_other_statements(invented, target):
    assert codes(route(invented.statement(), target)) == ["routing.site-lacks-format"]


def test_a_statement_without_bytes_is_refused(invented):
    assert codes(route(invented.statement(content=b""), CZ)) == ["routing.no-content"]


def test_a_statement_goes_to_the_inbox_where_the_settings_say_so(invented):
    target = Target(statements_as="inbox")
    assert route(invented.statement(format="camt053"), target).call.method == "DocumentInboxImport"
    assert route(invented.statement(format="gpc"), target).call.method == "BankStatementImport"


NUMBER = BankAccount(number="19-2000145399")
ACCOUNTS = [
    # account in the file, accounts of the settings, --iban, parameter IBAN or code of the finding
    (BankAccount(iban="CZ6508000000192000145399"), (), None, "CZ6508000000192000145399"),
    (BankAccount(number="19-2000145399", bank_code="0800"), (), None, "19-2000145399/0800"),
    (NUMBER, ("19-2000145399/0800",), None, "CZ6508000000192000145399"),
    (NUMBER, ("CZ65 0800 0000 1920 0014 5399",), None, "CZ6508000000192000145399"),
    (NUMBER, ("19-2000145399/0800", "19-2000145399/0100"), None, "statement.account-incomplete"),
    (NUMBER, (), None, "statement.account-incomplete"),
    (NUMBER, (), "CZ6508000000192000145399", "CZ6508000000192000145399"),
    (NUMBER, (), "cz65 0800 0000 1920 0014 5399", "CZ6508000000192000145399"),
    (BankAccount(), (), "19-2000145399/0800", "CZ6508000000192000145399"),
    (BankAccount(), ("19-2000145399/0800",), None, "statement.no-account"),
    (NUMBER, ("2000145399/0800",), None, "statement.not-our-account"),
    (NUMBER, (), "2000145399/0800", "statement.other-account"),
    (BankAccount(iban="CZ6508000000192000145399"), ("2000145399/0800",), None, "statement.not-our-account"),
    (BankAccount(iban="SI56263300012039086"), ("SI56 2633 0001 2039 086",), None, "SI56263300012039086"),
]


@pytest.mark.parametrize(("account", "ours", "named", "expected"), ACCOUNTS)
def test_the_account_is_completed_from_ours_or_refused(invented, account, ours, named, expected):
    target = Target(bank_accounts=ours, iban=named, known=bool(ours))
    routed = route(invented.statement(account=account), target)
    assert (codes(routed) or [routed.call["IBAN"].value]) == [expected]


def test_an_account_is_not_known_to_be_foreign_where_ours_are_not_listed(invented):
    assert route(invented.statement(), Target(known=False)).call is not None


def test_the_accounts_of_the_settings_are_all_except_for_the_sandbox():
    real = Organization(bank_accounts=("2000145399/0800",))
    assert Target.of(real).known
    assert not Target.of(msgspec.structs.replace(real, endpoint="http://127.0.0.1:1/API")).known
    assert not Target.of(Organization()).known


@pytest.mark.parametrize("ours", ["CZ6508000000192000145399", "19-2000145399/0800", "CZ65 0800 0000 1920 0014 5399"])
def test_a_statement_is_the_same_however_the_account_is_written(invented, ours):
    plain = invented.statement(account=BankAccount(number="19-2000145399", bank_code="0800"))
    identities = {route(plain, CZ).identity, route(invented.statement(), Target(bank_accounts=(ours,))).identity}
    assert len(identities) == 1


def test_a_number_that_comes_every_year_is_told_apart_by_the_period(invented):
    import datetime as dt

    later = invented.statement(period_from=dt.date(2027, 1, 1), period_to=dt.date(2027, 1, 31))
    assert route(later, CZ).identity != route(invented.statement(), CZ).identity


def test_statements_without_a_number_are_told_apart_by_their_balances(invented):
    first = invented.statement(number=None)
    second = msgspec.structs.replace(first, closing=Decimal("151.00"))
    assert route(first, CZ).identity != route(second, CZ).identity


def test_statements_that_say_nothing_are_told_apart_by_their_bytes(invented):
    nothing = {"number": None, "opening": None, "closing": None, "period_from": None, "period_to": None, "date": None}
    one, other = (invented.statement(content=content, **nothing) for content in (b"1", b"2"))
    assert route(one, CZ).identity != route(other, CZ).identity


# The target


def test_what_is_named_for_a_run_comes_before_the_settings():
    organization = Organization(import_type="updateOnly", registration_number="1", vat_id="CZ1", site="SI")
    target = Target.of(organization, import_type="createOrUpdate", iban="X")
    assert (target.import_type, target.site, target.own.registration_number) == ("createOrUpdate", "SI", "1")
    assert Target.of(organization).import_type == "updateOnly"
    assert Target.of(None).import_type == "createOnly"


def test_routing_leaves_the_document_alone(invented):
    invoice = invented.invoice()
    before = msgspec.structs.asdict(invoice)
    route(invoice, CZ)
    assert msgspec.structs.asdict(invoice) == before
    assert isinstance(invoice, Invoice)
    assert Party() == Party()
