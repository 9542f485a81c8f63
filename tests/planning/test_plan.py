"""From files to calls: pairing, doubles, order, keys, what is held back."""

from __future__ import annotations

import datetime as dt
import io
import random
import time
import zipfile
from decimal import Decimal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from efimport.api import wire
from efimport.cli.tables import as_csv
from efimport.documents import BankAccount, Entry
from efimport.errors import UsageError
from efimport.formats import registry
from efimport.planning.build import Options, build_plan, check_only
from efimport.planning.model import Repeat
from efimport.settings import Organization
from efimport.sources import Source


def calls(plan):
    return [(call.call.method, call.number) for call in plan.calls]


def codes(plan):
    return [found.code for found in plan.findings]


def zipped(contents):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_each_document_of_a_file_has_its_call(files):
    plan = files.plan({"a.xml": files.pack("1", "2")})
    assert calls(plan) == [("SalesInvoiceImport", "1"), ("SalesInvoiceImport", "2")]
    assert [planned.call for planned in plan.sources[0].documents] == ["c1", "c2"]
    assert [call.documents for call in plan.calls] == [((0, 0),), ((0, 1),)]
    assert (plan.organization, plan.site, codes(plan)) == ("acme", "CZ", [])


def test_a_source_is_described(files):
    content = files.pack("1")
    (source,) = files.plan({"a.xml": content}).sources
    assert (source.size, source.format, source.encoding) == (len(content), "pohoda", "utf-8")
    assert len(source.sha256) == 64


def test_keys_name_version_organization_method_and_document(files):
    plan = files.plan({"a.xml": files.pack("1"), "v.gpc": files.gpc()})
    assert [call.key for call in plan.calls] == [
        "1|acme|SalesInvoiceImport|1",
        "1|acme|BankStatementImport|CZ6508000000192000145399 1 2026-01-01..2026-01-31",
    ]


def test_the_digest_is_that_of_the_request_without_secrets(files):
    (call,) = files.plan({"a.xml": files.pack("1")}).calls
    assert call.digest == wire.digest(wire.encode(call.call))


def test_without_settings_there_is_a_plan_for_the_czech_site(files):
    plan = files.plan({"a.xml": files.pack("1")}, None)
    assert (plan.organization, plan.site) == (None, "CZ")
    assert plan.calls[0].key == "1|-|SalesInvoiceImport|1"


@pytest.mark.parametrize(
    ("name", "repeat"),
    [("a.xml", Repeat.SAFE_BY_KEY), ("v.gpc", Repeat.BLIND), ("sken.pdf", Repeat.CHECKABLE)],
)
def test_what_may_be_repeated_follows_the_call(files, name, repeat):
    contents = {"a.xml": files.pack("1"), "v.gpc": files.gpc(), "sken.pdf": files.pdf()}
    (call,) = files.plan({name: contents[name]}).calls
    assert call.repeat is repeat


@pytest.mark.parametrize(("import_type", "overwrites"), [(None, False), ("createOrUpdate", True), ("updateOnly", True)])
def test_overwriting_is_asked_for(files, import_type, overwrites):
    plan = files.plan({"a.xml": files.pack("1"), "v.gpc": files.gpc()}, import_type=import_type)
    assert [call.overwrites for call in plan.calls] == [overwrites, False]


def test_effects_are_told_with_the_call(files):
    (call,) = files.plan({"a.xml": files.pack("1")}).calls
    assert call.effects == ("effect.issues-document",)


def test_calls_come_in_the_order_in_which_they_depend_on_each_other(files):
    plan = files.plan(
        {
            "1.gpc": files.gpc(),
            "2.pdf": files.pdf(),
            "3.xml": files.pack("D1", kind="issuedCreditNotice"),
            "4.xml": files.pack("F2", day="2026-01-20"),
            "5.xml": files.pack("F9", "F1"),
            "6.xml": files.pack("Z1", kind="issuedAdvanceInvoice"),
        }
    )
    assert calls(plan) == [
        ("AdvanceInvoiceImport", "Z1"),
        ("SalesInvoiceImport", "F1"),
        ("SalesInvoiceImport", "F9"),
        ("SalesInvoiceImport", "F2"),
        ("CreditNoteImport", "D1"),
        ("DocumentInboxAddEntry", None),
        ("BankStatementImport", "1"),
    ]
    assert [call.id for call in plan.calls] == [f"c{number}" for number in range(1, 8)]


