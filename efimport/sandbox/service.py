"""The service without HTTP: login, lock, methods, counters. One object holds everything of one sandbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from efimport.sandbox.answers import Answer
from efimport.sandbox.faults import FaultScript
from efimport.sandbox.limits import InFlight, Pace
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.registry import is_documented, methods, offered_at
from efimport.sandbox.options import Options
from efimport.sandbox.organization import User, organization_for, other_organizations
from efimport.sandbox.overview import overview
from efimport.sandbox.request import RefusedError, Request
from efimport.sandbox.state import State, load_state
from efimport.sandbox.texts import text
from efimport.sandbox.visit import DOCUMENTED_TYPES, Visit


class Service:
    """One sandbox: its organization, state, limits and counters. Used from one thread, the server's.

    Args:
        options: the switches.
        wall_clock: the server's date and time.
        state_file: where the state is kept between runs; None for memory only.
    """

    def __init__(self, options: Options, wall_clock: Callable[[], datetime], state_file: Path | None = None) -> None:
        self.options = options
        self.organization = organization_for(options)
        self.others = other_organizations(options)
        self.state_file = state_file
        self.state = load_state(state_file)
        self._wall_clock = wall_clock
        self._clear_counters()

    def _clear_counters(self) -> None:
        self.pace = Pace(self.options)
        self.in_flight = InFlight()
        self.faults = FaultScript()
        self.warnings: Counter[str] = Counter()
        self.by_method: Counter[str] = Counter()
        self.by_user: Counter[str] = Counter()
        self.by_outcome: Counter[str] = Counter()

    def count(self, visit: Visit) -> None:
        """Count a request that has arrived, whatever will become of it."""
        self.by_method[visit.method or "(none)"] += 1
        if isinstance(visit.outcome, Request):
            self.by_user[visit.outcome.username or "(none)"] += 1
        if visit.content_type not in DOCUMENTED_TYPES:
            self.warnings[f"Content-Type {visit.content_type or '(none)'}"] += 1

    def now(self) -> datetime:
        """The server's date and time."""
        return self._wall_clock()

    def reset(self) -> None:
        """Forget everything: documents, counters, faults."""
        self.state = State()
        self._clear_counters()
        self._save()

    def mark_posted(self, kind: str, number: str) -> bool:
        """Post a document, so that it can no longer be overwritten; False where there is none of that number."""
        document = self.state.named(kind, number)
        if document is not None:
            document.posted = True
            self._save()
        return document is not None

    def log_in(self, request: Request) -> User:
        """The user of the request.

        Raises:
            RefusedError: no login or method, a wrong token, user or hash.
        """
        if request.username is None:
            raise RefusedError(text("login-missing"))
        if request.token != self.organization.token:
            raise RefusedError(text("invalid-token"))
        user = self.organization.user(request.username)
        if user is None or not self._is_right(user, request):
            raise RefusedError(text("login-wrong"))
        return user

    def _is_right(self, user: User, request: Request) -> bool:
        if request.is_json and self.options.mode == "observed" and request.secret_key:
            return request.secret_key == user.secret_key
        return request.md5pass.lower() == user.expected_hash

    def carry_out(self, request: Request, site: str) -> Answer:
        """Carry out a request whose login was checked; the answer may be a refusal.

        The order is that of the reference's errors: method, privileges, parameters, rules of the method.
        """
        try:
            answer = self._call(request, site)
        except RefusedError as refusal:
            answer = Answer(error=str(refusal))
        self.by_outcome["ok" if answer.error is None else "refused"] += 1
        self._save()
        return answer

    def _call(self, request: Request, site: str) -> Answer:
        if not request.method:
            raise RefusedError(text("method-missing"))
        method = methods().get(request.method)
        if method is None:
            sentence = "method-not-played" if is_documented(request.method) else "method-unknown"
            raise RefusedError(text(sentence, method=request.method))
        if not offered_at(request.method, site):
            raise RefusedError(text("method-elsewhere", method=request.method, site=site))
        user = self.organization.user(request.username or "")
        if user is None or not user.may_call(request.method):
            raise RefusedError(text("access-denied"))
        request.check_types()
        moment = self.now()
        return method(
            Context(
                request=request,
                site=site,
                options=self.options,
                organization=self.organization,
                others=self.others,
                state=self.state,
                warnings=self.warnings,
                today=moment.date().isoformat(),
                now=moment.strftime("%Y-%m-%d %H:%M:%S"),
            )
        )

    def _save(self) -> None:
        if self.state_file is not None:
            self.state.save(self.state_file)

    def overview(self) -> dict[str, Any]:
        """Everything that the sandbox holds and has counted, ready for JSON."""
        return overview(self)
