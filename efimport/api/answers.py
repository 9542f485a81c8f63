"""What the service answered, and what it means.

The documented form is ``<response status="ok">`` or ``<response status="error"><error description="..."/></response>``
(web service reference, every method page). The printed examples are often not well-formed and nobody knows how much of
that the service really sends, so reading goes in two steps: strictly, then with the slips of the reference repaired.
What is not positively understood after that is of unknown outcome: a cut answer is never taken for a good one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from efimport.api.answer_files import AnswerFile, documents_in, files_in
from efimport.api.answer_json import DEEPEST, elements_of, is_too_deep
from efimport.api.answer_slips import descriptions_of_broken, without_slips
from efimport.api.call import Element
from efimport.api.refusals import Refusal, kind_of
from efimport.errors import UnknownOutcomeError
from efimport.messages import message

if TYPE_CHECKING:
    from lxml import etree

Kind: TypeAlias = Literal["ok"] | Refusal

ESLOG_ROOT = "IzdaniRacunEnostavni"
"""Root of the one answer without ``<response>``: SalesInvoiceGet with format=ESLOG at the Slovenian site."""
SHOWN = 200
"""Characters of an unintelligible answer that are quoted in the error."""

_DOCTYPE = message("The answer has a DOCTYPE, as web pages have and answers of the service do not.")
_TOO_DEEP = "boolean(/" + "/".join("*" * (DEEPEST + 1)) + ")"
_PROPERTY_ERROR = re.compile(r"Error nr: (\d+) #(\w+) - (.*?)\s*(?:;\s*)?(?=Error nr: \d+ #|\Z)", re.DOTALL)
_KEY = re.compile(r"\bfor (?:number|\w*code):? (.*?) already exists?\b", re.IGNORECASE | re.DOTALL)


class PropertyError(msgspec.Struct, frozen=True):
    """One fault in a description of the form ``Error nr: N #property - text``.

    Attributes:
        number: the number that the service gives it.
        property: name of the property, ``Item2_productCode`` for one of the second line.
        text: what is wrong.
    """

    number: int
    property: str
    text: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that was understood.

    Attributes:
        status: ``ok`` or ``error``.
        kind: what it means; see :data:`efimport.api.refusals.Refusal`. An empty list may come as ``not-found``.
        elements: what stands inside ``<response>``, errors and messages included.
        messages: the texts of ``<message>``.
        descriptions: the descriptions of the errors, word for word.
        raw: the bytes as they came.
        http_status: status of HTTP; the service sends refusals with 500 as well as with 200.
        repaired: whether the answer had to be repaired before it could be read.
    """

    status: Literal["ok", "error"]
    kind: Kind
    elements: tuple[Element, ...] = ()
    messages: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    raw: bytes = b""
    http_status: int = 200
    repaired: bool = False

    @property
    def ok(self) -> bool:
        """Whether the service did what it was asked to."""
        return self.status == "ok"

    @property
    def description(self) -> str:
        """All descriptions in one text; empty where the service gave none."""
        return "\n".join(self.descriptions)

    @property
    def property_errors(self) -> tuple[PropertyError, ...]:
        """The faults that the descriptions list one by one."""
        return tuple(
            PropertyError(int(number), name, text.strip().removesuffix(";").strip())
            for number, name, text in _PROPERTY_ERROR.findall(self.description)
        )

    @property
    def existing_key(self) -> str | None:
        """Number or code of the document that already exists, as the service names it; None for any other answer."""
        found = _KEY.search(self.description) if self.kind == "already-exists" else None
        return found[1].strip() if found else None

    def field(self, name: str) -> str | None:
        """The text of the element of that name directly inside the response; None where there is none.

        Where there are several it is the last, as the reference prints ``totalAmount`` twice.
        """
        for element in reversed(self.elements):
            if element.name == name and not element.children:
                return str(element.value or "")
        return None

    @property
    def documents(self) -> tuple[Element, ...]:
        """What a List or Get found: one element for each, whatever stands around them."""
        return documents_in(self.elements)

    @property
    def files(self) -> tuple[AnswerFile, ...]:
        """The PDF, attachments and pictures in it.

        Raises:
            UnknownOutcomeError: the contents of one are not base64.
        """
        return files_in(self.elements)

    def find(self, name: str) -> Iterator[Element]:
        """All elements of that name, at any depth, in their order."""
        yield from _find(self.elements, name)


