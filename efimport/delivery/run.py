"""A run: every call of the plan in its order, and exactly one outcome for each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Self, TypeAlias

import msgspec

from efimport.delivery.attempting import Attempted, Confirm, Sender
from efimport.delivery.settling import Settler, hold_blind
from efimport.delivery.stopping import Stop, never
from efimport.errors import EfimportError, PlanChangedError
from efimport.journal import Admission, Entry, Journal, Stage, Step
from efimport.messages import message
from efimport.planning.model import Outcome, Plan, PlannedCall, Repeat, State

if TYPE_CHECKING:
    from efimport.api.client import Client, Turn

QUIET_SECONDS = 120.0
SETTLE_ROUNDS = 3
"""How often one run asks about the same call before it leaves it to the next run."""
SLICE = 0.25
"""Seconds between two looks at whether somebody wants to stop."""

Outcomes: TypeAlias = Generator[Outcome, None, None]


class Doubt(msgspec.Struct):
    """Something to settle.

    Attributes:
        entry: its entry.
        call: the call of the plan; None for what an earlier run left.
        rounds: how often this run has tried.
    """

    entry: Entry
    call: PlannedCall | None = None
    rounds: int = 0


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
        confirm: compares by a Get method what the service has; None for no comparison.
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
        self._ending = threading.Event()
        self._worst = 0
        self._sender = Sender(client, journal, stop=self._stopping, confirm=confirm)
        self._settler = Settler(client, journal, self._sender)
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
        unique, doubles = _without_doubles(self._plan)
        with self._journal.owned(wait=self._wait_for_owner):
            admissions = self._journal.admit(unique)
            taken = {one.entry.id for one in admissions if one.step in (Step.SEND, Step.SETTLE)}
            waiting = self._journal.waiting(self._plan.organization)
            doubts = [Doubt(entry) for entry in waiting if entry.id not in taken]
            yield from self._settle(doubts, patient=False)
            doubts += yield from self._send_all(admissions)
            for call in doubles:
                reason = message("The plan has another call for the same document; only the first was sent.")
                yield self._outcome(call, State.HELD, reason=reason)
            yield from self._settle(doubts, patient=True)

    def _stopping(self) -> bool:
        return self.stopped is not None or self._ending.is_set() or self._stop()

    def _send_all(self, admissions: Sequence[Admission]) -> Generator[Outcome, None, list[Doubt]]:
        doubts: list[Doubt] = []
        flights: dict[Future[Attempted], PlannedCall] = {}
        with ThreadPoolExecutor(self._lanes, thread_name_prefix="efimport-lane") as pool:
            try:
                for admission in admissions:
                    if admission.step is Step.SETTLE:
                        doubts.append(Doubt(admission.entry, admission.call))
                    elif admission.step is not Step.SEND:
                        yield self._decided(admission)
                    elif self._stopping():
                        yield self._not_begun(admission.call, admission.entry)
                    else:
                        flights[self._begin(pool, admission)] = admission.call
                        if len(flights) >= self._lanes:
                            yield from self._landed(flights, doubts)
                while flights:
                    yield from self._landed(flights, doubts)
            finally:
                self._ending.set()
        self._ending.clear()
        return doubts

    def _begin(self, pool: ThreadPoolExecutor, admission: Admission) -> Future[Attempted]:
        """Stores the bytes, waits for a turn, and lets a lane send: turns are taken in the order of the plan."""
        request = self._client.prepare(admission.call.call)
        if request.digest != admission.entry.digest:
            raise PlanChangedError(
                message("The request of {number} is no longer what was planned.", number=admission.call.id),
                message("Make the plan again; nothing of this call was sent."),
            )
        self._journal.spool.put(request.body)
        with ExitStack() as stack:
            turn = stack.enter_context(self._client.turn())
            return pool.submit(self._sender.send, admission.entry, request, _Granted(stack.pop_all(), turn))

    def _landed(self, flights: dict[Future[Attempted], PlannedCall], doubts: list[Doubt]) -> Outcomes:
        """The outcomes of the flights that are over; waits for one."""
        over, _ = wait(flights, return_when=FIRST_COMPLETED)
        for flight in [known for known in flights if known in over]:
            call = flights.pop(flight)
            attempted = flight.result()
            entry = attempted.entry
            if attempted.stopper is not None:
                self.stopped = self.stopped or attempted.stopper
                yield self._not_begun(call, entry)
            elif entry.stage is Stage.UNKNOWN and entry.repeat is not Repeat.BLIND:
                doubts.append(Doubt(entry, call))
            else:
                if entry.stage is Stage.UNKNOWN:
                    entry = hold_blind(self._journal, entry)
                yield self._outcome(call, entry.state, entry)

    # Settling

    def _settle(self, doubts: list[Doubt], *, patient: bool) -> Outcomes:
        """Settles in the order in which the quiet times end; takes what is done out of the list.

        Args:
            doubts: what to settle.
            patient: wait for quiet times that are not over; else only what can be settled now.
        """
        while doubts:
            doubt = min(doubts, key=self._still_to_wait)
            seconds = self._still_to_wait(doubt)
            if seconds > 0 and not patient:
                return
            if not self._waited(seconds):
                break
            doubt.rounds += 1
            attempted = self._settler.settle(doubt.entry)
            doubt.entry = attempted.entry
            self.stopped = self.stopped or attempted.stopper
            again = doubt.entry.stage is Stage.UNKNOWN and doubt.rounds < SETTLE_ROUNDS and not self._stopping()
            if not again:
                doubts.remove(doubt)
                yield from self._settled(doubt)
        for doubt in doubts if patient else ():
            yield from self._settled(doubt)

    def _still_to_wait(self, doubt: Doubt) -> float:
        """Seconds until an entry may be settled. Blind ones are not asked about, so they need no quiet time."""
        if doubt.entry.doubt is None or doubt.entry.repeat is Repeat.BLIND:
            return 0.0
        return max(0.0, self._quiet_time - self._journal.quiet_for(doubt.entry))

    def _waited(self, seconds: float) -> bool:
        """Waits; False where somebody wants to stop."""
        clock = self._journal.clock
        end = clock.monotonic() + seconds
        while not self._stopping():
            rest = end - clock.monotonic()
            if rest <= 0:
                return True
            clock.sleep(min(rest, SLICE))
        return False

    def _settled(self, doubt: Doubt) -> Outcomes:
        if doubt.call is not None:
            yield self._outcome(doubt.call, doubt.entry.state, doubt.entry)
            return
        self.recovered.append(doubt.entry)
        if self._on_recovered is not None:
            self._on_recovered(doubt.entry)

    # Outcomes

    def _decided(self, admission: Admission) -> Outcome:
        state = State.SKIPPED if admission.step is Step.SKIP else State.HELD
        return self._outcome(admission.call, state, admission.entry, reason=admission.reason)

    def _not_begun(self, call: PlannedCall, entry: Entry) -> Outcome:
        if self.stopped is not None:
            reason = message("Not sent, the run was stopped: {why}", why=self.stopped.reason)
        else:
            reason = message("Not sent, the run was stopped.")
        return self._outcome(call, entry.state, entry, reason=reason)

    def _outcome(
        self, call: PlannedCall, state: State, entry: Entry | None = None, *, reason: str | None = None
    ) -> Outcome:
        outcome = Outcome(
            call=call,
            state=state,
            answer=entry.answer if entry else None,
            reason=reason or (entry.reason if entry else None),
            attempts=entry.sent if entry else 0,
        )
        self._worst = max(self._worst, _status(state))
        if self._on_outcome is not None:
            self._on_outcome(outcome)
        return outcome


class _Granted(AbstractContextManager["Turn", None]):
    """A turn that was taken in one thread and ends in another."""

    def __init__(self, stack: ExitStack, turn: Turn) -> None:
        self._stack = stack
        self._turn = turn

    def __enter__(self) -> Turn:
        return self._turn

    def __exit__(self, *unused: object) -> None:
        self._stack.close()


def _status(state: State) -> int:
    if state in (State.ACCEPTED, State.SKIPPED):
        return 0
    return 3 if state in (State.UNKNOWN, State.HELD, State.SENDING) else 1


def _without_doubles(plan: Plan) -> tuple[Plan, list[PlannedCall]]:
    """The plan with the first call of each key, and the other ones. A plan gives each key once; this is the guard."""
    first: dict[str, PlannedCall] = {}
    doubles = [call for call in plan.calls if first.setdefault(call.key, call) is not call]
    return (msgspec.structs.replace(plan, calls=tuple(first.values())), doubles) if doubles else (plan, [])


deliver = Delivery
"""Sends the calls of a plan, in their order; what earlier runs left in doubt is settled as well."""


def recover(
    client: Client,
    journal: Journal,
    *,
    quiet_time: float = QUIET_SECONDS,
    confirm: Confirm | None = None,
    stop: Stop = never,
    wait_for_owner: float = 0.0,
) -> list[Entry]:
    """Settles what earlier runs of the client's organization left in doubt, and sends nothing else.

    Returns:
        the entries after it; what is still unknown or held is among them.

    Raises:
        JournalHeldError, JournalError: see :func:`deliver`.
        EfimportError: the login was refused or the service cannot be reached.
    """
    nothing = Plan(organization=client.organization.name, site=client.organization.site)
    delivery = Delivery(
        nothing, client, journal, quiet_time=quiet_time, confirm=confirm, stop=stop, wait_for_owner=wait_for_owner
    )
    for _ in delivery:
        pass
    if delivery.stopped is not None:
        raise delivery.stopped
    return delivery.recovered
