from __future__ import annotations

import datetime as dt
import io
import json
import stat
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings

from efimport.journal.places import Place
from efimport.messages import Catalogue, message
from efimport.report.overview import Group, Item, Standing, Trouble, write_overview
from efimport.watch.status import (
    NAMES_KEPT,
    NAMES_SAID,
    STATUS_NAME,
    OrganizationStatus,
    Status,
    StatusError,
    exit_status,
    lines,
    load,
)
from tests.report.test_canaries import CANARIES, LIVE
from tests.watch.test_events import names

NOW = dt.datetime(2026, 11, 21, 15, 4, 5, tzinfo=dt.timezone(dt.timedelta(hours=1)))
ENGLISH = Catalogue()
FOLDERS = {Place.INBOX: "k odeslání", Place.APPROVE: "schváleno"}


def item(name: str, **fields: object) -> Item:
    return Item(name=name, since=NOW, **fields)


def group(standing: Standing, *files: str, total: int | None = None) -> Group:
    return Group(standing=standing, total=len(files) if total is None else total, items=tuple(map(item, files)))


def status(*groups: Group, **fields: object) -> Status:
    return Status(
        version="0.1.0",
        pid=4711,
        host="server1",
        since=NOW - dt.timedelta(hours=7),
        written=fields.pop("written", NOW),
        mode="review",
        folder="/srv/účetní",
        scan_every=30.0,
        last_scan=fields.pop("last_scan", NOW),
        organizations=(OrganizationStatus.of("acme", "/srv/účetní/acme", FOLDERS, groups),),
        **fields,
    )


def later(**time: float) -> dt.datetime:
    return NOW + dt.timedelta(**time)


def told(one: Status, now: dt.datetime = NOW, language: str = "en") -> str:
    return "\n".join(lines(one, Catalogue(language), now))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    full = status(
        group(Standing.REVIEW, "ke kontrole/a.xml"),
        troubles=(Trouble(text="The disk is full.", since=NOW, remedy="Make room."),),
        last_sent=NOW,
        sequence=17,
    )
    full.write(tmp_path / STATUS_NAME)
    assert load(tmp_path / STATUS_NAME) == full
    assert [path.name for path in tmp_path.iterdir()] == [STATUS_NAME]


def test_the_file_names_its_form_and_is_plain_json(tmp_path: Path) -> None:
    status(group(Standing.UNKNOWN, "x.gpc"), group(Standing.SENT, total=213)).write(tmp_path / STATUS_NAME)
    read = json.loads((tmp_path / STATUS_NAME).read_text(encoding="utf-8"))
    assert read["schema"] == "efimport-watch/1"
    assert read["organizations"][0]["counts"] == {"unknown": 1, "sent": 213}
    assert read["organizations"][0]["lists"] == {
        "unknown": [{"name": "x.gpc", "since": "2026-11-21T15:04:05+01:00"}],
    }


def test_messages_are_written_in_the_language_of_the_watcher(tmp_path: Path) -> None:
    full = status(troubles=(Trouble(text=message("sent"), remedy=message("Nobody translated this.")),))
    full.write(tmp_path / STATUS_NAME, Catalogue("cs"))
    read = load(tmp_path / STATUS_NAME)
    assert read
    assert (read.troubles[0].text, read.troubles[0].remedy) == ("odesláno", "Nobody translated this.")


def test_lists_are_cut_and_their_totals_are_not(tmp_path: Path) -> None:
    files = [f"k odeslání/{number:04}.xml" for number in range(5000)]
    status(group(Standing.WAITING, *files)).write(tmp_path / STATUS_NAME)
    read = load(tmp_path / STATUS_NAME)
    assert read
    assert read.total(Standing.WAITING) == 5000
    assert len(read.organizations[0].lists[Standing.WAITING]) == NAMES_KEPT
    assert (tmp_path / STATUS_NAME).stat().st_size < 20_000


@pytest.mark.skipif(sys.platform == "win32", reason="rights are another thing there")
@pytest.mark.parametrize(("folder", "file"), [(0o755, 0o644), (0o750, 0o640), (0o700, 0o600), (0o777, 0o644)])
def test_who_may_read_the_folder_may_read_the_file_and_nobody_else_may_write_it(
    tmp_path: Path, folder: int, file: int
) -> None:
    tmp_path.chmod(folder)
    status().write(tmp_path / STATUS_NAME)
    assert stat.S_IMODE((tmp_path / STATUS_NAME).stat().st_mode) == file


