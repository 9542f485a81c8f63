"""Damage to an export with running balances is always told."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BALANCED = ["revolut-business-2022", "wise-2023", "wise-2026", "sumup", "barion"]
EXAMPLES = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
AMOUNT = re.compile(r"(?<=,)-?\d+\.\d\d(?=,|\s*$)")


def running(gateway, name):
    """The lines of an export, and the places of amounts and balances in all of them but the oldest."""
    lines = gateway.content(name).decode().splitlines(keepends=True)
    oldest = 1 if name == "barion" else len(lines) - 1
    header = lines[0].replace('"', "").strip().split(",")
    wanted = {
        header.index(one) for one in ("Amount", "Balance", "Running Balance", "Transaction amount") if one in header
    }
    wanted |= {index for index, one in enumerate(header) if one in ("Saldo disponibile", "Balance after transaction")}
    return lines, oldest, wanted


@pytest.mark.parametrize("name", BALANCED)
@EXAMPLES
@given(data=st.data())
def test_a_digit_that_was_changed_is_an_error(gateway, name, data):
    lines, oldest, wanted = running(gateway, name)
    row = data.draw(st.sampled_from([index for index in range(1, len(lines)) if index != oldest]))
    spots = [match for match in AMOUNT.finditer(lines[row]) if column_of(lines[row], match.start()) in wanted]
    spot = data.draw(st.sampled_from(spots))
    places = [place for place in range(spot.start(), spot.end()) if lines[row][place].isdigit()]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([one for one in "0123456789" if one != lines[row][place]]))
    lines[row] = lines[row][:place] + digit + lines[row][place + 1 :]
    (document,) = gateway.statements("".join(lines).encode())
    assert any(found.is_error for found in document.findings)


@pytest.mark.parametrize("name", BALANCED)
def test_a_row_that_is_missing_between_others_is_an_error(gateway, name):
    lines, _, _ = running(gateway, name)
    for row in range(2, len(lines) - 1):
        (document,) = gateway.statements("".join(lines[:row] + lines[row + 1 :]).encode())
        assert any(found.is_error for found in document.findings)


@pytest.mark.parametrize("name", BALANCED)
def test_the_balances_tell_the_order_of_rows_that_stand_the_other_way_round(gateway, name):
    lines, _, _ = running(gateway, name)
    sound = gateway.statement(name)
    turned = gateway.statement("".join([lines[0], *reversed(lines[1:])]).encode())
    assert (turned.opening, turned.closing) == (sound.opening, sound.closing)
    assert gateway.amounts(turned) == gateway.amounts(sound)


def column_of(line, place):
    """Index of the cell that a place of a line is in."""
    quoted, column = False, 0
    for sign in line[:place]:
        if sign == '"':
            quoted = not quoted
        elif sign == "," and not quoted:
            column += 1
    return column
