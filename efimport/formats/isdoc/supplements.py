"""Files that come with a document: supplements with their digests, and the picture that people read.

Source: ISDOC 6.0.2 specification, SupplementsList and the archive ISDOCX.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import unicodedata
from collections.abc import Sequence
from urllib.parse import unquote

import msgspec

from efimport.documents import Attachment
from efimport.formats.isdoc.node import Node, Notes

_DIGESTS = {"sha1": "sha1", "sha224": "sha224", "sha256": "sha256", "sha384": "sha384", "sha512": "sha512"}
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xml": "application/xml",
    "isdoc": "text/xml",
    "isdocx": "application/zip",
    "zip": "application/zip",
    "txt": "text/plain",
    "csv": "text/csv",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def media_type(name: str) -> str | None:
    """The media type that the ending of a name stands for; the same on every system."""
    return _MEDIA_TYPES.get(name.rpartition(".")[2].lower())


def attach(root: Node, enclosed: Sequence[Attachment] | None, notes: Notes) -> tuple[Attachment, ...]:
    """The files that came with a document, checked against its list; the visualization is marked.

    Args:
        root: the document.
        enclosed: the files, named as their container names them; None where the document came alone.
        notes: takes what is missing or differs.
    """
    listed = list(root.each("SupplementsList", "Supplement"))
    if enclosed is None:
        if listed:
            notes.add("isdoc.supplements-not-enclosed", root.one("SupplementsList"), count=len(listed))
        return ()
    preview: Attachment | None = None
    intact = 0
    for supplement in listed:
        found = _find(supplement, enclosed)
        if found is None:
            notes.add("isdoc.supplement-missing", supplement, name=supplement.text("Filename") or "-")
            continue
        intact += _is_intact(supplement, found, notes)
        if preview is None and _is_true(supplement.element.get("preview")) and _is_pdf(found):
            preview = found
    if intact:
        notes.add("isdoc.supplements-intact", root.one("SupplementsList"), count=intact, total=len(listed))
    return tuple(_named(one, one is (preview or _picture(enclosed))) for one in enclosed)


def _named(file: Attachment, visualization: bool) -> Attachment:
    name = file.name.replace("\\", "/").rpartition("/")[2]
    return msgspec.structs.replace(file, name=name, media_type=media_type(name), visualization=visualization)


def _picture(enclosed: Sequence[Attachment]) -> Attachment | None:
    """The file that its container marks as the picture, else the only PDF: many programs add one without listing it."""
    marked = [one for one in enclosed if one.visualization]
    pictures = marked or [one for one in enclosed if _is_pdf(one)]
    return pictures[0] if len(pictures) == 1 else None


def _is_pdf(file: Attachment) -> bool:
    return b"%PDF-" in file.content[:1024]


def _is_true(flag: str | None) -> bool:
    return (flag or "").strip().lower() in ("true", "1")


def _find(supplement: Node, enclosed: Sequence[Attachment]) -> Attachment | None:
    """The file of this name; else the one with this digest, because archives garble names with Czech letters."""
    written = supplement.text("Filename") or ""
    name = _comparable(written)
    names = {name, _comparable(unquote(written))}
    for file in enclosed:
        if _comparable(file.name) in names:
            return file
    bare = [file for file in enclosed if _comparable(file.name).rpartition("/")[2] == name.rpartition("/")[2]]
    if len(bare) == 1:
        return bare[0]
    algorithm, expected = _digest_of(supplement)
    if algorithm is None or expected is None:
        return None
    return next((file for file in enclosed if hashlib.new(algorithm, file.content).digest() == expected), None)


def _comparable(name: str) -> str:
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").removeprefix("#ef=").removeprefix("./")
    return plain.strip("/").casefold()


def _digest_of(supplement: Node) -> tuple[str | None, bytes | None]:
    """Algorithm and digest; None for one that is not known or cannot be read."""
    method = supplement.one("DigestMethod")
    uri = (method.element.get("Algorithm") or "") if method is not None else ""
    algorithm = _DIGESTS.get(uri.rpartition("#")[2].lower().replace("-", ""))
    try:
        digest = base64.b64decode("".join((supplement.text("DigestValue") or "").split()), validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    return algorithm, digest or None


def _is_intact(supplement: Node, file: Attachment, notes: Notes) -> bool:
    """Whether a file has the digest that the document states; noted where it has not."""
    algorithm, expected = _digest_of(supplement)
    if algorithm is None or expected is None:
        notes.add("isdoc.digest-unreadable", supplement, name=file.name)
        return False
    if hashlib.new(algorithm, file.content).digest() != expected:
        notes.add("isdoc.digest-mismatch", supplement, name=file.name)
        return False
    return True
