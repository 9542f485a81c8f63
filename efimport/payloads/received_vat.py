"""How a line of a received document enters the VAT return: its inputVatTransactionType.

Source: web service reference, ReceivedInvoiceCreate, Items; the codes are data (``mappings/codes/input-vat.toml``).
What depends on what was bought (goods or services from abroad, fixed assets) is asked for and never guessed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from efimport.documents import Line, Party
from efimport.messages import message
from efimport.payloads.bookings import Booking
from efimport.payloads.outgoing import mapped
from efimport.payloads.suppliers import numbers_of, of_supplier, shown

FILE = "input-vat"
ELEMENT = "inputVatTransactionType"
COUNTRY_LETTERS = 2


class Treatment(msgspec.Struct, frozen=True):
    """The treatment of the VAT of a line.

    Attributes:
        code: inputVatTransactionType.
        outside: whether it stays outside the VAT return.
        reverse_charge: whether it stands for domestic reverse charge.
        charged: whether the supplier charges the VAT; else the customer works it out.
    """

    code: int
    outside: bool
    reverse_charge: bool
    charged: bool


def treatment_of(booking: Booking, line: Line) -> Treatment | None:
    """The treatment of a line; None where it cannot be told, which is noted.

    In this order: the code that the source gives by its name in the service, the VAT classification of the line or the
    document, what the table says of a foreign supplier, reverse charge, an ordinary purchase.
    """
    table: dict[str, Any] = booking.table(FILE)[booking.site]
    code = _code(booking, line, table)
    if code is None:
        return None
    try:
        number = int(code)
    except ValueError:
        number = -1
    if number not in table["codes"]:
        listed = ", ".join(str(one) for one in table["codes"])
        booking.note("received.vat-code", value=code, line=line.position, codes=listed)
        return None
    return Treatment(
        code=number,
        outside=number == table["outside"],
        reverse_charge=number in table["reverse_charge_document"],
        charged=number in table["charged"],
    )


def _code(booking: Booking, line: Line, table: dict[str, Any]) -> str | None:
    given = booking.says(ELEMENT, line)
    if given is not None:
        return given
    classification = line.vat_classification or booking.invoice.vat_classification
    if classification:
        return _classified(booking, line, classification, table)
    if is_foreign_supplier(booking):
        return _of_foreign_supplier(booking, table)
    return _of_line(line, table) if booking.invoice.vat_document else str(table["outside"])


def _of_line(line: Line, table: dict[str, Any]) -> str:
    """A purchase at home: under reverse charge, without VAT (exempt: there is nothing to deduct), or with VAT."""
    if line.reverse_charge:
        return str(table["reverse_charge"])
    return str(table["outside" if line.vat_rate == 0 else "taxable"])


def _classified(booking: Booking, line: Line, classification: str, table: dict[str, Any]) -> str | None:
    code = mapped(table["classification"], classification)
    if code is None:
        what = message("VAT classification of line {line}", line=line.position)
        booking.unmapped(what, classification, ELEMENT, file=FILE, table=f"{booking.site}.classification")
        return None
    return _of_line(line, table) if code == table["taxable"] else str(code)


def _of_foreign_supplier(booking: Booking, table: dict[str, Any]) -> str | None:
    """What is bought from a supplier abroad: goods and services have different codes, and no document says which."""
    supplier = booking.invoice.supplier
    known = {str(number): str(value) for number, value in table.get("suppliers", {}).items()}
    code = of_supplier(known, supplier)
    if code is None:
        number = _abroad_first(supplier) or shown(supplier)
        what = message("purchase from the foreign supplier {name}", name=shown(supplier))
        booking.unmapped(what, number, ELEMENT, file=FILE, table=f"{booking.site}.suppliers")
    return code


def _abroad_first(supplier: Party | None) -> str | None:
    """The number under which a foreign supplier is best named: its VAT number, which no other has."""
    if supplier is None:
        return None
    return supplier.vat_id or next(numbers_of(supplier), None)


def is_foreign_supplier(booking: Booking) -> bool:
    """Whether the supplier is of another country than the books, as far as the document tells."""
    supplier = booking.invoice.supplier
    if supplier is None:
        return False
    prefix = (supplier.vat_id or "").strip()[:2].upper()
    country = prefix if prefix.isalpha() else (supplier.address.country or "").strip().upper()
    return len(country) == COUNTRY_LETTERS and country != booking.site


def deducted(booking: Booking, treatment: Treatment) -> Decimal | None:
    """How much of the VAT is deducted, in percent; None where nothing is."""
    percent = booking.settings.deduction_percent
    return None if treatment.outside or not percent else percent
