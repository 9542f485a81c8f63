"""Country and home currency of the books that a document comes from; the file names neither.

A Slovak unit writes euro amounts into the same element as a Czech one writes crowns. What only one country's version
of the program writes decides; then the site of our own books; then the VAT rates that the amounts show.
Source: POHODA XML, invoice.xsd (classificationKVDPH and numberKVDPH: Slovak version only; dateKHDPH and numberKHDPH:
Czech version only).
"""

from __future__ import annotations

import datetime as dt

import msgspec

from efimport.formats.pohoda.fields import Block, number
from efimport.formats.pohoda.party import country_code
from efimport.formats.pohoda.rates import bucket_fields, is_historical, shown_rate
from efimport.mappings import home_currencies, rates_in_force

_SLOVAK_FIELDS = ("classificationKVDPH", "numberKVDPH")
_CZECH_FIELDS = ("dateKHDPH", "numberKHDPH")


class Known(msgspec.Struct, frozen=True):
    """What is known besides the document.

    Attributes:
        ico: registration number of the firm that the pack is for or from.
        ours: registration number of our own organization.
        site: site of our own books (CZ, SI, HR); None where unknown.
        codes: folder with the firm's own tables of codes; None for none.
    """

    ico: str | None = None
    ours: str | None = None
    site: str | None = None
    codes: str | None = None


class Home(msgspec.Struct, frozen=True):
    """The books that a document comes from.

    Attributes:
        country: country whose VAT levels the document uses, ISO 3166.
        currency: home currency, ISO 4217.
    """

    country: str
    currency: str


def same_number(one: str | None, other: str | None) -> bool:
    """Whether two registration numbers are the same; zeros in front and spaces mean nothing."""
    first, second = (text.replace(" ", "").lstrip("0") if text else "" for text in (one, other))
    return bool(first) and first == second


def home(header: Block, summary: Block, day: dt.date | None, known: Known, detail: Block | None = None) -> Home:
    """Country and home currency.

    Args:
        header: header of the document.
        summary: home currency of its summary.
        day: day of taxable supply or of issue.
        known: what is known besides the document.
        detail: lines of the document.
    """
    told = _told(header)
    # Rates of another time or country say nothing of the books.
    elsewhere = "MOSS" in header or (detail is not None and _has_other_rates(detail))
    shown = None if elsewhere else _shown(summary, day, known.codes)
    country = told or shown or known.site or "CZ"
    # The rates alone must not turn the crowns of our own books into euro.
    books = told or known.site or shown or "CZ"
    currency = home_currencies().get(books, "CZK")
    if told is None and shown not in (None, known.site or "CZ"):
        header.notes.add("pohoda.rates-of-country", header.element, country=shown, currency=currency)
    return Home(country, currency)


def _has_other_rates(detail: Block) -> bool:
    if detail.element is None:
        return False
    return any(is_historical((level.text or "").strip()) for level in detail.element.iter("{*}rateVAT"))


def _told(header: Block) -> str | None:
    own = header.block("myIdentity").block("address")
    for text in (own.text("icDph"), own.text("dic")):
        if text and text[:2].upper() in home_currencies():
            return text[:2].upper()
    country = country_code(own.reference("country"))
    if country in home_currencies():
        return country
    slovak = any(name in header for name in _SLOVAK_FIELDS)
    czech = any(name in header for name in _CZECH_FIELDS)
    if slovak != czech:
        return "SK" if slovak else "CZ"
    return None


def _shown(summary: Block, day: dt.date | None, folder: str | None) -> str | None:
    """The country whose rates the recapitulation shows, where it is one alone."""
    countries = []
    for country in ("CZ", "SK"):
        rates = rates_in_force(country, day, folder)
        shown = []
        for level in ("high", "low", "third"):
            base, vat, _ = bucket_fields(level)
            stated = number(summary.attribute(vat, "rate"))
            rate = stated or shown_rate(number(summary.text(base)), number(summary.text(vat)), rates.get(level))
            if rate is not None:
                shown.append(rate == rates.get(level))
        if shown and all(shown):
            countries.append(country)
    return countries[0] if len(countries) == 1 else None