# Doubles


def test_a_file_that_is_there_twice_is_sent_once(files, documents_of):
    plan = files.plan({"a.xml": files.pack("1"), "b.xml": files.pack("1")})
    assert calls(plan) == [("SalesInvoiceImport", "1")]
    assert plan.calls[0].documents == ((0, 0), (1, 0))
    assert documents_of(plan) == {"a.xml": [("c1", [])], "b.xml": [("c1", ["routing.already-sent"])]}
    assert [found.code for found in plan.sources[1].findings] == ["source.duplicate"]


def test_a_picture_of_no_document_that_is_there_twice_is_sent_once_whatever_its_name(files):
    plan = files.plan({"a.pdf": files.pdf(), "b.pdf": files.pdf()})
    assert [call.documents for call in plan.calls] == [((0, 0), (1, 0))]


def test_one_number_with_two_contents_is_not_sent_and_each_names_the_other(files):
    plan = files.plan({"a.xml": files.pack("1", "2"), "b.xml": files.pack("1", text="Jiné zboží")})
    assert calls(plan) == [("SalesInvoiceImport", "2")]
    found = [one for one in plan.findings if one.code == "invoice.duplicate-number"]
    assert [one.location.path.rpartition("/")[2] for one in found] == ["a.xml", "b.xml"]
    assert [one.message.arguments["other"].rpartition("/")[2] for one in found] == ["b.xml", "a.xml"]
    assert all(one.is_error for one in found)


def test_of_three_with_one_number_each_names_one_that_differs(files):
    contents = {"a.xml": files.pack("1"), "b.xml": files.pack("1"), "c.xml": files.pack("1", text="Jiné")}
    plan = files.plan(contents)
    found = [one for one in plan.findings if one.code == "invoice.duplicate-number"]
    assert [one.message.arguments["other"].rpartition("/")[2] for one in found] == ["c.xml", "c.xml", "a.xml"]
    assert plan.calls == ()


def test_one_number_twice_in_one_file_is_kept_twice_and_said(files, documents_of):
    plan = files.plan({"a.xml": files.pack("1", "1")})
    assert [call.key for call in plan.calls] == [
        "1|acme|SalesInvoiceImport|1",
        "1|acme|SalesInvoiceImport|1|repetition 2",
    ]
    assert [call.occurrence for call in plan.calls] == [1, 2]
    assert "invoice.number-repeated" in documents_of(plan)["a.xml"][1][1]


def test_one_number_twice_in_one_file_contradicts_itself_where_the_second_would_overwrite_the_first(files):
    twice = files.pack("1", "1").replace(b"Fakturujeme", b"Dodavame", 1)
    plan = files.plan({"a.xml": twice}, import_type="createOrUpdate")
    assert plan.calls == ()
    assert codes(plan).count("invoice.duplicate-number") == 2


def test_a_statement_twice_in_one_file_is_kept_twice_and_said(files):
    plan = files.plan({"v.gpc": files.gpc() + files.gpc()})
    assert len(plan.calls) == 2
    assert "statement.number-repeated" in codes(plan)


def test_one_statement_with_two_contents_is_not_sent(files):
    plan = files.plan({"a.gpc": files.gpc(), "b.gpc": files.gpc(closing=16000)})
    assert plan.calls == ()
    assert codes(plan).count("statement.duplicate-number") == 2


def test_statements_of_two_currencies_under_one_account_number_are_both_sent(files):
    plan = files.plan({"a.gpc": files.gpc(), "b.gpc": files.gpc(closing=16000, currency="0978")})
    assert len({call.key for call in plan.calls}) == 2
    assert codes(plan) == []


