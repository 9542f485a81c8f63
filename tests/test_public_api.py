"""What the package promises by its mere surface: names, laziness, amounts without binary fractions."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import efimport

PACKAGE = Path(efimport.__file__).parent
HEAVY = ("lxml", "pandas", "httpx", "sqlalchemy", "xmlschema", "rich", "jinja2", "starlette", "uvicorn", "pikepdf",
         "openpyxl", "stdnum", "click", "chardet", "platformdirs")  # fmt: skip
PROMISED = {"read", "plan", "connect", "deliver", "EfimportError"}


def test_what_the_design_promises_is_there():
    assert set(efimport.__all__) >= PROMISED


def test_all_names_are_sorted_and_can_be_had():
    assert efimport.__all__ == sorted(efimport.__all__)
    for name in efimport.__all__:
        assert getattr(efimport, name) is not None


def test_everything_public_is_listed():
    assert set(efimport.__all__) == set(efimport._PLACE_OF)
    assert set(dir(efimport)) >= set(efimport.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        efimport.no_such_name  # noqa: B018 - the access is the test


def run(script):
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()


def test_importing_the_package_loads_no_heavy_library():
    loaded = run(f"import sys, efimport; print(*[name for name in {HEAVY!r} if name in sys.modules])")
    assert loaded == []


def test_importing_the_package_loads_none_of_its_own_modules():
    loaded = run("import sys, efimport; print(*[name for name in sys.modules if name.startswith('efimport.')])")
    assert loaded == []


def test_the_functions_of_the_library_load_no_network_and_no_database():
    script = "import sys, efimport; efimport.plan; efimport.Plan; print(*[n for n in {!r} if n in sys.modules])"
    assert run(script.format(("httpx", "sqlalchemy", "pandas", "starlette", "rich", "jinja2", "lxml", "pikepdf"))) == []


def test_the_plan_is_a_function_whatever_was_imported():
    script = (
        "import efimport, efimport.journal, efimport.delivery, efimport.planning.model; print(callable(efimport.plan))"
    )
    assert run(script) == ["True"]


MONEY = [PACKAGE / "rounding.py", PACKAGE / "accounts.py"] + [
    path
    for folder in ("documents", "checks", "payloads", "formats")
    for path in sorted((PACKAGE / folder).rglob("*.py"))
]


@pytest.mark.parametrize("path", MONEY, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_binary_fraction_comes_near_money(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "float"]
    literals = [
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]
    assert names + literals == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_stays_readable(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    assert not text.strip() or ast.get_docstring(ast.parse(text))
