"""Mutated files of every format: only findings come of them, quickly, in little memory, with places inside the file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from efimport.formats.registry import BUILT_IN
from efimport.planning.build import check_only
from efimport.sources import Source
from tests.fuzz.judging import MEGABYTES, judge
from tests.fuzz.mutations import mutant
from tests.fuzz.seeds import ROOT, SEEDS, seeds

SHORT = 25
MUTANTS = int(os.environ.get("EFIMPORT_MUTANTS", "10000"))
SERIES = int(os.environ.get("EFIMPORT_SERIES", "1"))
AT_ONCE = 2500
"""Mutants that one process takes."""
FOLDER = Path(os.environ.get("EFIMPORT_FUZZ_FOLDER", Path(tempfile.gettempdir()) / "efimport-fuzz"))
"""Where mutants that fail are kept."""


@pytest.mark.parametrize("name", SEEDS)
def test_a_mutant_gives_findings_and_nothing_else(name):
    for number in range(SHORT):
        made = mutant(name, number)
        verdict = judge(made, number, everything=number % 20 == 0)
        if verdict.growth > MEGABYTES:
            verdict.faults.append(f"took {verdict.growth} MB")
        if verdict.faults:
            FOLDER.mkdir(parents=True, exist_ok=True)
            path = FOLDER / f"{name}-1-{made.name}"
            path.write_bytes(made.content)
            pytest.fail(f"python -m tests.fuzz.replay '{path}'\n" + "\n".join(verdict.faults))


@pytest.mark.parametrize("name", SEEDS)
def test_what_is_mutated_holds_documents(name):
    """Otherwise the mutants would show nothing but the first refusal."""
    few = [Source(seed.name, seed.content) for seed in seeds(name)[:3]]
    assert check_only(few).documents


def test_every_format_that_is_read_is_mutated():
    assert {entry.name for entry in BUILT_IN} - {"spreadsheet"} <= set(SEEDS)
    assert {"bank-tables", "record-tables", "isdocx", "zip"} <= set(SEEDS)


def test_a_mutant_is_the_same_every_time():
    assert mutant("gpc", 7) == mutant("gpc", 7) != mutant("gpc", 7, series=2)


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("name", SEEDS)
def test_ten_thousand_mutants_give_findings_and_nothing_else(name):
    peak = slowest = 0.0
    for first in range(0, MUTANTS, AT_ONCE):
        count = min(AT_ONCE, MUTANTS - first)
        command = [sys.executable, "-m", "tests.fuzz.soak", name, str(first), str(count), str(FOLDER), str(SERIES)]
        child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert child.returncode == 0, f"it died of the newest file in {FOLDER}\n{child.stderr[-2000:]}"
        told = json.loads(child.stdout)
        assert not told["faults"], "\n".join(
            f"python -m tests.fuzz.replay '{path}'\n{fault}" for path, fault in told["faults"]
        )
        assert told["mutants"] == count
        slowest, peak = max(slowest, told["slowest"][0]), max(peak, told["peak"][0])
    with (FOLDER / "figures.txt").open("a", encoding="utf-8") as figures:
        figures.write(f"{name}: series {SERIES}, {MUTANTS} mutants, slowest {slowest:.2f} s, peak {peak:.0f} MB\n")