def test_a_statement_in_two_forms_is_not_sent(files):
    """The number alone differs, as between the forms that a bank offers."""
    plan = files.plan({"a.gpc": files.gpc(number=1), "b.gpc": files.gpc(number=101)})
    assert plan.calls == ()
    assert codes(plan).count("statement.duplicate-number") == 2


def test_statements_of_overlapping_periods_are_sent_with_a_warning(files, documents_of):
    january, both = files.gpc(), files.gpc(number=2, closing=17000, day="280226", since="150126")
    plan = files.plan({"a.gpc": january, "b.gpc": both})
    assert len(plan.calls) == 2
    assert documents_of(plan)["b.gpc"] == [("c2", ["statement.overlap"])]


def codes_of(plan, path):
    (source,) = [source for source in plan.sources if source.path.endswith(path)]
    return [found.code for document in source.documents for found in document.findings]


JANUARY = {"number": 1, "closing": 15000, "since": "010126", "day": "310126"}
FEBRUARY = {"number": 2, "opening": 15000, "closing": 17000, "since": "010226", "day": "280226"}


def continued(files, **changes):
    """The codes of the February statement after that of January."""
    plan = files.plan({"a.gpc": files.gpc(**JANUARY), "b.gpc": files.gpc(**(FEBRUARY | changes))})
    return [code for code in codes_of(plan, "b.gpc") if code != "statement.no-number"]


def test_statements_that_follow_one_another_have_nothing_to_tell(files):
    assert continued(files) == []


def test_a_statement_number_that_is_left_out_is_told(files):
    assert continued(files, number=4) == ["statement.number-gap"]


def test_a_statement_number_that_goes_back_is_told(files):
    plan = files.plan({"a.gpc": files.gpc(**(JANUARY | {"number": 7})), "b.gpc": files.gpc(**FEBRUARY)})
    assert codes_of(plan, "b.gpc") == ["statement.number-order"]


@pytest.mark.parametrize("changes", [{"number": 0}, {"number": 1, "since": "010127", "day": "310127"}])
def test_a_statement_without_a_number_or_of_another_year_counts_from_anew(files, changes):
    assert continued(files, **changes) == []


def test_a_balance_that_does_not_go_on_is_told_and_weighs_more_where_no_day_lies_between(files):
    for since, severity in (("010226", "warning"), ("110226", "info")):
        later = files.gpc(**(FEBRUARY | {"opening": 16000, "since": since}))
        plan = files.plan({"a.gpc": files.gpc(**JANUARY), "b.gpc": later})
        (found,) = [found for found in plan.findings if found.code == "statement.gap"]
        assert found.severity == severity


@pytest.mark.parametrize(
    ("first", "codes"), [(dt.date(2026, 2, 1), []), (dt.date(2026, 2, 9), ["statement.days-missing"])]
)
def test_days_between_statements_without_balances_are_told(files, invented, first, codes):
    unknown = {"opening": None, "closing": None}
    january = invented.statement(**unknown)
    entry = Entry(position=1, amount=Decimal("50.00"), date=first)
    later = invented.statement(
        **unknown,
        number="2",
        period_from=first,
        period_to=dt.date(2026, 2, 28),
        date=dt.date(2026, 2, 28),
        entries=(entry,),
        entry_count=1,
        credit_turnover=None,
        debit_turnover=None,
    )
    plan = files.plan({"a.csv": as_csv([january]), "b.csv": as_csv([later])})
    found = [code for code in codes_of(plan, "b.csv") if code.startswith("statement.") and "no-" not in code]
    assert found == codes


@pytest.mark.parametrize(("currencies", "sent"), [(["CZK", "EUR"], 0), (["EUR", "EUR"], 2)])
def test_one_account_does_not_take_statements_in_several_currencies(files, invented, currencies, sent):
    statements = [
        invented.statement(number=str(number), currency=currency, account=BankAccount())
        for number, currency in enumerate(currencies, 1)
    ]
    plan = files.plan({"a.csv": as_csv(statements)}, iban="2000145399/0800")
    assert len(plan.calls) == sent
    assert ("statement.currencies-mixed" in codes(plan)) == (sent == 0)


