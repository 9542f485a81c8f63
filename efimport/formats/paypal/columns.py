"""Which column of a PayPal table is which: by the names of its header, else by the shape of its first columns."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from importlib import resources

import msgspec

from efimport.formats.tables.days import PATTERNS, parse_day
from efimport.formats.tables.model import Cell, Row, Table, cell_text
from efimport.formats.tables.numbers import find_marks, parse_amount

_LOOKED_AT = 20
_SAMPLE = 60
_CURRENCY = re.compile(r"[A-Z]{3}")
_TIME = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[AaPp]\.?[Mm]\.?)?")
_ZONE = re.compile(r"[A-Z]{2,5}|(?:GMT|UTC)?[+-]\d{1,2}:?\d{2}|[A-Za-z_]+/[A-Za-z_/]+|(?:GMT|UTC)[+-]\d{1,2}")
_TRANSACTION = re.compile(r"[0-9A-Z]{17}")
_DECIMALS = re.compile(r"[.,]\d\d$")
_REPORT_ROWS = frozenset({"RH", "FH", "SH", "CH", "SB", "SF", "SC", "RF", "RC", "FF"})
_PLACES_OF_CURRENCY = {6: "activity", 7: "activity", 4: "statement"}
"""Index of the column of the currency: behind name, type and status; in files of 2014 also behind a subject; in
statements behind the description."""


class Language(msgspec.Struct, frozen=True, kw_only=True):
    """A language of PayPal's pages; ``headers.toml`` says what each field means.

    Attributes:
        language: its English name.
        columns: names of the columns, folded, by what they hold.
        moves, memo: words of the balance impact.
        done: words of the status.
        promised: types that move no money.
    """

    language: str
    columns: dict[str, tuple[str, ...]]
    moves: frozenset[str] = frozenset()
    memo: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    promised: frozenset[str] = frozenset()


_WORDS = ("moves", "memo", "done", "promised")


def fold(text: str) -> str:
    """A word as names and words are compared: without case, doubled blanks, and typographic variants."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").casefold().strip(' "\ufeff').split())


@lru_cache(maxsize=1)
def languages() -> tuple[Language, ...]:
    """The languages whose names are known."""
    table = resources.files("efimport.formats.paypal") / "headers.toml"
    found = []
    for values in tomllib.loads(table.read_text(encoding="utf-8")).values():
        words = {name: frozenset(fold(word) for word in values.pop(name, ())) for name in _WORDS}
        language = values.pop("language")
        columns = {key: tuple(fold(name) for name in names) for key, names in values.items()}
        found.append(Language(language=language, columns=columns, **words))
    return tuple(found)


def words(name: str) -> frozenset[str]:
    """The words of all languages for one meaning: files in one language have values in another."""
    return frozenset().union(*(getattr(language, name) for language in languages()))


def known_names(header: str) -> int:
    """How many names of columns in a line are known, in the language that knows most of them."""
    names = {fold(name) for name in re.split(r"[,;\t]", header)}
    return max(sum(not names.isdisjoint(known) for known in one.columns.values()) for one in languages())


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Where what stands in a table.

    Attributes:
        header: the row with the names.
        columns: indexes of columns by what they hold, several where a name stands twice.
        kind: ``activity``, ``statement``, or ``report`` for reports with a code at the head of each row.
        language: English name of the header's language; None where it was told by shape.
    """

    header: Row
    columns: dict[str, tuple[int, ...]] = {}
    kind: str = "activity"
    language: str | None = None

    def has(self, name: str) -> bool:
        """Whether there is such a column."""
        return name in self.columns

    def index(self, name: str) -> int:
        """The first column of that meaning; -1 where there is none."""
        return self.columns.get(name, (-1,))[0]

    def cell(self, row: Row, name: str) -> Cell:
        """The cell of the first column of that meaning; None where the row has none."""
        index = self.index(name)
        return row.cells[index] if 0 <= index < len(row.cells) else None

    def text(self, row: Row, name: str) -> str:
        """The first text in the columns of that meaning; empty where there is none."""
        for index in self.columns.get(name, ()):
            text = row.text(index)
            if text:
                return text
        return ""


def find_layout(table: Table) -> Layout | None:
    """The layout of a table; None where it is none of PayPal's."""
    rows = [row for row in table.rows if not row.is_blank][: _LOOKED_AT + _SAMPLE]
    for row in rows[:_LOOKED_AT]:
        named = _by_names(row)
        if named is not None:
            return named
    if _is_report(rows):
        return Layout(header=rows[0], kind="report")
    return _by_shape(rows)


