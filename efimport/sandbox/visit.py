"""One HTTP request to the service: its body, read once, and the way its answer is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import msgspec
from starlette.requests import Request as HttpRequest

from efimport.sandbox.answers import Answer, Wire, write_answer
from efimport.sandbox.options import Options
from efimport.sandbox.request import Request, UnreadableError, read_request
from efimport.sandbox.texts import text

if TYPE_CHECKING:
    from efimport.sandbox.service import Service

DOCUMENTED_TYPES = ("application/octet-stream", "application/json")


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A request to the service as it arrived.

    Attributes:
        path: path of the address.
        site: CZ, SI or HR.
        client: address and port of the client.
        content_type: media type without parameters, in lower case.
        outcome: the request, or why it cannot be read.
    """

    path: str
    site: str
    client: tuple[str, int] | None
    content_type: str
    outcome: Request | UnreadableError

    @classmethod
    def of(cls, http: HttpRequest, body: bytes | None, site: str) -> Self:
        """The visit of an HTTP request; ``body`` is None where it was too large to keep."""
        content_type = http.headers.get("content-type", "").partition(";")[0].strip().lower()
        outcome: Request | UnreadableError
        try:
            outcome = read_request(body or b"", content_type)
        except UnreadableError as error:
            outcome = error
        client = (http.client.host, http.client.port) if http.client else None
        return cls(path=http.url.path, site=site, client=client, content_type=content_type, outcome=outcome)

    @property
    def address(self) -> str:
        """The client's IP address."""
        return self.client[0] if self.client else ""

    @property
    def method(self) -> str:
        """Name of the method; empty where the request cannot be read or names none."""
        return self.outcome.method if isinstance(self.outcome, Request) else ""

    def request(self) -> Request:
        """The request.

        Raises:
            UnreadableError: the body is none.
        """
        if isinstance(self.outcome, UnreadableError):
            raise self.outcome
        return self.outcome

    def too_large(self) -> Answer:
        """The answer to a body that is larger than the sandbox takes."""
        return Answer(error=text("request-unreadable", reason="it is too large"), status=413)

    def write(self, answer: Answer, service: Service, options: Options | None = None) -> Wire:
        """The answer on the wire, in the notation of the request; options other than the service's for faults."""
        # The observed answers to refusals that come before the method is looked at name no method.
        known = answer.status is None
        outcome = self.outcome
        is_json = outcome.is_json if isinstance(outcome, Request) else self.content_type == "application/json"
        wire = write_answer(
            answer,
            options or service.options,
            method=self.method or None if known else None,
            path=self.path,
            is_json=is_json,
            now=service.now().strftime("%Y-%m-%dT%H:%M:%S"),
        )
        if self.content_type in DOCUMENTED_TYPES:
            return wire
        remark = f"Content-Type {self.content_type or '(none)'} is not the documented one"
        ascii_remark = remark.encode("ascii", errors="replace").decode("ascii")
        return Wire(wire.status, (*wire.headers, ("X-Sandbox-Warning", ascii_remark)), wire.body)
