"""Example requests as the reference prints them, with what print and copy have lost put back.

One page has lost every line that held a single word: wrappers, closing tags, short elements. How deep a line stands
tells what was around it; the names that are lost for good follow the pages that are whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from efimport.api import catalogue
from efimport.api.elements import document, documents
from efimport.api.elements.rules import BlockRules, DocumentRules, ElementRule

MISPRINTED = {
    "PartnerListSupplier": "PartnerListSuppliers",
    "productGroupGetByCode": "ProductGroupGetByCode",
    "productGroupUpdate": "ProductGroupUpdate",
    "productGroupDelete": "ProductGroupDelete",
    "productGroupList": "ProductGroupList",
}
"""Names of methods that are printed otherwise in an example than in the heading above it."""
OTHERWISE = {3487: "PartnerGetByDocumentID", 2434: "GeneralLedgerJournalVoucherGetPDF", 4489: "ProductPriceListGet"}
"""Examples that name another method than the one they stand for, by the line of ``<method``."""
PARAMETERS = {
    "paymentAmoutn": "paymentAmount",
    "generalLedgerJournalVoucher": "GeneralLedgerJournalVoucher",
    "productGroupCode": "ProductGroupCode",
    "productGroup": "ProductGroup",
}
WRAPPED_AGAINST_ITS_TABLE = ("DebitNoteDelete", "DebitNote")
"""The Croatian example of a Delete wraps number and date in a structure, against its own table of parameters."""
_COMMENT = re.compile(r"<!-.*|<--.*|<!\s.*")
_TAG = re.compile(
    r"<(?P<close>/?)\s*(?P<name>\w+(?: noteRef)?)"
    r"(?P<attributes>(?:\s+\w+\s*=\s*(?:\"[^\"]*\"|[^\s\"/>]+))*)\s*(?P<empty>/?)>"
)
_ATTRIBUTE = re.compile(r"(\w+)\s*=\s*(?:\"([^\"]*)\"|([^\s\"/>]+))")
_REQUEST_LINE = re.compile(r"\s*<(?!\?xml|response|<\?xml|/?request)")
STEP = 8
"""Blanks by which an element stands deeper than what it is in."""


def requests(text: str) -> Iterator[tuple[int, etree._Element]]:
    """The requests of a page, each with the line of its method."""
    lines = text.replace("\xa0", " ").replace("\t", " " * STEP).splitlines()
    for number, line in enumerate(lines):
        if "<login" in line:
            root = _Rebuilt(number + 2, list(_until_the_end(lines[number + 1 :]))).root
            _put_files_back(root)
            yield number + 2, root


def _put_files_back(root: etree._Element) -> None:
    """Contents that base64 can be, names of files, and the two elements around each file of an inbox entry.

    The names of those two are not known; ours stand for them.
    """
    for parameter in root.iter("parameter"):
        style = catalogue.method(root.find("method").get("name")).parameter(parameter.get("name")).style
        if style == "base64-text":
            parameter.text = "YWJj"
        elif style == "base64-attribute":
            parameter.set("value", "YWJj")
        contents = parameter.findall(".//contents")
        for one in contents:
            one.text = "YWJj"
            if one.getnext() is None or one.getnext().tag != "fileName":
                name = etree.Element("fileName")
                name.text = "a.xml"
                one.addnext(name)
        if style == "files":
            files = etree.SubElement(parameter, "Files")
            for one in contents:
                file = etree.SubElement(files, "File")
                name = one.getnext()
                file.extend((one, name))


def _until_the_end(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if not line.strip() or line.strip() == "...":
            continue
        if not _REQUEST_LINE.match(line) or "<response" in line:
            return
        yield line


class _Rebuilt:
    """A request that is put together line by line."""

    def __init__(self, number: int, lines: list[str]) -> None:
        self.root = etree.Element("request")
        etree.SubElement(self.root, "login")
        self.stack: list[tuple[etree._Element, int]] = []
        self.number = number
        self.method: catalogue.Method | None = None
        for line in lines:
            self._line(_mended(_COMMENT.sub("", line)))

    def _line(self, line: str) -> None:
        indent = len(line) - len(line.lstrip())
        position = 0
        for tag in _TAG.finditer(line):
            text = line[position : tag.start()].strip()
            position = tag.end()
            if text and self.stack:
                self.stack[-1][0].text = text
            self._tag(tag, indent)

    def _tag(self, tag: re.Match[str], indent: int) -> None:
        name = tag["name"]
        if name == "method":
            self._open_method(tag)
        elif tag["close"] or (tag["empty"] and name == "parameter" and "name" not in tag["attributes"]):
            self._close(name)
        elif name == "parameter":
            self._open_parameter(tag, indent)
        else:
            self._open(tag, indent)

    def _open_method(self, tag: re.Match[str]) -> None:
        if tag["close"]:
            return
        printed = _attributes(tag)["name"]
        name = OTHERWISE.get(self.number, MISPRINTED.get(printed, printed))
        self.method = catalogue.method(name)
        self.stack = [(etree.SubElement(self.root, "method", name=name), -1)]

    def _open_parameter(self, tag: re.Match[str], indent: int) -> None:
        assert self.method is not None
        self.stack = self.stack[:1]
        attributes = _attributes(tag)
        known = {rule.name for rule in self.method.parameters}
        name = attributes["name"]
        if (self.method.name, name) == WRAPPED_AGAINST_ITS_TABLE:
            return
        attributes["name"] = name if name in known else PARAMETERS.get(name, name)
        parameter = etree.SubElement(self.stack[0][0], "parameter", attributes)
        if not tag["empty"]:
            self.stack.append((parameter, indent))

    def _close(self, name: str) -> None:
        names = [element.tag for element, _ in self.stack]
        if name in names[1:]:
            del self.stack[len(names) - 1 - names[::-1].index(name) :]
        elif len(self.stack) > 2 and len(self.stack[-1][0]) == 0:
            # A simple element under another name than it was opened with.
            self.stack.pop()

    def _open(self, tag: re.Match[str], indent: int) -> None:
        while len(self.stack) > 2 and self.stack[-1][1] >= indent:
            self.stack.pop()
        self._put_back(tag["name"])
        element = etree.SubElement(self.stack[-1][0], tag["name"].replace(" ", "_"), _attributes(tag))
        if not tag["empty"]:
            self.stack.append((element, indent))

    def _put_back(self, name: str) -> None:
        """The elements around an element that stand on lost lines, as far as the catalogue of elements tells."""
        for depth in range(len(self.stack), 1, -1):
            around = self.stack[depth - 1][0]
            rule = _rule(around)
            if rule is None:
                return
            if isinstance(rule, ElementRule) and around.tag == rule.entry and around.find(name) is not None:
                # The line that opens the next entry is lost.
                del self.stack[depth - 1 :]
                outer, indent = self.stack[-1]
                self.stack.append((etree.SubElement(outer, around.tag), indent + 1))
                return
            if isinstance(rule, ElementRule) and rule.type == "list" and around.tag == rule.name:
                path: list[str] | None = [] if name == rule.entry else None
            else:
                block = rule.inside if isinstance(rule, ElementRule) else rule.root
                path = [] if block is None or block.rule(name) else _path_to(name, block)
            if path is None:
                continue
            del self.stack[depth:]
            for wrapper in path:
                outer, indent = self.stack[-1]
                self.stack.append((etree.SubElement(outer, wrapper), indent + 1))
            return


def _rule(element: etree._Element) -> DocumentRules | ElementRule | None:
    """What the catalogue of elements says of an element or parameter; None where it says nothing."""
    ways = [node.tag for node in (element, *element.iterancestors())]
    if "parameter" not in ways:
        return None
    parameter = next(node for node in (element, *element.iterancestors()) if node.tag == "parameter")
    if str(parameter.get("name")) not in documents():
        return None
    rules = document(str(parameter.get("name")), "CZ")
    path = ".".join(reversed(ways[: ways.index("parameter")]))
    return rules.rule(path) if path else rules


def _path_to(name: str, block: BlockRules) -> list[str] | None:
    for rule in block.elements:
        if rule.type == "list" and rule.entry == name:
            return [rule.name]
        if rule.inside is not None and rule.inside.rule(name) is not None:
            return [rule.name, *([rule.entry] if rule.entry and rule.type == "list" else [])]
    return None


def _attributes(tag: re.Match[str]) -> dict[str, str]:
    return {name: quoted or bare for name, quoted, bare in _ATTRIBUTE.findall(tag["attributes"])}


def _mended(line: str) -> str:
    line = line.replace("<parametername=", "<parameter name=")
    line = re.sub(r"<(documentDate)>([^<]*)<documentDate>", r"<\1>\2</\1>", line)
    return re.sub(r"<(\w+)>([^<>]*?)/\1>", r"<\1>\2</\1>", line)
