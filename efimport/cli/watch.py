"""``efimport watch``: files dropped into a folder are checked, sent, and put where one sees what became of them."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from efimport.cli.session import Session
from efimport.errors import SettingsError, UsageError
from efimport.messages import message
from efimport.settings import Organization

if TYPE_CHECKING:
    from efimport.watch.keeping import Watched

MODES = ("review", "auto")


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--once", is_flag=True, help="Work on what is there, and end.")
@click.option(
    "--mode",
    type=click.Choice(MODES),
    help="review: everything waits for a person, who moves it to the folder to approve; auto: what has no warning is "
    "sent at once.",
)
@click.option(
    "--poll",
    type=click.FloatRange(min=0.1),
    metavar="SECONDS",
    help="Look so often, without listening to the system. Shares are looked at like that anyway.",
)
@click.option("--status", is_flag=True, help="Say how the folder stands, and whether somebody watches it.")
@click.option(
    "--adopt", is_flag=True, help="The folder that is there is the one that is meant, although its marker is missing."
)
@click.option("--to", "destination", type=click.Choice(["sandbox"]), help="Send to a sandbox started for the run.")
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object a line for each event; with --status one object."
)
@click.pass_obj
def watch(options: dict[str, Any], /, **given: Any) -> None:
    """Watch DIR: whoever drops a file into its inbox sees in the same place what became of it.

    Under DIR there are the folders inbox, review, approve, sent, rejected, duplicates and unknown, with several
    organizations in a folder for each. A file that was dropped goes to one of them, with a page beside it that says
    what was sent or what is wrong. To try a file again, move it back to the inbox.

    Without DIR the folder of the settings is meant (watch.folder). Ctrl-C ends after the request in flight.
    """
    session = Session(options)
    if given["status"]:
        from efimport.cli.watch_status import show_status, watched_under

        base = given["folder"] or session.settings.watch.folder
        named = watched_under(base) if base is not None else []
        known = [] if named else [one.root for one in _roots(session, given["folder"], _organizations(session))]
        sys.exit(show_status(session, named or known, as_json=given["as_json"]))
    sys.exit(_run(session, given))


def _run(session: Session, given: dict[str, Any]) -> int:
    import msgspec

    from efimport.api.clock import SystemClock
    from efimport.cli.progress import note_the_wish_to_stop, said_waiting
    from efimport.cli.trial import QUIET_TIME
    from efimport.cli.watch_events import Teller
    from efimport.delivery import stop_on_signals
    from efimport.settings import Sending
    from efimport.watch.ground import Means
    from efimport.watch.loop import Watch

    settings = session.settings
    to_sandbox = given["destination"] == "sandbox"
    watching = settings.watch
    if given["mode"]:
        watching = msgspec.structs.replace(watching, mode=given["mode"])
    with ExitStack() as stack:
        organizations = _organizations(session)
        if to_sandbox:
            organizations = [_in_a_sandbox(session, organizations, stack)]
        folders = _roots(session, given["folder"], organizations)
        _check_can_send(organizations)
        if given["adopt"] and len(folders) > 1:
            raise UsageError(
                message("--adopt is said of one folder: the share of another one may be away."),
                message("Name the organization: efimport watch --organization NAME --adopt."),
            )
        journal = stack.enter_context(session.open_journal())
        teller = stack.enter_context(Teller(session, folders, as_json=given["as_json"], on_failure=watching.on_failure))
        stop = stack.enter_context(stop_on_signals(note_the_wish_to_stop(session)))
        means = Means(
            journal=journal,
            watching=watching,
            sending=Sending(quiet_time=QUIET_TIME) if to_sandbox else settings.sending,
            catalogue=session.catalogue,
            clock=SystemClock(),
            tell=teller,
            stop=stop,
            on_waiting=said_waiting(session),
        )
        Watch(folders, means, poll=given["poll"], adopt=given["adopt"]).run(once=given["once"])
        return teller.exit_status if given["once"] else 0


def _organizations(session: Session) -> list[Organization]:
    """The organizations whose folders are watched: the one that is named, else all."""
    if session.wanted_organization is not None:
        organization = session.organization
        return [organization] if organization is not None else []
    return list(session.settings.organizations.values())


def _in_a_sandbox(session: Session, organizations: list[Organization], stack: ExitStack) -> Organization:
    from efimport.cli.trial import sandbox_organization
    from efimport.sandbox.server import start

    if len(organizations) > 1:
        raise UsageError(message("--to sandbox plays one organization."), message("Name one: --organization NAME."))
    played = organizations[0] if organizations else None
    running = stack.enter_context(start(played.site if played else "CZ", accept_any_account=True))
    session.say(message("The sandbox is at {endpoint}; it ends with this program.", endpoint=running.endpoint))
    return sandbox_organization(played, running)


def _roots(session: Session, folder: Path | None, organizations: list[Organization]) -> list[Watched]:
    """The folder of each organization: its own, or the one that is named, or one of its name in that.

    Raises:
        UsageError: no folder is named, or one of another organization.
        SettingsError: there is no organization.
    """
    from efimport.watch.keeping import Watched

    if not organizations:
        raise SettingsError(
            message("There are no settings that say where to send."),
            message("Write them with: efimport config init - or try: efimport watch DIR --to sandbox."),
        )
    base = folder or session.settings.watch.folder
    alone = len(session.settings.organizations) <= 1
    watched = []
    for organization in organizations:
        own = None if folder is not None and alone else organization.watched_folder
        if own is None and base is None:
            raise UsageError(
                message("Which folder is to be watched?"),
                message("Name it: efimport watch DIR - or set watch.folder in efimport.toml."),
            )
        if own is not None:
            watched.append(Watched(organization, own.absolute()))
        elif base is not None:
            root = base.absolute()
            if not alone:
                _check_holds_several(root)
            watched.append(
                Watched(organization, root) if alone else Watched(organization, root / organization.name, root)
            )
    return watched


def _check_holds_several(base: Path) -> None:
    """A folder that is that of one organization is not filled with further ones, inside of it.

    Raises:
        UsageError: it is.
    """
    from efimport.watch.folders import stored
    from efimport.watch.presence import MARKER

    if (base / MARKER).is_file():
        raise UsageError(
            message(
                "The folder {folder} is that of one organization, and the settings hold several.",
                folder=stored(str(base)),
            ),
            message(
                "Name the folder in which each has one of its name: efimport watch {above}. Where it was that of the "
                "only organization so far, move all that is in it, hidden files too, into a folder of that name in it.",
                above=stored(str(base.parent)),
            ),
        )


def _check_can_send(organizations: list[Organization]) -> None:
    """An incomplete login is told before anything is watched.

    Raises:
        SettingsError: a token, a user or a password is missing.
    """
    from efimport.api.login import Login

    for organization in organizations:
        if not organization.users:
            raise SettingsError(message("The organization {name} has no users to send as.", name=organization.name))
        for user in organization.users:
            Login(organization, user).secrets()
