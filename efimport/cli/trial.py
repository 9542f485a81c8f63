"""``--to sandbox``: the user's organization with a sandbox in the place of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from efimport.secrets import Secret
from efimport.settings import ApiUser, Organization

if TYPE_CHECKING:
    from efimport.sandbox.server import RunningSandbox

NAME = "sandbox"
"""Organization in the journal under which trials are remembered, apart from what the service got."""
QUIET_TIME = 2.0
"""Seconds; the sandbox of a run ends with the run, so that nothing of it can be under way for long."""


def sandbox_organization(organization: Organization | None, sandbox: RunningSandbox | None) -> Organization:
    """The user's organization, or an unnamed one, with the sandbox in the place of the service.

    Args:
        organization: the one of the settings; None without settings.
        sandbox: the running sandbox; None in a dry run, which needs none.
    """
    from efimport.sandbox.organization import default_organization

    played = sandbox.organization if sandbox else default_organization()
    endpoint = sandbox.endpoint if sandbox else "http://127.0.0.1/WebServicesCZ/API"
    user = ApiUser("demo", password=Secret.of("demo"))
    base = organization or Organization(bank_accounts=played.bank_accounts, paypal_accounts=played.paypal_accounts)
    return msgspec.structs.replace(base, name=NAME, endpoint=endpoint, token=Secret.of(played.token), users=(user,))
