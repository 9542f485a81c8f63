"""``efimport mappings``: known tables listed and explained, empty ones written."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import openpyxl
import pytest

from efimport.mappings import data_folder, shipped_mappings
from efimport.mappings.targets import TARGETS


def test_mappings_are_listed_in_groups_by_what_they_read(clerk: Any) -> None:
    done = clerk.run("mappings", "list")
    lines = done.out.splitlines()
    heads = [line for line in lines if not line.startswith(" ")]
    assert heads == ["Statements of accounts:", "Partners:", "Products:", "Orders:", "Invoices:"]
    listed = {line.split()[0] for line in lines if line.startswith("  ")}
    assert listed == {one.name for one in shipped_mappings()} | set(TARGETS)
    assert done.status == 0


def test_a_mapping_is_explained_beside_its_file(clerk: Any) -> None:
    done = clerk.run("mappings", "show", "fio")
    assert done.out == (data_folder("mappings") / "fio.toml").read_text(encoding="utf-8")
    lines = done.err.splitlines()
    assert lines[0].startswith("Fio banka: movements of an account (CSV). Evidence A: seen in a real file")
    assert '  "ID pohybu" / "ID operace"' in lines
    assert '  variable_symbol (variable symbol): "VS"' in lines
    assert done.status == 0


def test_a_layout_without_balances_says_so(clerk: Any) -> None:
    assert "cannot be noticed" in clerk.run("mappings", "show", "comgate").err
    assert "cannot be noticed" not in clerk.run("mappings", "show", "wise").err


@pytest.mark.parametrize("name", [one.name for one in shipped_mappings()])
def test_every_shipped_mapping_is_explained_in_words(clerk: Any, name: str) -> None:
    done = clerk.run("mappings", "show", name)
    assert done.status == 0
    assert not re.search(r"\{[a-z_]+\}", done.err)
    assert tomllib.loads(done.out)["title"]


def test_a_name_that_is_not_known_leads_to_near_ones(clerk: Any) -> None:
    done = clerk.run("mappings", "show", "revolt")
    assert (done.status, done.out) == (2, "")
    assert "revolut" in done.err


def test_an_empty_workbook_is_written_and_never_over_another_file(clerk: Any) -> None:
    done = clerk.run("mappings", "template", "partners", "-o", "ours.xlsx", "--lang", "cs")
    assert (done.status, done.out) == (0, "")
    book = openpyxl.load_workbook(clerk.folder / "ours.xlsx")
    assert book.worksheets[0]["A1"].value == "Kód partnera"
    before = (clerk.folder / "ours.xlsx").read_bytes()
    again = clerk.run("mappings", "template", "products", "-o", "ours.xlsx")
    assert again.status == 2
    assert (clerk.folder / "ours.xlsx").read_bytes() == before


def test_a_template_is_called_after_its_target_where_nobody_says_otherwise(clerk: Any) -> None:
    clerk.run("mappings", "template", "orders")
    assert (clerk.folder / "orders.xlsx").is_file()


def test_headings_have_languages_of_their_own(clerk: Any) -> None:
    clerk.run("mappings", "template", "products", "-o", "p.csv", "--headings", "hr")
    assert (clerk.folder / "p.csv").read_text(encoding="utf-8-sig").startswith("Šifra artikla;Naziv;")


def test_the_rates_are_those_of_the_site(clerk: Any) -> None:
    clerk.run("mappings", "template", "products", "--site", "HR")
    book = openpyxl.load_workbook(clerk.folder / "products.xlsx")
    column = [cell.value for cell in book.worksheets[0][1]].index("VAT %") + 1
    assert [book["efimport lists"].cell(row, column).value for row in (1, 2, 3, 4)] == [25, 13, 5, 0]


@pytest.mark.parametrize(
    ("name", "word"), [("partners.ods", ".xlsx, .csv"), ("absent/partners.xlsx", "does not exist")]
)
def test_a_place_or_kind_that_cannot_be_written_is_said(clerk: Any, name: str, word: str) -> None:
    done = clerk.run("mappings", "template", "partners", "-o", name)
    assert done.status == 2
    assert word in done.err
