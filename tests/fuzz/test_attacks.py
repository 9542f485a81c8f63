"""Bombs and other attacks: each costs less than a second and 100 MB, whatever it is, and is never sent in silence."""

from __future__ import annotations

import io
import shutil
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from efimport.planning.build import build_plan
from efimport.sources import LIMITS, Source
from tests.fuzz.attacks import ROOTS, attacks
from tests.fuzz.judging import _peak, _reset_peak

SECONDS = 1.0
MEGABYTES = 100
SAMPLES = Path(__file__).resolve().parents[2] / "samples"

READ = ("base64-of-50-mb", "mt940-fields")
"""Large, but no larger than a document may be: these are read, within what every file may cost."""
READ_SECONDS = 5.0
READ_MEGABYTES = 512
MENDED = ("pdf-predictor", "pdf-names-in-a-ring", "pdf-names-deep", "pdf-tables-in-a-ring", "pdf-bomb")
"""A PDF whose tables are mended, or whose supplement cannot be unpacked, goes to the inbox as it is; that is said."""
NAMES = list(attacks())
SHORT = (
    "pohoda-billion-laughs",
    "isdoc-entity-of-a-file",
    "camt-dtd-elsewhere",
    "ubl-doctype-far-behind",
    "pohoda-depth-10000",
    "isdoc-million-siblings",
    "camt-million-attributes",
    "ubl-million-names",
    "zip-overlapping-few",
    "zip-leading-out-1",
    "zip-link",
    "xlsx-farthest-cell",
    "ods-columns",
    "pdf-predictor",
    "pdf-pages-in-a-ring",
    "csv-in-utf-7",
    "sparse-1-gb-xml",
    "sparse-1-gb-sta",
    "gzip-named-xml",
    "pipe",
    "device",
    "links-in-a-ring",
)
"""One of each idea, and none whose file takes long to make."""


