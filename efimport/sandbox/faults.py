"""Faults on demand: what can go wrong between a client and the service, at a request of one's choice."""

from __future__ import annotations

from typing import Literal

import msgspec

FaultName = Literal[
    "429",
    "lock",
    "wrong-token",
    "unknown-description",
    "several-errors",
    "html-500",
    "close-before",
    "html-500-after",
    "close-after",
    "close-late",
    "cut-body",
    "empty-body",
    "delay",
    "invalid-utf8",
    "windows-1250",
    "unescaped",
    "broken-error-tag",
    "ok-without-number",
    "json-list",
]

REFUSING = frozenset(
    {"429", "lock", "wrong-token", "unknown-description", "several-errors", "html-500", "close-before"}
)
"""Faults that stop a request before it changes anything; after all others the change has happened, or will."""


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One fault of a script.

    Attributes:
        fault: what goes wrong; the faults of :data:`REFUSING` change nothing, all others come after (close-late:
            before) a request that is carried out.
        at: fires at the at-th request that fits, counted from when the script was posted.
        method: only requests of this method fit; None for all.
        seconds: how long a delay lasts, or after how long a request that was closed at once is carried out.
        times: at how many requests in a row it fires.
        seen: requests that fitted so far.
    """

    fault: FaultName
    at: int = 1
    method: str | None = None
    seconds: float = 0.0
    times: int = 1
    seen: int = 0


class FaultScript:
    """The faults that wait for their request."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.fired: list[str] = []

    def add(self, script: bytes) -> int:
        """Append the faults of a JSON list; returns how many.

        Raises:
            msgspec.DecodeError: not a list of faults.
        """
        faults = msgspec.json.decode(script, type=list[Fault])
        self.waiting.extend(faults)
        return len(faults)

    def next(self, method: str) -> Fault | None:
        """The fault for a request of that method; the first of the script where several fit."""
        chosen = None
        for fault in list(self.waiting):
            if fault.method not in (None, method):
                continue
            fault.seen += 1
            if chosen is None and fault.seen >= fault.at:
                chosen = fault
                if fault.seen - fault.at + 1 >= fault.times:
                    self.waiting.remove(fault)
        if chosen is not None:
            self.fired.append(chosen.fault)
        return chosen
