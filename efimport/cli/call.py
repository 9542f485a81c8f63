"""``efimport call``: any method of the service."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from efimport.cli.failure import of_the_system
from efimport.cli.outputs import print_bytes
from efimport.cli.session import Session
from efimport.errors import CallError, SettingsError, UnknownOutcomeError, UsageError
from efimport.messages import message

if TYPE_CHECKING:
    from efimport.api.answers import Answer
    from efimport.api.call import Call, Element, Parameter
    from efimport.api.catalogue import Method
    from efimport.api.request import Request
    from efimport.settings import Organization

ALL_WELL, REFUSED, NEEDS_A_PERSON = 0, 1, 3


@click.command()
@click.argument("method")
@click.argument("arguments", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--show", is_flag=True, help="Show the request instead of sending it.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON instead of the XML as it came.")
@click.option("--yes", "-y", is_flag=True, help="Send a call that changes data without asking.")
@click.option("--unchecked", is_flag=True, help="Send a structure although it does not fit the reference.")
@click.pass_obj
def call(
    options: dict[str, Any],
    method: str,
    arguments: tuple[str, ...],
    show: bool,
    as_json: bool,
    yes: bool,
    unchecked: bool,
) -> None:
    """Call METHOD with parameters, and print the answer.

    NAME=@FILE takes the value from a file: the bytes of a document, or the XML of a structure. The elements of a
    structure are held against the reference of the service. A call that changes data is sent once and not entered in
    the journal.
    """
    from efimport.api import catalogue
    from efimport.api.call import Call
    from efimport.api.request import prepare

    session = Session(options)
    organization = session.organization
    rules = catalogue.method(method)
    made = Call(method, tuple(_parameter(rules, argument) for argument in arguments))
    site = organization.site if organization else "CZ"
    request = prepare(made, site)
    fits = _say_problems(session, made, site)
    if show:
        print_bytes(request.body.rstrip(b"\n") + b"\n")
        return
    if not (fits or unchecked):
        raise CallError(
            message("The structure does not fit the reference of the service; nothing was sent."),
            message("Mend it, or add --unchecked."),
        )
    if organization is None:
        raise SettingsError(
            message("There are no settings that say where to send."), message("See: efimport config init")
        )
    if request.changes_data and not yes:
        _ask(session, organization)
    sys.exit(_send(session, organization, made, request, as_json=as_json))


def _say_problems(session: Session, made: Call, site: str) -> bool:
    """Tell what does not fit in the structures of a call; whether the service would take them."""
    from efimport.api.elements import problems_of

    problems = problems_of(made, site)
    for problem in problems:
        place = f"{problem.path}: " if problem.path else ""
        session.say(f"{place}{session.catalogue.text(problem.reason)}", always=True)
    return all(problem.severity != "error" for problem in problems)


def _parameter(rules: Method, argument: str) -> Parameter:
    name, sign, value = argument.partition("=")
    if not sign:
        raise UsageError(message("{argument} is not of the form NAME=VALUE.", argument=argument))
    if not value.startswith("@"):
        return rules.argument(name, value)
    path = Path(value[1:])
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(of_the_system(error)) from error
    style = rules.parameter(name).style
    if style == "nested":
        return rules.argument(name, _structure(content, path))
    if style in ("file", "files"):
        from efimport.api.call import File

        return rules.argument(name, File(content, path.name))
    if style in ("base64-text", "base64-attribute"):
        return rules.argument(name, content)
    try:
        return rules.argument(name, content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError(message("{path} is not a text in UTF-8.", path=path)) from error


def _structure(content: bytes, path: Path) -> tuple[Element, ...]:
    """The elements inside the root of an XML file."""
    from lxml import etree

    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))
    except etree.XMLSyntaxError as error:
        raise UsageError(message("{path} is not well-formed XML: {error}", path=path, error=error)) from error
    return tuple(_element(child) for child in root)


def _element(node: Any) -> Element:
    from efimport.api.call import Element

    children = tuple(_element(child) for child in node)
    attributes = tuple((str(name), str(value)) for name, value in node.attrib.items())
    return Element(node.tag, None if children else node.text, children, attributes)


def _ask(session: Session, organization: Organization) -> None:
    if organization.is_local:
        return
    if not sys.stdin.isatty():
        raise UsageError(
            message("Nobody can be asked whether to send: standard input is no terminal."),
            message("Look at the request with --show, then add --yes."),
        )
    click.confirm(session.catalogue.text("This call changes data. Send it?"), abort=True, err=True)


def _send(session: Session, organization: Organization, made: Call, request: Request, *, as_json: bool) -> int:
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
    print_bytes(_as_json(answer) if as_json else answer.raw.rstrip(b"\n") + b"\n")
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
