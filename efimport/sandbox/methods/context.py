"""What a method of the sandbox is given: the request, the organization, the state, and the clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Literal, TypeAlias

import msgspec
from lxml import etree

from efimport.sandbox.answers import Answer
from efimport.sandbox.options import Options
from efimport.sandbox.organization import Organization
from efimport.sandbox.request import RefusedError, Request
from efimport.sandbox.state import State
from efimport.sandbox.tenants import Tenant
from efimport.sandbox.texts import text

ImportType: TypeAlias = Literal["createOrUpdate", "createOnly", "updateOnly"]


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a method.

    Attributes:
        request: the request; its method is known and the user may call it.
        site: CZ, SI or HR, from the path.
        options: the switches.
        organization: the organization that is called.
        others: the other organizations of the service, each with its own state.
        state: what the method reads and changes.
        warnings: remarks on the client, counted by their text.
        today: the server's date, YYYY-MM-DD.
        now: the server's time, ``YYYY-MM-DD HH:MM:SS``.
    """

    request: Request
    site: str
    options: Options
    organization: Organization
    others: tuple[Tenant, ...]
    state: State
    warnings: Counter[str]
    today: str
    now: str

    def warn(self, remark: str) -> None:
        """Note something about the request that is accepted but not as the reference shows it."""
        self.warnings[f"{self.request.method}: {remark}"] += 1

    def import_type(self) -> ImportType:
        """The parameter importType, createOrUpdate where it is absent (reference, SalesInvoiceImport).

        Raises:
            RefusedError: a value that the reference does not list.
        """
        match self.request.value("importType"):
            case "" | "createOrUpdate":
                return "createOrUpdate"
            case "createOnly":
                return "createOnly"
            case "updateOnly":
                return "updateOnly"
            case other:
                raise RefusedError(text("import-type", value=other))

    def nested(self, name: str, missing: str | None = None) -> etree._Element:
        """The element of a nested parameter.

        Args:
            name: name of the parameter.
            missing: the sentence for its absence; None for "Parameter named NAME needed.".

        Raises:
            RefusedError: it is absent or has no elements inside.
        """
        parameter = self.request.parameter(name)
        if parameter is None or parameter.form != "nested":
            raise RefusedError(missing or text("parameter-needed", name=name))
        return parameter.element


Method: TypeAlias = Callable[[Context], Answer]