def parse(body: bytes, content_type: str = "", http_status: int = 200, *, bare: bool = True) -> Answer:
    """Understands an answer.

    Args:
        body: the bytes of the answer, not decoded in any way.
        content_type: the header; only its ``charset`` is used, where the body itself does not say.
        http_status: status of HTTP.
        bare: whether an e-SLOG document without ``<response>`` is an answer too; it is none to a call that changes
            something.

    Raises:
        UnknownOutcomeError: the answer is not positively understood: empty, cut, HTML, another root, a DOCTYPE, good
            news under a bad HTTP status.
    """
    reader = _Reader(body, content_type, http_status, bare=bare)
    if http_status in _PLAIN_REFUSALS:
        return reader.plain_refusal(_PLAIN_REFUSALS[http_status])
    return reader.answer()


_PLAIN_REFUSALS: dict[int, Refusal] = {429: "busy", 401: "login"}
"""HTTP statuses that refuse before anything is done, whatever the body says."""


class _Reader:
    def __init__(self, body: bytes, content_type: str, http_status: int, *, bare: bool) -> None:
        self.body = body
        self.http_status = http_status
        self.bare = bare
        charset = re.search(r"charset\s*=\s*\"?([\w.:-]+)", content_type, re.IGNORECASE)
        self.charset = charset[1] if charset else None

    def answer(self) -> Answer:
        start = self.body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        if not start:
            raise self.unknown(message("The answer is empty."))
        return self.json() if start in (b"{", b"[") else self.xml()

    def plain_refusal(self, kind: Refusal) -> Answer:
        """A refusal by the HTTP status alone, with what its body says if that can be read."""
        try:
            # Read as if the status were good: a body that says ok must not be hidden by the status.
            said = _Reader(self.body, "", 200, bare=self.bare).answer()
        except UnknownOutcomeError:
            return Answer(status="error", kind=kind, raw=self.body, http_status=self.http_status)
        if said.ok:
            raise self.unknown(message("The answer says ok under the HTTP status {status}.", status=self.http_status))
        return msgspec.structs.replace(said, kind=kind, http_status=self.http_status)

    # XML

    def xml(self) -> Answer:
        # In UTF-16 it is found below, when the parser has read it.
        first = re.search(rb"<[A-Za-z]", self.body)
        if b"<!DOCTYPE" in self.body[: first.start() if first else None].upper():
            raise self.unknown(_DOCTYPE)
        root = self.tree(self.body)
        if root is not None:
            return self.from_root(root, repaired=False)
        mended = without_slips(self.text())
        root = self.tree(mended.encode("utf-8"))
        if root is not None:
            return self.from_root(root, repaired=True)
        return self.from_broken(mended)

    def tree(self, body: bytes) -> etree._Element | None:
        from lxml import etree

        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(body if body[:1] == b"<" else body.lstrip(), parser)
        except (etree.XMLSyntaxError, ValueError):
            return None
        if root.xpath(_TOO_DEEP):
            raise self.unknown(message("The answer is nested too deeply."))
        document_type = root.getroottree().docinfo.internalDTD
        if document_type is not None:
            raise self.unknown(_DOCTYPE)
        return root

    def text(self) -> str:
        declared = re.match(
            rb"""\s*<+\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)""", self.body.removeprefix(b"\xef\xbb\xbf")
        )
        wanted = declared[1].decode("ascii") if declared else self.charset
        # What is neither as declared nor UTF-8 is taken for windows-1250, which the service uses elsewhere and which
        # gives every byte a letter or none; the tags are ASCII in all of them.
        for encoding in filter(None, (wanted, "utf-8")):
            try:
                return self.body.decode(encoding)
            except (UnicodeError, LookupError):
                continue
        return self.body.decode("windows-1250", errors="replace")

    def from_root(self, root: etree._Element, *, repaired: bool) -> Answer:
        name = str(root.tag)
        if name.rpartition("}")[2] == ESLOG_ROOT and self.bare and not repaired:
            return self.ok((_element(root),), repaired=False)
        status = (root.get("status") or "").strip().lower()
        if name != "response" or status not in ("ok", "error"):
            raise self.unknown(message("The answer is neither ok nor an error: <{name}>.", name=name[:SHOWN]))
        elements = tuple(_element(child) for child in root)
        if status == "ok":
            return self.ok(elements, repaired=repaired)
        descriptions = [_description(child) for child in root if child.tag == "error"]
        return self.error(descriptions, elements, repaired=repaired)

    def from_broken(self, text: str) -> Answer:
        """A refusal whose description holds what XML does not allow there: ``Property <number> is required.``.

        The whole answer must be there and say that it is an error; no answer that says ok is read in this way.
        """
        found = descriptions_of_broken(text)
        if found is None:
            raise self.unknown(message("The answer is cut off or not XML."))
        if not found:
            raise self.unknown(message("The answer says that it is an error and does not name one that can be read."))
        return self.error(found, (), repaired=True)

    # JSON

    def json(self) -> Answer:
        try:
            document = json.loads(
                self.text().removeprefix("\ufeff"), parse_float=str, parse_int=str, parse_constant=str
            )
        except (ValueError, RecursionError):
            raise self.unknown(message("The answer is cut off or not JSON.")) from None
        if is_too_deep(document):
            raise self.unknown(message("The answer is nested too deeply."))
        response = document.get("response") if isinstance(document, dict) else None
        if not isinstance(response, dict):
            raise self.unknown(message("The answer is JSON of an unknown form."))
        status = response.get("status")
        if status == "ok":
            return self.ok(elements_of(response.get("result"), "result"), repaired=False)
        if status == "error":
            description = response.get("description")
            return self.error([description] if isinstance(description, str) else [], (), repaired=False)
        raise self.unknown(message("The answer is neither ok nor an error."))

    # Both

    def ok(self, elements: tuple[Element, ...], *, repaired: bool) -> Answer:
        if not 200 <= self.http_status < 300:
            raise self.unknown(message("The answer says ok under the HTTP status {status}.", status=self.http_status))
        if any(element.name == "error" for element in elements):
            raise self.unknown(message("The answer says ok and names an error."))
        return Answer(
            status="ok",
            kind="ok",
            elements=elements,
            messages=_messages(elements),
            raw=self.body,
            http_status=self.http_status,
            repaired=repaired,
        )

    def error(self, descriptions: list[str], elements: tuple[Element, ...], *, repaired: bool) -> Answer:
        given = tuple(description.strip() for description in descriptions if description.strip())
        kinds = {kind_of(description) for description in given}
        return Answer(
            status="error",
            kind=kinds.pop() if len(kinds) == 1 else "other-refusal",
            elements=elements,
            messages=_messages(elements),
            descriptions=given,
            raw=self.body,
            http_status=self.http_status,
            repaired=repaired,
        )

    def unknown(self, reason: str) -> UnknownOutcomeError:
        error = UnknownOutcomeError(
            reason,
            message(
                "It is not known whether the service did what it was asked to. HTTP status {status}, answer: {text}",
                status=self.http_status,
                text=ascii(self.body[:SHOWN].decode("utf-8", errors="replace")),
            ),
        )
        error.raw = self.body
        error.http_status = self.http_status
        return error


def _description(error: etree._Element) -> str:
    return error.get("description") or (error.text or "")


def _element(node: etree._Element) -> Element:
    # A list of invoices has hundreds of thousands of them: every step here is felt.
    children = tuple([_element(child) for child in node]) if len(node) else ()
    name = str(node.tag)
    attributes = tuple((str(key), str(value)) for key, value in node.items()) if node.keys() else ()
    return Element(
        name.rpartition("}")[2] if name[0] == "{" else name,
        None if children else node.text or "",
        children,
        attributes,
    )


def _messages(elements: tuple[Element, ...]) -> tuple[str, ...]:
    # In JSON several messages are a list: an element of that name around one for each.
    found = (one for element in elements if element.name == "message" for one in element.children or (element,))
    return tuple(str(one.value or "").strip() for one in found)


def _find(elements: tuple[Element, ...], name: str) -> Iterator[Element]:
    for element in elements:
        if element.name == name:
            yield element
        yield from _find(element.children, name)
