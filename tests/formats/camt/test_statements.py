from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.formats.camt.conftest import IBAN, Writer, outcome


@pytest.mark.parametrize("version", [f"{number:02}" for number in range(1, 15)])
@pytest.mark.parametrize("prefix", ["", "doc"])
def test_a_statement_of_every_version_is_read_alike(version: str, prefix: str) -> None:
    writer = Writer(version, prefix)
    found = outcome(writer.message(writer.statement(writer.entry("10.00"), writer.entry("-4.5"), closing="105.50")))
    statement = found.statement
    assert found.reading.version == statement.origin.version == f"camt.053.001.{version}"
    assert (statement.account.iban, statement.currency, statement.number) == (IBAN, "CZK", "1")
    assert (statement.opening, statement.closing) == (Decimal("100.00"), Decimal("105.50"))
    assert statement.opening + sum(entry.amount for entry in statement.entries) == statement.closing
    assert (statement.period_from, statement.period_to) == (dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    assert found.codes == set()


@pytest.mark.parametrize(
    ("account", "display", "code"),
    [
        (f"<Id><IBAN>{IBAN}</IBAN></Id><Ccy>CZK</Ccy>", IBAN, None),
        (
            (
                "<Id><Othr><Id>19-2000145399</Id></Othr></Id><Ccy>CZK</Ccy>"
                "<Svcr><FinInstnId><Othr><Id>0800</Id></Othr></FinInstnId></Svcr>"
            ),
            "19-2000145399/0800",
            "0800",
        ),
        (f"<Id><Othr><Id>{IBAN}</Id></Othr></Id>", IBAN, None),
        ("<Id><BBAN>08000000192000145399</BBAN></Id>", "08000000192000145399", None),
    ],
)
def test_the_account_is_found_in_all_its_forms(writer: Writer, account: str, display: str, code: str | None) -> None:
    found = outcome(writer.message(writer.statement(account=account))).statement.account
    assert (found.display, found.bank_code, found.currency) == (display, code, "CZK")


def test_the_currency_of_a_balance_stands_in_for_the_accounts(writer: Writer) -> None:
    balances = writer.balance("CLBD", "1", "2026-01-31", currency="EUR")
    text = writer.statement(account=f"<Id><IBAN>{IBAN}</IBAN></Id>", balances=balances)
    assert outcome(writer.message(text)).statement.currency == "EUR"


def test_a_balance_in_another_currency_is_an_error(writer: Writer) -> None:
    balances = writer.balance("CLBD", "1", "2026-01-31", currency="EUR")
    assert "statement.currency-mixed" in outcome(writer.message(writer.statement(balances=balances))).codes


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("<LglSeqNb>7</LglSeqNb>", "7"),
        ("<ElctrncSeqNb>8</ElctrncSeqNb><LglSeqNb>7</LglSeqNb>", "7"),
        ("<ElctrncSeqNb>8</ElctrncSeqNb>", "8"),
        ("", "1-x"),
    ],
)
def test_the_number_is_the_legal_then_the_electronic_one(writer: Writer, given: str, number: str) -> None:
    text = writer.message(writer.statement()).replace("<LglSeqNb>1</LglSeqNb>", given)
    assert outcome(text).statement.number == number


@pytest.mark.parametrize(
    ("balances", "opening", "closing"),
    [
        ([("OPBD", "5"), ("PRCD", "4"), ("CLBD", "9")], "5", "9"),
        ([("PRCD", "4"), ("CLBD", "9")], "4", "9"),
        ([("ITBD", "6"), ("CLBD", "9")], "6", "9"),
        ([("OPBD", "5"), ("ITBD", "6"), ("ITBD", "7")], "5", "7"),
        ([("ITBD", "6"), ("ITBD", "7"), ("ITBD", "8")], "6", "8"),
        ([("ITBD", "6")], "6", None),
        ([("OPBD", "5"), ("CLBD", "6"), ("CLBD", "-7")], "5", "-7"),
        ([("OPAV", "5"), ("CLAV", "6"), ("XPCD", "7"), ("INFO", "8")], None, None),
        ([("PRCD", "-92988.92"), ("CLBD", "-0.01")], "-92988.92", "-0.01"),
    ],
)
def test_balances_are_chosen_by_code_and_carry_their_sign(
    writer: Writer, balances: list[tuple[str, str]], opening: str | None, closing: str | None
) -> None:
    given = "".join(writer.balance(code, amount, "2026-01-31") for code, amount in balances)
    statement = outcome(writer.message(writer.statement(balances=given))).statement
    assert statement.opening == (Decimal(opening) if opening else None)
    assert statement.closing == (Decimal(closing) if closing else None)


def test_the_days_of_the_balances_stand_in_for_the_period(writer: Writer) -> None:
    balances = writer.balance("OPBD", "1", "2026-01-02") + writer.balance("CLBD", "1", "2026-01-30")
    statement = outcome(writer.message(writer.statement(head="", balances=balances))).statement
    assert (statement.period_from, statement.period_to) == (dt.date(2026, 1, 2), dt.date(2026, 1, 30))
    assert statement.date == dt.date(2026, 1, 30)


def totals(version: str, *, count: int, total: str, net: str, credit: str, debit: str) -> str:
    side = "DBIT" if net.startswith("-") else "CRDT"
    amount = net.lstrip("-")
    inner = (
        f"<TtlNetNtryAmt>{amount}</TtlNetNtryAmt><CdtDbtInd>{side}</CdtDbtInd>"
        if version < "04"
        else f"<TtlNetNtry><Amt>{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd></TtlNetNtry>"
    )
    return (
        f"<TxsSummry><TtlNtries><NbOfNtries>{count}</NbOfNtries><Sum>{total}</Sum>{inner}</TtlNtries>"
        f"<TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>{credit}</Sum></TtlCdtNtries>"
        f"<TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>{debit}</Sum></TtlDbtNtries></TxsSummry>"
    )


