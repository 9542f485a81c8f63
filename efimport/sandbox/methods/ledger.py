"""GeneralLedgerGetAccountBalance and GeneralLedgerAccountStatementGetEntries, from the journal vouchers.

The sandbox posts no invoices: its books hold what GeneralLedgerJournalVoucherCreate put there.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import msgspec
from lxml import etree

from efimport.sandbox.answers import Answer, branch, leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.searching import criteria, fits, is_within
from efimport.sandbox.reading import children, read_decimal, read_xml, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Document
from efimport.sandbox.texts import text

VOUCHER = "GeneralLedgerJournalVoucher"
NEARLY = Decimal("0.01")
"""Part of an amount by which another may differ and still be "approximate" (assumed)."""

_BALANCE = {
    "fiscalYear": "integer", "accountNumber": "text", "partnerCode": "text", "costPosition": "text",
    "voucherStatus": "voucher-status", "balanceDate": "date",
}  # fmt: skip
_PERIODS = {"transaction": "transactionDate", "document": "documentDate", "due": "dueDate", "posting": "dateOfPosting"}
"""Beginnings of the criteria for dates, and the element that each looks at."""
_STATEMENT = {
    "businessYear": "integer", "accountNumber": "text", "partnerCode": "text", "document": "text",
    "transactionAmount": "decimal", "transactionCurrency": "text", "costCentre": "text", "description": "text",
    "creditOrDebit": "entry-side", "voucherStatus": "voucher-status", "entryStatus": "entry-status",
    **{f"{name}Date{end}": "date" for name in _PERIODS for end in ("From", "To")},
}  # fmt: skip


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a journal voucher.

    Attributes:
        voucher: number of the voucher.
        year: its business year, four digits.
        posted: whether the voucher is posted, not open.
        account: number of the account.
        partner_code: empty where the entry names no partner by code.
        transaction_date: YYYY-MM-DD.
        debit: amount in the currency of the books.
        credit: amount in the currency of the books.
        element: the entry as it was sent.
        dates: the date of each criterion for dates, by its beginning; empty where there is none.
    """

    voucher: str
    year: str
    posted: bool
    account: str
    partner_code: str
    transaction_date: str
    debit: Decimal
    credit: Decimal
    element: etree._Element
    dates: dict[str, str]


def currency_of_site(site: str) -> str:
    """The currency of the books at a site (assumed: the country's today)."""
    return "CZK" if site == "CZ" else "EUR"


def get_balance(context: Context) -> Answer:
    """Debit, credit and balance of an account, of every account where none is named; balance is credit less debit.

    The example of the reference shows 11.00 credit, 12.00 debit and the balance -1.0.

    Raises:
        RefusedError: a criterion is unknown or says what it cannot.
    """
    wanted = criteria(context, _BALANCE, unknown="search-key")
    year = wanted.get("fiscalYear") or _latest_year(context)
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    if "accountNumber" in wanted:
        sums[wanted["accountNumber"]] = (Decimal(0), Decimal(0))
    for posting in entries_of_year(context, year):
        if _counts(wanted, posting):
            debit, credit = sums.get(posting.account, (Decimal(0), Decimal(0)))
            sums[posting.account] = (debit + posting.debit, credit + posting.credit)
    rows = [_balance(context, wanted, account, *amounts) for account, amounts in sorted(sums.items())]
    return Answer(elements=tuple(rows), as_list=True)


def _counts(wanted: dict[str, str], posting: Posting) -> bool:
    return (
        wanted.get("accountNumber", posting.account) == posting.account
        and wanted.get("partnerCode", posting.partner_code) == posting.partner_code
        and wanted.get("costPosition", "") in ("", text_of(posting.element, "costPosition"))
        and is_within(posting.transaction_date, "", wanted.get("balanceDate", ""))
        and _has_status(wanted, posting)
    )


def _balance(context: Context, wanted: dict[str, str], account: str, debit: Decimal, credit: Decimal) -> etree._Element:
    row = etree.Element("AccountBalance", accountNumber=account)
    if "partnerCode" in wanted:
        row.set("partnerCode", wanted["partnerCode"])
    for name, amount in (("balanceCredit", credit), ("balanceDebit", debit), ("balance", credit - debit)):
        row.set(name, f"{amount:.2f}")
    row.set("currency", currency_of_site(context.site))
    return row


