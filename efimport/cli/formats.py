"""``efimport formats``: what is read, and where each reader comes from."""

from __future__ import annotations

import click

from efimport import __version__
from efimport.formats.registry import formats as known_formats


@click.command()
def formats() -> None:
    """List the formats that are read, with the package that reads them."""
    for entry in known_formats():
        click.echo(f"{entry.name:12} {entry.title:40} {entry.origin} {entry.version or __version__}")
