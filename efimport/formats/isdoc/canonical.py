"""The canonical form of XML, which is what a signature covers.

Sources: W3C Canonical XML 1.0 and 1.1, Exclusive XML Canonicalization 1.0. libxml2 does the work.
"""

from __future__ import annotations

import msgspec
from lxml import etree

from efimport.formats.isdoc.signature_keys import UnknownMethodError
from efimport.formats.xml import parser

_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_INCLUSIVE = ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2006/12/xml-c14n11")


class Canonical(msgspec.Struct, frozen=True):
    """A method of canonicalization (W3C Canonical XML 1.0 and 1.1, Exclusive XML Canonicalization 1.0)."""

    exclusive: bool = False
    comments: bool = False
    prefixes: tuple[str, ...] = ()

    @classmethod
    def of(cls, element: etree._Element) -> Canonical | None:
        """The method that an element names; None for no method of canonicalization."""
        algorithm = element.get("Algorithm") or ""
        comments = algorithm.endswith("WithComments")
        plain = algorithm.removesuffix("WithComments")
        if plain == _EXCLUSIVE:
            listed = element.find(f"{{{_EXCLUSIVE}}}InclusiveNamespaces")
            prefixes = (listed.get("PrefixList") or "").split() if listed is not None else []
            return cls(exclusive=True, comments=comments, prefixes=tuple(prefixes))
        return cls(comments=comments) if plain.removesuffix("#") in _INCLUSIVE else None

    def of_part(self, element: etree._Element) -> bytes:
        """The canonical form of one element of a document."""
        if not self.exclusive and _inherits_xml_attributes(element):
            # Canonical XML 1.0 gives them to the element, lxml does not; 1.1 has rules of its own.
            raise UnknownMethodError("xml:base, xml:lang, xml:space")
        # A document of its own that keeps the namespaces around the element: lxml forgets them for a part of one.
        alone = etree.fromstring(etree.tostring(element, encoding="UTF-8", with_tail=False), parser("UTF-8"))
        return self.of_document(alone.getroottree())

    def of_document(self, tree: etree._ElementTree) -> bytes:
        """The canonical form of a document.

        Raises:
            UnknownMethodError: it has none, because a namespace in it is no absolute address (Canonical XML 1.0, 1.3).
        """
        try:
            if not self.exclusive:
                return etree.tostring(tree, method="c14n", with_comments=self.comments)
            prefixes = [prefix for prefix in self.prefixes if prefix != "#default"]
            return etree.tostring(
                tree,
                method="c14n",
                exclusive=True,
                with_comments=self.comments,
                inclusive_ns_prefixes=prefixes or None,
            )
        except (etree.C14NError, ValueError) as error:
            raise UnknownMethodError("xmlns") from error


def _inherits_xml_attributes(element: etree._Element) -> bool:
    return any(
        str(name).startswith("{http://www.w3.org/XML/1998/namespace}")
        for ancestor in element.iterancestors()
        for name in ancestor.attrib
    )
