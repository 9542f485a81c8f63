"""The shape of the facts: elements, code lists, conditions; and what a document may hold at one site."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from importlib import resources
from typing import Any, Literal, TypeAlias

import msgspec

from efimport.api.catalogue import SITES
from efimport.errors import CallError
from efimport.messages import message

Use: TypeAlias = Literal["create", "import", "update"]
Type: TypeAlias = Literal[
    "text", "date", "decimal", "integer", "boolean", "code", "currency", "country", "block", "list", "repeated", "any"
]
Severity: TypeAlias = Literal["error", "warning"]

ANY = "*"
TRUE, FALSE = ("true", "1", "yes"), ("false", "0", "no")


class CodeList(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The values that an element may have.

    Attributes:
        name: name of the list.
        values: in the spelling that is sent.
        meanings: what a value means, by value and language (``en``, ``cs``); empty where the value says it itself.
        also: other spellings that people write, and the value that is meant.
        doubtful: values that the reference prints and that hardly can be meant, and why.
    """

    name: str
    values: tuple[str, ...]
    meanings: dict[str, dict[str, str]] = {}
    also: dict[str, str] = {}
    doubtful: dict[str, str] = {}

    def spelling(self, value: str) -> str | None:
        """The value as it is sent, whatever its capitals; None where the list does not have it."""
        return self._meant.get(value.strip().casefold())

    @cached_property
    def _meant(self) -> dict[str, str]:
        """What is sent, by what people write; a value itself comes before another spelling of one."""
        others = {other.casefold(): meant for other, meant in reversed(self.also.items())}
        return others | {known.casefold(): known for known in reversed((*self.values, *self.doubtful))}


def plain_values(values: Iterable[str]) -> frozenset[str]:
    """The values in small letters."""
    return frozenset(value.casefold() for value in values)


