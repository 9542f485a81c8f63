from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest


def test_the_demo_sends_the_samples_keeps_the_pace_and_leaves_a_report(
    clerk: Any, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = clerk.folder / "few"
    shutil.copytree(samples / "received", few)
    monkeypatch.setattr("efimport.mappings.data_folder", lambda _name: few)
    done = clerk.run("demo", "--report", "shown.html")
    assert done.status == 0
    assert "The sandbox saw 0 breaches of the pace and 0 of the one request a user." in done.err
    assert done.out.splitlines()[-1] == f"Report: {clerk.folder / 'shown.html'}"
    assert "Energie pro všechny" in (clerk.folder / "shown.html").read_text(encoding="utf-8")
    # A trial of its own: it leaves nothing in the journal of the user.
    assert clerk.run("journal", "list").out == ""


def test_a_report_of_an_unknown_kind_is_told_before_the_work(clerk: Any) -> None:
    done = clerk.run("demo", "--report", "report.pdf")
    assert done.status == 2
    assert "an ending that is not known" in done.err
