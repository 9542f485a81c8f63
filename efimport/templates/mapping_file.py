"""A mapping file that says in full how the template of a target is read: a beginning for one of a person's own."""

from __future__ import annotations

from collections.abc import Iterator

from efimport.formats.spreadsheet.toml_text import listed, quoted, remark, section
from efimport.mappings import built_in_mappings
from efimport.mappings.parts import File
from efimport.mappings.targets import Field, TargetName, target_fields
from efimport.messages import Catalogue, Message


def mapping_text(target: TargetName, catalogue: Catalogue | None = None) -> str:
    """The text of a mapping file with all fields of a target and all headings by which they are known.

    Args:
        target: what the rows are.
        catalogue: language of the remarks; English when left out.
    """
    texts = catalogue or Catalogue()
    fields = target_fields(target)
    built_in = next(one for one in built_in_mappings() if one.name == target)
    required = [f"    {listed([names] if isinstance(names, str) else names)}," for names in built_in.header.required]
    head = [
        f"title = {quoted(texts.text(built_in.title))}",
        f"target = {quoted(target)}",
        f"optional = {str(bool(built_in.optional)).lower()}",
    ]
    parts = [
        "\n".join(head),
        section("file", _file(built_in.file)),
        section("header", ["required = [", *required, "]"]),
        section("columns", _lines(fields.document, texts)),
    ]
    if fields.line:
        parts.append(section("lines", _lines(fields.line, texts)))
    return "\n\n".join(parts) + "\n"


def _file(file: File) -> Iterator[str]:
    if file.encodings:
        yield f"encodings = {listed(file.encodings)}"
    yield f"dates = {listed(file.dates)}"


def _lines(fields: dict[str, Field], texts: Catalogue) -> Iterator[str]:
    for name, field in fields.items():
        yield f"# {remark(texts.text(Message(field.help)))}"
        yield f"{name} = {listed(field.headings)}"
