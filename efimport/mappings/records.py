"""What a mapping file says about a table of invoices, orders, partners or products.

The file is TOML; its keys are the attributes of these structures, and a key that none of them has is an error. Which
fields there are stands in :mod:`efimport.mappings.targets`. ``docs/mappings.md`` tells each with an example.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from efimport.mappings.parts import ColumnSpec, File, Header, Part, Skip, Value
from efimport.mappings.targets import TargetName


class VatColumns(Part, frozen=True, kw_only=True):
    """``[[vat]]``: amounts of one VAT rate, for tables with one row a document and a column for each rate.

    Attributes:
        rate: VAT in percent.
        base: the column with the amount without VAT.
        vat: the column with the VAT; left out where ``total`` is given.
        total: the column with the amount with VAT.
        description: text of the line that is made of it.
    """

    rate: str
    base: ColumnSpec | None = None
    vat: ColumnSpec | None = None
    total: ColumnSpec | None = None
    description: ColumnSpec | None = None


class RecordMapping(Part, frozen=True, kw_only=True):
    """A mapping file with ``target = "invoices"``, ``"orders"``, ``"partners"`` or ``"products"``.

    Where ``lines`` is empty, each row is a document. Else each row is a line: rows of one number are one document, and
    where the number stands above the rows, the whole table is one.

    Attributes:
        target: what the rows are.
        title: what the table is, for people.
        header: by what the table is recognised.
        columns: the columns of the document, by the name of the field.
        lines: the columns of its lines, by the name of the field.
        service: columns that hold elements of the service's own format, by the name of the element.
        line_service: the same for lines.
        words: what words in the table mean, by field: our word, and the words of the table for it.
        defaults: what a field is where its cell is empty or its column missing.
        vat: see :class:`VatColumns`.
        direction: whether the firm issued the invoices or received them.
        optional: fields whose column not every table has; ``true`` for all but those that the target requires. A column
            that is not optional and missing is an error.
        only_named: whether the mapping is used only where the user names it, because its header proves nothing.
        name: name of the file without its ending; of a built-in mapping that of its target.
        path: the file; empty for a built-in mapping. Not a key of the file, and so is ``places``.
        places: line of the file by key, ``columns.date``.
        evidence: ``A``: seen in a real file or in the maker's own documentation; ``B``: a program in use reads by these
            names; ``C``: imitations only, to be checked with a real file.
        evidence_note: what the evidence is.
        file, preamble, footer, file_name, sheet_name, skip: as for statements.
    """

    target: TargetName
    title: str
    header: Header
    columns: dict[str, ColumnSpec] = msgspec.field(default_factory=dict)
    lines: dict[str, ColumnSpec] = msgspec.field(default_factory=dict)
    service: dict[str, ColumnSpec] = msgspec.field(default_factory=dict)
    line_service: dict[str, ColumnSpec] = msgspec.field(default_factory=dict)
    words: dict[str, dict[str, tuple[str, ...]]] = msgspec.field(default_factory=dict)
    defaults: dict[str, str] = msgspec.field(default_factory=dict)
    vat: tuple[VatColumns, ...] = ()
    direction: Literal["issued", "received"] = "issued"
    optional: bool | tuple[str, ...] = ()
    only_named: bool = False
    name: str = ""
    path: str = ""
    places: dict[str, int] = msgspec.field(default_factory=dict)
    evidence: Literal["A", "B", "C"] | None = None
    evidence_note: str = ""
    file: File = File()
    preamble: tuple[Value, ...] = ()
    footer: tuple[Value, ...] = ()
    file_name: tuple[Value, ...] = ()
    sheet_name: tuple[Value, ...] = ()
    skip: tuple[Skip, ...] = ()

    @property
    def is_built_in(self) -> bool:
        """Whether it is made of the fields of its target, and no file says it."""
        return not self.path

    @property
    def target_has_lines(self) -> bool:
        """Whether its documents have lines."""
        return self.target in ("invoices", "orders")

    def line_of(self, *keys: str) -> int | None:
        """The line of the first of several keys that the file has; of what stands around it where it has none."""
        around = [key for one in keys for key in (one, one.partition(".")[0])]
        return next((self.places[key] for key in around if key in self.places), None)
