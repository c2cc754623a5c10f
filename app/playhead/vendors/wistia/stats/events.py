"""Wistia's events:

viewings that played something, filled into their shape — evidence/wistia.md §3.10.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import MISSING

from playhead.analytics import catalog, conversions, viewings
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.catalog import Media
from playhead.analytics.conversions import Conversion as Converted
from playhead.analytics.snapshot import Snapshot
from playhead.analytics.viewings import Device, Order, Viewing, ViewingFilter
from playhead.domain.media import PromptKind
from playhead.gateway.validation import quote_segment
from playhead.vendors.wistia import vocabulary
from playhead.vendors.wistia.base_url import still_url
from playhead.vendors.wistia.params import EventsParams, retention_start
from playhead.vendors.wistia.stats import compute
from playhead.vendors.wistia.stats.schemas import (
    Conversion,
    ConversionType,
    Event,
    Thumbnail,
    UserAgent,
)

STILL_WIDTH = 640


def select_events(snapshot: Snapshot, params: EventsParams) -> list[Viewing]:
    """The page of events that a query asks for, newest first.

    An unknown media or visitor has none.
    """
    naming = AliasResolver(snapshot, vocabulary.NAME)
    media = vocabulary.number_of_id(naming, "video", params.media_id) if params.media_id else None
    viewer = (
        vocabulary.number_of_record_key(naming, "viewer", params.visitor_key)
        if params.visitor_key
        else None
    )
    if (params.media_id and media is None) or (params.visitor_key and viewer is None):
        return []
    viewing_filter = ViewingFilter(
        media=media, viewer=viewer, time_range=params.window(snapshot.account.now), played_only=True
    )
    return viewings.list_page(
        snapshot, viewing_filter, order=Order.newest_first, limit=params.limit, offset=params.offset
    )


def find_event(snapshot: Snapshot, key: str) -> Viewing | None:
    """The event of that key, as long as it is kept."""
    number = vocabulary.number_of_record_key(
        AliasResolver(snapshot, vocabulary.NAME), "viewing", key
    )
    viewing = viewings.get(snapshot, number) if number is not None else None
    return (
        viewing
        if viewing
        and viewing.played_at is not None
        and viewing.loaded_at >= retention_start(snapshot.account.now)
        else None
    )


def public_token(snapshot: Snapshot) -> str:
    """The public token of the account that asks."""
    number = snapshot.account.number
    return vocabulary.public_token(
        number,
        AliasResolver(snapshot, vocabulary.NAME).assigned("account", [number]).get(number, ()),
    )


@dataclass(frozen=True)
class EventMapper:
    """What is looked up once for all events of an answer."""

    base_url: str
    token: str
    media: dict[int, Media]
    media_ids: dict[int, str]
    visitor_keys: dict[int, str]
    event_keys: dict[int, str]
    forms: dict[int, Converted]

    def to_schema(self, viewing: Viewing) -> Event:
        """One event."""
        viewer, place, media = viewing.viewer, viewing.viewer.place, self.media[viewing.media]
        key = self.event_keys[viewing.number]
        media_id = self.media_ids[viewing.media]
        form = self.forms.get(viewing.number)
        return Event(
            received_at=vocabulary.format_timestamp(viewing.loaded_at),
            event_key=key,
            ip=vocabulary.format_ip(viewer.ip),
            country=place.country,
            region=place.subdivision_name,
            city=place.city,
            lat=place.latitude,
            lon=place.longitude,
            org=viewer.organisation,
            email=viewer.email,
            percent_viewed=compute.percent_viewed(media, viewing.distinct_seconds),
            embed_url=viewing.page.url or "",
            conversion_type=conversion_type(media, form),
            conversion_data=_conversion(form),
            iframe_heatmap_url=(
                f"{self.base_url}/v1/stats/events/{quote_segment(key)}/iframe.html"
                f"?public_token={quote_segment(self.token)}"
            ),
            visitor_key=self.visitor_keys[viewer.number],
            user_agent_details=user_agent(viewer.device),
            media_id=media_id,
            media_name=media.title,
            media_url=f"{self.base_url}/medias/{media_id}",
            thumbnail=_thumbnail(self.base_url, media, media_id),
        )


def events_to_schema(
    snapshot: Snapshot, base_url: str, viewing_rows: Sequence[Viewing]
) -> list[Event]:
    """Events in their shape."""
    numbers = {viewing.media for viewing in viewing_rows}
    filling = EventMapper(
        base_url=base_url,
        token=public_token(snapshot),
        media={media.number: media for media in catalog.media(snapshot, numbers=numbers)},
        media_ids=hashed_ids_by_number(snapshot, numbers),
        visitor_keys=keys_by_number(
            snapshot, "viewer", {viewing.viewer.number for viewing in viewing_rows}
        ),
        event_keys=keys_by_number(
            snapshot, "viewing", {viewing.number for viewing in viewing_rows}
        ),
        forms=_first_forms(snapshot, viewing_rows),
    )
    return [filling.to_schema(viewing) for viewing in viewing_rows]


def _first_forms(snapshot: Snapshot, viewing_rows: Sequence[Viewing]) -> dict[int, Converted]:
    """The first form that was filled in during each viewing, by the viewing's number."""
    acted = conversions.by_viewing(snapshot, [viewing.number for viewing in viewing_rows])
    forms = {
        number: [one for one in each if one.kind is PromptKind.form]
        for number, each in acted.items()
    }
    return {
        number: min(each, key=lambda one: (one.converted_at, one.prompt))
        for number, each in forms.items()
        if each
    }


