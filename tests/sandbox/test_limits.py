from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.sandbox.limits import Pace
from efimport.sandbox.options import Options
from tests.sandbox.conftest import Caller, Maker, VirtualTime, attribute, invoice, nested

TOO_MANY = "Too Many Requests. The client with IP 127.0.0.1 has sent too many requests in a given amount of time."


def test_documented_a_burst_of_four_then_a_pause(make: Maker) -> None:
    time_ = VirtualTime()
    call = make(period=4.0, clock=time_)
    assert [call("PartnerList").status for _ in range(5)] == [200, 200, 200, 200, 429]
    time_.now += 3.9
    assert call("PartnerList").status == 429
    time_.now += 0.1
    assert [call("PartnerList").status for _ in range(5)] == [200, 200, 200, 200, 429]


def test_documented_one_a_second_goes_on_for_ever(make: Maker) -> None:
    time_ = VirtualTime()
    call = make(period=4.0, clock=time_)
    for _ in range(20):
        assert call("PartnerList").status == 200
        time_.now += 1.0
    assert call.state()["violations"] == {"rate": 0, "concurrency": 0}
    assert call.state()["limits"]["most_starts_in_a_period"] == 4


def test_observed_the_refusal_and_its_count(make: Maker) -> None:
    call = make(period=4.0, clock=VirtualTime())
    replies = [call("PartnerList") for _ in range(6)]
    assert [reply.error for reply in replies[4:]] == [TOO_MANY, TOO_MANY]
    state = call.state()
    assert state["violations"]["rate"] == 2
    assert state["limits"]["most_starts_in_a_period"] == 6
    assert state["requests"]["total"] == 6


def test_a_request_beyond_the_rate_changes_nothing(make: Maker) -> None:
    call = make(period=4.0, clock=VirtualTime())
    for number in range(6):
        call("SalesInvoiceImport", nested("SalesInvoice", invoice(str(number))))
    assert [document["number"] for document in call.state()["documents"]["SalesInvoice"]] == ["0", "1", "2", "3"]


def test_the_rate_is_checked_before_the_request_is_read(make: Maker) -> None:
    call = make(period=4.0, clock=VirtualTime())
    assert [call.post(b"nonsense").status for _ in range(5)] == [200, 200, 200, 200, 429]


def test_the_sandbox_pages_count_as_no_request(make: Maker) -> None:
    call = make(period=4.0, clock=VirtualTime())
    for _ in range(10):
        assert call.state()["requests"]["total"] == 0


def test_observed_a_switch_holds_requests_back_instead(make: Maker) -> None:
    time_ = VirtualTime()
    call = make(period=4.0, clock=time_, sleep=time_.sleep, on_excess="delay")
    assert [call("PartnerList").status for _ in range(8)] == [200] * 8
    assert time_.now == pytest.approx(1004.0)
    assert call.state()["limits"]["delayed"] == 1


def test_the_answer_is_held_back_after_the_change_and_the_user_is_busy_meanwhile(make: Maker) -> None:
    call = make(period=0.5, burst=1, on_excess="delay")
    assert call("PartnerList").ok
    started = time.monotonic()
    held = threading.Thread(target=lambda: call("SalesInvoiceImport", nested("SalesInvoice", invoice())))
    held.start()
    time.sleep(0.1)
    assert len(call.state()["documents"]["SalesInvoice"]) == 1
    assert call("PartnerList").error == "Another web request is currently being processed"
    held.join()
    assert 0.3 < time.monotonic() - started < 3
    state = call.state()
    assert (state["violations"], state["limits"]["delayed"]) == ({"rate": 0, "concurrency": 1}, 2)


def test_what_cannot_be_read_is_held_back_too(make: Maker) -> None:
    time_ = VirtualTime()
    call = make(period=4.0, clock=time_, sleep=time_.sleep, on_excess="delay")
    for _ in range(5):
        assert not call.post(b"nonsense").ok
    assert time_.now == pytest.approx(1004.0)


def moments_of_answers(options: Options, gaps: list[float]) -> list[float]:
    pace, now, moments = Pace(options), 0.0, []
    for gap in gaps:
        now += gap
        moments.append(now + pace.admit_late("a", now))
    return moments


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 5), max_size=60))
def test_held_back_answers_keep_the_rate_whatever_comes(gaps: list[float]) -> None:
    moments = moments_of_answers(Options(on_excess="delay"), gaps)
    assert moments == sorted(moments)
    assert all(later - earlier >= 4.0 - 1e-9 for earlier, later in zip(moments, moments[4:], strict=False))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 5), max_size=60))
def test_held_back_answers_come_as_a_burst_in_each_fixed_window(gaps: list[float]) -> None:
    moments = moments_of_answers(Options(on_excess="delay", window="fixed"), gaps)
    opened = [moments[0]] if moments else []
    for moment in moments:
        if moment >= opened[-1] + 4.0:
            opened.append(moment)
    for start in opened:
        assert sum(start <= moment < start + 4.0 for moment in moments) <= 4


