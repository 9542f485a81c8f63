"""What has to hold for any file whatever: it is read, planned, reported and converted, and only findings come of it."""

from __future__ import annotations

import io
import json
import re
import resource
import signal
import time
import traceback
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType

import pikepdf
from openpyxl.utils import column_index_from_string

from efimport.cli import tables
from efimport.documents import Invoice, Statement
from efimport.errors import EfimportError
from efimport.findings import Finding
from efimport.formats.camt.write import lost as lost_in_camt
from efimport.formats.camt.write import write_camt
from efimport.formats.gpc.write import lost as lost_in_gpc
from efimport.formats.gpc.write import write_gpc
from efimport.formats.isdoc.write import lost as lost_in_isdoc
from efimport.formats.isdoc.write import write_isdoc
from efimport.formats.mt940.write import lost as lost_in_mt940
from efimport.formats.mt940.write import write_mt940
from efimport.formats.pdf.embedded import PDF_ERRORS, Files
from efimport.formats.pohoda.write import write_pohoda
from efimport.formats.tables.workbook import read_workbook
from efimport.formats.writing import CannotWriteError
from efimport.messages import LANGUAGES, Catalogue
from efimport.planning.build import Options, build_plan, check_only
from efimport.planning.model import Plan
from efimport.report.as_json import write_json
from efimport.report.build import build_report
from efimport.settings import Organization
from efimport.sources import ARCHIVE_ERRORS, LIMITS, Source
from efimport.sources.archives import entry_name
from tests.fuzz.seeds import Seed

SECONDS = 5.0
MEGABYTES = 512
HANGING = 60
"""Seconds after which a mutant is given up."""

WHOS = (
    (None, Options()),
    (Organization(registration_number="12345679", vat_id="CZ12345679", bank_accounts=("2000145399/0800",)), Options()),
    (None, Options(iban="2000145399/0800", paypal_account="ucto@acme.example")),
    (Organization(site="SI", received_as="create"), Options()),
    (Organization(site="HR", statements_as="inbox", products_as="single"), Options(iban="HR1210010051863000160")),
)
"""For whom it is planned, one after the other."""
_LINE_END = re.compile(rb"\r\n|\r|\n")
_CELL = re.compile(r"(?:(?P<sheet>.*)!)?(?P<letters>[A-Z]{1,3})(?P<row>[1-9]\d*)")


class HangingError(BaseException):
    """A mutant took too long; nothing in the house may catch this."""


@dataclass
class Verdict:
    """What came of one mutant.

    Attributes:
        faults: what must not have happened, in words; empty where all is well.
        seconds: that the slowest of plan, check and conversion took.
        megabytes: highest memory of the process meanwhile.
        growth: how much of that came with it.
    """

    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0
    megabytes: int = 0
    growth: int = 0


def judge(mutant: Seed, number: int, *, everything: bool = True) -> Verdict:
    """Take one mutant through the house.

    Args:
        mutant: the file.
        number: chooses for whom, and which conversion.
        everything: also check it alone and convert it, and not only plan it.
    """
    verdict = Verdict()
    before = _reset_peak()
    previous = signal.signal(signal.SIGALRM, _hanging)
    signal.alarm(HANGING)
    try:
        _judge(mutant, number, everything, verdict)
    except (Exception, HangingError):  # noqa: BLE001 - what comes out of the house is what is looked for
        verdict.faults.append(traceback.format_exc(limit=-6))
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)
    verdict.megabytes = _peak()
    verdict.growth = verdict.megabytes - before
    if verdict.seconds > SECONDS:
        verdict.faults.append(f"took {verdict.seconds:.1f} s")
    return verdict


def _hanging(number: int, frame: FrameType | None) -> None:
    raise HangingError(f"after {HANGING} s")


