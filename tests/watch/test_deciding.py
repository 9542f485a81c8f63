"""What becomes of files that were read: every case there is, against a table."""

from __future__ import annotations

import itertools

import msgspec
import pytest

from efimport.findings import Severity, finding
from efimport.journal import Place, Step
from efimport.messages import Catalogue
from efimport.planning.build import build_plan
from efimport.planning.model import Outcome, Plan, State
from efimport.report.build import build_report
from efimport.settings import Organization
from efimport.sources import Source
from efimport.watch.deciding import Case, Decision, decide, digest_of_calls, place_after
from tests.acceptance.made import pack

NOTICED = {
    Severity.INFO: finding("routing.pdf-paired", other="a.pdf"),
    Severity.WARNING: finding("routing.pdf-alone", other="a.xml"),
    Severity.ERROR: finding("source.empty"),
}
SEVERITIES = [chosen for count in range(4) for chosen in itertools.combinations(Severity, count)]
STEPS = [chosen for count in range(1, 5) for chosen in itertools.combinations(Step, count)]


@pytest.fixture(scope="module")
def organization():
    return Organization(name="firma", site="CZ", endpoint="https://service.example/", token=None, users=())


@pytest.fixture(scope="module")
def plan(organization):
    """A plan of eight invoices in one file."""
    return build_plan([Source("faktury.xml", pack(*range(1, 9)))], organization)


def shown(plan: Plan, outcomes=(), *, dry_run=True):
    return build_report(plan, list(outcomes), dry_run=dry_run, catalogue=Catalogue("en"), made_at=None)


def noticing(plan: Plan, severities) -> Plan:
    """The plan, with something of each severity noticed about its file and nothing else."""
    found = tuple(NOTICED[severity] for severity in severities)
    documents = tuple(msgspec.structs.replace(one, findings=()) for one in plan.sources[0].documents)
    source = msgspec.structs.replace(plan.sources[0], findings=found, documents=documents)
    return msgspec.structs.replace(plan, sources=(source,))


ANY = None
TABLE = (
    # sends, approved, automatic, clean, doubtful: decision
    ((False, ANY, ANY, ANY, ANY), Decision.SEND),
    ((True, "other", ANY, ANY, ANY), Decision.CHANGED),
    ((True, "same", ANY, ANY, ANY), Decision.SEND),
    ((True, "nobody", False, ANY, ANY), Decision.REVIEW),
    ((True, "nobody", True, False, ANY), Decision.REVIEW),
    ((True, "nobody", True, True, True), Decision.REVIEW),
    ((True, "nobody", True, True, False), Decision.SEND),
)


def from_table(*case):
    """The decision of the one line that fits."""
    (decision,) = [
        decision
        for pattern, decision in TABLE
        if all(wanted is ANY or wanted == given for wanted, given in zip(pattern, case, strict=True))
    ]
    return decision


@pytest.mark.parametrize("severities", SEVERITIES, ids="-".join)
def test_what_can_be_sent_is_decided_as_the_table_says(severities, plan):
    part = noticing(plan, severities)
    report = shown(part)
    clean = not set(severities) - {Severity.INFO}
    approvals = {"nobody": None, "same": digest_of_calls(part), "other": "0" * 64}
    keys = [one.key for call in part.calls for one in call.parts]
    for steps, approved, automatic, doubtful in itertools.product(STEPS, approvals, (False, True), (False, True)):
        case = Case(
            part=part,
            report=report,
            steps=dict(zip(keys, itertools.cycle(steps), strict=False)),
            approved=approvals[approved],
            automatic=automatic,
            doubtful=doubtful,
        )
        assert decide(case) is from_table(Step.SEND in steps, approved, automatic, clean, doubtful)


@pytest.mark.parametrize("approved", [None, "0" * 64])
@pytest.mark.parametrize("automatic", [False, True])
@pytest.mark.parametrize("doubtful", [False, True])
@pytest.mark.parametrize(
    ("files", "decision"),
    [
        ({"prazdny.xml": b""}, Decision.REJECT),
        ({"text.xyz": b"Nothing that anybody knows."}, Decision.REJECT),
        ({}, Decision.REJECT),
    ],
    ids=["empty", "unknown", "no-file"],
)
def test_where_there_is_nothing_to_send_nothing_can_be_approved(
    files, decision, approved, automatic, doubtful, organization
):
    part = build_plan([Source(name, content) for name, content in files.items()], organization)
    case = Case(
        part=part, report=shown(part), steps={}, approved=approved, automatic=automatic, doubtful=doubtful
    )  # fmt: skip
    assert decide(case) is decision


def test_what_is_the_same_as_another_file_of_the_batch_is_a_duplicate(plan, organization):
    from efimport.planning.parts import part_of

    two = build_plan([Source(name, pack(1)) for name in ("a.xml", "b.xml")], organization)
    decisions = {}
    for name in ("a.xml", "b.xml"):
        part = part_of(two, [name], sending=True)
        report = shown(part_of(two, [name]))
        steps = {one.key: Step.SEND for call in part.calls for one in call.parts}
        decisions[name] = decide(Case(part=part, report=report, steps=steps, approved=None, automatic=True))
    assert decisions == {"a.xml": Decision.SEND, "b.xml": Decision.DUPLICATE}


STATES = tuple(State)


def place_by_rule(states):
    """The folder, by the worst that became of a document."""
    for these, place in (
        ({State.UNKNOWN, State.HELD, State.SENDING}, Place.UNKNOWN),
        ({State.PLANNED}, None),
        ({State.REFUSED, State.REJECTED}, Place.REJECTED),
        ({State.ACCEPTED}, Place.SENT),
    ):
        if these & states:
            return place
    return Place.DUPLICATES


def test_the_folder_is_that_of_the_worst_that_became_of_a_document(plan):
    for count in range(1, len(STATES) + 1):
        for states in itertools.combinations(STATES, count):
            assert place_after(ended(plan, states)) is place_by_rule(set(states)), states


def ended(plan: Plan, states):
    """The report of a file that has a document of each state."""
    source, rejected = plan.sources[0], NOTICED[Severity.ERROR]
    documents, calls, outcomes = [], [], []
    for (document, call), state in zip(zip(source.documents, plan.calls, strict=True), states, strict=False):
        if state is State.REJECTED:
            documents.append(msgspec.structs.replace(document, call=None, findings=(rejected,)))
            continue
        sent = msgspec.structs.replace(call, documents=((0, len(documents)),))
        documents.append(document)
        calls.append(sent)
        if state is not State.PLANNED:
            outcomes.append(Outcome(call=sent, state=state, reason="It is so." if state in WRONG else None))
    source = msgspec.structs.replace(source, documents=tuple(documents))
    part = msgspec.structs.replace(plan, sources=(source,), calls=tuple(calls))
    return shown(part, outcomes, dry_run=False)


WRONG = (State.UNKNOWN, State.HELD, State.SENDING, State.REFUSED)


def test_the_digest_is_that_of_what_is_sent_in_whatever_order(plan):
    turned = msgspec.structs.replace(plan, calls=plan.calls[::-1])
    assert digest_of_calls(turned) == digest_of_calls(plan)
    fewer = msgspec.structs.replace(plan, calls=plan.calls[1:])
    other = msgspec.structs.replace(plan.calls[0], digest="0" * 64)
    changed = msgspec.structs.replace(plan, calls=(other, *plan.calls[1:]))
    assert len({digest_of_calls(one) for one in (plan, fewer, changed)}) == 3
