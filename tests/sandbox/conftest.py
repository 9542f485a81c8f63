from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest
from lxml import etree

from efimport.sandbox.server import RunningSandbox, start

ACCOUNT = "CZ6508000000192000145399"


class VirtualTime:
    """A clock that only moves when it is told to, or when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Reply:
    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def root(self) -> etree._Element:
        return etree.fromstring(self.body)

    @property
    def ok(self) -> bool:
        return self.root.get("status") == "ok"

    @property
    def error(self) -> str | None:
        error = self.root.find("error")
        return None if error is None else error.get("description")

    def text(self, path: str) -> str | None:
        return self.root.findtext(path)


def attribute(name: str, value: str, kind: str = "") -> str:
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return f'<parameter name="{name}" {f"""type="{kind}" """ if kind else ""}value="{escaped}" />'


def nested(name: str, inner: str) -> str:
    return f'<parameter name="{name}">{inner}</parameter>'


def encoded(content: bytes | str) -> str:
    return base64.b64encode(content.encode() if isinstance(content, str) else content).decode()


def request_body(
    method: str, *parameters: str, user: str = "demo", password: str | None = None, token: str = "SANDBOX"
) -> bytes:
    secret = hashlib.md5((user.upper() + (user if password is None else password)).encode()).hexdigest()
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<request>\n'
        f'<login username="{user}" md5pass="{secret}" token="{token}" />\n'
        f'<method name="{method}">{"".join(parameters)}</method>\n</request>'
    ).encode()


class Caller:
    """Sends literal bytes; knows nothing of the toolkit's client."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        # The sandbox speaks plain HTTP: the certificates of the machine, which take 30 ms to load, are not needed.
        self.http = httpx.Client(trust_env=False, timeout=20, verify=False)

    def post(self, body: bytes, *, path: str | None = None, content_type: str = "application/octet-stream") -> Reply:
        url = self.sandbox.endpoint if path is None else self.sandbox.url + path
        answer = self.http.post(url, content=body, headers={"Content-Type": content_type})
        return Reply(answer.status_code, answer.headers, answer.content)

    def __call__(
        self,
        method: str,
        *parameters: str,
        user: str = "demo",
        password: str | None = None,
        token: str = "SANDBOX",
        path: str | None = None,
    ) -> Reply:
        return self.post(request_body(method, *parameters, user=user, password=password, token=token), path=path)

    def state(self) -> dict:
        return self.http.get(self.sandbox.url + "/_sandbox/state").json()

    def faults(self, *faults: dict) -> httpx.Response:
        return self.http.post(self.sandbox.url + "/_sandbox/faults", json=list(faults))


Maker = Callable[..., Caller]


@pytest.fixture
def make() -> Iterator[Maker]:
    """Starts a sandbox; without a rate limit unless the test wants one."""
    callers: list[Caller] = []

    def start_one(**options: object) -> Caller:
        options.setdefault("period", 0.0)
        caller = Caller(start(**options))
        callers.append(caller)
        return caller

    yield start_one
    for caller in callers:
        caller.http.close()
        caller.sandbox.stop()


@pytest.fixture(scope="session")
def shared() -> Iterator[Caller]:
    caller = Caller(start(period=0.0))
    yield caller
    caller.http.close()
    caller.sandbox.stop()


@pytest.fixture
def call(shared: Caller) -> Caller:
    """An empty sandbox with the default options and without a rate limit."""
    shared.sandbox.reset()
    return shared


def invoice(number: str = "2024-00001", *extra: str, items: str | None = None, **changes: str) -> str:
    fields = {
        "date": "2024-03-05",
        "paymentDueDate": "2024-03-19",
        "buyerName": "Odběratel a.s.",
        "type": "gross",
    } | changes
    item = (
        "<Item><description>Práce</description><quantity>2</quantity><netPrice>100.50</netPrice>"
        "<vatPercentage>21</vatPercentage><currency>CZK</currency></Item>"
    )
    elements = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value)
    number_element = f"<number>{number}</number>" if number else ""
    return number_element + elements + "".join(extra) + f"<Items>{item if items is None else items}</Items>"


