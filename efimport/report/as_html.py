"""The report as one HTML file: no script, nothing from the network, fit to be read, mailed and printed."""

from __future__ import annotations

import json
from functools import partial
from itertools import groupby
from typing import IO, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from efimport.planning.model import State
from efimport.report.model import NEEDS_A_PERSON, Report, ReportedCall, ReportedDocument, ReportedSource
from efimport.report.parameters import summarise
from efimport.report.visible import visible
from efimport.report.words import Words

OPEN_FILES = 20
"""So many files with a problem are unfolded at the start."""

UNFOLDED = 500
"""A file that shows more documents than this is folded at the start, so that the page opens at once."""

OPEN_DOCUMENTS = 20
"""So many documents without a problem stand beside those with one; more are folded away."""

CALLS_SHOWN = 300
"""So many calls are shown with their parameters; the page says so where there are more."""

PARAMETER_LETTERS = 4000
"""So much of the parameters of one call is shown; the page says so where there is more."""

OBSTACLES = 200
"""So many different reasons are listed; the page says so where there are more, and each stands with its document."""

EXAMPLES = 5


def write_html(report: Report, stream: IO[str]) -> None:
    """Write the report as an HTML page.

    Args:
        report: what to write.
        stream: a text stream; UTF-8 is meant.
    """
    words = Words(report.language, dry_run=report.dry_run, checked_only=report.checked_only)
    template = environment(words).get_template("report.html")
    stream.writelines(template.generate(**_content(report, words)))


def environment(words: Words) -> Environment:
    """The environment of the templates, in which everything is escaped and foreign text made visible."""
    made = Environment(
        loader=PackageLoader("efimport.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(text=words.text, plural=words.plural, words=words, parameters=_parameters)
    made.globals.update(split_documents=_split_documents, unfolded=UNFOLDED)
    return made


def _finalize(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _parameters(call: ReportedCall) -> dict[str, Any]:
    shown = json.dumps(summarise(call.call), ensure_ascii=False, indent=1)
    lines = [visible(line) for line in shown[:PARAMETER_LETTERS].split("\n")]
    return {"lines": lines, "left_out": max(0, len(shown) - PARAMETER_LETTERS)}


def _split_documents(source: ReportedSource) -> dict[str, tuple[ReportedDocument, ...]]:
    """The documents that are shown at once, and those that are folded away because nothing is wrong with them."""
    good = tuple(document for document in source.documents if not document.has_problem)
    if len(good) <= OPEN_DOCUMENTS:
        return {"shown": source.documents, "folded": ()}
    return {"shown": tuple(document for document in source.documents if document.has_problem), "folded": good}


def _content(report: Report, words: Words) -> dict[str, Any]:
    files = report.by_attention
    shown = [source for source in files if not _is_folder(source)]
    problems = [source for source in shown if source.has_problem]
    good = [source for source in shown if not source.has_problem]
    return {
        "report": report,
        "style": partial(style_of, dry_run=report.dry_run),
        "cards": _cards(report, words),
        "files_counted": sum(source.is_input for source in report.sources),
        "problems": problems,
        "single": [source for source in good if len(source.documents) <= 1],
        "several": [source for source in good if len(source.documents) > 1],
        "open_files": OPEN_FILES,
        "examples": EXAMPLES,
        "obstacles": report.obstacles[:OBSTACLES],
        "obstacles_left_out": max(0, len(report.obstacles) - OBSTACLES),
        "calls_by_method": _by_method(report.calls[:CALLS_SHOWN]),
        "calls_left_out": max(0, len(report.calls) - CALLS_SHOWN),
    }


def style_of(state: State, *, dry_run: bool) -> str:
    """The style of a state: what is planned is good in a dry run; after a run it was left over."""
    return "waiting" if state is State.PLANNED and not dry_run else state.value


def _is_folder(source: ReportedSource) -> bool:
    return source.is_container and source.reason is None and not source.documents and not source.findings


def _by_method(calls: tuple[ReportedCall, ...]) -> list[tuple[str, list[ReportedCall]]]:
    ordered = sorted(calls, key=lambda call: call.call.method)
    return [(method, list(group)) for method, group in groupby(ordered, key=lambda call: call.call.method)]


def _cards(report: Report, words: Words) -> list[tuple[str, int, str]]:
    """What the cards say: (style, number, label). All but the first add up to the number of inputs."""
    count = report.count
    text = words.text
    planned = words.state(State.PLANNED)
    cards = [
        ("accepted", count(State.ACCEPTED), words.state(State.ACCEPTED), not report.dry_run),
        (style_of(State.PLANNED, dry_run=report.dry_run), count(State.PLANNED), planned, report.dry_run),
        ("skipped", count(State.SKIPPED), words.state(State.SKIPPED), False),
        ("refused", count(State.REFUSED), words.state(State.REFUSED), False),
        ("rejected", count(State.REJECTED), words.state(State.REJECTED), True),
        ("unknown", count(*NEEDS_A_PERSON), text("unknown, needs you"), not report.checked_only),
    ]
    return [(style, number, label) for style, number, label, always in cards if number or always]
