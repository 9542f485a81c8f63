"""Serves the surface on a socket of this machine, in a thread of its own (uvicorn, HTTP by h11)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from efimport.sandbox.service import Service
from efimport.sandbox.surface import Surface

_Result = TypeVar("_Result")

STARTING_TIME = 20.0
"""Seconds in which the server has to be up."""


GRACE = 10.0
"""Seconds that answers under way are given when the server stops."""


class _Server(uvicorn.Server):
    """A uvicorn server that says when it is up, and ends at once: uvicorn's own looks ten times a second only.

    Attributes:
        is_up: set when it listens.
        ending: set in the server's loop when it has to stop.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = threading.Event()
        self.ending = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()

    async def main_loop(self) -> None:
        # A tick renews the header with the date; the server looks at its end in between, too.
        while not self.ending.is_set() and not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.ending.wait(), 1.0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listening in sockets or []:
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        try:
            async with asyncio.timeout(GRACE):
                # uvicorn tells nobody when its last connection has gone.
                while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110
                    await asyncio.sleep(0.002)
        except TimeoutError:
            for task in self.server_state.tasks:
                task.cancel()


class Serving:
    """A surface that is being served.

    Args:
        service: what is served.
        port: TCP port on 127.0.0.1; 0 for a free one.
        clock: monotonic seconds.
        sleep: waits some seconds.

    Raises:
        OSError: the port is taken.
    """

    def __init__(
        self, service: Service, port: int, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}
        self._surface = Surface(service, clock, sleep, self._hang_up)
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            self._surface.application(),
            http=_protocol(self._transports),
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_keep_alive=30,
        )
        self._server = _Server(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        # Waited for in place of the thread: Python 3.11 takes a thread for ended once a join of it was interrupted.
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="efimport-sandbox", daemon=True)
        try:
            self._thread.start()
            if not self._server.is_up.wait(STARTING_TIME):
                raise OSError("The sandbox did not start.")
        except BaseException:
            # Interrupted while it starts: a thread that is left behind would fail when the program ends.
            self.stop()
            raise

    def _run(self) -> None:
        try:
            with asyncio.Runner() as runner:
                self._loop = runner.get_loop()
                runner.run(self._serve())
        finally:
            self._ended.set()

    async def _serve(self) -> None:
        await self._server.serve(sockets=[self._socket])
        await self._surface.finish()

    def _hang_up(self, client: tuple[str, int] | None) -> None:
        transport = self._transports.get(client) if client is not None else None
        if transport is not None:
            transport.close()

    def call(self, function: Callable[[], _Result]) -> _Result:
        """Run a function in the server's thread while it serves, here after it has stopped."""
        loop = self._loop
        if loop is None or self._ended.is_set() or loop.is_closed():
            return function()

        async def run() -> _Result:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), loop).result()

    def is_alive(self) -> bool:
        """Whether the server still serves."""
        return not self._ended.is_set()

    def wait(self, seconds: float) -> None:
        """Wait until the server has stopped, or the seconds are over."""
        self._ended.wait(seconds)

    def stop(self) -> None:
        """Stop; requests that are being carried out are carried out first."""
        loop = self._loop
        self._server.should_exit = True
        if loop is not None and not loop.is_closed():
            # The loop may close between the question and the call.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._server.ending.set)
        if self._thread.ident is not None:
            self._ended.wait()
            self._thread.join()
        self._socket.close()


def _listen(port: int) -> socket.socket:
    # asyncio sends small answers at once (TCP_NODELAY) only on sockets that name their protocol; others wait 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def _protocol(transports: dict[tuple[str, int], asyncio.Transport]) -> type[asyncio.Protocol]:
    """Uvicorn's HTTP protocol that keeps a list of its connections, so that a fault can close one unanswered."""

    class Listed(H11Protocol):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            if self.client is not None:
                transports[self.client] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            if self.client is not None:
                transports.pop(self.client, None)

    return Listed