def _by_names(row: Row) -> Layout | None:
    """The layout by the names of a header; the language that knows most of them tells what they mean."""
    names = [fold(text) for text in row.texts]
    if len(set(names)) < len(_NEEDED):
        return None
    best: tuple[int, Language, dict[str, tuple[int, ...]]] | None = None
    for language in languages():
        columns = _columns(names, language)
        if best is None or len(columns) > best[0]:
            best = (len(columns), language, columns)
    if best is None or not best[2].keys() >= _NEEDED or not any(sign <= best[2].keys() for sign in _SIGNS):
        return None
    _, language, columns = best
    kind = "activity" if columns.keys() & {"type", "status", "impact"} else "statement"
    return Layout(header=row, columns=columns, kind=kind, language=language.language)


_NEEDED = frozenset({"date", "currency", "gross", "net"})
_SIGNS = ({"zone"}, {"impact"}, {"transaction", "fee"}, {"bank_name", "bank_account"})
"""Columns one of which stands in PayPal's tables alone."""


def _columns(names: Sequence[str], language: Language) -> dict[str, tuple[int, ...]]:
    found = {
        key: tuple(index for index, name in enumerate(names) if name in known)
        for key, known in language.columns.items()
    }
    return {key: places for key, places in found.items() if places}


def _is_report(rows: Sequence[Row]) -> bool:
    """Settlement and balance reports begin with RH and have a code at the head of each row."""
    codes = [row.text(0) for row in rows]
    return len(codes) > 2 and codes[0] == "RH" and sum(code in _REPORT_ROWS for code in codes) * 2 > len(codes)


def _by_shape(rows: Sequence[Row]) -> Layout | None:
    """The layout of a table whose header is in a language that is not known."""
    for place, header in enumerate(rows[:_LOOKED_AT]):
        below = rows[place + 1 : place + 1 + _SAMPLE]
        for index, kind in _PLACES_OF_CURRENCY.items():
            if _is_header(header, index) and _fit(below, index):
                return Layout(header=header, columns=_shaped(header, below, index, kind), kind=kind)
    return None


def _is_header(row: Row, currency: int) -> bool:
    names = row.texts[: currency + 4]
    return len(names) == currency + 4 and all(names) and not any(letter.isdigit() for name in names for letter in name)


