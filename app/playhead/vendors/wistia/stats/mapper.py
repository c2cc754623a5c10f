"""Events, visitors and actions as the Stats API answers them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import MISSING

from playhead.analytics import catalog, conversions
from playhead.analytics.catalog import Media
from playhead.analytics.conversions import Conversion as Converted
from playhead.analytics.snapshot import Snapshot
from playhead.analytics.viewers import ViewerActivity as Found
from playhead.analytics.viewings import Device, Viewing
from playhead.domain.media import PromptKind
from playhead.gateway.validation import quote_segment
from playhead.vendors.wistia import lookup, rates, vocabulary
from playhead.vendors.wistia.base_url import still_url
from playhead.vendors.wistia.lookup import hashed_ids_by_number, keys_by_number, public_token
from playhead.vendors.wistia.stats import compute, mapper
from playhead.vendors.wistia.stats.params import retention_start
from playhead.vendors.wistia.stats.schemas import (
    Action,
    Conversion,
    ConversionType,
    DayStats,
    Event,
    Identity,
    Organisation,
    Thumbnail,
    UserAgent,
    Visitor,
)

STILL_WIDTH = 640


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
            percent_viewed=rates.percent_viewed(media, viewing.distinct_seconds),
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


def visitors_to_schema(snapshot: Snapshot, visitors: Sequence[Found]) -> list[Visitor]:
    """Visitors in their shape."""
    oldest = retention_start(snapshot.account.now)
    plays = {
        visitor.profile.number: visitor.last_play
        for visitor in visitors
        if visitor.last_play is not None and visitor.last_active_at >= oldest
    }
    visitor_keys = lookup.keys_by_number(
        snapshot, "viewer", {visitor.profile.number for visitor in visitors}
    )
    first = conversions.first_conversions(
        snapshot, kind=PromptKind.form, viewers=visitor_keys.keys()
    )
    forms = {viewer: form.viewing for viewer, form in first.items() if form.loaded_at >= oldest}
    event_keys = lookup.keys_by_number(snapshot, "viewing", {*plays.values(), *forms.values()})
    return [
        _visitor(
            visitor,
            visitor_keys[number],
            last_event_key=event_keys.get(plays.get(number, -1)),
            identifying_event_key=event_keys.get(forms.get(number, -1)),
        )
        for visitor, number in ((visitor, visitor.profile.number) for visitor in visitors)
    ]


def _visitor(
    visitor: Found, key: str, *, last_event_key: str | None, identifying_event_key: str | None
) -> Visitor:
    person = visitor.profile
    return Visitor(
        visitor_key=key,
        created_at=vocabulary.format_timestamp(visitor.first_load_at),
        last_active_at=vocabulary.format_timestamp(visitor.last_active_at),
        last_event_key=MISSING if last_event_key is None else last_event_key,
        load_count=visitor.loads,
        play_count=visitor.plays,
        identifying_event_key=identifying_event_key,
        visitor_identity=Identity(
            name=person.name or "", email=person.email, org=Organisation(name=None, title=None)
        ),
        user_agent_details=mapper.user_agent(person.device),
    )


def actions(snapshot: Snapshot, media: Media) -> list[Action]:
    """The actions of a media in the order of its timeline, with all there ever was."""
    shown = Counter[int]()
    converted = Counter[int]()
    for (_, _, _, prompt), count in (
        conversions.counts(snapshot, None, media=[media.number]).items() if media.prompts else ()
    ):
        shown[prompt] += count.shown
        converted[prompt] += count.converted
    ordered = sorted(enumerate(media.prompts), key=lambda pair: (pair[1].at, pair[0]))
    return [
        Action(
            type="Call to Action" if prompt.kind is PromptKind.call_to_action else "Turnstile",
            action_count=converted[index],
            impression_count=shown[index],
            rate=round(rates.rate(converted[index], shown[index]), 3),
            url=prompt.url,
            text=prompt.text,
        )
        for index, prompt in ordered
    ]


def _day_rows(days: list[tuple[int, compute.Counts]]) -> list[DayStats]:
    return [
        DayStats(
            date=vocabulary.format_date(day),
            load_count=counts.loads,
            play_count=counts.plays,
            hours_watched=counts.hours,
        )
        for day, counts in days
    ]
