"""``efimport explain``: what a finding means, why it matters, how to mend it."""

from __future__ import annotations

import difflib
import re
from typing import Any

import click

from efimport.cli.session import Session
from efimport.errors import UsageError
from efimport.findings import codes, define
from efimport.messages import message
from efimport.report.words import SEVERITIES

FIELD = re.compile(r"\{\w+\}")


@click.command()
@click.argument("code", required=False)
@click.pass_obj
def explain(options: dict[str, Any], code: str | None) -> None:
    """Explain the finding CODE; without it, list all codes.

    The beginning of a code, as in "statement", lists the codes that begin so.
    """
    session = Session(options)
    known = codes()
    wanted = (code or "").strip().lower()
    if wanted in known:
        _explain(session, wanted)
        return
    listed = [one for one in known if one.split(".")[0] == wanted or not wanted]
    if not listed:
        near = difflib.get_close_matches(wanted[:100], known, n=3)
        raise UsageError(
            message("There is no finding with the code {code}.", code=wanted[:100]),
            message("Did you mean: {names}?", names=", ".join(near))
            if near
            else message("All codes: efimport explain"),
        )
    width = max(len(one) for one in listed)
    for one in listed:
        click.echo(f"{one:{width}}  {session.catalogue.text(define(one).title)}")


def _explain(session: Session, code: str) -> None:
    definition = define(code)
    text = session.catalogue.text
    click.echo(f"{code} ({text(SEVERITIES[definition.severity])}): {text(definition.title)}")
    headings = (
        (message("What it says"), definition.message),
        (message("Why it matters"), definition.why),
        (message("What to do"), definition.hint),
    )
    for heading, part in headings:
        if part:
            # The fields are filled where it occurs; here there is nothing to fill them with.
            words = FIELD.sub("…", text(part))
            click.echo(f"\n{text(heading)}:")
            click.echo(click.wrap_text(words, width=96, initial_indent="  ", subsequent_indent="  "))
