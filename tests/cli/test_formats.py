from __future__ import annotations

from typing import Any

from efimport import __version__
from efimport.formats.registry import formats


def test_every_format_is_listed_with_the_package_that_reads_it(clerk: Any) -> None:
    done = clerk.run("formats")
    assert done.status == 0
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines] == [entry.name for entry in formats()]
    assert all(line.endswith(f"efimport {__version__}") for line in lines[:5])
    assert "ABO/GPC" in done.out


def test_settings_that_are_broken_do_not_hide_the_formats(clerk: Any) -> None:
    clerk.write("efimport.toml", "nonsense")
    assert clerk.run("formats").status == 0
