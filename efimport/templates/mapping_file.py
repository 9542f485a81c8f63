"""A mapping file that says in full how the template of a target is read: a beginning for one of a person's own."""

from __future__ import annotations

from collections.abc import Iterator

from efimport.formats.spreadsheet.toml_text import listed, quoted, remark, section
from efimport.mappings.targets import Field, TargetName, target_fields
from efimport.messages import Catalogue, Message, message

_TITLES: dict[TargetName, Message] = {
    "partners": message("Partners: the template of efimport"),
    "products": message("Products: the template of efimport"),
    "orders": message("Orders: the template of efimport"),
    "invoices": message("Invoices: the template of efimport"),
}


def mapping_text(target: TargetName, catalogue: Catalogue | None = None) -> str:
    """The text of a mapping file with all fields of a target and all headings by which they are known.

    Args:
        target: what the rows are.
        catalogue: language of the remarks; English when left out.
    """
    texts = catalogue or Catalogue()
    fields = target_fields(target)
    needed = [f"    {listed(field.headings)}," for field in fields.document.values() if field.required]
    parts = [
        "\n".join([f"title = {quoted(texts.text(_TITLES[target]))}", f"target = {quoted(target)}"]),
        section("header", ["required = [", *needed, "]"]),
        section("columns", _lines(fields.document, texts)),
    ]
    if fields.line:
        parts.append(section("lines", _lines(fields.line, texts)))
    return "\n\n".join(parts) + "\n"


def _lines(fields: dict[str, Field], texts: Catalogue) -> Iterator[str]:
    for name, field in fields.items():
        yield f"# {remark(texts.text(Message(field.help)))}"
        yield f"{name} = {listed(field.headings)}"
