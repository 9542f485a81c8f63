from __future__ import annotations

import ntpath
import os
import stat
import sys
import unicodedata
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from efimport.errors import SettingsError
from efimport.private_files import harmless_name, private_file, private_folder, whole_file

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="rights are those of POSIX")


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def open_mask():
    """The user's own mask takes no rights away."""
    before = os.umask(0)
    yield
    os.umask(before)


@posix_only
def test_a_file_is_for_its_owner_alone_and_appears_when_it_is_complete(tmp_path):
    path = tmp_path / "report.json"
    with whole_file(path) as stream:
        stream.write(b"{}")
        assert not path.exists()
        assert [rights(unfinished) for unfinished in tmp_path.iterdir()] == [0o600]
    assert (path.read_bytes(), rights(path)) == (b"{}", 0o600)
    assert [one.name for one in tmp_path.iterdir()] == ["report.json"]


@posix_only
def test_a_file_that_is_replaced_keeps_the_rights_that_somebody_gave_it(tmp_path):
    path = tmp_path / "report.json"
    path.write_bytes(b"old")
    path.chmod(0o640)
    with whole_file(path) as stream:
        stream.write(b"new")
    assert (path.read_bytes(), rights(path)) == (b"new", 0o640)


def test_what_was_there_stays_when_the_writing_fails(tmp_path):
    path = tmp_path / "report.json"
    path.write_bytes(b"old")
    with pytest.raises(OSError, match="full"), whole_file(path):
        raise OSError("full")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("report.json", b"old")]


@posix_only
@pytest.mark.parametrize("place", ["name", "unfinished name"])
def test_a_link_that_somebody_put_in_the_way_is_not_followed(tmp_path, place):
    victim = tmp_path / "victim"
    victim.write_bytes(b"untouched")
    path = tmp_path / "report.json"
    (path if place == "name" else tmp_path / f".report.json.{os.getpid()}.part").symlink_to(victim)
    with whole_file(path) as stream:
        stream.write(b"new")
    assert (victim.read_bytes(), path.read_bytes(), path.is_symlink()) == (b"untouched", b"new", False)


@posix_only
def test_a_file_that_is_there_is_left_as_it_is_and_a_new_one_is_for_its_owner(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"content")
    for path in (old, new):
        private_file(path)
    assert (old.read_bytes(), new.read_bytes(), rights(new)) == (b"content", b"", 0o600)


@posix_only
def test_a_folder_is_made_for_its_owner_alone(tmp_path):
    private_folder(tmp_path / "state" / "pace")
    assert rights(tmp_path / "state" / "pace") == 0o700


@posix_only
@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o702])
def test_a_folder_in_which_everybody_may_write_is_refused(tmp_path, mode):
    folder = tmp_path / "pace"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(SettingsError, match="every user"):
        private_folder(folder)


@posix_only
def test_a_folder_of_another_user_is_refused_though_a_link_leads_to_it(tmp_path, monkeypatch):
    folder = tmp_path / "pace"
    folder.mkdir(mode=0o755)
    (tmp_path / "link").symlink_to(folder)
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    for place in (folder, tmp_path / "link"):
        with pytest.raises(SettingsError, match="another user"):
            private_folder(place)


@posix_only
def test_the_pace_is_not_kept_in_a_folder_of_everybody(tmp_path):
    from efimport.api.clock import SystemClock
    from efimport.api.pace import Pace

    folder = tmp_path / "pace"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(SettingsError, match="every user"):
        Pace(folder, "https://service.example/API", clock=SystemClock())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2026/001.isdoc", "2026-001.isdoc"),
        ("../../etc/passwd", "etc-passwd"),
        ("/etc/passwd", "etc-passwd"),
        (r"C:\Windows\win.ini", "C-Windows-win.ini"),
        (r"\\server\share\x.pdf", "server-share-x.pdf"),
        ("invoice.pdf:stream", "invoice.pdf-stream"),
        ("nul", "_nul"),
        ("CON.pdf", "_CON.pdf"),
        ("com¹.tar.gz", "_com¹.tar.gz"),
        ("console.pdf", "console.pdf"),
        ("", "file"),
        (".", "file"),
        ("..", "file"),
        ("...hidden", "hidden"),
        ("faktura.pdf. . ", "faktura.pdf"),
        ("fak\x00tura\n.pdf", "fak-tura.pdf"),
        ("fak\u202efdp.exe", "fak-fdp.exe"),
        ("Příloha č. 1 – ž.pdf", "Příloha č. 1 - ž.pdf"),
        ("Z\u030c.pdf", "Ž.pdf"),
        ("a\tb  c.pdf", "a-b  c.pdf"),
        ("~/.ssh/config", "ssh-config"),
        ("-rf.txt", "rf.txt"),
    ],
)
def test_a_foreign_name_loses_what_could_do_harm(name, expected):
    assert harmless_name(name) == expected


@given(st.text(max_size=300))
@example("ž" * 300 + ".pdf")
@example("a" * 300)
@example("\U00020000" * 100 + "." + "\U00020000" * 12)
@example("con.con")
@example(".\u0301..")
def test_no_foreign_name_leaves_its_folder_or_is_special(name):
    made = harmless_name(name, {"file", "file-2"})
    assert ntpath.basename(made) == made == Path(made).name
    assert PureWindowsPath(made).drive == ""
    assert not PureWindowsPath(made).is_reserved()
    assert not made.startswith((".", "-"))
    assert not made.endswith((".", " "))
    assert 0 < len(made.encode()) <= 220
    assert all(letter == " " or unicodedata.category(letter)[0] not in "CZ" for letter in made)
    assert harmless_name(made, {"file"}) == made or made.startswith("file")


@given(st.lists(st.sampled_from(["a.pdf", "A.pdf", "a/.pdf", "", "..", "nul", "NUL"]), max_size=8))
def test_names_of_one_folder_differ_even_where_capitals_are_not_told_apart(names):
    taken: set[str] = set()
    for name in names:
        made = harmless_name(name, taken)
        assert made.lower() not in taken
        taken.add(made.lower())
