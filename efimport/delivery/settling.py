"""Settling what may have arrived: by what the method allows, after a quiet time, never by guess."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from efimport.api.call import Attribute, Call, Parameter
from efimport.delivery import products
from efimport.delivery.asking import Asker
from efimport.delivery.attempting import Attempted, Sender
from efimport.delivery.comparing import Comparer, Comparison, Verdict, looked_up_by
from efimport.delivery.twins import may_be_a_twin
from efimport.delivery.waiting import StopAskedError
from efimport.errors import LoginError, NotSentError, RefusedError, SettingsError, UnknownOutcomeError
from efimport.journal import Entry, Journal, Stage
from efimport.messages import Message, message
from efimport.planning.model import Repeat
from efimport.planning.single import is_named_by_caller

if TYPE_CHECKING:
    from efimport.api.answers import Answer

LOOKUP_METHOD = "DocumentInboxList"
_FIELDS = {"fileName": ("fileName",), "documentNumber": ("documentNumber", "number")}
"""Parameter of the look-up, and the fields of an entry of the answer that it is compared with."""


class Found(StrEnum):
    """What a look-up told."""

    THERE = "there"
    ABSENT = "absent"
    UNCLEAR = "unclear"


class Settler:
    """Settles entries of unknown outcome.

    Args:
        asker: looks up.
        journal: owned by this process.
        sender: sends again where that is safe.
        comparer: compares what is found with what was sent.
    """

    def __init__(self, asker: Asker, journal: Journal, sender: Sender, comparer: Comparer) -> None:
        self._asker = asker
        self._journal = journal
        self._sender = sender
        self._comparer = comparer

    def settle(self, entries: Sequence[Entry]) -> Attempted:
        """Settles what went in one request as far as that is possible now; the quiet time is over (or it is blind).

        Returns:
            the entries after it; still unknown where the service could not be asked or the repetition is in doubt too.
        """
        first = entries[0]
        if products.carries_many(first.method):
            return self._many_again(entries)
        if first.stage is Stage.PLANNED:
            return self._again(entries)
        if first.repeat is Repeat.BLIND:
            return self._blind(first)
        if first.repeat is Repeat.SAFE_BY_KEY:
            return self._again(entries)
        return self._looked_up(first)

    def _blind(self, entry: Entry) -> Attempted:
        """What is never sent again: looked at where the service shows it, else left to a person."""
        if not is_asked_about(entry):
            return Attempted((hold_blind(self._journal, entry),))
        try:
            comparison = self._comparer.look(entry)
        except (UnknownOutcomeError, StopAskedError):
            return Attempted((entry,))
        except (NotSentError, LoginError, SettingsError, RefusedError) as error:
            return Attempted((entry,), error)
        if comparison.verdict is Verdict.EQUAL and not may_be_a_twin(self._journal, entry):
            reason = message("It had arrived. {found}", found=comparison.said)
            return Attempted((self._journal.accepted(entry.id, reason=reason),))
        return Attempted((self._journal.held(entry.id, reason=_for_a_person(entry, comparison)),))

    def _looked_up(self, entry: Entry) -> Attempted:
        question = _question(entry)
        if question is None:
            reason = message("It may have arrived, and it has neither a number nor a file name to look it up by.")
            return Attempted((self._journal.held(entry.id, reason=reason),))
        name, value = question
        call = Call(LOOKUP_METHOD, (Parameter(name, Attribute(value)),))
        try:
            found = read_lookup(self._asker.ask(call), name, value)
        except (UnknownOutcomeError, StopAskedError):
            return Attempted((entry,))
        except (NotSentError, LoginError, SettingsError, RefusedError) as error:
            return Attempted((entry,), error)
        if found is Found.THERE and is_named_by_caller(entry.key):
            # The names that efimport makes end with the digest of the content; this one may be that of another file.
            reason = message(
                "It may have arrived: the document inbox lists a file of this name, which may be another one. Look "
                "into it; then use `efimport journal resolve {number} --arrived` or `--not-arrived`.",
                number=entry.id,
            )
            return Attempted((self._journal.held(entry.id, reason=reason),))
        if found is Found.THERE:
            reason = message("It had arrived: the document inbox lists it.")
            return Attempted((self._journal.accepted(entry.id, reason=reason),))
        if found is Found.ABSENT:
            return self._again((entry,))
        reason = message("It may have arrived, and the list of the document inbox does not tell whether it did.")
        return Attempted((self._journal.held(entry.id, reason=reason),))

    def _many_again(self, entries: Sequence[Entry]) -> Attempted:
        """Many things that went in one request: sent again together.

        Where the request overwrites what is there, all that it carried must still be in doubt: what a person has
        settled since may have been replaced by something newer.
        """
        first = entries[0]
        settled = self._journal.went_with(first.body) - {entry.id for entry in entries}
        if not first.overwrites or not settled:
            return self._again(entries)
        return self._hold(
            entries, message("It may have arrived; sent again it would overwrite what was settled since then.")
        )

    def _again(self, entries: Sequence[Entry]) -> Attempted:
        """Sends the very same bytes again."""
        from efimport.api.request import Request

        first = entries[0]
        body = self._journal.spool.get(first.body)
        if body is not None:
            return self._sender.send(entries, Request.of(first.method, body, first.repeat.value))
        return self._hold(
            entries, message("It may have arrived, and its bytes are no longer in the spool to ask again with them.")
        )

    def _hold(self, entries: Sequence[Entry], reason: str) -> Attempted:
        """Holds what is in doubt. Of what is planned nothing is there: its file can simply be imported again."""
        doubtful = [entry.id for entry in entries if entry.stage is not Stage.PLANNED]
        held = self._journal.held_all(doubtful, reason=reason) if doubtful else ()
        return Attempted((*(entry for entry in entries if entry.stage is Stage.PLANNED), *held))


def is_asked_about(entry: Entry) -> bool:
    """Whether the service is asked what became of it, after the quiet time; what is not is held at once."""
    return entry.repeat is not Repeat.BLIND or looked_up_by(entry) is not None


def _for_a_person(entry: Entry, comparison: Comparison) -> Message:
    """What was found, so that the decision is a matter of a second."""
    if comparison.verdict is Verdict.ABSENT:
        return message(
            "It seems not to have arrived. {found} To send it: `efimport journal resolve {number} --not-arrived`; "
            "if it is there all the same: `--arrived`.",
            found=comparison.said,
            number=entry.id,
        )
    if comparison.verdict is Verdict.EQUAL:
        return message(
            "It may have arrived. {found} But the same file has another document of this number, which may be what is "
            "there. Look how many there are; then use `efimport journal resolve {number} --arrived` or "
            "`--not-arrived`.",
            found=comparison.said,
            number=entry.id,
        )
    if comparison.verdict is Verdict.DIFFERENT:
        return message(
            "Something else is there under its number. {found} Look which is right; then use "
            "`efimport journal resolve {number} --arrived` or `--not-arrived`.",
            found=comparison.said,
            number=entry.id,
        )
    return message(
        "It may have arrived. {found} Look into the books; then use `efimport journal resolve {number} --arrived` or "
        "`--not-arrived`.",
        found=comparison.said,
        number=entry.id,
    )


def hold_blind(journal: Journal, entry: Entry) -> Entry:
    """Holds what the service gives no way to ask about."""
    reason = message(
        "It may have arrived, and the service has no way to ask. Look into the books; then use "
        "`efimport journal resolve {number} --arrived` or `--not-arrived`.",
        number=entry.id,
    )
    return journal.held(entry.id, reason=reason)


def read_lookup(answer: Answer, name: str, value: str) -> Found:
    """What the answer to a look-up tells about the document.

    Only an entry that names exactly what was asked for is the document: the service may search for parts of a name.

    Args:
        answer: of DocumentInboxList.
        name: parameter that was asked by.
        value: what was asked for.
    """
    if not answer.ok:
        return Found.ABSENT if answer.kind == "not-found" else Found.UNCLEAR
    named = [str(element.value or "").strip() for field in _FIELDS[name] for element in answer.find(field)]
    if value.strip() in named:
        return Found.THERE
    if named:
        return Found.ABSENT
    return Found.UNCLEAR if any(element.children for element in answer.elements) else Found.ABSENT


def _question(entry: Entry) -> tuple[str, str] | None:
    if entry.file_name:
        return "fileName", entry.file_name
    if entry.number:
        return "documentNumber", entry.number
    return None
