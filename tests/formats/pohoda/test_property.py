"""Packs that nobody thought of: random contents, prefixes, encodings, and what stands between the items."""

from __future__ import annotations

from decimal import Decimal
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from efimport.documents import Invoice
from efimport.findings import Finding
from efimport.formats import pohoda
from efimport.formats.reading import Reading, Sample
from efimport.sources import Source

V2 = "http://www.stormware.cz/schema/version_2/"
CZECH = st.text("aábcčdďeéěfghiíjklmnňoópqrřsštťuúůvwxyýzžAŽ 0123456789&<>'\"-/", min_size=1, max_size=30)
BETWEEN = st.sampled_from(
    [
        "",
        "\r\n",
        "<!-- <{d}dataPackItem id='x'> -- >-->".replace("-- >", ""),
        "<!-- </{d}dataPackItem> -->",
        "<?note </{d}dataPackItem> ?>",
        "\t\n<!-- ]]> -->\n",
    ]
)
INSIDE = st.sampled_from(["", "<!-- </{d}dataPackItem> -->", "\n    ", "<?x?>"])
PREFIX = st.sampled_from(["dat", "inv", "typ", "ns-818b8bfd", "x", "DAT", "a.b", ""])


@st.composite
def packs(draw):
    """A pack, its encoding, and what its documents say."""
    chosen = draw(st.lists(PREFIX, min_size=3, max_size=3, unique=True))
    dat, inv, typ = (f"{prefix}:" if prefix else "" for prefix in chosen)
    encoding = draw(st.sampled_from(["utf-8", "windows-1250", "iso-8859-2", "utf-8-sig"]))
    namespaces = " ".join(
        f'xmlns{":" if prefix else ""}{prefix}="{V2}{name}.xsd"'
        for prefix, name in zip(chosen, ("data", "invoice", "type"), strict=True)
    )
    expected, items = [], []
    for count in range(draw(st.integers(1, 4))):
        number, text = f"F{count}", draw(CZECH)
        base = draw(st.decimals(-1000, 100000, places=2))
        section = draw(st.booleans()) and "]]>" not in text
        shown = f"<![CDATA[{text}]]>" if section else escape(text)
        inside = draw(INSIDE).replace("{d}", dat)
        items.append(
            f'<{dat}dataPackItem id="{count}" version="2.0">{inside}<{inv}invoice version="2.0"><{inv}invoiceHeader>'
            f"<{inv}invoiceType>issuedInvoice</{inv}invoiceType><{inv}number><{typ}numberRequested>{number}"
            f"</{typ}numberRequested></{inv}number><{inv}date>2024-05-06</{inv}date><{inv}text>{shown}</{inv}text>"
            f"{inside}</{inv}invoiceHeader><{inv}invoiceSummary><{inv}homeCurrency><{typ}priceNone>{base}"
            f"</{typ}priceNone></{inv}homeCurrency></{inv}invoiceSummary></{inv}invoice></{dat}dataPackItem>"
        )
        expected.append((number, text.strip() or None, base))
    between = [draw(BETWEEN).replace("{d}", dat) for _ in range(len(items) + 1)]
    body = "".join(gap + item for gap, item in zip(between, [*items, ""], strict=True))
    name = encoding.removesuffix("-sig")
    whole = (
        f'<?xml version="1.0" encoding="{name}"?>\n<{dat}dataPack {namespaces} version="2.0" id="P" ico="25596641" '
        f'application="a" note="ž">{body}</{dat}dataPack>\n'
    )
    return whole.encode(encoding), expected


def read(content: bytes) -> list:
    return list(pohoda.read(Source("a.xml", content), Reading()))


@settings(max_examples=120, deadline=None)
@given(packs())
def test_every_document_is_found_with_its_values(written):
    content, expected = written
    found = read(content)
    assert all(isinstance(each, Invoice) for each in found), [each for each in found if isinstance(each, Finding)]
    assert [(each.number, each.text, each.payable) for each in found] == expected


