"""``efimport journal files``: what became of the files that were dropped into watched folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from efimport.cli.session import Session
from efimport.messages import message
from efimport.report.visible import visible

if TYPE_CHECKING:
    from efimport.journal import DroppedFile, FileStep

PLACES = ("inbox", "review", "approve", "sent", "rejected", "duplicates", "unknown")
USUALLY_SHOWN = 100


@click.command("files")
@click.argument("text", required=False)
@click.option("--place", type=click.Choice(PLACES), help="Only those that lie there.")
@click.option("--since", metavar="DAY", default="", help="Only those that changed then or later: 2026-11-21.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=USUALLY_SHOWN, metavar="N", help="Only the N that changed last."
)
@click.option("--steps", is_flag=True, help="Also all that happened to each.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def files(
    options: dict[str, Any], /, text: str | None, *, limit: int, steps: bool, as_json: bool, **given: Any
) -> None:
    """List files of watched folders, the last change at the end; only those with TEXT in their name or path."""
    from efimport.journal import Place

    session = Session(options)
    place = Place(given["place"]) if given["place"] else None
    with session.open_journal() as journal:
        found = journal.files.list(place=place, since=given["since"], text=text, limit=limit)
        if not found:
            session.say(message("The journal {path} has no such file.", path=journal.name))
        for file in reversed(found):
            told = journal.files.steps(file.id) if steps else ()
            if as_json:
                _print_json(file, told)
            else:
                _print(session, file, told)


def _print(session: Session, file: DroppedFile, steps: tuple[FileStep, ...]) -> None:
    because = session.catalogue.text(file.because) if file.because else ""
    cells = (str(file.id), _at(file.changed), file.stage.value, visible(file.lies), visible(because))
    click.echo("  ".join(cell for cell in cells if cell))
    for step in steps:
        click.echo(
            f"    {_at(step.at)}  {step.stage.value}  {visible(step.lies)}  {visible(step.reason or '')}".rstrip()
        )


def _print_json(file: DroppedFile, steps: tuple[FileStep, ...]) -> None:
    import msgspec

    plain = msgspec.to_builtins(file)
    plain.pop("wording")
    click.echo(msgspec.json.encode(plain | ({"steps": msgspec.to_builtins(steps)} if steps else {})).decode())


def _at(moment: str) -> str:
    return moment[:19].replace("T", " ")
