"""A writer of MT940 statements that knows nothing of the package: it goes by the fields of SWIFT's description."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from efimport.documents import Statement
from efimport.findings import Finding
from efimport.formats.mt940 import read
from efimport.formats.reading import Reading
from efimport.sources import Limits, Source

IBAN = "CZ6508000000192000145399"
ENTRY = ":61:2601150116C1234,50NTRFNONREF//B1"
TEXT = ":86:Platba"


def lines(
    *entries: str,
    account: str = IBAN,
    number: str = "31/1",
    opening: str = "60F:C260101CZK1000,00",
    closing: str = "62F:C260131CZK2234,50",
    reference: str = "REF1",
) -> list[str]:
    """The lines of one message between the frames."""
    head = [f":20:{reference}", f":25:{account}", f":28C:{number}", f":{opening}"]
    return [*head, *(entries or (ENTRY, TEXT)), f":{closing}"]


def encode(*messages: list[str], encoding: str = "utf-8", end: str = "\r\n", last: str = "-") -> bytes:
    """A bare file."""
    return "".join(line + end for message in messages for line in [*message, last]).encode(encoding)


def readings(content: bytes, limits: Limits | None = None) -> list[object]:
    """Everything that the reader gives."""
    return list(read(Source("a.sta", content), Reading(limits=limits) if limits else Reading()))


def statements(content: bytes) -> list[Statement]:
    """The statements of a file that has nothing else."""
    found = readings(content)
    assert all(isinstance(one, Statement) for one in found), found
    return found  # type: ignore[return-value]


def statement(content: bytes) -> Statement:
    """The one statement of a file."""
    (one,) = statements(content)
    return one


def entry(*field: str):
    """The one entry made of these lines; its statement need not close."""
    (one,) = statement(encode(lines(*field))).entries
    return one


def codes(content: bytes) -> set[str]:
    """Codes of all findings, of statements and beside them."""
    found: set[str] = set()
    for one in readings(content):
        found |= {one.code} if isinstance(one, Finding) else {finding.code for finding in one.findings}
    return found


def closes(one: Statement) -> bool:
    """Whether the entries lead from the opening to the closing balance."""
    return one.opening is not None and one.closing is not None and one.opening + one.credit - one.debit == one.closing


@pytest.fixture(scope="session")
def mt940() -> SimpleNamespace:
    """Writer and reader under one name."""
    return SimpleNamespace(
        IBAN=IBAN,
        ENTRY=ENTRY,
        TEXT=TEXT,
        lines=lines,
        encode=encode,
        readings=readings,
        statements=statements,
        statement=statement,
        entry=entry,
        codes=codes,
        closes=closes,
    )
