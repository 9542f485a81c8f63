"""The HTTP surface: paths, the order of the checks, latency, faults, and the pages of the sandbox itself.

Order: path, rate limit, reading, login, one request per user, then method, privileges, parameters and rules. What is
refused before the method is known changes nothing.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from efimport.sandbox.answers import HTML_NOT_FOUND, Answer, Wire
from efimport.sandbox.breaking import another_request, break_answer, break_wire, refusal, too_many_requests
from efimport.sandbox.faults import REFUSING, Fault
from efimport.sandbox.request import RefusedError, UnreadableError
from efimport.sandbox.service import Service
from efimport.sandbox.visit import Visit

SITE_OF_PATH = {"WebServicesCZ": "CZ", "WebServicesSI": "SI", "WebServicesHR": "HR", "WebServices": None}
"""Site by the first part of the path; the last one serves the site of the options."""

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
HangUp: TypeAlias = Callable[[tuple[str, int] | None], None]


class Surface:
    """The web application of one sandbox.

    Args:
        service: what lies behind it.
        clock: monotonic seconds, for the rate limit.
        sleep: waits some seconds, for latencies and delays.
        hang_up: closes the connection of a client (address and port), for faults.
    """

    def __init__(
        self,
        service: Service,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        hang_up: HangUp,
    ) -> None:
        self.service = service
        self._clock = clock
        self._sleep = sleep
        self._hang_up = hang_up
        self._random = random.Random(service.options.seed)  # noqa: S311 - latencies are no secret
        self._running: set[asyncio.Task[Wire | None]] = set()

    def application(self) -> Starlette:
        """The Starlette application."""
        paths = [Route(f"/{name}/API", _Endpoint(self, site), methods=["POST"]) for name, site in SITE_OF_PATH.items()]
        own = [
            Route("/_sandbox/state", self._state, methods=["GET"]),
            Route("/_sandbox/faults", self._add_faults, methods=["POST"]),
            Route("/_sandbox/posted", self._post_document, methods=["POST"]),
            Route("/_sandbox/reset", self._reset, methods=["POST"]),
        ]
        application = Starlette(routes=[*paths, *own], exception_handlers={404: _not_found})
        application.router.redirect_slashes = False
        return application

    async def finish(self) -> None:
        """Wait for the requests that are still being carried out."""
        while self._running:
            await asyncio.wait(self._running)

    async def _state(self, _: HttpRequest) -> Response:
        return JSONResponse(self.service.overview())

    async def _add_faults(self, request: HttpRequest) -> Response:
        try:
            count = self.service.faults.add(await request.body())
        except msgspec.DecodeError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse({"faults": count})

    async def _post_document(self, request: HttpRequest) -> Response:
        try:
            wanted = msgspec.json.decode(await request.body(), type=dict[str, str])
        except msgspec.DecodeError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        names = ("type", "number", "organization")
        posted = self.service.mark_posted(*(wanted.get(name, "") for name in names))
        return JSONResponse({"posted": posted}, status_code=200 if posted else 404)

    async def _reset(self, _: HttpRequest) -> Response:
        self.service.reset()
        return JSONResponse({"reset": True})

    async def serve(self, http: HttpRequest, site: str | None, send: Send) -> None:
        """Take one request of the web service to its end."""
        address = http.client.host if http.client else ""
        if self.service.options.jitter > 0:
            await self._sleep(self._random.uniform(0, self.service.options.jitter))
        held = self._admit(address)
        try:
            body = await self._body(http)
        except ClientDisconnect:
            return
        visit = Visit.of(http, body, site or self.service.options.site)
        self.service.count(visit)
        if body is None:
            await _send(visit.write(visit.too_large(), self.service), send)
        elif held is None:
            await _send(visit.write(too_many_requests(address), self.service), send)
        else:
            await self._serve_admitted(http, visit, held, send)

    def _admit(self, address: str) -> float | None:
        """Seconds for which the answer has to be held back; None where the request is refused."""
        pace = self.service.pace
        if self.service.options.on_excess == "delay":
            return pace.admit_late(address, self._clock())
        return 0.0 if pace.admit(address, self._clock()) else None

    async def _body(self, http: HttpRequest) -> bytes | None:
        """The whole body; None where it is larger than the options allow."""
        chunks: list[bytes] = []
        size = 0
        async for chunk in http.stream():
            size += len(chunk)
            if size <= self.service.options.largest_body:
                chunks.append(chunk)
        return b"".join(chunks) if size <= self.service.options.largest_body else None

    async def _serve_admitted(self, http: HttpRequest, visit: Visit, held: float, send: Send) -> None:
        fault = self.service.faults.next(visit.method)
        # A task of its own: the service goes on with a request whose client has gone.
        task = asyncio.create_task(self._handle(visit, fault, held))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        wire = await asyncio.shield(task)
        if wire is None:
            await _wait_for_the_end(http)
        elif fault is not None and fault.fault == "cut-body":
            await _send(wire, send, cut=True)
            self._hang_up(visit.client)
            await _wait_for_the_end(http)
        else:
            await _send(wire, send)

    async def _handle(self, visit: Visit, fault: Fault | None, held: float) -> Wire | None:
        """The answer as bytes; None where the connection was closed instead."""
        if fault is not None and fault.fault == "close-before":
            self._hang_up(visit.client)
            return None
        if fault is not None and fault.fault in REFUSING:
            return break_wire(fault, visit.write(refusal(fault, visit.address), self.service))
        if fault is not None and fault.fault == "close-late":
            self._hang_up(visit.client)
            await self._sleep(fault.seconds)
        answer = await self._answer(visit, fault, held)
        if fault is not None and fault.fault in ("close-after", "close-late"):
            self._hang_up(visit.client)
            return None
        broken, options = break_answer(fault, answer, self.service.options)
        return break_wire(fault, visit.write(broken, self.service, options))

    async def _answer(self, visit: Visit, fault: Fault | None, held: float) -> Answer:
        try:
            request = visit.request()
            caller = self.service.log_in(request)
        except (UnreadableError, RefusedError) as error:
            await self._pass(held)
            return Answer(error=str(error))
        in_flight = self.service.in_flight  # a reset in the meantime begins to count anew
        if not in_flight.enter(caller.key):
            return another_request()
        try:
            # Half of the time passes before the change, half after it: a client can be killed on either side.
            seconds = self._latency(fault)
            await self._pass(seconds / 2)
            answer = self.service.carry_out(request, caller, visit.site)
            await self._pass(seconds / 2 + held)
            return answer
        finally:
            in_flight.leave(caller.key)

    async def _pass(self, seconds: float) -> None:
        if seconds > 0:
            await self._sleep(seconds)

    def _latency(self, fault: Fault | None) -> float:
        if fault is not None and fault.fault == "delay":
            return fault.seconds
        return self._random.uniform(*self.service.options.latency)


class _Endpoint:
    """One path of the service as an ASGI application: a function of Starlette cannot leave a client unanswered."""

    def __init__(self, surface: Surface, site: str | None) -> None:
        self.surface = surface
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.surface.serve(HttpRequest(scope, receive), self.site, send)


async def _not_found(_: HttpRequest, __: Exception) -> Response:
    return HTMLResponse(HTML_NOT_FOUND, status_code=404)


async def _send(wire: Wire, send: Send, *, cut: bool = False) -> None:
    """Send the answer; with ``cut`` its length is announced in full and only half of it follows."""
    headers = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in wire.headers]
    headers.append((b"content-length", str(len(wire.body)).encode("ascii")))
    await send({"type": "http.response.start", "status": wire.status, "headers": headers})
    body = wire.body[: len(wire.body) // 2] if cut else wire.body
    await send({"type": "http.response.body", "body": body, "more_body": cut})


async def _wait_for_the_end(http: HttpRequest) -> None:
    while (await http.receive())["type"] != "http.disconnect":
        pass
