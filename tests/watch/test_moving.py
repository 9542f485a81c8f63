"""Moves that cannot lose a file, on disks that fail at any step."""

from __future__ import annotations

import errno
import hashlib
import io
import itertools
import os
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.sources.folders import PAGE_MARK
from efimport.watch.beside import remove_page, write_beside
from efimport.watch.faults import MoveError, TakenError
from efimport.watch.folder_disk import FolderDisk
from efimport.watch.folders import free_name
from efimport.watch.moving import MOVE_POINTS, Moved, put_in_place

BODY = b"<Invoice>" + b"0123456789" * 1000 + b"</Invoice>"
NEWER = b"<Invoice>corrected</Invoice>"
DIGEST = hashlib.sha256(BODY).hexdigest()
FAULTS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.ESTALE)


class StepDisk(FolderDisk):
    """Fails at its n-th operation; can act before one; may be told that renaming leads to another file system."""

    def __init__(
        self,
        fails_at: int = 0,
        number: int = errno.EIO,
        *,
        other_file_system: bool = False,
        late: bool = False,
        before: Callable[[str, Any], None] | None = None,
    ) -> None:
        self.fails_at, self.number, self.late = fails_at, number, late
        self.other_file_system = other_file_system
        self.before = before
        self.operations: list[str] = []

    def step(self, name: str, doing: Callable[..., Any], *arguments: Any) -> Any:
        self.operations.append(name)
        if self.before is not None:
            self.before(name, arguments[0])
        failing = len(self.operations) == self.fails_at
        if failing and not self.late:
            raise OSError(self.number, "The disk fails")
        result = doing(*arguments)
        if failing:
            # The answer is lost on the way: done, and yet reported as failed.
            if name == "create":
                os.close(result)
            elif name == "open":
                result.close()
            raise OSError(self.number, "The disk fails")
        return result

    def reserve(self, path):
        self.step("reserve", super().reserve, path)

    def create(self, path):
        return self.step("create", super().create, path)

    def open(self, path):
        return self.step("open", super().open, path)

    def read(self, stream, size):
        return self.step("read", super().read, stream, size)

    def write(self, handle, content):
        return self.step("write", super().write, handle, content[:6000])

    def sync(self, handle):
        self.step("sync", super().sync, handle)

    def rename(self, start, end):
        if self.other_file_system and start.parent != end.parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        self.step("rename", super().rename, start, end)

    def sync_folder(self, folder):
        self.step("sync_folder", super().sync_folder, folder)

    def unlink(self, path):
        self.step("unlink", super().unlink, path)

    def link(self, start, end):
        self.step("link", super().link, start, end)


class Desk:
    """An inbox with a document, a folder for what was sent, and the journal's copy."""

    def __init__(self, inbox: Path, sent: Path) -> None:
        self.inbox, self.sent = inbox, sent
        inbox.mkdir()
        sent.mkdir()
        self.source, self.target = inbox / "faktura č. 1.xml", sent / "faktura č. 1.xml"
        self.source.write_bytes(BODY)
        self.foreign = sent / "foreign.xml"
        self.foreign.write_bytes(b"foreign")

    def move(self, disk: FolderDisk | None = None, **options: Any) -> Moved:
        return put_in_place(self.source, self.target, DIGEST, lambda: io.BytesIO(BODY), disk=disk, **options)

    def visible(self) -> dict[str, bytes]:
        return {
            f"{folder.name}/{path.name}": path.read_bytes()
            for folder in (self.inbox, self.sent)
            for path in sorted(folder.iterdir())
            if not path.name.startswith(".")
        }

    def hidden(self) -> list[str]:
        return [path.name for folder in (self.inbox, self.sent) for path in folder.iterdir() if path.name[0] == "."]

    def check_nothing_lost(self, *contents: bytes, reservations: bool = False) -> None:
        """Each content whole, under a name that people see; nothing half; what is foreign as it was."""
        found = self.visible()
        assert found.pop("sent/foreign.xml") == b"foreign"
        for content in contents:
            assert content in found.values()
        assert set(found.values()) <= {*contents, *((b"",) if reservations else ())}

    def check_settled(self) -> None:
        assert self.visible() == {"sent/foreign.xml": b"foreign", f"sent/{self.target.name}": BODY}
        assert self.hidden() == []


