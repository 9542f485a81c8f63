"""A folder of documents of mixed kinds, and what must be at the service when all of it is imported."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from tests.acceptance import route_files as made

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@dataclass
class Expected:
    """What must be there, once each."""

    documents: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    products: list[str] = field(default_factory=list)
    inbox: int = 0
    statements: int = 0

    @property
    def count(self) -> int:
        return len(self.documents) + len(self.partners) + len(self.products) + self.inbox + self.statements


def fill(folder: Path, *, rounds: int = 1, create: bool = False) -> Expected:
    """Writes the files of as many rounds; every round brings each kind once or twice.

    Args:
        folder: is made.
        rounds: how many documents of each kind.
        create: whether received documents are created in the books, and not put into the inbox.
    """
    folder.mkdir()
    expected = Expected()
    for number in range(1, rounds + 1):
        for name, content in round_of(number, expected, create=create).items():
            (folder / name).write_bytes(content)
    return expected


def round_of(number: int, expected: Expected, *, create: bool = False) -> dict[str, bytes]:
    """The files of a round by their names; what they bring is added to what is expected."""
    issued, isdoc, credit = f"26{number:05d}", f"27{number:05d}", f"28{number:05d}"
    order, received = f"OBJ26{number:03d}", f"DOD-{number:04d}"
    expected.documents += [issued, isdoc, credit, order]
    codes = [f"ZIDLE{number}{letter}" for letter in "abc"]
    expected.partners.append(f"OD-{number}")
    expected.products += codes
    expected.statements += 3
    # The PDF has no call that creates it and goes into the inbox either way.
    expected.inbox += 1 if create else 2
    if create:
        expected.documents.append(received)
    return {
        f"issued-{number}.xml": made.pack(made.invoice("issuedInvoice", number=issued)),
        f"issued-{number}.isdoc": _isdoc("invoices/issued-in-isdoc.isdoc", isdoc),
        f"credit-{number}.xml": made.pack(made.invoice("issuedCreditNotice", number=credit)),
        f"order-{number}.xml": made.pack(made.ORDER.replace("OBJ26001", order)),
        f"partner-{number}.xml": made.pack(
            made.PARTNER.replace("OD-1", f"OD-{number}").replace("25596641", _registration_number(number))
        ),
        f"products-{number}.xml": made.stocks(*(made.stock(code) for code in codes)),
        **_received(number, received, create=create),
        f"scan-{number}.pdf": made.pdf(f"scan {number}"),
        f"camt-{number}.xml": made.CAMT.replace(b"<LglSeqNb>1<", b"<LglSeqNb>%d<" % number)
        # Every month has that day.
        .replace(b"2026-01-31", b"2026-01-28")
        .replace(b"2026-01", b"2026-%02d" % number),
        f"statement-{number}.gpc": _statement(number),
        f"statement-{number}.sta": _swift(number),
    }


def _received(number: int, name: str, *, create: bool) -> dict[str, bytes]:
    if not create:
        return {f"received-{number}.isdoc": _isdoc("received/electricity.isdoc", name)}
    account = (
        "<inv:paymentAccount><typ:accountNo>1019382023</typ:accountNo><typ:bankCode>0800</typ:bankCode>"
        f"</inv:paymentAccount><inv:originalDocument>{name}</inv:originalDocument></inv:invoiceHeader>"
    )
    text = made.invoice("receivedInvoice", number=f"29{number:05d}").replace("</inv:invoiceHeader>", account, 1)
    # The supplier is the first partner.
    return {f"received-{number}.xml": made.pack(text.replace("25596641", _registration_number(1)))}


def _isdoc(sample: str, number: str) -> bytes:
    text = (SAMPLES / sample).read_text(encoding="utf-8")
    text = re.sub(r"<ID>[^<]*</ID>", f"<ID>{number}</ID>", text, count=1)
    identity = str(uuid.uuid5(uuid.NAMESPACE_OID, number)).upper()
    return re.sub(r"<UUID>[^<]*</UUID>", f"<UUID>{identity}</UUID>", text).encode()


def _statement(number: int) -> bytes:
    from tests.acceptance.made import OURS, statement

    return statement(5000, 700, account=OURS, number=number, month=f"{number:02d}26")


def _swift(number: int) -> bytes:
    month = b"26%02d" % number
    return (
        made.MT940.replace(b":28C:1/1", b":28C:%d/1" % number)
        .replace(b":60F:C2601", b":60F:C" + month)
        .replace(b":61:2601150115", b":61:" + month + b"15" + month[2:] + b"15")
        .replace(b":62F:C260131", b":62F:C" + month + b"28")
        .replace(b":20:2601", b":20:" + month)
        .replace(b":25:0800/0000192000145399", b":25:2010/0000002400219000")
    )


def _registration_number(number: int) -> str:
    first = f"{2500000 + number * 37}"
    total = sum(int(digit) * weight for digit, weight in zip(first, range(8, 1, -1), strict=True))
    return first + str((11 - total % 11) % 10)
