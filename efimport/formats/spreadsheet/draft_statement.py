"""A mapping file for a table of movements, drafted from an example."""

from __future__ import annotations

from efimport.formats.spreadsheet.draft_parts import UNKNOWN, column_spec, day_patterns, faults_of, top
from efimport.formats.spreadsheet.guessing import Guess, beside, guess
from efimport.formats.spreadsheet.names import is_expression
from efimport.formats.spreadsheet.observing import Observed
from efimport.formats.spreadsheet.toml_text import listed, quoted, remark, section
from efimport.formats.tables.reader import Tables
from efimport.mappings.statements import Columns
from efimport.messages import Message, message
from efimport.sources import Source

_FEE = '[[fees]]\ncolumn = {column}\nsign = "{sign}"\nbooked = "{booked}"'


def draft_statement(source: Source, tables: Tables, observed: Observed | None) -> tuple[str, list[Message]]:
    """The text of a mapping file for a table of movements.

    Args:
        source: where the table comes from.
        tables: the tables of the file.
        observed: the one that is described; None where no table has rows with a day and an amount.

    Returns:
        TOML that loads as a mapping file, and what could not be told.
    """
    untold = faults_of(tables)
    if observed is None:
        untold.append(message("No table with a column of days and a column of amounts was found."))
        return _skeleton(source.name), untold
    return _Draft(source, observed, tables.encoding, untold).text(), untold


def _skeleton(name: str) -> str:
    parts = [
        top(name, "statement"),
        section("header", [f"required = [{quoted(UNKNOWN)}]"]),
        section("amount", [f"column = {quoted(UNKNOWN)}"]),
        section("columns", [f"date = {quoted(UNKNOWN)}"]),
    ]
    return "\n\n".join(parts) + "\n"


