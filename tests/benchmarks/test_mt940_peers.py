"""The comparison of MT940 readers: its measure, its judge, and efimport's own column of the page."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from benchmarks.peers import page
from benchmarks.peers.comparison import Files, of_files, of_sound, of_trap, survived
from benchmarks.peers.judging import Outcome, outcome
from benchmarks.peers.reading import efimport_way, read
from benchmarks.peers.stated import DoubtfulError, Stated, stated
from benchmarks.peers.traps import Trap, traps

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus" / "mt940"
PAGE = (ROOT / "docs" / "mt940-readers.md").read_text(encoding="utf-8")
TWO_PAGES = b""":60F:C260101CZK100,00
:61:2601020102C50,00NTRFA
:62M:C260102CZK150,
:60M:C260102CZK150,00
:61:260103RC30,00NTRFB
:62F:C260103CZK120,00
"""


def given(*statements: tuple[str | None, str | None, list[str]]) -> dict[str, Any]:
    names = ("opening", "closing", "amounts")
    return {"statements": [dict(zip(names, one, strict=True)) | {"texts": ["Platba"]} for one in statements]}


WHOLE = given(("100.00", "120", ["50.00", "-30.00"]))
BY_PAGES = given(("100.00", "150", ["50.00"]), ("150", "120", ["-30"]))


def test_pages_that_go_on_are_one_statement() -> None:
    (one,) = stated(TWO_PAGES)
    assert (one.opening, one.closing, one.amounts) == (100, 120, [50, -30])
    assert one.complete
    assert one.closes


def test_pages_that_do_not_go_on_make_no_complete_statement() -> None:
    found = stated(TWO_PAGES.replace(b":60M:C260102CZK150", b":60M:C260102CZK151"))
    assert [one.complete for one in found] == [False, False]


def test_a_statement_can_be_complete_and_not_close() -> None:
    (one,) = stated(TWO_PAGES.replace(b"RC30,00", b"RC31,00"))
    assert (one.complete, one.closes) == (True, False)


@pytest.mark.parametrize("field", [":61:2601020102C5O,00NTRF", ":61:260102CCZK50,00NTRF", ":60F:C260101CZK1.000,00"])
def test_what_can_be_doubted_is_no_measure(field: str) -> None:
    with pytest.raises(DoubtfulError):
        stated(field.encode())


@pytest.mark.parametrize("way", [WHOLE, BY_PAGES], ids=["whole", "by pages"])
def test_whole_or_by_pages_is_right(way: dict[str, Any]) -> None:
    assert outcome([way], stated(TWO_PAGES), ["Platba"]) is Outcome.RIGHT


@pytest.mark.parametrize(
    "way",
    [
        given(("100", "120", ["50", "30"])),
        given(("100", "120", ["50"])),
        given(("100", "120", ["-30", "50"])),
        given(("100", None, ["50", "-30"])),
        given(("100", "120", ["50", "-30"]), (None, None, ["1"])),
        given(("100", "150", ["50"])),
        given(),
    ],
    ids=["sign", "lost", "order", "no balance", "made up", "a page lost", "nothing"],
)
def test_what_differs_is_wrong(way: dict[str, Any]) -> None:
    assert outcome([way], stated(TWO_PAGES)) is Outcome.SILENT


def test_a_text_that_is_lost_is_wrong() -> None:
    assert outcome([WHOLE], stated(TWO_PAGES), ["Faktura"]) is Outcome.SILENT


def test_one_way_that_is_right_is_enough_and_else_the_first_counts() -> None:
    file, raised = stated(TWO_PAGES), {"told": "ValueError"}
    assert outcome([raised, WHOLE], file) is Outcome.RIGHT
    assert outcome([raised, given()], file) is Outcome.TOLD
    assert outcome([given(), raised], file) is Outcome.SILENT


def test_an_error_in_a_sound_file_is_not_right() -> None:
    assert of_sound([WHOLE | {"told": "statement.balance-mismatch"}], stated(TWO_PAGES)) is Outcome.TOLD


@pytest.mark.parametrize("trap", traps(), ids=lambda trap: trap.title)
def test_a_trap_adds_up_as_it_is_said_beside_it(trap: Trap) -> None:
    assert trap.faulty == (not trap.statements)
    for one in trap.statements:
        assert one.closes
        assert sum(one.amounts, one.opening or Decimal(0)) == one.closing


def own(path: Path) -> list[dict[str, Any]]:
    return [read("efimport", efimport_way, str(path))]


@pytest.mark.parametrize("trap", traps(), ids=lambda trap: trap.title)
def test_efimport_does_with_a_trap_what_the_page_says(trap: Trap, tmp_path: Path) -> None:
    path = tmp_path / "a.sta"
    path.write_bytes(trap.content)
    row = re.search(rf"^\| {re.escape(trap.title)} \| ([^|]+) \|", PAGE, re.MULTILINE)
    found = of_trap(trap, own(path))
    assert row
    assert row[1] == page.sign_of(trap, found)
    assert survived(trap, found)


def test_the_page_has_every_trap() -> None:
    assert f"| of {len(traps())} |" in PAGE


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the files of other programs are not here")
def test_the_line_of_efimport_on_the_page_is_what_it_does_today() -> None:
    files = Files.of(CORPUS)
    outcomes = {"efimport": of_files(files, [own(path) for path in files.judged])}
    head, rule, line = page.table_of_files(files, outcomes).splitlines()
    assert f"{head}\n{rule}\n{line}\n" in PAGE


def test_a_statement_without_an_opening_is_not_complete() -> None:
    (one,) = stated(b":61:2601020102C50,00NTRFA\n:62F:C260103CZK120,00\n")
    assert isinstance(one, Stated)
    assert not one.complete
