"""Settling what earlier runs left in doubt, without sending anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from efimport.delivery.comparing import Confirm
from efimport.delivery.run import QUIET_SECONDS, Delivery
from efimport.delivery.stopping import Stop, never
from efimport.delivery.waiting import Tell
from efimport.journal import Entry, Journal
from efimport.planning.model import Plan

if TYPE_CHECKING:
    from efimport.api.client import Client


def recover(
    client: Client,
    journal: Journal,
    *,
    quiet_time: float = QUIET_SECONDS,
    on_waiting: Tell | None = None,
    confirm: Confirm | None = None,
    stop: Stop = never,
    wait_for_owner: float = 0.0,
) -> list[Entry]:
    """Settles what earlier runs of the client's organization left in doubt, and sends nothing else.

    Returns:
        the entries after it; what is still unknown or held is among them.

    Raises:
        JournalHeldError, JournalError: see :func:`deliver`.
        EfimportError: the login was refused or the service cannot be reached.
    """
    nothing = Plan(organization=client.organization.name, site=client.organization.site)
    delivery = Delivery(
        nothing,
        client,
        journal,
        quiet_time=quiet_time,
        on_waiting=on_waiting,
        confirm=confirm,
        stop=stop,
        wait_for_owner=wait_for_owner,
    )
    for _ in delivery:
        pass
    if delivery.stopped is not None:
        raise delivery.stopped
    return delivery.recovered
