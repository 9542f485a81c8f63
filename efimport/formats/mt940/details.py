"""Field 86: what the bank says of an entry, in the dialects that banks write.

SWIFT leaves the field free (MT 940, field 86: 6*65x). A text of subfields is told by its first signs: three digits, the
kind of business, and a sign that no digit is, before a number of two digits (Deutsche Kreditwirtschaft, DFÜ-Abkommen,
annex 3, chapter 8; ČSOB, UniCredit, Tatra banka and Fio banka write the same frame with subfields of their own); a text
of key words by ``/KEY/``. Everything else is a plain text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from efimport.formats.mt940.accounts import account_in_text
from efimport.formats.mt940.keywords import read_beneficiary_lines, read_key_words
from efimport.formats.mt940.said import Details, join_lines
from efimport.formats.mt940.subfields import read_subfields
from efimport.formats.mt940.symbols import labelled_in, padded_symbols

_CODED = re.compile(r"\s*(\d{3}|[A-Z]\d{2})([?>~^|+&#*<§$])(?=[\s]?\d\s?\d)", re.ASCII)
_ONLY_SUBFIELDS = re.compile(r"\s*(\?)(?=(?:00|10|2\d|3\d|6\d)\D?)", re.ASCII)
_KEY_WORDS = re.compile(r"/[A-Z]{2,4}/")
_BENEFICIARY_LINES = re.compile(r"/(?:BENM|ORDP)/[^/\n]*\d[^/\n]*\n")
_NAME_OF_KIND = re.compile(r"([A-Z][A-Z0-9]{2})\?(?!\s?\d\d)")


def read_details(texts: Sequence[str]) -> Details:
    """What the fields 86 of one entry say; several of them (a line each) are read as one text."""
    if not texts:
        return Details()
    text = texts[0] if len(texts) == 1 else "\n".join(texts)
    coded = _CODED.match(text)
    if coded is not None or (coded := _ONLY_SUBFIELDS.match(text)):
        code, mark = coded.groups() if coded.lastindex == 2 else (None, coded.group(1))
        return read_subfields(code, mark, text[coded.end() - 1 :])
    if _BENEFICIARY_LINES.match(text):
        return read_beneficiary_lines(text)
    if _KEY_WORDS.match(text):
        return read_key_words(text)
    return _plain(text)


def _plain(text: str) -> Details:
    details = Details()
    named = _NAME_OF_KIND.match(text)
    if named is not None:
        # UBS: kind of transaction, the name of the other side on its line, texts below.
        name, _, text = text[named.end() :].partition("\n")
        details.code = named.group(1)
        if text.strip():
            details.counter_name = " ".join(name.split())
        else:
            text = name
    joined = join_lines(text)
    before = details.symbols
    message = padded_symbols(joined, before)
    if before:
        details.counter_account = account_in_text(message)
    labelled_in(message, details.symbols)
    details.messages.append(message)
    return details
