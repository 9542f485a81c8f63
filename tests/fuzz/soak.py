"""Many mutants in a process of their own: ``python -m tests.fuzz.soak FORMAT FIRST COUNT FOLDER [SERIES]``.

Prints one JSON object. A mutant that fails is kept in the folder; the one that is being judged lies there, too, so that
a process that dies has left what killed it.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from tests.fuzz.judging import MEGABYTES, judge
from tests.fuzz.mutations import mutant

ADDRESS_SPACE = 4 * 1024**3
"""Guards the machine; the figure that is judged is the memory that is really used."""
FAULTS_AT_MOST = 40


def run(name: str, numbers: range, folder: Path, series: int = 1) -> dict[str, Any]:
    """Judge mutants of a format.

    Args:
        name: the format.
        numbers: which.
        folder: where those that fail are kept.
        series: another series gives other mutants.

    Returns:
        how many, the slowest and the largest with their numbers, and the faults with the file of each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    told: dict[str, Any] = {"mutants": 0, "slowest": (0.0, ""), "peak": (0, ""), "growth": 0, "faults": []}
    for number in numbers:
        made = mutant(name, number, series)
        path = folder / f"{name}-{series}-{made.name}".replace("/", "_")
        path.write_bytes(made.content)
        verdict = judge(made, number)
        if verdict.megabytes > MEGABYTES:
            verdict.faults.append(f"took {verdict.megabytes} MB")
        told["mutants"] += 1
        told["slowest"] = max(told["slowest"], (verdict.seconds, made.name))
        told["peak"] = max(told["peak"], (verdict.megabytes, made.name))
        told["growth"] = max(told["growth"], verdict.growth)
        told["faults"] += [(str(path), fault) for fault in verdict.faults[:3]]
        if not verdict.faults:
            path.unlink()
        if len(told["faults"]) >= FAULTS_AT_MOST:
            break
    return told


def main() -> None:
    name, first, count, folder = sys.argv[1:5]
    series = int(sys.argv[5]) if len(sys.argv) > 5 else 1
    warnings.simplefilter("error")
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    start = time.monotonic()
    told = run(name, range(int(first), int(first) + int(count)), Path(folder), series)
    told["seconds"] = round(time.monotonic() - start, 1)
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
