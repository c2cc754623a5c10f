"""What each vendor says of each mishap: statuses, content types and bodies, as tables."""

from collections.abc import Mapping
from typing import NamedTuple

from playhead.vendors.wistia.stats.heatmap import render_notice

JSON = "application/json"
PROBLEM = "application/problem+json"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
REFERENCE = "https://docs.api.video/reference/"


class ExpectedError(NamedTuple):
    """An answer as a client sees it.

    In a body `{id}`, `{param}` and `{what}` stand for the id that was asked for.
    """

    status: int
    content_type: str
    body: str


class ErrorContract(NamedTuple):
    """How a vendor answers what can go wrong on any of its routes."""

    no_key: ExpectedError
    bad_key: ExpectedError
    unknown_id: ExpectedError
    wrong_method: ExpectedError
    crash: ExpectedError


def gcore_error(status: int, error: str) -> ExpectedError:
    return ExpectedError(status, JSON, f'{{"data":[],"errors":["{error}"]}}')


def gcore_auth_error(kind: str, message: str) -> ExpectedError:
    return ExpectedError(
        401, JSON, f'{{"exception_class":"{kind}","message":"{message}","request_id":"<32 hex>"}}'
    )


def problem(status: int, page: str, title: str, name: str | None = None) -> ExpectedError:
    name_field = "" if name is None else f'"name":"{name}",'
    title = title.replace('"', r"\"")
    return ExpectedError(
        status,
        PROBLEM,
        f'{{"type":"{REFERENCE}{page}","title":"{title}",{name_field}"status":{status}}}',
    )


INVALID_CREDENTIALS = '{"code":"unauthorized_credentials","error":"Invalid credentials."}'
MISSING_PUBLIC_TOKEN = ExpectedError(
    401, HTML, render_notice("This heatmap needs the account’s public token.")
)
API_VIDEO_405 = problem(405, "method-not-allowed", "Method is not allowed for this route.")
API_VIDEO_404 = problem(
    404, "resource-not-found", "The requested resource was not found.", "{param}"
)
API_VIDEO_500 = ExpectedError(
    500, PROBLEM, '{"type":"about:blank","title":"An internal error occurred.","status":500}'
)
GCORE_404 = (
    '{"status":404,"error":"Not Found. Entity you are looking for was not found, '
    'please check the initial parameters"}'
)

