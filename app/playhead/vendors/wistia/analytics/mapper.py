"""Figures of analytics filled into their shapes."""

from pydantic import MISSING

from playhead.analytics.conversions import Conversion
from playhead.vendors.wistia import vocabulary
from playhead.vendors.wistia.analytics import forms, locations, schemas
from playhead.vendors.wistia.analytics.compute import MediaTotals, UniqueCounts
from playhead.vendors.wistia.analytics.forms import ConversionsPage
from playhead.vendors.wistia.analytics.locations import Domain, Interval, Location
from playhead.vendors.wistia.analytics.params import TrafficGroup
from playhead.vendors.wistia.analytics.prompts import PromptTotals
from playhead.vendors.wistia.analytics.top import TopEntry
from playhead.vendors.wistia.analytics.traffic import TrafficRow
from playhead.vendors.wistia.base_url import still_url
from playhead.vendors.wistia.lookup import MediaEntry, ProjectEntry

OTHERS_TITLE = "All other"
Fields = dict[str, int | float]


def _account_fields(totals: MediaTotals, uniques: UniqueCounts, prompts: PromptTotals) -> Fields:
    return {
        "unique_loads": uniques.loads,
        "unique_plays": uniques.plays,
        "plays": totals.plays,
        "play_rate": totals.play_rate,
        "played_time": totals.played_time,
        "unique_visitors": uniques.loads,
        "engagement_rate": totals.engagement_rate,
        "form_conversions": prompts.form_conversions,
    }


def _media_fields(totals: MediaTotals, uniques: UniqueCounts, prompts: PromptTotals) -> Fields:
    calls = {
        "cta_impressions": prompts.cta_impressions,
        "cta_conversions": prompts.cta_conversions,
        "cta_conversion_rate": prompts.cta_rate,
    }
    return {**_account_fields(totals, uniques, prompts), **calls}


def account(
    totals: MediaTotals, uniques: UniqueCounts, prompts: PromptTotals
) -> schemas.AccountAnalytics:
    """All media together."""
    return schemas.AccountAnalytics.model_validate(_account_fields(totals, uniques, prompts))


def account_interval(
    start: int, totals: MediaTotals, uniques: UniqueCounts, prompts: PromptTotals
) -> schemas.AccountInterval:
    """All media together in one interval."""
    return schemas.AccountInterval.model_validate(
        {
            "timestamp": vocabulary.format_timestamp(start),
            **_account_fields(totals, uniques, prompts),
        }
    )


def media(
    totals: MediaTotals, uniques: UniqueCounts, prompts: PromptTotals
) -> schemas.MediaAnalytics:
    """One media."""
    return schemas.MediaAnalytics.model_validate(_media_fields(totals, uniques, prompts))


def media_interval(
    start: int, totals: MediaTotals, uniques: UniqueCounts, prompts: PromptTotals
) -> schemas.MediaInterval:
    """One media in one interval."""
    return schemas.MediaInterval.model_validate(
        {"timestamp": vocabulary.format_timestamp(start), **_media_fields(totals, uniques, prompts)}
    )


def _top_fields(entry: TopEntry) -> Fields:
    return {
        "plays": entry.totals.plays,
        "play_rate": entry.totals.play_rate,
        "engagement_rate": entry.totals.engagement_rate,
        "unique_visitors": entry.uniques.loads,
        "played_time": entry.totals.played_time,
    }


def top_media(
    base_url: str, media_entry: MediaEntry, entry: TopEntry, prompts: PromptTotals
) -> schemas.TopMedia:
    """A media among those that are watched most."""
    found = media_entry.media
    return schemas.TopMedia(
        media_name=found.title,
        media_hashed_id=media_entry.hashed_id,
        media_type="Video",
        media_thumbnail_url=still_url(base_url, media_entry.hashed_id),
        media_duration=found.duration_ms / 1000,
        media_uploaded_at=vocabulary.format_timestamp(found.released_at),
        media_deleted_at=None,
        unique_loads=entry.uniques.loads,
        unique_plays=entry.uniques.plays,
        form_conversions=prompts.form_conversions,
        **_top_fields(entry),  # type: ignore[arg-type] # numbers of two types
    )


