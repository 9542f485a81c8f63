"""What a shell is offered when somebody presses Tab: methods, their parameters, and the values that these may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class

if TYPE_CHECKING:
    from efimport.api.parameters import ParameterRule


class Bash(BashComplete):
    """bash, which puts a blank behind whatever it completes; behind ``number=`` the value has to follow."""

    source_template = BashComplete.source_template.replace(
        "    return 0\n",
        "    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi\n    return 0\n",
    )


def offer_completion() -> None:
    """Make the shells known that need more than click does."""
    add_completion_class(Bash, "bash")


def complete_method(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The methods whose names begin with what was typed, in any case."""
    from efimport.api.catalogue import methods

    begun = incomplete.lower()
    return [
        CompletionItem(name, help=method.purpose)
        for name, method in methods().items()
        if name.lower().startswith(begun)
    ]


def complete_argument(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """``parameter=`` of the method, or the values that a parameter may have.

    bash takes ``=`` for the end of a word: of ``status=Iss`` it hands over ``status``, ``=`` and ``Iss``, and of
    ``status=`` the sign alone, which click turns into nothing. Other shells hand over the word as a whole.
    """
    from efimport.api.catalogue import methods

    method = methods().get(ctx.params.get("method") or "")
    if method is None:
        return []
    rules = {rule.name: rule for rule in method.parameters}
    words = list(ctx.params.get("arguments") or ())
    name, sign, begun = incomplete.partition("=")
    if sign:
        return [CompletionItem(f"{name}={value}") for value in _values(rules.get(name), begun)]
    if len(words) > 1 and words[-1] == "=":
        return [CompletionItem(value) for value in _values(rules.get(words[-2]), incomplete)]
    if not incomplete and words and words[-1] in rules:
        return [CompletionItem(value) for value in _values(rules[words[-1]], "")]
    given = {word.partition("=")[0] for word in words}
    return [
        CompletionItem(f"{rule.name}=", help=f"{rule.type}, {rule.obligation}")
        for rule in method.parameters
        if rule.name.lower().startswith(incomplete.lower()) and (rule.repeatable or rule.name not in given)
    ]


def _values(rule: ParameterRule | None, begun: str) -> Iterator[str]:
    if rule is None:
        return
    known = dict.fromkeys(value for values in rule.values.values() for value in values)
    if rule.type == "Boolean":
        known = dict.fromkeys(("true",) if rule.style == "flag" else ("true", "false"))
    yield from (value for value in known if value.lower().startswith(begun.lower()))
