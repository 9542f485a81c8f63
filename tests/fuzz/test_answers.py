"""Real answers of the sandbox, damaged: an answer or an unknown outcome, and never good news from half an answer."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator

import httpx
import pytest

from efimport import testing
from efimport.api import catalogue
from efimport.api.answers import Answer, parse
from efimport.api.call import Call
from efimport.api.login import md5pass
from efimport.api.wire import encode, with_login
from efimport.errors import UnknownOutcomeError
from tests.fuzz.mutations import GENERIC

MUTANTS = int(os.environ.get("EFIMPORT_MUTANTS", "10000"))
SECONDS = 5.0


@pytest.fixture(scope="module")
def answers() -> dict[str, tuple[bytes, str, int]]:
    """Body, type and status of one answer for every method."""
    found: dict[str, tuple[bytes, str, int]] = {}
    with testing.sandbox("CZ", period=0) as (_, organization), httpx.Client() as client:
        for name in catalogue.methods():
            body = with_login(encode(Call(name, ())), "demo", md5pass("demo", "demo"), "SANDBOX")
            reply = client.post(organization.endpoint, content=body, headers={"Content-Type": "text/xml"})
            found[name] = (reply.content, reply.headers.get("content-type", ""), reply.status_code)
    return found


INSIDE = b"<number>2026-7</number><documents><document><total>121.00</total></document></documents>"
GOOD = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<response status="ok">%b</response>' % INSIDE,
    b'{"response":{"status":"ok","number":"2026-7","documents":[{"number":"2026-7","total":"121.00"}]}}',
)


def mutants(answers: dict[str, tuple[bytes, str, int]], count: int) -> Iterator[tuple[bytes, str, int]]:
    whole = [*answers.values(), (GOOD[0], "text/xml", 200), (GOOD[1], "application/json", 200)]
    for number in range(count):
        rnd = random.Random(f"answer/{number}")
        body, kind, status = whole[number % len(whole)]
        for _ in range(rnd.choice((1, 1, 2, 6))):
            body = rnd.choice(GENERIC)(rnd, body)
        yield body, kind, rnd.choice((status, status, 200, 500))


def damaged(answers: dict[str, tuple[bytes, str, int]], count: int) -> None:
    unknown = 0
    for body, kind, status in mutants(answers, count):
        start = time.process_time()
        try:
            assert isinstance(parse(body, kind, status), Answer)
        except UnknownOutcomeError:
            unknown += 1
        assert time.process_time() - start < SECONDS, body[:200]
    assert 0 < unknown < count


def test_every_method_of_the_catalogue_answers(answers):
    assert set(answers) == set(catalogue.methods())
    assert all(body for body, _, _ in answers.values())
    assert sum(b'status="ok"' in body for body, _, _ in answers.values()) > 5


def test_a_damaged_answer_is_an_answer_or_unknown(answers):
    damaged(answers, 300)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_ten_thousand_damaged_answers_are_answers_or_unknown(answers):
    damaged(answers, MUTANTS)


@pytest.mark.parametrize(("body", "kind"), [(GOOD[0], "text/xml"), (GOOD[1], "application/json")])
def test_a_cut_answer_is_never_good_news(body, kind):
    assert parse(body, kind).ok
    for length in range(len(body)):
        try:
            assert not parse(body[:length], kind).ok, body[:length]
        except UnknownOutcomeError:
            continue
