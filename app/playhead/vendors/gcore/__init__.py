"""Gcore Streaming statistics."""

from playhead.accounts.limits import Limit
from playhead.stats import library
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading, Sight
from playhead.vendor import Vendor
from playhead.vendors.gcore import words
from playhead.vendors.gcore.auth import PERMISSIONS, authenticate
from playhead.vendors.gcore.errors import answer
from playhead.vendors.gcore.routes import routes
from playhead.vendors.gcore.values import lenient
from playhead.world.terms import MediaKind


def catalog(reading: Reading) -> list[tuple[str, str, str]]:
    """(kind, id, title) of everything with an id here."""
    rows = []
    for kind in MediaKind:
        found = [media for media in library.media(reading) if media.kind is kind]
        given = Naming(reading, words.NAME).given(kind.name, [media.number for media in found])
        rows += [(kind.name, str(words.id_of(media.number, given.get(media.number, ()))), media.title) for media in found]
    return rows


def example(reading: Reading, url: str) -> str:
    """A request that works, for curl."""
    return f"curl -H 'Authorization: APIKey {reading.account.name}' '{url}/streaming/statistics/stream/watching_duration/total'"


GCORE = Vendor(
    name=words.NAME,
    hosts=("api.gcore.com",),
    roots=("/streaming", "/iam"),
    sight=Sight(frozenset(MediaKind)),
    routes=routes,
    authenticate=authenticate,
    answer=answer,
    ids=words.IDS,
    catalog=catalog,
    example=example,
    canonical=lambda path: path.rstrip("/") or "/",  # a trailing slash changes nothing — §1.10
    repeated="first",
    lists=frozenset({"group", "ids"}),
    headers={"Access-Control-Allow-Origin": "*"},
    preflight={"Access-Control-Allow-Headers": "Authorization, Content-Type, Prefer, X-Playhead-Now", "Access-Control-Allow-Methods": "GET, OPTIONS"},
    schemes={"APIKey": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "`APIKey <key>`, or `Bearer <key>`"}},
    permissions=PERMISSIONS,
    limit=lambda _request: Limit("requests", 4, 1),  # §1.7, legacy documentation
    lenient=lenient,
    retry_header="x-should-retry",
    attempt_header="x-stainless-retry-count",
)
