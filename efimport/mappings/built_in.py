"""Mappings made of the fields of a target: for templates that were filled in, and tables with no other headings."""

from __future__ import annotations

from functools import lru_cache

from efimport.mappings.parts import ColumnSpec, File, Header
from efimport.mappings.records import RecordMapping
from efimport.mappings.targets import TARGETS, Field, TargetName, target_fields
from efimport.messages import message

DATES = (
    *("DD.MM.YYYY", "YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "YYYY/MM/DD", "YYYY.MM.DD"),
    *("DD.MM.YYYY.", "YYYY.MM.DD.", "DD.MM.YY", "DD/MM/YY"),
)
"""How days may be written in tables of which nobody says it; ``--date-format`` decides where two of them differ."""

_TITLES = {
    "invoices": message("invoices, with the headings of the template"),
    "orders": message("orders, with the headings of the template"),
    "partners": message("partners, with the headings of the template"),
    "products": message("products, with the headings of the template"),
}


@lru_cache(maxsize=1)
def built_in_mappings() -> tuple[RecordMapping, ...]:
    """A mapping for each target; its columns are known by all headings of its fields, in every language."""
    return tuple(_made(target) for target in TARGETS)


def _made(target: TargetName) -> RecordMapping:
    fields = target_fields(target)
    required = tuple(
        tuple(heading for name in group for heading in fields.field(name).headings)
        for group in (*fields.needs, fields.shows)
    )
    return RecordMapping(
        target=target,
        title=_TITLES[target],
        header=Header(required=required, closed=True),
        columns=_columns(fields.document),
        lines=_columns(fields.line),
        optional=True,
        name=target,
        file=File(encodings=("windows-1250",), dates=DATES),
    )


def _columns(fields: dict[str, Field]) -> dict[str, ColumnSpec]:
    return {name: one.headings for name, one in fields.items()}
