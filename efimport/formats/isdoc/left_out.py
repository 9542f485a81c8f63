"""What of a document ISDOC 6.0.2 has no room for.

Source: ISDOC 6.0.2 specification, Invoice. What is not named here as written is lost, so that a new field of the models
is told as lost until somebody writes it.
"""

from __future__ import annotations

import re

import msgspec

from efimport.documents import Attachment, Invoice, Line, Party
from efimport.formats.writing import Losses

LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", re.ASCII)
"""Code of a language as XML Schema has it (xs:language)."""

_INVOICE = frozenset(
    {
        "kind", "number", "date", "taxable_supply_date", "due_date", "variable_symbol", "constant_symbol",
        "specific_symbol", "order_number", "sales_order_number", "text", "introduction", "currency", "exchange_rate",
        "exchange_amount", "home_currency", "supplier", "customer", "delivery", "lines", "vat_summary", "advances",
        "total_without_vat", "total_vat", "total_with_vat", "rounding", "payable", "payment_method", "payment_account",
        "discount_percent", "language", "vat_document", "uuid", "original_number",
    }
)  # fmt: skip
_ABOUT_THE_FILE = frozenset({"origin", "findings", "own_registration_number"})
_PARTY = frozenset(
    {"name", "registration_number", "vat_id", "tax_number", "address", "contact", "email", "phone", "code"}
)
_ADDRESS = frozenset({"street", "city", "postal_code", "country"})
_ACCOUNT = frozenset({"iban", "number", "bank_code", "bic", "bank_name"})
_LINE = frozenset(
    {
        "position", "description", "product_code", "ean", "quantity", "unit", "unit_price", "price_includes_vat",
        "discount_percent", "vat_rate", "vat_level", "total_without_vat", "vat", "total_with_vat", "reverse_charge",
        "reverse_charge_code", "note",
    }
)  # fmt: skip


def losses_of(invoice: Invoice, written: Invoice, losses: Losses, *, corrects: bool, foreign: bool) -> None:
    """Note what is not written of a document.

    Args:
        invoice: the document.
        written: the same with the amounts that are written.
        losses: takes what is lost.
        corrects: whether it is of a type that names another document.
        foreign: whether it is written in a foreign currency.
    """
    _rest(invoice, _INVOICE | _ABOUT_THE_FILE, losses)
    if invoice.original_number not in (None, invoice.number) and not corrects:
        losses.add("original_number", invoice.original_number)
    has_note = bool(invoice.text or invoice.introduction)
    if invoice.language and not (has_note and LANGUAGE.fullmatch(invoice.language)):
        losses.add("language", invoice.language)
    for name in ("supplier", "customer", "delivery"):
        party: Party | None = getattr(invoice, name)
        if party is not None:
            _rest(party, _PARTY, losses, f"{name}.")
            _rest(party.address, _ADDRESS, losses, f"{name}.address.")
    if invoice.payment_account is not None:
        _rest(invoice.payment_account, _ACCOUNT, losses, "payment_account.")
    for line in written.lines:
        losses.position = line.position
        _line(line, losses, foreign=foreign)
    losses.position = None


def _line(line: Line, losses: Losses, *, foreign: bool) -> None:
    _rest(line, _LINE, losses)
    if foreign and line.discount_percent and line.unit_price is not None:
        # An amount before the discount has no twin in the currency of the document.
        losses.add("discount_percent", line.discount_percent)


def _rest(part: msgspec.Struct, written: frozenset[str], losses: Losses, prefix: str = "") -> None:
    """The fields that hold something and are not written."""
    for name in part.__struct_fields__:
        value = getattr(part, name)
        if name not in written and value not in (None, False, (), {}, ""):
            losses.add(prefix + name, _shown(value))


def _shown(value: object) -> object:
    if isinstance(value, tuple):
        return ", ".join(one.name if isinstance(one, Attachment) else str(one) for one in value)
    return value
