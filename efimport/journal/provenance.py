"""Who sends, and where to: what is entered with each attempt, to be shown years later."""

from __future__ import annotations

import getpass
import socket
from urllib.parse import urlsplit, urlunsplit

import msgspec


class Sending(msgspec.Struct, frozen=True):
    """Who sends, and where to.

    Attributes:
        username: the API user.
        endpoint: address of the service, without anything that could be a login.
        system_user: who runs the program.
        host: name of the machine.
    """

    username: str | None
    endpoint: str | None
    system_user: str | None
    host: str


def sending_of(username: str | None, endpoint: str | None) -> Sending:
    """What is known of an attempt that is about to be made here."""
    return Sending(username, None if endpoint is None else _bare(endpoint), system_user(), socket.gethostname())


def _bare(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def system_user() -> str | None:
    """The name of who runs the program; None where the system has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        # A process may run under a number that no name belongs to.
        return None
