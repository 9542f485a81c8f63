"""Tables of codes: the shipped lines, and those of a firm before them."""

from __future__ import annotations

import os

import pytest

from efimport.errors import SettingsError
from efimport.mappings import codes, data_folder, plain_key


def test_a_line_of_the_firm_comes_before_the_shipped_one(tmp_path):
    (tmp_path / "service.toml").write_text('[method_of_payment]\npostal = "cheques"\n', encoding="utf-8")
    own = codes("service", str(tmp_path))
    assert own["method_of_payment"]["postal"] == "cheques"
    assert own["method_of_payment"]["cash"] == codes("service")["method_of_payment"]["cash"]


def test_a_list_of_the_firm_replaces_the_shipped_one(tmp_path):
    (tmp_path / "vat-rates.toml").write_text("[[CZ]]\nfrom = 2030-01-01\nhigh = 22\n", encoding="utf-8")
    own = codes("vat-rates", str(tmp_path))
    assert [period["high"] for period in own["CZ"]] == [22]
    assert own["SK"] == codes("vat-rates")["SK"]


def test_the_shipped_table_stays_as_it_is_beside_that_of_a_firm(tmp_path):
    (tmp_path / "service.toml").write_text('[currency]\nCZ = "EUR"\n', encoding="utf-8")
    assert codes("service", str(tmp_path))["currency"]["CZ"] == "EUR"
    assert codes("service")["currency"]["CZ"] == "CZK"


def test_a_folder_without_a_table_of_the_name_changes_nothing(tmp_path):
    assert codes("service", str(tmp_path)) == codes("service")


def test_a_table_that_is_written_anew_is_read_anew(tmp_path):
    path = tmp_path / "service.toml"
    path.write_text("[reverse_charge]\nCZ = 1\n", encoding="utf-8")
    assert codes("service", str(tmp_path))["reverse_charge"]["CZ"] == 1
    path.write_text("[reverse_charge]\nCZ = 2\n", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert codes("service", str(tmp_path))["reverse_charge"]["CZ"] == 2


@pytest.mark.parametrize("content", [b"= 1", b"a = '\xff'"])
def test_a_table_that_cannot_be_read_is_named(tmp_path, content):
    (tmp_path / "service.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"service\.toml"):
        codes("service", str(tmp_path))


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        ("vat-transactions", "CZ = 7\n", "CZ"),
        ("vat-transactions", "[foreign]\nCZ = 20\n", "CZ"),
        ("vat-transactions", "[CZ]\nUD = [0]\n", "UD"),
        ("vat-rates", "[CZ]\nhigh = 21\n", "CZ"),
        ("languages", "[language]\ncs = true\n", "cs"),
        ("languages", "[language]\nsk = [1]\n", "sk"),
        ("service", "[method_of_payment]\nbarter = { a = 1 }\n", "barter"),
        ("routes", "[as]\nissued-proforma = ['issued-invoice']\n", "issued-proforma"),
        ("input-vat", "[CZ.suppliers]\nDE123456788 = 1.5\n", "DE123456788"),
    ],
)
def test_a_table_of_another_shape_is_told_with_its_file(tmp_path, name, text, key):
    (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=f"{key} is of another kind") as refused:
        codes(name, str(tmp_path))
    assert f"{name}.toml" in str(refused.value)


def test_a_number_may_be_written_as_a_text(tmp_path):
    (tmp_path / "vat-transactions.toml").write_text('[CZ]\nUD = "7"\n', encoding="utf-8")
    assert codes("vat-transactions", str(tmp_path))["CZ"]["UD"] == "7"


def test_a_line_of_the_firm_takes_the_place_of_the_shipped_one_whatever_its_capitals(tmp_path):
    (tmp_path / "vat-transactions.toml").write_text('[CZ]\n" ud " = 15\n', encoding="utf-8")
    table = codes("vat-transactions", str(tmp_path))["CZ"]
    assert table["UD"] == 15
    assert [plain_key(key) for key in table].count("ud") == 1


@pytest.mark.parametrize("file", sorted((data_folder("mappings") / "codes").glob("*.toml")), ids=lambda file: file.stem)
def test_no_shipped_table_has_two_lines_that_mean_the_same(file):
    def tables(table):
        yield table
        for value in table.values():
            if isinstance(value, dict):
                yield from tables(value)

    for table in tables(codes(file.stem)):
        assert len({plain_key(key) for key in table}) == len(table)
