"""Encodings, dates, amounts, size and secrets: one test a line of what users of comparable systems ask for."""

from __future__ import annotations

import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.acceptance.made import numbered, pack, statement

FIRM = "Žluťoučký kůň, příšerně úpěl ďábelské ódy s.r.o."


@pytest.mark.parametrize("encoding", ["UTF-8", "windows-1250", "ISO-8859-2", "UTF-16"])
def test_demand_41_czech_letters_are_right(person: Any, encoding: str) -> None:
    person.write("a.xml", pack(1, encoding=encoding, firm=FIRM))
    (source,) = person.report("check", "a.xml")["sources"]
    assert source["documents"][0]["partner"] == FIRM


def test_demand_44_a_letter_far_down_the_file_does_not_break_the_encoding(person: Any) -> None:
    names = (*["Vklad"] * 3000, "Šťastný Žáček")
    person.write("a.gpc", statement(*[50] * 3001, texts=names))
    (source,) = person.report("check", "a.gpc")["sources"]
    assert source["encoding"] == "windows-1250"
    rows = person.run("convert", "a.gpc", "--to", "csv").stdout.splitlines()
    assert "Šťastný Žáček" in rows[-1]


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b""])
def test_demand_45_neither_a_mark_at_the_start_nor_the_machine_s_encoding_matters(person: Any, start: bytes) -> None:
    person.write("a.xml", start + numbered(1, FIRM))
    person.environment |= {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "efimport", "check", "a.xml", "--json"],
        cwd=person.folder,
        env=person.environment,
        capture_output=True,
    )
    assert done.returncode == 0
    assert FIRM in done.stdout.decode("utf-8")


@pytest.mark.parametrize("written", ["121,50", "1.121,50", "1 121,50", "1'121.50", "1,121.50", "12I.50"])
def test_demand_46_a_number_in_another_notation_never_becomes_another_amount(person: Any, written: str) -> None:
    wrong = numbered(1).decode().replace("<typ:priceHigh>100<", f"<typ:priceHigh>{written}<")
    person.write("a.xml", wrong.encode())
    (source,) = person.report("check", "a.xml")["sources"]
    (document,) = source["documents"]
    meant = {"121,50": "142.50", "1.121,50": "1142.50", "1 121,50": "1142.50", "1'121.50": "1142.50"}
    assert document["findings"]
    if not any(one["severity"] == "error" for one in document["findings"]):
        assert document["total"] in (None, meant.get(written, "1142.50"))


def test_demand_48_and_49_the_30th_of_february_is_told_and_its_entry_stays(person: Any) -> None:
    person.write("a.gpc", statement(50, 70).replace(b"00203150126", b"00203300226", 1))
    (source,) = person.report("check", "a.gpc")["sources"]
    (document,) = source["documents"]
    assert document["statement"]["entries"] == 2
    assert document["statement"]["credit"] == "1.20"
    assert "gpc.date" in {one["code"] for one in document["findings"]}


def test_demand_50_and_51_every_entry_of_camt_has_its_sign_and_its_account(person: Any, samples: Path) -> None:
    path = samples / "statements" / "two-accounts.xml"
    space = {"c": "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"}
    expected = {}
    for one in etree.parse(path).xpath("//c:Stmt", namespaces=space):
        (iban,) = one.xpath("c:Acct/c:Id/c:IBAN/text()", namespaces=space)
        sums = {
            sign: sum(
                (Decimal(text) for text in one.xpath(f"c:Ntry[c:CdtDbtInd='{sign}']/c:Amt/text()", namespaces=space)),
                Decimal("0.00"),
            )
            for sign in ("CRDT", "DBIT")
        }
        expected[iban] = (str(sums["CRDT"]), str(sums["DBIT"]))
    report = person.report("import", path, "--dry-run", "--to", "sandbox")
    (source,) = report["sources"]
    figures = [document["statement"] for document in source["documents"]]
    assert {one["account"]: (one["credit"], one["debit"]) for one in figures} == expected
    assert {call["parameters"]["IBAN"] for call in report["calls"]} == set(expected)


MEMORY = """
import sys, resource, efimport
count = sum(1 for _ in efimport.read(sys.argv[1]))
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_demand_53_memory_does_not_grow_with_the_file(person: Any) -> None:
    person.write("memory.py", MEMORY.encode())
    used = {}
    for documents in (200, 6000):
        path = person.write(f"{documents}.xml", pack(*range(documents)))
        count, kilobytes = person.python("memory.py", path).stdout.split()
        assert int(count) == documents
        used[documents] = int(kilobytes)
    grown = path.stat().st_size / 1024
    # The file itself may be mapped or held; what is read of it is not.
    assert used[6000] - used[200] < 2 * grown + 16_000


def test_demand_54_many_rows_are_checked_in_a_moment(person: Any) -> None:
    person.write("a.gpc", statement(*[50] * 20_000))
    start = time.monotonic()
    (source,) = person.report("check", "a.gpc")["sources"]
    assert time.monotonic() - start < 15
    assert source["documents"][0]["statement"]["entries"] == 20_000


def test_demand_56_two_people_at_one_machine_share_one_limit(person: Any, sandbox: Any) -> None:
    """Two journals, two runs at once, one address: the service sees no more than it allows, and nobody fails."""
    settings = (person.folder / "efimport.toml").read_text(encoding="utf-8")
    for name in ("first", "second"):
        person.write(f"{name}.toml", f'{settings}\n[journal]\nurl = "sqlite:///{name}.sqlite3"\n'.encode())
        for number in range(4):
            person.write(f"{name}/{number}.xml", numbered(number + (0 if name == "first" else 10)))
    both = [person.start("import", name, "--yes", "--config", f"{name}.toml") for name in ("first", "second")]
    for running in both:
        running.communicate(timeout=60)
    assert [running.returncode for running in both] == [0, 0]
    assert sandbox.state()["violations"] == {"rate": 0, "concurrency": 0}
    assert len(sandbox.numbers()) == 8
