"""What the service says of each product of a request that carries many.

Source: web service reference, ProductMassImport: a message for each product that was imported, and the sentences
``Product for code 8847 already exists.`` and ``Product for code 0099 not foud.`` for others. Whether one bad product
stops the rest is not said there. So a product that an error does not name is not known to have been taken or left: it
is asked for again, without those that were named, and what the service says then is the evidence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from efimport.journal import Entry, Result
from efimport.messages import message
from efimport.payloads.products import MASS, SINGLE

if TYPE_CHECKING:
    from efimport.api.answers import Answer

SHOWN = 400
"""Characters of an error that names nobody, as it is kept with each product."""

Said: TypeAlias = Literal["imported", "exists", "refused"]

_SENTENCE = re.compile(
    r"Product for (?:product)?code:? (?P<code>(?:(?!Product for ).)*?) "
    r"(?:(?P<imported>succ?ess?full?y (?:imported|created|updated))|(?P<exists>already exists?)|not fou?n?d)\b[.!]?",
    re.IGNORECASE | re.DOTALL,
)
_BETWEEN = re.compile(r",\s+|[\r\n]+")


class Judged(msgspec.Struct, frozen=True):
    """What an answer means for the entries of its request.

    Attributes:
        results: one an entry.
        undecided: numbers of the entries of which the answer says nothing, while it says something of others.
    """

    results: tuple[Result, ...]
    undecided: frozenset[int] = frozenset()


def carries_many(method: str) -> bool:
    """Whether the answer to the method names the things that it carried one by one."""
    return method == MASS


def judge(entries: Sequence[Entry], answer: Answer) -> Judged:
    """What the answer to a request of many means for each of its entries."""
    code_of = {entry.id: product_code(entry.key) for entry in entries}
    named = sentences(answer, set(code_of.values()))
    others = bool(named) or any(_SENTENCE.search(text) for text in answer.messages)
    results, undecided = [], set()
    for entry in entries:
        told = named.get(code_of[entry.id])
        if told is not None:
            results.append(_of_named(entry, *told))
            continue
        results.append(_of_unnamed(entry, answer, others=others))
        if named and not answer.ok:
            undecided.add(entry.id)
    return Judged(tuple(results), frozenset(undecided))


def product_code(key: str) -> str:
    """The code of the product that a key of the journal is about."""
    return key.partition(f"|{SINGLE}|")[2]


def sentences(answer: Answer, codes: Collection[str]) -> dict[str, tuple[Said, str]]:
    """What is said of each of the products, by code, with the sentence itself."""
    found: dict[str, tuple[Said, str]] = {}
    for text in (*answer.messages, *answer.descriptions):
        for match in _SENTENCE.finditer(text):
            if match["code"] in codes:
                said: Said = "imported" if match["imported"] else "exists" if match["exists"] else "refused"
                found.setdefault(match["code"], (said, match[0]))
    for text in answer.descriptions:
        for code, rest in _beginning_with_a_code(_SENTENCE.sub("\n", text), codes):
            found.setdefault(code, ("refused", rest))
    return found


def _beginning_with_a_code(text: str, codes: Collection[str]) -> Iterator[tuple[str, str]]:
    """Faults of single products, each with the code in front; what has none goes on with the one before it."""
    current: tuple[str, list[str]] | None = None
    for piece in filter(None, (piece.strip() for piece in _BETWEEN.split(text))):
        code = next((start for start in _beginnings(piece) if start in codes), None)
        if code is not None:
            if current is not None:
                yield current[0], ", ".join(current[1])
            current = (code, [piece])
        elif current is not None:
            current[1].append(piece)
    if current is not None:
        yield current[0], ", ".join(current[1])


def _beginnings(piece: str) -> Iterable[str]:
    """The beginnings of a text that end before a blank, the longest first: a code may have blanks itself."""
    words = piece.split(" ")
    for count in range(min(len(words) - 1, 12), 0, -1):
        start = " ".join(words[:count])
        yield start
        yield start.removesuffix(":")


def _of_named(entry: Entry, said: Said, text: str) -> Result:
    if said == "imported":
        return Result(id=entry.id, accepted=True, answer=text)
    if said == "refused" or entry.overwrites:
        return Result(id=entry.id, accepted=False, answer=text)
    if entry.doubted:
        reason = message("An earlier attempt had arrived: the service says that it holds it.")
        return Result(id=entry.id, accepted=True, answer=text, reason=reason)
    if entry.sent > 1:
        reason = message("The service holds it already; it may have it from an earlier attempt, or from before.")
    else:
        reason = message("The service holds it already; it was not sent by this journal.")
    return Result(id=entry.id, accepted=False, answer=text, reason=reason, found=True)


def _of_unnamed(entry: Entry, answer: Answer, *, others: bool) -> Result:
    """What becomes of a product that the answer does not name.

    Args:
        entry: its entry.
        answer: the answer.
        others: whether it names others.
    """
    if not answer.ok:
        text = answer.description or message("The service refused without giving a reason.")
        reason = message("The service did not say what became of this product; import it again.") if others else None
        return Result(id=entry.id, accepted=False, answer=text[:SHOWN], reason=reason)
    if not others:
        return Result(id=entry.id, accepted=True)
    if not entry.overwrites:
        # "Skip import for existing documents" (importType createOnly).
        reason = message("The service passed over it without a word, as it does with products that it holds already.")
        return Result(id=entry.id, accepted=entry.doubted, reason=reason, found=not entry.doubted)
    reason = message("The service did not name it among the products that it has imported; import it again.")
    return Result(id=entry.id, accepted=False, reason=reason)