@pytest.fixture
def desks(tmp_path) -> Callable[[], Desk]:
    counter = itertools.count()

    def make() -> Desk:
        place = tmp_path / f"desk {next(counter)}"
        place.mkdir()
        return Desk(place / "inbox", place / "sent")

    return make


@pytest.mark.parametrize("other_file_system", [False, True])
def test_a_file_is_moved_and_both_folders_are_forced_to_the_disk(desks, other_file_system):
    desk = desks()
    inode = desk.source.stat().st_ino
    disk = StepDisk(other_file_system=other_file_system)
    assert desk.move(disk) is Moved.MOVED
    desk.check_settled()
    assert (desk.target.stat().st_ino == inode) is not other_file_system
    order = [step for step in disk.operations if step not in ("open", "read", "write")]
    if other_file_system:
        # The file is forced to the disk, then it turns out that it cannot be renamed; what a crash left is removed.
        expected = ["reserve", "sync", "unlink", "create", "sync", "rename", "sync_folder", "unlink", "sync_folder"]
    else:
        expected = ["reserve", "sync", "rename", "sync_folder", "sync_folder"]
    assert order == expected


def test_a_file_is_moved_between_real_file_systems_with_its_time_and_rights(tmp_path, memory):
    desk = Desk(tmp_path / "inbox", memory / "sent")
    desk.source.chmod(0o640)
    os.utime(desk.source, ns=(1_600_000_000_000_000_000, 1_700_000_000_123_000_000))
    assert desk.move() is Moved.MOVED
    desk.check_settled()
    status = desk.target.stat()
    assert stat.S_IMODE(status.st_mode) == 0o640
    assert status.st_mtime_ns == 1_700_000_000_123_000_000


def test_a_move_that_was_done_is_forced_to_the_disk_once_more(desks):
    desk = desks()
    desk.move()
    disk = StepDisk()
    assert desk.move(disk, again=True) is Moved.MOVED
    assert [step for step in disk.operations if step not in ("open", "read")] == ["reserve", "sync", "sync_folder"]
    desk.check_settled()


@pytest.mark.parametrize("late", [False, True], ids=["not done", "done, answer lost"])
@pytest.mark.parametrize("other_file_system", [False, True], ids=["rename", "copy"])
@pytest.mark.parametrize("number", FAULTS)
def test_a_disk_that_fails_at_any_operation_loses_nothing_and_the_repetition_completes(
    desks, number, other_file_system, late
):
    for operation in itertools.count(1):
        desk = desks()
        disk = StepDisk(operation, number, other_file_system=other_file_system, late=late)
        with suppress(MoveError):
            desk.move(disk)
        desk.check_nothing_lost(BODY, reservations=True)
        if operation > len(disk.operations):
            break
        again = StepDisk(other_file_system=other_file_system)
        assert desk.move(again, again=True) is Moved.MOVED
        desk.check_settled()
    assert operation > (20 if other_file_system else 10)


@pytest.mark.parametrize("other_file_system", [False, True], ids=["rename", "copy"])
def test_a_failed_move_leaves_no_litter_where_the_disk_allows_to_tidy(desks, other_file_system):
    for operation in range(1, 40):
        desk = desks()
        disk = StepDisk(operation, other_file_system=other_file_system)
        try:
            desk.move(disk)
        except MoveError:
            assert desk.hidden() == []
            assert b"" not in desk.visible().values()


class KilledError(BaseException):
    """Stands for the end of the process: nothing is tidied."""


@pytest.mark.parametrize("kind", ["rename", "copy", "changed", "gone"])
def test_a_process_killed_at_any_step_leaves_the_file_and_the_next_one_completes_the_move(desks, kind):
    passed: set[str] = set()
    for death in itertools.count(1):
        desk = desks()
        if kind == "changed":
            desk.source.write_bytes(NEWER)
        elif kind == "gone":
            desk.source.unlink()
        kept = [NEWER] if kind == "changed" else [] if kind == "gone" else [BODY]
        counter = itertools.count(1)

        def kill(point: str, counter=counter, death=death) -> None:
            passed.add(point)
            if next(counter) == death:
                raise KilledError

        disk = StepDisk(other_file_system=kind == "copy")
        try:
            desk.move(disk, fail_point=kill)
        except KilledError:
            desk.check_nothing_lost(*kept, *([BODY] if desk.target.exists() and desk.target.stat().st_size else []),
                                    reservations=True)  # fmt: skip
            desk.move(disk, again=True)
        else:
            break
        assert desk.target.read_bytes() == BODY
        assert desk.hidden() == []
        assert desk.source.exists() == (kind == "changed")
    assert death > 6
    assert passed <= set(MOVE_POINTS)


