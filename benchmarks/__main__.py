"""``make bench``: each measurement and its floor in fresh processes, in turn; medians, ratios, peak memory."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks import data
from benchmarks.timing import ROOT, measured

PYTHON = sys.executable


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
    camt, gpc, pohoda, mt940, paypal, fio, workbook, products, invoices, answer = (
        str(data.FOLDER / name) for name in data.FILES
    )
    work = [PYTHON, "-m", "benchmarks.work"]
    print("| measurement | seconds | floor, seconds | ratio | peak MiB | floor, MiB |")
    print("|---|---|---|---|---|---|")
    compare("camt.053, 20,000 entries / lxml parse", [*work, "read", camt], [*work, "lxml", camt], rounds)
    compare("ABO/GPC, 20,000 items / line slicing", [*work, "read", gpc], [*work, "slices", gpc], rounds)
    compare("MT940, 20,000 entries / line splitting", [*work, "read", mt940], [*work, "lines", mt940], rounds)
    compare("PayPal, 20,000 rows / csv module", [*work, "read", paypal], [*work, "csv", paypal], rounds)
    compare("CSV of Fio by its mapping, 20,000 rows / csv module", [*work, "read", fio], [*work, "csv", fio], rounds)
    compare("CSV of Fio by its mapping, 20,000 rows / pandas", [*work, "read", fio], [*work, "pandas", fio], rounds)
    cells = [*work, "xlsx", workbook]
    compare("XLSX of Fio by its mapping, 20,000 rows / calamine", [*work, "read", workbook], cells, rounds)
    cells = [*work, "xlsx", invoices]
    compare("XLSX of invoices, 20,000 lines / calamine", [*work, "read", invoices], cells, rounds)
    compare("plan of XLSX of invoices, 20,000 lines / calamine", [*work, "plan", invoices], cells, rounds)
    compare("CSV of products, 20,000 / csv module", [*work, "read", products], [*work, "csv", products], rounds)
    compare(
        "plan of 20,000 products, 4 calls / csv module", [*work, "plan", products], [*work, "csv", products], rounds
    )
    for name in ("camt", "gpc", "mt940"):
        convert, only_read = [*work, name, mt940], [*work, "read", mt940]
        compare(f"MT940 written as {name}, 20,000 entries / reading it", convert, only_read, rounds)
    compare("POHODA, 10,000 invoices / lxml parse", [*work, "read", pohoda], [*work, "lxml", pohoda], rounds)
    compare("plan of POHODA, 10,000 invoices / lxml parse", [*work, "plan", pohoda], [*work, "lxml", pohoda], rounds)
    compare("answer with 20,000 invoices / lxml parse", [*work, "answer", answer], [*work, "lxml", answer], rounds)
    wire = [*work, "wire", workbook], [*work, "base64", workbook]
    compare("1,000 requests with a file, with digest / base64", *wire, rounds)
    journal = str(data.FOLDER / data.JOURNAL)
    compare("journal of 100,000 rows taken up / sqlite3", [*work, "resume", journal], [*work, "sql", journal], rounds)
    inbox = str(data.FOLDER / data.INBOX)
    compare(
        "10 looks at a folder of 10,000 files / os.scandir", [*work, "scan", inbox], [*work, "entries", inbox], rounds
    )
    efimport = [PYTHON, "-m", "efimport", "--help"]
    program = Path(PYTHON).with_name("efimport")
    if program.exists():
        efimport = [str(program), "--help"]
    compare("efimport --help / import click", efimport, [PYTHON, "-c", "import click"], rounds * 3)


main()
