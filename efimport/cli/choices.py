"""Options that say what the files do not: used by every command that reads statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from efimport.planning.choices import Choices

Decorator = Callable[[Callable[..., None]], Callable[..., None]]
STATEMENT_OPTIONS = ("iban", "paypal_account", "date_format", "mappings")
OPTION_NAMES = {"mappings": "--mapping"}


def statement_options() -> tuple[Decorator, ...]:
    """The options of the commands that read statements."""
    return (
        click.option("--iban", metavar="IBAN", help="Account of the statements of this run."),
        click.option("--paypal-account", metavar="EMAIL", help="PayPal account of the PayPal files of this run."),
        click.option(
            "--date-format",
            metavar="F",
            help="How days are written in tables: DD.MM.YYYY, MM/DD/YYYY and the like. Found from the data when left "
            "out.",
        ),
        click.option(
            "--mapping",
            "mappings",
            multiple=True,
            type=click.Path(),
            metavar="FILE",
            help="Mapping file for tables, before the shipped ones. May be repeated.",
        ),
    )


def with_statement_options(function: Callable[..., None]) -> Callable[..., None]:
    """A command with the options that say what statements do not."""
    for decorate in reversed(statement_options()):
        function = decorate(function)
    return function


def choices_of(given: dict[str, Any]) -> Choices:
    """What the user chose.

    Raises:
        UsageError: a value is none that can be used.
    """
    from efimport.planning.choices import Choices

    return Choices(
        import_type=given.get("import_type"),
        **{name: given[name] for name in STATEMENT_OPTIONS if given.get(name) is not None},
    )