def test_every_point_of_the_list_is_passed_by_some_move(desks):
    passed: set[str] = set()
    desks().move(fail_point=passed.add)
    desks().move(StepDisk(other_file_system=True), fail_point=passed.add)
    desk = desks()
    desk.move(StepDisk(before=writes_at(desk, "rename")), fail_point=passed.add)
    assert passed == set(MOVE_POINTS)


def writes_at(desk: Desk, step: str, *, folder: bool = True) -> Callable[[str, Any], None]:
    """Somebody writes a newer document into the source right before a step."""
    done: list[str] = []

    def before(name: str, first: Any) -> None:
        if name == step and not done and desk.source.exists() and desk.source.stat().st_size:
            done.append(name)
            desk.source.write_bytes(NEWER)

    return before


def test_a_source_that_changed_since_it_was_read_stays_and_the_target_holds_what_was_read(desks):
    desk = desks()
    desk.source.write_bytes(NEWER)
    assert desk.move() is Moved.CHANGED
    desk.check_nothing_lost(BODY, NEWER)
    assert desk.source.read_bytes() == NEWER
    assert desk.target.read_bytes() == BODY


@pytest.mark.parametrize("step", ["rename", "sync"])
def test_a_source_that_changes_right_before_the_renaming_goes_back(desks, step):
    desk = desks()
    assert desk.move(StepDisk(before=writes_at(desk, step))) is Moved.CHANGED
    assert desk.target.read_bytes() == BODY
    assert desk.source.read_bytes() == NEWER
    assert desk.hidden() == []


def test_what_goes_back_is_never_written_over_a_file_that_took_its_name(desks):
    desk = desks()
    third = b"a third document"

    def before(name: str, first: Any) -> None:
        if name == "rename" and first == desk.source:
            desk.source.write_bytes(NEWER)
        elif name == "open" and first == desk.target and not desk.source.exists():
            desk.source.write_bytes(third)

    assert desk.move(StepDisk(before=before)) is Moved.CHANGED
    assert desk.target.read_bytes() == BODY
    assert desk.source.read_bytes() == third
    assert (desk.inbox / "faktura č. 1 (2).xml").read_bytes() == NEWER


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("step", ["rename", "unlink"])
def test_a_changing_source_on_a_failing_disk_loses_neither_document(desks, step, late):
    for operation in itertools.count(1):
        desk = desks()
        disk = StepDisk(
            operation, other_file_system=step == "unlink", late=late, before=writes_at(desk, step)
        )  # fmt: skip
        try:
            desk.move(disk)
        except MoveError:
            disk.before = None
            try:
                desk.move(disk, again=True)
            except TakenError:
                # The newer document could not be brought back: it lies there, whole, and the other gets a name.
                assert desk.target.read_bytes() == NEWER
                desk.target = desk.sent / free_name(desk.sent, desk.target.name)
                desk.move(disk)
        assert desk.target.read_bytes() == BODY
        # The answer to the reservation of the name in the inbox was lost: the empty file may be anybody's, and stays.
        assert set(desk.visible().values()) <= {BODY, NEWER, b"foreign", *([b""] if late else [])}
        if operation > len(disk.operations):
            break
    assert NEWER in desk.visible().values()


def test_a_copied_source_that_changes_before_it_is_removed_stays(desks):
    desk = desks()
    disk = StepDisk(other_file_system=True)
    disk.before = lambda name, first: (
        desk.source.write_bytes(NEWER) if name == "sync_folder" and desk.source.exists() else None
    )
    assert desk.move(disk) is Moved.CHANGED
    desk.check_nothing_lost(BODY, NEWER)
    assert desk.source.read_bytes() == NEWER


