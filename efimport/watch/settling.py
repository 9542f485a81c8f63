"""When a dropped file is complete: nobody can promise it, so several signs must agree.

Size and time alone are no sign: a program may stop for longer than anybody waits, make the file in its full size first,
or set an old time. A file has settled when it has not changed for a while, no program has it open for writing, and it
ends as its format must. Where the system cannot tell of writers, or the format has no end, the while is twice as long;
what provably is unfinished never settles.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

import msgspec

from efimport.api.clock import Clock
from efimport.messages import Message, message
from efimport.watch.companions import can_have_companion, companies
from efimport.watch.endings import End, Ending, end_of
from efimport.watch.scanning import Listing, Seen, look_again
from efimport.watch.writers import being_written


class Settled(msgspec.Struct, frozen=True):
    """A file that is complete as far as anybody can tell.

    Attributes:
        seen: the file as it was when it settled; whoever reads it compares with it afterwards.
        end: what its end says.
        note: what people should know of that; None where the end is proved.
    """

    seen: Seen
    end: End
    note: Message | None = None


class Arriving(msgspec.Struct, frozen=True):
    """A file that is waited for.

    Attributes:
        seen: the file as it was at this look.
        reason: why it is not read yet, in plain words.
        since: seconds for which it has not changed.
        reported: whether it has been like that for so long that somebody should be told.
    """

    seen: Seen
    reason: Message
    since: float
    reported: bool = False


class Looked(msgspec.Struct, frozen=True):
    """What a look has found.

    Attributes:
        settled: files that may be read, in the order of the listing; told at every look until they are forgotten.
        arriving: all others.
        next_look: seconds until another look can find something else even if nothing changes; None for never.
    """

    settled: tuple[Settled, ...]
    arriving: tuple[Arriving, ...]
    next_look: float | None


class _Stage(Enum):
    QUIETING = auto()
    """It has changed, or was not seen before."""
    WATCHED = auto()
    """Quiet for long enough, and something is still in the way."""
    WHOLE = auto()
    """Settled by itself; a companion may be waited for."""
    GIVEN = auto()
    """Told as settled."""


_CHANGED = message("It changed a moment ago.")
_CHANGING = message("It keeps changing.")
_WRITTEN = message("Another program still has it open for writing.")
_UNCERTAIN = message("Whether it is complete cannot be told for certain, so it is waited for a little longer.")
_COMPANION = message("It is complete; a PDF or a statement of the same name may follow.")
_UNSETTLED = (_Stage.QUIETING, _Stage.WATCHED)
_SHORTEST = 0.01
"""Seconds between two looks at least; a clock that counts in fractions may fall short of a moment by a hair."""


class _File:
    """What is known of one file. Moments are those of the monotonic clock.

    Attributes:
        seen: the file as it was at the last look.
        since: first look at which its content was the present one.
        untouched: first look since which nothing about it has changed, its rights and the like included: a program that
            keeps the time of the original, and has made the file in full size, shows in nothing else.
        first: first look at which there was a file of this name.
        stage: how far it is.
        reason: why it is not told as settled.
        next_look: moment at which that can change by itself; None for never.
        ending: how it ends, as far as that was judged.
        judged: the file as it was then.
        judge_again: moment from which that judgement does not hold any more; None for never.
        written: whether somebody had it open for writing then; None where that could not be told.
        whole_since: when it settled by itself.
    """

    def __init__(self, seen: Seen, now: float, first: float | None = None) -> None:
        self.seen = seen
        self.since = now
        self.untouched = now
        self.first = now if first is None else first
        self.stage = _Stage.QUIETING
        self.reason = _CHANGED
        self.next_look: float | None = None
        self.ending: Ending | None = None
        self.judged: Seen | None = None
        self.judge_again: float | None = None
        self.written: bool | None = None
        self.whole_since = now

    def wait(self, reason: Message, next_look: float | None) -> None:
        """Something is in the way until then, or until the file changes."""
        self.reason, self.next_look = reason, next_look

    def has_judgement(self, now: float) -> bool:
        """Whether its end was judged, and nothing about the file has changed since then."""
        return (
            self.ending is not None
            and self.judged == self.seen
            and (self.judge_again is None or now < self.judge_again)
        )


class Settling:
    """Tells of one folder which files have settled. Every look is given a fresh listing of the folder.

    Args:
        clock: waiting goes by its monotonic time alone. Its wall time only tells, together with the time at which the
            file system says that a file was last changed, for how long a file had lain there before the first look.
        quiet: seconds without a change. On a share 15 are better: what another machine writes is seen late.
        unfinished: seconds after which a file that does not settle is reported, and one that does not end as its format
            should, but may be whole all the same, is taken.
        pair: seconds for which a file that has settled waits for a companion that is not there yet.
        single: whether it is looked only for a moment, as by a program that is started every few minutes: a file that
            may be whole then counts the time for which it has lain by the file system's word.
        end_of: tells how a file ends; raises OSError where it cannot be read.
        being_written: tells whether a program has a file open for writing; None where that cannot be told.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        quiet: float = 5.0,
        unfinished: float = 600.0,
        pair: float = 5.0,
        single: bool = False,
        end_of: Callable[[Path, int], Ending] = end_of,
        being_written: Callable[[Path], bool | None] = being_written,
    ) -> None:
        self._clock = clock
        self._quiet = quiet
        self._unfinished = unfinished
        self._pair = pair
        self._single = single
        self._end_of = end_of
        self._being_written = being_written
        self._files: dict[str, _File] = {}

    def look(self, listing: Listing) -> Looked:
        """Judge all files of a listing; those that are not in it any more are forgotten."""
        now = self._clock.monotonic()
        self._files = {seen.name: self._follow(seen, now) for seen in listing.files}
        for name, file in tuple(self._files.items()):
            if file.stage in _UNSETTLED:
                self._keep(name, self._judge(file, now))
        self._give(listing, now)
        return self._told(now)

    def forget(self, name: str) -> None:
        """Know nothing of a file any more: it was taken. If it is in the next listing, it is a new one."""
        self._files.pop(name, None)

    def _follow(self, seen: Seen, now: float) -> _File:
        known = self._files.get(seen.name)
        if known is None or _content(known.seen) != _content(seen):
            # One that had settled before is a new one.
            return _File(seen, now, known.first if known is not None and known.stage in _UNSETTLED else None)
        if known.seen.changed != seen.changed:
            known.untouched = now
        known.seen = seen
        return known

    def _keep(self, name: str, file: _File | None) -> None:
        if file is None:
            del self._files[name]
        else:
            self._files[name] = file

    def _judge(self, file: _File, now: float) -> _File | None:
        """Decide on a file that has not settled yet; a new one where it has changed, None where it is gone."""
        unchanged = now - file.since
        if unchanged < self._quiet or unchanged <= 0:
            file.wait(_CHANGED if now - file.first < self._unfinished else _CHANGING, file.since + self._quiet)
            return file
        file.stage = _Stage.WATCHED
        try:
            return self._decide(file, now)
        except FileNotFoundError:
            return None
        except OSError as error:
            file.wait(_unopened(error), now + self._quiet)
            return file

    def _decide(self, file: _File, now: float) -> _File | None:
        asked = not file.has_judgement(now)
        if asked:
            # First the writer: what one writes through a mapping into memory need not show in size and time, so an
            # end that is judged while there is one would be believed for ever.
            if self._has_writer(file, now):
                return file
            file.ending = self._end_of(file.seen.path, file.seen.size)
            file.judged = file.seen
            # Without a word about writers the same could happen; then it is judged again, ever more seldom.
            file.judge_again = None if file.written is False else now + max(now - file.since, self._quiet)
        assert file.ending is not None
        if file.ending.end is End.MISSING and (file.ending.strict or self._untouched_for(file, now) < self._unfinished):
            self._miss(file, file.ending, now)
            return file
        # Only beside a proof a touch, which changes neither size nor time, does not count.
        proved = file.ending.end is End.PROVED
        least = self._quiet if proved and file.written is False else 2 * self._quiet
        due = least + (file.since if proved else file.untouched)
        if now < due:
            file.wait(_UNCERTAIN, due)
            return file
        if not asked and self._has_writer(file, now):
            return file
        kept = self._confirmed(file)
        if kept is file:
            file.stage, file.whole_since = _Stage.WHOLE, now
        return kept

    def _untouched_for(self, file: _File, now: float) -> float:
        """Seconds without a change; who looks only for a moment has to believe the file system."""
        return self._lain(file, now) if self._single else now - file.untouched

    def _has_writer(self, file: _File, now: float) -> bool:
        file.written = self._being_written(file.seen.path)
        if file.written:
            file.ending = None
            file.wait(_WRITTEN, now + self._quiet)
        return bool(file.written)

    def _miss(self, file: _File, ending: Ending, now: float) -> None:
        """The end is not there; nothing is asked again before the file changes or a time is over."""
        moments = [now + self._unfinished - self._lain(file, now)]
        if not ending.strict:
            moments.append(file.untouched + self._unfinished)
        if file.judge_again is not None:
            moments.append(file.judge_again)
        reason = ending.expected or message("Its end is missing.")
        file.wait(reason, min((moment for moment in moments if moment > now), default=None))

    def _confirmed(self, file: _File) -> _File | None:
        """The same file if nothing about it has changed since the listing; else a new one, or None."""
        current = look_again(file.seen)
        if current is None or current == file.seen:
            return file if current else None
        return _File(current, self._clock.monotonic(), file.first)

    def _give(self, listing: Listing, now: float) -> None:
        """Tell what has settled and waits for no companion (any more)."""
        confirmed: set[str] = set()
        while True:
            ready = self._ready(listing, now)
            doubtful = [name for name in ready if name not in confirmed and self._files[name].whole_since < now]
            confirmed.update(doubtful)
            if not [name for name in doubtful if not self._is_still_whole(name, now)]:
                break
        for name in ready:
            self._files[name].stage = _Stage.GIVEN

    def _ready(self, listing: Listing, now: float) -> list[str]:
        whole = {name: file for name, file in self._files.items() if file.stage is _Stage.WHOLE}
        if not whole:
            return []
        belonging = companies(self._files, listing.left_alone)
        return [name for name, file in whole.items() if not self._waits(name, file, belonging.get(name), now)]

    def _waits(self, name: str, file: _File, company: frozenset[str] | None, now: float) -> bool:
        """Whether a file that has settled waits for a companion."""
        if company is None:
            deadline = file.whole_since + self._pair
            if not can_have_companion(name) or now >= deadline:
                return False
            file.wait(_COMPANION, deadline)
            return True
        pending = sorted(one for one in company if self._is_pending(one))
        # All of a company go together, so the one that has waited for the longest decides.
        deadline = self._unfinished + min(
            self._files[one].whole_since
            for one in company
            if one in self._files and self._files[one].stage is _Stage.WHOLE
        )
        if not pending or now >= deadline:
            return False
        reason = message(
            "It is complete and waits for {name}, which belongs to it and is still arriving.", name=pending[0]
        )
        file.wait(reason, deadline)
        return True

    def _is_pending(self, name: str) -> bool:
        file = self._files.get(name)
        return file is None or file.stage in _UNSETTLED

    def _is_still_whole(self, name: str, now: float) -> bool:
        """Whether a file that has waited for a companion is what it was when it settled."""
        file = self._files[name]
        file.stage = _Stage.WATCHED
        if self._has_writer(file, now):
            return False
        try:
            kept = self._confirmed(file)
        except OSError as error:
            file.wait(_unopened(error), now + self._quiet)
            return False
        if kept is file:
            file.stage = _Stage.WHOLE
        self._keep(name, kept)
        return kept is file

    def _told(self, now: float) -> Looked:
        settled, arriving, moments = [], [], []
        for file in self._files.values():
            if file.stage is _Stage.GIVEN:
                assert file.ending is not None
                settled.append(Settled(file.seen, file.ending.end, _note(file.ending)))
                continue
            lain = self._lain(file, now)
            is_late = (file.stage is _Stage.WATCHED and lain >= self._unfinished) or file.reason is _CHANGING
            arriving.append(Arriving(file.seen, file.reason, lain, is_late))
            if file.next_look is not None:
                moments.append(file.next_look)
        next_look = max(min(moments) - now, _SHORTEST) if moments else None
        return Looked(tuple(settled), tuple(arriving), next_look)

    def _lain(self, file: _File, now: float) -> float:
        """Seconds without a change: what we have seen ourselves, or more where the file system says so."""
        return max(now - file.since, self._clock.time() - file.seen.changed / 1e9)


def _content(seen: Seen) -> tuple[int, int, int, int]:
    """What changes with the content of a file, but not with its rights."""
    return seen.size, seen.modified, seen.inode, seen.device


def _unopened(error: OSError) -> Message:
    return message("It cannot be opened ({reason}).", reason=error.strerror or type(error).__name__)


def _note(ending: Ending) -> Message | None:
    if ending.end is End.PROVED:
        return None
    if ending.expected is None:
        return message(
            "Files of this kind have no mark at their end; it was read when nobody had changed it for a while."
        )
    return message("It was read although it does not end as it should: {missing}", missing=ending.expected)