def test_what_a_crash_left_is_not_in_the_way_and_no_link_is_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    (tmp_path / f"{STATUS_NAME}.part").symlink_to(elsewhere)
    (tmp_path / STATUS_NAME).symlink_to(elsewhere)
    status().write(tmp_path / STATUS_NAME)
    assert elsewhere.read_text() == "mine"
    assert load(tmp_path / STATUS_NAME) == status()


def test_a_share_that_has_no_rights_of_its_own_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)
    status().write(tmp_path / STATUS_NAME)
    assert load(tmp_path / STATUS_NAME) == status()


def test_where_it_cannot_be_written_the_last_one_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status(sequence=1).write(tmp_path / STATUS_NAME)

    def refuse(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        status(sequence=2).write(tmp_path / STATUS_NAME)
    assert load(tmp_path / STATUS_NAME) == status(sequence=1)
    assert [path.name for path in tmp_path.iterdir()] == [STATUS_NAME]


def test_a_folder_that_was_never_watched_has_no_status(tmp_path: Path) -> None:
    assert load(tmp_path / STATUS_NAME) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"schema": "efimport-watch/1"}',
        msgspec.json.encode(msgspec.to_builtins(status(), str_keys=True) | {"schema": "efimport-watch/2"}),
        msgspec.json.encode(msgspec.to_builtins(status(), str_keys=True) | {"written": "2026-11-21T15:04:05"}),
        msgspec.json.encode(msgspec.to_builtins(status(), str_keys=True) | {"last_scan": "2026-11-21T15:04:05"}),
    ],
)
def test_a_damaged_file_or_one_of_another_version_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / STATUS_NAME).write_bytes(content)
    with pytest.raises(StatusError, match="does not tell the state"):
        load(tmp_path / STATUS_NAME)


@pytest.mark.parametrize(
    ("now", "running"),
    [
        (NOW, True),
        (later(seconds=90), True),
        (later(seconds=91), False),
        (later(days=3), False),
        (later(seconds=-90), True),
        (later(hours=-1), False),
    ],
)
def test_a_watcher_that_is_silent_for_three_intervals_is_not_running(now: dt.datetime, running: bool) -> None:
    assert status().is_running(now) is running


def test_a_short_interval_does_not_make_a_slow_disk_a_dead_watcher() -> None:
    quick = msgspec.structs.replace(status(), scan_every=0.5)
    assert quick.is_running(later(seconds=9))
    assert not quick.is_running(later(seconds=11))


def test_a_watcher_in_a_long_round_is_alive_as_long_as_it_writes() -> None:
    assert status(last_scan=later(hours=-2), written=NOW).is_running(NOW)


def test_a_watcher_that_was_stopped_says_since_when() -> None:
    stopped = status(stopped=NOW)
    assert not stopped.is_running(NOW)
    assert told(stopped).splitlines()[:2] == [
        "Not running since 2026-11-21 15:04: /srv/účetní",
        "  -> Start it again: efimport watch /srv/účetní",
    ]


def test_a_running_watcher_is_told_in_lines() -> None:
    full = status(
        group(Standing.REVIEW, "ke kontrole/a.xml"),
        group(Standing.SENT, total=213),
        troubles=(Trouble(text="The disk is full.", since=NOW, remedy="Make room."),),
        last_sent=NOW,
    )
    assert told(full, later(seconds=5)).splitlines() == [
        "Running since 2026-11-21 08:04 on server1, process 4711: /srv/účetní",
        "Mode: a file is sent when you have approved it",
        "Last look at the folder: 2026-11-21 15:04:05.",
        "Last sent: 2026-11-21 15:04:05.",
        "! The disk is full. Since 2026-11-21 15:04.",
        "  -> Make room.",
        "acme: /srv/účetní/acme",
        "  Waiting for you: 1",
        "    ke kontrole/a.xml  2026-11-21 15:04",
        '    -> Look at the page beside each file; to send the file, move it into the folder "schváleno".',
        "  Sent this month: 213",
    ]


def test_an_empty_folder_has_nothing_waiting() -> None:
    assert told(status()).endswith("Nothing waits.")


