"""One statement in several formats goes once."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest

import efimport
from efimport.cli.tables import as_csv
from efimport.formats.camt.write import write_camt
from efimport.formats.gpc.write import write_gpc
from efimport.formats.mt940.write import write_mt940
from efimport.report.build import build_report

WRITERS = {
    "a.csv": lambda one: as_csv([one]),
    "b.gpc": lambda one: write_gpc([one]),
    "c.sta": lambda one: write_mt940([one]),
    "d.xml": lambda one: write_camt([one]),
}


def in_forms(statement, *names):
    return {name: WRITERS[name](statement) for name in names}


def sent(plan):
    return [plan.sources[source].path.rsplit("/", 1)[-1] for call in plan.calls for source, _ in call.documents[:1]]


def codes_of(plan, name):
    (source,) = [source for source in plan.sources if source.path.endswith(name)]
    return [found.code for document in source.documents for found in document.findings]


@pytest.mark.parametrize(
    ("names", "best"),
    [
        (("a.csv", "b.gpc", "c.sta", "d.xml"), "d.xml"),
        (("a.csv", "b.gpc", "c.sta"), "b.gpc"),
        (("a.csv", "c.sta"), "c.sta"),
    ],
)
def test_the_form_that_says_most_is_sent(files, invented, names, best):
    plan = files.plan(in_forms(invented.statement(), *names))
    assert sent(plan) == [best]
    assert len(plan.calls[0].documents) == len(names)
    for name in names:
        assert ("statement.other-form" in codes_of(plan, name)) == (name != best)


def test_a_table_without_balances_is_recognised_by_its_amounts_and_its_last_day(files, invented):
    whole = invented.statement()
    table = msgspec.structs.replace(whole, opening=None, closing=None, number=None)
    plan = files.plan(in_forms(whole, "b.gpc") | in_forms(table, "a.csv"))
    assert sent(plan) == ["b.gpc"]


def test_another_statement_of_the_same_account_is_no_other_form(files, invented):
    whole = invented.statement()
    entries = (efimport.Entry(position=1, amount=whole.closing - whole.opening, date=whole.date),)
    other = msgspec.structs.replace(
        whole, number="2", opening=whole.closing, closing=whole.closing * 2 - whole.opening, entries=entries
    )
    plan = files.plan(in_forms(whole, "b.gpc") | in_forms(other, "d.xml"))
    assert sorted(sent(plan)) == ["b.gpc", "d.xml"]


def test_the_same_entries_in_another_month_are_another_statement(files, invented):

    whole = invented.statement(opening=None, closing=None)
    later = dt.timedelta(days=31)
    entries = tuple(msgspec.structs.replace(entry, date=entry.date + later) for entry in whole.entries)
    other = msgspec.structs.replace(whole, entries=entries, number="2")
    plan = files.plan(in_forms(other, "a.csv") | in_forms(whole, "d.xml"))
    assert sorted(sent(plan)) == ["a.csv", "d.xml"]


def test_a_report_adds_up_a_statement_in_several_formats_once(files, invented):
    statement = invented.statement()
    report = build_report(files.plan(in_forms(statement, "a.csv", "b.gpc", "d.xml")), dry_run=True)
    (total,) = report.statements
    assert (total.statements, total.entries, total.credit, total.debit) == (1, 2, statement.credit, statement.debit)
