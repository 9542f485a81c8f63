"""Parts of one statement stay apart, are numbered, and none is taken for another."""

from __future__ import annotations

from pathlib import Path

import pytest

import efimport
from efimport.settings import Organization
from tests.formats.camt.conftest import IBAN, PERIOD, Writer, outcome


def part(writer: Writer, opening: tuple[str, str], closing: tuple[str, str], *entries: str, **values: str) -> str:
    balances = writer.balance(*opening, "2026-01-01") + writer.balance(*closing, "2026-01-31")
    return writer.statement(*(writer.entry(amount) for amount in entries), balances=balances, **values)


def divided(writer: Writer, *, number: str = "7") -> tuple[str, str, str]:
    return (
        part(writer, ("PRCD", "100.00"), ("ITBD", "110.00"), "10.00", number=number),
        part(writer, ("ITBD", "110.00"), ("ITBD", "105.00"), "-5.00", number=number),
        part(writer, ("ITBD", "105.00"), ("CLBD", "106.00"), "1.00", number=number),
    )


def message_page(number: int, last: str) -> str:
    return f"<MsgPgntn><PgNb>{number}</PgNb><LastPgInd>{last}</LastPgInd></MsgPgntn>"


def test_parts_that_hand_their_balance_on_are_pages(writer: Writer) -> None:
    found = outcome(writer.message(*divided(writer)))
    assert [one.page for one in found.statements] == [1, 2, 3]
    assert [(one.opening, one.closing) for one in found.statements] == [(100, 110), (110, 105), (105, 106)]
    assert found.codes == {"camt.page", "camt.several-statements"}


def test_pages_of_several_accounts_may_stand_between_one_another(writer: Writer) -> None:
    other = Writer()
    euro = "<Id><IBAN>CZ4203000000000000000019</IBAN></Id><Ccy>EUR</Ccy>"
    mixed = (divided(writer)[0], part(other, ("PRCD", "1.00"), ("CLBD", "1.00"), account=euro), divided(writer)[1])
    assert [one.page for one in outcome(writer.message(*mixed)).statements] == [1, None, 2]


@pytest.mark.parametrize("wrong", ["account", "number", "balance", "code"])
def test_statements_that_only_look_alike_are_no_pages(writer: Writer, wrong: str) -> None:
    first = divided(writer)[0]
    values = {"number": "8"} if wrong == "number" else {"number": "7"}
    if wrong == "account":
        values["account"] = "<Id><IBAN>CZ4203000000000000000019</IBAN></Id><Ccy>CZK</Ccy>"
    opening = ("PRCD" if wrong == "code" else "ITBD", "111.00" if wrong == "balance" else "110.00")
    second = part(writer, opening, ("CLBD", "106.00"), "-4.00", **values)
    found = outcome(writer.message(first, second))
    assert [one.page for one in found.statements] == [None, None]
    assert "camt.page" not in found.codes


def test_a_part_in_a_message_of_several_pages_has_the_page_of_the_message(writer: Writer) -> None:
    pages = [
        outcome(writer.message(one, header=message_page(number, last)))
        for number, last, one in zip((1, 2, 3), ("false", "false", "true"), divided(writer), strict=True)
    ]
    assert [one.statement.page for one in pages] == [1, 2, 3]
    assert ["camt.not-last-page" in one.codes for one in pages] == [True, True, False]


def test_a_whole_statement_in_a_message_of_several_pages_is_whole(writer: Writer) -> None:
    found = outcome(writer.message(writer.statement(), header=message_page(2, "true")))
    assert found.statement.page is None
    assert found.codes == set()


@pytest.mark.parametrize(("number", "last", "page"), [(1, "false", 1), (2, "true", 2), (1, "true", None)])
def test_the_page_of_a_statement_itself_counts_where_the_version_has_one(number: int, last: str, page: int) -> None:
    writer = Writer("08")
    pagination = message_page(number, last).replace("MsgPgntn", "StmtPgntn")
    text = writer.message(writer.statement(head=PERIOD)).replace("</Id><LglSeqNb>", f"</Id>{pagination}<LglSeqNb>", 1)
    assert outcome(text).statement.page == page


@pytest.mark.parametrize("number", ["x", "", "123456"])
def test_a_page_that_is_no_number_is_none(writer: Writer, number: str) -> None:
    header = f"<MsgPgntn><PgNb>{number}</PgNb><LastPgInd>false</LastPgInd></MsgPgntn>"
    found = outcome(writer.message(divided(writer)[0], header=header))
    assert found.statement.page is None
    assert "camt.not-last-page" in found.codes


@pytest.mark.parametrize("in_one_file", [True, False])
def test_every_page_is_sent_and_none_is_taken_for_another(tmp_path: Path, in_one_file: bool) -> None:
    writer = Writer()
    parts = divided(writer)
    if in_one_file:
        (tmp_path / "all.xml").write_text(writer.message(*parts), encoding="utf-8")
    else:
        for number, one in enumerate(parts, start=1):
            text = writer.message(one, header=message_page(number, "true" if number == 3 else "false"))
            (tmp_path / f"page{number}.xml").write_text(text, encoding="utf-8")
    organization = Organization(name="acme", site="CZ", bank_accounts=(IBAN,))
    plan = efimport.plan([tmp_path], organization)
    assert len(plan.calls) == 3
    assert len({call.key for call in plan.calls}) == 3
    said = {found.code for found in plan.findings}
    assert "camt.page" in said
    assert not said & {"statement.number-repeated", "statement.duplicate-number", "statement.overlap", "statement.gap"}
