"""The type of a company (``companyType``), told from its legal form or from the end of its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

_DROPPED = re.compile(r"[\s.,()-]+")


class CompanyType(msgspec.Struct, frozen=True):
    """The type of a company.

    Attributes:
        code: ``companyType`` of the service.
        unknown: key of the line that the tables lack for the legal form; None where it was found, or none was stated.
    """

    code: str
    unknown: str | None = None


def company_type(legal_form: str | None, name: str, country: str, tables: Mapping[str, Any]) -> CompanyType:
    """What the source says of the legal form, else what the end of the name says, else that nobody says it.

    The end of the name is no guess: the law wants the legal form in the name of a company. Only endings that mean one
    thing are in the table.

    Args:
        legal_form: as the source names it (``s.r.o.``, ``Ltd``).
        name: name of the company.
        country: of its seat.
        tables: the tables of ``mappings/codes/partners.toml``.
    """
    unstated = str(tables["company"]["unstated"])
    if legal_form and legal_form.strip():
        key = _DROPPED.sub("", legal_form).casefold()
        by_country = {**tables["company_type"]["all"], **tables["company_type"].get(country.upper(), {})}
        code = by_country.get(key)
        return CompanyType(str(code)) if code else CompanyType(unstated, key)
    for ending, code in tables["name_ending"].items():
        if _pattern(ending).search(name):
            return CompanyType(str(code))
    return CompanyType(unstated)


@lru_cache(maxsize=128)
def _pattern(ending: str) -> re.Pattern[str]:
    """The ending behind a blank or a comma, with blanks between its letters, the last dot left out where one is before.

    ``s.r.o.`` is also written ``s. r. o.`` and ``s.r.o``; ``a.s`` without any dot would be a word.
    """
    letters = [re.escape(part) for part in re.split(r"(?<=\.)|\s+", ending.removesuffix(".")) if part]
    return re.compile(r"(?:^|[\s,])" + r"\s*".join(letters) + r"\.?\s*$", re.IGNORECASE)
