"""Tables with days and amounts that are no movements of an account: invoices, orders, and books of accounts."""

from __future__ import annotations

from collections.abc import Sequence

from efimport.formats.spreadsheet.draft import likely_target
from efimport.formats.spreadsheet.guessing import known_words
from efimport.formats.spreadsheet.likeness import plain
from efimport.formats.spreadsheet.names import folded
from efimport.formats.tables.model import Table

_HEAD = 60


def is_no_statement(tables: Sequence[Table]) -> bool:
    """Whether the headings say that the rows are documents, or entries of a ledger with an account on either side.

    Args:
        tables: the tables of a file that no mapping file describes.
    """
    return likely_target(tables) is not None or any(map(_is_ledger, tables))


def _is_ledger(table: Table) -> bool:
    sides = [{plain(folded(word)) for word in words} for words in known_words("ledger").values()]
    for row in table.rows[:_HEAD]:
        headings = {plain(text) for text in row.texts}
        if all(headings & side for side in sides):
            return True
    return False
