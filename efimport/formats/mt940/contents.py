"""What of the file goes to the service: one statement as the bank wrote it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from efimport.formats.mt940.encodings import Loaded
from efimport.formats.mt940.sheets import Sheet
from efimport.sources import Source

FORMAT = "mt940"
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING = b"\r\n$ \t"
_CLOSING = re.compile(r"^[ \t]*:62M?:[^\n]*\n?", re.MULTILINE)
_OPENING = re.compile(r"^[ \t]*:60[FM]?:[^\n]*\n?", re.MULTILINE)
_FIRST_OWN = re.compile(r"^[ \t]*:(?:28C?|60[FM]?):", re.MULTILINE)
_ENDED = re.compile(r"(?:\n-|-\}[^\n]*)\s*\Z")
_ONLY_AVAILABLE = re.compile(r"(?:[ \t]*:6[45]:[^\n]*\n?|\s)*")


def content_of(source: Source, group: Sequence[Sheet], loaded: Loaded, chained: bool) -> tuple[bytes, tuple[str, ...]]:
    """The bytes of one statement, and what was changed in them, as finding codes.

    Args:
        source: the file.
        group: the pages of the statement.
        loaded: the file without what every later step takes away.
        chained: whether each page opens with the balance that the one before closed with.
    """
    changes = ["mt940.saved-as"] if loaded.saved_as else []
    single = len(group) == 1 and group[0].is_first and group[0].is_last
    if single:
        message = group[0].message
        content = message.frame + message.body + message.trailer
        if not loaded.saved_as and not loaded.other_line_ends and message.alone and _plain_line_ends(content):
            return source.read(), ()
    elif chained and (joined := _joined(group)) is not None:
        content = joined
        changes.append("mt940.pages-joined" if len(group) > 1 else "mt940.head-repeated")
    else:
        content = b"\r\n".join(_whole(sheet) for sheet in group)
        if not group[0].is_first:
            changes.append("mt940.head-repeated")
    if loaded.other_line_ends or not _plain_line_ends(b"".join(_bytes_of(sheet) for sheet in group)):
        changes.append("mt940.line-ends")
    return _normalized(content), tuple(changes)


def _plain_line_ends(content: bytes) -> bool:
    pairs = content.count(b"\r\n")
    return content.count(b"\n") == pairs and content.count(b"\r") == pairs


def _bytes_of(sheet: Sheet) -> bytes:
    return sheet.message.frame + sheet.message.body + sheet.message.trailer if sheet.is_first else b""


def _normalized(content: bytes) -> bytes:
    return _LINE_END.sub(b"\r\n", content.lstrip(_LEADING).rstrip(b"\r\n")) + b"\r\n"


def _whole(sheet: Sheet) -> bytes:
    """A page as a message of its own: a page that is not the first of its message gets the head of that message."""
    text = sheet.text
    frame = sheet.message.frame.lstrip(_LEADING)
    if not sheet.is_first:
        own = _FIRST_OWN.search(sheet.body)
        head = sheet.body[: own.start()] if own else ""
        text = (head if ":25:" not in text else head.partition("\n")[0] + "\n") + text
    ended = not sheet.is_last and _ENDED.search(text) is not None
    return frame + _encoded(text, sheet) + (b"" if ended else _trailer(sheet))


def _encoded(text: str, sheet: Sheet) -> bytes:
    return text.encode(sheet.encoding, "surrogateescape")


def _trailer(sheet: Sheet) -> bytes:
    return sheet.message.trailer.rstrip() or b""


def _joined(group: Sequence[Sheet]) -> bytes | None:
    """The pages as one message, without the heads and balances in between; None where more than these would go."""
    parts = []
    for place, sheet in enumerate(group):
        text = sheet.text
        if place:
            opening = _OPENING.search(text)
            if opening is None:
                return None
            text = text[opening.end() :]
        if place < len(group) - 1:
            closings = list(_CLOSING.finditer(text))
            if not closings or not _ONLY_AVAILABLE.fullmatch(text, closings[-1].end()):
                return None
            text = text[: closings[-1].start()]
        parts.append(_encoded(text if text.endswith("\n") or place == len(group) - 1 else text + "\n", sheet))
    first = group[0]
    if not first.is_first or len({sheet.encoding for sheet in group}) > 1:
        return None
    return first.message.frame.lstrip(_LEADING) + b"".join(parts) + _trailer(group[-1])
