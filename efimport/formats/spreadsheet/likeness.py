"""How much a table is like one of partners, products, orders or invoices: by its headings, and by what stands below."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

import msgspec

from efimport.formats.spreadsheet.beside import Beside, values_above
from efimport.formats.spreadsheet.guessing import known_headings, known_words
from efimport.formats.spreadsheet.names import Names, folded
from efimport.formats.spreadsheet.values import are_rates, can_be, field_by_values
from efimport.formats.tables.model import Cell, Row, Table, cell_text
from efimport.mappings.targets import TARGETS, Field, TargetName, target_fields

_HEAD = 60
_LOOKED_AT = 2000
_LEAST_NAMES = 2
_FUZZY = 87 / 100
_FUZZY_LETTERS = 5
_STATEMENT = "statement"
_SLOVAK_VAT, _CZECH_VAT = "ic dph", "dic"
_SIGNS = re.compile(r"(?:[^\w%#]|_)+")

Place: TypeAlias = tuple[bool, str]
"""Whether a field is of a line, and its name."""


class Likeness(msgspec.Struct, frozen=True, kw_only=True):
    """A table seen as one of a target.

    Attributes:
        target: what its rows would be.
        table: the table.
        header: the row of headings; None where no row can be it.
        above: rows above the header.
        data: rows below it that hold data.
        below: rows below the data.
        columns: index of the column by the field of the document.
        lines: the same for the fields of lines.
        by_values: fields of the document that were told by their values alone.
        beside: values above the rows, by field of the document.
        score: how much it is like such a table.
        complete: whether everything is there that a document needs.
    """

    target: TargetName
    table: Table
    header: Row
    above: tuple[Row, ...]
    data: tuple[Row, ...]
    below: tuple[Row, ...]
    columns: dict[str, int]
    lines: dict[str, int]
    by_values: frozenset[str] = frozenset()
    beside: dict[str, Beside] = {}
    score: Fraction = Fraction(0)
    complete: bool = False

    @property
    def names(self) -> Names:
        """The headings."""
        return Names(self.header.texts)

    def cells(self, column: int) -> list[Cell]:
        """The cells of a column of the data."""
        return cells_of(self.data, column)


def likenesses(tables: Iterable[Table], targets: Sequence[TargetName] = TARGETS) -> list[Likeness]:
    """The tables seen as those of each target, the likeliest first; tables without any known heading are left out."""
    found = [one for table in tables for target in targets if (one := _likeness(table, target)) is not None]
    return sorted(found, key=lambda one: one.score, reverse=True)


def cells_of(rows: Sequence[Row], column: int) -> list[Cell]:
    """The cells of a column, as far as they are looked at."""
    return [row.cells[column] if column < len(row.cells) else None for row in rows[:_LOOKED_AT]]


def plain(text: str) -> str:
    """A heading without capitals, accents, stars, colons and other signs."""
    return _SIGNS.sub(" ", folded(text)).strip()


def score_of_statement(texts: Iterable[str]) -> Fraction:
    """How much a header is like one of a bank's table; each name counts for less, the more kinds of table have it."""
    kinds = _kinds()
    known = [kinds[name] for text in texts if (name := plain(text)) in kinds]
    return sum((Fraction(1, len(those)) for those in known if _STATEMENT in those), start=Fraction(0))


@lru_cache(maxsize=1)
def _kinds() -> dict[str, frozenset[str]]:
    """The kinds of table that have a heading."""
    found: dict[str, set[str]] = {}
    for target in TARGETS:
        for name in _places(target):
            found.setdefault(name, set()).add(target)
    for heading in known_headings():
        found.setdefault(plain(heading), set()).add(_STATEMENT)
    return {name: frozenset(kinds) for name, kinds in found.items()}


@lru_cache(maxsize=len(TARGETS))
def _places(target: TargetName) -> dict[str, Place]:
    """The field that a heading is of, for a target."""
    fields = target_fields(target)
    parts = ((False, fields.document), (True, fields.line))
    found: dict[str, Place] = {}
    for of_line, part in parts:
        for name, field in part.items():
            for heading in (*field.headings, *field.maybe):
                found.setdefault(plain(heading), (of_line, name))
    if "partner_name" in fields.document:
        for heading in known_words("parties")["supplier"]:
            found.setdefault(plain(heading), (False, "partner_name"))
    return found


def field_of(target: TargetName, place: Place) -> Field:
    """The field at a place."""
    fields = target_fields(target)
    return (fields.line if place[0] else fields.document)[place[1]]


def _likeness(table: Table, target: TargetName) -> Likeness | None:
    rows = [row for row in table.rows if not row.is_blank]
    start = _header(rows, target)
    if start is None:
        return None
    header = rows[start]
    data, below = _parted(rows[start + 1 :])
    found, score = _assigned(header, data, target)
    by_values = _told_by_values(header, data, target, found)
    columns = {name: index for (of_line, name), index in found.items() if not of_line} | by_values
    beside = values_above(rows[:start], target_fields(target).document, columns)
    score += sum((_worth(one.label, target) for one in beside.values()), start=Fraction(0))
    needs = target_fields(target).needs
    share = Fraction(sum(not {*columns, *beside}.isdisjoint(group) for group in needs), len(needs))
    return Likeness(
        target=target,
        table=table,
        header=header,
        above=tuple(rows[:start]),
        data=data,
        below=below,
        columns=columns,
        lines={name: index for (of_line, name), index in found.items() if of_line},
        by_values=frozenset(by_values),
        beside=beside,
        score=score * (1 + 3 * share) / 4,
        complete=share == 1,
    )


