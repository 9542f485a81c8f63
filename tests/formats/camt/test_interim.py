"""Balances day by day: the running balance is the one before it and the turnover of the day."""

from __future__ import annotations

import pytest

from tests.formats.camt.conftest import Writer, outcome


def running(*balances: tuple[str, str, str], opening: str = "100.00", entries: tuple[str, ...] = ()) -> str:
    """A statement with balances of days: code, amount, day of January."""
    writer = Writer()
    closing = f"{float(opening) + sum(map(float, entries)):.2f}"
    made = "".join(
        writer.balance(code, amount, day if "-" in day else f"2026-01-{day}")
        for code, amount, day in (("PRCD", opening, "01"), *balances, ("CLBD", closing, "31"))
    )
    rows = [writer.entry(amount, booked="<BookgDt><Dt>2026-01-10</Dt></BookgDt>") for amount in entries]
    return writer.message(writer.statement(*rows, balances=made))


RIGHT = (("ITAV", "90.00", "10"), ("INFO", "-10.00", "10"), ("ITAV", "95.00", "11"), ("INFO", "5.00", "11"))


def test_days_that_follow_from_one_another_are_fine() -> None:
    assert outcome(running(*RIGHT)).codes == set()


def test_days_may_stand_in_any_order() -> None:
    assert outcome(running(*reversed(RIGHT))).codes == set()


@pytest.mark.parametrize("wrong", [0, 1, 2, 3])
def test_a_day_that_does_not_follow_is_told_with_its_figures(wrong: int) -> None:
    balances = [
        *RIGHT,
        ("ITAV", "96.00", "12"),
        ("INFO", "1.00", "12"),
        ("ITAV", "97.00", "13"),
        ("INFO", "1.00", "13"),
    ]
    code, amount, day = balances[wrong]
    balances[wrong] = (code, f"{float(amount) + 7:.2f}", day)
    found = outcome(running(*balances))
    assert found.codes == {"camt.interim-mismatch"}
    assert found.finding("camt.interim-mismatch").location.where.startswith("/Document/BkToCstmrStmt/Stmt[1]/Bal[")


def test_one_wrong_day_is_told_where_the_turnover_is_that_of_its_entries() -> None:
    balances = (("ITAV", "80.00", "10"), ("INFO", "-10.00", "10"))
    assert outcome(running(*balances, entries=("-10.00",))).codes == {"camt.interim-mismatch"}


def test_an_available_balance_may_begin_from_the_available_one_of_the_opening() -> None:
    balances = (("OPAV", "1100.00", "01"), ("ITAV", "1090.00", "10"), ("INFO", "-10.00", "10"))
    assert outcome(running(*balances, entries=("-10.00",))).codes == set()


@pytest.mark.parametrize(
    "balances",
    [
        (("ITAV", "80.00", "10"), ("INFO", "33.00", "10")),
        (("ITAV", "80.00", "10"), ("INFO", "33.00", "11")),
        (("ITAV", "80.00", "10"),),
        (("INFO", "-10.00", "10"),),
    ],
)
def test_banks_that_mean_something_else_are_left_alone(balances: tuple[tuple[str, str, str], ...]) -> None:
    assert outcome(running(*balances, entries=("-10.00",))).codes == set()


@pytest.mark.parametrize("bad", [("ITAV", "x", "10"), ("ITAV", "5.00", "2026-13-45")])
def test_damaged_balances_of_days_prove_nothing(bad: tuple[str, str, str]) -> None:
    assert "camt.interim-mismatch" not in outcome(running(bad, ("INFO", "-10.00", "10"))).codes
