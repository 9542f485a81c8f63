"""The readers run over files, and what came out."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.peers import environments
from benchmarks.peers.judging import Outcome, outcome
from benchmarks.peers.stated import DoubtfulError, Stated, stated
from benchmarks.peers.traps import Trap
from benchmarks.timing import ROOT, measured

SCRIPT = str(ROOT / "benchmarks" / "peers" / "reading.py")
Ways = list[dict[str, Any]]


@dataclass
class Files:
    """The files of a folder that can be judged, by what they state, and the names of the rest by the reason."""

    judged: dict[Path, list[Stated]] = field(default_factory=dict)
    without_statement: list[Path] = field(default_factory=list)
    doubtful: list[Path] = field(default_factory=list)

    @classmethod
    def of(cls, folder: Path) -> Files:
        """The files of a folder, in the order of their names."""
        files = cls()
        for path in sorted(path for path in folder.iterdir() if path.is_file()):
            try:
                found = stated(path.read_bytes())
            except DoubtfulError:
                files.doubtful.append(path)
                continue
            if any(one.complete for one in found):
                files.judged[path] = found
            else:
                files.without_statement.append(path)
        return files

    @property
    def closing(self) -> list[Path]:
        """Files in which each statement is complete and its entries lead from one balance to the other."""
        return [path for path, found in self.judged.items() if all(one.closes for one in found)]


def run(reader: str, paths: Sequence[Path]) -> list[Ways] | None:
    """What a reader gives for each file; None where it cannot be installed."""
    python = environments.python_of(reader)
    if python is None:
        return None
    command = [str(python), SCRIPT, reader, *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def of_files(files: Files, ways: Iterable[Ways]) -> dict[Path, Outcome]:
    """The outcome of each judged file."""
    closing = set(files.closing)
    pairs = zip(files.judged.items(), ways, strict=True)
    return {path: of_sound(one, found) if path in closing else outcome(one, found) for (path, found), one in pairs}


def of_sound(ways: Ways, file: Sequence[Stated], words: Iterable[str] = ()) -> Outcome:
    """The outcome of a sound file: a way that names an error in it is not right, whatever it gives besides."""
    return outcome([way if not way.get("told") else {"told": way["told"]} for way in ways], file, words)


def of_trap(trap: Trap, ways: Ways) -> Outcome:
    """The outcome of a trap; of a damaged file it is right to say that it is damaged."""
    if not trap.faulty:
        return of_sound(ways, trap.statements, trap.words)
    return Outcome.TOLD if ways[0].get("told") else Outcome.SILENT


def survived(trap: Trap, found: Outcome) -> bool:
    """Whether the outcome is the one to be wished for."""
    return found is (Outcome.TOLD if trap.faulty else Outcome.RIGHT)


def seconds(reader: str, path: Path, rounds: int) -> tuple[float, float]:
    """Median seconds of a process that reads a file, and its median ratio to one that splits it into lines."""
    ours = [str(environments.python_of(reader)), SCRIPT, reader, "--count", str(path)]
    floor = [sys.executable, "-m", "benchmarks.work", "lines", str(path)]
    measured(ours)
    pairs = [(measured(ours)[0], measured(floor)[0]) for _ in range(rounds)]
    return statistics.median(own for own, _ in pairs), statistics.median(own / least for own, least in pairs)
