"""Asking the service something that changes nothing: a bounded number of times, and not when somebody wants to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from efimport.delivery.waiting import Patience
from efimport.errors import BusyError
from efimport.messages import message

if TYPE_CHECKING:
    from efimport.api.answers import Answer
    from efimport.api.call import Call
    from efimport.api.client import Client

ATTEMPTS = 5


class Asker:
    """Asks.

    Args:
        client: sends.
        patience: waits where the service is busy.
    """

    def __init__(self, client: Client, patience: Patience) -> None:
        self._client = client
        self._patience = patience

    def ask(self, call: Call) -> Answer:
        """The answer; an ordinary refusal is one.

        Raises:
            StopAskedError: somebody wants to stop; it was not asked.
            BusyError: still busy after some attempts.
            NotSentError, LoginError, UnknownOutcomeError, SettingsError: see :meth:`efimport.api.client.Turn.send`.
            CallError: the question cannot be written.
        """
        request = self._client.prepare(call)
        tried = 0
        while True:
            tried += 1
            try:
                with self._patience.turn(self._client) as turn:
                    return turn.send(request)
            except BusyError as error:
                reason = message("{why} The question is asked again.", why=error.reason)
                if tried >= ATTEMPTS or not self._patience.wait(self._client.busy_seconds(tried), reason):
                    raise
