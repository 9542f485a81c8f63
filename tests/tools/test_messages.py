from __future__ import annotations

import gettext
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    specification = importlib.util.spec_from_file_location("messages_tool", ROOT / "tools" / "messages.py")
    module = importlib.util.module_from_spec(specification)
    sys.modules["messages_tool"] = module
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def package(tmp_path: Path) -> Path:
    package = tmp_path / "shop"
    register = package / "findings" / "register"
    register.mkdir(parents=True)
    (register / "stock.toml").write_text(
        '[empty]\nseverity = "error"\ntitle = "Nothing left"\nmessage = "No {item}."\nhint = ""\nwhy = "Sold."\n',
        encoding="utf-8",
    )
    (package / "code.py").write_text(
        'a = message("Read {path}.", path=1)\nb = words.plural("{count} file", "{count} files", 2)\nc = other("No.")\n',
        encoding="utf-8",
    )
    (package / "targets").mkdir()
    (package / "targets" / "goods.toml").write_text(
        '[document.code]\ntype = "code"\ntitle = "Code of goods"\nhelp = "What is on the label."\n',
        encoding="utf-8",
    )
    (package / "page.html").write_text('<p>{{ text("Hello") }}</p>', encoding="utf-8")
    return package


def translate(tool: ModuleType, locale: Path, texts: dict[object, object]) -> None:
    catalog = tool.load("cs", locale)
    for identifier, text in texts.items():
        catalog[identifier].string = text
    tool.po_path("cs", locale).write_bytes(tool._po(catalog))


ALL = {
    "Read {path}.": "Čtu {path}.",
    ("{count} file", "{count} files"): ("{count} soubor", "{count} soubory", "{count} souborů"),
    "Hello": "Dobrý den",
    "Nothing left": "Nic nezbylo",
    "No {item}.": "Není {item}.",
    "Sold.": "Prodáno.",
    "Code of goods": "Kód zboží",
    "What is on the label.": "Co je na štítku.",
}


def test_texts_come_from_code_templates_the_register_and_the_fields_of_tables(tool: ModuleType, package: Path) -> None:
    assert {entry.id for entry in tool.collect(package) if entry.id} == set(ALL)


def test_a_full_catalogue_has_no_problem_and_is_compiled(tool: ModuleType, package: Path, tmp_path: Path) -> None:
    template = tool.collect(package)
    tool.update(template, "cs", tmp_path)
    translate(tool, tmp_path, ALL)
    assert tool.problems(template, "cs", tmp_path) == [
        "cs: the compiled catalogue is not that of the .po file; run update"
    ]
    tool.update(template, "cs", tmp_path)
    assert tool.problems(template, "cs", tmp_path) == []
    with tool.po_path("cs", tmp_path).with_suffix(".mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)
    assert compiled.ngettext("{count} file", "{count} files", 5) == "{count} souborů"


def test_a_text_without_translation_stays_english(tool: ModuleType, package: Path, tmp_path: Path) -> None:
    tool.update(tool.collect(package), "cs", tmp_path)
    with tool.po_path("cs", tmp_path).with_suffix(".mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)
    assert compiled.gettext("Hello") == "Hello"
    assert compiled.ngettext("{count} file", "{count} files", 5) == "{count} files"


@pytest.mark.parametrize(
    ("identifier", "text", "problem"),
    [
        ("Hello", "", "cs: empty: 'Hello'"),
        ("Read {path}.", "Čtu {cesta}.", "cs: other fields (cesta, path): 'Read {path}.'"),
        ("No {item}.", "Není {item.", "cs: other fields (item, {): 'No {item}.'"),
        (("{count} file", "{count} files"), ("{count} soubor", "", ""), "cs: empty: '{count} file'"),
    ],
)
def test_check_finds(
    tool: ModuleType, package: Path, tmp_path: Path, identifier: object, text: object, problem: str
) -> None:
    template = tool.collect(package)
    tool.update(template, "cs", tmp_path)
    translate(tool, tmp_path, ALL | {identifier: text})
    tool.po_path("cs", tmp_path).with_suffix(".mo").write_bytes(tool._mo(tool.load("cs", tmp_path)))
    assert tool.problems(template, "cs", tmp_path) == [problem]


def test_check_finds_a_text_that_is_not_in_the_catalogue(tool: ModuleType, package: Path, tmp_path: Path) -> None:
    tool.update(tool.collect(package), "cs", tmp_path)
    (package / "more.py").write_text('message("New")\n', encoding="utf-8")
    assert "cs: missing: 'New'" in tool.problems(tool.collect(package), "cs", tmp_path)


def test_check_finds_an_uncertain_translation(tool: ModuleType, package: Path, tmp_path: Path) -> None:
    template = tool.collect(package)
    tool.update(template, "cs", tmp_path)
    translate(tool, tmp_path, ALL)
    catalog = tool.load("cs", tmp_path)
    catalog["Hello"].flags.add("fuzzy")
    tool.po_path("cs", tmp_path).write_bytes(tool._po(catalog))
    assert "cs: uncertain (fuzzy): 'Hello'" in tool.problems(template, "cs", tmp_path)


def test_update_twice_changes_nothing(tool: ModuleType, package: Path, tmp_path: Path) -> None:
    tool.update(tool.collect(package), "cs", tmp_path)
    first = tool.po_path("cs", tmp_path).read_bytes()
    tool.update(tool.collect(package), "cs", tmp_path)
    assert tool.po_path("cs", tmp_path).read_bytes() == first


def test_the_texts_of_the_reports_are_translated(tool: ModuleType) -> None:
    catalog = tool.load("cs")
    untranslated = [
        entry.id
        for entry in tool.collect()
        if entry.id
        and any("efimport/report/" in place for place, _ in entry.locations)
        and not (entry.id in catalog and all(tool._forms(catalog.get(entry.id))))
    ]
    assert untranslated == []
