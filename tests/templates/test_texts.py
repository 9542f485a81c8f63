"""Templates that are text: a row of headings, and a mapping file with all fields."""

from __future__ import annotations

import tomllib

import msgspec
import pytest

from efimport.mappings.records import RecordMapping
from efimport.mappings.targets import TARGETS, TargetName, target_fields
from efimport.templates import headings_as_csv, mapping_text, template_columns


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
def test_a_mapping_file_tells_every_field_of_the_target(target: TargetName) -> None:
    mapping = msgspec.convert(tomllib.loads(mapping_text(target)), RecordMapping)
    fields = target_fields(target)
    assert (set(mapping.columns), set(mapping.lines)) == (set(fields.document), set(fields.line))
    assert all(mapping.columns[name] == field.headings for name, field in fields.document.items())
    assert len(mapping.header.required) == sum(field.required for field in fields.document.values())
