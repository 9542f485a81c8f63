"""Entries of a statement (``Ntry``): what their elements mean.

Sources: ISO 20022, camt.053.001.01 to .14, element Ntry; ČBA, Standard pro elektronický XML výpis, for the places of
symbols and national account numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

import msgspec

from efimport.documents import BankAccount, Entry
from efimport.formats.camt.elements import Found
from efimport.formats.camt.symbols import symbols
from efimport.formats.camt.values import (
    CREDIT,
    DEBIT,
    Notes,
    bank_account,
    day,
    number,
    same_account,
    signed_amount,
    truth,
)

_NOTHING: Found = {}
BOOKED = "BOOK"
NOT_BOOKED = ("PDNG", "INFO", "FUTR")
"""Pending, for information, future: external code list EntryStatus of ISO 20022."""
ASSUMED = "efimport"
"""Issuer of a code that our own writer put in because the format demands one; nobody knows the real one."""
ORIGINAL_AMOUNTS = ("instructed", "transaction", "counter_value", "proprietary")


class Holder(NamedTuple):
    """Whose statement it is: needed to tell the other side of a payment from our own."""

    account: BankAccount
    owner: str | None
    currency: str | None


def is_booked(found: Found, notes: Notes) -> bool:
    """Whether an entry counts. An unknown status counts, with a note: leaving money out is the worse mistake."""
    status = found.get("status", "").upper()
    if status in NOT_BOOKED:
        return False
    if status != BOOKED:
        notes.add("camt.status-unknown", "Sts", status=found.get("status", "?")[:40])
    return True


def entries(found: Found, position: int, line: int | None, holder: Holder, notes: Notes) -> list[Entry]:
    """The entry of one ``Ntry``, or one for each payment of a batch whose payments add up to it.

    Args:
        found: the texts of the element.
        position: ordinal of the first entry, from 1.
        line: line of the element in the file.
        holder: whose statement it is.
        notes: takes what is wrong.

    Returns:
        Nothing where the amount or its direction cannot be read; a note of severity error says so.
    """
    total = signed_amount(found, notes)
    if total is None:
        return []
    details: list[Found] = found.get("details") or [_NOTHING]
    _check_batch_count(found, details, notes)
    _check_batch_total(found, total, holder, notes)
    common = _Common(
        line=line,
        booked=day(found.get("booked"), notes, "BookgDt") or day(found.get("value"), notes, "ValDt"),
        value=day(found.get("value"), notes, "ValDt"),
        reversal=truth(found.get("reversal")) is True,
    )
    if len(details) == 1:
        return [_entry(found, details[0], position, total, common, holder, notes)]
    amounts = _detail_amounts(found, details, total, holder, notes)
    if amounts is None:
        whole = [_entry(found, detail, position, total, common, holder, notes) for detail in details]
        # Amounts that stand beside one payment are not those of the batch, even where all payments name the same.
        charges = _charges(found, _NOTHING, holder) if "charges" in found else None
        return [_merged(whole, _original(found, _NOTHING, total, holder), charges)]
    return [
        _entry(found, detail, position + index, part, common, holder, notes)
        for index, (detail, part) in enumerate(zip(details, amounts, strict=True))
    ]


class _Common(NamedTuple):
    """What all payments of a batch share."""

    line: int | None
    booked: dt.date | None
    value: dt.date | None
    reversal: bool


def _entry(
    found: Found, detail: Found, position: int, total: Decimal, common: _Common, holder: Holder, notes: Notes
) -> Entry:
    variable, constant, specific, end_to_end = symbols(detail)
    account, name = _other_side(found, detail, holder)
    message = _joined([*detail.get("messages", ()), detail.get("text")])
    description = found.get("text")
    original = _original(found, detail, total, holder)
    return Entry(
        position=position,
        amount=total,
        date=common.booked,
        value_date=common.value or day(detail.get("settled"), notes, "NtryDtls/TxDtls/RltdDts/IntrBkSttlmDt"),
        variable_symbol=variable,
        constant_symbol=constant,
        specific_symbol=specific,
        counter_account=account,
        counter_name=name,
        message=message or description,
        description=description,
        bank_reference=detail.get("bank_reference") or found.get("bank_reference") or found.get("reference"),
        end_to_end_reference=end_to_end,
        transaction_code=_transaction_code(found, detail),
        reversal=common.reversal,
        original_amount=original.amount if original else None,
        original_currency=original.currency if original else None,
        exchange_rate=original.rate if original else None,
        charges=_charges(found, detail, holder) if "charges" in detail or "charges" in found else None,
        line=common.line,
    )


def _joined(texts: Iterable[str | None]) -> str | None:
    """Texts joined by spaces; one that is there already is not said twice."""
    kept = dict.fromkeys(" ".join(text.split()) for text in texts if text)
    return " ".join(kept) or None


def _transaction_code(found: Found, detail: Found) -> str | None:
    """The bank's own code, else the ISO domain, family and subfamily with dashes (``PMNT-RCDT-ESCT``)."""
    code: str | None = found.get("code") or detail.get("code")
    if code:
        return code if found.get("issuer") != ASSUMED else None
    source = found if "domain" in found else detail
    return "-".join(source[part] for part in ("domain", "family", "subfamily") if part in source) or None


