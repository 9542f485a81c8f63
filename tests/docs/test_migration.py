"""The script of docs/migration.md moves an old program's tables into the service, whatever is in them."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import efimport_docs_pages as pages
import pandas as pd
import pytest

from efimport.sandbox.server import RunningSandbox, start

SCRIPT = pages.ROOT / "docs" / "migration.py"
MOST_LINES = 30

PARTNERS = pd.DataFrame(
    {
        "Kód": ["0001", "0002"],
        "Název": ["Pekárna U mlýna s.r.o.", "Kavárna Na Růžku"],
        "IČO": ["IČ 123 45 679", None],
        "Ulice": ["Mlýnská 1", "Rohová 2"],
        "Město": ["Brno", "Brno"],
        "PSČ": ["60200", "60200"],
        "Země": ["CZ", "CZ"],
    }
)
PRODUCTS = pd.DataFrame(
    {
        "Kód": ["0308", "0309"],
        "Název": ["Chléb", "Rohlík"],
        "MJ": ["ks", "ks"],
        "Sazba DPH": ["12", "12"],
        "Cena bez DPH": ["1 048,20 Kč", "3,50 Kč"],
    }
)
INVOICES = pd.DataFrame(
    {
        "Číslo faktury": ["0026001", "0026001", "0026002"],
        "Datum vystavení": [dt.date(2026, 1, 13), dt.date(2026, 1, 13), dt.date(2026, 1, 14)],
        "Kód odběratele": ["0001", "0001", "0002"],
        "Kód produktu": ["0308", "0309", "0309"],
        "Množství": [10, 40, 100],
        "Cena za jednotku bez DPH": [48.2, 3.5, 3.5],
        "Sazba DPH": [12, 12, 12],
    }
)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[RunningSandbox]:
    with start("CZ") as running:
        (tmp_path / "efimport.toml").write_text(running.settings(), encoding="utf-8")
        yield running


def write(folder: Path, *, products: pd.DataFrame = PRODUCTS) -> None:
    PARTNERS.to_excel(folder / "partners.xlsx", index=False)
    products.to_csv(folder / "products.csv", sep=";", index=False)
    INVOICES.to_excel(folder / "invoices.xlsx", index=False)


def move(folder: Path, *arguments: str) -> list[str]:
    """What the script prints."""
    places = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("DATA", "STATE", "CONFIG", "CACHE")}
    environment = os.environ | places | {"HOME": str(folder), "PYTHONPATH": str(pages.ROOT), "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-W", "error", str(SCRIPT), "sandbox", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def stored(service: RunningSandbox, *kinds: str) -> list[dict[str, Any]]:
    found: Any = service.state()
    for kind in kinds:
        found = found[kind]
    return [one["elements"] for one in found]


def chosen(elements: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(elements.get(name) for name in names)


def test_everything_arrives_as_it_stood_in_the_tables(tmp_path: Path, service: RunningSandbox) -> None:
    write(tmp_path)
    printed = move(tmp_path, "--send")
    assert "6 documents, 5 calls" in printed
    assert [chosen(one, "partnerCode", "companyName", "ID") for one in stored(service, "partners")] == [
        ("0001", "Pekárna U mlýna s.r.o.", "12345679"),
        ("0002", "Kavárna Na Růžku", None),
    ]
    assert stored(service, "partners")[0]["Addresses"] == [
        {"type": "Primary", "street": "Mlýnská 1", "postalCode": "60200", "city": "Brno", "country": "CZ"}
    ]
    products = stored(service, "products")
    assert [chosen(one, "productCode", "name", "grossPrice", "vatPercentage", "unit") for one in products] == [
        ("0308", "Chléb", "1048.20", "12", "ks"),
        ("0309", "Rohlík", "3.50", "12", "ks"),
    ]
    invoices = stored(service, "documents", "SalesInvoice")
    assert [chosen(one, "number", "date", "buyerCode") for one in invoices] == [
        ("0026001", "2026-01-13", "0001"),
        ("0026002", "2026-01-14", "0002"),
    ]
    lines = [chosen(item, "productCode", "quantity", "netPrice", "vatPercentage") for item in invoices[0]["Items"]]
    assert lines == [("0308", "10", "48.2", "12"), ("0309", "40", "3.5", "12")]


def test_a_second_run_sends_nothing_that_was_sent(tmp_path: Path, service: RunningSandbox) -> None:
    write(tmp_path)
    move(tmp_path, "--send")
    again = move(tmp_path, "--send")
    assert [line.split()[0] for line in again if "Import" in line] == ["skipped"] * 5
    assert len(stored(service, "documents", "SalesInvoice")) == 2


def test_without_the_word_nothing_is_sent(tmp_path: Path, service: RunningSandbox) -> None:
    write(tmp_path)
    assert "6 documents, 5 calls" in move(tmp_path)
    assert stored(service, "partners") == []


def test_a_wrong_cell_is_told_by_row_and_column_and_the_others_go(tmp_path: Path, service: RunningSandbox) -> None:
    write(tmp_path, products=PRODUCTS.assign(**{"Sazba DPH": ["12", "mnoho"]}))
    printed = move(tmp_path, "--send")
    assert any(line.startswith("error: products loc[1, 'Sazba DPH']:") for line in printed)
    assert [one["productCode"] for one in stored(service, "products")] == ["0308"]


def test_the_script_is_short_and_is_the_one_that_the_page_shows() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    [shown] = [block for block in pages.blocks(pages.ROOT / "docs" / "migration.md") if block.file == SCRIPT.name]
    assert shown.text == text
    assert text.count("\n") <= MOST_LINES
