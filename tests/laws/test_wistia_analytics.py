"""Laws of Wistia's analytics (contracts/wistia.md §7.3) on random worlds and on the demo: what adds up, what bounds what, and where the statistics agree."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from pytest import approx

from tests.laws.conftest import Hear
from tests.laws.hearing import EVER, Heard, Video, day_of, same_worlds
from tests.stats.sketches import FINISHED_VIDEOS, LIBRARY, WORLDS, Sketch

pytestmark = [
    pytest.mark.laws,
    pytest.mark.covers(
        "wistia.analytics_account",
        "wistia.analytics_account_embed_locations",
        "wistia.analytics_account_timeseries",
        "wistia.analytics_account_top_content",
        "wistia.analytics_media",
        "wistia.analytics_media_conversions",
        "wistia.analytics_media_embed_locations",
        "wistia.analytics_media_embed_locations_timeseries",
        "wistia.analytics_media_languages",
        "wistia.analytics_media_timeseries",
        "wistia.analytics_media_traffic",
    ),
]

Law = Callable[[Heard], None]
DATES = {"start_date": day_of(EVER.start), "end_date": day_of(EVER.end)}
ADDED = ("plays", "played_time", "form_conversions")
CALLS = ("cta_impressions", "cta_conversions")
GROUPS = ("utm_campaign", "utm_source", "utm_medium", "referrer_domain", "viewer_screen_size")


def told(heard: Heard, path: str, **parameters: Any) -> Any:
    """What analytics say of all days in which anything happens."""
    return heard.ask("wistia", f"/modern/analytics/{path}", **{**DATES, **parameters})


def of(video: Video) -> str:
    return f"medias/{video.wistia}"


def places(heard: Heard) -> list[str]:
    """The account and every media."""
    return ["account", *(of(video) for video in heard.videos)]


def law_every_figure_is_bounded_by_another(heard: Heard) -> None:
    """Players ≤ plays and ≤ visitors; clicks ≤ impressions; every rate is 0 to 1."""
    for place in places(heard):
        for row in (told(heard, place), *told(heard, f"{place}/timeseries", granularity="weekly")):
            assert 0 <= row["unique_plays"] <= min(row["plays"], row["unique_loads"])
            assert row["unique_loads"] == row["unique_visitors"]
            assert row.get("cta_conversions", 0) <= row.get("cta_impressions", 0)
            assert all(0 <= value <= 1 for name, value in row.items() if name.endswith("_rate"))
            assert (row["plays"] > 0) == (row["play_rate"] > 0) == (row["engagement_rate"] > 0) == (row["unique_plays"] > 0)


def law_intervals_add_up_to_the_whole(heard: Heard) -> None:
    """Plays, time, forms and clicks of days, weeks and months are those of the whole; viewers of longer intervals are at most the sum of the shorter."""
    for place in places(heard):
        whole = told(heard, place)
        series = [told(heard, f"{place}/timeseries", granularity=width) for width in ("daily", "weekly", "monthly")]
        for rows in series:
            assert [row["timestamp"] for row in rows] == sorted({row["timestamp"] for row in rows})
            assert {name: sum(row[name] for row in rows) for name in (*ADDED, *CALLS) if name in whole} == {
                name: whole[name] for name in (*ADDED, *CALLS) if name in whole
            }
        viewers = [sum(row["unique_loads"] for row in rows) for rows in (*series, [whole])]
        assert viewers == sorted(viewers, reverse=True)


def law_the_account_is_its_media(heard: Heard) -> None:
    """Account = Σ media = Σ projects; the busiest first."""
    account = told(heard, "account")
    media = told(heard, "account/top_content", per_page=1000)
    assert {name: sum(row[name] for row in media) for name in ADDED} == {name: account[name] for name in ADDED}
    for row in media:
        alone = told(heard, f"medias/{row['media_hashed_id']}")
        assert {name: row[name] for name in row.keys() & alone.keys()} == {name: alone[name] for name in row.keys() & alone.keys()}
    assert [row["plays"] for row in media] == sorted((row["plays"] for row in media), reverse=True)
    projects = told(heard, "account/top_content", group_by="project", per_page=1000)
    for name in ("plays", "played_time"):
        assert sum(row[name] for row in projects) == account[name]


def law_every_split_is_the_whole(heard: Heard) -> None:
    """Σ ways = plays of the media, however they are told apart; Σ languages too, and their shares are 1."""
    for video in heard.videos:
        whole = told(heard, of(video))
        rows = [told(heard, f"{of(video)}/traffic", group_by=group) for group in GROUPS]
        assert [sum(row["plays"] for row in each) for each in rows] == [whole["plays"]] * len(GROUPS)
        assert len({sum(row["loads"] for row in each) for each in rows}) == 1
        assert all(len({row[group] for row in each}) == len(each) for group, each in zip(GROUPS, rows, strict=True))
        languages = told(heard, f"{of(video)}/languages")
        assert sum(row["plays"] for row in languages) == whole["plays"]
        assert sum(row["percent_of_total_plays"] for row in languages) == approx(1 if whole["plays"] else 0)


def law_pages_are_the_same_by_interval_and_by_domain(heard: Heard) -> None:
    """Σ intervals of pages = pages; Σ pages of all media = domains; and no more than the whole, which has loads without a page."""
    domains = {row["embed_domain"]: row for row in told(heard, "account/embed_locations", per_page=100)}
    counted = dict.fromkeys(domains, 0)
    for video in heard.videos:
        pages = told(heard, f"{of(video)}/embed_locations", per_page=100)
        assert sum(page["plays"] for page in pages) <= told(heard, of(video))["plays"]
        for shown in (1, 100):
            series = told(heard, f"{of(video)}/embed_locations_timeseries", granularity="weekly", per_page=shown)
            entries = [entry for interval in series for entry in interval["entries"]]
            assert [sum(entry[name] for entry in entries) for name in ("loads", "plays", "played_time")] == [
                sum(page[name] for page in pages) for name in ("loads", "plays", "played_time")
            ]
            assert all(len(interval["entries"]) <= shown + 1 for interval in series)
        for page in pages:
            counted[page["embed_domain"]] += page["loads"]
    assert counted == {name: row["loads"] for name, row in domains.items()}


def law_forms_are_told_one_by_one(heard: Heard) -> None:
    """As many conversions as form_conversions, newest first."""
    for video in heard.videos:
        rows: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            part = told(heard, f"{of(video)}/conversions", per_page=40, **cursor)
            rows += part["data"]
            if not part["page_info"]["has_next_page"]:
                break
            cursor = {"cursor": part["page_info"]["end_cursor"]}
        assert len(rows) == told(heard, of(video))["form_conversions"]
        assert [row["converted_at"] for row in rows] == sorted((row["converted_at"] for row in rows), reverse=True)


def law_statistics_count_more_plays(heard: Heard) -> None:
    """§7.3, §9.11: a play of the statistics is any, of analytics one of three seconds; whoever loads is the same to both."""
    for video in heard.videos:
        said, found = heard.ask("wistia", f"/modern/stats/medias/{video.wistia}"), told(heard, of(video))
        assert found["plays"] <= said["play_count"]
        assert found["unique_visitors"] == said["visitors"]
        assert found["play_rate"] == (found["plays"] / said["load_count"] if said["load_count"] else 0)
    if heard.told is None:
        return
    model, numbers = heard.told.model(FINISHED_VIDEOS), dict(zip([media.title for media in LIBRARY], heard.told.media, strict=True))
    for video in heard.videos:
        seen = [len(viewing.seconds) for viewing in model.matching(media=numbers[video.title], played=True)]
        found = told(heard, of(video))
        assert (found["plays"], found["played_time"]) == (sum(seconds >= 3 for seconds in seen), sum(seen))


LAWS: list[Law] = [
    law_every_figure_is_bounded_by_another,
    law_intervals_add_up_to_the_whole,
    law_the_account_is_its_media,
    law_every_split_is_the_whole,
    law_pages_are_the_same_by_interval_and_by_domain,
    law_forms_are_told_one_by_one,
    law_statistics_count_more_plays,
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@same_worlds
@given(sketched=WORLDS)
def test_on_random_worlds(heard: Hear, law: Law, sketched: list[Sketch]) -> None:
    law(heard(sketched))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_on_the_demo(demo_heard: Heard, law: Law) -> None:
    law(demo_heard)
