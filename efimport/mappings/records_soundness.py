"""What can be wrong with a mapping file of documents beyond keys and types."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from efimport.mappings.parts import Value
from efimport.mappings.records import RecordMapping, VatColumns
from efimport.mappings.soundness import Fault, of_parts
from efimport.mappings.targets import Field, TargetFields, target_fields
from efimport.messages import message

_ELEMENT = re.compile(r"[A-Za-z]+(?:\.[A-Za-z]+)?")
_WORDED = {"flag": "true, false", "percent": "21", "country": "CZ", "currency": "CZK", "language": "cs"}
"""Further types that have words, with an example of ours."""
_LINE_TEXT = ("description", "product_code")
_LINE_AMOUNT = ("unit_price", "unit_price_with_vat", "line_total_without_vat", "line_total_with_vat")
_DOCUMENT_AMOUNT = {
    "invoices": ("total_without_vat", "total_with_vat", "payable"),
    "orders": ("total",),
}


def record_faults(mapping: RecordMapping) -> Iterator[Fault]:
    """Key and reason of everything that is wrong, the first one first."""
    fields = target_fields(mapping.target)
    yield from of_parts(mapping)
    yield from _of_names(mapping, fields)
    yield from _of_values(mapping, fields)
    yield from _given_twice(mapping)
    yield from _of_words(mapping, fields)
    yield from _of_defaults(mapping, fields)
    yield from _of_elements(mapping)
    yield from _of_vat(mapping)
    yield from _of_lines(mapping)
    yield from _of_needs(mapping, fields)


def _of_names(mapping: RecordMapping, fields: TargetFields) -> Iterator[Fault]:
    every = {**fields.document, **fields.line}
    optional = mapping.optional if isinstance(mapping.optional, tuple) else ()
    places: tuple[tuple[str, Iterable[str], dict[str, Field]], ...] = (
        ("columns", mapping.columns, fields.document),
        ("lines", mapping.lines, fields.line),
        ("words", mapping.words, every),
        ("defaults", mapping.defaults, every),
    )
    for section, names, known in places:
        for name in names:
            if name not in known:
                yield f"{section}.{name}", _unknown(mapping, name, known, section)
    for name in optional:
        if name not in every and name not in mapping.service and name not in mapping.line_service:
            yield "optional", _unknown(mapping, name, every, "optional")


def _unknown(mapping: RecordMapping, name: str, known: Iterable[str], section: str) -> str:
    fields = target_fields(mapping.target)
    if section == "columns" and name in fields.line:
        return message("{name} is of a line, and belongs to [lines]", name=name)
    if section == "lines" and name in fields.document:
        return message("{name} is of the document, and belongs to [columns]", name=name)
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    if near:
        return message(
            "there is no field {name} of {target} (did you mean {near}?)",
            name=repr(name),
            target=mapping.target,
            near=near[0],
        )
    return message("there is no field {name} of {target}", name=repr(name), target=mapping.target)


def values_of(mapping: RecordMapping) -> Iterator[tuple[str, Value]]:
    """The values beside the rows, each with its key."""
    for section in ("preamble", "footer", "file_name", "sheet_name"):
        for index, value in enumerate(getattr(mapping, section)):
            yield f"{section}[{index}]", value


def fields_of(value: Value) -> set[str]:
    """The fields that a value beside the rows gives."""
    groups = set(re.compile(value.pattern).groupindex) - {"value"} if value.pattern is not None else set()
    return groups | ({value.field} if value.field else set())


def _of_values(mapping: RecordMapping, fields: TargetFields) -> Iterator[Fault]:
    for key, value in values_of(mapping):
        for name in sorted(fields_of(value) - fields.document.keys()):
            yield key, _unknown(mapping, name, fields.document, "columns")


def _given_twice(mapping: RecordMapping) -> Iterator[Fault]:
    beside = {name: key for key, value in values_of(mapping) for name in fields_of(value)}
    for name in mapping.columns:
        if name in beside:
            yield (
                f"columns.{name}",
                message("the field is given twice: here and by {other}", other=f"[[{beside[name]}]]"),
            )


def _of_words(mapping: RecordMapping, fields: TargetFields) -> Iterator[Fault]:
    for name, words in mapping.words.items():
        field = fields.document.get(name) or fields.line.get(name)
        if field is None:
            continue
        if field.type not in (*_WORDED, "choice"):
            reason = message(
                "words are for fields that hold one of several, and {name} is {type}", name=name, type=field.type
            )
            yield f"words.{name}", reason
            continue
        for ours in words:
            if not _is_word(field, ours):
                known = ", ".join(field.choices) or _WORDED.get(field.type, "")
                yield f"words.{name}.{ours}", message("{found} is none of {words}", found=repr(ours), words=known)


def _is_word(field: Field, ours: str) -> bool:
    """Whether the word on our side is one that a field may hold."""
    if field.type == "choice":
        return ours in field.choices
    if field.type == "percent":
        return ours.replace(".", "", 1).isdigit()
    if field.type == "flag":
        return ours in ("true", "false")
    letters = 3 if field.type == "currency" else 2
    return len(ours) == letters and ours.isalpha() and ours.isascii()


def _of_defaults(mapping: RecordMapping, fields: TargetFields) -> Iterator[Fault]:
    for name, text in mapping.defaults.items():
        field = fields.document.get(name) or fields.line.get(name)
        if field is not None and field.type == "choice" and text not in field.choices:
            yield (
                f"defaults.{name}",
                message("{found} is none of {words}", found=repr(text), words=", ".join(field.choices)),
            )


def _of_elements(mapping: RecordMapping) -> Iterator[Fault]:
    for section, names in (("service", mapping.service), ("line_service", mapping.line_service)):
        for name in names:
            if not _ELEMENT.fullmatch(name):
                yield (
                    f"{section}.{name}",
                    message("the name of an element is made of letters, with one dot where it is in a block"),
                )


def _of_vat(mapping: RecordMapping) -> Iterator[Fault]:
    if mapping.vat and mapping.target not in _DOCUMENT_AMOUNT:
        yield "vat[0]", message("only invoices and orders have amounts by rate")
    if mapping.vat and mapping.lines:
        yield "vat[0]", message("each row is a document here, and with [lines] it is a line")
    for index, one in enumerate(mapping.vat):
        yield from _of_rate(one, f"vat[{index}]")


def _of_rate(one: VatColumns, key: str) -> Iterator[Fault]:
    try:
        rate = Decimal(one.rate)
    except InvalidOperation:
        rate = Decimal(-1)
    if not rate.is_finite() or not 0 <= rate <= 100 or 0 < rate < 1:
        yield f"{key}.rate", message("{found} is no rate in percent", found=repr(one.rate))
    if one.base is None and one.total is None:
        yield key, message("it needs 'base' or 'total'")


def _of_lines(mapping: RecordMapping) -> Iterator[Fault]:
    if mapping.target not in _DOCUMENT_AMOUNT:
        if mapping.direction == "received":
            yield "direction", message("only invoices and orders are issued or received")
        return
    if mapping.lines:
        told = {*mapping.lines, *mapping.defaults}
        for group in (_LINE_TEXT, _LINE_AMOUNT):
            if not told & set(group):
                yield "lines", message("one of {fields} is needed", fields=", ".join(group))
    elif not mapping.vat:
        amounts = _DOCUMENT_AMOUNT[mapping.target]
        told = {*mapping.columns, *(name for _, value in values_of(mapping) for name in fields_of(value))}
        if not told & set(amounts):
            yield "columns", message("without [lines] and [[vat]] one of {fields} is needed", fields=", ".join(amounts))


def _of_needs(mapping: RecordMapping, fields: TargetFields) -> Iterator[Fault]:
    told = {
        *mapping.columns,
        *mapping.defaults,
        *(name for _, value in values_of(mapping) for name in fields_of(value)),
    }
    for group in fields.needs:
        if not told & set(group):
            yield (
                "columns",
                message("one of {fields} is needed", fields=", ".join(group))
                if len(group) > 1
                else message("{name} is needed", name=group[0]),
            )
