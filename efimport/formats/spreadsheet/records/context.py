"""What the reading of a table of documents knows besides the table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import msgspec

from efimport.formats.reading import Own
from efimport.mappings import home_currencies, rates_in_force
from efimport.rounding import half_up

_HUNDRED = Decimal(100)
_NEAR = Decimal("0.02")
_HOME = "CZ"


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What the reading of a table of documents knows besides the table.

    Attributes:
        path: path of the file.
        name: its name.
        content: its bytes.
        own: who we are.
        date_format: pattern of days that the user names.
        codes: folder with the firm's own tables of codes.
    """

    path: str = ""
    name: str = ""
    content: bytes = b""
    own: Own = Own()
    date_format: str | None = None
    codes: str | None = None

    @property
    def currency(self) -> str:
        """The currency of our books."""
        return home_currencies().get(self.own.site or _HOME, "EUR")

    @property
    def is_czech(self) -> bool:
        """Whether our books are kept in Czechia, or nobody says where."""
        return (self.own.site or _HOME) == _HOME

    def rates(self, day: dt.date | None, country: str | None = None) -> tuple[Decimal, ...]:
        """The VAT rates of a country on a day, and zero; those of our own country where none is named."""
        return (*rates_in_force(country or self.own.site or _HOME, day, self.codes).values(), Decimal(0))


def rate_of(base: Decimal, vat: Decimal, rates: Iterable[Decimal]) -> Decimal | None:
    """The one rate at which a base makes a VAT; None where none does or more than one."""
    made = {rate: abs(half_up(base * rate / _HUNDRED) - vat) for rate in rates}
    exact = [rate for rate, off in made.items() if not off]
    near = exact or [rate for rate, off in made.items() if off <= _NEAR]
    return near[0] if len(near) == 1 else None
