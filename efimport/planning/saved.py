"""A plan on disk: which inputs, which calls; what is sent later is exactly this or nothing.

The file holds names and digests, not the documents: a plan that is carried out reads the inputs again and refuses if
one of them, or a request made of them, is no longer the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from efimport.errors import PlanChangedError, UsageError
from efimport.messages import message
from efimport.planning.choices import Choices
from efimport.planning.model import Plan
from efimport.private_files import whole_file

SCHEMA = "efimport-plan/2"


class SavedInput(msgspec.Struct, frozen=True):
    """An input as it was: its path and the SHA-256 of its bytes."""

    path: str
    sha256: str | None


class SavedCall(msgspec.Struct, frozen=True):
    """A call as it was: method, key of the journal and SHA-256 of the request."""

    method: str
    key: str
    digest: str


class SavedPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan on disk.

    Attributes:
        schema: version of this file's form.
        organization: name of the organization.
        paths: what the user named, made absolute.
        choices: what the user chose for the run.
        inputs: every source.
        calls: every call, in the order of sending.
    """

    schema: str = SCHEMA
    organization: str | None = None
    paths: tuple[str, ...] = ()
    choices: Choices = Choices()
    inputs: tuple[SavedInput, ...] = ()
    calls: tuple[SavedCall, ...] = ()


def save_plan(
    plan: Plan,
    path: Path,
    *,
    paths: Iterable[str | os.PathLike[str]],
    choices: Choices,
) -> SavedPlan:
    """Write a plan, and return what was written."""
    saved = saved_form(plan, paths=paths, choices=choices)
    with whole_file(path) as stream:
        stream.write(msgspec.json.format(msgspec.json.encode(saved), indent=1) + b"\n")
    return saved


def saved_form(plan: Plan, *, paths: Iterable[str | os.PathLike[str]], choices: Choices) -> SavedPlan:
    """The plan as it is saved."""
    return SavedPlan(
        organization=plan.organization,
        paths=tuple(os.path.abspath(path) for path in paths),  # noqa: PTH100 - links stay as the user named them
        choices=choices,
        inputs=tuple(SavedInput(os.path.abspath(one.path), one.sha256) for one in plan.sources),  # noqa: PTH100
        calls=tuple(SavedCall(call.call.method, call.key, call.digest) for call in plan.calls),
    )


def load_plan(path: Path) -> SavedPlan:
    """A plan from disk.

    Raises:
        UsageError: the file cannot be read, or is no saved plan.
    """
    try:
        saved = msgspec.json.decode(path.read_bytes(), type=SavedPlan)
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(message("The plan {path} cannot be read: {error}", path=path, error=error)) from error
    if saved.schema != SCHEMA:
        raise UsageError(message("The plan {path} has the form {schema}.", path=path, schema=saved.schema))
    return saved


def compare(saved: SavedPlan, now: Plan) -> None:
    """Hold a plan made of the inputs now against the saved one.

    Raises:
        PlanChangedError: an input or a call is not what it was; the first difference is named.
    """
    fresh = saved_form(now, paths=saved.paths, choices=saved.choices)
    remedy = message("Make a new plan, look at it, and send that one.")
    before = {one.path: one.sha256 for one in saved.inputs}
    after = {one.path: one.sha256 for one in fresh.inputs}
    for path in sorted(before.keys() | after.keys()):
        if before.get(path, "") != after.get(path, ""):
            raise PlanChangedError(
                message("The input {path} is not what it was when the plan was made.", path=path), remedy
            )
    if saved.organization != fresh.organization or saved.calls != fresh.calls:
        raise PlanChangedError(
            message("The inputs are the same, but other requests are made of them now (settings or program changed)."),
            remedy,
        )