class _Draft:
    """Writes one draft.

    Args:
        source: the example.
        observed: its table.
        encoding: its encoding, of a text file.
        untold: where it is listed what could not be told.
    """

    def __init__(self, source: Source, observed: Observed, encoding: str | None, untold: list[Message]) -> None:
        self._source = source
        self._observed = observed
        self._encoding = encoding
        self._untold = untold
        self._guess: Guess = guess(observed)
        self._names = observed.names

    def text(self) -> str:
        """The whole file."""
        parts = [top(self._source.name, "statement"), self._file(), self._header()]
        above, below = beside(self._observed.above), beside(self._observed.below)
        parts += [self._value("preamble", field, label) for field, label in above.items()]
        parts += [self._value("footer", field, label) for field, label in below.items() if field not in above]
        parts.append(self._amount())
        fee = self._fee()
        if fee:
            parts.append(fee)
        balance = self._guess.columns.get("balance")
        if balance is not None and self._guess.proven:
            parts.append(section("balance", [f"after = {self._spec(balance)}"]))
        parts.append(self._columns({*above, *below}))
        self._tell_of_balances({*above, *below}, balance)
        return "\n\n".join(parts) + "\n"

    def _file(self) -> str:
        lines = []
        table = self._observed.table
        if self._encoding is not None:
            lines.append(f"encodings = [{quoted(self._encoding)}]")
        if table.delimiter is not None and table.sheet is None:
            lines.append(f"delimiters = [{quoted(table.delimiter)}]")
        if self._guess.decimal is not None:
            lines.append(f"decimal = {quoted(self._guess.decimal)}")
        elif self._guess.ambiguous is not None:
            self._untold.append(message("Decimal mark: {found} can be read both ways.", found=self._guess.ambiguous))
        lines.append(f"dates = {listed(self._patterns())}")
        return section("file", lines)

    def _patterns(self) -> tuple[str, ...]:
        column = self._guess.columns.get("date")
        if column is None:
            return ("DD.MM.YYYY",)
        return day_patterns(self._observed.cells(column), self._untold)

    def _header(self) -> str:
        guessed = self._guess
        needed = [guessed.columns.get(name) for name in ("date", "amount", "credit", "debit", "balance")]
        wanted = [*needed, guessed.direction, guessed.fee.column if guessed.fee is not None else None]
        indexes = sorted({index for index in wanted if index is not None})
        if self._observed.header is None:
            return self._shapes(indexes)
        names = list(dict.fromkeys(self._names.texts[index] for index in indexes))
        further = [text for text in self._names.texts if text and text not in names]
        names += further[: max(0, 5 - len(names))]
        names = [name for name in names if not is_expression(name)] or [UNKNOWN]
        return section("header", [f"required = {listed(names)}"])

    def _shapes(self, indexes: list[int]) -> str:
        self._untold.append(message("Names of the columns: the file has no header, so columns go by their position."))
        guessed = self._guess
        days = {guessed.columns.get("date")}
        shapes = [
            f"{{ number = {index + 1}, shape = {quoted('day' if index in days else 'amount')} }}"
            for index in indexes
            if index != guessed.direction
        ]
        if not shapes:
            return section("header", [f"required = [{quoted(UNKNOWN)}]"])
        return section("header", [f"columns = {len(self._names.texts)}", f"shapes = [{', '.join(shapes)}]"])

    def _value(self, part: str, field: str, label: str) -> str:
        return f"[[{part}]]\nfield = {quoted(field)}\nlabel = {quoted(label)}"

    def _amount(self) -> str:
        columns = self._guess.columns
        if "credit" in columns:
            lines = [f"{name} = {self._spec(columns[name])}" for name in ("credit", "debit")]
            return section("amount", lines)
        if "amount" not in columns:
            self._untold.append(
                message("Amount: which column it is; none has a name that is known, or several could be it.")
            )
            return section("amount", [f"column = {quoted(UNKNOWN)}"])
        lines = [f"column = {self._spec(columns['amount'])}"]
        if self._guess.direction is not None:
            if self._has_minus(columns["amount"]):
                self._untold.append(message("Direction: what a minus means beside it; write unsigned = true or false."))
            lines += self._direction(self._guess.direction)
        elif not self._has_minus(columns["amount"]):
            self._untold.append(
                message("Direction: no amount has a minus, and no column says whether money came or went.")
            )
        return section("amount", lines)

    def _has_minus(self, index: int) -> bool:
        return any(text.startswith(("-", "\u2212", "(")) or text.endswith("-") for text in self._texts(index))

    def _texts(self, index: int) -> list[str]:
        return [row.text(index) for row in self._observed.data]

    def _direction(self, index: int) -> list[str]:
        if self._guess.flags is None:
            found = ", ".join(dict.fromkeys(self._texts(index)))
            self._untold.append(
                message("Direction: what {found} mean in the column {name}.", found=found, name=self._called(index))
            )
        credit, debit = self._guess.flags or ((UNKNOWN,), (UNKNOWN * 2,))
        flags = f"credit = {listed(credit)}, debit = {listed(debit)}"
        return [f"direction = {{ column = {self._spec(index)}, {flags} }}"]

    def _called(self, index: int) -> str:
        return self._names.texts[index] or str(index + 1)

    def _fee(self) -> str | None:
        fee = self._guess.fee
        if fee is None:
            return None
        if fee.sign is None or fee.booked is None:
            name = self._called(fee.column)
            self._untold.append(
                message(
                    "Fee: whether the amount contains {name}, and with which sign; the example does not tell.",
                    name=name,
                )
            )
            return "# " + _FEE.format(column=self._spec(fee.column), sign="cost", booked="inside").replace("\n", "\n# ")
        return _FEE.format(column=self._spec(fee.column), sign=fee.sign, booked=fee.booked)

    def _columns(self, values: set[str]) -> str:
        known = self._guess.columns
        lines = [f"{field} = {self._spec(known[field])}" for field in Columns.__struct_fields__ if field in known]
        if "date" not in known:
            self._untold.append(message("Day of booking: which column it is."))
            lines.insert(0, f"date = {quoted(UNKNOWN)}")
        if "currency" not in known and "currency" not in values:
            self._untold.append(
                message(
                    'Currency: no column and no label names it; write currency = {{ constant = "CZK" }} or the like.'
                )
            )
        if not {"account", "iban"} & ({*values} | {*known}):
            self._untold.append(message("Account: the file does not name it; write bank_code, or give --iban."))
        fee = self._guess.fee
        used = {*known.values(), self._guess.direction, fee.column if fee is not None else None}
        rest = [text for index, text in enumerate(self._names.texts) if text and index not in used]
        if rest:
            lines.append(f"# not used: {remark(', '.join(rest))}")
        return section("columns", lines)

    def _tell_of_balances(self, values: set[str], balance: int | None) -> None:
        if balance is not None and not self._guess.proven:
            name = self._called(balance)
            self._untold.append(message("Running balance: the column {name} was not proven by the amounts.", name=name))
        elif balance is None and not {"opening", "closing"} <= values:
            self._untold.append(message("Balances: there are none, so that a missing row cannot be noticed."))

    def _spec(self, index: int) -> str:
        return column_spec(self._names, index)
