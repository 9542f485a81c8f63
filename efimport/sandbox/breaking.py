"""How each fault of :mod:`efimport.sandbox.faults` looks on the wire."""

from __future__ import annotations

import random

import msgspec

from efimport.sandbox.answers import HTML_ERROR, Answer, Wire
from efimport.sandbox.faults import Fault
from efimport.sandbox.options import Options
from efimport.sandbox.texts import text

_CLOSE_TAG = b"</response>"
_GARBAGE_SIZE = 512
_HTML = (("Content-Type", "text/html; charset=utf-8"),)


def too_many_requests(address: str) -> Answer:
    """The refusal of the rate limit; HTTP status 429 in every mode."""
    return Answer(error=text("too-many-requests", address=address), status=429)


def another_request() -> Answer:
    """The refusal of a second request of the same user; HTTP status 500 in every mode."""
    return Answer(error=text("another-request"), status=500)


def refusal(fault: Fault, address: str) -> Answer:
    """What a fault that stops a request says."""
    match fault.fault:
        case "429":
            return too_many_requests(address)
        case "lock":
            return another_request()
        case "concurrent-usage":
            return Answer(error=text("concurrent-usage"), status=500)
        case "wrong-token":
            return Answer(error=text("invalid-token"))
        case "several-errors":
            return Answer(error=text("several-errors"))
        case _:
            return Answer(error=text("unknown-description"))


def break_answer(fault: Fault | None, answer: Answer, options: Options) -> tuple[Answer, Options]:
    """The answer and the options for writing it, as the fault wants them."""
    match fault.fault if fault is not None else None:
        case "ok-without-number" if answer.error is None:
            return Answer(), options
        case "unescaped":
            return answer, msgspec.structs.replace(options, raw_errors=True)
        case "broken-error-tag":
            return answer, msgspec.structs.replace(options, broken_error_tag=True)
        case _:
            return answer, options


def break_wire(fault: Fault | None, wire: Wire) -> Wire:
    """The bytes as the fault wants them."""
    match fault.fault if fault is not None else None:
        case "html-500" | "html-500-after":
            return Wire(500, _HTML, HTML_ERROR)
        case "garbage" | "garbage-after":
            # The same bytes for the same seed; no client may take them for an answer.
            garbage = random.Random(fault.seed if fault is not None else 0).randbytes(_GARBAGE_SIZE)  # noqa: S311
            return Wire(200, wire.headers, garbage)
        case "empty-body":
            return Wire(wire.status, wire.headers, b"")
        case "json-list":
            return Wire(wire.status, (("Content-Type", "application/json"),), b'["ok"]')
        case "invalid-utf8":
            return Wire(wire.status, wire.headers, _before_the_end(wire.body, b"\xff\xfe"))
        case "windows-1250":
            return Wire(wire.status, wire.headers, _in_windows_1250(wire.body))
        case _:
            return wire


def _before_the_end(body: bytes, addition: bytes) -> bytes:
    place = body.rfind(_CLOSE_TAG)
    place = place if place >= 0 else len(body) - 1
    return body[:place] + addition + body[place:]


def _in_windows_1250(body: bytes) -> bytes:
    # The comment makes sure that there is a letter which the two encodings write differently.
    marked = _before_the_end(body, "<!-- žluťoučký -->".encode()).decode("utf-8")
    declared = marked.replace('encoding="utf-8"', 'encoding="windows-1250"', 1)
    return declared.encode("windows-1250", errors="xmlcharrefreplace")
