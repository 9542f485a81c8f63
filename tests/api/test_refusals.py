"""What the texts of the service mean."""

from __future__ import annotations

import re

import pytest

from efimport.api.refusals import documented_texts, kind_of

VALUES = {
    "label": "Sales invoice",
    "number": "0001-1206-2026",
    "date": "2026-06-12",
    "code": "8847",
    "address": "192.0.2.7",
    "count": "2",
    "property": "Item2_productCode",
}


@pytest.mark.parametrize(("text", "kind"), documented_texts().items())
def test_a_text_of_the_reference_means_what_the_table_says(text: str, kind: str) -> None:
    filled = re.sub(r"\{(\w+)\}", lambda field: VALUES.get(field[1], "7"), text)
    assert kind_of(filled) == kind
    assert kind_of(filled.upper()) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("EMU: document already exists in the inbox", "already-exists"),
        ("Received invoice for number: 055 already exists!", "already-exists"),
        ("Product for barCode: 8590001 already exists!", "other-refusal"),
        ("Error nr: 1 #Item1_productCode - Can not find product for code: 7; ", "validation"),
        ("Error nr: 1 #barCode - Product for code 7 already exists.", "validation"),
        ("Error nr: 1 #number - Document can not be overwritten because it is already posted.", "posted"),
        ("noDocumentsFound", "not-found"),
        ("Pogrešno korisničko ime ili zaporka", "login"),
        ("Something that nobody has ever documented", "other-refusal"),
        ("", "other-refusal"),
    ],
)
def test_a_text_is_taken_for_what_it_says_and_no_more(text: str, kind: str) -> None:
    assert kind_of(text) == kind
