"""The folders of a watched folder on the disk: their names, their rights, and the names of files in them."""

from __future__ import annotations

import os
import re
import stat
import tomllib
import unicodedata
from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path

from efimport.errors import EfimportError
from efimport.journal.places import Place
from efimport.messages import DEFAULT_LANGUAGE, Message, message
from efimport.sources.folders import is_left_out, is_own_page
from efimport.watch.faults import what_failed

NAME_BYTES = 255
"""What a name may take on the usual file systems, in bytes of UTF-8 (ext4, XFS, APFS; NTFS counts letters: 255)."""

PAGE_ENDING = ".html"

_ENDING = re.compile(r"(?<=.)\.[A-Za-z0-9_~-]{1,12}$", re.DOTALL)
"""A blank or a long word after a dot is a part of the name: ``Smlouva č. 12``."""
_PAGE_ENDINGS = (".html", ".htm")
_NOT_STORABLE = re.compile("[%\ud800-\udfff]")
_STORED_BYTE = re.compile(r"%(?:u([0-9A-F]{4})|([0-9A-F]{2}))")
_ESCAPED_BYTES = range(0xDC80, 0xDD00)


class FoldersError(EfimportError):
    """A folder of a watched folder cannot be made or listed."""


class Folders:
    """The folders of one organization.

    A place is found under its name in any language, so that a change of the setting moves nothing; one that is not
    there gets its name in ``language``. Names are compared without capitals and whatever way a share writes
    letters with marks (Unicode Standard Annex 15, normalization form C).

    Attributes:
        root: the folder that holds the places.
        remarks: what a person should know about them: two folders for one place, files beside them.

    Args:
        root: the folder that holds the places; it need not be there yet.
        language: a language of ``folder_names.toml``; English for any other.
    """

    def __init__(self, root: Path, language: str) -> None:
        self.root = root
        self.remarks: list[Message] = []
        self._others: frozenset[str] = frozenset()
        names = folder_names()
        self._wanted = names.get(language, names[DEFAULT_LANGUAGE])
        self._chosen: dict[Place, str] = dict(self._wanted)
        self.look()

    def look(self) -> None:
        """Looks again which folders are there; a root that cannot be listed changes nothing."""
        try:
            with os.scandir(self.root) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
                present = [entry.name for entry in found if entry.is_dir()]
        except OSError:
            return
        self.remarks = []
        self._chosen = {place: self._choose(place, present) for place in Place}
        self._notice_others([entry.name for entry in found if entry.name not in present])

    def _notice_others(self, names: Iterable[str]) -> None:
        """What somebody has dropped beside the folders, and not moved on until the next look."""
        # One that has the name of a folder is a fault of its own.
        ours = {folded(name) for name in self._chosen.values()}
        others = [
            name
            for name in names
            if not is_left_out(name) and not is_own_page(self.root / name) and folded(name) not in ours
        ]
        lying = [name for name in others if name in self._others]
        self._others = frozenset(others)
        if lying:
            self.remarks.append(
                message(
                    "What lies beside the folders is not looked at ({count}): {name}. Move it to {folder}.",
                    count=len(lying),
                    name=stored(lying[0]),
                    folder=stored(self._chosen[Place.INBOX]),
                )
            )

    def path(self, place: Place) -> Path:
        """The folder of a place."""
        return self.root / self._chosen[place]

    def month(self, place: Place, day: date) -> Path:
        """The folder of a place for files that are settled on that day: ``sent/2026-11``."""
        return self.path(place) / f"{day:%Y-%m}"

    def make(self) -> None:
        """Makes the places that are missing, with the rights of the root; the root must be there.

        Raises:
            FoldersError: the root is not there, or a place cannot be made.
        """
        self.look()
        for place in Place:
            self.make_folder(self.path(place))

    def make_folder(self, folder: Path) -> None:
        """Makes a folder below the root and those above it, each with the rights of the one that it is made in.

        The folder of a place is made by :meth:`make` alone, which follows a look at the marker: where it is missing in
        between, the share has gone away, and what is put into its empty place would be hidden when it returns.

        Raises:
            FoldersError: it cannot be made, or something else has its name.
        """
        try:
            found = self.place_of(folder)
            if found is not None:
                self.path(found[0]).stat()
            _make_like_its_parent(folder, self.root)
        except OSError as error:
            raise FoldersError(
                message("The folder {folder} cannot be made: {error}.", folder=stored(str(folder)),
                        error=what_failed(error)),
                message("Make the watched folder {root} writable for efimport.", root=stored(str(self.root))),
            ) from error  # fmt: skip

    def place_of(self, path: Path) -> tuple[Place, str] | None:
        """Where a file lies: its place and its name in the place's folder, ``/`` between the parts.

        None for what lies in no place, and for the folder of a place itself. The folder of a month is a part of the
        name.
        """
        try:
            first, *rest = path.relative_to(self.root).parts
        except ValueError:
            return None
        if not rest:
            return None
        return next(((place, "/".join(rest)) for place, name in self._chosen.items() if name == first), None)

    def _choose(self, place: Place, present: list[str]) -> str:
        known = {folded(names[place]) for names in folder_names().values()}
        wanted = self._wanted[place]
        found = [name for name in present if folded(name) in known]
        if not found:
            return wanted
        # The name in the language first, of several ways to write it the very one.
        found.sort(key=lambda name: (folded(name) != folded(wanted), name != wanted))
        if len(found) > 1:
            self.remarks.append(
                message(
                    "There are several folders for the same files: {used} is used, {others} is not looked at.",
                    used=stored(found[0]),
                    others=", ".join(stored(name) for name in found[1:]),
                )
            )
        return found[0]


