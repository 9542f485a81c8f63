"""The report in a terminal: readable in 80 columns, and without colour or cut reasons when it is piped."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from efimport.findings import Severity
from efimport.planning.model import State
from efimport.report.model import (
    NEEDS_A_PERSON,
    Obstacle,
    Report,
    ReportedCall,
    ReportedDocument,
    ReportedFinding,
    ReportedSource,
)
from efimport.report.visible import visible
from efimport.report.words import Words

GOOD_FILES = 50
"""So many files without a problem are listed unless all are asked for."""

GOOD_DOCUMENTS = 20
"""So many documents without a problem are listed under a file that has one."""

OBSTACLES = 30
"""So many different reasons are listed in the summary unless all are asked for."""

EXAMPLES = 3

_STYLES = {
    State.ACCEPTED: "green",
    State.PLANNED: "green",
    State.SKIPPED: "dim",
    State.REFUSED: "red",
    State.REJECTED: "red",
    State.UNKNOWN: "bold magenta",
    State.HELD: "bold magenta",
    State.SENDING: "bold magenta",
}
_SEVERITY_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


def print_report(report: Report, console: Console, verbosity: int = 0) -> None:
    """Print the report.

    Args:
        report: what to print.
        console: where; its width and colours are respected.
        verbosity: below 0 the summary alone; 0 with the files, those without a problem one line each and cut after
            :data:`GOOD_FILES`; above 0 everything.
    """
    _Printer(report, console, verbosity).print()


class _Printer:
    def __init__(self, report: Report, console: Console, verbosity: int) -> None:
        self.report = report
        self.console = console
        self.verbosity = verbosity
        self.words = Words(report.language, dry_run=report.dry_run, checked_only=report.checked_only)

    def print(self) -> None:
        self._header()
        if self.verbosity >= 0:
            self._files()
        self._totals()
        self._destinations()
        self._obstacles()
        self._effects()
        self._needs()
        self._last_line()

    def _line(self, *parts: str | tuple[str, str], indent: int = 0) -> None:
        """One line of text and (text, style) parts: wrapped in a terminal, whole when piped."""
        text = Text()
        for part in parts:
            content, style = (part, "") if isinstance(part, str) else part
            text.append(visible(content), style=style)
        if self.console.is_terminal:
            self.console.print(Padding(text, (0, 0, 0, indent), expand=False), highlight=False)
        else:
            self.console.print(Text(" " * indent) + text, soft_wrap=True, highlight=False)

    def _heading(self, text: str) -> None:
        self.console.print()
        self._line((text, "bold"))

    def _header(self) -> None:
        words, report = self.words, self.report
        name = report.organization or words.text("no organization in the settings")
        self._line(("efimport", "bold"), " · ", (name, "bold"), f" ({report.site}) · ", words.mode())

    # Files

    def _files(self) -> None:
        hidden = 0
        good = 0
        for source in self.report.by_attention:
            if source.is_container and source.reason is None and self.verbosity <= 0:
                continue
            if source.has_problem or self.verbosity > 0:
                self._file_in_detail(source)
                continue
            good += 1
            if good == 1:
                self.console.print()
            if good > GOOD_FILES:
                hidden += 1
            else:
                self._file_in_a_line(source)
        if hidden:
            self._line(
                (
                    self.words.plural(
                        "... and {count} more file without a problem (-v shows it)",
                        "... and {count} more files without a problem (-v shows them)",
                        hidden,
                    ),
                    "dim",
                )
            )

    def _file_in_a_line(self, source: ReportedSource) -> None:
        self._line(source.path, "  ", (self.words.contents(source), "dim"), "  ", self._state_of(source))

    def _file_in_detail(self, source: ReportedSource) -> None:
        self.console.print()
        about = ", ".join(part for part in (source.format, source.encoding) if part)
        self._line((source.path, "bold"), f"  {about}  ", self._state_of(source))
        for finding in source.findings:
            self._finding(finding, source.path, indent=2)
        if source.reason and not source.findings:
            self._line((source.reason, "red"), indent=2)
        shown = [document for document in source.documents if document.has_problem or self.verbosity > 0]
        good = [document for document in source.documents if not (document.has_problem or self.verbosity > 0)]
        for document in shown:
            self._document(document, source.path)
        for document in good[:GOOD_DOCUMENTS]:
            self._document(document, source.path)
        if len(good) > GOOD_DOCUMENTS:
            self._line(
                (
                    self.words.plural(
                        "... and {count} more document without a problem (-v shows it)",
                        "... and {count} more documents without a problem (-v shows them)",
                        len(good) - GOOD_DOCUMENTS,
                    ),
                    "dim",
                ),
                indent=2,
            )

    def _document(self, document: ReportedDocument, path: str) -> None:
        parts: list[str | tuple[str, str]] = [(self.words.named(document), "bold")]
        details = (
            self.words.day(document.date),
            document.partner or (document.title if document.number else None),
            self.words.amount(document.total, document.currency),
        )
        parts.extend(f"  {detail}" for detail in details if detail)
        if document.method:
            parts.append(f"  → {self.words.method(document.method)}")
        parts.extend(("  ", self._state(document.state)))
        self._line(*parts, indent=2)
        for finding in document.findings:
            self._finding(finding, path, indent=4)
        errors = any(finding.severity is Severity.ERROR for finding in document.findings)
        if document.reason and not (errors and document.state is State.REJECTED):
            self._line((document.reason, _STYLES[document.state]), indent=4)

    def _finding(self, finding: ReportedFinding, path: str, indent: int) -> None:
        severity = self.words.severity(finding.severity)
        self._line(
            (severity, _SEVERITY_STYLES[finding.severity]),
            " ",
            finding.message,
            " ",
            (finding.code, "dim"),
            indent=indent,
        )
        place = self.words.place(finding.line, finding.column, finding.where)
        if finding.path != path:
            place = f"{finding.path} {place}".rstrip()
        if place:
            self._line((place, "dim"), indent=indent + 2)
        if finding.hint:
            self._line(("→ ", "cyan"), finding.hint, indent=indent + 2)

    def _state(self, state: State) -> tuple[str, str]:
        return self.words.state(state), _STYLES[state]

    def _state_of(self, source: ReportedSource) -> tuple[str, str]:
        mixed = len(source.by_state) > 1
        words = self.words.states(source.by_state) if mixed else self.words.state(source.state)
        return words, _STYLES[source.state]

    # Summary

    def _grid(self, rows: Iterable[tuple[str, ...]], *, right: tuple[int, ...], heads: tuple[str, ...] = ()) -> None:
        table = Table(box=None, pad_edge=False, show_header=bool(heads), header_style="dim", padding=(0, 2, 0, 0))
        content = list(rows)
        for column in range(len(heads) or len(content[0])):
            table.add_column(
                heads[column] if heads else "",
                justify="right" if column in right else "left",
                overflow="fold",
                no_wrap=column in right,
            )
        for row in content:
            table.add_row(*(Text(visible(cell)) for cell in row))
        self.console.print(Padding(table, (0, 0, 0, 2), expand=False), highlight=False)

    def _totals(self) -> None:
        words, report = self.words, self.report
        if report.currencies:
            self._heading(words.text("Totals by currency"))
            heads = (
                "",
                words.text("Documents"),
                words.text("Total"),
                words.text("Of it not sent"),
                words.text("Currency"),
            )
            self._grid(
                (
                    (
                        words.kind(total.kind),
                        str(total.documents),
                        words.amount(total.total),
                        words.amount(total.left_out) if total.left_out else "",
                        total.currency or words.text("not stated"),
                    )
                    for total in report.currencies
                ),
                right=(1, 2, 3),
                heads=heads,
            )
        if report.statements:
            self._heading(words.text("Bank statements"))
            heads = (
                words.text("Statements"),
                words.text("Entries"),
                words.text("Money in"),
                words.text("Money out"),
                words.text("Currency"),
            )
            self._grid(
                (
                    (
                        str(total.statements),
                        str(total.entries),
                        words.amount(total.credit),
                        words.amount(total.debit),
                        total.currency or words.text("not stated"),
                    )
                    for total in report.statements
                ),
                right=(0, 1, 2, 3),
                heads=heads,
            )

    def _destinations(self) -> None:
        if not self.report.destinations:
            return
        self._heading(self.words.text("What goes where"))
        self._grid(
            (
                (
                    self.words.method(destination.method),
                    destination.method,
                    self.words.states(destination.by_state),
                )
                for destination in self.report.destinations
            ),
            right=(),
        )
        seconds = self.report.totals.seconds_to_send
        if seconds:
            self._line(self.words.text("Sending takes about {time}.", time=self.words.duration(seconds)), indent=2)

    def _obstacles(self) -> None:
        if not self.report.obstacles:
            return
        self._heading(self.words.obstacles_heading())
        shown = self.report.obstacles if self.verbosity > 0 else self.report.obstacles[:OBSTACLES]
        for obstacle in shown:
            self._obstacle(obstacle)
        left_out = len(self.report.obstacles) - len(shown)
        if left_out:
            more = self.words.plural("... and {count} more reason", "... and {count} more reasons", left_out)
            self._line((more, "dim"), indent=2)

    def _obstacle(self, obstacle: Obstacle) -> None:
        self._line((f"{len(obstacle.items)} × ", "bold"), (obstacle.reason, "red"), indent=2)
        examples = "; ".join(obstacle.items[:EXAMPLES])
        more = len(obstacle.items) - EXAMPLES
        rest = " " + self.words.plural("and {count} more", "and {count} more", more) if more > 0 else ""
        self._line((f"{examples}{rest}", "dim"), indent=6)
        if obstacle.hint:
            self._line(("→ ", "cyan"), obstacle.hint, indent=6)

    def _effects(self) -> None:
        if not self.report.effects:
            return
        self._heading(self.words.text("What else happens in the books"))
        for effect in self.report.effects:
            self._line((f"{effect.calls} × ", "bold"), effect.text, indent=2)

    def _needs(self) -> None:
        if not self.report.needs:
            return
        self._heading(self.words.text("This needs you now"))
        for call in self.report.needs:
            self._need(call)
        self._line(
            self.words.text(
                "Look in the service whether it is there, then settle it: efimport journal resolve, or on the desk."
            ),
            indent=2,
        )

    def _need(self, call: ReportedCall) -> None:
        self._line(
            (f"{call.label}  {self.words.method(call.call.method)}  {self.words.state(call.state)}", "bold magenta"),
            indent=2,
        )
        for text in (call.reason, call.answer):
            if text:
                self._line((text, "bold"), indent=4)
        self._line((call.key, "dim"), indent=4)

    def _last_line(self) -> None:
        count, words = self.report.count, self.words
        self.console.print()
        self._line(self._figures())
        unknown = count(*NEEDS_A_PERSON)
        if self.report.checked_only:
            line = words.text(
                "{planned} in order, {rejected} with errors",
                planned=count(State.PLANNED),
                rejected=count(State.REJECTED),
            )
        elif self.report.dry_run:
            line = words.text(
                "{planned} would be sent, {skipped} already there, {refused} refused, {rejected} not sent, "
                "{unknown} unknown",
                planned=count(State.PLANNED, State.ACCEPTED),
                skipped=count(State.SKIPPED),
                refused=count(State.REFUSED),
                rejected=count(State.REJECTED),
                unknown=unknown,
            )
        else:
            line = words.text(
                "{accepted} sent, {skipped} already there, {refused} refused, {rejected} not sent, {unknown} unknown",
                accepted=count(State.ACCEPTED),
                skipped=count(State.SKIPPED),
                refused=count(State.REFUSED),
                rejected=count(State.REJECTED, State.PLANNED),
                unknown=unknown,
            )
        self._line((line, "bold"))

    def _figures(self) -> str:
        totals, words = self.report.totals, self.words
        figures = (
            words.plural("{count} file", "{count} files", totals.sources),
            words.plural("{count} document", "{count} documents", totals.documents),
            words.plural("{count} error", "{count} errors", totals.errors),
            words.plural("{count} warning", "{count} warnings", totals.warnings),
        )
        return ", ".join(figures)
