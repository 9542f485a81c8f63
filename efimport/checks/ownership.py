"""Whose document it is: our organization stands on the right side of it."""

from __future__ import annotations

from collections.abc import Iterator

from efimport.checks.context import Context, place
from efimport.documents import ISSUED_KINDS, Invoice, Kind, Party
from efimport.findings import Finding, finding
from efimport.formats.reading import Own


def belongs_to_us(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """The file was made for us, and we are the supplier of what was issued or the customer of what was received."""
    own = context.own
    if not own.registration_number and not own.vat_id:
        return
    made_for = invoice.own_registration_number
    if made_for and own.registration_number and _digits(made_for) != _digits(own.registration_number):
        yield finding("invoice.wrong-organization", place(invoice), found=made_for, own=own.registration_number)
        return
    side = invoice.supplier if invoice.kind in ISSUED_KINDS else invoice.customer
    if invoice.kind is Kind.TAX_DOCUMENT_ON_PAYMENT and is_ours(own, invoice.supplier):
        return
    if side is not None and _names_somebody(side) and not is_ours(own, side):
        yield finding(
            "invoice.not-addressed-to-us",
            place(invoice),
            supplier=_shown(invoice.supplier),
            customer=_shown(invoice.customer),
            own=own.registration_number or own.vat_id,
        )


def is_ours(own: Own, party: Party | None) -> bool:
    """Whether the party is our organization, by its registration number or its VAT number."""
    if party is None:
        return False
    same_number = own.registration_number and _digits(party.registration_number) == _digits(own.registration_number)
    same_vat = own.vat_id and (party.vat_id or "").upper().replace(" ", "") == own.vat_id.upper().replace(" ", "")
    return bool(same_number or same_vat)


def _names_somebody(party: Party) -> bool:
    return bool(_digits(party.registration_number) or party.vat_id)


def _digits(number: str | None) -> str:
    return (number or "").replace(" ", "").lstrip("0")


def _shown(party: Party | None) -> str:
    if party is None:
        return "-"
    return " ".join(part for part in (party.name, party.registration_number or party.vat_id) if part) or "-"
