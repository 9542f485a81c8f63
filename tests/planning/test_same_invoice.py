from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from efimport.planning.build import build_plan
from efimport.sources import Source

UUID = b"0F4C31A2-5B6D-4E7F-8091-A2B3C4D5E6F7"
MARK = b"\xef\xbb\xbf"


@pytest.fixture(scope="module")
def build():
    path = Path(__file__).parent.parent / "formats" / "isdoc" / "documents.py"
    specification = importlib.util.spec_from_file_location("documents", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.build


def noted(*contents):
    plan = build_plan([Source(f"{place}.isdoc", content) for place, content in enumerate(contents)], None)
    findings = [one for source in plan.sources for document in source.documents for one in document.findings]
    return [str(one.location.path) for one in findings if one.code == "routing.same-uuid"]


def test_a_received_invoice_in_two_files_is_noticed_whatever_the_case_of_its_uuid(build):
    assert noted(build(), MARK + build().replace(UUID, UUID.lower())) == ["1.isdoc"]


@pytest.mark.parametrize("uuid", [b"1F4C31A2-5B6D-4E7F-8091-A2B3C4D5E6F7", b""])
def test_another_uuid_is_another_invoice(build, uuid):
    assert noted(build(), MARK + build().replace(UUID, uuid)) == []


def test_a_uuid_of_zeros_identifies_nothing(build):
    empty = build().replace(UUID, b"00000000-0000-0000-0000-000000000000")
    assert noted(empty, MARK + empty) == []
