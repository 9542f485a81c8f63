"""A template as a text with columns: nothing but the row of headings."""

from __future__ import annotations

import csv
import io

from efimport.mappings.targets import TargetName
from efimport.templates.columns import template_columns


def headings_as_csv(target: TargetName, *, language: str = "en") -> bytes:
    """The row of headings, as spreadsheet programs in this part of the world open it with a double click.

    Returns:
        UTF-8 with a byte-order mark, semicolons between the headings.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(column.heading for column in template_columns(target, language=language))
    return text.getvalue().encode("utf-8-sig")
