"""One attempt: intent on the disk, request, result on the disk. And patience where the service did nothing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from efimport.delivery import products
from efimport.delivery.comparing import Comparison, Confirm, Verdict, looked_up_by
from efimport.delivery.stopping import Stop
from efimport.delivery.twins import may_be_a_twin
from efimport.delivery.waiting import Patience, StopAskedError
from efimport.errors import (
    BusyError,
    EfimportError,
    LoginError,
    NotSentError,
    SettingsError,
    UnknownOutcomeError,
)
from efimport.journal import Entry, Journal
from efimport.journal.points import around
from efimport.messages import Message, message
from efimport.planning.model import Repeat, is_repetition

if TYPE_CHECKING:
    from efimport.api.answers import Answer
    from efimport.api.client import Client, Turn
    from efimport.api.request import Request

BUSY_ATTEMPTS = 20
NOT_SENT_ATTEMPTS = 4
LONGEST_PAUSE = 30.0
"""Seconds between two attempts without a connection."""


class Attempted(msgspec.Struct, frozen=True):
    """What came of an attempt.

    Attributes:
        entries: the entries after it.
        stopper: why nothing was done, where nothing was; the run cannot go on then.
        undecided: numbers of the entries that were refused because the answer told of others in their request alone.
    """

    entries: tuple[Entry, ...]
    stopper: EfimportError | None = None
    undecided: frozenset[int] = frozenset()


class _Heard(NamedTuple):
    """Entries with the attempt entered, and the answer to it."""

    entries: tuple[Entry, ...]
    answer: Answer


class Sender:
    """Sends entries, each attempt entered before and after.

    Args:
        client: sends.
        journal: owned by this process.
        stop: asked between attempts.
        patience: waits between attempts.
        confirm: compares with what the service shows.
    """

    def __init__(self, client: Client, journal: Journal, *, stop: Stop, patience: Patience, confirm: Confirm) -> None:
        self._client = client
        self._journal = journal
        self._stop = stop
        self._patience = patience
        self._confirm = confirm

    def send(
        self, entries: Sequence[Entry], request: Request, granted: AbstractContextManager[Turn] | None = None
    ) -> Attempted:
        """Sends; where the service was busy or not to be reached, waits and tries again, a bounded number of times.

        Args:
            entries: what the request carries; planned, refused or unknown.
            request: the request whose bytes are in the spool.
            granted: the turn for the first attempt; None to wait for one.

        Raises:
            JournalError: the journal cannot be written. What was in flight is settled by the next run.
        """
        tried = 0
        attempted = Attempted(tuple(entries))
        while True:
            tried += 1
            try:
                with granted or self._patience.turn(self._client) as turn:
                    heard = self._exchange(turn, entries, request)
            except StopAskedError:
                return attempted
            granted = None
            # The turn is over: a comparison needs one of its own.
            attempted = heard if isinstance(heard, Attempted) else self._understood(heard, request)
            if not self._may_try_again(attempted.stopper, tried):
                return attempted

    def _may_try_again(self, stopper: EfimportError | None, tried: int) -> bool:
        """Waits after an attempt that did nothing; False where enough were made, or somebody wants to stop."""
        limit = {BusyError: BUSY_ATTEMPTS, NotSentError: NOT_SENT_ATTEMPTS}.get(type(stopper), 0)
        if tried >= limit or stopper is None:
            return False
        busy = isinstance(stopper, BusyError)
        seconds = self._client.busy_seconds(tried) if busy else min(2.0**tried, LONGEST_PAUSE)
        reason = message(
            "{why} It is tried again, {left} times at most.", why=sentence(stopper.reason), left=limit - tried
        )
        return self._patience.wait(seconds, reason)

    def _exchange(self, turn: Turn, entries: Sequence[Entry], request: Request) -> _Heard | Attempted:
        """One attempt, entered before and, where there is no answer to understand, after it."""
        numbers = [entry.id for entry in entries]
        endpoint = self._client.organization.endpoint
        entered = self._journal.sending_all(
            numbers, body=request.digest, method=request.method, username=turn.username, endpoint=endpoint
        )
        try:
            with around(self._journal.fail_point, "delivery.send"):
                answer = turn.send(request)
            self._journal.heard(numbers, turn.masked(answer.raw))
            return _Heard(entered, answer)
        except (BusyError, NotSentError, LoginError, SettingsError) as error:
            return Attempted(self._journal.not_sent_all(numbers, reason=_told(error)), error)
        except UnknownOutcomeError as error:
            self._journal.heard(numbers, turn.masked(error.raw))
            return Attempted(self._journal.unknown_all(numbers, reason=_told(error)))

    def _understood(self, heard: _Heard, request: Request) -> Attempted:
        """Enters what an answer means."""
        if not products.carries_many(request.method):
            return Attempted((self._judged(heard.entries[0], heard.answer),))
        judged = products.judge(heard.entries, heard.answer)
        return Attempted(self._journal.answered(judged.results), undecided=judged.undecided)

    def _judged(self, entry: Entry, answer: Answer) -> Entry:
        said = _said(answer)
        if answer.ok:
            return self._journal.accepted(entry.id, answer=said)
        if answer.kind != "already-exists" or entry.overwrites:
            return self._journal.refused(entry.id, answer=said)
        if is_repetition(entry.key):
            reason = message("The service keeps one document a number, and another one of this file has it.")
            return self._journal.refused(entry.id, answer=said, reason=reason)
        if not entry.doubted and entry.repeat is Repeat.CHECKABLE:
            reason = message(
                "The document inbox holds something of the same number or file name; compare it with this document."
            )
            return self._journal.refused(entry.id, answer=said, reason=reason)
        if not entry.doubted and entry.repeat is Repeat.BLIND:
            # What is created without a key of ours is found by its number alone, which another supplier may use too.
            reason = message("The service holds a document of the same number; compare it with this one.")
            return self._journal.refused(entry.id, answer=said, reason=reason)
        if not entry.doubted:
            return self._was_there(entry, said)
        return self._had_arrived(entry, said)

    def _was_there(self, entry: Entry, said: str) -> Entry:
        """The service had something of the key before this journal sent anything of it.

        Numbers of documents begin anew each year, and another document of the number must not let this one be passed
        over without a word. Codes of partners and products name one thing for good.
        """
        method = looked_up_by(entry)
        if method is not None and "number" in method.lookup_by:
            comparison = self._confirm(entry)
            if comparison.verdict is Verdict.DIFFERENT:
                reason = message(
                    "The service holds another document of the same number. {found}", found=comparison.said
                )
                return self._journal.refused(entry.id, answer=said, reason=reason)
        reason = message("The service holds it already; it was not sent by this journal.")
        return self._journal.refused(entry.id, answer=said, reason=reason, found=True)

    def _had_arrived(self, entry: Entry, said: str) -> Entry:
        """An earlier attempt was in doubt and now the service says that it has it: the evidence that it had arrived.

        The number alone may be that of another document, so the two are compared where the service shows what it has.
        """
        if may_be_a_twin(self._journal, entry):
            reason = message(
                "The service has something of this number, and the same file has another document of it that was sent "
                "as well: look which of the two is there."
            )
            self._journal.unknown(entry.id, reason=reason, answer=said)
            return self._journal.held(entry.id, reason=reason)
        comparison = self._confirm(entry)
        if comparison.verdict is Verdict.DIFFERENT:
            reason = message(
                "The service has something else under this number than what was sent. {found}", found=comparison.said
            )
            self._journal.unknown(entry.id, reason=reason, answer=said)
            return self._journal.held(entry.id, reason=reason)
        return self._journal.accepted(entry.id, answer=said, reason=_evidence(comparison))


def _evidence(comparison: Comparison) -> Message:
    if comparison.verdict is Verdict.EQUAL:
        return message(
            "An earlier attempt had arrived: the service says that it holds it. {found}", found=comparison.said
        )
    return message(
        "An earlier attempt had arrived: the service says that it holds it. Its number is the only evidence. {found}",
        found=comparison.said,
    )


def _told(error: EfimportError) -> Message:
    """What went wrong and what to do, in words that can still be translated."""
    if error.remedy is None:
        return message("{why}", why=error.reason)
    return message("{why} {remedy}", why=error.reason, remedy=error.remedy)


def sentence(text: str) -> str:
    """The text with an end, so that another sentence can follow."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _said(answer: Answer) -> str:
    """What the service said, word for word: the number or code it gave, its messages, or its refusal."""
    if not answer.ok:
        return answer.description or message("The service refused without giving a reason.")
    named = (answer.field(name) for name in ("number", "partnerCode", "productCode"))
    return "\n".join(text for text in (*named, *answer.messages) if text)
