"""Laws of Wistia's analytics (evidence/wistia.md §7.3) on random worlds and on the demo:

what adds up, what bounds what, and where the statistics agree.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from pytest import approx

from tests.analytics.world_sketches import CATALOG, ENDED_VIDEOS, WORLDS, ViewingSketch
from tests.invariants.conftest import RecordAndQuery
from tests.invariants.vendor_client import ALL_TIME, VendorClient, Video, iso_date, shared_examples

pytestmark = [
    pytest.mark.invariants,
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

Invariant = Callable[[VendorClient], None]
DATES = {"start_date": iso_date(ALL_TIME.start), "end_date": iso_date(ALL_TIME.end)}
ADDITIVE_FIELDS = ("plays", "played_time", "form_conversions")
CALLS = ("cta_impressions", "cta_conversions")
GROUPS = ("utm_campaign", "utm_source", "utm_medium", "referrer_domain", "viewer_screen_size")


def analytics(client: VendorClient, path: str, **parameters: Any) -> Any:
    """What analytics say of all days in which anything happens."""
    return client.get_json("wistia", f"/modern/analytics/{path}", **{**DATES, **parameters})


def media_path(video: Video) -> str:
    return f"medias/{video.wistia}"


def embed_locations(client: VendorClient) -> list[str]:
    """The account and every media."""
    return ["account", *(media_path(video) for video in client.videos)]


def invariant_every_figure_is_bounded_by_another(client: VendorClient) -> None:
    """Players ≤ plays and ≤ visitors; clicks ≤ impressions; every rate is 0 to 1."""
    for place in embed_locations(client):
        for row in (
            analytics(client, place),
            *analytics(client, f"{place}/timeseries", granularity="weekly"),
        ):
            assert 0 <= row["unique_plays"] <= min(row["plays"], row["unique_loads"])
            assert row["unique_loads"] == row["unique_visitors"]
            assert row.get("cta_conversions", 0) <= row.get("cta_impressions", 0)
            assert all(0 <= value <= 1 for name, value in row.items() if name.endswith("_rate"))
            assert (
                (row["plays"] > 0)
                == (row["play_rate"] > 0)
                == (row["engagement_rate"] > 0)
                == (row["unique_plays"] > 0)
            )


def invariant_intervals_add_up_to_the_whole(client: VendorClient) -> None:
    """Plays, time, forms and clicks of days, weeks and months are those of the whole.

    Viewers of longer intervals are at most the sum of the shorter.
    """
    for place in embed_locations(client):
        whole = analytics(client, place)
        series = [
            analytics(client, f"{place}/timeseries", granularity=width)
            for width in ("daily", "weekly", "monthly")
        ]
        for rows in series:
            assert [row["timestamp"] for row in rows] == sorted({row["timestamp"] for row in rows})
            assert {
                name: sum(row[name] for row in rows)
                for name in (*ADDITIVE_FIELDS, *CALLS)
                if name in whole
            } == {name: whole[name] for name in (*ADDITIVE_FIELDS, *CALLS) if name in whole}
        viewers = [sum(row["unique_loads"] for row in rows) for rows in (*series, [whole])]
        assert viewers == sorted(viewers, reverse=True)


def invariant_the_account_is_its_media(client: VendorClient) -> None:
    """Account = Σ media = Σ projects; the busiest first."""
    account = analytics(client, "account")
    media = analytics(client, "account/top_content", per_page=1000)
    assert {name: sum(row[name] for row in media) for name in ADDITIVE_FIELDS} == {
        name: account[name] for name in ADDITIVE_FIELDS
    }
    for row in media:
        alone = analytics(client, f"medias/{row['media_hashed_id']}")
        assert {name: row[name] for name in row.keys() & alone.keys()} == {
            name: alone[name] for name in row.keys() & alone.keys()
        }
    assert [row["plays"] for row in media] == sorted((row["plays"] for row in media), reverse=True)
    projects = analytics(client, "account/top_content", group_by="project", per_page=1000)
    for name in ("plays", "played_time"):
        assert sum(row[name] for row in projects) == account[name]


def invariant_every_split_is_the_whole(client: VendorClient) -> None:
    """Σ ways = plays of the media, however they are told apart.

    Σ languages too, and their shares are 1.
    """
    for video in client.videos:
        whole = analytics(client, media_path(video))
        rows = [
            analytics(client, f"{media_path(video)}/traffic", group_by=group) for group in GROUPS
        ]
        assert [sum(row["plays"] for row in each) for each in rows] == [whole["plays"]] * len(
            GROUPS
        )
        assert len({sum(row["loads"] for row in each) for each in rows}) == 1
        assert all(
            len({row[group] for row in each}) == len(each)
            for group, each in zip(GROUPS, rows, strict=True)
        )
        languages = analytics(client, f"{media_path(video)}/languages")
        assert sum(row["plays"] for row in languages) == whole["plays"]
        assert sum(row["percent_of_total_plays"] for row in languages) == approx(
            1 if whole["plays"] else 0
        )


def invariant_pages_are_the_same_by_interval_and_by_domain(client: VendorClient) -> None:
    """Σ intervals of pages = pages.

    Σ pages of all media = domains; and no more than the whole, which has loads without a page.
    """
    domains = {
        row["embed_domain"]: row
        for row in analytics(client, "account/embed_locations", per_page=100)
    }
    counted = dict.fromkeys(domains, 0)
    for video in client.videos:
        pages = analytics(client, f"{media_path(video)}/embed_locations", per_page=100)
        assert sum(page["plays"] for page in pages) <= analytics(client, media_path(video))["plays"]
        for shown in (1, 100):
            series = analytics(
                client,
                f"{media_path(video)}/embed_locations_timeseries",
                granularity="weekly",
                per_page=shown,
            )
            entries = [entry for interval in series for entry in interval["entries"]]
            assert [
                sum(entry[name] for entry in entries) for name in ("loads", "plays", "played_time")
            ] == [sum(page[name] for page in pages) for name in ("loads", "plays", "played_time")]
            assert all(len(interval["entries"]) <= shown + 1 for interval in series)
        for page in pages:
            counted[page["embed_domain"]] += page["loads"]
    assert counted == {name: row["loads"] for name, row in domains.items()}


def invariant_forms_are_told_one_by_one(client: VendorClient) -> None:
    """As many conversions as form_conversions, newest first."""
    for video in client.videos:
        rows: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            part = analytics(client, f"{media_path(video)}/conversions", per_page=40, **cursor)
            rows += part["data"]
            if not part["page_info"]["has_next_page"]:
                break
            cursor = {"cursor": part["page_info"]["end_cursor"]}
        assert len(rows) == analytics(client, media_path(video))["form_conversions"]
        assert [row["converted_at"] for row in rows] == sorted(
            (row["converted_at"] for row in rows), reverse=True
        )


def invariant_statistics_count_more_plays(client: VendorClient) -> None:
    """evidence/wistia.md §7.3, §9.11:

    a play of the statistics is any, of analytics one of three seconds; whoever loads is the same to
    both.
    """
    for video in client.videos:
        said = client.get_json("wistia", f"/modern/stats/medias/{video.wistia}")
        found = analytics(client, media_path(video))
        assert found["plays"] <= said["play_count"]
        assert found["unique_visitors"] == said["visitors"]
        assert found["play_rate"] == (
            found["plays"] / said["load_count"] if said["load_count"] else 0
        )
    if client.recorded is None:
        return
    model = client.recorded.model(ENDED_VIDEOS)
    numbers = dict(zip([media.title for media in CATALOG], client.recorded.media, strict=True))
    for video in client.videos:
        seen = [
            len(viewing.seconds)
            for viewing in model.matching(media=numbers[video.title], played_only=True)
        ]
        found = analytics(client, media_path(video))
        assert (found["plays"], found["played_time"]) == (
            sum(seconds >= 3 for seconds in seen),
            sum(seen),
        )


INVARIANTS: list[Invariant] = [
    invariant_every_figure_is_bounded_by_another,
    invariant_intervals_add_up_to_the_whole,
    invariant_the_account_is_its_media,
    invariant_every_split_is_the_whole,
    invariant_pages_are_the_same_by_interval_and_by_domain,
    invariant_forms_are_told_one_by_one,
    invariant_statistics_count_more_plays,
]


@pytest.mark.parametrize("law", INVARIANTS, ids=lambda law: law.__name__)
@shared_examples
@given(sketched=WORLDS)
def test_on_random_worlds(
    record_and_query: RecordAndQuery, law: Invariant, sketched: list[ViewingSketch]
) -> None:
    law(record_and_query(sketched))


@pytest.mark.parametrize("law", INVARIANTS, ids=lambda law: law.__name__)
def test_on_the_demo(demo_client: VendorClient, law: Invariant) -> None:
    law(demo_client)
