"""The words of a report: kinds, states, methods, amounts and days as an accountant says them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from efimport.documents import Kind
from efimport.findings import Severity
from efimport.messages import Catalogue, Message, message
from efimport.planning.model import State
from efimport.report.model import ReportedDocument, ReportedSource

KINDS: Mapping[Kind, Message] = MappingProxyType(
    {
        Kind.ISSUED_INVOICE: message("Issued invoice"),
        Kind.ISSUED_CREDIT_NOTE: message("Issued credit note"),
        Kind.ISSUED_DEBIT_NOTE: message("Issued debit note"),
        Kind.ISSUED_ADVANCE_INVOICE: message("Issued advance invoice"),
        Kind.ISSUED_PROFORMA: message("Issued proforma invoice"),
        Kind.RECEIVED_INVOICE: message("Received invoice"),
        Kind.RECEIVED_CREDIT_NOTE: message("Received credit note"),
        Kind.RECEIVED_DEBIT_NOTE: message("Received debit note"),
        Kind.RECEIVED_ADVANCE_INVOICE: message("Received advance invoice"),
        Kind.TAX_DOCUMENT_ON_PAYMENT: message("Tax document on payment"),
        Kind.RECEIVABLE: message("Receivable"),
        Kind.COMMITMENT: message("Commitment"),
        Kind.ORDER_RECEIVED: message("Received order"),
        Kind.ORDER_ISSUED: message("Issued order"),
        Kind.PARTNER: message("Partner"),
        Kind.PRODUCT: message("Product"),
        Kind.BANK_STATEMENT: message("Bank statement"),
        Kind.FILE: message("File"),
        Kind.OTHER: message("Other document"),
    }
)

STATES: Mapping[State, Message] = MappingProxyType(
    {
        State.PLANNED: message("not sent yet"),
        State.SENDING: message("being sent"),
        State.ACCEPTED: message("sent"),
        State.SKIPPED: message("already there"),
        State.REFUSED: message("refused by the service"),
        State.REJECTED: message("not sent"),
        State.UNKNOWN: message("unknown"),
        State.HELD: message("waits for you"),
    }
)

DRY_STATES: Mapping[State, Message] = MappingProxyType(
    {**STATES, State.PLANNED: message("will be sent"), State.REJECTED: message("will not be sent")}
)
"""In a dry run the future is meant where the real run speaks of the past."""

CHECK_STATES: Mapping[State, Message] = MappingProxyType(
    {**STATES, State.PLANNED: message("in order"), State.REJECTED: message("with errors")}
)
"""Where files were only checked, nothing is sent or not sent."""

SEVERITIES: Mapping[Severity, Message] = MappingProxyType(
    {
        Severity.ERROR: message("error"),
        Severity.WARNING: message("warning"),
        Severity.INFO: message("note"),
    }
)

METHODS: Mapping[str, Message] = MappingProxyType(
    {
        "SalesInvoiceImport": message("Issued invoices"),
        "CreditNoteImport": message("Issued credit notes"),
        "DebitNoteImport": message("Issued debit notes"),
        "AdvanceInvoiceImport": message("Issued advance invoices"),
        "SalesOrderImport": message("Received orders"),
        "PartnerImport": message("Partners"),
        "ProductImport": message("Products"),
        "ProductMassImport": message("Products"),
        "BankStatementImport": message("Bank statements"),
        "DocumentInboxImport": message("Document inbox"),
        "DocumentInboxAddEntry": message("Document inbox"),
        "ReceivedInvoiceCreate": message("Received invoices"),
        "ReceivedCreditNoteCreate": message("Received credit notes"),
        "ReceivedAdvanceInvoiceCreate": message("Received advance invoices"),
    }
)
"""Where a document ends up in the books, by the method that brings it (web service reference, chapter headings)."""

_NO_BREAK = "\u00a0"


class Words:
    """The words of one language.

    Args:
        language: code of the language.
        dry_run: whether nothing was sent yet.
        checked_only: whether sending was not in question.
    """

    def __init__(self, language: str, *, dry_run: bool = False, checked_only: bool = False) -> None:
        self.catalogue = Catalogue(language)
        self.text = self.catalogue.text
        self.plural = self.catalogue.plural
        self._states = CHECK_STATES if checked_only else DRY_STATES if dry_run else STATES
        self._checked_only, self._dry_run = checked_only, dry_run

    def mode(self) -> str:
        """What kind of run the report is of."""
        if self._checked_only:
            return self.text("check only, nothing is sent")
        return self.text("dry run, nothing is sent") if self._dry_run else self.text("import")

    def obstacles_heading(self) -> str:
        """Heading of the reasons."""
        return self.text("What is wrong") if self._checked_only else self.text("What is not sent, and why")

    def kind(self, kind: Kind) -> str:
        """The kind of a document."""
        return self.text(KINDS[kind])

    def state(self, state: State) -> str:
        """What became of a document, or will."""
        return self.text(self._states[state])

    def severity(self, severity: Severity) -> str:
        """How much a finding weighs."""
        return self.text(SEVERITIES[severity])

    def method(self, method: str) -> str:
        """The part of the books that a method fills; the method's own name where no word is known."""
        words = METHODS.get(method)
        return method if words is None else self.text(words)

    def amount(self, amount: Decimal | None, currency: str | None = None) -> str:
        """An amount with groups of three digits and its currency, written so that no line breaks inside it."""
        if amount is None:
            return ""
        whole, _, cents = money(amount).partition(".")
        sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        group, point = (_NO_BREAK, ",") if self.catalogue.language == "cs" else (",", ".")
        shown = f"{sign}{f'{int(digits):,}'.replace(',', group)}{point}{cents}"
        return f"{shown}{_NO_BREAK}{currency}" if currency else shown

    def day(self, day: dt.date | None) -> str:
        """A day as it is written in the language."""
        if day is None:
            return ""
        if self.catalogue.language == "cs":
            return f"{day.day}.{_NO_BREAK}{day.month}.{_NO_BREAK}{day.year}"
        return day.isoformat()

    def moment(self, moment: dt.datetime | None) -> str:
        """A day with its time to the minute."""
        return "" if moment is None else f"{self.day(moment.date())} {moment:%H:%M}"

    def duration(self, seconds: int) -> str:
        """A time that something takes, in the two largest units."""
        if seconds < 120:
            return self.plural("{count} second", "{count} seconds", seconds)
        minutes = -(-seconds // 60)
        if minutes < 120:
            return self.plural("{count} minute", "{count} minutes", minutes)
        hours, minutes = divmod(minutes, 60)
        return " ".join(
            (
                self.plural("{count} hour", "{count} hours", hours),
                self.plural("{count} minute", "{count} minutes", minutes),
            )
        )

    def named(self, document: ReportedDocument) -> str:
        """Kind and number of a document, or what else names it."""
        name = document.number or document.title
        return f"{self.kind(document.kind)} {name}" if name else self.kind(document.kind)

    def contents(self, source: ReportedSource) -> str:
        """What is in a file: its document where it is one, else how many of which kind."""
        if len(source.documents) == 1:
            document = source.documents[0]
            amount = self.amount(document.total, document.currency)
            return ", ".join(part for part in (self.named(document), document.partner or "", amount) if part)
        kinds = Counter(document.kind for document in source.documents)
        return ", ".join(f"{count} × {self.kind(kind)}" for kind, count in kinds.items())

    def states(self, by_state: Mapping[State, int]) -> str:
        """States and how many are in each: ``4 sent, 1 refused by the service``."""
        return ", ".join(f"{count} {self.state(state)}" for state, count in by_state.items())

    def place(self, line: int | None, column: int | None, where: str | None) -> str:
        """The place inside a file: line, column, and the cell or path."""
        parts = []
        if line is not None:
            parts.append(self.text("line {line}", line=line))
        if column is not None:
            parts.append(self.text("column {column}", column=column))
        if where:
            parts.append(where)
        return ", ".join(parts)


def money(amount: Decimal) -> str:
    """An amount as a program reads it: the digits of the source, at least two after the point, never an exponent."""
    text = format(amount, "f")
    _, _, cents = text.partition(".")
    if len(cents) >= 2:
        return text
    return f"{text}{'' if cents else '.'}{'0' * (2 - len(cents))}"
