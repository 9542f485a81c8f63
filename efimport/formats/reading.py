"""What a reader is told and what it tells besides the documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TypeAlias

import msgspec

from efimport.documents import Document
from efimport.findings import Finding
from efimport.messages import Message
from efimport.sources import ARCHIVE_ERRORS, LIMITS, Limits, Source, TooManyEntriesError, opened_archive


class Own(msgspec.Struct, frozen=True):
    """Who we are: tells an issued document from a received one, and an account's order of digits.

    Attributes:
        registration_number: IČO and the like.
        vat_id: VAT identification number with the country prefix.
        bank_accounts: IBANs or national numbers with the bank code.
        site: CZ, SI or HR; None where unknown.
    """

    registration_number: str | None = None
    vat_id: str | None = None
    bank_accounts: tuple[str, ...] = ()
    site: str | None = None


class Hints(msgspec.Struct, frozen=True):
    """What the user says about the files themselves, where they do not tell.

    Attributes:
        date_format: how days are written in tables, ``DD/MM/YYYY`` and the like; None to find it from the data.
        mappings: paths of the user's own mapping files, which come before the shipped ones.
        codes: folder with the firm's own tables of codes (VAT rates and the like); None for none.
    """

    date_format: str | None = None
    mappings: tuple[str, ...] = ()
    codes: str | None = None


NO_HINTS = Hints()


class Reading:
    """One reading of one source: what the reader may know, and what it found out about the file.

    Attributes:
        own: who we are.
        limits: what is read at most.
        hints: what the user says about the files.
        encoding: set by the reader: the encoding of the text, in lower case (``windows-1250``).
        version: set by the reader: version of the format.
    """

    def __init__(self, own: Own | None = None, limits: Limits = LIMITS, hints: Hints = NO_HINTS) -> None:
        self.own = own or Own()
        self.limits = limits
        self.hints = hints
        self.encoding: str | None = None
        self.version: str | None = None

    @property
    def date_format(self) -> str | None:
        """How days are written in tables, where the user says so."""
        return self.hints.date_format

    @property
    def mappings(self) -> tuple[str, ...]:
        """Paths of the user's own mapping files."""
        return self.hints.mappings


Read: TypeAlias = Document | Finding
Reader: TypeAlias = Callable[[Source, Reading], Iterator[Read]]


class Recognition(msgspec.Struct, frozen=True):
    """A format's claim on a file.

    Attributes:
        format: name of the format as reports show it.
        confidence: 0 to 100; 100 where the content leaves no doubt.
        reason: why, for people.
        version: version as far as the head of the file tells.
    """

    format: str
    confidence: int
    reason: Message
    version: str | None = None


class Sample:
    """What recognition looks at: name, head, and where it helps the root element or the names in the archive."""

    def __init__(self, source: Source, hints: Hints = NO_HINTS) -> None:
        self.source = source
        self.hints = hints
        self.suffix = source.suffix
        self.head = source.head

    @cached_property
    def text(self) -> bytes:
        """The head without a byte-order mark, as bytes of an encoding that keeps ASCII."""
        for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
            if self.head.startswith(mark):
                return self.head[2:].decode(encoding, "replace").encode("utf-8")
        return self.head.removeprefix(b"\xef\xbb\xbf")

    @cached_property
    def root(self) -> tuple[str, str] | None:
        """Namespace (``""`` for none) and local name of the root element; None where the file is not XML."""
        return root_of(self.text)

    @cached_property
    def archive_names(self) -> tuple[str, ...] | None:
        """Names of the entries of a zip archive; None where the file is none or is damaged."""
        if not self.head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return None
        try:
            with opened_archive(self.source) as archive:
                return tuple(archive.namelist())
        except (TooManyEntriesError, *ARCHIVE_ERRORS):
            return ()


_PROLOG = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>|\s)*", re.DOTALL)
_START_TAG = re.compile(rb"<(?:([\w.\-]+):)?([\w.\-]+)((?:\s[^<>]*)?)/?>?")


def root_of(head: bytes) -> tuple[str, str] | None:
    """Namespace and local name of the root element, told from the head of an XML text without parsing it."""
    prolog = _PROLOG.match(head)
    tag = _START_TAG.match(head, prolog.end() if prolog else 0)
    if tag is None:
        return None
    prefix, local, attributes = tag.groups()
    declaration = b"xmlns:" + re.escape(prefix) if prefix else b"xmlns"
    namespace = re.search(rb"(?<![\w:])" + declaration + rb"\s*=\s*([\"'])(.*?)\1", attributes, re.DOTALL)
    return (
        namespace.group(2).decode("utf-8", "replace").strip() if namespace else "",
        local.decode("utf-8", "replace"),
    )
