"""Mapping files of documents that ship with the package, each with an invented table."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.mappings import RecordMapping, shipped_mappings
from tests.formats.spreadsheet.tables import workbook

SLOVENIAN = [
    *("Šifra partnerja", "Naziv partnerja", "Priimek partnerja", "Ime partnerja", "Ulica", "Poštna številka"),
    *("Pošta kraj", "Telefon", "FAX", "ID št. za DDV", "Matična številka", "Šifra kupca", "STM kupca"),
    *("Šifra dobavitelja", "STM dobavitelja", "TRR", "Email naslov", "Homepage naslov", "Mobilni telefon"),
    "Pravna oblika",
]
FIRM = [
    *("001", "Modro d.o.o.", "", "", "Cesta 1", "", "2000 Maribor", "02 123 45 67", "02 123 45 68", "SI12345679"),
    *(
        "1234567000",
        "K1",
        "",
        "D1",
        "",
        "SI56192001234567892",
        "info@modro.si",
        "www.modro.si",
        "041 123 456",
        "d.o.o.",
    ),
]
PERSON = ["002", "", "Novak", "Ana", "Pot 2", "1000", "Ljubljana", "", "", "12345679", *[""] * 10]
CROATIAN = [
    *("001", "Plavo d.o.o.", "", "", "Ulica 1", "10000", "Zagreb", "01 123", "01 124", "12345678903", "HR12345678903"),
    *("080123456", "K1", "", "D1", "", "HR1210010051863000160", "info@plavo.hr", "www.plavo.hr", "091 123", "d.o.o."),
    *("Hrvatska", "Napomena", "Da", "62.01", "Da", "Ne", "", "15"),
]


def csv(*rows):
    return "\n".join(";".join(row) for row in rows) + "\n"


def test_partners_in_the_order_of_eracuni(tables):
    read = tables.read(csv(FIRM, PERSON), "eracuni-partners", site="SI")
    firm, person = read.documents
    assert (firm.party.code, firm.party.name, firm.party.address.postal_code) == ("001", "Modro d.o.o.", "2000")
    assert (firm.party.address.city, firm.party.vat_id, firm.party.tax_number) == ("Maribor", "SI12345679", None)
    assert (firm.party.phone, firm.party.fax, firm.party.mobile) == ("02 123 45 67", "02 123 45 68", "041 123 456")
    assert (firm.customer_code, firm.supplier_code, firm.legal_form) == ("K1", "D1", "d.o.o.")
    assert (firm.bank_accounts[0].iban, firm.homepage) == ("SI56192001234567892", "www.modro.si")
    assert (person.first_name, person.last_name, person.is_person, person.party.tax_number) == (
        "Ana",
        "Novak",
        True,
        "12345679",
    )
    assert (person.party.address.postal_code, person.party.address.city) == ("1000", "Ljubljana")
    assert read.codes == []


def test_partners_in_the_order_of_eracuni_below_headings(tables):
    read = tables.read(csv(SLOVENIAN, FIRM, PERSON), "eracuni-partners", site="SI")
    assert [one.number for one in read.documents] == ["001", "002"]
    assert read.codes == ["spreadsheet.heading-row"]
    assert "spreadsheet.heading-row" not in tables.read(csv(FIRM, PERSON), "eracuni-partners").codes


def test_partners_in_the_order_of_eracuni_in_a_workbook(tables):
    read = tables.read(workbook(("Partnerji", [SLOVENIAN, FIRM])), "eracuni-partners", name="a.xlsx", site="SI")
    assert [one.party.name for one in read.documents] == ["Modro d.o.o."]


def test_further_columns_of_eracuni_are_told(tables):
    read = tables.read(csv([*FIRM, "nekaj"]), "eracuni-partners", site="SI")
    assert read.codes == ["spreadsheet.columns-not-read"]
    assert "U " in read.all[0].message


def test_partners_in_the_order_of_eracuni_need_not_be_named_where_each_shape_shows(tables):
    proven = [*FIRM]
    proven[5], proven[6] = "2000", "Maribor"
    assert [one.origin.version for one in tables.read(csv(proven, PERSON)).documents] == ["eracuni-partners"] * 2
    assert [one.origin.version for one in tables.read(csv(CROATIAN), site="HR").documents] == ["eracuni-partners-hr"]
    assert tables.read(csv(PERSON)).documents == []


@pytest.mark.parametrize("change", [(16, "není"), (15, "účet"), (5, "pošta")])
def test_partners_in_the_order_of_eracuni_are_not_taken_where_a_shape_is_another(tables, change):
    other = [*FIRM]
    other[5], other[6] = "2000", "Maribor"
    other[change[0]] = change[1]
    assert tables.read(csv(other)).documents == []


def test_partners_of_eracuni_by_their_headings(tables):
    read = tables.read(csv(SLOVENIAN, FIRM, PERSON), site="SI")
    firm, person = read.documents
    assert {one.origin.version for one in read.documents} == {"eracuni-partners-headings"}
    assert (firm.party.address.postal_code, firm.party.address.city) == ("2000", "Maribor")
    assert (firm.party.vat_id, person.party.tax_number) == ("SI12345679", "12345679")
    assert (person.first_name, person.last_name) == ("Ana", "Novak")
    assert read.codes == []


def test_another_table_is_not_taken_for_partners_of_eracuni_though_they_are_named(tables):
    text = (
        "ID pohybu;Datum;Objem;Měna;Protiúčet;Název protiúčtu;Kód banky;Název banky;KS;VS;SS;Uživatelská identifikace;"
        "Zpráva pro příjemce;Typ;Provedl;Upřesnění;Komentář;BIC;ID pokynu\n"
    )
    row = "1;01.02.2026;1,00;CZK;2000145399;M;0800;ČS;0308;1;;x;y;Platba;z;;;GIBACZPX;5\n"
    assert tables.one(text + row, "eracuni-partners").origin.version == "fio"


def test_partners_in_the_order_of_the_croatian_edition(tables):
    read = tables.read(csv(CROATIAN), "eracuni-partners-hr", site="HR")
    [partner] = read.documents
    assert (partner.party.tax_number, partner.party.vat_id) == ("12345678903", "HR12345678903")
    assert (partner.party.address.country, partner.note, partner.party.vat_registered) == ("HR", "Napomena", True)
    assert (partner.is_customer, partner.is_supplier, partner.payment_days) == (True, False, 15)
    assert read.codes == ["spreadsheet.columns-not-read"]


SHOPTET = (
    "code;date;statusName;currency;email;phone;billFullName;billCompany;billStreet;billHouseNumber;billCity;billZip;"
    "billCompanyId;totalPriceToPay;orderItemName;orderItemVariantName;orderItemAmount;orderItemUnit;orderItemCode;"
    "orderItemUnitPriceWithVat;orderItemVatRate"
)
FIRST = "2026300;2026-02-10 10:00:00;Vyřízena;CZK;a@b.cz;+420123;Jan Novák;;Dlouhá;5;Praha;11000;;242,00"
SHOPTET_ROWS = (
    f"{FIRST};Tričko;červené;2;ks;1/M;60,50;21",
    f"{FIRST};Doprava;;1;;;121,00;21",
    "2026301;2026-02-11 11:00:00;Stornována;CZK;c@d.cz;;Eva;;;;;;;10,00;Tričko;;1;ks;1/M;10,00;21",
)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1250"])
def test_orders_of_shoptet(tables, encoding):
    read = tables.read("\n".join([SHOPTET, *SHOPTET_ROWS]).encode(encoding))
    [order] = read.documents
    assert (order.number, order.date, order.total) == ("2026300", dt.date(2026, 2, 10), Decimal("242.00"))
    assert [(line.description, line.quantity, line.unit_price) for line in order.lines] == [
        ("Tričko červené", Decimal(2), Decimal("60.50")),
        ("Doprava", Decimal(1), Decimal("121.00")),
    ]
    assert (order.customer.name, order.customer.address.street) == ("Jan Novák", "Dlouhá 5")
    assert read.codes == ["spreadsheet.skipped"]


def test_every_mapping_of_documents_says_what_its_evidence_is():
    shipped = [one for one in shipped_mappings() if isinstance(one, RecordMapping)]
    assert {one.name for one in shipped} == {
        "eracuni-partners",
        "eracuni-partners-headings",
        "eracuni-partners-hr",
        "shoptet-orders",
    }
    assert all(one.evidence in ("A", "B", "C") and one.evidence_note.endswith(".") for one in shipped)
