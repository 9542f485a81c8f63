"""The pace of sending: never faster than the service allows, over all processes of this user on this machine.

The service takes one request a second and address, in bursts of four, and one at a time of each API user (web service
reference, "limited to a maximum of 1 request per second per IP"). The rule kept here is

    a request starts no earlier than 4 seconds after the END of the answer to the fourth request before it.

The service saw that fourth request before its answer was complete, and it sees this one after its start: whatever the
line does to either, five requests never lie within four seconds. A window over the starts alone does not have this
property, because a request may travel slowly and the next ones fast.

What is known of the last requests stands in one small file a service address. It is written under a lock and replaced
whole; it is not forced to the disk, because only a crash of the machine loses it, and after a start of the machine the
first request waits the full time anyway. A turn holds the lock of its user for as long as it lasts and the system
releases locks of the dead, so an unfinished turn whose lock is free has no owner any more.

Where several programs wait, the organization whose last turn is longest ago is next, and they start a second apart, so
that a long import of one does not keep the others waiting; within an organization it is who waits longest. Who waits
says so in the file, and when it will look again; who does not look is passed over.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from filelock import FileLock, Timeout

from efimport.api.clock import Clock
from efimport.api.pace_state import BURST, PERIOD, Started, State, Waiting
from efimport.errors import SettingsError
from efimport.messages import message
from efimport.private_files import private_folder
from efimport.settings import is_loopback

MARGIN = 0.001
"""Seconds added to the period: two clocks that run differently fast, and rounding where times are subtracted."""
ABANDONED_WAIT = 10.0
"""Seconds in which the service may still be working on a request whose owner died, or whose line broke."""
POLL = 0.1
"""Seconds between two looks at something that another process will end."""
LOCK_SECONDS = 30.0
AFTER_YOU = 0.02
"""Seconds between two looks while somebody else is next."""


class Turn(msgspec.Struct, frozen=True):
    """The right to send one request now.

    Attributes:
        user: position of the user in the sequence that was asked for.
        finished: to be called when the answer was read, or surely nothing was sent; calling it twice does no harm.
        broken: to be called instead where the line broke: the service may still be working, and the user rests.
    """

    user: int
    finished: Callable[[], None]
    broken: Callable[[], None]


class Pace:
    """Grants turns.

    Args:
        folder: where the state is kept; one folder for all programs of this user.
        endpoint: address of the service. All addresses on the internet share one pace, because the service counts by
            the address of this machine; an endpoint on this machine has a pace of its own.
        clock: the time.
        organization: name of the organization; those who wait take turns by it.
        shared: whether several users of the machine share the folder; else it is for its owner alone.
        abandoned_wait: seconds since the start of a turn whose owner died, or since the line broke, before its user
            may start again.
        boot: identity of the start of the machine; found by itself for None.
    """

    def __init__(
        self,
        folder: Path,
        endpoint: str,
        *,
        clock: Clock,
        organization: str = "",
        shared: bool = False,
        abandoned_wait: float = ABANDONED_WAIT,
        boot: str | None = None,
    ) -> None:
        self._folder = folder
        self._endpoint = endpoint
        self._clock = clock
        self._abandoned_wait = abandoned_wait
        self._boot = boot if boot is not None else boot_identity()
        key = pace_key(endpoint)
        self._file = folder / f"{key}.json"
        self._key = key
        self._mode = 0o666 if shared else 0o600
        self._known = False
        self._organization = hashlib.sha256(f"{endpoint}\n{organization}".encode()).hexdigest()[:16]
        try:
            folder.mkdir(parents=True, exist_ok=True) if shared else private_folder(folder)
        except OSError as error:
            raise self._unusable(error) from error

    @contextmanager
    def turn(self, users: Sequence[str], sleep: Callable[[float], object] | None = None) -> Iterator[Turn]:
        """Waits until one of the users may send, and holds that user until the block ends.

        Args:
            users: names of the API users that may be used; the first that is free is taken.
            sleep: waits so many seconds, or raises to give up; None for the clock's.

        Raises:
            SettingsError: the state cannot be kept in the folder.
        """
        serial = uuid.uuid4().hex
        with contextlib.ExitStack() as held:
            granted = self.attempt(users, held, serial)
            try:
                while isinstance(granted, float):
                    (sleep or self._clock.sleep)(granted)
                    granted = self.attempt(users, held, serial)
            except BaseException:
                self._withdraw(serial)
                raise
            yield granted

    def attempt(self, users: Sequence[str], held: contextlib.ExitStack, serial: str) -> Turn | float:
        """A turn if one can start now, else the seconds after which to ask again.

        Args:
            users: names of the API users.
            held: keeps the lock of the user and the end of the turn; closing it ends the turn.
            serial: serial word of the waiting, the same at each attempt for one turn.
        """
        keys = [self._user_key(name) for name in users]
        free = [(position, lock) for position, lock in enumerate(map(self._lock, keys)) if self._acquired(lock)]
        try:
            with self._state() as state:
                granted = self._granted(state, serial, keys, [position for position, _ in free])
            if isinstance(granted, float):
                return granted
            position, started = granted
            lock = next(lock for place, lock in free if place == position)
            free.remove((position, lock))
            held.callback(lock.release)
            held.callback(self._finish, started)
            return Turn(position, partial(self._finish, started), partial(self._finish, started, resting=True))
        finally:
            for _, lock in free:
                lock.release()

    def _granted(self, state: State, serial: str, keys: list[str], free: list[int]) -> tuple[int, Started] | float:
        """Enters a new start of the first user that may, or how long to wait; the locks of the free ones are held."""
        ours = frozenset(keys[position] for position in free)
        now = self._clock.monotonic()
        state.tidy(now)
        everybody = max(self._full(state, ours), state.apart(self._organization, now))
        waits = [max(self._abandoned(state, keys[position]), everybody) for position in free]
        ready = [position for position, wait in zip(free, waits, strict=True) if wait <= 0]
        known = state.waiting.get(serial)
        own = Waiting(self._organization, keys, known.since if known else now, now)
        if ready and not state.is_after_somebody(own, serial, now):
            return ready[0], self._started(state, serial, keys[ready[0]], now)
        wait = AFTER_YOU if ready else max(min(waits, default=POLL), 0.001)
        own.looks = now + wait
        state.waiting[serial] = own
        return wait

    def _started(self, state: State, serial: str, user: str, now: float) -> Started:
        started = Started(uuid.uuid4().hex, user, now, organization=self._organization)
        state.last = [*state.last, started][-BURST:]
        state.unfinished[user] = now
        state.served[self._organization] = now
        state.waiting.pop(serial, None)
        return started

    def _withdraw(self, serial: str) -> None:
        """Nobody waits any more; should that fail, the others pass over it."""
        with contextlib.suppress(SettingsError), self._state() as state:
            state.waiting.pop(serial, None)

    def _abandoned(self, state: State, user: str) -> float:
        """Seconds to wait for a turn of this user that nobody ended; its lock is ours, so its owner is gone."""
        start = state.unfinished.get(user)
        if start is None:
            return 0.0
        self._close(state, user)
        wait = start + self._abandoned_wait - self._clock.monotonic()
        if wait <= 0:
            del state.unfinished[user]
        return wait

    def _full(self, state: State, ours: Collection[str]) -> float:
        """Seconds to wait for the fourth request before this one.

        Args:
            state: what is known.
            ours: users whose locks we hold; their unfinished turns have no owner any more.
        """
        if len(state.last) < BURST:
            return 0.0
        oldest = state.last[0]
        if oldest.end is None and oldest.user in ours:
            self._close(state, oldest.user)
        elif oldest.end is None:
            lock = self._lock(oldest.user)
            if not self._acquired(lock):
                return POLL
            try:
                self._close(state, oldest.user)
            finally:
                lock.release()
        assert oldest.end is not None
        return oldest.end + PERIOD + MARGIN - self._clock.monotonic()

    def _close(self, state: State, user: str) -> None:
        """Counts the requests of a user without an owner as ended now, when that is discovered."""
        for started in state.last:
            if started.user == user and started.end is None:
                started.end = self._clock.monotonic()

    def _finish(self, started: Started, *, resting: bool = False) -> None:
        """Enters the end of a turn, once; its user is free, or rests as if the turn had no owner any more."""
        if started.end is not None:
            return
        started.end = self._clock.monotonic()
        with self._state() as state:
            for known in state.last:
                if known.turn == started.turn:
                    known.end = started.end
            if state.unfinished.get(started.user) != started.start:
                return
            if resting:
                state.unfinished[started.user] = started.end
            else:
                del state.unfinished[started.user]

    @contextmanager
    def _state(self) -> Iterator[State]:
        """The state under its lock; what the block changed is written back."""
        try:
            lock = self._file.with_suffix(".lock")
            known = self._known or lock.exists()
            with FileLock(lock, timeout=LOCK_SECONDS, mode=self._mode, poll_interval=0.005):
                state = self._read(known=known)
                yield state
                self._write(state)
                self._known = True
        except (OSError, Timeout) as error:
            raise self._unusable(error) from error

    def _read(self, *, known: bool) -> State:
        """The state of this start of the machine.

        A file that is missing is the first use, unless something was known before. One that was removed, cannot be
        read, or tells of another start of the machine, says nothing about the last four seconds: they count as full.
        """
        try:
            state = msgspec.json.decode(self._file.read_bytes(), type=State)
        except FileNotFoundError:
            return self._full_state({}) if known else State(self._boot)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return self._full_state({})
        now = self._clock.monotonic()
        times = [time for known in state.last for time in (known.start, known.end or 0.0)]
        if state.boot != self._boot or max(times, default=0.0) > now:
            return self._full_state(dict.fromkeys(state.unfinished, now))
        return state

    def _full_state(self, unfinished: dict[str, float]) -> State:
        now = self._clock.monotonic()
        return State(self._boot, [Started("", "", now, now) for _ in range(BURST)], unfinished)

    def _write(self, state: State) -> None:
        temporary = self._file.with_suffix(f".{os.getpid()}.new")
        temporary.write_bytes(msgspec.json.encode(state))
        temporary.chmod(self._mode)
        temporary.replace(self._file)

    def _user_key(self, name: str) -> str:
        return hashlib.sha256(f"{self._endpoint}\n{name.upper()}".encode()).hexdigest()[:16]

    def _lock(self, user: str) -> FileLock:
        return FileLock(self._folder / f"{self._key}-{user}.lock", timeout=0, mode=self._mode, thread_local=False)

    def _acquired(self, lock: FileLock) -> bool:
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return False
        except OSError as error:
            raise self._unusable(error) from error
        return True

    def _unusable(self, error: Exception) -> SettingsError:
        return SettingsError(
            message("The pace of sending cannot be kept in {folder}: {error}", folder=self._folder, error=error),
            message("Make the folder writable; without it two programs could send too fast together."),
        )


def pace_key(endpoint: str) -> str:
    """Name of the pace that an endpoint belongs to: ``internet``, or the port of one on this machine."""
    parts = urlsplit(endpoint)
    if is_loopback(parts.hostname):
        return f"loopback-{parts.port or (443 if parts.scheme == 'https' else 80)}"
    return "internet"


def boot_identity() -> str:
    """Identity of the start of the machine that the monotonic clock counts from.

    Where the system has none, times in the future of the clock give a new start away (see ``Pace``).
    """
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return sys.platform
