"""Signatures: intact where nothing was changed, broken where anything was, and said to be unknown otherwise."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import zipfile

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from efimport.findings import Severity
from efimport.formats.isdoc import signatures
from efimport.formats.xml import xml_text

AREA = "isdoc.signature-"


@pytest.fixture(scope="module")
def signing(load):
    return load("signing")


@pytest.fixture(scope="module")
def keys(signing):
    return {kind: signing.key_of(kind) for kind in ("rsa", "p256", "p521", "dsa")}


@pytest.fixture
def said(read_one):
    def said(content):
        return [one.code.removeprefix(AREA) for one in read_one(content).findings if one.code.startswith(AREA)]

    return said


@pytest.fixture
def reason(read_one):
    def reason(content):
        return next(str(one.message) for one in read_one(content).findings if one.code.startswith(AREA))

    return reason


CHANGE = (b"<PayableAmount>298.00", b"<PayableAmount>998.00")


@pytest.mark.parametrize("family", ["5", "6"])
@pytest.mark.parametrize(
    ("kind", "digest"),
    [
        *(("rsa", digest) for digest in ("sha1", "sha224", "sha256", "sha384", "sha512")),
        ("p256", "sha256"),
        ("p521", "sha512"),
        ("p256", "sha1"),
        ("dsa", "sha1"),
    ],
)
def test_each_kind_of_key_and_digest_is_verified(build, signing, keys, said, kind, digest, family):
    content = signing.sign(build(family=family), keys[kind], digest=digest)
    assert said(content) == ["intact"]
    assert said(content.replace(*CHANGE)) == ["broken"]


@pytest.mark.parametrize("info", ["INCLUSIVE", "EXCLUSIVE"])
@pytest.mark.parametrize("reference", ["", "#WithComments"])
@pytest.mark.parametrize("uri", [' URI=""', "", ' URI="#xpointer(/)"'])
def test_each_way_of_canonicalization_is_followed(build, signing, keys, said, info, reference, uri):
    plain = build().replace(b"<Note>", b"<!-- with a comment --><Note>", 1)
    kept = "xpointer" in uri and reference
    content = signing.sign(
        plain,
        keys["rsa"],
        covers=None if kept else plain.replace(b"<!-- with a comment -->", b""),
        uri=uri,
        info_canonical=getattr(signing, info),
        reference_canonical=signing.EXCLUSIVE + reference.strip("#"),
    )
    assert said(content) == ["intact"]
    assert said(content.replace(b"with a comment", b"without")) == ["broken" if kept else "intact"]


@pytest.mark.parametrize("prefix", ["", "isdoc"])
def test_the_recommended_expression_leaves_all_signatures_out(build, signing, keys, said, prefix):
    plain = build(prefix=prefix)
    steps = signing.step(signing.ENVELOPED) + signing.xpath(signing.ALL)
    content = signing.sign(plain, keys["rsa"], steps=steps)
    assert said(content) == ["intact"]
    assert said(signing.sign(content, keys["p256"], covers=plain, steps=steps)) == ["intact", "intact"]
    assert said(content.replace(b">298.00</", b">299.00</")) == ["broken"]


def test_a_further_signature_covers_the_ones_before_it(build, signing, keys, said):
    one = signing.sign(build(), keys["rsa"], steps=signing.xpath(signing.ALL))
    two = signing.sign(one, keys["p256"], steps=signing.xpath(signing.after(2)))
    three = signing.sign(two, keys["rsa"], steps=signing.xpath(signing.after(3)))
    assert said(three) == ["intact", "intact", "intact"]
    first_value = re.search(rb"<SignatureValue>(.{8})", three).group(1)
    assert said(three.replace(first_value, b"AAAAAAAA", 1)) == ["broken", "broken", "broken"]
    second_value = re.findall(rb"<SignatureValue>(.{8})", three)[1]
    assert said(three.replace(second_value, b"AAAAAAAA", 1)) == ["intact", "broken", "broken"]


@pytest.mark.parametrize("space", ["", "\n", "\n  "])
def test_in_the_old_versions_each_signature_was_made_before_the_ones_behind_it(build, signing, keys, said, space):
    one = signing.sign(build(family="5"), keys["rsa"], space=space)
    two = signing.sign(one, keys["p256"], covers=one, space=space)
    # What the second one adds behind itself is not in what it covers.
    assert said(two)[0] == "intact"
    assert said(two.replace(*CHANGE)) == ["broken", "broken"]


def test_the_filter_of_the_newer_kind_is_known(build, signing, keys, said):
    for expression in ("//dsig:Signature", "/descendant::dsig:Signature"):
        holder = f'<XPath xmlns="{signing.FILTER}" xmlns:dsig="{signing.DS}" Filter="subtract">{expression}</XPath>'
        assert said(signing.sign(build(), keys["rsa"], steps=signing.step(signing.FILTER, holder))) == ["intact"]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_changed_character_of_a_value_breaks_the_signature(build, signing, keys, said, data):
    content = signing.sign(build(), keys["rsa"])
    texts = [match.span(1) for match in re.finditer(rb">([A-Za-z0-9 .]+)<", content[: content.index(b"<Signature ")])]
    start, end = data.draw(st.sampled_from(texts))
    place = data.draw(st.integers(start, end - 1))
    new = data.draw(st.sampled_from(b"0123456789abcXYZ").filter(lambda one: one != content[place]))
    assert said(content[:place] + bytes([new]) + content[place + 1 :]) == ["broken"]


@pytest.mark.parametrize("change", [(b"\n<Note>", b"\n <Note>"), (b"<TaxTotal>", b"<TaxTotal><!-- -->"), CHANGE])
def test_space_breaks_a_signature_and_a_comment_does_not(build, signing, keys, said, change):
    content = signing.sign(build(), keys["rsa"])
    changed = content.replace(*change, 1)
    assert changed != content
    assert said(changed) == ["intact" if b"<!--" in change[1] else "broken"]


@pytest.mark.parametrize(
    "rewritten",
    [
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.replace(b'version="6.0.2"', b"version='6.0.2'"),
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.replace(b'<?xml version="1.0" encoding="utf-8"?>\n', b""),
        lambda content: content.decode().replace("utf-8", "windows-1250").encode("windows-1250"),
    ],
    ids=["mark", "quotes", "line ends", "declaration", "encoding"],
)
def test_what_canonicalization_evens_out_breaks_nothing(build, signing, keys, said, rewritten):
    assert said(rewritten(signing.sign(build(), keys["rsa"]))) == ["intact"]


def test_people_are_told_who_signed_and_what_was_not_examined(build, signing, keys, read_one):
    found = next(one for one in read_one(signing.sign(build(), keys["rsa"])).findings if one.code.endswith("-intact"))
    assert found.severity is Severity.INFO
    assert found.location.where == "/Invoice/Signature"
    for part in ("Jana Malá", "Pokusná autorita", "2025-01-01", "2030-01-01", "trusted was not examined"):
        assert part in str(found.message)


def test_a_broken_one_is_a_warning_that_says_what_was_changed(build, signing, keys, read_one):
    broken = signing.sign(build(), keys["rsa"]).replace(*CHANGE)
    (found,) = [one for one in read_one(broken).findings if one.code.startswith(AREA)]
    assert (found.severity, "the document was changed after it was signed" in str(found.message)) == ("warning", True)


def test_a_value_of_another_key_is_broken(build, signing, keys, said, reason):
    other = f"<X509Data><X509Certificate>{signing.encoded(signing.certificate(signing.key_of('rsa')))}"
    content = signing.sign(build(), keys["rsa"], key_info=other + "</X509Certificate></X509Data>")
    assert said(content) == ["broken"]
    assert "does not belong to the key" in reason(content)


def test_of_several_certificates_the_one_of_the_key_counts(build, signing, keys, said):
    others = [signing.certificate(signing.key_of(kind), "Autorita") for kind in ("p256", "rsa")]
    chain = [*others, signing.certificate(keys["rsa"])]
    certificates = "".join(f"<X509Certificate>{signing.encoded(one)}</X509Certificate>" for one in chain)
    content = signing.sign(build(), keys["rsa"], key_info=f"<X509Data>{certificates}</X509Data>")
    assert said(content) == ["intact"]


def test_a_key_written_out_in_numbers_is_taken(build, signing, keys, said):
    numbers = keys["rsa"].public_key().public_numbers()
    parts = [signing.encoded(one.to_bytes((one.bit_length() + 7) // 8, "big")) for one in (numbers.n, numbers.e)]
    written = "<Modulus>{}</Modulus><Exponent>{}</Exponent>".format(*parts)
    content = signing.sign(build(), keys["rsa"], key_info=f"<KeyValue><RSAKeyValue>{written}</RSAKeyValue></KeyValue>")
    assert said(content) == ["nameless"]
    assert said(content.replace(*CHANGE)) == ["broken"]
    point = keys["p256"].public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    curve = (
        '<KeyValue><ECKeyValue xmlns="http://www.w3.org/2009/xmldsig11#">'
        '<NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/>'
        f"<PublicKey>{signing.encoded(point)}</PublicKey></ECKeyValue></KeyValue>"
    )
    assert said(signing.sign(build(), keys["p256"], key_info=curve)) == ["nameless"]


def test_a_further_part_is_compared_as_well(build, signing, keys, said, reason):
    part = f'<Object xmlns="{signing.DS}" Id="o1"><SigningTime>2026-02-01T08:00:00Z</SigningTime></Object>'
    digest = signing.encoded(hashlib.sha256(signing.canonical(part.encode())).digest())
    reference = (
        f'<Reference URI="#o1"><DigestMethod Algorithm="{signing.DIGESTS["sha256"]}"></DigestMethod>'
        f"<DigestValue>{digest}</DigestValue></Reference>"
    )
    content = signing.sign(build(), keys["rsa"], more=part, references=reference)
    assert said(content) == ["intact"]
    changed = content.replace(b"2026-02-01T08", b"2026-02-01T09")
    assert said(changed) == ["broken"]
    assert "the part #o1 was changed" in reason(changed)


@pytest.mark.parametrize("algorithm", ["INCLUSIVE", "EXCLUSIVE"])
def test_a_part_without_a_method_is_taken_in_either_canonical_form(build, signing, keys, said, algorithm):
    part = f'<x:P xmlns="{signing.DS}" xmlns:x="urn:x" xmlns:y="urn:y" Id="p1"><SigningTime>x</SigningTime></x:P>'
    digest = hashlib.sha256(signing.canonical(part.encode(), getattr(signing, algorithm))).digest()
    reference = (
        f'<Reference URI="#p1"><DigestMethod Algorithm="{signing.DIGESTS["sha256"]}"></DigestMethod>'
        f"<DigestValue>{signing.encoded(digest)}</DigestValue></Reference>"
    )
    content = signing.sign(build(), keys["rsa"], more=f"<Object>{part}</Object>", references=reference)
    assert said(content) == ["intact"]
    assert said(content.replace(b">x</SigningTime>", b">y</SigningTime>")) == ["broken"]


# What is not verified


def test_the_certificate_has_to_be_valid_on_the_day(build, signing, keys, said):
    old = signing.certificate(keys["rsa"], valid=(dt.datetime(2020, 1, 1), dt.datetime(2024, 1, 1)))  # noqa: DTZ001
    info = f"<X509Data><X509Certificate>{signing.encoded(old)}</X509Certificate></X509Data>"
    assert said(signing.sign(build(), keys["rsa"], key_info=info)) == ["intact", "certificate"]
    stated = "<Object><SigningTime>2023-02-01T08:00:00Z</SigningTime></Object>"
    assert said(signing.sign(build(), keys["rsa"], key_info=info, more=stated)) == ["intact"]
    assert said(signing.sign(build(), keys["rsa"])) == ["intact"]


XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"method": "http://www.w3.org/2000/09/xmldsig#hmac-sha1"}, "xmldsig#hmac-sha1, which is not known"),
        ({"method": "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"}, "ecdsa-sha256, which is not known"),
        ({"uri": ' URI="https://other.example/a.xml"'}, "https://other.example/a.xml, which is not in the document"),
        ({"uri": ' URI="#nowhere"'}, "#nowhere, which is not in the document"),
        ({"key_info": "<KeyName>jana</KeyName>"}, "does not enclose its key"),
        ({"key_info": "<X509Data><X509Certificate>AAAA</X509Certificate></X509Data>"}, "cannot be read"),
        ({"key_info": "<X509Data><X509Certificate>*</X509Certificate></X509Data>"}, "not complete"),
    ],
)
def test_what_is_not_known_is_said_and_nothing_is_fetched(build, signing, keys, said, reason, wishes, words):
    content = signing.sign(build(), keys["rsa"], **wishes)
    assert said(content) == ["unverified"]
    assert words in reason(content)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (f'<Transform Algorithm="{XSLT}"><stylesheet/></Transform>', "REC-xslt-19991116, which is not known"),
        ('<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64"/>', "#base64, which is not known"),
        ("expression", "it uses the expression count(//*) &gt; 1"),
        ("<Transform/>" * 9, "9 steps"),
    ],
)
def test_other_transforms_are_not_carried_out(build, signing, keys, said, reason, steps, words):
    steps = signing.xpath("count(//*) &gt; 1") if steps == "expression" else steps
    content = signing.sign(build(), keys["rsa"], steps=steps)
    assert said(content) == ["unverified"]
    assert words.replace("&gt;", ">") in reason(content)


def test_a_signature_of_a_part_only_proves_nothing_about_the_document(build, signing, keys, said, reason):
    part = f'<Object xmlns="{signing.DS}" Id="o1">x</Object>'
    content = signing.sign(build(), keys["rsa"], covers=part.encode(), uri=' URI="#o1"', steps="", more=part)
    assert said(content) == ["unverified"]
    assert "does not cover the whole document" in reason(content)


def test_two_parts_of_one_name_are_not_known(build, signing, keys, said, reason):
    part = f'<Object xmlns="{signing.DS}" Id="o1">x</Object>'
    content = signing.sign(build(), keys["rsa"], covers=part.encode(), uri=' URI="#o1"', steps="", more=part * 2)
    assert said(content) == ["unverified"]
    assert "several parts" in reason(content)


def test_an_incomplete_signature_is_not_known(build, said):
    assert said(build(signature=True)) == ["unverified"]
    assert said(build()) == []


def test_only_the_first_signatures_are_verified(build, signing, keys, said):
    steps = signing.xpath(signing.ALL)
    content = plain = build()
    for _ in range(signatures.SIGNATURES + 2):
        content = signing.sign(content, keys["p256"], covers=plain, steps=steps)
    assert said(content) == ["intact"] * signatures.SIGNATURES + ["unverified"] * 2


def test_a_very_large_document_is_not_verified(build, signing, keys, said, monkeypatch):
    monkeypatch.setattr(signatures, "LARGEST", 1000)
    assert said(signing.sign(build(), keys["rsa"])) == ["unverified"]


def test_a_document_that_asks_for_endless_work_is_left_unverified(build, signing, keys, said, monkeypatch):
    content = build()
    digest = signing.encoded(hashlib.sha256(signing.canonical(content)).digest())
    again = (
        f'<Reference URI=""><Transforms>{signing.step(signing.ENVELOPED)}</Transforms><DigestMethod '
        f'Algorithm="{signing.DIGESTS["sha256"]}"></DigestMethod><DigestValue>{digest}</DigestValue></Reference>'
    )
    signed = signing.sign(content, keys["rsa"], references=again * 9)
    assert said(signed) == ["intact"]
    monkeypatch.setattr(signatures, "WORK", 9 * len(signed))
    assert said(signed) == ["unverified"]
    assert said(signing.sign(content, keys["rsa"])) == ["intact"]


NAMED = '<Invoice Id="r" '


@pytest.mark.parametrize("place", ["Extensions", "Object"])
@pytest.mark.parametrize("root", ["<Invoice ", NAMED, NAMED.replace("Id", "ID"), NAMED.replace("Id", "xml:id")])
def test_the_signed_document_put_into_another_one_does_not_vouch_for_that(build, signing, keys, said, place, root):
    signed = signing.sign(build().replace(b"<Invoice ", NAMED.encode(), 1), keys["rsa"], uri=' URI="#r"')
    assert said(signed) == ["intact"]
    signature = signed[signed.index(b"<Signature ") : signed.rindex(b"</Invoice>")]
    original = signed[signed.index(b"<Invoice ") :].replace(signature, b"")
    forged = build().replace(*CHANGE).replace(b"<Invoice ", root.encode(), 1)
    if place == "Object":
        signature = signature.replace(b"</Signature>", b"<Object>" + original + b"</Object></Signature>")
    else:
        party = b"<AccountingSupplierParty>"
        forged = forged.replace(party, b"<Extensions>" + original + b"</Extensions>" + party, 1)
    end = forged.rindex(b"</")
    assert set(said(forged[:end] + signature + forged[end:])) <= {"unverified", "broken"}


def test_a_comment_inside_an_amount_neither_breaks_a_signature_nor_changes_the_amount(build, signing, keys, read_one):
    content = signing.sign(build(), keys["rsa"]).replace(b"<PayableAmount>298", b"<PayableAmount>2<!-- a -->98")
    document = read_one(content)
    assert "isdoc.signature-intact" in {one.code for one in document.findings}
    assert document.payable == 298


def test_values_in_a_signature_element_that_was_slipped_in_are_not_read(build, signing, keys, said, read_one):
    slipped = (
        f'<Signature xmlns="{signing.DS}"><LegalMonetaryTotal><PayableAmount>1</PayableAmount></LegalMonetaryTotal>'
    )
    content = signing.sign(build(), keys["rsa"]).replace(b"<LegalMonetaryTotal>", slipped.encode() + (
        b"</Signature><LegalMonetaryTotal>"
    ), 1)  # fmt: skip
    assert said(content) == ["unverified", "broken"]
    assert read_one(content).payable == 298


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_damaged_signature_never_raises(build, signing, keys, read, data):
    content = bytearray(signing.sign(build(), keys["rsa"]))
    begin = content.index(b"<Signature ")
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(begin, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 10))] = data.draw(st.binary(max_size=8))
    assert read(bytes(content))


def test_a_name_with_a_letter_beyond_ascii_is_no_exception(build, signing, keys, said):
    content = signing.sign(build(), keys["rsa"])
    named = content.replace(b'<SignedInfo xmlns="', '<SignedInfo Š="x" xmlns="'.encode())
    assert said(named) == ["broken"]


def test_a_namespace_that_is_no_address_leaves_a_signature_unverified(build, signing, keys, said):
    content = signing.sign(build(), keys["rsa"])
    strange = content.replace(
        b"<AccountingSupplierParty>", b'<Extensions><a xmlns="b"/></Extensions>\n<AccountingSupplierParty>'
    )
    assert said(strange) == ["unverified"]


# The bytes


def test_a_signed_document_in_an_archive_is_verified_and_kept_as_it_is(build, signing, keys, read):
    content = signing.sign(build(), keys["rsa"])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("a.isdoc", content)
    (invoice,) = read(stream.getvalue(), "a.isdocx")
    assert [one.code for one in invoice.findings] == ["isdoc.signed", "isdoc.signature-intact"]
    assert invoice.origin.content == content


def test_a_document_without_payment_is_verified_as_well(signing, keys, read_one):
    content = (
        b'<CommonDocument xmlns="http://isdoc.cz/namespace/2013" version="6.0.2"><SubDocumentType>1</SubDocumentType>'
        b"<SubDocumentTypeOrigin>CBA</SubDocumentTypeOrigin><ID>SM-1</ID></CommonDocument>"
    )
    document = read_one(signing.sign(content, keys["rsa"]))
    assert "isdoc.signature-intact" in {one.code for one in document.findings}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_what_is_sent_of_a_signed_document_is_the_file(build, signing, keys, payload_of, mark):
    content = mark + signing.sign(build(), keys["rsa"])
    assert hashlib.sha256(payload_of(content)).digest() == hashlib.sha256(content).digest()


def test_public_signed_documents_are_intact_and_sent_as_they_are(shared, said, payload_of):
    signed = [
        path for path in sorted(shared("corpus/isdoc").glob("*.isdoc")) if b"<SignatureValue" in path.read_bytes()
    ]
    assert signed
    for path in signed:
        content = path.read_bytes()
        assert "intact" in said(content)
        assert said(content.replace(b"</ID>", b" </ID>", 1))[0] == "broken"
        assert hashlib.sha256(payload_of(content)).digest() == hashlib.sha256(content).digest()


def test_a_reader_of_text_gives_a_verdict_for_each_signature(build, signing, keys):
    (verdict,) = signatures.verdicts(xml_text(signing.sign(build(), keys["rsa"])))
    assert (verdict.intact, verdict.reason, verdict.certificate.subject) == (True, None, "Jana Malá")
    assert isinstance(verdict.certificate.key, rsa.RSAPublicKey)


def test_each_verdict_has_its_code(build, signing, keys, read_one):
    old = signing.certificate(keys["rsa"], valid=(dt.datetime(2020, 1, 1), dt.datetime(2024, 1, 1)))  # noqa: DTZ001
    info = f"<X509Data><X509Certificate>{signing.encoded(old)}</X509Certificate></X509Data>"
    signed = signing.sign(build(), keys["rsa"])
    for content, codes in (
        (build(), set()),
        (signed, {"isdoc.signed", "isdoc.signature-intact"}),
        (signed.replace(*CHANGE), {"isdoc.signed", "isdoc.signature-broken", "isdoc.total-mismatch"}),
        (build(signature=True), {"isdoc.signed", "isdoc.signature-unverified"}),
        (
            signing.sign(build(), keys["rsa"], key_info=info),
            {"isdoc.signed", "isdoc.signature-intact", "isdoc.signature-certificate"},
        ),
    ):
        assert {one.code for one in read_one(content).findings} == codes