def top_project(base_url: str, project_entry: ProjectEntry, entry: TopEntry) -> schemas.TopProject:
    """A project among those that are watched most."""
    return schemas.TopProject(
        project_name=project_entry.project.title,
        project_hashed_id=project_entry.hashed_id,
        project_created_at=vocabulary.format_timestamp(project_entry.project.created_at),
        project_url=f"{base_url}/projects/{project_entry.hashed_id}",
        project_video_count=project_entry.media_count,
        **_top_fields(entry),  # type: ignore[arg-type] # numbers of two types
    )


def domain(row: Domain) -> schemas.EmbedDomain:
    """A domain on which media are embedded."""
    return schemas.EmbedDomain(
        embed_domain=row.name,
        media_count=row.media_count,
        loads=row.totals.loads,
        plays=row.totals.plays,
        play_rate=row.totals.play_rate,
        played_time=row.totals.played_time,
        engagement_rate=row.totals.engagement_rate,
        unique_visitors=row.uniques.loads,
    )


def _location_fields(row: Location) -> Fields:
    return {
        "loads": row.totals.loads,
        "unique_loads": row.uniques.loads,
        "plays": row.totals.plays,
        "unique_plays": row.uniques.plays,
        "play_rate": row.totals.play_rate,
        "played_time": row.totals.played_time,
        "engagement_rate": row.totals.engagement_rate,
        "unique_visitors": row.uniques.loads,
        "cta_conversion_rate": row.cta_rate,
    }


def _page_fields(row: Location) -> dict[str, str | None]:
    """Where a location is; all the others together are nowhere."""
    if row.page is None:
        return {
            "embed_domain": None,
            "embed_path": None,
            "embed_url": None,
            "page_title": OTHERS_TITLE,
        }
    path = locations.path(row.url)
    return {
        "embed_domain": locations.host(row.url),
        "embed_path": path,
        "embed_url": row.url,
        "page_title": row.page.title or path,
    }


def location(row: Location) -> schemas.EmbedLocation:
    """A page on which a media is embedded."""
    return schemas.EmbedLocation.model_validate({**_page_fields(row), **_location_fields(row)})


def interval(embed_interval: Interval) -> schemas.EmbedInterval:
    """The pages of one interval."""
    rows = [*embed_interval.locations, *([embed_interval.others] if embed_interval.others else [])]
    entries = [
        schemas.EmbedEntry.model_validate({**_page_fields(one), **_location_fields(one)})
        for one in rows
    ]
    return schemas.EmbedInterval(
        timestamp=vocabulary.format_timestamp(embed_interval.start), entries=entries
    )


def traffic_row(group: TrafficGroup, row: TrafficRow) -> schemas.TrafficRow:
    """One way to a media."""
    names = {each.value: row.name if each is group else MISSING for each in TrafficGroup}
    return schemas.TrafficRow(
        **names,
        loads=row.totals.loads,
        plays=row.totals.plays,
        engagement_rate=row.totals.engagement_rate,
    )


def conversions(page: ConversionsPage) -> schemas.FormConversions:
    """Some of those who filled in a form."""
    ends = (
        [forms.cursor_of(page.conversions[index]) for index in (0, -1)]
        if page.conversions
        else [None, None]
    )
    info = schemas.PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        end_cursor=ends[1],
        start_cursor=ends[0],
    )
    return schemas.FormConversions(
        data=[_conversion(one) for one in page.conversions], page_info=info
    )


def _conversion(conversion: Conversion) -> schemas.FormConversion:
    first, last = vocabulary.split_name(conversion.name)
    return schemas.FormConversion(
        first_name=first,
        last_name=last,
        email=conversion.email,
        converted_at=vocabulary.format_timestamp(conversion.converted_at),
    )


def language(row: TrafficRow, plays: int) -> schemas.LanguageRow:
    """A language of the given plays in all."""
    return schemas.LanguageRow(
        language=row.name or "",
        plays=row.totals.plays,
        percent_of_total_plays=row.totals.plays / plays,
        captions_support=False,
    )
