"""What the sandbox can be told: its site, its limits, and a switch for each behaviour that nobody has documented."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

SITES = ("CZ", "SI", "HR")


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Switches of the sandbox; the defaults are the documented behaviour, else the worst case for a client.

    Attributes:
        site: site of the path ``/WebServices/API``, which names none.
        mode: ``documented``: errors come with HTTP status 200, an empty list is an empty list. ``observed``: errors
            come with status 500, an empty list is the error noDocumentsFound, a partner needs a primary address,
            ``secretKey`` is accepted in JSON.
        burst: requests that may start within one period ("a burst of 4", web service reference, limits).
        period: seconds of the period; 0 switches the limit off.
        window: ``sliding``: any period; ``fixed``: periods opened by the first request after the last one.
        on_excess: ``refuse`` with HTTP 429, or ``delay`` the answer until the request would have been admitted.
        jitter: a request is counted up to so many seconds after its bytes came, as if they had been longer under way.
        latency: shortest and longest time in seconds from a request to its answer; the change happens in the middle.
        seed: seed of the latencies and the jitter.
        raw_errors: error descriptions are sent with ``<`` and ``>`` unescaped, as the reference prints them.
        broken_error_tag: ``<error description=".."><error/>``, as the reference prints it.
        content_encoding_8bit: answers carry the header ``Content-Encoding: 8-bit``, as the real service's do.
        create_only: what createOnly does with a document that exists: ``refuse`` (documented) or ``skip``.
        update_only: what updateOnly does with one that does not: ``ignore`` or ``refuse``.
        duplicate_statement: a statement that was imported before: ``import`` again, or ``refuse``.
        unknown_products: items with a product code that does not exist: ``accept`` or ``refuse``.
        mass_import: ``each`` product by itself, ``all-or-nothing``, or ``stop`` at the first bad one.
        first_statement_number: number of the first statement of each account.
        accept_any_account: every valid IBAN or national account number is the organization's.
        accounts: bank accounts of the organization, IBAN or national form; None for its own (organization.toml).
        paypal_accounts: PayPal accounts; None for its own.
        users: users as tables (username, password or md5pass, privileges, secret_key); None for its own.
        token: token of the organization.
        registration_number: registration number of the organization; None for its own.
        vat_id: VAT identification number; None for its own.
        other_organizations: further organizations as tables (name, settings_name, token, registration_number, vat_id,
            bank_accounts, paypal_accounts, users, any_account). DocumentInboxImport looks up the receiver among all;
            one without a token is a receiver only.
        organizations: how many organizations there are at least; those that are not named are invented.
        users_each: how many users who may do everything the first and each invented organization has; None for three.
        largest_body: bytes of the largest request.
    """

    site: Literal["CZ", "SI", "HR"] = "CZ"
    mode: Literal["documented", "observed"] = "documented"
    burst: int = 4
    period: float = 4.0
    window: Literal["sliding", "fixed"] = "sliding"
    on_excess: Literal["refuse", "delay"] = "refuse"
    jitter: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    latency: tuple[float, float] = (0.0, 0.0)
    seed: int = 0
    raw_errors: bool = False
    broken_error_tag: bool = False
    content_encoding_8bit: bool = False
    create_only: Literal["refuse", "skip"] = "refuse"
    update_only: Literal["ignore", "refuse"] = "ignore"
    duplicate_statement: Literal["import", "refuse"] = "import"
    unknown_products: Literal["accept", "refuse"] = "accept"
    mass_import: Literal["each", "all-or-nothing", "stop"] = "each"
    first_statement_number: int = 1
    accept_any_account: bool = False
    accounts: tuple[str, ...] | None = None
    paypal_accounts: tuple[str, ...] | None = None
    users: tuple[dict[str, Any], ...] | None = None
    token: str | None = None
    registration_number: str | None = None
    vat_id: str | None = None
    other_organizations: tuple[dict[str, Any], ...] = ()
    organizations: Annotated[int, msgspec.Meta(ge=1, le=99)] = 1
    users_each: Annotated[int, msgspec.Meta(ge=1, le=99)] | None = None
    largest_body: int = 256 * 1024 * 1024


def options_from(**values: object) -> Options:
    """Options from keyword arguments; raises TypeError for an unknown name or a value that does not fit."""
    try:
        return msgspec.convert(values, Options, from_attributes=True)
    except msgspec.ValidationError as error:
        raise TypeError(f"The sandbox cannot be started so: {error}") from error
