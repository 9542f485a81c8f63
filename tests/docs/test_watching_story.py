"""The README's story of the watched folder happens again, line by line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import efimport_docs_pages as pages
import pytest

SAMPLES = pages.ROOT / "samples"
QUICK = "[watch]\nsettle_time = 0.3\npair_time = 0.3\nscan_every = 0.3\n"
EVENT = re.compile(r"^\d{4}-\d\d-\d\dT\S+  (?P<said>.*)$")


def events(lines: list[str]) -> list[str]:
    """What the lines say, without the times and the place of the folder."""
    found = [match["said"] for line in lines if (match := EVENT.match(line))]
    return [re.sub(r"^(started +)\S+$", r"\1share", said) for said in found]


@pytest.fixture
def watcher(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    (tmp_path / "share").mkdir()
    (tmp_path / "efimport.toml").write_text(QUICK, encoding="utf-8")
    places = {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("DATA", "STATE", "CONFIG", "CACHE")}
    environment = os.environ | places | {"HOME": str(tmp_path), "PYTHONPATH": str(pages.ROOT), "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "efimport", "watch", "share", "--mode", "auto", "--to", "sandbox"]
    running = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
    yield running
    running.kill()
    running.communicate()


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_story_of_the_readme_happens_again(watcher: subprocess.Popen[str], tmp_path: Path) -> None:
    share = tmp_path / "share"
    wait_until((share / "inbox" / ".efimport-inbox").exists)
    shutil.copy(SAMPLES / "invoices" / "issued-invoices.xml", share / "inbox" / "issued-invoices.xml")
    shutil.copy(SAMPLES / "invoices" / "issued-invoices.xml", share / "inbox" / "copy.xml")
    shutil.copy(SAMPLES / "tables" / "invoices-wrong-cell.csv", share / "inbox")
    shutil.copy(SAMPLES / "invoices" / "wrong-total.xml", share / "inbox")
    note = (SAMPLES / "invoices" / "credit-note.xml").read_bytes()
    for start in range(0, len(note), 600):
        with (share / "inbox" / "credit-note.xml").open("ab") as stream:
            stream.write(note[start : start + 600])
        time.sleep(0.2)
    wait_until((share / "review" / "wrong-total.xml").exists)
    wait_until(lambda: len(list(share.glob("*/*/*.html"))) == 4)
    (share / "review" / "wrong-total.xml").rename(share / "approve" / "wrong-total.xml")
    wait_until(lambda: len(list(share.glob("*/*/*.html"))) == 5)
    watcher.terminate()
    out, _ = watcher.communicate(timeout=20)
    assert watcher.returncode == 0
    told = events([line for block in pages.blocks(pages.ROOT / "README.md") for line in block.text.splitlines()])
    assert len(told) >= 8
    assert sorted(told) == sorted(event for event in events(out.splitlines()) if not event.startswith("stopped"))
