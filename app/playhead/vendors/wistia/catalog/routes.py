"""The catalogue's routes: account and token, media, projects and folders."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from playhead.analytics import aggregates
from playhead.analytics.aggregates import Measures
from playhead.gateway.pipeline import EmulatedRoute
from playhead.gateway.vendor_app import CurrentAccount, CurrentSnapshot
from playhead.vendors.wistia import lookup, rates, vocabulary
from playhead.vendors.wistia.base_url import BaseUrl
from playhead.vendors.wistia.catalog import compute as catalog_compute
from playhead.vendors.wistia.catalog import mapper, schemas
from playhead.vendors.wistia.catalog.params import (
    CURSOR_PARAMETER,
    CursorParam,
    FolderMediasQueryParams,
    FormatQueryParams,
    ListQueryParams,
    ProjectMediasQueryParams,
    ProjectQueryParams,
)
from playhead.vendors.wistia.catalog.schemas import (
    Account,
    AccountUsage,
    Folder,
    MediaSummary,
    OldAccount,
    OldMedia,
    Percents,
    Project,
    Token,
    WholeProject,
)

v1 = APIRouter(route_class=EmulatedRoute)
modern = APIRouter(route_class=EmulatedRoute)
both = APIRouter(route_class=EmulatedRoute)  # what both prefixes have alike

CURSOR_RESPONSES: dict[int | str, dict[str, Any]] = {
    400: {"description": "A cursor is none of this list, or does not go with its order"}
}  # Any: of OpenAPI
VIDEO_LIMIT = 1_000_000
MEDIA_PER_PAGE = 500  # of a project that is told alone — §7.1


@v1.get("/account", name="account_itself")
def old_account(snapshot: CurrentSnapshot, base_url: BaseUrl) -> OldAccount:
    """Whose token it is — Wistia OpenAPI file (v1), §7.1, grade S."""
    media = lookup.list_media(snapshot)
    projects = lookup.list_projects(snapshot)
    return OldAccount(
        id=snapshot.account.number,
        name=snapshot.account.name,
        url=base_url,
        mediaCount=len(media),
        videoLimit=VIDEO_LIMIT,
        projectCount=len(projects),
        channelCount=0,
    )


@modern.get("/account")
def account_itself(snapshot: CurrentSnapshot, base_url: BaseUrl) -> Account:
    """Whose token it is — Wistia OpenAPI file (edge), §7.2, grade S."""
    media = lookup.list_media(snapshot)
    projects = lookup.list_projects(snapshot)
    return Account(
        id=snapshot.account.number,
        name=snapshot.account.name,
        url=base_url,
        media_count=len(media),
        video_limit=VIDEO_LIMIT,
        folder_count=len(projects),
        channel_count=0,
    )


@modern.get("/account_usage")
def account_usage(_account: CurrentAccount, base_url: BaseUrl) -> AccountUsage:
    """What the account may use — Wistia OpenAPI file (CLI), Account Usage, §7.2, grade S."""
    plan = schemas.Plan(
        tier="premium", name="Premium", is_standard=True, is_trial=False, trial_expires_at=None
    )
    links = schemas.UsageLinks(plans_url=f"{base_url}/account/plans")
    return AccountUsage(
        plan=plan,
        can_upload=False,
        upload_blocked_reason="Uploads are not emulated",
        limits=None,
        links=links,
    )


@modern.get("/token")
def token(account: CurrentAccount) -> Token:
    """The token that asks — Wistia OpenAPI file (edge), Token, §7.2, grade S."""
    may = account.options.permissions.get(vocabulary.NAME, {}).get("stats_scope", True)
    return Token(
        type="permanent",
        application=None,
        scopes=["media:read", *(["stats:read"] if may else [])],
        name=account.name,
        expires_at=None,
    )


# Media.


@v1.get("/medias", name="medias")
def old_medias(
    params: ProjectMediasQueryParams, snapshot: CurrentSnapshot, base_url: BaseUrl
) -> list[OldMedia]:
    """Media, by id unless asked otherwise."""
    return [
        mapper.old_media(base_url, found, snapshot.account.now)
        for found in catalog_compute.select_media(snapshot, params)
    ]


@modern.get("/medias", openapi_extra=CURSOR_PARAMETER, responses=CURSOR_RESPONSES)
def medias(
    params: FolderMediasQueryParams,
    cursor: CursorParam,
    snapshot: CurrentSnapshot,
    base_url: BaseUrl,
) -> list[schemas.Media]:
    """Media, by id unless asked otherwise."""
    now = snapshot.account.now
    if cursor is None:
        return [
            mapper.media(base_url, found, now)
            for found in catalog_compute.select_media(snapshot, params)
        ]
    return [
        mapper.media(base_url, found, now, place)
        for place, found in catalog_compute.select_media_from(snapshot, params, cursor)
    ]


@v1.get("/medias/{media_id}", name="media_itself")
def old_media(media_id: str, snapshot: CurrentSnapshot, base_url: BaseUrl) -> OldMedia:
    """A media."""
    return mapper.old_media(
        base_url, lookup.get_media_entry(snapshot, media_id), snapshot.account.now
    )


@modern.get("/medias/{media_id}")
def media_itself(
    media_id: str, _params: FormatQueryParams, snapshot: CurrentSnapshot, base_url: BaseUrl
) -> schemas.Media:
    """A media — Wistia OpenAPI file (edge), §7.2, grade S."""
    return mapper.media(base_url, lookup.get_media_entry(snapshot, media_id), snapshot.account.now)


@both.get("/medias/{media_id}/stats")
def media_summary(media_id: str, snapshot: CurrentSnapshot) -> MediaSummary:
    """Lifetime counts of a media in whole percents — L4."""
    listed = lookup.get_media_entry(snapshot, media_id)
    tally = aggregates.by_media(snapshot, media=[listed.media.number]).get(
        listed.media.number, Measures()
    )
    people = aggregates.audience(snapshot, listed.media.number)
    stats = Percents(
        pageLoads=tally.loads,
        visitors=people.viewers,
        percentOfVisitorsClickingPlay=rates.to_percent(rates.play_rate(people)),
        plays=tally.plays,
        averagePercentWatched=rates.to_percent(rates.engagement(listed.media, tally)),
    )
    return MediaSummary(
        id=listed.id, hashed_id=listed.hashed_id, name=listed.media.title, stats=stats
    )


# Projects.


@v1.get("/projects")
def projects(params: ListQueryParams, snapshot: CurrentSnapshot) -> list[Project]:
    """Projects, by id unless asked otherwise."""
    return [mapper.project(found) for found in catalog_compute.select_projects(snapshot, params)]


@v1.get("/projects/{project_id}")
def project_itself(
    project_id: str, params: ProjectQueryParams, snapshot: CurrentSnapshot, base_url: BaseUrl
) -> WholeProject:
    """A project with its media, at most 500 of them a page."""
    found = lookup.get_project(snapshot, project_id)
    media = [
        one for one in lookup.list_media(snapshot) if one.media.project == found.project.number
    ]
    shown = media[(params.page - 1) * MEDIA_PER_PAGE : params.page * MEDIA_PER_PAGE]
    return mapper.project_with_media(base_url, found, shown, snapshot.account.now)


@modern.get("/folders", openapi_extra=CURSOR_PARAMETER, responses=CURSOR_RESPONSES)
def folders(
    params: ListQueryParams, cursor: CursorParam, snapshot: CurrentSnapshot, base_url: BaseUrl
) -> list[Folder]:
    """Projects under their new name — Wistia OpenAPI file (edge), §7.2, grade S."""
    if cursor is None:
        return [
            mapper.folder(base_url, found)
            for found in catalog_compute.select_projects(snapshot, params)
        ]
    return [
        mapper.folder(base_url, found, place)
        for place, found in catalog_compute.select_projects_from(snapshot, params, cursor)
    ]


@modern.get("/folders/{folder_id}")
def folder(
    folder_id: Annotated[str, Path(examples=["ln2k6qwi9k"])],
    snapshot: CurrentSnapshot,
    base_url: BaseUrl,
) -> Folder:
    """A project under its new name — Wistia OpenAPI file (edge), Folder, §7.2, grade S."""
    return mapper.folder(base_url, lookup.get_project(snapshot, folder_id, error_field="folder"))
