"""``efimport import FOLDER --move``: an import whose files are put into the folders of a watched folder afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from efimport.api.clock import SystemClock
from efimport.cli.run import NOT_ALL, Run
from efimport.cli.session import Session
from efimport.delivery.stopping import never
from efimport.errors import EfimportError, UsageError
from efimport.journal import Journal
from efimport.messages import message
from efimport.planning.model import Plan
from efimport.report.visible import visible
from efimport.settings import Organization
from efimport.sources import Named
from efimport.watch.by_hand import ByHand, Gathered, finish_begun
from efimport.watch.events import Event
from efimport.watch.folders import stored
from efimport.watch.ground import Means


class MovingRun(Run):
    """An import of one folder; what became of each file is seen by where it lies.

    Args:
        session: settings, language, consoles.
        folder: the folder.
        options: as for :class:`Run`.

    Raises:
        UsageError: it is no folder.
    """

    def __init__(self, session: Session, folder: str, **options: Any) -> None:
        super().__init__(session, paths=[folder], **options)
        if not Path(folder).is_dir():
            raise UsageError(message("{folder} is no folder; --move goes with one folder.", folder=folder))
        self._faults: list[EfimportError] = []
        self._gathered = Gathered(Path(folder), session.catalogue.language, SystemClock())

    def _plan(self, organization: Organization | None) -> Plan:
        if not self.dry_run and organization is not None:
            with self.session.open_journal(self.journal_url) as journal:
                self._faults += finish_begun(self._gathered.folders, organization, self._means(journal))
        return super()._plan(organization)

    def _inputs(self) -> Sequence[Named]:
        sources = self._gathered.sources()
        for one in self._gathered.left:
            said = message("{name} stays where it is: {reason}", name=stored(one.seen.name), reason=one.reason)
            self.session.say(said, always=True)
        if self._gathered.passed_over:
            self.session.say(self._passed_over(), always=True)
        return sources

    def _passed_over(self) -> str:
        names = self._gathered.passed_over
        folders = dict.fromkeys(stored(name.partition("/")[0]) for name in names)
        return message(
            "Files in {folders} are not looked at ({count}): folders of these names are for what becomes of the files. "
            "Give them other names, or import them without --move.",
            count=len(names),
            folders=", ".join(folders),
        )

    def _send(self, plan: Plan, organization: Organization, stack: ExitStack) -> None:
        """Sends, and puts the files away; from now on their bytes are in the journal."""
        means = self._means(stack.enter_context(self.session.open_journal(self.journal_url)))
        with ByHand(self._gathered, organization, means) as by_hand:
            by_hand.take(plan)
            super()._send(plan, organization, stack)
            self._faults += by_hand.put_away(plan, self._sent.outcomes)

    def _means(self, journal: Journal) -> Means:
        settings = self.session.settings
        return Means(
            journal=journal,
            watching=settings.watch,
            sending=settings.sending,
            catalogue=self.session.catalogue,
            clock=SystemClock(),
            tell=self._say_moved,
            stop=never,
        )

    def _say_moved(self, event: Event) -> None:
        if event.to is not None:
            self.session.say(f"{visible(event.file or '')} -> {visible(event.to)}")

    def _tell(self, plan: Plan) -> int:
        status = super()._tell(plan)
        for fault in self._faults:
            self.session.say(fault.explain(self.session.catalogue), always=True)
        left = self._faults or self._gathered.left or self._gathered.passed_over
        return max(status, NOT_ALL) if left else status
