"""``efimport call``: any method of the service."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from efimport.cli.call_files import save_files, values_of
from efimport.cli.completion import complete_argument, complete_method
from efimport.cli.outputs import print_bytes
from efimport.cli.session import Session
from efimport.errors import CallError, SettingsError, UnknownOutcomeError, UsageError
from efimport.messages import message

if TYPE_CHECKING:
    from efimport.api.answers import Answer
    from efimport.api.call import Call
    from efimport.api.request import Request
    from efimport.settings import Organization

ALL_WELL, REFUSED, NEEDS_A_PERSON = 0, 1, 3


@click.command()
@click.argument("method", required=False, shell_complete=complete_method)
@click.argument("arguments", nargs=-1, metavar="[NAME=VALUE]...", shell_complete=complete_argument)
@click.option("--list", "listing", is_flag=True, help="List the methods; METHOD is a part of their names or purposes.")
@click.option("--describe", is_flag=True, help="Tell what the method does, its parameters, its answer and refusals.")
@click.option("--show", is_flag=True, help="Show the request instead of sending it.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON instead of the XML as it came.")
@click.option("--save-files", type=click.Path(file_okay=False), help="Folder for the files in the answer.")
@click.option("--journal-as", metavar="NAME", help="Enter the call in the journal under NAME, so that it is sent once.")
@click.option("--yes", "-y", is_flag=True, help="Send a call that changes data without asking.")
@click.option("--unchecked", is_flag=True, help="Send a structure although it does not fit the reference.")
@click.pass_obj
def call(options: dict[str, Any], /, method: str | None, arguments: tuple[str, ...], **given: Any) -> None:
    """Call METHOD with parameters, and print the answer.

    NAME=@FILE takes the value from a file: the bytes of a document, or the XML or JSON of a structure. The elements of
    a structure are held against the reference of the service. A call that changes data is not entered in the journal
    unless --journal-as gives it a name there.
    """
    if given["listing"] or method is None:
        from efimport.cli.call_words import print_list

        if not given["listing"]:
            raise UsageError(message("Which method? List them with: efimport call --list"))
        print_list(" ".join(filter(None, (method, *arguments))), as_json=given["as_json"])
        return
    if given["describe"]:
        from efimport.cli.call_words import print_description

        print_description(method, as_json=given["as_json"])
        return
    _call(Session(options), method, arguments, given)


def _call(session: Session, method: str, arguments: tuple[str, ...], given: dict[str, Any]) -> None:
    from efimport.api import catalogue
    from efimport.api.request import prepare
    from efimport.api.values import FileNames, make_call

    organization = session.organization
    site = organization.site if organization else "CZ"
    names = None
    if organization is not None:
        inbox = organization.inbox
        names = FileNames(inbox.list_element, inbox.entry_element, organization.inbox_wrapper)
    rules = catalogue.method(method)
    made = make_call(rules, values_of(rules, arguments), site, names=names, strict=False)
    request = prepare(made, site, organization.wire if organization else "xml")
    fits = _say_problems(session, made, site)
    if given["show"]:
        print_bytes(request.body.rstrip(b"\n") + b"\n")
        return
    if not (fits or given["unchecked"]):
        raise CallError(
            message("The structure does not fit the reference of the service; nothing was sent."),
            message("Mend it, or add --unchecked."),
        )
    if organization is None:
        raise SettingsError(
            message("There are no settings that say where to send."), message("See: efimport config init")
        )
    if request.changes_data and not given["yes"]:
        _ask(session, organization)
    if given["journal_as"] is not None:
        from efimport.cli.call_once import send_once

        sys.exit(send_once(session, organization, made, given["journal_as"]))
    sys.exit(_send(session, organization, made, request, given))


def _say_problems(session: Session, made: Call, site: str) -> bool:
    """Tell what does not fit in the structures of a call; whether the service would take them."""
    from efimport.api.elements import problems_of

    problems = problems_of(made, site)
    for problem in problems:
        place = f"{problem.path}: " if problem.path else ""
        session.say(f"{place}{session.catalogue.text(problem.reason)}", always=True)
    return all(problem.severity != "error" for problem in problems)


def _ask(session: Session, organization: Organization) -> None:
    if organization.is_local:
        return
    if not sys.stdin.isatty():
        raise UsageError(
            message("Nobody can be asked whether to send: standard input is no terminal."),
            message("Look at the request with --show, then add --yes."),
        )
    click.confirm(session.catalogue.text("This call changes data. Send it?"), abort=True, err=True)


def _send(session: Session, organization: Organization, made: Call, request: Request, given: dict[str, Any]) -> int:
    from efimport.api.client import Client

    try:
        with Client(organization, sending=session.settings.sending) as client:
            answer = client.call(made)
    except UnknownOutcomeError as error:
        session.say(error.explain(session.catalogue), always=True)
        if not request.changes_data:
            return REFUSED
        session.say(message("Look in the service whether it arrived before you send it again."), always=True)
        return NEEDS_A_PERSON
    print_bytes(_as_json(answer) if given["as_json"] else answer.raw.rstrip(b"\n") + b"\n")
    if given["save_files"] is not None:
        for path in save_files(answer.files, Path(given["save_files"])):
            session.say(message("Saved: {path}", path=path), always=True)
    return ALL_WELL if answer.ok else REFUSED


def _as_json(answer: Answer) -> bytes:
    import msgspec

    told = {
        "status": answer.status,
        "kind": answer.kind,
        "messages": answer.messages,
        "descriptions": answer.descriptions,
        "elements": answer.elements,
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"
