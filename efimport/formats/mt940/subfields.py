"""Field 86 in subfields: ``166?00GUTSCHRIFT?20SVWZ+Rechnung 1?31DE...?32Name``.

The frame is the one of the Deutsche Kreditwirtschaft (DFÜ-Abkommen, annex 3, chapter 8): 00 is the kind, 20 to 29 and
60 to 63 the purpose with SEPA key words, 30 the bank, 31 the account, 32 and 33 the name. Fio banka (API documentation,
MT940) gives 20 to 29 meanings by the code before them: 010 domestic, 020 foreign, 030 other; Tatra banka and ČSOB put
the symbols with their labels into 20 to 22. Subfields are cut at 27 or 65 signs wherever that falls, so they are joined
without a blank; but a label at the beginning of one names a symbol, so they are looked at one by one first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from efimport.formats.mt940.accounts import account_in_text, counter_account, is_account
from efimport.formats.mt940.said import Details, is_reversal
from efimport.formats.mt940.symbols import CUT_WIDTH, labelled_in, leading_symbols, padded_symbols, whole_subfield
from efimport.formats.mt940.values import amount

_KEYS = frozenset({"00", "10", *(str(key) for key in (*range(20, 39), *range(60, 80)))})
_SEPA_KEY = re.compile(
    r"(?<![A-Z])(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|PURP|IBAN|BIC|RREF|BREF|RTRN|SQTP)\+\s?"
)
_ENDS_WITH_A_NUMBER = re.compile(r"(?:MREF|CRED)\+\s?[^\s+]+\s*$")
_MONEY = re.compile(r"\s*([A-Z]{3})?\s*-?([\d.,]{1,40})\s*([A-Z]{3})?\s*", re.ASCII)
_PADDED = re.compile(r"[VKS]S \d{10}", re.ASCII)
_LABELS = ("VS", "SS", "KS")
_NOT_PROVIDED = frozenset({"", "NOTPROVIDED", "NOTPROV", "NONREF"})
FIO_FOREIGN, FIO_OTHER = "020", "030"
PURPOSE = frozenset(str(key) for key in (*range(20, 30), *range(60, 70)))


def split_subfields(mark: str, text: str) -> dict[str, str]:
    """The subfields by their number, in the order of the text.

    A number may be wrapped and have a blank before it; a mark before anything that is no number of a subfield, or the
    number of one that was there before, is text.
    """
    parts = text.replace("\n", "").split(mark)
    found: dict[str, list[str]] = {}
    last = None
    for part in parts[1:]:
        blank = part[:1] == " " and part[:2] not in _KEYS
        key = part[1:3] if blank else part[:2]
        if key in _KEYS and key not in found:
            last = key
            found[key] = [part[3:] if blank else part[2:]]
        elif last is not None:
            found[last].append(part)
    return {key: mark.join(pieces) for key, pieces in found.items()}


def read_subfields(code: str | None, mark: str, text: str) -> Details:
    """What a text of subfields says; ``text`` begins with the mark of the first one."""
    subfields = split_subfields(mark, text)
    kind = _text(subfields.get("00", ""))
    details = Details(code=code, description=kind, reversal=is_reversal(kind))
    if code == FIO_FOREIGN and _is_fio_foreign(subfields):
        _read_fio_foreign(subfields, details)
    else:
        _read_purpose(subfields, details)
    _read_other_side(subfields, details)
    return details


def _text(value: str) -> str | None:
    return " ".join(value.split()) or None


def _is_fio_foreign(subfields: dict[str, str]) -> bool:
    money = _MONEY.fullmatch(subfields.get("22", ""))
    return money is not None and bool(money.group(1) or money.group(3))


def _read_fio_foreign(subfields: dict[str, str], details: Details) -> None:
    """Account, bank, amount before conversion and rate, own label, message (Fio banka, code 020)."""
    details.counter_account = counter_account(subfields.get("20", ""), subfields.get("21", ""))
    details.original_amount, details.original_currency = _money(subfields["22"])
    rate = _money(subfields.get("23", ""))[0]
    details.exchange_rate = rate or None
    for first, last in ((24, 28), (28, 30)):
        joined = _text("".join(subfields.get(str(key), "") for key in range(first, last)))
        if joined:
            details.messages.append(joined)
            labelled_in(joined, details.symbols)


def _money(text: str) -> tuple[Decimal | None, str | None]:
    match = _MONEY.fullmatch(text)
    if match is None:
        return None, None
    return amount(match.group(2)), match.group(1) or match.group(3)


def _read_purpose(subfields: dict[str, str], details: Details) -> None:
    """Symbols at the beginning of subfields, an account in the first, key words of SEPA, and the text."""
    domestic = all(subfields.get(key, "")[:2] in _LABELS for key in ("21", "22", "23"))
    # Fio banka: the own label ends, the message of the payer begins.
    message_key = "28" if domestic else "27" if _is_fio_other(details.code, subfields) else None
    groups: list[list[str]] = [[]]
    for key, value in subfields.items():
        if key not in PURPOSE or not value:
            continue
        if key == "20" and (domestic or is_account(value)):
            details.counter_account = counter_account(value)
            if details.counter_account is None:
                groups += [[value], []]
        elif (
            _may_be_symbol(value, groups[-1])
            and not (domestic and key > "23")
            and whole_subfield(value, details.symbols)
        ):
            continue
        elif not groups[-1] and not domestic and value[:2] in _LABELS:
            groups[-1].append(leading_symbols(value, details.symbols))
        elif key == message_key or (groups[-1] and _ends_a_number(groups[-1][-1], value)):
            groups.append([value])
        else:
            groups[-1].append(value)
    for group in groups:
        if text := "".join(group):
            _read_labels(group, details)
            _read_text(text, details, with_key_words=not domestic)


def _is_fio_other(code: str | None, subfields: dict[str, str]) -> bool:
    """Whether the symbols stand in 20 to 22, as in Fio banka's code 030."""
    return code == FIO_OTHER and tuple(subfields.get(key, "")[:2] for key in ("20", "21", "22")) == _LABELS


