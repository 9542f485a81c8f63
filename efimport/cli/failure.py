"""What the program says when it cannot go on."""

from __future__ import annotations

import traceback
from collections.abc import Callable

import click

from efimport.errors import EfimportError
from efimport.messages import Catalogue, choose_language, message
from efimport.report.visible import visible


def exit_status(error: Exception, language: str | None, mask: Callable[[str], str] = str) -> int:
    """Say what happened and give the exit status.

    A fault of the program itself keeps its traceback, for those who mend it.

    Args:
        error: what happened.
        language: language of the words.
        mask: takes the secrets of the settings out of a text: the error of a library may quote a request.
    """
    catalogue = Catalogue(choose_language(language))
    if isinstance(error, EfimportError):
        click.echo(visible(error.explain(catalogue)), err=True)
        return error.exit_status
    if isinstance(error, OSError):
        click.echo(visible(catalogue.text(of_the_system(error))), err=True)
        return 1
    click.echo(mask("".join(traceback.format_exception(error))), err=True, nl=False)
    fault = message(
        "This is a fault of efimport, not of your files. What was sent stands in the journal (efimport journal list); "
        "the same command can be run again."
    )
    click.echo(catalogue.text(fault), err=True)
    return 1


def of_the_system(error: OSError) -> str:
    """What the operating system refused, as a sentence."""
    reason = error.strerror or type(error).__name__
    if error.filename is None:
        return message("The system refused: {reason}.", reason=reason)
    return message("{path} cannot be read or written: {reason}.", path=error.filename, reason=reason)
