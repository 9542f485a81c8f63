"""The public interface as a script uses it; checked by mypy, never run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, assert_type

import pandas as pd

import efimport
from efimport.findings import Finding


def read_everything(path: Path) -> None:
    documents = efimport.read(path)
    assert_type(documents, efimport.Documents)
    for document in documents:
        if isinstance(document, efimport.Invoice):
            assert_type(document.payable, Decimal | None)
            assert_type(document.date, dt.date | None)
            assert_type(document.customer, efimport.Party | None)
            assert_type(document.lines, tuple[efimport.Line, ...])
        if isinstance(document, efimport.Statement):
            assert_type(document.entries, tuple[efimport.Entry, ...])
            assert_type(document.to_dataframe(), pd.DataFrame)
    assert_type(documents.findings, list[Finding])


def read_frames(frame: pd.DataFrame, organization: efimport.Organization) -> None:
    partners = efimport.from_dataframe(frame, "partners", organization=organization, name="partners.xlsx")
    assert_type(partners, efimport.Documents)
    invoices = efimport.from_dataframe(frame, Path("own.toml"), date_format="DD/MM/YYYY")
    assert_type(list(invoices), list[efimport.Document])
    assert_type(efimport.plan(partners, organization), efimport.Plan)
    assert_type(efimport.plan(next(iter(invoices))), efimport.Plan)
    assert_type(efimport.plan([partners, invoices, "inbox", *efimport.read("other")]), efimport.Plan)


def send_everything(folder: str, organization: efimport.Organization) -> None:
    plan = efimport.plan([folder], organization, import_type="createOnly", today=dt.date(2026, 1, 31))
    assert_type(plan, efimport.Plan)
    assert_type(plan.findings, tuple[Finding, ...])
    assert_type(plan.documents, tuple[efimport.Document, ...])
    assert_type(plan.report(), dict[str, Any])
    with efimport.connect(organization, journal="journal.sqlite3") as service:
        assert_type(service, efimport.Service)
        outcomes = efimport.deliver(plan, service)
        assert_type(outcomes, Iterator[efimport.Outcome])
        for outcome in outcomes:
            assert_type(outcome.state, efimport.State)
            assert_type(outcome.answer, str | None)


def wrong_uses() -> None:
    efimport.read(5)  # type: ignore[arg-type]
    efimport.from_dataframe([{"code": "1"}], "partners")  # type: ignore[arg-type]
    efimport.from_dataframe(pd.DataFrame(), 5)  # type: ignore[arg-type]
    efimport.plan(b"bytes are read, not planned")  # type: ignore[arg-type]
    efimport.Line(position=1, unit_price=1.5)  # type: ignore[arg-type]
    efimport.Entry(1, Decimal(2))  # type: ignore[call-arg]
