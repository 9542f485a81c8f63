"""Looks into the data of a bank statement: are they of the declared type, whole, one statement, of the right account?

Strict on purpose: the real service imports what it understands and says "Error importing data!" to the rest, so a
client that cuts a file badly has to be found out here.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date

from lxml import etree

from efimport.sandbox.accounts import abo_readings, account_key
from efimport.sandbox.reading import children, find, local_name, namespace, read_xml, text_of

_ABO_LINE = 128
_ABO_EXTENDED = 1135
_ABO_RECORDS = ("074", "075", "076", "078", "079")
_ABO_HEADER = re.compile(r"074\d{16}.{20}\d{6}\d{14}[+-]\d{14}[+-]\d{14}.\d{14}.\d{3}\d{6}.{14}")
_CAMT = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d{2}")
_MT940_FIELDS = (":20:", ":25:", ":28C:", ":60F:", ":62F:")
_EXCEL_SERIAL = re.compile(r"<v>(\d{5})(?:\.\d+)?</v>")
_DATE_PATTERNS = {
    "DD.MM.YYYY": r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})",
    "DD.MM.YYYY.": r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})\.",
    "DD/MM/YYYY": r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})",
    "MM/DD/YYYY": r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})",
    "YYYY-MM-DD": r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
    "YYYY.MM.DD": r"(?P<y>\d{4})\.(?P<m>\d{1,2})\.(?P<d>\d{1,2})",
    "YYYY.MM.DD.": r"(?P<y>\d{4})\.(?P<m>\d{1,2})\.(?P<d>\d{1,2})\.",
}


_PAYPAL_DATE = "MM/DD/YYYY"
_PAYPAL_DATES = frozenset({_PAYPAL_DATE, "DD/MM/YYYY"})


def fits(kind: str, content: bytes, *, account: str, date_format: str) -> bool:
    """Whether the bytes are one statement of that type and account.

    Args:
        kind: value of the parameter ``type``.
        content: the decoded statementData.
        account: IBAN or national number of the call; empty for types without one.
        date_format: value of dateFormat, for spreadsheets and PayPal.
    """
    checks: dict[str, Callable[[], bool]] = {
        "CbaXml": lambda: is_camt(content, account),
        "IsoSepaXml": lambda: is_camt(content, account),
        "AboGpc": lambda: is_abo(content, account),
        "SwiftMulticashSta": lambda: is_mt940(content, account),
        "PayPalCsv": lambda: is_paypal(content, date_format),
        "eurofakturaSpreadsheet": lambda: is_spreadsheet(content, date_format),
    }
    return checks[kind]() if kind in checks else bool(content)


def is_camt(content: bytes, account: str) -> bool:
    """One Stmt of camt.053 with its balances, of that account (ISO 20022 camt.053.001, element Stmt)."""
    root = read_xml(content)
    if root is None or local_name(root) != "Document" or not _CAMT.fullmatch(namespace(root)):
        return False
    report = find(root, "BkToCstmrStmt")
    statements = children(report, "Stmt") if report is not None else []
    if len(statements) != 1 or not children(statements[0], "Bal"):
        return False
    return account_key(camt_account(statements[0])) == account_key(account) if account else True


def camt_account(statement: etree._Element) -> str:
    """IBAN of a Stmt, else its national number with the bank's code."""
    account = find(statement, "Acct")
    iban = text_of(account, "Id", "IBAN")
    if iban:
        return iban
    number = text_of(account, "Id", "Othr", "Id")
    bank = text_of(account, "Svcr", "FinInstnId", "Othr", "Id")
    return f"{number}/{bank}" if bank and "/" not in number else number


def is_abo(content: bytes, account: str) -> bool:
    """One 074 block of full lines in Windows-1250 (Komerční banka, Popis formátu ABO, 1.2 and 2.2)."""
    try:
        lines = content.decode("windows-1250").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError:
        return False
    if lines and not lines[-1]:
        lines.pop()
    if not lines or not _ABO_HEADER.fullmatch(lines[0]):
        return False
    if any(not _is_abo_line(line) or line.startswith("074") for line in lines[1:]):
        return False
    own = {line[3:19] for line in lines if line.startswith(("074", "075"))}
    return len(own) == 1 and _is_abo_account(own.pop(), account)


