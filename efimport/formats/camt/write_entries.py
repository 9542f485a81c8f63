"""Writes the entries of a statement (``Ntry``) the way Czech banks do.

Sources: ISO 20022, schema camt.053.001.02, element Ntry; ČBA, Standard pro elektronický XML výpis: a structured
reference for each symbol, in the order VS, SS, KS. EndToEndId, InstrId and PmtInfId repeat the symbols as
Raiffeisenbank writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from lxml import etree

from efimport.documents import BankAccount, Entry
from efimport.formats.camt.elements import Found
from efimport.formats.camt.entries import ASSUMED
from efimport.formats.camt.symbols import symbols
from efimport.formats.camt.tree import (
    LONG,
    NAME,
    REFERENCE,
    add,
    add_amount,
    add_day,
    add_path,
    cut,
    lines,
    side,
    whole,
)
from efimport.formats.writing import Losses, fits

CURRENCY = re.compile(r"[A-Z]{3}")
INCOMING, OUTGOING = "10000107000", "10000104000"
"""ČBA codes of a payment in and a payment out, for entries that name no code of their own."""

_ISO_CODE = re.compile(r"([A-Z]{4})-([A-Z]{4})-([A-Z]{4})")
_CBA_CODE = re.compile(r"[0-9]{11}")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}")
_BIC = re.compile(r"[A-Z]{6}[A-Z2-9][A-NP-Z0-9](?:[A-Z0-9]{3})?")
_BANK_CODE = re.compile(r"[0-9]{4}")
_SYMBOL = re.compile(r"[0-9]{1,32}")
_LONGEST_NUMBER = 34
_RATE_DIGITS, _RATE_DECIMALS = 11, 10
_LONGEST_BARE = 10


def write_entry(parent: etree._Element, entry: Entry, currency: str, losses: Losses) -> None:
    """Write one entry.

    Args:
        parent: the element ``Stmt``.
        entry: the entry.
        currency: ISO 4217 code of the account.
        losses: takes what the format has no room for.

    Raises:
        CannotWriteError: an amount has too many digits.
    """
    element = add(parent, "Ntry")
    reference = whole(entry.bank_reference, REFERENCE, "bank_reference", losses)
    if reference:
        add(element, "NtryRef", reference)
    add_amount(element, entry.amount, currency)
    add(element, "CdtDbtInd", side(entry.amount))
    if entry.reversal:
        add(element, "RvslInd", "true")
    add(element, "Sts", "BOOK")
    add_day(element, "BookgDt", entry.date)
    add_day(element, "ValDt", entry.value_date)
    if reference:
        add(element, "AcctSvcrRef", reference)
    _add_code(add(element, "BkTxCd"), entry, losses)
    _add_details(element, entry, reference, currency, losses)
    description = cut(entry.description, LONG, "description", losses)
    if description:
        add(element, "AddtlNtryInf", description)


def _add_code(parent: etree._Element, entry: Entry, losses: Losses) -> None:
    """The code of the transaction; where there is none, that of a plain payment with an issuer who says so."""
    code = whole(entry.transaction_code, REFERENCE, "transaction_code", losses)
    iso = _ISO_CODE.fullmatch(code or "")
    if iso:
        domain = add(parent, "Domn")
        add(domain, "Cd", iso[1])
        family = add(domain, "Fmly")
        add(family, "Cd", iso[2])
        add(family, "SubFmlyCd", iso[3])
        return
    proprietary = add(parent, "Prtry")
    add(proprietary, "Cd", code or (OUTGOING if entry.amount < 0 else INCOMING))
    if code is None:
        add(proprietary, "Issr", ASSUMED)
    elif _CBA_CODE.fullmatch(code):
        add(proprietary, "Issr", "CBA")


def _add_details(element: etree._Element, entry: Entry, reference: str | None, currency: str, losses: Losses) -> None:
    """``NtryDtls/TxDtls``, where there is something to say in it."""
    details = etree.SubElement(element, etree.QName(element, "NtryDtls"))
    detail = add(details, "TxDtls")
    labels = list(_labels(entry, losses))
    _add_references(detail, entry, reference, labels, losses)
    _add_amounts(detail, entry, currency, losses)
    if entry.charges is not None:
        charges = add(detail, "Chrgs")
        add_amount(charges, entry.charges, currency)
        # A charge costs: what is credited is a charge below nothing.
        add(charges, "CdtDbtInd", "CRDT" if entry.charges < 0 else "DBIT")
    _add_other_side(detail, entry, losses)
    texts = lines(entry.message, "message", losses)
    if texts or labels:
        remittance = add(detail, "RmtInf")
        for text in texts:
            add(remittance, "Ustrd", text)
        for label in labels:
            add_path(remittance, "Strd/CdtrRefInf/Ref", label)
    if not len(detail):
        element.remove(details)


# --- symbols and references -------------------------------------------------------------------------------------


def _labels(entry: Entry, losses: Losses) -> Iterator[str]:
    for label, field in (("VS", "variable_symbol"), ("SS", "specific_symbol"), ("KS", "constant_symbol")):
        value: str | None = getattr(entry, field)
        if value and _SYMBOL.fullmatch(value) and value.strip("0"):
            yield f"{label}:{value.lstrip('0')}"
        elif value and value.strip("0"):
            losses.add(field, value)


def _add_references(
    detail: etree._Element, entry: Entry, reference: str | None, labels: list[str], losses: Losses
) -> None:
    values = {label[:2]: label[3:] for label in labels}
    found: Found = {"symbols": labels}
    bare = {key: value for key, value in values.items() if len(value) <= _LONGEST_BARE}
    end_to_end = _end_to_end(entry, found, values, losses) or bare.get("VS")
    chosen = (
        ("AcctSvcrRef", reference),
        ("PmtInfId", bare.get("SS")),
        ("InstrId", bare.get("KS")),
        ("EndToEndId", end_to_end),
    )
    if any(value for _, value in chosen):
        references = add(detail, "Refs")
        for name, value in chosen:
            if value:
                add(references, name, value)


def _end_to_end(entry: Entry, found: Found, values: dict[str, str], losses: Losses) -> str | None:
    """The payer's reference, unless it would be taken for a symbol that the entry has not."""
    text = whole(entry.end_to_end_reference, REFERENCE, "end_to_end_reference", losses)
    if text is None:
        return None
    read = symbols({**found, "end_to_end": text})
    wanted = (values.get("VS"), values.get("KS"), values.get("SS"), text)
    if tuple(read) == wanted:
        return text
    losses.add("end_to_end_reference", entry.end_to_end_reference)
    return None


