"""Documents of invented firms, built without reading a file."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings

from efimport.documents import (
    Address,
    BankAccount,
    Entry,
    Invoice,
    Kind,
    Line,
    Order,
    Origin,
    OtherDocument,
    Partner,
    Party,
    Product,
    Statement,
    VatSummary,
)
from efimport.findings import codes
from tests.sweep import (  # noqa: F401 - hooks and fixtures of pytest
    pytest_configure,
    pytest_runtest_makereport,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
    swept_capture,
    swept_folder,
)
from tests.workers import (  # noqa: F401 - hooks of pytest
    pytest_collection,
    pytest_xdist_auto_num_workers,
    pytest_xdist_setupnodes,
)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A suite in the background of a shell has Ctrl-C ignored, and so would have the programs that tests stop by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

settings.register_profile(
    "suite", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("suite")


@pytest.fixture
def shared():
    """The material beside the project; such tests are skipped where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("no shared material beside the project")
    return SHARED


@pytest.fixture
def samples():
    return ROOT / "samples"


OUR_NUMBER = "12345679"
OUR_IBAN = "CZ6508000000192000145399"
DAY = dt.date(2026, 1, 15)

US = Party(name="Naše firma s.r.o.", registration_number=OUR_NUMBER, vat_id="CZ12345679")
CUSTOMER = Party(
    name="Odběratel a.s.",
    registration_number="25596641",
    vat_id="CZ25596641",
    email="ucto@odberatel.example",
    phone="+420 600 000 001",
    address=Address(street="Dlouhá 1", city="Brno", postal_code="60200", country="CZ"),
)


def origin(path="faktura.isdoc", **fields):
    return Origin(path=path, **({"format": "isdoc", "line": 3, "content": path.encode()} | fields))


def line(position=1, **fields):
    usual = {
        "description": "Práce",
        "quantity": Decimal(1),
        "unit_price": Decimal("100.00"),
        "vat_rate": Decimal(21),
        "total_without_vat": Decimal("100.00"),
        "vat": Decimal("21.00"),
        "total_with_vat": Decimal("121.00"),
    }
    return Line(position=position, **(usual | fields))


def summary(base="100.00", vat="21.00", total="121.00", rate="21", **fields):
    amounts = {"base": base, "vat": vat, "total": total, "rate": rate}
    values = {name: None if value is None else Decimal(value) for name, value in amounts.items()}
    return VatSummary(**(values | fields))


def invoice(path="faktura.isdoc", **fields):
    """A consistent issued invoice of one line, 100 CZK and 21 % VAT."""
    kind = fields.get("kind", Kind.ISSUED_INVOICE)
    received = str(kind).startswith("received") or kind is Kind.TAX_DOCUMENT_ON_PAYMENT
    given = {name: fields.pop(name) for name in ("format", "ordinal", "content") if name in fields}
    usual = {
        "kind": kind,
        "origin": origin(path, **given),
        "number": "2026001",
        "date": DAY,
        "taxable_supply_date": DAY,
        "due_date": DAY + dt.timedelta(days=14),
        "currency": "CZK",
        "supplier": CUSTOMER if received else US,
        "customer": US if received else CUSTOMER,
        "lines": (line(),),
        "vat_summary": (summary(),),
        "total_without_vat": Decimal("100.00"),
        "total_vat": Decimal("21.00"),
        "total_with_vat": Decimal("121.00"),
        "payable": Decimal("121.00"),
    }
    return Invoice(**(usual | fields))


def order(path="objednavka.xml", **fields):
    usual = {
        "kind": Kind.ORDER_RECEIVED,
        "origin": origin(path, format="pohoda"),
        "number": "OBJ1",
        "date": DAY,
        "currency": "CZK",
        "supplier": US,
        "customer": CUSTOMER,
        "lines": (line(),),
    }
    return Order(**(usual | fields))


def partner(path="adresar.xml", **fields):
    return Partner(**({"origin": origin(path, format="pohoda"), "party": CUSTOMER} | fields))


def product(path="zasoby.xml", **fields):
    usual = {
        "origin": origin(path, format="pohoda"),
        "code": "0308",
        "name": "Šroub",
        "unit": "ks",
        "vat_rate": Decimal(21),
        "sales_price": Decimal("12.50"),
        "product_type": "card",
    }
    return Product(**(usual | fields))


