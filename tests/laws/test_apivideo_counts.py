"""api.video's laws across its generations (contracts/apivideo.md §4, 8–17) on random worlds and on the demo.

| law | here |
|---|---|
| 8, 9 | `law_9_sessions_plays_and_metrics_agree` |
| 10 | `law_10_counts_are_ordered` |
| 11 | `law_11_watch_time_is_what_the_events_tell` |
| 12, 13 | `law_12_uniques_and_durations_are_ordered`, `law_13_viewers_at_the_same_time_are_ordered` |
| 14, 15 | `law_14_parts_add_up`, `law_15_lifetime_is_more` |
| 16, 17 | `law_16_a_filter_is_its_row`, `law_17_media_types_are_those_of_the_ids` |
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from playhead.clock import instant_of
from playhead.stats.reading import Window
from tests.laws.conftest import Hear
from tests.laws.hearing import TODAY, Heard, Video, same_worlds
from tests.laws.hearing import runs as played
from tests.laws.test_apivideo import media_of, times
from tests.stats.sketches import WORLDS, Sketch
from tests.worlds import DAY, NOW

pytestmark = [
    pytest.mark.laws,
    pytest.mark.covers(*(f"apivideo.{name}" for name in ("videos_plays", "live_streams_plays", "metric", "metric_breakdown", "metric_over_time"))),
]

Law = Callable[[Heard], None]
YESTERDAY, LATELY = Window(TODAY - DAY, TODAY), Window(NOW - 4 * DAY, NOW + 1)
COUNTS = {"play": "play/count", "start": "start/count", "end": "end/count", "impression": "impression/count", "view": "view/count"}
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
FEW = 2  # rows of a breakdown that are asked for one by one


def by_id(id_: str) -> dict[str, str]:
    return {"filterBy[mediaId][]": id_}


def law_9_sessions_plays_and_metrics_agree(heard: Heard) -> None:
    """Laws 8 and 9: impressions are sessions, plays those that have a `play`; plays by id say the same of a whole day."""
    days = {"from_": "2024-06-04", "to": "2024-06-05"}
    plays = {kind: heard.plays(f"/analytics/{kind}/plays", name, **days) for kind, name in (("videos", "videoId"), ("live-streams", "liveStreamId"))}
    for media in media_of(heard):
        sessions = heard.sessions(media, period="2024-06-04")
        with_play = [session for session in sessions if any(event["type"] == "play" for event in heard.session_events(session))]
        assert heard.figure("impression/count", YESTERDAY, **by_id(media.apivideo)) == len(sessions)
        assert heard.figure("play/count", YESTERDAY, **by_id(media.apivideo)) == len(with_play)
        assert plays["videos" if isinstance(media, Video) else "live-streams"].get(media.apivideo, 0) == len(with_play)


def law_10_counts_are_ordered(heard: Heard) -> None:
    """Law 10: end ≤ start ≤ play ≤ impression; the rate is plays of impressions."""
    for window in (YESTERDAY, LATELY):
        end, start, play, impression = (heard.figure(COUNTS[name], window) for name in ("end", "start", "play", "impression"))
        assert end <= start <= play <= impression
        assert heard.figure("play/rate", window) == (play / impression if impression else 0)


def law_11_watch_time_is_what_the_events_tell(heard: Heard) -> None:
    """Law 11: Σ watched seconds of the events inside the window; its average is of the sessions that watched in it."""
    for media in media_of(heard):
        sessions = heard.sessions(media, period="2024-06-02/2024-06-04")
        watched = [_seconds(heard, session, YESTERDAY) for session in sessions]
        total, watching = sum(watched), sum(seconds > 0 for seconds in watched)
        assert heard.figure("watch-time/sum", YESTERDAY, **by_id(media.apivideo)) == total
        assert heard.figure("watch-time/average", YESTERDAY, **by_id(media.apivideo)) == (total / watching if watching else 0)
    time, loads = heard.figure("impression-time/sum", LATELY), heard.figure("impression/count", LATELY)
    assert heard.figure("impression-time/average", LATELY) == (time / loads if loads else 0)


def _seconds(heard: Heard, session: dict[str, Any], window: Window) -> int:
    found = played(heard.session_events(session), until=times(session)[1])
    return sum(max(0, min(run.stopped_at, window.end) - max(run.started_at, window.start)) for run in found)


def law_12_uniques_and_durations_are_ordered(heard: Heard) -> None:
    """Law 12: the longer the view the fewer; unique viewers are no more than views, and count once a UTC day."""
    for window in (YESTERDAY, LATELY):
        views = [heard.figure("view/count", window, viewDuration=seconds) for seconds in DURATIONS]
        unique = [heard.figure("view/count", window, viewDuration=seconds, unique="true") for seconds in DURATIONS]
        assert views == sorted(views, reverse=True)
        assert unique == sorted(unique, reverse=True)
        assert all(viewers <= count for viewers, count in zip(unique, views, strict=True))
    assert sum(heard.points("view", LATELY, interval="day", unique="true").values()) == heard.figure("view/count", LATELY, unique="true")


def law_13_viewers_at_the_same_time_are_ordered(heard: Heard) -> None:
    """Law 13: live ≤ peak, average ≤ peak, unique ≤ all; a peak is the greatest of its parts."""
    for unique in ("true", "false"):
        peak = heard.figure("ccv/peak", LATELY, unique=unique)
        assert heard.figure("ccv/live", LATELY, unique=unique) <= peak
        assert heard.figure("ccv/average", LATELY, unique=unique) <= peak
        assert max(heard.points("ccv-peak", LATELY, interval="hour", unique=unique).values(), default=0) == peak
        assert max(heard.buckets("ccv-peak/country", LATELY, unique=unique).values(), default=0) <= peak
    for name in ("peak", "live", "average"):
        assert heard.figure(f"ccv/{name}", LATELY, unique="true") <= heard.figure(f"ccv/{name}", LATELY)


def law_14_parts_add_up(heard: Heard) -> None:
    """Law 14: of a count, Σ buckets of any breakdown = Σ series by any interval = the metric. Those of one `By` differ in words only."""
    for metric, path in COUNTS.items():
        whole, breakdowns = heard.figure(path, LATELY), FILTERS if metric == "play" else ("media-id", "media-type", "country", "browser", "referrer")
        assert {sum(heard.buckets(f"{metric}/{breakdown}", LATELY).values()) for breakdown in breakdowns} == {whole}
        assert {sum(heard.points(metric, LATELY, interval=interval).values()) for interval in ("hour", "day")} == {whole}
    hour = Window(NOW - 3599, NOW + 1)
    assert sum(heard.points("play", hour, interval="minute").values()) == heard.figure("play/count", hour)


def law_15_lifetime_is_more(heard: Heard) -> None:
    """Law 15: play/total ≥ play/count of any window, and Σ play-total of the media."""
    ever = heard.figure("play/total", LATELY)
    assert all(heard.figure("play/count", window) <= ever for window in (YESTERDAY, LATELY))
    assert sum(heard.buckets("play-total/media-id", LATELY).values()) == ever


def law_16_a_filter_is_its_row(heard: Heard) -> None:
    """Law 16: filterBy[x]=v of a metric is the row v of its buckets by x, whatever can be added up or not."""
    rows, unique = {"play-rate": "play/rate", "ccv-average": "ccv/average"}, {"view": "view/count", "ccv-peak": "ccv/peak"}
    for breakdown, name in FILTERS.items():
        for metrics, more in ((rows, {}), (unique, {"unique": "true"})):
            for metric, path in metrics.items():
                found = heard.buckets(f"{metric}/{breakdown}", LATELY, **more)
                for word in sorted(found)[:FEW]:
                    assert heard.figure(path, LATELY, **more, **{f"filterBy[{name}]": word}) == found[word]


def law_17_media_types_are_those_of_the_ids(heard: Heard) -> None:
    """Law 17: a video is of the type video; what has a tag in the catalogue is what its filter leaves."""
    types = {**{video.apivideo: "video" for video in heard.videos}, **{stream.apivideo: "live-stream" for stream in heard.lives}}
    plays = heard.buckets("play/media-id", LATELY)
    for type_ in ("video", "live-stream"):
        assert heard.buckets("play/media-id", LATELY, **{"filterBy[mediaType]": type_}) == {id_: count for id_, count in plays.items() if types[id_] == type_}
    videos = heard.pages("/videos")
    for tag in sorted({tag for video in videos for tag in video["tags"]})[:FEW]:
        tagged = {video["videoId"] for video in videos if tag in video["tags"]}
        assert heard.buckets("play/media-id", LATELY, **{"filterBy[tag]": tag}) == {id_: count for id_, count in plays.items() if id_ in tagged}


LAWS: list[Law] = [
    law_9_sessions_plays_and_metrics_agree,
    law_10_counts_are_ordered,
    law_11_watch_time_is_what_the_events_tell,
    law_12_uniques_and_durations_are_ordered,
    law_13_viewers_at_the_same_time_are_ordered,
    law_14_parts_add_up,
    law_15_lifetime_is_more,
    law_16_a_filter_is_its_row,
    law_17_media_types_are_those_of_the_ids,
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@same_worlds
@given(sketched=WORLDS)
def test_on_random_worlds(heard: Hear, law: Law, sketched: list[Sketch]) -> None:
    law(heard(sketched))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_on_the_demo(demo_heard: Heard, law: Law) -> None:
    law(demo_heard)


def test_yesterday_is_the_day_that_the_laws_name() -> None:
    assert Window(instant_of("2024-06-04"), instant_of("2024-06-05")) == YESTERDAY
