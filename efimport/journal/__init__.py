"""The journal: what was sent and what came of it, on disk, surviving any crash.

The intent stands on disk before the first byte leaves, what must not happen twice is a unique index, and a state
changes only along the arrows of :mod:`efimport.journal.stages`, each of them one committed row.
"""

from efimport.journal.admission import Admission, Step
from efimport.journal.changes import Result
from efimport.journal.dropped import DroppedFile, FileChange, FileStage, FileStep
from efimport.journal.entries import Attempt, Entry, Record, Transition
from efimport.journal.filing import Files
from efimport.journal.journal import Journal
from efimport.journal.places import Place
from efimport.journal.points import FAIL_POINTS, FailPoint
from efimport.journal.stages import ARROWS, IllegalArrowError, Stage

__all__ = [
    "ARROWS",
    "FAIL_POINTS",
    "Admission",
    "Attempt",
    "DroppedFile",
    "Entry",
    "FailPoint",
    "FileChange",
    "FileStage",
    "FileStep",
    "Files",
    "IllegalArrowError",
    "Journal",
    "Place",
    "Record",
    "Result",
    "Stage",
    "Step",
    "Transition",
]
