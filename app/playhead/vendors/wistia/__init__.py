"""Wistia Stats."""

from playhead.accounts.limits import Limit
from playhead.stats import viewers, viewings
from playhead.stats.reading import Reading, Sight
from playhead.stats.viewings import Order, Which
from playhead.vendor import Vendor
from playhead.vendors.wistia import events, words
from playhead.vendors.wistia.auth import HEALTH, PERMISSIONS, QUERY_TOKENS, authenticate
from playhead.vendors.wistia.catalogue import listing
from playhead.vendors.wistia.errors import answer
from playhead.vendors.wistia.queries import lenient
from playhead.vendors.wistia.routes import routes
from playhead.world.terms import MediaKind

SHOWN = 5


def catalog(reading: Reading) -> list[tuple[str, str, str]]:
    """(kind, id, title) of the library, of some recent events and visitors, and of the account's public token."""
    rows = [("project", project.hashed_id, project.found.title) for project in listing.projects(reading)]
    rows += [("media", media.hashed_id, media.found.title) for media in listing.medias(reading)]
    recent = viewings.page(reading, Which(played=True), order=Order.newest_first, limit=SHOWN)
    media = {one.found.number: one.found.title for one in listing.medias(reading, {viewing.media for viewing in recent})}
    keys = events.keys(reading, "viewing", {viewing.number for viewing in recent})
    rows += [("event", keys[viewing.number], f"{words.stamp(viewing.loaded_at)} {media[viewing.media]}") for viewing in recent]
    active = [visitor.person for visitor in viewers.page(reading, limit=SHOWN)]
    keys = events.keys(reading, "viewer", {person.number for person in active})
    rows += [("visitor", keys[person.number], person.name or person.organisation) for person in active]
    return [*rows, ("public_token", events.public_token(reading), reading.account.name)]


def example(reading: Reading, url: str) -> str:
    """A request that works, for curl."""
    media = listing.medias(reading)
    path = f"medias/{media[0].hashed_id}.json" if media else "account.json"
    return f"curl -H 'Authorization: Bearer {reading.account.name}' '{url}/v1/stats/{path}'"


def canonical(path: str) -> str:
    """The path without a final `.json`: no other suffix is one, since old event keys have a dot — §0.10."""
    return path.removesuffix(".json") if path.startswith(("/v1/", "/modern/")) else path


WISTIA = Vendor(
    name=words.NAME,
    hosts=("api.wistia.com",),
    roots=("/v1", "/modern", "/health"),
    sight=Sight(frozenset({MediaKind.video}), finished_only=True),
    routes=routes,
    authenticate=authenticate,
    answer=answer,
    ids=words.IDS,
    catalog=catalog,
    example=example,
    canonical=canonical,
    headers={"Access-Control-Allow-Origin": "*"},
    preflight={
        "Access-Control-Allow-Headers": "Authorization, Content-Type, X-Wistia-API-Version, X-Wistia-Client-Name, X-Wistia-Client-Version, "
        "Prefer, X-Playhead-Now",
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    },
    schemes={
        "bearer": {"type": "http", "scheme": "bearer"},
        "basic": {"type": "http", "scheme": "basic", "description": "The key as the password, or as the user without one"},
        "token": {"type": "apiKey", "in": "query", "name": "access_token"},
        "public_token": {"type": "apiKey", "in": "query", "name": "public_token", "description": "The account's, for pages that anyone may see"},
    },
    permissions=PERMISSIONS,
    limit=lambda request: None if request.scope["path"] == HEALTH else Limit("requests", 600, 60),  # §1.4
    lenient=lenient,
    secrets=frozenset({*QUERY_TOKENS, "public_token"}),
)