@pytest.fixture(scope="module", autouse=True)
def _everything_is_loaded():
    """What libraries take belongs to no attack."""
    build_plan([SAMPLES], None)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for an attack; what lies there afterwards may be a gigabyte, which nobody needs to keep or to search."""
    inside = tmp_path / "attack"
    inside.mkdir()
    monkeypatch.chdir(inside)
    yield inside
    monkeypatch.chdir(tmp_path)
    shutil.rmtree(inside)


def attacked(name: str, folder: Path) -> None:
    path = attacks()[name](folder)
    before = _reset_peak()
    start = time.process_time()
    plan = build_plan([path], None)
    seconds, growth = time.process_time() - start, _peak() - before
    codes = [found.code for found in plan.findings]
    is_read = name.endswith(READ)
    assert codes
    assert seconds < (READ_SECONDS if is_read else SECONDS), codes
    assert growth < (READ_MEGABYTES if is_read else MEGABYTES), codes
    if not any(found.is_error for found in plan.findings):
        assert name.startswith((*MENDED, "ubl-base64")), codes


@pytest.mark.parametrize("name", SHORT)
def test_an_attack_costs_little(name, folder):
    attacked(name, folder)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name not in SHORT])
def test_any_other_attack_costs_little(name, folder):
    attacked(name, folder)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("pohoda-billion-laughs", "xml.doctype"),
        ("isdoc-entity-of-a-file", "xml.doctype"),
        ("camt-doctype-in-utf-16", "xml.doctype"),
        ("zip-encrypted", "archive.encrypted"),
        ("zip-leading-out-1", "archive.unsafe-name"),
        ("xlsx-farthest-cell", "table.too-large"),
        ("ods-columns", "table.too-large"),
        ("sparse-1-gb-xml", "source.too-large"),
        ("pipe", "source.not-a-file"),
        ("device", "source.not-a-file"),
        ("links-in-a-ring", "source.link-to-folder"),
        ("ubl-doctype-far-behind", "xml.doctype"),
        pytest.param("camt-dtd-elsewhere", "xml.doctype", marks=pytest.mark.slow),
        pytest.param("isdoc-bare-doctype", "xml.doctype", marks=pytest.mark.slow),
        pytest.param("zip-bomb", "archive.bomb", marks=pytest.mark.slow),
        pytest.param("zip-many-small-bombs", "archive.bomb", marks=pytest.mark.slow),
        pytest.param("pohoda-million-names", "pohoda.item-damaged", marks=pytest.mark.slow),
        pytest.param("zip-nested", "archive.too-deep", marks=pytest.mark.slow),
        pytest.param("xlsx-farthest-cell-otherwise", "table.too-large", marks=pytest.mark.slow),
        pytest.param("xlsx-farthest-cell-first", "table.too-large", marks=pytest.mark.slow),
        pytest.param("xlsx-cells-without-a-place", "table.too-large", marks=pytest.mark.slow),
        pytest.param("ods-rows-otherwise", "table.too-large", marks=pytest.mark.slow),
        pytest.param("camt-quadratic", "xml.doctype", marks=pytest.mark.slow),
        pytest.param("isdoc-text-of-50-mb", "xml.out-of-proportion", marks=pytest.mark.slow),
        pytest.param("camt-attribute-of-50-mb", "xml.out-of-proportion", marks=pytest.mark.slow),
        pytest.param("pohoda-text-of-50-mb", "pohoda.item-damaged", marks=pytest.mark.slow),
    ],
)
def test_an_attack_is_called_by_its_name(name, code, folder):
    plan = build_plan([attacks()[name](folder)], None)
    assert code in {found.code for found in plan.findings}
    assert plan.calls == ()


def test_a_field_that_never_ends_is_no_statement():
    content = b":20:X\r\n:25:19-2000145399/0800\r\n:28C:1\r\n:86:" + b"text\r\n" * 200_000
    (source,) = build_plan([Source("a.sta", content)], None).sources
    assert [found.code for found in source.findings] == ["source.document-too-large"]


def test_a_tag_that_never_ends_is_not_parsed():
    content = b'<Invoice xmlns="http://isdoc.cz/namespace/2013" version="6.0.2"' + b" a" * 600_000 + b"/>"
    (source,) = build_plan([Source("a.isdoc", content)], None).sources
    assert [found.code for found in source.findings] == ["xml.out-of-proportion"]


def test_the_frame_around_a_damaged_item_has_no_line_in_the_file():
    start, middle, end = ROOTS["pohoda"]
    content = start + middle + b"<a:b/>\n<inv:invoice>" + end
    (source,) = build_plan([Source("a.xml", content)], None).sources
    assert all(found.location.line in (1, 2) for found in source.findings if found.location.line is not None)


def test_json_of_too_many_values_is_not_built():
    content = b'{"schema": "efimport-documents/1", "sources": [' + b"0," * 3_100_000
    (source,) = build_plan([Source("a.json", content)], None).sources
    assert [found.code for found in source.findings] == ["source.document-too-large"]


@pytest.mark.parametrize("name", ["a.zip", "a.isdocx", "a.xlsx"])
def test_a_member_without_a_name_takes_no_other_with_it(name):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for member in ("", "b.xml"):
            entry = zipfile.ZipInfo("x")
            entry.filename = member
            archive.writestr(entry, b"<a/>")
    sources = build_plan([Source(name, stream.getvalue())], None).sources
    assert any(source.findings for source in sources)
    assert name == "a.isdocx" or {source.path for source in sources} >= {f"{name}!", f"{name}!b.xml"}


def test_names_that_steer_a_terminal_or_turn_words_are_read_and_shown_harmless(tmp_path):
    for name in ("a\x1b[2J.xml", "a\u202elmx.exe", "a\nb.xml", "a\u2066.xml"):
        (tmp_path / name).write_bytes(b"<a/>")
    plan = build_plan([tmp_path], None)
    assert len(plan.sources) == 4
    assert all(source.findings for source in plan.sources)


def test_limits_are_those_that_are_documented():
    assert (LIMITS.archive_bytes, LIMITS.archive_ratio, LIMITS.archive_entries) == (200 * 1024 * 1024, 100, 2000)
