"""Gcore Streaming statistics."""

from fastapi import APIRouter

from playhead.accounts.rate_limits import RateLimit
from playhead.analytics import catalog as media_catalog
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.domain.media import MediaKind
from playhead.gateway.pipeline import EmulatedRoute
from playhead.gateway.vendor import Vendor
from playhead.vendors.gcore import ids, vocabulary
from playhead.vendors.gcore.auth import PERMISSIONS, authenticate
from playhead.vendors.gcore.catalog.routes import routes as catalog_routes
from playhead.vendors.gcore.delivery.routes import routes as delivery_routes
from playhead.vendors.gcore.errors import render_error
from playhead.vendors.gcore.param_types import sanitize_param
from playhead.vendors.gcore.player.routes import routes as player_routes
from playhead.vendors.gcore.processing.routes import routes as processing_routes

routes = APIRouter(route_class=EmulatedRoute)
for family in (player_routes, delivery_routes, processing_routes, catalog_routes):
    routes.include_router(family)


def catalog_entries(snapshot: Snapshot) -> list[tuple[str, str, str]]:
    """(kind, id, title) of everything with an id here."""
    rows = []
    for kind in MediaKind:
        found = [media for media in media_catalog.media(snapshot) if media.kind is kind]
        given = AliasResolver(snapshot, vocabulary.NAME).assigned(
            kind.name, [media.number for media in found]
        )
        rows += [
            (
                kind.name,
                str(ids.id_of(media.number, given.get(media.number, ()))),
                media.title,
            )
            for media in found
        ]
    return rows


def curl_example(snapshot: Snapshot, url: str) -> str:
    """A request that works, for curl."""
    return (
        f"curl -H 'Authorization: APIKey {snapshot.account.name}' '{url}/streaming/"
        "statistics/stream/watching_duration/total'"
    )


GCORE = Vendor(
    name=vocabulary.NAME,
    hosts=("api.gcore.com",),
    path_prefixes=("/streaming", "/iam"),
    visibility=Visibility(frozenset(MediaKind)),
    routes=routes,
    authenticate=authenticate,
    render_error=render_error,
    ids=ids.IDS,
    catalog=catalog_entries,
    curl_example=curl_example,
    normalize_path=lambda path: path.rstrip("/") or "/",  # a trailing slash changes nothing — §1.10
    duplicate_keys="first",
    list_params=frozenset({"group", "ids"}),
    default_headers={"Access-Control-Allow-Origin": "*"},
    preflight_headers={
        "Access-Control-Allow-Headers": "Authorization, Content-Type, Prefer, X-Playhead-Now",
        "Access-Control-Allow-Methods": "GET, OPTIONS",
    },
    security_schemes={
        "APIKey": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`APIKey <key>`, or `Bearer <key>`",
        }
    },
    permissions=PERMISSIONS,
    rate_limit=lambda _request: RateLimit("requests", 4, 1),  # §1.7, legacy documentation
    sanitize_param=sanitize_param,
    retry_header="x-should-retry",
    attempt_header="x-stainless-retry-count",
)
