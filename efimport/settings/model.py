"""What the settings hold: organizations, their accounts, users and endpoints, the pace of sending."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from efimport.errors import SettingsError
from efimport.messages import message
from efimport.secrets import Secret
from efimport.settings.endpoints import is_loopback

SITES = ("CZ", "SI", "HR")
IMPORT_TYPES = ("createOnly", "createOrUpdate", "updateOnly")

DEFAULT_ENDPOINTS = {
    "CZ": "https://eurofaktura.cz/WebServicesCZ/API",
    "SI": "https://e-racuni.com/WebServicesSI/API",
    "HR": "https://e-racuni.com/WebServicesHR/API",
}
"""Endpoint of each site; an organization's own may differ (web service reference, Authentication)."""


class ApiUser(msgspec.Struct, frozen=True):
    """A user of the web service.

    Attributes:
        username: the name.
        password: the password.
        md5pass: the MD5 hash that stands for it (web service reference, Authentication).
        secret_key: the key from the settings of the user, which the service of today takes in JSON requests in the
            place of ``md5pass``. The reference does not name it; it was seen in public programs.
    """

    username: str
    password: Secret | None = None
    md5pass: Secret | None = None
    secret_key: Secret | None = None


class InboxChoices(msgspec.Struct, frozen=True, kw_only=True):
    """``[organizations.NAME.inbox]``: what is asked of the document inbox (web service reference, DocumentInboxImport).

    Attributes:
        check_existing: whether the service refuses what it has already; without it nothing tells a repeat.
        all_organizations: whether the service looks for the organization by the numbers in the document.
        automatically_import: whether the service makes received invoices and statements of what it takes.
        group_files: whether files that differ in their ending alone are one entry.
        list_element, entry_element: names of the elements around all files of an entry and around each of them. The
            reference shows that there are two levels and does not show their names; these are the ones that it has
            around attachments everywhere else.
    """

    check_existing: bool = True
    all_organizations: bool = False
    automatically_import: bool = False
    group_files: bool = True
    list_element: str = "Attachments"
    entry_element: str = "Attachment"


class ReceivedBooking(msgspec.Struct, frozen=True, kw_only=True):
    """``[organizations.NAME.received]``: how received documents are booked that are created without the inbox.

    Source: web service reference, ReceivedInvoiceCreate, Items.

    Attributes:
        account: general ledger account of the lines.
        accounts: other accounts, by registration number or VAT number of the supplier.
        supplier_codes: codes of suppliers in the books, by registration number or VAT number.
        payment_account: general ledger account for payments that are neither transfer, cash nor card.
        cost_centre: cost centre of the lines.
        deduction_percent: how much of the VAT is deducted, in percent.
    """

    account: str | None = None
    accounts: dict[str, str] = {}
    supplier_codes: dict[str, str] = {}
    payment_account: str | None = None
    cost_centre: str | None = None
    deduction_percent: Decimal = Decimal(100)


class Organization(msgspec.Struct, frozen=True, kw_only=True):
    """One organization of the service.

    Attributes:
        name: the name in the settings.
        site: CZ, SI or HR; code lists and available calls depend on it.
        endpoint: address of the web service.
        token: the organization's authentication token; None where only reading and planning is done.
        users: API users; each has at most one request in flight.
        wire: whether requests are written as ``xml``, which the reference documents for everything, or as ``json``,
            which it documents for plain parameters.
        registration_number: IČO, matična številka or MBS of the organization, digits as text.
        vat_id: VAT identification number with the country prefix.
        bank_accounts: IBANs or national numbers (``2000145399/0800``).
        paypal_accounts: e-mail addresses of PayPal accounts.
        table_accounts: accounts of tables that do not name theirs, by the name of the mapping (``stripe``), where
            one mapping serves several accounts with the currency behind it (``stripe EUR``).
        mappings: paths of mapping files that come before the shipped ones.
        import_type: createOnly, createOrUpdate or updateOnly.
        codes: path of the folder with the firm's own tables of codes, whose lines come before the shipped ones.
        received_as: ``inbox`` (DocumentInboxImport) for received documents, or ``create`` (ReceivedInvoiceCreate and
            its family), which needs the accounts in ``received``.
        received: see :class:`ReceivedBooking`.
        inbox: see :class:`InboxChoices`.
        products_as: ``mass`` (ProductMassImport, many a call) where basic data suffice, or ``single``.
        statements_as: ``statement`` (BankStatementImport) or ``inbox`` for ČBA XML statements.
        inbox_wrapper: name of the element around a file of the document inbox, where the service wants one.
        watched_folder: its own watched folder; None for the one of all organizations, or the folder of its name there.
    """

    name: str = "default"
    site: str = "CZ"
    endpoint: str = DEFAULT_ENDPOINTS["CZ"]
    token: Secret | None = None
    users: tuple[ApiUser, ...] = ()
    wire: Literal["xml", "json"] = "xml"
    registration_number: str | None = None
    vat_id: str | None = None
    bank_accounts: tuple[str, ...] = ()
    paypal_accounts: tuple[str, ...] = ()
    table_accounts: dict[str, str] = {}
    mappings: tuple[str, ...] = ()
    import_type: str = "createOnly"
    codes: str | None = None
    received_as: str = "inbox"
    received: ReceivedBooking = ReceivedBooking()
    inbox: InboxChoices = InboxChoices()
    products_as: str = "mass"
    statements_as: str = "statement"
    inbox_wrapper: str | None = None
    watched_folder: Path | None = None

    @property
    def is_local(self) -> bool:
        """Whether the endpoint is on this machine (the sandbox)."""
        return is_loopback(urlsplit(self.endpoint).hostname)


