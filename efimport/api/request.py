"""A call that is ready to be sent: checked, written, with place-holders for the login, and with its digest."""

from __future__ import annotations

import msgspec

from efimport.api import catalogue, wire
from efimport.api.call import Call
from efimport.api.catalogue import Repeat


class Request(msgspec.Struct, frozen=True):
    """A request as it is stored, shown and hashed.

    Attributes:
        method: name of the method.
        body: the bytes to be sent, with place-holders for the login.
        digest: SHA-256 of the body with place-holders, in hexadecimal.
        repeat: what may be done with it when its outcome is unknown; see :class:`efimport.api.catalogue.Method`.
    """

    method: str
    body: bytes
    digest: str
    repeat: Repeat

    @classmethod
    def of(cls, method: str, body: bytes, repeat: Repeat) -> Request:
        """The request for a body that was stored before."""
        return cls(method, body, wire.digest(body), repeat)

    @property
    def changes_data(self) -> bool:
        """Whether it changes anything at the service."""
        return self.repeat != "read"

    def __repr__(self) -> str:
        return f"Request({self.method}, {len(self.body)} bytes, {self.digest[:12]})"


def prepare(call: Call, site: str) -> Request:
    """The request of a call; nothing is sent, no secret is needed.

    Args:
        call: the call.
        site: CZ, SI or HR.

    Raises:
        CallError: the call does not fit the catalogue or the site, or cannot be written.
    """
    method = catalogue.method(call.method)
    method.check(call, site)
    return Request.of(call.method, wire.encode(call), method.repeat_of(call))
