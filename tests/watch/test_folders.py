"""The folders of a watched folder and the names in them."""

from __future__ import annotations

import os
import stat
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.journal.places import BY_MONTH, Place
from efimport.messages import LANGUAGES
from efimport.watch import folders as module
from efimport.watch.folders import (
    NAME_BYTES,
    Folders,
    FoldersError,
    folded,
    folder_names,
    free_name,
    named,
    page_name,
    stored,
)

NAMES = st.text(st.characters(blacklist_characters="/\0"), min_size=1, max_size=300).filter(
    lambda name: name not in (".", "..")
)
ENDINGS = st.sampled_from(["", ".xml", ".XML", ".html", ".HTM", ".gpc", ".001", ".isdocx", ". 5"])


def bytes_of(name: str) -> int:
    return len(name.encode("utf-8", "surrogatepass"))


def test_every_language_names_every_place_and_no_name_means_two_places():
    assert set(LANGUAGES) <= set(folder_names())
    meaning: dict[str, Place] = {}
    for names in folder_names().values():
        assert set(names) == set(Place)
        for place, name in names.items():
            assert meaning.setdefault(folded(name), place) is place
    assert folder_names()["en"] == {place: place.value for place in Place}


def test_missing_places_are_made_in_the_language_of_the_settings(tmp_path):
    folders = Folders(tmp_path, "cs")
    folders.make()
    assert {path.name for path in tmp_path.iterdir()} == set(folder_names()["cs"].values())
    assert folders.path(Place.INBOX) == tmp_path / "k odeslání"
    assert folders.month(Place.SENT, date(2026, 11, 3)) == tmp_path / "odesláno" / "2026-11"
    assert Folders(tmp_path, "xx").remarks == []
    folders.make()
    assert len(list(tmp_path.iterdir())) == len(Place)


@pytest.mark.parametrize("language", sorted(folder_names()))
@pytest.mark.parametrize("written", [str, str.upper, lambda name: unicodedata.normalize("NFD", name)])
def test_a_folder_is_found_in_another_language_and_however_its_letters_are_written(tmp_path, language, written):
    for name in folder_names()[language].values():
        (tmp_path / written(name)).mkdir()
    folders = Folders(tmp_path, "en")
    folders.make()
    assert len(list(tmp_path.iterdir())) == len(Place)
    assert folders.path(Place.SENT).name == written(folder_names()[language][Place.SENT])
    assert folders.remarks == []


def test_of_two_folders_for_one_place_the_one_in_the_language_is_used_and_it_is_said(tmp_path):
    (tmp_path / "inbox").mkdir()
    (tmp_path / "k odeslání").mkdir()
    (tmp_path / "odesláno").write_text("a file is no folder")
    folders = Folders(tmp_path, "cs")
    assert folders.path(Place.INBOX).name == "k odeslání"
    assert Folders(tmp_path, "en").path(Place.INBOX).name == "inbox"
    assert [str(remark) for remark in folders.remarks] == [
        "There are several folders for the same files: k odeslání is used, inbox is not looked at."
    ]
    (tmp_path / "inbox").rmdir()
    folders.look()
    assert folders.remarks == []


def test_a_root_that_went_away_changes_no_name(tmp_path):
    root = tmp_path / "share"
    (root / "inbox").mkdir(parents=True)
    folders = Folders(root, "cs")
    root.rename(tmp_path / "away")
    folders.look()
    assert folders.path(Place.INBOX) == root / "inbox"
    with pytest.raises(FoldersError, match="cannot be made: it is not there"):
        folders.make()
    assert not root.exists()


def test_nothing_is_made_in_the_empty_place_of_a_share_that_is_away(tmp_path):
    root = tmp_path / "share"
    root.mkdir()
    folders = Folders(root, "en")
    folders.make()
    root.rename(tmp_path / "away")
    root.mkdir()
    with pytest.raises(FoldersError, match="cannot be made: it is not there"):
        folders.make_folder(folders.month(Place.SENT, date(2026, 11, 3)))
    assert list(root.iterdir()) == []
    folders.make_folder(root / "s.r.o. Example")
    assert (root / "s.r.o. Example").is_dir()


def test_folders_take_the_rights_of_the_root_so_that_a_share_stays_one_of_its_group(tmp_path):
    root = tmp_path / "share"
    root.mkdir()
    root.chmod(0o2775)
    folders = Folders(root, "en")
    before = os.umask(0o077)
    try:
        folders.make()
        deep = folders.month(Place.SENT, date(2026, 11, 3)) / "banka" / "kb"
        folders.make_folder(deep)
        folders.make_folder(deep)
    finally:
        os.umask(before)
    assert stat.S_IMODE(folders.path(Place.INBOX).stat().st_mode) == 0o2775
    assert stat.S_IMODE(deep.stat().st_mode) == 0o2775


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_folders_made_by_a_service_belong_to_whom_the_root_belongs(tmp_path):
    os.chown(tmp_path, 1234, 2345)
    folders = Folders(tmp_path, "en")
    folders.make()
    status = folders.path(Place.INBOX).stat()
    assert (status.st_uid, status.st_gid) == (1234, 2345)