@pytest.mark.parametrize("version", ["02", "04", "08"])
def test_the_summary_is_read(version: str) -> None:
    writer = Writer(version)
    summary = totals(version, count=2, total="17", net="-3", credit="7", debit="10")
    found = outcome(writer.message(writer.statement(writer.entry("7"), writer.entry("-10"), summary=summary)))
    statement = found.statement
    assert (statement.credit_turnover, statement.debit_turnover, statement.entry_count) == (7, 10, 2)
    assert found.codes == set()


@pytest.mark.parametrize(("total", "net", "what"), [("18", "-3", "sum"), ("17", "3", "net total")])
def test_a_total_that_the_entries_do_not_make_is_told(writer: Writer, total: str, net: str, what: str) -> None:
    summary = totals("02", count=2, total=total, net=net, credit="7", debit="10")
    found = outcome(writer.message(writer.statement(writer.entry("7"), writer.entry("-10"), summary=summary)))
    assert found.finding("camt.summary-mismatch").message.arguments["what"] == what


@pytest.mark.parametrize(("sign", "what"), [("", "number of credit entries"), ("-", "number of debit entries")])
def test_a_number_of_entries_of_one_side_that_is_not_there_is_told(writer: Writer, sign: str, what: str) -> None:
    summary = totals("02", count=3, total="17", net="-3", credit="7", debit="10")
    entries = (writer.entry("7"), writer.entry("-10"), writer.entry(f"{sign}5"))
    found = outcome(writer.message(writer.statement(*entries, summary=summary)))
    said = [one for one in found.statement.findings if one.message.arguments.get("what") == what]
    assert [one.code for one in said] == ["camt.summary-mismatch"]
    assert said[0].message.arguments["computed"] == "2"


def test_an_empty_summary_states_nothing(writer: Writer) -> None:
    statement = outcome(writer.message(writer.statement(summary="<TxsSummry/>"))).statement
    assert (statement.credit_turnover, statement.debit_turnover, statement.entry_count) == (None, None, None)


def test_a_summary_that_counts_pending_entries_is_explained_and_not_kept(writer: Writer) -> None:
    entries = (writer.entry("7"), writer.entry("-10"), writer.entry("5", status="PDNG"))
    summary = totals("02", count=3, total="22", net="2", credit="12", debit="10")
    found = outcome(writer.message(writer.statement(*entries, summary=summary)))
    statement = found.statement
    assert (statement.credit_turnover, statement.debit_turnover, statement.entry_count) == (None, 10, None)
    assert "camt.summary-mismatch" not in found.codes


def test_a_divided_batch_keeps_the_count_comparable(writer: Writer) -> None:
    part = '<AmtDtls><TxAmt><Amt Ccy="CZK">{}</Amt></TxAmt></AmtDtls>'
    summary = totals("02", count=1, total="7", net="7", credit="7", debit="0")
    entry = writer.entry("7", part.format("3"), part.format("4"))
    statement = outcome(writer.message(writer.statement(entry, summary=summary))).statement
    assert (len(statement.entries), statement.entry_count) == (2, 2)


def test_a_wrong_count_stays_wrong(writer: Writer) -> None:
    summary = totals("02", count=5, total="7", net="7", credit="7", debit="0")
    assert outcome(writer.message(writer.statement(writer.entry("7"), summary=summary))).statement.entry_count == 5


def test_a_statement_without_entries_is_legal(writer: Writer) -> None:
    found = outcome(writer.message(writer.statement()))
    assert (found.statement.entries, found.codes) == ((), set())


@pytest.mark.parametrize(("last", "told"), [("false", True), ("true", False)])
@pytest.mark.parametrize("place", ["message", "statement"])
def test_a_page_that_is_not_the_last_is_told(last: str, told: bool, place: str) -> None:
    writer = Writer("08")
    page = f"<PgNb>1</PgNb><LastPgInd>{last}</LastPgInd>"
    if place == "message":
        text = writer.message(writer.statement(), header=f"<MsgPgntn>{page}</MsgPgntn>")
    else:
        text = writer.message(writer.statement()).replace("<LglSeqNb>", f"<StmtPgntn>{page}</StmtPgntn><LglSeqNb>")
    assert ("camt.not-last-page" in outcome(text).codes) == told


@pytest.mark.parametrize(("mark", "told"), [("DUPL", True), ("CODU", True), ("COPY", False)])
def test_a_duplicate_is_told(writer: Writer, mark: str, told: bool) -> None:
    text = writer.message(writer.statement(head=f"<CpyDplctInd>{mark}</CpyDplctInd>"))
    assert ("camt.duplicate" in outcome(text).codes) == told


def test_findings_of_one_kind_are_cut_and_counted(writer: Writer) -> None:
    found = outcome(writer.message(writer.statement(*[writer.entry(status="?") for _ in range(25)])))
    assert len(found.statement.entries) == 25
    codes = [finding.code for finding in found.statement.findings]
    assert codes.count("camt.status-unknown") == 20
    assert found.finding("camt.more").message.arguments == {"count": "5", "problem": "camt.status-unknown"}


def test_few_findings_are_not_cut(writer: Writer) -> None:
    assert "camt.more" not in outcome(writer.message(writer.statement(writer.entry(status="?")))).codes
