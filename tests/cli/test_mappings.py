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


INVOICES = (
    "Číslo faktury;Datum vystavení;Odběratel;Popis;Množství;Cena;Sazba DPH;Interní\n"
    "2601;13.1.2026;Kavárna Na Růžku;Kolo;1;100,50;21;x\n"
    "2601;13.1.2026;Kavárna Na Růžku;Duše;2;10,20;21;y\n"
)


@pytest.mark.parametrize("target", TARGETS)
def test_what_needs_no_mapping_file_is_shown_as_one_that_could_be_changed(clerk: Any, target: str) -> None:
    done = clerk.run("mappings", "show", target)
    assert done.status == 0
    assert ", must be filled)" in done.err
    clerk.write("mine.toml", done.out)
    assert clerk.run("mappings", "show", "mine.toml").out == done.out


def test_a_mapping_file_of_documents_is_explained_field_by_field(clerk: Any) -> None:
    clerk.write(
        "old.toml",
        'title = "Old program"\ntarget = "invoices"\ndirection = "received"\nonly_named = true\n'
        '[header]\nrequired = ["Č.", "Ze dne"]\nforbidden = ["Sklad"]\n'
        '[columns]\nnumber = "Č."\ndate = "Ze dne"\nkind = "Typ"\n'
        'partner_name = { join = ["Jméno", "Příjmení"] }\n'
        'currency = { constant = "CZK" }\ntext = { names = ["Text"], pattern = "(.+)", occurrence = 2 }\n'
        'partner_city = { first_of = ["Město", "Obec"] }\nnote_unknown = "x"\n'.replace('note_unknown = "x"\n', "")
        + '[service]\npriceListName = "Ceník"\n[words.kind]\ncredit-note = ["DOB"]\n[defaults]\nlanguage = "cs"\n'
        '[[vat]]\nrate = "21"\nbase = "Základ"\n[[skip]]\ncolumn = "Stav"\nvalues = ["storno"]\nreason = "cancelled"\n',
    )
    done = clerk.run("mappings", "show", "old.toml")
    assert done.status == 0
    for line in (
        "The documents are received ones, the partner is the supplier.",
        "It is used only where it is named: --mapping old.",
        'It has none of these columns: "Sklad".',
        '  number (Invoice number, must be filled): "Č.". Number of the document. Rows of one number are one document.',
        '  partner_name (Customer): "Jméno", "Příjmení", put together. Name of the firm or person.',
        '  partner_city (City): the first of "Město", "Obec" that is filled. Town.',
        '  VAT 21 %: "Základ"',
        '  priceListName (element of the service\'s own format): "Ceník"',
        'In kind, "DOB" means: credit-note.',
        "Where language is empty, it is: cs.",
        'Rows are left out by "Stav": cancelled.',
    ):
        assert line in done.err.splitlines()
    assert 'always "CZK"' in done.err
    assert '"Text" (number 2 of this name) (the part that (.+) finds)' in done.err


def test_a_draft_is_written_and_reads_its_example_at_once(clerk: Any) -> None:
    clerk.write("a.csv", INVOICES)
    done = clerk.run("mappings", "new", "a.csv", "-o", "draft.toml")
    assert (done.status, done.out) == (0, "")
    assert "# not used: Interní" in (clerk.folder / "draft.toml").read_text(encoding="utf-8")
    report = clerk.run("check", "a.csv", "--mapping", "draft.toml", "--json").report
    [source] = report["sources"]
    [document] = source["documents"]
    assert (document["number"], document["total"]) == ("2601", "146.29")


def test_a_draft_that_a_person_must_finish_has_an_exit_status_of_its_own(clerk: Any) -> None:
    clerk.write("a.csv", INVOICES.replace("Číslo faktury", "Xyz"))
    done = clerk.run("mappings", "new", "a.csv", "-q")
    assert done.status == 1
    assert 'number = "?"' in done.out
    assert "Invoice number: which column it is; write it for number." in done.err


def test_what_the_rows_are_can_be_said(clerk: Any) -> None:
    clerk.write("a.csv", INVOICES)
    done = clerk.run("mappings", "new", "a.csv", "--target", "orders")
    assert 'target = "orders"' in done.out
    assert clerk.run("mappings", "new", "a.csv", "--target", "letters").status == 2


def test_a_draft_is_never_written_over_another_file(clerk: Any) -> None:
    clerk.write("a.csv", INVOICES)
    clerk.write("mine.toml", "mine")
    assert clerk.run("mappings", "new", "a.csv", "-o", "mine.toml").status == 2
    assert (clerk.folder / "mine.toml").read_text(encoding="utf-8") == "mine"


def test_an_empty_template_is_known_and_told_to_be_empty(clerk: Any) -> None:
    clerk.run("mappings", "template", "partners")
    done = clerk.run("check", "partners.xlsx")
    assert "holds no document" in done.out
    assert "not read" not in done.out
