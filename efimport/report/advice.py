"""What a page says first: one sentence that tells what became of the file, and what to do now, step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import msgspec

from efimport.journal.places import Place
from efimport.report.settled import FilePage, count
from efimport.report.words import Words

INBOX_METHODS = frozenset({"DocumentInboxImport", "DocumentInboxAddEntry"})
"""What they bring lies in the document inbox until somebody books it (web service reference, DocumentInboxImport)."""

_LOCALES = MappingProxyType({"en": "en_GB", "cs": "cs"})

_TONES: Mapping[Place, tuple[str, str]] = MappingProxyType(
    {
        Place.INBOX: ("waiting", "…"),
        Place.REVIEW: ("waiting", "…"),
        Place.APPROVE: ("waiting", "…"),
        Place.SENT: ("accepted", "✓"),
        Place.REJECTED: ("rejected", "✕"),
        Place.DUPLICATES: ("skipped", "="),
        Place.UNKNOWN: ("unknown", "?"),
    }
)
"""Style of the style sheet and sign of each place; the sign is there so that a colour is never alone."""


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """The head of a page, in the reader's language.

    Attributes:
        tone: style of the verdict, a class of the style sheet.
        sign: a sign before the verdict.
        verdict: the one sentence.
        remarks: what belongs to it.
        steps: what to do now, in order.
        commands: (command, where it is right), for those who use a terminal.
    """

    tone: str
    sign: str
    verdict: str
    remarks: tuple[str, ...]
    steps: tuple[str, ...]
    commands: tuple[tuple[str, str], ...] = ()


def advise(page: FilePage, words: Words) -> Advice:
    """What the page says first."""
    tone, sign = _TONES[page.place]
    adviser = _Adviser(page, words)
    verdict, steps = adviser.speak()
    return Advice(
        tone=tone,
        sign=sign,
        verdict=verdict,
        remarks=(*adviser.earlier(), *adviser.mixed()),
        steps=tuple(steps),
        commands=adviser.commands() if page.place is Place.UNKNOWN else (),
    )


def day_and_time(moment: dt.datetime, words: Words) -> str:
    """A moment within a sentence: ``21 November 2026 at 15:04``."""
    # Loads tables of CLDR, which a page without a moment does not need.
    from babel.dates import format_date

    day = format_date(moment.date(), "long", locale=_LOCALES[words.catalogue.language])
    return words.text("{day} at {time}", day=day, time=f"{moment:%H:%M}")


class _Adviser:
    """Puts into words what became of one file."""

    def __init__(self, page: FilePage, words: Words) -> None:
        self.page = page
        self.words = words
        self.text, self.plural = words.text, words.plural
        self.count = count(page.report)

    def speak(self) -> tuple[str, Iterator[str]]:
        """The verdict and the steps."""
        match self.page.place:
            case Place.SENT:
                return self._sent(), self._after_sending()
            case Place.REVIEW:
                return self._review(), self._reviewing()
            case Place.REJECTED:
                return self._rejected(), self._mending()
            case Place.DUPLICATES:
                return self._duplicate(), self._after_duplicate()
            case Place.UNKNOWN if self.page.differs:
                return self.text("Not sent: it differs from what was sent before."), self._comparing()
            case Place.UNKNOWN:
                return self.text("Perhaps sent: look in the service."), self._finding_out()
            case _:
                return self.text("Not sent yet: it waits its turn."), self._waiting()

    def _duplicate(self) -> str:
        if self.page.earlier is not None and self.page.earlier.sent is None:
            # A copy of what waits: that it was sent would be believed of both.
            return self.text("The same file is here already: this one is not sent.")
        return self.text("Had been sent before: nothing was sent again.")

    def _sent(self) -> str:
        counted = self.count
        moment = day_and_time(self.page.sent or self.page.settled, self.words)
        if counted.all and not counted.sent:
            return self.text("Sent: the service has it.")
        if counted.sent < counted.all:
            return self.plural(
                "Sent: the service took {count} document on {moment}; what else is in the file was there already.",
                "Sent: the service took {count} documents on {moment}; what else is in the file was there already.",
                counted.sent,
                moment=moment,
            )
        if counted.all > 1:
            return self.plural(
                "Sent: the service took {count} document on {moment}.",
                "Sent: the service took all {count} documents on {moment}.",
                counted.all,
                moment=moment,
            )
        return self.text("Sent: the service took it on {moment}.", moment=moment)

    def _after_sending(self) -> Iterator[str]:
        in_inbox = self.page.report and any(call.call.method in INBOX_METHODS for call in self.page.report.calls)
        if not in_inbox and not self.count.warnings:
            yield self.text("There is nothing to do. You may leave the file here or delete it.")
            return
        if in_inbox:
            yield self.text("What went to the document inbox of the service waits there: look what is to be booked.")
        if self.count.warnings:
            yield self.text("Read what was noticed, below: it stopped nothing, but it is worth a look.")
        yield self.text("You may leave the file here or delete it.")

    def _review(self) -> str:
        if not self.count.planned:
            return self.text("Waiting for you: nothing of it would be sent as it is.")
        return self.plural(
            "Waiting for you: {count} document would be sent.",
            "Waiting for you: {count} documents would be sent.",
            self.count.planned,
        )

    def _reviewing(self) -> Iterator[str]:
        if self.count.errors or self.count.warnings:
            yield self.text("Look at the documents below, and at what was noticed.")
        else:
            yield self.text("Look at the documents below.")
        yield from self._deciding_on_several() if len(self.page.names) > 1 else self._deciding()

    def _deciding(self) -> Iterator[str]:
        yield self.text(
            'To send it, move the file into the folder "{folder}".', folder=self.page.folders[Place.APPROVE]
        )
        yield self.text("To drop it, delete the file: nothing of it is sent.")
        yield self.text(
            "Where something is wrong, correct it in the program that the file came from, drop the corrected file "
            'into the folder "{folder}" and delete this one.',
            folder=self.page.folders[Place.INBOX],
        )

    def _deciding_on_several(self) -> Iterator[str]:
        yield self.text(
            'To send them, move the files into the folder "{folder}", all together: {names}.',
            folder=self.page.folders[Place.APPROVE],
            names=", ".join(self.page.names),
        )
        yield self.text("To drop them, delete all of them: nothing is sent.")
        yield self.text(
            "Where something is wrong, correct it in the program that the files came from, drop the corrected files "
            'into the folder "{folder}" and delete these.',
            folder=self.page.folders[Place.INBOX],
        )

    def _rejected(self) -> str:
        counted = self.count
        if counted.there and counted.there == counted.all:
            return self.plural(
                "Partly sent: {count} document is in the service, the rest of the file could not be read.",
                "Partly sent: {count} documents are in the service, the rest of the file could not be read.",
                counted.there,
            )
        if counted.there:
            return self.text(
                "Partly sent: {there} of {count} documents are in the service.",
                there=counted.there,
                count=counted.all,
            )
        if counted.errors:
            return self.plural(
                "Not sent: {count} thing must be corrected.",
                "Not sent: {count} things must be corrected.",
                counted.errors + counted.refused,
            )
        if counted.refused:
            return self.plural(
                "Not sent: the service refused {count} document.",
                "Not sent: the service refused {count} documents.",
                counted.refused,
            )
        return self.text("Not sent.")

    def _mending(self) -> Iterator[str]:
        inbox = self.page.folders[Place.INBOX]
        yield self.text("Read below what is wrong, and what helps.")
        yield self.text(
            "Correct it in the program that the file came from, and drop the corrected file into the folder "
            '"{folder}".',
            folder=inbox,
        )
        if self.count.there:
            yield self.text("Drop the whole file again: what is in the service is recognised and not sent twice.")
        if len(self.page.names) > 1:
            yield self.text(
                "Where the files themselves are right and something around them was wrong, as a setting or the books, "
                'move them back into the folder "{folder}", all together: {names}. They are tried again.',
                folder=inbox,
                names=", ".join(self.page.names),
            )
        else:
            yield self.text(
                "Where the file itself is right and something around it was wrong, as a setting or the books, move "
                'this file back into the folder "{folder}". It is tried again.',
                folder=inbox,
            )

    def _after_duplicate(self) -> Iterator[str]:
        yield self.text("There is nothing to do. You may delete this file.")
        yield self.text(
            "Where it is meant to be another document, give that one a number of its own in the program that it came "
            'from, and drop the new file into the folder "{folder}".',
            folder=self.page.folders[Place.INBOX],
        )

    def _finding_out(self) -> Iterator[str]:
        yield self.text("Log in to the service and look whether it is there; what to look for stands below.")
        yield self.text("Do not drop the file again and do not move it: leave it here until that is known.")
        yield self.text("Then tell efimport what you saw, with a command below, or tell the person who looks after it.")
        if len(self.page.entries) > 1:
            yield self.text("Look for each one by itself: put its number from the list into the command.")
        yield self.text("The file then moves by itself; what had not arrived is sent.")

    def _waiting(self) -> Iterator[str]:
        yield self.text("There is nothing to do: it is sent by itself as soon as the service can be reached.")

    def earlier(self) -> Iterator[str]:
        """Which file brought the same before."""
        earlier = self.page.earlier
        if earlier is None:
            return
        if earlier.sent is None:
            yield self.text('The same came with the file "{name}".', name=earlier.name)
        else:
            yield self.text(
                'The same came with the file "{name}" and was sent on {moment}.',
                name=earlier.name,
                moment=day_and_time(earlier.sent, self.words),
            )
        if earlier.lies:
            yield self.text('That file lies in "{place}".', place=earlier.lies)

    def mixed(self) -> list[str]:
        """What came of the parts of a file that did not all come to the same; not what the verdict says already."""
        counted = self.count
        parts = (
            (
                counted.sent,
                self.plural("{count} document was sent.", "{count} documents were sent.", counted.sent),
            ),
            (
                counted.before,
                self.plural("{count} had been sent before.", "{count} had been sent before.", counted.before),
            ),
            (
                0 if self.page.place is Place.REVIEW else counted.planned,
                self.plural("{count} was not sent yet.", "{count} were not sent yet.", counted.planned),
            ),
            (counted.rejected, self._held_back(counted.rejected)),
            (
                counted.refused,
                self.plural(
                    "{count} was refused by the service; its answer stands below.",
                    "{count} were refused by the service; its answers stand below.",
                    counted.refused,
                ),
            ),
            (
                counted.unknown,
                self.plural(
                    "Of {count} nobody knows whether it arrived.",
                    "Of {count} nobody knows whether they arrived.",
                    counted.unknown,
                ),
            ),
        )
        said = [sentence for number, sentence in parts if number]
        return said if len(said) > 1 or self.page.place is Place.REVIEW else []

    def _held_back(self, number: int) -> str:
        if self.page.place is Place.REVIEW:
            return self.plural(
                "{count} would not be sent; what is wrong stands below.",
                "{count} would not be sent; what is wrong stands below.",
                number,
            )
        return self.plural(
            "{count} was not sent; what is wrong stands below.",
            "{count} were not sent; what is wrong stands below.",
            number,
        )

    def _comparing(self) -> Iterator[str]:
        yield self.text("Compare the document with the one in the service that has the same number.")
        yield self.text(
            "If the new one is right, correct the one in the service, or have it overwritten by somebody who imports "
            "this file with --import-type createOrUpdate."
        )
        yield self.text("Then have it said by one of these commands; the file moves by itself:")

    def commands(self) -> tuple[tuple[str, str], ...]:
        """The commands that say what a person found out."""
        # Of several one may have arrived and another not: a command that names them all would be copied as it stands.
        named = str(self.page.entries[0][0]) if len(self.page.entries) == 1 else self.text("NUMBER")
        if self.page.differs:
            return ((f"efimport journal resolve {named} --arrived", self.text("when the books say what they should")),)
        return (
            (f"efimport journal resolve {named} --arrived", self.text("where it is in the service")),
            (f"efimport journal resolve {named} --not-arrived", self.text("where it is not there")),
        )
