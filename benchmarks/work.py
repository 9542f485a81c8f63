"""What is measured, each as one process: ``python -m benchmarks.work NAME FILE``. The floors do the least possible."""

from __future__ import annotations

import sys
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


WORK = {"read": read, "plan": plan, "lxml": lxml_parse, "slices": line_slicing}

if __name__ == "__main__":
    print(WORK[sys.argv[1]](sys.argv[2]))
