"""``efimport watch --status``: how watched folders stand, by what their watcher wrote into them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from efimport.cli.session import Session
from efimport.messages import message
from efimport.watch import status as statuses
from efimport.watch.folders import stored

NOT_WATCHED = 1


def watched_under(folder: Path) -> list[Path]:
    """The watched folder that a folder is, or those of several organizations in it; empty where there is none."""
    if (folder / statuses.STATUS_NAME).is_file():
        return [folder]
    return sorted(status.parent for status in folder.glob(f"*/{statuses.STATUS_NAME}"))


def show_status(session: Session, folders: Sequence[Path], *, as_json: bool) -> int:
    """Say how each folder stands; returns the worst exit status.

    Raises:
        StatusError: a status file is damaged.
        OSError: it cannot be read.
    """
    worst = 0
    for folder in folders:
        status = statuses.load(folder / statuses.STATUS_NAME)
        if status is None:
            session.say(message("Nobody has watched {folder} yet.", folder=stored(str(folder))), always=True)
            worst = max(worst, NOT_WATCHED)
            continue
        worst = max(worst, statuses.exit_status(status, session.now))
        if as_json:
            # One object a line; the file itself is laid out for people.
            click.echo(json.dumps(json.loads(statuses.as_json(status, session.catalogue)), ensure_ascii=False))
            continue
        for said in statuses.lines(status, session.catalogue, session.now):
            click.echo(said)
    return worst
