"""Data that ships with the package or belongs to a firm: what columns and codes of others mean to us.

``mappings/codes`` holds tables of codes (:func:`codes`). The files ``mappings/*.toml`` say each how one table of a
bank, a gateway or a program is read (:func:`shipped_mappings`);
a user adds files of the same form (:func:`load_mapping`).
What a file may say is told in ``docs/mappings.md``.
"""

from efimport.mappings.built_in import built_in_mappings
from efimport.mappings.loading import Mapping, load_mapping, named_mapping, parse_mapping, shipped_mappings
from efimport.mappings.records import RecordMapping
from efimport.mappings.service_codes import codes, data_folder, home_currencies, plain_key
from efimport.mappings.statements import StatementMapping
from efimport.mappings.vat_rates import rates_in_force

__all__ = [
    "Mapping",
    "RecordMapping",
    "StatementMapping",
    "built_in_mappings",
    "codes",
    "data_folder",
    "home_currencies",
    "load_mapping",
    "named_mapping",
    "parse_mapping",
    "plain_key",
    "rates_in_force",
    "shipped_mappings",
]
