"""``efimport call --journal-as``: one call under the rules of an import."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from efimport.cli.session import Session
from efimport.report.visible import visible

if TYPE_CHECKING:
    from efimport.api.call import Call
    from efimport.planning.model import Outcome
    from efimport.settings import Organization


def send_once(session: Session, organization: Organization, made: Call, name: str) -> int:
    """Send a call that the journal knows by a name; returns the exit status.

    Args:
        session: the settings and the language.
        organization: whose books.
        made: the call; it changes data.
        name: the user's word for what it does.

    Raises:
        UsageError: the method changes nothing, or carries many things at once.
        JournalHeldError, JournalError: see :func:`efimport.deliver`.
        EfimportError: the login was refused, or the service cannot be reached.
    """
    from efimport.api.client import Client
    from efimport.delivery import Delivery, stop_on_signals
    from efimport.planning.single import plan_of_call

    plan = plan_of_call(made, organization.name, organization.site, name)
    settings = session.settings
    journal = session.open_journal()
    client = Client(organization, sending=settings.sending)
    with journal, client, stop_on_signals() as stop:
        delivery = Delivery(plan, client, journal, quiet_time=settings.sending.quiet_time, stop=stop)
        for outcome in delivery:
            _tell(session, outcome)
    if delivery.stopped is not None:
        raise delivery.stopped
    return delivery.exit_status


def _tell(session: Session, outcome: Outcome) -> None:
    click.echo(outcome.state.value)
    if outcome.answer:
        click.echo(visible(outcome.answer))
    if outcome.reason:
        session.say(outcome.reason, always=True)
