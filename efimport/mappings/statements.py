"""What a mapping file says about a table of bank movements.

The file is TOML; its keys are the attributes of these structures, and a key that none of them has is an error.
``docs/mappings.md`` tells each with an example.
"""

from __future__ import annotations

from typing import Literal

from efimport.mappings.parts import ColumnSpec, Condition, File, Header, Part, Skip, Value

PREAMBLE_FIELDS = frozenset(
    {
        *("account", "account_prefix", "bank_code", "iban", "bic", "currency", "number", "opening", "closing"),
        *("period_from", "period_to", "date", "credit_turnover", "debit_turnover", "entry_count"),
    }
)
"""What may be picked from above and below the rows, and from the names of file and sheet."""

SYMBOLS = frozenset({"variable_symbol", "constant_symbol", "specific_symbol"})
TEXTS = frozenset({"message", "description", "end_to_end_reference", "counter_name", "transaction_code"})
"""Fields that symbols are looked for in."""


class Direction(Part, frozen=True, kw_only=True):
    """``[amount.direction]``: the column that says whether money came or went.

    Attributes:
        column: the column.
        credit: values for money that came in.
        debit: values for money that went out.
    """

    column: ColumnSpec
    credit: tuple[str, ...]
    debit: tuple[str, ...]


class Amount(Part, frozen=True, kw_only=True):
    """``[amount]``: one of ``column``, ``column`` with ``direction``, ``credit`` and ``debit``.

    Attributes:
        column: the amount, signed; with ``direction`` its sign is asked about in ``unsigned``.
        direction: the column that says whether money came or went.
        unsigned: what a minus means beside the direction: true: nothing; false: the opposite, a negative debit is money
            in; left out: an error, because nobody knows.
        negated: money in is negative, as on statements of credit cards.
        credit: money in.
        debit: money out. Where all debits of a table have a minus it says nothing; where only some have, these are
            money in.
        total: a column that holds amount and separate fees together; it is compared.
    """

    column: ColumnSpec | None = None
    direction: Direction | None = None
    unsigned: bool | None = None
    negated: bool = False
    credit: ColumnSpec | None = None
    debit: ColumnSpec | None = None
    total: ColumnSpec | None = None


class Fee(Part, frozen=True, kw_only=True):
    """``[[fees]]``: a further amount in the row.

    Attributes:
        column: the amount.
        sign: ``as-written``: negative takes money away; ``cost``: positive takes money away.
        booked: ``separately``: beside the amount, an entry of its own; ``inside``: the amount contains it, it is told
            as the charges of the entry; ``split``: the amount contains it, and it is made an entry of its own.
        currency: column with its currency; a fee in another currency than the row's is an error.
        description: what the entry says that it is.
    """

    column: ColumnSpec
    sign: Literal["as-written", "cost"] = "as-written"
    booked: Literal["separately", "inside", "split"] = "separately"
    currency: ColumnSpec | None = None
    description: str = "Fee"


class Balance(Part, frozen=True, kw_only=True):
    """``[balance]``: running balances. They prove order and completeness of the rows, and a break is an error.

    Attributes:
        after: the balance with the row and its separate fees.
        before: the balance without them. Where both are given and each is the same in all rows of more than one, they
            are the balances of the statement.
    """

    after: ColumnSpec | None = None
    before: ColumnSpec | None = None


class Payout(Part, frozen=True, kw_only=True):
    """``[payout]``: what rows book is paid out to the firm's bank, several rows together, and no row says so.

    Each payout becomes an entry that takes out what its rows have brought in, so that nothing stays on the account.

    Attributes:
        date: day of the payout; a row without it is not paid out yet.
        by: further columns in which the rows of one payout agree.
        variable_symbol: variable symbol of the payout.
        bank_reference: reference of the payout.
        description: what the entry says that it is.
    """

    date: ColumnSpec
    by: tuple[ColumnSpec, ...] = ()
    variable_symbol: ColumnSpec | None = None
    bank_reference: ColumnSpec | None = None
    description: str = "Payout"


class Conversion(Part, frozen=True, kw_only=True):
    """``[conversion]``: the row also brings money to the firm's account in another currency.

    Attributes:
        column: what came in there; empty where the row is no conversion.
        currency: its currency.
    """

    column: ColumnSpec
    currency: ColumnSpec