@pytest.mark.parametrize("source", ["absent", "none", "a folder", "a dead link", "its folder is a file"])
def test_a_document_without_a_source_is_written_from_the_journal(desks, source):
    desk = desks()
    desk.source.unlink()
    if source == "a folder":
        desk.source.mkdir()
    elif source == "a dead link":
        desk.source.symlink_to(desk.inbox / "nowhere")
    elif source == "its folder is a file":
        desk.inbox.rmdir()
        desk.inbox.write_text("")
    path = None if source == "none" else desk.source
    assert put_in_place(path, desk.target, DIGEST, lambda: io.BytesIO(BODY)) is Moved.GONE
    assert desk.target.read_bytes() == BODY
    assert put_in_place(path, desk.target, DIGEST, lambda: io.BytesIO(BODY)) is Moved.MOVED


@pytest.mark.parametrize("other_file_system", [False, True])
@pytest.mark.parametrize("step", ["open", "read", "sync", "rename", "sync_folder", "unlink"])
def test_a_source_removed_in_the_middle_is_written_from_the_journal(desks, step, other_file_system):
    desk = desks()
    disk = StepDisk(other_file_system=other_file_system)
    disk.before = lambda name, first: desk.source.unlink(missing_ok=True) if name == step else None
    assert desk.move(disk) in (Moved.MOVED, Moved.GONE)
    desk.check_settled()


def test_a_renaming_that_a_share_repeats_since_its_answer_was_lost_is_done(desks):
    class RepeatingShare(StepDisk):
        def rename(self, start, end):
            super().rename(start, end)
            raise FileNotFoundError(errno.ENOENT, "No such file or directory")

    desk = desks()
    inode = desk.source.stat().st_ino
    assert desk.move(RepeatingShare()) is Moved.MOVED
    assert desk.target.stat().st_ino == inode
    desk.check_settled()


def test_a_link_is_replaced_by_what_it_leads_to(desks):
    desk = desks()
    original = desk.inbox.parent / "original.xml"
    desk.source.rename(original)
    desk.source.symlink_to(original)
    assert desk.move() is Moved.MOVED
    desk.check_settled()
    assert not desk.target.is_symlink()
    assert original.read_bytes() == BODY


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("kind", ["file", "folder", "link", "dead link"])
def test_what_somebody_else_has_put_at_the_target_is_left_as_it_is(desks, kind, again):
    desk = desks()
    if kind == "file":
        desk.target.write_bytes(b"foreign")
    elif kind == "folder":
        desk.target.mkdir()
    else:
        desk.target.symlink_to(desk.foreign if kind == "link" else desk.sent / "nowhere")
    before = desk.target.lstat()
    with pytest.raises(TakenError, match=r"something else has the name faktura č\. 1\.xml"):
        desk.move(again=again)
    assert desk.target.lstat().st_mtime_ns == before.st_mtime_ns
    assert desk.source.read_bytes() == BODY
    assert desk.hidden() == []


def test_an_empty_file_is_our_reservation_only_for_who_began_this_move(desks):
    desk = desks()
    desk.target.touch()
    with pytest.raises(TakenError):
        desk.move()
    assert desk.move(again=True) is Moved.MOVED
    desk.check_settled()


def test_a_file_that_somebody_puts_in_place_of_our_reservation_is_not_written_over(desks):
    desk = desks()
    disk = StepDisk(other_file_system=True)
    disk.before = lambda name, first: desk.target.write_bytes(b"theirs") if name == "create" else None
    with pytest.raises(TakenError):
        desk.move(disk)
    assert desk.target.read_bytes() == b"theirs"
    assert desk.source.read_bytes() == BODY
    assert desk.hidden() == []


def test_a_reservation_that_somebody_removed_is_made_again(desks):
    desk = desks()
    disk = StepDisk(other_file_system=True)
    disk.before = lambda name, first: desk.target.unlink() if name == "create" else None
    assert desk.move(disk) is Moved.MOVED
    assert disk.operations.count("reserve") == 2
    desk.check_settled()


def test_the_same_document_dropped_twice_is_there_once(desks):
    desk = desks()
    desk.target.write_bytes(BODY)
    assert desk.move() is Moved.MOVED
    desk.check_settled()


