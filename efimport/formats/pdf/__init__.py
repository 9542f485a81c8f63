"""PDF: with ISDOC inside (``ISDOC.PDF``) it is the invoice and its picture in one, otherwise a file."""

from __future__ import annotations

from collections.abc import Iterator

from efimport.formats.reading import Read, Reading, Recognition, Sample
from efimport.messages import message
from efimport.sources import Source

_MARK_WITHIN = 1024
"""Readers of PDF accept other bytes in front of the mark up to here."""


def recognise(sample: Sample) -> Recognition | None:
    """Whether the file is a PDF, by its mark; a file that is only named so is claimed weakly, to say what it is not."""
    place = sample.head[:_MARK_WITHIN].find(b"%PDF-")
    if place == 0:
        return Recognition(format="pdf", confidence=100, reason=message("it begins with %PDF"))
    if place > 0 and not sample.head.lstrip().startswith((b"<", b"PK")):
        return Recognition(format="pdf", confidence=80, reason=message("%PDF stands near its beginning"))
    if sample.suffix == ".pdf" and sample.root is None and sample.archive_names is None:
        return Recognition(format="pdf", confidence=20, reason=message("its name ends with {suffix}", suffix=".pdf"))
    return None


def read(source: Source, reading: Reading) -> Iterator[Read]:
    """The invoices inside, with the PDF as their picture; where there are none, the PDF as a file."""
    from efimport.formats.pdf.reader import read_source

    yield from read_source(source, reading)
