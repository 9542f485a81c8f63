"""A share that is away is told from an empty folder."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from efimport.testing import FakeClock
from efimport.watch.folder_disk import FolderDisk
from efimport.watch.folders import Folders, FoldersError
from efimport.watch.presence import MARKER, WATCHED, Presence


@pytest.fixture
def root(tmp_path) -> Path:
    root = tmp_path / "share"
    root.mkdir()
    return root


def begun(root: Path, known: str | None = None, **options) -> Presence:
    """A folder that was watched before, with all its markers."""
    folders = Folders(root, "en")
    folders.make()
    presence = Presence(folders, known, clock=FakeClock(), **options)
    assert presence.check() is None
    return presence


def everything_in(root: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(root)): path.read_bytes() if path.is_file() else None for path in sorted(root.rglob("*"))
    }


def test_the_first_use_marks_the_root_and_the_folders_of_dropped_files(root):
    presence = begun(root)
    assert presence.identity is not None
    for folder in (root, root / "inbox", root / "approve"):
        assert presence.found(folder) == presence.identity
        text = (folder / MARKER).read_text("utf-8")
        assert "made: 2026-01-01T00:00:00+00:00" in text
        assert "Leave it where it is." in text
        assert "Nechte ho na místě." in text
    assert {path.parent.name for path in root.rglob(MARKER)} == {"share", "inbox", "approve"}
    assert not list(root.rglob("*.part"))


def test_the_next_start_finds_the_same_identity(root):
    identity = begun(root).identity
    assert begun(root, identity).identity == identity
    # Another journal, another computer.
    assert begun(root).identity == identity


def test_the_markers_of_folders_made_later_are_written(root):
    presence = Presence(Folders(root, "cs"), None)
    assert presence.check() is None
    folders = Folders(root, "cs")
    folders.make()
    presence = Presence(folders, presence.identity)
    assert presence.check() is None
    assert presence.found(root / "k odeslání") == presence.identity


def test_nothing_is_written_where_there_is_no_root(tmp_path):
    presence = Presence(Folders(tmp_path / "share", "en"), None)
    assert "is not there" in (presence.check() or "")
    assert presence.identity is None
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "share").write_text("a file")
    assert "is not there" in (presence.check() or "")


def test_a_share_that_goes_away_and_returns_with_a_thousand_files_is_told_and_nothing_changes(root, tmp_path):
    presence = begun(root)
    for number in range(1000):
        (root / "inbox" / f"{number}.xml").touch()
    before = everything_in(root)
    away = tmp_path / "elsewhere"
    for empty in (True, False):
        root.rename(away)
        if empty:
            root.mkdir()
            for place in ("inbox", "approve"):
                (root / place).mkdir()
        for _ in range(3):
            why = presence.check()
            assert why is not None
            assert ("marker .efimport-inbox is missing" if empty else "is not there") in why
        if empty:
            assert everything_in(root) == {"inbox": None, "approve": None}
            shutil.rmtree(root)
        away.rename(root)
        assert presence.check() is None
    assert everything_in(root) == before
    assert "efimport watch --adopt" in presence.hint


def test_after_a_restart_a_share_that_is_away_is_told_too(root, tmp_path):
    identity = begun(root).identity
    root.rename(tmp_path / "elsewhere")
    root.mkdir()
    presence = Presence(Folders(root, "en"), identity)
    assert presence.check() is not None
    assert everything_in(root) == {}


def test_another_share_in_the_place_of_the_folder_is_told(root, tmp_path):
    identity = begun(root).identity
    root.rename(tmp_path / "first")
    root.mkdir()
    begun(root)
    presence = Presence(Folders(root, "en"), identity)
    assert "Another folder is in the place of" in (presence.check() or "")


def test_another_share_without_folders_in_the_place_of_the_folder_is_told(root, tmp_path):
    identity = begun(root).identity
    root.rename(tmp_path / "first")
    root.mkdir()
    assert Presence(Folders(root, "en"), None).check() is None
    presence = Presence(Folders(root, "en"), identity)
    assert f"in the place of {root}:" in (presence.check() or "")


def test_folders_of_two_watched_folders_under_one_root_are_told_and_left_as_they_are(root, tmp_path):
    (tmp_path / "other").mkdir()
    other = begun(tmp_path / "other")
    begun(root)
    (root / MARKER).unlink()
    shutil.copy(tmp_path / "other" / MARKER, root / "approve" / MARKER)
    presence = Presence(Folders(root, "en"), None)
    assert f"in the place of {root / 'approve'}:" in (presence.check() or "")
    assert presence.found(root / "approve") == other.identity


def test_an_unknown_share_in_the_place_of_the_inbox_is_told(root, memory):
    presence = begun(root)
    shutil.rmtree(root / "inbox")
    (root / "inbox").symlink_to(memory, target_is_directory=True)
    assert "on a share or disk of its own" in (presence.check() or "")
    assert list(memory.iterdir()) == []


def test_another_share_in_the_place_of_the_inbox_is_told(root, tmp_path):
    presence = begun(root)
    (tmp_path / "other").mkdir()
    begun(tmp_path / "other")
    shutil.copy(tmp_path / "other" / MARKER, root / "inbox" / MARKER)
    assert f"in the place of {root / 'inbox'}" in (presence.check() or "")


@pytest.mark.parametrize("place", WATCHED)
def test_a_marker_that_a_person_removed_from_a_folder_is_written_again(root, place):
    presence = begun(root)
    (root / place / MARKER).unlink()
    assert presence.check() is None
    assert presence.found(root / place) == presence.identity


def test_a_folder_that_a_person_removed_is_no_share_that_is_away(root):
    presence = begun(root)
    shutil.rmtree(root / "inbox")
    assert presence.check() is None
    assert not (root / "inbox").exists()
    Folders(root, "en").make()
    assert presence.check() is None
    assert presence.found(root / "inbox") == presence.identity


def test_a_marker_missing_in_the_root_is_never_written_again_until_a_person_says_so(root):
    presence = begun(root)
    identity = presence.identity
    (root / MARKER).unlink()
    assert presence.check() is not None
    assert not (root / MARKER).exists()
    assert presence.adopt() == identity
    assert presence.check() is None
    assert Presence(Folders(root, "en"), identity).check() is None


def test_a_person_can_take_another_folder_for_the_one_that_is_remembered(root):
    begun(root)
    presence = Presence(Folders(root, "en"), "0123456789abcdef")
    assert presence.check() is not None
    assert presence.adopt() == "0123456789abcdef"
    assert presence.check() is None
    assert {presence.found(root / place) for place in WATCHED} == {"0123456789abcdef"}
    unused = Presence(Folders(root, "en"), None)
    assert unused.adopt() == "0123456789abcdef"


def test_a_folder_that_is_not_there_cannot_be_taken(tmp_path):
    with pytest.raises(FoldersError, match="cannot be marked: it is not there"):
        Presence(Folders(tmp_path / "share", "en"), None).adopt()


def test_who_lost_the_marker_of_the_root_and_the_memory_of_it_has_the_same_folder(root):
    identity = begun(root).identity
    (root / MARKER).unlink()
    assert begun(root).identity == identity


def test_an_inbox_on_a_share_of_its_own_that_is_away_is_told(root, memory):
    (root / "inbox").symlink_to(memory, target_is_directory=True)
    presence = begun(root)
    identity = presence.identity
    assert presence.found(memory) == identity
    assert "elsewhere: inbox\n" in (root / MARKER).read_text("utf-8")
    (memory / MARKER).rename(memory / "aside")
    assert "on a share or disk of its own" in (presence.check() or "")
    assert not (memory / MARKER).exists()
    # The empty mount point lies on the device of the root.
    (root / "inbox").unlink()
    for again in (presence, Presence(Folders(root, "en"), identity)):
        assert "on a share or disk of its own" in (again.check() or "")
        (root / "inbox").mkdir(exist_ok=True)
        assert "on a share or disk of its own" in (again.check() or "")
    assert everything_in(root / "inbox") == {}
    # Somebody decides that the inbox lies on this disk from now on.
    presence.adopt()
    assert presence.check() is None
    (root / "inbox" / MARKER).unlink()
    assert presence.check() is None


def test_a_folder_that_leads_nowhere_is_away(root, tmp_path):
    presence = begun(root)
    (root / "inbox").rename(tmp_path / "inbox")
    (root / "inbox").symlink_to(tmp_path / "nowhere")
    assert "lies on a share" in (presence.check() or "")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ESTALE, "the share does not answer"),
        (errno.EACCES, "efimport has no right"),
        (errno.EIO, "has a fault"),
        (errno.EHOSTDOWN, "the share does not answer"),
    ],
)
@pytest.mark.parametrize("where", ["is_dir", "stat", "open"])
def test_a_share_that_fails_is_away(root, monkeypatch, number, words, where):
    presence = begun(root)

    def fail(*_, **__):
        raise OSError(number, "no")

    with monkeypatch.context() as patch:
        patch.setattr(Path, where, fail)
        why = presence.check()
    assert why is not None
    assert words in why
    assert presence.check() is None


@pytest.mark.parametrize("content", [b"", b"efimport\nid: 12", b"\xff\xfe\0", b"id: \nelsewhere: \n"])
def test_half_a_marker_is_none_and_the_first_use_makes_it_whole(root, content):
    (root / MARKER).write_bytes(content)
    remembered = Presence(Folders(root, "en"), "12")
    assert "is missing" in (remembered.check() or "")
    assert (root / MARKER).read_bytes() == content
    presence = begun(root)
    assert presence.found(root) == presence.identity
    (root / "inbox" / MARKER).write_bytes(content)
    assert presence.check() is None
    assert presence.found(root / "inbox") == presence.identity


def test_a_marker_edited_on_windows_is_still_one(root):
    presence = begun(root)
    text = (root / MARKER).read_text("utf-8")
    (root / MARKER).write_bytes(text.replace("\n", "\r\n").replace("elsewhere: ", "elsewhere:").encode("utf-8-sig"))
    assert presence.check() is None


class NoLinks(FolderDisk):
    """A stick or a share."""

    def link(self, start, end):
        raise OSError(errno.EPERM, "no")


@pytest.mark.parametrize("disk", [FolderDisk, NoLinks])
@pytest.mark.parametrize("round_", range(5))
def test_of_two_that_begin_at_once_both_have_one_identity(root, disk, round_):
    start = threading.Barrier(4)
    found: list[str | None] = []

    def begin() -> None:
        presence = Presence(Folders(root, "en"), None, disk=disk())
        start.wait()
        assert presence.check() is None
        found.append(presence.identity)

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert [path.name for path in root.iterdir()] == [MARKER]


class FailingDisk(FolderDisk):
    """Fails at its n-th operation."""

    def __init__(self, fails_at: int) -> None:
        self.fails_at, self.operations = fails_at, 0

    def count(self) -> None:
        self.operations += 1
        if self.operations == self.fails_at:
            raise OSError(errno.ENOSPC, "full")

    def create(self, path):
        self.count()
        return super().create(path)

    def write(self, handle, content):
        self.count()
        return super().write(handle, content)

    def sync(self, handle):
        self.count()
        super().sync(handle)

    def link(self, start, end):
        self.count()
        super().link(start, end)

    def rename(self, start, end):
        self.count()
        super().rename(start, end)

    def sync_folder(self, folder):
        self.count()
        super().sync_folder(folder)


def test_a_disk_that_fails_at_any_operation_leaves_no_marker_that_misleads(tmp_path):
    for operation in range(1, 60):
        root = tmp_path / str(operation)
        root.mkdir()
        folders = Folders(root, "en")
        folders.make()
        disk = FailingDisk(operation)
        presence = Presence(folders, None, clock=FakeClock(), disk=disk)
        why = presence.check()
        assert why is None or "there is no room left" in why
        assert not list(root.rglob("*.part"))
        again = Presence(folders, presence.identity, clock=FakeClock())
        assert again.check() is None
        assert {again.found(folder) for folder in (root, root / "inbox", root / "approve")} == {again.identity}
        if operation > disk.operations:
            break
    assert 10 < operation < 59


def test_looking_is_cheap(root):
    presence = begun(root)
    program = (
        "import sys; from pathlib import Path; from efimport.watch.folders import Folders;"
        "from efimport.watch.presence import Presence; count = [0];"
        f"presence = Presence(Folders(Path({str(root)!r}), 'en'), {presence.identity!r});"
        "sys.addaudithook(lambda event, arguments: count.__setitem__(0, count[0] + (event == 'open')));"
        "assert presence.check() is None; print(count[0])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "3\n"


def test_the_marker_can_be_read_by_whoever_uses_the_share(root):
    root.chmod(0o2775)
    before = os.umask(0o077)
    try:
        begun(root)
    finally:
        os.umask(before)
    assert (root / MARKER).stat().st_mode & 0o777 == 0o664