ERROR_CONTRACTS = {
    "gcore": ErrorContract(
        no_key=gcore_auth_error(
            "not_authenticated", "Authentication credentials were not provided."
        ),
        bad_key=gcore_auth_error("token_not_valid", "Token is invalid or expired"),
        unknown_id=ExpectedError(404, JSON, GCORE_404),
        wrong_method=gcore_error(405, "method not allowed"),
        crash=gcore_error(500, "internal server error"),
    ),
    "wistia": ErrorContract(
        no_key=ExpectedError(401, JSON, INVALID_CREDENTIALS),
        bad_key=ExpectedError(401, JSON, INVALID_CREDENTIALS),
        unknown_id=ExpectedError(404, JSON, '{"error":"{what} with ID \'{id}\' not found."}'),
        wrong_method=ExpectedError(405, JSON, '{"error":"Method not allowed."}'),
        crash=ExpectedError(500, JSON, '{"error":"Internal server error"}'),
    ),
    "wistia, analytics": ErrorContract(
        no_key=ExpectedError(401, JSON, INVALID_CREDENTIALS),
        bad_key=ExpectedError(401, JSON, INVALID_CREDENTIALS),
        unknown_id=ExpectedError(404, "", ""),
        wrong_method=ExpectedError(405, JSON, '{"error":"Method not allowed."}'),
        crash=ExpectedError(500, JSON, '{"error":"Internal server error"}'),
    ),
    "wistia, a page": ErrorContract(
        no_key=MISSING_PUBLIC_TOKEN,
        bad_key=MISSING_PUBLIC_TOKEN,
        unknown_id=ExpectedError(404, HTML, render_notice("There is no such event.")),
        wrong_method=ExpectedError(405, HTML, render_notice("Method not allowed.")),
        crash=ExpectedError(500, HTML, render_notice("Internal server error")),
    ),
    "apivideo": ErrorContract(
        no_key=problem(
            401,
            "authentication-missing-authorization-header",
            'The "Authorization" header is missing.',
        ),
        bad_key=problem(401, "authentication-invalid-api-key", "The API key is invalid."),
        unknown_id=API_VIDEO_404,
        wrong_method=API_VIDEO_405,
        crash=API_VIDEO_500,
    ),
    "apivideo, a token": ErrorContract(
        no_key=problem(400, "attribute-required", "This attribute is required.", "{param}"),
        bad_key=problem(
            400,
            "authentication-invalid-user-credentials",
            "The user credentials were incorrect.",
            "",
        ),
        unknown_id=API_VIDEO_404,
        wrong_method=API_VIDEO_405,
        crash=API_VIDEO_500,
    ),
}
NO_ROUTE = {
    "gcore": gcore_error(404, "not found"),
    "wistia": ExpectedError(404, JSON, '{"error":"Not found."}'),
    "apivideo": problem(404, "unrecognized-request-url", "Unrecognized request URL."),
}
PREFLIGHT = {
    "gcore": ("GET, OPTIONS", "Authorization, Content-Type, Prefer, X-Playhead-Now"),
    "wistia": (
        "GET, HEAD, OPTIONS",
        (
            "Authorization, Content-Type, X-Wistia-API-Version, X-Wistia-Client-Name, "
            "X-Wistia-Client-Version, Prefer, X-Playhead-Now"
        ),
    ),
    "apivideo": (
        "GET, POST, OPTIONS",
        (
            "Authorization, Content-Type, AV-Origin-App, AV-Origin-Client, AV-Origin-Sdk, "
            "Prefer, X-Playhead-Now"
        ),
    ),
}
TRAILING_SLASH_IGNORED = {"gcore"}
FIRST_DUPLICATE_WINS = {"gcore"}
RESOURCE_NAMES = {
    "media_id": "Media",
    "project_id": "Project",
    "folder_id": "Folder",
    "visitor_key": "Visitor",
    "event_key": "Event",
}
# Routes that tell of no world.
WORLD_INDEPENDENT_ROUTES = (
    "/iam/clients/me",
    "/modern/token",
    "/modern/account_usage",
    "/modern/analytics/webinars/",
)
# Wistia's families that refuse with another status than the rest, and with all reasons.
BAD_REQUEST_PREFIXES = ("/modern/analytics/", "/modern/medias", "/modern/folders")
# Values that differ from the defaults, for every parameter that takes one value.
VALID_VALUES: Mapping[str, Mapping[str, str]] = {
    vendor: dict(pair.split("=") for pair in pairs.split())
    for vendor, pairs in {
        "gcore": """
            date_from=2024-05-02 date_to=2024-05-30 from=2024-05-02 to=2024-05-30
            granularity=1d type=vod stream_id=12345 client_user_id=102
            page=2 per_page=3 with_broadcasts=1 id=12345 search=burr status=error fields=id
            event=start host=example.com country=US interval=600 units=minute
            by_streams=true slug=F0000000MxmUA
        """,
        "wistia": """
            start_date=2024-05-02 end_date=2024-05-30 page=2 per_page=3 page_size=3
            filter=has_email search=an media_id=993554ba94 sort_by=name
            visitor_key=E4E7613B5C24CB0F1F7C0A1E4E874635E752263E sort_direction=0 name=x
            type=Audio archived=true project_id=ln2k6qwi9k
            folder_id=ln2k6qwi9k hashed_id=993554ba94 description_format=markdown
        """,
        "wistia, analytics": """
            start_date=2024-05-02 end_date=2024-05-30 granularity=weekly
            group_by=project sort_by=loads sort_direction=asc per_page=3
            embed_url=https://example.com/xxx-yyy
            cursor=WyJjb252ZXJ0ZWRfYXQiLCAxLCAxLCAxXQ include_post_event=true
            post_event_start_date=2024-05-01 post_event_end_date=2024-05-31
        """,
        "apivideo": """
            currentPage=2 pageSize=3 period=2024-05 title=o description=o
            liveStreamId=li0 name=o streamKey=x sortBy=updatedAt sortOrder=desc
            from=2024-06-01 to=2024-06-04 dimension=country
            filter=videoId:vi4k0jvEUuaTdRAEjQ4Prklg unique=true viewDuration=3s
            interval=day
        """,
    }.items()
}


def contract_family(vendor: str, template: str) -> str:
    """Whose words a route speaks: its vendor's, or those of a part of it that has its own."""
    return f"{vendor}, analytics" if template.startswith("/modern/analytics/") else vendor


def valid_value(vendor: str, template: str, name: str) -> str:
    """A good value of a parameter of a route."""
    return VALID_VALUES[contract_family(vendor, template)][name]
