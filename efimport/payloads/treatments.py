"""How each line of an outgoing document is entered into the VAT return: ``vatTransactionType``.

The table ``vat-transactions.toml`` maps the codes of the world that the document comes from; what it does not map is
refused with the line that is to be added, because a guess would enter a VAT return or an EC sales list.

Source: web service reference, SalesInvoiceCreate, Items: default 0, the taxable supply at home; types with VAT of
another country are set for the whole document.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from efimport.documents import Invoice, Line
from efimport.messages import message
from efimport.payloads.outgoing import Outgoing, mapped

FILE = "vat-transactions"
ELEMENT = "vatTransactionType"
TAXABLE, REVERSE_CHARGE, FOREIGN_VAT = "taxable", "reverse-charge", "oss"
ZERO_EU, ZERO_ABROAD = "zero-eu", "zero-outside-eu"


def treatment(writing: Outgoing, line: Line, rate: Decimal | None) -> str | None:
    """The code of a line; None where no table maps what it says, which is noted.

    Args:
        writing: the document.
        line: the line.
        rate: VAT in percent that is charged on it.
    """
    given = writing.given(line).get(ELEMENT) or writing.given().get(ELEMENT)
    if given:
        return given.strip()
    word = _word(writing, line, rate)
    code = mapped(writing.table(FILE)[writing.site], word)
    if code is None:
        writing.unmapped(_WHAT.get(word, _CLASSIFICATION), word, ELEMENT, file=FILE, table=writing.site)
        return None
    return str(code)


def of_document(writing: Outgoing, codes: Sequence[str]) -> str:
    """The code of the whole document: that of its lines, or the default where they differ.

    A code with VAT of another country is one of the document, whatever other lines say.
    """
    given = writing.given().get(ELEMENT)
    if given:
        return given.strip()
    foreign = foreign_codes(writing)
    different = list(dict.fromkeys(codes))
    if len(different) == 1:
        return different[0]
    default = str(writing.table(FILE)[writing.site][TAXABLE])
    return next((code for code in different if code in foreign), default)


def foreign_codes(writing: Outgoing) -> frozenset[str]:
    """The codes of the site that charge VAT of another country."""
    return frozenset(str(code) for code in writing.table(FILE)["foreign"].get(writing.site, ()))


def vat_country(writing: Outgoing) -> str | None:
    """The country whose VAT is charged, where that is not the site's own; several of them are noted."""
    lines = writing.document.lines
    countries = {country.upper() for one in (writing.document, *lines) if (country := one.vat_country)}
    countries.discard(writing.site)
    if len(countries) > 1:
        writing.note("payload.several-vat-countries", countries=", ".join(sorted(countries)))
    return min(countries, default=None)


def _word(writing: Outgoing, line: Line, rate: Decimal | None) -> str:
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
    FOREIGN_VAT: message("VAT of another country, and nothing says whether for goods or services"),
    ZERO_EU: message("0 % VAT without a reason, customer in another country of the EU"),
    ZERO_ABROAD: message("0 % VAT without a reason, customer outside the EU"),
}
