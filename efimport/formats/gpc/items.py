"""Record 075: an item, with the records 076, 078 and 079 that belong to it.

Česká spořitelna, Technický popis struktury ABO formátu (3-2267), record 075; Komerční banka, Popis formátu ABO, 2.2 and
2.3. A whole item is taken apart by one pattern, which also proves that the numeric columns hold digits; only an item
that does not fit is looked at column by column.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from efimport.findings import Severity
from efimport.formats.gpc.blocks import RECORD_LENGTH
from efimport.formats.gpc.fields import text
from efimport.formats.notes import Notes
from efimport.messages import message

_WHOLE = re.compile(
    rb"075(\d{16})(\d{16})(.{13})([+\-\d]\d{11})([1-5])(\d{10})..(\d{4})(\d{4})(\d{10})(.{6})(.{20}).(.{4})(.{6})",
    re.DOTALL,
)
_JOINED = re.compile(rb"07[45]\d{16}")
SHORTEST_EXTENDED = 309
"""Extended items are 1135 columns long; up to here they hold digits that no editor trims."""


class Fields(NamedTuple):
    """The columns of record 075 as bytes; see the pattern above for their widths."""

    account: bytes
    counter_account: bytes
    reference: bytes
    amount: bytes
    code: bytes
    variable_symbol: bytes
    bank_code: bytes
    constant_symbol: bytes
    specific_symbol: bytes
    value_date: bytes
    name: bytes
    data_type: bytes
    date: bytes


class Item(NamedTuple):
    """An item whose amount could be read.

    Attributes:
        line: line in the file.
        hundredths: amount without a sign, in hundredths of the currency.
        sign: -1 or 1 where column 49 holds a sign (J&T Banka); 0 otherwise.
        code: posting code 1 to 5; 0 where it is blank.
        change_code: column 118.
        fields: all columns.
        extended: what stands behind column 128.
        records: the records 076, 078 and 079 that follow, with their lines.
    """

    line: int
    hundredths: int
    sign: int
    code: int
    change_code: bytes
    fields: Fields
    extended: bytes
    records: list[tuple[int, bytes]]


class Column(NamedTuple):
    """A numeric column: its name, first and last column, and how much damage in it weighs."""

    name: str
    first: int
    last: int
    severity: Severity


_NUMERIC = (
    Column(message("own account"), 4, 19, Severity.ERROR),
    Column(message("counter-account"), 20, 35, Severity.WARNING),
    Column(message("variable symbol"), 62, 71, Severity.ERROR),
    Column(message("bank code"), 74, 77, Severity.ERROR),
    Column(message("constant symbol"), 78, 81, Severity.ERROR),
    Column(message("specific symbol"), 82, 91, Severity.ERROR),
)


def read_item(record: bytes, line: int, notes: Notes) -> Item | None:
    """Read a record 075; None where its amount cannot be read, with an error noted."""
    match = _WHOLE.match(record)
    fields = Fields._make(match.groups()) if match else _damaged(record, line, notes)
    if fields is None:
        return None
    amount = fields.amount
    sign = 1 if amount[:1] == b"+" else -1 if amount[:1] == b"-" else 0
    extended = record[RECORD_LENGTH:].rstrip()
    if extended and len(record) < SHORTEST_EXTENDED:
        extended = b""
        _note_tail(record, line, notes)
    return Item(
        line,
        int(amount[1:] if sign else amount),
        sign,
        int(fields.code) if fields.code != b" " else 0,
        record[117:118],
        fields,
        extended,
        [],
    )


def _note_tail(record: bytes, line: int, notes: Notes) -> None:
    """Note what stands behind a plain item: another record, or what a letter too many has pushed out."""
    tail, columns = record[RECORD_LENGTH:], (RECORD_LENGTH + 1, len(record))
    if _JOINED.match(tail.lstrip()):
        notes.add("gpc.joined", line, columns, record=text(tail.lstrip()[:3]))
    else:
        notes.add("gpc.too-long", line, columns, severity=Severity.ERROR, record="075")


def _damaged(record: bytes, line: int, notes: Notes) -> Fields | None:
    """Look at each column of a record that does not fit the pattern; note what is wrong with it."""
    if len(record) < RECORD_LENGTH:
        notes.add("gpc.too-short", line, record="075", length=len(record), least=RECORD_LENGTH)
    full = record.ljust(RECORD_LENGTH)
    for column in _NUMERIC:
        content = full[column.first - 1 : column.last].strip()
        if content and not content.isdigit():
            notes.add(
                "gpc.not-digits",
                line,
                (column.first, column.last),
                severity=column.severity,
                field=column.name,
                found=text(content),
            )
    amount, code = full[48:60], full[60:61]
    signed = amount[:1] in (b"+", b"-")
    if not (amount[1:] if signed else amount).isdigit():
        notes.add("gpc.not-digits", line, (49, 60), field=message("amount"), found=text(amount) or message("blanks"))
        return None
    if code not in b"12345" and not (signed and code == b" "):
        notes.add("gpc.posting-code", line, (61, 61), found=text(code) or message("blanks"))
        return None
    return Fields(
        full[3:19],
        full[19:35],
        full[35:48],
        amount,
        code,
        full[61:71],
        full[73:77],
        full[77:81],
        full[81:91],
        full[91:97],
        full[97:117],
        full[118:122],
        full[122:128],
    )
