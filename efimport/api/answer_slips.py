"""The slips of the printed answers, and how an answer that has them is read all the same.

Nobody knows how many of them the service really sends. Every mending leaves a cut answer cut: none adds an end that was
not there.
"""

from __future__ import annotations

import re

LONGEST_REFUSAL = 1_000_000
"""Characters of a broken refusal beyond which nobody tries to read it."""

_ENVELOPE = re.compile(r"\s*<response\s+status\s*=\s*[\"']error[\"']\s*>(.*)</response>\s*", re.DOTALL)
_OPENED = re.compile(r"<error\s+description\s*=\s*\"")
_DESCRIPTION = re.compile(r"(.*?)\"?\s*/?>\s*(?:<error\s*/>|</\s*error\s*>|<message|<!--|\Z)", re.DOTALL)
_TAG = re.compile(r"<(?!error\b)\w[^<>]*>")
_VALUE = re.compile(r"\"[^\"]*\"|(?P<name>\s\w+)=\s*(?P<bare>[^\s\"'<>/=]+)(?=[\s/>])")
"""Values of attributes: in quotation marks, or without them, as ``value= 22.220`` and ``value=1000`` are printed."""


def _quoted(value: re.Match[str]) -> str:
    return f'{value["name"]}="{value["bare"]}"' if value["bare"] else value[0]


def without_slips(text: str) -> str:
    """The text with the slips of the printed examples mended."""
    text = text.lstrip("\ufeff \t\r\n")
    # The declaration names the encoding that the bytes had; the text has none any more.
    text = re.sub(r"\A<+\?xml[^>]*\?>\s*", "", text)
    text = re.sub(r"\Aresponse(?=\s+status)", "<response", text)
    if "-->" not in text:
        # The examples open comments after an element and never close them.
        text = re.sub(r"(?<=>)\s*<(?:!--|--|!(?=\s))[^\n]*", "", text)
    text = re.sub(r"<(/?)\s+(?=\w+>)", r"<\1", text)
    # "receivedAdvanceInvoiceRef", through which a replacement of "invoice" by "credit note" went.
    text = re.sub(r"(</?)receivedAdvancecredit noteRef>", r"\1receivedAdvanceInvoiceRef>", text)
    # <businessYear>2016/businessYear> and <documentDate>2026-01-31<documentDate>
    text = re.sub(r"<(\w+)>([^<>/]+)(?:/|<)\1>", r"<\1>\2</\1>", text)
    # An element that holds only a text and is closed under another name.
    text = re.sub(r"<(\w+)>([^<>]*)</\w+>", r"<\1>\2</\1>", text)
    text = _TAG.sub(lambda tag: _VALUE.sub(_quoted, tag[0]), text)
    return re.sub(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)", "&amp;", text)


def descriptions_of_broken(text: str) -> list[str] | None:
    """The descriptions of a refusal that hold what XML does not allow there: ``Property <number> is required.``.

    The whole answer must be there and say that it is an error; no answer that says ok is read in this way.

    Returns:
        the descriptions, word for word; none where no error could be read; None where it is not a whole refusal.
    """
    if len(text) > LONGEST_REFUSAL:
        return None
    # Runs of blanks cost time in the square of their length and say nothing.
    envelope = _ENVELOPE.fullmatch(re.sub(r"\s{50,}", " ", text))
    if not envelope:
        return None
    found = (_DESCRIPTION.match(piece) for piece in _OPENED.split(envelope[1])[1:])
    return [_unescaped(match[1]) for match in found if match]


def _unescaped(text: str) -> str:
    for name, character in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("apos", "'"), ("amp", "&")):
        text = text.replace(f"&{name};", character)
    return text
