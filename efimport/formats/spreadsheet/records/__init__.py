"""Tables of invoices, orders, partners and products: rows become documents by a mapping.

The mapping says which column is which field, the tables in ``efimport/mappings/targets`` what a field holds and where
in the document it goes. Nothing here knows a program by its name.
"""

from __future__ import annotations

from efimport.formats.spreadsheet.records.context import Context
from efimport.formats.spreadsheet.records.documents import documents_of

__all__ = ["Context", "documents_of"]