def statement(path="vypis.gpc", **fields):
    """A consistent statement of two entries."""
    given = {name: fields.pop(name) for name in ("format", "ordinal", "content") if name in fields}
    usual = {
        "origin": origin(path, **({"format": "gpc"} | given)),
        "account": BankAccount(iban=OUR_IBAN, number="19-2000145399", bank_code="0800"),
        "number": "1",
        "currency": "CZK",
        "period_from": dt.date(2026, 1, 1),
        "period_to": dt.date(2026, 1, 31),
        "date": dt.date(2026, 1, 31),
        "opening": Decimal("100.00"),
        "closing": Decimal("150.00"),
        "credit_turnover": Decimal("80.00"),
        "debit_turnover": Decimal("30.00"),
        "entry_count": 2,
        "entries": (
            Entry(position=1, amount=Decimal("80.00"), date=DAY),
            Entry(position=2, amount=Decimal("-30.00"), date=DAY),
        ),
    }
    return Statement(**(usual | fields))


def file(path="sken.pdf", **fields):
    given = {name: fields.pop(name) for name in ("format", "ordinal", "content") if name in fields}
    return OtherDocument(origin=origin(path, **({"format": "pdf"} | given)), **({"kind": Kind.FILE} | fields))


@pytest.fixture(scope="session")
def invented():
    """Builders of documents; every field can be given, the rest is consistent."""
    return SimpleNamespace(
        DAY=DAY,
        OUR_IBAN=OUR_IBAN,
        OUR_NUMBER=OUR_NUMBER,
        US=US,
        CUSTOMER=CUSTOMER,
        file=file,
        invoice=invoice,
        line=line,
        order=order,
        origin=origin,
        partner=partner,
        product=product,
        statement=statement,
        summary=summary,
    )


@pytest.fixture(scope="session")
def finding_codes():
    return frozenset(codes())


class PostgresServer:
    """A server of our own from the system's packages: a socket in a temporary folder, gone at the end.

    Each journal gets a schema of its own, which is faster than a database.
    """

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.binaries = binaries
        self.folder = folder
        self.data = folder / "data"
        self._schemas = 0
        # The server refuses to run as root.
        self._as = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
        if self._as:
            shutil.chown(folder, "nobody", "nogroup")
        self._run("initdb", "-D", self.data, "-U", "efimport", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.start()

    def start(self) -> None:
        # Only a crash of the machine, which no test makes, needs the disk.
        settings = f"-k {self.folder} -c listen_addresses= -c max_connections=50 -c fsync=off"
        self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.folder / "log", "-o", settings, "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self._as, str(self.binaries / program), *map(str, arguments)]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=90)
        assert done.returncode == 0, done.stdout + done.stderr

    @property
    def address(self) -> str:
        return f"postgresql+psycopg://efimport@/postgres?host={self.folder}"

    def schema(self) -> str:
        """The address of a journal that nobody has used."""
        from sqlalchemy import create_engine, text

        self._schemas += 1
        name = f"journal_{self._schemas}"
        engine = create_engine(self.address)
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
        engine.dispose()
        return f"{self.address}&options=-csearch_path%3D{name}"


def postgres_binaries() -> Path | None:
    """Where the server's programs are: Debian keeps them beside each other by version, others on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).parent if named else None


def postgres_missing() -> str | None:
    """Why no server can be started; None where one can."""
    if postgres_binaries() is None:
        return "no PostgreSQL server on this machine (Debian's package postgresql)"
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        return "PostgreSQL refuses root, and there is no setpriv to be another user"
    return None


@pytest.fixture(scope="session")
def postgres():
    missing = postgres_missing()
    if missing:
        pytest.skip(missing)
    # A short path: the name of a socket has room for 107 bytes, and only its owner may come to pytest's own folders.
    folder = Path(tempfile.mkdtemp(prefix="efimport-pg-"))
    server = PostgresServer(postgres_binaries(), folder)
    yield server
    server.stop("immediate")
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def journal_url(request, tmp_path):
    """The address of a new journal, in each database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.sqlite3'}"
    return request.getfixturevalue("postgres").schema()
