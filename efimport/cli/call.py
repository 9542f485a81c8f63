"""``efimport call``: any method of the service."""

from __future__ import annotations

import sys
from typing import Any

import click

from efimport.cli.session import Session
from efimport.errors import SettingsError, UsageError
from efimport.messages import message


@click.command()
@click.argument("method")
@click.argument("arguments", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--show", is_flag=True, help="Show the request instead of sending it.")
@click.option("--yes", "-y", is_flag=True, help="Send a call that changes data without asking.")
@click.pass_obj
def call(options: dict[str, Any], method: str, arguments: tuple[str, ...], show: bool, yes: bool) -> None:
    """Call METHOD with parameters, and print the answer.

    A call that changes data is sent once and not entered in the journal.
    """
    from efimport.api import catalogue
    from efimport.api.call import Call
    from efimport.api.request import prepare

    session = Session(options)
    organization = session.organization
    rules = catalogue.method(method)
    parameters = []
    for argument in arguments:
        name, sign, value = argument.partition("=")
        if not sign:
            raise UsageError(message("{argument} is not of the form NAME=VALUE.", argument=argument))
        parameters.append(rules.argument(name, value))
    made = Call(method, tuple(parameters))
    request = prepare(made, organization.site if organization else "CZ")
    if show:
        click.echo(request.body.decode("utf-8"))
        return
    if organization is None:
        raise SettingsError(
            message("There are no settings that say where to send."), message("See: efimport config init")
        )
    if request.changes_data and not yes:
        click.confirm(session.catalogue.text("This call changes data. Send it?"), abort=True, err=True)
    from efimport.api.client import Client

    with Client(organization, sending=session.settings.sending) as client:
        answer = client.call(made)
    sys.stdout.buffer.write(answer.raw + b"\n")
    sys.exit(0 if answer.status == "ok" else 1)