def _ends_a_number(value: str, following: str) -> bool:
    """Whether a subfield ends with the number of a mandate or a creditor, and the next one begins a text of its own.

    A number that goes on in the next subfield fills its own to the end.
    """
    is_whole = len(value) < CUT_WIDTH and _ENDS_WITH_A_NUMBER.search(value) is not None
    return is_whole and _SEPA_KEY.match(following) is None


def _read_labels(group: Sequence[str], details: Details) -> None:
    """Symbols in subfields that are not cut, before these are joined with what follows."""
    for value, following in zip(group, [*group[1:], ""], strict=True):
        if len(value) < CUT_WIDTH and not following[:1].isdecimal():
            labelled_in(value, details.symbols)


def _may_be_symbol(value: str, before: list[str]) -> bool:
    """Whether a subfield begins with a label; a label alone behind a text is the end of that text."""
    return value[:2] in _LABELS and (len(value) > len("VS") or not before)


def _read_text(text: str, details: Details, *, with_key_words: bool) -> None:
    if "S " in text and _PADDED.search(text):
        text = padded_symbols(text, details.symbols)
        details.counter_account = details.counter_account or account_in_text(text)
    pieces = _SEPA_KEY.split(text) if with_key_words and "+" in text else [text]
    if pieces[0].strip():
        details.messages.append(pieces[0])
    for key, value in zip(pieces[1::2], pieces[2::2], strict=True):
        _read_sepa(key, value.strip(), details)
    labelled_in(pieces[0], details.symbols)


def _read_sepa(key: str, value: str, details: Details) -> None:
    if key in ("EREF", "KREF") and value.upper().replace(" ", "") not in _NOT_PROVIDED:
        details.reference = details.reference if details.reference and key == "KREF" else value
        labelled_in(value, details.symbols)
    elif key in ("SVWZ", "RTRN"):
        details.messages.append(value)
        labelled_in(value, details.symbols)
    elif key == "BREF":
        details.bank_reference = value or None
    elif key == "OAMT":
        details.original_amount, details.original_currency = _money(value)
    elif key == "COAM":
        details.charges = _money(value)[0]
    elif key == "IBAN" and details.counter_account is None:
        details.counter_account = counter_account(value)
    elif key in ("ABWA", "ABWE") and value:
        details.messages.append(value)


def _read_other_side(subfields: dict[str, str], details: Details) -> None:
    """30 bank, 31 account, 32 and 33 name, 38 IBAN; 31 may hold a name (Tatra banka, kinds DEPOSIT and FEES)."""
    name = _text(subfields.get("32", "") + subfields.get("33", ""))
    bank, iban = subfields.get("30", ""), subfields.get("38", "")
    written = subfields.get("31", "")
    account = counter_account(iban, bank) if iban.strip() else None
    if account is None and (written.strip() or bank.strip()):
        account = counter_account(written, bank)
        if account is None and written.strip("0 "):
            name = name or _text(written)
    details.counter_account = account or details.counter_account
    details.counter_name = name
