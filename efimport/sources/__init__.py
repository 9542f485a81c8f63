"""Bytes with a name: files, folders, archives; and the limits that keep a hostile file from hurting.

Nothing here knows a format. A :class:`Source` gives its bytes as often as it is asked and always the same ones. Folders
are walked in sorted order, hidden and temporary files are left out.
"""

from efimport.sources.archives import ARCHIVE_ERRORS, TooManyEntriesError, open_archive, opened_archive
from efimport.sources.folders import PAGE_MARK, Found, Named, find_sources, is_left_out, is_own_page
from efimport.sources.limits import LIMITS, Limits
from efimport.sources.source import Source

__all__ = [
    "ARCHIVE_ERRORS",
    "LIMITS",
    "PAGE_MARK",
    "Found",
    "Limits",
    "Named",
    "Source",
    "TooManyEntriesError",
    "find_sources",
    "is_left_out",
    "is_own_page",
    "open_archive",
    "opened_archive",
]
