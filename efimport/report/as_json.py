"""The report for programs: ``efimport-report/1``. Its fields are a promise; ``efimport-report-1.schema.json`` holds it.

What could act in a terminal is written as a JSON escape, so that the report can be printed safely; a program that
reads it gets the very text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import IO

from efimport.report.model import (
    Report,
    ReportedCall,
    ReportedDocument,
    ReportedFinding,
    ReportedSource,
    StatementFigures,
)
from efimport.report.parameters import Shown, summarise
from efimport.report.visible import ACTING
from efimport.report.words import money

SCHEMA = "efimport-report/1"


def write_json(report: Report, stream: IO[str]) -> None:
    """Write the report as one JSON object, a file and a call a line, without building it whole.

    Args:
        report: what to write.
        stream: a text stream; UTF-8 is meant.
    """
    head: dict[str, Shown] = {
        "schema": SCHEMA,
        "organization": report.organization,
        "site": report.site,
        "dry_run": report.dry_run,
    }
    stream.write(f"{_text(head)[:-1]},\n")
    _write_list(stream, "sources", (_source(source) for source in report.sources))
    stream.write(",\n")
    _write_list(stream, "calls", (_call(call, report) for call in report.calls))
    stream.write(f',\n"totals": {_text(_totals(report))}}}\n')


def _write_list(stream: IO[str], name: str, items: Iterable[Shown]) -> None:
    stream.write(f'"{name}": [')
    separator = "\n"
    for item in items:
        stream.write(f"{separator}{_text(item)}")
        separator = ",\n"
    stream.write("]")


def _text(value: Shown) -> str:
    return ACTING.sub(_escape, json.dumps(value, ensure_ascii=False))


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _source(source: ReportedSource) -> Shown:
    return {
        "path": source.path,
        "sha256": source.sha256,
        "bytes": source.size,
        "format": source.format,
        "encoding": source.encoding,
        "findings": [_finding(finding) for finding in source.findings],
        "documents": [_document(document) for document in source.documents],
    }


def _finding(finding: ReportedFinding) -> Shown:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "hint": finding.hint,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "where": finding.where,
    }


def _document(document: ReportedDocument) -> Shown:
    return {
        "ordinal": document.ordinal,
        "kind": document.kind.value,
        "number": document.number,
        "date": None if document.date is None else document.date.isoformat(),
        "currency": document.currency,
        "total": None if document.total is None else money(document.total),
        "partner": document.partner,
        "line": document.line,
        "findings": [_finding(finding) for finding in document.findings],
        "call": document.call,
        "statement": None if document.statement is None else _statement(document.statement),
    }


def _statement(figures: StatementFigures) -> Shown:
    return {
        "account": figures.account,
        "opening": None if figures.opening is None else money(figures.opening),
        "closing": None if figures.closing is None else money(figures.closing),
        "credit": money(figures.credit),
        "debit": money(figures.debit),
        "entries": figures.entries,
    }


def _call(call: ReportedCall, report: Report) -> Shown:
    return {
        "id": call.id,
        "method": call.call.method,
        "key": call.key,
        "documents": [[source, report.sources[source].documents[index].ordinal] for source, index in call.documents],
        "state": call.state.value,
        "parameters": summarise(call.call),
        "answer": call.answer,
    }


def _totals(report: Report) -> Shown:
    totals = report.totals
    return {
        "sources": totals.sources,
        "documents": totals.documents,
        "calls": totals.calls,
        "errors": totals.errors,
        "warnings": totals.warnings,
        "by_state": {state.value: count for state, count in totals.by_state.items()},
        "seconds_to_send": totals.seconds_to_send,
    }
