"""A call of the web service: a method and its parameters, in the order in which they are sent.

The ways in which a parameter is written are those seen in the examples of the web service reference; a call says which
way each parameter takes, the wire modules write it. Parameters are a sequence, not a mapping: some may be repeated
(``productCode`` of WarehouseGetArticleStockQuantity).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

import msgspec

Scalar: TypeAlias = str | bool | int | Decimal | date | datetime


class Element(msgspec.Struct, frozen=True, gc=False):
    """An element inside a nested parameter: a text, or children.

    Attributes:
        name: name of the element.
        value: its text; None where it has children (or is empty).
        children: the elements inside, in order.
        attributes: XML attributes as pairs.
    """

    name: str
    value: Scalar | None = None
    children: tuple[Element, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()


class Attribute(msgspec.Struct, frozen=True):
    """``<parameter name="..." value="..." />``; with ``kind`` also ``type="Date"`` (Boolean, Decimal, String)."""

    value: Scalar
    kind: str | None = None


class Flag(msgspec.Struct, frozen=True):
    """``<parameter name="markDocumentAsSent" />``: there means yes; it is left out where no is meant."""


class Text(msgspec.Struct, frozen=True):
    """``<parameter name="paymentOrderPosition">top</parameter>``."""

    value: Scalar


class Nested(msgspec.Struct, frozen=True):
    """``<parameter name="SalesInvoice"> <date>..</date> ... </parameter>``: the elements stand directly inside."""

    children: tuple[Element, ...]


class Base64Text(msgspec.Struct, frozen=True):
    """Bytes as the base64 text of the parameter (``base64data`` of a POHODA import)."""

    content: bytes


class Base64Attribute(msgspec.Struct, frozen=True):
    """Bytes as base64 in the value attribute (``statementData``)."""

    content: bytes


class File(msgspec.Struct, frozen=True):
    """A file: ``<contents encoding="BASE64">..</contents><fileName>..</fileName>`` inside the parameter.

    Attributes:
        content: the bytes.
        name: file name.
        document_date: ``documentDate`` of an inbox entry, written ``YYYY-MM-DD HH:MM:SS``.
        wrapper: name of one element around the three, where the service wants one. The reference shows that the
            inbox has one and does not show its name (web service reference, DocumentInboxImport).
    """

    content: bytes
    name: str
    document_date: datetime | None = None
    wrapper: str | None = None


class Files(msgspec.Struct, frozen=True):
    """Several files of one inbox entry (web service reference, DocumentInboxAddEntry, parameter ``document``).

    Attributes:
        files: the files in order; their own ``document_date`` and ``wrapper`` are not written.
        document_date: ``documentDate`` of the entry, written ``YYYY-MM-DD HH:MM:SS``.
        wrapper: name of one element around everything; None for none.
        list_name: name of the element around the files; None for none.
        entry_name: name of the element around each file; None for none, which only one file can do without.
    """

    files: tuple[File, ...]
    document_date: datetime | None = None
    wrapper: str | None = None
    list_name: str | None = None
    entry_name: str | None = None


Value: TypeAlias = Attribute | Flag | Text | Nested | Base64Text | Base64Attribute | File | Files


class Parameter(msgspec.Struct, frozen=True):
    """One parameter of a call."""

    name: str
    value: Value


class Call(msgspec.Struct, frozen=True):
    """A method of the service with its parameters.

    Attributes:
        method: name as in the reference, ``SalesInvoiceImport``.
        parameters: in the order in which they are sent.
    """

    method: str
    parameters: tuple[Parameter, ...] = ()

    def __getitem__(self, name: str) -> Value:
        """The first parameter of that name; raises KeyError where there is none."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter.value
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(parameter.name == name for parameter in self.parameters)

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.parameters)
