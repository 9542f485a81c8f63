"""``efimport formats``: what is read, and where each reader comes from."""

from __future__ import annotations

import click

from efimport import __version__
from efimport.formats.registry import formats as known_formats
from efimport.report.visible import visible


@click.command()
def formats() -> None:
    """List the formats that are read, with the package that reads them.

    Which format a file is in is told from its content, never from its name.
    """
    rows = [(entry.name, entry.title, f"{entry.origin} {entry.version or __version__}") for entry in known_formats()]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for name, title, origin in rows:
        click.echo(visible(f"{name:{widths[0]}}  {title:{widths[1]}}  {origin}"))
