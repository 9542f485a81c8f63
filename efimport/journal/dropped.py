"""A dropped file as the journal knows it, and the stages that it passes.

::

    taken ──> approved ──> moving ──> settled            (sent, rejected, duplicates)
      │  ^        │         ^  │ └──> waiting            (review)
      │  │        v         │  └────> asked              (unknown)
      │  └── waiting, settled, withdrawn                 (a person moved it back)
      └─────────────────────┘
    taken, approved, waiting, asked ──> withdrawn        (a person took it away)

``moving`` says where to: a move that a crash interrupted is finished by the next start. As long as a file is not
settled its bytes are in the spool, so that nothing that happens to the file itself loses it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from efimport.journal.entries import told
from efimport.journal.places import Place
from efimport.journal.words import Wording


class FileStage(StrEnum):
    """Where a dropped file stands."""

    TAKEN = "taken"
    """Its bytes are safe; it is to be read."""
    APPROVED = "approved"
    """It is to be sent."""
    MOVING = "moving"
    """It is on its way to another folder."""
    WAITING = "waiting"
    """It lies in the review folder."""
    ASKED = "asked"
    """It lies in the folder for what may have arrived."""
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    """A person took it away before anything of it was sent."""


FINAL = (FileStage.SETTLED, FileStage.WITHDRAWN)
NOT_FINAL = tuple(stage for stage in FileStage if stage not in FINAL)

_T, _A, _M, _W, _Q = FileStage.TAKEN, FileStage.APPROVED, FileStage.MOVING, FileStage.WAITING, FileStage.ASKED
FILE_ARROWS: frozenset[tuple[FileStage, FileStage]] = frozenset(
    {
        *((_T, end) for end in (_T, _A, _M, FileStage.WITHDRAWN)),
        *((_A, end) for end in (_T, _A, _M, FileStage.WITHDRAWN)),
        *((_M, end) for end in (_M, _W, _Q, FileStage.SETTLED)),
        # What lies there may get another name.
        *((_W, end) for end in (_W, _T, _A, _M, FileStage.WITHDRAWN)),
        *((_Q, end) for end in (_Q, _T, _A, _M, FileStage.WITHDRAWN)),
        *((end, _T) for end in FINAL),
    }
)


class DroppedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A dropped file, as the journal knows it.

    Attributes:
        id: number of the row.
        organization: name of the organization.
        folder: identity of the watched folder.
        name: name under which it was dropped, relative to the inbox, ``/`` between folders.
        sha256: of its bytes, in hexadecimal.
        size: in bytes.
        stage: where it stands.
        place: the folder that it lies in, or is moved to.
        lies: where it lies, relative to the watched folder.
        target: where it is moved to, relative to the watched folder; None where it is not on its way.
        page: the page beside it, relative to the watched folder; None for none.
        plan: digest of the requests that a person was shown, or that are to be sent.
        lead: number of the row of the file that it goes along with (a PDF with its statement); None for itself.
        keys: keys of the journal's entries that its documents have.
        reason: why it is where it is.
        wording: the same for any language.
        arrived: when its bytes were safe, wall time in UTC.
        changed: when it last changed, wall time in UTC.
    """

    id: int
    organization: str | None
    folder: str
    name: str
    sha256: str
    size: int
    stage: FileStage
    place: Place
    lies: str
    target: str | None
    page: str | None
    plan: str | None
    lead: int | None
    keys: tuple[str, ...]
    reason: str | None
    wording: Wording | None
    arrived: str
    changed: str

    @property
    def because(self) -> str | None:
        """The reason, as a message where it can be told in the reader's language."""
        return told(self.reason, self.wording)


class FileStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a dropped file: its stage, folder and path after it, why, and when (wall time in UTC)."""

    sequence: int
    stage: FileStage
    place: Place
    lies: str
    reason: str | None
    at: str


class FileChange(msgspec.Struct, frozen=True):
    """A step that a file shall take.

    Attributes:
        file: as it was read.
        stage: the next stage.
        reason: why, for people.
        values: other attributes that change.
    """

    file: DroppedFile
    stage: FileStage
    reason: str | None = None
    values: dict[str, Any] = {}
