"""Which format reads a file, formats of other packages, and what comes of a file whatever its reader does."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

from efimport.errors import UsageError
from efimport.findings import Finding, Location, finding
from efimport.formats import registry
from efimport.formats.reading import Recognition
from efimport.formats.registry import BUILT_IN, FormatEntry, SourceReading, expand, recognise, shown_head
from efimport.messages import message
from efimport.sources import Source


@pytest.fixture
def install(monkeypatch):
    """Installs a format that claims files beginning with ``!!``."""
    added = []

    def install(name, confidence=90, read=lambda source, reading: iter(()), origin="elsewhere"):
        def claim(sample):
            reason = message("It begins with two marks.")
            return Recognition(name, confidence, reason) if sample.head.startswith(b"!!") else None

        module = ModuleType(f"plugin_{name}")
        module.recognise, module.read = claim, read
        module.format = SimpleNamespace(recognise=claim, read=read)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        added.append(FormatEntry(name, name, f"{module.__name__}:format", origin))
        monkeypatch.setattr(registry, "formats", lambda: (*BUILT_IN, *added))
        return module

    return install


def read(content=b"!! x", name="a.dat"):
    reading = SourceReading(Source(name, content))
    return reading, list(reading)


def codes(items):
    return [one.code for one in items if isinstance(one, Finding)]


def test_the_most_confident_format_reads(install):
    install("low", 50)
    install("high", 60)
    assert recognise(Source("a", b"!! x")).entry.name == "high"


def test_two_formats_that_are_equally_sure_are_a_finding(install):
    install("one")
    install("two")
    reading, items = read()
    assert codes(items) == ["format.ambiguous"]
    assert items[0].message.arguments["formats"] == "one, two"
    assert reading.format == "one"


def test_a_format_of_another_package_reads(install, invented):
    install("own", read=lambda source, reading: iter([invented.invoice("a.dat")]))
    reading, items = read()
    assert (reading.format, [one.number for one in items]) == ("own", ["2026001"])


def test_a_file_that_gives_nothing_does_not_look_well(install):
    install("silent")
    assert codes(read()[1]) == ["source.no-document"]


def test_a_file_that_gives_a_finding_has_said_something(install):
    install("speaking", read=lambda source, reading: iter([finding("source.empty")]))
    assert codes(read()[1]) == ["source.empty"]


def test_a_file_that_cannot_be_read_to_its_end_is_a_finding(install):
    def breaks(source, reading):
        yield finding("source.empty")
        raise OSError(5, "Input/output error")

    install("breaking", read=breaks)
    assert codes(read()[1]) == ["source.empty", "source.unreadable"]


def test_findings_are_given_the_name_of_the_file_and_the_ordinal_of_the_document(install, invented):
    found = finding("source.empty", Location(line=7))
    document = invented.invoice("a.dat", ordinal=3, findings=(found,))
    install("own", read=lambda source, reading: iter([found, document]))
    loose, read_document = read()[1]
    assert loose.location == Location(path="a.dat", line=7)
    assert read_document.findings[0].location == Location(path="a.dat", line=7, ordinal=3)


def test_a_format_that_cannot_be_loaded_is_named_with_its_package(monkeypatch):
    broken = FormatEntry("broken", "Broken", "no_such_module_here", "broken-package")
    monkeypatch.setattr(registry, "formats", lambda: (broken,))
    with pytest.raises(UsageError, match="broken-package"):
        recognise(Source("a", b"x"))


def test_the_built_in_formats_can_be_loaded():
    for entry in BUILT_IN:
        loaded = entry.load()
        assert callable(loaded.recognise)
        assert callable(loaded.read)


def test_formats_of_other_packages_are_found_by_their_entry_points(monkeypatch):
    point = SimpleNamespace(name="mine", value="mine.module", dist=SimpleNamespace(name="mine-package", version="1.2"))
    monkeypatch.setattr(registry.metadata, "entry_points", lambda group: [point])
    registry.formats.cache_clear()
    try:
        assert registry.formats()[-1] == FormatEntry("mine", "mine", "mine.module", "mine-package", "1.2")
    finally:
        registry.formats.cache_clear()


def test_what_nobody_knows_is_shown_harmlessly():
    _, items = read(b"\x1b[2J\x00nic")
    assert codes(items) == ["format.unknown"]
    assert "\x1b" not in items[0].message
    assert shown_head(b"\x1b'\xe1") == "\\x1b'\\xe1"


def test_what_is_no_archive_is_not_opened():
    source = Source("a.zip", b"nic")
    assert list(expand([source])) == [source]


def test_findings_pass_through():
    found = finding("source.empty")
    assert list(expand([found])) == [found]
