from __future__ import annotations

import csv
import io
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree

from efimport import read


def table(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content)))


def test_invoices_become_a_table_that_keeps_leading_zeros(clerk: Any, samples: Path) -> None:
    done = clerk.run("convert", samples / "invoices" / "issued-invoices.xml", "--to", "csv")
    assert done.status == 0
    rows = table(done.out)
    assert [row["number"] for row in rows] == ["260100001", "260100002", "260100003"]
    assert rows[0]["constant_symbol"] == "0308"
    assert rows[2]["partner_registration_number"] == "03579212"
    assert rows[0]["total"] == "15642.50"


def test_a_statement_becomes_the_table_of_its_entries(clerk: Any, samples: Path) -> None:
    done = clerk.run("convert", samples / "statements" / "fio-2026-01.gpc", "--to", "csv")
    rows = table(done.out)
    (statement,) = read(samples / "statements" / "fio-2026-01.gpc")
    assert [Decimal(row["amount"]) for row in rows] == [entry.amount for entry in statement.entries]
    assert {row["account_number"] for row in rows} == {statement.account.number}


def test_statements_and_invoices_do_not_go_into_one_table(clerk: Any, samples: Path) -> None:
    done = clerk.run("convert", samples / "other" / "february.zip", "--to", "csv", "-o", "out.csv")
    assert done.status == 2
    assert "do not fit into one table" in done.err
    assert not (clerk.folder / "out.csv").exists()


def test_a_spreadsheet_holds_identifiers_as_text_and_amounts_as_numbers(clerk: Any, samples: Path) -> None:
    pack = samples / "invoices" / "issued-invoices.xml"
    assert clerk.run("convert", pack, "--to", "xlsx", "-o", "out.xlsx").status == 0
    book = openpyxl.load_workbook(clerk.folder / "out.xlsx")
    assert book.sheetnames == ["Documents", "Lines"]
    heads, first, *_ = book["Documents"].iter_rows(values_only=True)
    row = dict(zip(heads, first, strict=True))
    assert row["constant_symbol"] == "0308"
    assert row["total"] == 15642.5
    (document, *_) = read(pack)
    assert book["Lines"].max_row > len(document.lines)


@pytest.mark.parametrize("wanted", ["csv", "xlsx"])
def test_no_cell_is_a_formula(clerk: Any, wanted: str) -> None:
    clerk.invoice(firm="=cmd|' /C calc'!A0")
    assert clerk.run("convert", "invoice.xml", "--to", wanted, "-o", f"out.{wanted}").status == 0
    if wanted == "csv":
        (row,) = table((clerk.folder / "out.csv").read_text(encoding="utf-8"))
        assert row["partner"] == "'=cmd|' /C calc'!A0"
        return
    cells = [cell for line in openpyxl.load_workbook(clerk.folder / "out.xlsx")["Documents"] for cell in line]
    assert all(cell.data_type != "f" for cell in cells)
    assert "'=cmd|' /C calc'!A0" in [cell.value for cell in cells]


def test_json_holds_all_that_is_known_and_amounts_as_texts(clerk: Any, samples: Path) -> None:
    done = clerk.run("convert", samples / "received" / "credit-note.isdocx", "--to", "json")
    (source,) = json.loads(done.out)["sources"]
    (document,) = source["documents"]
    assert document["payable"] == "774.40"
    assert document["origin"]["bytes"] > 0
    assert "content" not in document["origin"]
    assert document["supplier"]["name"] == "Energie pro všechny a.s."


def test_an_invoice_becomes_an_isdoc_that_says_the_same(clerk: Any, samples: Path) -> None:
    pack = samples / "invoices" / "user-export.xml"
    assert clerk.run("convert", pack, "--to", "isdoc", "-o", "out.isdoc").status == 0
    (before,) = read(pack)
    (after,) = read(clerk.folder / "out.isdoc")
    assert (after.number, after.date, after.payable) == (before.number, before.date, before.payable)


def test_isdoc_on_standard_output_is_the_document_alone(clerk: Any, samples: Path) -> None:
    done = clerk.run("convert", samples / "invoices" / "user-export.xml", "--to", "isdoc")
    assert etree.fromstring(done.out.encode()).tag == "{http://isdoc.cz/namespace/2013}Invoice"


