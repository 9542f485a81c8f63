from __future__ import annotations

import io
import os
import struct
import sys
import tempfile
import unicodedata
import zipfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.findings import Finding
from efimport.formats.registry import expand
from efimport.sources import LIMITS, Limits, Source, find_sources, is_left_out, open_archive
from efimport.sources.source import MAPPED_FROM

SMALL = Limits(archive_bytes=4 * 1024 * 1024, archive_entries=5)
MIB = 1024 * 1024


def packed(entries, *, method=zipfile.ZIP_DEFLATED, path="davka.zip"):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return Source(path, stream.getvalue())


def shown(found, start=""):
    """Code of a finding, else the path of the source."""
    return [one.code if isinstance(one, Finding) else one.path.removeprefix(str(start) + os.sep) for one in found]


def codes_of(found):
    return [one.code for one in found if isinstance(one, Finding)]


# Files and folders


def test_a_folder_is_walked_in_sorted_order(tmp_path):
    for name in ("b.xml", "a/2.xml", "a/1.xml", "c.xml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert shown(find_sources([tmp_path]), tmp_path) == ["a/1.xml", "a/2.xml", "b.xml", "c.xml"]


LITTER = [
    ".skryty", "~$vykaz.xlsx", "stahuje.gpc.part", "a.tmp", "a.crdownload", "a.xml~", "Thumbs.db", "desktop.ini",
    "__MACOSX", ".DS_Store", "._a.xml",
]  # fmt: skip


@pytest.mark.parametrize("name", LITTER)
def test_hidden_and_temporary_files_of_a_folder_are_left_out(tmp_path, name):
    (tmp_path / name).write_text("x")
    assert is_left_out(name)
    assert shown(find_sources([tmp_path])) == []


@pytest.mark.parametrize("name", [".skryty.xml", "a.part"])
def test_a_file_that_is_named_is_taken_whatever_its_name_is(tmp_path, name):
    (tmp_path / name).write_text("x")
    assert shown(find_sources([tmp_path / name]), tmp_path) == [name]


def test_the_same_path_named_twice_is_taken_once(tmp_path):
    (tmp_path / "a.xml").write_text("x")
    (tmp_path / "b").mkdir()
    twice = [tmp_path, tmp_path / "a.xml", tmp_path / "b" / ".." / "a.xml", str(tmp_path)]
    assert shown(find_sources(twice), tmp_path) == ["a.xml"]


def test_two_hard_links_are_two_files(tmp_path):
    (tmp_path / "a.xml").write_text("x")
    os.link(tmp_path / "a.xml", tmp_path / "b.xml")
    assert shown(find_sources([tmp_path]), tmp_path) == ["a.xml", "b.xml"]


def test_a_link_to_a_file_is_read(tmp_path):
    (tmp_path / "a.xml").write_text("x")
    (tmp_path / "b.xml").symlink_to(tmp_path / "a.xml")
    assert shown(find_sources([tmp_path]), tmp_path) == ["a.xml", "b.xml"]


def test_a_link_to_a_folder_is_not_followed_and_that_is_said(tmp_path):
    (tmp_path / "a.xml").write_text("x")
    (tmp_path / "kruh").symlink_to(tmp_path)
    assert shown(find_sources([tmp_path]), tmp_path) == ["a.xml", "source.link-to-folder"]


def test_a_link_to_a_folder_that_is_named_is_followed(tmp_path):
    (tmp_path / "slozka").mkdir()
    (tmp_path / "slozka" / "a.xml").write_text("x")
    (tmp_path / "odkaz").symlink_to(tmp_path / "slozka")
    assert shown(find_sources([tmp_path / "odkaz"]), tmp_path) == ["odkaz/a.xml"]


@pytest.mark.parametrize("name", ["absent.xml", "a\0b.xml"])
def test_a_file_that_is_not_there_is_a_finding(tmp_path, name):
    assert shown(find_sources([tmp_path / name])) == ["source.not-found"]


def test_a_broken_link_is_a_finding(tmp_path):
    (tmp_path / "a.xml").symlink_to(tmp_path / "absent")
    assert shown(find_sources([tmp_path])) == ["source.not-found"]


def test_an_empty_file_is_a_finding(tmp_path):
    (tmp_path / "a.xml").touch()
    assert shown(find_sources([tmp_path])) == ["source.empty"]


def test_a_file_above_the_limit_is_a_finding(tmp_path):
    (tmp_path / "a.xml").write_bytes(b"12345")
    assert shown(find_sources([tmp_path], limits=Limits(file_bytes=4))) == ["source.too-large"]
    assert codes_of(find_sources([tmp_path], limits=Limits(file_bytes=5))) == []


def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "roura")
    assert shown(find_sources([tmp_path])) == ["source.not-a-file"]


