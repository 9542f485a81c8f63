"""One invented file for each line of the routing table."""

from __future__ import annotations

import io
import zipfile

NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://www.stormware.cz/schema/version_2/{name}.xsd"'
    for prefix, name in {
        "dat": "data",
        "inv": "invoice",
        "typ": "type",
        "ord": "order",
        "adb": "addressbook",
        "stk": "stock",
        "vch": "voucher",
        "int": "intDoc",
        "pro": "prodejka",
        "lst": "list",
        "rsp": "response",
    }.items()
)
ADDRESS = (
    "<typ:address><typ:company>Odběratel a.s.</typ:company><typ:city>Brno</typ:city><typ:street>Dlouhá 1</typ:street>"
    "<typ:zip>60200</typ:zip><typ:ico>25596641</typ:ico><typ:dic>CZ25596641</typ:dic>"
    "<typ:country><typ:ids>CZ</typ:ids></typ:country></typ:address>"
)


def pack(content: str) -> bytes:
    """A dataPack with one item."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<dat:dataPack {NAMESPACES} version="2.0" id="p" ico="12345679" '
        f'application="x" note=""><dat:dataPackItem version="2.0" id="1">{content}</dat:dataPackItem></dat:dataPack>\n'
    ).encode()


def invoice(kind: str, *, number: str = "2600001", element: str = "inv:invoice", more: str = "") -> str:
    """An invoice over 121.00 of any type."""
    return f"""<{element} version="2.0"><inv:invoiceHeader><inv:invoiceType>{kind}</inv:invoiceType>
<inv:number><typ:numberRequested>{number}</typ:numberRequested></inv:number><inv:symVar>{number}</inv:symVar>
<inv:date>2026-01-15</inv:date><inv:dateTax>2026-01-15</inv:dateTax><inv:dateDue>2026-01-29</inv:dateDue>{more}
<inv:text>Dodávka</inv:text><inv:partnerIdentity>{ADDRESS}</inv:partnerIdentity>
<inv:paymentType><typ:paymentType>draft</typ:paymentType></inv:paymentType></inv:invoiceHeader>
<inv:invoiceDetail><inv:invoiceItem><inv:text>Práce</inv:text><inv:quantity>1</inv:quantity><inv:unit>hod</inv:unit>
<inv:payVAT>false</inv:payVAT><inv:rateVAT>high</inv:rateVAT><inv:homeCurrency><typ:unitPrice>100</typ:unitPrice>
<typ:price>100</typ:price><typ:priceVAT>21</typ:priceVAT></inv:homeCurrency></inv:invoiceItem></inv:invoiceDetail>
<inv:invoiceSummary><inv:homeCurrency><typ:priceHigh>100</typ:priceHigh><typ:priceHighVAT>21</typ:priceHighVAT>
<typ:priceHighSum>121</typ:priceHighSum></inv:homeCurrency></inv:invoiceSummary></{element}>"""


def received(kind: str) -> str:
    """A received document of a supplier, with the supplier's number."""
    return invoice(kind, more="<inv:originalDocument>DOD-77</inv:originalDocument>")


ORDER = f"""<ord:order version="2.0"><ord:orderHeader><ord:orderType>receivedOrder</ord:orderType>
<ord:number><typ:numberRequested>OBJ26001</typ:numberRequested></ord:number><ord:numberOrder>PO-9</ord:numberOrder>
<ord:date>2026-01-10</ord:date><ord:text>Objednávka</ord:text><ord:partnerIdentity>{ADDRESS}</ord:partnerIdentity>
</ord:orderHeader><ord:orderDetail><ord:orderItem><ord:text>Stůl</ord:text><ord:quantity>2</ord:quantity>
<ord:unit>ks</ord:unit><ord:payVAT>false</ord:payVAT><ord:rateVAT>high</ord:rateVAT><ord:homeCurrency>
<typ:unitPrice>500</typ:unitPrice><typ:price>1000</typ:price><typ:priceVAT>210</typ:priceVAT></ord:homeCurrency>
</ord:orderItem></ord:orderDetail><ord:orderSummary><ord:homeCurrency><typ:priceHigh>1000</typ:priceHigh>
<typ:priceHighVAT>210</typ:priceHighVAT><typ:priceHighSum>1210</typ:priceHighSum></ord:homeCurrency></ord:orderSummary>
</ord:order>"""

