"""What a record holds and no document has room for, so that nobody believes it was taken over.

Invoices are not looked at: they are sent as they stand, or as ISDOC, whose writer tells what it leaves out.
Source: POHODA XML, order.xsd, addressbook.xsd, stock.xsd (the headers); ``read-fields.toml`` names what is read.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources

import msgspec

from efimport.formats.pohoda.fields import Block, contents


class Known(msgspec.Struct, frozen=True):
    """The table ``read-fields.toml``.

    Attributes:
        technical: fields of every header that say nothing to others.
        blocks: blocks beside the header that are read.
        nothing: contents that are the same as none.
        headers: fields that are read, by header.
    """

    technical: frozenset[str]
    blocks: frozenset[str]
    nothing: frozenset[str]
    headers: dict[str, frozenset[str]]


@lru_cache(maxsize=1)
def _known() -> Known:
    text = (resources.files("efimport.formats.pohoda") / "read-fields.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Known)


def note_unread(document: Block, header: Block, *also_read: str) -> None:
    """Tell the fields that hold something and are not taken over.

    Args:
        document: the record.
        header: its header.
        also_read: fields that were read of this record.
    """
    known = _known()
    read = known.headers.get(header.name, frozenset()) | known.technical | set(also_read)
    names = [*_filled(header, read), *_filled(document, known.blocks)]
    if names:
        document.notes.add("pohoda.not-read", header.element, names=", ".join(names))


def _filled(block: Block, known: frozenset[str]) -> list[str]:
    found = []
    for name in block.names:
        child = block.child(name)
        if name not in known and child is not None and not _known().nothing.issuperset(contents(child)):
            found.append(name)
    return found
