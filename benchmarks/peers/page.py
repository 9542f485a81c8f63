"""The page ``docs/mt940-readers.md``."""

from __future__ import annotations

import datetime as dt
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.peers.comparison import Files, survived
from benchmarks.peers.environments import HOMES, VERSIONS
from benchmarks.peers.judging import Outcome
from benchmarks.peers.traps import Trap

HEAD = """# Readers of MT940 compared

efimport beside the readers of MT940 that PyPI has, on the same files, each in a process and an environment of its own.
Measured on {day} with Python {python}: {versions}.

## What is right

Nothing here is judged by efimport. A small script of its own takes the balances (fields 60F, 60M, 62F, 62M) and the
entries (fields 61) out of a file, and a file in which one of them can be doubted is not judged. A statement runs from
60F to 62F; its pages belong together where each goes on with the balance that the one before ended with. A reader is
**right** with a file if

- each statement has the opening and the closing balance of the file and the signed amounts of its entries, in order;
  whole or page by page is the same;
- the file has no entry less or more than fields 61;
- nothing is raised, and no error is named in a file whose statements close. Errors of efimport about an account that
  the Czech service does not know are left out: they are not about reading.

A reader that is not right and raises, or names an error, **refused**; one that gives something else without a word is
**wrong**. Where a reader has several documented ways of use, one that is right is enough: mt-940 runs with
`Options.all()`, with `parse_statements` and with `parse`, and with its fields for ASN and GLS; it finds UTF-8 and
CP852 itself and runs in Windows-1250 too; mt940 runs in all three.

## Files of other programs

{count} files of the tests of [mt-940](https://github.com/WoLpH/mt940) and
[beangulp-mt940](https://pypi.org/project/beangulp-mt940/): statements of German, Dutch, Swiss, Polish and Hungarian
banks, and pieces of such. {judged} hold a complete statement and are judged; {pieces} are pieces without one,
{doubtful} can be doubted. In {closing} files every statement closes; the others were shortened or made up by their
authors, and there a reader is right that gives what stands in the file. Most of these files are the ones that mt-940
itself is tested with.

"""
TRAPS = """
## What each reader survives

Invented statements, each with one thing that banks are known to do, and five damaged ones. These are efimport's own
([traps.toml](../benchmarks/peers/traps.toml)), so they say what it was built for, not how often it happens. Of a
damaged file it is right to say so: ✓ is then an error, and *wrong* is a total that nobody would doubt. The other
readers leave it to their callers to compare balances; bankstatementparser has a function for it, and does not use it
for MT940.

"""
SPEED = """
## Speed

One file of 20,000 entries in 28 statements; seconds of a whole process from start to end, median of {rounds}, and the
ratio to a process that only splits the file into lines. The readers do not do the same: efimport takes symbols,
counter-accounts and texts out of field 86, mt-940 its German subfields, the other two leave it as text.

"""
FOOT = """
## Repeat it

<!-- not run: installs the other readers -->
```sh
python -m benchmarks.mt940_peers FOLDER
```

prints the three tables for the files of a folder of your own; `--write` writes this page. The other readers are
installed from PyPI into environments of their own below `benchmarks/data`.
"""
SIGNS = {Outcome.RIGHT: "✓", Outcome.TOLD: "refused", Outcome.SILENT: "**wrong**"}


def titles(readers: Sequence[str]) -> list[str]:
    """The readers with links and versions."""
    return [f"[{name}]({HOMES[name]}) {VERSIONS[name]}" if name in HOMES else name for name in readers]


def table_of_files(files: Files, outcomes: Mapping[str, Mapping[Path, Outcome]]) -> str:
    """One line a reader: files right, refused, wrong."""
    closing = files.closing
    others = [path for path in files.judged if path not in set(closing)]
    lines = [
        f"| | right of {len(files.judged)} | of {len(closing)} closing | of {len(others)} others | refused | wrong |",
        "|---|---|---|---|---|---|",
    ]
    for title, found in zip(titles(list(outcomes)), outcomes.values(), strict=True):
        counts = Counter(found.values())
        right = [sum(found[path] is Outcome.RIGHT for path in some) for some in (closing, others)]
        cells = [counts[Outcome.RIGHT], *right, counts[Outcome.TOLD], counts[Outcome.SILENT]]
        lines.append(f"| {title} | " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"


def list_of_failures(outcomes: Mapping[str, Mapping[Path, Outcome]]) -> str:
    """The files that a reader did not read, by name."""
    lines = []
    for reader, found in outcomes.items():
        for outcome in (Outcome.TOLD, Outcome.SILENT):
            names = [f"`{path.name.partition('__')[2] or path.name}`" for path in found if found[path] is outcome]
            if names:
                lines.append(f"- {reader}, {'refused' if outcome is Outcome.TOLD else 'wrong'}: {', '.join(names)}.")
    return "\n".join(lines) + "\n"


def table_of_traps(traps: Sequence[Trap], outcomes: Mapping[str, Sequence[Outcome]]) -> str:
    """One line a trap, one column a reader."""
    lines = ["| | " + " | ".join(outcomes) + " |", "|---" * (len(outcomes) + 1) + "|"]
    for place, trap in enumerate(traps):
        cells = [sign_of(trap, found[place]) for found in outcomes.values()]
        lines.append(f"| {trap.title} | " + " | ".join(cells) + " |")
    sums = [
        str(sum(survived(trap, one) for trap, one in zip(traps, found, strict=True))) for found in outcomes.values()
    ]
    lines.append(f"| of {len(traps)} | " + " | ".join(sums) + " |")
    return "\n".join(lines) + "\n"


def sign_of(trap: Trap, outcome: Outcome) -> str:
    """The cell of a trap."""
    return "✓" if survived(trap, outcome) else SIGNS[outcome]


def table_of_speed(times: Mapping[str, tuple[float, float]]) -> str:
    """One line a reader."""
    lines = ["| reader | seconds | ratio to splitting into lines |", "|---|---|---|"]
    lines += [f"| {reader} | {seconds:.2f} | {ratio:.0f} |" for reader, (seconds, ratio) in times.items()]
    return "\n".join(lines) + "\n"


def page(files: Files, tables: Sequence[str], day: dt.date, rounds: int) -> str:
    """The page.

    Args:
        files: the files that the first table is about.
        tables: of files, failures, traps and speed.
        day: day of the measurement.
        rounds: runs of which the speed is the median.
    """
    of_files, failures, of_traps, of_speed = tables
    head = HEAD.format(
        day=day.isoformat(),
        python=platform.python_version(),
        versions=", ".join(f"{name} {version}" for name, version in VERSIONS.items()),
        count=len(files.judged) + len(files.without_statement) + len(files.doubtful),
        judged=len(files.judged),
        pieces=len(files.without_statement),
        doubtful=len(files.doubtful),
        closing=len(files.closing),
    )
    parts = [head, of_files, "\nNot right:\n\n", failures, TRAPS, of_traps, SPEED.format(rounds=rounds), of_speed, FOOT]
    return "".join(parts)