PARTNER = f"""<adb:addressbook version="2.0"><adb:addressbookHeader><adb:identity>{ADDRESS}</adb:identity>
<adb:phone>+420 555 000 111</adb:phone><adb:email>ucto@odberatel.example</adb:email>
<adb:web>www.odberatel.example</adb:web><adb:maturity>14</adb:maturity><adb:number>OD-1</adb:number>
<adb:note>Platí včas</adb:note></adb:addressbookHeader><adb:addressbookAccount><adb:accountItem>
<adb:accountNumber>2000145399</adb:accountNumber><adb:bankCode>0800</adb:bankCode></adb:accountItem>
</adb:addressbookAccount></adb:addressbook>"""


def stock(code: str, more: str = "") -> str:
    """A card of the stock."""
    return f"""<stk:stock version="2.0"><stk:stockHeader><stk:stockType>card</stk:stockType><stk:code>{code}</stk:code>
<stk:sellingRateVAT>high</stk:sellingRateVAT><stk:name>Židle {code}</stk:name><stk:unit>ks</stk:unit>
<stk:storage><typ:ids>HLAVNI</typ:ids></stk:storage><stk:typePrice><typ:ids>SK</typ:ids></stk:typePrice>
<stk:purchasingPrice>800</stk:purchasingPrice><stk:sellingPrice>1250.50</stk:sellingPrice>{more}
</stk:stockHeader></stk:stock>"""


def stocks(*cards: str) -> bytes:
    """A pack of several cards."""
    items = "".join(
        f'<dat:dataPackItem version="2.0" id="{number}">{card}</dat:dataPackItem>' for number, card in enumerate(cards)
    )
    whole = pack("@").decode()
    start, end = whole.index("<dat:dataPackItem"), whole.index("</dat:dataPack>")
    return (whole[:start] + items + whole[end:]).encode()


def other(agenda: str, prefix: str, header: str) -> bytes:
    """A document of an agenda that no call takes."""
    name = f"{prefix}:{agenda}"
    return pack(f'<{name} version="2.0"><{name}Header>{header}</{name}Header></{name}>')


def user_export() -> bytes:
    """A responsePack as the user export of POHODA writes it."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rsp:responsePack {NAMESPACES} version="2.0" id="Usr01" state="ok" '
        f'ico="12345679" note=""><rsp:responsePackItem version="2.0" id="1" state="ok"><lst:listInvoice version="2.0" '
        f'state="ok">{invoice("issuedInvoice", element="lst:invoice")}</lst:listInvoice></rsp:responsePackItem>'
        f"</rsp:responsePack>\n"
    ).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def isdocx(isdoc: bytes, picture: bytes) -> bytes:
    """An archive of an ISDOC document with its picture."""
    manifest = (
        '<?xml version="1.0" encoding="utf-8"?><manifest xmlns="http://isdoc.cz/namespace/2013/manifest">'
        '<maindocument filename="faktura.isdoc"/></manifest>'
    )
    return zipped({"manifest.xml": manifest.encode(), "faktura.isdoc": isdoc, "faktura.pdf": picture})


def pdf(text: str = "obrázek", embedded: bytes | None = None) -> bytes:
    """A PDF of one page, with or without an ISDOC document inside."""
    import pikepdf

    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Title"] = text
    if embedded is not None:
        document.attachments["invoice.isdoc"] = pikepdf.AttachedFileSpec(document, embedded, filename="invoice.isdoc")
    stream = io.BytesIO()
    document.save(stream, deterministic_id=True)
    return stream.getvalue()


PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\nIDATx"
    b"\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00\x00\x00\x00IEND\xaeB`\x82"
)

UBL = b"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>UBL-5</cbc:ID><cbc:IssueDate>2026-01-20</cbc:IssueDate></Invoice>
"""

