"""Sources -> formats -> checks -> payloads = plan. Touches no network.

The steps, each a function: read everything, pair PDFs with what they picture, put files of one name into one entry,
route and check each document, find doubles, put the calls in order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from efimport.checks import check
from efimport.checks.context import Context
from efimport.documents import Document, Partner, Statement
from efimport.findings import finding
from efimport.formats.reading import Own
from efimport.payloads import route
from efimport.payloads.suppliers import knowing
from efimport.payloads.target import Routed, Target, location, own_of
from efimport.planning.calls import calls_of
from efimport.planning.choices import Choices
from efimport.planning.drafts import Draft, Progress, read_all
from efimport.planning.entries import join_entries
from efimport.planning.given import Given
from efimport.planning.model import Plan
from efimport.planning.pictures import pair_pictures
from efimport.settings import Organization
from efimport.sources import LIMITS, Limits, Named

__all__ = ["Options", "build_plan", "check_only", "own_of"]


class Options(Choices, frozen=True, kw_only=True):
    """What a user chooses for a run, and what a program may say besides.

    Attributes:
        today: the day that dates are held against.
        limits: what is read at most.
    """

    today: dt.date | None = None
    limits: Limits = LIMITS

    @classmethod
    def of(cls, choices: Choices) -> Options:
        """The options of a run in which the user chose this."""
        return cls(**msgspec.structs.asdict(choices))


def build_plan(
    paths: Iterable[Named],
    organization: Organization | None,
    options: Options | None = None,
    *,
    given: Sequence[Given] = (),
    progress: Progress | None = None,
) -> Plan:
    """The plan for the files that the paths name, and for documents that are there already.

    Args:
        paths: files and folders, or sources that are in memory already.
        organization: whose books the documents go to; None plans for the Czech site.
        options: what the user says about this run.
        given: documents that were read before; they come behind those of the paths.
        progress: told the path of each source before it is read.
    """
    options = options or Options()
    target = options.target(organization)
    drafts = read_all(paths, target.own, options.limits, options.hints(organization), progress)
    drafts += [one.draft(ordinal) for ordinal, one in enumerate(given, start=len(drafts))]
    target = knowing(target, (one for draft in drafts for one in draft.documents if isinstance(one, Partner)))
    pair_pictures(drafts, target)
    join_entries(drafts, target)
    context = _context(target.own, options)
    for draft in drafts:
        _route_and_check(draft, target, context)
    name = organization.name if organization else None
    calls = calls_of(drafts, name or "-", target.import_type)
    numbers = {index: call.id for call in calls for index in call.documents}
    return Plan(
        organization=name,
        site=target.site,
        sources=tuple(draft.planned(numbers) for draft in drafts),
        calls=tuple(calls),
    )


def check_only(
    paths: Iterable[Named],
    organization: Organization | None = None,
    options: Options | None = None,
    *,
    progress: Progress | None = None,
) -> Plan:
    """Everything up to the checks: a plan without calls, for ``efimport check``."""
    options = options or Options()
    own = own_of(organization, options.iban)
    drafts = read_all(paths, own, options.limits, options.hints(organization), progress)
    context = _context(own, options)
    for draft in drafts:
        draft.added = [check(document, context) for document in draft.documents]
    return Plan(
        organization=organization.name if organization else None,
        site=organization.site if organization else "CZ",
        sources=tuple(draft.planned({}) for draft in drafts),
        checked_only=True,
    )


def _context(own: Own, options: Options) -> Context:
    return Context(own=own, today=options.today or dt.datetime.now(tz=dt.UTC).date())


def _share_no_account(documents: Sequence[Document]) -> bool:
    """Whether a file has statements in several currencies that name no account: one account cannot take them all."""
    unnamed = [one for one in documents if isinstance(one, Statement) and one.account.display is None]
    return len({one.currency for one in unnamed}) > 1


def _route_and_check(draft: Draft, target: Target, context: Context) -> None:
    """What becomes of each document of a source, and what is noticed about it.

    A document with an error is held back. An error of the file as a whole (one item of a pack that cannot be read)
    does not hold back the others: they are whole, and when the file comes again they are known by their keys.
    """
    mixed = target.iban is not None and _share_no_account(draft.documents)
    for document in draft.documents:
        found = [*check(document, context), *draft.told]
        if mixed and isinstance(document, Statement) and document.account.display is None:
            found.append(finding("statement.currencies-mixed", location(document), account=target.iban))
        if draft.paired_with is not None:
            routed = Routed()
        else:
            routed = route(document, target)
            found.extend(routed.findings)
        blocked = any(one.is_error for one in (*document.findings, *found))
        draft.added.append(found)
        draft.routed.append(Routed() if blocked else routed)
