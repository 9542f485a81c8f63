"""The service without HTTP: login, lock, methods, counters. One object holds everything of one sandbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from efimport.sandbox.answers import Answer
from efimport.sandbox.faults import FaultScript
from efimport.sandbox.limits import InFlight, Pace
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.registry import MISPRINTED, denial, is_documented, methods, offered_at
from efimport.sandbox.options import Options
from efimport.sandbox.organization import Organization, User
from efimport.sandbox.overview import overview
from efimport.sandbox.request import RefusedError, Request
from efimport.sandbox.state import Kept, State, load_state
from efimport.sandbox.tenants import LoggedIn, Requests, Tenant, played_organizations, tenants_of
from efimport.sandbox.texts import text
from efimport.sandbox.visit import DOCUMENTED_TYPES, Visit


class Service:
    """One sandbox: its organizations, limits and counters. Used from one thread, the server's.

    Args:
        options: the switches.
        wall_clock: the server's date and time.
        state_file: where the state is kept between runs; None for memory only.

    Raises:
        TypeError: the options name organizations that cannot be.
        ValueError: the state file holds something else.
    """

    def __init__(self, options: Options, wall_clock: Callable[[], datetime], state_file: Path | None = None) -> None:
        self.options = options
        self.organizations = played_organizations(options)
        self.state_file = state_file
        self._wall_clock = wall_clock
        self._begin(load_state(state_file))

    def _begin(self, kept: Kept) -> None:
        self._kept = kept
        self.tenants = tenants_of(self.organizations, kept)
        self.requests = Requests()
        self.pace = Pace(self.options)
        self.in_flight = InFlight()
        self.faults = FaultScript()
        self.warnings: Counter[str] = Counter()

    @property
    def organization(self) -> Organization:
        """The first organization."""
        return self.organizations[0]

    @property
    def state(self) -> State:
        """What the first organization holds."""
        return self.tenants[0].state

    def tenant(self, name: str) -> Tenant | None:
        """The organization of that name, in the settings or its own; None where there is none."""
        names = ((one, {one.organization.key, one.organization.name}) for one in self.tenants)
        return next((one for one, known in names if name in known), None)

    def _tenant_of(self, token: str) -> Tenant | None:
        """The organization of a token; those without one take no logins."""
        return next((one for one in self.tenants if token and one.organization.token == token), None)

    def count(self, visit: Visit) -> None:
        """Count a request that has arrived, whatever will become of it."""
        counted = [self.requests]
        if isinstance(visit.outcome, Request):
            tenant = self._tenant_of(visit.outcome.token)
            counted += [tenant.requests] if tenant is not None else []
            for requests in counted:
                requests.by_user[visit.outcome.username or "(none)"] += 1
        for requests in counted:
            requests.by_method[visit.method or "(none)"] += 1
        if visit.content_type not in DOCUMENTED_TYPES:
            self.warnings[f"Content-Type {visit.content_type or '(none)'}"] += 1

    def now(self) -> datetime:
        """The server's date and time."""
        return self._wall_clock()

    def reset(self) -> None:
        """Forget everything: documents, counters, faults."""
        self._begin(Kept())
        self._save()

    def mark_posted(self, kind: str, number: str, organization: str = "") -> bool:
        """Post a document, so that it can no longer be overwritten; False where there is none of that number.

        Args:
            kind: type of the document, ``SalesInvoice``.
            number: its formatted number.
            organization: whose; the first where it is empty.
        """
        tenant = self.tenant(organization) if organization else self.tenants[0]
        document = tenant.state.named(kind, number) if tenant is not None else None
        if document is not None:
            document.posted = True
            self._save()
        return document is not None

    def log_in(self, request: Request) -> LoggedIn:
        """The organization, by its token, and the user of the request.

        Raises:
            RefusedError: no login or method, a wrong token, user or hash.
        """
        if request.username is None:
            raise RefusedError(text("login-missing"))
        tenant = self._tenant_of(request.token)
        if tenant is None:
            raise RefusedError(text("invalid-token"))
        user = tenant.organization.user(request.username)
        if user is None or not self._is_right(user, request):
            raise RefusedError(text("login-wrong"))
        return LoggedIn(tenant, user)

    def _is_right(self, user: User, request: Request) -> bool:
        if request.is_json and self.options.mode == "observed" and request.secret_key:
            return request.secret_key == user.secret_key
        return request.md5pass.lower() == user.expected_hash

    def carry_out(self, request: Request, caller: LoggedIn, site: str) -> Answer:
        """Carry out a request whose login was checked; the answer may be a refusal.

        The order is that of the reference's errors: method, privileges, parameters, rules of the method.
        """
        try:
            answer = self._call(request, caller, site)
        except RefusedError as refusal:
            answer = Answer(error=str(refusal))
        for requests in (self.requests, caller.tenant.requests):
            requests.by_outcome["ok" if answer.error is None else "refused"] += 1
        self._save()
        return answer

    def _call(self, request: Request, caller: LoggedIn, site: str) -> Answer:
        if not request.method:
            raise RefusedError(text("method-missing"))
        if request.method in MISPRINTED:
            self.warnings[f"{request.method}: the heading of the reference names it {MISPRINTED[request.method]}"] += 1
            request = msgspec.structs.replace(request, method=MISPRINTED[request.method])
        method = methods().get(request.method)
        if method is None:
            sentence = "method-not-played" if is_documented(request.method) else "method-unknown"
            raise RefusedError(text(sentence, method=request.method))
        if not offered_at(request.method, site):
            raise RefusedError(text("method-elsewhere", method=request.method, site=site))
        if not caller.user.may_call(request.method):
            raise RefusedError(text(denial(request.method)))
        request.check_types()
        moment = self.now()
        return method(
            Context(
                request=request,
                site=site,
                options=self.options,
                organization=caller.tenant.organization,
                others=tuple(one for one in self.tenants if one is not caller.tenant),
                state=caller.tenant.state,
                warnings=self.warnings,
                today=moment.date().isoformat(),
                now=moment.strftime("%Y-%m-%d %H:%M:%S"),
            )
        )

    def _save(self) -> None:
        if self.state_file is not None:
            self._kept.save(self.state_file)

    def overview(self) -> dict[str, Any]:
        """Everything that the sandbox holds and has counted, ready for JSON."""
        return overview(self)