def test_an_account_that_no_request_can_carry_is_told_and_the_rest_goes(files):
    damaged = b":20:A\r\n:25:12345678/12\x0545\r\n:28C:1\r\n:60F:C260101CZK1,00\r\n:62F:C260131CZK1,00\r\n-\r\n"
    plan = files.plan({"a.sta": damaged, "b.pdf": files.pdf()}, Organization(name="acme"))
    assert "routing.call-not-possible" in codes_of(plan, "a.sta"), codes_of(plan, "a.sta")
    assert [call.documents for call in plan.calls] == [((1, 0),)]


def test_entries_that_stand_in_two_overlapping_statements_are_counted(files):
    """The entry of the statement of January stands in a statement of two months as well."""
    longer = files.gpc(**(JANUARY | {"number": 2, "since": "020126"}))
    longer = longer[:130].replace(b"310126", b"280226") + longer[130:]
    plan = files.plan({"a.gpc": files.gpc(**JANUARY), "b.gpc": longer})
    assert codes_of(plan, "b.gpc") == ["statement.overlap", "statement.entries-in-both"]


def test_entries_of_the_day_on_which_two_tables_meet_are_counted_where_both_have_them(files, invented):
    """Tables of banks have no period but the days of their entries: one goes to the day on which the other begins."""
    day = dt.date(2026, 1, 31)
    both = Entry(position=1, amount=Decimal("80.00"), date=day, bank_reference="T1")
    further = Entry(position=2, amount=Decimal("-30.00"), date=day, bank_reference="T2")
    unsaid = dict.fromkeys(("number", "credit_turnover", "debit_turnover", "entry_count", "opening", "closing"))
    first = invented.statement(entries=(both,), **unsaid)
    second = invented.statement(entries=(both, further), **unsaid | {"period_from": day})
    plan = files.plan({"a.csv": as_csv([first]), "b.csv": as_csv([second])})
    assert "statement.entries-in-both" in codes(plan)


def test_a_statement_that_begins_where_another_ends_does_not_overlap(files):
    following = files.gpc(number=2, opening=15000, closing=17000, day="280226", since="310126")
    assert codes(files.plan({"a.gpc": files.gpc(), "b.gpc": following})) == []


def test_a_statement_that_opens_with_another_balance_than_the_last_one_closed_with_is_told(files, documents_of):
    later = files.gpc(number=2, opening=16000, closing=17000, day="310326", since="280226")
    plan = files.plan({"a.gpc": files.gpc(), "b.gpc": later})
    assert len(plan.calls) == 2
    assert documents_of(plan)["b.gpc"] == [("c2", ["statement.gap"])]


ADDRESS = """<dat:dataPackItem id="{id}" version="2.0"><adb:addressbook version="2.0"><adb:addressbookHeader>
<adb:identity><typ:address><typ:company>{name}</typ:company><typ:city>Brno</typ:city><typ:street>Dlouhá 1</typ:street>
<typ:ico>25596641</typ:ico></typ:address></adb:identity></adb:addressbookHeader></adb:addressbook></dat:dataPackItem>"""
STOCK = """<dat:dataPackItem id="{id}" version="2.0"><stk:stock version="2.0"><stk:stockHeader>
<stk:stockType>card</stk:stockType><stk:code>0308</stk:code><stk:sellingRateVAT>high</stk:sellingRateVAT>
<stk:name>{name}</stk:name><stk:unit>ks</stk:unit><stk:sellingPrice>12.5</stk:sellingPrice></stk:stockHeader></stk:stock>
</dat:dataPackItem>"""


