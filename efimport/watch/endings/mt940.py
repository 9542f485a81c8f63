"""MT940: the last statement has its closing balance, and its frame is closed.

SWIFT, MT 940: a statement ends with field 62F, one of its pages with 62M; a message in blocks ends with ``-}``. Bank
programs that leave the blocks out end it by a line ``-``, or by nothing.
"""

from __future__ import annotations

import re

from efimport.messages import message
from efimport.watch.endings.content import Content
from efimport.watch.endings.outcome import NO_MARK, PROVED, Ending, doubtful

_LINE = rb"(?:^|@@|\{4:)[ \t\x01]*"
_HEAD = re.compile(_LINE + rb":(?:20|25|28C?):", re.MULTILINE)
_BODY = re.compile(_LINE + rb":(?:6[012][FM]?|86|34F|13D|90[CD]):|\{2:[IO]94[0-2]", re.MULTILINE)
_FIELD = re.compile(_LINE + rb":(20|25|60[FM]?|61|62[FM]?|34F|90[CD])(?=:)", re.MULTILINE)
_BALANCE = re.compile(rb":[ \t]*[CDcd]\d{6}(?:[A-Za-z]{3})?[\d.,]*[.,]\d{0,2}(?![\d.,])")
_WHOLE_AMOUNT = re.compile(rb":[^\n]*\d[.,]\d\d[ \t]*")
_BLOCK_ENDS = re.compile(rb"-\}(?:\{\w+:[^{}]*(?:\{[^{}]*\}[^{}]*)*\})*[$\s]*\Z")
_LINE_DASH = re.compile(rb"(?:^|@@)-[ \t]*$", re.MULTILINE)
_DASH_ENDS = re.compile(rb"(?:^|@@|\n)-[ \t]*(?:\n|@@)\s*\Z")
_INTRADAY_BEGINS = (b"34F", b"90D", b"90C")
TAIL = 1024 * 1024
NEAR = 4096
"""Bytes in which the end of a frame lies."""


def holds_messages(content: Content) -> bool:
    """Whether fields of a statement stand at the beginning of lines."""
    head = _unix(content.text)
    return _HEAD.search(head) is not None and (_BODY.search(head) is not None or head.lstrip().startswith(b":20:"))


def end_of_messages(content: Content) -> Ending:
    """Whether a closing balance follows the last opening balance and the last entry, and what follows it."""
    if content.ends_in_zeros:
        return doubtful(message("The file ends in zero bytes: its content has not been written yet."))
    tail = _unix(content.tail_text(TAIL)).replace(b"\x1a", b"")
    fields = list(_FIELD.finditer(tail))
    if not fields:
        # The beginning of a message is too far away, and what was seen of it is text.
        return doubtful(message("The closing balance (field 62F) is missing."))
    last = fields[-1]
    if last[1] in _INTRADAY_BEGINS or _is_intraday(fields):
        return NO_MARK if tail.endswith((b"\n", b"@@", b"-}", b"}", b"-")) else doubtful(_NO_LINE_END)
    if not last[1].startswith(b"62") or _BALANCE.match(tail, last.end()) is None:
        return doubtful(message("The closing balance (field 62F) is missing."))
    return _frame(content, tail, last)


_NO_LINE_END = message("The last line has no line end.")


def _frame(content: Content, tail: bytes, last: re.Match[bytes]) -> Ending:
    """What stands behind the last closing balance."""
    behind = tail[last.end() :][-NEAR:]
    final = last[1] != b"62M"
    if _in_blocks(content, tail):
        if _BLOCK_ENDS.search(behind):
            return PROVED if final else NO_MARK
        return doubtful(message("The end of the message, a hyphen and a brace, is missing."))
    if _DASH_ENDS.search(behind):
        return PROVED if final else NO_MARK
    if not tail.endswith((b"\n", b"@@", b"-")):
        return NO_MARK if _WHOLE_AMOUNT.fullmatch(behind) else doubtful(_NO_LINE_END)
    if _LINE_DASH.search(tail, 0, last.start()) and not behind.endswith(b"-"):
        return doubtful(message('The line "-" that ends the statements of this file is missing at the last one.'))
    return NO_MARK


def _in_blocks(content: Content, tail: bytes) -> bool:
    return b"{4:" in tail or b"{4:" in content.text[:4096] or b"{1:F" in content.text[:4096]


def _is_intraday(fields: list[re.Match[bytes]]) -> bool:
    """Whether the last message is an MT942, which has no balances (SWIFT, MT 942, field 34F)."""
    begins = [field.start() for field in fields if field[1] == b"20"]
    message_fields = {field[1] for field in fields if not begins or field.start() >= begins[-1]}
    return b"34F" in message_fields


def _unix(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