def _first(found: Found, group: str) -> Found:
    groups: list[Found] | None = found.get(group)
    return groups[0] if groups else _NOTHING


# --- the other side ---------------------------------------------------------------------------------------------


def _other_side(found: Found, detail: Found, holder: Holder) -> tuple[BankAccount | None, str | None]:
    """Account and name of the other side: the debtor of money in, the creditor of money out.

    Where the expected side is missing, or is our own account (as in some reversals), the opposite one is taken unless
    that is our own.
    """
    expected, opposite = ("debtor", "creditor") if found.get("side") == CREDIT else ("creditor", "debtor")
    account, name = _account(detail, expected), _name(detail, expected)
    if account is not None and not same_account(account, holder.account):
        return account, name
    if f"{opposite}_account" not in detail and (name is not None or opposite not in detail):
        return account, name
    other = _account(detail, opposite)
    if other is not None and same_account(other, holder.account):
        return account, name
    other_name = _name(detail, opposite)
    if account is not None and other is not None:
        return other, other_name
    return account or other, name or (other_name if other_name != holder.owner else None)


def _account(detail: Found, side: str) -> BankAccount | None:
    bank = _first(detail, f"{side}_bank")
    account = _first(detail, f"{side}_account")
    return bank_account(account, bank) if account or bank else None


def _name(detail: Found, side: str) -> str | None:
    for group in (side, f"{side}_account", f"{side}_ultimate"):
        name: str | None = _first(detail, group).get("name")
        if name:
            return name
    return None


# --- amounts beside the amount ----------------------------------------------------------------------------------


class _Original(NamedTuple):
    amount: Decimal
    currency: str
    rate: Decimal | None


def _original(found: Found, detail: Found, total: Decimal, holder: Holder) -> _Original | None:
    """The amount before conversion: the first one in another currency than the entry's; sign as the entry's.

    The rate is kept as the bank writes it; whether it multiplies or divides differs from bank to bank.
    """
    own = found.get("amount.currency") or holder.currency
    groups = [source[name][0] for source in (detail, found) for name in ORIGINAL_AMOUNTS if name in source]
    rate = next((group["rate"] for group in groups if "rate" in group), None)
    for group in groups:
        currency = group.get("amount.currency")
        if not currency or currency == own:
            continue
        value = number(group.get("amount"))
        if value is not None:
            signed = -abs(value) if total < 0 else abs(value)
            return _Original(signed, currency, number(rate))
    return None


def _charges(found: Found, detail: Found, holder: Holder) -> Decimal | None:
    """Charges named beside the payment, positive as a cost; None where none is in the currency of the entry.

    For information only: banks that name a charge here book it as an entry of its own as well.
    """
    own = found.get("amount.currency") or holder.currency
    groups: list[Found] = detail.get("charges") or found.get("charges") or []
    records = [record for group in groups for record in group.get("records", ())] or groups
    totals = [group for group in groups if "total" in group]
    values = [_charge(group, "total", own) for group in totals[:1]] or [
        _charge(item, "amount", own) for item in records
    ]
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def _charge(group: Found, name: str, own: str | None) -> Decimal | None:
    if group.get(f"{name}.currency") not in (own, None):
        return None
    value = number(group.get(name))
    return -value if value is not None and group.get("side") == CREDIT else value


