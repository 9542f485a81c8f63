"""PDF and pictures, each with the mark that its standard puts at the end.

ISO 32000-1, 7.5.5: ``%%EOF``; Annex F: a linearized file tells its length. ISO/IEC 10918-1 (JPEG), B.1.1.3: marker EOI.
ISO/IEC 15948 (PNG), 11.2.5: chunk IEND. Adobe, TIFF 6.0, 2: directories anywhere in the file.
"""

from __future__ import annotations

import re
import struct

from efimport.messages import message
from efimport.watch.endings.content import Content
from efimport.watch.endings.outcome import NO_MARK, PROVED, Ending, doubtful, unfinished

_PDF = re.compile(rb"[\s\S]{0,1020}?%PDF-\d")
_PDF_END = b"%%EOF"
_LINEARIZED = re.compile(rb"/Linearized\b[\s\S]{0,400}?/L\s+(\d{1,15})\b")
_JPEG, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
_PNG, _PNG_END = b"\x89PNG\r\n\x1a\n", b"\x00\x00\x00\x00IEND\xaeB`\x82"
_TIFF = {b"II*\x00": "<", b"MM\x00*": ">"}
_PLACES = {273: 279, 324: 325}
"""Tags of the places of the image's parts, with those of their lengths."""
_NUMBERS = {3: "H", 4: "L"}
_MOST_PARTS = 100_000
_MOST_IMAGES = 10_000
_PADDING = b"\x00\r\n\t \x0c\x1a"


def is_pdf(content: Content) -> bool:
    """Whether a file begins like a PDF; programs may have put something before it."""
    return _PDF.match(content.head[:1040]) is not None


def end_of_pdf(content: Content) -> Ending:
    """Whether the mark of the end stands near the end.

    A PDF that was changed has such a mark behind each state of it, and one for the web has one near its beginning, so
    only a mark behind which nothing follows is a proof.
    """
    linearized = _LINEARIZED.search(content.head[:4096])
    if linearized and int(linearized[1]) > content.size:
        return doubtful(message("The file is shorter than it says itself."))
    tail = content.tail()
    place = tail.rfind(_PDF_END)
    behind = tail[place + len(_PDF_END) :]
    if place >= 0 and not behind.strip(_PADDING):
        return PROVED if b"\x00" not in behind else NO_MARK
    if not tail[-512:].strip(b"\x00"):
        return unfinished(message("The file ends in zero bytes: its content has not been written yet."))
    if place >= 0 and len(behind) <= 1024:
        return NO_MARK
    return doubtful(message("The mark of the end (%%EOF) is missing."))


def is_picture(content: Content) -> bool:
    """Whether a file begins like JPEG, PNG or TIFF."""
    return content.head.startswith((_JPEG, _PNG, *_TIFF))


def end_of_picture(content: Content) -> Ending:
    """Whether the mark of the end is there, or for TIFF all parts of the images."""
    if content.head.startswith(tuple(_TIFF)):
        return _end_of_tiff(content)
    mark = _JPEG_END if content.head.startswith(_JPEG) else _PNG_END
    tail = content.tail()
    if tail.rstrip(_PADDING).endswith(mark) or tail.endswith(mark):
        return PROVED
    # Cameras put notes of their own behind the picture.
    return NO_MARK if mark == _PNG_END and mark in tail else doubtful(message("The end of the picture is missing."))


def _end_of_tiff(content: Content) -> Ending:
    order = _TIFF[content.head[:4]]
    cut = doubtful(message("The end of the picture is missing."))
    raw = content.at(4, 4)
    if len(raw) < 4:
        return cut
    place, seen = struct.unpack(f"{order}L", raw)[0], set[int]()
    while place and place not in seen and len(seen) < _MOST_IMAGES:
        seen.add(place)
        following = _next_directory(content, order, place)
        if following is None:
            return cut
        place = following
    return NO_MARK if seen else cut


def _next_directory(content: Content, order: str, place: int) -> int | None:
    """Place of the directory behind one, 0 for none; None where a part of this one lies behind the end."""
    count = content.at(place, 2)
    entries = struct.unpack(f"{order}H", count)[0] if len(count) == 2 else 0
    raw = content.at(place + 2, entries * 12 + 4)
    if entries == 0 or len(raw) < entries * 12 + 4:
        return None
    numbers: dict[int, tuple[int, ...]] = {}
    for tag, kind, amount, value in struct.iter_unpack(f"{order}HHL4s", raw[:-4]):
        if tag not in _PLACES and tag not in _PLACES.values():
            continue
        found = _values(content, order, kind, amount, value)
        if found is None:
            return None
        numbers[tag] = found
    for places, lengths in _PLACES.items():
        parts = zip(numbers.get(places, ()), numbers.get(lengths, ()), strict=False)
        if any(start + length > content.size for start, length in parts):
            return None
    return int(struct.unpack(f"{order}L", raw[-4:])[0])


def _values(content: Content, order: str, kind: int, amount: int, value: bytes) -> tuple[int, ...] | None:
    """The numbers of a field; None where they lie behind the end, none of them where they are of another kind."""
    letter = _NUMBERS.get(kind)
    if letter is None or amount > _MOST_PARTS:
        return ()
    width = struct.calcsize(f"{order}{letter}") * amount
    raw = value[:width] if width <= len(value) else content.at(struct.unpack(f"{order}L", value)[0], width)
    return struct.unpack(f"{order}{amount}{letter}", raw) if len(raw) == width else None