@pytest.mark.parametrize("how", ["the same path", "another way to the same folder", "capitals"])
def test_a_file_that_is_its_own_target_stays(desks, how):
    desk = desks()
    target = desk.source
    if how == "another way to the same folder":
        (desk.inbox.parent / "linked").symlink_to(desk.inbox)
        target = desk.inbox.parent / "linked" / desk.source.name
    elif how == "capitals":
        target = desk.inbox / "FAKTURA Č. 1.xml"
        os.link(desk.source, target)
    assert put_in_place(desk.source, target, DIGEST, lambda: io.BytesIO(BODY)) is Moved.MOVED
    assert desk.source.read_bytes() == BODY


def test_a_second_hard_link_is_removed_like_any_source(desks):
    desk = desks()
    os.link(desk.source, desk.target)
    assert desk.move() is Moved.MOVED
    desk.check_settled()


@pytest.mark.parametrize("late", [False, True])
def test_an_empty_document_is_moved_too(tmp_path, late):
    digest = hashlib.sha256().hexdigest()
    for operation in itertools.count(1):
        folder = tmp_path / str(operation)
        folder.mkdir()
        source, target = tmp_path / "empty.xml", folder / "empty.xml"
        source.touch()
        disk = StepDisk(operation, late=late)
        with suppress(MoveError):
            put_in_place(source, target, digest, io.BytesIO, disk=disk)
        assert source.exists() or target.exists()
        put_in_place(source, target, digest, io.BytesIO, again=True)
        assert target.exists()
        assert not source.exists()
        if operation > len(disk.operations):
            break
    assert operation > 5


def test_a_damaged_copy_of_the_journal_is_told_and_nothing_appears(desks):
    desk = desks()
    desk.source.write_bytes(NEWER)
    with pytest.raises(MoveError, match=r"stored copy .* is damaged"):
        put_in_place(desk.source, desk.target, DIGEST, lambda: io.BytesIO(BODY[:-1]))
    desk.check_nothing_lost(NEWER)
    assert desk.hidden() == []


def test_a_disk_that_stores_something_else_is_noticed_before_the_source_goes(desks):
    class ForgetfulDisk(StepDisk):
        def write(self, handle, content):
            return super().write(handle, memoryview(b"x" * len(content)))

    desk = desks()
    with pytest.raises(MoveError, match="the disk or the share has a fault"):
        desk.move(ForgetfulDisk(other_file_system=True))
    desk.check_nothing_lost(BODY)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "there is no room left"),
        (errno.EACCES, "efimport has no right to do that"),
        (errno.EROFS, "the disk is read-only"),
        (errno.EIO, "the disk or the share has a fault"),
        (errno.ESTALE, "the share does not answer"),
        (errno.EBUSY, "another program has the file open"),
        (errno.ENAMETOOLONG, "its name is too long there"),
        (errno.ENOTSUP, "The disk fails"),
    ],
)
def test_what_failed_is_told_in_plain_words(desks, number, words):
    with pytest.raises(MoveError, match=words) as told:
        desks().move(StepDisk(1, number))
    assert "faktura č. 1.xml" in told.value.reason
    assert "nothing is lost" in (told.value.remedy or "")


def test_a_read_only_folder_of_documents_keeps_its_document_and_the_target_holds_it_too(desks):
    class ReadOnlyInbox(StepDisk):
        def rename(self, start, end):
            if start.parent.name == "inbox":
                raise PermissionError(errno.EACCES, "Permission denied")
            super().rename(start, end)

        def unlink(self, path):
            if path.parent.name == "inbox":
                raise PermissionError(errno.EACCES, "Permission denied")
            super().unlink(path)

    desk = desks()
    for _ in range(2):
        with pytest.raises(MoveError, match="no right"):
            desk.move(ReadOnlyInbox())
        desk.check_nothing_lost(BODY)
    assert desk.move() is Moved.MOVED
    desk.check_settled()


class PoorDisk(StepDisk):
    """No links: a stick, some shares."""

    def link(self, start, end):
        raise OSError(errno.EPERM, "Operation not permitted")


