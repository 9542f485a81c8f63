"""One file through the house again: ``python -m tests.fuzz.replay FILE...``; the exit status says whether it failed.

The number in the name of a kept mutant says for whom it was planned, so that it is the very same run.
"""

from __future__ import annotations

import re
import sys
import warnings
from pathlib import Path

from tests.fuzz.judging import WHOS, judge
from tests.fuzz.seeds import Seed

_KEPT = re.compile(r"[a-z0-9-]+?-\d+-(?P<rest>(?P<number>\d+)-.*)", re.DOTALL)


def main() -> None:
    warnings.simplefilter("error")
    failed = False
    for path in map(Path, sys.argv[1:]):
        kept = _KEPT.fullmatch(path.name)
        name = kept["rest"] if kept else path.name
        numbers = [int(kept["number"])] if kept else range(len(WHOS) * 3)
        for number in numbers:
            verdict = judge(Seed(name, path.read_bytes()), number)
            told = f"{path}: {verdict.seconds:.2f} s, {verdict.growth} MB more, {len(verdict.faults)} faults"
            sys.stdout.write("\n    ".join([told, *verdict.faults]) + "\n")
            failed = failed or bool(verdict.faults)
    sys.exit(failed)


if __name__ == "__main__":
    main()