def test_an_isdoc_becomes_a_pack_of_pohoda_that_says_the_same(clerk: Any, samples: Path) -> None:
    isdoc = samples / "received" / "credit-note.isdocx"
    done = clerk.run("convert", isdoc, "--to", "pohoda", "-o", "out.xml")
    assert done.status == 0
    (before,) = read(isdoc)
    (after,) = read(clerk.folder / "out.xml")
    assert after.origin.format == "pohoda"
    # POHODA writes a credit note below nothing.
    assert (after.number, after.date, after.payable) == (before.number, before.date, -before.payable)
    assert after.supplier.name == before.supplier.name


def test_several_documents_share_one_pack(clerk: Any, samples: Path) -> None:
    pack = samples / "invoices" / "issued-invoices.xml"
    assert clerk.run("convert", pack, "--to", "pohoda", "-o", "out.xml").status == 0
    before, after = read(pack), read(clerk.folder / "out.xml")
    assert [(one.number, one.total) for one in after] == [(one.number, one.total) for one in before]


def test_a_pack_is_for_the_organization_of_the_settings(clerk: Any, samples: Path) -> None:
    clerk.write("efimport.toml", '[organizations.acme]\nsite = "CZ"\ntoken = "T"\nregistration_number = "27082440"\n')
    isdoc = samples / "received" / "credit-note.isdocx"
    assert clerk.run("convert", isdoc, "--to", "pohoda", "-o", "out.xml").status == 0
    assert etree.parse(clerk.folder / "out.xml").getroot().get("ico") == "27082440"


def test_what_pohoda_cannot_hold_is_named_and_gives_status_1(clerk: Any, samples: Path) -> None:
    done = clerk.run("convert", samples / "statements" / "fio-2026-01.gpc", "--to", "pohoda", "-o", "out.xml")
    assert done.status == 1
    assert "POHODA XML takes invoices, orders, partners and products only." in done.err
    assert not (clerk.folder / "out.xml").exists()


def test_several_invoices_need_a_folder_for_their_isdocs(clerk: Any, samples: Path) -> None:
    pack = samples / "invoices" / "issued-invoices.xml"
    done = clerk.run("convert", pack, "--to", "isdoc", "-o", "out.isdoc")
    assert done.status == 2
    assert "3 documents, and ISDOC holds one a file" in done.err
    (clerk.folder / "out").mkdir()
    assert clerk.run("convert", pack, "--to", "isdoc", "-o", "out").status == 0
    names = sorted(path.name for path in (clerk.folder / "out").iterdir())
    assert names == ["260100001.isdoc", "260100002.isdoc", "260100003.isdoc"]


def test_two_documents_of_one_number_get_two_files_and_no_number_leaves_the_folder(clerk: Any) -> None:
    clerk.invoice("a.xml", number="../../out")
    item = (clerk.folder / "a.xml").read_text(encoding="utf-8")
    start, end = item.index("<dat:dataPackItem"), item.index("</dat:dataPack>")
    second = item[start:end].replace('id="1"', 'id="2"')
    clerk.write("a.xml", item[:end] + second + item[end:])
    (clerk.folder / "deep" / "out").mkdir(parents=True)
    clerk.run("convert", "a.xml", "--to", "isdoc", "-o", "deep/out")
    assert sorted(path.name for path in (clerk.folder / "deep/out").iterdir()) == ["out-2.isdoc", "out.isdoc"]


def test_what_isdoc_cannot_hold_is_named_and_gives_status_1(clerk: Any, samples: Path) -> None:
    (clerk.folder / "out").mkdir()
    done = clerk.run("convert", samples / "invoices" / "mixed-pack.xml", "--to", "isdoc", "-o", "out")
    assert done.status == 1
    assert "ISDOC takes invoices with a number and a date only" in done.err
    assert "order-received OBJ260007" in done.err


def test_a_file_with_an_error_is_told_and_nothing_is_written(clerk: Any) -> None:
    clerk.write("empty.xml", b"")
    done = clerk.run("convert", "empty.xml", "--to", "json", "-o", "out.json")
    assert done.status == 1
    assert "empty.xml: error: The file is empty (0 bytes)." in done.err
    assert not (clerk.folder / "out.json").exists()


