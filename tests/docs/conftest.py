from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def _load(name: str, path: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


_load("efimport_docs_pages", Path(__file__).with_name("pages.py"))
_load("efimport_docs_tool", Path(__file__).resolve().parents[2] / "tools" / "docs.py")
