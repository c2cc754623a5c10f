"""Wistia's events: viewings that played something, filled into their shape — contracts/wistia.md §3.10."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import MISSING

from playhead.stats import conversions, library, viewings
from playhead.stats.conversions import Conversion as Converted
from playhead.stats.library import Media
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading
from playhead.stats.viewings import Device, Order, Viewing, Which
from playhead.vendor import escaped
from playhead.vendors.wistia import figures, words
from playhead.vendors.wistia.queries import EventsQuery, oldest_kept
from playhead.vendors.wistia.shapes import Conversion, ConversionType, Event, Thumbnail, UserAgent
from playhead.world.terms import PromptKind

STILL_WIDTH = 640


def chosen(reading: Reading, query: EventsQuery) -> list[Viewing]:
    """The page of events that a query asks for, newest first; an unknown media or visitor has none."""
    naming = Naming(reading, words.NAME)
    media = words.entity(naming, "video", query.media_id) if query.media_id else None
    viewer = words.number_behind(naming, "viewer", query.visitor_key) if query.visitor_key else None
    if (query.media_id and media is None) or (query.visitor_key and viewer is None):
        return []
    which = Which(media=media, viewer=viewer, within=query.window(reading.account.now), played=True)
    return viewings.page(reading, which, order=Order.newest_first, limit=query.limit, offset=query.offset)


def one(reading: Reading, key: str) -> Viewing | None:
    """The event of that key, as long as it is kept."""
    number = words.number_behind(Naming(reading, words.NAME), "viewing", key)
    viewing = viewings.one(reading, number) if number is not None else None
    return viewing if viewing and viewing.played_at is not None and viewing.loaded_at >= oldest_kept(reading.account.now) else None


def public_token(reading: Reading) -> str:
    """The public token of the account that asks."""
    number = reading.account.number
    return words.public_token(number, Naming(reading, words.NAME).given("account", [number]).get(number, ()))


@dataclass(frozen=True)
class Filling:
    """What is looked up once for all events of an answer."""

    origin: str
    token: str
    media: dict[int, Media]
    media_ids: dict[int, str]
    visitor_keys: dict[int, str]
    event_keys: dict[int, str]
    forms: dict[int, Converted]

    def event(self, viewing: Viewing) -> Event:
        """One event."""
        viewer, place, media = viewing.viewer, viewing.viewer.place, self.media[viewing.media]
        key, media_id = self.event_keys[viewing.number], self.media_ids[viewing.media]
        form = self.forms.get(viewing.number)
        return Event(
            received_at=words.stamp(viewing.loaded_at),
            event_key=key,
            ip=words.address(viewer.ip),
            country=place.country,
            region=place.subdivision_name,
            city=place.city,
            lat=place.latitude,
            lon=place.longitude,
            org=viewer.organisation,
            email=viewer.email,
            percent_viewed=figures.percent_viewed(media, viewing.distinct_seconds),
            embed_url=viewing.page.url or "",
            conversion_type=conversion_type(media, form),
            conversion_data=_conversion(form),
            iframe_heatmap_url=f"{self.origin}/v1/stats/events/{escaped(key)}/iframe.html?public_token={escaped(self.token)}",
            visitor_key=self.visitor_keys[viewer.number],
            user_agent_details=user_agent(viewer.device),
            media_id=media_id,
            media_name=media.title,
            media_url=f"{self.origin}/medias/{media_id}",
            thumbnail=_thumbnail(self.origin, media, media_id),
        )


def told(reading: Reading, origin: str, found: Sequence[Viewing]) -> list[Event]:
    """Events in their shape."""
    numbers = {viewing.media for viewing in found}
    filling = Filling(
        origin=origin,
        token=public_token(reading),
        media={media.number: media for media in library.media(reading, numbers=numbers)},
        media_ids=media_ids(reading, numbers),
        visitor_keys=keys(reading, "viewer", {viewing.viewer.number for viewing in found}),
        event_keys=keys(reading, "viewing", {viewing.number for viewing in found}),
        forms=_forms(reading, found),
    )
    return [filling.event(viewing) for viewing in found]


def _forms(reading: Reading, found: Sequence[Viewing]) -> dict[int, Converted]:
    """The first form that was filled in during each viewing, by the viewing's number."""
    acted = conversions.of_viewings(reading, [viewing.number for viewing in found])
    forms = {number: [one for one in each if one.kind is PromptKind.form] for number, each in acted.items()}
    return {number: min(each, key=lambda one: (one.at, one.prompt)) for number, each in forms.items() if each}


def conversion_type(media: Media, form: Converted | None) -> ConversionType:
    """Where in the media the form stood, in the words of the player — unknown 8."""
    if form is None:
        return ""
    at = media.prompts[form.prompt].at
    return "pre-roll-email" if at == 0 else "post-roll-email" if at >= media.seconds else "mid-roll-email"


def _conversion(form: Converted | None) -> Conversion:
    """What was said in a form; what was not said is absent, since nothing in it may be null — quirk 6."""
    if form is None:
        return Conversion(email=MISSING, first_name=MISSING, last_name=MISSING, is_new_lead=MISSING)
    first, last = words.names(form.name)
    return Conversion(
        email=MISSING if form.email is None else form.email,
        first_name=MISSING if first is None else first,
        last_name=MISSING if last is None else last,
        is_new_lead=form.first,
    )


def media_ids(reading: Reading, numbers: set[int]) -> dict[int, str]:
    """Hashed ids of media, by number."""
    given = Naming(reading, words.NAME).given("video", numbers)
    return {number: words.hashed_id("video", number, given.get(number, ())) for number in numbers}


def keys(reading: Reading, kind: str, numbers: set[int]) -> dict[int, str]:
    """Keys of visitors ("viewer") or events ("viewing"), by number."""
    given = Naming(reading, words.NAME).given(kind, numbers)
    return {number: words.key(kind, number, given.get(number, ())) for number in numbers}


def user_agent(device: Device) -> UserAgent:
    """What a visitor watches on; a tablet is not mobile (unknown 11)."""
    version = words.browser_version(device.browser_version)
    return UserAgent(browser=words.browser(device.browser), browser_version=version, platform=words.platform(device.os), mobile=device.type == "mobile")


def _thumbnail(origin: str, media: Media, media_id: str) -> Thumbnail:
    height = STILL_WIDTH * media.height // media.width
    size = STILL_WIDTH * height // 7
    return Thumbnail(url=still_url(origin, media_id), width=STILL_WIDTH, height=height, fileSize=size, contentType="image/jpeg", type="StillImageFile")


def still_url(origin: str, media_id: str) -> str:
    """Where a still would be; nothing is served there (unknown 10)."""
    return f"{origin}/deliveries/{media_id}.jpg"
