"""Prompts that viewers acted on:

by page, who first did, and viewers among whom others do not count.
"""

from collections.abc import Iterator

import pytest

from playhead.analytics import catalog, conversions, lookups, viewers
from playhead.analytics.conversions import FirstConversion, PromptCounts
from playhead.analytics.snapshot import Snapshot
from playhead.domain.media import PromptKind
from playhead.domain.playback import Prompt
from playhead.domain.time_range import TimeRange
from tests.analytics.world_sketches import ENDED_VIDEOS
from tests.worlds import DAY, NOW, World, viewer

FORM = PromptKind.form
CALL = PromptKind.call_to_action
TODAY = NOW - NOW % DAY
ANA, BO = (viewer(name, email=f"{name}@example.com") for name in ("ana", "bo"))
ONE = "https://a.test/"
OTHER = "https://b.test/"


@pytest.fixture
def snapshot(world: World) -> Iterator[Snapshot]:
    """Two days: Ana follows the link on one page and fills in the form on both days, Bo only sees
    both on another page.
    """
    video = world.video(prompts=[Prompt(CALL, 2, "Read on", ONE), Prompt(FORM, 4, "Ask us", None)])
    world.watch(video, "", TODAY - DAY, (0, 9), viewer=ANA, converts=[CALL, FORM], page=ONE)
    world.watch(video, "", TODAY, (0, 9), viewer=ANA, converts=[FORM], page=ONE)
    world.watch(video, "", TODAY, (0, 9), viewer=BO, page=OTHER)
    with world.server.emulator.store.snapshot() as connection:
        yield Snapshot(connection, world.account, ENDED_VIDEOS)


def test_by_day_and_page(snapshot: Snapshot) -> None:
    urls = {number: page.url for number, page in lookups.pages(snapshot).items()}
    media = [one.number for one in catalog.media(snapshot)]
    found = conversions.by_page(snapshot, None, media=media, kind=CALL)
    assert {(day - TODAY, urls[page]): count for (day, page), count in found.items()} == {
        (-DAY, ONE): PromptCounts(1, 1),
        (0, ONE): PromptCounts(1, 0),
        (0, OTHER): PromptCounts(1, 0),
    }
    today = conversions.by_page(snapshot, TimeRange(TODAY, TODAY + DAY), media=media, kind=FORM)
    assert {urls[page]: count for (_, page), count in today.items()} == {
        ONE: PromptCounts(1, 1),
        OTHER: PromptCounts(1, 0),
    }
    assert conversions.by_page(snapshot, None, media=[], kind=FORM) == {}


def test_who_first_did(snapshot: Snapshot) -> None:
    people = {
        visitor.profile.email: visitor.profile.number
        for visitor in viewers.list_page(snapshot, limit=9)
    }
    ana = people["ana@example.com"]
    found = conversions.first_conversions(snapshot, kind=FORM, viewers=people.values())
    assert found == {
        ana: FirstConversion(
            conversions.first_conversions(snapshot, kind=FORM)[ana].viewing, TODAY - DAY
        )
    }
    assert (
        conversions.first_conversions(snapshot, kind=FORM, viewers=[people["bo@example.com"]]) == {}
    )


def test_only_viewers_among_some(snapshot: Snapshot) -> None:
    ana = next(iter(conversions.first_conversions(snapshot, kind=FORM)))
    assert [
        visitor.profile.number for visitor in viewers.list_page(snapshot, numbers=[ana], limit=9)
    ] == [ana]
    assert viewers.list_page(snapshot, numbers=[ana], search="bo@", limit=9) == []
    assert viewers.list_page(snapshot, numbers=[], limit=9) == []
    assert len(viewers.list_page(snapshot, limit=9)) == 2
