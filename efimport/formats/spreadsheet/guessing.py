"""Which column is which: by its name, by what stands in it, and by balances that prove it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from itertools import pairwise

import msgspec

from efimport.formats.spreadsheet.fields import currency_code
from efimport.formats.spreadsheet.margins import behind_label
from efimport.formats.spreadsheet.names import folded
from efimport.formats.spreadsheet.observing import Observed, amounts, holds, mark_of, mostly
from efimport.formats.tables.model import Cell, Row, cell_text

_PROVEN_FROM = 3


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, dict[str, list[str]]]:
    file = resources.files("efimport.formats.spreadsheet") / "vocabulary.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def known_headings() -> Iterator[str]:
    """All names that columns of movements are known by."""
    for names in _vocabulary()["columns"].values():
        yield from names


def known_words(group: str) -> dict[str, list[str]]:
    """The words of a group of the vocabulary, by what they mean."""
    return _vocabulary()[group]


class Fee(msgspec.Struct, frozen=True):
    """A column of fees; ``sign`` and ``booked`` are None where nothing proves them."""

    column: int
    sign: str | None = None
    booked: str | None = None


class Guess(msgspec.Struct, frozen=True):
    """What the columns of a table seem to be.

    Attributes:
        columns: index by field; the fields are those of ``[columns]``, and amount, credit, debit, balance.
        decimal: decimal mark; None where the amounts do not tell.
        ambiguous: an amount that leaves the mark open.
        flags: values of the direction that mean credit and debit; None where they are not known.
        direction: index of the column with the direction.
        fee: the column of fees.
        proven: whether the running balance closes.
    """

    columns: dict[str, int]
    decimal: str | None = None
    ambiguous: str | None = None
    direction: int | None = None
    flags: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    fee: Fee | None = None
    proven: bool = False


def guess(observed: Observed) -> Guess:
    """What can be told of the columns of a table."""
    columns = _by_names(observed)
    _add_days(observed, columns)
    money = [index for index in range(len(observed.names.texts)) if _holds_money(observed, index, columns)]
    decimal, ambiguous = mark_of([observed.cells(index) for index in money])
    read = {index: amounts(observed.cells(index), decimal or ".") for index in money}
    if "credit" in columns and "debit" in columns:
        columns.pop("amount", None)
    else:
        columns.pop("credit", None)
        columns.pop("debit", None)
        _find_amount(columns, read)
    direction, flags = _direction(observed, columns, read)
    steps = _steps(observed, columns, read, direction, flags)
    fee, proven = _fee_and_proof(columns, read, steps)
    for name in ("fee", "direction"):
        columns.pop(name, None)
    _add_by_shape(observed, columns)
    return Guess(columns, decimal, ambiguous, direction, flags, fee, proven)


def _by_names(observed: Observed) -> dict[str, int]:
    """Columns that are called like a field and can be of it; each column is of one field."""
    found: dict[str, int] = {}
    for exact in (True, False):
        for field, names in _vocabulary()["columns"].items():
            if field in found:
                continue
            for name in names:
                index = _free(observed, field, name, set(found.values()), exact=exact)
                if index is not None:
                    found[field] = index
                    break
    return found


def _free(observed: Observed, field: str, name: str, taken: set[int], *, exact: bool) -> int | None:
    wanted = folded(name)
    for index, text in enumerate(observed.names.texts):
        called = folded(text)
        same = called == wanted if exact else len(wanted) > 3 and called.startswith(wanted)
        if same and index not in taken and holds(observed.cells(index), field):
            return index
    return None


def _add_by_shape(observed: Observed, columns: dict[str, int]) -> None:
    """Currency and, in a table without names, the text that is longest."""
    width = range(len(observed.names.texts))
    if "currency" not in columns:
        codes = (index for index in width if mostly(observed.cells(index), _is_code))
        found = next((index for index in codes if index not in columns.values()), None)
        if found is not None and not observed.names.texts[found]:
            columns["currency"] = found
    if not any(observed.names.texts):
        lengths = {index: sum(len(cell_text(cell)) for cell in observed.cells(index)) for index in width}
        free = [index for index in width if index not in columns.values() and not holds(observed.cells(index), "date")]
        if free:
            columns["message"] = max(free, key=lambda index: lengths[index])


def _is_code(cell: Cell) -> bool:
    text = cell_text(cell)
    return text.isupper() and currency_code(text) is not None


def _add_days(observed: Observed, columns: dict[str, int]) -> None:
    if "date" not in columns:
        width = range(len(observed.names.texts))
        first = next((index for index in width if holds(observed.cells(index), "date")), None)
        if first is not None:
            columns["date"] = first


def _holds_money(observed: Observed, index: int, columns: dict[str, int]) -> bool:
    of = {name for name, place in columns.items() if place == index}
    if of:
        return bool(of & {"amount", "credit", "debit", "balance", "fee"})
    cells = observed.cells(index)
    texts = [cell_text(cell) for cell in cells]
    marked = any("," in text or "." in text or text.startswith("-") for text in texts)
    return marked and holds(cells, "amount") and not holds(cells, "date")


def _find_amount(columns: dict[str, int], read: dict[int, list[Decimal | None]]) -> None:
    """The amount by its name; else the column that the running balance proves; else the only one there is."""
    free = [index for index in read if index not in columns.values() or index == columns.get("amount")]
    if "balance" not in columns:
        for balance in (index for index in read if index not in columns.values()):
            for amount in [columns["amount"]] if "amount" in columns else free:
                if amount != balance and closes(read[amount], read[balance]):
                    columns["amount"], columns["balance"] = amount, balance
                    return
    if "amount" not in columns:
        rest = [index for index in free if index != columns.get("balance")]
        proven = [index for index in rest if "balance" in columns and closes(read[index], read[columns["balance"]])]
        if len(proven) == 1 or len(rest) == 1:
            columns["amount"] = (proven or rest)[0]


def closes(steps: Sequence[Decimal | None], balances: Sequence[Decimal | None]) -> bool:
    """Whether each balance is the one before it plus the step, in either order of the rows."""
    if len(steps) < _PROVEN_FROM or len(steps) != len(balances) or None in steps or None in balances or not any(steps):
        return False
    rows = [(step or Decimal(0), balance or Decimal(0)) for step, balance in zip(steps, balances, strict=True)]
    for order in (rows, rows[::-1]):
        if all(before[1] + step == after for before, (step, after) in pairwise(order)):
            return True
    return False


def _direction(
    observed: Observed, columns: dict[str, int], read: dict[int, list[Decimal | None]]
) -> tuple[int | None, tuple[tuple[str, ...], tuple[str, ...]] | None]:
    """The column of flags and what they mean; None where the signs of the amounts say the same already."""
    amount = columns.get("amount")
    if amount is None or amount not in read:
        return None, None
    index = columns.get("direction")
    if index is None:
        index = _column_of_flags(observed, set(columns.values()))
    if index is None:
        return None, None
    texts = list(dict.fromkeys(text for text in map(cell_text, observed.cells(index)) if text))
    known = _vocabulary()["flags"]
    credit = tuple(text for text in texts if folded(text) in map(folded, known["credit"]))
    debit = tuple(text for text in texts if folded(text) in map(folded, known["debit"]))
    signed = [
        (value, text) for value, text in zip(read[amount], map(cell_text, observed.cells(index)), strict=True) if value
    ]
    if any(value < 0 for value, _ in signed):
        agree = all(text in (debit if value < 0 else credit) for value, text in signed)
        return (
            (None, None) if agree or not (credit or debit) else (index, (credit, debit) if credit and debit else None)
        )
    if len(credit) + len(debit) == len(texts) and (credit or debit):
        return index, (credit or tuple(known["credit"][:1]), debit or tuple(known["debit"][:1]))
    if len(texts) == 2 and "balance" in columns:
        for one, other in (texts, texts[::-1]):
            if closes(_signed(observed, index, read[amount], one), read.get(columns["balance"], [])):
                return index, ((one,), (other,))
    return index, None


def _column_of_flags(observed: Observed, taken: set[int]) -> int | None:
    known = {folded(flag) for flags in _vocabulary()["flags"].values() for flag in flags}
    for index in range(len(observed.names.texts)):
        texts = {folded(text) for text in map(cell_text, observed.cells(index)) if text}
        if index not in taken and texts and texts <= known:
            return index
    return None


def _signed(observed: Observed, index: int, values: Sequence[Decimal | None], credit: str) -> list[Decimal | None]:
    flags = map(cell_text, observed.cells(index))
    return [value if value is None or flag == credit else -value for value, flag in zip(values, flags, strict=True)]


def _steps(
    observed: Observed,
    columns: dict[str, int],
    read: dict[int, list[Decimal | None]],
    direction: int | None,
    flags: tuple[tuple[str, ...], tuple[str, ...]] | None,
) -> list[Decimal | None]:
    """What each row books, as far as it is known."""
    if "credit" in columns:
        pairs = zip(read[columns["credit"]], read[columns["debit"]], strict=True)
        return [(credit or Decimal(0)) - abs(debit or Decimal(0)) for credit, debit in pairs]
    if "amount" not in columns or columns["amount"] not in read:
        return []
    values = read[columns["amount"]]
    if direction is None or flags is None:
        return values
    texts = map(cell_text, observed.cells(direction))
    return [value if value is None or text in flags[0] else -value for value, text in zip(values, texts, strict=True)]


def _fee_and_proof(
    columns: dict[str, int], read: dict[int, list[Decimal | None]], steps: list[Decimal | None]
) -> tuple[Fee | None, bool]:
    balances = read.get(columns.get("balance", -1), [])
    index = columns.get("fee")
    if index is None:
        return None, closes(steps, balances)
    if index not in read or not any(read[index]) or not steps:
        return Fee(index), closes(steps, balances)
    fees = [fee or Decimal(0) for fee in read[index]]
    ways: list[tuple[str, str, Callable[[Decimal, Decimal], Decimal]]] = [
        ("as-written", "separately", lambda step, fee: step + fee),
        ("cost", "separately", lambda step, fee: step - fee),
        ("cost", "inside", lambda step, _: step),
    ]
    for sign, booked, way in ways:
        made = [None if step is None else way(step, fee) for step, fee in zip(steps, fees, strict=True)]
        if closes(made, balances):
            return Fee(index, sign, booked), True
    return Fee(index), False


def beside(rows: Sequence[Row]) -> dict[str, str]:
    """Labels of values above or below the data, by the field that they seem to be of."""
    found: dict[str, str] = {}
    for field, labels in _vocabulary()["beside"].items():
        for label in labels:
            text = next((text for row in rows for text in row.texts if behind_label(text, label) is not None), None)
            if text is not None:
                found[field] = label
                break
    return found
