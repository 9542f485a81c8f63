"""Faults on demand: what can go wrong between a client and the service, at a request of one's choice."""

from __future__ import annotations

import random
from typing import Annotated, Literal, TypeAlias

import msgspec

_Seconds: TypeAlias = Annotated[float, msgspec.Meta(ge=0)]

FaultName = Literal[
    "429",
    "lock",
    "concurrent-usage",
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
    "garbage",
    "garbage-after",
]

REFUSING = frozenset(
    {
        "429",
        "lock",
        "concurrent-usage",
        "wrong-token",
        "unknown-description",
        "several-errors",
        "html-500",
        "close-before",
        "garbage",
    }
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
        times: at how many requests in a row it fires; 0 for all from there on, as a token that has become invalid.
        seen: requests that fitted so far.
        seed: what random bytes grow from.
    """

    fault: FaultName
    at: Annotated[int, msgspec.Meta(ge=1)] = 1
    method: str | None = None
    seconds: _Seconds = 0.0
    times: Annotated[int, msgspec.Meta(ge=0)] = 1
    seen: int = 0
    seed: int = 0


class RandomFaults(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """Faults at a share of the requests, the same for the same seed and the same order of requests.

    Attributes:
        share: of the requests that fit, from 0 for none to 1 for all.
        faults: one of them is drawn for each request that is hit; a name may stand several times to come more often.
        seed: what the draws grow from.
        seconds: as in :class:`Fault`, for those faults that take time.
        methods: only requests of these methods fit; None for all.
    """

    share: Annotated[float, msgspec.Meta(ge=0, le=1)]
    faults: Annotated[tuple[FaultName, ...], msgspec.Meta(min_length=1)]
    seed: int = 0
    seconds: _Seconds = 0.0
    methods: tuple[str, ...] | None = None


class FaultScript:
    """The faults that wait for their request: those of the script, and those that chance brings."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.fired: list[str] = []
        self.by_chance: RandomFaults | None = None
        self._random = random.Random(0)  # noqa: S311 - faults are no secret

    def add(self, script: bytes) -> int:
        """Append the faults of a JSON list, or let the faults of a JSON object come by chance from now on.

        Returns:
            How many faults the list has, or among how many kinds chance has the choice.

        Raises:
            msgspec.DecodeError: neither a list of faults nor random faults.
        """
        sent = msgspec.json.decode(script, type=list[Fault] | RandomFaults)
        if isinstance(sent, RandomFaults):
            self.by_chance = sent
            self._random = random.Random(sent.seed)  # noqa: S311 - as above
            return len(sent.faults)
        self.waiting.extend(sent)
        return len(sent)

    def next(self, method: str) -> Fault | None:
        """The fault for a request of that method; the first of the script where several fit, else one of chance."""
        drawn = self._draw(method)
        chosen = self._scripted(method) or drawn
        if chosen is not None:
            self.fired.append(chosen.fault)
        return chosen

    def _draw(self, method: str) -> Fault | None:
        chance = self.by_chance
        if chance is None or (chance.methods is not None and method not in chance.methods):
            return None
        # Drawn for each request that fits, hit or not: another share hits others of the same faults.
        hit, name, seed = self._random.random(), self._random.choice(chance.faults), self._random.getrandbits(32)
        return Fault(fault=name, seconds=chance.seconds, seed=seed) if hit < chance.share else None

    def _scripted(self, method: str) -> Fault | None:
        chosen = None
        for fault in list(self.waiting):
            if fault.method not in (None, method):
                continue
            fault.seen += 1
            if chosen is None and fault.seen >= fault.at:
                chosen = fault
                if 0 < fault.times <= fault.seen - fault.at + 1:
                    self.waiting.remove(fault)
        return chosen
