"""Templates that are text: a row of headings, and a mapping file with all fields."""

from __future__ import annotations

from pathlib import Path

import pytest

from efimport.formats.spreadsheet.records.values import choices
from efimport.mappings import RecordMapping, built_in_mappings, parse_mapping
from efimport.mappings.targets import TARGETS, TargetName, target_fields
from efimport.templates import HEADING_LANGUAGES, headings_as_csv, mapping_text, template_columns
from efimport.templates.columns import sheet_name


@pytest.mark.parametrize("target", TARGETS)
def test_the_headings_are_one_line_that_spreadsheet_programs_open(target: TargetName) -> None:
    content = headings_as_csv(target, language="hr")
    assert content.startswith(b"\xef\xbb\xbf")
    [line, rest] = content.decode("utf-8-sig").split("\r\n")
    assert line.split(";") == [column.heading for column in template_columns(target, language="hr")]
    assert rest == ""


def test_a_language_without_headings_has_the_english_ones() -> None:
    assert template_columns("partners", language="de") == template_columns("partners", language="en")


@pytest.mark.parametrize("target", TARGETS)
def test_a_mapping_file_says_what_the_program_knows_of_the_target(target: TargetName) -> None:
    mapping = parse_mapping(mapping_text(target), Path("mine.toml"))
    built_in = next(one for one in built_in_mappings() if one.target == target)
    assert isinstance(mapping, RecordMapping)
    for part in ("target", "title", "columns", "lines", "file", "optional"):
        assert getattr(mapping, part) == getattr(built_in, part), part
    assert mapping.header.required == built_in.header.required


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("language", HEADING_LANGUAGES)
def test_the_words_that_are_offered_are_those_of_the_choices_in_their_order(target: TargetName, language: str) -> None:
    for column in template_columns(target, language=language):
        if column.field.type == "choice":
            known = choices(column.field, {})
            assert [known(word) for word in column.allowed] == list(column.field.choices), column.name


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("language", HEADING_LANGUAGES)
def test_the_sheet_has_a_name_that_the_reader_knows(target: TargetName, language: str) -> None:
    assert sheet_name(target, language) in target_fields(target).sheets
