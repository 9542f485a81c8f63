"""Words in Windows-1250 that are valid UTF-8 by chance, and UTF-8 that is meant."""

from __future__ import annotations

import pytest
from lxml import etree

from efimport.formats.letters import are_ours
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
