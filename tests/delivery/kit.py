"""What the tests of delivery share: a small web service that holds state, clocks, plans."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from msgspec.structs import replace as msgspec_replace

from efimport.api.call import Attribute, Base64Attribute, Call, Element, File, Nested, Parameter
from efimport.api.client import Client
from efimport.api.clock import SystemClock
from efimport.api.request import prepare
from efimport.planning.batches import gathered
from efimport.planning.model import Plan, PlannedCall, PlannedSource, Repeat
from efimport.secrets import Secret
from efimport.settings import ApiUser, Organization, Sending
from tests.canaries import PASSWORD, TOKEN

__all__ = ["msgspec_replace"]

SAFE, CHECKABLE, BLIND = Repeat.SAFE_BY_KEY, Repeat.CHECKABLE, Repeat.BLIND
Fault = Callable[[str, str], str | None]
"""Method and name of the document -> what goes wrong with this request; None for nothing."""


class Books:
    """A web service with state; a request whose client has died is carried out all the same.

    Faults: ``busy``, ``login``, ``refuse`` (nothing is done), ``lose`` (read, never carried out, no answer),
    ``silent`` (carried out, no answer), ``html`` and ``cut`` (carried out, answer unintelligible), ``mixed`` (an
    error that no list knows).
    """

    def __init__(self, fault: Fault | None = None, *, latest: float = 0.0, port: int = 0) -> None:
        self.fault = fault or (lambda method, name: None)
        self.latest = latest
        self.there: Counter[str] = Counter()
        self.requests: list[tuple[str, str]] = []
        self.users: Counter[str] = Counter()
        self.most_at_once = 0
        self.under_way = 0
        self.lock = threading.Lock()
        self.random = random.Random(7)
        self.list_names = True
        self.similar: list[str] = []
        self.mass = "each"
        self.bad: set[str] = set()
        self.content: dict[str, str] = {}
        self.hook: Callable[[str, str], None] = lambda method, name: None
        books = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if len(body.encode()) != int(self.headers["Content-Length"]):
                    return
                self.close_connection = True
                try:
                    answer = books.carry_out(body)
                    if answer is not None:
                        self.wfile.write(answer)
                except OSError:
                    pass

            def do_GET(self) -> None:
                content = json.dumps(books.there).encode()
                self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content)

            def log_message(self, *unused: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 50

        self.server = Server(("127.0.0.1", port), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def carry_out(self, body: str) -> bytes | None:
        method = re.search(r'<method name="(\w+)"', body)[1]
        attributes = "fileName|IBAN|documentNumber|number|partnerCode|productCode"
        found = re.search(
            rf"<(?:number|fileName|productCode)>([^<]*)<|name=\"(?:{attributes})\" value=\"([^\"]*)\"", body
        )
        name = (found[1] or found[2]) if found else ""
        with self.lock:
            self.requests.append((method, name))
            self.users[re.search(r'username="(\w+)"', body)[1]] += 1
            self.under_way += 1
            self.most_at_once = max(self.most_at_once, self.under_way)
            fault = self.fault(method, name)
            wait = self.random.uniform(0, self.latest)
        try:
            self.hook(method, name)
            if fault in ("busy", "login", "refuse", "mixed", "lose"):
                return _refusal(fault)
            time.sleep(wait)
            with self.lock:
                answer = self.answer(method, name, body)
        finally:
            with self.lock:
                self.under_way -= 1
        if fault == "silent":
            return None
        if fault == "html":
            return _http("<html><body>Gateway timeout</body></html>", 504)
        return answer[: len(answer) - 20] if fault == "cut" else answer

    def many(self, body: str) -> bytes:
        """Products by themselves; ``mass`` says how the service answers.

        ``each``: good ones are taken, a message each, errors beside. ``quiet``: the same, but errors alone are told.
        ``all``: all or none, all errors. ``first``: all or none, the first error alone. ``pass``: what exists is passed
        over without a word.
        """
        products = re.findall(r"<product>.*?<productCode>(.*?)</productCode>(.*?)</product>", body, re.DOTALL)
        overwrites = "createOrUpdate" in body
        wrong = {}
        for code, _ in products:
            if self.there[code] and not overwrites:
                wrong[code] = f"Product for code {code} already exists."
            elif code in self.bad:
                wrong[code] = f"{code} #vatPercentage - not a number"
        good = [(code, content) for code, content in products if code not in wrong]
        if self.mass == "pass":
            wrong = {}
        if self.mass in ("all", "first") and wrong:
            return _error(", ".join(list(wrong.values())[: 1 if self.mass == "first" else None]))
        for code, content in good:
            self.there[code] += not (overwrites and self.there[code])
            self.content[code] = content
        told = (
            ""
            if self.mass == "quiet" and wrong
            else "".join(f"<message>Product for code {code} successfully imported.</message>" for code, _ in good)
        )
        if wrong:
            return _http(
                f'<response status="error">{told}<error description="{", ".join(wrong.values())}"/></response>'
            )
        return _http(f'<response status="ok">{told}</response>')

    def shown(self, method: str, name: str) -> bytes:
        """What is there under a number, with the elements that it was sent with."""
        if not self.there[name]:
            return _error("document could not be found")
        kind = re.sub(r"Get(?:ByCode)?$", "", method)
        sent = re.search(rf'<parameter name="{kind}">(.*?)</parameter>', self.content.get(name, ""), re.DOTALL)
        inside = sent[1] if sent else f"<number>{name}</number>"
        return _http(f'<response status="ok"><{kind}>{inside}</{kind}></response>')

    def answer(self, method: str, name: str, body: str) -> bytes:
        if method == "DocumentInboxList":
            hits = [name] * min(1, self.there[name]) + self.similar
            asked = re.search(r"fileName|documentNumber", body)[0]
            field = asked if self.list_names else "senderName"
            entries = "".join(f"<entry><{field}>{hit}</{field}></entry>" for hit in hits)
            return _http(f'<response status="ok">{entries}</response>')
        if shows_one(method):
            return self.shown(method, name)
        if method == "ProductMassImport":
            return self.many(body)
        if method != "BankStatementImport" and self.there[name]:
            if "createOrUpdate" in body:
                return _http(f'<response status="ok"><number>{name}</number></response>')
            if method == "DocumentInboxImport":
                return _error("EMU: document already exists in the inbox")
            return _error(f"Sales invoice for number: {name} already exists!")
        self.there[name] += 1
        self.content[name] = body
        return _http(f'<response status="ok"><number>{name}</number><message>Done.</message></response>')


def shows_one(method: str) -> bool:
    """Whether the method asks for one thing by its number and changes nothing."""
    return method.endswith(("Get", "GetByCode"))


def _http(content: str, status: int = 200) -> bytes:
    body = content.encode()
    return b"HTTP/1.0 %d X\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body


def _error(description: str) -> bytes:
    return _http(f'<response status="error"><error description="{description}"/></response>')


def _refusal(fault: str) -> bytes | None:
    return {
        "busy": _error("Another web request is currently being processed"),
        "login": _error("Invalid web services token"),
        "refuse": _error("Property buyer is required."),
        "mixed": _error("The moon is in the wrong house."),
        "lose": None,
    }[fault]


class ImpatientClock(SystemClock):
    """The clock of this machine; who sleeps is moved ahead at once."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.ahead += max(0.0, seconds)


