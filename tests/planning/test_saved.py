"""Plans on disk: what is sent later is exactly what was saved, or nothing."""

from __future__ import annotations

import pytest

from efimport.errors import PlanChangedError, UsageError
from efimport.planning.build import Options, build_plan
from efimport.planning.choices import Choices
from efimport.planning.saved import compare, load_plan, save_plan


def plan_of(files):
    return build_plan([files.folder / "in"], files.ACME, Options(today=files.TODAY))


@pytest.fixture
def saved(files):
    files.put({"in/a.xml": files.pack("1", "2"), "in/v.gpc": files.gpc()})
    path = files.folder / "plan.json"
    save_plan(plan_of(files), path, paths=[files.folder / "in"], choices=Choices(iban="2000145399/0800"))
    return path


def test_a_saved_plan_is_read_back(files, saved):
    loaded = load_plan(saved)
    assert (loaded.organization, loaded.choices) == ("acme", Choices(iban="2000145399/0800"))
    assert loaded.paths == (str(files.folder / "in"),)
    assert [call.key for call in loaded.calls] == [call.key for call in plan_of(files).calls]


def test_no_half_written_plan_is_left(files, saved):
    assert [path.name for path in files.folder.glob("plan*")] == ["plan.json"]


def test_the_same_inputs_pass(files, saved):
    compare(load_plan(saved), plan_of(files))


@pytest.mark.parametrize("change", ["another", "more", "fewer"])
def test_a_changed_input_is_named(files, saved, change):
    if change == "another":
        files.put({"in/a.xml": files.pack("1", "3")})
    elif change == "more":
        files.put({"in/b.xml": files.pack("9")})
    else:
        (files.folder / "in" / "a.xml").unlink()
    with pytest.raises(PlanChangedError, match=r"[ab]\.xml"):
        compare(load_plan(saved), plan_of(files))


def test_other_requests_of_the_same_inputs_are_refused(files, saved):
    other = build_plan([files.folder / "in"], files.ACME, Options(today=files.TODAY, import_type="createOrUpdate"))
    with pytest.raises(PlanChangedError, match="other requests"):
        compare(load_plan(saved), other)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema": 5}', b'{"schema": "efimport-plan/9"}'])
def test_something_else_is_no_plan(files, content):
    path = files.folder / "plan.json"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"plan\.json"):
        load_plan(path)


def test_a_plan_that_is_not_there_is_named(files):
    with pytest.raises(UsageError, match=r"absent\.json"):
        load_plan(files.folder / "absent.json")
