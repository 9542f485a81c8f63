"""One reader on many files, in a process and an environment of its own: ``python reading.py READER [--count] FILE...``.

A line of JSON a file: what each documented way of using the reader gives. Two of the readers are modules of one name,
so this file imports nothing of the project but the reader that it is asked for.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

SECONDS = 60
"""A file that takes longer is a refusal."""

Read = dict[str, Any]
Entries = Iterable[tuple[Any, list[str]]]
Way = Callable[[str], Iterator[Read]]


def _statement(opening: Any, closing: Any, entries: Entries) -> Read:
    rows = list(entries)
    return {
        "opening": None if opening is None else str(opening),
        "closing": None if closing is None else str(closing),
        "amounts": [str(amount) for amount, _ in rows],
        "texts": [text for _, texts in rows for text in texts],
    }


def efimport_way(path: str) -> Iterator[Read]:
    """efimport.read."""
    import efimport

    for document in efimport.read(path):
        if isinstance(document, efimport.Statement):
            entries = ((entry.amount, _texts(entry)) for entry in document.entries)
            yield _statement(document.opening, document.closing, entries)


def _texts(entry: Any) -> list[str]:
    return [value for name in entry.__struct_fields__ if isinstance(value := getattr(entry, name), str)]


def efimport_says(path: str) -> str | None:
    """The errors that efimport names, without those about an account that the service would not know."""
    import efimport

    errors = {
        one.code
        for one in efimport.plan([path]).findings
        if one.severity is efimport.Severity.ERROR and not one.code.startswith("statement.account-")
    }
    return ", ".join(sorted(errors)) or None


def mt_940_ways() -> dict[str, Way]:
    """mt-940: ``parse_statements`` and ``parse`` with all its fixes, and the fields 61 of its own for two banks."""
    import mt940

    def balance(data: dict[str, Any], side: str) -> Any:
        found = data.get(f"final_{side}_balance") or data.get(f"intermediate_{side}_balance")
        return found.amount.amount if found else None

    def one(read: Any) -> Read:
        rows = [row.data for row in read if row.data.get("amount") is not None]
        entries = ((row["amount"].amount, [text for text in row.values() if isinstance(text, str)]) for row in rows)
        return _statement(balance(read.data, "opening"), balance(read.data, "closing"), entries)

    def statements(path: str, tag: Any = None, encoding: str | None = None) -> Iterator[Read]:
        tags = {tag.id: tag} if tag else None
        return map(one, mt940.parse_statements(path, encoding, tags=tags, options=mt940.Options.all()))

    return {
        "parse_statements, all fixes": statements,
        "the same, Windows-1250": lambda path: statements(path, encoding="cp1250"),
        "the same, StatementASNB": lambda path: statements(path, mt940.tags.StatementASNB()),
        "the same, StatementGLS": lambda path: statements(path, mt940.tags.StatementGLS()),
        "parse, all fixes": lambda path: iter([one(mt940.parse(path, options=mt940.Options.all()))]),
    }


def mt940_ways() -> dict[str, Way]:
    """mt940: its one class, with the encodings that Czech files have."""
    from mt940 import MT940

    def amount(balance: Any) -> Any:
        return balance.amount if balance else None

    def statements(path: str, encoding: str) -> Iterator[Read]:
        for one in MT940(path, encoding=encoding).statements:
            entries = ((row.amount, [text for text in row if isinstance(text, str)]) for row in one.transactions)
            yield _statement(amount(one.start_balance), amount(one.end_balance), entries)

    return {
        code: lambda path, code=code: statements(path, code)  # type: ignore[misc]
        for code in ("utf-8", "cp852", "cp1250")
    }


def bankstatementparser_ways() -> dict[str, Way]:
    """bankstatementparser: ``Mt940Parser``; its rows belong to its summaries by their counts."""
    from bankstatementparser import Mt940Parser

    def statements(path: str) -> Iterator[Read]:
        parser = Mt940Parser(path)
        rows = iter(parser.parse().to_dict("records"))
        for summary in parser.get_summaries():
            own = [next(rows) for _ in range(summary["transaction_count"])]
            entries = ((row["amount"], [text for text in row.values() if isinstance(text, str)]) for row in own)
            yield _statement(summary["opening_balance"], summary["closing_balance"], entries)

    return {"Mt940Parser": statements}


WAYS: dict[str, Callable[[], dict[str, Way]]] = {
    "efimport": lambda: {"efimport.read": efimport_way},
    "mt-940": mt_940_ways,
    "mt940": mt940_ways,
    "bankstatementparser": bankstatementparser_ways,
}


def read(reader: str, way: Way, path: str) -> Read:
    """What one way gives for one file."""
    try:
        found = {"statements": list(way(path))}
        return found | {"told": efimport_says(path)} if reader == "efimport" else found
    except Exception as error:  # noqa: BLE001 whatever a reader raises is its answer
        return {"told": f"{type(error).__name__}: {error}"[:200]}


def _too_long(*_: object) -> None:
    raise TimeoutError(f"more than {SECONDS} s")


def main() -> None:
    """Write a line a file; with ``--count`` read it in the first way only and count its entries."""
    reader, *rest = sys.argv[1:]
    ways = WAYS[reader]()
    if rest[0] == "--count":
        print(sum(len(one["amounts"]) for one in next(iter(ways.values()))(rest[1])))
        return
    signal.signal(signal.SIGALRM, _too_long)
    for path in rest:
        found = []
        for way in ways.values():
            signal.alarm(SECONDS)
            found.append(read(reader, way, path))
        signal.alarm(0)
        print(json.dumps(found))


if __name__ == "__main__":
    main()