def _judge(mutant: Seed, number: int, everything: bool, verdict: Verdict) -> None:
    organization, options = WHOS[number % len(WHOS)]
    with _timed(verdict):
        plan = build_plan([Source(mutant.name, mutant.content)], organization, options)
    verdict.faults += _plan_faults(plan, mutant)
    verdict.faults += _report_faults(plan)
    if not everything:
        return
    with _timed(verdict):
        checked = check_only([Source(mutant.name, mutant.content)], organization, options)
    verdict.faults += _report_faults(checked)
    if [one.documents for one in _bare(checked)] != [one.documents for one in _bare(plan)]:
        verdict.faults.append("check and plan find other documents")
    if number % 3 == 0:
        with _timed(verdict):
            verdict.faults += _conversion_faults(checked)


@dataclass
class _Bare:
    documents: list[tuple[str, int]]


def _bare(plan: Plan) -> list[_Bare]:
    return [
        _Bare([(one.document.kind.value, one.document.origin.ordinal) for one in source.documents])
        for source in plan.sources
    ]


@contextmanager
def _timed(verdict: Verdict) -> Iterator[None]:
    # Time of the processor, so that a busy machine makes no faults; what waits for ever is ended by the alarm.
    start = time.process_time()
    yield
    verdict.seconds = max(verdict.seconds, time.process_time() - start)


def _plan_faults(plan: Plan, mutant: Seed) -> Iterator[str]:
    if not plan.sources:
        yield "the file is not in the plan"
    measures: dict[str, _Measure] = {}
    whole = _measure(mutant.name, mutant.content)
    for source in plan.sources:
        if not source.documents and not source.findings and source.format != "zip":
            yield f"{source.path}: neither a document nor a finding"
        for found in (*source.findings, *(one for document in source.documents for one in document.findings)):
            path = found.location.path or source.path
            if path not in measures:
                measures[path] = _measure_inside(path, mutant) or whole
            yield from _place_faults(found, measures[path])
        for document in source.documents:
            line = document.document.origin.line
            if line is not None and not 1 <= line <= measures.get(source.path, whole).lines:
                yield f"document on line {line} of {measures.get(source.path, whole).lines}"


def _place_faults(found: Finding, measure: _Measure) -> Iterator[str]:
    place = found.location
    told = f"{found.code} {place} beside {measure.lines} lines of {measure.longest}"
    if place.line is not None and not 1 <= place.line <= measure.lines:
        yield f"line outside of the file: {told}"
    if place.column is not None and not 1 <= place.column <= measure.longest + 2:
        yield f"column outside of the line: {told}"
    cell = _CELL.fullmatch(place.where or "")
    if cell is None or not measure.sheets:
        return
    rows, columns = measure.sheets.get(cell["sheet"] or "", measure.largest)
    if int(cell["row"]) > rows or column_index_from_string(cell["letters"]) > columns:
        yield f"cell outside of the sheet: {told} {measure.sheets}"


@dataclass
class _Measure:
    """How large a file is.

    Attributes:
        lines: number of its lines; rows, where it is a workbook.
        longest: bytes of its longest line.
        sheets: rows and columns of each sheet of a workbook.
    """

    lines: int = 1
    longest: int = 1
    sheets: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def largest(self) -> tuple[int, int]:
        return max(rows for rows, _ in self.sheets.values()), max(columns for _, columns in self.sheets.values())


def _measure_inside(path: str, mutant: Seed) -> _Measure | None:
    """The measure of a member that a path names; None where it cannot be got at."""
    content, name = mutant.content, mutant.name
    for step in path.removeprefix(mutant.name).split("!")[1:]:
        # Two members of one name are told apart by a number behind it; either may be meant.
        inside = [one for member, one in _members(name, content) if step.partition("#")[0] == member]
        if not inside:
            return None
        if len(inside) > 1:
            twins = [_text_measure(one) for one in inside]
            return _Measure(max(one.lines for one in twins), max(one.longest for one in twins))
        name, content = step, inside[0]
    return _measure(name, content)


