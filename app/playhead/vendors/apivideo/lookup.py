"""Look-ups of media and sessions that several families share."""

from collections.abc import Collection

from playhead.analytics import catalog
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.catalog import Media
from playhead.analytics.snapshot import Snapshot
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.domain.media import MediaKind
from playhead.gateway.validation import closest_match
from playhead.vendors.apivideo import ids, lookup, vocabulary


def find_media(snapshot: Snapshot, kind: MediaKind, text: str) -> Media | None:
    """The media of that kind with that id; the id's own letters do not matter — §1.7."""
    number = _number_of_id(snapshot, kind, text)
    found = catalog.media(snapshot, numbers=[] if number is None else [number])
    return next((media for media in found if media.kind is kind), None)


def _number_of_id(snapshot: Snapshot, kind: MediaKind, text: str) -> int | None:
    return AliasResolver(snapshot, vocabulary.NAME).number(
        kind.name, text, lambda given: ids.number_of(kind.name, given)
    )


def ids_by_number(snapshot: Snapshot, kind: MediaKind) -> dict[int, str]:
    """The ids of all media of a kind, by number."""
    numbers = [media.number for media in catalog.media(snapshot) if media.kind is kind]
    given = AliasResolver(snapshot, vocabulary.NAME).assigned(kind.name, numbers)
    return {number: ids.id_of(kind.name, number, given.get(number, ())) for number in numbers}


def numbers_of_ids(snapshot: Snapshot, texts: Collection[str]) -> set[int]:
    """The numbers of the videos and live streams that have one of those ids."""
    found = {
        (kind, _number_of_id(snapshot, kind, text))
        for text in texts
        for kind in (MediaKind.video, MediaKind.live)
    }
    media = catalog.media(snapshot, numbers=[number for _, number in found if number is not None])
    return {one.number for one in media if (one.kind, one.number) in found}


def session_number(snapshot: Snapshot, text: str) -> int | None:
    """The number of the viewing whose session has that id."""
    return AliasResolver(snapshot, vocabulary.NAME).number(
        "viewing", text, lambda given: ids.number_of("viewing", given)
    )


ID_FIELDS = {MediaKind.video: "videoId", MediaKind.live: "liveStreamId"}


def get_media(snapshot: Snapshot, kind: MediaKind, media_id: str) -> Media:
    """The media of that kind with that id.

    Raises Failure(unknown), with the nearest id that there is.
    """
    found = lookup.find_media(snapshot, kind, media_id)
    if found is None:
        near = closest_match(media_id, lookup.ids_by_number(snapshot, kind).values())
        raise ApiError(
            ErrorKind.unknown, [Violation(ID_FIELDS[kind], Rule.unknown, media_id, {"near": near})]
        )
    return found
