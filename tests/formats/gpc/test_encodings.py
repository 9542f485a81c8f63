"""Files in UTF-16 without a mark and in code page 852 are told apart, put back into Windows-1250, and said to be so."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.formats.gpc import recognise
from efimport.formats.gpc.encodings import is_code_page_852
from efimport.formats.reading import Reading, Sample
from efimport.sources import Source

NAMES = ("Žluťásek a syn", "Jiří Dvořák", "Pekárna U Kříže", "Nováková Jiřina", "Šťastný, s.r.o.")


def written(gpc):
    items = tuple(gpc.Item(name=name, records=(f"078Platba za zboží, {name}",)) for name in NAMES)
    return gpc.Written(items=items)


@pytest.mark.parametrize("encoding", ["cp852", "utf-16-le", "utf-16-be"])
def test_a_file_in_another_encoding_is_read_as_the_bank_meant_it(gpc, encoding):
    content = gpc.encode(written(gpc), encoding=encoding)
    source = Source("statement.txt", content)
    assert recognise(Sample(source)).confidence == 100
    found, plain = gpc.statement(content), gpc.statement(gpc.encode(written(gpc)))
    assert [entry.counter_name for entry in found.entries] == list(NAMES)
    assert [entry.message for entry in found.entries] == [f"Platba za zboží, {name}" for name in NAMES]
    assert found.origin.content == plain.origin.content
    assert found.origin.changes == ("gpc.utf8", *plain.origin.changes)
    assert gpc.codes(found) == gpc.codes(plain) | {"gpc.utf8"}
    assert "gpc.utf8" not in gpc.codes(plain)


@pytest.mark.parametrize(
    ("encoding", "named"), [("cp852", "cp852"), ("utf-16-le", "utf-16"), ("cp1250", "windows-1250")]
)
def test_the_encoding_is_named(gpc, encoding, named):
    from efimport.formats.gpc import read

    reading = Reading()
    list(read(Source("statement.gpc", gpc.encode(written(gpc), encoding=encoding)), reading))
    assert reading.encoding == named


def test_lines_before_the_first_record_do_not_hide_the_encoding(gpc):
    content = "\r\n".encode("utf-16-le") + gpc.encode(written(gpc), encoding="utf-16-le")
    assert [entry.counter_name for entry in gpc.statement(content).entries] == list(NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "Nákup…",
        "Firma – Dvořák",
        "§ 5 – oprava",
        "„Kovář“",
        "Łódź Łucja",
        "Gyürüs Gyöngyi Szőke",
        "Müller Größe",
        "ÁÉÍÓÚ",
        "Řehoř Řezníček",
        "",
    ],
)
def test_windows_1250_is_not_taken_for_code_page_852(text):
    assert not is_code_page_852(text.encode("cp1250"))


@settings(max_examples=300, deadline=None)
@given(st.text("áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽäöüôľĺŕaeiou –…„“§", max_size=60))
def test_no_czech_text_in_windows_1250_is_taken_for_code_page_852(text):
    letters = sum(letter.isalpha() for letter in text if letter > "\x7f")
    signs = sum(letter in "–…„“§" for letter in text)
    if letters >= 3 * signs:
        assert not is_code_page_852(text.encode("cp1250"))
