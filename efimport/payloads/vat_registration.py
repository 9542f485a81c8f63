"""Whether a party is registered for VAT, in the word of the site.

Source: web service reference, ``buyerVatRegistration`` of documents and ``vatRegistration`` of partners. The words are
data (``mappings/codes/partners.toml``): Croatia has two for one that is registered, and no document tells which.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from efimport.documents import Party


def vat_registration(party: Party, partners: Mapping[str, Any], site: str) -> str | None:
    """The word, as the source says it or because the party has a VAT number; that there is none proves nothing.

    Args:
        party: the party.
        partners: the tables of ``partners.toml``.
        site: CZ, SI or HR.
    """
    registered = party.vat_registered if party.vat_registered is not None else bool(party.vat_id) or None
    if registered is None:
        return None
    return str(partners["vat_registration"][site]["registered" if registered else "not_registered"])
