"""Words of tables: yes and no, countries, currencies and languages by their codes and by their names.

Names come from the Unicode CLDR (through Babel) in the languages of the firms that we serve; what people write besides
stands in ``words.toml``.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from efimport.formats.spreadsheet.names import folded

LANGUAGES = ("en", "cs", "sk", "sl", "hr", "de")
"""Languages whose names of countries, currencies and languages are understood."""


@lru_cache(maxsize=1)
def _written() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def flags() -> dict[str, bool]:
    """What the words for yes and no mean, folded."""
    words = _written()["flags"]
    yes = dict.fromkeys(map(folded, words["yes"]), True)
    return {**yes, **dict.fromkeys(map(folded, words["no"]), False)}


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    from babel import Locale
    from babel.core import get_global

    known: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                known.setdefault(folded(name), code)
                known[code.casefold()] = code
    for alias, codes in get_global("territory_aliases").items():
        if len(alias) in (2, 3) and alias.isalpha() and len(codes) == 1:
            known.setdefault(alias.casefold(), codes[0])
    return {**known, **_further("countries")}


def country_code(text: str) -> str | None:
    """ISO 3166-1 code of two letters of a country: its code of two or three letters or its name; None for none."""
    return _countries().get(folded(text).strip("."))


@lru_cache(maxsize=1)
def _currencies() -> dict[str, str]:
    from babel import Locale

    known: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).currencies.items():
            known.setdefault(folded(name), code)
            known[code.casefold()] = code
    return {**known, **_further("currencies")}


def currency_code(text: str) -> str | None:
    """ISO 4217 code of a currency: its code, sign or name; None for none."""
    return _currencies().get(folded(text))


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    from babel import Locale

    known: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).languages.items():
            if len(code) == 2:
                known.setdefault(folded(name), code)
                known[code] = code
    return {**known, **_further("languages")}


def language_code(text: str) -> str | None:
    """ISO 639-1 code of a language: its code, with or without a country, or its name; None for none."""
    name = folded(text)
    return _languages().get(name) or _languages().get(name.replace("-", "_").partition("_")[0])


def _further(section: str) -> dict[str, str]:
    return {folded(name): code for code, names in _written()[section].items() for name in names}
