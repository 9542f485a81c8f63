"""What the program says when it cannot go on."""

from __future__ import annotations

import click

from efimport.errors import EfimportError
from efimport.messages import Catalogue, choose_language


def exit_status(error: Exception, language: str | None) -> int:
    """Say what happened and give the exit status; an error that is not ours is raised again.

    Raises:
        Exception: the error itself, where it is a fault of the program.
    """
    if isinstance(error, EfimportError):
        catalogue = Catalogue(choose_language(language))
        click.echo(error.explain(catalogue), err=True)
        return error.exit_status
    raise error
