"""``efimport watch --status``: how watched folders stand, by what their watcher wrote into them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from efimport.cli.session import Session
from efimport.messages import message
from efimport.watch import status as statuses
from efimport.watch.folders import stored

if TYPE_CHECKING:
    from efimport.watch.keeping import Watched

NOT_WATCHED = 1


def show_status(session: Session, folders: Sequence[Watched], as_json: bool) -> int:
    """Say how each folder stands; returns the worst exit status.

    Raises:
        StatusError: a status file is damaged.
        OSError: it cannot be read.
    """
    worst = 0
    for watched in folders:
        status = statuses.load(watched.root / statuses.STATUS_NAME)
        if status is None:
            text = message("Nobody has watched {folder} yet.", folder=stored(str(watched.root)))
            session.say(text, always=True)
            worst = max(worst, NOT_WATCHED)
            continue
        worst = max(worst, statuses.exit_status(status, session.now))
        if as_json:
            # One object a line; the file itself is laid out for people.
            click.echo(json.dumps(json.loads(statuses.as_json(status, session.catalogue)), ensure_ascii=False))
        else:
            for said in statuses.lines(status, session.catalogue, session.now):
                click.echo(said)
    return worst
