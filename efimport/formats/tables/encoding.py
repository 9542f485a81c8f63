"""The encoding of a text file that does not name it.

The order of trust: byte-order mark, the pattern of zero bytes that UTF-16 has, valid UTF-8 whose letters are ours, what
the format prescribes, and only then the letters themselves: the encoding in which the text reads like a text of this
part of the world.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence

import msgspec

from efimport.formats.letters import CODE_PAGE_852, WINDOWS_1250, are_ours, likeliest, sample
from efimport.formats.marks import MARKS, unmarked_utf_16

CANDIDATES = (WINDOWS_1250, CODE_PAGE_852, "iso-8859-2", "windows-1252", "mac-latin2")
"""In the order in which they are met in files of Czech, Slovak, Slovenian and Croatian firms."""

_SAMPLE = 200_000
_LETTERS_TO_ONE_LOST = 4
"""Letters beyond ASCII that must be sound for each one that is not, for a text to be damaged UTF-8."""


class Decoded(msgspec.Struct, frozen=True):
    """A text and how it was found.

    Attributes:
        text: the text, without its byte-order mark.
        encoding: its name in lower case.
        guessed: whether nothing but the letters told it.
        damaged: index of the first letter that could not be read, and stands as a replacement sign; None for none.
    """

    text: str
    encoding: str
    guessed: bool = False
    damaged: int | None = None


def decode(
    content: bytes, prescribed: Sequence[str] = (), *, is_head: bool = False, known: str | None = None
) -> Decoded:
    """The text in the bytes.

    Args:
        content: the whole file, or its beginning.
        prescribed: encodings that the format prescribes, the usual one first.
        is_head: whether it is the beginning alone, so that its last letter may be cut in two.
        known: the encoding that the words of the text prove; a byte-order mark and UTF-16 come before it.
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _whole(content[len(mark) :], encoding)
    wide = unmarked_utf_16(content)
    if wide is not None:
        return _whole(content, wide)
    if known is not None:
        return _whole(content, known)
    unicode = _as_utf8(content, is_head=is_head)
    if unicode is not None:
        return Decoded(unicode, "utf-8")
    if _is_damaged_utf8(content):
        return _whole(content, "utf-8")
    encoding = _single_byte_encoding(content, (*prescribed, *CANDIDATES))
    certain = encoding in [_name(one) for one in prescribed]
    return msgspec.structs.replace(_whole(content, encoding), guessed=not certain)


def _as_utf8(content: bytes, *, is_head: bool) -> str | None:
    """The text where it is valid UTF-8, and not by accident: RŮŽENA in Windows-1250 is valid as well, of Arabic."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(content, final=not is_head)
    except UnicodeDecodeError:
        return None
    if text.isascii() or are_ours(text):
        return text
    # A letter of three bytes or more does not come about by accident, and many of ours outweigh a stranger.
    beyond = [letter for letter in text[:_SAMPLE] if letter > "\x7f"]
    ours = sum(1 for letter in beyond if letter > "\u07ff" or are_ours(letter))
    return text if ours * 2 > len(beyond) else None


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether a few bytes alone keep a text from being valid UTF-8: in any other encoding hardly a letter would be."""
    text = content[:_SAMPLE].decode("utf-8", "replace")
    lost = text.count("\ufffd")
    sound = sum(1 for letter in text if letter > "\x7f" and letter != "\ufffd" and are_ours(letter))
    return sound > lost * _LETTERS_TO_ONE_LOST > 0


def _single_byte_encoding(content: bytes, encodings: Sequence[str]) -> str:
    """The encoding in which the text reads most like ours; what chardet says where it does in none."""
    candidates = [name for one in encodings if (name := _name(one)) != "utf-8"]
    judged = likeliest(content, candidates)
    return judged.encoding if judged.is_likely else _by_chardet(sample(content)[:_SAMPLE]) or judged.encoding


def _by_chardet(content: bytes) -> str | None:
    """What chardet holds it for, where that is a text of one byte a letter at all."""
    import chardet

    name = chardet.detect(content)["encoding"]
    if not name:
        return None
    try:
        content.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None
    return _name(name)


def _whole(content: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(content.decode(encoding), _name(encoding))
    except UnicodeDecodeError:
        # A replacement sign that stands in the file itself is as its maker wrote it; only others are damage.
        text = content.decode(encoding, "replace")
        return Decoded(text, _name(encoding), damaged=text.find("\ufffd"))


def _name(encoding: str) -> str:
    name = encoding.lower().replace("_", "-")
    return {"cp1250": "windows-1250", "cp1252": "windows-1252", "utf8": "utf-8", "utf-8-sig": "utf-8"}.get(name, name)
