"""What people drop into a watched folder in a crash test, and what must be at the service in the end."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.acceptance import route_files as made
from tests.crash.folder import Expected, round_of

MONTHS = 10
"""Rounds that have statements: one for each month."""


@dataclass(frozen=True)
class Delivery:
    """A file that is dropped.

    Attributes:
        name: in the inbox, ``/`` between folders.
        content: its bytes.
        corrects: whether it has the name of a wrong one, which must be out of the way first.
        way: how it arrives; None for any way.
        follows: whether it comes right after the one before, from the same writer.
    """

    name: str
    content: bytes
    corrects: bool = False
    way: str | None = None
    follows: bool = False

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass
class Deliveries:
    """Files of all kinds.

    Attributes:
        files: in the order in which they come; those that follow each other stay together.
        expected: what must be at the service, once each.
        statements: digests of the statements among them.
        attached: names of the files that must be in the inbox of the service or beside a statement.
        same: names of files that bring the same document: one of them is sent, the others are duplicates.
        pairs: names of files that go together, the one that leads first.
    """

    files: list[Delivery] = field(default_factory=list)
    expected: Expected = field(default_factory=Expected)
    statements: list[str] = field(default_factory=list)
    attached: list[str] = field(default_factory=list)
    same: list[tuple[str, ...]] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def groups(self) -> Iterator[list[Delivery]]:
        """The files that one writer drops one after the other."""
        group: list[Delivery] = []
        for file in self.files:
            if not file.follows and group:
                yield group
                group = []
            group.append(file)
        if group:
            yield group


def deliveries(count: int, *, seed: int) -> Deliveries:
    """At least so many files, shuffled."""
    made_up = Deliveries()
    number = 0
    while len(made_up.files) < count:
        number += 1
        _add_round(made_up, number)
    groups = list(made_up.groups())
    random.Random(seed).shuffle(groups)
    made_up.files = [file for group in groups for file in group]
    return made_up


def plain_set(count: int, *, first: int = 1) -> Deliveries:
    """So many invoices, each of its own, and some wrong ones."""
    made_up = Deliveries()
    for number in range(first, first + count):
        name = f"39{number:05d}"
        right = issued(name)
        if number % 5 == 0:
            made_up.files.append(Delivery(f"{name}.xml", right.replace(b"</inv:invoice>", b"</inv:wrong>")))
            continue
        made_up.expected.documents.append(name)
        made_up.files.append(Delivery(f"{name}.xml", right))
    return made_up


def small_set(number: int, *, all_kinds: bool = False) -> Deliveries:
    """A few files that no other number has: one to send, its copy, a wrong one; or one of each fate."""
    made_up = Deliveries()
    name = f"37{number:05d}"
    made_up.expected.documents.append(name)
    made_up.same.append(("faktura.xml", "kopie.xml"))
    made_up.files += [
        Delivery("faktura.xml", issued(name)),
        Delivery("kopie.xml", issued(name)),
        Delivery("wrong.xml", issued(name).replace(b"</inv:invoice>", b"</inv:wrong>")),
    ]
    if all_kinds:
        _add_one_of_each(made_up, number)
    return made_up


def _add_one_of_each(all_of_them: Deliveries, number: int) -> None:
    credit = f"38{number:05d}"
    all_of_them.same = [("faktura.xml", "kopie.xml", "znovu.xml")]
    all_of_them.files.append(Delivery("znovu.xml", issued(f"37{number:05d}") + b"<!-- znovu -->\n"))
    statement = made.CAMT.replace(b"<MsgId>M1<", b"<MsgId>M%d<" % number)
    all_of_them.expected.documents.append(credit)
    all_of_them.statements.append(hashlib.sha256(statement).hexdigest())
    all_of_them.attached.append("výpis.pdf")
    all_of_them.pairs.append(("banka/výpis.xml", "banka/výpis.pdf"))
    all_of_them.files += [
        # With a warning, so that a person looks at it.
        Delivery("dobropis.xml", made.pack(made.invoice("issuedCreditNotice", number=credit))),
        Delivery("banka/výpis.xml", statement),
        Delivery("banka/výpis.pdf", made.pdf(f"výpis {number}"), follows=True),
    ]


def _add_round(all_of_them: Deliveries, number: int) -> None:
    files = all_of_them.files
    for name, content in round_of(number, all_of_them.expected).items():
        if name.startswith(("camt", "statement")):
            if number > MONTHS:
                continue
            all_of_them.statements.append(hashlib.sha256(content).hexdigest())
        if name.startswith(("received", "scan")):
            all_of_them.attached.append(name)
        files.append(Delivery(name, content))
        if name.startswith("camt") and number % 2:
            # Both arrive in one step each, so that they are seen together.
            files[-1] = Delivery(name, content, way="from_elsewhere")
            files.append(_picture(f"camt-{number}.pdf", all_of_them))
    extra = (_copies, _wrong_ones, _corrected, _archive, _moved_in)
    for kind in extra:
        if number % 3 == 1 or kind in (_copies, _wrong_ones):
            kind(all_of_them, number)


def _picture(name: str, all_of_them: Deliveries) -> Delivery:
    all_of_them.attached.append(name)
    return Delivery(name, made.pdf(name), way="from_elsewhere", follows=True)


def issued(number: str) -> bytes:
    return made.pack(made.invoice("issuedInvoice", number=number))


def _copies(all_of_them: Deliveries, number: int) -> None:
    """The same bytes under another name, and the same document in other bytes."""
    first = issued(f"31{number:05d}")
    all_of_them.expected.documents.append(f"31{number:05d}")
    all_of_them.same.append((f"faktura {number}.xml", f"kopie faktury {number}.xml", f"faktura {number} znovu.xml"))
    all_of_them.files += [
        Delivery(f"faktura {number}.xml", first),
        Delivery(f"kopie faktury {number}.xml", first),
        Delivery(f"faktura {number} znovu.xml", first + b"<!-- znovu -->\n"),
    ]


def _wrong_ones(all_of_them: Deliveries, number: int) -> None:
    broken = issued(f"32{number:05d}").replace(b"</inv:invoice>", b"</inv:wrong>")
    all_of_them.files.append(Delivery(f"špatná {number}.xml", broken))


def _corrected(all_of_them: Deliveries, number: int) -> None:
    """A wrong file, and later the right one under its name."""
    right = issued(f"33{number:05d}")
    all_of_them.expected.documents.append(f"33{number:05d}")
    all_of_them.files += [
        Delivery(f"oprava {number}.xml", right.replace(b"</inv:invoice>", b"</inv:wrong>")),
        Delivery(f"oprava {number}.xml", right, corrects=True, follows=True),
    ]


def _archive(all_of_them: Deliveries, number: int) -> None:
    names = [f"34{number:05d}", f"35{number:05d}"]
    all_of_them.expected.documents += names
    content = made.zipped({f"{name}.xml": issued(name) for name in names})
    all_of_them.files.append(Delivery(f"zaslano {number}.zip", content))


def _moved_in(all_of_them: Deliveries, number: int) -> None:
    all_of_them.expected.documents.append(f"36{number:05d}")
    all_of_them.files.append(Delivery(f"leden {number}/banka/faktura.xml", issued(f"36{number:05d}")))