@pytest.mark.parametrize(("item", "code"), [(ADDRESS, "partner.duplicate-code"), (STOCK, "product.duplicate-code")])
def test_one_code_with_two_contents_is_not_sent(files, item, code):
    head = files.pack().replace(
        b"xmlns:typ=",
        b'xmlns:adb="http://www.stormware.cz/schema/version_2/addressbook.xsd" '
        b'xmlns:stk="http://www.stormware.cz/schema/version_2/stock.xsd" xmlns:typ=',
    )
    first, second = (
        head.replace(b"</dat:dataPack>", item.format(id="1", name=name).encode() + b"</dat:dataPack>")
        for name in ("První", "Druhý")
    )
    assert len(files.plan({"a.xml": first}).calls) == 1
    plan = files.plan({"a.xml": first, "b.xml": second})
    assert plan.calls == ()
    assert codes(plan).count(code) == 2


# Pictures


PAIRS = [("v.gpc", "v.pdf"), ("V.GPC", "v.PDF"), ("a/vypis.1.gpc", "a/vypis.1.pdf"), ("výpis.gpc", "výpis.pdf")]


@pytest.mark.parametrize(("statement", "picture"), PAIRS)
def test_a_pdf_of_the_same_name_is_the_picture_of_a_statement(files, statement, picture):
    plan = files.plan({statement: files.gpc(), picture: files.pdf()})
    (call,) = plan.calls
    assert call.call["pdfStatementData"].content == files.pdf()
    assert call.call["pdfStatementFileName"].value == picture.rpartition("/")[2]
    assert sorted(call.documents) == [(0, 0), (1, 0)]
    assert codes(plan) == ["routing.pdf-paired"]


def test_pictures_pair_inside_an_archive(files):
    plan = files.plan({"a.zip": zipped({"v.gpc": files.gpc(), "v.pdf": files.pdf()})})
    (call,) = plan.calls
    assert call.call["pdfStatementFileName"].value == "v.pdf"


ALONE = [
    ("another name", ["v.gpc"], ["x.pdf"]),
    ("another folder", ["a/v.gpc"], ["b/v.pdf"]),
    ("two documents of the name", ["v.gpc", "v.abo"], ["v.pdf"]),
    ("two pictures of the name", ["v.gpc"], ["v.pdf", "V.PDF"]),
]


@pytest.mark.parametrize(("why", "statements", "pictures"), ALONE)
def test_a_pdf_that_belongs_to_no_one_file_goes_alone(files, why, statements, pictures):
    contents = {name: files.gpc(number, 15000 + number) for number, name in enumerate(statements, 1)}
    contents |= {name: files.pdf(name) for name in pictures}
    plan = files.plan(contents)
    methods = [call.call.method for call in plan.calls]
    assert methods.count("DocumentInboxAddEntry") == len(pictures)
    assert "routing.pdf-paired" not in codes(plan)


def test_a_statement_of_several_has_no_picture(files):
    plan = files.plan({"v.gpc": files.gpc() + files.gpc(2, 16000), "v.pdf": files.pdf()})
    assert [call.call.method for call in plan.calls] == ["DocumentInboxAddEntry"] + ["BankStatementImport"] * 2


def test_an_issued_pohoda_document_has_no_place_for_a_picture(files):
    plan = files.plan({"a.xml": files.pack("1"), "a.pdf": files.pdf()})
    assert [call.call.method for call in plan.calls] == ["SalesInvoiceImport", "DocumentInboxAddEntry"]


def test_a_copy_of_a_statement_and_its_picture_is_not_sent_again(files):
    pair = {"v.gpc": files.gpc(), "v.pdf": files.pdf()}
    plan = files.plan(pair | {f"kopie/{name}": content for name, content in pair.items()})
    (call,) = plan.calls
    assert len(call.documents) == 4


def test_a_copy_with_a_picture_is_preferred_to_one_without(files):
    plan = files.plan({"a.gpc": files.gpc(), "b.gpc": files.gpc(), "a.pdf": files.pdf()})
    (call,) = plan.calls
    assert "pdfStatementData" in call.call


def test_another_picture_of_a_copy_is_not_lost(files):
    plan = files.plan({"a.gpc": files.gpc(), "a.pdf": files.pdf("a"), "b.gpc": files.gpc(), "b.pdf": files.pdf("b")})
    assert [call.call.method for call in plan.calls] == ["DocumentInboxAddEntry", "BankStatementImport"]