def list_entries(context: Context) -> Answer:
    """Entries of the statement of an account; the elements around them are assumed.

    Raises:
        RefusedError: a criterion is unknown or says what it cannot, or nothing was found in the mode ``observed``.
    """
    wanted = criteria(context, _STATEMENT, unknown="search-key")
    postings = entries_of_year(context, wanted.get("businessYear") or _latest_year(context))
    open_items = _open_items(postings)
    hits = [
        one
        for one in postings
        if _meets(wanted, one)
        and _has_status(wanted, one)
        and _has_amount(wanted, one)
        and _is_entry_status(wanted, _item(one) in open_items)
    ]
    if not hits and context.options.mode == "observed":
        raise RefusedError(text("no-documents"))
    return Answer(elements=(branch("GeneralLedgerEntries", *map(_tree, hits)),), as_list=True)


def _tree(posting: Posting) -> etree._Element:
    found = leaf("voucherNumber", posting.voucher), leaf("dateOfPosting", posting.dates["posting"])
    return branch("GeneralLedgerEntry", *found, *children(posting.element))


def _meets(wanted: dict[str, str], posting: Posting) -> bool:
    patterns = {"document": "document", "costCentre": "costPosition", "description": "description"}
    return (
        wanted.get("accountNumber", posting.account) == posting.account
        and wanted.get("partnerCode", posting.partner_code) == posting.partner_code
        and all(fits(wanted[name], text_of(posting.element, one)) for name, one in patterns.items() if name in wanted)
        and all(
            is_within(day, wanted.get(f"{name}DateFrom", ""), wanted.get(f"{name}DateTo", ""))
            for name, day in posting.dates.items()
        )
    )


def _has_status(wanted: dict[str, str], posting: Posting) -> bool:
    """Open and posted vouchers where nothing is said (reference, voucherStatus)."""
    status = wanted.get("voucherStatus", "all").lower()
    return status == "all" or (status == "posted") == posting.posted


def _has_amount(wanted: dict[str, str], posting: Posting) -> bool:
    """Side, currency and approximate amount; the amount is the foreign one where a currency is named with it."""
    side = wanted.get("creditOrDebit", "").lower()
    if (side == "debit" and not posting.debit) or (side == "credit" and not posting.credit):
        return False
    currency = wanted.get("transactionCurrency", "")
    if currency and text_of(posting.element, "foreignCurrency") != currency:
        return False
    looked_for = read_decimal(wanted.get("transactionAmount", ""))
    if looked_for is None:
        return True
    foreign = read_decimal(text_of(posting.element, "foreignAmount")) or Decimal(0)
    amount = foreign if currency else posting.debit or posting.credit
    return abs(abs(amount) - abs(looked_for)) <= abs(looked_for) * NEARLY


def _item(posting: Posting) -> tuple[str, str, str]:
    return posting.account, posting.partner_code, text_of(posting.element, "document")


def _open_items(postings: list[Posting]) -> set[tuple[str, str, str]]:
    """Accounts, partners and documents whose debit and credit are not equal; without a document nothing is cleared."""
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for one in postings:
        sums[_item(one)] += one.debit - one.credit
    return {item for item, amount in sums.items() if amount or not item[2]}


def _is_entry_status(wanted: dict[str, str], is_open: bool) -> bool:
    return "entryStatus" not in wanted or (wanted["entryStatus"].lower() == "open") == is_open


def entries_of_year(context: Context, year: str) -> list[Posting]:
    """The entries of all vouchers of a business year, in their order."""
    vouchers = context.state.documents.get(VOUCHER, {}).values()
    return [posting for voucher in vouchers for posting in _entries(voucher) if posting.year == year]


def _latest_year(context: Context) -> str:
    """The business year that is set as default: the latest one that holds vouchers, else this one (assumed)."""
    vouchers = context.state.documents.get(VOUCHER, {}).values()
    return max((_year(voucher) for voucher in vouchers), default=context.today[:4])


def _year(voucher: Document) -> str:
    return voucher.properties.get("businessYear", "") or voucher.business_year or voucher.date[:4]


def _entries(voucher: Document) -> list[Posting]:
    root = read_xml(voucher.raw)
    items = [item for wrapper in children(root, "Items") for item in children(wrapper)] if root is not None else []
    posted = voucher.posted or voucher.status.lower() == "closed"
    return [
        Posting(
            voucher=voucher.number,
            year=_year(voucher),
            posted=posted,
            account=text_of(item, "generalLedgerAccountNumber"),
            partner_code=text_of(item, "partnerCode"),
            transaction_date=text_of(item, "transactionDate"),
            debit=read_decimal(text_of(item, "amountDebit")) or Decimal(0),
            credit=read_decimal(text_of(item, "amountCredit")) or Decimal(0),
            element=item,
            dates={name: text_of(item, one) or text_of(root, one) for name, one in _PERIODS.items()},
        )
        for item in items
    ]