class Columns(Part, frozen=True, kw_only=True):
    """``[columns]``: the fields of an entry, and of its statement where each row tells them.

    Attributes:
        date: day of booking.
        value_date: day of value.
        variable_symbol, constant_symbol, specific_symbol: symbols; what has other signs than digits is kept as the
            end-to-end reference.
        counter_account: IBAN or number of the other side, with or without bank code.
        counter_prefix, counter_bank_code, counter_iban, counter_bic, counter_bank_name: its further parts.
        counter_name: name of the other side.
        message: texts of payer and recipient.
        description: what the bank says the entry is.
        bank_reference, end_to_end_reference, transaction_code: references and code.
        original_amount, original_currency, exchange_rate: before conversion; an amount may have its currency beside it.
        charges: charges told for information, not part of the amount.
        currency: currency of the amount.
        account, account_bank_code: the firm's account.
        number: number of the statement.
    """

    date: ColumnSpec | None = None
    value_date: ColumnSpec | None = None
    variable_symbol: ColumnSpec | None = None
    constant_symbol: ColumnSpec | None = None
    specific_symbol: ColumnSpec | None = None
    counter_account: ColumnSpec | None = None
    counter_prefix: ColumnSpec | None = None
    counter_bank_code: ColumnSpec | None = None
    counter_iban: ColumnSpec | None = None
    counter_bic: ColumnSpec | None = None
    counter_bank_name: ColumnSpec | None = None
    counter_name: ColumnSpec | None = None
    message: ColumnSpec | None = None
    description: ColumnSpec | None = None
    bank_reference: ColumnSpec | None = None
    end_to_end_reference: ColumnSpec | None = None
    transaction_code: ColumnSpec | None = None
    original_amount: ColumnSpec | None = None
    original_currency: ColumnSpec | None = None
    exchange_rate: ColumnSpec | None = None
    charges: ColumnSpec | None = None
    currency: ColumnSpec | None = None
    account: ColumnSpec | None = None
    account_bank_code: ColumnSpec | None = None
    number: ColumnSpec | None = None


class Symbol(Part, frozen=True, kw_only=True):
    """``[[symbols]]``: a symbol inside a text, for rows whose column for it is empty or missing.

    Attributes:
        field: ``variable_symbol``, ``constant_symbol`` or ``specific_symbol``.
        sources: fields of ``[columns]`` that are searched, in this order.
        pattern: a regular expression whose first group is the symbol.
    """

    field: str
    sources: tuple[str, ...]
    pattern: str


class StatementMapping(Part, frozen=True, kw_only=True, tag_field="target", tag="statement"):
    """A mapping file with ``target = "statement"``.

    Attributes:
        name: name of the file without its ending.
        title: what the table is, for people.
        evidence: ``A``: seen in a real file or in the bank's own documentation; ``B``: a program in use reads by these
            names; ``C``: imitations only, to be checked with a real file.
        evidence_note: what the evidence is.
        no_statement: why the table is no statement of an account, although it looks like one; it is not read, and the
            reason is told.
        bank_code: code of the bank; completes account numbers, and finds the account where the file names none.
        own_accounts: a regular expression for the IBANs that accounts of this bank or gateway have, for the same.
        file, header, preamble, footer, file_name, sheet_name, columns, amount, fees, balance, payout, conversion, skip,
            symbols: see there.
        reversal: the condition under which a row takes an earlier one back.
        split: columns by which the rows belong to different statements, beside account, currency and number.
    """

    title: str
    header: Header
    columns: Columns
    amount: Amount
    name: str = ""
    evidence: Literal["A", "B", "C"] | None = None
    evidence_note: str = ""
    no_statement: str = ""
    bank_code: str | None = None
    own_accounts: str | None = None
    file: File = File()
    preamble: tuple[Value, ...] = ()
    footer: tuple[Value, ...] = ()
    file_name: tuple[Value, ...] = ()
    sheet_name: tuple[Value, ...] = ()
    fees: tuple[Fee, ...] = ()
    balance: Balance | None = None
    payout: Payout | None = None
    conversion: Conversion | None = None
    skip: tuple[Skip, ...] = ()
    reversal: Condition | None = None
    symbols: tuple[Symbol, ...] = ()
    split: tuple[ColumnSpec, ...] = ()