def organization(books_url: str, users: int = 1, token: Secret | None = None) -> Organization:
    return Organization(
        name="acme",
        endpoint=f"{books_url}/WebServicesCZ/API",
        token=token or Secret.of(TOKEN),
        users=tuple(ApiUser(f"petr{number}", password=Secret.of(PASSWORD)) for number in range(users)),
    )


def client(
    books_url: str, folder: Path, *, users: int = 1, timeout: float = 5.0, token: Secret | None = None
) -> Client:
    return Client(
        organization(books_url, users, token),
        sending=Sending(timeout=timeout),
        state_folder=folder / "pace",
        clock=ImpatientClock(),
        abandoned_wait=0.0,
    )


def call(name: str, repeat: Repeat, *, content: str = "x", overwrites: bool = False, key: str = "") -> PlannedCall:
    made = {SAFE: _invoice, CHECKABLE: _inbox, BLIND: _statement}[repeat](name, content, overwrites)
    return PlannedCall(
        id=f"c-{name}",
        call=made,
        key=key or f"1|acme|{made.method}|{name}",
        digest=prepare(made, "CZ").digest,
        repeat=repeat,
        overwrites=overwrites,
        number=name,
        file_name=name if repeat is CHECKABLE else None,
        documents=((0, 0),),
    )


def _invoice(name: str, content: str, overwrites: bool) -> Call:
    return Call(
        "SalesInvoiceImport",
        (
            Parameter("importType", Attribute("createOrUpdate" if overwrites else "createOnly")),
            Parameter("SalesInvoice", Nested((Element("number", name), Element("remarks", content)))),
        ),
    )


def _inbox(name: str, content: str, _overwrites: bool) -> Call:
    return Call(
        "DocumentInboxImport",
        (
            Parameter("checkExisting", Attribute("true")),
            Parameter("electronicDocument", File(content.encode(), name)),
        ),
    )


def _statement(name: str, content: str, _overwrites: bool) -> Call:
    return Call(
        "BankStatementImport",
        (
            Parameter("IBAN", Attribute(name)),
            Parameter("type", Attribute("AboGpc")),
            Parameter("statementData", Base64Attribute(content.encode())),
        ),
    )


def plan(calls: Iterable[PlannedCall]) -> Plan:
    return Plan(
        organization="acme",
        sources=(PlannedSource(path="in/documents.xml", sha256="ab" * 32, size=3),),
        calls=tuple(calls),
    )


def product(code: str, *, price: str = "1", overwrites: bool = False) -> PlannedCall:
    made = Call(
        "ProductImport",
        (
            Parameter("importType", Attribute("createOrUpdate" if overwrites else "createOnly")),
            Parameter("product", Nested((Element("productCode", code), Element("grossPrice", price)))),
        ),
    )
    return PlannedCall(
        id=f"c-{code}",
        call=made,
        key=f"1|acme|ProductImport|{code}",
        digest=prepare(made, "CZ").digest,
        repeat=SAFE,
        overwrites=overwrites,
        number=code,
        documents=((0, 0),),
    )


def products(*codes: str, name: str = "many", overwrites: bool = False, **prices: str) -> PlannedCall:
    """One call of many products; ``prices`` by code where they are not 1."""
    members = [product(code, price=prices.get(code, "1"), overwrites=overwrites) for code in codes]
    return gathered(members, name)
