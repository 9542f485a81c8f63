"""The organizations of one sandbox: who they are, what each of them holds, and what was asked of each."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TypeAlias

import msgspec

from efimport.sandbox.invented import invented_organization
from efimport.sandbox.options import Options
from efimport.sandbox.organization import Organization, User, organization_for
from efimport.sandbox.state import Kept, State

UserKey: TypeAlias = tuple[str, str]
"""A user: key of the organization and name in upper case; two organizations may have users of one name."""


class Requests:
    """Counters of requests.

    Attributes:
        by_method: by the name of the method.
        by_user: by the name of the user, as it was sent.
        by_outcome: ``ok`` and ``refused`` of those that were carried out.
    """

    def __init__(self) -> None:
        self.by_method: Counter[str] = Counter()
        self.by_user: Counter[str] = Counter()
        self.by_outcome: Counter[str] = Counter()


class Tenant:
    """One organization with everything that is its own: documents, partners, inbox, counters.

    Attributes:
        organization: who it is.
        state: what it holds.
        requests: what was asked of it.
    """

    def __init__(self, organization: Organization, state: State) -> None:
        self.organization = organization
        self.state = state
        self.requests = Requests()


class LoggedIn(msgspec.Struct, frozen=True):
    """Who sent a request: the organization by its token, and one of its users."""

    tenant: Tenant
    user: User

    @property
    def key(self) -> UserKey:
        """The user, told from users of that name in other organizations."""
        return self.tenant.organization.key, self.user.username.upper()


def played_organizations(options: Options) -> tuple[Organization, ...]:
    """All organizations of a sandbox: its own, those of the options, and invented ones up to the wanted number.

    Raises:
        TypeError: an organization of the options is none, or two of them have the same name or token.
    """
    named = [organization_for(options), *_others(options)]
    invent = partial(invented_organization, users=options.users_each, any_account=options.accept_any_account)
    everyone = (*named, *map(invent, range(len(named) + 1, options.organizations + 1)))
    for what, values in (
        ("name", [organization.key for organization in everyone]),
        ("token", [organization.token for organization in everyone if organization.token]),
    ):
        twice = [value for value, times in Counter(values).items() if times > 1]
        if twice:
            raise TypeError(f"The sandbox cannot be started so: two organizations have the {what} {twice[0]}")
    return everyone


def _others(options: Options) -> tuple[Organization, ...]:
    try:
        return msgspec.convert(options.other_organizations, tuple[Organization, ...])
    except msgspec.ValidationError as error:
        raise TypeError(f"The sandbox cannot be started so: other_organizations: {error}") from error


def tenants_of(organizations: tuple[Organization, ...], kept: Kept) -> tuple[Tenant, ...]:
    """The organizations with their states; states of organizations that are not played any more stay in the file."""
    first, *others = organizations
    found = [Tenant(first, kept)]
    found += [Tenant(other, kept.organizations.setdefault(other.key, State())) for other in others]
    return tuple(found)
