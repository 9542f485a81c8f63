"""Writes bank statements as ABO/GPC: records of 128 bytes in Windows-1250, line ends CR LF.

Sources: Česká spořitelna, Technický popis struktury ABO formátu (3-2267), records 074 and 075; Komerční banka, Popis
formátu ABO, 2.2 and 2.3, posting codes and records 078 and 079; ČSOB, BusinessBanking 24, record 076. Account numbers
are in the printed order, and the currency stands in columns 119 to 122, as Fio banka and ČSOB write them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

from efimport.accounts import to_abo
from efimport.documents import BankAccount, Entry, Statement
from efimport.formats.gpc.blocks import RECORD_LENGTH
from efimport.formats.gpc.entries import numeric_currency
from efimport.formats.gpc.fields import ENCODING
from efimport.formats.gpc.fitting import clean, day, digits, hundredths, national
from efimport.formats.gpc.messages import IDENTIFIER_WIDTH, MESSAGE_WIDTH, NAME_WIDTH
from efimport.formats.gpc.ownership import FIO
from efimport.formats.gpc.posting import GENERIC, SPORITELNA, SPORITELNA_CODE, PostingMap
from efimport.formats.writing import CannotWriteError, Losses, Lost, days_of_balances
from efimport.messages import message

BALANCE_DIGITS, AMOUNT_DIGITS = 14, 12
REFERENCE_DIGITS = 13
COMMENT_WIDTH = 93
LONGEST_MESSAGE = 2 * MESSAGE_WIDTH
_NO_CODE = "0000"
_NOT_CARRIED = (
    "end_to_end_reference",
    "original_amount",
    "original_currency",
    "exchange_rate",
    "charges",
)
_NOT_CARRIED_OF_ACCOUNTS = ("bic", "currency", "bank_name")


def write_gpc(statements: Sequence[Statement]) -> bytes:
    """The statements one after another, a record 074 each with its items.

    What the format has no room for is left out; :func:`lost` tells it.

    Raises:
        CannotWriteError: there is no statement, or one has no Czech or Slovak account, lacks a balance or every day, or
            has an amount of too many digits or a day of another century.
    """
    if not statements:
        raise CannotWriteError(message("There is no statement to write."))
    records = [record for statement in statements for record in _Writer(statement, Losses()).records()]
    return b"".join(record.ljust(RECORD_LENGTH).encode(ENCODING) + b"\r\n" for record in records)


def lost(statement: Statement) -> tuple[Lost, ...]:
    """What of a statement :func:`write_gpc` cannot write, or not in full.

    Raises:
        CannotWriteError: as for writing.
    """
    losses = Losses()
    list(_Writer(statement, losses).records())
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
        own = national(statement.account)
        if own is None:
            raise CannotWriteError(
                message(
                    "The account {account} is no Czech or Slovak one, and ABO/GPC holds no other.",
                    account=statement.account.display or "-",
                )
            )
        self._account = to_abo(own)
        self._bank = own.bank_code
        # The bank decides what code 4 means when the statement is read again.
        self._posting = SPORITELNA if own.bank_code == SPORITELNA_CODE else GENERIC
        self._currency = numeric_currency(statement.currency or statement.account.currency)

    def records(self) -> Iterator[str]:
        yield self._header()
        for ordinal, entry in enumerate(self._statement.entries, start=1):
            self._losses.position = entry.position
            yield from self._item(ordinal, entry)
        self._losses.position = None

    def _header(self) -> str:
        statement = self._statement
        if statement.opening is None or statement.closing is None:
            raise CannotWriteError(message("ABO/GPC needs the opening and the closing balance, and one is not known."))
        opened, closed = days_of_balances(statement)
        self._note_header(closed)
        net = self._turnovers()
        return (
            f"074{self._account}{'':20}{day(opened)}{_signed(statement.opening)}{_signed(statement.closing)}"
            f"{_signed(net[1], '0')}{_signed(net[0], '0')}"
            f"{digits(statement.number, 3, 'number', self._losses)}{day(closed)}"
            f"{'FIO' if self._bank == FIO else ''}"
        )

    def _note_header(self, closed: dt.date) -> None:
        """Note what the header has no columns for."""
        statement, losses = self._statement, self._losses
        account = statement.account
        if self._bank not in (None, FIO):
            losses.add("account.bank_code", self._bank)
        for name in ("bic", "bank_name"):
            if getattr(account, name):
                losses.add(f"account.{name}", getattr(account, name))
        currency = statement.currency or account.currency
        if currency and not (self._currency and statement.entries):
            losses.add("currency", currency)
        if statement.period_to not in (None, closed):
            losses.add("period_to", statement.period_to)
        if statement.page is not None:
            losses.add("page", statement.page)
        if statement.entry_count not in (None, len(statement.entries)):
            losses.add("entry_count", statement.entry_count)

    def _turnovers(self) -> tuple[Decimal, Decimal]:
        """Credit and debit turnover, each less the reversals of its side; other stated ones are noted."""
        statement = self._statement
        back = sum((entry.amount for entry in statement.entries if entry.reversal and entry.amount > 0), Decimal(0))
        taken = -sum((entry.amount for entry in statement.entries if entry.reversal and entry.amount < 0), Decimal(0))
        credit, debit = statement.credit - back - taken, statement.debit - back - taken
        for field, net, gross in (
            ("credit_turnover", credit, statement.credit),
            ("debit_turnover", debit, statement.debit),
        ):
            stated = getattr(statement, field)
            if stated not in (None, net, gross):
                self._losses.add(field, stated)
        return credit, debit

    # --- items --------------------------------------------------------------------------------------------------

    def _item(self, ordinal: int, entry: Entry) -> Iterator[str]:
        losses = self._losses
        reference, identifier = self._reference(ordinal, entry)
        name = clean(entry.counter_name, "counter_name", losses)
        counter, bank_code = self._counter_account(entry)
        yield (
            f"075{self._account}{counter}{reference}{hundredths(entry.amount, AMOUNT_DIGITS)}"
            f"{_posting_code(entry, self._posting)}"
            f"{digits(entry.variable_symbol, 10, 'variable_symbol', losses)}00{bank_code}"
            f"{digits(entry.constant_symbol, 4, 'constant_symbol', losses)}"
            f"{digits(entry.specific_symbol, 10, 'specific_symbol', losses)}"
            f"{day(entry.value_date)}{name[:NAME_WIDTH]:{NAME_WIDTH}}0{self._code(entry)}{day(entry.date)}"
        )
        comment = name if len(name) > NAME_WIDTH else ""
        if identifier or comment:
            if len(comment) > COMMENT_WIDTH:
                losses.add("counter_name", entry.counter_name)
            yield f"076{identifier:0>{IDENTIFIER_WIDTH}}{day(entry.date)}{comment[:COMMENT_WIDTH]}"
        yield from self._message(entry)
        for field in _NOT_CARRIED:
            if getattr(entry, field) is not None:
                losses.add(field, getattr(entry, field))

    def _reference(self, ordinal: int, entry: Entry) -> tuple[str, str]:
        """The document number, and the bank's reference for record 076 where it is no number that fits."""
        text = clean(entry.bank_reference, "bank_reference", self._losses)
        if text.startswith("0"):
            # Zeros in front are padding here, so that they do not come back.
            self._losses.add("bank_reference", entry.bank_reference)
        text = text.lstrip("0 ")
        if not text or (text.isascii() and text.isdigit() and len(text) <= REFERENCE_DIGITS):
            return text.zfill(REFERENCE_DIGITS), ""
        if len(text) > IDENTIFIER_WIDTH:
            self._losses.add("bank_reference", entry.bank_reference)
            return "".zfill(REFERENCE_DIGITS), ""
        return str(ordinal).zfill(REFERENCE_DIGITS), text

    def _counter_account(self, entry: Entry) -> tuple[str, str]:
        """Sixteen digits and the bank's code; zeros for an account of another kind, which is noted."""
        account = entry.counter_account or BankAccount()
        for name in _NOT_CARRIED_OF_ACCOUNTS:
            if getattr(account, name):
                self._losses.add(f"counter_account.{name}", getattr(account, name))
        number = national(account)
        if number is None and (account.iban or account.number):
            self._losses.add("counter_account", account.display)
            return "0" * 16, _NO_CODE
        code = number.bank_code if number else account.bank_code
        return to_abo(number) if number else "0" * 16, digits(code, 4, "counter_account.bank_code", self._losses)

    def _code(self, entry: Entry) -> str:
        """Columns 119 to 122: the currency, else the bank's own kind of data."""
        code = entry.transaction_code
        if self._currency is None and code and len(code) == 4 and code.isascii() and code.isdigit() and code[0] != "0":
            return code
        if code:
            self._losses.add("transaction_code", code)
        return f"0{self._currency}" if self._currency else _NO_CODE

    def _message(self, entry: Entry) -> Iterator[str]:
        """Records 078 and 079: four lines of 35 characters."""
        if entry.message and entry.description and entry.description != entry.message:
            self._losses.add("description", entry.description)
        field = "message" if entry.message else "description"
        text = clean(entry.message or entry.description, field, self._losses)
        if len(text) > LONGEST_MESSAGE:
            self._losses.add(field, entry.message or entry.description)
        for kind, start in (("078", 0), ("079", MESSAGE_WIDTH)):
            if len(text) > start:
                yield f"{kind}{text[start : start + MESSAGE_WIDTH]}"


def _signed(amount: Decimal, positive: str = "+") -> str:
    return f"{hundredths(amount, BALANCE_DIGITS)}{'-' if amount < 0 else positive}"


def _posting_code(entry: Entry, posting: PostingMap) -> int:
    if entry.reversal:
        return posting.reversal_of_credit if entry.amount < 0 else posting.reversal_of_debit
    return 1 if entry.amount < 0 else 2
