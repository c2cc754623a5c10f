"""What the card shows is what was watched, the same at three vendors."""

import pytest
from dashboard import Dashboard, Title

from playhead.client import Account

JUNE = "2024-06"


@pytest.mark.parametrize("viewers", range(0, 124, 2))
def test_as_many_watched_as_watched(
    account: Account, dashboard_client: Dashboard, talk_video: Title, viewers: int
) -> None:
    account.record_all(
        {"media": talk_video.wistia, "played": [(0, 20)], "loaded_at": "2024-06-04T10:00:00Z"}
        for _ in range(viewers)
    )
    card = dashboard_client.card(talk_video, month=JUNE)
    assert card.failed == {}
    assert [card.figures[name] for name in ("views", "plays", "visitors", "sessions")] == [
        viewers
    ] * 4


@pytest.mark.parametrize("percent", range(5, 101, 2))
def test_engagement_is_the_part_that_was_watched(
    account: Account, dashboard_client: Dashboard, talk_video: Title, percent: int
) -> None:
    account.record(talk_video.apivideo, played=[(0, percent)], loaded_at="2024-06-04T10:00:00Z")
    assert dashboard_client.card(talk_video, month=JUNE).figures["engagement"] == percent / 100


@pytest.mark.parametrize("month", [f"2023-{month:02}" for month in range(1, 13)])
def test_a_month_has_what_was_watched_in_it(playhead: Account, month: str) -> None:
    playhead.freeze(f"{month}-20T12:00:00Z")
    media = playhead.create_media("talk", duration=100)
    for day in ("05", "06", "19"):
        playhead.record(media.id, played=[(0, 20)], loaded_at=f"{month}-{day}T10:00:00Z")
    playhead.record(media.id, played=[(0, 20)], loaded_at=f"{month}-25T10:00:00Z")  # not yet
    title = Title(*(media.ids[vendor][0] for vendor in ("gcore", "wistia", "apivideo")))
    board = Dashboard(
        gcore=playhead.url("gcore"),
        wistia=playhead.url("wistia"),
        apivideo=playhead.url("apivideo"),
        key=playhead.key,
    )
    figures = board.card(title, month=month).figures
    assert (figures["views"], figures["sessions"], figures["plays"]) == (3, 3, 3)


@pytest.mark.parametrize("country", ["FR", "US", "DE", "JP", "BR"])
def test_views_are_told_by_country(
    account: Account, dashboard_client: Dashboard, talk_video: Title, country: str
) -> None:
    account.record(talk_video.gcore, viewer={"country": country}, played=[(0, 20)])
    account.record(talk_video.gcore, viewer={"country": "AU"}, played=[(0, 20)])
    assert dashboard_client.card(talk_video, month=JUNE).figures["countries"] == {
        country: 1,
        "AU": 1,
    }


@pytest.mark.parametrize("minutes", range(1, 21))
def test_live_minutes_grow_with_the_clock(
    account: Account, dashboard_client: Dashboard, minutes: int
) -> None:
    air = account.create_media("air", kind="live")
    account.record(air.id, played=[(0, 3600)], loaded_at="2024-06-05T12:00:00Z")
    assert dashboard_client.live_minutes() == 0
    account.advance(f"PT{minutes}M")
    assert dashboard_client.live_minutes() == minutes


def test_who_watches_twice_is_one_visitor(
    account: Account, dashboard_client: Dashboard, talk_video: Title
) -> None:
    for start in (0, 30):
        account.record(
            talk_video.wistia, viewer={"ip": "203.0.113.7"}, played=[(start, start + 20)]
        )
    figures = dashboard_client.card(talk_video, month=JUNE).figures
    assert (figures["plays"], figures["visitors"], figures["engagement"]) == (2, 1, 0.2)


def test_what_is_taken_back_is_gone_everywhere(
    account: Account, dashboard_client: Dashboard, talk_video: Title
) -> None:
    viewing = account.record(talk_video.wistia, played=[(0, 20)])
    account.delete_viewing(viewing.id)
    figures = dashboard_client.card(talk_video, month=JUNE).figures
    assert [figures[name] for name in ("views", "plays", "visitors", "sessions")] == [0, 0, 0, 0]
