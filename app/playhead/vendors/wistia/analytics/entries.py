"""Figures of analytics filled into their shapes."""

from pydantic import MISSING

from playhead.stats.conversions import Conversion
from playhead.vendors.wistia import events, words
from playhead.vendors.wistia.analytics import forms, locations, shapes
from playhead.vendors.wistia.analytics.figures import People, Sums
from playhead.vendors.wistia.analytics.forms import Part
from playhead.vendors.wistia.analytics.locations import Domain, Interval, Location
from playhead.vendors.wistia.analytics.prompts import Prompted
from playhead.vendors.wistia.analytics.queries import TrafficGroup
from playhead.vendors.wistia.analytics.top import Watched
from playhead.vendors.wistia.analytics.traffic import Way
from playhead.vendors.wistia.catalogue.listing import ListedMedia, ListedProject

OTHERS = "All other"
Numbers = dict[str, int | float]


def _account(sums: Sums, people: People, prompted: Prompted) -> Numbers:
    return {
        "unique_loads": people.loads,
        "unique_plays": people.plays,
        "plays": sums.plays,
        "play_rate": sums.play_rate,
        "played_time": sums.played_time,
        "unique_visitors": people.loads,
        "engagement_rate": sums.engagement_rate,
        "form_conversions": prompted.forms,
    }


def _media(sums: Sums, people: People, prompted: Prompted) -> Numbers:
    calls = {"cta_impressions": prompted.shown, "cta_conversions": prompted.followed, "cta_conversion_rate": prompted.cta_rate}
    return {**_account(sums, people, prompted), **calls}


def account(sums: Sums, people: People, prompted: Prompted) -> shapes.AccountAnalytics:
    """All media together."""
    return shapes.AccountAnalytics.model_validate(_account(sums, people, prompted))


def account_interval(start: int, sums: Sums, people: People, prompted: Prompted) -> shapes.AccountInterval:
    """All media together in one interval."""
    return shapes.AccountInterval.model_validate({"timestamp": words.stamp(start), **_account(sums, people, prompted)})


def media(sums: Sums, people: People, prompted: Prompted) -> shapes.MediaAnalytics:
    """One media."""
    return shapes.MediaAnalytics.model_validate(_media(sums, people, prompted))


def media_interval(start: int, sums: Sums, people: People, prompted: Prompted) -> shapes.MediaInterval:
    """One media in one interval."""
    return shapes.MediaInterval.model_validate({"timestamp": words.stamp(start), **_media(sums, people, prompted)})


def _watched(watched: Watched) -> Numbers:
    return {
        "plays": watched.sums.plays,
        "play_rate": watched.sums.play_rate,
        "engagement_rate": watched.sums.engagement_rate,
        "unique_visitors": watched.people.loads,
        "played_time": watched.sums.played_time,
    }


def top_media(origin: str, listed: ListedMedia, watched: Watched, prompted: Prompted) -> shapes.TopMedia:
    """A media among those that are watched most."""
    found = listed.found
    return shapes.TopMedia(
        media_name=found.title,
        media_hashed_id=listed.hashed_id,
        media_type="Video",
        media_thumbnail_url=events.still_url(origin, listed.hashed_id),
        media_duration=found.duration_ms / 1000,
        media_uploaded_at=words.stamp(found.released_at),
        media_deleted_at=None,
        unique_loads=watched.people.loads,
        unique_plays=watched.people.plays,
        form_conversions=prompted.forms,
        **_watched(watched),  # type: ignore[arg-type] # numbers of two types
    )


def top_project(origin: str, listed: ListedProject, watched: Watched) -> shapes.TopProject:
    """A project among those that are watched most."""
    return shapes.TopProject(
        project_name=listed.found.title,
        project_hashed_id=listed.hashed_id,
        project_created_at=words.stamp(listed.found.created_at),
        project_url=f"{origin}/projects/{listed.hashed_id}",
        project_video_count=listed.media_count,
        **_watched(watched),  # type: ignore[arg-type] # numbers of two types
    )


def domain(found: Domain) -> shapes.EmbedDomain:
    """A domain on which media are embedded."""
    return shapes.EmbedDomain(
        embed_domain=found.name,
        media_count=found.media_count,
        loads=found.sums.loads,
        plays=found.sums.plays,
        play_rate=found.sums.play_rate,
        played_time=found.sums.played_time,
        engagement_rate=found.sums.engagement_rate,
        unique_visitors=found.people.loads,
    )


def _location(found: Location) -> Numbers:
    return {
        "loads": found.sums.loads,
        "unique_loads": found.people.loads,
        "plays": found.sums.plays,
        "unique_plays": found.people.plays,
        "play_rate": found.sums.play_rate,
        "played_time": found.sums.played_time,
        "engagement_rate": found.sums.engagement_rate,
        "unique_visitors": found.people.loads,
        "cta_conversion_rate": found.cta_rate,
    }


def _place(found: Location) -> dict[str, str | None]:
    """Where a location is; all the others together are nowhere."""
    if found.page is None:
        return {"embed_domain": None, "embed_path": None, "embed_url": None, "page_title": OTHERS}
    path = locations.path(found.url)
    return {"embed_domain": locations.host(found.url), "embed_path": path, "embed_url": found.url, "page_title": found.page.title or path}


def location(found: Location) -> shapes.EmbedLocation:
    """A page on which a media is embedded."""
    return shapes.EmbedLocation.model_validate({**_place(found), **_location(found)})


def interval(found: Interval) -> shapes.EmbedInterval:
    """The pages of one interval."""
    told = [*found.locations, *([found.others] if found.others else [])]
    entries = [shapes.EmbedEntry.model_validate({**_place(one), **_location(one)}) for one in told]
    return shapes.EmbedInterval(timestamp=words.stamp(found.start), entries=entries)


def way(group: TrafficGroup, found: Way) -> shapes.TrafficRow:
    """One way to a media."""
    names = {each.value: found.name if each is group else MISSING for each in TrafficGroup}
    return shapes.TrafficRow(**names, loads=found.sums.loads, plays=found.sums.plays, engagement_rate=found.sums.engagement_rate)


def conversions(part: Part) -> shapes.FormConversions:
    """Some of those who filled in a form."""
    ends = [forms.text(part.found[index]) for index in (0, -1)] if part.found else [None, None]
    info = shapes.PageInfo(has_next_page=part.behind, has_previous_page=part.before, end_cursor=ends[1], start_cursor=ends[0])
    return shapes.FormConversions(data=[_conversion(one) for one in part.found], page_info=info)


def _conversion(found: Conversion) -> shapes.FormConversion:
    first, last = words.names(found.name)
    return shapes.FormConversion(first_name=first, last_name=last, email=found.email, converted_at=words.stamp(found.at))


def language(found: Way, plays: int) -> shapes.LanguageRow:
    """A language of the given plays in all."""
    return shapes.LanguageRow(language=found.name or "", plays=found.sums.plays, percent_of_total_plays=found.sums.plays / plays, captions_support=False)
