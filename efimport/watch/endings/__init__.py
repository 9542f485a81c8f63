"""Whether a file ends as its format must: the one sign of completeness that does not depend on time.

A file is judged by its content, never by its name, and by as little of it as tells: a head, a tail, and where only the
whole can tell (an element of the root's name, the sums of a statement) piece by piece.
"""

from __future__ import annotations

from pathlib import Path

from efimport.messages import message
from efimport.watch.endings.archives import end_of_archive, end_of_compound_file, is_archive, is_compound_file
from efimport.watch.endings.content import Content
from efimport.watch.endings.markup import end_of_markup, is_markup
from efimport.watch.endings.mt940 import end_of_messages, holds_messages
from efimport.watch.endings.outcome import NO_MARK, PROVED, End, Ending, unfinished
from efimport.watch.endings.pictures import end_of_pdf, end_of_picture, is_pdf, is_picture
from efimport.watch.endings.records import end_of_records, holds_records
from efimport.watch.endings.texts import end_of_json, end_of_text, is_json, is_text

__all__ = ["NO_MARK", "PROVED", "End", "Ending", "end_of"]

_KINDS = (
    (is_archive, end_of_archive),
    (is_compound_file, end_of_compound_file),
    (is_pdf, end_of_pdf),
    (is_picture, end_of_picture),
    (is_markup, end_of_markup),
    (holds_records, end_of_records),
    (holds_messages, end_of_messages),
    (is_json, end_of_json),
    (is_text, end_of_text),
)


def end_of(path: Path, size: int) -> Ending:
    """How a file ends.

    Args:
        path: the file; a regular one, for opening something else may never return.
        size: its bytes, as they were seen; what has come since is not looked at.

    Raises:
        OSError: it cannot be read.
    """
    if size == 0:
        return unfinished(message("The file is empty."))
    with path.open("rb") as stream:
        content = Content(stream, size)
        if len(content.at(size - 1, 1)) == 0:
            return unfinished(message("The file has become shorter."))
        if not content.head.strip(b"\x00"):
            return unfinished(message("The file begins with zero bytes: its content has not been written yet."))
        for is_kind, judge in _KINDS:
            if is_kind(content):
                return judge(content)
    return NO_MARK