def pack(
    number: str = "24FV0001",
    kind: str = "issuedInvoice",
    *,
    invoices: int = 1,
    items: int = 1,
    version: str = "2.0",
    day: str = "2024-03-05",
    encoding: str = "Windows-1250",
) -> bytes:
    one = (
        f'<inv:invoice version="{version}"><inv:invoiceHeader><inv:invoiceType>{kind}</inv:invoiceType>'
        + (f"<inv:number><typ:numberRequested>{number}</typ:numberRequested></inv:number>" if number else "")
        + f"<inv:date>{day}</inv:date><inv:text>Služby</inv:text><inv:partnerIdentity><typ:address>"
        "<typ:company>Žluťoučký kůň s.r.o.</typ:company></typ:address></inv:partnerIdentity></inv:invoiceHeader>"
        "<inv:invoiceSummary><inv:homeCurrency><typ:priceNone>0</typ:priceNone><typ:priceHigh>1000</typ:priceHigh>"
        "<typ:priceHighVAT>210</typ:priceHighVAT><typ:round><typ:priceRound>0.40</typ:priceRound></typ:round>"
        "</inv:homeCurrency></inv:invoiceSummary></inv:invoice>"
    )
    item = f'<dat:dataPackItem id="1" version="2.0">{one * invoices}</dat:dataPackItem>'
    root = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n'
        '<dat:dataPack xmlns:dat="http://www.stormware.cz/schema/version_2/data.xsd" '
        'xmlns:inv="http://www.stormware.cz/schema/version_2/invoice.xsd" '
        'xmlns:typ="http://www.stormware.cz/schema/version_2/type.xsd" '
        f'id="p" ico="12345679" application="t" note="" version="2.0">{item * items}</dat:dataPack>'
    )
    return root.encode(encoding)


def abo(digits: str = "0000192000145399", *, tail: bytes = b"\r\n", entries: int = 1) -> bytes:
    header = f"074{digits}{'Ukázková firma':<20}010124{100000:014d}+{110000:014d}+{0:014d}0{10000:014d}0001310124"
    entry = (
        f"075{digits}{0:016d}{1:013d}{10000:012d}2{20240001:010d}000800{308:04d}{0:010d}310124{'Plátce':<20}00203310124"
    )
    lines = [header.ljust(128), *[entry.ljust(128)] * entries]
    return b"".join(line.encode("windows-1250") + tail for line in lines)


def camt(
    iban: str = ACCOUNT, *, statements: int = 1, namespace: str = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
) -> bytes:
    one = (
        f"<Stmt><Id>S-1</Id><ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>2024-01-31T23:00:00</CreDtTm><Acct><Id><IBAN>{iban}</IBAN>"
        '</Id></Acct><Bal><Amt Ccy="CZK">1.00</Amt></Bal></Stmt>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{namespace}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>M</MsgId></GrpHdr>"
        f"{one * statements}</BkToCstmrStmt></Document>"
    ).encode()


def mt940(account: str = ACCOUNT, *, statements: int = 1, closing: str = ":62F:") -> bytes:
    one = (
        f":20:T1\r\n:25:{account}\r\n:28C:1/1\r\n:60F:C240101CZK100,00\r\n"
        f":61:2401310131C10,00NTRF1\r\n{closing}C240131CZK110,00\r\n-"
    )
    return "\r\n".join([one] * statements).encode()


def isdoc(number: str = "D-1", customer: str = "CZ12345679") -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><Invoice xmlns="http://isdoc.cz/namespace/2013" version="6.0.2">'
        f"<DocumentType>1</DocumentType><ID>{number}</ID><IssueDate>2024-02-01</IssueDate><LocalCurrencyCode>CZK</LocalCurrencyCode>"
        "<AccountingSupplierParty><Party><PartyName><Name>Dodavatel s.r.o.</Name></PartyName></Party>"
        "</AccountingSupplierParty>"
        f"<AccountingCustomerParty><Party><PartyIdentification><ID>{customer.removeprefix('CZ')}</ID></PartyIdentification>"
        f"<PartyTaxScheme><CompanyID>{customer}</CompanyID></PartyTaxScheme></Party></AccountingCustomerParty>"
        "<LegalMonetaryTotal><PayableAmount>121.00</PayableAmount></LegalMonetaryTotal></Invoice>"
    ).encode()
