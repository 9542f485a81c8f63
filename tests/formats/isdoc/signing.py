"""Signs invented documents with keys of its own, after W3C XML Signature; knows nothing of what verifies them."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID
from lxml import etree

DS = "http://www.w3.org/2000/09/xmldsig#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = f"{DS}enveloped-signature"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
FILTER = "http://www.w3.org/2002/06/xmldsig-filter2"
ALL = "not(ancestor-or-self::dsig:Signature)"
DIGESTS = {
    "sha1": f"{DS}sha1",
    "sha224": f"{MORE}sha224",
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha384": f"{MORE}sha384",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
}
HASHES = {"sha1": hashes.SHA1, "sha224": hashes.SHA224, "sha256": hashes.SHA256, "sha384": hashes.SHA384}
HASHES["sha512"] = hashes.SHA512


def after(number):
    """The expression of the signature of this ordinal: it covers the ones before it."""
    return f"{ALL} or not(ancestor-or-self::dsig:Signature/preceding-sibling::dsig:Signature[{number - 1}])"


def step(algorithm, content=""):
    return f'<Transform Algorithm="{algorithm}">{content}</Transform>'


def xpath(expression):
    return step(XPATH, f'<XPath xmlns:dsig="{DS}">{expression}</XPath>')


def key_of(kind):
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    if kind == "dsa":
        return dsa.generate_private_key(1024)
    return ec.generate_private_key({"p256": ec.SECP256R1(), "p521": ec.SECP521R1()}[kind])


def certificate(key, name="Jana Malá", valid=(dt.datetime(2025, 1, 1), dt.datetime(2030, 1, 1))):  # noqa: DTZ001
    """A certificate that the key issues for itself, DER."""
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, "Pokusná autorita")]
    builder = x509.CertificateBuilder(names[1], names[0], key.public_key(), 7, *valid)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def encoded(content):
    return base64.b64encode(content).decode()


def value_of(key, digest, content):
    """The signature value as XML Signature has it."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(content, padding.PKCS1v15(), HASHES[digest]())
    if isinstance(key, dsa.DSAPrivateKey):
        length, value = 20, key.sign(content, HASHES[digest]())
    else:
        length, value = (key.key_size + 7) // 8, key.sign(content, ec.ECDSA(HASHES[digest]()))
    return b"".join(number.to_bytes(length, "big") for number in decode_dss_signature(value))


def method_of(key, digest):
    if isinstance(key, rsa.RSAPrivateKey):
        return (DS if digest == "sha1" else MORE) + f"rsa-{digest}"
    return f"{DS}dsa-sha1" if isinstance(key, dsa.DSAPrivateKey) else f"{MORE}ecdsa-{digest}"


def canonical(content, algorithm=INCLUSIVE):
    return etree.tostring(
        etree.fromstring(content).getroottree(),
        method="c14n",
        exclusive=algorithm.startswith(EXCLUSIVE),
        with_comments=algorithm.endswith("WithComments"),
    )


def sign(
    content,
    key,
    *,
    covers=None,
    digest="sha256",
    uri=' URI=""',
    steps=None,
    reference_canonical=INCLUSIVE,
    info_canonical=EXCLUSIVE,
    method=None,
    key_info=None,
    more="",
    references="",
    space="",
):
    """The document with a further signature at its end.

    Args:
        content: the document.
        key: the private key.
        covers: the document as this signature sees it, without the signatures that it leaves out.
        uri, steps: attribute of the reference, and transforms in the place of the enveloped one.
        key_info: content of KeyInfo in the place of the certificate.
        more: content behind KeyInfo.
        references: further references.
        space: white space behind the signature.
    """
    digested = hashlib.new(digest, canonical(covers or content, reference_canonical)).digest()
    transforms = step(ENVELOPED) if steps is None else steps
    if reference_canonical != INCLUSIVE:
        transforms += step(reference_canonical)
    info = (
        f'<SignedInfo xmlns="{DS}"><CanonicalizationMethod Algorithm="{info_canonical}"></CanonicalizationMethod>'
        f'<SignatureMethod Algorithm="{method or method_of(key, digest)}"></SignatureMethod>'
        f'<Reference{uri}><Transforms>{transforms}</Transforms><DigestMethod Algorithm="{DIGESTS[digest]}">'
        f"</DigestMethod><DigestValue>{encoded(digested)}</DigestValue></Reference>{references}</SignedInfo>"
    )
    value = value_of(key, digest, canonical(info.encode(), info_canonical))
    if key_info is None:
        key_info = f"<X509Data><X509Certificate>{encoded(certificate(key))}</X509Certificate></X509Data>"
    signature = (
        f'<Signature xmlns="{DS}">{info}<SignatureValue>{encoded(value)}</SignatureValue>'
        f"<KeyInfo>{key_info}</KeyInfo>{more}</Signature>{space}"
    )
    place = content.rindex(b"</")
    return content[:place] + signature.encode() + content[place:]