def test_a_refused_request_takes_no_place_in_the_window(make: Maker) -> None:
    time_ = VirtualTime()
    call = make(period=4.0, clock=time_)
    statuses = []
    for _ in range(17):
        statuses.append(call("PartnerList").status)
        time_.now += 0.5
    assert statuses == [200] * 4 + [429] * 4 + [200] * 4 + [429] * 4 + [200]
    assert call.state()["violations"]["rate"] == 8


def test_the_line_may_let_requests_come_later_than_they_were_sent(make: Maker) -> None:
    def moments(**options: object) -> list[float]:
        time_ = VirtualTime()
        call = make(period=4.0, clock=time_, sleep=time_.sleep, jitter=2.0, **options)
        found = []
        for _ in range(4):
            assert call("PartnerList").ok
            found.append(time_.now)
        return found

    first = moments()
    gaps = [later - earlier for earlier, later in zip([1000.0, *first], first, strict=False)]
    assert all(0 < gap <= 2.0 for gap in gaps)
    assert len(set(gaps)) == 4
    assert moments() == first
    assert moments(seed=1) != first


def test_jitter_can_bring_five_slow_requests_into_one_window(make: Maker) -> None:
    # One request a second is never too many; only what lies between the sending and the counting makes it so.
    arrivals = VirtualTime()
    late = iter([1.9, 0.0, 0.0, 0.0, 0.0])

    async def sleep(_: float) -> None:
        arrivals.now += next(late)

    call = make(period=4.0, clock=arrivals, sleep=sleep, jitter=2.0)
    statuses = []
    for number in range(5):
        arrivals.now = max(arrivals.now, 1000.0 + number)
        statuses.append(call("PartnerList").status)
    assert statuses == [200, 200, 200, 200, 429]


def starts_admitted(options: Options, gaps: list[float]) -> list[float]:
    pace, now, admitted = Pace(options), 0.0, []
    for gap in gaps:
        now += gap
        if pace.admit("a", now):
            admitted.append(now)
    return admitted


gaps = st.lists(st.floats(0, 5).map(lambda gap: round(gap, 3)), max_size=60)


@settings(max_examples=150, deadline=None)
@given(gaps)
def test_never_more_than_the_burst_in_any_period(gaps: list[float]) -> None:
    admitted = starts_admitted(Options(), gaps)
    assert all(later - earlier >= 4.0 for earlier, later in zip(admitted, admitted[4:], strict=False))


@settings(max_examples=150, deadline=None)
@given(gaps)
def test_the_fixed_window_refuses_nothing_that_the_sliding_one_admits_in_good_order(gaps: list[float]) -> None:
    slow = [gap + 1.0 for gap in gaps]
    assert len(starts_admitted(Options(), slow)) == len(starts_admitted(Options(window="fixed"), slow)) == len(slow)


def test_the_fixed_window_opens_with_the_first_request_after_the_last_one() -> None:
    admitted = starts_admitted(Options(window="fixed"), [0.0, 3.0, 0.5, 0.4, 0.05, 0.1, 0.0, 0.0, 0.0])
    assert [round(start, 2) for start in admitted] == [0.0, 3.0, 3.5, 3.9, 4.05, 4.05, 4.05, 4.05]


def test_addresses_are_counted_apart() -> None:
    pace = Pace(Options())
    assert all(pace.admit(address, 0.0) for address in "abcdefgh")


def in_threads(*targets: object) -> list[object]:
    results: list[object] = [None] * len(targets)

    def run(place: int) -> None:
        results[place] = targets[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(targets))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_observed_a_second_request_of_the_same_user_is_refused_while_one_is_in_flight(make: Maker) -> None:
    call = make(latency=(0.4, 0.4))
    replies = in_threads(*[lambda: call("PartnerList")] * 2)
    refused = [reply for reply in replies if not reply.ok]
    assert [(reply.status, reply.error) for reply in refused] == [
        (500, "Another web request is currently being processed")
    ]
    state = call.state()
    assert state["violations"] == {"rate": 0, "concurrency": 1}
    assert state["limits"]["most_at_once_by_user"] == {"DEMO": 2}


def test_documented_different_users_may_overlap(make: Maker) -> None:
    call = make(latency=(0.4, 0.4))
    start = time.monotonic()
    replies = in_threads(lambda: call("PartnerList"), lambda: call("PartnerList", user="demo2"))
    assert all(reply.ok for reply in replies)
    assert time.monotonic() - start < 0.8  # one after the other they would take longer
    assert call.state()["limits"]["most_at_once_by_user"] == {"DEMO": 1, "DEMO2": 1}


def test_a_refused_second_request_changes_nothing(make: Maker) -> None:
    call = make(latency=(0.4, 0.4))
    in_threads(
        *[
            lambda number=number: call("SalesInvoiceImport", nested("SalesInvoice", invoice(number)))
            for number in ("A", "B")
        ]
    )
    assert len(call.state()["documents"]["SalesInvoice"]) == 1


def test_the_user_is_free_again_after_a_refusal(call: Caller) -> None:
    assert not call("SalesInvoiceGet").ok
    assert call("PartnerGetByCode", attribute("partnerCode", "1")).error == "Partner not found"
    assert call.state()["violations"]["concurrency"] == 0
