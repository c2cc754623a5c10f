"""api.video analytics."""

from playhead.clock import utc
from playhead.stats import library, viewings
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading, Sight
from playhead.stats.viewings import Order, Viewing, Which
from playhead.vendor import Vendor
from playhead.vendors.apivideo import auth, catalogue, words
from playhead.vendors.apivideo.errors import answer
from playhead.vendors.apivideo.queries import lenient
from playhead.vendors.apivideo.routes import routes
from playhead.world.terms import MediaKind

SIGHT = Sight(frozenset({MediaKind.video, MediaKind.live}))
SESSIONS_SHOWN = 5


def catalog(reading: Reading) -> list[tuple[str, str, str]]:
    """(kind, id, title) of videos, live streams and the newest sessions."""
    titles = {media.number: media.title for media in library.media(reading)}
    rows = [(kind.name, id_, titles[number]) for kind in (MediaKind.video, MediaKind.live) for number, id_ in catalogue.ids(reading, kind).items()]
    newest = [viewing for viewing in _newest(reading, SESSIONS_SHOWN) if viewing.media in titles]
    given = Naming(reading, words.NAME).given("viewing", [viewing.number for viewing in newest])
    sessions = [("session", words.id_of("viewing", viewing.number, given.get(viewing.number, ())), titles[viewing.media]) for viewing in newest]
    return rows + sessions


def example(reading: Reading, url: str) -> str:
    """A request that works, for curl: the sessions of the month in which a video was last watched."""
    ids, path = catalogue.ids(reading, MediaKind.video), "/videos"
    viewing = next((viewing for viewing in _newest(reading, 100) if viewing.media in ids), None)
    if viewing:
        path = f"/analytics/videos/{ids[viewing.media]}?period={utc(viewing.loaded_at):%Y-%m}"
    return f"curl -u '{reading.account.name}:' '{url}{path}'"


def _newest(reading: Reading, limit: int) -> list[Viewing]:
    return viewings.page(reading, Which(), order=Order.newest_first, limit=limit)


APIVIDEO = Vendor(
    name=words.NAME,
    hosts=("ws.api.video", "sandbox.api.video"),
    roots=("/auth", "/analytics", "/data", "/videos", "/live-streams"),
    sight=SIGHT,
    routes=routes,
    authenticate=auth.authenticate,
    answer=answer,
    ids=words.IDS,
    catalog=catalog,
    example=example,
    headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache, private"},
    preflight={
        "Access-Control-Allow-Headers": "Authorization, Content-Type, AV-Origin-App, AV-Origin-Client, AV-Origin-Sdk, Prefer, X-Playhead-Now",
        "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    },
    schemes={
        "basic": {"type": "http", "scheme": "basic", "description": "The API key as the user, without a password"},
        "bearer": {"type": "http", "scheme": "bearer", "description": "The access_token of POST /auth/api-key"},
    },
    permissions=auth.PERMISSIONS,
    limit=auth.limit,
    standing=auth.standing,
    lenient=lenient,
)
