"""What every command needs: the settings, the organization, the language, and the consoles."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from efimport.messages import Catalogue, choose_language
from efimport.settings import Organization, Settings, find_settings, load_settings

if TYPE_CHECKING:
    from rich.console import Console


class Session:
    """One call of the program.

    Args:
        options: the global options.

    Raises:
        SettingsError: the settings cannot be used.
    """

    def __init__(self, options: dict[str, Any]) -> None:
        named = options.get("settings_file")
        self.settings: Settings = load_settings(find_settings(Path(named) if named else None))
        self.wanted_organization: str | None = options.get("organization")
        self.catalogue = Catalogue(choose_language(options.get("lang"), self.settings.language))
        self.verbosity: int = options.get("verbose", 0) - options.get("quiet", 0)
        self.color = not options.get("no_color")

    @property
    def organization(self) -> Organization | None:
        """The organization that is meant; None without settings."""
        return self.settings.organization(self.wanted_organization)

    def console(self, *, errors: bool = False) -> Console:
        """A console on standard output or standard error."""
        from rich.console import Console

        stream = sys.stderr if errors else sys.stdout
        # Piped output is not cut to the width of a terminal that is not there.
        width = None if stream.isatty() else 120
        return Console(
            file=stream,
            width=width,
            no_color=not self.color,
            highlight=False,
            soft_wrap=not stream.isatty(),
            markup=False,
        )

    def say(self, text: str) -> None:
        """A message for people, on standard error."""
        if self.verbosity >= 0:
            print(self.catalogue.text(text), file=sys.stderr)  # noqa: T201
