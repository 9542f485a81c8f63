"""``efimport explain``: what a finding means, why it matters, how to mend it."""

from __future__ import annotations

import difflib
from typing import Any

import click

from efimport.cli.session import Session
from efimport.errors import UsageError
from efimport.findings import codes, define
from efimport.messages import message


@click.command()
@click.argument("code", required=False)
@click.pass_obj
def explain(options: dict[str, Any], code: str | None) -> None:
    """Explain the finding CODE; without it, list all codes."""
    session = Session(options)
    if code is None:
        for one in codes():
            click.echo(f"{one:40} {session.catalogue.text(define(one).title)}")
        return
    try:
        definition = define(code)
    except KeyError:
        near = difflib.get_close_matches(code, codes(), n=3)
        remedy = message("Did you mean: {names}?", names=", ".join(near)) if near else None
        raise UsageError(message("There is no finding with the code {code}.", code=code), remedy) from None
    text = session.catalogue.text
    click.echo(f"{code} ({text(definition.severity.value)})\n{text(definition.title)}\n")
    for part in (definition.message, definition.why, definition.hint):
        click.echo(click.wrap_text(text(part), width=100) + "\n")