def conversion_type(media: Media, form: Converted | None) -> ConversionType:
    """Where in the media the form stood, in the words of the player — unknown 8."""
    if form is None:
        return ""
    at = media.prompts[form.prompt].at
    return (
        "pre-roll-email"
        if at == 0
        else "post-roll-email"
        if at >= media.seconds
        else "mid-roll-email"
    )


def _conversion(form: Converted | None) -> Conversion:
    """What was said in a form.

    What was not said is absent, since nothing in it may be null — quirk 6.
    """
    if form is None:
        return Conversion(email=MISSING, first_name=MISSING, last_name=MISSING, is_new_lead=MISSING)
    first, last = vocabulary.split_name(form.name)
    return Conversion(
        email=MISSING if form.email is None else form.email,
        first_name=MISSING if first is None else first,
        last_name=MISSING if last is None else last,
        is_new_lead=form.is_first,
    )


def hashed_ids_by_number(snapshot: Snapshot, numbers: set[int]) -> dict[int, str]:
    """Hashed ids of media, by number."""
    given = AliasResolver(snapshot, vocabulary.NAME).assigned("video", numbers)
    return {
        number: vocabulary.hashed_id("video", number, given.get(number, ())) for number in numbers
    }


def keys_by_number(snapshot: Snapshot, kind: str, numbers: set[int]) -> dict[int, str]:
    """Keys of visitors ("viewer") or events ("viewing"), by number."""
    given = AliasResolver(snapshot, vocabulary.NAME).assigned(kind, numbers)
    return {
        number: vocabulary.record_key(kind, number, given.get(number, ())) for number in numbers
    }


def user_agent(device: Device) -> UserAgent:
    """What a visitor watches on; a tablet is not mobile (unknown 11)."""
    version = vocabulary.browser_version(device.browser_version)
    return UserAgent(
        browser=vocabulary.browser(device.browser),
        browser_version=version,
        platform=vocabulary.platform(device.os),
        mobile=device.type == "mobile",
    )


def _thumbnail(base_url: str, media: Media, media_id: str) -> Thumbnail:
    height = STILL_WIDTH * media.height // media.width
    size = STILL_WIDTH * height // 7
    return Thumbnail(
        url=still_url(base_url, media_id),
        width=STILL_WIDTH,
        height=height,
        fileSize=size,
        contentType="image/jpeg",
        type="StillImageFile",
    )
