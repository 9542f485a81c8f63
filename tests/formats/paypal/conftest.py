"""A writer of PayPal's files that knows nothing of the reader: it goes by the names that PayPal's pages show."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass, replace
from decimal import Decimal
from types import SimpleNamespace

import pytest

from efimport.documents import Statement
from efimport.formats.paypal import read
from efimport.formats.reading import Hints, Reading
from efimport.sources import Source

KEYS = (
    "date", "time", "zone", "name", "type", "status", "currency", "gross", "fee", "net", "from", "to", "transaction",
    "reference", "invoice", "balance", "subject", "note", "impact",
)  # fmt: skip
HEADERS = {
    "English": (
        "Date", "Time", "TimeZone", "Name", "Type", "Status", "Currency", "Gross", "Fee", "Net", "From Email Address",
        "To Email Address", "Transaction ID", "Reference Txn ID", "Invoice Number", "Balance", "Subject", "Note",
        "Balance Impact",
    ),
    "German": (
        "Datum", "Uhrzeit", "Zeitzone", "Name", "Typ", "Status", "Währung", "Brutto", "Gebühr", "Netto",
        "Absender E-Mail-Adresse", "Empfänger E-Mail-Adresse", "Transaktionscode", "Zugehöriger Transaktionscode",
        "Rechnungsnummer", "Guthaben", "Betreff", "Hinweis", "Auswirkung auf Guthaben",
    ),
    "French": (
        "Date", "Heure", "Fuseau horaire", "Nom", "Type", "État", "Devise", "Avant commission", "Commission", "Net",
        "De l'adresse email", "À l'adresse email", "Numéro de transaction", "Numéro de la transaction de référence",
        "Numéro de facture", "Solde", "Objet", "Remarque", "Impact sur le solde",
    ),
    "Italian": (
        "Data", "Orario", "Fuso orario", "Nome", "Tipo", "Stato", "Valuta", "Lordo", "Tariffa", "Netto",
        "Indirizzo email mittente", "Indirizzo email destinatario", "Codice transazione",
        "Codice transazione di riferimento", "N° ordine commerciante", "Saldo", "Oggetto", "Messaggio",
        "Impatto sul saldo",
    ),
    "Spanish": (
        "Fecha", "Hora", "Zona horaria", "Nombre", "Tipo", "Estado", "Divisa", "Bruto", "Comisión", "Neto",
        "Correo electrónico del remitente", "Correo electrónico del destinatario", "Id. de transacción",
        "Id. de referencia de trans.", "Número de factura", "Saldo", "Asunto", "Nota", "Efecto",
    ),
    "Polish": (
        "Data", "Godzina", "Strefa czasowa", "Nazwa", "Typ", "Status", "Waluta", "Brutto", "Opłata", "Netto",
        "Z adresu e-mail", "Na adres e-mail", "Numer transakcji", "Pomocniczy numer transakcji", "Numer faktury",
        "Saldo", "Temat", "Uwaga", "Wpływ na saldo",
    ),
    "Slovak": (
        "Dátum", "Čas", "Časové pásmo", "Meno", "Typ", "Stav", "Mena", "Brutto", "Poplatok", "Netto", "Od", "Komu",
        "ID transakcie", "Odkaz", "Číslo faktúry", "Zostatok", "Predmet", "Poznámka", "Vplyv",
    ),
    "unknown": (
        "Päivä", "Kello", "Vyöhyke", "Nimi", "Laji", "Tila", "Valuutta", "Brutto", "Kulu", "Netto", "Lähettäjä",
        "Saaja", "Tunnus", "Viite", "Lasku", "Saldo nyt", "Aihe", "Viesti", "Vaikutus",
    ),
}  # fmt: skip
IMPACTS = {
    "English": ("Debit", "Credit", "Memo"),
    "German": ("Soll", "Haben", "Memo"),
    "French": ("Débit", "Crédit", "Memo"),
    "Italian": ("Addebito", "Accredito", "Memo"),
}
DAYS = {
    "DD/MM/YYYY": "{0.day:02d}/{0.month:02d}/{0.year}",
    "MM/DD/YYYY": "{0.month:02d}/{0.day:02d}/{0.year}",
    "D/M/YYYY": "{0.day}/{0.month}/{0.year}",
    "M/D/YYYY": "{0.month}/{0.day}/{0.year}",
    "DD.MM.YYYY": "{0.day:02d}.{0.month:02d}.{0.year}",
    "DD-MM-YYYY": "{0.day:02d}-{0.month:02d}-{0.year}",
    "YYYY-MM-DD": "{0.year}-{0.month:02d}-{0.day:02d}",
}
US = "pay@acme.example"


@dataclass(frozen=True)
class Move:
    """A transaction; amounts in hundredths. ``moves`` is False for a row that leaves the balance as it is."""

    gross: int = 10000
    fee: int = -320
    day: dt.date = dt.date(2026, 1, 14)
    time: str = "10:00:00"
    currency: str = "EUR"
    name: str = "Žofie Šťastná"
    type: str = "Website Payment"
    status: str = "Completed"
    mail: str = "kupec@odberatel.example"
    invoice: str = ""
    subject: str = ""
    note: str = ""
    moves: bool = True

    @property
    def net(self) -> int:
        return self.gross + self.fee


@dataclass(frozen=True)
class Written:
    """A file."""

    moves: tuple[Move, ...] = (
        Move(invoice="2026001"),
        Move(gross=-2550, fee=0, day=dt.date(2026, 1, 20), type="General Withdrawal", status="Pending"),
        Move(gross=5000, fee=-195, day=dt.date(2026, 1, 31), note="Díky"),
    )
    language: str = "English"
    days: str = "MM/DD/YYYY"
    comma: bool = False
    newest_first: bool = False
    delimiter: str = ","
    encoding: str = "utf-8"
    end: str = "\r\n"
    opening: int = 700
    without: tuple[str, ...] = ()

    def money(self, hundredths: int) -> str:
        text = f"{abs(hundredths) / 100:,.2f}" if abs(hundredths) < 10**12 else str(hundredths)
        if self.comma:
            text = text.translate(str.maketrans(",.", ".,"))
        return ("-" if hundredths < 0 else "") + text

    def rows(self) -> list[list[str]]:
        balances: dict[str, int] = {}
        rows = []
        for number, move in enumerate(self.moves, start=1):
            before = balances.get(move.currency, self.opening)
            balances[move.currency] = before + (move.net if move.moves else 0)
            out = move.net < 0
            words = IMPACTS.get(self.language, ("-", "+", "0"))
            cells = {
                "date": DAYS[self.days].format(move.day), "time": move.time, "zone": "CET", "name": move.name,
                "type": move.type, "status": move.status, "currency": move.currency, "gross": self.money(move.gross),
                "fee": self.money(move.fee), "net": self.money(move.net), "from": US if out else move.mail,
                "to": move.mail if out else US, "transaction": f"{number:017d}", "reference": "",
                "invoice": move.invoice, "balance": self.money(balances[move.currency]), "subject": move.subject,
                "note": move.note, "impact": words[2] if not move.moves else words[0 if out else 1],
            }  # fmt: skip
            rows.append([cells[key] for key in KEYS if key not in self.without])
        return rows[::-1] if self.newest_first else rows

    @property
    def header(self) -> list[str]:
        return [name for key, name in zip(KEYS, HEADERS[self.language], strict=True) if key not in self.without]

    def encode(self) -> bytes:
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, delimiter=self.delimiter, quoting=csv.QUOTE_ALL, lineterminator=self.end)
        writer.writerows([self.header, *self.rows()])
        return buffer.getvalue().encode(self.encoding)

    def workbook(self, *, native: bool = True) -> bytes:
        import openpyxl

        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(self.header)
        amounts = [at for at, key in enumerate(k for k in KEYS if k not in self.without) if key in
                   ("gross", "fee", "net", "balance")]  # fmt: skip
        plain = replace(self, comma=False)
        moves = self.moves[::-1] if self.newest_first else self.moves
        for move, row in zip(moves, plain.rows(), strict=True):
            cells: list[object] = list(row)
            if native:
                cells[0] = dt.datetime.combine(move.day, dt.time())
                for at in amounts:
                    cells[at] = Decimal(str(cells[at]).replace(",", ""))
            sheet.append(cells)
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()


def readings(content: bytes, name: str = "activity.csv", date_format: str | None = None) -> list[object]:
    return list(read(Source(name, content), Reading(hints=Hints(date_format=date_format))))


def statements(content: bytes, name: str = "activity.csv", date_format: str | None = None) -> list[Statement]:
    return [one for one in readings(content, name, date_format) if isinstance(one, Statement)]


def statement(content: bytes | Written, name: str = "activity.csv", date_format: str | None = None) -> Statement:
    (one,) = readings(content.encode() if isinstance(content, Written) else content, name, date_format)
    assert isinstance(one, Statement)
    return one


def codes(document: Statement) -> list[str]:
    return [found.code for found in document.findings]


def errors(document: Statement) -> set[str]:
    return {found.code for found in document.findings if found.is_error}


def found(document: Statement, code: str):
    (one,) = [finding for finding in document.findings if finding.code == code]
    return one


def hundredths(document: Statement) -> list[int]:
    return [int(entry.amount * 100) for entry in document.entries]


@pytest.fixture(scope="session")
def paypal() -> SimpleNamespace:
    """Writer and reader under one name."""
    return SimpleNamespace(
        Move=Move, Written=Written, HEADERS=HEADERS, IMPACTS=IMPACTS, DAYS=DAYS, KEYS=KEYS, US=US, readings=readings,
        statements=statements, statement=statement, codes=codes, errors=errors, found=found, hundredths=hundredths,
        replace=replace,
    )  # fmt: skip