def _members(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if content.startswith(b"PK"):
        yield from _entries(content)
    elif b"%PDF" in content[:1024]:
        try:
            with pikepdf.open(io.BytesIO(content)) as pdf:
                for file in Files(pdf, content, LIMITS.archive_bytes):
                    yield file.name, file.content or b""
        except PDF_ERRORS:
            return


def _entries(content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                with suppress(*ARCHIVE_ERRORS):
                    yield entry_name(entry), archive.read(entry)
    except ARCHIVE_ERRORS:
        return


def _measure(name: str, content: bytes) -> _Measure:
    """What is inside counts as well, where nothing tells which member is meant."""
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        sheets = {
            one.sheet or "": (len(one.rows), max((len(row.cells) for row in one.rows), default=0))
            for one in read_workbook(content, LIMITS)
            if not isinstance(one, Finding)
        }
        inside = [_text_measure(content), *(_text_measure(one) for _, one in _members(name, content))]
        lines = [measure.lines for measure in inside] + [rows for rows, _ in sheets.values()]
        return _Measure(max(lines, default=1), max((one.longest for one in inside), default=1), sheets)
    measure = _text_measure(content)
    for _, inside in _members(name, content):
        one = _text_measure(inside)
        measure = _Measure(max(measure.lines, one.lines), max(measure.longest, one.longest))
    return measure


def _text_measure(content: bytes) -> _Measure:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[:400].count(0) > 60:
        # Wide letters: whoever takes the zeros for letters sees two line ends in one.
        ends = max(sum(map(content.count, (b"\r", b"\n"))), content.decode("utf-16", "replace").count("\n"))
        return _Measure(ends + 1, len(content))
    # XML knows one line end alone, and a file may have another.
    return _Measure(len(_LINE_END.split(content)), max(len(line) for line in content.split(b"\n")))


@cache
def _catalogues() -> tuple[Catalogue, ...]:
    return tuple(Catalogue(language) for language in LANGUAGES)


def _report_faults(plan: Plan) -> Iterator[str]:
    """Every text in every language, a JSON report that can be read, and totals that add up."""
    for catalogue in _catalogues():
        report = build_report(plan, dry_run=True, catalogue=catalogue)
        for source in report.sources:
            for found in source.all_findings:
                if not found.message.strip():
                    yield f"{found.code} says nothing in {catalogue.language}"
    stream = io.StringIO()
    write_json(report, stream)
    stream.getvalue().encode()
    told = json.loads(stream.getvalue())
    inputs = sum(max(1, len(source["documents"])) for source in told["sources"])
    containers = sum(1 for source in report.sources if not source.documents and not source.is_input)
    if sum(told["totals"]["by_state"].values()) != inputs - containers:
        yield f"totals do not add up: {told['totals']} of {inputs} inputs, {containers} of them containers"
    if sum(report.totals.files_by_state.values()) != len(told["sources"]):
        yield f"files do not add up: {report.totals}"


def _conversion_faults(plan: Plan) -> Iterator[str]:
    try:
        json.loads(tables.as_json(plan, Catalogue()))
        tables.as_xlsx(plan.documents)
        tables.as_csv(plan.documents)
    except EfimportError as error:
        # Statements and other documents do not fit into one table; that is documented.
        if "one table" not in str(error):
            yield f"conversion: {error}"
    for document in plan.documents:
        if isinstance(document, Statement):
            for lost, write in _STATEMENT_WRITERS:
                with _may_refuse():
                    lost(document)
                    write([document])
        elif isinstance(document, Invoice):
            with _may_refuse():
                lost_in_isdoc(document)
                write_isdoc(document)
        with _may_refuse():
            write_pohoda([document])


_STATEMENT_WRITERS = ((lost_in_camt, write_camt), (lost_in_gpc, write_gpc), (lost_in_mt940, write_mt940))


@contextmanager
def _may_refuse() -> Iterator[None]:
    """A writer says by this error, and by no other, that a document does not fit its format."""
    try:
        yield
    except CannotWriteError as error:
        if not error.reason.strip():
            raise


def _reset_peak() -> int:
    """Forget the highest memory of the process, where the system can; the memory that it has now, in megabytes."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return _peak()
    return _peak()


def _peak() -> int:
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) // 1024 if found else 0
