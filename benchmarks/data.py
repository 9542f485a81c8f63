"""Data for the measurements: invented, the same each time (fixed seed), written once."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

SEED = 20260131
FOLDER = Path(__file__).parent / "data"
FIRST_DAY = dt.date(2026, 1, 1)
ACCOUNT = "0000000000210468007"[-16:]
IBAN = "CZ2503000000000210468007"
POHODA = "http://www.stormware.cz/schema/version_2"


def camt(path: Path, entries: int) -> None:
    """A camt.053.001.02 statement in the Czech manner: symbols, counter-account, message."""
    chance = random.Random(SEED)
    total = Decimal(0)
    body = []
    for number in range(entries):
        cents = chance.randint(1, 5_000_000)
        sign = chance.choice((1, -1))
        total += sign * Decimal(cents) / 100
        side, mark = ("Dbtr", "CRDT") if sign > 0 else ("Cdtr", "DBIT")
        day = FIRST_DAY + dt.timedelta(days=number * 28 // entries)
        symbol = chance.randint(1, 9_999_999_999)
        body.append(
            f"<Ntry><NtryRef>{number}</NtryRef><Amt Ccy='CZK'>{cents // 100}.{cents % 100:02d}</Amt>"
            f"<CdtDbtInd>{mark}</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
            f"<BkTxCd><Prtry><Cd>10000107000</Cd></Prtry></BkTxCd><NtryDtls><TxDtls><Refs><AcctSvcrRef>{number}"
            f"</AcctSvcrRef><EndToEndId>{symbol}</EndToEndId></Refs><RltdPties><{side}><Nm>Partner {number % 97} s.r.o."
            f"</Nm></{side}><{side}Acct><Id><Othr><Id>2400219000</Id></Othr></Id></{side}Acct></RltdPties><RltdAgts>"
            f"<{side}Agt><FinInstnId><Othr><Id>2010</Id></Othr></FinInstnId></{side}Agt></RltdAgts><RmtInf><Strd>"
            f"<CdtrRefInf><Ref>VS:{symbol}</Ref></CdtrRefInf></Strd><Strd><CdtrRefInf><Ref>KS:0308</Ref></CdtrRefInf>"
            f"</Strd></RmtInf><AddtlTxInf>Platba za zboží č. {number}</AddtlTxInf></TxDtls></NtryDtls></Ntry>"
        )
    last = FIRST_DAY + dt.timedelta(days=30)
    closing = f"<Amt Ccy='CZK'>{abs(total)}</Amt><CdtDbtInd>{'CRDT' if total >= 0 else 'DBIT'}</CdtDbtInd>"
    path.write_text(
        "<?xml version='1.0' encoding='UTF-8'?>\n<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'>"
        "<BkToCstmrStmt><GrpHdr><MsgId>1</MsgId><CreDtTm>2026-02-01T00:00:00</CreDtTm></GrpHdr><Stmt><Id>1</Id>"
        f"<LglSeqNb>1</LglSeqNb><CreDtTm>2026-02-01T00:00:00</CreDtTm><Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>CZK</Ccy>"
        "</Acct><Bal><Tp><CdOrPrtry><Cd>PRCD</Cd></CdOrPrtry></Tp><Amt Ccy='CZK'>0</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
        f"<Dt><Dt>{FIRST_DAY}</Dt></Dt></Bal><Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp>{closing}"
        f"<Dt><Dt>{last}</Dt></Dt></Bal>\n" + "\n".join(body) + "\n</Stmt></BkToCstmrStmt></Document>\n",
        encoding="utf-8",
    )


def gpc(path: Path, items: int) -> None:
    """An ABO/GPC statement of one block."""
    chance = random.Random(SEED)
    lines, debit, credit = [], 0, 0
    for number in range(items):
        cents = chance.randint(1, 5_000_000)
        code = chance.choice("12")
        debit, credit = (debit + cents, credit) if code == "1" else (debit, credit + cents)
        day = (FIRST_DAY + dt.timedelta(days=number * 28 // items)).strftime("%d%m%y")
        symbol = chance.randint(1, 9_999_999_999)
        name = f"Partner č. {number % 97}"
        lines.append(
            f"075{ACCOUNT}0000002400219000{number:013d}{cents:012d}{code}{symbol:010d}00201003080000000000{day}"
            f"{name:20.20}00203{day}"
        )
    closing = credit - debit
    sign = "+" if closing >= 0 else "-"
    head = (
        f"074{ACCOUNT}{'Ukázková firma s.r.o':20.20}010126{0:014d}+{abs(closing):014d}{sign}{debit:014d}0{credit:014d}0"
        f"001310126{'':14}"
    )
    path.write_bytes(("\r\n".join([head, *lines]) + "\r\n").encode("cp1250"))


def pohoda(path: Path, invoices: int) -> None:
    """A POHODA dataPack of issued invoices with three lines each, in Windows-1250."""
    chance = random.Random(SEED)
    names = " ".join(f'xmlns:{short}="{POHODA}/{long}.xsd"' for short, long in NAMESPACES.items())
    with path.open("w", encoding="cp1250", newline="\r\n") as stream:
        stream.write(f'<?xml version="1.0" encoding="Windows-1250"?>\n<dat:dataPack {names} version="2.0" id="bench" ')
        stream.write('ico="12345679" application="bench" note="">\n')
        for number in range(1, invoices + 1):
            stream.write(_invoice(number, [chance.randint(1, 100_000) for _ in range(3)]))
        stream.write("</dat:dataPack>\n")


NAMESPACES = {"dat": "data", "inv": "invoice", "typ": "type"}


def _invoice(number: int, prices: list[int]) -> str:
    lines = []
    base = vat = Decimal(0)
    for position, cents in enumerate(prices, start=1):
        net = Decimal(cents) / 100
        tax = (net * 21 / 100).quantize(Decimal("0.01"))
        base, vat = base + net, vat + tax
        lines.append(
            f"<inv:invoiceItem><inv:text>Zboží číslo {position}</inv:text><inv:quantity>1</inv:quantity><inv:unit>ks"
            "</inv:unit><inv:payVAT>false</inv:payVAT><inv:rateVAT>high</inv:rateVAT><inv:homeCurrency><typ:unitPrice>"
            f"{net}</typ:unitPrice><typ:price>{net}</typ:price><typ:priceVAT>{tax}</typ:priceVAT></inv:homeCurrency>"
            "</inv:invoiceItem>\n"
        )
    return (
        f'<dat:dataPackItem version="2.0" id="bench-{number}">\n<inv:invoice version="2.0">\n<inv:invoiceHeader>'
        "<inv:invoiceType>issuedInvoice</inv:invoiceType><inv:number><typ:numberRequested>"
        f"26{number:07d}</typ:numberRequested></inv:number><inv:symVar>26{number:07d}</inv:symVar><inv:date>2026-01-15"
        "</inv:date><inv:dateTax>2026-01-15</inv:dateTax><inv:dateDue>2026-01-29</inv:dateDue><inv:classificationVAT>"
        "<typ:ids>UD</typ:ids></inv:classificationVAT><inv:text>Dodávka zboží</inv:text><inv:partnerIdentity>"
        f"<typ:address><typ:company>Odběratel č. {number % 997} s.r.o.</typ:company><typ:city>Olomouc</typ:city>"
        "<typ:street>Mlýnská 12</typ:street><typ:zip>77900</typ:zip><typ:ico>27453106</typ:ico></typ:address>"
        "</inv:partnerIdentity></inv:invoiceHeader>\n<inv:invoiceDetail>\n"
        + "".join(lines)
        + "</inv:invoiceDetail>\n<inv:invoiceSummary><inv:homeCurrency><typ:priceNone>0</typ:priceNone><typ:priceHigh>"
        f"{base}</typ:priceHigh><typ:priceHighVAT>{vat}</typ:priceHighVAT><typ:priceHighSum>{base + vat}"
        "</typ:priceHighSum></inv:homeCurrency></inv:invoiceSummary>\n</inv:invoice>\n</dat:dataPackItem>\n"
    )


def mt940(path: Path, entries: int) -> None:
    """Statements MT940 of 28 days in the Czech MultiCash manner: symbols, counter-account and message in field 86."""
    chance = random.Random(SEED)
    balance, lines = 0, []
    for day in range(28):
        date = f"{FIRST_DAY + dt.timedelta(days=day):%y%m%d}"
        lines += [f":20:STMT{day:04d}", f":25:{IBAN}", f":28C:{day + 1}/1", f":60F:{_balance(balance, date)}"]
        for number in range(entries * day // 28, entries * (day + 1) // 28):
            cents = chance.randint(1, 5_000_000)
            mark = chance.choice("CD")
            balance += cents if mark == "C" else -cents
            symbol = chance.randint(1, 9_999_999_999)
            lines += [
                f":61:{date}{date[2:]}{mark}{cents // 100},{cents % 100:02d}NTRFNONREF//{number:010d}",
                f":86:111?00PLATBA?20VS{symbol:010d}?21SS0000000000?22KS0000000308",
                f"?23Faktura za zbozi c. {number}?302010?312400219000?32Partner {number % 97} s.r.o.",
            ]
        lines += [f":62F:{_balance(balance, date)}", "-"]
    path.write_text("\r\n".join([*lines, ""]), encoding="ascii", newline="")


def _balance(cents: int, date: str) -> str:
    return f"{'C' if cents >= 0 else 'D'}{date}CZK{abs(cents) // 100},{abs(cents) % 100:02d}"


def paypal(path: Path, rows: int) -> None:
    """A PayPal activity download in English: sales with fees and withdrawals, with the balance in each row."""
    chance = random.Random(SEED)
    balance = 0
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream, quoting=csv.QUOTE_ALL)
        table.writerow(PAYPAL_COLUMNS)
        for number in range(rows):
            gross = chance.randint(100, 500_000) * chance.choice((1, 1, 1, -1))
            fee = -gross * 29 // 1000 if gross > 0 else 0
            balance += gross + fee
            day = FIRST_DAY + dt.timedelta(days=number * 28 // rows)
            row = [f"{day:%m/%d/%Y}", "10:15:00", "CET", f"Buyer {number % 997}"]
            row += ["Website Payment" if gross > 0 else "General Withdrawal", "Completed", "EUR"]
            row += [_grouped(gross), _grouped(fee), _grouped(gross + fee), "buyer@example.com", "shop@example.com"]
            row += [f"{number:017d}", "", f"26{number:07d}", _grouped(balance), "Credit" if gross > 0 else "Debit"]
            table.writerow(row)


PAYPAL_COLUMNS = [
    *("Date", "Time", "TimeZone", "Name", "Type", "Status", "Currency", "Gross", "Fee", "Net", "From Email Address"),
    *("To Email Address", "Transaction ID", "Reference Txn ID", "Invoice Number", "Balance", "Balance Impact"),
]


def _grouped(cents: int) -> str:
    return f"{Decimal(cents) / 100:,.2f}"


def _fio(rows: int) -> Iterator[list[str]]:
    """The rows of a CSV of Fio banka: the statement's own values, the names of the columns, the movements."""
    chance = random.Random(SEED)
    body, balance = [], 0
    for number in range(rows):
        cents = chance.randint(1, 5_000_000) * chance.choice((1, -1))
        balance += cents
        day = FIRST_DAY + dt.timedelta(days=number * 28 // rows)
        body.append(
            [
                *(str(26_000_000_000 + number), f"{day:%d.%m.%Y}", _comma(cents), "CZK", "2400219000"),
                *(f"Partner č. {number % 97}", "2010", "Fio banka, a.s.", "0308"),
                *(str(chance.randint(1, 9_999_999_999)), "", "", f"Faktura č. {number}", "Platba", "", "", "", "", ""),
            ]
        )
    own = {"accountId": "210468007", "bankId": "2010", "currency": "CZK", "bic": "FIOBCZPPXXX"}
    own |= {"openingBalance": "0,00", "closingBalance": _comma(balance), "dateStart": "01.01.2026"}
    own |= {"dateEnd": "28.01.2026", "idList": "1"}
    yield from ([name, value] for name, value in own.items())
    yield FIO_COLUMNS
    yield from body


FIO_HEAD = 9
"""Rows before the names of the columns."""
FIO_COLUMNS = [
    *("ID pohybu", "Datum", "Objem", "Měna", "Protiúčet", "Název protiúčtu", "Kód banky", "Název banky", "KS", "VS"),
    *("SS", "Uživatelská identifikace", "Zpráva pro příjemce", "Typ", "Provedl", "Upřesnění", "Komentář", "BIC"),
    "ID pokynu",
]


def _comma(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}".replace(".", ",")


def fio(path: Path, rows: int) -> None:
    """The CSV of Fio banka."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(_fio(rows))


def fio_workbook(path: Path, rows: int) -> None:
    """The same table as a spreadsheet, its cells as text."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in _fio(rows):
        sheet.append(row)
    book.save(path)


def products(path: Path, rows: int) -> None:
    """A price list by the headings of the Czech template."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, delimiter=";")
        table.writerow(["Kód produktu", "Název", "Jednotka", "Sazba DPH", "Cena bez DPH"])
        for number in range(rows):
            table.writerow([f"{number:06d}", f"Zboží {number}", "ks", "21 %", _comma(100 + number * 7 % 90_000)])


def invoices_workbook(path: Path, rows: int) -> None:
    """Invoices of four lines each by the headings of the Czech template, as a spreadsheet."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(
        [
            *("Číslo faktury", "Datum vystavení", "DUZP", "Datum splatnosti", "Odběratel", "IČO", "Město"),
            *("Položka", "Množství", "Jednotka", "Cena za jednotku bez DPH", "Sazba DPH"),
        ]
    )
    for number in range(rows):
        day = FIRST_DAY + dt.timedelta(days=number // 4 % 360)
        head = [f"26{number // 4:06d}", day, day, day + dt.timedelta(days=14), f"Firma {number // 4 % 500} s.r.o."]
        price = Decimal(1000 + number * 13 % 90_000) / 100
        sheet.append([*head, "25596641", "Brno", f"Zboží {number}", number % 9 + 1, "ks", price, 21])
    book.save(path)


def journal(path: Path, entries: int) -> None:
    """A journal in use: nearly all is accepted, a hundredth is planned."""
    import hashlib
    import sqlite3

    from efimport.journal import Journal

    Journal(path).close()
    columns = {
        **dict.fromkeys(("id", "key", "digest", "substance", "body", "stage"), "?"),
        "revision": "1",
        "organization": "'acme'",
        "method": "'M'",
        "repeat": "'blind'",
        "sequence": "5",
        **dict.fromkeys(("overwrites", "attempt", "sent", "found", "released", "doubted"), "0"),
        **dict.fromkeys(("created", "changed"), "'2026-01-01T00:00:00.000+00:00'"),
    }
    statement = f"INSERT INTO calls ({', '.join(columns)}) VALUES ({', '.join(columns.values())})"
    digests = ((n, hashlib.sha256(b"%d" % n).hexdigest()) for n in range(1, entries + 1))
    rows = ((n, f"k{n}", *[digest] * 3, "accepted" if n % 100 else "planned") for n, digest in digests)
    with sqlite3.connect(path) as connection:
        connection.executemany(statement, rows)
    connection.close()


def inbox(path: Path, files: int) -> None:
    """A folder with small files, a hundred in each sub-folder."""
    for number in range(files):
        folder = path / f"{number // 100:03d}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"faktura-{number:05d}.xml").write_text(f"<faktura>{number}</faktura>\n", encoding="utf-8")


MT940 = "mt940-20000.sta"
INBOX = "inbox-10000"
JOURNAL = "journal-100000.sqlite3"


def answer(path: Path, invoices: int) -> None:
    """An answer of SalesInvoiceList with six elements of each invoice and three of each of its two items."""
    item = "<Item><description>Práce</description><quantity>1.000000</quantity><price>100.00000</price></Item>"
    with path.open("w", encoding="utf-8") as stream:
        stream.write('<?xml version="1.0" encoding="utf-8"?>\n<response status="ok"><SalesInvoices>')
        for number in range(1, invoices + 1):
            stream.write(
                f"<SalesInvoice><documentID>60:{number}</documentID><number>2026-{number:05d}</number>"
                "<date>2026-01-31</date><buyerName>Pekárna s.r.o.</buyerName><totalAmount>242.000</totalAmount>"
                f"<status>issuedInvoice</status><Items>{item}{item}</Items></SalesInvoice>"
            )
        stream.write("</SalesInvoices></response>")


FILES: dict[str, tuple[Callable[[Path, int], None], int]] = {
    "camt-20000.xml": (camt, 20_000),
    "gpc-20000.gpc": (gpc, 20_000),
    "pohoda-10000.xml": (pohoda, 10_000),
    MT940: (mt940, 20_000),
    "paypal-20000.csv": (paypal, 20_000),
    "fio-20000.csv": (fio, 20_000),
    "fio-20000.xlsx": (fio_workbook, 20_000),
    "products-20000.csv": (products, 20_000),
    "invoices-20000.xlsx": (invoices_workbook, 20_000),
    "answer-20000.xml": (answer, 20_000),
}


def prepare() -> None:
    """Make the files that are not there yet."""
    FOLDER.mkdir(exist_ok=True)
    for name, (write, count) in {**FILES, JOURNAL: (journal, 100_000), INBOX: (inbox, 10_000)}.items():
        path = FOLDER / name
        if not path.exists():
            unfinished = path.with_suffix(".part")
            write(unfinished, count)
            unfinished.rename(path)


if __name__ == "__main__":
    prepare()
