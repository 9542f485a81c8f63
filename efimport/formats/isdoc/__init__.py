"""ISDOC, the Czech national format of electronic invoices: ``.isdoc`` 5.0 to 6.0.2 and the archive ``.isdocx``.

The namespace of the root decides, then the version it states: the version alone selects no schema, and real files
state a version of the other family.
"""

from __future__ import annotations

from collections.abc import Iterator

from efimport.formats.isdoc.vocabulary import NAMESPACES, ROOTS
from efimport.formats.reading import Read, Reading, Recognition, Sample
from efimport.messages import message
from efimport.sources import Source

_OWN_WORDS = (b"DocumentType>", b"LegalMonetaryTotal", b"AccountingSupplierParty", b"LocalCurrencyCode", b"CurrRate>")
"""Elements of ISDOC, which tell a document without or with a wrong namespace from other invoices in XML."""

_UNIVERSAL = "urn:oasis:names:specification:ubl:"
"""UBL shares many names with ISDOC, the root among them."""


def recognise(sample: Sample) -> Recognition | None:
    """Whether the file is an ISDOC document or archive.

    Confidence: 100 for a namespace of the format; 90 for another one that names it, and for an archive with a
    manifest; 70 for its elements without its namespace; 30 where only the name of the file speaks for it.
    """
    if sample.archive_names is not None:
        return _recognise_archive(sample, sample.archive_names)
    recognition = _recognise_root(sample)
    if recognition is None and sample.suffix in (".isdoc", ".isdocx") and not _is_another_standard(sample):
        reason = message("its name ends with {suffix}", suffix=sample.suffix)
        return Recognition(format=sample.suffix[1:], confidence=30, reason=reason)
    return recognition


def _recognise_root(sample: Sample) -> Recognition | None:
    if sample.root is None:
        return None
    namespace, name = sample.root
    if namespace in NAMESPACES:
        return _claim(100, namespace)
    if "isdoc" in namespace.lower() and name in ROOTS:
        return _claim(90, namespace)
    if namespace.startswith(_UNIVERSAL) or name not in ROOTS:
        return None
    words = sum(word in sample.text for word in _OWN_WORDS)
    if words >= 3 or (words and sample.suffix == ".isdoc"):
        return _claim(70, namespace)
    return None


def _is_another_standard(sample: Sample) -> bool:
    """Whether the root is of a published standard (UBL, UN/CEFACT), which other readers know by its name."""
    return sample.root is not None and sample.root[0].startswith("urn:")


def _claim(confidence: int, namespace: str) -> Recognition:
    reason = message("the namespace of its root is {namespace}", namespace=namespace or "-")
    return Recognition(format="isdoc", confidence=confidence, reason=reason)


def _recognise_archive(sample: Sample, names: tuple[str, ...]) -> Recognition | None:
    lower = [name.replace("\\", "/").lower() for name in names]
    documents = any(name.endswith(".isdoc") for name in lower)
    if "manifest.xml" in lower and documents:
        return Recognition(
            format="isdocx", confidence=90, reason=message("it is an archive with manifest.xml and an .isdoc entry")
        )
    if sample.suffix == ".isdocx":
        reason = message("it is an archive and its name ends with {suffix}", suffix=sample.suffix)
        return Recognition(format="isdocx", confidence=90 if documents else 60, reason=reason)
    return None


def read(source: Source, reading: Reading) -> Iterator[Read]:
    """The document of an ``.isdoc`` file or an ``.isdocx`` archive; an archive without a manifest may hold several."""
    from efimport.formats.isdoc.archive import read_archive
    from efimport.formats.isdoc.reader import read_source

    if source.head.startswith(b"PK") or source.suffix == ".isdocx":
        yield from read_archive(source, reading)
    else:
        yield from read_source(source, reading)
