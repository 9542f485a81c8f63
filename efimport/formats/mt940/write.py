"""Statements written as MT940 / MultiCash.

SWIFT, MT 940: fields 20, 25, 28C, 60F, 61, 86 and 62F in this order, lines of at most 65 signs ended by CR LF, messages
of at most 2000, which makes pages with the balances 62M and 60M between them. Field 86 is written in the subfields of
Fio banka's code 010, because Czech programs look there for the symbols: 00 kind, 20 account, 21 VS, 22 SS, 23 KS, from
28 on the message; 30 to 33 hold bank, IBAN and name, as everywhere. Texts are in UTF-8, Fio banka's encoding, because
without their diacritics they would be other texts.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from efimport.accounts import same_account
from efimport.documents import BankAccount, Entry, Statement
from efimport.formats.writing import Lost

LINE_WIDTH = 65
LINES = 6
MESSAGE_BYTES = 2000
_REFERENCE_WIDTH = 16
_SUPPLEMENT_WIDTH = 34
_SUBFIELD_WIDTH = 65
_MESSAGE_KEYS = ("28", "29", "60", "61", "62", "63")
_NAME_KEYS = ("32", "33")
_CODE = "010"
_NATIONAL_BANK_CODE = 4
_YEAR_AND_NUMBER = re.compile(r"(?:19|20)\d\d/\d{2,5}", re.ASCII)
_KIND = "NMSC"
_NO_BREAK_BEFORE = "-: "
_DETAILS_WIDTH = LINES * LINE_WIDTH - 4 - LINES * 2


def write_mt940(statements: Sequence[Statement]) -> bytes:
    """The statements as one MT940 file; :func:`lost` tells what the format cannot hold."""
    messages = [message for statement in statements for message in _messages(statement)]
    return "".join(messages).encode("utf-8", "replace")


_OF_STATEMENT = ("account", "number", "page", "currency", "period_from", "period_to", "date", "opening", "closing")


def lost(statement: Statement) -> tuple[Lost, ...]:
    """What of a statement is not there any more, or is another, once it was written and read again.

    Turnovers and the number of entries are not written; they count as lost only where the entries make others.
    """
    from efimport.formats.mt940.statements import read_statements
    from efimport.formats.reading import Reading
    from efimport.sources import Source

    found = read_statements(Source("written.sta", write_mt940([statement])), Reading())
    again = next(one for one in found if isinstance(one, Statement))
    gone = [_lost(statement, field) for field in _OF_STATEMENT if _differs(statement, again, field)]
    gone += _lost_of_account(statement, again, "account")
    counted = {"credit_turnover": again.credit, "debit_turnover": again.debit, "entry_count": len(again.entries)}
    gone += [_lost(statement, name) for name, made in counted.items() if getattr(statement, name) not in (None, made)]
    fields = [field for field in Entry.__struct_fields__ if field not in ("position", "line")]
    for place, entry in enumerate(statement.entries):
        if place < len(again.entries):
            gone.extend(_lost(entry, field) for field in fields if _differs(entry, again.entries[place], field))
            gone += _lost_of_account(entry, again.entries[place], "counter_account")
        else:
            gone.append(_lost(entry, "amount"))
    return tuple(gone)


def _lost(part: Statement | Entry, field: str) -> Lost:
    return Lost(part.position if isinstance(part, Entry) else None, field, str(getattr(part, field)))


def _lost_of_account(before: Statement | Entry, after: Statement | Entry, field: str) -> list[Lost]:
    """What is lost of an account beside its number."""
    one, other = getattr(before, field) or BankAccount(), getattr(after, field) or BankAccount()
    position = before.position if isinstance(before, Entry) else None
    names = [name for name in ("bic", "bank_name") if getattr(one, name) not in (None, getattr(other, name))]
    return [Lost(position, f"{field}.{name}", getattr(one, name)) for name in names]


def _differs(before: Statement | Entry, after: Statement | Entry, field: str) -> bool:
    one, other = getattr(before, field), getattr(after, field)
    if isinstance(one, BankAccount):
        return one.display is not None and (other is None or not same_account(one, other))
    return one is not None and one != other


def _messages(statement: Statement) -> Iterator[str]:
    """The messages of a statement, a page each."""
    pages = list(_pages(statement))
    opening = statement.opening
    for number, entries in enumerate(pages, 1):
        last = number == len(pages)
        closing = statement.closing if last else (opening or Decimal(0)) + _sum(entries)
        first_tag, last_tag = "60F" if number == 1 else "60M", "62F" if last else "62M"
        lines = [
            *_head(statement, number, alone=len(pages) == 1),
            *_balance(first_tag, opening, statement.period_from or _first_day(statement), statement.currency),
            *(line for entry in entries for line in _entry(entry, statement)),
            *_balance(last_tag, closing, statement.period_to or _last_day(statement), statement.currency),
            "-",
        ]
        yield "".join(line + "\r\n" for line in lines)
        opening = closing


def _pages(statement: Statement) -> Iterator[list[Entry]]:
    """The entries of each page; without an opening balance there is nothing to put between pages."""
    room = (
        MESSAGE_BYTES - sum(len(line) + 2 for line in _head(statement, 99999, alone=False)) - 2 * (LINE_WIDTH // 2) - 3
    )
    page: list[Entry] = []
    used = 0
    for entry in statement.entries:
        size = sum(len(line.encode("utf-8", "replace")) + 2 for line in _entry(entry, statement))
        if page and used + size > room and statement.opening is not None:
            yield page
            page, used = [], 0
        page.append(entry)
        used += size
    yield page


def _sum(entries: Sequence[Entry]) -> Decimal:
    return sum((entry.amount for entry in entries), Decimal(0))


def _head(statement: Statement, page: int, *, alone: bool) -> list[str]:
    number = statement.number if statement.number and statement.number.isdecimal() else "0"
    place = f"{number.zfill(5)}/{page:05d}"
    if alone and statement.number and _YEAR_AND_NUMBER.fullmatch(statement.number):
        # A year and a number take the place of number and page, so that there is no room for a page.
        place = statement.number
    return [
        f":20:{number.zfill(5)[-16:]}",
        f":25:{_own_account(statement.account)}",
        f":28C:{place}",
    ]


def _own_account(account: BankAccount) -> str:
    """Field 25: the IBAN, a Czech or Slovak number with its bank code, else the bank before the number."""
    bank = account.bank_code or account.bic
    foreign = bank is not None and len(bank) != _NATIONAL_BANK_CODE
    if account.iban or not account.number or not foreign:
        return account.display or ""
    return f"{bank}/{account.number}"


def _first_day(statement: Statement) -> dt.date | None:
    days = [entry.date or entry.value_date for entry in statement.entries]
    return min((day for day in days if day), default=statement.date)


def _last_day(statement: Statement) -> dt.date | None:
    return statement.date or max((entry.date for entry in statement.entries if entry.date), default=None)


def _balance(tag: str, amount: Decimal | None, day: dt.date | None, currency: str | None) -> list[str]:
    """A balance as lines: none where it is not known."""
    if amount is None or day is None:
        return []
    return [f":{tag}:{'D' if amount < 0 else 'C'}{day:%y%m%d}{currency or ''}{_amount(amount)}"]


def _amount(amount: Decimal) -> str:
    text = f"{abs(amount):f}"
    return text.replace(".", ",") if "." in text else f"{text},"


def _entry(entry: Entry, statement: Statement) -> Iterator[str]:
    """Fields 61 and 86 of an entry, as lines."""
    value_date = entry.value_date or entry.date or statement.date or statement.period_to
    inward = entry.amount >= 0
    mark = ("RD" if inward else "RC") if entry.reversal else ("C" if inward else "D")
    dates = f"{value_date:%y%m%d}" if value_date else "000000"
    dates += f"{entry.date:%m%d}" if entry.date else ""
    reference = _reference(entry.end_to_end_reference) or "NONREF"
    bank_reference = _reference(entry.bank_reference)
    behind = f"//{bank_reference}" if bank_reference else ""
    yield f":61:{dates}{mark}{_amount(entry.amount)}{_kind(entry)}{reference}{behind}"
    if supplement := _supplement(entry):
        yield supplement
    yield from _wrapped(":86:" + _details(entry))


def _reference(text: str | None) -> str:
    """A reference of at most sixteen signs; nothing where it does not fit, because half of one is a wrong one."""
    clean = _clean(text)
    return "" if len(clean) > _REFERENCE_WIDTH or "//" in clean or clean[:1] == "/" or clean[-1:] == "/" else clean


def _kind(entry: Entry) -> str:
    code = entry.transaction_code or ""
    return code if len(code) == 4 and code.isascii() and code.isalnum() and code[0] in "NFS" else _KIND


def _supplement(entry: Entry) -> str:
    """Amount before conversion, rate and charges, each where there is still room on the line."""
    line = ""
    original = entry.original_amount
    for key, amount, currency in (
        # It is written without a sign, and read with that of the entry.
        ("OCMT", original and abs(original), entry.original_currency or ""),
        ("EXCH", entry.exchange_rate, ""),
        ("CHGS", entry.charges, ""),
    ):
        part = f"/{key}/{currency}{_amount(amount)}" if amount is not None and amount >= 0 else ""
        if len(line) + len(part) + 1 <= _SUPPLEMENT_WIDTH:
            line += part
    return f"{line}/" if line else ""


def _details(entry: Entry) -> str:
    """The subfields of field 86; the message is cut where the six lines of the field end."""
    account = entry.counter_account or BankAccount()
    code = entry.transaction_code or ""
    parts = [code if len(code) == 3 and code.isdecimal() and code.isascii() else _CODE]
    parts.append(f"?00{_clean(entry.description)[:_SUBFIELD_WIDTH]}")
    national = account.number and account.bank_code and len(account.bank_code) == 4
    parts.append(f"?20{account.number}/{account.bank_code}" if national else "?20")
    parts.append(f"?21VS{_symbol(entry.variable_symbol, 10)}")
    parts.append(f"?22SS{_symbol(entry.specific_symbol, 10)}")
    parts.append(f"?23KS{_symbol(entry.constant_symbol, 4)}")
    bank = account.bic or ("" if national else account.bank_code or "")
    written = account.iban or ("" if national else account.number or "")
    other_side = (f"?30{bank}" if bank else "") + (f"?31{written}" if written else "")
    other_side += _cut(_clean(entry.counter_name), _NAME_KEYS)
    text = "".join(parts)
    message = _cut(_clean(entry.message), _MESSAGE_KEYS, _DETAILS_WIDTH - len(text) - len(other_side))
    # The purpose goes on in 60 to 63, behind the name.
    early, later, rest = message.partition("?60")
    return text + early + other_side + later + rest


def _symbol(symbol: str | None, width: int) -> str:
    digits = symbol if symbol and symbol.isdecimal() and symbol.isascii() and len(symbol) <= 10 else ""
    return digits.zfill(width)


def _cut(text: str, keys: Sequence[str], room: int = 10**6) -> str:
    """A text in subfields, as far as they and the room reach."""
    parts = []
    for place, key in enumerate(keys):
        piece = text[place * _SUBFIELD_WIDTH : (place + 1) * _SUBFIELD_WIDTH][: max(room - 3, 0)]
        if piece:
            parts.append(f"?{key}{piece}")
            room -= len(piece) + 3
    return "".join(parts)


def _clean(text: str | None) -> str:
    """The text on one line, without the mark of subfields, which would end it."""
    return " ".join((text or "").replace("?", " ").split()) if text else ""


def _wrapped(text: str) -> Iterator[str]:
    """The text in lines that neither look like the end of a message or a field nor lose a blank at an end."""
    while len(text) > LINE_WIDTH:
        cut = LINE_WIDTH
        while cut > 1 and (text[cut] in _NO_BREAK_BEFORE or text[cut - 1] == " "):
            cut -= 1
        cut = cut if cut > 1 else LINE_WIDTH
        yield text[:cut]
        text = text[cut:]
    yield text
