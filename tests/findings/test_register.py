"""The register of finding codes: every code is used, explained and tested, and no other is used."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import efimport
from efimport.findings import Location, Severity, codes, define, finding
from efimport.messages import Message

PACKAGE = Path(efimport.__file__).parent
TESTS = Path(__file__).resolve().parents[1]
OURS = (
    "source", "archive", "encoding", "invoice", "party", "payload", "routing", "effect", "partner", "product",
    "statement", "account", "iban", "code", "received", "named", "code",
)  # fmt: skip
MADE = {
    "account": {"iban.form", "iban.checksum", "iban.national"},
    "repeated": {"invoice.number-repeated", "statement.number-repeated"},
}
"""Codes that the package puts together: ``f"iban.{problem}"`` and the like."""


def _texts(folder, suffix):
    return {path: path.read_text(encoding="utf-8") for path in folder.rglob(f"*{suffix}")}


PROGRAM = "\n".join(_texts(PACKAGE, ".py").values())
TESTED = {
    code
    for path, text in _texts(TESTS, ".py").items()
    if path != Path(__file__)
    for code in re.findall(r'"([a-z]+\.[a-z-]+)"', text)
}
CODES = codes()
OWN_CODES = [code for code in CODES if code.partition(".")[0] in OURS]


def test_the_register_is_found():
    assert len(CODES) > 100


@pytest.mark.parametrize("code", CODES)
def test_an_entry_is_complete(code):
    entry = define(code)
    assert all((entry.title, entry.message, entry.why))
    assert entry.hint or entry.severity is Severity.INFO
    assert entry.message.rstrip().endswith((".", ":", "}", ")"))
    assert not entry.title.endswith(".")


@pytest.mark.parametrize("code", CODES)
def test_templates_are_well_formed(code):
    entry = define(code)
    for template in (entry.message, entry.hint):
        fields = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
        assert all(re.fullmatch("[a-z_]+", name) for name in fields), template


@pytest.mark.parametrize("code", OWN_CODES)
def test_a_code_is_used_by_the_package(code):
    made = set().union(*MADE.values())
    assert f'"{code}"' in PROGRAM or code in made


@pytest.mark.parametrize("code", OWN_CODES)
def test_a_code_is_named_by_a_test(code):
    assert code in TESTED


def test_the_package_uses_no_code_that_is_not_in_the_register():
    used = set(re.findall(r'(?:finding|refused|note|add)\(\s*(?:[a-z.]+, )?"([a-z]+\.[a-z-]+)"', PROGRAM))
    assert len(used) > 60
    assert used - set(CODES) == set()


@pytest.mark.parametrize("code", ["nothing.known", "source", "source.", "../source.empty", "", "isdoc.no such"])
def test_an_unknown_code_is_a_key_error(code):
    with pytest.raises(KeyError):
        define(code)


def test_a_finding_carries_the_texts_of_the_register_filled_in():
    found = finding("invoice.duplicate-number", Location(path="a.xml"), number="1", other="b.xml")
    assert found.severity is Severity.ERROR
    assert found.is_error
    assert "1" in found.message
    assert "b.xml" in found.message
    assert found.location == Location(path="a.xml")
    assert isinstance(found.hint, Message)


def test_a_finding_can_weigh_less_than_usual():
    found = finding("source.empty", severity=Severity.WARNING)
    assert found.severity is Severity.WARNING
    assert not found.is_error
    assert found.location == Location()


def test_a_location_takes_the_name_of_its_file_once():
    place = Location(line=3).in_file("a.xml")
    assert place == Location(path="a.xml", line=3)
    assert place.in_file("b.xml") == place


def test_what_a_code_covers_exists():
    assert {covered for code in CODES for covered in define(code).covers} <= set(CODES)
