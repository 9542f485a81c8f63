from __future__ import annotations

import datetime as dt
import io

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from efimport.journal.places import Place
from efimport.messages import message
from efimport.report.overview import ATTENTION, ITEMS_SHOWN, TITLES, Group, Item, Overview, Standing, Trouble
from efimport.report.overview import write_overview as write
from efimport.sources.folders import PAGE_MARK
from tests.report.test_canaries import CANARIES, LIVE

NOW = dt.datetime(2026, 11, 21, 15, 4, 5, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def item(name: str, **fields: object) -> Item:
    return Item(name=name, since=NOW, **fields)


def overview(*groups: Group, **fields: object) -> Overview:
    return Overview(
        organization=fields.pop("organization", "Acme s.r.o."),
        root="/srv/účetní",
        made_at=NOW,
        running=fields.pop("running", True),
        groups=groups,
        folders={Place.INBOX: "k odeslání", Place.APPROVE: "schváleno"},
        last_scan=NOW,
        **fields,
    )


def written(*overviews: Overview, language: str = "en") -> str:
    stream = io.StringIO()
    write(overviews, language, stream)
    return stream.getvalue()


def words(text: str) -> str:
    return " ".join(html.fromstring(text).find("body").text_content().split())


def test_the_page_begins_with_the_mark_and_renews_itself() -> None:
    text = written(overview())
    assert text.encode().startswith(PAGE_MARK)
    assert html.fromstring(text).xpath("string(//meta[@http-equiv='refresh']/@content)") == "30"


def test_the_page_says_of_when_it_is_to_the_second() -> None:
    assert "As of 2026-11-21 15:04:05." in words(written(overview()))


def test_an_empty_folder_says_where_to_drop_files() -> None:
    assert 'Nothing waits. Drop files into the folder "k odeslání".' in words(written(overview()))


def test_what_needs_a_person_stands_before_what_is_well() -> None:
    groups = [
        Group(standing=standing, total=1, items=(item(f"{standing}.xml", reason=f"Because of {standing}."),))
        for standing in Standing
    ]
    text = written(overview(*groups))
    names = html.fromstring(text).xpath("//td[@class='path']/text()")
    assert names == [f"{standing}.xml" for standing in ATTENTION]
    assert all(f"Because of {standing}." in words(text) for standing in Standing)
    assert "2026-11-21 15:04" in words(text)


def test_every_standing_has_a_title_and_a_card() -> None:
    assert set(TITLES) == set(ATTENTION) == set(Standing)
    cards = html.fromstring(written(overview(Group(standing=Standing.REVIEW, total=7)))).xpath("//div/b/text()")
    assert [int(card) for card in cards] == [7 if standing is Standing.REVIEW else 0 for standing in Standing]


def test_a_group_shows_the_first_fifty_and_counts_the_rest() -> None:
    items = tuple(item(f"faktura-{number}.xml") for number in range(100))
    text = written(overview(Group(standing=Standing.SENT, total=5000, items=items)))
    assert text.count("faktura-") == ITEMS_SHOWN
    assert f"and {5000 - ITEMS_SHOWN} more" in words(text)


def test_a_trouble_stands_at_the_top_with_its_remedy() -> None:
    trouble = Trouble(text="The share does not answer.", since=NOW, remedy="Look whether the server is on.")
    shown = words(written(overview(Group(standing=Standing.REVIEW, total=1), trouble=(trouble,))))
    assert "The share does not answer. Since 2026-11-21 15:04. Look whether the server is on." in shown
    assert shown.index("The share") < shown.index("Waiting for you")


def test_a_folder_that_nobody_looks_after_says_so() -> None:
    assert "Nobody looks after this folder." in words(written(overview(running=False)))
    assert "Nobody looks after this folder." not in words(written(overview()))


def test_files_in_review_name_the_folder_that_sends_them() -> None:
    assert 'move it into the folder "schváleno"' in words(written(overview(Group(standing=Standing.REVIEW, total=1))))


def test_several_organizations_share_the_page() -> None:
    shown = words(written(overview(), overview(organization="Beta d.o.o.", running=False)))
    assert "Acme s.r.o." in shown
    assert "Beta d.o.o." in shown
    assert shown.startswith("Watched folder not running")


def test_the_mode_is_told_in_words() -> None:
    assert "a file is sent when you have approved it" in words(written(overview()))
    assert "what has no warning is sent by itself" in words(written(overview(mode="auto")))


def test_a_link_leads_to_the_page_beside_the_file_whatever_its_name() -> None:
    page = "ke kontrole/javascript:alert(1) #1?.html"
    text = written(overview(Group(standing=Standing.REVIEW, total=1, items=(item("a.xml", page=page),))))
    assert html.fromstring(text).xpath("//a/@href") == ["./ke%20kontrole/javascript%3Aalert%281%29%20%231%3F.html"]


def test_a_name_that_the_journal_escapes_is_found_by_its_link() -> None:
    items = (item("sleva 50%25.xml", page="sleva 50%25.html"), item("%E1.xml", page="%E1.html"))
    links = html.fromstring(written(overview(Group(standing=Standing.SENT, total=2, items=items)))).xpath("//a/@href")
    assert links == ["./sleva%2050%25.html", "./%E1.html"]


def test_texts_fall_back_to_english_where_there_is_no_translation() -> None:
    text = written(overview(trouble=(Trouble(text=message("Untranslated trouble.")),)), language="cs")
    assert "Untranslated trouble." in words(text)
    assert html.fromstring(text).get("lang") == "cs"


def test_the_largest_page_stays_small() -> None:
    groups = [
        Group(standing=standing, total=9999, items=tuple(item(f"složka/{n:0150}.xml") for n in range(100)))
        for standing in Standing
    ]
    assert len(written(overview(*groups)).encode()) < 150_000
    assert len(written(overview()).encode()) < 15_000


def harmless(text: str) -> bool:
    tree = html.fromstring(text)
    links = tree.xpath("//a/@href")
    return (
        not tree.xpath("//script | //img | //@*[starts-with(name(), 'on')]")
        and all(link.startswith("./") for link in links)
        and not LIVE.search(text)
    )


def poisoned(text: str) -> Overview:
    one = Item(name=text, since=NOW, reason=text, page=text)
    return msgspec.structs.replace(
        overview(Group(standing=Standing.UNKNOWN, total=1, items=(one,)), trouble=(Trouble(text=text, remedy=text),)),
        organization=text,
        root=text,
        owner=text,
        mode=text,
        folders=dict.fromkeys(Place, text),
    )


@pytest.mark.parametrize("canary", CANARIES)
def test_a_hostile_name_does_nothing_on_the_page(canary: str) -> None:
    assert harmless(written(poisoned(canary)))


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(codec=None), min_size=1, max_size=40))
def test_no_name_at_all_acts_on_the_page(name: str) -> None:
    assert harmless(written(poisoned(name)))
