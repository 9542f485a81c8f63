"""What a user may choose for a run; a saved plan keeps it."""

from __future__ import annotations

import msgspec

from efimport.accounts import for_service, parse_account
from efimport.errors import UsageError
from efimport.formats.reading import Hints
from efimport.messages import message
from efimport.payloads.target import Target
from efimport.settings import IMPORT_TYPES, Organization


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What a user may choose for a run.

    Attributes:
        import_type: createOnly, createOrUpdate or updateOnly; None for the setting of the organization.
        iban: account of all statements of the run, as IBAN or with the bank code.
        paypal_account: e-mail address of the PayPal account of all PayPal files of the run.
        date_format: how days are written in tables, ``DD/MM/YYYY`` and the like; None to find it from the data.
        mappings: paths of mapping files that come before the shipped ones.

    Raises:
        UsageError: the import type is none of these, the account is none, or the date format names no day.
    """

    import_type: str | None = None
    iban: str | None = None
    paypal_account: str | None = None
    date_format: str | None = None
    mappings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse values that every document would be refused for."""
        if self.import_type is not None and self.import_type not in IMPORT_TYPES:
            raise UsageError(
                message("There is no import type {name}.", name=self.import_type),
                message("Known: {names}.", names=", ".join(IMPORT_TYPES)),
            )
        account = parse_account(self.iban) if self.iban else None
        if self.iban and (account is None or for_service(account) is None):
            raise UsageError(
                message("{account} is no bank account.", account=self.iban),
                message("Write it as an IBAN or with its bank code: 2000145399/0800."),
            )
        if self.paypal_account is not None and "@" not in self.paypal_account:
            raise UsageError(
                message("{account} is no PayPal account.", account=self.paypal_account),
                message("A PayPal account is named by its e-mail address."),
            )
        _check_date_format(self.date_format)

    def hints(self, organization: Organization | None) -> Hints:
        """What the readers need of it; the mapping files of the run come before those of the settings."""
        if organization is None:
            return Hints(self.date_format, self.mappings)
        return Hints(self.date_format, (*self.mappings, *organization.mappings), organization.codes)

    def target(self, organization: Organization | None) -> Target:
        """For whom the calls are made."""
        return Target.of(organization, import_type=self.import_type, iban=self.iban, paypal_account=self.paypal_account)


def _check_date_format(pattern: str | None) -> None:
    if pattern is None:
        return
    from efimport.formats.tables.days import expression

    try:
        expression(pattern)
    except ValueError as error:
        raise UsageError(
            message("{pattern} is no date format.", pattern=pattern),
            message("Write it with DD, MM and YYYY: DD.MM.YYYY, DD/MM/YYYY, MM/DD/YYYY or YYYY-MM-DD."),
        ) from error