# --- amounts beside the amount ----------------------------------------------------------------------------------


def _add_amounts(detail: etree._Element, entry: Entry, currency: str, losses: Losses) -> None:
    original, code = entry.original_amount, entry.original_currency
    if original is None or code is None or not CURRENCY.fullmatch(code):
        for field in ("original_amount", "original_currency", "exchange_rate"):
            if getattr(entry, field) is not None:
                losses.add(field, getattr(entry, field))
        return
    instructed = add_path(detail, "AmtDtls/InstdAmt")
    add_amount(instructed, original, code)
    rate = _rate(entry, losses)
    if rate is not None:
        exchange = add(instructed, "CcyXchg")
        add(exchange, "SrcCcy", code)
        add(exchange, "TrgtCcy", currency)
        add(exchange, "XchgRate", f"{rate.normalize():f}")


def _rate(entry: Entry, losses: Losses) -> Decimal | None:
    """The rate; one of more than eleven digits is rounded, and that is noted."""
    rate = entry.exchange_rate
    if rate is None or fits(rate, _RATE_DIGITS, _RATE_DECIMALS):
        return rate
    losses.add("exchange_rate", rate)
    if not rate.is_finite() or rate.adjusted() >= _RATE_DIGITS:
        return None
    decimals = min(_RATE_DECIMALS, _RATE_DIGITS - 1 - max(rate.adjusted(), 0))
    return rate.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


# --- the other side ---------------------------------------------------------------------------------------------


def _add_other_side(detail: etree._Element, entry: Entry, losses: Losses) -> None:
    """The debtor of money in, the creditor of money out: name, account, bank."""
    role = "Cdtr" if entry.amount < 0 else "Dbtr"
    name = cut(entry.counter_name, NAME, "counter_name", losses)
    account = entry.counter_account or BankAccount()
    parties = etree.SubElement(detail, etree.QName(detail, "RltdPties"))
    if name:
        add_path(parties, f"{role}/Nm", name)
    add_account(parties, f"{role}Acct", account, "counter_account", losses)
    if not len(parties):
        detail.remove(parties)
    agents = etree.SubElement(detail, etree.QName(detail, "RltdAgts"))
    add_bank(agents, f"{role}Agt", account, "counter_account", losses)
    if not len(agents):
        detail.remove(agents)


def add_account(
    parent: etree._Element, name: str, account: BankAccount, field: str, losses: Losses
) -> etree._Element | None:
    """An account by its IBAN, else by its number; None where it has neither."""
    iban = "".join((account.iban or "").split()).upper()
    is_iban = bool(_IBAN.fullmatch(iban))
    number = None if is_iban else whole(account.number or account.iban, _LONGEST_NUMBER, f"{field}.number", losses)
    if not is_iban and not number:
        if account.currency:
            losses.add(f"{field}.currency", account.currency)
        return None
    element = add(parent, name)
    add_path(element, "Id/IBAN" if is_iban else "Id/Othr/Id", iban if is_iban else number)
    if account.currency and CURRENCY.fullmatch(account.currency):
        add(element, "Ccy", account.currency)
    elif account.currency:
        losses.add(f"{field}.currency", account.currency)
    return element


def add_bank(parent: etree._Element, name: str, account: BankAccount, field: str, losses: Losses) -> None:
    """The bank of an account, where something of it is known: BIC, name, national code."""
    bic = "".join((account.bic or "").split()).upper()
    if bic and not _BIC.fullmatch(bic):
        losses.add(f"{field}.bic", account.bic)
        bic = ""
    bank_name = cut(account.bank_name, NAME, f"{field}.bank_name", losses)
    code = whole(account.bank_code, REFERENCE, f"{field}.bank_code", losses)
    if not (bic or bank_name or code):
        return
    institution = add_path(parent, f"{name}/FinInstnId")
    if bic:
        add(institution, "BIC", bic)
    national = bool(_BANK_CODE.fullmatch(code or ""))
    if code and not national:
        add_path(institution, "ClrSysMmbId/MmbId", code)
    if bank_name:
        add(institution, "Nm", bank_name)
    if code and national:
        add_path(institution, "Othr/Id", code)
