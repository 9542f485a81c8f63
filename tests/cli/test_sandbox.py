from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from efimport.settings import load_settings


@pytest.fixture
def started(clerk: Any) -> Iterator[Any]:
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: object) -> tuple[subprocess.Popen[str], str]:
        command = [sys.executable, "-m", "efimport", "sandbox", *map(str, arguments)]
        running.append(
            subprocess.Popen(
                command, cwd=clerk.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
            )
        )
        assert running[-1].stdout is not None
        return running[-1], running[-1].stdout.readline().strip()

    yield start
    for process in running:
        process.kill()
        process.communicate()


def settings_of(process: subprocess.Popen[str]) -> str:
    """The settings that it prints behind its endpoint; they end with the quiet time."""
    lines: list[str] = []
    assert process.stdout is not None
    while not (lines and lines[-1].startswith("quiet_time")):
        lines.append(process.stdout.readline())
    return "".join(lines)


def test_it_says_where_it_is_and_which_settings_fit_and_ends_with_ctrl_c(clerk: Any, started: Any) -> None:
    process, endpoint = started("--site", "SI", "--account", "SI56051008000012311")
    url = endpoint.removesuffix("/WebServicesSI/API")
    assert url.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(url + "/_sandbox/state", timeout=10) as answer:
        assert json.load(answer)["site"] == "SI"
    clerk.write("efimport.toml", settings_of(process))
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")
    organization = load_settings(clerk.folder / "efimport.toml").organization()
    assert organization is not None
    assert organization.endpoint == endpoint
    assert organization.bank_accounts == ("SI56051008000012311",)


def test_it_plays_several_organizations_with_several_users_and_ends_with_sigterm(clerk: Any, started: Any) -> None:
    process, endpoint = started("--organizations", 2, "--users", 3)
    clerk.write("efimport.toml", settings_of(process))
    settings = load_settings(clerk.folder / "efimport.toml")
    for name in ("sandbox", "sandbox2"):
        assert [user.username for user in settings.organization(name).users] == ["demo", "demo2", "demo3"]
        done = clerk.run("--organization", name, "call", "PartnerList")
        assert (done.status, done.err) == (0, "")
    with urllib.request.urlopen(endpoint.partition("/Web")[0] + "/_sandbox/state", timeout=10) as answer:
        state = json.load(answer)
    assert {name: one["requests"]["total"] for name, one in state["organizations"].items()} == {
        "sandbox": 1,
        "sandbox2": 1,
    }
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")


def test_it_keeps_its_state_in_a_file(clerk: Any, started: Any) -> None:
    for count in (1, 2):
        process, endpoint = started("--state", "state.json", "--any-account", "--latency", 0, 0.01)
        clerk.write("efimport.toml", settings_of(process))
        clerk.invoice(number=f"26000000{count}")
        assert clerk.run("import", "invoice.xml").status == 0
        with urllib.request.urlopen(endpoint.partition("/Web")[0] + "/_sandbox/state", timeout=10) as answer:
            assert len(json.load(answer)["documents"]["SalesInvoice"]) == count
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def test_a_port_that_is_taken_is_told_with_the_remedy(clerk: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = clerk.run("sandbox", "--port", port)
    assert done.status == 2
    assert f"The port {port} cannot be used" in done.err
    assert "take a free one" in done.err


WRONG = {
    ("--port", "70000"): "70000",
    ("--site", "XX"): "XX",
    ("--latency", "-1", "2"): "-1",
    ("--organizations", "0"): "0",
    ("--users", "100"): "100",
    ("--state", "state.json"): "is not the state of a sandbox",
    ("--state", "folder"): "folder",
}


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_what_makes_no_sense_is_told(clerk: Any, arguments: tuple[str, ...]) -> None:
    clerk.write("state.json", "something else")
    (clerk.folder / "folder").mkdir()
    done = clerk.run("sandbox", *arguments)
    assert done.status == 2
    assert WRONG[arguments] in done.err
    assert "Traceback" not in done.err
