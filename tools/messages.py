"""Keeps the message catalogues: ``python tools/messages.py update`` and ``python tools/messages.py check``.

Texts are collected from calls of ``message``, ``text`` and ``plural`` in Python and in templates, the register of
findings, the reasons in the tables of elements, and the fields that tables of documents can have. ``update`` brings
them into ``locale/<language>/LC_MESSAGES/efimport.po`` and compiles it; ``check`` fails where a text is missing,
uncertain or empty, where the fields of a translation differ from those of the English text, and where the compiled
catalogue is not that of the .po file.
"""

from __future__ import annotations

import io
import string
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "efimport"
LOCALE = PACKAGE / "locale"
LANGUAGES = ("cs",)
KEYWORDS = {"message": None, "text": None, "plural": (1, 2)}
MESSAGES_ONLY = {"message": None}
SPEAKING_ROOMS = ("cli", "report")
"""Rooms that speak to people; elsewhere ``text`` is the text of an element or a piece of SQL."""
WITHOUT_TEXTS = ("sandbox",)
"""The sandbox speaks as the service does, word for word."""
REGISTER_TEXTS = ("title", "message", "hint", "why")
KIND_TEXTS = ("reason", "remedy")
FIELD_TEXTS = ("title", "help")


def collect(package: Path = PACKAGE) -> Catalog:
    """All texts of the package, each with the files that it stands in."""
    catalog = Catalog(project="efimport", charset="utf-8", fuzzy=False)
    for path in sorted(package.rglob("*")):
        place = path.relative_to(package.parent).as_posix()
        for text, comment in _texts(path):
            catalog.add(text, locations=[(place, 0)], auto_comments=[comment] if comment else [])
    return catalog


def _texts(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    if path.suffix == ".toml" and path.parent.name == "register":
        yield from _table_texts(path, REGISTER_TEXTS)
    elif path.suffix == ".toml" and path.parent.name == "elements":
        yield from _reasons(tomllib.loads(path.read_text(encoding="utf-8")), path.stem)
    elif path.name == "kinds.toml":
        yield from _table_texts(path, KIND_TEXTS)
    elif path.suffix == ".toml" and path.parent.name == "targets":
        for part in tomllib.loads(path.read_text(encoding="utf-8")).values():
            yield from _texts_of(part if isinstance(part, dict) else {}, path.stem, FIELD_TEXTS)
    elif path.suffix in {".py", ".html"}:
        method = "python" if path.suffix == ".py" else "jinja2"
        rooms = path.relative_to(PACKAGE).parts if path.is_relative_to(PACKAGE) else ()
        if rooms[:1] in {(room,) for room in WITHOUT_TEXTS}:
            return
        keywords = KEYWORDS if not rooms or rooms[0] in SPEAKING_ROOMS else MESSAGES_ONLY
        with path.open("rb") as stream:
            for _, text, _, _ in extract(method, stream, keywords, options={"silent": "false"}):
                if text:
                    yield text, None


def _table_texts(path: Path, keys: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield from _texts_of(tomllib.loads(path.read_text(encoding="utf-8")), path.stem, keys)


def _texts_of(tables: dict[str, object], place: str, keys: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name, table in tables.items():
        for key in keys:
            if isinstance(table, dict) and table.get(key):
                yield table[key], f"{place}.{name}, {key}"


def _reasons(table: dict[str, Any], place: str) -> Iterator[tuple[str, str]]:
    """Why a condition of the service's elements holds, and why one of its codes is doubted."""
    for key, value in table.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from ((why, place) for why in one.values()) if key == "doubtful" else _reasons(one, place)
            elif key == "because":
                yield one, place


def load(language: str, locale: Path = LOCALE) -> Catalog:
    """The catalogue of a language as it is; an empty one where there is none."""
    path = po_path(language, locale)
    if not path.is_file():
        return Catalog(
            locale=language,
            project="efimport",
            version="1",
            header_comment=f"# Texts of efimport in the language {language}; kept by tools/messages.py.",
            msgid_bugs_address="https://github.com/efimport/efimport/issues",
            last_translator="efimport",
            language_team="efimport",
            charset="utf-8",
            fuzzy=False,
        )
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def po_path(language: str, locale: Path = LOCALE) -> Path:
    """The file that translators edit."""
    return locale / language / "LC_MESSAGES" / "efimport.po"


def update(template: Catalog, language: str, locale: Path = LOCALE) -> None:
    """Bring the texts into the catalogue of a language and compile it; texts that are gone leave it."""
    catalog = load(language, locale)
    catalog.update(template, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    catalog.obsolete.clear()
    path = po_path(language, locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_po(catalog))
    path.with_suffix(".mo").write_bytes(_mo(load(language, locale)))


def _po(catalog: Catalog) -> bytes:
    stream = io.BytesIO()
    write_po(stream, catalog, width=120, sort_output=True, include_lineno=False, omit_header=False)
    return stream.getvalue()


def _mo(catalog: Catalog) -> bytes:
    # A plural without its forms would be compiled as an empty text and hide the English one.
    for entry in [entry for entry in catalog if entry.id and not all(_forms(entry))]:
        catalog.delete(entry.id)
    stream = io.BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def problems(template: Catalog, language: str, locale: Path = LOCALE) -> list[str]:
    """What is wrong with the catalogue of a language, a line each."""
    catalog = load(language, locale)
    found = [
        f"{language}: {problem}: {_source_forms(entry)[0]!r}"
        for entry in template
        if entry.id
        for problem in _entry_problems(entry, catalog)
    ]
    compiled = po_path(language, locale).with_suffix(".mo")
    if not compiled.is_file() or compiled.read_bytes() != _mo(catalog):
        found.append(f"{language}: the compiled catalogue is not that of the .po file; run update")
    return found


def _entry_problems(entry: Entry, catalog: Catalog) -> Iterator[str]:
    translation = catalog.get(entry.id)
    if translation is None:
        yield "missing"
        return
    if translation.fuzzy:
        yield "uncertain (fuzzy)"
    texts = _forms(translation)
    if not all(texts) or (entry.pluralizable and len(texts) != catalog.num_plurals):
        yield "empty"
        return
    wanted = fields(_source_forms(entry)[-1])
    for text in texts:
        if fields(text) != wanted:
            yield f"other fields ({', '.join(sorted(fields(text) ^ wanted))})"


def _forms(entry: Entry) -> tuple[str, ...]:
    """The translation: one text, or one a plural form."""
    forms = entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
    return tuple(form or "" for form in forms)


def _source_forms(entry: Entry) -> tuple[str, ...]:
    """The English text, or singular and plural."""
    return (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)


def fields(text: str) -> set[str]:
    """The names in braces; a text with broken braces has the field ``{``."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {"{"}


def main(arguments: list[str]) -> int:
    """Run ``update`` or ``check``; the exit status is 1 where something is wrong."""
    if arguments not in (["update"], ["check"]):
        print(__doc__)
        return 2
    template = collect()
    found = []
    for language in LANGUAGES:
        if arguments == ["update"]:
            update(template, language)
        found.extend(problems(template, language))
    print("\n".join(found) or f"{len(template)} texts, all translated")
    return 1 if found and arguments == ["check"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