# Held back


def test_a_document_with_an_error_is_held_back_and_the_others_go(files, documents_of):
    plan = files.plan({"v.gpc": files.gpc().replace(b"00000000015000+", b"00000000015001+"), "a.xml": files.pack("1")})
    assert calls(plan) == [("SalesInvoiceImport", "1")]
    ((call, found),) = documents_of(plan)["v.gpc"]
    assert (call, "statement.balance-mismatch" in found) == (None, True)


def test_an_empty_and_an_unknown_file_do_not_stop_the_others(files):
    plan = files.plan({"a.xml": b"", "b.txt": b"ahoj", "c.xml": files.pack("1")})
    assert [[found.code for found in source.findings] for source in plan.sources] == [
        ["source.empty"],
        ["format.unknown"],
        [],
    ]
    assert len(plan.calls) == 1


def test_a_file_that_is_written_to_while_it_is_read_is_held_back(files, monkeypatch):
    """A writer that strikes between the first and the last byte, at the one point where it can be arranged."""
    folder = files.put({"a.xml": files.pack("1")})
    whole = registry.SourceReading.__iter__

    def with_a_writer(reading):
        yield from whole(reading)
        (folder / "a.xml").write_bytes(files.pack("1", "2"))

    monkeypatch.setattr(registry.SourceReading, "__iter__", with_a_writer)
    plan = build_plan([folder], files.ACME, Options(today=files.TODAY))
    assert plan.calls == ()
    assert codes(plan) == ["source.changed", "source.changed"]


def test_a_statement_of_a_foreign_account_is_held_back(files):
    stranger = msgspec.structs.replace(files.ACME, bank_accounts=("2000145399/0800",))
    plan = files.plan({"v.gpc": files.gpc()}, stranger)
    assert plan.calls == ()
    assert "statement.not-our-account" in codes(plan)


@pytest.mark.parametrize("site", ["SI", "HR"])
def test_another_site_refuses_what_it_does_not_read(files, site):
    elsewhere = msgspec.structs.replace(files.ACME, site=site)
    plan = files.plan({"a.xml": files.pack("1"), "v.gpc": files.gpc()}, elsewhere)
    assert plan.calls == ()
    assert "routing.site-lacks-format" in codes(plan)


# Archives and paths


def test_entries_of_an_archive_are_sources_behind_it(files):
    plan = files.plan({"a.zip": zipped({"b.xml": files.pack("1"), "c.zip": zipped({"d.xml": files.pack("2")})})})
    assert [source.path.rpartition("/")[2] for source in plan.sources] == [
        "a.zip",
        "a.zip!b.xml",
        "a.zip!c.zip",
        "a.zip!c.zip!d.xml",
    ]
    assert [source.format for source in plan.sources] == ["zip", "pohoda", "zip", "pohoda"]
    assert len(plan.calls) == 2


def test_a_fault_of_an_archive_stands_with_the_archive(files):
    plan = files.plan({"a.zip": zipped({"../b.xml": b"x"})})
    (source,) = plan.sources
    assert [found.code for found in source.findings] == ["archive.unsafe-name"]


def test_a_file_named_twice_is_read_once(files):
    folder = files.put({"a.xml": files.pack("1")})
    plan = build_plan([folder / "a.xml", folder, folder / "." / "a.xml"], files.ACME, Options(today=files.TODAY))
    assert len(plan.sources) == 1


def test_sources_in_memory_are_planned_with_files(files):
    folder = files.put({"a.xml": files.pack("1")})
    plan = build_plan([Source("mail.xml", files.pack("2")), folder], files.ACME, Options(today=files.TODAY))
    assert [call.number for call in plan.calls] == ["1", "2"]


def test_the_progress_names_each_source_before_it_is_read(files):
    told = []
    build_plan([files.put({"a.xml": files.pack("1"), "b.xml": b""})], None, progress=told.append)
    assert [path.rpartition("/")[2] for path in told] == ["a.xml", "b.xml"]


# Options


