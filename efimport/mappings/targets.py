"""What tables of invoices, orders, partners and products can tell: the fields, what they hold, and where it goes.

The tables in ``targets/*.toml`` are used by the reader of such files, by the templates that people fill in, and by what
is told about a mapping file, so that the three cannot differ.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

TargetName: TypeAlias = Literal["invoices", "orders", "partners", "products"]
TARGETS: tuple[TargetName, ...] = ("partners", "products", "orders", "invoices")

FieldType: TypeAlias = Literal[
    "text",
    "code",
    "amount",
    "percent",
    "integer",
    "day",
    "flag",
    "choice",
    "country",
    "currency",
    "language",
    "account",
]
"""``code`` identifies something (zeros in front stay), ``flag`` is yes or no, ``choice`` one of several words."""


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that a column can tell.

    Attributes:
        type: what the cells hold.
        to: attribute of the document that takes it, inner ones behind a dot.
        required: whether no document can be sent without it.
        title: what it is called.
        help: what to write into the cells.
        names: heading in the template, by language.
        also: further headings by which the column is known.
        maybe: headings that may mean it and may mean something else, a price without VAT or with it; a draft takes
            them, and a person looks at it.
        choices: what a ``choice`` can be: our word, and the words of tables for it.
        least: for ``amount`` and ``percent``: the least value that makes sense.
        most: the greatest one.
    """

    type: FieldType
    to: str
    required: bool = False
    title: str
    help: str
    names: dict[str, str]
    also: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    choices: dict[str, tuple[str, ...]] = {}
    least: int | None = None
    most: int | None = None

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings by which the column is known."""
        return tuple(dict.fromkeys((*self.names.values(), *self.also)))


class TargetFields(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a target.

    Attributes:
        document: fields of the document, by name.
        line: fields of its lines, by name; empty where it has none.
        sheets: names of the sheet of a template, in all languages.
        needs: groups of fields of which one each has to be told, else no document could be sent.
        shows: fields of which one has to be there as well for a table to be recognised by its headings alone.
    """

    document: dict[str, Field]
    line: dict[str, Field] = {}
    sheets: tuple[str, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    shows: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        """A field of the document or of its lines.

        Raises:
            KeyError: there is none of this name.
        """
        return self.document[name] if name in self.document else self.line[name]


@lru_cache(maxsize=len(TARGETS))
def target_fields(name: TargetName) -> TargetFields:
    """What tables of a target can tell."""
    text = (Path(__file__).with_name("targets") / f"{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), TargetFields)
