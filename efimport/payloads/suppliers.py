"""The supplier of a received document: by what the books know it, and which settings are about it.

Source: web service reference, ReceivedInvoiceCreate: ``supplierCode``, else ``supplierDocumentID``; the supplier must
be a partner of the books already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from efimport.documents import Partner, Party
from efimport.payloads.partners import partner_code
from efimport.payloads.target import Target


def numbers_of(supplier: Party | None) -> Iterator[str]:
    """The numbers by which the settings may name a supplier: registration number, VAT number, tax number."""
    if supplier is None:
        return
    for number in (supplier.registration_number, supplier.vat_id, supplier.tax_number):
        if number:
            yield plain_number(number)


def plain_number(number: str) -> str:
    """A registration or VAT number without its spaces, in capitals."""
    return "".join(number.split()).upper()


def of_supplier(table: Mapping[str, str], supplier: Party | None) -> str | None:
    """What a table of the settings says of a supplier; None where it says nothing."""
    lines = {plain_number(number): value for number, value in table.items()}
    return next((lines[number] for number in numbers_of(supplier) if number in lines), None)


def supplier_code(supplier: Party | None, codes: Mapping[str, str], *, ours: bool) -> str | None:
    """The code of the supplier in the books.

    What the settings say comes first. A table that was made for the books names the code that its partner has there.
    In an export of another program the code is that program's own, so that the registration number comes before it:
    partners without a code are imported under that number.

    Args:
        supplier: the supplier as the document names it.
        codes: codes in the books, by registration number or VAT number.
        ours: whether the codes of the document are those of the books.
    """
    if supplier is None:
        return None
    number = (supplier.registration_number or "").strip()
    return of_supplier(codes, supplier) or (None if ours else number) or partner_code(supplier)


def codes_of(partners: Iterable[Partner]) -> dict[str, str]:
    """The codes under which partners are imported, by their numbers; none for a number that several of them have."""
    codes: dict[str, set[str]] = defaultdict(set)
    for partner in partners:
        code = partner_code(partner.party)
        for number in numbers_of(partner.party) if code else ():
            codes[number].add(code or "")
    return {number: next(iter(known)) for number, known in codes.items() if len(known) == 1}


def knowing(target: Target, partners: Iterable[Partner]) -> Target:
    """The target that knows the codes of partners of the same run as well; those of the settings come first."""
    stated = target.received.supplier_codes
    told = {plain_number(number) for number in stated}
    added = {number: code for number, code in codes_of(partners).items() if number not in told}
    if not added:
        return target
    received = msgspec.structs.replace(target.received, supplier_codes={**stated, **added})
    return msgspec.structs.replace(target, received=received)


def identity_of(supplier: Party | None) -> str:
    """What tells a supplier from others whatever the settings say; two of them may use the same numbers."""
    if supplier is None:
        return "-"
    known = next(numbers_of(supplier), None)
    return known or supplier.service_id or supplier.code or supplier.name or "-"


def shown(supplier: Party | None) -> str:
    """The supplier as people know it."""
    if supplier is None:
        return "-"
    return supplier.name or supplier.contact or identity_of(supplier)


def setting_line(supplier: Party | None, value: str) -> str:
    """The line of a settings table that is about this supplier, to be shown: ``"25596641" = "518000"``."""
    return f'"{next(numbers_of(supplier), "...")}" = "{value}"'
