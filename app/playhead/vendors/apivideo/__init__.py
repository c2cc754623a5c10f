"""api.video analytics."""

from fastapi import APIRouter

from playhead.analytics import catalog as media_catalog
from playhead.analytics import viewings
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.analytics.viewings import Order, Viewing, ViewingFilter
from playhead.domain.clock import utc_datetime
from playhead.domain.media import MediaKind
from playhead.gateway.vendor import Vendor
from playhead.vendors.apivideo import auth, lookup, vocabulary
from playhead.vendors.apivideo import ids as apivideo_ids
from playhead.vendors.apivideo.auth_tokens.routes import routes as auth_tokens_routes
from playhead.vendors.apivideo.catalog.routes import routes as catalog_routes
from playhead.vendors.apivideo.client_compat import CompatRoute
from playhead.vendors.apivideo.data.routes import routes as data_routes
from playhead.vendors.apivideo.errors import render_error
from playhead.vendors.apivideo.plays.routes import routes as plays_routes
from playhead.vendors.apivideo.sessions.params import sanitize_param
from playhead.vendors.apivideo.sessions.routes import routes as sessions_routes

routes = APIRouter(route_class=CompatRoute)
for family in (
    plays_routes,  # before the sessions of a media: `plays` is not an id — §2
    data_routes,
    auth_tokens_routes,
    sessions_routes,
    catalog_routes,
):
    routes.include_router(family)

VISIBILITY = Visibility(frozenset({MediaKind.video, MediaKind.live}))
CATALOG_SAMPLE_SIZE = 5


def catalog_entries(snapshot: Snapshot) -> list[tuple[str, str, str]]:
    """(kind, id, title) of videos, live streams and the newest sessions."""
    titles = {media.number: media.title for media in media_catalog.media(snapshot)}
    rows = [
        (kind.name, id_, titles[number])
        for kind in (MediaKind.video, MediaKind.live)
        for number, id_ in lookup.ids_by_number(snapshot, kind).items()
    ]
    newest = [
        viewing
        for viewing in _newest_viewings(snapshot, CATALOG_SAMPLE_SIZE)
        if viewing.media in titles
    ]
    given = AliasResolver(snapshot, vocabulary.NAME).assigned(
        "viewing", [viewing.number for viewing in newest]
    )
    sessions = [
        (
            "session",
            apivideo_ids.id_of("viewing", viewing.number, given.get(viewing.number, ())),
            titles[viewing.media],
        )
        for viewing in newest
    ]
    return rows + sessions


def curl_example(snapshot: Snapshot, url: str) -> str:
    """A request that works, for curl:

    the sessions of the month in which a video was last watched.
    """
    ids = lookup.ids_by_number(snapshot, MediaKind.video)
    path = "/videos"
    viewing = next(
        (viewing for viewing in _newest_viewings(snapshot, 100) if viewing.media in ids), None
    )
    if viewing:
        path = (
            f"/analytics/videos/{ids[viewing.media]}?period={utc_datetime(viewing.loaded_at):%Y-%m}"
        )
    return f"curl -u '{snapshot.account.name}:' '{url}{path}'"


def _newest_viewings(snapshot: Snapshot, limit: int) -> list[Viewing]:
    return viewings.list_page(snapshot, ViewingFilter(), order=Order.newest_first, limit=limit)


APIVIDEO = Vendor(
    name=vocabulary.NAME,
    hosts=("ws.api.video", "sandbox.api.video"),
    path_prefixes=("/auth", "/analytics", "/data", "/videos", "/live-streams"),
    visibility=VISIBILITY,
    routes=routes,
    authenticate=auth.authenticate,
    render_error=render_error,
    ids=apivideo_ids.IDS,
    catalog=catalog_entries,
    curl_example=curl_example,
    default_headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache, private"},
    preflight_headers={
        "Access-Control-Allow-Headers": (
            "Authorization, Content-Type, AV-Origin-App, AV-Origin-Client, AV-Origin-Sdk, "
            "Prefer, X-Playhead-Now"
        ),
        "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    },
    security_schemes={
        "basic": {
            "type": "http",
            "scheme": "basic",
            "description": "The API key as the user, without a password",
        },
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "The access_token of POST /auth/api-key",
        },
    },
    permissions=auth.PERMISSIONS,
    rate_limit=auth.rate_limit,
    rate_limit_headers=auth.rate_limit_headers,
    sanitize_param=sanitize_param,
)
