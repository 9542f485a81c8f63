"""One import: plan, show, ask, send, show what came of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from efimport.cli import aftermath
from efimport.cli.outputs import NOTHING_FOUND, STANDARD_OUTPUT, print_for_people, say_nothing_found, show
from efimport.cli.progress import note_the_wish_to_stop, reading_progress, said_waiting, sending_progress
from efimport.cli.requests import prepare_folder, save_request_bodies
from efimport.cli.session import Session
from efimport.cli.trial import NAME, QUIET_TIME, sandbox_organization
from efimport.errors import EfimportError, JournalError, JournalHeldError, SettingsError, UsageError
from efimport.messages import message
from efimport.planning.model import Outcome, Plan, State
from efimport.settings import Organization, Sending

if TYPE_CHECKING:
    from efimport.delivery import Delivery
    from efimport.journal import Entry, Journal
    from efimport.planning.choices import Choices
    from efimport.report.model import Report
    from efimport.sandbox.server import RunningSandbox
    from efimport.sources import Named

ALL_WELL, NOT_ALL, NEEDS_A_PERSON = 0, 1, 3


class Run:
    """One import.

    Args:
        session: settings, language, consoles.
        paths: files and folders.
        plan_file: a saved plan that is to be sent instead.
        to_sandbox: whether a sandbox is started for the run.
        fresh: whether earlier trials in a sandbox are left out of account.
        choices: what the user chose for the run.
        targets: where reports go.
        save_plan: file for the plan.
        save_requests: folder for the request bodies.
        dry_run: whether nothing is sent.
        confirmed: whether the user has agreed already.
        journal_url: SQLAlchemy address of the journal; None for that of the settings.
        wait_for_journal: seconds to wait for another process that owns the journal.

    Attributes:
        sandbox: the sandbox that was started for the run; None where there was none.
    """

    def __init__(
        self,
        session: Session,
        *,
        paths: Sequence[str] = (),
        plan_file: Path | None = None,
        to_sandbox: bool = False,
        fresh: bool = False,
        choices: Choices | None = None,
        targets: Sequence[str] = (),
        save_plan: Path | None = None,
        save_requests: Path | None = None,
        dry_run: bool = False,
        confirmed: bool = False,
        journal_url: str | None = None,
        wait_for_journal: float = 0.0,
    ) -> None:
        self.session = session
        self.paths: Sequence[str] = paths
        self.plan_file = plan_file
        self.to_sandbox = to_sandbox
        self.fresh = fresh
        self.choices = choices
        self.targets = targets
        self.save_plan = save_plan
        self.save_requests = save_requests
        self.dry_run = dry_run
        self.confirmed = confirmed
        self.journal_url = journal_url or session.settings.journal_url
        self.wait_for_journal = wait_for_journal
        self.sandbox: RunningSandbox | None = None
        self._sent = Sent()

    def __call__(self) -> int:
        """Do it, and return the exit status."""
        with ExitStack() as stack:
            organization = self._organization(stack)
            if not self.dry_run:
                self._check_can_send(organization)
            if self.save_requests is not None:
                prepare_folder(self.save_requests)
            plan = self._plan(organization)
            self._save(plan, organization)
            if self.dry_run:
                return max(self._show(plan), exit_status(plan, ()))
            assert organization is not None
            self._ask(plan, organization)
            self._send(plan, organization, stack)
            return self._tell(plan)

    # Before anything is sent

    def _organization(self, stack: ExitStack) -> Organization | None:
        organization = self.session.organization
        if not self.to_sandbox:
            return organization
        if self.dry_run:
            return sandbox_organization(organization, None)
        from efimport.sandbox.server import start

        site = organization.site if organization else "CZ"
        self.sandbox = stack.enter_context(start(site, accept_any_account=True))
        return sandbox_organization(organization, self.sandbox)

    def _check_can_send(self, organization: Organization | None) -> None:
        """What would stop the sending is told before the files are read.

        Raises:
            SettingsError: there is no organization, or its login is incomplete.
            UsageError: nobody can be asked whether to send.
        """
        if organization is None:
            raise SettingsError(
                message("There are no settings that say where to send."),
                message("Write them with: efimport config init - or try: --to sandbox, or --dry-run."),
            )
        if not (self.confirmed or organization.is_local or sys.stdin.isatty()):
            raise UsageError(
                message("Nobody can be asked whether to send: standard input is no terminal."),
                message("Look at the plan with --dry-run, then add --yes."),
            )
        from efimport.api.login import Login

        for user in organization.users:
            Login(organization, user).secrets()

    def _plan(self, organization: Organization | None) -> Plan:
        from efimport.planning.build import Options, build_plan
        from efimport.planning.saved import compare, load_plan

        saved = None
        if self.plan_file is not None:
            saved = load_plan(self.plan_file)
            self.paths, self.choices = saved.paths, saved.choices
        options = Options.of(self.choices) if self.choices else Options()
        with reading_progress(self.session) as progress:
            plan = build_plan(self._inputs(), organization, options, progress=progress)
        if saved is not None:
            compare(saved, plan)
        return plan

    def _inputs(self) -> Sequence[Named]:
        """What the plan is made of."""
        return self.paths

    def _save(self, plan: Plan, organization: Organization | None) -> None:
        if self.save_plan is not None:
            from efimport.planning.choices import Choices
            from efimport.planning.saved import save_plan

            save_plan(plan, self.save_plan, paths=self.paths, choices=self.choices or Choices())
        if self.save_requests is not None:
            save_request_bodies(plan, self.save_requests, organization.wire if organization else "xml")

    def _ask(self, plan: Plan, organization: Organization) -> None:
        if self.confirmed or organization.is_local or not plan.calls:
            return
        # Standard output may belong to a program, and the files belong to the final report.
        print_for_people(self._report(plan, (), dry_run=True), self.session, errors=STANDARD_OUTPUT in self.targets)
        question = self.session.catalogue.plural(
            "Send {count} request to {endpoint}?",
            "Send {count} requests to {endpoint}?",
            len(plan.calls),
            endpoint=organization.endpoint,
        )
        if not click.confirm(question, err=True):
            raise click.Abort

    # Sending

    def _send(self, plan: Plan, organization: Organization, stack: ExitStack) -> None:
        from efimport.api.client import Client
        from efimport.api.pace import ABANDONED_WAIT
        from efimport.delivery import deliver, stop_on_signals

        sending = Sending(quiet_time=QUIET_TIME) if self.to_sandbox else self.session.settings.sending
        with (
            self._journal(stack) as journal,
            Client(organization, sending=sending, abandoned_wait=min(ABANDONED_WAIT, sending.quiet_time)) as client,
            stop_on_signals(note_the_wish_to_stop(self.session)) as stop,
        ):
            sent = self._sent
            sent.trials_before = self.to_sandbox and bool(journal.list(organization=NAME, limit=1))
            delivery = deliver(
                plan,
                client,
                journal,
                quiet_time=sending.quiet_time,
                stop=stop,
                on_waiting=said_waiting(self.session),
                wait_for_owner=self.wait_for_journal,
            )
            try:
                with sending_progress(self.session, len(plan.calls)) as advance:
                    for outcome in delivery:
                        sent.outcomes.append(outcome)
                        advance()
            except JournalHeldError:
                # What is under way there is the other run's affair.
                raise
            except (EfimportError, KeyboardInterrupt) as fault:
                self._break_off(plan, journal, fault)
            sent.delivery = delivery
            sent.entries = aftermath.entries_that_need_a_person(journal, sent.outcomes, delivery.recovered)

    def _journal(self, stack: ExitStack) -> Journal:
        return self.session.open_journal(self._journal_of_the_run(stack))

    def _journal_of_the_run(self, stack: ExitStack) -> str | None:
        if not self.fresh:
            return self.journal_url
        import tempfile

        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="efimport-trial-"))
        return f"sqlite:///{Path(folder) / 'journal.sqlite3'}"

    def _break_off(self, plan: Plan, journal: Journal, fault: EfimportError | KeyboardInterrupt) -> None:
        """What was sent until the fault is told all the same; with nothing to tell the fault goes on."""
        # Where the journal itself is the fault, the next run tells of what was in flight.
        with suppress(JournalError):
            self._sent.outcomes += aftermath.known_to_the_journal(journal, plan.calls, self._sent.outcomes)
        if not self._sent.outcomes:
            raise fault
        self._sent.fault = fault

    # Afterwards

    def _tell(self, plan: Plan) -> int:
        sent, session = self._sent, self.session
        assert sent.delivery is not None
        status = max(self._show(plan), exit_status(plan, sent.outcomes), sent.delivery.exit_status)
        aftermath.say_recovered(session, sent.delivery.recovered)
        if sent.trials_before and not self.fresh:
            aftermath.say_earlier_trial(session, sent.outcomes)
        aftermath.say_what_went_without(session, plan, sent.outcomes)
        aftermath.say_why_it_ended(session, sent.outcomes, sent.fault or sent.delivery.stopped)
        aftermath.say_what_to_do(session, sent.entries)
        if sent.fault is not None:
            status = max(status, NOT_ALL)
        return NEEDS_A_PERSON if sent.entries else status

    def _show(self, plan: Plan) -> int:
        """The report where it was asked for; the exit status as far as it depends on that."""
        report = self._report(plan, self._sent.outcomes, dry_run=self.dry_run)
        written = show(report, self.session, self.targets)
        if not plan.sources:
            say_nothing_found(self.session, self.paths)
            return NOTHING_FOUND
        return ALL_WELL if written else NOT_ALL

    def _report(self, plan: Plan, outcomes: Sequence[Outcome], *, dry_run: bool) -> Report:
        from efimport.report.build import build_report

        return build_report(plan, outcomes, dry_run=dry_run, catalogue=self.session.catalogue, made_at=self.session.now)


class Sent:
    """What sending brought.

    Attributes:
        outcomes: of the calls of the plan.
        delivery: the delivery that ran.
        entries: of the journal, that need a person.
        fault: what broke it off; None where it came to its end.
        trials_before: whether the journal remembered trials in a sandbox.
    """

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.delivery: Delivery | None = None
        self.entries: list[Entry] = []
        self.fault: EfimportError | KeyboardInterrupt | None = None
        self.trials_before = False


def exit_status(plan: Plan, outcomes: Sequence[Outcome]) -> int:
    """3 where a person is needed, 1 where something was refused or is not sent, else 0."""
    states = {outcome.state for outcome in outcomes}
    if states & aftermath.NEEDS_A_PERSON:
        return NEEDS_A_PERSON
    if State.REFUSED in states or (outcomes and State.PLANNED in states):
        return NOT_ALL
    return NOT_ALL if any(found.is_error for found in plan.findings) else ALL_WELL
