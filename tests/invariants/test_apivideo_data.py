"""api.video's laws across its generations (evidence/apivideo.md §4, 8–17) on random worlds and on
the demo.

| law | here |
|---|---|
| 8, 9 | `law_9_sessions_plays_and_metrics_agree` |
| 10 | `law_10_counts_are_ordered` |
| 11 | `law_11_watch_time_is_what_the_events_tell` |
| 12, 13 | `law_12_uniques_and_durations_are_ordered`, `law_13_viewers_at_the_same_time_are_ordered`
|
| 14, 15 | `law_14_parts_add_up`, `law_15_lifetime_is_more` |
| 16, 17 | `law_16_a_filter_is_its_row`, `law_17_media_types_are_those_of_the_ids` |
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from playhead.domain.clock import parse_instant
from playhead.domain.time_range import TimeRange
from tests.analytics.world_sketches import WORLDS, ViewingSketch
from tests.invariants.conftest import RecordAndQuery
from tests.invariants.test_apivideo import media_of, session_bounds
from tests.invariants.vendor_client import TODAY, VendorClient, Video, shared_examples
from tests.invariants.vendor_client import playback_runs as played
from tests.worlds import DAY, NOW

pytestmark = [
    pytest.mark.invariants,
    pytest.mark.covers(
        *(
            f"apivideo.{name}"
            for name in (
                "videos_plays",
                "live_streams_plays",
                "metric",
                "metric_breakdown",
                "metric_over_time",
            )
        )
    ),
]

Invariant = Callable[[VendorClient], None]
YESTERDAY = TimeRange(TODAY - DAY, TODAY)
LAST_THREE_DAYS = TimeRange(NOW - 4 * DAY, NOW + 1)
COUNTS = {
    "play": "play/count",
    "start": "start/count",
    "end": "end/count",
    "impression": "impression/count",
    "view": "view/count",
}
# Each breakdown, and the filter that has its words.
FILTERS = {
    "media-id": "mediaId",
    "media-type": "mediaType",
    "continent": "continent",
    "country": "country",
    "device-type": "deviceType",
    "operating-system": "operatingSystem",
    "browser": "browser",
    "referrer": "referrer",
}
DURATIONS = ("3s", "5s", "10s", "30s")
TOP_COUNT = 2  # rows of a breakdown that are asked for one by one


def media_kind(id_: str) -> dict[str, str]:
    return {"filterBy[mediaId][]": id_}


def invariant_9_sessions_plays_and_metrics_agree(client: VendorClient) -> None:
    """Laws 8 and 9:

    impressions are sessions, plays those that have a `play`; plays by id say the same of a whole
    day.
    """
    days = {"from_": "2024-06-04", "to": "2024-06-05"}
    plays = {
        kind: client.plays_by_dimension(f"/analytics/{kind}/plays", name, **days)
        for kind, name in (("videos", "videoId"), ("live-streams", "liveStreamId"))
    }
    for media in media_of(client):
        sessions = client.sessions(media, period="2024-06-04")
        with_play = [
            session
            for session in sessions
            if any(event["type"] == "play" for event in client.session_events(session))
        ]
        assert client.metric("impression/count", YESTERDAY, **media_kind(media.apivideo)) == len(
            sessions
        )
        assert client.metric("play/count", YESTERDAY, **media_kind(media.apivideo)) == len(
            with_play
        )
        assert plays["videos" if isinstance(media, Video) else "live-streams"].get(
            media.apivideo, 0
        ) == len(with_play)


def invariant_10_counts_are_ordered(client: VendorClient) -> None:
    """Law 10: end ≤ start ≤ play ≤ impression; the rate is plays of impressions."""
    for window in (YESTERDAY, LAST_THREE_DAYS):
        end, start, play, impression = (
            client.metric(COUNTS[name], window) for name in ("end", "start", "play", "impression")
        )
        assert end <= start <= play <= impression
        assert client.metric("play/rate", window) == (play / impression if impression else 0)


def invariant_11_watch_time_is_what_the_events_tell(client: VendorClient) -> None:
    """Law 11: Σ watched seconds of the events inside the window.

    Its average is of the sessions that watched in it.
    """
    for media in media_of(client):
        sessions = client.sessions(media, period="2024-06-02/2024-06-04")
        watched = [_event_seconds(client, session, YESTERDAY) for session in sessions]
        total = sum(watched)
        watching = sum(seconds > 0 for seconds in watched)
        assert client.metric("watch-time/sum", YESTERDAY, **media_kind(media.apivideo)) == total
        assert client.metric("watch-time/average", YESTERDAY, **media_kind(media.apivideo)) == (
            total / watching if watching else 0
        )
    time = client.metric("impression-time/sum", LAST_THREE_DAYS)
    loads = client.metric("impression/count", LAST_THREE_DAYS)
    assert client.metric("impression-time/average", LAST_THREE_DAYS) == (
        time / loads if loads else 0
    )


def _event_seconds(client: VendorClient, session: dict[str, Any], time_range: TimeRange) -> int:
    found = played(client.session_events(session), until=session_bounds(session)[1])
    return sum(
        max(0, min(run.stopped_at, time_range.end) - max(run.started_at, time_range.start))
        for run in found
    )


def invariant_12_uniques_and_durations_are_ordered(client: VendorClient) -> None:
    """Law 12: the longer the view the fewer.

    Unique viewers are no more than views, and count once a UTC day.
    """
    for window in (YESTERDAY, LAST_THREE_DAYS):
        views = [client.metric("view/count", window, viewDuration=seconds) for seconds in DURATIONS]
        unique = [
            client.metric("view/count", window, viewDuration=seconds, unique="true")
            for seconds in DURATIONS
        ]
        assert views == sorted(views, reverse=True)
        assert unique == sorted(unique, reverse=True)
        assert all(viewers <= count for viewers, count in zip(unique, views, strict=True))
    assert sum(
        client.timeseries("view", LAST_THREE_DAYS, interval="day", unique="true").values()
    ) == client.metric("view/count", LAST_THREE_DAYS, unique="true")


def invariant_13_viewers_at_the_same_time_are_ordered(client: VendorClient) -> None:
    """Law 13: live ≤ peak, average ≤ peak, unique ≤ all; a peak is the greatest of its parts."""
    for unique in ("true", "false"):
        peak = client.metric("ccv/peak", LAST_THREE_DAYS, unique=unique)
        assert client.metric("ccv/live", LAST_THREE_DAYS, unique=unique) <= peak
        assert client.metric("ccv/average", LAST_THREE_DAYS, unique=unique) <= peak
        assert (
            max(
                client.timeseries(
                    "ccv-peak", LAST_THREE_DAYS, interval="hour", unique=unique
                ).values(),
                default=0,
            )
            == peak
        )
        assert (
            max(
                client.buckets("ccv-peak/country", LAST_THREE_DAYS, unique=unique).values(),
                default=0,
            )
            <= peak
        )
    for name in ("peak", "live", "average"):
        assert client.metric(f"ccv/{name}", LAST_THREE_DAYS, unique="true") <= client.metric(
            f"ccv/{name}", LAST_THREE_DAYS
        )


def invariant_14_parts_add_up(client: VendorClient) -> None:
    """Law 14: of a count, Σ buckets of any breakdown = Σ series by any interval = the metric.

    Those of one `By` differ in words only.
    """
    for metric, path in COUNTS.items():
        whole = client.metric(path, LAST_THREE_DAYS)
        breakdowns = (
            FILTERS
            if metric == "play"
            else ("media-id", "media-type", "country", "browser", "referrer")
        )
        assert {
            sum(client.buckets(f"{metric}/{breakdown}", LAST_THREE_DAYS).values())
            for breakdown in breakdowns
        } == {whole}
        assert {
            sum(client.timeseries(metric, LAST_THREE_DAYS, interval=interval).values())
            for interval in ("hour", "day")
        } == {whole}
    hour = TimeRange(NOW - 3599, NOW + 1)
    assert sum(client.timeseries("play", hour, interval="minute").values()) == client.metric(
        "play/count", hour
    )


def invariant_15_lifetime_is_more(client: VendorClient) -> None:
    """Law 15: play/total ≥ play/count of any window, and Σ play-total of the media."""
    ever = client.metric("play/total", LAST_THREE_DAYS)
    assert all(
        client.metric("play/count", window) <= ever for window in (YESTERDAY, LAST_THREE_DAYS)
    )
    assert sum(client.buckets("play-total/media-id", LAST_THREE_DAYS).values()) == ever


def invariant_16_a_filter_is_its_row(client: VendorClient) -> None:
    """Law 16: filterBy[x]=v of a metric is the row v of its buckets by x, whatever can be added up
    or not.
    """
    rows = {"play-rate": "play/rate", "ccv-average": "ccv/average"}
    unique = {"view": "view/count", "ccv-peak": "ccv/peak"}
    for breakdown, name in FILTERS.items():
        for metrics, more in ((rows, {}), (unique, {"unique": "true"})):
            for metric, path in metrics.items():
                found = client.buckets(f"{metric}/{breakdown}", LAST_THREE_DAYS, **more)
                for word in sorted(found)[:TOP_COUNT]:
                    assert (
                        client.metric(path, LAST_THREE_DAYS, **more, **{f"filterBy[{name}]": word})
                        == found[word]
                    )


def invariant_17_media_types_are_those_of_the_ids(client: VendorClient) -> None:
    """Law 17: a video is of the type video.

    What has a tag in the catalogue is what its filter leaves.
    """
    types = {
        **{video.apivideo: "video" for video in client.videos},
        **{stream.apivideo: "live-stream" for stream in client.lives},
    }
    plays = client.buckets("play/media-id", LAST_THREE_DAYS)
    for type_ in ("video", "live-stream"):
        assert client.buckets(
            "play/media-id", LAST_THREE_DAYS, **{"filterBy[mediaType]": type_}
        ) == {id_: count for id_, count in plays.items() if types[id_] == type_}
    videos = client.apivideo_list("/videos")
    for tag in sorted({tag for video in videos for tag in video["tags"]})[:TOP_COUNT]:
        tagged = {video["videoId"] for video in videos if tag in video["tags"]}
        assert client.buckets("play/media-id", LAST_THREE_DAYS, **{"filterBy[tag]": tag}) == {
            id_: count for id_, count in plays.items() if id_ in tagged
        }


INVARIANTS: list[Invariant] = [
    invariant_9_sessions_plays_and_metrics_agree,
    invariant_10_counts_are_ordered,
    invariant_11_watch_time_is_what_the_events_tell,
    invariant_12_uniques_and_durations_are_ordered,
    invariant_13_viewers_at_the_same_time_are_ordered,
    invariant_14_parts_add_up,
    invariant_15_lifetime_is_more,
    invariant_16_a_filter_is_its_row,
    invariant_17_media_types_are_those_of_the_ids,
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


def test_yesterday_is_the_day_that_the_laws_name() -> None:
    assert TimeRange(parse_instant("2024-06-04"), parse_instant("2024-06-05")) == YESTERDAY