def test_a_file_system_without_links_rights_and_syncing_will_do(desks, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EINVAL, "Invalid argument")

    def refuse_to_sync_and_rights(monkeypatch):
        monkeypatch.setattr(os, "fsync", refuse)
        monkeypatch.setattr(os, "chown", refuse)
        monkeypatch.setattr(os, "utime", refuse)
        monkeypatch.setattr(Path, "chmod", refuse)

    for other_file_system in (False, True):
        desk = desks()
        with monkeypatch.context() as patch:
            refuse_to_sync_and_rights(patch)
            assert desk.move(FolderDisk() if not other_file_system else StepDisk(other_file_system=True)) is Moved.MOVED
        desk.check_settled()


@pytest.mark.parametrize("round_", range(10))
def test_of_two_movers_with_one_target_one_gets_it_and_the_other_is_told(tmp_path, round_):
    sent = tmp_path / "sent"
    sent.mkdir()
    contents = [BODY + b"1", BODY + b"2"]
    results: list[str] = []
    start = threading.Barrier(2)

    def move(number: int) -> None:
        content = contents[number]
        folder = tmp_path / f"inbox {number}"
        folder.mkdir()
        (folder / "a.xml").write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        disk = StepDisk(other_file_system=round_ % 2 == 1)
        target = sent / free_name(sent, "a.xml")
        start.wait()
        while True:
            try:
                results.append(put_in_place(folder / "a.xml", target, digest, lambda: io.BytesIO(content), disk=disk))
            except TakenError:
                results.append("taken")
                target = sent / free_name(sent, "a.xml")
            else:
                break

    threads = [threading.Thread(target=move, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {path.name for path in sent.iterdir()} == {"a.xml", "a (2).xml"}
    assert sorted(path.read_bytes() for path in sent.iterdir()) == contents
    assert sorted(results) == ["moved", "moved", "taken"]


def test_who_does_not_get_the_target_leaves_alone_what_the_other_is_writing_there(desks):
    desk = desks()
    twin = desk.inbox / "twin.xml"
    twin.write_bytes(BODY)
    told: list[TakenError] = []

    def before(name: str, first: Any) -> None:
        if name == "write" and not told:
            with pytest.raises(TakenError) as error:
                put_in_place(twin, desk.target, DIGEST, lambda: io.BytesIO(BODY))
            told.append(error.value)

    assert desk.move(StepDisk(other_file_system=True, before=before)) is Moved.MOVED
    assert len(told) == 1
    assert twin.read_bytes() == BODY
    twin.unlink()
    desk.check_settled()


@settings(max_examples=60, deadline=None)
@given(
    name=st.text(st.characters(blacklist_characters="/\0", blacklist_categories=("Cs",)), min_size=1, max_size=60),
    other_file_system=st.booleans(),
)
def test_a_file_of_any_name_is_moved(tmp_path_factory, name, other_file_system):
    place = tmp_path_factory.mktemp("names")
    (place / "inbox").mkdir()
    name = free_name(place, f"{name}.xml")
    source, target = place / "inbox" / name, place / name
    source.write_bytes(BODY)
    disk = StepDisk(other_file_system=other_file_system)
    assert put_in_place(source, target, DIGEST, lambda: io.BytesIO(BODY), disk=disk) is Moved.MOVED
    assert target.read_bytes() == BODY
    assert not source.exists()
    assert list((place / "inbox").iterdir()) == []


def test_a_name_of_bytes_that_are_no_text_is_moved_and_told(tmp_path):
    source = tmp_path / os.fsdecode(b"v\xfdpis.gpc")
    source.write_bytes(BODY)
    target = tmp_path / "sent" / source.name
    with pytest.raises(MoveError, match=r"v%FDpis\.gpc cannot be put into .*: it is not there"):
        put_in_place(source, target, DIGEST, lambda: io.BytesIO(BODY))
    target.parent.mkdir()
    assert put_in_place(source, target, DIGEST, lambda: io.BytesIO(BODY)) is Moved.MOVED
    assert target.read_bytes() == BODY


PAGE, NEW_PAGE = PAGE_MARK + b"<p>sent</p>", PAGE_MARK + b"<p>sent, and here is the number</p>"


@pytest.mark.parametrize("disk", [StepDisk, PoorDisk])
def test_a_page_is_written_replaced_and_removed(tmp_path, disk):
    page = tmp_path / "faktura.html"
    for content in (PAGE, NEW_PAGE):
        write_beside(page, content, None, disk=disk())
        assert page.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["faktura.html"]
    assert remove_page(page, disk=disk())
    assert not remove_page(page, disk=disk())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("mode", "expected"), [(0o640, 0o640), (0o775, 0o664), (0o600, 0o600)])
def test_whoever_may_read_the_document_may_read_its_page(tmp_path, mode, expected):
    document, page = tmp_path / "a.xml", tmp_path / "a.html"
    document.touch()
    document.chmod(mode)
    write_beside(page, PAGE, document)
    assert stat.S_IMODE(page.stat().st_mode) == expected
    document.unlink()
    tmp_path.chmod(0o750)
    write_beside(page, PAGE, document)
    assert stat.S_IMODE(page.stat().st_mode) == 0o640


@pytest.mark.parametrize("kind", ["file", "empty", "link", "folder"])
def test_a_page_is_never_written_over_a_file_of_somebody_else(tmp_path, kind):
    page = tmp_path / "a.html"
    own = tmp_path / "own.html"
    own.write_bytes(PAGE)
    if kind == "folder":
        page.mkdir()
    elif kind == "link":
        page.symlink_to(own)
    else:
        page.write_bytes(b"<html>mine</html>" if kind == "file" else b"")
    with pytest.raises(TakenError, match=r"something else has the name a\.html"):
        write_beside(page, NEW_PAGE, None)
    assert not remove_page(page)
    assert page.is_symlink() or page.exists()
    assert own.read_bytes() == PAGE


@pytest.mark.parametrize("disk", [StepDisk, PoorDisk])
def test_a_file_that_somebody_puts_there_at_the_same_moment_is_not_written_over(tmp_path, disk):
    page = tmp_path / "a.html"
    failing = disk()
    failing.before = lambda name, first: page.write_bytes(b"<html>mine</html>") if name == "sync_folder" else None
    theirs = b"<html>mine</html>"

    class Racing(disk):
        def link(self, start, end):
            end.write_bytes(theirs)
            super().link(start, end)

    with pytest.raises(TakenError):
        write_beside(page, PAGE, None, disk=Racing())
    assert page.read_bytes() == theirs
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("poor", [False, True])
@pytest.mark.parametrize("older", [False, True])
def test_a_page_on_a_failing_disk_is_whole_or_the_older_one(tmp_path, older, poor, late):
    page = tmp_path / "a.html"
    for operation in itertools.count(1):
        page.unlink(missing_ok=True)
        if older:
            page.write_bytes(PAGE)
        disk = (PoorDisk if poor else StepDisk)(operation, errno.ENOSPC, late=late)
        with suppress(MoveError):
            write_beside(page, NEW_PAGE, None, disk=disk)
        if page.exists():
            assert page.read_bytes() in ((PAGE, NEW_PAGE) if older else (NEW_PAGE, PAGE_MARK, b"")[: 3 if late else 2])
        else:
            assert not older
        if page.exists() and not page.read_bytes():
            # The answer was lost: the empty file may be anybody's.
            with pytest.raises(TakenError):
                write_beside(page, NEW_PAGE, None)
            page.unlink()
        if operation > len(disk.operations):
            break
        write_beside(page, NEW_PAGE, None, disk=(PoorDisk if poor else StepDisk)())
        assert page.read_bytes() == NEW_PAGE
        assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
    assert operation > 5


def test_a_page_that_cannot_be_written_or_removed_is_told(tmp_path):
    page = tmp_path / "a.html"
    with pytest.raises(MoveError, match=r"page a\.html cannot be written to .*: there is no room left"):
        write_beside(page, PAGE, None, disk=StepDisk(2, errno.ENOSPC))
    write_beside(page, PAGE, None)
    with pytest.raises(MoveError, match=r"page a\.html cannot be removed from .*: the disk is read-only"):
        remove_page(page, disk=StepDisk(1, errno.EROFS))


def test_a_page_without_the_mark_is_no_page():
    with pytest.raises(ValueError, match="mark"):
        write_beside(Path("a.html"), b"<html>", None)
