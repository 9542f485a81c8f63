"""Fields 61 and 86 become an entry."""

from __future__ import annotations

import re
from collections.abc import Sequence

from efimport.documents import Entry
from efimport.documents.statements import signed_like
from efimport.formats.mt940.accounts import counter_account, is_account
from efimport.formats.mt940.details import read_details
from efimport.formats.mt940.lines import Line, read_line
from efimport.formats.mt940.pages import RawEntry
from efimport.formats.mt940.said import Details, is_reversal
from efimport.formats.mt940.symbols import reference_symbols
from efimport.formats.notes import Notes

_LONG_NUMBER = re.compile(r"\d{16,}", re.ASCII)
_PLAIN_LINE = re.compile(r"(\d\d)(.*)", re.ASCII)


def make_entries(raw: Sequence[RawEntry], currency: str | None, notes: Notes) -> tuple[Entry, ...]:
    """The entries of a statement.

    Args:
        raw: fields of the entries, of all pages.
        currency: of the account.
        notes: where doubts are noted.
    """
    entries: list[Entry] = []
    for one in raw:
        line = read_line(one.text, one.line, notes)
        if line is None:
            continue
        if line.currency is not None and currency is not None and line.currency != currency:
            notes.add("statement.currency-mixed", one.line, currency=currency, other=line.currency)
        if line.expected:
            notes.add("mt940.expected", one.line, amount=line.amount)
        details = read_details(one.texts)
        if one.plain:
            _read_plain_lines(one.plain, details)
        entries.append(_entry(len(entries) + 1, line, details, one.line))
    return tuple(entries)


def _entry(position: int, line: Line, details: Details, number: int) -> Entry:
    reference = line.reference
    if line.further or reference is not None or line.extra is not None:
        reference = _with_line(line, details)
    end_to_end = reference_symbols(details.reference, details.symbols) if details.reference else None
    symbols = details.symbols
    return Entry(
        position=position,
        amount=line.amount,
        date=line.date or line.value_date,
        value_date=line.value_date,
        variable_symbol=symbols.get("VS"),
        constant_symbol=symbols.get("KS"),
        specific_symbol=symbols.get("SS"),
        counter_account=details.counter_account,
        counter_name=details.counter_name,
        message=_joined(details.messages),
        description=details.description,
        bank_reference=line.bank_reference or details.bank_reference,
        end_to_end_reference=end_to_end or reference,
        transaction_code=details.code or line.kind,
        reversal=line.reversal or details.reversal,
        original_amount=signed_like(line.amount, details.original_amount),
        original_currency=details.original_currency,
        exchange_rate=details.exchange_rate,
        charges=details.charges,
        line=number,
    )


def _joined(messages: Sequence[str]) -> str | None:
    if not messages:
        return None
    return " ".join(" ".join(messages).split()) or None


def _with_line(line: Line, details: Details) -> str | None:
    """Put what field 61 says into the details; what is left of its reference is returned."""
    reference = reference_symbols(line.reference, details.symbols)
    of_account = reference is not None and is_account(reference)
    if of_account and reference is not None:
        # ASN Bank: the reference is the account of the other side, the line below its name.
        details.counter_account = details.counter_account or counter_account(reference)
        reference = None
    if line.extra and details.counter_name is None:
        details.counter_name = " ".join(line.extra.split())
    if line.further:
        reference = _with_further(line.further, of_account, reference, details)
    return reference


def _with_further(text: str, of_account: bool, reference: str | None, details: Details) -> str | None:
    """Put the lines below a field 61 into the details: key words, an account, a long reference, or a description."""
    from efimport.formats.mt940.keywords import further_key_words

    compact = " ".join(text.split())
    if text.startswith("/") and further_key_words(text, details):
        return reference
    if is_account(compact):
        details.counter_account = details.counter_account or counter_account(compact)
    elif of_account and details.counter_name is None:
        details.counter_name = compact
    elif _LONG_NUMBER.fullmatch(compact):
        # UBS and PostFinance: the reference is longer than the field has room for.
        return compact
    elif details.description is None:
        details.description = compact
    elif compact != details.description:
        details.messages.append(compact)
    return reference


def _read_plain_lines(lines: Sequence[str], details: Details) -> None:
    """Lines of a field NS: 01 to 14 purpose, 15 and 16 name, 17 kind, 33 and 34 bank and account (STARTUMS files)."""
    found: dict[str, list[str]] = {}
    for line in lines:
        match = _PLAIN_LINE.match(line.strip())
        if match is not None:
            key = match.group(1)
            group = "message" if "01" <= key <= "14" else "name" if key in ("15", "16") else key
            found.setdefault(group, []).append(match.group(2).strip())
    details.messages.extend(found.get("message", ()))
    details.counter_name = details.counter_name or "".join(found.get("name", ())) or None
    details.description = details.description or "".join(found.get("17", ())) or None
    details.reversal = details.reversal or is_reversal(details.description)
    account = counter_account("".join(found.get("34", ())), "".join(found.get("33", ())))
    details.counter_account = details.counter_account or account
