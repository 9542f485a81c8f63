"""Whether a watched folder is there: a share that is away looks like an empty folder, and its files like gone.

A marker file with a random identity lies in the root and in the folders that people drop files into. Where it is
missing, or another one is there, nothing is read, nothing counts as gone and nothing is written: not even the marker,
which would make an empty mount point look like the folder from then on.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from efimport.api.clock import Clock, SystemClock
from efimport.errors import UsageError
from efimport.journal.filing import Files
from efimport.journal.places import Place
from efimport.messages import Message, message
from efimport.watch.faults import what_failed
from efimport.watch.folder_disk import FolderDisk, RightsOf
from efimport.watch.folders import Folders, FoldersError, stored

MARKER = ".efimport-inbox"

WATCHED = (Place.INBOX, Place.APPROVE)
"""The folders that people drop or move files into."""

_MOST_BYTES = 4096
_BEING_MADE_SECONDS, _LOOK_SECONDS = 1.0, 0.05
"""How long a marker may stay empty that another process is making on a file system without hard links."""

_TEXT = """\
efimport
id: {identity}
made: {made}
elsewhere: {elsewhere}

This folder is watched by efimport. By this file efimport knows that the folder is really here and its share is not
away. Leave it where it is.

Tuto složku sleduje efimport. Podle tohoto souboru pozná, že je složka opravdu zde a že není odpojen síťový disk.
Nechte ho na místě.
"""


class _Marker(msgspec.Struct, frozen=True):
    """What a marker says.

    Attributes:
        identity: of the watched folder.
        elsewhere: the places that lie on other devices, which the root's marker lists.
    """

    identity: str
    elsewhere: frozenset[str] = frozenset()


class Presence:
    """Tells a watched folder that is there from one that is away.

    Attributes:
        identity: what the markers hold; None until :meth:`check` has found the folder for the first time. The caller
            keeps it for the next start.

    Args:
        folders: the folders.
        known: the identity that is remembered for this root; None where it was never watched.
        clock: the time.
        disk: the file system.
    """

    def __init__(
        self, folders: Folders, known: str | None, *, clock: Clock | None = None, disk: FolderDisk | None = None
    ) -> None:
        self.identity = known
        self._folders = folders
        self._clock = clock or SystemClock()
        self._disk = disk or FolderDisk()
        self._elsewhere: frozenset[str] = frozenset()

    @property
    def hint(self) -> Message:
        """What a person can do where :meth:`check` takes the folder to be away."""
        return message(
            "Nothing is lost: efimport goes on as soon as the folder is back. If this is really the folder and only "
            "its marker is missing, say so once: efimport watch --adopt {folder}",
            folder=stored(str(self._folders.root)),
        )

    def check(self) -> Message | None:
        """Looks whether the folder is there: three small files are read.

        What is learnt from a scan counts only where this was so before and after it. The first use writes the markers;
        later only one that is missing in a folder on the device of the root, whose own marker is there.

        Returns:
            None for a folder that is there, else why it is taken to be away.
        """
        root = self._folders.root
        try:
            if not root.is_dir():
                return message(
                    "The watched folder {folder} is not there: it was removed or renamed, or its share is away.",
                    folder=stored(str(root)),
                )
            if self.identity is None:
                self.identity = self._begin()
            return self._away(root.stat().st_dev)
        except OSError as error:
            return message(
                "The watched folder {folder} cannot be read: {error}.",
                folder=stored(str(root)),
                error=what_failed(error),
            )

    def found(self, folder: Path) -> str | None:
        """The identity that the marker in a folder holds; None where there is none, or none that can be read."""
        try:
            marker = _read(folder)
        except OSError:
            return None
        return None if marker is None else marker.identity

    def adopt(self, *, anew: bool = False) -> str:
        """Takes the folder that is there for the one that is remembered, because a person says so.

        Args:
            anew: whether it is a folder of its own, a copy of another one, and gets an identity of its own.

        Returns:
            The identity, which the markers hold from now on.

        Raises:
            FoldersError: the folder is not there, or a marker cannot be written.
        """
        root = self._folders.root
        try:
            present = self._present()
            known = None if anew else self.identity or self.found(root)
            self.identity = known or uuid.uuid4().hex
            elsewhere = self._on_other_devices(present)
            for folder in (root, *(folder for _, folder in present)):
                self._replace(folder, self.identity, elsewhere if folder == root else ())
        except OSError as error:
            raise FoldersError(
                message("The watched folder {folder} cannot be marked: {error}.", folder=stored(str(root)),
                        error=what_failed(error)),
                message("Look whether the folder can be opened, and make it writable for efimport."),
            ) from error  # fmt: skip
        self._elsewhere = frozenset(elsewhere)
        return self.identity

    def _begin(self) -> str:
        """First use of a root: its marker is taken, or made; two processes that begin at once agree on one."""
        root = self._folders.root
        marker = self._waited_for(root)
        if marker is not None:
            return marker.identity
        present = self._present()
        # Whoever lost the root's marker and our memory of it still has the same folder.
        left = next((found for _, folder in present if (found := self.found(folder))), None)
        self._make(root, left or uuid.uuid4().hex, self._on_other_devices(present))
        marker = self._waited_for(root)
        if marker is None:
            raise OSError(None, "The marker cannot be read after it was written")
        for _, folder in present:
            self._make(folder, marker.identity)
        return marker.identity

    def _away(self, device: int) -> Message | None:
        root = self._folders.root
        marker = _read(root)
        if marker is None:
            return message(
                "The marker {marker} is missing in the watched folder {folder}: the share seems to be away, and this "
                "an empty place for it.",
                marker=MARKER,
                folder=stored(str(root)),
            )
        if marker.identity != self.identity:
            return _other_folder(root)
        self._elsewhere |= marker.elsewhere
        return next((why for place in WATCHED if (why := self._place_away(place, device)) is not None), None)

    def _place_away(self, place: Place, device: int) -> Message | None:
        """The same for a folder of the root, which may be the place of a share of its own."""
        folder = self._folders.path(place)
        try:
            own_device = folder.stat().st_dev
        except FileNotFoundError:
            # Somebody removed it, and it will be made anew, unless a share belongs there.
            return _nowhere(folder) if folder.is_symlink() or place in self._elsewhere else None
        marker = _read(folder)
        if marker is not None:
            if own_device != device:
                self._elsewhere |= {place.value}
            return None if marker.identity == self.identity else _other_folder(folder)
        if own_device != device or place in self._elsewhere:
            return _nowhere(folder)
        assert self.identity is not None
        self._make(folder, self.identity)
        return None

    def _present(self) -> list[tuple[Place, Path]]:
        return [(place, folder) for place in WATCHED if (folder := self._folders.path(place)).is_dir()]

    def _on_other_devices(self, present: Iterable[tuple[Place, Path]]) -> list[str]:
        device = self._folders.root.stat().st_dev
        return [place.value for place, folder in present if folder.stat().st_dev != device]

    def _waited_for(self, folder: Path) -> _Marker | None:
        """The marker, whole; one that another process is making is waited for."""
        waited = 0.0
        while (marker := _read(folder)) is None and (folder / MARKER).exists() and waited < _BEING_MADE_SECONDS:
            self._clock.sleep(_LOOK_SECONDS)
            waited += _LOOK_SECONDS
        return marker

    def _make(self, folder: Path, identity: str, elsewhere: Iterable[str] = ()) -> None:
        """Writes a marker where there is none; one that is there and whole stays."""
        if (folder / MARKER).exists():
            if _read(folder) is None:
                # What a crash left of one.
                self._replace(folder, identity, elsewhere)
            return
        unfinished = self._aside(folder, identity, elsewhere)
        try:
            self._disk.link(unfinished, folder / MARKER)
        except FileExistsError:
            return
        except OSError:
            # No hard links here: exclusive, and whole a moment later.
            with suppress(FileExistsError):
                self._disk.reserve(folder / MARKER)
                self._disk.rename(unfinished, folder / MARKER)
        finally:
            self._disk.unlink(unfinished)
        self._disk.sync_folder(folder)

    def _replace(self, folder: Path, identity: str, elsewhere: Iterable[str]) -> None:
        unfinished = self._aside(folder, identity, elsewhere)
        try:
            self._disk.rename(unfinished, folder / MARKER)
        finally:
            self._disk.unlink(unfinished)
        self._disk.sync_folder(folder)

    def _aside(self, folder: Path, identity: str, elsewhere: Iterable[str]) -> Path:
        unfinished = folder / f"{MARKER}.{uuid.uuid4().hex[:8]}.part"
        made = datetime.fromtimestamp(self._clock.time(), UTC).isoformat(timespec="seconds")
        content = _TEXT.format(identity=identity, made=made, elsewhere=", ".join(elsewhere))
        handle = self._disk.create(unfinished)
        try:
            self._disk.write_all(handle, content.encode())
            self._disk.sync(handle)
        except OSError:
            with suppress(OSError):
                self._disk.unlink(unfinished)
            raise
        finally:
            os.close(handle)
        RightsOf.beside(folder.stat()).give(unfinished)
        return unfinished


def remember_folder(files: Files, root: Path, identity: str) -> None:
    """Enters into the journal that a folder is the one with this identity.

    Raises:
        UsageError: another folder has it as well: one is a copy of the other, made together with its marker. What the
            journal knows of the files in the one would be applied to those in the other.
    """
    earlier = files.root_of(identity)
    if is_copy(root, identity, earlier):
        raise UsageError(
            message(
                "The folders {folder} and {other} have the same marker: one is a copy of the other.",
                folder=stored(str(root)),
                other=stored(str(earlier)),
            ),
            message(
                "Remove the one that is not needed. To watch both, say once that this one is a folder of its own: "
                "efimport watch --adopt {folder}",
                folder=stored(str(root)),
            ),
        )
    if earlier != root or files.identity(root) != identity:
        files.remember(root, identity)


def is_copy(root: Path, identity: str | None, earlier: Path | None) -> bool:
    """Whether the folder that had an identity earlier is there as well, and is not this one, reached in another way."""
    if identity is None or earlier is None or earlier == root:
        return False
    try:
        other = _read(earlier)
        return other is not None and other.identity == identity and not earlier.samefile(root)
    except OSError:
        return False


def _read(folder: Path) -> _Marker | None:
    """The marker of a folder; None where there is none, or only a part of one.

    Raises:
        OSError: the disk or the share failed.
    """
    try:
        with (folder / MARKER).open("rb") as stream:
            lines = stream.read(_MOST_BYTES).decode(errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    # The last of the fields is there: no crash has cut the identity.
    if not fields.get("id", "").strip() or "elsewhere" not in fields:
        return None
    return _Marker(fields["id"].strip(), frozenset(fields["elsewhere"].replace(",", " ").split()))


def _other_folder(folder: Path) -> Message:
    return message(
        "Another folder is in the place of {folder}: its marker {marker} is of another watched folder.",
        folder=stored(str(folder)),
        marker=MARKER,
    )


def _nowhere(folder: Path) -> Message:
    return message(
        "The folder {folder} lies on a share or disk of its own that seems to be away: there is no marker {marker}.",
        folder=stored(str(folder)),
        marker=MARKER,
    )
