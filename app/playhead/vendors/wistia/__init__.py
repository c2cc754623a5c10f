"""Wistia Stats."""

from playhead.accounts.rate_limits import RateLimit
from playhead.analytics import viewers, viewings
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.analytics.viewings import Order, ViewingFilter
from playhead.domain.media import MediaKind
from playhead.gateway.vendor import Vendor
from playhead.vendors.wistia import ids, lookup, vocabulary
from playhead.vendors.wistia.auth import HEALTH_PATH, PERMISSIONS, QUERY_TOKENS, authenticate
from playhead.vendors.wistia.errors import render_error
from playhead.vendors.wistia.params import sanitize_param
from playhead.vendors.wistia.stats.routes import routes

CATALOG_SAMPLE_SIZE = 5


def catalog_entries(snapshot: Snapshot) -> list[tuple[str, str, str]]:
    """(kind, id, title) of the library, of some recent events and visitors, and of the account's
    public token.
    """
    rows = [
        ("project", project.hashed_id, project.project.title)
        for project in lookup.list_projects(snapshot)
    ]
    rows += [("media", media.hashed_id, media.media.title) for media in lookup.list_media(snapshot)]
    recent = viewings.list_page(
        snapshot,
        ViewingFilter(played_only=True),
        order=Order.newest_first,
        limit=CATALOG_SAMPLE_SIZE,
    )
    media = {
        one.media.number: one.media.title
        for one in lookup.list_media(snapshot, {viewing.media for viewing in recent})
    }
    keys = lookup.keys_by_number(snapshot, "viewing", {viewing.number for viewing in recent})
    rows += [
        (
            "event",
            keys[viewing.number],
            f"{vocabulary.format_timestamp(viewing.loaded_at)} {media[viewing.media]}",
        )
        for viewing in recent
    ]
    active = [visitor.profile for visitor in viewers.list_page(snapshot, limit=CATALOG_SAMPLE_SIZE)]
    keys = lookup.keys_by_number(snapshot, "viewer", {person.number for person in active})
    rows += [
        ("visitor", keys[person.number], person.name or person.organisation) for person in active
    ]
    return [*rows, ("public_token", lookup.public_token(snapshot), snapshot.account.name)]


def curl_example(snapshot: Snapshot, url: str) -> str:
    """A request that works, for curl."""
    media = lookup.list_media(snapshot)
    path = f"medias/{media[0].hashed_id}.json" if media else "account.json"
    return f"curl -H 'Authorization: Bearer {snapshot.account.name}' '{url}/v1/stats/{path}'"


def normalize_path(path: str) -> str:
    """The path without a final `.json`:

    no other suffix is one, since old event keys have a dot — §0.10.
    """
    return path.removesuffix(".json") if path.startswith(("/v1/", "/modern/")) else path


WISTIA = Vendor(
    name=vocabulary.NAME,
    hosts=("api.wistia.com",),
    path_prefixes=("/v1", "/modern", "/health"),
    visibility=Visibility(frozenset({MediaKind.video}), ended_only=True),
    routes=routes,
    authenticate=authenticate,
    render_error=render_error,
    ids=ids.IDS,
    catalog=catalog_entries,
    curl_example=curl_example,
    normalize_path=normalize_path,
    default_headers={"Access-Control-Allow-Origin": "*"},
    preflight_headers={
        "Access-Control-Allow-Headers": "Authorization, Content-Type, X-Wistia-API-Version, "
        "X-Wistia-Client-Name, "
        "X-Wistia-Client-Version, "
        "Prefer, X-Playhead-Now",
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    },
    security_schemes={
        "bearer": {"type": "http", "scheme": "bearer"},
        "basic": {
            "type": "http",
            "scheme": "basic",
            "description": "The key as the password, or as the user without one",
        },
        "token": {"type": "apiKey", "in": "query", "name": "access_token"},
        "public_token": {
            "type": "apiKey",
            "in": "query",
            "name": "public_token",
            "description": "The account's, for pages that anyone may see",
        },
    },
    permissions=PERMISSIONS,
    rate_limit=lambda request: (
        None if request.scope["path"] == HEALTH_PATH else RateLimit("requests", 600, 60)
    ),  # §1.4
    sanitize_param=sanitize_param,
    secret_params=frozenset({*QUERY_TOKENS, "public_token"}),
)
