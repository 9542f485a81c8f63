"""Reading of invented tables of documents."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pytest

from efimport.checks import check
from efimport.checks.context import Context
from efimport.findings import Finding
from efimport.formats.reading import Hints, Own
from efimport.formats.registry import SourceReading
from efimport.sources import Source

TODAY = dt.date(2026, 3, 1)


class Tables:
    """Reads tables by mappings given as texts, or named."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(
        self,
        content: str | bytes,
        *mappings: str,
        name: str = "a.csv",
        site: str = "CZ",
        date_format: str | None = None,
    ) -> SimpleNamespace:
        """Documents, findings outside of them, and all codes.

        Args:
            content: the file.
            mappings: texts of mapping files, or names of mappings.
        """
        raw = content.encode() if isinstance(content, str) else content
        own = Own(site=site)
        paths = []
        for number, text in enumerate(mappings):
            if "\n" not in text:
                paths.append(text)
                continue
            path = self._folder / f"mine{number}.toml"
            path.write_text(text, encoding="utf-8")
            paths.append(str(path))
        reading = SourceReading(Source(name, raw), own, hints=Hints(date_format, tuple(paths)))
        items = list(reading)
        documents = [item for item in items if not isinstance(item, Finding)]
        findings = [item for item in items if isinstance(item, Finding)]
        every = [*findings, *(one for document in documents for one in document.findings)]
        return SimpleNamespace(
            documents=documents,
            findings=findings,
            codes=[one.code for one in every],
            all=every,
            format=reading.format,
            checks=[one.code for item in documents for one in check(item, Context(own=own, today=TODAY))],
        )

    def one(self, content: str | bytes, *mappings: str, **more):
        """The only document of a table."""
        read = self.read(content, *mappings, **more)
        assert len(read.documents) == 1, (read.documents, read.findings)
        return read.documents[0]

    def told(self, code: str, content: str | bytes, *mappings: str, **more) -> Finding:
        """The first finding of a code."""
        read = self.read(content, *mappings, **more)
        found = [one for one in read.all if one.code == code]
        assert found, read.codes
        return found[0]


@pytest.fixture
def tables(tmp_path) -> Tables:
    return Tables(tmp_path)
