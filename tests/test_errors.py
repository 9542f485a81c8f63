from __future__ import annotations

import pytest

from efimport import errors
from efimport.errors import EfimportError, RefusedError, SettingsError, UsageError
from efimport.messages import Catalogue, message


def test_an_error_says_reason_and_remedy():
    error = EfimportError(message("{path} is missing.", path="a"), "Make it.")
    assert str(error) == error.explain(Catalogue()) == "a is missing. Make it."


def test_braces_in_a_plain_reason_are_text():
    assert str(EfimportError("the value {x} }{", "{y}")) == "the value {x} }{ {y}"


@pytest.mark.parametrize(("kind", "status"), [(EfimportError, 1), (UsageError, 2), (SettingsError, 2)])
def test_usage_and_settings_end_with_status_two(kind, status):
    assert kind("x").exit_status == status


def test_a_refusal_keeps_the_words_of_the_service():
    assert RefusedError("no", description="Error nr: 1").description == "Error nr: 1"


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes():
    kinds = {kind.__name__ for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert {name for name in kinds if name not in errors.__doc__} == set()
