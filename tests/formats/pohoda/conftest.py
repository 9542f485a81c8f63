"""A small writer of POHODA XML, and the reader as the tests call it."""

from __future__ import annotations

from types import SimpleNamespace
from xml.sax.saxutils import escape

import pytest

from efimport.findings import Finding
from efimport.formats import pohoda
from efimport.formats.reading import Own, Reading
from efimport.sources import Source

V2 = "http://www.stormware.cz/schema/version_2/"
PREFIXES = {
    "dat": "data",
    "inv": "invoice",
    "typ": "type",
    "ord": "order",
    "adb": "addressbook",
    "stk": "stock",
    "vch": "voucher",
    "bnk": "bank",
    "lst": "list",
    "lStk": "list_stock",
    "rsp": "response",
    "rdc": "documentresponse",
}
NAMESPACES = " ".join(f'xmlns:{prefix}="{V2}{name}.xsd"' for prefix, name in PREFIXES.items())

PARTNER = (
    "<inv:partnerIdentity><typ:address><typ:company>Žluťoučká dílna s.r.o.</typ:company><typ:name>Jana Nová</typ:name>"
    "<typ:city>Brno</typ:city><typ:street>Příkop 4</typ:street><typ:zip>602 00</typ:zip><typ:ico>25596641</typ:ico>"
    "<typ:dic>CZ25596641</typ:dic><typ:country><typ:ids>CZ</typ:ids></typ:country></typ:address></inv:partnerIdentity>"
)
ITEM = (
    "<inv:invoiceItem><inv:text>Konzultace</inv:text><inv:quantity>2</inv:quantity><inv:unit>hod</inv:unit>"
    "<inv:rateVAT>high</inv:rateVAT><inv:homeCurrency><typ:unitPrice>1000</typ:unitPrice><typ:price>2000.00</typ:price>"
    "<typ:priceVAT>420.00</typ:priceVAT></inv:homeCurrency></inv:invoiceItem>"
)
SUMMARY = (
    "<inv:invoiceSummary><inv:roundingDocument>none</inv:roundingDocument><inv:homeCurrency>"
    "<typ:priceHigh>2000.00</typ:priceHigh><typ:priceHighVAT>420.00</typ:priceHighVAT>"
    "<typ:priceHighSum>2420.00</typ:priceHighSum></inv:homeCurrency></inv:invoiceSummary>"
)


def header(
    kind: str = "issuedInvoice", number: str = "2024001", *, partner: str = PARTNER, more: str = "", text: str = "Práce"
) -> str:
    return (
        f"<inv:invoiceHeader><inv:invoiceType>{kind}</inv:invoiceType><inv:number><typ:numberRequested>{escape(number)}"
        f"</typ:numberRequested></inv:number><inv:symVar>2024001</inv:symVar><inv:date>2024-03-04</inv:date>"
        f"<inv:dateTax>2024-03-04</inv:dateTax><inv:dateDue>2024-03-18</inv:dateDue><inv:text>{escape(text)}</inv:text>"
        f"{partner}{more}</inv:invoiceHeader>"
    )


def invoice(head: str | None = None, items: str = ITEM, summary: str = SUMMARY, before: str = "") -> str:
    detail = f"<inv:invoiceDetail>{items}</inv:invoiceDetail>" if items else ""
    return f'<inv:invoice version="2.0">{before}{head or header()}{detail}{summary}</inv:invoice>'


def item(content: str, identity: str = "A1") -> str:
    return f'<dat:dataPackItem id="{identity}" version="2.0">\n{content}\n</dat:dataPackItem>'


def pack(*items: str, attributes: str = 'version="2.0" id="P1" ico="27082440" application="x" note=""') -> str:
    body = "\n".join(items)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<dat:dataPack {attributes} {NAMESPACES}>\n{body}\n</dat:dataPack>\n'
    )


def one(content: str) -> str:
    return pack(item(content))


def answer(*items: str, attributes: str = 'version="2.0" id="Usr01" state="ok" ico="27082440" note=""') -> str:
    body = "\n".join(items)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rsp:responsePack {attributes} {NAMESPACES}>\n{body}\n'
        "</rsp:responsePack>\n"
    )


def read(content: str | bytes, own: Own | None = None) -> list:
    raw = content.encode() if isinstance(content, str) else content
    return list(pohoda.read(Source("pack.xml", raw), Reading(own)))


def documents(content: str | bytes, own: Own | None = None) -> list:
    return [found for found in read(content, own) if not isinstance(found, Finding)]


def codes(content: str | bytes, own: Own | None = None) -> list[str]:
    """All codes of a file: of the file itself and of its documents."""
    found = []
    for one_read in read(content, own):
        found += [one_read.code] if isinstance(one_read, Finding) else [each.code for each in one_read.findings]
    return found


@pytest.fixture(scope="session")
def xml() -> SimpleNamespace:
    return SimpleNamespace(
        V2=V2,
        NAMESPACES=NAMESPACES,
        PARTNER=PARTNER,
        ITEM=ITEM,
        SUMMARY=SUMMARY,
        header=header,
        invoice=invoice,
        item=item,
        pack=pack,
        one=one,
        answer=answer,
        read=read,
        documents=documents,
        codes=codes,
    )