@pytest.mark.parametrize("iban", ["CZ6508000000192000145399", "cz65 0800 0000 1920 0014 5399", "19-2000145399/0800"])
def test_the_account_of_a_run_completes_its_statements(files, iban):
    plan = files.plan({"v.gpc": files.gpc()}, Organization(name="acme"), iban=iban)
    (call,) = plan.calls
    assert call.call["IBAN"].value == "CZ6508000000192000145399"


@pytest.mark.parametrize("options", [{"iban": "účet"}, {"iban": "2000145399"}, {"import_type": "overwrite"}])
def test_an_option_that_makes_no_sense_is_refused_at_once(options):
    with pytest.raises(UsageError):
        Options(**options)


def test_a_check_has_findings_and_no_calls(files):
    folder = files.put({"a.xml": files.pack("1"), "v.gpc": files.gpc(closing=1)})
    plan = check_only([folder], files.ACME, Options(today=files.TODAY))
    assert plan.checked_only
    assert plan.calls == ()
    assert [found.code for found in plan.sources[0].findings] == []
    assert len(plan.documents) == 2


def test_the_time_to_send_is_about_a_second_a_call_after_four(files):
    assert files.plan({"a.txt": b"x"}).seconds_to_send == 0
    assert files.plan({"a.xml": files.pack("1")}).seconds_to_send == 1
    assert files.plan({"a.xml": files.pack(*"123456789")}).seconds_to_send == 6


def test_a_plan_finds_its_documents(files):
    plan = files.plan({"a.xml": files.pack("1", "2")})
    assert plan.document((0, 1)).document.number == "2"
    assert [document.number for document in plan.documents] == ["1", "2"]


# Properties


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_same_inputs_make_the_same_plan(files, data):
    pool = [
        files.pack("1"), files.pack("1", text="Jiné"), files.pack("2", "2"), files.pack("3", kind="issuedCreditNotice"),
        files.gpc(), files.gpc(2, 16000), files.pdf(), b"nic", zipped({"a.xml": files.pack("4")}),
    ]  # fmt: skip
    names = data.draw(st.lists(st.sampled_from(["a.xml", "b.gpc", "b.pdf", "c.zip", "d"]), unique=True, max_size=5))
    sources = [(name, data.draw(st.sampled_from(pool))) for name in names]
    plans = [
        build_plan([Source(name, content) for name, content in sources], files.ACME, Options(today=files.TODAY))
        for _ in range(2)
    ]
    first, second = ([(call.id, call.key, call.digest, call.documents) for call in plan.calls] for plan in plans)
    assert first == second
    assert len({call.key for call in plans[0].calls}) == len(plans[0].calls)
    _nothing_is_lost(plans[0])


def _nothing_is_lost(plan):
    """Each document is carried by the call that it names, or a finding says why by none."""
    for place, source in enumerate(plan.sources):
        for index, planned in enumerate(source.documents):
            if planned.call is not None:
                call = next(one for one in plan.calls if one.id == planned.call)
                assert (place, index) in call.documents
            else:
                assert any(found.is_error or found.code == "routing.pdf-paired" for found in planned.findings)


def test_ten_times_the_documents_take_about_ten_times_the_time(files):
    numbers = [str(number) for number in range(3000)]
    random.Random(1).shuffle(numbers)
    times = []
    for count in (300, 3000):
        source = Source("a.xml", files.pack(*numbers[:count]))
        started = time.perf_counter()
        plan = build_plan([source], files.ACME, Options(today=files.TODAY))
        times.append(time.perf_counter() - started)
        assert len(plan.calls) == count
    assert times[1] < 40 * times[0]


def test_many_small_files_of_one_name_each_take_no_square_of_time(files):
    sources = [Source(f"{number}/v.gpc", files.gpc(number % 900 + 1, 15000 + number)) for number in range(600)]
    sources += [Source(f"{number}/v.pdf", b"") for number in range(600)]
    started = time.perf_counter()
    plan = build_plan(sources, files.ACME, Options(today=files.TODAY))
    assert time.perf_counter() - started < 20
    assert len(plan.sources) == 1200
