"""A mapping file drafted from an example: what can be told is written, what cannot is listed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from efimport.formats.spreadsheet.draft_records import draft_records
from efimport.formats.spreadsheet.draft_statement import draft_statement
from efimport.formats.spreadsheet.likeness import Likeness, likenesses, score_of_statement
from efimport.formats.spreadsheet.observing import Observed, observe
from efimport.formats.tables.model import Table
from efimport.formats.tables.reader import read_tables
from efimport.mappings.targets import TARGETS, TargetName
from efimport.messages import Message, message
from efimport.sources import Source

STATEMENT = "statement"
DRAFTS = (STATEMENT, *TARGETS)
"""What can be made of the rows of a table."""

_LIKE_ENOUGH = Fraction(3, 2)
_LIKE_ENOUGH_ALONE = Fraction(1, 2)
"""Where no row has a day and an amount, the table is none of movements at any rate."""
_NEARLY_AS_LIKE = Fraction(4, 5)


def draft(source: Source, target: str | None = None) -> tuple[str, list[Message]]:
    """The text of a mapping file for a table, and what a person has to add to it.

    Args:
        source: an example of the table, with as many different rows as can be had.
        target: what the rows are, one of :data:`DRAFTS`; told from the headings and the values when left out.

    Returns:
        TOML that loads as a mapping file, and what could not be told; nothing of that is guessed.
    """
    tables = read_tables(source)
    observed = observe(tables.tables)
    wanted = [name for name in TARGETS if target in (name, None)]
    like = likenesses(tables.tables, wanted)
    if target is None:
        best = _best(like, observed)
        text, untold = draft_records(source, tables, best) if best else draft_statement(source, tables, observed)
        rival = _rival(like, best)
        if best is not None and rival is not None:
            untold.append(
                message(
                    "What the rows are: {one}, but they could be {other} as well; --target says it.",
                    one=best.target,
                    other=rival,
                )
            )
        return text, untold
    if target == STATEMENT:
        return draft_statement(source, tables, observed)
    return draft_records(source, tables, like[0] if like else None, wanted[0])


def likely_target(tables: Sequence[Table]) -> TargetName | None:
    """What the rows of tables are, where they are documents rather than movements of an account; else None.

    Args:
        tables: tables that no mapping file describes.
    """
    best = _best(likenesses(tables), observe(tables))
    return best.target if best is not None and best.complete else None


def _best(like: Sequence[Likeness], observed: Observed | None) -> Likeness | None:
    """What the table is most like; None where that is a table of movements, or nothing at all."""
    score = score_of_statement(observed.names.texts) if observed is not None else Fraction(0)
    enough = _LIKE_ENOUGH if observed is not None else _LIKE_ENOUGH_ALONE
    return like[0] if like and like[0].score >= enough and like[0].score > score else None


def _rival(like: Sequence[Likeness], best: Likeness | None) -> TargetName | None:
    """Another target that the same table is nearly as much like."""
    if best is None:
        return None
    others = (one for one in like if one.target != best.target and one.complete >= best.complete)
    return next((one.target for one in others if one.score > best.score * _NEARLY_AS_LIKE), None)
