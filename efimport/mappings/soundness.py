"""What can be wrong with a mapping file beyond keys and types."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

import msgspec

from efimport.mappings.parts import Column, File, Header, Value
from efimport.mappings.statements import PREAMBLE_FIELDS, SYMBOLS, TEXTS, Amount, Columns, StatementMapping, Symbol
from efimport.messages import message

_PATTERNS = frozenset({"pattern", "header", "own_accounts", "footer"})
"""Keys whose texts are regular expressions."""

_DAY = re.compile(r"(?:YYYY|YY|MM|DD|[-./, ])+")
Fault = tuple[str, str]


def faults(mapping: StatementMapping) -> Iterator[Fault]:
    """Key and reason of everything that is wrong, the first one first."""
    yield from of_parts(mapping)
    if mapping.columns.date is None and mapping.columns.value_date is None:
        yield "columns", message("it needs 'date' or 'value_date'")
    for name in ("payout", "conversion"):
        if getattr(mapping, name) is not None and mapping.balance is not None:
            yield name, message("it goes with no running balance, which would not know of its entries")


def of_parts(mapping: msgspec.Struct) -> Iterator[Fault]:
    """What is wrong with the parts that mapping files of every kind have: columns, patterns, days, encodings."""
    yield from _walk(mapping, "", statement=isinstance(mapping, StatementMapping))


def _walk(item: object, key: str, *, statement: bool) -> Iterator[Fault]:
    if isinstance(item, msgspec.Struct):
        for name in item.__struct_fields__:
            yield from _walk(getattr(item, name), f"{key}.{name}" if key else name, statement=statement)
        yield from _of_part(item, key, statement=statement)
    elif isinstance(item, dict):
        for name, one in item.items():
            yield from _walk(one, f"{key}.{name}", statement=statement)
    elif isinstance(item, tuple):
        for index, one in enumerate(item):
            yield from _walk(one, f"{key}[{index}]", statement=statement)
    elif isinstance(item, str):
        yield from _of_text(item, key)


def _of_text(text: str, key: str) -> Iterator[Fault]:
    name = re.sub(r"\[\d+\]$", "", key).rpartition(".")[2]
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        text = text[1:-1]
    elif name not in _PATTERNS:
        return
    try:
        re.compile(text)
    except re.error as error:
        yield key, message("{found} is no regular expression: {reason}", found=repr(text), reason=error)


def _of_part(item: msgspec.Struct, key: str, *, statement: bool) -> Iterator[Fault]:
    if isinstance(item, Column):
        yield from _of_column(item, key)
    elif isinstance(item, Header):
        yield from _of_header(item, key)
    elif isinstance(item, Value):
        yield from _of_value(item, key, statement=statement)
    elif isinstance(item, Amount):
        yield from _of_amount(item, key)
    elif isinstance(item, File):
        yield from _of_file(item, key)
    elif isinstance(item, Symbol):
        yield from _of_symbol(item, key)


def _of_column(column: Column, key: str) -> Iterator[Fault]:
    ways = [column.names, column.number, column.join, column.first_of, column.constant, column.header]
    if sum(1 for way in ways if way not in ((), None)) != 1:
        wanted = message("it needs exactly one of 'names', 'number', 'join', 'first_of', 'constant', 'header'")
        yield key, wanted
    if column.occurrence < 1 or (column.number is not None and column.number < 1):
        yield key, message("columns are counted from 1")
    if column.header is not None and re.compile(column.header).groups != 1:
        yield f"{key}.header", message("it needs exactly one group in brackets")
    yield from _of_days(column.dates, f"{key}.dates")


def _of_days(patterns: tuple[str, ...], key: str) -> Iterator[Fault]:
    for pattern in patterns:
        parts = sorted(part[0] for part in re.findall(r"YYYY|YY|MM|DD", pattern))
        if parts != ["D", "M", "Y"] or not _DAY.fullmatch(pattern):
            yield key, message("{found} is no pattern of a day like DD.MM.YYYY", found=repr(pattern))


def _of_file(file: File, key: str) -> Iterator[Fault]:
    for encoding in file.encodings:
        try:
            codecs.lookup(encoding)
        except LookupError:
            yield f"{key}.encodings", message("there is no encoding {found}", found=repr(encoding))
    for delimiter in file.delimiters:
        if len(delimiter) != 1:
            yield f"{key}.delimiters", message("{found} is not one sign", found=repr(delimiter))
    if file.rejoin is not None and len(file.rejoin) != 1:
        yield f"{key}.rejoin", message("{found} is not one sign", found=repr(file.rejoin))
    if not file.dates:
        yield f"{key}.dates", message("it names no pattern")
    yield from _of_days(file.dates, f"{key}.dates")


def _of_header(header: Header, key: str) -> Iterator[Fault]:
    by_position = header.columns is not None and header.shapes
    if bool(header.required) == bool(by_position):
        yield key, message("it needs either 'required', or 'columns' with 'shapes'")
    for index, shape in enumerate(header.shapes):
        if sum(1 for way in (shape.shape, shape.values or None, shape.pattern) if way is not None) != 1:
            yield f"{key}.shapes[{index}]", message("it needs either 'shape' or 'values' or 'pattern'")
        if not 1 <= shape.number <= (header.columns or 0):
            yield f"{key}.shapes[{index}]", message("there is no column {number}", number=shape.number)


def _of_value(value: Value, key: str, *, statement: bool) -> Iterator[Fault]:
    groups = re.compile(value.pattern) if value.pattern is not None else None
    named = set(groups.groupindex) - {"value"} if groups else set()
    wanted = named | ({value.field} if value.field else set())
    for name in sorted(wanted - PREAMBLE_FIELDS) if statement else ():
        fields = ", ".join(sorted(PREAMBLE_FIELDS))
        yield key, message("there is no value {name}; there are {fields}", name=repr(name), fields=fields)
    if not wanted:
        yield key, message("it needs 'field', or a pattern whose groups are named after fields")
    if not value.label and groups is None:
        yield key, message("it needs 'label' or 'pattern'")
    if groups is not None and not groups.groups:
        yield f"{key}.pattern", message("it needs a group in brackets")
    yield from _of_days(value.dates, f"{key}.dates")


def _of_amount(amount: Amount, key: str) -> Iterator[Fault]:
    two = amount.credit is not None and amount.debit is not None
    either = amount.credit is not None or amount.debit is not None
    if (amount.column is not None) == two or (either and not two):
        yield key, message("it needs either 'column', or 'credit' and 'debit'")
    if amount.direction is not None and amount.column is None:
        yield key, message("a 'direction' belongs to a 'column'")


def _of_symbol(symbol: Symbol, key: str) -> Iterator[Fault]:
    if symbol.field not in SYMBOLS:
        yield f"{key}.field", message("it is one of {fields}", fields=", ".join(sorted(SYMBOLS)))
    known = TEXTS & set(Columns.__struct_fields__)
    for source in symbol.sources:
        if source not in known:
            yield f"{key}.sources", message("it is made of {fields}", fields=", ".join(sorted(known)))
    if not re.compile(symbol.pattern).groups:
        yield f"{key}.pattern", message("it needs a group in brackets")
