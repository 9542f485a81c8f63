"""The journal's records as files: JSON lines, CSV and spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from efimport.report.visible import cell_text

if TYPE_CHECKING:
    from efimport.journal import Record

Bodies: TypeAlias = Callable[["Record"], bytes | None]
"""The body of the request of a record; None where it is not kept."""

COLUMNS = (
    *("id", "state", "organization", "method", "number", "file_name", "source_path", "source_sha256", "created"),
    *("changed", "sent", "username", "system_user", "host", "endpoint", "started", "ended", "answer", "reason"),
    *("decided_by", "request_sha256", "key", "revision"),
)
"""What a row of a table tells: the entry, and its last attempt."""

LONGEST_CELL = 32_767
"""Characters that a cell of a spreadsheet holds (Microsoft, Excel specifications and limits)."""


def as_plain(record: Record) -> dict[str, Any]:
    """A record as plain values, for JSON; the state in the words of the report is added."""
    import msgspec

    plain: dict[str, Any] = msgspec.to_builtins(record)
    plain["entry"] = {"id": record.entry.id, "state": record.entry.state.value} | plain["entry"]
    return plain


def json_lines(records: Iterable[Record], bodies: Bodies | None) -> Iterator[bytes]:
    """A line a record; with the text of the request where it is wanted and kept."""
    import msgspec

    for record in records:
        plain = as_plain(record)
        if bodies is not None:
            body = bodies(record)
            plain["request"] = None if body is None else body.decode("utf-8", "replace")
        yield msgspec.json.encode(plain) + b"\n"


def row(record: Record) -> list[str | int]:
    """A record as a row of :data:`COLUMNS`; what is text stays text and is never a formula."""
    entry, last = record.entry, record.attempts[-1] if record.attempts else None
    decided = [step.by for step in record.transitions if step.by != "program"]
    attempt = {
        name: getattr(last, name, None) for name in ("username", "system_user", "host", "endpoint", "started", "ended")
    }
    own = {name: getattr(entry, name) for name in COLUMNS if hasattr(entry, name) and name != "state"}
    values = {
        **own,
        **attempt,
        "state": entry.state.value,
        "decided_by": decided[-1] if decided else None,
        "request_sha256": last.digest if last else entry.body,
    }
    return [_cell(values[name]) for name in COLUMNS]


def write_csv(records: Iterable[Record], stream: IO[bytes]) -> None:
    """A table for spreadsheet programs: UTF-8 with a mark at its beginning, so that they see what it is."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for record in records:
        writer.writerow(row(record))
    text.flush()
    text.detach()


def write_xlsx(records: Iterable[Record], stream: IO[bytes]) -> None:
    """A spreadsheet of one sheet."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("journal")
    sheet.freeze_panes = "A2"
    sheet.append(COLUMNS)
    for record in records:
        sheet.append([value[:LONGEST_CELL] if isinstance(value, str) else value for value in row(record)])
    book.save(stream)


def _cell(value: object) -> str | int:
    return value if isinstance(value, int) else cell_text("" if value is None else str(value))
