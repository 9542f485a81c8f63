"""Rates of VAT by country and day. Source: the VAT acts that ``mappings/codes/vat-rates.toml`` names."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from efimport.errors import SettingsError
from efimport.mappings.service_codes import codes
from efimport.messages import message


def rates_in_force(country: str, day: dt.date | None, own: str | None = None) -> dict[str, Decimal]:
    """The rates in percent by level (``high``, ``low``, ``third``); none where the table does not know them.

    Args:
        country: ISO 3166 code.
        day: day of taxable supply; None for the newest rates.
        own: folder with the firm's own tables, which come before the shipped ones; None for none.

    Raises:
        SettingsError: the firm's own table is no table of rates.
    """
    try:
        begun = [one for one in codes("vat-rates", own).get(country, ()) if day is None or one["from"] <= day]
        newest: dict[str, Any] = max(begun, key=lambda one: one["from"], default={})
        return {level: Decimal(str(rate)) for level, rate in newest.items() if level != "from"}
    except (AttributeError, KeyError, TypeError, InvalidOperation) as error:
        raise SettingsError(
            message("The table of VAT rates in {folder} cannot be used for {country}.", folder=own, country=country),
            message('A country has a list of periods, each with a day "from" and percentages by level.'),
        ) from error
