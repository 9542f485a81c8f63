"""``--save-requests``: the request bodies as files, for people who want to see what leaves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from efimport.cli.failure import of_the_system
from efimport.errors import UsageError
from efimport.planning.model import Plan
from efimport.private_files import FOLDER_OF_OWNER, whole_file

if TYPE_CHECKING:
    from efimport.api.request import Wire

NAME = re.compile(r"\d{4,}-[A-Za-z]+\.(xml|json)")


def prepare_folder(folder: Path) -> None:
    """Make the folder before the work.

    Raises:
        UsageError: it cannot be made.
    """
    try:
        folder.mkdir(mode=FOLDER_OF_OWNER, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(of_the_system(error)) from error


def save_request_bodies(plan: Plan, folder: Path, wire: Wire = "xml") -> None:
    """Each request body exactly as it is sent, with the login replaced; numbered in the order of sending.

    Files of such names from an earlier run go, so that the folder shows this run and nothing else.

    Raises:
        OSError: a file cannot be written.
    """
    from efimport.api.request import prepare

    written = set()
    for number, call in enumerate(plan.calls, start=1):
        path = folder / f"{number:04d}-{call.call.method}.{wire}"
        with whole_file(path) as stream:
            stream.write(prepare(call.call, plan.site, wire).body)
        written.add(path.name)
    for path in folder.iterdir():
        if NAME.fullmatch(path.name) and path.name not in written:
            path.unlink()
