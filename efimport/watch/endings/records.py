"""ABO/GPC: the turnovers and balances of each record 074 agree with the records 075 behind it.

Komerční banka, Popis formátu ABO, 2.2 and 2.3: columns of both records; new balance = old balance - debit turnover +
credit turnover. What agrees may still be cut where nothing more is summed: behind a statement whose successor is
missing, and among the records 076, 078 and 079 of the last item. A file that has such records proves nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from efimport.formats.gpc.header import SHORTEST
from efimport.messages import message
from efimport.watch.endings.content import Content
from efimport.watch.endings.outcome import NO_MARK, PROVED, Ending, doubtful

_HEADER_BEGINS = re.compile(rb"(?<![^\r\n])074[0-9]{16}")
_HEADER = re.compile(
    r"074.{42}(?P<opening>\d{14})(?P<opening_sign>[+\-])(?P<closing>\d{14})(?P<closing_sign>[+\-])"
    r"(?:(?P<debit>\d{14})(?P<debit_sign>[0+ \-])(?P<credit>\d{14})(?P<credit_sign>[0+ \-])| {30})",
    re.DOTALL,
)
_ITEM = re.compile(rb"075.{45}([+\- 0-9]\d{11})([0-9 ])", re.DOTALL)
_FURTHER = (b"076", b"078", b"079")
RECORD = 128
"""Columns of a record 075; those of Česká spořitelna may be longer."""
_REVERSALS = ((4, 5), (3, 4))
"""Codes that take back a debit and a credit: of most banks, and of Česká spořitelna (3-2267, record 075)."""
_LONGEST = 64 * 1024
_LINE_ENDS = (b"\n", b"\r", b"\x1a")


def holds_records(content: Content) -> bool:
    """Whether a statement header, record 074, stands at the beginning of a line."""
    return _HEADER_BEGINS.search(content.text) is not None


class _Statement(msgspec.Struct):
    """One record 074 with the sums of its items, by code, in hundredths; a sign of its own counts as its code."""

    movement: int
    turnovers: tuple[int, int] | None
    sums: Counter[int] = msgspec.field(default_factory=Counter)

    @property
    def is_proved(self) -> bool | None:
        """Whether the items make the turnovers and the movement; None where the header has no turnovers to go by."""
        told = self.turnovers if self.turnovers != (0, 0) or self.movement == 0 else None
        for debit_back, credit_back in _REVERSALS:
            debit, credit = self.sums[1], self.sums[2]
            back, taken = self.sums[debit_back], self.sums[credit_back]
            if credit - taken - debit + back != self.movement:
                continue
            if told is None:
                return None
            # A reversal lowers the turnover of its own side; some programs add it to the other one.
            if told in ((debit - back, credit - taken), (debit + taken, credit + back)):
                return True
        return False


def end_of_records(content: Content) -> Ending:
    """Whether every statement of the file adds up and the last record is whole."""
    proof: bool | None = True
    statement: _Statement | None = None
    further, longest, last = False, 0, b""
    for line in _lines(content):
        if not line.strip(b"\r\n\x1a\x00 "):
            continue
        last = line
        if line.startswith(b"074"):
            proof = _both(proof, statement)
            statement = _statement(line)
            if statement is None:
                return _open(content)
        elif line.startswith(b"075") and statement is not None:
            _add(statement, line)
            longest = max(longest, len(line.rstrip(b"\r\n")))
        further = further or line.startswith(_FURTHER)
    proof = _both(proof, statement)
    if proof is False or content.ends_in_zeros:
        return _open(content)
    if not last.endswith(_LINE_ENDS):
        return NO_MARK if len(last) >= max(longest, _least(last)) else doubtful(message("The last record is cut."))
    return NO_MARK if proof is None or further or longest > RECORD + 2 else PROVED


def _open(content: Content) -> Ending:
    if content.ends_in_zeros:
        return doubtful(message("The file ends in zero bytes: its content has not been written yet."))
    return doubtful(message("The items do not add up to the turnovers and balances of the statement (record 074)."))


def _both(proof: bool | None, statement: _Statement | None) -> bool | None:
    if statement is None or proof is False:
        return proof
    found = statement.is_proved
    return found if found is not True else proof


def _least(record: bytes) -> int:
    return {b"074": SHORTEST, b"075": RECORD}.get(record[:3], 3)


def _lines(content: Content) -> Iterator[bytes]:
    """The lines with their ends: CR LF, LF or CR."""
    held = b""
    for piece in content.texts():
        *lines, held = (held + piece).splitlines(keepends=True) or [b""]
        yield from lines
        # No record is that long; of what is none its beginning is enough.
        held = held[:_LONGEST]
    yield held


def _statement(line: bytes) -> _Statement | None:
    # A letter of the name may be of two bytes where the file is in UTF-8.
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("latin-1")
    match = _HEADER.match(text)
    if match is None or len(text.rstrip("\r\n")) < SHORTEST:
        return None
    turnovers = (_signed(match, "debit"), _signed(match, "credit")) if match["debit"] else None
    return _Statement(_signed(match, "closing") - _signed(match, "opening"), turnovers)


def _signed(match: re.Match[str], name: str) -> int:
    amount = int(match[name])
    return -amount if match[f"{name}_sign"] == "-" else amount


def _add(statement: _Statement, line: bytes) -> None:
    match = _ITEM.match(line)
    if match is None:
        return
    amount, code = match.groups()
    if amount[:1] in b"+-":
        statement.sums[2 if amount[:1] == b"+" else 1] += int(amount[1:])
    else:
        statement.sums[int(code) if code != b" " else 0] += int(amount)
