"""Which foreign code means which code of the service.

The files of ``mappings/codes`` are tables; a firm's own files of the same name, in a folder that the settings name,
override single lines of them.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any


def data_folder(name: str) -> Path:
    """The folder ``mappings`` or ``samples``: inside an installed package, or beside it in a working copy."""
    package = Path(__file__).parents[1]
    installed = package / "_data" / name
    return installed if installed.is_dir() else package.parent / name


def home_currencies() -> dict[str, str]:
    """The currency of books and accounts by country, for documents that do not say theirs."""
    currencies: dict[str, str] = codes("service")["currency"]
    return currencies


@lru_cache(maxsize=32)
def codes(name: str) -> dict[str, Any]:
    """A table of ``mappings/codes``.

    Args:
        name: file name without its ending.

    Raises:
        FileNotFoundError: there is no such table.
    """
    return tomllib.loads((data_folder("mappings") / "codes" / f"{name}.toml").read_text(encoding="utf-8"))
