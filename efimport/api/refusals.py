"""What the service says when it says no: the texts of the reference, and what each of them means."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal, TypeAlias

Refusal: TypeAlias = Literal[
    "busy", "login", "privileges", "posted", "already-exists", "not-found", "validation", "other-refusal"
]
"""busy: refused before anything was done, wait and try again. login: token, user or password. privileges: the user may
not. posted: the document is booked and cannot be overwritten. already-exists: there is one of that number or code.
not-found. validation: something is missing or wrong in the call. other-refusal: any other text."""


def kind_of(description: str) -> Refusal:
    """What a description of the service means; ``other-refusal`` for a text that is not known.

    A description that lists faults of properties ("Error nr: 1 #buyerTaxNumber - ...") is a validation, whatever the
    faults say: "Can not find product for code" is then about a line of the document and not about the document.
    """
    lists_properties = re.search(r"Error nr: \d+ #", description, re.IGNORECASE) is not None
    for kind, pattern in _patterns().items():
        if pattern.search(description) and (not lists_properties or kind in ("busy", "login", "privileges", "posted")):
            return kind
    return "validation" if lists_properties else "other-refusal"


@cache
def documented_texts() -> Mapping[str, Refusal]:
    """The texts of the reference, word for word with ``{fields}`` for what varies, and what each means."""
    return {text: table["kind"] for table in _tables()["texts"] for text in table["texts"]}


@cache
def _patterns() -> Mapping[Refusal, re.Pattern[str]]:
    return {
        table["kind"]: re.compile("|".join(table["patterns"]), re.IGNORECASE | re.DOTALL)
        for table in _tables()["kinds"]
    }


def _tables() -> dict[str, Any]:
    return tomllib.loads(resources.files("efimport.api").joinpath("refusals.toml").read_text(encoding="utf-8"))
