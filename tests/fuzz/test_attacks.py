"""Bombs and other attacks: each costs less than a second and 100 MB, whatever it is, and is never sent in silence."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from efimport.planning.build import build_plan
from efimport.sources import LIMITS, Source
from tests.fuzz.attacks import ROOTS, attacks
from tests.fuzz.judging import _peak, _reset_peak

SECONDS = 1.0
MEGABYTES = 100
SAMPLES = Path(__file__).resolve().parents[2] / "samples"

FORMS = ("pohoda", "isdoc", "camt", "ubl")
LARGE = ("text-of-50-mb", "comment-of-50-mb", "attribute-of-50-mb", "million-siblings")
WITHIN_LIMITS = {
    **{f"{form}-{shape}": 5.0 for form in FORMS for shape in LARGE},
    "camt-million-attributes": 5.0,
    "isdoc-million-names": 5.0,
    "mt940-fields": 5.0,
    "pdf-10000-files": 3.0,
    "pdf-names-deep": 3.0,
}
"""Large, but no larger than a document may be: these are read, in this many seconds at most."""
MENDED = ("pdf-predictor", "pdf-names-in-a-ring", "pdf-names-deep", "pdf-tables-in-a-ring", "pdf-bomb")
"""A PDF whose tables are mended, or whose supplement cannot be unpacked, goes to the inbox as it is; that is said."""
HEAVY = (
    *("-of-50-mb", "-of-60-mb", "-beyond", "million", "quadratic", "far-behind", "depth-200000", "10000"),
    *("xlsx-bomb", "xlsx-strings", "one-string", "ods-bomb", "zip-lying", "zip-42", "zip-many", "overlapping"),
    *("in-one-line", "csv-q", "csv-zeros", "csv-line", "gpc-line", "mt940", "json-", "names-deep", "pdf-bomb"),
)
"""Attacks whose files take long to make: only a few of them are made in the short form."""
NAMES = list(attacks())
LIGHT = [
    name
    for name in NAMES
    if not any(part in name for part in HEAVY) and (not name.startswith("ubl") or "doctype" in name)
]


@pytest.fixture(scope="module", autouse=True)
def _everything_is_loaded():
    """What libraries take belongs to no attack."""
    build_plan([SAMPLES], None)


def attacked(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    path = attacks()[name](folder)
    before = _reset_peak()
    start = time.process_time()
    plan = build_plan([path], None)
    seconds, growth = time.process_time() - start, _peak() - before
    codes = [found.code for found in plan.findings]
    allowed = WITHIN_LIMITS.get(name, SECONDS)
    assert codes
    assert seconds < allowed, codes
    assert growth < (MEGABYTES if name not in WITHIN_LIMITS else 1024), codes
    if not any(found.is_error for found in plan.findings):
        assert name.startswith((*MENDED, "ubl")), codes


@pytest.mark.parametrize("name", LIGHT)
def test_an_attack_costs_little(name, tmp_path, monkeypatch):
    attacked(name, tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name not in LIGHT])
def test_a_large_attack_costs_little(name, tmp_path, monkeypatch):
    attacked(name, tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("pohoda-billion-laughs", "xml.doctype"),
        ("isdoc-entity-of-a-file", "xml.doctype"),
        ("camt-dtd-elsewhere", "xml.doctype"),
        ("isdoc-bare-doctype", "xml.doctype"),
        ("camt-doctype-in-utf-16", "xml.doctype"),
        ("zip-bomb", "archive.bomb"),
        ("zip-many-small-bombs", "archive.bomb"),
        ("zip-encrypted", "archive.encrypted"),
        ("pohoda-million-names", "pohoda.item-damaged"),
        ("zip-leading-out-1", "archive.unsafe-name"),
        ("zip-nested", "archive.too-deep"),
        ("xlsx-farthest-cell", "table.too-large"),
        ("xlsx-farthest-cell-otherwise", "table.too-large"),
        ("xlsx-farthest-cell-first", "table.too-large"),
        ("xlsx-cells-without-a-place", "table.too-large"),
        ("ods-columns", "table.too-large"),
        ("ods-rows-otherwise", "table.too-large"),
        ("sparse-1-gb-xml", "source.too-large"),
        ("pipe", "source.not-a-file"),
        ("device", "source.not-a-file"),
        ("links-in-a-ring", "source.link-to-folder"),
    ],
)
def test_an_attack_is_called_by_its_name(name, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plan = build_plan([attacks()[name](tmp_path)], None)
    assert code in {found.code for found in plan.findings}
    assert plan.calls == ()


def test_a_field_that_never_ends_is_no_statement():
    content = b":20:X\r\n:25:19-2000145399/0800\r\n:28C:1\r\n:86:" + b"text\r\n" * 200_000
    (source,) = build_plan([Source("a.sta", content)], None).sources
    assert [found.code for found in source.findings] == ["source.document-too-large"]


def test_a_tag_that_never_ends_is_not_parsed():
    content = b'<Invoice xmlns="http://isdoc.cz/namespace/2013" version="6.0.2"' + b" a" * 600_000 + b"/>"
    (source,) = build_plan([Source("a.isdoc", content)], None).sources
    assert [found.code for found in source.findings] == ["xml.not-well-formed"]


def test_the_frame_around_a_damaged_item_has_no_line_in_the_file():
    start, middle, end = ROOTS["pohoda"]
    content = start + middle + b"<a:b/>\n<inv:invoice>" + end
    (source,) = build_plan([Source("a.xml", content)], None).sources
    assert all(found.location.line in (1, 2) for found in source.findings if found.location.line is not None)


def test_json_of_too_many_values_is_not_built():
    content = b'{"schema": "efimport-documents/1", "sources": [' + b"0," * 3_100_000
    (source,) = build_plan([Source("a.json", content)], None).sources
    assert [found.code for found in source.findings] == ["source.document-too-large"]


def test_names_that_steer_a_terminal_or_turn_words_are_read_and_shown_harmless(tmp_path):
    for name in ("a\x1b[2J.xml", "a\u202elmx.exe", "a\nb.xml", "a\u2066.xml"):
        (tmp_path / name).write_bytes(b"<a/>")
    plan = build_plan([tmp_path], None)
    assert len(plan.sources) == 4
    assert all(source.findings for source in plan.sources)


def test_limits_are_those_that_are_documented():
    assert (LIMITS.archive_bytes, LIMITS.archive_ratio, LIMITS.archive_entries) == (200 * 1024 * 1024, 100, 2000)