# --- batches ----------------------------------------------------------------------------------------------------


def _detail_amounts(
    found: Found, details: list[Found], total: Decimal, holder: Holder, notes: Notes
) -> list[Decimal] | None:
    """Signed amounts of the payments of a batch; None where they are not given or do not make the entry's amount.

    The entry's amount is what was booked: a batch that does not add up stays one entry (charges are the usual reason).
    """
    own = found.get("amount.currency") or holder.currency
    stated = [_detail_amount(detail, own) for detail in details]
    known = [value for value in stated if value is not None]
    if not known:
        return None
    other_side = DEBIT if found.get("side") == CREDIT else CREDIT
    same_side = all(detail.get("side") != other_side for detail in details)
    parts = [-value if total < 0 else value for value in known]
    if same_side and len(known) == len(details) and sum(parts) == total:
        return parts
    signed = [
        -value if (total < 0) != (detail.get("side") == other_side) else value
        for detail, value in zip(details, stated, strict=True)
        if value is not None
    ]
    computed = sum(signed, Decimal(0))
    if computed != total or len(known) < len(details):
        notes.add(
            "camt.batch-mismatch",
            "NtryDtls",
            count=len(details),
            computed=computed,
            amount=total,
            difference=total - computed,
        )
    return None


def _detail_amount(detail: Found, own: str | None) -> Decimal | None:
    """Amount of one payment in the currency of the account: its own, else the transaction's, else the instructed."""
    candidates = [detail, _first(detail, "transaction"), _first(detail, "instructed")]
    for group in candidates:
        if "amount" in group and (own is None or group.get("amount.currency") in (own, None)):
            return number(group["amount"])
    return None


def _check_batch_count(found: Found, details: list[Found], notes: Notes) -> None:
    batches: list[Found] | None = found.get("batches")
    if not batches or "details" not in found:
        return
    counts = [batch.get("count", "") for batch in batches]
    if all(count.isascii() and count.isdigit() and len(count) <= 15 for count in counts):
        stated = sum(int(count) for count in counts)
        if stated != len(details):
            notes.add("camt.batch-count", "NtryDtls/Btch/NbOfTxs", stated=stated, counted=len(details))


def _check_batch_total(found: Found, total: Decimal, holder: Holder, notes: Notes) -> None:
    """Note a total of the batch that is not the entry's amount; one in another currency proves nothing."""
    own = found.get("amount.currency") or holder.currency
    stated = [
        number(batch.get("amount")) if batch.get("amount.currency") in (own, None) else None
        for batch in found.get("batches", ())
    ]
    known = [value for value in stated if value is not None]
    if known and len(known) == len(stated) and abs(sum(known)) != abs(total):
        notes.add("camt.batch-total", "NtryDtls/Btch/TtlAmt", stated=sum(known), amount=abs(total))


def _merged(whole: list[Entry], original: _Original | None, charges: Decimal | None) -> Entry:
    """One entry for a batch: what all its payments share, their texts, and the amounts beside the batch itself."""
    first = whole[0]
    shared = {
        name: value if all(getattr(entry, name) == value for entry in whole) else None
        for name in _SHARED
        for value in [getattr(first, name)]
    }
    texts = _joined(entry.message for entry in whole)
    return msgspec.structs.replace(
        first,
        message=texts,
        original_amount=original.amount if original else None,
        original_currency=original.currency if original else None,
        exchange_rate=original.rate if original else None,
        charges=charges,
        **shared,
    )


_SHARED = (
    "variable_symbol",
    "constant_symbol",
    "specific_symbol",
    "counter_account",
    "counter_name",
    "bank_reference",
    "end_to_end_reference",
    "transaction_code",
)
