"""Prompts that viewers acted on: by page, who first did, and viewers among whom others do not count."""

from collections.abc import Iterator

import pytest

from playhead.stats import conversions, library, traits, viewers
from playhead.stats.conversions import Count, First
from playhead.stats.reading import Reading, Window
from playhead.world.terms import PromptKind
from playhead.world.viewing import Prompt
from tests.stats.sketches import FINISHED_VIDEOS
from tests.worlds import DAY, NOW, World, viewer

FORM, CALL = PromptKind.form, PromptKind.call_to_action
TODAY = NOW - NOW % DAY
ANA, BO = (viewer(name, email=f"{name}@example.com") for name in ("ana", "bo"))
ONE, OTHER = "https://a.test/", "https://b.test/"


@pytest.fixture
def reading(world: World) -> Iterator[Reading]:
    """Two days: Ana follows the link on one page and fills in the form on both days, Bo only sees both on another page."""
    video = world.video(prompts=[Prompt(CALL, 2, "Read on", ONE), Prompt(FORM, 4, "Ask us", None)])
    world.watch(video, "", TODAY - DAY, (0, 9), viewer=ANA, converts=[CALL, FORM], page=ONE)
    world.watch(video, "", TODAY, (0, 9), viewer=ANA, converts=[FORM], page=ONE)
    world.watch(video, "", TODAY, (0, 9), viewer=BO, page=OTHER)
    with world.server.emulator.store.snapshot() as connection:
        yield Reading(connection, world.account, FINISHED_VIDEOS)


def test_by_day_and_page(reading: Reading) -> None:
    urls = {number: page.url for number, page in traits.pages(reading).items()}
    media = [one.number for one in library.media(reading)]
    found = conversions.by_page(reading, None, media=media, kind=CALL)
    assert {(day - TODAY, urls[page]): count for (day, page), count in found.items()} == {
        (-DAY, ONE): Count(1, 1),
        (0, ONE): Count(1, 0),
        (0, OTHER): Count(1, 0),
    }
    today = conversions.by_page(reading, Window(TODAY, TODAY + DAY), media=media, kind=FORM)
    assert {urls[page]: count for (_, page), count in today.items()} == {ONE: Count(1, 1), OTHER: Count(1, 0)}
    assert conversions.by_page(reading, None, media=[], kind=FORM) == {}


def test_who_first_did(reading: Reading) -> None:
    people = {visitor.person.email: visitor.person.number for visitor in viewers.page(reading, limit=9)}
    ana = people["ana@example.com"]
    found = conversions.firsts(reading, kind=FORM, viewers=people.values())
    assert found == {ana: First(conversions.firsts(reading, kind=FORM)[ana].viewing, TODAY - DAY)}
    assert conversions.firsts(reading, kind=FORM, viewers=[people["bo@example.com"]]) == {}


def test_only_viewers_among_some(reading: Reading) -> None:
    ana = next(iter(conversions.firsts(reading, kind=FORM)))
    assert [visitor.person.number for visitor in viewers.page(reading, among=[ana], limit=9)] == [ana]
    assert viewers.page(reading, among=[ana], search="bo@", limit=9) == []
    assert viewers.page(reading, among=[], limit=9) == []
    assert len(viewers.page(reading, limit=9)) == 2
