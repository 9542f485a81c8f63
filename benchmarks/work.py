"""What is measured, each as one process: ``python -m benchmarks.work NAME FILE``. The floors do the least possible."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path


def read(path: str) -> int:
    """efimport: every document with everything in it."""
    import efimport

    count = 0
    for document in efimport.read(path):
        count += len(getattr(document, "entries", ())) or 1
    return count


def plan(path: str) -> int:
    """efimport: read, check, route and digest."""
    import efimport

    return len(efimport.plan([path]).calls)


def answer(path: str) -> int:
    """efimport: an answer of the service with all its elements."""
    from efimport.api.answers import parse

    return len(parse(Path(path).read_bytes()).documents)


REQUESTS = 1000


def wire(path: str) -> int:
    """efimport: the requests that carry the first 100 kB of a file, checked and with their digests."""
    from efimport.api.call import Attribute, Base64Attribute, Call, Parameter
    from efimport.api.request import prepare

    call = Call(
        "BankStatementImport",
        (
            Parameter("type", Attribute("eurofakturaSpreadsheet")),
            Parameter("IBAN", Attribute("CZ6508000000192000145399")),
            Parameter("dateFormat", Attribute("DD.MM.YYYY")),
            Parameter("statementData", Base64Attribute(Path(path).read_bytes()[:100_000])),
        ),
    )
    return sum(len(prepare(call, "CZ").body) for _ in range(REQUESTS))


def base64_of(path: str) -> int:
    """Floor of requests: base64 and SHA-256 of the same bytes."""
    from base64 import b64encode
    from hashlib import sha256

    content = Path(path).read_bytes()[:100_000]
    return sum(len(sha256(b64encode(content)).digest()) for _ in range(REQUESTS))


def lxml_parse(path: str) -> int:
    """Floor of XML: lxml makes the tree."""
    from lxml import etree

    return len(etree.parse(path).getroot())


def line_slicing(path: str) -> int:
    """Floor of ABO/GPC: split into lines, slice the fields, no conversion."""
    count = 0
    with Path(path).open("rb") as stream:
        for line in stream.read().split(b"\r\n"):
            if line[:3] == b"075":
                _ = (line[3:19], line[19:35], line[35:48], line[48:60], line[60:61], line[61:71], line[73:77])
                _ = (line[77:81], line[81:91], line[91:97], line[97:117], line[118:122], line[122:128])
                count += 1
    return count


def line_splitting(path: str) -> int:
    """Floor of MT940: split into lines, look at each for the beginning of an entry."""
    return sum(line.startswith(b":61:") for line in Path(path).read_bytes().splitlines())


def csv_rows(path: str) -> int:
    """Floor of tables: the rows of the csv module, no conversion."""
    import csv

    with Path(path).open(encoding="utf-8-sig", newline="") as stream:
        delimiter = ";" if ";" in stream.readline() else ","
        return sum(1 for _ in csv.reader(stream, delimiter=delimiter))


def pandas_rows(path: str) -> int:
    """What a script would take: pandas.read_csv, everything text."""
    import pandas as pd

    from benchmarks import data

    return len(pd.read_csv(path, sep=";", dtype=str, skiprows=data.FIO_HEAD, encoding="utf-8-sig"))


def calamine_rows(path: str) -> int:
    """Floor of XLSX: python-calamine gives the cells."""
    from python_calamine import CalamineWorkbook

    return len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())


def written(path: str, write: str) -> int:
    """efimport: read and write in another format, as ``efimport convert`` does."""
    from importlib import import_module

    import efimport

    module, _, function = WRITERS[write].partition(":")
    convert = getattr(import_module(module), function)
    return sum(len(convert([document])) for document in efimport.read(path))


def resume(path: str) -> int:
    """efimport: opens a journal of many rows, owns it, and takes up a plan of 2,000 calls."""
    import hashlib

    from efimport.api.call import Call
    from efimport.journal import Journal
    from efimport.planning.model import Plan, PlannedCall, Repeat

    calls = tuple(
        PlannedCall(
            id=f"c{n}", call=Call("M"), key=f"k{n}", digest=hashlib.sha256(b"%d" % n).hexdigest(), repeat=Repeat.BLIND
        )
        for n in range(1, 2001)
    )
    with Journal(Path(path)) as journal, journal.owned():
        return len(journal.admit(Plan(organization="acme", calls=calls))) + len(journal.waiting("acme"))


def sql_rows(path: str) -> int:
    """Floor of the journal: sqlite3 reads all rows."""
    import sqlite3

    with sqlite3.connect(path) as connection:
        return len(connection.execute("SELECT * FROM calls").fetchall())


def scan(path: str) -> int:
    """efimport: one look of the watcher at a folder, ten times."""
    from efimport.watch.scanning import scan as look

    return sum(len(look(Path(path)).files) for _ in range(10))


def entries(path: str) -> int:
    """Floor of a look: the system tells name, size and time of every file, ten times."""
    return sum(len(_sizes(path)) for _ in range(10))


def _sizes(folder: str) -> list[int]:
    with os.scandir(folder) as found:
        inside = [(entry.path, entry.is_dir(), entry.stat().st_size) for entry in found]
    return [size for path, is_folder, one in inside for size in (_sizes(path) if is_folder else [one])]


WRITERS = {
    "camt": "efimport.formats.camt.write:write_camt",
    "gpc": "efimport.formats.gpc.write:write_gpc",
    "mt940": "efimport.formats.mt940.write:write_mt940",
}
WORK: dict[str, Callable[[str], int]] = {
    "read": read,
    "plan": plan,
    "lxml": lxml_parse,
    "slices": line_slicing,
    "lines": line_splitting,
    "csv": csv_rows,
    "pandas": pandas_rows,
    "xlsx": calamine_rows,
    "answer": answer,
    "wire": wire,
    "base64": base64_of,
    "resume": resume,
    "sql": sql_rows,
    "scan": scan,
    "entries": entries,
    **{name: partial(written, write=name) for name in WRITERS},
}

if __name__ == "__main__":
    print(WORK[sys.argv[1]](sys.argv[2]))
