"""Electronic signatures of a document: whether each is intact, broken, or of a kind that cannot be verified here.

Sources: W3C XML Signature Syntax and Processing 1.1; ISDOC 6.0.2 specification, electronic signature (enveloped, with
an XPath transform that leaves all signatures out; a further signature includes the ones before it). Up to 5.3.1 there
may be several enveloped signatures without such a transform: each was made before the ones behind it.

Nothing is fetched, no style sheet is carried out, no expression is evaluated: of XPath the known forms are recognised.
Whether a certificate can be trusted is not judged.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Iterator

import msgspec
from lxml import etree

from efimport.findings import Finding
from efimport.formats.isdoc.canonical import Canonical
from efimport.formats.isdoc.signature_keys import (
    DIGESTS,
    Certificate,
    CertificateError,
    UnknownMethodError,
    certificates,
    digest_of,
    is_signed_with,
    key_of_values,
)
from efimport.formats.isdoc.vocabulary import SIGNATURE_NAMESPACE
from efimport.formats.xml import XmlText, parse
from efimport.messages import Message, message

_DS = f"{{{SIGNATURE_NAMESPACE}}}"
SIGNATURE = f"{_DS}Signature"
_SIGNING_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})T")

SIGNATURES = 5
"""Signatures of a document that are verified at most."""
LARGEST = 20_000_000
"""Bytes of a document whose signatures are verified: it is parsed again for each of them."""
WORK = 100_000_000
"""Bytes brought into canonical form for one document at most: a hostile one asks for the same again and again."""
CERTIFICATES, REFERENCES, TRANSFORMS = 10, 10, 8
"""Certificates that a signature encloses, parts that it covers, and steps to each of them, at most."""

_ENVELOPED = f"{SIGNATURE_NAMESPACE}enveloped-signature"
_XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
_FILTER = "http://www.w3.org/2002/06/xmldsig-filter2"
_WITHOUT_ALL = "not(ancestor-or-self::S)"
_WITHOUT_FROM = re.compile(
    r"(?:not\(ancestor-or-self::S\)or)?not\(ancestor-or-self::S/preceding-sibling::S\[(\d{1,2})\]\)"
)
_ENVELOPED_IN_XPATH = re.compile(
    r"count\(ancestor-or-self::S\|here\(\)/ancestor::S\[1\]\)>count\(ancestor-or-self::S\)"
)
_PREFIXED = re.compile(r"([\w.\-]+):Signature\b")


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What can be said of one signature.

    Attributes:
        intact: True where nothing was changed after signing, False where something was, None where it is not known.
        reason: why it is broken or not known.
        certificate: the certificate of the key that signed.
        day: day of signing, as the signature states it.
    """

    intact: bool | None
    reason: Message | None = None
    certificate: Certificate | None = None
    day: dt.date | None = None


class _BrokenError(Exception):
    """Something was changed after signing."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


class _UnknownError(Exception):
    """The signature is made in a way that cannot be verified here."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


def verdicts(text: XmlText) -> list[Verdict]:
    """What can be said of each signature under the root, in the order of the file; only the first ones are verified."""
    count = len(_parsed(text).findall(SIGNATURE))
    if len(text.content) > LARGEST:
        return [Verdict(intact=None, reason=message("the document is too large for it"))] * count
    work = _Work(left=WORK)
    found = [_Signature(text, place, work).verdict() for place in range(min(count, SIGNATURES))]
    if count > SIGNATURES:
        reason = message("there are more than {limit} signatures", limit=SIGNATURES)
        found.extend([Verdict(intact=None, reason=reason)] * (count - SIGNATURES))
    return found


def _parsed(text: XmlText) -> etree._Element:
    root = parse(text)
    assert not isinstance(root, Finding)  # it was parsed before
    return root


class _Work(msgspec.Struct):
    """The work that all signatures of a document share.

    Attributes:
        left: bytes that may still be brought into canonical form.
    """

    left: int


class _Way(msgspec.Struct):
    """How the signed bytes come from the document.

    Attributes:
        enveloped: whether the signature itself is left out.
        first_left_out: ordinal of the first signature that an expression leaves out, from 0; None for none.
        canonical: the method of canonicalization.
    """

    enveloped: bool = False
    first_left_out: int | None = None
    canonical: Canonical = Canonical()