class Condition(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What must hold where elements have certain values; ``shared.toml`` tells how it is read.

    Attributes:
        when: elements and the values that they have; ``*`` for any, an empty tuple for none.
        needs: at least one of these elements must be there.
        excludes: none of these may be there.
        requires: elements that, if there, must have one of the values.
        alike: element that must be the same in the document around.
        sites: where it holds.
        severity: how much a breach weighs.
        because: why, as the end of a sentence.
    """

    when: dict[str, tuple[str, ...]] = {}
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    requires: dict[str, tuple[str, ...]] = {}
    alike: str | None = None
    sites: tuple[str, ...] = SITES
    severity: Severity = "error"
    because: str

    @cached_property
    def asked(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """The elements of ``when`` and their values in small letters."""
        return tuple((name, plain_values(values)) for name, values in self.when.items())

    @property
    def names(self) -> set[str]:
        """All elements that it speaks of."""
        return {*self.when, *self.needs, *self.excludes, *self.requires} | ({self.alike} if self.alike else set())


class ElementRule(msgspec.Struct, frozen=True, kw_only=True):
    """What the reference says of one element at one site.

    Attributes:
        name: its name.
        type: what it holds. ``block`` holds elements, ``list`` holds entries of one name, ``repeated`` is an entry that
            occurs several times without anything around, ``any`` is not looked into.
        needed: the uses in which it must be there.
        values: the list of its values; None for any.
        default: what counts where it is missing, as far as the reference says so.
        length: the most characters.
        inside: rules of the elements of a block, or of an entry.
        entry: name of the entries of a list.
        inferred: whether its name comes from a sister document, because the printed page has lost it.
        remark: what else is to be known.
        line: its line in the page of the reference that the file of the document names.
    """

    name: str
    type: Type
    needed: tuple[Use, ...] = ()
    values: CodeList | None = None
    default: str | None = None
    length: int | None = None
    inside: BlockRules | None = None
    entry: str | None = None
    inferred: bool = False
    remark: str | None = None
    line: int | None = None

    def written(self, text: str) -> str:
        """A value that people wrote in the form that is sent, as far as it is sure what they meant.

        Codes get their spelling, a decimal comma becomes a dot, truth values become ``true`` and ``false``, codes of
        currencies and countries capitals. Anything else stays, for :func:`check` to judge.
        """
        value = text.strip()
        if self.values is not None:
            return self.values.spelling(value) or value
        if self.type == "decimal" and re.fullmatch(r"[+-]?\d+,\d+", value):
            return value.replace(",", ".")
        if self.type == "boolean" and value.casefold() in (*TRUE, *FALSE):
            return "true" if value.casefold() in TRUE else "false"
        return value.upper() if self.type in ("currency", "country") else value


class BlockRules(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What may stand inside a document, a block or an entry, in the order of the reference.

    Attributes:
        elements: its elements.
        conditions: what must hold between them.
        elsewhere: elements that exist at other sites alone, and those sites.
    """

    elements: tuple[ElementRule, ...]
    conditions: tuple[Condition, ...] = ()
    elsewhere: dict[str, tuple[str, ...]] = {}

    def rule(self, name: str) -> ElementRule | None:
        """The rule of that element; None where the block has none of that name."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, ElementRule]:
        return {rule.name: rule for rule in reversed(self.elements)}

    def needed(self, use: Use) -> tuple[ElementRule, ...]:
        """The rules of the elements that must be there."""
        return self._needed.get(use, ())

    @cached_property
    def _needed(self) -> dict[Use, tuple[ElementRule, ...]]:
        uses = {use for rule in self.elements for use in rule.needed}
        return {use: tuple(rule for rule in self.elements if use in rule.needed) for use in uses}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of its elements, in order."""
        return tuple(rule.name for rule in self.elements)


class DocumentRules(msgspec.Struct, frozen=True, kw_only=True):
    """What a document may hold at one site.

    Attributes:
        name: the parameter that carries it: ``SalesInvoice``, ``partner``, ``products``.
        site: CZ, SI or HR.
        root: its elements.
        sites: the sites whose reference shows the document.
        checks: names of the checks that no condition can express.
        pages: the pages of the reference, by site.
    """

    name: str
    site: str
    root: BlockRules
    sites: tuple[str, ...]
    checks: tuple[str, ...] = ()
    pages: dict[str, str] = {}

    @property
    def is_documented(self) -> bool:
        """Whether the reference of this site shows the document; else the rules are those of another site."""
        return self.site in self.sites

    def rule(self, path: str) -> ElementRule | None:
        """The rule of an element by its path (``Address.city``, ``Items.Item.unit``); None for an unknown one."""
        block: BlockRules | None = self.root
        found: ElementRule | None = None
        for name in path.split("."):
            if found is not None and found.entry == name:
                continue
            found = block.rule(name) if block else None
            if found is None:
                return None
            block = found.inside
        return found


def document(name: str, site: str) -> DocumentRules:
    """The rules of a document at a site.

    A document that the reference of this site does not show has the rules of the site that does, with the code lists
    of this one where they are known.

    Args:
        name: name of the parameter, as in the reference.
        site: CZ, SI or HR.

    Raises:
        CallError: there are no rules of such a document, or there is no such site.
    """
    if name not in documents() or site not in SITES:
        raise CallError(
            message("There are no rules of elements for {name} at the site {site}.", name=name, site=site),
            message("Known: {names}.", names=", ".join(documents())),
        )
    return _document(name, site)


@cache
def documents() -> tuple[str, ...]:
    """The names of all documents with rules, by the parameter that carries them."""
    return tuple(sorted(_files()))


def code_list(name: str) -> CodeList:
    """The code list of that name; raises KeyError where there is none."""
    return _lists()[name]


def spelling(name: str, value: str) -> str | None:
    """A value of a code list as it is sent; None where the list does not have it. Raises KeyError for no such list."""
    return code_list(name).spelling(value)


@cache
def _document(name: str, site: str) -> DocumentRules:
    table = tomllib.loads(_text(_files()[name]))
    shown = tuple(table.get("sites", SITES))
    return DocumentRules(
        name=name,
        site=site,
        root=_block(table, table, site, shown),
        sites=shown,
        checks=tuple(table.get("checks", ())),
        pages=table["pages"],
    )


def _block(table: Mapping[str, Any], file: Mapping[str, Any], site: str, shown: tuple[str, ...]) -> BlockRules:
    rules, elsewhere = [], {}
    for name, entry in table["elements"].items():
        sites = tuple(entry.get("sites", SITES))
        if site in sites:
            rules.append(_rule(name, entry, file, site, shown))
        else:
            elsewhere[name] = sites
    known = {rule.name for rule in rules}
    conditions = [one for one in _conditions(table) if site in one.sites]
    return BlockRules(
        elements=tuple(rules),
        # A condition that is shared may speak of an element that this document does not have.
        conditions=tuple(one for one in conditions if _fits(one, known, file)),
        elsewhere=elsewhere,
    )


def _fits(condition: Condition, known: set[str], file: Mapping[str, Any]) -> bool:
    """Whether the block, or the document around it, has what the condition asks for."""
    have = known | set(file["elements"])
    asked = {*condition.needs, *condition.requires}
    return set(condition.when) <= have and (not asked or bool(asked & have))


def _conditions(table: Mapping[str, Any]) -> Iterator[Condition]:
    shared = _shared()["conditions"]
    entries: Iterable[dict[str, Any]] = (
        *(entry for name in table.get("shared", ()) for entry in shared[name]),
        *table.get("conditions", ()),
    )
    for entry in entries:
        yield msgspec.convert(entry, Condition)


def _rule(
    name: str, entry: Mapping[str, Any], file: Mapping[str, Any], site: str, shown: tuple[str, ...]
) -> ElementRule:
    inside = entry.get("inside") or entry.get("entry")
    needed = _at(entry.get("needed", ()), site, shown, ())
    values = _at(entry.get("values"), site, shown, None)
    structures = file if inside in file else _shared()
    return ElementRule(
        name=name,
        type=entry["type"],
        needed=tuple(needed),
        values=code_list(values) if values else None,
        default=entry.get("default"),
        length=entry.get("length"),
        inside=_block(structures[inside], file, site, shown) if inside else None,
        entry=entry.get("entry"),
        inferred=entry.get("inferred", False),
        remark=entry.get("remark"),
        line=entry.get("lines", {}).get(site),
    )


def _at(value: Any, site: str, shown: tuple[str, ...], nothing: Any) -> Any:
    """A fact at a site: the same everywhere, or a table by site; that of the site shown where this one has none."""
    if isinstance(value, dict):
        return value.get(site, value.get(shown[0], nothing))
    return value


@cache
def _files() -> Mapping[str, str]:
    """The file of each document, by the name of its parameter."""
    folder = resources.files("efimport.api.elements")
    found = {}
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".toml") and entry.name not in ("lists.toml", "shared.toml"):
            found[tomllib.loads(entry.read_text(encoding="utf-8"))["parameter"]] = entry.name
    return found


@cache
def _shared() -> Mapping[str, Any]:
    return tomllib.loads(_text("shared.toml"))


@cache
def _lists() -> Mapping[str, CodeList]:
    tables = tomllib.loads(_text("lists.toml"))
    return {name: _list(name, tables) for name in tables}


def _list(name: str, tables: Mapping[str, Any]) -> CodeList:
    table = tables[name]
    whole = _list(table["of"], tables) if "of" in table else CodeList(name=name, values=())
    given = table.get("values", ())
    left_out = set(table.get("without", ()))
    return CodeList(
        name=name,
        values=(*(value for value in whole.values if value not in left_out), *given, *table.get("with", ())),
        meanings=whole.meanings | (given if isinstance(given, dict) else {}),
        also=whole.also | table.get("also", {}),
        doubtful=table.get("doubtful", {}),
    )


def _text(file: str) -> str:
    return (resources.files("efimport.api.elements") / file).read_text(encoding="utf-8")
