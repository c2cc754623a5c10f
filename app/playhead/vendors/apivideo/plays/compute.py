"""Which viewings are counted as plays, and by what."""

from playhead.analytics.query import Dimension, Filters
from playhead.analytics.snapshot import Snapshot
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.domain.media import MediaKind
from playhead.domain.time_range import TimeRange
from playhead.gateway.validation import closest_match
from playhead.vendors.apivideo import lookup, vocabulary
from playhead.vendors.apivideo.data import dimensions
from playhead.vendors.apivideo.data.dimensions import Breakdown

MAX_HOURLY_RANGE = 2 * 86_400  # seconds — §3.4


DIMENSIONS = {
    "videoId": dimensions.MEDIA_ID,
    "liveStreamId": dimensions.MEDIA_ID,
    "country": "country name",
    "deviceType": "device-type",
    "operatingSystem": "operating-system",
    "browser": "browser",
}


MEDIA_NAMES = {
    MediaKind.video: ("videoId", "video"),
    MediaKind.live: ("liveStreamId", "live stream"),
}


def _breakdown_over_time(time_range: TimeRange) -> Breakdown:
    return dimensions.over_time(
        Dimension.hour if time_range.end - time_range.start <= MAX_HOURLY_RANGE else Dimension.day,
        vocabulary.format_millis,
    )


def _media_filters(snapshot: Snapshot, kind: MediaKind, text: str | None) -> Filters:
    """The viewings of a kind, or of the one media that a filter names; raises Failure(invalid)."""
    if text is None:
        return Filters(kinds=frozenset({kind}))
    name, thing = MEDIA_NAMES[kind]
    named, _, id_ = text.partition(":")
    if named != name or not id_:
        raise ApiError(
            ErrorKind.invalid,
            [Violation("filter", Rule.scheme, text, {"form": f"{name}:{{{name}}}"})],
        )
    found = lookup.find_media(snapshot, kind, id_)
    if found is None:
        near = closest_match(id_, lookup.ids_by_number(snapshot, kind).values())
        raise ApiError(
            ErrorKind.invalid,
            [Violation("filter", Rule.unknown, id_, {"thing": thing, "near": near})],
        )
    return Filters(kinds=frozenset({kind}), media=[found.number])