def _is_abo_line(line: str) -> bool:
    length = {_ABO_LINE, _ABO_EXTENDED} if line.startswith("075") else {_ABO_LINE}
    return line.startswith(_ABO_RECORDS) and len(line) in length


def _is_abo_account(digits: str, account: str) -> bool:
    iban = account_key(account)
    return digits.isdecimal() and iban.startswith("CZ") and iban[8:] in abo_readings(digits)


def is_mt940(content: bytes, account: str) -> bool:
    """One statement of MT940 with its opening and closing balance, of that account (SWIFT MT940, fields 20 to 62F)."""
    try:
        message = content.decode("utf-8")
    except UnicodeDecodeError:
        message = content.decode("windows-1250", errors="replace")
    lines = message.replace("\r\n", "\n").split("\n")
    counts = {field: sum(line.startswith(field) for line in lines) for field in _MT940_FIELDS}
    if counts.pop(":28C:") + sum(line.startswith(":28:") for line in lines) != 1:
        return False
    if any(count != 1 for count in counts.values()):
        return False
    field = next(line for line in lines if line.startswith(":25:"))
    return _is_mt940_account(re.sub(r"\s", "", field[4:]).upper(), account_key(account))


def _is_mt940_account(field: str, iban: str) -> bool:
    if iban in field:
        return True
    digits = field.removesuffix("CZK").removesuffix("EUR").rpartition("/")[2]
    if account_key(field) == iban:
        return True
    bare = re.sub(r"\D", "", digits).lstrip("0")
    return bool(bare) and iban[8:].lstrip("0") == bare


def is_paypal(content: bytes, date_format: str = "") -> bool:
    """A header and rows with a date and a currency (PayPal activity download).

    The dates of all rows are in the declared form, ``MM/DD/YYYY`` where none is declared (reference of the site SI).
    """
    try:
        rows = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    first = rows.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    table = [row for row in csv.reader(io.StringIO(rows, newline=""), delimiter=delimiter) if row]
    if len(table) < 2 or len(table[0]) < 8 or any(cell.strip().isdecimal() for cell in table[0]):
        return False
    form = date_format or _PAYPAL_DATE
    return form in _PAYPAL_DATES and all(_is_paypal_row(row, form) for row in table[1:])


def _is_paypal_row(row: list[str], date_format: str) -> bool:
    has_currency = any(re.fullmatch(r"[A-Z]{3}", cell.strip()) for cell in row)
    return has_currency and any(_has_date(cell, date_format) for cell in row if len(cell.strip()) == len(date_format))


def is_spreadsheet(content: bytes, date_format: str) -> bool:
    """A workbook or CSV in which at least one date has the declared form; its layout is not published."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return True
    if content.startswith(b"PK"):
        texts = _workbook_texts(content)
        return _has_date(texts, date_format) or bool(_EXCEL_SERIAL.search(texts))
    try:
        return _has_date(content.decode("utf-8-sig"), date_format)
    except UnicodeDecodeError:
        return _has_date(content.decode("windows-1250", errors="replace"), date_format)


def _workbook_texts(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [
                name for name in archive.namelist() if re.fullmatch(r"xl/(sharedStrings|worksheets/.+)\.xml", name)
            ]
            return "".join(archive.read(name).decode("utf-8", errors="replace") for name in names)
    except (zipfile.BadZipFile, RuntimeError):
        return ""


def _has_date(texts: str, date_format: str) -> bool:
    for match in re.finditer(rf"(?<![\d.]){_DATE_PATTERNS[date_format]}(?![\d.])", texts):
        try:
            date(int(match["y"]), int(match["m"]), int(match["d"]))
        except ValueError:
            continue
        return True
    return False
