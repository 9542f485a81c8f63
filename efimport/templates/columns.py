"""The columns of a template: headings, what their cells hold, and what can be chosen in them."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from efimport.mappings import home_currencies, rates_in_force
from efimport.mappings.targets import Field, FieldType, TargetName, target_fields
from efimport.messages import Message, message

HEADING_LANGUAGES = ("en", "cs", "sl", "hr")
"""Languages in which there are headings."""

HOLDS: dict[FieldType, Message] = {
    "text": message("text"),
    "code": message("text; zeros in front stay: 0308"),
    "amount": message("a number: 1234.50"),
    "percent": message("a number in percent: 21"),
    "integer": message("a whole number: 14"),
    "day": message("a day"),
    "flag": message("yes or no"),
    "choice": message("one of the words of the list"),
    "country": message("a country, two letters: CZ"),
    "currency": message("a currency, three letters: CZK"),
    "language": message("a language, two letters: cs"),
    "account": message("text; an IBAN, or a number with the code of the bank: 2000145399/0800"),
}
"""What the cells of a column hold, for people."""


class TemplateColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column of a template.

    Attributes:
        name: name of the field.
        field: what it is.
        heading: its heading in the language of the template.
        of_line: whether it is of a line, and not of the document.
        allowed: what can be chosen in its cells; empty where anything can be written.
        others: whether something else than ``allowed`` can be written as well.
    """

    name: str
    field: Field
    heading: str
    of_line: bool = False
    allowed: tuple[str, ...] = ()
    others: bool = False


def template_columns(target: TargetName, *, language: str = "en", site: str = "CZ") -> tuple[TemplateColumn, ...]:
    """The columns of the template, those of the document before those of its lines.

    Args:
        target: what the rows are.
        language: language of the headings; English where there are none in it.
        site: ``CZ``, ``SI`` or ``HR``: whose VAT rates and currency come first.
    """
    fields = target_fields(target)
    parts = ((fields.document, False), (fields.line, True))
    return tuple(
        _column(name, field, of_line=of_line, language=language, site=site)
        for part, of_line in parts
        for name, field in part.items()
    )


def _column(name: str, field: Field, *, of_line: bool, language: str, site: str) -> TemplateColumn:
    allowed, others = _allowed(name, field, language, site)
    heading = field.names.get(language) or field.names["en"]
    return TemplateColumn(
        name=name, field=field, heading=heading, of_line=of_line, allowed=tuple(dict.fromkeys(allowed)), others=others
    )


def _allowed(name: str, field: Field, language: str, site: str) -> tuple[tuple[str, ...], bool]:
    """What can be chosen, and whether other things may be written as well."""
    if name == "vat_rate":
        # Rates of other times and other countries are as good.
        return vat_rates(site), True
    match field.type:
        case "choice":
            return tuple(_lists()["choice"][name].get(language, _lists()["choice"][name]["en"])), False
        case "flag":
            words = _lists()["flag"]
            return tuple(words.get(language, words["en"])), False
        case "country":
            return (site, *_lists()["countries"]), True
        case "currency":
            return (home_currencies().get(site, "EUR"), *_lists()["currencies"]), True
        case "language":
            return tuple(_lists()["languages"]), True
    return (), False


def sheet_name(target: TargetName, language: str) -> str:
    """Name of the sheet that is filled in."""
    names: dict[str, str] = _lists()["sheet"][target]
    return names.get(language, names["en"])


@lru_cache(maxsize=1)
def _lists() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("lists.toml").read_text(encoding="utf-8"))


def vat_rates(site: str) -> tuple[str, ...]:
    """The rates of VAT of a country in percent that hold now, the highest first, and zero."""
    return (*(str(rate) for rate in rates_in_force(site, None).values()), "0")
