"""What every command needs: the settings, the organization, the language, and the consoles."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from efimport.cli.main import leave_standard_output
from efimport.errors import SettingsError
from efimport.messages import Catalogue, Message, choose_language
from efimport.report.visible import visible
from efimport.settings import Organization, Settings, find_settings, load_settings, passwords_in

if TYPE_CHECKING:
    from rich.console import Console

    from efimport.journal import Journal


class Session:
    """One call of the program.

    Args:
        options: the global options; the language that is found, and what masks secrets, are entered, so that later
            errors are told in the one and without the others.

    Raises:
        SettingsError: the settings cannot be used.
    """

    def __init__(self, options: dict[str, Any]) -> None:
        # What a library notes about a damaged file is said by our own findings; it has no place among them.
        logging.getLogger("pikepdf").addHandler(logging.NullHandler())
        named = options.get("settings_file")
        self.settings: Settings = load_settings(find_settings(Path(named) if named else None))
        self.wanted_organization: str | None = options.get("organization")
        self.catalogue = Catalogue(choose_language(options.get("lang"), self.settings.language))
        options["language"] = self.catalogue.language
        options["mask"] = self.masked
        self.verbosity: int = options.get("verbose", 0) - options.get("quiet", 0)
        self.color = not options.get("no_color")

    @property
    def organization(self) -> Organization | None:
        """The organization that is meant; None without settings."""
        return self.settings.organization(self.wanted_organization)

    def masked(self, text: str) -> str:
        """The text without the secrets of any organization, journal and proxy, in whatever form they stand in it."""
        from efimport.api.line import proxy_passwords
        from efimport.api.login import Login, redact

        secrets = [*passwords_in(self.settings.journal_url or ""), *proxy_passwords()]
        for organization in self.settings.organizations.values():
            for user in organization.users:
                # What cannot be read now was not read before.
                with contextlib.suppress(SettingsError):
                    secrets += Login(organization, user).secrets()
        return redact(text, secrets)

    def open_journal(self, url: str | None = None) -> Journal:
        """The journal; what it found at its opening is said, and who owns it before that is waited for.

        Args:
            url: SQLAlchemy address; None for that of the settings.

        Raises:
            JournalError: it cannot be opened.
        """
        from efimport.journal import Journal

        opened = Journal(
            url or self.settings.journal_url,
            keep_requests=self.settings.keep_requests,
            on_wait=lambda held: self.say(held.reason, always=True),
        )
        if opened.found is not None:
            self.say(opened.found, always=True)
        return opened

    @property
    def now(self) -> dt.datetime:
        """The time on this machine's clock, for reports."""
        return dt.datetime.now().astimezone()

    def console(self, *, errors: bool = False) -> Console:
        """A console on standard output or standard error."""
        from rich.console import Console

        class _Console(Console):
            """Where nobody reads any more (``| head``), the work goes on and keeps its exit status."""

            def on_broken_pipe(self) -> None:
                leave_standard_output(self.file)

        stream = sys.stderr if errors else sys.stdout
        # Piped output is not cut to the width of a terminal that is not there.
        width = None if stream.isatty() else 120
        return _Console(
            file=stream,
            width=width,
            no_color=not self.color,
            highlight=False,
            soft_wrap=not stream.isatty(),
            markup=False,
        )

    def say(self, text: str, *, always: bool = False) -> None:
        """A message for people, on standard error.

        Args:
            text: the message.
            always: whether it is said even where people asked for quiet.
        """
        if always or self.verbosity >= 0:
            said = self.catalogue.text(text) if isinstance(text, Message) else text
            print(self._wrapped(visible(said)), file=sys.stderr, flush=True)  # noqa: T201

    @staticmethod
    def _wrapped(line: str) -> str:
        """The line broken between words in a terminal, whole where it is piped."""
        if not sys.stderr.isatty():
            return line
        indent = line[: len(line) - len(line.lstrip())]
        width = shutil.get_terminal_size().columns
        return textwrap.fill(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
