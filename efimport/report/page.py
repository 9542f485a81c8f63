"""The page beside a file of the watched folder: what became of it and what to do, for people without a terminal.

It is one small HTML file with no script and nothing from the network. Its first bytes, ``PAGE_MARK``, tell the watcher
that it is our own and no document.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import PurePath
from typing import IO, Any

import msgspec
from jinja2 import Environment

from efimport import __version__
from efimport.findings import Severity
from efimport.journal.places import Place
from efimport.messages import Message
from efimport.planning.model import State
from efimport.report.advice import advise
from efimport.report.as_html import environment, style_of
from efimport.report.model import Report, ReportedCall, ReportedDocument, ReportedFinding, ReportedSource
from efimport.report.settled import Earlier, FilePage
from efimport.report.words import Words
from efimport.sources.folders import PAGE_MARK

__all__ = ["Earlier", "FilePage", "write_page"]

DOCUMENTS_SHOWN = 200
"""So many documents are listed; the page says so where there are more."""

FINDINGS_SHOWN = 100
"""So many findings are listed, those first that stop a document; the page says so where there are more."""

ENTRIES_SHOWN = 50
"""So many entries of the journal are listed that a person must settle; the page says so where there are more."""

FILES_SHOWN = 20
"""So many fingerprints are in the small print: an archive may hold thousands of files."""

FINGERPRINT_LETTERS = 16

_AT_REST = (Place.SENT, Place.DUPLICATES)
"""Where nobody has to do anything, so that nothing on the page may look like an alarm."""

_WEIGHT = (Severity.ERROR, Severity.WARNING, Severity.INFO)


class ShownDocument(msgspec.Struct, frozen=True):
    """A line of the table: the document, its file where there are several, and what stands below it."""

    document: ReportedDocument
    path: str | None
    details: tuple[str, ...]


class ShownFindings(msgspec.Struct, frozen=True):
    """The findings of one document or of a file as a whole.

    Attributes:
        title: what they are of.
        path: the file that they are in, as its source names it.
        findings: the most urgent first.
    """

    title: str
    path: str
    findings: tuple[ReportedFinding, ...]


def write_page(page: FilePage, language: str, stream: IO[str]) -> None:
    """Write the page of a file.

    Args:
        page: what is known of the file.
        language: code of the language of the texts.
        stream: a text stream; UTF-8 is meant.
    """
    # Of what was turned away before anything was sent the report still speaks of the future.
    dry_run = page.place is Place.REVIEW
    made = page_environment(language, dry_run=dry_run)
    words = Words(language, dry_run=dry_run)
    stream.write(PAGE_MARK.decode())
    stream.write(made.get_template("page.html").render(**_content(page, words)))


@lru_cache(maxsize=8)
def page_environment(language: str, *, dry_run: bool) -> Environment:
    """The environment of the pages of one language; templates are compiled once a process."""
    made = environment(Words(language, dry_run=dry_run))
    # A watcher runs for months: an upgrade beneath it must not mix new templates with old code.
    made.auto_reload = False
    made.globals.update(style=partial(style_of, dry_run=dry_run), version=__version__)
    return made


def _content(page: FilePage, words: Words) -> dict[str, Any]:
    head = advise(page, words)
    report = page.report
    documents = _documents(report, page.names, words) if report else []
    groups, findings = _groups(report, words) if report else ([], 0)
    return {
        "page": page,
        "tone": head.tone,
        "sign": head.sign,
        "verdict": head.verdict,
        "remarks": head.remarks,
        "steps": head.steps,
        "commands": head.commands,
        "notes": [words.text(note) if isinstance(note, Message) else note for note in page.notes],
        "note_tone": "info" if page.place in _AT_REST else "warning",
        "entries": page.entries[:ENTRIES_SHOWN],
        "entries_left_out": max(0, len(page.entries) - ENTRIES_SHOWN),
        "documents": documents[:DOCUMENTS_SHOWN],
        "documents_left_out": max(0, len(documents) - DOCUMENTS_SHOWN),
        "totals": _totals(report, words) if len(documents) > 1 and report else [],
        "caused": report.effects if report and page.place is Place.REVIEW else (),
        "groups": groups,
        "findings_left_out": max(0, findings - FINDINGS_SHOWN),
        "files": list(_small_print(page, words)),
    }


def _documents(report: Report, names: tuple[str, ...], words: Words) -> list[ShownDocument]:
    """The documents in the order of the files; where not all fit, those first with which something is wrong."""
    calls = {call.id: call for call in report.calls}
    sources = [source for source in report.sources if source.documents]
    shown = [
        ShownDocument(
            document,
            _inside(source.path, names) if len(report.sources) > 1 else None,
            tuple(_details(document, calls.get(document.call or ""), words)),
        )
        for source in sources
        for document in source.documents
        if not document.again
    ]
    return sorted(shown, key=lambda one: not one.document.has_problem) if len(shown) > DOCUMENTS_SHOWN else shown


def _details(document: ReportedDocument, call: ReportedCall | None, words: Words) -> Iterator[str]:
    """What stands below a document: the figures of a statement, why it is not sent, what the service said."""
    figures = document.statement
    if figures is not None:
        yield words.text(
            "Opening balance {opening}, in {credit}, out {debit}, closing balance {closing}; {entries}.",
            opening=words.amount(figures.opening, document.currency) or "?",
            credit=words.amount(figures.credit, document.currency),
            debit=words.amount(figures.debit, document.currency),
            closing=words.amount(figures.closing, document.currency) or "?",
            entries=words.plural("{count} entry", "{count} entries", figures.entries),
        )
    answer = call.answer if call else None
    reason = document.reason or (call.reason if call and document.state is State.SKIPPED else None)
    told_below = any(finding.message == reason for finding in document.findings)
    if reason and reason != answer and not told_below:
        yield reason
    if answer:
        yield words.text("The service answered: {answer}", answer=answer)


def _totals(report: Report, words: Words) -> list[str]:
    amounts = []
    for total in report.currencies:
        number = words.plural("{count} document", "{count} documents", total.documents)
        amount = words.amount(total.total, total.currency)
        said = words.text(
            "{kind}: {count}, together {amount}", kind=words.kind(total.kind), count=number, amount=amount
        )
        if total.left_out:
            left_out = words.amount(total.left_out, total.currency)
            of_it = words.text("of it not sent: {amount}", amount=left_out)
            said = f"{said}, {of_it}"
        amounts.append(said)
    return amounts + [
        words.text(
            "Bank statements: {count}, in {credit}, out {debit}",
            count=words.plural("{count} entry", "{count} entries", total.entries),
            credit=words.amount(total.credit, total.currency),
            debit=words.amount(total.debit, total.currency),
        )
        for total in report.statements
        if total.statements > 1
    ]


def _groups(report: Report, words: Words) -> tuple[list[ShownFindings], int]:
    """The findings by what they are of, errors first and cut, and how many there are in all."""
    several = len(report.sources) > 1
    groups = [group for source in report.sources for group in _groups_of(source, words, several=several)]
    groups.sort(key=lambda group: _WEIGHT.index(group.findings[0].severity))
    room = FINDINGS_SHOWN
    kept = [0] * len(groups)
    for severity in _WEIGHT:
        # Findings are in this order in each group, so that a number says which of them stay.
        for index, group in enumerate(groups):
            taken = min(room, sum(finding.severity is severity for finding in group.findings))
            kept[index] += taken
            room -= taken
    shown = [
        msgspec.structs.replace(group, findings=group.findings[:number])
        for group, number in zip(groups, kept, strict=True)
        if number
    ]
    return shown, sum(len(group.findings) for group in groups)


def _groups_of(source: ReportedSource, words: Words, *, several: bool) -> Iterator[ShownFindings]:
    name = _named(source.path)
    if source.findings:
        yield ShownFindings(name, source.path, _urgent_first(source.findings))
    for document in source.documents:
        if document.findings and not document.again:
            title = words.named(document)
            yield ShownFindings(
                f"{title} · {name}" if several else title, source.path, _urgent_first(document.findings)
            )


def _urgent_first(findings: tuple[ReportedFinding, ...]) -> tuple[ReportedFinding, ...]:
    return tuple(sorted(findings, key=lambda finding: _WEIGHT.index(finding.severity)))


def _named(path: str) -> str:
    """The name of a file, and where it is in an archive, the way to it; the folder may be another by now."""
    outer, mark, inner = path.partition("!")
    return f"{PurePath(outer).name}{mark}{inner}"


def _inside(path: str, names: tuple[str, ...]) -> str:
    """The same without the name of the archive where the page is about that alone."""
    outer, mark, inner = path.partition("!")
    return inner if mark and names == (PurePath(outer).name,) else _named(path)


def _small_print(page: FilePage, words: Words) -> Iterator[str]:
    sources = page.report.sources if page.report else ()
    if not sources:
        yield _fingerprint(page.names[0] if page.names else "", page.size, page.sha256, words)
    for source in sources[:FILES_SHOWN]:
        yield _fingerprint(_named(source.path), source.size, source.sha256, words)
    if len(sources) > FILES_SHOWN:
        left = len(sources) - FILES_SHOWN
        yield words.plural("and {count} more", "and {count} more", left)


def _fingerprint(name: str, size: int | None, sha256: str | None, words: Words) -> str:
    parts = [name]
    if size is not None:
        parts.append(words.plural("{count} byte", "{count} bytes", size))
    if sha256:
        parts.append(f"SHA-256 {sha256[:FINGERPRINT_LETTERS]}")
    return " · ".join(parts)