class Sending(msgspec.Struct, frozen=True):
    """How requests are sent.

    Attributes:
        quiet_time: seconds after which a request of unknown outcome can no longer be under way at the service.
        timeout: seconds to wait for an answer before its outcome counts as unknown.
        pace_folder: folder that all users of the machine who send share, because the service counts requests by the
            address of the machine; None where only one user of the machine sends.
    """

    quiet_time: float = 120.0
    timeout: float = 100.0
    pace_folder: Path | None = None


class Watching(msgspec.Struct, frozen=True, kw_only=True):
    """``[watch]``: how folders are watched. All times in seconds.

    Attributes:
        folder: the folder; None where the command line names it.
        mode: ``review`` (a person looks at everything before it is sent) or ``auto`` (what has no warning is sent).
        settle_time: how long a file must not have changed before it is read, on a disk of this machine.
        settle_time_share: the same on a network share.
        pair_time: how long a file waits for another one of the same name, as a statement for its PDF.
        unfinished_after: after this time without a change a file that has no end yet is reported.
        scan_every: between two looks at a folder on a disk of this machine where no change is noticed.
        scan_every_share: the same on a network share, where changes are not noticed otherwise.
        on_failure: program and arguments that are run when something failed; empty for none.
    """

    folder: Path | None = None
    mode: Literal["review", "auto"] = "review"
    settle_time: float = 5.0
    settle_time_share: float = 15.0
    pair_time: float = 5.0
    unfinished_after: float = 600.0
    scan_every: float = 30.0
    scan_every_share: float = 60.0
    on_failure: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings.

    Attributes:
        path: the file that they were read from; None for the defaults.
        language: language of messages; None to follow the locale.
        default_organization: name of the organization that is meant when none is named.
        journal_url: SQLAlchemy address of the journal; None for the default place.
        keep_requests: whether the journal keeps what was sent, to be shown later; else only what may be sent again.
        organizations: by name.
        sending: see :class:`Sending`.
        watch: see :class:`Watching`.
        plain_secrets: names of the settings that hold a secret in plain text, to warn of.
    """

    path: Path | None = None
    language: str | None = None
    default_organization: str | None = None
    journal_url: str | None = None
    keep_requests: bool = False
    organizations: dict[str, Organization] = {}
    sending: Sending = Sending()
    watch: Watching = Watching()
    plain_secrets: tuple[str, ...] = ()

    def __repr__(self) -> str:
        # The address of the journal may hold a password.
        return f"Settings(path={self.path!r}, organizations={list(self.organizations)!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("path", self.path), ("organizations", list(self.organizations))]

    def organization(self, name: str | None = None) -> Organization | None:
        """The organization of that name, else the default one, else the only one; None where there is none.

        Raises:
            SettingsError: the name is not in the settings, or there are several and none is named.
        """
        wanted = name or self.default_organization
        if wanted is not None:
            if wanted not in self.organizations:
                raise SettingsError(
                    message("The settings have no organization named {name}.", name=wanted),
                    message("Known: {names}.", names=", ".join(self.organizations) or "-"),
                )
            return self.organizations[wanted]
        if len(self.organizations) > 1:
            raise SettingsError(
                message("The settings hold several organizations and none is named."),
                message(
                    "Use --organization with one of {names}, or set default_organization.",
                    names=", ".join(self.organizations),
                ),
            )
        return next(iter(self.organizations.values()), None)
