"""How the numbers of an XLSX workbook are shown, and which of its cells hold an error.

Source: ECMA-376, part 1, 18.3.1.4 (c), 18.8.30 (numFmt), 18.8.45 (xf), 18.18.11 (ST_CellType).
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Context, InvalidOperation

from efimport.formats.tables.beside import Beside, Place
from efimport.sources import Limits

NOT_COMPUTED = "#CALC!"
"""Stands for a formula whose result is not in the file."""

DIGITS = 15
"""Significant digits that a workbook holds and shows."""

_BUILT_IN_PERCENT = {9, 10}
_SHEET = re.compile(r'<(?:\w+:)?sheet\s[^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"')
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_FORMATS = re.compile(r"<(?:\w+:)?numFmt\s[^>]*>")
_CELL_STYLES = re.compile(r"<(?:\w+:)?cellXfs[^>]*>(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(r"<(?:\w+:)?xf\s[^>]*")
_ZEROS = re.compile(r'0(?:0|\\.|"[^"]*"|[ /-])*')
_LITERAL = re.compile(r'\\(.)|"([^"]*)"|([0 /-])')
_FORMULA = rb"(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)"
_NUMBER = rb'<c r="([A-Z]{1,3})(\d{1,7})" s="(%b)"(?: t="n")?>' + _FORMULA + rb"?<v>([^<]+)</v>"
_FAULTY = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"(?:[^>]*?\st="e"[^>]*>' + _FORMULA + rb"?<v>([^<]*)</v>"
    rb'|(?![^>]*\st="str")[^>]*>\s*' + _FORMULA + rb"\s*(?:<v\s*/>|<v></v>)?\s*</c>)"
)


def sheets(archive: zipfile.ZipFile, limits: Limits) -> Iterator[tuple[str, Beside]]:
    """What is known of each sheet besides its values.

    Raises:
        KeyError: a part of the workbook is missing.
    """
    files = {info.filename: info for info in archive.infolist()}
    styles = _styles(_text(archive, "xl/styles.xml")) if "xl/styles.xml" in files else {}
    relations = dict(_relations(_text(archive, "xl/_rels/workbook.xml.rels")))
    for name, relation in _SHEET.findall(_text(archive, "xl/workbook.xml")):
        path = relations.get(relation, "")
        if path in files and files[path].file_size <= limits.archive_bytes:
            yield html.unescape(name), _beside(archive.read(path), styles)


def _text(archive: zipfile.ZipFile, name: str) -> str:
    return archive.read(name).decode("utf-8", "replace")


def _relations(text: str) -> Iterator[tuple[str, str]]:
    for relation in _RELATION.findall(text):
        attributes = dict(_ATTRIBUTE.findall(relation))
        target = html.unescape(attributes.get("Target", ""))
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        yield attributes.get("Id", ""), path


def _styles(text: str) -> dict[int, str]:
    """The formats that show more than the number, by the number of the style: ``%`` or a pattern of zeros."""
    patterns: dict[int, str] = dict.fromkeys(_BUILT_IN_PERCENT, "%")
    for found in _FORMATS.findall(text):
        attributes = dict(_ATTRIBUTE.findall(found))
        pattern = _pattern(html.unescape(attributes.get("formatCode", "")))
        if pattern is not None:
            patterns[int(attributes["numFmtId"])] = pattern
    styles = _CELL_STYLES.search(text)
    found = _STYLE.findall(styles[1]) if styles is not None else []
    ids = (int(dict(_ATTRIBUTE.findall(style)).get("numFmtId", "0")) for style in found)
    return {index: patterns[number] for index, number in enumerate(ids) if number in patterns}


def _pattern(code: str) -> str | None:
    first = code.partition(";")[0].strip()
    if first.count("0") > 1 and _ZEROS.fullmatch(first):
        return first
    return "%" if "%" in re.sub(r'"[^"]*"|\\.', "", first) else None


def _beside(xml: bytes, styles: Mapping[int, str]) -> Beside:
    shown: dict[Place, str] = {}
    if styles:
        wanted = b"|".join(str(index).encode() for index in styles)
        for letters, row, style, value in re.findall(_NUMBER % wanted, xml):
            text = _shown(value.decode("ascii", "replace"), styles[int(style)])
            if text is not None:
                shown[int(row), _column(letters)] = text
    faulty = {
        (int(row), _column(letters)): html.unescape(value.decode("utf-8", "replace")) or NOT_COMPUTED
        for letters, row, value in (_FAULTY.findall(xml) if b't="e"' in xml or b"<f" in xml else ())
    }
    return Beside(shown, faulty)


def _shown(value: str, pattern: str) -> str | None:
    """The number as its pattern shows it; None where that is the number itself."""
    try:
        number = Context(prec=DIGITS).create_decimal(value.strip())
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    if pattern == "%":
        return f"{(number * 100).normalize():f} %"
    if number < 0 or number != number.to_integral_value():
        return None
    return _with_zeros(format(number.to_integral_value(), "f"), pattern)


def _with_zeros(digits: str, pattern: str) -> str:
    """Digits put into a pattern of zeros, from the right: one with a blank in it makes ``110 00`` of 11000."""
    zeros = sum(1 for _, _, sign in _LITERAL.findall(pattern) if sign == "0")
    rest = list(digits.zfill(zeros))
    text = ""
    for escaped, quoted, sign in reversed(_LITERAL.findall(pattern)):
        text = (rest.pop() if sign == "0" else escaped or quoted or sign) + text
    return "".join(rest) + text


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
