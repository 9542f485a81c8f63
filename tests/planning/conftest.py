"""Files of invented firms that the readers turn into documents."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from efimport.planning.build import Options, build_plan
from efimport.settings import Organization

TODAY = dt.date(2026, 3, 1)
ACME = Organization(
    name="acme",
    registration_number="12345679",
    vat_id="CZ12345679",
    bank_accounts=("CZ6508000000192000145399", "2000145399/0800"),
)
ITEM = """<dat:dataPackItem id="{number}" version="2.0"><inv:invoice version="2.0"><inv:invoiceHeader>
<inv:invoiceType>{kind}</inv:invoiceType><inv:number><typ:numberRequested>{number}</typ:numberRequested></inv:number>
<inv:symVar>{number}</inv:symVar><inv:date>{day}</inv:date><inv:dateTax>{day}</inv:dateTax>
<inv:dateDue>{day}</inv:dateDue><inv:text>{text}</inv:text><inv:partnerIdentity><typ:address>
<typ:company>Odběratel a.s.</typ:company><typ:city>Brno</typ:city></typ:address></inv:partnerIdentity>
</inv:invoiceHeader><inv:invoiceDetail><inv:invoiceItem><inv:text>Práce</inv:text><inv:quantity>1</inv:quantity>
<inv:payVAT>false</inv:payVAT><inv:rateVAT>high</inv:rateVAT><inv:homeCurrency><typ:unitPrice>100</typ:unitPrice>
<typ:price>100</typ:price><typ:priceVAT>21</typ:priceVAT></inv:homeCurrency></inv:invoiceItem></inv:invoiceDetail>
<inv:invoiceSummary><inv:homeCurrency><typ:priceHigh>100</typ:priceHigh><typ:priceHighVAT>21</typ:priceHighVAT>
<typ:priceHighSum>121</typ:priceHighSum></inv:homeCurrency></inv:invoiceSummary></inv:invoice></dat:dataPackItem>"""
PACK = """<?xml version="1.0" encoding="UTF-8"?>
<dat:dataPack xmlns:dat="http://www.stormware.cz/schema/version_2/data.xsd"
 xmlns:inv="http://www.stormware.cz/schema/version_2/invoice.xsd"
 xmlns:typ="http://www.stormware.cz/schema/version_2/type.xsd"
 version="2.0" id="davka" ico="12345679" application="Zkouška" note="">{items}</dat:dataPack>
"""


def pack(*numbers, kind="issuedInvoice", day="2026-01-15", text="Fakturujeme Vám"):
    """A POHODA pack of invoices with these numbers."""
    items = "".join(ITEM.format(number=number, kind=kind, day=day, text=text) for number in numbers)
    return PACK.format(items=items).encode()


def gpc(
    number=1, closing=15000, account="0000192000145399", day="310126", since="010126", currency="0203", opening=10000
):
    """An ABO statement of one entry, of 50.00 where nothing else is said."""
    amount = closing - opening
    signs = f"{opening:014d}+{closing:014d}+{0:014d}+{amount:014d}+"
    head = f"074{account}{'Nase firma':<20}{since}{signs}{number:03d}{day}"
    entry = (
        f"075{account}{'0000000019123457':>16}{1:013d}{amount:012d}2{'0000000000':>10}{'0800':>6}{'0000':>4}"
        f"{'0000000000':>10}{day}{'Platce':<20}0{currency}{day}"
    )
    return "".join(f"{record:<128}\r\n" for record in (head, entry)).encode("cp1250")


def pdf(text="obrázek"):
    """The smallest PDF that a reader opens; the text makes it another one."""
    import io

    import pikepdf

    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Title"] = text
    stream = io.BytesIO()
    document.save(stream, deterministic_id=True)
    return stream.getvalue()


@pytest.fixture
def files(tmp_path):
    """Puts files into a folder and plans it."""

    def put(contents):
        for name, content in contents.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return tmp_path

    def planned(contents, organization=ACME, **options):
        return build_plan([put(contents)], organization, Options(today=TODAY, **options))

    return SimpleNamespace(pack=pack, gpc=gpc, pdf=pdf, put=put, plan=planned, folder=tmp_path, ACME=ACME, TODAY=TODAY)


def shown(plan):
    """Of each document by file: id of its call, and codes of its findings."""
    return {
        source.path.rpartition("/")[2]: [
            (planned.call, [found.code for found in planned.findings]) for planned in source.documents
        ]
        for source in plan.sources
    }


@pytest.fixture(scope="session")
def documents_of():
    return shown
