"""A call that is ready to be sent: checked, written, with place-holders for the login, and with its digest."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from efimport.api import catalogue, wire, wire_json
from efimport.api.call import Call
from efimport.api.catalogue import Repeat

Wire: TypeAlias = Literal["xml", "json"]


class Request(msgspec.Struct, frozen=True):
    """A request as it is stored, shown and hashed.

    Attributes:
        method: name of the method.
        body: the bytes to be sent, with place-holders for the login.
        digest: SHA-256 of the body with place-holders, in hexadecimal.
        repeat: what may be done with it when its outcome is unknown; see :class:`efimport.api.catalogue.Method`.
        call_digest: SHA-256 of the call as XML, whatever it is written in: the same call has the same one when an
            organization changes over to the other form. Empty for a JSON body that was stored before.
    """

    method: str
    body: bytes
    digest: str
    repeat: Repeat
    call_digest: str = ""

    @classmethod
    def of(cls, method: str, body: bytes, repeat: Repeat) -> Request:
        """The request for a body that was stored before."""
        digest = wire.digest(body)
        is_json = body.startswith(wire_json.PLACEHOLDER)
        return cls(method, body, digest, repeat, "" if is_json else digest)

    @property
    def changes_data(self) -> bool:
        """Whether it changes anything at the service."""
        return self.repeat != "read"

    @property
    def wire(self) -> Wire:
        """The form of the body."""
        return "json" if self.body.startswith(wire_json.PLACEHOLDER) else "xml"

    @property
    def content_type(self) -> str:
        """The header that goes with the body."""
        return wire_json.CONTENT_TYPE if self.wire == "json" else wire.CONTENT_TYPE

    def __repr__(self) -> str:
        return f"Request({self.method}, {len(self.body)} bytes, {self.digest[:12]})"


def prepare(call: Call, site: str, form: Wire = "xml") -> Request:
    """The request of a call; nothing is sent, no secret is needed.

    Args:
        call: the call.
        site: CZ, SI or HR.
        form: whether it is written as XML or as JSON.

    Raises:
        CallError: the call does not fit the catalogue or the site, or cannot be written.
    """
    method = catalogue.method(call.method)
    method.check(call, site)
    repeat = method.repeat_of(call)
    as_xml = Request.of(call.method, wire.encode(call), repeat)
    if form == "xml":
        return as_xml
    as_json = Request.of(call.method, wire_json.encode(call), repeat)
    return msgspec.structs.replace(as_json, call_digest=as_xml.digest)
