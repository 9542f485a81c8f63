"""Some files at once: read, decided about, sent, and put in their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from functools import partial
from typing import TypeAlias

import msgspec

from efimport.delivery import deliver
from efimport.delivery.known import known_outcome, newest_entry
from efimport.errors import EfimportError, JournalError
from efimport.journal import DroppedFile, FileChange, FileStage, Place
from efimport.messages import message
from efimport.planning.build import build_plan
from efimport.planning.model import Outcome, Plan, State
from efimport.planning.parts import files_together, keys_of, outcomes_of, part_of, single_outcomes
from efimport.report.build import build_report
from efimport.report.model import Report
from efimport.sources import Source
from efimport.watch.deciding import Case, Decision, decide, digest_of_calls, first_warning, place_after
from efimport.watch.finishing import Ending, Finisher, earlier_of, going_together, told_of
from efimport.watch.folders import FoldersError, plan_name
from efimport.watch.ground import Ground, digest_of
from efimport.watch.moving import MoveError
from efimport.watch.reconciling import under_way

OnFault: TypeAlias = Callable[[Sequence[DroppedFile], EfimportError], None]


class Remark(msgspec.Struct, frozen=True):
    """What was noticed about a file while it arrived.

    Attributes:
        text: what people should know.
        doubtful: whether the file may not be complete.
    """

    text: str
    doubtful: bool


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Files that go together.

    Attributes:
        files: the leading one first.
        names: as the plan calls them.
        part: the plan of them alone, as it is shown.
        sending: the same, as it is sent.
    """

    files: tuple[DroppedFile, ...]
    names: tuple[str, ...]
    part: Plan
    sending: Plan


