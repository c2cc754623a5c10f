"""Wistia's laws (evidence/wistia.md §6) on random worlds and on the demo.

| law | here |
|---|---|
| L1 | `law_l1_hours_are_plays_times_engagement_times_duration` |
| L2 | `law_l2_play_rate_is_players_by_visitors` |
| L3 | `law_l3_a_day_s_hours_are_its_plays_times_a_constant` |
| L4 | `law_l4_percents_are_the_fractions_rounded` |
| L5 | `law_l5_events_are_the_plays` |
| L6 | `law_l6_players_plays_loads` |
| account = Σ medias, … | `law_parts_the_account_is_the_sum_of_its_media` |
| Σ days = totals, … | `law_days_add_up_to_totals` |
| engagement = mean percent_viewed | `law_mean_engagement_is_the_mean_of_percent_viewed`,
`test_law_mean_watching_again_adds_nothing_to_hours` |
| percent_viewed = distinct cells | `law_cells_percent_viewed_counts_each_second_once`; as the heat
map page draws it: vendors/wistia/test_heatmap.py |
| engagement_data, rewatch_data | `law_cells_of_the_graph`; up to 1000 s (evidence/wistia.md §0), of
longer ones the length and the level |
| visitors | `law_visitors_have_their_events`, `law_visitors_are_found_by_what_is_known` |
| event.email, media_name, … | `law_events_tell_of_their_visitor_and_media` |
| actions | `law_actions_are_shown_to_plays`, `law_forms_are_told_by_their_events` |
| no plays | `law_nothing_played_is_zero` |
| totals only grow | `test_law_growth_totals_never_shrink` |
| what is not counted | members and filtered addresses are not emulated |
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest
from hypothesis import given, note
from pytest import approx

from tests.analytics.world_sketches import (
    CATALOG,
    CATALOG_SECONDS,
    ENDED_VIDEOS,
    WORLDS,
    ViewingSketch,
    record,
)
from tests.invariants.conftest import RecordAndQuery
from tests.invariants.vendor_client import (
    ENDED_WORLDS,
    VendorClient,
    Video,
    WorldFactory,
    shared_examples,
)
from tests.worlds import World

pytestmark = [
    pytest.mark.invariants,
    pytest.mark.covers(
        "wistia.account",
        "wistia.account_by_date",
        "wistia.media",
        "wistia.media_by_date",
        "wistia.media_engagement",
        "wistia.media_summary",
        "wistia.project",
        "wistia.project_by_date",
        "wistia.visitors",
        "wistia.visitor",
        "wistia.events",
        "wistia.event",
        "wistia.medias",
        "wistia.projects",
    ),
]

Invariant = Callable[[VendorClient], None]
COUNTS = ("load_count", "play_count")


def media_stats(client: VendorClient, video: Video) -> dict[str, Any]:
    """What Wistia says of a video."""
    found: dict[str, Any] = client.get_json("wistia", f"/v1/stats/medias/{video.wistia}.json")
    return found


def engagement(client: VendorClient, video: Video) -> dict[str, Any]:
    """Its engagement graph."""
    found: dict[str, Any] = client.get_json(
        "wistia", f"/v1/stats/medias/{video.wistia}/engagement.json"
    )
    return found


def account(client: VendorClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get_json("wistia", "/v1/stats/account.json")
    return found


def sum_rows(rows: Sequence[dict[str, Any]]) -> tuple[int, int, Any]:
    """Loads, plays and hours of rows, to be compared with those of their whole."""
    return (
        sum(row["load_count"] for row in rows),
        sum(row["play_count"] for row in rows),
        approx(sum(row["hours_watched"] for row in rows)),
    )


def count_fields(row: dict[str, Any]) -> tuple[int, int, float]:
    return row["load_count"], row["play_count"], row["hours_watched"]


def invariant_l1_hours_are_plays_times_engagement_times_duration(client: VendorClient) -> None:
    """L1: hours_watched = play_count × engagement × duration / 3600, from the rounded
    engagement.
    """
    for video in client.videos:
        said = media_stats(client, video)
        assert said["hours_watched"] == approx(
            said["play_count"] * said["engagement"] * video.duration / 3600, rel=1e-12
        )


def invariant_l2_play_rate_is_players_by_visitors(client: VendorClient) -> None:
    """L2: play_rate = unique players / visitors, not rounded.

    Players are those who have an event of the media.
    """
    for video in client.videos:
        said = media_stats(client, video)
        players = len({event["visitor_key"] for event in client.events[video.wistia]})
        assert said["play_rate"] == (players / said["visitors"] if said["visitors"] else 0)


def invariant_l3_a_day_s_hours_are_its_plays_times_a_constant(client: VendorClient) -> None:
    """L3: by_date[d].hours_watched = by_date[d].play_count × (engagement × duration / 3600)."""
    for video in client.videos:
        constant = media_stats(client, video)["engagement"] * video.duration / 3600
        for row in client.by_date(f"medias/{video.wistia}").values():
            assert row["hours_watched"] == approx(row["play_count"] * constant, rel=1e-12)


def invariant_l4_percents_are_the_fractions_rounded(client: VendorClient) -> None:
    """L4: /medias/{id}/stats has the same numbers, percents as whole ones."""
    for video in client.videos:
        said = media_stats(client, video)
        found = client.get_json("wistia", f"/v1/medias/{video.wistia}/stats.json")["stats"]
        assert (found["pageLoads"], found["plays"], found["visitors"]) == (
            said["load_count"],
            said["play_count"],
            said["visitors"],
        )
        assert found["percentOfVisitorsClickingPlay"] == approx(100 * said["play_rate"], abs=0.5)
        assert found["averagePercentWatched"] == approx(100 * said["engagement"], abs=0.5)


def invariant_l5_events_are_the_plays(client: VendorClient) -> None:
    """L5: the events of a media (of two years, here all) are its plays; loads make none."""
    for video in client.videos:
        found = list(client.wistia_list("/v1/stats/events.json", media_id=video.wistia))
        assert len(found) == media_stats(client, video)["play_count"]
        assert found == client.events[video.wistia]
    keys = [event["event_key"] for events in client.events.values() for event in events]
    assert len(set(keys)) == len(keys) == account(client)["play_count"]


def invariant_l6_players_plays_loads(client: VendorClient) -> None:
    """L6: unique players ≤ play_count ≤ load_count; unique players ≤ visitors ≤ load_count."""
    for video in client.videos:
        said = media_stats(client, video)
        players = round(said["play_rate"] * said["visitors"])
        assert players <= said["play_count"] <= said["load_count"]
        assert players <= said["visitors"] <= said["load_count"]


def invariant_parts_the_account_is_the_sum_of_its_media(client: VendorClient) -> None:
    """evidence/wistia.md §6:

    account = Σ medias; project = Σ its medias; every media in exactly one project, so Σ projects =
    account.
    """
    of_media = {
        media["hashed_id"]: client.get_json("wistia", f"/v1/stats/medias/{media['hashed_id']}.json")
        for media in client.wistia_medias
    }
    assert count_fields(account(client)) == sum_rows(list(of_media.values()))
    projects = client.get_json("wistia", "/v1/projects.json")
    said = {
        project["hashedId"]: client.get_json(
            "wistia", f"/v1/stats/projects/{project['hashedId']}.json"
        )
        for project in projects
    }
    assert count_fields(account(client)) == sum_rows(list(said.values()))
    assert Counter(media["project"]["hashed_id"] for media in client.wistia_medias) == {
        id_: row["number_of_videos"] for id_, row in said.items() if row["number_of_videos"]
    }
    for id_, row in said.items():
        assert count_fields(row) == sum_rows(
            [
                of_media[media["hashed_id"]]
                for media in client.wistia_medias
                if media["project"]["hashed_id"] == id_
            ]
        )


def invariant_days_add_up_to_totals(client: VendorClient) -> None:
    """evidence/wistia.md §6:

    Σ days = totals of media, project and account; account by_date[d] = Σ media by_date[d]; a day's
    plays are those received on it.
    """
    projects = [
        f"projects/{project['hashedId']}"
        for project in client.get_json("wistia", "/v1/projects.json")
    ]
    medias = [f"medias/{video.wistia}" for video in client.videos]
    for what in ("account", *projects, *medias):
        assert count_fields(client.get_json("wistia", f"/modern/stats/{what}")) == sum_rows(
            list(client.by_date(what).values())
        ), what
    for video in client.videos:
        received = Counter(event["received_at"][:10] for event in client.events[video.wistia])
        assert received == +Counter(
            {
                date: row["play_count"]
                for date, row in client.by_date(f"medias/{video.wistia}").items()
            }
        )
    for parts in (projects, medias):
        days = [client.by_date(part) for part in parts]
        for date, row in client.by_date("account").items():
            assert count_fields(row) == sum_rows([day[date] for day in days]), date


def invariant_mean_engagement_is_the_mean_of_percent_viewed(client: VendorClient) -> None:
    """evidence/wistia.md §6:

    engagement = mean of percent_viewed over the plays, to six decimals; hours = Σ percent_viewed ×
    duration / 3600.
    """
    for video in client.videos:
        said = media_stats(client, video)
        viewed = [event["percent_viewed"] for event in client.events[video.wistia]]
        assert (
            said["engagement"]
            == engagement(client, video)["engagement"]
            == round(said["engagement"], 6)
        )
        assert said["engagement"] == approx(
            sum(viewed) / len(viewed) if viewed else 0, abs=0.500001e-6
        )
        assert said["hours_watched"] == approx(
            sum(viewed) * video.duration / 3600, abs=0.6e-6 * len(viewed) * video.duration / 3600
        )


def invariant_cells_percent_viewed_counts_each_second_once(client: VendorClient) -> None:
    """evidence/wistia.md §6: percent_viewed = distinct cells seen / cells."""
    for video in client.videos:
        for event in client.events[video.wistia]:
            cells = event["percent_viewed"] * video.seconds
            assert cells == approx(round(cells)) and 0 <= event["percent_viewed"] <= 1
    if client.recorded is None:
        return
    seen = client.recorded.model(ENDED_VIDEOS).matching(played_only=True)
    expected = Counter(len({second.position for second in viewing.seconds}) for viewing in seen)
    assert expected == Counter(
        round(event["percent_viewed"] * video.seconds)
        for video in client.videos
        for event in client.events[video.wistia]
    )


def invariant_cells_of_the_graph(client: VendorClient) -> None:
    """evidence/wistia.md §6:

    both arrays min(1000, ceil(duration)) long, 0 ≤ engagement_data ≤ play_count, seen again only
    where seen; their mean is the engagement.
    """
    for video in client.videos:
        graph = engagement(client, video)
        plays = media_stats(client, video)["play_count"]
        first = graph["engagement_data"]
        again = graph["rewatch_data"]
        assert len(first) == len(again) == min(1000, video.seconds)
        assert all(0 <= viewers <= plays for viewers in first)
        assert all(viewers > 0 for viewers, more in zip(first, again, strict=True) if more > 0)
        # To the second up to 1000 s; a longer media's cells are of unequal lengths, so that only
        # the level is kept.
        exact = approx(graph["engagement"] * plays, abs=0.6e-6 * plays)
        assert sum(first) / len(first) == (
            exact if video.seconds <= 1000 else approx(graph["engagement"] * plays, rel=0.01)
        )


def invariant_visitors_have_their_events(client: VendorClient) -> None:
    """evidence/wistia.md §6:

    play_count = number of its events, last_event_key and last_active_at the newest of them; Σ
    visitors = account.
    """
    events = sorted(
        (event for found in client.events.values() for event in found),
        key=lambda event: str(event["received_at"]),
    )
    plays = Counter(event["visitor_key"] for event in events)
    newest = {event["visitor_key"]: event["received_at"] for event in events}
    keys = {(event["visitor_key"], event["received_at"], event["event_key"]) for event in events}
    for key, visitor in client.visitors.items():
        assert visitor["play_count"] == plays.pop(key, 0) <= visitor["load_count"]
        assert (
            visitor["created_at"]
            <= visitor["last_active_at"]
            == newest.get(key, visitor["last_active_at"])
        )
        assert ("last_event_key" in visitor) == (key in newest)
        assert (
            key not in newest or (key, visitor["last_active_at"], visitor["last_event_key"]) in keys
        )
    assert not plays
    assert tuple(
        sum(visitor[name] for visitor in client.visitors.values()) for name in COUNTS
    ) == tuple(account(client)[name] for name in COUNTS)
    for key in list(client.visitors)[:3]:
        assert list(client.wistia_list("/v1/stats/events.json", visitor_key=key)) == [
            event
            for event in client.wistia_list("/v1/stats/events.json")
            if event["visitor_key"] == key
        ]
        assert client.get_json("wistia", f"/v1/stats/visitors/{key}.json") == client.visitors[key]
    if client.recorded is not None:
        model = client.recorded.model(ENDED_VIDEOS)
        numbers = dict(zip([media.title for media in CATALOG], client.recorded.media, strict=True))
        assert all(
            media_stats(client, video)["visitors"] == model.audience(numbers[video.title])[0]
            for video in client.videos
        )


def invariant_visitors_are_found_by_what_is_known(client: VendorClient) -> None:
    """evidence/wistia.md §6:

    has_email ⇔ email not null, has_name ⇔ name ≠ ""; in the order of all visitors, latest activity
    first.
    """
    conditions: dict[str, Callable[[dict[str, Any]], bool]] = {
        "has_email": lambda visitor: visitor["visitor_identity"]["email"] is not None,
        "has_name": lambda visitor: visitor["visitor_identity"]["name"] != "",
    }
    everyone = list(client.visitors.values())
    assert [visitor["last_active_at"] for visitor in everyone] == sorted(
        (visitor["last_active_at"] for visitor in everyone), reverse=True
    )
    for word, fits in conditions.items():
        assert list(client.wistia_list("/v1/stats/visitors.json", filter=word)) == [
            visitor for visitor in everyone if fits(visitor)
        ]


def invariant_events_tell_of_their_visitor_and_media(client: VendorClient) -> None:
    """evidence/wistia.md §6:

    event.email is the visitor's; name, address and still follow the media; every event_key
    resolves.
    """
    for media in client.wistia_medias:
        found = client.events[media["hashed_id"]]
        for event in found:
            visitor = client.visitors[event["visitor_key"]]
            assert event["email"] == visitor["visitor_identity"]["email"]
            assert event["user_agent_details"] == visitor["user_agent_details"]
            assert event["media_name"] == media["name"]
            assert event["media_url"].endswith(f"/medias/{media['hashed_id']}")
            assert event["thumbnail"]["url"] == media["thumbnail"]["url"]
        for event in found[:3]:
            assert client.get_json("wistia", f"/v1/stats/events/{event['event_key']}.json") == event
    assert [
        event["received_at"] for event in client.wistia_list("/v1/stats/events.json")
    ] == sorted(
        (event["received_at"] for found in client.events.values() for event in found), reverse=True
    )


def invariant_actions_are_shown_to_plays(client: VendorClient) -> None:
    """evidence/wistia.md §6:

    actions[].rate = action_count / impression_count; impressions ≤ plays.
    """
    for video in client.videos:
        said = media_stats(client, video)
        for action in said.get("actions", []):
            assert action["action_count"] <= action["impression_count"] <= said["play_count"]
            assert action["rate"] == approx(
                action["action_count"] / max(1, action["impression_count"]), abs=0.0005
            )


def invariant_forms_are_told_by_their_events(client: VendorClient) -> None:
    """evidence/wistia.md §3.5, §3.10:

    who filled in a form is found by it, and the event that identified somebody is the first that
    tells of it.
    """
    told = sorted(
        (event for found in client.events.values() for event in found if event["conversion_type"]),
        key=lambda event: str(event["received_at"]),
    )
    through = {
        visitor["visitor_key"]
        for visitor in client.wistia_list(
            "/v1/stats/visitors.json", filter="identified_by_email_gate"
        )
    }
    assert {event["visitor_key"] for event in told} == through
    assert {
        key for key, visitor in client.visitors.items() if visitor["identifying_event_key"]
    } == through
    leads = [event for event in told if event["conversion_data"]["is_new_lead"]]
    assert {event["visitor_key"]: event["event_key"] for event in leads} == {
        key: client.visitors[key]["identifying_event_key"] for key in through
    }
    assert all(event["conversion_data"]["email"] == event["email"] for event in told)
    assert all(
        (event["conversion_data"] == {}) == (event["conversion_type"] == "")
        for found in client.events.values()
        for event in found
    )


def invariant_nothing_played_is_zero(client: VendorClient) -> None:
    """evidence/wistia.md §6:

    no plays: play_rate 0, engagement 0, hours 0: numbers, never null; and a graph of zeros.
    """
    for video in client.videos:
        said = media_stats(client, video)
        if not said["play_count"]:
            assert (said["play_rate"], said["engagement"], said["hours_watched"]) == (0, 0, 0)
            assert set(
                engagement(client, video)["engagement_data"]
                + engagement(client, video)["rewatch_data"]
            ) == {0}


INVARIANTS: list[Invariant] = [
    invariant_l1_hours_are_plays_times_engagement_times_duration,
    invariant_l2_play_rate_is_players_by_visitors,
    invariant_l3_a_day_s_hours_are_its_plays_times_a_constant,
    invariant_l4_percents_are_the_fractions_rounded,
    invariant_l5_events_are_the_plays,
    invariant_l6_players_plays_loads,
    invariant_parts_the_account_is_the_sum_of_its_media,
    invariant_days_add_up_to_totals,
    invariant_mean_engagement_is_the_mean_of_percent_viewed,
    invariant_cells_percent_viewed_counts_each_second_once,
    invariant_cells_of_the_graph,
    invariant_visitors_have_their_events,
    invariant_visitors_are_found_by_what_is_known,
    invariant_events_tell_of_their_visitor_and_media,
    invariant_actions_are_shown_to_plays,
    invariant_forms_are_told_by_their_events,
    invariant_nothing_played_is_zero,
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


@shared_examples
@given(sketched=ENDED_WORLDS)
def test_law_mean_watching_again_adds_nothing_to_hours(
    record_and_query: RecordAndQuery, sketched: list[ViewingSketch]
) -> None:
    """evidence/wistia.md §6:

    hours are those of a world in which every viewing saw what it saw once and for all.
    """
    once = [sketch._replace(played=first_plays_only(sketch)) for sketch in sketched]
    note(f"without seeing anything again: {once}")
    assert [
        media_stats(record_and_query(sketched), video)
        for video in record_and_query(sketched).videos
    ] == [
        media_stats(record_and_query(once), video)
        | {"hours_watched": approx(media_stats(record_and_query(once), video)["hours_watched"])}
        for video in record_and_query(once).videos
    ]


def first_plays_only(sketch: ViewingSketch) -> tuple[tuple[int, int, int], ...]:
    """A viewing's moves without what it had seen before, in pieces."""
    seen: set[int] = set()
    parts: list[tuple[int, int, int]] = []
    for start, stop, _ in sketch.played:
        for second in range(start, min(stop, CATALOG_SECONDS[sketch.media])):
            if second not in seen:
                parts = (
                    [*parts[:-1], (parts[-1][0], second + 1, 0)]
                    if parts and parts[-1][1] == second
                    else [*parts, (second, second + 1, 0)]
                )
            seen.add(second)
    return tuple(parts)


@shared_examples
@given(sketched=ENDED_WORLDS)
def test_law_growth_totals_never_shrink(
    new_world: WorldFactory, web: httpx.Client, sketched: list[ViewingSketch]
) -> None:
    """evidence/wistia.md §6: totals only grow: half of the viewings are recorded, then the rest."""
    world = new_world()
    record(world, sketched[: len(sketched) // 2])
    before = totals(web, world)
    record(world, sketched[len(sketched) // 2 :])
    assert all(
        earlier <= later + 1e-9 for earlier, later in zip(before, totals(web, world), strict=True)
    )


def totals(web: httpx.Client, world: World) -> tuple[float, ...]:
    stats = world.get(web, "wistia", "/v1/stats/account.json").json()
    return tuple(stats[name] for name in (*COUNTS, "hours_watched"))
