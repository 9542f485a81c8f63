"""What partners, products and groups have in common: updates keep what they do not name, codes, unknown elements."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Container
from copy import deepcopy
from functools import cache
from importlib import resources

from lxml import etree

from efimport.sandbox.methods.searching import fits
from efimport.sandbox.methods.tables import is_code
from efimport.sandbox.reading import children, local_name, read_xml, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Entry
from efimport.sandbox.texts import text

CODES = {"BuyerData": "buyer", "SupplierData": "supplier"}
"""Inner blocks of a partner, and the beginning of the names of their code lists."""


def merged(stored: bytes, element: etree._Element) -> etree._Element:
    """The record after an update: elements that are sent replace those of their name, others stay (assumed)."""
    before = read_xml(stored) if stored else None
    if before is None:
        return element
    whole = deepcopy(before)
    sent = {local_name(child) for child in children(element)}
    for child in children(whole):
        if local_name(child) in sent:
            whole.remove(child)
    whole.extend(deepcopy(child) for child in children(element))
    return whole


def element_of(entry: Entry) -> etree._Element:
    """The record as it is kept; an empty element where nothing is."""
    element = read_xml(entry.raw)
    return element if element is not None else etree.Element("parameter")


def next_code(taken: Container[str], digits: int) -> str:
    """A new code for a record that brings none: the first number that is free, of at least so many digits."""
    return next(code for count in itertools.count(1) if (code := f"{count:0{digits}d}") not in taken)


def give_code(element: etree._Element, name: str, code: str) -> None:
    """Put a code into a record that was sent without one, or with an empty one."""
    for empty in children(element, name):
        element.remove(empty)
    etree.SubElement(element, name).text = code


def only_match(records: dict[str, Entry], code: str, *, unknown: str, several: str) -> Entry:
    """The record of exactly that code; without one and with a star in it, the only one that it fits.

    Args:
        records: by code.
        code: what was asked for.
        unknown: the sentence for none.
        several: the sentence for more than one.

    Raises:
        RefusedError: there is none, or more than one.
    """
    if code in records:
        return records[code]
    hits = [entry for entry in records.values() if fits(code, entry.code)] if "*" in code else []
    if not hits:
        raise RefusedError(text(unknown, code=code))
    if len(hits) > 1:
        raise RefusedError(text(several, count=str(len(hits)), code=code))
    return hits[0]


def status_of(element: etree._Element) -> str:
    """``active`` or ``inactive``; true and false mean the same, active is the default (reference, ProductCreate)."""
    return "inactive" if text_of(element, "status").lower() in ("inactive", "false") else "active"


def unlisted(record: str, element: etree._Element) -> list[str]:
    """Names of elements that the reference does not list for the record; the service passes over them in silence."""
    return sorted(set(_unlisted(record, element, "")))


def _unlisted(block: str, element: etree._Element, path: str) -> list[str]:
    known = _elements()[block]
    found = []
    for child in children(element):
        name = local_name(child)
        if name not in known:
            found.append(path + name)
        elif name in _elements():
            found += _unlisted(name, child, f"{path}{name}/")
    return found


@cache
def _elements() -> dict[str, frozenset[str]]:
    text = resources.files("efimport.sandbox.methods").joinpath("records.toml").read_text(encoding="utf-8")
    return {block: frozenset(names.split()) for block, names in tomllib.loads(text).items()}


def wrong_role(element: etree._Element) -> list[str]:
    """Properties of the roles of a partner that are none of the values of the reference."""
    wrong = []
    for block, lists in CODES.items():
        for inner in children(element, block):
            for name, codes in (("status", "status"), ("numberOfDaysForPaymentBaseDate", "payment-base")):
                value = text_of(inner, name)
                if value and not is_code(f"{lists}-{codes}", value):
                    wrong.append(f"{block}_{name}")
    return wrong