def _fit(rows: Sequence[Row], currency: int) -> bool:
    """Whether nearly all rows have the shape: a damaged one is told later, with its line."""
    decimal = find_marks(row.cells[at] for row in rows for at in _amounts(row, currency)).decimal
    odd = sum(not _fits(row, currency, decimal) for row in rows)
    return odd <= max(1, len(rows) // 10) and odd * 2 <= len(rows) > 0


def _amounts(row: Row, currency: int) -> range:
    return range(min(currency + 1, len(row.cells)), min(currency + 4, len(row.cells)))


def _fits(row: Row, currency: int, decimal: str | None) -> bool:
    if len(row.cells) < currency + 4 or parse_day(row.cells[0], PATTERNS) is None:
        return False
    if not (_TIME.fullmatch(row.text(1)) and _ZONE.fullmatch(row.text(2)) and _CURRENCY.fullmatch(row.text(currency))):
        return False
    gross, fee, net = (parse_amount(row.cells[at], decimal) for at in _amounts(row, currency))
    return gross is not None and fee is not None and net is not None and gross + fee == net


def _shaped(header: Row, rows: Sequence[Row], currency: int, kind: str) -> dict[str, tuple[int, ...]]:
    columns = {"date": 0, "time": 1, "zone": 2, "currency": currency}
    columns |= {"gross": currency + 1, "fee": currency + 2, "net": currency + 3}
    columns |= {"description": 3} if kind == "statement" else {"name": 3, "type": 4, "status": 5}
    if currency == max(_PLACES_OF_CURRENCY):
        columns["subject"] = currency - 1
    rest = range(currency + 4, len(header.cells))
    columns |= dict(zip(("from", "to"), _mails(rows, rest), strict=False)) if kind == "activity" else {}
    columns |= dict(zip(("transaction",), _codes(rows, rest), strict=False))
    columns |= dict(zip(("balance",), _balance(rows, columns, rest), strict=False))
    return {name: (at,) for name, at in columns.items()}


def _mails(rows: Sequence[Row], rest: range) -> list[int]:
    """The two columns of addresses, sender before recipient; both or none."""
    found = [at for at in rest if any("@" in row.text(at) and " " not in row.text(at) for row in rows)]
    return found[:2] if len(found) > 1 and found[1] == found[0] + 1 else []


def _codes(rows: Sequence[Row], rest: range) -> list[int]:
    """The first column in which every row has a transaction code of PayPal, 17 letters and digits."""
    return [at for at in rest if rows and all(_TRANSACTION.fullmatch(row.text(at)) for row in rows)][:1]


def _balance(rows: Sequence[Row], columns: dict[str, int], rest: range) -> Iterator[int]:
    """The column that carries the net amounts of a currency forward, in one direction or the other."""
    held: dict[int, int] = {}
    decimal = find_marks(cell for row in rows for cell in row.cells[columns["gross"] : columns["net"] + 1]).decimal
    pairs = _neighbours(rows, columns["currency"])
    for at in (at for at in rest if at not in columns.values() and _has_decimals(rows, at)):
        for ahead in (True, False):
            links = [_link(one, other, at, columns["net"], decimal, ahead=ahead) for one, other in pairs]
            carried, same = links.count("carried"), links.count("same")
            # Rows that move no money leave the balance as it is.
            if carried * 2 >= len(links) > 0 and (carried + same) * 10 >= len(links) * 9:
                held[at] = max(held.get(at, 0), carried)
    if held:
        yield max(held, key=lambda at: (held[at], -at))


def _has_decimals(rows: Sequence[Row], column: int) -> bool:
    """Whether a column holds amounts and not numbers that merely count upwards, such as transaction codes."""
    cells = [row.cells[column] for row in rows if column < len(row.cells)]
    return any(isinstance(cell, Decimal) or _DECIMALS.search(cell_text(cell)) for cell in cells)


def _neighbours(rows: Sequence[Row], currency: int) -> list[tuple[Row, Row]]:
    """Each row with the next one of its currency."""
    last: dict[str, Row] = {}
    pairs = []
    for row in rows:
        kept = row.text(currency)
        if kept in last:
            pairs.append((last[kept], row))
        last[kept] = row
    return pairs


def _link(one: Row, other: Row, balance: int, net: int, decimal: str | None, *, ahead: bool) -> str:
    """How a balance follows from the one before it: ``carried``, ``same``, or not at all."""
    before, after = (one, other) if ahead else (other, one)
    if max(balance, net) >= min(len(before.cells), len(after.cells)):
        return ""
    opening = parse_amount(before.cells[balance], decimal)
    moved = parse_amount(after.cells[net], decimal)
    closing = parse_amount(after.cells[balance], decimal)
    if opening is None or moved is None or closing is None:
        return ""
    return "carried" if opening + moved == closing else ("same" if opening == closing else "")


def shown(cell: Cell) -> str:
    """A cell, harmless to show in a message: one line, no control characters, not too long."""
    return "".join(sign if sign.isprintable() else " " for sign in cell_text(cell)[:60]) or "-"
