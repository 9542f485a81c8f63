"""The archive ISDOCX: one document, its supplements, and a manifest that names the document.

Source: ISDOC 6.0.2 specification, ISDOCX; archives of 5.x have no manifest, their document is the ``.isdoc`` entry in
the root. Names are compared without case and with either slash, as archives of real programs need it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

import msgspec

from efimport.documents import Attachment
from efimport.findings import Finding, Location, Severity, finding
from efimport.formats.isdoc.node import Node
from efimport.formats.isdoc.reader import read_document
from efimport.formats.reading import Read, Reading
from efimport.formats.xml import parse, xml_text
from efimport.sources import Source, open_archive

MANIFEST = "manifest.xml"
_COUNT = re.compile(r"(?<=\.isdoc)#\d+\Z", re.IGNORECASE)


def read_archive(source: Source, reading: Reading, *, ordinal: int = 1) -> Iterator[Read]:
    """The document of the archive; several where it does not say which of its root's ``.isdoc`` entries it is."""
    entries: dict[str, Source] = {}
    problems: list[Finding] = []
    for found in open_archive(source, limits=reading.limits):
        if isinstance(found, Finding):
            # An empty supplement is odd; an entry that cannot be unpacked is damage.
            empty = found.code == "source.empty"
            problems.append(msgspec.structs.replace(found, severity=Severity.WARNING) if empty else found)
        else:
            entries[found.path[len(source.path) + 1 :]] = found
    if not entries:
        yield from problems
        if not problems:
            yield finding("isdoc.no-document", Location(path=source.path))
        return
    manifest = next((name for name in entries if name.lower() == MANIFEST), None)
    main = _main_documents(source, entries, manifest, problems)
    if not main:
        yield from (*problems, finding("isdoc.no-document", Location(path=source.path)))
        return
    files = [
        Attachment(name=name, content=entry.read())
        for name, entry in entries.items()
        if name not in main and name != manifest
    ]
    for place, name in enumerate(main):
        path = f"{source.path}!{name}"
        content = entries[name].read()
        before = problems if place == 0 else []
        yield from read_document(content, path, reading, ordinal=ordinal + place, enclosed=files, before=before)


def _main_documents(
    source: Source, entries: dict[str, Source], manifest: str | None, problems: list[Finding]
) -> list[str]:
    """Names of the documents: the manifest's, else the ``.isdoc`` entries of the root, else the only one at all."""
    place = Location(path=f"{source.path}!{manifest}" if manifest else source.path)
    main: list[str] = []
    if manifest is not None:
        wanted = _main_of_manifest(entries[manifest], problems)
        main = list(dict.fromkeys(name for one in wanted for name in _named(entries, one)))
        if not main:
            problems.append(finding("isdoc.manifest", place, name=", ".join(wanted) or "-"))
    if not main:
        documents = [name for name in entries if _plain(name).lower().endswith(".isdoc")]
        main = [name for name in documents if "/" not in name] or (documents if len(documents) == 1 else [])
    if len(main) > 1:
        problems.append(finding("isdoc.several-documents", place, names=", ".join(main)))
    return main


def _named(entries: Iterable[str], wanted: str) -> list[str]:
    """The entries of this name: those spelled exactly so, else those that differ in case only.

    Two entries of one name are two documents: which of them counts depends on the program that unpacks them.
    """
    spellings = {spelling.replace("\\", "/").removeprefix("./") for spelling in (wanted, unquote(wanted))}
    exact = [name for name in entries if _plain(name) in spellings]
    lower = {spelling.lower() for spelling in spellings}
    same = exact or [name for name in entries if _plain(name).lower() in lower]
    return same or [name for name in entries if _in_windows_letters(_plain(name)).lower() in lower]


def _in_windows_letters(name: str) -> str:
    """A name that was taken for one in code page 852, as it is in Windows-1250, which some programs write."""
    try:
        return name.encode("cp852").decode("cp1250")
    except UnicodeError:
        return name


def _plain(name: str) -> str:
    """The name as the archive has it, without the count that tells entries of one name apart."""
    return _COUNT.sub("", name)


def _main_of_manifest(entry: Source, problems: list[Finding]) -> list[str]:
    """The names that the manifest gives; the format has one."""
    root = parse(xml_text(entry.read(), entry.path), entry.path)
    if isinstance(root, Finding):
        # The document can still be found by its name; a manifest that nobody can read is no reason to refuse it.
        problems.append(msgspec.structs.replace(root, severity=Severity.WARNING))
        return []
    names = ((main.element.get("filename") or "").strip() for main in Node(root).all("maindocument"))
    return [name for name in names if name]
