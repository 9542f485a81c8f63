"""Errors: faults of ours, of the settings, or of the world (disk, network). A bad document is a finding instead.

::

    EfimportError
    ├── UsageError              the call of the program or of a function makes no sense        exit status 2
    ├── SettingsError           efimport.toml is wrong or a secret is missing                  exit status 2
    │   └── MappingError        a mapping file is wrong                                        exit status 2
    ├── PlanChangedError        an input differs from what a saved plan was made of            exit status 2
    ├── JournalError            the journal cannot be opened, read or written
    │   └── JournalHeldError    another process owns the journal
    └── ServiceError            the web service
        ├── CallError           a call was wrong before it was sent: name, parameter, value    not sent
        ├── NotSentError        the request surely never reached the service                   may be tried again
        ├── RefusedError        the service said no before or instead of acting                the answer is known
        │   ├── BusyError       429 or another request in flight: wait and try again
        │   └── LoginError      token, user or password
        └── UnknownOutcomeError the request may have arrived, the answer cannot be understood  never guess
"""

from __future__ import annotations

from efimport.messages import Catalogue, Message


class EfimportError(Exception):
    """Something that is not a matter of one document.

    Args:
        reason: what went wrong and where.
        remedy: what to do about it.
    """

    exit_status = 1

    def __init__(self, reason: str, remedy: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason if isinstance(reason, Message) else Message(_plain(reason))
        self.remedy = remedy if remedy is None or isinstance(remedy, Message) else Message(_plain(remedy))

    def explain(self, catalogue: Catalogue) -> str:
        """Reason and remedy in the reader's language."""
        parts = [catalogue.text(self.reason)]
        if self.remedy is not None:
            parts.append(catalogue.text(self.remedy))
        return " ".join(parts)

    def __str__(self) -> str:
        return self.explain(Catalogue())


def _plain(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}") if "{" in text else text


class UsageError(EfimportError):
    """The command line or the arguments of a function make no sense together."""

    exit_status = 2


class SettingsError(EfimportError):
    """The settings cannot be used as they are."""

    exit_status = 2


class MappingError(SettingsError):
    """A mapping file cannot be used as it is."""


class PlanChangedError(EfimportError):
    """An input is no longer what the saved plan was made of."""

    exit_status = 2


class JournalError(EfimportError):
    """The journal cannot be opened, read or written."""


class JournalHeldError(JournalError):
    """Another process owns the journal."""


class ServiceError(EfimportError):
    """The web service or the way to it."""


class CallError(ServiceError):
    """A call was wrong before it was sent."""

    exit_status = 2


class NotSentError(ServiceError):
    """The request surely never reached the service (no connection was made)."""


class RefusedError(ServiceError):
    """The service understood the request and said no.

    Attributes:
        description: the text of the service, word for word.
    """

    def __init__(self, reason: str, remedy: str | None = None, *, description: str = "") -> None:
        super().__init__(reason, remedy)
        self.description = description


class BusyError(RefusedError):
    """Too many requests, or another request of the same user: refused before anything was done."""


class LoginError(RefusedError):
    """Token, user name or password were not accepted."""


class UnknownOutcomeError(ServiceError):
    """The request may have arrived and nobody can say what became of it.

    Attributes:
        raw: what came back, as far as anything did.
        http_status: the HTTP status, if one came.
    """

    raw: bytes = b""
    http_status: int | None = None
