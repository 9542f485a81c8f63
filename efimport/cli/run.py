"""One import: plan, show, ask, send, show what came of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from efimport.cli.outputs import STANDARD_OUTPUT, show
from efimport.cli.progress import reading_progress, sending_progress
from efimport.cli.session import Session
from efimport.errors import SettingsError, UsageError
from efimport.messages import message
from efimport.planning.model import Outcome, Plan, State
from efimport.settings import ApiUser, Organization, Sending

if TYPE_CHECKING:
    from efimport.delivery import Delivery
    from efimport.sandbox.server import RunningSandbox

ALL_WELL, NOT_ALL, NEEDS_A_PERSON = 0, 1, 3
SANDBOX_QUIET_TIME = 2.0
"""Seconds; the sandbox of a run ends with the run, so that nothing of it can be under way for long."""


class Run:
    """One import.

    Args:
        session: settings, language, consoles.
        paths: files and folders.
        plan_file: a saved plan that is to be sent instead.
        to_sandbox: whether a sandbox is started for the run.
        import_type: createOnly, createOrUpdate or updateOnly; None for the setting.
        iban: account of all statements.
        targets: where reports go.
        save_plan: file for the plan.
        save_requests: folder for the request bodies.
        dry_run: whether nothing is sent.
        confirmed: whether the user has agreed already.
        journal_url: SQLAlchemy address of the journal; None for that of the settings.
    """

    def __init__(
        self,
        session: Session,
        *,
        paths: Sequence[str] = (),
        plan_file: Path | None = None,
        to_sandbox: bool = False,
        import_type: str | None = None,
        iban: str | None = None,
        targets: Sequence[str] = (),
        save_plan: Path | None = None,
        save_requests: Path | None = None,
        dry_run: bool = False,
        confirmed: bool = False,
        journal_url: str | None = None,
    ) -> None:
        self.session = session
        self.paths: Sequence[str] = paths
        self.plan_file = plan_file
        self.to_sandbox = to_sandbox
        self.import_type = import_type
        self.iban = iban
        self.targets = targets
        self.save_plan = save_plan
        self.save_requests = save_requests
        self.dry_run = dry_run
        self.confirmed = confirmed
        self.journal_url = journal_url or session.settings.journal_url
        self.sandbox: RunningSandbox | None = None
        self.delivery: Delivery | None = None

    def __call__(self) -> int:
        """Do it, and return the exit status."""
        with ExitStack() as stack:
            organization = self._organization(stack)
            plan = self._plan(organization)
            if self.save_plan is not None:
                from efimport.planning.saved import save_plan

                save_plan(plan, self.save_plan, paths=self.paths, import_type=self.import_type, iban=self.iban)
            if self.save_requests is not None:
                save_request_bodies(plan, self.save_requests)
            if self.dry_run:
                self._show(plan, (), dry_run=True)
                return exit_status(plan, ())
            if organization is None:
                raise SettingsError(
                    message("There are no settings that say where to send."),
                    message("Write them with: efimport config init - or try: --to sandbox, or --dry-run."),
                )
            self._ask(plan, organization)
            outcomes = self._send(plan, organization)
            self._show(plan, outcomes, dry_run=False)
            assert self.delivery is not None
            self._say_the_rest(self.delivery)
            return max(exit_status(plan, outcomes), self.delivery.exit_status)

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

    def _plan(self, organization: Organization | None) -> Plan:
        from efimport.planning.build import Options, build_plan
        from efimport.planning.saved import compare, load_plan

        saved = None
        if self.plan_file is not None:
            saved = load_plan(self.plan_file)
            self.paths, self.import_type, self.iban = saved.paths, saved.import_type, saved.iban
        options = Options(import_type=self.import_type, iban=self.iban)
        with reading_progress(self.session) as progress:
            plan = build_plan(self.paths, organization, options, progress=progress)
        if saved is not None:
            compare(saved, plan)
        return plan

    def _ask(self, plan: Plan, organization: Organization) -> None:
        if self.confirmed or organization.is_local or not plan.calls:
            return
        if not sys.stdin.isatty():
            raise UsageError(
                message("Nobody can be asked whether to send: standard input is no terminal."),
                message("Look at the plan with --dry-run, then add --yes."),
            )
        self._show(plan, (), dry_run=True)
        question = self.session.catalogue.plural(
            "Send {count} request to {endpoint}?",
            "Send {count} requests to {endpoint}?",
            len(plan.calls),
            endpoint=organization.endpoint,
        )
        click.confirm(question, abort=True, err=True)

    def _send(self, plan: Plan, organization: Organization) -> list[Outcome]:
        from efimport.api.client import Client
        from efimport.api.pace import ABANDONED_WAIT
        from efimport.delivery import deliver, stop_on_signals
        from efimport.journal import Journal

        sending = Sending(quiet_time=SANDBOX_QUIET_TIME) if self.to_sandbox else self.session.settings.sending
        abandoned = min(ABANDONED_WAIT, sending.quiet_time)
        outcomes: list[Outcome] = []
        with (
            Journal(self.journal_url) as journal,
            Client(organization, sending=sending, abandoned_wait=abandoned) as client,
            stop_on_signals() as stop,
            sending_progress(self.session, len(plan.calls)) as advance,
        ):
            delivery = deliver(plan, client, journal, quiet_time=sending.quiet_time, stop=stop)
            for outcome in delivery:
                outcomes.append(outcome)
                advance()
        self.delivery = delivery
        return outcomes

    def _say_the_rest(self, delivery: Delivery) -> None:
        """What the report of this plan does not hold: calls of earlier runs, and why the run ended early."""
        for entry in delivery.recovered:
            self.session.say(
                message(
                    "From an earlier run: {method} {number}: {state}. {reason}",
                    method=entry.method,
                    number=entry.number or entry.key,
                    state=entry.state.value,
                    reason=entry.reason or "",
                )
            )
        if delivery.stopped is not None:
            self.session.say(message("The run ended early: {reason}", reason=delivery.stopped))

    def _show(self, plan: Plan, outcomes: Sequence[Outcome], *, dry_run: bool) -> None:
        from efimport.report.build import build_report

        report = build_report(plan, outcomes, dry_run=dry_run, catalogue=self.session.catalogue)
        asking = not self.dry_run and dry_run
        # Before the question people see the plan; standard output and the files belong to the final report.
        show(report, self.session, [one for one in self.targets if one == STANDARD_OUTPUT] if asking else self.targets)


def sandbox_organization(organization: Organization | None, sandbox: RunningSandbox | None) -> Organization:
    """The user's organization, or an unnamed one, with the sandbox in the place of the service."""
    from efimport.sandbox.organization import default_organization
    from efimport.secrets import Secret

    played = sandbox.organization if sandbox else default_organization()
    endpoint = sandbox.endpoint if sandbox else "http://127.0.0.1/WebServicesCZ/API"
    user = ApiUser("demo", password=Secret.of("demo"))
    base = organization or Organization(bank_accounts=played.bank_accounts, paypal_accounts=played.paypal_accounts)
    return msgspec.structs.replace(
        base, name="sandbox", endpoint=endpoint, token=Secret.of(played.token), users=(user,)
    )


def exit_status(plan: Plan, outcomes: Sequence[Outcome]) -> int:
    """3 where a person is needed, 1 where something was refused or is not sent, else 0."""
    states = {outcome.state for outcome in outcomes}
    if states & {State.UNKNOWN, State.HELD}:
        return NEEDS_A_PERSON
    if State.REFUSED in states or (outcomes and State.PLANNED in states):
        return NOT_ALL
    return NOT_ALL if any(found.is_error for found in plan.findings) else ALL_WELL


def save_request_bodies(plan: Plan, folder: Path) -> None:
    """Each request body exactly as it is sent, with the login replaced; numbered in the order of sending."""
    from efimport.api import wire

    folder.mkdir(parents=True, exist_ok=True)
    for number, call in enumerate(plan.calls, start=1):
        (folder / f"{number:04d}-{call.call.method}.xml").write_bytes(wire.encode(call.call))
