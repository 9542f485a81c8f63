"""What the modules of the web service load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("module", ["answers", "call", "catalogue", "login", "pace", "request", "wire", "wire_json"])
def test_planning_calls_and_reading_answers_loads_no_http_library_and_no_parser(module: str) -> None:
    script = (
        f"import sys, efimport.api.{module}; "
        "sys.exit(sum(name in sys.modules for name in ('lxml', 'httpx', 'sqlalchemy', 'pandas', 'starlette')))"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2]).returncode == 0
