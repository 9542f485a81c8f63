"""What a program answered to an import: no documents, but somebody should know.

Source: POHODA XML, response.xsd (responsePackItem, errorDetail) and documentresponse.xsd (importDetails,
producedDetails).
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from efimport.findings import Finding, Location, Severity, finding
from efimport.formats.pohoda.fields import Block, Notes

_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING}


def read_answer(item: Block) -> Iterator[Finding]:
    """The findings that an item of a responsePack stands for.

    Args:
        item: the element ``responsePackItem``; or what a list says about itself, ``importDetails`` or ``parts``.
    """
    assert item.element is not None
    if item.name == "parts":
        files = ", ".join(text for part in item.blocks("part") if (text := _texts(part)))
        yield finding("pohoda.parts", item.notes.location(item.element), files=files)
        return
    if item.name == "importDetails":
        yield from _each_detail(item, item.notes.place)
        return
    state, note = item.element.get("state") or "", item.element.get("note") or ""
    identity = item.element.get("id") or ""
    place = item.notes.location(item.element)
    if state == "error":
        yield finding("pohoda.answer-error", place, id=identity, note=note)
    for answer in item.blocks():
        if answer.name == "errorDetail":
            yield finding("pohoda.answer-error", _at(item.notes, answer.element), id=identity, note=_texts(answer))
            continue
        yield from _details(answer, identity)
        if state != "error" and answer.element is not None and answer.element.get("state") == "error":
            yield finding("pohoda.answer-error", _at(item.notes, answer.element), id=identity, note=note)
        elif state != "error":
            number = answer.block("producedDetails").text("number") or answer.block("producedDetails").text("id") or ""
            yield finding("pohoda.answer", _at(item.notes, answer.element), id=identity, number=number)


def _details(answer: Block, identity: str) -> Iterator[Finding]:
    yield from _each_detail(answer.block("importDetails"), identity)


def _each_detail(details: Block, identity: str) -> Iterator[Finding]:
    for detail in details.blocks("detail"):
        state = detail.text("state") or ""
        yield finding(
            "pohoda.answer-detail",
            _at(detail.notes, detail.element),
            severity=_SEVERITIES.get(state, Severity.INFO),
            id=identity,
            number=detail.text("errno") or "",
            note=detail.text("note") or "",
            place=detail.text("XPath") or "",
        )


def pack_error(root: etree._Element, place: Location) -> Finding | None:
    """The refusal of a whole import, which an answer without items states at its root."""
    if root.get("state") != "error":
        return None
    return finding("pohoda.answer-error", place, id=root.get("id") or "", note=root.get("note") or "")


def _at(notes: Notes, element: etree._Element | None) -> Location:
    return notes.location(element)


def _texts(block: Block) -> str:
    if block.element is None:
        return ""
    return " ".join(text.strip() for text in map(str, block.element.itertext()) if text.strip())
