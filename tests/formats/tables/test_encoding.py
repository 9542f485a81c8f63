"""The encoding of a text file that does not name it."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efimport.formats.tables.encoding import decode

CZECH = "Částka;Měna;Název protiúčtu\r\n12,50;CZK;Jiří Žižka, Příšerně žluťoučký kůň s.r.o.\r\n"
SLOVENIAN = "RAČUN;NAMEN;UDELEŽENEC\r\n1;Plačilo računa;Živa Šinkovec\r\n"


@pytest.mark.parametrize("text", [CZECH, SLOVENIAN])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1250", "cp852", "iso-8859-2", "mac-latin2"])
def test_a_text_of_ours_is_read_in_the_encoding_that_it_was_written_in(text, encoding):
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
    ],
)
def test_unicode_is_known_by_its_mark_and_utf_16_without_one_too(mark, encoding):
    decoded = decode(mark + CZECH.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.guessed) == (CZECH, encoding, False)


def test_a_short_czech_word_in_windows_1250_is_no_utf_8():
    assert decode("RŮŽENA".encode("cp1250")).text == "RŮŽENA"


def test_an_arrow_and_a_heart_do_not_make_utf_8_doubtful():
    text = "Převod → ❤ hotovo"
    assert decode(text.encode()).encoding == "utf-8"


def test_what_the_format_prescribes_is_not_called_a_guess():
    content = CZECH.encode("cp1250")
    assert not decode(content, ("windows-1250",)).guessed
    assert decode(content).guessed


def test_the_head_of_a_file_may_end_in_the_middle_of_a_letter():
    assert decode("částka".encode() + "č".encode()[:1], is_head=True).encoding == "utf-8"


def test_bytes_that_are_no_letters_are_told_with_their_place():
    decoded = decode(codecs.BOM_UTF8 + b"abc\xff")
    assert decoded.damaged == 3


@given(st.text(st.sampled_from("abc áčďéěíňóřšťúůýžĚŠČŘŽ;\n"), min_size=1))
def test_every_utf_8_text_of_czech_letters_is_read_as_such(text):
    assert decode(text.encode()).text == text


@given(st.binary(max_size=400))
def test_whatever_the_bytes_there_is_a_text(content):
    assert isinstance(decode(content).text, str)


def test_an_encoding_that_the_words_prove_is_believed_but_not_against_a_mark():
    french = "À payer, façade".encode("cp1252")
    decoded = decode(french, known="windows-1252")
    assert (decoded.text, decoded.guessed) == ("À payer, façade", False)
    assert decode(codecs.BOM_UTF8 + "Ñandú".encode(), known="windows-1252").text == "Ñandú"


def test_a_replacement_sign_that_its_maker_wrote_is_no_damage():
    assert decode("Díky \ufffd".encode()).damaged is None
    assert decode(codecs.BOM_UTF8 + b"D\xedky").damaged == 1


def test_one_damaged_byte_does_not_make_another_encoding_of_utf_8():
    content = "Částka;Datum zaúčtování;Název protiúčtu\n1;Žluťoučký;kůň".encode()
    place = content.index("ů".encode())
    found = decode(content[:place] + b"\xe1" + content[place + 2 :])
    assert (found.encoding, found.text[: found.damaged]) == (
        "utf-8",
        "Částka;Datum zaúčtování;Název protiúčtu\n1;Žluťoučký;k",
    )


def test_a_text_in_windows_1250_with_two_bytes_like_a_letter_of_utf_8_stays_what_it_is():
    assert decode("Příchozí úhrada, RŮŽENA".encode("cp1250"), ("windows-1250",)).encoding == "windows-1250"
