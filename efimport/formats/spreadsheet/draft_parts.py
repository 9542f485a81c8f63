"""What drafts of all kinds have in common: the head of the file, columns by their names, days and amounts."""

from __future__ import annotations

from collections.abc import Sequence

from efimport.formats.spreadsheet.names import Names, folded, is_expression
from efimport.formats.spreadsheet.observing import patterns_of
from efimport.formats.spreadsheet.toml_text import quoted
from efimport.formats.tables.model import Cell
from efimport.formats.tables.reader import Tables
from efimport.messages import Message, message

UNKNOWN = "?"
"""Stands where a person has to write something."""


def top(name: str, target: str) -> str:
    """The lines above the first section."""
    return "\n".join(
        [
            f"title = {quoted(message('Draft made from {name}', name=name))}",
            f"target = {quoted(target)}",
            f"evidence_note = {quoted(_note(target))}",
        ]
    )


def _note(target: str) -> Message:
    if target == "statement":
        return message("Drafted from an example; compare the first statement by hand.")
    return message("Drafted from an example; compare the first documents by hand.")


def faults_of(tables: Tables) -> list[Message]:
    """What is wrong with the file itself."""
    return [Message(one.message.template, one.message.arguments) for one in tables.findings if one.is_error]


def column_spec(names: Names, index: int) -> str:
    """A column as a mapping file names it: by its name, with its occurrence, or by its number.

    A name between slashes would be taken for an expression.
    """
    text = names.texts[index]
    if not text or is_expression(text):
        return f"{{ number = {index + 1} }}"
    same = [place for place, other in enumerate(names.texts) if folded(other) == folded(text)]
    if len(same) == 1:
        return quoted(text)
    return f"{{ names = [{quoted(text)}], occurrence = {same.index(index) + 1} }}"


def day_patterns(cells: Sequence[Cell], untold: list[Message]) -> tuple[str, ...]:
    """The pattern of the days in a column; several, which is told, where the days fit more than one."""
    patterns, told = patterns_of(cells)
    if not told:
        both = ", ".join(patterns)
        untold.append(message("Order of day and month: all days fit each of {patterns}.", patterns=both))
        return patterns
    return patterns[:1] or ("YYYY-MM-DD",)
