"""Names of POHODA XML: namespaces and what the elements of a pack are.

Source: POHODA XML, version 2: data.xsd, response.xsd, list.xsd and the schemas of the agendas. A namespace is the
identity of an agenda; prefixes are free.
"""

from __future__ import annotations

ROOT = "http://www.stormware.cz/schema/"
VERSION_2 = ROOT + "version_2/"

DATA = VERSION_2 + "data.xsd"
RESPONSE = VERSION_2 + "response.xsd"

PACKS = {DATA: ("dataPack", "dataPackItem"), RESPONSE: ("responsePack", "responsePackItem")}
"""Root and item by the namespace of the root."""

ROOTS = tuple(root for root, _ in PACKS.values())

ATTRIBUTES = {
    "dataPack": ("version", "id", "application", "note"),
    "responsePack": ("version", "id", "state"),
    "dataPackItem": ("version", "id"),
}
"""Attributes that the schemas require."""

DOCUMENT_AGENDAS = {
    "categoryDetail": "category",
    "intParamDetail": "intParam",
}
"""Agenda of a document's element where it is not called like its agenda."""


def agenda(namespace: str) -> str:
    """Name of the agenda that a namespace stands for, ``invoice``; empty for a foreign namespace."""
    if not namespace.startswith(VERSION_2):
        return ""
    return namespace.removeprefix(VERSION_2).removesuffix(".xsd")


def agenda_namespace(document: str) -> str:
    """Namespace in which an import names the document that a list export calls by this local name."""
    return f"{VERSION_2}{DOCUMENT_AGENDAS.get(document, document)}.xsd"
