"""Invented statements in the style of Czech banks, made piece by piece."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from efimport.documents import Statement
from efimport.findings import Finding
from efimport.formats.camt import read
from efimport.formats.reading import Reading
from efimport.sources import Source

SHARED = Path(__file__).parents[4] / "shared"
IBAN = "CZ6508000000192000145399"
PERIOD = "<FrToDt><FrDtTm>2026-01-01T00:00:00+01:00</FrDtTm><ToDtTm>2026-01-31T23:59:59+01:00</ToDtTm></FrToDt>"


class Writer:
    """Writes messages for tests.

    Args:
        version: two digits of the version.
        prefix: prefix of all names; empty for the default namespace.
    """

    def __init__(self, version: str = "02", prefix: str = "") -> None:
        self.version = version
        self.prefix = prefix

    @property
    def namespace(self) -> str:
        return f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{self.version}"

    def message(self, *statements: str, encoding: str = "UTF-8", header: str = "", namespace: str | None = None) -> str:
        mark = f":{self.prefix}" if self.prefix else ""
        body = "BkToCstmrStmtV01" if self.version == "01" else "BkToCstmrStmt"
        text = (
            f'<?xml version="1.0" encoding="{encoding}"?>\n'
            f"<Document>\n<{body}>\n<GrpHdr><MsgId>1</MsgId><CreDtTm>2026-02-01T06:00:00+01:00</CreDtTm>{header}</GrpHdr>\n"
            + "\n".join(statements)
            + f"\n</{body}>\n</Document>\n"
        )
        if self.prefix:
            text = re.sub(r"<(/?)(?=[A-Za-z])", rf"<\1{self.prefix}:", text)
        declared = self.namespace if namespace is None else namespace
        return text.replace("Document>", f'Document xmlns{mark}="{declared}">', 1)

    def statement(
        self,
        *entries: str,
        opening: str | None = "100.00",
        closing: str | None = "100.00",
        number: str = "1",
        account: str = f"<Id><IBAN>{IBAN}</IBAN></Id><Ccy>CZK</Ccy>",
        balances: str | None = None,
        summary: str = "",
        head: str = PERIOD,
    ) -> str:
        if balances is None:
            balances = ""
            if opening is not None:
                balances += self.balance("PRCD", opening, "2026-01-01")
            if closing is not None:
                balances += self.balance("CLBD", closing, "2026-01-31")
        return (
            f"<Stmt><Id>{number}-x</Id><LglSeqNb>{number}</LglSeqNb><CreDtTm>2026-02-01T06:00:00+01:00</CreDtTm>{head}"
            f"<Acct>{account}</Acct>{balances}{summary}" + "\n".join(("", *entries)) + "\n</Stmt>"
        )

    def balance(self, code: str, amount: str, day: str, currency: str = "CZK") -> str:
        side = "DBIT" if amount.startswith("-") else "CRDT"
        kind = f"<Cd>{code}</Cd>" if self.version == "01" else f"<CdOrPrtry><Cd>{code}</Cd></CdOrPrtry>"
        return (
            f'<Bal><Tp>{kind}</Tp><Amt Ccy="{currency}">{amount.lstrip("-")}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
            f"<Dt><Dt>{day}</Dt></Dt></Bal>"
        )

    def entry(
        self,
        amount: str = "10.00",
        *details: str,
        status: str = "BOOK",
        currency: str = "CZK",
        booked: str = "<BookgDt><DtTm>2026-01-15T00:00:00+01:00</DtTm></BookgDt>",
        value: str = "<ValDt><Dt>2026-01-16</Dt></ValDt>",
        reversal: str = "",
        code: str = "<BkTxCd><Prtry><Cd>10000107000</Cd></Prtry></BkTxCd>",
        middle: str = "",
        end: str = "",
        batch: str = "",
    ) -> str:
        side = "DBIT" if amount.startswith("-") else "CRDT"
        said = f"<Cd>{status}</Cd>" if int(self.version) >= 7 else status
        body = "".join(f"<TxDtls>{detail}</TxDtls>" for detail in details)
        if body or batch:
            body = body if self.version == "01" else f"<NtryDtls>{batch}{body}</NtryDtls>"
        return (
            f'<Ntry><Amt Ccy="{currency}">{amount.lstrip("-")}</Amt><CdtDbtInd>{side}</CdtDbtInd>{reversal}'
            f"<Sts>{said}</Sts>{booked}{value}{code}{middle}{body}{end}</Ntry>"
        )


class Outcome:
    """What reading gave."""

    def __init__(self, content: bytes) -> None:
        self.reading = Reading()
        found = list(read(Source("statement.xml", content), self.reading))
        self.statements = [item for item in found if isinstance(item, Statement)]
        self.findings = [item for item in found if isinstance(item, Finding)]

    @property
    def codes(self) -> set[str]:
        own = {finding.code for finding in self.findings}
        return own.union(*({finding.code for finding in statement.findings} for statement in self.statements))

    def finding(self, code: str) -> Finding:
        every = [*self.findings, *(item for statement in self.statements for item in statement.findings)]
        return next(item for item in every if item.code == code)

    @property
    def statement(self) -> Statement:
        (statement,) = self.statements
        return statement


def outcome(text: str | bytes) -> Outcome:
    """What reading a message gives."""
    return Outcome(text if isinstance(text, bytes) else text.encode("utf-8"))


@pytest.fixture
def writer() -> Writer:
    return Writer()