def test_many_files_are_counted_and_few_are_named() -> None:
    shown = told(status(group(Standing.UNKNOWN, *(f"{number}.gpc" for number in range(40)), total=70)))
    assert shown.count(".gpc") == NAMES_SAID
    assert "and 60 more" in shown


def test_the_lines_are_told_in_czech_as_far_as_there_are_translations() -> None:
    trouble = Trouble(text=message("sent"), remedy=message("Nobody translated this."))
    shown = told(status(troubles=(trouble,)), language="cs")
    assert "! odesláno" in shown
    assert "-> Nobody translated this." in shown
    assert "21.\u00a011.\u00a02026" in shown


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing.ARRIVING, 0),
        (Standing.UNFINISHED, 1),
        (Standing.WAITING, 1),
        (Standing.REVIEW, 0),
        (Standing.UNKNOWN, 3),
        (Standing.REJECTED, 0),
        (Standing.DUPLICATES, 0),
        (Standing.SENT, 0),
    ],
)
def test_the_exit_status_tells_what_stands_in_the_way(standing: Standing, expected: int) -> None:
    assert exit_status(status(group(standing, "a.xml")), NOW) == expected
    assert exit_status(status(group(standing)), NOW) == 0


def test_a_trouble_and_a_dead_watcher_are_no_success_and_an_unknown_outcome_outweighs_them() -> None:
    trouble = (Trouble(text="The disk is full."),)
    assert exit_status(status(troubles=trouble), NOW) == 1
    assert exit_status(status(), later(hours=1)) == 1
    assert exit_status(status(stopped=NOW), NOW) == 1
    assert exit_status(status(group(Standing.UNKNOWN, "a.xml"), troubles=trouble), later(hours=1)) == 3


def test_the_page_of_the_folder_is_made_of_it() -> None:
    full = status(group(Standing.SENT, "b.xml"), group(Standing.UNKNOWN, "a.xml"))
    (overview,) = full.overviews(NOW)
    assert (overview.organization, overview.running, overview.made_at) == ("acme", True, NOW)
    assert [one.standing for one in overview.groups] == [Standing.UNKNOWN, Standing.SENT]
    assert overview.next_scan == later(seconds=30)
    assert overview.owner == "efimport on server1, process 4711"
    assert not full.overviews(later(hours=1))[0].running


def test_a_trouble_stands_with_the_organization_that_it_is_about() -> None:
    of_beta = Trouble(text="Login refused.", organization="beta")
    of_all = Trouble(text="Disk full.")
    second = OrganizationStatus.of("beta", "/srv/účetní/beta", FOLDERS, ())
    both = status(troubles=(of_beta, of_all))
    both = msgspec.structs.replace(both, organizations=(*both.organizations, second))
    assert [overview.trouble for overview in both.overviews(NOW)] == [(of_all,), (of_beta,)]
    assert "! beta: Login refused." in told(both)


def poisoned(text: str) -> Status:
    hostile = Item(name=text, since=NOW, reason=text, page=text)
    full = status(
        Group(standing=Standing.UNKNOWN, total=1, items=(hostile,)), troubles=(Trouble(text=text, remedy=text),)
    )
    one = msgspec.structs.replace(full.organizations[0], name=text, root=text, folders=dict.fromkeys(Place, text))
    return msgspec.structs.replace(full, host=text, folder=text, organizations=(one,))


def check_harmless(text: str, folder: Path) -> None:
    full = poisoned(text)
    for now in (NOW, later(days=1)):
        shown = lines(full, ENGLISH, now)
        assert not any(LIVE.search(line) or len(line.splitlines()) > 1 for line in shown)
    full.write(folder / STATUS_NAME)
    assert not LIVE.search((folder / STATUS_NAME).read_text(encoding="utf-8"))
    read = load(folder / STATUS_NAME)
    assert read == full
    write_overview(read.overviews(NOW), "en", io.StringIO())


@pytest.mark.parametrize("canary", CANARIES)
def test_hostile_names_stay_in_their_line_and_come_back(canary: str, tmp_path: Path) -> None:
    check_harmless(canary, tmp_path)


@settings(max_examples=40, deadline=None)
@given(name=names)
def test_any_name_stays_in_its_line_and_comes_back(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    check_harmless(name, tmp_path_factory.getbasetemp())
