"""The invented files of ``traps.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from benchmarks.peers.stated import Page, Stated

TABLE = Path(__file__).with_name("traps.toml")


@dataclass(frozen=True)
class Trap:
    """An invented file.

    Attributes:
        title: what is peculiar in it.
        content: the file.
        statements: what it holds; nothing where it is faulty.
        words: what the texts of the entries must hold.
        faulty: whether it is damaged, so that a reader must say so.
    """

    title: str
    content: bytes
    statements: list[Stated]
    words: list[str]
    faulty: bool


def traps() -> list[Trap]:
    """All of them, in the order of the table."""
    return [_trap(row) for row in tomllib.loads(TABLE.read_text(encoding="utf-8"))["trap"]]


def _trap(row: dict[str, Any]) -> Trap:
    text = row["text"].removeprefix("\n").replace("\n", row.get("ends", "\r\n"))
    return Trap(
        title=row["title"],
        content=text.encode(row.get("encoding", "utf-8")),
        statements=[_statement(one) for one in row["statements"]],
        words=row.get("words", []),
        faulty=row.get("faulty", False),
    )


def _statement(row: dict[str, Any]) -> Stated:
    amounts = [Decimal(amount) for amount in row["amounts"]]
    opening, closing = Decimal(row["opening"]), Decimal(row["closing"])
    bounds = list(accumulate(row.get("pages", [len(amounts)]), initial=0))
    pages = [
        Page(opening=opening + sum(amounts[:begin]), closing=opening + sum(amounts[:end]), amounts=amounts[begin:end])
        for begin, end in pairwise(bounds)
    ]
    pages[0].first, pages[-1].last = True, True
    pages[-1].closing = closing
    return Stated(pages)
