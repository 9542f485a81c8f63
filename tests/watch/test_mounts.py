"""Moves, presence and owner on file systems that are really mounted, filled, made read-only and taken away."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from efimport.watch.folders import Folders
from efimport.watch.moving import Moved, MoveError, put_in_place
from efimport.watch.owner import FolderOwner
from efimport.watch.presence import MARKER, Presence

BODY = b"0123456789" * 10_000
DIGEST = hashlib.sha256(BODY).hexdigest()

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root of a Linux system mounts file systems"
)


class Mounts:
    """Mounts that are taken away again."""

    def __init__(self) -> None:
        self._paths: list[Path] = []

    def mount(self, path: Path, *arguments: str) -> None:
        path.mkdir(exist_ok=True)
        done = subprocess.run(["mount", *arguments, str(path)], capture_output=True)
        if done.returncode:
            pytest.skip(f"nothing can be mounted here: {done.stderr.decode()}")
        self._paths.append(path)

    def memory(self, path: Path, size: str) -> None:
        self.mount(path, "-t", "tmpfs", "-o", f"size={size}", "tmpfs")

    def change(self, path: Path, options: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{options}", str(path)], check=True)

    def unmount(self, path: Path) -> None:
        subprocess.run(["umount", "-l", str(path)], check=True)
        self._paths.remove(path)

    def unmount_all(self) -> None:
        for path in reversed(list(self._paths)):
            self.unmount(path)


@pytest.fixture
def mounts() -> Iterator[Mounts]:
    mounts = Mounts()
    yield mounts
    mounts.unmount_all()


@pytest.fixture
def source(tmp_path) -> Path:
    (tmp_path / "inbox").mkdir()
    source = tmp_path / "inbox" / "a.xml"
    source.write_bytes(BODY)
    return source


def move(source: Path, target: Path, **options: bool) -> Moved:
    return put_in_place(source, target, DIGEST, lambda: io.BytesIO(BODY), **options)


def test_a_full_disk_keeps_the_document_where_it_was_until_there_is_room(tmp_path, mounts, source):
    sent = tmp_path / "sent"
    mounts.memory(sent, "64k")
    for _ in range(2):
        with pytest.raises(MoveError, match="there is no room left"):
            move(source, sent / "a.xml")
        assert source.read_bytes() == BODY
        assert list(sent.iterdir()) == []
    mounts.change(sent, "size=256k")
    assert move(source, sent / "a.xml", again=True) is Moved.MOVED
    assert (sent / "a.xml").read_bytes() == BODY
    assert not source.exists()


def test_a_disk_that_became_read_only_is_told_on_either_side(tmp_path, mounts, source):
    sent = tmp_path / "sent"
    mounts.memory(sent, "1m")
    mounts.change(sent, "ro")
    with pytest.raises(MoveError, match="the disk is read-only"):
        move(source, sent / "a.xml")
    mounts.change(sent, "rw")
    move(source, sent / "a.xml")
    mounts.change(sent, "ro")
    with pytest.raises(MoveError, match="the disk is read-only"):
        move(sent / "a.xml", source)
    # It could be copied and not be removed: both are whole, and the repetition completes the move.
    assert source.read_bytes() == (sent / "a.xml").read_bytes() == BODY
    mounts.change(sent, "rw")
    assert move(sent / "a.xml", source, again=True) is Moved.MOVED
    assert list(sent.iterdir()) == []


def test_two_mounts_of_one_file_system_have_one_device_and_are_two_all_the_same(tmp_path, mounts, source):
    (tmp_path / "elsewhere").mkdir()
    sent = tmp_path / "sent"
    mounts.mount(sent, "--bind", str(tmp_path / "elsewhere"))
    assert sent.stat().st_dev == source.stat().st_dev
    inode = source.stat().st_ino
    assert move(source, sent / "a.xml") is Moved.MOVED
    assert (sent / "a.xml").stat().st_ino != inode
    assert [path.name for path in sent.iterdir()] == ["a.xml"]
    assert not source.exists()


def test_a_file_that_is_its_own_target_through_another_mount_stays(tmp_path, mounts, source):
    other = tmp_path / "other"
    mounts.mount(other, "--bind", str(source.parent))
    assert move(source, other / "a.xml") is Moved.MOVED
    assert source.read_bytes() == BODY


def test_a_layered_file_system_moves_too(tmp_path, mounts):
    for name in ("lower", "upper", "work"):
        (tmp_path / name).mkdir()
    (tmp_path / "lower" / "inbox").mkdir()
    (tmp_path / "lower" / "inbox" / "a.xml").write_bytes(BODY)
    layered = tmp_path / "layered"
    options = ",".join(f"{name}dir={tmp_path / name}" for name in ("lower", "upper", "work"))
    mounts.mount(layered, "-t", "overlay", "-o", options, "overlay")
    (layered / "sent").mkdir()
    assert move(layered / "inbox" / "a.xml", layered / "sent" / "a.xml") is Moved.MOVED
    assert (layered / "sent" / "a.xml").read_bytes() == BODY
    assert list((layered / "inbox").iterdir()) == []


@pytest.fixture
def share(tmp_path, mounts) -> tuple[Path, Callable[[], None]]:
    """A mounted share, and what mounts it again."""
    (tmp_path / "server").mkdir()
    root = tmp_path / "share"

    def mount() -> None:
        mounts.mount(root, "--bind", str(tmp_path / "server"))

    mount()
    return root, mount


def test_a_share_that_is_unmounted_and_mounted_again_is_told(share, mounts):
    root, mount = share
    folders = Folders(root, "cs")
    folders.make()
    presence = Presence(folders, None)
    assert presence.check() is None
    for _ in range(2):
        mounts.unmount(root)
        for again in (presence, Presence(Folders(root, "cs"), presence.identity)):
            assert "marker .efimport-inbox is missing" in (again.check() or "")
        assert list(root.iterdir()) == []
        mount()
        assert presence.check() is None


def test_an_inbox_of_its_own_share_that_is_unmounted_is_told(tmp_path, mounts):
    folders = Folders(tmp_path, "en")
    folders.make()
    mounts.memory(tmp_path / "inbox", "1m")
    presence = Presence(folders, None)
    assert presence.check() is None
    assert (tmp_path / "inbox" / MARKER).exists()
    mounts.unmount(tmp_path / "inbox")
    for again in (presence, Presence(Folders(tmp_path, "en"), presence.identity)):
        assert "on a share or disk of its own" in (again.check() or "")
    assert list((tmp_path / "inbox").iterdir()) == []
    # Another share at the same place, which has no marker.
    mounts.memory(tmp_path / "inbox", "1m")
    assert "on a share or disk of its own" in (presence.check() or "")


def test_an_owner_whose_share_goes_and_comes_back_goes_on_and_gives_it_back(share, mounts):
    root, mount = share
    owner = FolderOwner()
    with owner.taken(root):
        mounts.unmount(root)
        owner.beat()
        assert list(root.iterdir()) == []
        mount()
        owner.beat()
        assert FolderOwner.holder(root) is not None
    assert FolderOwner.holder(root) is None
    with owner.taken(root):
        pass
