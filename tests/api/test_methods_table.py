"""The catalogue held against a table of all methods, where one lies beside the project."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from efimport.api import catalogue

TABLE = Path(__file__).parents[3] / "shared" / "api" / "methods.csv"
TYPES = {"Complex": "Structure", "FileStruct": "File", "Enum": "Choice"}
STYLES = {
    "attribute": "value attribute",
    "flag": "flag (no value)",
    "text": "element text",
    "nested": "nested XML",
    "file": "base64 contents",
    "files": "nested XML",
    "base64-text": "base64 text content",
    "base64-attribute": "base64 in value attribute",
}
AGAINST_THE_TABLE = {
    # In the example alone, where it wraps number and date against its own table of parameters.
    ("DebitNoteDelete", "DebitNote"),
    # An element of the goods receipt: the reference lists it under "data tags like".
    ("GoodsReceiptCreate", "status"),
}
"""Parameters of the table that the reference does not have."""
ANOTHER_OBLIGATION = {
    # "M?": the reference does not say that an account must be named.
    ("GeneralLedgerGetAccountBalance", "accountNumber"),
}
ANOTHER_TYPE = {
    # Several files of one entry.
    ("DocumentInboxAddEntry", "document"),
    # A code list that the reference does not spell out.
    ("GeneralLedgerGetAccountBalance", "voucherStatus"),
}

pytestmark = pytest.mark.skipif(not TABLE.is_file(), reason="no table of the methods beside the project")


def rows() -> list[dict[str, str]]:
    if not TABLE.is_file():
        return []
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def site_of(row: dict[str, str]) -> str:
    return row["sites"][:2]


def parameters_of(row: dict[str, str]) -> list[tuple[str, str, str]]:
    """Name, type and obligation."""
    found = []
    for part in row["parameters"].split(" ; "):
        name, kind, obligation = part.split(":", 2)
        found.append((name, kind.partition("(")[0], obligation))
    return found


def test_the_table_and_the_catalogue_name_the_same_methods() -> None:
    assert {row["method"] for row in rows()} == set(catalogue.methods())
    assert len(rows()) == 233


def test_the_sites_and_lines_of_every_row_are_those_of_the_catalogue() -> None:
    lines = {(row["method"], site_of(row)): int(row["seed_line"]) for row in rows()}
    assert lines == {
        (method.name, site): line for method in catalogue.methods().values() for site, line in method.lines.items()
    }
    for row in rows():
        method = catalogue.method(row["method"])
        assert set(re.findall(r"\b(?:CZ|SI|HR)\b", row["sites"].partition("(")[0])) <= set(method.sites)


def test_the_sections_of_the_czech_reference_are_those_of_the_table() -> None:
    for row in rows():
        if site_of(row) == "CZ" and not row["section"].startswith("("):
            assert catalogue.method(row["method"]).section == row["section"]


def test_every_parameter_of_every_row_is_in_the_catalogue_and_no_other() -> None:
    named: dict[str, set[str]] = {}
    for row in rows():
        named.setdefault(row["method"], set()).update(name for name, _, _ in parameters_of(row))
    for name, method in catalogue.methods().items():
        unknown = {other for owner, other in AGAINST_THE_TABLE if owner == name}
        assert {rule.name for rule in method.parameters} == named[name] - unknown, name


def test_types_and_obligations_are_those_of_the_table() -> None:
    for row in rows():
        method = catalogue.method(row["method"])
        for name, kind, obligation in parameters_of(row):
            if (method.name, name) in AGAINST_THE_TABLE:
                continue
            rule = method.parameter(name)
            if (method.name, name) not in ANOTHER_TYPE:
                assert rule.type == TYPES.get(kind, kind), (method.name, name)
            if (method.name, name) not in ANOTHER_OBLIGATION:
                assert _agrees(method, rule, obligation), (method.name, name, obligation)


def _agrees(method: catalogue.Method, rule: catalogue.ParameterRule, obligation: str) -> bool:
    chosen = rule.name in method.one_of
    if obligation.startswith("M"):
        # The page of one site may know no other way than the structure, where another site has POHODA as well.
        return rule.mandatory or chosen or bool(rule.spared)
    if obligation.startswith("C"):
        return rule.obligation == "conditional" or chosen or "imported documents only" in obligation
    return not rule.mandatory


def test_styles_are_those_of_the_table() -> None:
    for row in rows():
        if row["parameter_style"] == "unknown":
            continue
        styles = {catalogue.method(row["method"]).parameter(name).style for name, _, _ in parameters_of(row)
                  if (row["method"], name) not in AGAINST_THE_TABLE}  # fmt: skip
        for style in styles:
            assert STYLES[style] in row["parameter_style"] or style == "file", (row["method"], style)


def test_what_changes_data_is_what_the_table_says() -> None:
    for row in rows():
        changes = row["changes_data"].startswith(("yes", "creates a public link"))
        assert catalogue.method(row["method"]).changes_data == changes, row["method"]


HARMLESS_TWICE_AND_NOT_TO_THE_WORLD = {
    # A picture that somebody has put there in between would be lost.
    "PartnerImageAdd",
}


def test_what_is_harmless_to_repeat_is_what_the_table_says() -> None:
    for row in rows():
        method = catalogue.method(row["method"])
        harmless = row["naturally_idempotent"].startswith("yes") and method.changes_data
        if method.name not in HARMLESS_TWICE_AND_NOT_TO_THE_WORLD:
            assert (method.repeat == "safe-by-key") == harmless, method.name
        if method.key is not None:
            assert method.key in row["idempotency_key"], method.name


def test_every_documented_error_of_the_table_is_in_the_catalogue() -> None:
    counted = 0
    for row in rows():
        known = catalogue.method(row["method"]).errors
        for part in row["documented_errors"].split(" || "):
            printed = re.match(r'"(.*)"\s*(?:\[|\{)', part)
            if printed and printed[1] != "no privileges":
                assert printed[1] in known, row["method"]
                counted += 1
            for text in re.findall(r"(?:Access denied|Parameter |Can ?not find |Property )[^,}{\"]*", part):
                assert any(text.strip() in error or error in text for error in known), (row["method"], text)
    assert counted > 150