@lru_cache(maxsize=1)
def folder_names() -> Mapping[str, Mapping[Place, str]]:
    """The names of the places by language."""
    text = resources.files("efimport.watch").joinpath("folder_names.toml").read_text(encoding="utf-8")
    return {
        language: {Place(place): name for place, name in names.items()}
        for language, names in tomllib.loads(text).items()
    }


def folded(name: str) -> str:
    """A name in the form in which two names are compared: one in capitals or with decomposed letters is the same."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def stored(name: str) -> str:
    """A name as text that a database or a page can hold: ``%E1`` for a byte that is no UTF-8, ``%25`` for ``%``.

    :func:`named` gives it back. A lone surrogate that stands for no byte, which Windows allows in a name, becomes
    ``%uD800``.
    """
    return _NOT_STORABLE.sub(_escape, name)


def named(text: str) -> str:
    """The name that :func:`stored` was given."""
    return _STORED_BYTE.sub(lambda match: chr(int(match[1], 16)) if match[1] else _unescape(int(match[2], 16)), text)


def plan_name(name: str) -> str:
    """What a plan calls a file by its stored name: an exclamation mark would read as the way into an archive."""
    return name.replace("!", "%21")


def free_name(folder: Path, name: str, *, taken: Container[str] = (), with_page: bool = False) -> str:
    """A name that nothing in the folder has: ``faktura.xml``, else ``faktura (2).xml`` and so on.

    The name stays exactly as the person gave it, unless it and its page, or the counter, take more than 255 bytes:
    the stem is shortened then.

    Args:
        folder: where the file is going to lie; one that is not there is empty.
        name: the name of the file, without folders.
        taken: further names that the file must not have, as they are or as :func:`folded` gives them.
        with_page: whether the name of the page beside it (:func:`page_name`) must be free, too.

    Raises:
        FoldersError: the folder cannot be listed.
    """
    present = _names_in(folder)

    def is_free(candidate: str) -> bool:
        key = folded(candidate)
        return key not in present and key not in taken and candidate not in taken

    stem, ending = _parts(name)
    counter, candidate = 1, _fitting(stem, ending)
    while not is_free(candidate) or (with_page and not is_free(page_name(candidate))):
        counter += 1
        candidate = _fitting(stem, f" ({counter}){ending}")
    return candidate


def page_name(name: str) -> str:
    """The name of the page beside a file: ``faktura.html`` for ``faktura.xml``, ``page.html.html`` for a page."""
    stem, ending = _parts(name)
    if ending.lower() in _PAGE_ENDINGS:
        stem = name
    return _shortened(stem, len(PAGE_ENDING)) + PAGE_ENDING


def _fitting(stem: str, ending: str) -> str:
    """The stem shortened until the file and its page have names that a file system takes."""
    page = len(page_name(f"x{ending}")) - 1
    return _shortened(stem, max(len(ending), page)) + ending


def _shortened(stem: str, bytes_after: int) -> str:
    room, end, used = NAME_BYTES - bytes_after, 0, 0
    for letter in stem:
        used += _bytes_of(letter)
        if used > room:
            break
        end += 1
    # A letter does not lose its mark.
    while 0 < end < len(stem) and unicodedata.combining(stem[end]):
        end -= 1
    return stem if end == len(stem) else stem[:end].rstrip(" .")


def _bytes_of(letter: str) -> int:
    return 1 if ord(letter) in _ESCAPED_BYTES else len(letter.encode("utf-8", "surrogatepass"))


def _parts(name: str) -> tuple[str, str]:
    match = _ENDING.search(name)
    return (name[: match.start()], match[0]) if match else (name, "")


def _names_in(folder: Path) -> frozenset[str]:
    try:
        return frozenset(folded(name) for name in os.listdir(folder))  # noqa: PTH208 - names are all that is needed
    except FileNotFoundError:
        return frozenset()
    except OSError as error:
        raise FoldersError(
            message("The folder {folder} cannot be read: {error}.", folder=stored(str(folder)),
                    error=what_failed(error)),
            message("Make it readable for efimport."),
        ) from error  # fmt: skip


def _make_like_its_parent(folder: Path, root: Path) -> None:
    if folder.is_dir():
        return
    if folder == root or folder.parent == folder:
        raise FileNotFoundError(2, "No such file or directory", str(folder))
    _make_like_its_parent(folder.parent, root)
    with suppress(FileExistsError):
        folder.mkdir()
        _take_rights(folder, folder.parent.stat())
    if not folder.is_dir():
        raise NotADirectoryError(20, "Not a directory", str(folder))


def _take_rights(folder: Path, parent: os.stat_result) -> None:
    """Owner, group and rights of the folder above it, as far as the system allows; a share stays one of its group."""
    own = folder.stat()
    if (own.st_uid, own.st_gid) != (parent.st_uid, parent.st_gid) and hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(folder, -1, parent.st_gid)
        with suppress(OSError):
            os.chown(folder, parent.st_uid, -1)
    with suppress(OSError):
        folder.chmod(stat.S_IMODE(parent.st_mode))


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if match[0] == "%":
        return "%25"
    return f"%{code & 0xFF:02X}" if code in _ESCAPED_BYTES else f"%u{code:04X}"


def _unescape(byte: int) -> str:
    return chr(byte) if byte < 0x80 else chr(0xDC00 + byte)
