from __future__ import annotations

import tracemalloc

from efimport.formats import pohoda
from efimport.formats.reading import Reading
from efimport.sources import Source

MAPPED_FROM = 8 * 1024 * 1024


def test_a_large_pack_is_not_held_in_memory(xml, tmp_path):
    head, tail = xml.pack("@@").encode().split(b"@@")
    filler = xml.header(more=f"<inv:note>{'poznámka ' * 5000}</inv:note>")
    path = tmp_path / "large.xml"
    count = 0
    with path.open("wb") as stream:
        stream.write(head)
        while stream.tell() < 2 * MAPPED_FROM:
            count += 1
            stream.write(xml.item(xml.invoice(filler), str(count)).encode())
        stream.write(tail)
    source = Source("large.xml", file=path)
    tracemalloc.start()
    try:
        found = sum(1 for document in pohoda.read(source, Reading()) if document.number == "2024001")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        source.release()
    assert found == count
    assert peak < MAPPED_FROM
