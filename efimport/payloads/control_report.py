"""The section of the Czech control report that an item goes to: ``kontrolHlasSectionType``, ``kontrolHlasTransCode``.

Source: web service reference, SalesInvoiceCreate, lists of the two; VAT Act 235/2004 Sb., section 101c: supplies in
reverse charge (section 92a) are reported one by one in section A.1 with the code of the supply.
"""

from __future__ import annotations

from collections.abc import Iterator

from efimport.api.call import Scalar
from efimport.documents import Invoice, Line
from efimport.messages import message
from efimport.payloads.outgoing import Outgoing, mapped

FILE = "control-report"
SECTION, CODE = "kontrolHlasSectionType", "kontrolHlasTransCode"
A1 = "2"
"""The section with codes of supplies."""


def control_report(writing: Outgoing, line: Line, treatment: str) -> Iterator[tuple[str, Scalar | None]]:
    """Section and code of an item, where the document has the elements; the service decides where nothing says them.

    Args:
        writing: the document.
        line: the line.
        treatment: its vatTransactionType.
    """
    if writing.item.rule(SECTION) is None:
        return
    section = _section(writing, line, treatment)
    yield SECTION, section
    if str(section) == A1 and CODE not in writing.given(line):
        yield CODE, _code(writing, line)


def _section(writing: Outgoing, line: Line, treatment: str) -> int | None:
    table = writing.table(FILE)
    stated = _stated(writing, line)
    if stated:
        section = mapped(table["section"], stated.replace(".", ""))
        if section is None:
            writing.unmapped(message("control report section"), stated, SECTION, file=FILE, table="section")
        return section
    fixed: int | None = table["transaction"].get(treatment)
    classification = line.vat_classification or writing.document.vat_classification
    if fixed is None and classification:
        return mapped(table["classification"], classification)
    return fixed


def _stated(writing: Outgoing, line: Line) -> str | None:
    # In POHODA the field belongs to the Slovak control report, whose sections of the same names are others.
    if writing.document.origin.format == "pohoda":
        return None
    document = writing.document
    whole = document.control_report_classification if isinstance(document, Invoice) else None
    return line.control_report_classification or whole


def _code(writing: Outgoing, line: Line) -> int | None:
    if not line.reverse_charge_code:
        writing.note("code.no-supply-code", line=line.position)
        return None
    code: int | None = mapped(writing.table(FILE)["goods"], line.reverse_charge_code)
    if code is None:
        what = message("code of the supply in reverse charge")
        writing.unmapped(what, line.reverse_charge_code, CODE, file=FILE, table="goods")
    return code
