from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efimport.messages import Catalogue, Message, choose_language, message


def test_a_message_is_the_filled_english_sentence_and_keeps_its_template():
    made = message("The file {name} has {count} lines.", name="a.xml", count=3)
    assert made == "The file a.xml has 3 lines."
    assert made.template == "The file {name} has {count} lines."
    assert made.arguments == {"name": "a.xml", "count": "3"}


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_copy_of_a_message_can_still_be_translated(again):
    made = again(message("{name} is empty.", name="a"))
    assert (made, made.template, made.arguments) == ("a is empty.", "{name} is empty.", {"name": "a"})


@given(st.text())
def test_a_value_is_never_taken_for_a_template(value):
    assert message("<{value}>", value=value) == f"<{value}>"


def test_a_field_without_a_value_is_shown_by_its_name():
    assert message("{name} has {count}", name="a") == "a has {count}"


def test_an_unknown_language_is_english():
    assert Catalogue("xx").language == "en"


def test_english_text_stays_as_it_is():
    assert Catalogue().text("{count} files", count=2) == "2 files"
    assert Catalogue().text("") == ""


class _Wrong:
    """A catalogue whose translator lost a brace."""

    def __init__(self, translation):
        self.translation = translation

    def gettext(self, template):
        return self.translation


@pytest.mark.parametrize("translation", ["{count", "{}", "{0}", "{count.years}", "{count[a]}"])
def test_a_damaged_translation_falls_back_to_english(translation):
    catalogue = Catalogue()
    catalogue._translations = _Wrong(translation)
    assert catalogue.text(message("{count} files", count=2)) == "2 files"


@pytest.mark.parametrize(("count", "form"), [(1, "1 file"), (0, "0 files"), (5, "5 files")])
def test_the_form_follows_the_count(count, form):
    assert Catalogue().plural("{count} file", "{count} files", count) == form


@pytest.mark.parametrize(
    ("wishes", "environment", "language"),
    [
        (("cs", "en"), {}, "cs"),
        ((None, "cs"), {}, "cs"),
        (("xx", None), {"LANG": "cs_CZ.UTF-8"}, "cs"),
        ((), {"LC_ALL": "C", "LANG": "cs_CZ.UTF-8"}, "en"),
        ((), {"LC_ALL": "", "LC_MESSAGES": "cs_CZ", "LANG": "en_US"}, "cs"),
        (("CS",), {"LANG": "en_US"}, "cs"),
        ((), {}, "en"),
    ],
)
def test_the_first_known_wish_decides_then_the_locale(wishes, environment, language):
    assert choose_language(*wishes, environment=environment) == language


def test_a_message_is_an_ordinary_string():
    assert isinstance(message("a"), str)
    assert isinstance(message("a"), Message)


def test_a_message_made_of_a_message_comes_out_of_a_catalogue_as_plain_text():
    assert type(Catalogue("cs").text(Message(message("No such text.")))) is str
