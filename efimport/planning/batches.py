"""Calls that carry many documents: products with basic data go together, up to 5000 a call.

Source: web service reference, ProductMassImport. A product is the same thing whether it goes alone or with others: its
key and its content are those of the call that would carry it alone, so that a later run knows it either way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from efimport.api import wire
from efimport.payloads import products
from efimport.planning.candidates import Candidate
from efimport.planning.model import Outcome, PlannedCall, most_urgent

MOST_ANSWERS = 20
"""Answers of single members that are kept with the call as well."""


def planned_calls(candidates: Iterable[Candidate], import_type: str) -> list[PlannedCall]:
    """The calls of the plan, in the order of the candidates; what goes together stands where the first of it stands."""
    return [
        gathered([candidate.planned(f"c{number}", import_type) for candidate in batch], f"c{number}")
        for number, batch in enumerate(_batches(tuple(candidates)), start=1)
    ]


def _batches(candidates: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    joining = [candidate for candidate in candidates if _joins(candidate)]
    joined = {id(candidate) for candidate in joining}
    gone = 0
    for candidate in candidates:
        if id(candidate) not in joined:
            yield [candidate]
        elif gone < len(joining) and candidate is joining[gone]:
            yield joining[gone : gone + products.MOST]
            gone += products.MOST


def _joins(candidate: Candidate) -> bool:
    """Whether it goes with others. The second of one code goes alone: an answer names a product by its code alone."""
    return candidate.routed.joins == products.MASS and candidate.occurrence == 1


def gathered(members: Sequence[PlannedCall], name: str) -> PlannedCall:
    """The one call that carries what these calls each carry; of a single one that call itself.

    Delivery makes the request of what is left of a call in the same way, when a part of it is at the service already.

    Args:
        members: calls of one product each, with one import type.
        name: id of the call.

    Raises:
        CallError: the call cannot be written.
    """
    members = tuple(msgspec.structs.replace(member, id=name) for member in members)
    if len(members) == 1:
        return members[0]
    call = products.many(member.call for member in members)
    first, last = members[0], members[-1]
    keys = hashlib.sha256("\n".join(member.key for member in members).encode()).hexdigest()
    return PlannedCall(
        id=name,
        call=call,
        key=f"{first.key.partition(products.SINGLE)[0]}{products.MASS}|{keys}",
        digest=wire.digest(wire.encode(call)),
        repeat=first.repeat,
        overwrites=first.overwrites,
        documents=tuple(place for member in members for place in member.documents),
        number=f"{first.number} \N{EN DASH} {last.number}",
        effects=tuple(dict.fromkeys(effect for member in members for effect in member.effects)),
        members=members,
    )


def composed(call: PlannedCall, members: tuple[Outcome, ...]) -> Outcome:
    """The outcome of a call of many: the state is the most urgent one, the texts are those of the members."""
    reasons = {member.reason for member in members}
    return Outcome(
        call=call,
        state=most_urgent(member.state for member in members),
        answer=_some(member.answer for member in members),
        reason=reasons.pop() if len(reasons) == 1 else None,
        attempts=max(member.attempts for member in members),
        members=members,
    )


def _some(answers: Iterable[str | None]) -> str | None:
    listed = list(dict.fromkeys(answer for answer in answers if answer))
    shown = listed[:MOST_ANSWERS] + (["..."] if len(listed) > MOST_ANSWERS else [])
    return "\n".join(shown) or None
