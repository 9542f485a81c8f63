from __future__ import annotations

import re
from pathlib import Path

import efimport_docs_pages as pages
import efimport_docs_tool as tool
import pytest

import efimport
from efimport import errors
from efimport.findings import codes
from efimport.planning.model import State
from efimport.settings import (
    ApiUser,
    InboxChoices,
    Organization,
    ReceivedBooking,
    Sending,
    Settings,
    Watching,
    load_settings,
)

DOCS = pages.ROOT / "docs"
WRITTEN = [page for page in pages.PAGES if page.is_file() and page.name not in tool.PAGES]


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(page: str, heading: str) -> str:
    return page.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def first_cells(text: str) -> set[str]:
    return set(re.findall(r"^\| `([^`]+)`", text, re.MULTILINE))


def test_every_key_of_the_settings_is_described() -> None:
    page = text_of("settings.md")
    fields = set(Settings.__struct_fields__) - {
        "path",
        "plain_secrets",
        "organizations",
        "sending",
        "watch",
        "journal_url",
        "keep_requests",
    }
    general = (
        fields | {"journal.url", "journal.keep_requests"} | {f"sending.{name}" for name in Sending.__struct_fields__}
    )
    assert first_cells(section(page, "General")) == general
    assert first_cells(section(page, "Organizations")) == set(Organization.__struct_fields__) - {"name"}
    assert first_cells(section(page, "Watched folder")) == {f"watch.{name}" for name in Watching.__struct_fields__}
    assert first_cells(section(page, "Users")) == set(ApiUser.__struct_fields__)
    assert first_cells(section(page, "Document inbox")) == set(InboxChoices.__struct_fields__)
    assert first_cells(section(page, "Received documents")) == set(ReceivedBooking.__struct_fields__)


def test_the_defaults_of_the_settings_page_are_those_of_the_program() -> None:
    rows = dict(re.findall(r"^\| `([^`]+)` \| [^|]+ \| ([^|]*) \|", text_of("settings.md"), re.MULTILINE))
    organization, sending = Organization(), Sending()
    for name in ("site", "import_type", "received_as", "products_as", "statements_as"):
        assert rows[name] == f'`"{getattr(organization, name)}"`'
    for name in ("quiet_time", "timeout"):
        assert rows[f"sending.{name}"] == f"`{getattr(sending, name):g}`"
    watching = Watching()
    for name in Watching.__struct_fields__:
        value = getattr(watching, name)
        shown = {None: "none", (): "empty"}.get(value) or (
            f"`{value:g}`" if isinstance(value, float) else f'`"{value}"`'
        )
        assert rows[f"watch.{name}"] == shown
    for name in ("token", "registration_number", "vat_id", "inbox_wrapper"):
        assert (rows[name], getattr(organization, name)) == ("none", None)


def test_the_example_of_the_settings_page_is_read(tmp_path: Path) -> None:
    [example] = [block for block in pages.blocks(DOCS / "settings.md") if block.file == "efimport.toml"]
    path = tmp_path / "efimport.toml"
    path.write_text(example.text, encoding="utf-8")
    settings = load_settings(path, environment={})
    assert list(settings.organizations) == ["acme"]
    assert settings.plain_secrets == ()
    assert settings.journal_url.endswith("/acme-journal.sqlite3")


def test_every_state_of_the_report_is_described() -> None:
    assert first_cells(section(text_of("report.md"), "States")) == {state.value for state in State}


def test_every_error_is_described() -> None:
    rows = re.findall(r"^\| (`\w+Error`(?:, `\w+Error`)*) \|", section(text_of("library.md"), "Errors"), re.MULTILINE)
    described = {name for row in rows for name in re.findall(r"\w+", row)}
    defined = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    assert described == defined - {"EfimportError", "ServiceError"}


def test_what_readers_change_is_described() -> None:
    changed = {code for document in efimport.read(pages.ROOT / "samples") for code in document.origin.changes}
    assert len(changed) > 3
    assert changed <= set(tool.CHANGES)


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_a_code_that_a_page_names_is_in_the_register(page: Path) -> None:
    areas = {code.partition(".")[0] for code in codes()}
    named = re.findall(r"`([a-z0-9]+)\.([a-z0-9-]+)`", page.read_text(encoding="utf-8"))
    files = {"xml", "md", "gpc", "pdf", "toml", "json", "html", "xlsx", "zip", "isdoc", "sqlite3", "part", "tmp"}
    unknown = [f"{area}.{word}" for area, word in named if area in areas and word not in files]
    assert [code for code in unknown if code not in codes() and "." + code.partition(".")[2] not in OWN_WORDS] == []


OWN_WORDS = {".as", ".own", ".content"}
"""Attributes that pages name in the same form as a code."""


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s:]*)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert not target or (page.parent / target).exists(), target


@pytest.mark.parametrize("page", [page for page in pages.PAGES if page.is_file()], ids=lambda page: page.name)
def test_anchors_in_links_exist(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s:]*)#([^)]*)\)", page.read_text(encoding="utf-8")):
        other = page.parent / target if target else page
        headings = re.findall(r"^#+ (.+)$", other.read_text(encoding="utf-8"), re.MULTILINE)
        assert anchor in {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