class _Signature:
    """One signature of a document.

    Args:
        text: the document.
        place: its ordinal among the signatures under the root, from 0.
        work: what may still be done for the document.
    """

    def __init__(self, text: XmlText, place: int, work: _Work) -> None:
        self._text = text
        self._place = place
        self._work = work
        self._root = _parsed(text)
        self._element = self._root.findall(SIGNATURE)[place]
        self._certificate: Certificate | None = None

    def verdict(self) -> Verdict:
        intact: bool | None = True
        reason = None
        try:
            self._verify()
        except _BrokenError as error:
            intact, reason = False, error.reason
        except _UnknownError as error:
            intact, reason = None, error.reason
        except UnknownMethodError as error:
            intact, reason = None, message("it uses {method}, which is not known here", method=error.method[:100])
        return Verdict(intact=intact, reason=reason, certificate=self._certificate, day=self._day())

    def _day(self) -> dt.date | None:
        """Day of signing by XAdES (ETSI EN 319 132-1, SigningTime)."""
        stated = self._element.findtext(".//{*}SigningTime") or ""
        match = _SIGNING_TIME.match(stated.strip())
        try:
            return dt.date.fromisoformat(match.group(1)) if match else None
        except ValueError:
            return None

    def _verify(self) -> None:
        """The value first, so that what it does not vouch for is not looked at further."""
        signed = self._element.find(f"{_DS}SignedInfo")
        method = signed.find(f"{_DS}CanonicalizationMethod") if signed is not None else None
        if signed is None or method is None or self._element.find(f"{_DS}SignatureValue") is None:
            raise _UnknownError(message("it is not complete"))
        canonical = Canonical.of(method)
        if canonical is None:
            raise UnknownMethodError(method.get("Algorithm") or "")
        references = signed.findall(f"{_DS}Reference")
        if not 0 < len(references) <= REFERENCES:
            raise _UnknownError(message("it covers {count} parts", count=len(references)))
        # All of this may raise that the signature is not known; only the last line can say that it was broken.
        value = _decoded(self._element.findtext(f"{_DS}SignatureValue"))
        algorithm = signed.find(f"{_DS}SignatureMethod")
        is_right = self._is_right(canonical.of_part(signed), value, algorithm)
        covered = [self._check(reference) for reference in references]
        if not is_right:
            raise _BrokenError(message("its value does not belong to the key that it names"))
        if not any(covered):
            raise _UnknownError(message("it does not cover the whole document"))

    def _is_right(self, content: bytes, value: bytes, algorithm: etree._Element | None) -> bool:
        """Whether the value was made with one of the keys that the signature names; that one's certificate is kept."""
        method = (algorithm.get("Algorithm") if algorithm is not None else None) or ""
        keys = self._keys()
        answers = [is_signed_with(key, method, value, content) for key, _ in keys]
        if all(answer is None for answer in answers):
            raise UnknownMethodError(method)
        right = next((place for place, answer in enumerate(answers) if answer), None)
        self._certificate = keys[right or 0][1]
        return right is not None

    def _keys(self) -> list[tuple[object, Certificate | None]]:
        """The keys that the signature names: those of its certificates, else the one that it writes out."""
        information = self._element.find(f"{_DS}KeyInfo")
        if information is None:
            raise _UnknownError(message("it does not enclose its key"))
        enclosed = information.findall(f"{_DS}X509Data/{_DS}X509Certificate")[:CERTIFICATES]
        try:
            known = certificates([_decoded(one.text) for one in enclosed])
        except CertificateError as error:
            raise _UnknownError(message("its certificate cannot be read")) from error
        if known:
            return [(one.key, one) for one in known]
        key = key_of_values(information)
        if key is None:
            raise _UnknownError(message("it does not enclose its key"))
        return [(key, None)]

    def _check(self, reference: etree._Element) -> bool:
        """Compare the digest of one part; whether the part is the whole document."""
        method = reference.find(f"{_DS}DigestMethod")
        algorithm = (method.get("Algorithm") if method is not None else None) or ""
        if algorithm not in DIGESTS:
            raise UnknownMethodError(algorithm)
        stated = _decoded(reference.findtext(f"{_DS}DigestValue"))
        uri = reference.get("URI")
        steps = reference.findall(f"{_DS}Transforms/{_DS}Transform")
        if len(steps) > TRANSFORMS:
            raise _UnknownError(message("it takes {count} steps to what it covers", count=len(steps)))
        whole = self._is_whole(uri)
        contents = self._documents(steps, uri) if whole else self._parts(uri or "", steps)
        if not any(digest_of(algorithm, content) == stated for content in contents):
            if whole:
                raise _BrokenError(message("the document was changed after it was signed"))
            raise _BrokenError(message("the part {name} was changed after it was signed", name=uri))
        return whole

    def _is_whole(self, uri: str | None) -> bool:
        """Whether a reference means the document: by no name, by an empty one, or by the identifier of the root."""
        if not uri or uri == "#xpointer(/)":
            return True
        return self._target(uri) is self._root

    def _target(self, uri: str) -> etree._Element:
        match = re.fullmatch(r"#(?:xpointer\(id\(['\"])?([^'\"()\s]+)(?:['\"]\)\))?", uri)
        if match is None:
            raise _UnknownError(message("it covers {name}, which is not in the document", name=uri[:100]))
        wanted = match.group(1)
        found = [
            element
            for element in self._root.iter(etree.Element)
            if wanted in (element.get("Id"), element.get("ID"), element.get("id"))
        ]
        if not found:
            raise _UnknownError(message("it covers {name}, which is not in the document", name=uri[:100]))
        # Of two elements with one identifier, one can be covered and the other be read.
        if len(found) > 1:
            raise _UnknownError(
                message("it covers {name}, a name that several parts of the document have", name=uri[:100])
            )
        return found[0]

    def _parts(self, uri: str, steps: list[etree._Element]) -> Iterator[bytes]:
        canonical = None
        for step in steps:
            canonical = Canonical.of(step)
            if canonical is None:
                raise UnknownMethodError(step.get("Algorithm") or "")
        part = self._target(uri)
        yield (canonical or Canonical()).of_part(part)
        if canonical is None:
            # Without a method the inclusive one is meant, but some programs take the other one (XAdES properties).
            yield Canonical(exclusive=True).of_part(part)

    def _documents(self, steps: list[etree._Element], uri: str | None) -> Iterator[bytes]:
        """The document as it was when it was signed; in several ways where several signatures stand in it."""
        way = self._way(steps)
        canonical = way.canonical
        if canonical.comments and not (uri or "").startswith("#xpointer"):
            # A reference by an empty name means the document without its comments (XML Signature 1.1, 4.4.3.3), and
            # programs that write none at all mean the same.
            canonical = msgspec.structs.replace(canonical, comments=False)
        count = len(self._root.findall(SIGNATURE))
        later = set(range(self._place, count))
        itself = {self._place} if way.enveloped else set[int]()
        if way.first_left_out is not None:
            without = [itself | set(range(way.first_left_out, count))]
        else:
            without = [itself, later] if way.enveloped and count > 1 else [itself]
        for left_out in without:
            yield self._canonical_without(left_out, canonical)
            if count > 1:
                # Who adds a signature may put it on a line of its own: that space came with it.
                for added in (later - {self._place}, later):
                    yield self._canonical_without(left_out, canonical, without_space_behind=added)

    def _way(self, steps: list[etree._Element]) -> _Way:
        way = _Way()
        for step in steps:
            algorithm = step.get("Algorithm") or ""
            canonical = Canonical.of(step)
            if canonical is not None:
                way.canonical = canonical
            elif algorithm == _ENVELOPED:
                way.enveloped = True
            elif algorithm in (_XPATH, _FILTER):
                place = self._left_out(step)
                way.enveloped = way.enveloped or place is None
                known = [one for one in (place, way.first_left_out) if one is not None]
                way.first_left_out = min(known, default=None)
            else:
                raise UnknownMethodError(algorithm)
        return way

    def _left_out(self, step: etree._Element) -> int | None:
        """Ordinal of the first signature that an expression leaves out, from 0; None for this signature alone."""
        holder = step.find(f"{_DS}XPath") if step.get("Algorithm") == _XPATH else step.find(f"{{{_FILTER}}}XPath")
        if holder is None or len(step) != 1:
            raise UnknownMethodError(step.get("Algorithm") or "")
        expression = _PREFIXED.sub(lambda match: _marked(match, holder), "".join((holder.text or "").split()))
        if step.get("Algorithm") == _FILTER:
            if holder.get("Filter") == "subtract" and expression in ("//S", "/descendant::S", "/*/S"):
                return 0
        elif expression == _WITHOUT_ALL:
            return 0
        elif match := _WITHOUT_FROM.fullmatch(expression):
            return int(match.group(1))
        elif _ENVELOPED_IN_XPATH.fullmatch(expression):
            return None
        raise _UnknownError(
            message("it uses the expression {expression}", expression=(holder.text or "").strip()[:100])
        )

    def _canonical_without(
        self, left_out: set[int], canonical: Canonical, *, without_space_behind: set[int] | None = None
    ) -> bytes:
        self._work.left -= len(self._text.content)
        if self._work.left < 0:
            raise _UnknownError(message("it takes more work than is done for one document"))
        root = _parsed(self._text)
        for place, element in enumerate(root.findall(SIGNATURE)):
            if place in (without_space_behind or ()) and not (element.tail or "").strip():
                element.tail = None
            if place in left_out:
                _remove(element)
        return canonical.of_document(root.getroottree())


def _marked(match: re.Match[str], holder: etree._Element) -> str:
    """The name of a signature in an expression, told by its namespace and not by its prefix."""
    return "S" if holder.nsmap.get(match.group(1)) == SIGNATURE_NAMESPACE else match.group(0)


def _remove(element: etree._Element) -> None:
    """Take an element out; the text behind it stays."""
    parent, before = element.getparent(), element.getprevious()
    assert parent is not None
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _decoded(text: str | None) -> bytes:
    try:
        return base64.b64decode("".join((text or "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _UnknownError(message("it is not complete")) from error
