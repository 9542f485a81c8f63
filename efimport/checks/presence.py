"""What every document needs, whatever its format: a partner, a currency that exists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from efimport.checks.context import Context, place
from efimport.documents import Invoice
from efimport.findings import Finding, finding

CURRENCY = re.compile("[A-Z]{3}")


def has_a_partner(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """The other party is named, by a number or by its code in the address book at least."""
    partner = invoice.partner
    if partner is not None and (partner.reference_only or partner.name or partner.contact):
        return
    if partner is None or not (partner.registration_number or partner.vat_id or partner.code or partner.service_id):
        yield finding("invoice.no-partner", place(invoice))


def has_a_currency_code(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """A currency is an ISO 4217 code of three capital letters."""
    currency = invoice.currency
    if currency is None or CURRENCY.fullmatch(currency):
        return
    yield finding("invoice.currency-unknown", place(invoice), currency=currency)
