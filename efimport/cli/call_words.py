"""What the catalogue of methods knows, in words: ``efimport call --list`` and ``efimport call METHOD --describe``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
import msgspec

from efimport.cli.outputs import print_bytes

if TYPE_CHECKING:
    from efimport.api.catalogue import Method, ParameterRule

REPEATS = {
    "read": "It changes nothing.",
    "safe-by-key": "It changes data. Sent again with the same {key} it doubles nothing.",
    "checkable": "It changes data. With checkExisting=true a repeat is refused.",
    "blind": "It changes data. A repeat may do it a second time: it is never sent again unasked.",
}


def print_list(text: str, *, as_json: bool) -> None:
    """The methods whose name, chapter or purpose holds a text in any case, with what they are for."""
    from efimport.api.catalogue import methods

    wanted = text.lower()
    found = [
        method
        for method in methods().values()
        if wanted in method.name.lower() or wanted in method.purpose.lower() or wanted in method.chapter.lower()
    ]
    if as_json:
        _print_json([{"name": method.name, "sites": method.sites, "purpose": method.purpose} for method in found])
        return
    width = max((len(method.name) for method in found), default=0)
    for method in found:
        sites = "" if len(method.sites) > 1 else f" ({method.sites[0]} only)"
        click.echo(f"{method.name:<{width}}  {method.purpose}{sites}")


def print_description(name: str, *, as_json: bool) -> None:
    """All that the catalogue knows about a method.

    Raises:
        CallError: there is no such method.
    """
    from efimport.api.catalogue import method

    known = method(name)
    if as_json:
        _print_json(known)
        return
    for line in described(known):
        click.echo(line)


def _print_json(value: object) -> None:
    print_bytes(msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")


def described(method: Method) -> Iterator[str]:
    """The description, line by line."""
    yield method.name
    yield method.purpose
    yield REPEATS[method.repeat].format(key=method.key)
    yield f"Sites: {', '.join(method.sites)}. Reference: {_reference(method)}."
    if method.lookup is not None:
        by = ", ".join(f"{own} as {parameter}" for parameter, own in method.lookup_by.items())
        yield f"What became of it shows {method.lookup}, by {by}."
    yield ""
    yield "Parameters:"
    yield from (f"  {line}" for line in parameter_lines(method))
    if method.one_of:
        yield f"At least one of: {', '.join(method.one_of)}"
    if method.answer:
        yield ""
        yield f"Answer: {', '.join(method.answer)}"
    if method.errors:
        yield ""
        yield "Refusals that the reference names:"
        yield from (f"  {text}" for text in method.errors)


def _reference(method: Method) -> str:
    section = f"{method.section} " if method.section else ""
    places = ", ".join(f"{site} line {line}" for site, line in method.lines.items())
    return f"{method.chapter}, {section}{method.name} ({places})" if places else method.chapter


def parameter_lines(method: Method) -> list[str]:
    """A line for each parameter: name, type, obligation, what it may say."""
    width = max((len(rule.name) for rule in method.parameters), default=0)
    return [f"{rule.name:<{width}}  {', '.join(_facts(rule))}" for rule in method.parameters]


def _facts(rule: ParameterRule) -> Iterator[str]:
    yield rule.type
    yield rule.obligation
    for word, conditions in (("needed with", rule.needed), ("not needed with", rule.spared)):
        for other, values in conditions.items():
            yield f"{word} {other}={'|'.join(values)}"
    if rule.style not in ("attribute", "nested", "file", "files"):
        yield rule.style
    if rule.repeatable:
        yield "several times"
    if len(rule.sites) == 1:
        yield f"{rule.sites[0]} only"
    by_values: dict[tuple[str, ...], list[str]] = {}
    for site, values in rule.values.items():
        by_values.setdefault(values, []).append(site)
    for values, sites in by_values.items():
        yield f"{'/'.join(sites)}: {' '.join(values) or '-'}"
