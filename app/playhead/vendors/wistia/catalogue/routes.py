"""The catalogue's routes: account and token, media, projects and folders."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from playhead.gate import GatedRoute
from playhead.stats import tallies
from playhead.stats.tallies import Tally
from playhead.vendor import Asked, Entered
from playhead.vendors.wistia import figures, finding, words
from playhead.vendors.wistia.catalogue import entries, listing, shapes
from playhead.vendors.wistia.catalogue.queries import CURSOR_PARAMETER, Cursored, FolderMedias, Format, List, OfProject, ProjectMedias
from playhead.vendors.wistia.catalogue.shapes import Account, AccountUsage, Folder, MediaSummary, OldAccount, OldMedia, Percents, Project, Token, WholeProject
from playhead.vendors.wistia.origin import Origin

v1 = APIRouter(route_class=GatedRoute)
modern = APIRouter(route_class=GatedRoute)
both = APIRouter(route_class=GatedRoute)  # what both prefixes have alike

NO_CURSOR: dict[int | str, dict[str, Any]] = {400: {"description": "A cursor is none of this list, or does not go with its order"}}  # Any: of OpenAPI
MOST_VIDEOS = 1_000_000
MEDIA_A_PAGE = 500  # of a project that is told alone — §7.1


@v1.get("/account", name="account_itself")
def old_account(asked: Asked, origin: Origin) -> OldAccount:
    """Whose token it is — Wistia OpenAPI file (v1), §7.1, grade S."""
    media, projects = listing.medias(asked), listing.projects(asked)
    return OldAccount(
        id=asked.account.number,
        name=asked.account.name,
        url=origin,
        mediaCount=len(media),
        videoLimit=MOST_VIDEOS,
        projectCount=len(projects),
        channelCount=0,
    )


@modern.get("/account")
def account_itself(asked: Asked, origin: Origin) -> Account:
    """Whose token it is — Wistia OpenAPI file (edge), §7.2, grade S."""
    media, projects = listing.medias(asked), listing.projects(asked)
    return Account(
        id=asked.account.number,
        name=asked.account.name,
        url=origin,
        media_count=len(media),
        video_limit=MOST_VIDEOS,
        folder_count=len(projects),
        channel_count=0,
    )


@modern.get("/account_usage")
def account_usage(_entered: Entered, origin: Origin) -> AccountUsage:
    """What the account may use — Wistia OpenAPI file (CLI), Account Usage, §7.2, grade S."""
    plan = shapes.Plan(tier="premium", name="Premium", is_standard=True, is_trial=False, trial_expires_at=None)
    links = shapes.UsageLinks(plans_url=f"{origin}/account/plans")
    return AccountUsage(plan=plan, can_upload=False, upload_blocked_reason="Uploads are not emulated", limits=None, links=links)


@modern.get("/token")
def token(entered: Entered) -> Token:
    """The token that asks — Wistia OpenAPI file (edge), Token, §7.2, grade S."""
    may = entered.options.permissions.get(words.NAME, {}).get("stats_scope", True)
    return Token(type="permanent", application=None, scopes=["media:read", *(["stats:read"] if may else [])], name=entered.name, expires_at=None)


# Media.


@v1.get("/medias", name="medias")
def old_medias(query: ProjectMedias, asked: Asked, origin: Origin) -> list[OldMedia]:
    """Media, by id unless asked otherwise."""
    return [entries.old_media(origin, found, asked.account.now) for found in listing.chosen(asked, query)]


@modern.get("/medias", openapi_extra=CURSOR_PARAMETER, responses=NO_CURSOR)
def medias(query: FolderMedias, cursor: Cursored, asked: Asked, origin: Origin) -> list[shapes.Media]:
    """Media, by id unless asked otherwise."""
    now = asked.account.now
    if cursor is None:
        return [entries.media(origin, found, now) for found in listing.chosen(asked, query)]
    return [entries.media(origin, found, now, place) for place, found in listing.chosen_from(asked, query, cursor)]


@v1.get("/medias/{media_id}", name="media_itself")
def old_media(media_id: str, asked: Asked, origin: Origin) -> OldMedia:
    """A media."""
    return entries.old_media(origin, finding.listed_media(asked, media_id), asked.account.now)


@modern.get("/medias/{media_id}")
def media_itself(media_id: str, _query: Format, asked: Asked, origin: Origin) -> shapes.Media:
    """A media — Wistia OpenAPI file (edge), §7.2, grade S."""
    return entries.media(origin, finding.listed_media(asked, media_id), asked.account.now)


@both.get("/medias/{media_id}/stats")
def media_summary(media_id: str, asked: Asked) -> MediaSummary:
    """Lifetime counts of a media in whole percents — L4."""
    listed = finding.listed_media(asked, media_id)
    tally = tallies.by_media(asked, media=[listed.found.number]).get(listed.found.number, Tally())
    people = tallies.people(asked, listed.found.number)
    stats = Percents(
        pageLoads=tally.loads,
        visitors=people.visitors,
        percentOfVisitorsClickingPlay=figures.percent(figures.play_rate(people)),
        plays=tally.plays,
        averagePercentWatched=figures.percent(figures.engagement(listed.found, tally)),
    )
    return MediaSummary(id=listed.id, hashed_id=listed.hashed_id, name=listed.found.title, stats=stats)


# Projects.


@v1.get("/projects")
def projects(query: List, asked: Asked) -> list[Project]:
    """Projects, by id unless asked otherwise."""
    return [entries.project(found) for found in listing.chosen_projects(asked, query)]


@v1.get("/projects/{project_id}")
def project_itself(project_id: str, query: OfProject, asked: Asked, origin: Origin) -> WholeProject:
    """A project with its media, at most 500 of them a page."""
    found = finding.project(asked, project_id)
    media = [one for one in listing.medias(asked) if one.found.project == found.found.number]
    shown = media[(query.page - 1) * MEDIA_A_PAGE : query.page * MEDIA_A_PAGE]
    return entries.whole_project(origin, found, shown, asked.account.now)


@modern.get("/folders", openapi_extra=CURSOR_PARAMETER, responses=NO_CURSOR)
def folders(query: List, cursor: Cursored, asked: Asked, origin: Origin) -> list[Folder]:
    """Projects under their new name — Wistia OpenAPI file (edge), §7.2, grade S."""
    if cursor is None:
        return [entries.folder(origin, found) for found in listing.chosen_projects(asked, query)]
    return [entries.folder(origin, found, place) for place, found in listing.chosen_projects_from(asked, query, cursor)]


@modern.get("/folders/{folder_id}")
def folder(folder_id: Annotated[str, Path(examples=["ln2k6qwi9k"])], asked: Asked, origin: Origin) -> Folder:
    """A project under its new name — Wistia OpenAPI file (edge), Folder, §7.2, grade S."""
    return entries.folder(origin, finding.project(asked, folder_id, called="folder"))
