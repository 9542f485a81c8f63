"""The same document in another export is the same document."""

from __future__ import annotations

import pytest

from efimport.payloads.pohoda import substance_of

PACK = b"""<?xml version="1.0"?>
<d:dataPack xmlns:d="x" id="{id}"><d:dataPackItem id="1">{item}</d:dataPackItem></d:dataPack>"""
ITEM = b"<i:invoice xmlns:i='y'>\n  <i:number>1</i:number>\n  <i:text> a  b </i:text></i:invoice>"


def pack(identity: bytes, item: bytes) -> bytes:
    return PACK.replace(b"{id}", identity).replace(b"{item}", item)


def test_the_name_of_the_pack_does_not_count() -> None:
    assert substance_of(pack(b"may", ITEM)) == substance_of(pack(b"june", ITEM) + b"\r\n")


def test_layout_between_elements_does_not_count() -> None:
    assert substance_of(pack(b"may", ITEM)) == substance_of(pack(b"may", ITEM.replace(b"\n  ", b"\r\n\t")))


@pytest.mark.parametrize("change", [(b">1<", b">2<"), (b" a  b ", b" a b ")])
def test_a_changed_text_counts(change: tuple[bytes, bytes]) -> None:
    assert substance_of(pack(b"may", ITEM)) != substance_of(pack(b"may", ITEM.replace(*change)))
