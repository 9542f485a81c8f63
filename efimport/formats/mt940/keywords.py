"""Field 86 in key words: ``/EREF/1//CNTP/NL20INGB0001234567/INGBNL2A/Name///REMI/USTD//text/``.

The key words are those of Dutch banks (ING, Format Description MT940; Rabobank, MT940 Structured) and of SWIFT's own
list for field 86 (``/BENM/``, ``/ORDP/``, ``/REMI/``, ``/OCMT/``, ``/CHGS/``, ``/EXCH/``).
"""

from __future__ import annotations

import re

from efimport.formats.mt940.accounts import counter_account, is_account
from efimport.formats.mt940.said import Details, join_lines
from efimport.formats.mt940.symbols import labelled_in
from efimport.formats.mt940.values import amount

_KEYS = (
    "EREF|CNTP|REMI|TRTP|IBAN|NAME|BENM|ORDP|PREF|MARF|CSID|PURP|ULTC|ULTD|RTRN|OCMT|CHGS|CHGT|EXCH|ISDT|SVCL|ADDR|"
    "BIC|ID|TRCD|ACCW|BUSP|INIT|NRTX|VS|KS|SS"
)
_SPLIT = re.compile(rf"/({_KEYS})/")
_MONEY = re.compile(r"([A-Z]{3})?([\d.,]{1,40})")
_SYMBOLS = frozenset({"VS", "KS", "SS"})
_CODES_OF_TEXT = re.compile(r"^(?:USTD|STRD(?:/[A-Z]+)?)//?")
_NOT_PROVIDED = frozenset({"", "NOTPROVIDED", "NOTPROV", "NONREF"})
_KIND_LINE = re.compile(r"/[\d,\sm]+//(\S*)")


def read_key_words(text: str) -> Details:
    """What a text of key words says."""
    pieces = _SPLIT.split(text.replace("\n", ""))
    details = Details()
    if pieces[0].strip(" /"):
        details.messages.append(pieces[0].strip(" /"))
    put_key_words(pieces, details)
    return details


def put_key_words(pieces: list[str], details: Details) -> None:
    """Put keys and values, in turns from the second piece on, into the details."""
    account, bank = "", ""
    for key, raw in zip(pieces[1::2], pieces[2::2], strict=True):
        value = raw.strip(" /")
        if not value:
            continue
        if key == "CNTP":
            _counter_party(raw, details)
        elif key == "IBAN" or (key in ("BENM", "ORDP") and is_account(value)):
            account = value
        elif key == "BIC":
            bank = value
        elif key in ("NAME", "BENM", "ORDP"):
            details.counter_name = details.counter_name or " ".join(value.split())
        elif key in _SYMBOLS:
            labelled_in(f"/{key}/{value}", details.symbols)
        else:
            _put(key, value, details)
    if account or bank:
        details.counter_account = counter_account(account, bank) or details.counter_account


def further_key_words(text: str, details: Details) -> bool:
    """Whether the lines below a field 61 are key words; they are put into the details."""
    pieces = _SPLIT.split(text.replace("\n", ""))
    if len(pieces) < 3 or pieces[0].strip():
        return False
    put_key_words(pieces, details)
    return True


def _counter_party(raw: str, details: Details) -> None:
    """``IBAN/BIC/name/city`` (ING)."""
    account, bank, name, *_ = (*raw.split("/"), "", "", "")
    details.counter_account = counter_account(account, bank)
    details.counter_name = " ".join(name.split()) or None


def _put(key: str, value: str, details: Details) -> None:
    if key == "EREF":
        if value.upper().replace(" ", "") not in _NOT_PROVIDED:
            details.reference = value
            labelled_in(value, details.symbols)
    elif key == "REMI":
        message = _CODES_OF_TEXT.sub("", value)
        details.messages.append(message)
        labelled_in(f" {message}", details.symbols)
    elif key == "TRTP":
        details.description = value
    elif key == "TRCD":
        details.code = value
    elif key in ("OCMT", "CHGS", "CHGT", "EXCH"):
        _put_money(key, value, details)


def _put_money(key: str, value: str, details: Details) -> None:
    written, _, text = value.partition("/")
    match = _MONEY.fullmatch(written.replace(" ", ""))
    found = amount(match.group(2)) if match else None
    if match is None or found is None:
        details.messages.append(f"/{key}/{value}")
    elif key == "OCMT":
        details.original_amount, details.original_currency = found, match.group(1)
    elif key == "EXCH":
        details.exchange_rate = found or None
    else:
        details.charges = found
    if found is not None and text.strip():
        # HSBC: the amount alone has a key word, and the text below it none.
        details.messages.append(text.strip())


def read_beneficiary_lines(text: str) -> Details:
    """``/BENM/account``, ``/name``, ``/5,6,7,8m//reference`` and texts, a line each (Komercijalna banka Skopje)."""
    first, *lines = text.split("\n")
    details = Details(counter_account=counter_account(first.partition("/")[2].partition("/")[2]))
    if lines and lines[0].startswith("/") and not _KIND_LINE.match(lines[0]):
        details.counter_name = " ".join(lines.pop(0)[1:].split()) or None
    texts = []
    for line in lines:
        kind = _KIND_LINE.match(line)
        if kind is not None and details.reference is None:
            details.reference = kind.group(1) or None
        else:
            texts.append(line.removeprefix("/"))
    message = join_lines("\n".join(texts))
    details.messages.append(message)
    labelled_in(message, details.symbols)
    return details
