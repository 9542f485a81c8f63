"""On which line of a TOML text each key stands, so that what is wrong with a mapping file can be found in it.

``tomllib`` tells values alone. A text that it has read is well formed, so that looking for the keys takes no parser:
headers of tables, keys before ``=``, and the ends of texts and lists that go over several lines (TOML 1.0.0).
"""

from __future__ import annotations

import re
from collections import Counter

_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?")
_BARE = r"[A-Za-z0-9_-]+"
_ONE = rf"""(?:{_BARE}|"(?:[^"\\]|\\.)*"|'[^']*')"""
_KEY = re.compile(rf"\s*({_ONE}(?:\s*\.\s*{_ONE})*)\s*=")
_PART = re.compile(_ONE)
_SIGNIFICANT = re.compile(r"""\"\"\"|'''|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[\[{\]}]""")
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}


def key_lines(text: str) -> dict[str, int]:
    """Line of each key, from 1: ``header``, ``columns.date``, ``preamble[0].field``.

    Args:
        text: TOML that can be read. Keys inside of tables in braces are not told: they stand on the line of their table
            or below it.
    """
    lines: dict[str, int] = {}
    table = ""
    counts: Counter[str] = Counter()
    depth, quote = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if not depth and not quote:
            header = _HEADER.match(line)
            if header is not None:
                table = _joined(header[2])
                if header[1] == "[[":
                    counts[table] += 1
                    table = f"{table}[{counts[table] - 1}]"
                lines.setdefault(table, number)
                continue
            key = _KEY.match(line)
            if key is not None:
                lines.setdefault(f"{table}.{_joined(key[1])}".lstrip("."), number)
        depth, quote = _state(line, depth, quote)
    return lines


def _joined(key: str) -> str:
    return ".".join(part.strip("\"'") for part in _PART.findall(key))


def _state(line: str, depth: int, quote: str) -> tuple[int, str]:
    """How deep in brackets the end of a line is, and which quotation mark of a long text is open there."""
    position = 0
    while position < len(line):
        if quote:
            end = line.find(quote, position)
            if end < 0:
                return depth, quote
            position, quote = end + len(quote), ""
            continue
        found = _SIGNIFICANT.search(line, position)
        if found is None:
            break
        sign, position = found[0], found.end()
        if sign in {'"""', "'''"}:
            quote = sign
        else:
            depth += _DEPTH.get(sign, 0)
    return depth, quote
