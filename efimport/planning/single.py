"""A plan of one call that a program makes itself, so that it is sent under the same rules as a document of a file."""

from __future__ import annotations

from efimport.api import catalogue, wire
from efimport.api.call import Attribute, Call, Element, File, Files, Nested
from efimport.errors import UsageError
from efimport.messages import message
from efimport.payloads.products import MASS, SINGLE
from efimport.planning.candidates import KEY_VERSION
from efimport.planning.model import Plan, PlannedCall, Repeat

OVERWRITING = ("createOrUpdate", "updateOnly")
NUMBERS = ("number", "partnerCode", "productCode")
"""Parameters and elements by which the service shows what a call has made."""


NAMED = "call:"


def is_named_by_caller(key: str) -> bool:
    """Whether the key of the journal is that of a call that a program made itself."""
    return f"|{NAMED}" in key


def plan_of_call(call: Call, organization: str, site: str, identity: str) -> Plan:
    """A plan with this call alone.

    Args:
        call: the call; it changes data.
        organization: name of the organization.
        site: CZ, SI or HR.
        identity: the caller's own word for what the call does, by which the journal knows it again: the same word of
            one organization and method with the same content is sent once.

    Raises:
        UsageError: the method changes nothing, carries many things at once, or the word is empty.
        CallError: the call cannot be written.
    """
    method = catalogue.method(call.method)
    if not method.changes_data:
        raise UsageError(
            message("{method} changes nothing; there is nothing to enter in the journal.", method=call.method),
            message("Call it without a name in the journal."),
        )
    if call.method == MASS:
        raise UsageError(
            message("{method} carries many things, and the journal knows each by itself.", method=call.method),
            message("Import a table of products, or send each with {single}.", single=SINGLE),
        )
    if not identity.strip():
        raise UsageError(message("A call needs a name by which the journal knows it again."))
    planned = PlannedCall(
        id="c1",
        call=call,
        key=f"{KEY_VERSION}|{organization}|{call.method}|{NAMED}{identity.strip()}",
        digest=wire.digest(wire.encode(call)),
        repeat=Repeat(method.repeat_of(call)),
        overwrites=_overwrites(call),
        number=_number(call),
        file_name=_file_name(call),
    )
    return Plan(organization=organization, site=site, calls=(planned,))


def _overwrites(call: Call) -> bool:
    """Whether the call asks to overwrite: an import does unless it says otherwise (SalesInvoiceImport, importType)."""
    if not call.method.endswith("Import") or not any(isinstance(one.value, Nested) for one in call):
        return False
    if "importType" not in call:
        return True
    value = call["importType"]
    return isinstance(value, Attribute) and value.value in OVERWRITING


def _number(call: Call) -> str | None:
    """Number or code of what the call is about, in a parameter or in the document inside."""
    for parameter in call:
        value = parameter.value
        if parameter.name in NUMBERS and isinstance(value, Attribute):
            return wire.scalar(value.value)
        found = _element(value.children) if isinstance(value, Nested) else None
        if found is not None:
            return found
    return None


def _element(children: tuple[Element, ...]) -> str | None:
    return next((wire.scalar(one.value) for one in children if one.name in NUMBERS and one.value is not None), None)


def _file_name(call: Call) -> str | None:
    """Name of the first file: the document inbox knows its entries by it."""
    for parameter in call:
        if isinstance(parameter.value, File):
            return parameter.value.name
        if isinstance(parameter.value, Files):
            return parameter.value.files[0].name
    return None
