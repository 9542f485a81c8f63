"""Digests, keys and certificates of electronic signatures.

Sources: W3C XML Signature 1.1 and RFC 9231 (identifiers of methods), RFC 5280 (certificates). The arithmetic is that of
the library ``cryptography``, which is loaded only where a document is signed.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import warnings
from collections.abc import Sequence
from typing import Any

import msgspec
from lxml import etree

_DS = "http://www.w3.org/2000/09/xmldsig#"
_DS11 = "http://www.w3.org/2009/xmldsig11#"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_ENC = "http://www.w3.org/2001/04/xmlenc#"
_MGF1 = "http://www.w3.org/2007/05/xmldsig-more#"

DIGESTS = {
    f"{_DS}sha1": "sha1",
    f"{_MORE}sha224": "sha224",
    f"{_ENC}sha256": "sha256",
    f"{_MORE}sha384": "sha384",
    f"{_ENC}sha512": "sha512",
}
"""Digest methods by their identifiers."""

_METHODS = {
    f"{_DS}rsa-sha1": ("rsa", "sha1"),
    f"{_DS}dsa-sha1": ("dsa", "sha1"),
    "http://www.w3.org/2009/xmldsig11#dsa-sha256": ("dsa", "sha256"),
    **{f"{_MORE}rsa-sha{size}": ("rsa", f"sha{size}") for size in (224, 256, 384, 512)},
    **{f"{_MORE}ecdsa-sha{size}": ("ecdsa", f"sha{size}") for size in (1, 224, 256, 384, 512)},
    **{f"{_MGF1}sha{size}-rsa-MGF1": ("pss", f"sha{size}") for size in (1, 224, 256, 384, 512)},
}
"""Kind of key and digest by the identifier of a signature method."""

_CURVES = {
    "urn:oid:1.2.840.10045.3.1.7": "SECP256R1",
    "urn:oid:1.3.132.0.34": "SECP384R1",
    "urn:oid:1.3.132.0.35": "SECP521R1",
}


class UnknownMethodError(Exception):
    """A method that is not known here.

    Args:
        method: its identifier.
    """

    def __init__(self, method: str) -> None:
        super().__init__(method)
        self.method = method or "-"


class CertificateError(Exception):
    """A certificate that cannot be read."""


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate as far as people are told of it.

    Attributes:
        subject: name of who signed.
        issuer: name of who vouches for that.
        valid_from, valid_to: first and last day of its validity (UTC).
        key: the public key.
    """

    subject: str
    issuer: str
    valid_from: dt.date
    valid_to: dt.date
    key: Any = None


def digest_of(algorithm: str, content: bytes) -> bytes:
    """The digest by the identifier of its method."""
    return hashlib.new(DIGESTS[algorithm], content).digest()


def certificates(encoded: Sequence[bytes]) -> list[Certificate]:
    """The certificates that a signature encloses.

    Raises:
        CertificateError: one of them is none.
    """
    if not encoded:
        return []
    from cryptography import exceptions, x509

    try:
        with warnings.catch_warnings():
            # Certificates of the first years break today's rules in ways that do not matter here.
            warnings.simplefilter("ignore")
            return [_certificate(x509.load_der_x509_certificate(content)) for content in encoded]
    except (ValueError, TypeError, exceptions.UnsupportedAlgorithm, exceptions.InternalError) as error:
        raise CertificateError(str(error)) from error
    except x509.InvalidVersion as error:
        raise CertificateError(str(error)) from error


def _certificate(certificate: Any) -> Certificate:
    return Certificate(
        subject=_name(certificate.subject),
        issuer=_name(certificate.issuer),
        valid_from=certificate.not_valid_before_utc.date(),
        valid_to=certificate.not_valid_after_utc.date(),
        key=certificate.public_key(),
    )


def _name(name: Any) -> str:
    """The common name, else the whole name."""
    from cryptography.x509.oid import NameOID

    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    text = str(common[0].value) if common else str(name.rfc4514_string())
    return " ".join(text.split())[:100] or "-"


def key_of_values(information: etree._Element) -> Any:
    """The public key that a signature writes out in numbers; None where there is none or it is no key."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    try:
        value = information.find(f"{{{_DS}}}KeyValue/{{{_DS}}}RSAKeyValue")
        if value is not None:
            modulus, exponent = (_number(value.findtext(f"{{{_DS}}}{name}")) for name in ("Modulus", "Exponent"))
            return rsa.RSAPublicNumbers(exponent, modulus).public_key()
        value = information.find(f"{{{_DS}}}KeyValue/{{{_DS11}}}ECKeyValue")
        if value is not None:
            curve = value.find(f"{{{_DS11}}}NamedCurve")
            name = _CURVES.get((curve.get("URI") or "") if curve is not None else "")
            point = base64.b64decode("".join((value.findtext(f"{{{_DS11}}}PublicKey") or "").split()), validate=True)
            return ec.EllipticCurvePublicKey.from_encoded_point(getattr(ec, name)(), point) if name else None
    except (ValueError, binascii.Error):
        return None
    return None


def _number(text: str | None) -> int:
    return int.from_bytes(base64.b64decode("".join((text or "").split()), validate=True), "big")


def is_signed_with(key: Any, method: str, value: bytes, content: bytes) -> bool | None:
    """Whether a value is the signature of a content by a key; None where the key is of another kind than the method.

    Raises:
        UnknownMethodError: the method is not known.
    """
    from cryptography.exceptions import InternalError, InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes

    kind, name = _METHODS.get(method, ("", ""))
    verify = {"rsa": _rsa, "pss": _pss, "ecdsa": _ecdsa, "dsa": _dsa}.get(kind)
    if verify is None:
        raise UnknownMethodError(method)
    try:
        return verify(key, value, content, getattr(hashes, name.upper())())
    except InvalidSignature:
        return False
    except (UnsupportedAlgorithm, InternalError, ValueError) as error:
        raise UnknownMethodError(method) from error


def _rsa(key: Any, value: bytes, content: bytes, digest: Any) -> bool | None:
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    if not isinstance(key, rsa.RSAPublicKey):
        return None
    key.verify(value, content, padding.PKCS1v15(), digest)
    return True


def _pss(key: Any, value: bytes, content: bytes, digest: Any) -> bool | None:
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    if not isinstance(key, rsa.RSAPublicKey):
        return None
    key.verify(value, content, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
    return True


def _ecdsa(key: Any, value: bytes, content: bytes, digest: Any) -> bool | None:
    from cryptography.hazmat.primitives.asymmetric import ec

    if not isinstance(key, ec.EllipticCurvePublicKey):
        return None
    key.verify(_two_numbers(value, (key.key_size + 7) // 8), content, ec.ECDSA(digest))
    return True


def _dsa(key: Any, value: bytes, content: bytes, digest: Any) -> bool | None:
    from cryptography.hazmat.primitives.asymmetric import dsa

    if not isinstance(key, dsa.DSAPublicKey):
        return None
    length = (key.public_numbers().parameter_numbers.q.bit_length() + 7) // 8
    key.verify(_two_numbers(value, length), content, digest)
    return True


def _two_numbers(value: bytes, length: int) -> bytes:
    """The two numbers of the signature, which stand behind each other, in the form that the library takes."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    if len(value) != 2 * length:
        raise InvalidSignature
    return encode_dss_signature(int.from_bytes(value[:length], "big"), int.from_bytes(value[length:], "big"))
