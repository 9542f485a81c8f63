"""Which document a request means: by number, date and the like, or by the internal identifier."""

from __future__ import annotations

from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.tables import DocumentType
from efimport.sandbox.reading import children, local_name
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Document
from efimport.sandbox.texts import text

_PROPERTIES = ("costPosition", "businessUnit", "vatBook")


def identification(context: Context, kind: DocumentType) -> dict[str, str]:
    """The simple parameters of a request by name.

    The example of DebitNoteDelete wraps number and date into a parameter with the name of the type; both are read.
    """
    request = context.request
    values = {one.name: one.value.strip() for one in reversed(request.parameters) if one.form != "nested"}
    wrapped = request.parameter(kind.name)
    if wrapped is not None:
        for inner in children(wrapped.element):
            name = inner.get("name") or local_name(inner)
            values.setdefault(name, (inner.get("value") or inner.text or "").strip())
    return values


def one_document(context: Context, kind: DocumentType, occasion: str) -> Document:
    """The one document that a request means.

    Args:
        context: the call.
        kind: type of the document.
        occasion: first word of the occasions of its sentences, ``get`` for example.

    Raises:
        RefusedError: no number, no such document, or several.
    """
    named = identification(context, kind)
    hits = found_documents(context, kind, occasion)
    if not hits:
        raise RefusedError(kind.sentence(f"{occasion}_missing", **named_fields(named)))
    if len(hits) > 1:
        several = f"{occasion}_several" if kind.has_sentence(f"{occasion}_several") else "get_several"
        raise RefusedError(kind.sentence(several, count=str(len(hits)), **named_fields(named)))
    return hits[0]


def named_fields(named: dict[str, str]) -> dict[str, str]:
    """The fields of the sentences about a document that a request names."""
    return {
        "number": named.get("number") or named.get("documentID", ""),
        "date": named.get("date", ""),
        "year": named.get("businessYear", ""),
    }


def found_documents(context: Context, kind: DocumentType, occasion: str = "get") -> list[Document]:
    """The documents that the parameters of a request name.

    Raises:
        RefusedError: there is neither a number nor a documentID; or no business year where it is needed.
    """
    named = identification(context, kind)
    number, identifier = named.get("number", ""), named.get("documentID", "")
    if not number and not identifier:
        absent = f"{occasion}_number" if kind.has_sentence(f"{occasion}_number") else "get_number"
        raise RefusedError(kind.sentence(absent))
    if identifier:
        return [one for one in context.state.of_kind(kind.name) if one.document_id == identifier]
    year = named.get("businessYear", "") if kind.by_year else ""
    if kind.by_year and occasion in ("delete", "cancel") and not year:
        raise RefusedError(text("quoted-required", name="businessYear"))
    every_year = kind.every_year or bool(year)
    hits = [
        one
        for one in context.state.found(kind.name, number, every_year=every_year)
        if _agrees(named, one) and year in ("", one.business_year)
    ]
    if kind.by_year and not year:
        latest = max((one.business_year for one in hits), default="")
        hits = [one for one in hits if one.business_year == latest]
    return hits


def _agrees(named: dict[str, str], document: Document) -> bool:
    if named.get("date", "") not in ("", document.date):
        return False
    if named.get("internalNumber", "") not in ("", document.internal_number):
        return False
    if not is_party(named.get("supplier", ""), document):
        return False
    wanted = {name: named[name] for name in _PROPERTIES if named.get(name)}
    return all(document.properties.get(name, "") == value for name, value in wanted.items())


def is_party(party: str, document: Document) -> bool:
    """Whether the buyer or supplier of a document is meant: its code, or a part of its name in any case."""
    codes = {document.properties.get("buyerCode"), document.properties.get("supplierCode")}
    return not party or party in codes or party.lower() in document.partner.lower()
