"""A mapping file for a table of partners, products, orders or invoices, drafted from an example."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from efimport.formats.spreadsheet.draft_parts import UNKNOWN, column_spec, day_patterns, faults_of, top
from efimport.formats.spreadsheet.guessing import known_words
from efimport.formats.spreadsheet.likeness import Likeness, plain
from efimport.formats.spreadsheet.margins import row_text
from efimport.formats.spreadsheet.names import folded, is_expression
from efimport.formats.spreadsheet.observing import mark_of
from efimport.formats.spreadsheet.records.values import Wrong, choices, flag_of
from efimport.formats.spreadsheet.toml_text import listed, quoted, remark, section
from efimport.formats.tables.model import Cell, cell_text
from efimport.formats.tables.reader import Tables
from efimport.mappings.targets import Field, TargetName, target_fields
from efimport.messages import Message, message
from efimport.sources import Source

_HEADER_NAMES = 4
_LINE_TEXT = ("description", "product_code")
_LINE_AMOUNT = ("unit_price", "unit_price_with_vat", "line_total_without_vat", "line_total_with_vat")
_OF_LINES = frozenset({*_LINE_TEXT, "quantity", "unit_price", "unit_price_with_vat", "ean"})
"""Fields that only a line has; a document may have the others as well."""

_TOTALS = {
    "line_total_without_vat": "total_without_vat",
    "line_vat": "total_vat",
    "line_total_with_vat": "total_with_vat",
}
_WORDS = re.compile(r"[^\W\d_][^\d]{2,40}")
_RATE = re.compile(r"(?<!\d)(\d{1,2}(?:[.,]\d)?)(?!\d)")


def draft_records(
    source: Source, tables: Tables, like: Likeness | None, target: TargetName | None = None
) -> tuple[str, list[Message]]:
    """The text of a mapping file for a table of documents.

    Args:
        source: where the table comes from.
        tables: the tables of the file.
        like: the table seen as one of its target; None where no row has headings that are known.
        target: what the rows are; only asked for where ``like`` is None.

    Returns:
        TOML that loads as a mapping file, and what could not be told.
    """
    untold = faults_of(tables)
    if like is None:
        assert target is not None
        untold.append(message("No row was found that has headings of such a table."))
        parts = [
            top(source.name, target),
            section("header", [f"required = [{quoted(UNKNOWN)}]"]),
            section("columns", [f"{group[0]} = {quoted(UNKNOWN)}" for group in _groups(target)]),
        ]
        return "\n\n".join(parts) + "\n", untold
    return _Draft(source, tables, like, untold).text(), untold


def _groups(target: TargetName) -> tuple[tuple[str, ...], ...]:
    """Fields of which one each has to be told."""
    amounts = {"invoices": (("total_with_vat",),), "orders": (("total",),)}
    return (*target_fields(target).needs, *amounts.get(target, ()))


class _Rate(msgspec.Struct):
    """The columns of one VAT rate."""

    base: int | None = None
    vat: int | None = None


class _Draft:
    """Writes one draft.

    Args:
        source: the example.
        tables: its tables.
        like: the one that is described.
        untold: where it is listed what could not be told.
    """

    def __init__(self, source: Source, tables: Tables, like: Likeness, untold: list[Message]) -> None:
        self._source = source
        self._tables = tables
        self._like = like
        self._untold = untold
        self._names = like.names
        self._fields = target_fields(like.target)
        self._columns = dict(like.columns)
        self._lines = dict(like.lines)
        self._rates = self._find_rates() if like.target == "invoices" else {}
        self._settle_lines()

    def text(self) -> str:
        """The whole file."""
        head = top(self._source.name, self._like.target)
        if self._is_received():
            head += '\ndirection = "received"'
        parts = [head, self._file(), self._header()]
        for name, one in self._like.beside.items():
            parts.append(f"[[preamble]]\nfield = {quoted(name)}\nlabel = {quoted(one.label)}")
        columns = [*self._specs(self._columns), *self._missing(), *self._rest()]
        if columns:
            parts.append(section("columns", columns))
        if self._lines:
            parts.append(section("lines", [*self._specs(self._lines), *self._missing_of_lines()]))
        parts += [self._vat(rate, columns) for rate, columns in self._rates.items()]
        words = list(self._words())
        if words:
            parts.append("\n\n".join(words))
        if not self._like.data:
            self._untold.append(message("Rows: there are none, so that only the headings could be looked at."))
        return "\n\n".join(parts) + "\n"

    def _find_rates(self) -> dict[str, _Rate]:
        """Columns that hold base or VAT of one rate: ``Základ 21 %``, ``DPH 21 %``."""
        known = known_words("rates")
        taken = {*self._columns.values(), *self._lines.values()}
        found: dict[str, _Rate] = {}
        for index, text in enumerate(self._names.texts):
            rate = _RATE.search(text)
            if rate is None or index in taken:
                continue
            words = plain(_RATE.sub("", text).replace("%", "")).split()
            columns = found.setdefault(rate[1].replace(",", "."), _Rate())
            if any(word in map(folded, known["base"]) for word in words):
                columns.base = index
            elif any(word in map(folded, known["vat"]) for word in words):
                columns.vat = index
        return {rate: columns for rate, columns in found.items() if columns.base is not None}

    def _settle_lines(self) -> None:
        """Whether a row is a line or a whole document; amounts that either can have are then those of the document."""
        if not self._lines:
            if self._repeats():
                self._untold.append(
                    message("Lines: the number repeats from row to row, but no column of lines is known.")
                )
            return
        names = self._lines.keys()
        if names & _OF_LINES or self._repeats() or ("vat_rate" in names and not names.isdisjoint(_LINE_AMOUNT)):
            return
        for name in list(self._lines):
            index = self._lines.pop(name)
            total = _TOTALS.get(name, "")
            if total in self._fields.document and total not in self._columns:
                self._columns[total] = index

    def _repeats(self) -> bool:
        """Whether the number of a document stands in several rows."""
        index = self._columns.get("number")
        if index is None or self._like.target not in ("invoices", "orders"):
            return False
        texts = [text for text in map(cell_text, self._like.cells(index)) if text]
        return len(set(texts)) < len(texts)

    def _is_received(self) -> bool:
        """Whether the other party is called supplier."""
        index = self._columns.get("partner_name")
        if index is None:
            return False
        return plain(self._names.texts[index]) in map(folded, known_words("parties")["supplier"])

    def _file(self) -> str:
        lines = []
        table = self._like.table
        if self._tables.encoding is not None:
            lines.append(f"encodings = [{quoted(self._tables.encoding)}]")
        if table.delimiter is not None and table.sheet is None:
            lines.append(f"delimiters = [{quoted(table.delimiter)}]")
        if table.sheet is not None and len(self._tables.tables) > 1:
            others = ", ".join(one.sheet for one in self._tables.tables if one.sheet not in (None, table.sheet))
            lines.append(f"sheets = [{quoted(table.sheet)}]  # not described: {remark(others)}")
        decimal, ambiguous = mark_of(self._cells_of("amount", "percent"))
        if decimal is not None:
            lines.append(f"decimal = {quoted(decimal)}")
        elif ambiguous is not None:
            self._untold.append(message("Decimal mark: {found} can be read both ways.", found=ambiguous))
        days = self._cells_of("day")
        if days:
            patterns = day_patterns([cell for cells in days for cell in cells], self._untold)
            lines.append(f"dates = {listed(patterns)}")
        footer = self._footer()
        if footer is not None:
            lines.append(f"footer = [{quoted(footer)}]")
        return section("file", lines)

    def _footer(self) -> str | None:
        """A regular expression for a remark below the data: its words up to the first digit.

        A row with several cells may hold totals, which the reader knows and compares.
        """
        below = self._like.below
        if not below or sum(bool(text) for text in below[0].texts) != 1:
            return None
        words = _WORDS.match(row_text(below[0]))
        return "^" + re.escape(words[0].strip()) if words else None

    def _cells_of(self, *types: str) -> list[list[Cell]]:
        """The cells of all columns of some types."""
        return [
            self._like.cells(index)
            for columns, fields in ((self._columns, self._fields.document), (self._lines, self._fields.line))
            for name, index in columns.items()
            if fields[name].type in types
        ] + self._cells_elsewhere(types)

    def _cells_elsewhere(self, types: tuple[str, ...]) -> list[list[Cell]]:
        """The cells of the columns of rates, and those above the rows."""
        document = self._fields.document
        above = [[one.value] for name, one in self._like.beside.items() if document[name].type in types]
        if "amount" not in types:
            return above
        places = [place for rate in self._rates.values() for place in (rate.base, rate.vat) if place is not None]
        return above + [self._like.cells(index) for index in places]

    def _header(self) -> str:
        needed = [name for group in self._fields.needs for name in group if name in self._columns]
        told = {name: self._columns[name] for name in needed} | self._columns | self._lines
        texts = [self._names.texts[index] for index in told.values()]
        names = list(dict.fromkeys(text for text in texts if text and not is_expression(text)))
        names = names[: max(_HEADER_NAMES, len(needed))] or [UNKNOWN]
        return section("header", [f"required = {listed(names)}"])

    def _specs(self, columns: dict[str, int]) -> Iterator[str]:
        """The lines of ``[columns]`` or ``[lines]``, in the order of the table."""
        for name, index in sorted(columns.items(), key=lambda item: item[1]):
            told = "  # told by its values" if columns is self._columns and name in self._like.by_values else ""
            yield f"{name} = {column_spec(self._names, index)}{told}"

    def _missing(self) -> Iterator[str]:
        """Lines for what a document needs and was not found."""
        told = {*self._columns, *self._like.beside}
        for group in self._fields.needs:
            if told.isdisjoint(group):
                title = Message(self._fields.document[group[0]].title)
                self._untold.append(
                    message("{title}: which column it is; write it for {field}.", title=title, field=group[0])
                )
                yield f"{group[0]} = {quoted(UNKNOWN)}"
        if self._like.target in ("invoices", "orders") and not self._lines and not self._rates:
            yield from self._missing_amounts(told)

    def _missing_amounts(self, told: set[str]) -> Iterator[str]:
        """What a document without lines and without amounts by rate lacks; totals that tell the VAT are enough."""
        total = _groups(self._like.target)[-1][0]
        if "total_without_vat" in told and not told.isdisjoint({"total_vat", "total_with_vat", "payable"}):
            return
        self._untold.append(
            message("Lines: which columns hold them, or which the base and VAT of each rate; write [lines] or [[vat]].")
        )
        if told.isdisjoint({total, "total_without_vat", "payable"}):
            yield f"{total} = {quoted(UNKNOWN)}"

    def _missing_of_lines(self) -> Iterator[str]:
        """Lines for what a line needs and was not found."""
        for group, what in ((_LINE_TEXT, message("Text of the lines")), (_LINE_AMOUNT, message("Amount of the lines"))):
            if self._lines.keys().isdisjoint(group):
                self._untold.append(
                    message("{title}: which column it is; write it for {field}.", title=what, field=group[0])
                )
                yield f"{group[0]} = {quoted(UNKNOWN)}"

    def _rest(self) -> Iterator[str]:
        of_rates = {index for rate in self._rates.values() for index in (rate.base, rate.vat)}
        used = {*self._columns.values(), *self._lines.values(), *of_rates}
        rest = [text for index, text in enumerate(self._names.texts) if text and index not in used]
        if rest:
            yield f"# not used: {remark(', '.join(rest))}"

    def _vat(self, rate: str, columns: _Rate) -> str:
        lines = ["[[vat]]", f"rate = {quoted(rate)}"]
        for name in ("base", "vat"):
            index = getattr(columns, name)
            if index is not None:
                lines.append(f"{name} = {column_spec(self._names, index)}")
        return "\n".join(lines)

    def _words(self) -> Iterator[str]:
        """What stands in columns of choices and of yes and no, and is not known."""
        parts = ((self._columns, self._fields.document), (self._lines, self._fields.line))
        for columns, fields in parts:
            for name, index in columns.items():
                strange = _strange(fields[name], self._like.cells(index))
                if strange:
                    known = ", ".join(_ours(fields[name]))
                    words = ", ".join(strange)
                    called = self._names.texts[index]
                    self._untold.append(
                        message(
                            "Words: what {words} means in the column {name}; known are: {known}.",
                            words=words,
                            name=called,
                            known=known,
                        )
                    )
                    yield "\n".join([f"# [words.{name}]", f"# {remark(quoted(UNKNOWN))} = {remark(listed(strange))}"])


def _ours(field: Field) -> tuple[str, ...]:
    """Our own words for what stands in a column."""
    return ("true", "false") if field.type == "flag" else tuple(field.choices)


def _strange(field: Field, cells: list[Cell]) -> list[str]:
    """The words in a column that the field does not know."""
    if field.type not in ("flag", "choice"):
        return []
    parse = flag_of({}) if field.type == "flag" else choices(field, {})
    strange = (cell_text(cell) for cell in cells if cell_text(cell) and isinstance(parse(cell), Wrong))
    return list(dict.fromkeys(strange))