def test_a_damaged_file_gives_what_could_be_read_and_status_1(clerk: Any, samples: Path) -> None:
    done = clerk.run("convert", samples / "invoices" / "truncated.xml", "--to", "csv")
    assert done.status == 1
    assert len(table(done.out)) == 2
    assert "line 73" in done.err


def test_a_file_is_not_overwritten_by_its_own_conversion(clerk: Any) -> None:
    before = clerk.invoice().read_bytes()
    done = clerk.run("convert", "invoice.xml", "--to", "isdoc", "-o", "./invoice.xml")
    assert done.status == 2
    assert (clerk.folder / "invoice.xml").read_bytes() == before


def test_a_place_that_cannot_be_written_is_told_before_the_work(clerk: Any) -> None:
    clerk.invoice()
    assert "does not exist" in clerk.run("convert", "invoice.xml", "--to", "json", "-o", "nowhere/out.json").err


def test_a_spreadsheet_is_not_thrown_at_a_terminal(clerk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk.invoice()
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    done = clerk.run("convert", "invoice.xml", "--to", "xlsx")
    assert done.status == 2
    assert "Name a file with -o" in done.err


@pytest.mark.parametrize("wanted", ["ubl", "pdf"])
def test_a_format_that_is_not_written_yet_is_told_with_those_that_are(clerk: Any, wanted: str) -> None:
    done = clerk.run("convert", "a.xml", "--to", wanted)
    assert done.status == 2
    assert "'json', 'csv', 'xlsx', 'isdoc', 'pohoda', 'cba-xml', 'gpc', 'mt940'" in done.err


@pytest.mark.parametrize("wanted", ["cba-xml", "gpc", "mt940"])
def test_a_statement_in_another_format_is_the_same_statement(clerk: Any, samples: Path, wanted: str) -> None:
    path = samples / "statements" / "fio-2026-01.gpc"
    assert clerk.run("convert", path, "--to", wanted, "-o", "out").status == 0
    (before,), (after,) = read(path), read(clerk.folder / "out")
    for field in ("opening", "closing", "number", "currency", "date"):
        assert getattr(after, field) == getattr(before, field)
    for field in ("amount", "date", "variable_symbol", "constant_symbol", "specific_symbol", "counter_name"):
        assert [getattr(one, field) for one in after.entries] == [getattr(one, field) for one in before.entries]


def test_all_statements_of_a_file_are_in_one_file_of_the_other_format(clerk: Any, samples: Path) -> None:
    path = samples / "other" / "february.zip"
    statements = [document for document in read(path) if document.kind == "bank-statement"]
    done = clerk.run("convert", path, "--to", "gpc", "-o", "out.gpc")
    assert len(list(read(clerk.folder / "out.gpc"))) == len(statements)
    assert done.status == 1
    assert "It is no bank statement." in done.err


def test_what_a_format_of_statements_has_no_room_for_is_told(clerk: Any, samples: Path) -> None:
    clerk.run("convert", samples / "statements" / "fio-2026-01.gpc", "--to", "csv", "-o", "a.csv")
    table = (clerk.folder / "a.csv").read_text(encoding="utf-8")
    clerk.write("long.csv", table.replace("Nájem tiskárny", "Nájem tiskárny a všeho, co k ní patří"))
    done = clerk.run("convert", "long.csv", "--to", "gpc", "-o", "out.gpc")
    assert "have no room in gpc, or not in full" in done.err


@pytest.mark.parametrize("wanted", ["cba-xml", "mt940"])
def test_a_currency_that_the_file_does_not_say_is_that_of_the_country_and_is_told(
    clerk: Any, samples: Path, wanted: str
) -> None:
    # 119 to 122 hold a kind of data here, and no currency.
    content = (samples / "statements" / "fio-2026-01.gpc").read_bytes().replace(b"00203", b"01101")
    (clerk.folder / "a.gpc").write_bytes(content)
    done = clerk.run("convert", "a.gpc", "--to", wanted, "-o", "out")
    (after,) = read(clerk.folder / "out")
    assert after.currency == "CZK"
    assert f"does not say its currency; CZK is written in {wanted}" in done.err


def test_an_invoice_is_no_statement(clerk: Any) -> None:
    clerk.invoice()
    done = clerk.run("convert", "invoice.xml", "--to", "mt940", "-o", "out.sta")
    assert done.status == 1
    assert "It is no bank statement." in done.err
    assert not (clerk.folder / "out.sta").exists()