def test_a_source_in_memory_is_passed_on():
    source = Source("a.xml", b"x")
    assert list(find_sources([source])) == [source]


def test_a_source_in_memory_without_bytes_is_empty():
    assert shown(find_sources([Source("a.xml", b"")])) == ["source.empty"]


@pytest.fixture
def ordinary():
    """A folder of a user who may not read everything, unlike the one who runs tests in a container."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        before = os.geteuid()
        if before == 0:
            os.seteuid(65534)
        yield folder
        os.seteuid(before)
        for path in (folder, *folder.iterdir()):
            path.chmod(0o777)


@pytest.mark.parametrize("mode", [0o000, 0o400, 0o300])
def test_a_folder_without_rights_is_a_finding_and_the_rest_is_read(ordinary, mode):
    (ordinary / "a").mkdir()
    (ordinary / "a" / "1.xml").write_text("x")
    (ordinary / "a").chmod(mode)
    (ordinary / "b.xml").write_text("x")
    assert shown(find_sources([ordinary]), ordinary) == ["source.unreadable", "b.xml"]


def test_a_file_without_rights_is_a_finding(ordinary):
    (ordinary / "a.xml").write_text("x")
    (ordinary / "a.xml").chmod(0)
    assert shown(find_sources([ordinary])) == ["source.unreadable"]


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux alone")
def test_a_name_that_is_no_utf_8_can_be_shown_and_read(tmp_path):
    (tmp_path / os.fsdecode(b"p\xf8ijat\xe1.xml")).write_bytes(b"<a/>")
    (source,) = find_sources([tmp_path])
    assert source.name == "p%F8ijat%E1.xml"
    assert msgspec.json.encode(source.path)
    assert source.read() == b"<a/>"


# One source


@pytest.mark.parametrize("size", [10, MAPPED_FROM + 10])
def test_a_source_gives_the_same_bytes_each_way(tmp_path, size):
    content = bytes(range(256)) * (size // 256 + 1)
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    source = Source(str(path), file=path)
    with source.open() as stream:
        assert stream.read() == content
    assert source.read() == content
    assert bytes(source.buffer()[:100]) == source.head[:100] == content[:100]
    source.release()
    assert source.read() == content
    assert source.size == len(content)
    source.release()


def test_bytes_in_memory_stay_after_release():
    source = Source("a", b"x")
    source.release()
    assert source.read() == b"x"


def test_a_mapping_that_is_still_used_is_kept(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * MAPPED_FROM)
    source = Source(str(path), file=path)
    view = memoryview(source.buffer())
    source.release()
    assert view[0] == ord("x")
    view.release()
    source.release()


@pytest.mark.parametrize(
    ("path", "name", "suffix"),
    [
        ("a/b.XML", "b.XML", ".xml"),
        ("a.zip!c/d.isdoc", "d.isdoc", ".isdoc"),
        ("C:\\a\\b.gpc", "b.gpc", ".gpc"),
        ("a", "a", ""),
    ],
)
def test_name_and_ending_of_a_source(path, name, suffix):
    assert (Source(path, b"x").name, Source(path, b"x").suffix) == (name, suffix)


def test_a_file_that_is_written_to_has_changed(tmp_path):
    path = tmp_path / "a.gpc"
    path.write_bytes(b"074")
    source = Source(str(path), file=path)
    source.read()
    assert not source.has_changed()
    path.write_bytes(b"074075")
    assert source.has_changed()
    path.unlink()
    assert source.has_changed()


def test_bytes_in_memory_never_change():
    assert not Source("a", b"x").has_changed()


# Archives


def test_the_entries_of_an_archive_are_sources_named_after_it():
    found = list(open_archive(packed([("b/c.xml", b"2"), ("a.xml", b"1")])))
    assert [(one.path, one.read(), one.depth) for one in found] == [
        ("davka.zip!a.xml", b"1", 1),
        ("davka.zip!b/c.xml", b"2", 1),
    ]


def test_entries_of_one_name_are_all_kept():
    with pytest.warns(UserWarning, match="Duplicate"):
        source = packed([("a.xml", b"1"), ("a.xml", b"2")])
    assert [(one.path, one.read()) for one in open_archive(source)] == [
        ("davka.zip!a.xml", b"1"),
        ("davka.zip!a.xml#2", b"2"),
    ]


def test_hidden_entries_are_left_out():
    source = packed([("__MACOSX/._a.xml", b"1"), (".git/config", b"1"), ("a.xml", b"1")])
    assert shown(open_archive(source)) == ["davka.zip!a.xml"]


@pytest.mark.parametrize("entries", [[], [("slozka/", b"")], [(".DS_Store", b"x")]])
def test_an_archive_without_files_is_a_finding(entries):
    assert shown(open_archive(packed(entries))) == ["archive.empty"]


def test_an_empty_entry_is_a_finding_and_the_rest_is_read():
    found = list(open_archive(packed([("a.xml", b""), ("b.xml", b"1")])))
    assert shown(found) == ["source.empty", "davka.zip!b.xml"]
    assert found[0].location.path == "davka.zip!a.xml"


@pytest.mark.parametrize("name", ["../a.xml", "a/../../b.xml", "/etc/passwd", "C:\\a.xml", "..\\a.xml"])
def test_a_name_that_leads_out_of_the_archive_refuses_it(name):
    assert shown(open_archive(packed([("ok.xml", b"1"), (name, b"1")]))) == ["archive.unsafe-name"]


@pytest.mark.parametrize("name", ["a..b.xml", "x..xml/a.xml"])
def test_dots_inside_a_name_are_harmless(name):
    assert codes_of(open_archive(packed([(name, b"1")]))) == []


def test_too_many_entries_refuse_the_archive():
    entries = [(f"{number}.xml", b"1") for number in range(6)]
    assert shown(open_archive(packed(entries), limits=SMALL)) == ["archive.too-many-entries"]
    assert codes_of(open_archive(packed(entries[:5]), limits=SMALL)) == []


def test_a_directory_of_very_many_entries_is_not_even_read():
    entries = [(f"{'x' * 200}{number}.xml", b"") for number in range(200)]
    (found,) = open_archive(packed(entries), limits=Limits(archive_entries=10))
    assert found.code == "archive.too-many-entries"
    assert "200 entries" in found.message


@pytest.mark.parametrize("count", [0xFFFF, 1])
def test_the_length_of_a_directory_counts_not_the_number_it_states(count):
    content = bytearray(packed([(f"{'x' * 200}{number}", b"") for number in range(200)]).read())
    struct.pack_into("<HH", content, len(content) - 14, count, count)
    assert shown(open_archive(Source("a.zip", bytes(content)), limits=Limits(archive_entries=10))) == [
        "archive.too-many-entries"
    ]


def test_an_archive_that_unpacks_to_too_much_is_refused():
    entries = [(f"{number}.bin", os.urandom(MIB)) for number in range(5)]
    assert shown(open_archive(packed(entries), limits=SMALL)) == ["archive.too-large"]


def test_a_bomb_is_refused_before_it_is_unpacked():
    source = packed([("a.xml", b"\0" * (3 * MIB))])
    assert shown(open_archive(source)) == ["archive.bomb"]


def test_a_small_entry_may_be_packed_well():
    assert codes_of(open_archive(packed([("a.xml", b" " * MIB)]))) == []


def test_an_encrypted_entry_refuses_the_archive():
    content = bytearray(packed([("a.xml", b"1")]).read())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert shown(open_archive(Source("a.zip", bytes(content)))) == ["archive.encrypted"]


def test_archives_inside_archives_share_one_budget():
    inner = packed([("a.bin", os.urandom(MIB // 2) + b" " * MIB)]).read()
    limits = Limits(archive_bytes=4 * MIB)
    few, many = ([(f"{number}.zip", inner) for number in range(count)] for count in (2, 4))
    assert codes_of(expand([packed(few)], limits)) == []
    assert codes_of(expand([packed(many)], limits)) == ["archive.too-large"] * 2


def test_an_archive_too_deep_is_refused():
    content = packed([("a.xml", b"1")]).read()
    for _ in range(LIMITS.archive_depth):
        content = packed([("a.zip", content)]).read()
    found = list(expand([Source("a.zip", content)]))
    assert codes_of(found) == ["archive.too-deep"]
    assert found[-1].location.path == "a.zip!a.zip!a.zip"


def test_a_directory_that_states_too_little_does_not_give_half_an_entry():
    content = bytearray(packed([("a.xml", b"x" * 1000)]).read())
    directory = content.index(b"PK\x01\x02")
    struct.pack_into("<I", content, directory + 24, 100)
    assert shown(open_archive(Source("a.zip", bytes(content)))) == ["archive.damaged"]


def test_a_directory_that_states_too_much_does_not_pass():
    content = bytearray(packed([("a.xml", b"x" * 1000)]).read())
    directory = content.index(b"PK\x01\x02")
    struct.pack_into("<I", content, directory + 24, 2000)
    assert shown(open_archive(Source("a.zip", bytes(content)))) == ["archive.damaged"]


def test_a_damaged_entry_is_a_finding_and_the_rest_is_read():
    content = bytearray(packed([("a.xml", b"1" * 50), ("b.xml", b"2" * 50)], method=zipfile.ZIP_STORED).read())
    content[content.index(b"1" * 50)] = ord("9")
    assert shown(open_archive(Source("a.zip", bytes(content)))) == ["archive.damaged", "a.zip!b.xml"]


def test_compression_that_allocates_what_the_file_wants_is_not_unpacked():
    assert shown(open_archive(packed([("a.xml", b"1")], method=zipfile.ZIP_LZMA))) == ["archive.damaged"]


def test_something_else_is_no_archive():
    assert shown(open_archive(Source("a.zip", b"PK\x03\x04 no archive"))) == ["archive.damaged"]


def test_a_name_in_the_code_page_of_windows_is_read():
    name = "přijatá.xml"
    content = packed([("p-ijat-.xml", b"1")]).read().replace(b"p-ijat-.xml", name.encode("cp852"))
    assert shown(open_archive(Source("a.zip", content))) == [f"a.zip!{name}"]


def test_a_name_in_utf_8_without_its_mark_is_read():
    name = unicodedata.normalize("NFC", "přijatá.xml")
    content = packed([("p--ijat--.xml", b"1")]).read().replace(b"p--ijat--.xml", name.encode())
    assert shown(open_archive(Source("a.zip", content))) == [f"a.zip!{name}"]


def test_a_large_archive_is_closed_after_use(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(packed([("a.bin", os.urandom(MAPPED_FROM))], method=zipfile.ZIP_STORED).read())
    assert codes_of(open_archive(Source(str(path), file=path))) == []


WHOLE = packed([("a.xml", b"<a/>" * 30), ("b/c.xml", b"<b/>" * 30)]).read()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_of_an_archive_raises(data):
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    for found in expand([Source("a.zip", bytes(content)), Source("b.zip", bytes(content[:cut]))]):
        assert isinstance(found, Finding | Source)
