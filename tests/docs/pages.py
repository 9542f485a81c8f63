"""The pages of the documentation and the blocks in them.

A block may have a comment in the line before it:

``<!-- file: NAME -->``       it is written as that file before the page runs, and does not run itself;
``<!-- not run: REASON -->``  it is left alone.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]
_BLOCK = re.compile(
    r"^(?:<!-- (?P<verb>file|not run): (?P<what>.+?) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


class Block(NamedTuple):
    """A block of a page; ``line`` is that of its first line of text, from 1."""

    language: str
    text: str
    line: int
    file: str | None = None
    runs: bool = True


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            found["language"],
            found["text"],
            text.count("\n", 0, found.start("text")) + 1,
            found["what"] if found["verb"] == "file" else None,
            found["verb"] is None,
        )
        for found in _BLOCK.finditer(text)
    ]


def script(page: Path) -> str:
    """The Python blocks of a page as one program whose line numbers are those of the page."""
    lines: list[str] = []
    for block in blocks(page):
        if block.language == "python" and block.runs:
            lines += [""] * (block.line - 1 - len(lines))
            lines += block.text.splitlines()
    return "\n".join(lines) + "\n"
