"""A run: every call of the plan in its order, and exactly one outcome for each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Self, TypeAlias

import msgspec

from efimport.delivery.asking import Asker
from efimport.delivery.attempting import Attempted, Sender
from efimport.delivery.comparing import Comparer, Confirm
from efimport.delivery.lanes import Lanes
from efimport.delivery.outcomes import Tally
from efimport.delivery.settling import Settler, hold_blind, is_asked_about
from efimport.delivery.stopping import Stop, never
from efimport.delivery.units import Doubt, Granted, Unit, by_request, units_of, without_doubles
from efimport.delivery.waiting import Patience, StopAskedError, Tell
from efimport.errors import BusyError, EfimportError, NotSentError, PlanChangedError
from efimport.journal import Admission, Entry, Journal, Stage, Step
from efimport.messages import message
from efimport.planning.batches import gathered
from efimport.planning.model import Outcome, Plan, PlannedCall, State

if TYPE_CHECKING:
    from efimport.api.client import Client
    from efimport.api.request import Request

QUIET_SECONDS = 120.0
SETTLE_ROUNDS = 3
"""How often one run asks about the same call before it leaves it to the next run."""
REST_ROUNDS = 10
"""How often one run sends again what answers to requests of many leave open."""

Outcomes: TypeAlias = Generator[Outcome, None, None]
Flights: TypeAlias = list[Future[Attempted]]


class Delivery(Iterator[Outcome]):
    """The outcomes of a plan, one a call, in the order in which they become known.

    Going through it sends. Ending early (``close``, or leaving the loop) finishes what is in flight; what was not
    begun stays planned in the journal and the next run takes it up.

    Args:
        plan: the calls; each ends in exactly one outcome.
        client: sends, at the pace of the service.
        journal: what was sent before, and where everything is entered.
        quiet_time: seconds after the last moment at which the service may have received a request of unknown outcome,
            before that is settled; longer than the service's longest processing.
        lanes: requests in flight at the same time; None for one an API user.
        on_outcome: called with each outcome before it is given out.
        on_recovered: called with each entry of an earlier run that was settled or held.
        on_waiting: called when a wait begins that people would wonder about, from any thread.
        confirm: compares what the service shows with what was sent; None for the comparison by the look-up of the
            method, ``efimport.delivery.comparing.not_compared`` for none.
        stop: asked between requests; True ends the run politely.
        wait_for_owner: seconds to wait for another process that owns the journal.

    Attributes:
        stopped: why the run was ended before its time: the login, the network, a service that stays busy; None where
            it was not. The calls that were not sent for that reason have the state planned.
        recovered: what earlier runs had left in doubt and this one settled or held, without the calls of the plan.

    Raises:
        JournalHeldError: when the first outcome is asked for: another process owns the journal.
        JournalError: the journal cannot be read or written; nothing is sent that cannot be entered.
        PlanChangedError: a request differs from what was planned.
        CallError: a call cannot be written.
    """

    def __init__(
        self,
        plan: Plan,
        client: Client,
        journal: Journal,
        *,
        quiet_time: float = QUIET_SECONDS,
        lanes: int | None = None,
        on_outcome: Callable[[Outcome], None] | None = None,
        on_recovered: Callable[[Entry], None] | None = None,
        on_waiting: Tell | None = None,
        confirm: Confirm | None = None,
        stop: Stop = never,
        wait_for_owner: float = 0.0,
    ) -> None:
        self.stopped: EfimportError | None = None
        self.recovered: list[Entry] = []
        self._plan = plan
        self._client = client
        self._journal = journal
        self._quiet_time = quiet_time
        self._lanes = max(1, lanes or len(client.organization.users))
        self._on_outcome = on_outcome
        self._on_recovered = on_recovered
        self._stop = stop
        self._wait_for_owner = wait_for_owner
        self._tallies: dict[str, Tally] = {}
        self._parts: dict[int, tuple[PlannedCall, PlannedCall]] = {}
        self._rest: list[Entry] = []
        self._ending = threading.Event()
        self._worst = 0
        patience = Patience(client.clock, self._stopping, on_waiting)
        asker = Asker(client, patience)
        comparer = Comparer(asker, journal)
        self._patience = patience
        self._quiet = Patience(journal.clock, self._stopping, on_waiting)
        self._sender = Sender(
            client, journal, stop=self._stopping, patience=patience, confirm=confirm or comparer.confirm
        )
        self._settler = Settler(asker, journal, self._sender, comparer)
        self._outcomes = self._run()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Outcome:
        return next(self._outcomes)

    def close(self) -> None:
        """Ends the run: what is in flight is finished and entered."""
        self._outcomes.close()

    @property
    def exit_status(self) -> int:
        """0 all is there, 1 something was refused or not sent, 3 an outcome is unknown or held; of what came so far."""
        if any(entry.needs_a_person for entry in self.recovered):
            return 3
        return max(self._worst, 1 if self.stopped is not None else 0)

    # The run

    def _run(self) -> Outcomes:
        unique, doubles = without_doubles(self._plan)
        with self._journal.owned(wait=self._wait_for_owner):
            units = units_of(unique.calls, self._journal.admit(unique))
            self._expect(units)
            doubts = self._waiting(units)
            yield from self._settle([doubt for doubt in doubts if not self._is_awaited(doubt)], doubts, patient=False)
            yield from self._send_all(units, doubts)
            for call in doubles:
                reason = message("The plan has another call for the same document; only the first was sent.")
                yield self._told(Outcome(call=call, state=State.HELD, reason=reason))
            yield from self._settle(doubts, doubts, patient=True)
            yield from self._ask_of_the_rest(unique, doubts)

    def _expect(self, units: Sequence[Unit]) -> None:
        """Remember which entries are told of with which call."""
        for unit in units:
            self._tallies[unit.call.key] = Tally(unit.call)
            for admission in unit.admissions:
                if admission.step in (Step.SEND, Step.SETTLE):
                    self._parts[admission.entry.id] = (unit.call, admission.call)

    def _waiting(self, units: Sequence[Unit]) -> list[Doubt]:
        """What earlier runs left in doubt, by the request that it went in; without what this run sends."""
        sent = {one.entry.id for unit in units for one in unit.admissions if one.step is Step.SEND}
        waiting = [one for one in self._journal.waiting(self._plan.organization) if one.id not in sent]
        known = {one.id for one in waiting}
        waiting += [
            one.entry
            for unit in units
            for one in unit.admissions
            if one.step is Step.SETTLE and one.entry.id not in known
        ]
        return by_request(waiting)

    def _is_awaited(self, doubt: Doubt) -> bool:
        return any(entry.id in self._parts for entry in doubt.entries)

    def _stopping(self) -> bool:
        return self.stopped is not None or self._ending.is_set() or self._stop()

    def _send_all(self, units: Sequence[Unit], doubts: list[Doubt]) -> Outcomes:
        flights: Flights = []
        with Lanes() as lanes:
            try:
                for unit in units:
                    sent = [one for one in unit.admissions if one.step is Step.SEND]
                    yield from self._decided(unit)
                    flight = self._begin(lanes, unit, sent) if sent else None
                    if flight is not None:
                        flights.append(flight)
                        if len(flights) >= self._lanes:
                            yield from self._landed(flights, doubts)
                    elif sent:
                        yield from self._not_begun([one.entry for one in sent])
                while flights:
                    yield from self._landed(flights, doubts)
            finally:
                self._ending.set()
        self._ending.clear()

    def _begin(self, lanes: Lanes, unit: Unit, sent: Sequence[Admission]) -> Future[Attempted] | None:
        """Stores the bytes, waits for a turn, and lets a lane send: turns are taken in the order of the plan.

        None where somebody wants to stop: nothing of it is sent.

        What is left of a call of which a part is there already is put together as the plan puts calls together.
        """
        if self._stopping():
            return None
        whole = len(sent) == len(unit.call.parts)
        call = unit.call if whole else gathered([one.call for one in sent], unit.call.id)
        request = self._client.prepare(call.call)
        # Of a call of one thing the journal says which request it is.
        if request.call_digest != (call.digest if call.members else sent[0].entry.digest):
            raise PlanChangedError(
                message("The request of {number} is no longer what was planned.", number=call.id),
                message("Make the plan again; nothing of this call was sent."),
            )
        self._journal.spool.put(request.body)
        entries = tuple(one.entry for one in sent)
        with ExitStack() as stack:
            try:
                turn = stack.enter_context(self._patience.turn(self._client))
            except StopAskedError:
                return None
            return lanes.begin(self._sent, entries, request, Granted(stack.pop_all(), turn))

    def _sent(self, entries: Sequence[Entry], request: Request, granted: Granted) -> Attempted:
        """Sends, in a lane, which owns the journal too: who insists on ending leaves the lane behind."""
        with closing(granted), self._journal.owned():
            return self._sender.send(entries, request, granted)

    def _landed(self, flights: Flights, doubts: list[Doubt]) -> Outcomes:
        """The outcomes of the flights that are over; waits for one."""
        over, _ = wait(flights, return_when=FIRST_COMPLETED)
        for flight in [known for known in flights if known in over]:
            flights.remove(flight)
            attempted = flight.result()
            if attempted.stopper is not None:
                self._stopped_by(attempted.stopper)
                yield from self._not_begun(attempted.entries)
                continue
            unclear = [entry for entry in attempted.entries if entry.stage is Stage.UNKNOWN]
            if unclear and is_asked_about(unclear[0]):
                doubts.append(Doubt(tuple(unclear)))
            else:
                yield from self._over(attempted)

    def _stopped_by(self, fault: EfimportError) -> None:
        """What nothing could be done for ends the run, unless somebody ended it before it was tried often enough."""
        if not (self._stop() and isinstance(fault, BusyError | NotSentError)):
            self.stopped = self.stopped or fault

    # Settling

    def _settle(self, some: list[Doubt], doubts: list[Doubt], *, patient: bool) -> Outcomes:
        """Settles in the order in which the quiet times end.

        Args:
            some: what to settle.
            doubts: all that there is to settle; what is done is taken out of it.
            patient: wait for quiet times that are not over; else only what can be settled now.
        """
        left = list(some)
        while left:
            doubt = min(left, key=self._still_to_wait)
            seconds = self._still_to_wait(doubt)
            if seconds > 0 and not patient:
                return
            if not self._waited(seconds, len(left)):
                break
            doubt.rounds += 1
            attempted = self._settler.settle(doubt.entries)
            doubt.entries = attempted.entries
            if attempted.stopper is not None:
                self._stopped_by(attempted.stopper)
            unclear = any(entry.stage is Stage.UNKNOWN for entry in doubt.entries)
            if not (unclear and doubt.rounds < SETTLE_ROUNDS and not self._stopping()):
                left.remove(doubt)
                doubts.remove(doubt)
                yield from self._over(attempted)
        for doubt in left if patient else ():
            doubts.remove(doubt)
            yield from self._over(Attempted(doubt.entries))

    def _still_to_wait(self, doubt: Doubt) -> float:
        """Seconds until entries may be settled. What the service is not asked about needs no quiet time."""
        return max(
            max(0.0, self._quiet_time - self._journal.quiet_for(entry))
            if entry.doubt is not None and is_asked_about(entry)
            else 0.0
            for entry in doubt.entries
        )

    def _waited(self, seconds: float, count: int) -> bool:
        """Waits for the end of a quiet time; False where somebody wants to stop."""
        reason = message(
            "What became of {count} requests is not known. They may be under way at the service until the quiet time "
            "is over; then it is asked.",
            count=count,
        )
        return self._quiet.wait(seconds, reason)

    def _ask_of_the_rest(self, plan: Plan, doubts: list[Doubt]) -> Outcomes:
        """Sends again what an answer left open that named others of the same request, without those that it named.

        Each answer names some of them, so that the requests become smaller; what is left after some rounds is told
        as refused, and the next run goes on.
        """
        for _ in range(REST_ROUNDS):
            rest, self._rest = self._rest, []
            if not rest or self._stopping():
                self._rest = rest
                break
            parts = [self._parts[entry.id] for entry in rest]
            admitted = self._journal.admit(msgspec.structs.replace(plan, calls=tuple(part for _, part in parts)))
            by_call: dict[str, list[Admission]] = {}
            calls = {call.key: call for call, _ in parts}
            for (call, _), admission in zip(parts, admitted, strict=True):
                by_call.setdefault(call.key, []).append(admission)
            units = [Unit(calls[key], tuple(admissions)) for key, admissions in by_call.items()]
            yield from self._send_all(units, doubts)
            yield from self._settle(doubts, doubts, patient=True)
        for entry in self._rest:
            yield from self._tell(entry, entry.state)

    # Outcomes

    def _decided(self, unit: Unit) -> Outcomes:
        """What is said of a call before anything of it is sent: what is there already, what waits for a person."""
        for admission in unit.admissions:
            if admission.step in (Step.SKIP, Step.HOLD):
                state = State.SKIPPED if admission.step is Step.SKIP else State.HELD
                yield from self._part_told(unit.call, admission.call, state, admission.entry, admission.reason)

    def _not_begun(self, entries: Sequence[Entry]) -> Outcomes:
        if self.stopped is not None:
            reason = message("Not sent, the run was stopped: {why}", why=self.stopped.reason)
        else:
            reason = message("Not sent, the run was stopped.")
        for entry in entries:
            yield from self._tell(entry, entry.state, reason)

    def _over(self, attempted: Attempted) -> Outcomes:
        """What is over for this run, save what the service left open."""
        for found in attempted.entries:
            entry = found
            if entry.id in attempted.undecided and entry.id in self._parts:
                self._rest.append(entry)
                continue
            if entry.stage is Stage.UNKNOWN and not is_asked_about(entry):
                entry = hold_blind(self._journal, entry)
            yield from self._tell(entry, entry.state)

    def _tell(self, entry: Entry, state: State, reason: str | None = None) -> Outcomes:
        """What became of an entry: a part of a call of the plan, or something that an earlier run had left."""
        if entry.id in self._parts:
            call, part = self._parts[entry.id]
            yield from self._part_told(call, part, state, entry, reason)
            return
        self.recovered.append(entry)
        if self._on_recovered is not None:
            self._on_recovered(entry)

    def _part_told(
        self, call: PlannedCall, part: PlannedCall, state: State, entry: Entry, reason: str | None
    ) -> Outcomes:
        outcome = self._tallies[call.key].tell(part, state, entry, reason)
        if outcome is not None:
            yield self._told(outcome)

    def _told(self, outcome: Outcome) -> Outcome:
        self._worst = max(self._worst, _status(outcome.state))
        if self._on_outcome is not None:
            self._on_outcome(outcome)
        return outcome


def _status(state: State) -> int:
    if state in (State.ACCEPTED, State.SKIPPED):
        return 0
    return 3 if state in (State.UNKNOWN, State.HELD, State.SENDING) else 1


deliver = Delivery
"""Sends the calls of a plan, in their order; what earlier runs left in doubt is settled as well."""
