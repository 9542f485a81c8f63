"""``python -m benchmarks.mt940_peers [FOLDER]``: readers of MT940 on the files of a folder, as Markdown tables."""

from __future__ import annotations

import argparse
import datetime as dt
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import data
from benchmarks.peers import page
from benchmarks.peers.comparison import Files, of_files, of_trap, run, seconds
from benchmarks.peers.environments import VERSIONS
from benchmarks.peers.traps import traps
from benchmarks.timing import ROOT

CORPUS = ROOT.parent / "shared" / "corpus" / "mt940"
PAGE = ROOT / "docs" / "mt940-readers.md"
READERS = ("efimport", *VERSIONS)


def main() -> None:
    """Print the tables; write the page where that is asked for."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.mt940_peers")
    options.add_argument("folder", nargs="?", type=Path, default=CORPUS, help="folder with MT940 files")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument(
        "--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}, which is about the default folder"
    )
    chosen = options.parse_args()
    if not chosen.folder.is_dir():
        raise SystemExit(f"{chosen.folder} is no folder; name one with MT940 files.")
    subprocess.run([sys.executable, "-m", "benchmarks.data"], check=True, cwd=ROOT)
    files = Files.of(chosen.folder)
    given = {reader: ways for reader in READERS if (ways := run(reader, list(files.judged))) is not None}
    for missing in set(READERS) - set(given):
        print(f"{missing} cannot be installed here and is left out.", file=sys.stderr)
    outcomes = {reader: of_files(files, ways) for reader, ways in given.items()}
    big = data.FOLDER / data.MT940
    tables = [
        page.table_of_files(files, outcomes),
        page.list_of_failures(outcomes),
        _traps(list(given)),
        page.table_of_speed({reader: seconds(reader, big, chosen.rounds) for reader in given}),
    ]
    print("\n".join(tables))
    if chosen.write and chosen.folder == CORPUS and len(given) == len(READERS):
        PAGE.write_text(page.page(files, tables, dt.datetime.now(tz=dt.UTC).date(), chosen.rounds), encoding="utf-8")


def _traps(readers: list[str]) -> str:
    known = traps()
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.sta" for number in range(len(known))]
        for path, trap in zip(paths, known, strict=True):
            path.write_bytes(trap.content)
        outcomes = {
            reader: [of_trap(trap, ways) for trap, ways in zip(known, run(reader, paths) or [], strict=True)]
            for reader in readers
        }
    return page.table_of_traps(known, outcomes)


if __name__ == "__main__":
    main()
