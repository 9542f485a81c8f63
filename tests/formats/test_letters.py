"""Words in Windows-1250 that are valid UTF-8 by chance, UTF-8 that is meant, and encodings told by their letters."""

from __future__ import annotations

import pytest
from lxml import etree

from efimport.formats.letters import SAMPLE_BYTES, are_ours, likeliest, sample
from efimport.formats.xml import parse, xml_text

BY_CHANCE = ["RŮŽENA", "KŮŽE", "TĚŠNOV", "LŮŽKO", "ŘŽ"]


@pytest.mark.parametrize("word", BY_CHANCE)
def test_a_word_in_windows_1250_may_be_valid_utf_8_but_not_of_our_letters(word: str) -> None:
    chance = word.encode("cp1250").decode("utf-8")
    assert not are_ours(chance)


@pytest.mark.parametrize(
    "word", ["Žluťoučký kůň", "Ľubľana", "čćđšž ČĆĐŠŽ", "Müller & Søn", "100 € – „účet“", "10 000"]
)
def test_words_of_our_texts_are_ours(word: str) -> None:
    assert are_ours(word)


@pytest.mark.parametrize("word", BY_CHANCE)
def test_a_declared_windows_1250_is_believed_where_utf_8_would_be_chance(word: str) -> None:
    content = f'<?xml version="1.0" encoding="Windows-1250"?><a>{word}</a>'.encode("cp1250")
    root = parse(xml_text(content))
    assert isinstance(root, etree._Element)
    assert root.text == word


def test_a_declared_windows_1250_over_utf_8_is_overruled() -> None:
    content = '<?xml version="1.0" encoding="Windows-1250"?><a>Růžena</a>'.encode()
    text = xml_text(content)
    assert [found.code for found in text.findings] == ["encoding.declaration-wrong"]
    root = parse(text)
    assert isinstance(root, etree._Element)
    assert root.text == "Růžena"


def test_a_name_of_an_encoding_that_the_parser_does_not_know_is_overruled() -> None:
    content = '<?xml version="1.0" encoding="windows-1250-"?><a>Růžena</a>'.encode("cp1250")
    text = xml_text(content)
    assert text.encoding == "windows-1250"
    root = parse(text)
    assert isinstance(root, etree._Element)
    assert root.text == "Růžena"


TWO = ("windows-1250", "cp852")
FIVE = ("windows-1250", "cp852", "iso-8859-2", "windows-1252", "mac-latin2")


@pytest.mark.parametrize("encodings", [TWO, FIVE])
@pytest.mark.parametrize("encoding", TWO)
@pytest.mark.parametrize(
    "text",
    ["Nájem", "účtu", "ÚROK", "DOŠLÁ PLATBA Č. 1", "Ľubomír Kráľ", "Živa Šinkovec", "Đorđe Ćosić", "Müller", "Größe"],
)
def test_short_texts_of_ours_tell_their_encoding(text: str, encoding: str, encodings: tuple[str, ...]) -> None:
    assert likeliest(text.encode(encoding), encodings).encoding == encoding


@pytest.mark.parametrize("encodings", [TWO, FIVE])
@pytest.mark.parametrize(
    "text", ["Novák – platba", "„Dar“ pro Jiřího", "podle § 5 č. 7", "Nákup…", "kľúč", "mäso", "cena 100 € – Kráľ"]
)
def test_signs_of_windows_programs_tell_windows_1250(text: str, encodings: tuple[str, ...]) -> None:
    assert likeliest(text.encode("cp1250"), encodings).encoding == "windows-1250"


@pytest.mark.parametrize("encoding", ["iso-8859-2", "mac-latin2"])
@pytest.mark.parametrize("text", ["Příliš žluťoučký kůň", "Šťastný, s.r.o.", "Živa Šinkovec", "Zażółć gęślą jaźń"])
def test_rarer_encodings_are_told_where_they_are_candidates(text: str, encoding: str) -> None:
    assert likeliest(text.encode(encoding), FIVE).encoding == encoding


def test_the_first_of_equally_likely_encodings_wins_and_is_in_doubt() -> None:
    judged = likeliest("á".encode("cp1250"), ("windows-1250", "iso-8859-2"))
    assert (judged.encoding, judged.is_likely, judged.is_doubtful) == ("windows-1250", True, True)
    assert likeliest("ž".encode("cp1250"), ("iso-8859-2", "windows-1250")).encoding == "windows-1250"


def test_letters_that_are_usual_in_no_candidate_are_likely_in_none() -> None:
    judged = likeliest(b"\x98", ("windows-1250", "iso-8859-2"))
    assert (judged.is_likely, judged.is_doubtful) == (False, True)


def test_a_large_file_is_judged_from_its_first_letter_on() -> None:
    content = b"x" * (SAMPLE_BYTES + 5) + "Nájem".encode("cp852") + b"y" * SAMPLE_BYTES
    assert sample(content).startswith("Nájem".encode("cp852"))
    assert len(sample(content)) == SAMPLE_BYTES + 1
    assert likeliest(content, TWO).encoding == "cp852"


def test_a_text_of_ascii_alone_has_nothing_to_judge() -> None:
    assert sample(b"plain text") == b""