class Batch:
    """Files that were taken, from reading to their places.

    Args:
        ground: the watched folder.
        files: the files, no two of one name; together with those that go along with them.
        online: whether the service is asked; else what is to be sent is only marked.
        on_fault: told which files cannot be put in their places now; that is tried again later.
        remarks: what was noticed about files while they arrived, by their number.
    """

    def __init__(
        self,
        ground: Ground,
        files: Sequence[DroppedFile],
        *,
        on_fault: OnFault,
        online: bool,
        remarks: Mapping[int, Remark],
    ) -> None:
        self._ground = ground
        self._online = online
        self._on_fault = on_fault
        self._remarks = remarks
        self._files = {plan_name(file.name): file for file in files}
        self._finisher = Finisher(ground)
        self._by_key: dict[str, Outcome] = {}
        self._begun: frozenset[str] = frozenset()

    def run(self) -> EfimportError | None:
        """Do it; returns what ended the sending before its time, as a service that cannot be reached.

        Raises:
            JournalHeldError: another process sends with this journal.
            EfimportError: the files or the journal cannot be worked on now; everything can be repeated.
        """
        plan = self._plan()
        chosen = [group for group in self._groups(plan) if self._decided(group)]
        begun = [file for group in chosen for file in group.files if under_way(self._ground, file)]
        self._begun = frozenset(key for file in begun for key in file.keys)
        chosen = [self._marked(group) for group in chosen if self._still_there(group)]
        return self._send(plan, chosen) if chosen and self._online else None

    def finish_moves(self) -> None:
        """Finish the moves that a crash or a fault interrupted: what became of the files is in the journal."""
        for group in self._groups(self._plan()):
            self._recall(group.sending)
            place = group.files[0].place
            report = self._report(group, dry_run=not self._by_key)
            earlier = earlier_of(self._ground, group.files[0]) if place is Place.DUPLICATES else None
            ending = Ending(
                place=place,
                reason=group.files[0].because,
                report=None if earlier else report,
                earlier=told_of(self._ground, earlier) if earlier else None,
            )
            self._try(group.files, partial(self._finisher.go_on, group.files, ending))

    def _try(self, files: Sequence[DroppedFile], finish: Callable[[], object]) -> None:
        """One file that cannot be moved does not stop the others."""
        try:
            finish()
        except (MoveError, FoldersError) as fault:
            self._on_fault(files, fault)

    # Reading

    def _plan(self) -> Plan:
        sources = []
        for name, file in tuple(self._files.items()):
            source = self._source(name, file)
            if source is None:
                del self._files[name]
                self._lost(file)
            else:
                sources.append(source)
        return build_plan(sources, self._ground.organization)

    def _source(self, name: str, file: DroppedFile) -> Source | None:
        """The journal's copy, whatever happens to the file from now on; None where it has none that is whole."""
        spool = self._ground.journal.spool
        kept = spool.file(file.sha256)
        if kept is not None:
            return Source(name, file=kept) if digest_of(kept) == file.sha256 else None
        content = spool.get(file.sha256)
        return None if content is None else Source(name, content)

    def _lost(self, file: DroppedFile) -> None:
        """A disk has lost the journal's copy: the file itself is taken again where it lies, else a person is told."""
        fault = JournalError(
            message("The journal has lost its copy of {name}.", name=file.name),
            message("Drop the file into the inbox again. Check the disk of the journal."),
        )
        for place in (file.lies, file.target):
            with suppress(OSError), self._ground.path(place or file.lies).open("rb") as stream:
                if self._ground.journal.spool.adopt(stream, file.sha256):
                    return
        self._on_fault([file], fault)
        if file.stage is not FileStage.MOVING:
            self._ground.journal.files.change(file, FileStage.WITHDRAWN, reason=fault.reason)

    def _groups(self, plan: Plan) -> Iterator[Group]:
        for names in files_together(plan):
            files = tuple(self._files[name] for name in names if name in self._files)
            yield Group(files=files, names=names, part=part_of(plan, names), sending=part_of(plan, names, sending=True))

    def _report(self, group: Group, *, dry_run: bool) -> Report:
        return build_report(
            group.part,
            outcomes_of(group.part, self._by_key),
            dry_run=dry_run,
            catalogue=self._ground.catalogue,
            made_at=self._ground.now,
        )

    # Deciding

    def _decided(self, group: Group) -> bool:
        """Whether the files are to be sent; all others are put in their places."""
        report = self._report(group, dry_run=True)
        decision = decide(
            Case(
                part=group.sending,
                report=report,
                steps=self._ground.journal.foresee(group.sending),
                approved=self._approved(group.files),
                automatic=self._ground.watching.mode == "auto",
                doubtful=any(one.doubtful for one in self._remarks_of(group)),
            )
        )
        if decision is Decision.SEND:
            return True
        ending = self._with_remarks(_ending(decision, report), group)
        self._try(group.files, partial(self._finisher.finish, self._noted(group), ending))
        return False

    def _approved(self, files: Sequence[DroppedFile]) -> str | None:
        """The digest of what a person approved, or of what was to be sent before; None where there is neither."""
        plans = {file.plan for file in files if file.plan is not None and self._counts_as_approved(file)}
        return plans.pop() if len(plans) == 1 else None

    def _counts_as_approved(self, file: DroppedFile) -> bool:
        """What no person approved was to be sent without one; that may have been forbidden since."""
        if file.stage is not FileStage.APPROVED:
            return False
        by_itself = file.place is Place.INBOX and not under_way(self._ground, file)
        return self._ground.watching.mode == "auto" or not by_itself

    def _remarks_of(self, group: Group) -> list[Remark]:
        return [self._remarks[file.id] for file in group.files if file.id in self._remarks]

    def _with_remarks(self, ending: Ending, group: Group) -> Ending:
        notes = (*ending.notes, *dict.fromkeys(one.text for one in self._remarks_of(group)))
        return msgspec.structs.replace(ending, notes=notes)

    def _noted(self, group: Group) -> list[DroppedFile]:
        """The files of a group with what is known of them now: their calls, what would be sent, and who leads."""
        known = {"keys": keys_of(group.sending), "plan": digest_of_calls(group.sending)}
        return going_together(group.files, **known)

    def _still_there(self, group: Group) -> bool:
        """Looked at right before sending: what a person has changed or taken away meanwhile is not sent."""
        if any(under_way(self._ground, file) for file in group.files):
            return True
        found = [self._digest_of(file) for file in group.files]
        for file, digest in zip(group.files, found, strict=True):
            changed = digest is not None and digest != file.sha256
            if changed and file.stage in (FileStage.TAKEN, FileStage.APPROVED):
                reason = message("It was changed before it was sent.")
                self._ground.journal.files.change(file, FileStage.WITHDRAWN, reason=reason)
        return found == [file.sha256 for file in group.files]

    def _digest_of(self, file: DroppedFile) -> str | None:
        """Of what lies there now; None where nothing does, or nobody can tell: that decides itself in a while."""
        try:
            return digest_of(self._ground.path(file.lies))
        except OSError:
            return None

    def _marked(self, group: Group) -> Group:
        """The group, entered as one that is to be sent."""
        changes = [
            FileChange(file, FileStage.APPROVED, None, {"keys": file.keys, "plan": file.plan, "lead": file.lead})
            for file in self._noted(group)
        ]
        return msgspec.structs.replace(group, files=self._ground.journal.files.change_together(changes))

    # Sending

    def _send(self, plan: Plan, chosen: Sequence[Group]) -> EfimportError | None:
        from efimport.api.client import Client
        from efimport.api.pace import ABANDONED_WAIT

        ground = self._ground
        whole = part_of(plan, [name for group in chosen for name in group.names], sending=True)
        waiting = list(chosen)
        abandoned = min(ABANDONED_WAIT, ground.sending.quiet_time)
        with Client(ground.organization, sending=ground.sending, abandoned_wait=abandoned) as client:
            delivery = deliver(
                whole,
                client,
                ground.journal,
                quiet_time=ground.sending.quiet_time,
                stop=ground.stop,
                on_waiting=ground.on_waiting,
            )
            # A fault in between must not leave the journal owned by a delivery that nobody goes on with.
            with closing(delivery):
                for outcome in delivery:
                    self._by_key.update({one.call.key: self._of_these(one) for one in single_outcomes([outcome])})
                    waiting = self._finished(waiting)
        self._finished(waiting)
        return delivery.stopped

    def _of_these(self, outcome: Outcome) -> Outcome:
        """The outcome; of what these very files brought before the program ended, that they brought it."""
        if outcome.state is State.SKIPPED and outcome.call.key in self._begun:
            entry = newest_entry(self._ground.journal, outcome.call)
            return known_outcome(outcome.call, entry) if entry is not None else outcome
        return outcome

    def _finished(self, groups: Sequence[Group]) -> list[Group]:
        """Puts those in their places of which everything is known; returns the others."""
        left = []
        for group in groups:
            known = all(part.key in self._by_key for call in group.part.calls for part in call.parts)
            report = self._report(group, dry_run=False) if known else None
            place = place_after(report) if report else None
            if report is None or place is None:
                left.append(group)
                continue
            ending = self._with_remarks(Ending.at(place, report), group)
            self._try(group.files, partial(self._finisher.finish, group.files, ending))
        return left

    def _recall(self, part: Plan) -> None:
        """What the journal knows of the calls of a plan."""
        for one in (one for call in part.calls for one in call.parts):
            entry = newest_entry(self._ground.journal, one)
            if entry is not None:
                self._by_key[one.key] = known_outcome(one, entry)


def _ending(decision: Decision, report: Report) -> Ending:
    if decision is Decision.REVIEW:
        reason = first_warning(report) or message("It waits for a person to look at it.")
        return Ending(place=Place.REVIEW, reason=reason, report=report)
    if decision is Decision.CHANGED:
        note = message("What would be sent has changed since it was approved; look at it again.")
        return Ending(place=Place.REVIEW, reason=note, report=report, notes=(note,))
    if decision is Decision.DUPLICATE:
        return Ending.at(Place.DUPLICATES, report)
    return Ending.at(Place.REJECTED, report)
