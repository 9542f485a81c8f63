"""``make bench``: each measurement and its floor in fresh processes, in turn; medians, ratios, peak memory."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import data

PYTHON = sys.executable
ROOT = Path(__file__).parent.parent


def measured(command: list[str]) -> tuple[float, float]:
    """Wall seconds and peak memory in MiB of one process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return seconds, usage.ru_maxrss / 1024


def compare(title: str, ours: list[str], floor: list[str], rounds: int) -> None:
    """One line of the table: ours and the floor in turn, the median of the ratios."""
    measured(ours)
    measured(floor)
    pairs = [(measured(ours), measured(floor)) for _ in range(rounds)]
    own = statistics.median(pair[0][0] for pair in pairs)
    least = statistics.median(pair[1][0] for pair in pairs)
    ratio = statistics.median(pair[0][0] / pair[1][0] for pair in pairs)
    memory = max(pair[0][1] for pair in pairs)
    floor_memory = max(pair[1][1] for pair in pairs)
    print(f"| {title} | {own:.3f} | {least:.3f} | {ratio:.2f} | {memory:.0f} | {floor_memory:.0f} |", flush=True)


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks")
    options.add_argument("--rounds", type=int, default=5)
    rounds = options.parse_args().rounds
    # Data are made in a process of their own: a child's peak memory begins at that of the process that started it.
    subprocess.run([PYTHON, "-m", "benchmarks.data"], check=True, cwd=ROOT)
    camt, gpc, pohoda = (str(data.FOLDER / name) for name in data.FILES)
    work = [PYTHON, "-m", "benchmarks.work"]
    print("| measurement | seconds | floor, seconds | ratio | peak MiB | floor, MiB |")
    print("|---|---|---|---|---|---|")
    compare("camt.053, 20,000 entries / lxml parse", [*work, "read", camt], [*work, "lxml", camt], rounds)
    compare("ABO/GPC, 20,000 items / line slicing", [*work, "read", gpc], [*work, "slices", gpc], rounds)
    compare("POHODA, 10,000 invoices / lxml parse", [*work, "read", pohoda], [*work, "lxml", pohoda], rounds)
    compare("plan of POHODA, 10,000 invoices / lxml parse", [*work, "plan", pohoda], [*work, "lxml", pohoda], rounds)
    efimport = [PYTHON, "-m", "efimport", "--help"]
    program = Path(PYTHON).with_name("efimport")
    if program.exists():
        efimport = [str(program), "--help"]
    compare("efimport --help / import click", efimport, [PYTHON, "-c", "import click"], rounds * 3)


main()
