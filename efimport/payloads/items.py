"""The items of outgoing documents: a line with a product of the service, or one that describes what is sold.

Source: web service reference, SalesInvoiceCreate, Items. A line names a product of the service only where its table was
mapped for the service: the stock codes of another program are not those of the service, and an issued document with
products lowers the stock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from efimport.api.call import Element, Scalar
from efimport.documents import Line
from efimport.payloads.control_report import control_report
from efimport.payloads.elements import completed
from efimport.payloads.lines import description
from efimport.payloads.outgoing import Outgoing, mapped
from efimport.payloads.prices import Priced
from efimport.payloads.treatments import Treated


def items(writing: Outgoing, lines: Iterable[Treated], amounts: Iterable[Priced]) -> Iterator[Element]:
    """The elements ``Item``.

    Args:
        writing: the document.
        lines: its lines.
        amounts: what is sent of the amounts of each.
    """
    for one, sent in zip(lines, amounts, strict=True):
        values = _item(writing, one, sent)
        yield Element("Item", children=tuple(completed(writing.item, values, writing.given(one.line))))


def product_of(writing: Outgoing, line: Line) -> str | None:
    """The code of the product in the service that the line names; None for a line of text."""
    given = writing.given(line)
    if "productCode" in given or "description" in given:
        return given.get("productCode") or None
    return line.product_code if writing.is_mapped else None


def _item(writing: Outgoing, treated: Treated, amounts: Priced) -> Iterator[tuple[str, Scalar | None]]:
    line = treated.line
    product = product_of(writing, line)
    yield "position", line.position
    yield "productCode", product
    yield "description", None if product else description(line)
    yield ("price" if amounts.form == "retail" else "netPrice"), amounts.price
    yield "discountPercentage", amounts.discount
    yield "vatPercentage", treated.rate
    yield "currency", writing.document.currency
    yield "quantity", amounts.quantity
    yield "unit", _unit(writing, line.unit)
    yield "costPosition", line.cost_centre
    yield "chartAccountNumber", line.account if writing.is_mapped else None
    yield "vatTransactionType", treated.code
    yield from control_report(writing, line, treated.code)


def _unit(writing: Outgoing, unit: str | None) -> str | None:
    known = mapped(writing.table("units")["unit"], unit) if unit else None
    return unit if known is None else str(known)
