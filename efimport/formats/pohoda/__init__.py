"""POHODA XML of Stormware, version 2: packs of invoices, orders, partners and stock, and exports of the program."""

from __future__ import annotations

from collections.abc import Iterator

from efimport.findings import Location, finding
from efimport.formats.pohoda import names
from efimport.formats.reading import Read, Reading, Recognition, Sample, root_of
from efimport.messages import message
from efimport.sources import Source

FORMAT = "pohoda"
_PACKS = ("dataPack", "responsePack")


def recognise(sample: Sample) -> Recognition | None:
    """By the namespace and the name of the root element; prefixes mean nothing.

    Also claimed, so that the reading can say what they are: version 1, packs without any namespace, and STORMWARE
    eForm.
    """
    if sample.root is None:
        return None
    namespace, name = sample.root
    if namespace in names.PACKS:
        reason = message("The root element {name} is in the namespace of POHODA XML 2.0.", name=name)
        return Recognition(FORMAT, 100, reason, "2.0")
    if namespace.startswith(names.ROOT):
        reason = message("The root element {name} is in a namespace of Stormware.", name=name)
        return Recognition(FORMAT, 95, reason, None if namespace.startswith(names.VERSION_2) else "1")
    if name in _PACKS and "stormware" in namespace.lower():
        reason = message(
            "The root element is called {name}, as in POHODA XML, in a namespace like that of it.", name=name
        )
        return Recognition(FORMAT, 80, reason)
    if name in _PACKS and not namespace:
        reason = message("The root element is called {name}, as in POHODA XML, but has no namespace.", name=name)
        return Recognition(FORMAT, 80, reason)
    if name.lower() == "eform":
        return Recognition(FORMAT, 80, message("The root element is that of a STORMWARE eForm."))
    return None


def read(source: Source, reading: Reading) -> Iterator[Read]:
    """The documents of the pack; for what only looks like one, a finding that says what it is."""
    root = root_of(Sample(source).text)
    namespace, name = root if root is not None else ("", "")
    place = Location(path=source.path, line=1, where=f"/{name}")
    if name.lower() == "eform":
        yield finding("pohoda.eform", place)
    elif namespace.startswith(names.ROOT) and not namespace.startswith(names.VERSION_2):
        reading.version = "1"
        yield finding("pohoda.old-version", place, namespace=namespace)
    else:
        from efimport.formats.pohoda.pack import read_pack

        yield from read_pack(source, reading)