def test_a_system_without_rights_makes_the_folders_all_the_same(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(1, "no")

    monkeypatch.setattr(Path, "chmod", refuse)
    monkeypatch.setattr(module.os, "chown", refuse)
    Folders(tmp_path, "en").make()
    assert (tmp_path / "inbox").is_dir()


def test_something_else_with_the_name_of_a_folder_is_told(tmp_path):
    (tmp_path / "sent").write_text("")
    with pytest.raises(FoldersError, match="sent cannot be made: Not a directory"):
        Folders(tmp_path, "en").make()


def test_a_path_is_known_by_place_and_name(tmp_path):
    folders = Folders(tmp_path, "cs")
    folders.make()
    assert folders.place_of(folders.path(Place.INBOX) / "banka" / "a.gpc") == (Place.INBOX, "banka/a.gpc")
    assert folders.place_of(folders.month(Place.SENT, date(2026, 11, 3)) / "a.gpc") == (Place.SENT, "2026-11/a.gpc")
    for other in (tmp_path / "note.txt", tmp_path / "other" / "a", folders.path(Place.SENT), tmp_path.parent / "a"):
        assert folders.place_of(other) is None
    assert set(BY_MONTH) < set(Place)


@settings(max_examples=200)
@given(st.text())
def test_any_name_survives_as_text_that_can_be_stored(name):
    text = stored(name)
    assert named(text) == name
    text.encode("utf-8")


@settings(max_examples=200)
@given(st.binary())
def test_any_bytes_of_a_name_survive_as_text(raw):
    assert os.fsencode(named(stored(os.fsdecode(raw)))) == raw


@pytest.mark.parametrize(
    ("raw", "text"),
    [(b"v\xfdpis.gpc", "v%FDpis.gpc"), ("výpis 100%.gpc".encode(), "výpis 100%25.gpc"), (b"%FD", "%25FD")],
)
def test_bytes_that_are_no_text_are_written_with_per_cent_signs(raw, text):
    assert stored(os.fsdecode(raw)) == text


def test_a_name_that_nothing_has_stays_exactly_as_it_is(tmp_path):
    for name in ("Výpis č. 12 \u202dx.gpc", "  blank .xml", "ř" * 100 + ".xml", unicodedata.normalize("NFD", "ř.xml")):
        assert free_name(tmp_path, name) == name
        assert free_name(tmp_path / "absent", name) == name


def test_a_name_that_is_there_gets_a_number(tmp_path):
    for name in ("faktura.xml", "Faktura (2).XML", "smlouva č. 5", unicodedata.normalize("NFD", "výpis.gpc")):
        (tmp_path / name).touch()
    assert free_name(tmp_path, "FAKTURA.xml") == "FAKTURA (3).xml"
    assert free_name(tmp_path, "faktura.xml", taken={"faktura (3).xml"}) == "faktura (4).xml"
    assert free_name(tmp_path, "FAKTURA.xml", taken={"faktura (3).xml", "FAKTURA (4).xml"}) == "FAKTURA (5).xml"
    assert free_name(tmp_path, "smlouva č. 5") == "smlouva č. 5 (2)"
    assert free_name(tmp_path, unicodedata.normalize("NFC", "výpis.gpc")) == "výpis (2).gpc"


def test_a_name_whose_page_is_there_gets_a_number_where_a_page_is_wanted(tmp_path):
    (tmp_path / "vypis.001").touch()
    (tmp_path / "Vypis.html").touch()
    assert free_name(tmp_path, "vypis.002") == "vypis.002"
    assert free_name(tmp_path, "vypis.002", with_page=True) == "vypis (2).002"


def test_a_name_too_long_for_its_counter_or_its_page_is_shortened_at_a_letter(tmp_path):
    name = "ř" * 125 + "x.xml"
    assert bytes_of(name) == NAME_BYTES
    first = free_name(tmp_path, name)
    assert first == "ř" * 125 + ".xml"
    (tmp_path / first).touch()
    second = free_name(tmp_path, name)
    assert second == "ř" * 123 + " (2).xml"
    (tmp_path / page_name(second)).touch()
    assert page_name(second) == "ř" * 123 + " (2).html"
    marked = free_name(tmp_path, "a" * 249 + "r\u030c.xml")
    assert marked == "a" * 249 + ".xml"


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("faktura.xml", "faktura.html"),
        ("faktura.html", "faktura.html.html"),
        ("faktura.HTM", "faktura.HTM.html"),
        ("výpis č. 5", "výpis č. 5.html"),
        ("a.tar.gz", "a.tar.html"),
        ("x" * 255, "x" * 250 + ".html"),
    ],
)
def test_the_page_has_the_stem_of_the_file(name, page):
    assert page_name(name) == page


@settings(max_examples=150)
@given(stem=NAMES, ending=ENDINGS)
def test_names_given_one_after_the_other_differ_and_fit_with_their_pages(tmp_path_factory, stem, ending):
    absent = tmp_path_factory.getbasetemp() / "absent"
    taken: set[str] = set()
    for _ in range(3):
        chosen = free_name(absent, stem + ending, taken=taken, with_page=True)
        page = page_name(chosen)
        for one in (chosen, page):
            assert len("".join("x" if "\udc80" <= letter <= "\udcff" else letter for letter in one)
                       .encode("utf-8", "surrogatepass")) <= NAME_BYTES  # fmt: skip
            assert folded(one) not in taken
        assert folded(chosen) != folded(page)
        taken |= {folded(chosen), folded(page)}


def test_a_folder_that_cannot_be_listed_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FoldersError, match="cannot be read"):
        free_name(tmp_path / "file", "a.xml")
