"""Reading of invented tables."""

from __future__ import annotations

import pytest

from tests.formats.spreadsheet.tables import Reader


@pytest.fixture
def reader(tmp_path) -> Reader:
    return Reader(tmp_path)
