"""Values too odd for the schema that explains: libxml2's judgement stands, in its own words."""

from __future__ import annotations

from efimport.documents import Invoice
from efimport.formats.reading import Reading
from efimport.formats.registry import SourceReading
from efimport.sources import Source

NAMESPACE = "http://isdoc.cz/namespace/2013"


def test_a_year_of_fifty_digits_is_a_finding_and_no_exception() -> None:
    year = "9" * 50
    content = (
        f'<Invoice xmlns="{NAMESPACE}" version="6.0.2"><DocumentType>1</DocumentType><ID>1</ID>'
        f"<IssueDate>{year}-01-01</IssueDate></Invoice>"
    ).encode()
    read = list(SourceReading(Source("odd.isdoc", content), Reading().own))
    (invoice,) = [item for item in read if isinstance(item, Invoice)]
    assert invoice.date is None
    assert invoice.findings
