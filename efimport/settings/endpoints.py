"""Which addresses a login may be sent to: https anywhere, plain http to this machine and nowhere else.

Two readers of one address may disagree about its host (RFC 3986, section 7.6), and then a check of the one says nothing
about the connection of the other. So an address that leaves room for that is refused: a user in front of the host,
backslashes, blanks, control characters, letters outside ASCII.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

_PLAIN = re.compile(r"[!-~]+")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.\-]*[a-z0-9_])?|[0-9a-f:]+", re.ASCII)


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine: ``localhost``, 127.0.0.0/8 (RFC 1122, 3.2.1.3) or ``::1`` (RFC 4291, 2.5.3).

    IPv4 addresses inside IPv6 ones and shortened or hexadecimal forms do not count, because systems differ in them.
    """
    if host is None:
        return False
    if host.lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback if address.version == 4 else address == ipaddress.IPv6Address(1)


def is_usable_endpoint(endpoint: str) -> bool:
    """Whether requests with a login may go to the address."""
    parts = _parts(endpoint)
    if parts is None or "@" in parts.netloc or parts.fragment or not _HOST.fullmatch(parts.hostname or ""):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))


def without_user(endpoint: str) -> str:
    """The address as it may be shown: a user and a password in it are left out."""
    start, slashes, rest = endpoint.partition("//")
    host, slash, path = rest.partition("/")
    return f"{start}{slashes}{host.rpartition('@')[2]}{slash}{path}"


def passwords_in(address: str) -> tuple[str, ...]:
    """The passwords in an address of a proxy or a database, as they are written and as they are meant."""
    try:
        parts = urlsplit(address)
        written = parts.password or ""
    except ValueError:
        return ()
    return tuple(filter(None, (written, unquote(written), *parse_qs(parts.query).get("password", ()))))


def _parts(endpoint: str) -> SplitResult | None:
    """The parts of an address; None where it is none, or one that may be understood in two ways."""
    if not _PLAIN.fullmatch(endpoint) or "\\" in endpoint:
        return None
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return None
    return parts if port != 0 else None
