from __future__ import annotations

from typing import Any

import pytest

from efimport.findings import codes, define


def test_a_code_is_explained_with_meaning_reason_and_remedy(clerk: Any) -> None:
    done = clerk.run("explain", "statement.balance-mismatch")
    assert done.status == 0
    definition = define("statement.balance-mismatch")
    assert done.out.startswith(f"statement.balance-mismatch (error): {definition.title}\n")
    for heading in ("What it says:", "Why it matters:", "What to do:"):
        assert heading in done.out
    assert " ".join(definition.why.split()) in " ".join(done.out.split())


@pytest.mark.parametrize("code", codes())
def test_every_code_reads_without_fields_that_nothing_fills(clerk: Any, code: str) -> None:
    done = clerk.run("explain", code)
    assert done.status == 0
    assert "{" not in done.out
    assert max(map(len, done.out.splitlines()[1:])) <= 96


def test_without_a_code_all_are_listed(clerk: Any) -> None:
    listed = [line.split()[0] for line in clerk.run("explain").out.splitlines()]
    assert listed == codes()


def test_an_area_lists_its_codes(clerk: Any) -> None:
    listed = [line.split()[0] for line in clerk.run("explain", "iban").out.splitlines()]
    assert listed == [code for code in codes() if code.startswith("iban.")]


def test_capital_letters_do_not_matter(clerk: Any) -> None:
    assert clerk.run("explain", "IBAN.Checksum").status == 0


def test_a_mistyped_code_is_told_with_the_near_ones(clerk: Any) -> None:
    done = clerk.run("explain", "iban.checksumm")
    assert done.status == 2
    assert "Did you mean: iban.checksum" in done.err


@pytest.mark.parametrize("code", ["x" * 5000, "../settings", "iban.checksum\x00", "."])
def test_nonsense_is_told_and_nothing_breaks(clerk: Any, code: str) -> None:
    done = clerk.run("explain", code)
    assert done.status == 2
    assert "There is no finding with the code" in done.err
    assert len(done.err) < 400