CAMT = b"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId>
<CreDtTm>2026-02-01T06:00:00</CreDtTm></GrpHdr><Stmt><Id>S1</Id><LglSeqNb>1</LglSeqNb>
<CreDtTm>2026-02-01T06:00:00</CreDtTm>
<FrToDt><FrDtTm>2026-01-01T00:00:00</FrDtTm><ToDtTm>2026-01-31T00:00:00</ToDtTm></FrToDt>
<Acct><Id><IBAN>CZ6508000000192000145399</IBAN></Id><Ccy>CZK</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>PRCD</Cd></CdOrPrtry></Tp><Amt Ccy="CZK">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-01-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="CZK">150.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-01-31</Dt></Dt></Bal>
<Ntry><Amt Ccy="CZK">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-01-15</Dt></BookgDt>
<ValDt><Dt>2026-01-15</Dt></ValDt><BkTxCd><Prtry><Cd>10000101000</Cd></Prtry></BkTxCd></Ntry>
</Stmt></BkToCstmrStmt></Document>
"""

MT940 = (
    b":20:2601\r\n:25:0800/0000192000145399\r\n:28C:1/1\r\n:60F:C260101CZK100,00\r\n"
    b":61:2601150115C50,00NTRFNONREF//B1\r\n:86:020?00Prichozi platba?20VS:2026001\r\n:62F:C260131CZK150,00\r\n-\r\n"
)

PAYPAL = (
    "\ufeff"
    + "\r\n".join(
        ",".join(f'"{cell}"' for cell in row)
        for row in (
            ("Date", "Time", "TimeZone", "Name", "Type", "Status", "Currency", "Gross", "Fee", "Net",
             "From Email Address", "To Email Address", "Transaction ID", "Balance"),
            ("01/15/2026", "10:00:00", "CET", "Jan Novak", "Express Checkout Payment", "Completed", "EUR", "100.00",
             "-3.00", "97.00", "jan@kupec.example", "pay@acme.example", "1AB23456CD789012E", "97.00"),
            ("01/16/2026", "11:00:00", "CET", "", "General Withdrawal", "Completed", "EUR", "-50.00", "0.00", "-50.00",
             "pay@acme.example", "", "2AB23456CD789012E", "47.00"),
        )
    )
    + "\r\n"
).encode()  # fmt: skip

FIO = (
    """"Fio banka - pohyby na účtu"
accountId;2400219000
bankId;2010
currency;CZK
iban;CZ8720100000002400219000
bic;FIOBCZPPXXX
openingBalance;100,00
closingBalance;150,00
dateStart;01.01.2026
dateEnd;31.01.2026

ID operace;Datum;Objem;Měna;Protiúčet;Název protiúčtu;Kód banky;Název banky;KS;VS;SS;\
Poznámka;Zpráva pro příjemce;Typ;Provedl
26000000001;15.01.2026;50,00;CZK;19123457;Plátce;0800;Česká spořitelna;0308;2026001;;;Díky;Bezhotovostní příjem;
"""
).encode()


def text_table(*rows: tuple[str, ...]) -> bytes:
    """A table of cells as CSV in UTF-8."""
    return ("\ufeff" + "\r\n".join(";".join(row) for row in rows) + "\r\n").encode()


CARPENTER = ("Truhlářství Malý s.r.o.", "25596641", "CZ25596641", "Lesní 3", "Žďár", "591 01", "CZ")
TABLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "partners": (
        ("Kód partnera", "Název", "IČO", "DIČ", "Ulice", "Město", "PSČ", "Země", "E-mail", "Číslo účtu",
         "Splatnost (dny)", "Odběratel"),
        ("0042", *CARPENTER, "maly@truhlar.example", "2000145399/0800", "14", "ano"),
    ),
    "products": (
        ("Kód produktu", "Název", "Jednotka", "Sazba DPH", "Cena bez DPH", "Typ"),
        ("0308", "Šroub M8", "ks", "21 %", "12,50", "zboží"),
        ("0309", "Montáž", "hod", "21 %", "450", "služba"),
    ),
    "orders": (
        ("Číslo objednávky", "Datum", "Odběratel", "Město", "Položka", "Množství", "Jednotka",
         "Cena za jednotku bez DPH", "Sazba DPH"),
        ("OBJ-7", "10.01.2026", "Truhlářství Malý s.r.o.", "Žďár", "Židle", "4", "ks", "800", "21"),
    ),
    "invoices": (
        ("Číslo faktury", "Datum vystavení", "DUZP", "Datum splatnosti", "Odběratel", "IČO", "DIČ", "Ulice", "Město",
         "PSČ", "Země", "Způsob platby", "Položka", "Množství", "Jednotka", "Cena za jednotku bez DPH", "Sazba DPH"),
        ("2600010", "15.01.2026", "15.01.2026", "29.01.2026", *CARPENTER, "převodem", "Skříň", "2", "ks", "1 250,50",
         "21 %"),
        ("2600010", "15.01.2026", "15.01.2026", "29.01.2026", *CARPENTER, "převodem", "Doprava", "1", "", "300",
         "12 %"),
    ),
}  # fmt: skip
"""Tables by the headings of the Czech templates; no mapping file is needed for them."""


def workbook(*rows: tuple[str, ...]) -> bytes:
    """A table of texts as a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


SPREADSHEET = b"Datum,Protistrana,Pohyb\r\n31.01.2026,Firma,100.50\r\n"
