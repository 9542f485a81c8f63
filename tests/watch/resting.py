"""Many files at rest in a watched folder, put there without sending each."""

from __future__ import annotations

import os

from sqlalchemy import insert

from efimport.journal import FileStage, Place
from efimport.journal.tables import files
from tests.watch.desk import Desk

UNFINISHED = b"<a><b>"
"""A file that never settles."""
_STAGES = {Place.REVIEW: FileStage.WAITING, Place.UNKNOWN: FileStage.ASKED}


def lay(desk: Desk, place: Place, count: int) -> None:
    """So many files with their rows, as if they had come there in the usual way; in the inbox, unfinished ones."""
    ground = desk.folder.ground
    folder = desk.path(place)
    if place in (Place.SENT, Place.REJECTED, Place.DUPLICATES):
        folder = desk.folders.month(place, ground.now.date())
    desk.folders.make_folder(folder)
    paths = [folder / f"{number:05d}.xml" for number in range(count)]
    # One file under many names is made sooner, and looks to everybody like many files.
    paths[0].write_bytes(UNFINISHED)
    for path in paths[1:]:
        os.link(paths[0], path)
    if place is Place.INBOX:
        return
    stamp = ground.now.isoformat()
    rows = [
        {
            "organization": desk.organization.name,
            "folder": ground.identity,
            "name": path.name,
            "sha256": f"{number:064x}",
            "size": len(UNFINISHED),
            "stage": _STAGES.get(place, FileStage.SETTLED).value,
            "place": place.value,
            "lies": ground.relative(path),
            "sequence": 1,
            "keys": f'["1|{number}"]',
            "arrived": stamp,
            "changed": stamp,
        }
        for number, path in enumerate(paths)
    ]
    with desk.journal.files._writing() as connection:
        connection.execute(insert(files), rows)
