"""Names of files, as far as they tell which files belong together."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple


class FileName(NamedTuple):
    """A file by its folder and its name.

    Attributes:
        folder: folder or archive with the mark behind it; letters as they are, because a system may tell them apart.
        name: file name with its ending, small letters.
        stem: the name without its ending.
        suffix: the ending with its dot.
    """

    folder: str
    name: str
    stem: str
    suffix: str


def file_name(path: str) -> FileName:
    """The parts of a path; accents may be composed in either way (Unicode normalization form C and D)."""
    whole = unicodedata.normalize("NFC", path.replace("\\", "/"))
    cut = max(whole.rfind("/"), whole.rfind("!")) + 1
    name = unicodedata.normalize("NFC", whole[cut:].casefold())
    stem, dot, ending = name.rpartition(".")
    return FileName(whole[:cut], name, stem, dot + ending) if dot else FileName(whole[:cut], name, name, "")
