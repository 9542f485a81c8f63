"""How each line of an outgoing document is entered into the VAT return: ``vatTransactionType``.

The table ``vat-transactions.toml`` maps the codes of the world that the document comes from; what it does not map is
refused with the line that is to be added, because a guess would enter a VAT return or an EC sales list.

Source: web service reference, SalesInvoiceCreate, Items: default 0, the taxable supply at home; types with VAT of
another country are set for the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

import msgspec

from efimport.documents import Invoice, Line
from efimport.messages import message
from efimport.payloads.outgoing import Outgoing, mapped

FILE = "vat-transactions"
ELEMENT = "vatTransactionType"
TAXABLE, REVERSE_CHARGE, FOREIGN_VAT = "taxable", "reverse-charge", "oss"
ZERO_EU, ZERO_ABROAD = "zero-eu", "zero-outside-eu"
ZERO = Decimal(0)


class Treated(msgspec.Struct, frozen=True, kw_only=True):
    """A line with what its VAT comes to.

    Attributes:
        line: the line.
        rate: VAT in percent that the service is to add.
        code: its vatTransactionType.
    """

    line: Line
    rate: Decimal
    code: str


def treated(writing: Outgoing) -> list[Treated]:
    """The lines of a document; those whose treatment or rate nothing tells are noted and left out."""
    found = (_treated(writing, line) for line in writing.document.lines)
    return [one for one in found if one is not None]


def _treated(writing: Outgoing, line: Line) -> Treated | None:
    rate = _rate(writing, line)
    if rate is None:
        writing.note("invoice.vat-rate-unknown", line=line.position)
        return None
    code = _treatment(writing, line, rate)
    return None if code is None else Treated(line=line, rate=_charged(writing, line, rate, code), code=code)


def _rate(writing: Outgoing, line: Line) -> Decimal | None:
    """VAT in percent as the document says it: none where the customer pays it, or where nobody is registered for it."""
    given = writing.given(line).get("vatPercentage", "").strip().replace(",", ".")
    if re.fullmatch(r"\d+(\.\d+)?", given, re.ASCII):
        return Decimal(given)
    document = writing.document
    untaxed = isinstance(document, Invoice) and not document.vat_document
    if line.reverse_charge or (line.vat_rate is None and untaxed):
        return ZERO
    return line.vat_rate


def _charged(writing: Outgoing, line: Line, rate: Decimal, code: str) -> Decimal:
    """The rate that is charged: none on a supply without VAT, where programs may state the rate that it would have."""
    if not rate or code not in _codes(writing, "without_vat"):
        return rate
    if line.vat == 0:
        return ZERO
    writing.note("code.vat-charged", line=line.position, rate=rate, treatment=code)
    return rate


def _treatment(writing: Outgoing, line: Line, rate: Decimal) -> str | None:
    """The code of a line; None where no table maps what it says, which is noted."""
    given = writing.given(line).get(ELEMENT) or writing.given().get(ELEMENT)
    if given:
        return given.strip()
    word = _word(writing, line, rate)
    code = mapped(writing.table(FILE)[writing.site], word)
    if code is None:
        writing.unmapped(_WHAT.get(word, _CLASSIFICATION), word, ELEMENT, file=FILE, table=writing.site)
        return None
    return str(code)


def of_document(writing: Outgoing, lines: Iterable[Treated]) -> str:
    """The code of the whole document: that of its lines, or the default where they differ.

    A code with VAT of another country is one of the document, whatever other lines say.
    """
    given = writing.given().get(ELEMENT)
    if given:
        return given.strip()
    different = list(dict.fromkeys(one.code for one in lines))
    if len(different) == 1:
        return different[0]
    foreign = _codes(writing, "foreign")
    default = str(writing.table(FILE)[writing.site][TAXABLE])
    return next((code for code in different if code in foreign), default)


def _codes(writing: Outgoing, table: str) -> frozenset[str]:
    """The codes of the site that a table of the file lists."""
    return frozenset(str(code) for code in writing.table(FILE)[table].get(writing.site, ()))


def vat_country(writing: Outgoing, lines: Iterable[Treated]) -> str | None:
    """The country whose VAT is charged, where that is not the site's own; several of them are noted.

    Sales that are told through the one-stop shop name it even where it is the site's own.
    """
    stated = {country.upper() for one in (writing.document, *writing.document.lines) if (country := one.vat_country)}
    others = stated - {writing.site}
    if len(others) > 1:
        writing.note("payload.several-vat-countries", countries=", ".join(sorted(others)))
    foreign = _codes(writing, "foreign")
    told = stated if any(one.code in foreign for one in lines) else set()
    return min(others or told, default=None)


def _word(writing: Outgoing, line: Line, rate: Decimal) -> str:
    """The treatment in a word: the line's own facts before those of the document."""
    if line.reverse_charge:
        return REVERSE_CHARGE
    stated = line.vat_classification or writing.document.vat_classification
    if stated:
        return stated
    country = line.vat_country or writing.document.vat_country
    if country and country.upper() != writing.site:
        return FOREIGN_VAT
    if rate == 0 and _owes_a_reason(writing, line):
        return _zero(writing, line)
    return TAXABLE


def _owes_a_reason(writing: Outgoing, line: Line) -> bool:
    """Whether a rate of zero needs a reason: on an invoice of a firm that is registered for VAT, with an amount.

    An order enters no VAT return, and an advance invoice without VAT has no rate.
    """
    document = writing.document
    has_amount = bool(line.total_without_vat or line.total_with_vat or line.unit_price)
    return isinstance(document, Invoice) and document.vat_document and has_amount


def _zero(writing: Outgoing, line: Line) -> str:
    country = _country(writing)
    if country is None or country == writing.site:
        writing.note("code.zero-rate", line=line.position)
        return TAXABLE
    return ZERO_EU if country in writing.table(FILE)["eu"]["countries"] else ZERO_ABROAD


def _country(writing: Outgoing) -> str | None:
    """The country of the customer: of its seat, else of its VAT number."""
    customer = writing.customer
    if customer is None:
        return None
    country = customer.address.country or (customer.vat_id or "")[:2]
    return country.upper() if len(country) == 2 and country.isalpha() else None


_CLASSIFICATION = message("VAT classification")
_WHAT = {
    FOREIGN_VAT: message("VAT of another country, and no VAT classification that says whether for goods or services"),
    ZERO_EU: message("0 % VAT and no VAT classification that says why, customer in another country of the EU"),
    ZERO_ABROAD: message("0 % VAT and no VAT classification that says why, customer outside the EU"),
}
