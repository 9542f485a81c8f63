"""What python-calamine leaves out of a workbook: how numbers are shown, and cells with an error.

A number formatted ``00000`` is 308 in the file and 00308 on the screen, and who looks at the screen means the latter;
one formatted as percent is 0.21 and 21 %. Cells with an error, and formulas that were never computed, come as empty.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from efimport.sources import ARCHIVE_ERRORS, Limits

Place: TypeAlias = tuple[int, int]
"""Number of the row, from 1, and index of the column, from 0."""


class Beside(msgspec.Struct, frozen=True):
    """What is known of one sheet besides its values.

    Attributes:
        shown: how numbers are shown, where that tells more than the number.
        faulty: cells with an error, and what it is.
    """

    shown: Mapping[Place, str] = {}
    faulty: Mapping[Place, str] = {}


def beside_values(content: bytes, limits: Limits) -> dict[str, Beside]:
    """What is known of the sheets of a workbook, by the name of the sheet; nothing where it is neither XLSX nor ODS."""
    from efimport.formats.tables import ods, xlsx

    if not content.startswith(b"PK"):
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                return dict(xlsx.sheets(archive, limits))
            return dict(ods.sheets(archive, limits)) if "content.xml" in names else {}
    except (*ARCHIVE_ERRORS, KeyError, ValueError):
        return {}