def _header(rows: Sequence[Row], target: TargetName) -> int | None:
    """Index of the row with the most known headings; None where no row has at least two."""
    places = _places(target)
    counts = [len({places[name] for text in row.texts if (name := plain(text)) in places}) for row in rows[:_HEAD]]
    most = max(counts, default=0)
    return counts.index(most) if most >= _LEAST_NAMES else None


def _parted(rows: Sequence[Row]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The rows of data, and what stands below the last of them: so little that it must be remarks or totals."""
    filled = [sum(bool(text) for text in row.texts) for row in rows]
    usual = sorted(filled)[len(filled) // 2] if filled else 0
    full = [index for index, count in enumerate(filled) if count * 3 >= usual]
    end = full[-1] + 1 if full else 0
    return tuple(rows[index] for index in full), tuple(rows[end:])


def _assigned(header: Row, data: Sequence[Row], target: TargetName) -> tuple[dict[Place, int], Fraction]:
    """The column of each field that a heading tells, the surest heading first, and how like the table is by them."""
    claims = sorted(_claims(header.texts, target), key=lambda claim: (-claim[0], claim[1]))
    found: dict[Place, int] = {}
    score = Fraction(0)
    for sureness, index, place in claims:
        if place in found or index in found.values():
            continue
        if not _can_be(place, target, cells_of(data, index), sureness):
            continue
        found[place] = index
        score += sureness * _worth(header.texts[index], target)
    return _as_in_slovakia(header, found, target), score


def _as_in_slovakia(header: Row, found: dict[Place, int], target: TargetName) -> dict[Place, int]:
    """The columns, where DIČ stands beside IČ DPH: it is the tax number then, and no VAT number as in Czechia.

    Slovak VAT Act (222/2004), section 4: the number for VAT is called IČ DPH.
    """
    names = [plain(text) for text in header.texts]
    fields = target_fields(target).document
    for vat, tax in (("partner_vat_id", "partner_tax_number"), ("vat_id", "tax_number")):
        index = found.get((False, vat))
        others = [place for place, name in enumerate(names) if name.startswith(_SLOVAK_VAT) and place != index]
        free = [place for place in others if place not in found.values()]
        if index is None or tax not in fields or not free or names[index].partition(" ")[0] != _CZECH_VAT:
            continue
        found[(False, vat)] = free[0]
        found.setdefault((False, tax), index)
    return found


def _worth(heading: str, target: TargetName) -> Fraction:
    """What a heading proves: the less, the more kinds of table have it."""
    return Fraction(1, len(_kinds().get(plain(heading), {target})))


def _claims(texts: Sequence[str], target: TargetName) -> Iterator[tuple[Fraction, int, Place]]:
    """Which column may be of which field: sureness, index, field."""
    places = _places(target)
    order = {name: number for number, name in enumerate(places)}
    document = target_fields(target).document
    for index, text in enumerate(texts):
        name = plain(text)
        if name in places:
            # Of two columns that name the same field, the likelier heading counts.
            yield 1 - Fraction(order[name], 10_000), index, places[name]
            if places[name] == (True, "vat_rate"):
                # A column that is called VAT may hold rates or amounts.
                yield Fraction(3, 4), index, (False, "total_vat") if "total_vat" in document else (True, "line_vat")
        elif (place := places.get(_without_party(name))) and _is_of_party(field_of(target, place), target):
            yield Fraction(3, 4), index, place
        elif len(name) >= _FUZZY_LETTERS and name not in _kinds():
            for near in difflib.get_close_matches(name, places, n=1, cutoff=_FUZZY):
                yield Fraction(1, 2), index, places[near]


def _without_party(name: str) -> str:
    """A heading without the word for the other party: ``client city``, ``city (billing)``."""
    words = {folded(word) for word in known_words("parties")["customer"]}
    return " ".join(word for word in name.split() if word not in words)


def _is_of_party(field: Field, target: TargetName) -> bool:
    """Whether a field tells of the partner."""
    return target == "partners" or field.to.startswith("partner.")


def _can_be(place: Place, target: TargetName, cells: Sequence[Cell], sureness: Fraction) -> bool:
    """Whether the cells of a column can be of a field; a name that rates share with amounts does not tell."""
    if place[1] == "vat_rate" and not are_rates(cells):
        return False
    return can_be(field_of(target, place), cells, named=sureness > Fraction(1, 2))


def _told_by_values(header: Row, data: Sequence[Row], target: TargetName, found: dict[Place, int]) -> dict[str, int]:
    """Columns whose headings nobody knows, and whose values can be of one field alone."""
    told: dict[str, int] = {}
    fields = target_fields(target).document
    for index, text in enumerate(header.texts):
        if index in found.values() or plain(text) in _kinds():
            continue
        cells = [cell for cell in cells_of(data, index) if cell_text(cell)]
        name = field_by_values(cells, fields)
        if name is not None and name not in told and (False, name) not in found:
            told[name] = index
    return told
