"""What is said after a run besides its report: earlier runs, trials, why it ended early, and what a person must do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from efimport.cli.session import Session
from efimport.errors import EfimportError
from efimport.messages import message
from efimport.planning.model import Outcome, Plan, PlannedCall, State
from efimport.report.words import STATES

if TYPE_CHECKING:
    from efimport.journal import Entry, Journal

NEEDS_A_PERSON = frozenset({State.UNKNOWN, State.HELD, State.SENDING})

EXAMPLES = 5
MOST_SHOWN = 20
"""Entries of the journal that are listed one by one: a changed price list can leave thousands to a person."""


def known_to_the_journal(journal: Journal, calls: Sequence[PlannedCall], outcomes: Sequence[Outcome]) -> list[Outcome]:
    """What a run that broke off did not tell: the calls that the journal knows to have left, each with its state."""
    from efimport.delivery.known import known_outcome, newest_entry
    from efimport.planning.batches import composed

    told = {outcome.call.id for outcome in outcomes}
    found = []
    for call in calls:
        parts = [] if call.id in told else [(part, newest_entry(journal, part)) for part in call.parts]
        if any(entry is not None and entry.state is not State.PLANNED for _, entry in parts):
            outcomes_of_parts = tuple(known_outcome(part, entry) for part, entry in parts)
            found.append(composed(call, outcomes_of_parts) if call.members else outcomes_of_parts[0])
    return found


def entries_that_need_a_person(
    journal: Journal, outcomes: Sequence[Outcome], recovered: Sequence[Entry]
) -> list[Entry]:
    """The entries of the journal that a person must settle, those of earlier runs first."""
    entries = [entry for entry in recovered if entry.needs_a_person]
    for outcome in (part for whole in outcomes for part in (whole.members or (whole,))):
        if outcome.state in NEEDS_A_PERSON:
            revisions = journal.find(outcome.call.key)
            if revisions and revisions[-1].needs_a_person:
                entries.append(revisions[-1])
    return list({entry.id: entry for entry in entries}.values())


def say_recovered(session: Session, recovered: Sequence[Entry]) -> None:
    """Calls of earlier runs that this run settled; the report of its plan does not hold them."""
    text = session.catalogue.text
    for entry in recovered:
        session.say(
            message(
                "From an earlier run: {method} {number}: {state}. {reason}",
                method=entry.method,
                number=entry.number or entry.file_name or entry.key,
                state=text(STATES[entry.state]),
                reason=text(entry.reason) if entry.reason else "",
            )
        )


def say_earlier_trial(session: Session, outcomes: Sequence[Outcome]) -> None:
    """That "already there" means an earlier trial, whose sandbox is gone."""
    parts = (part for whole in outcomes for part in (whole.members or (whole,)))
    skipped = sum(part.state is State.SKIPPED for part in parts)
    if skipped:
        session.say(
            message(
                "Already there ({count}): an earlier trial sent them to a sandbox, and the journal remembers it, as it "
                "would for the service. To try as if nothing had been sent yet, add --fresh.",
                count=skipped,
            )
        )


def say_what_went_without(session: Session, plan: Plan, outcomes: Sequence[Outcome]) -> None:
    """Documents that went though the service has not taken a partner or a product that they name."""
    from efimport.planning.dependents import went_without

    calls = went_without(plan, outcomes)
    if not calls:
        return
    shown = ", ".join(call.number or call.id for call in calls[:EXAMPLES])
    session.say(
        session.catalogue.plural(
            "{count} document went though a partner or product that it names was refused or is in doubt: {numbers}.",
            "{count} documents went though a partner or product that they name was refused or is in doubt: {numbers}.",
            len(calls),
            numbers=shown if len(calls) <= EXAMPLES else f"{shown} ...",
        ),
        always=True,
    )


def say_why_it_ended(session: Session, outcomes: Sequence[Outcome], fault: BaseException | None) -> None:
    """Why not everything was sent, and that nothing is lost by it.

    Args:
        session: where it is said.
        outcomes: of the calls of the plan.
        fault: what ended the run before its time; None where nothing did, or Ctrl-C in good order.
    """
    if isinstance(fault, EfimportError):
        session.say(message("The run ended early: {reason}", reason=fault.explain(session.catalogue)), always=True)
    elif fault is not None or any(outcome.state is State.PLANNED for outcome in outcomes):
        session.say(message("The run was stopped."), always=True)
    else:
        return
    left = sum(outcome.state is State.PLANNED for outcome in outcomes)
    if left:
        session.say(
            session.catalogue.plural("{count} request was not sent.", "{count} requests were not sent.", left),
            always=True,
        )
    session.say(
        message("What was not sent stays planned: run the same import again, it goes on where this one ended."),
        always=True,
    )


def say_what_to_do(session: Session, entries: Sequence[Entry]) -> None:
    """The last words of a run that left something to a person."""
    if not entries:
        return
    text, plural = session.catalogue.text, session.catalogue.plural
    session.say(
        plural(
            "{count} request needs you. Look in the service whether it arrived, then say what is true:",
            "{count} requests need you. Look in the service whether they arrived, then say of each what is true:",
            len(entries),
        ),
        always=True,
    )
    for entry in entries[:MOST_SHOWN]:
        session.say(
            message(
                "  efimport journal resolve {id} --arrived|--not-arrived    ({method} {number}, {state})",
                id=entry.id,
                method=entry.method,
                number=entry.number or entry.file_name or "-",
                state=text(STATES[entry.state]),
            ),
            always=True,
        )
    if len(entries) > MOST_SHOWN:
        session.say(message("  ... and {count} more", count=len(entries) - MOST_SHOWN), always=True)
    states = " ".join(f"--state {state}" for state in sorted({entry.state.value for entry in entries}))
    session.say(message("To see them again: efimport journal list {states}", states=states), always=True)
