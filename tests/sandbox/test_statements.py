from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.sandbox.accounts import abo_readings, account_key, is_valid_account
from efimport.sandbox.methods.recognise import fits
from efimport.sandbox.methods.tables import code_list
from tests.sandbox.conftest import ACCOUNT, Caller, Maker, Reply, abo, attribute, camt, encoded, mt940

NATIONAL = "19-2000145399/0800"
PAYPAL = (
    '\ufeff"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net"\r\n'
    '"01/31/2024","10:00:00","CET","Jana Nová","Payment","Completed","CZK","100.00","-3.00","97.00"\r\n'
).encode()


def permuted(digits: str) -> str:
    return "".join(digits[place - 1] for place in (16, 14, 15, 12, 7, 8, 9, 10, 11, 13, 1, 2, 3, 4, 5, 6))


def send(call: Caller, content: bytes | str, kind: str = "CbaXml", account: str = ACCOUNT, *extra: str) -> Reply:
    name = "payPalAccount" if kind == "PayPalCsv" else "IBAN"
    data = encoded(content) if isinstance(content, bytes) else content
    return call(
        "BankStatementImport",
        attribute(name, account),
        attribute("type", kind),
        attribute("statementData", data),
        *extra,
    )


def spreadsheet(text: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(
            "xl/worksheets/sheet1.xml", f"<worksheet><c t='inlineStr'><is><t>{text}</t></is></c></worksheet>"
        )
    return content.getvalue()


DATE_CSV = "Datum;Částka\r\n31.01.2024;10,00\r\n".encode()
GOOD = {
    "CBA XML": (camt(), "CbaXml", ACCOUNT),
    "CBA XML, version 8": (camt(namespace="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"), "CbaXml", ACCOUNT),
    "ABO in plain order": (abo(), "AboGpc", ACCOUNT),
    "ABO in internal order": (abo(permuted("0000192000145399")), "AboGpc", ACCOUNT),
    "ABO with LF": (abo(tail=b"\n"), "AboGpc", ACCOUNT),
    "ABO for a national number": (abo(), "AboGpc", NATIONAL),
    "MT940 with an IBAN": (mt940(), "SwiftMulticashSta", ACCOUNT),
    "MT940 with bank and account": (mt940("0800/192000145399"), "SwiftMulticashSta", ACCOUNT),
    "MT940 with a national number": (mt940(NATIONAL), "SwiftMulticashSta", ACCOUNT),
    "PayPal": (PAYPAL, "PayPalCsv", "PAY@acme.example"),
}


@pytest.mark.parametrize("case", GOOD)
def test_a_whole_statement_is_imported(call: Caller, case: str) -> None:
    content, kind, account = GOOD[case]
    reply = send(call, content, kind, account)
    assert [(child.tag, child.text) for child in reply.root] == [
        ("statementNumber", "Bank statement number 1 was imported"),
        ("pdfStatementFileName", "No PDF attachment added"),
    ]
    statement = call.state()["statements"][0]
    assert (statement["type"], statement["sha256"]) == (kind, hashlib.sha256(content).hexdigest())


BAD = {
    "no base64": ("%%%", "CbaXml"),
    "nothing": ("", "CbaXml"),
    "cut XML": (camt()[:-10], "CbaXml"),
    "two statements in CBA XML": (camt(statements=2), "CbaXml"),
    "no statement in CBA XML": (camt(statements=0), "CbaXml"),
    "camt of another kind": (camt(namespace="urn:iso:std:iso:20022:tech:xsd:camt.052.001.02"), "CbaXml"),
    "another account in CBA XML": (camt("CZ0708000000001019382023"), "CbaXml"),
    "a DOCTYPE": (b"<!DOCTYPE Document>" + camt().partition(b"?>")[2], "CbaXml"),
    "short ABO lines": (b"\r\n".join(line.rstrip() for line in abo().split(b"\r\n")), "AboGpc"),
    "two ABO blocks": (abo() + abo(), "AboGpc"),
    "ABO without a header": (abo().partition(b"\r\n")[2], "AboGpc"),
    "ABO in UTF-8": (abo().decode("windows-1250").encode(), "AboGpc"),
    "ABO of another account": (abo("0000001019382023"), "AboGpc"),
    "ABO with an empty line": (abo() + b"\r\n", "AboGpc"),
    "a payment order": (b"UHL1310124".ljust(128) + b"\r\n", "AboGpc"),
    "two MT940 statements": (mt940(statements=2), "SwiftMulticashSta"),
    "an MT940 page": (mt940(closing=":62M:"), "SwiftMulticashSta"),
    "MT940 of another account": (mt940("CZ0708000000001019382023"), "SwiftMulticashSta"),
    "declared as another type": (camt(), "AboGpc"),
}


@pytest.mark.parametrize("case", BAD)
def test_documented_wrong_data_are_refused(call: Caller, case: str) -> None:
    content, kind = BAD[case]
    assert send(call, content, kind).error == "Error importing data!"
    assert call.state()["statements"] == []


@pytest.mark.parametrize(
    "content", [b"Date,Time\r\n", PAYPAL.partition(b"\r\n")[0], PAYPAL.partition(b"\r\n")[2], b"\xff\xfe"]
)
def test_a_paypal_file_has_a_header_and_a_row(call: Caller, content: bytes) -> None:
    assert send(call, content, "PayPalCsv", "pay@acme.example").error == "Error importing data!"


def test_each_account_has_its_own_numbers(call: Caller) -> None:
    other = "CZ0708000000001019382023"
    numbers = [
        send(call, camt(account), account=account).text("statementNumber") for account in (ACCOUNT, other, ACCOUNT)
    ]
    assert [text and text.split()[3] for text in numbers] == ["1", "1", "2"]


def test_a_switch_begins_with_the_number_of_the_reference(make: Maker) -> None:
    reply = send(make(first_statement_number=31), camt())
    assert reply.text("statementNumber") == "Bank statement number 31 was imported"


def test_assumed_the_same_statement_is_imported_again_so_that_doubles_show(call: Caller) -> None:
    send(call, camt())
    assert send(call, camt()).text("statementNumber") == "Bank statement number 2 was imported"
    statements = call.state()["statements"]
    assert len(statements) == 2
    assert statements[0]["sha256"] == statements[1]["sha256"]


def test_a_switch_refuses_the_same_statement(make: Maker) -> None:
    call = make(duplicate_statement="refuse")
    send(call, camt())
    assert send(call, camt()).error == "Error importing data!"


def test_documented_a_pdf_is_added(call: Caller) -> None:
    pdf = attribute("pdfStatementData", encoded(b"%PDF-1.7 x"))
    reply = send(call, camt(), "CbaXml", ACCOUNT, pdf, attribute("pdfStatementFileName", "výpis.pdf"))
    assert reply.text("pdfStatementFileName") == "PDF attachment added"
    assert call.state()["statements"][0]["pdf_file_name"] == "výpis.pdf"


@pytest.mark.parametrize("data", [encoded(b"hello"), "%%%"])
def test_documented_a_corrupted_pdf_stops_the_import(call: Caller, data: str) -> None:
    assert send(call, camt(), "CbaXml", ACCOUNT, attribute("pdfStatementData", data)).error == "PDF file is corrupted!"
    assert call.state()["statements"] == []


MISSING = {
    "documented: IBAN": ([attribute("type", "CbaXml")], "Parameter named <IBAN> is required."),
    "assumed: payPalAccount": ([attribute("type", "PayPalCsv")], "Parameter named <payPalAccount> is required."),
    "assumed: type": ([attribute("IBAN", ACCOUNT)], "Parameter named <type> is required."),
    "assumed: dateFormat": (
        [attribute("type", "eurofakturaSpreadsheet"), attribute("IBAN", ACCOUNT)],
        "Parameter named <dateFormat> is required.",
    ),
    "documented: another's IBAN": (
        [attribute("type", "CbaXml"), attribute("IBAN", "CZ5508000000001234567899")],
        "Parameter named <IBAN> is not one of your bank accounts",
    ),
    "assumed: another's PayPal account": (
        [attribute("type", "PayPalCsv"), attribute("payPalAccount", "x@y.example")],
        "Parameter named <payPalAccount> is not one of your bank accounts",
    ),
    "assumed: an unknown type": ([attribute("type", "Stripe")], "EMU: unknown type Stripe"),
    "assumed: an unknown dateFormat": (
        [attribute("type", "eurofakturaSpreadsheet"), attribute("IBAN", ACCOUNT), attribute("dateFormat", "D.M.YY")],
        "EMU: unknown dateFormat D.M.YY",
    ),
    "documented: no data": ([attribute("type", "CbaXml"), attribute("IBAN", ACCOUNT)], "Error importing data!"),
}


@pytest.mark.parametrize("case", MISSING)
def test_a_missing_or_wrong_parameter_is_named(call: Caller, case: str) -> None:
    parameters, error = MISSING[case]
    assert call("BankStatementImport", *parameters).error == error


@pytest.mark.parametrize("written", [ACCOUNT, "CZ65 0800 0000 1920 0014 5399", NATIONAL, "000019-2000145399/0800"])
def test_documented_an_account_may_be_written_in_both_forms(call: Caller, written: str) -> None:
    assert send(call, camt(), account=written).ok
    assert call.state()["statements"][0]["account"] == ACCOUNT


def test_the_accounts_can_be_given(make: Maker) -> None:
    call = make(accounts=["1019382023/0800"])
    assert send(call, camt()).error == "Parameter named <IBAN> is not one of your bank accounts"
    other = "CZ0708000000001019382023"
    assert send(call, camt(other), account=other).ok


def test_any_valid_account_can_be_accepted(make: Maker) -> None:
    call = make(accept_any_account=True, accounts=[])
    assert send(call, camt()).ok
    assert send(call, PAYPAL, "PayPalCsv", "any@body.example").ok
    wrong = "CZ6508000000192000145398"
    assert send(call, camt(wrong), account=wrong).error == "Parameter named <IBAN> is not one of your bank accounts"


@pytest.mark.parametrize(
    ("day", "declared", "fits_"),
    [
        ("01/31/2024", "", True),
        ("31/01/2024", "", False),
        ("31.01.2024", "", False),
        ("1/31/2024", "", False),
        ("31/01/2024", "DD/MM/YYYY", True),
        ("31.01.2024", "DD.MM.YYYY", False),
    ],
)
def test_days_of_paypal_are_in_the_declared_form(day: str, declared: str, fits_: bool) -> None:
    content = PAYPAL.replace(b"01/31/2024", day.encode())
    assert fits("PayPalCsv", content, account="", date_format=declared) is fits_
    assert not fits("PayPalCsv", PAYPAL + b'"x","y"\r\n', account="", date_format="")


@pytest.mark.parametrize(
    ("content", "date_format", "fits_"),
    [
        (DATE_CSV, "DD.MM.YYYY", True),
        (DATE_CSV, "DD.MM.YYYY.", False),
        (DATE_CSV, "YYYY-MM-DD", False),
        (b"a;2024-01-31;1", "YYYY-MM-DD", True),
        (b"a;01/31/2024;1", "MM/DD/YYYY", True),
        (b"a;01/31/2024;1", "DD/MM/YYYY", False),
        (b"a;2024.01.31.;1", "YYYY.MM.DD.", True),
        (spreadsheet("31.01.2024"), "DD.MM.YYYY", True),
        (spreadsheet("31.01.2024"), "YYYY-MM-DD", False),
        (b"PK no zip", "DD.MM.YYYY", False),
        ("Částka".encode("windows-1250"), "DD.MM.YYYY", False),
    ],
)
def test_a_spreadsheet_holds_a_date_of_the_declared_form(
    call: Caller, content: bytes, date_format: str, fits_: bool
) -> None:
    reply = send(call, content, "eurofakturaSpreadsheet", ACCOUNT, attribute("dateFormat", date_format))
    assert reply.ok is fits_
    assert reply.error == (None if fits_ else "Error importing data!")


@pytest.mark.parametrize(
    ("site", "kind", "known"), [("SI", "IsoSepaXml", True), ("SI", "CbaXml", False), ("HR", "CbaXml", False)]
)
def test_observed_each_site_has_its_own_types(make: Maker, site: str, kind: str, known: bool) -> None:
    reply = send(make(site=site), camt(), kind)
    assert reply.error == (None if known else f"EMU: unknown type {kind}")


def test_every_type_of_the_czech_reference_has_a_recogniser() -> None:
    for kind in ("CbaXml", "AboGpc", "SwiftMulticashSta", "PayPalCsv", "eurofakturaSpreadsheet"):
        assert kind.lower() in code_list("statement-type-cz")
        assert not fits(kind, b"nonsense", account=ACCOUNT, date_format="YYYY-MM-DD")


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(["CbaXml", "AboGpc", "SwiftMulticashSta", "PayPalCsv", "eurofakturaSpreadsheet"]),
)
def test_no_bytes_upset_a_recogniser(content: bytes, kind: str) -> None:
    assert fits(kind, content, account=ACCOUNT, date_format="DD.MM.YYYY") in (True, False)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_a_damaged_abo_file_never_upsets_the_recogniser(place: int, damage: bytes) -> None:
    whole = abo()
    assert fits("AboGpc", whole[:place] + damage + whole[place + 1 :], account=ACCOUNT, date_format="") in (True, False)


@given(st.text("0123456789", min_size=16, max_size=16))
def test_the_permutation_is_undone(digits: str) -> None:
    assert abo_readings(permuted(digits))[1] == digits


@pytest.mark.parametrize(
    ("permuted_digits", "account"),
    [
        ("7523018971000000", "189731527"),
        ("7204021470000115", "1150214740207"),
        ("7258226710500005", "5000052267180257"),
    ],
)
def test_known_permuted_accounts_are_read(permuted_digits: str, account: str) -> None:
    assert abo_readings(permuted_digits)[1].lstrip("0") == account


@pytest.mark.parametrize(
    ("account", "valid"),
    [
        (ACCOUNT, True),
        (NATIONAL, True),
        ("CZ6508000000192000145398", False),
        ("CZ9208000000192000145398", False),
        ("SI56051008000012311", True),
        ("HR1723600001101234565", True),
        ("hello", False),
        ("", False),
    ],
)
def test_check_digits_tell_valid_accounts(account: str, valid: bool) -> None:
    assert is_valid_account(account) is valid


def test_a_national_number_has_the_key_of_its_iban() -> None:
    assert account_key(NATIONAL) == ACCOUNT
