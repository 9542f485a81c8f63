"""Writes bank statements as ČBA XML, camt.053.001.02.

Sources: ISO 20022, schema camt.053.001.02; ČBA, Standard pro elektronický XML výpis: PRCD is the opening and CLBD the
closing balance.

The same statement gives the same bytes at all times: nothing comes from the clock, because the bytes decide whether a
statement was sent before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from lxml import etree

from efimport.documents import BankAccount, Entry, Statement
from efimport.formats.camt.identifiers import digest, made_identifier
from efimport.formats.camt.tree import (
    NAMESPACE,
    REFERENCE,
    add,
    add_amount,
    add_path,
    amount_text,
    plain,
    root_element,
    side,
)
from efimport.formats.camt.values import CREDIT, DEBIT
from efimport.formats.camt.write_entries import CURRENCY, add_account, add_bank, write_entry
from efimport.formats.writing import CannotWriteError, Losses, Lost, days_of_balances, fits
from efimport.messages import message

_NUMBER_DIGITS = 18
_SUM_DIGITS, _SUM_DECIMALS = 18, 17


def write_camt(statements: Sequence[Statement]) -> bytes:
    """The statements as one message in UTF-8.

    What the format has no room for is left out; :func:`lost` tells it.

    Raises:
        CannotWriteError: there is no statement, or one lacks its account, its currency or every day, or has an amount
            of too many digits.
    """
    if not statements:
        raise CannotWriteError(message("There is no statement to write."))
    root = root_element("Document")
    body = add(root, "BkToCstmrStmt")
    header = add(body, "GrpHdr")
    for statement in statements:
        _Writer(statement, Losses()).write(body)
    written = body.findall(f"{{{NAMESPACE}}}Stmt")
    names = [stmt.findtext(f"{{{NAMESPACE}}}Id", "") for stmt in written]
    add(header, "MsgId", names[0] if len(names) == 1 else digest("\n".join(names)))
    add(header, "CreDtTm", max(stmt.findtext(f"{{{NAMESPACE}}}CreDtTm", "") for stmt in written))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def lost(statement: Statement) -> tuple[Lost, ...]:
    """What of a statement :func:`write_camt` cannot write, or not in full.

    Raises:
        CannotWriteError: as for writing.
    """
    losses = Losses()
    _Writer(statement, losses).write(root_element("Document"))
    return losses.all()


class _Writer:
    """Writes one statement.

    Args:
        statement: the statement.
        losses: takes what the format has no room for.
    """

    def __init__(self, statement: Statement, losses: Losses) -> None:
        self._statement = statement
        self._losses = losses
        self._currency = _currency(statement)
        self._opened, self._closed = days_of_balances(statement)

    def write(self, body: etree._Element) -> None:
        statement = self._statement
        if statement.page is not None:
            self._losses.add("page", statement.page)
        element = add(body, "Stmt")
        # Built first, because the identifier of the statement is made of it.
        account = self._account()
        add(element, "Id", self._identifier(account))
        if _is_number(statement.number):
            add(element, "ElctrncSeqNb", statement.number)
            add(element, "LglSeqNb", statement.number)
        add(element, "CreDtTm", f"{statement.date or self._closed}T00:00:00")
        if statement.period_from or statement.period_to:
            period = add(element, "FrToDt")
            add(period, "FrDtTm", f"{statement.period_from or self._opened}T00:00:00")
            add(period, "ToDtTm", f"{statement.period_to or self._closed}T23:59:59")
        element.append(account)
        if statement.opening is None and statement.closing is None:
            # The schema wants a balance. None is invented: what the entries make is given for information, as banks do.
            self._add_balance(element, "INFO", statement.credit - statement.debit, self._closed)
        self._add_balance(element, "PRCD", statement.opening, self._opened)
        self._add_balance(element, "CLBD", statement.closing, self._closed)
        self._add_summary(element)
        for entry in statement.entries:
            self._losses.position = entry.position
            write_entry(element, entry, self._currency, self._losses)
        self._losses.position = None

    def _account(self) -> etree._Element:
        own = self._statement.account
        parent = root_element("Stmt")
        account = BankAccount(iban=own.iban, number=own.number, currency=self._currency)
        element = add_account(parent, "Acct", account, "account", self._losses)
        if element is None:
            raise CannotWriteError(message("The statement does not say which account it belongs to."))
        add_bank(element, "Svcr", own, "account", self._losses)
        return element

    def _identifier(self, account: etree._Element) -> str:
        """The bank's own name of the statement, else one of account, day and number."""
        number = self._statement.number
        if number and not _is_number(number):
            line = " ".join(number.split())
            if line and line.isprintable() and len(line) <= REFERENCE:
                return line
            self._losses.add("number", number)
        name = account.findtext("{*}Id/{*}IBAN") or account.findtext("{*}Id/{*}Othr/{*}Id") or ""
        return made_identifier(name, self._closed, number, self._statement.period_from or self._opened)

    def _add_balance(self, element: etree._Element, code: str, value: Decimal | None, day: dt.date) -> None:
        if value is None:
            return
        balance = add(element, "Bal")
        add_path(balance, "Tp/CdOrPrtry/Cd", code)
        add_amount(balance, value, self._currency)
        add(balance, "CdtDbtInd", side(value))
        add_path(balance, "Dt/Dt", day.isoformat())

    def _add_summary(self, element: etree._Element) -> None:
        """What the entries make; figures that the statement states otherwise are noted."""
        statement = self._statement
        for field, computed in (
            ("credit_turnover", statement.credit),
            ("debit_turnover", statement.debit),
            ("entry_count", len(statement.entries)),
        ):
            stated = getattr(statement, field)
            if stated is not None and stated != computed:
                self._losses.add(field, stated)
        net = statement.credit - statement.debit
        summary = add(element, "TxsSummry")
        total = self._add_total(summary, "TtlNtries", statement.entries)
        add(total, "TtlNetNtryAmt", _sum_text(net))
        add(total, "CdtDbtInd", side(net))
        for name, direction in (("TtlCdtNtries", CREDIT), ("TtlDbtNtries", DEBIT)):
            self._add_total(summary, name, [one for one in statement.entries if side(one.amount) == direction])

    def _add_total(self, summary: etree._Element, name: str, entries: Sequence[Entry]) -> etree._Element:
        total = add(summary, name)
        add(total, "NbOfNtries", str(len(entries)))
        add(total, "Sum", _sum_text(sum((abs(entry.amount) for entry in entries), Decimal(0))))
        return total


def _is_number(number: str | None) -> bool:
    return number is not None and number.isascii() and number.isdigit() and len(number) <= _NUMBER_DIGITS


def _sum_text(value: Decimal) -> str:
    if not fits(value, _SUM_DIGITS, _SUM_DECIMALS):
        return amount_text(value)
    return plain(abs(value))


def _currency(statement: Statement) -> str:
    currency = statement.currency or statement.account.currency
    if currency is None or not CURRENCY.fullmatch(currency):
        raise CannotWriteError(
            message("The currency of the statement is not known, and ČBA XML states one with every amount.")
        )
    return currency