@settings(max_examples=80, deadline=None)
@given(packs())
def test_the_pack_of_one_document_says_the_same_as_the_whole(written):
    content, _ = written
    identities = set()
    for document in read(content):
        alone = read(document.origin.content)
        assert len(alone) == 1
        (again,) = alone
        assert (again.number, again.text, again.payable, again.date) == (
            document.number,
            document.text,
            document.payable,
            document.date,
        )
        assert again.own_registration_number == "25596641"
        assert again.origin.content == document.origin.content
        identities.add(etree.fromstring(document.origin.content).get("id"))
    assert len(identities) == len(read(content))


@settings(max_examples=200, deadline=None)
@given(packs(), st.data())
def test_damage_never_raises_and_is_always_told(written, data):
    content, expected = written
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    damaged = content[:start] + data.draw(st.binary(max_size=12)) + content[end:]
    pohoda.recognise(Sample(Source("a.xml", damaged)))
    found = read(damaged)
    documents = [each for each in found if not isinstance(each, Finding)]
    assert found
    if len(documents) < len(expected):
        # What is missing was told, unless the damage made it a comment.
        assert any(isinstance(each, Finding) for each in found) or b"<!--" in damaged


@settings(max_examples=100, deadline=None)
@given(packs(), st.data())
def test_a_cut_file_gives_its_whole_documents_and_an_error(written, data):
    content, expected = written
    begin = content.index(b"dataPackItem")
    last = content.rindex(b"</")
    cut = data.draw(st.integers(min(begin, last), last))
    found = read(content[:cut])
    documents = [each for each in found if isinstance(each, Invoice)]
    assert [(each.number, each.payable) for each in documents] == [(n, p) for n, _, p in expected[: len(documents)]]
    assert any(isinstance(each, Finding) and each.is_error for each in found)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_in_an_item_never_raise(content):
    head = f'<d:dataPack xmlns:d="{V2}data.xsd" version="2.0" id="a"><d:dataPackItem id="1">'.encode()
    read(head + content + b"</d:dataPackItem></d:dataPack>")


@settings(max_examples=150, deadline=None)
@given(
    st.decimals(-10000, 10000, places=2).filter(lambda price: price != 0),
    st.integers(1, 50),
    st.sampled_from(["0", "5", "12.5"]),
    st.booleans(),
    st.sampled_from([("high", 21), ("low", 12), ("none", 0)]),
)
def test_a_computed_line_always_adds_up(price, quantity, discount, gross, level):
    name, rate = level
    line = (
        f"<i:invoiceItem><i:quantity>{quantity}</i:quantity><i:payVAT>{str(gross).lower()}</i:payVAT>"
        f"<i:rateVAT>{name}</i:rateVAT><i:discountPercentage>{discount}</i:discountPercentage><i:homeCurrency>"
        f"<t:unitPrice>{price}</t:unitPrice></i:homeCurrency></i:invoiceItem>"
    )
    content = (
        f'<d:dataPack xmlns:d="{V2}data.xsd" xmlns:i="{V2}invoice.xsd" xmlns:t="{V2}type.xsd" version="2.0" id="a">'
        f'<d:dataPackItem id="1" version="2.0"><i:invoice version="2.0"><i:invoiceHeader><i:invoiceType>issuedInvoice'
        f"</i:invoiceType><i:date>2024-05-06</i:date></i:invoiceHeader><i:invoiceDetail>{line}</i:invoiceDetail>"
        "</i:invoice></d:dataPackItem></d:dataPack>"
    )
    (document,) = [each for each in read(content.encode()) if isinstance(each, Invoice)]
    (only,) = document.lines
    assert only.total_without_vat + only.vat == only.total_with_vat == document.payable
    assert only.vat_rate == rate
    extended = price * quantity * (100 - Decimal(discount)) / 100
    given = only.total_with_vat if gross else only.total_without_vat
    assert abs(given - extended) <= Decimal("0.005")
    assert abs(only.total_without_vat * rate / 100 - only.vat) <= Decimal("0.011")
