"""Beginnings for people: an empty workbook, or the text of a mapping file, for each kind of document.

Both are made of the fields in :mod:`efimport.mappings.targets`, so that whatever is filled in is read without being
described by anybody.
"""

from efimport.templates.columns import HEADING_LANGUAGES, TemplateColumn, template_columns
from efimport.templates.headings import headings_as_csv
from efimport.templates.mapping_file import mapping_text

__all__ = ["HEADING_LANGUAGES", "TemplateColumn", "headings_as_csv", "mapping_text", "template_columns"]
