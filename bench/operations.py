"""Every operation of every vendor, as a row:

what is asked, in templates that each turn fills with another window and id.
"""

from typing import NamedTuple

COUNT_AIM_MS, LIFETIME_AIM_MS, DISTINCT_AIM_MS = (
    60,
    150,
    300,
)  # milliseconds: the aims of the three classes of operations
NO_AIM = None

_GCORE_DAYS = "date_from={first}T00:00:00Z&date_to={last}T23:59:59Z"
_GCORE_SECONDS = "date_from={odd_first}&date_to={odd_last}"
_WATCHED_DAYS = "from={first}T00:00:00Z&to={last}T23:59:59Z"
_WATCHED_MIDNIGHTS = "from={first}T00:00:00Z&to={last}T00:00:00Z"
_WATCHED_SECONDS = "from={odd_first}&to={odd_last}"
_DATES = "start_date={first}&end_date={last}"
_PERIOD = "period={first}/{last}"

_RECENT_DAYS = "from={recent_day}"
_RECENT = "from={recent}"
_PLAYS = "/analytics/videos/plays", "/analytics/live-streams/plays"

_ANALYTICS = "/modern/analytics"
_STATISTICS = "/streaming/statistics"
_AGGREGATES = ("regions", "popular", "browsers", "systems", "embeds", "hosts")
_COUNTRIES = "/streaming/statistics/countries"
_HEATMAP = "/streaming/statistics/heatmap"
_WATCHED = "/streaming/statistics/stream/watching_duration"


class MeasuredOperation(NamedTuple):
    """One question; `aim` in milliseconds."""

    vendor: str
    path: str
    label: str
    aim_ms: int | None
    query: str = ""
    body: str = ""


PATH_WORDS = (
    *(
        "play",
        "view",
        "ccv",
        "impression-time",
        "watch-time",
        "play-total",
        "ccv-peak",
        "ccv-average",
        "count",
        "sum",
        "average",
        "peak",
        "live",
        "total",
    ),
    *("media-id", "country", "browser", "referrer"),
)


def placeholder(word: str) -> str:
    """The name by which a template calls a word that stands for itself."""
    return f"is_{word.replace('-', '_')}"


def _data_path(path: str) -> str:
    """A path of /data, whose parts are words where others are ids, as a template."""
    family, *words = path.split("/")
    return "/".join(["/data", family, *(f"{{{placeholder(word)}}}" for word in words)])


OPERATIONS = (
    MeasuredOperation("gcore", _COUNTRIES, "30 days", COUNT_AIM_MS, _GCORE_DAYS),
    MeasuredOperation(
        "gcore", _COUNTRIES, "30 days, cut at odd seconds", COUNT_AIM_MS, _GCORE_SECONDS
    ),
    MeasuredOperation(
        "gcore", _COUNTRIES, "30 days, of live streams", COUNT_AIM_MS, f"{_GCORE_DAYS}&type=live"
    ),
    MeasuredOperation(
        "gcore",
        _HEATMAP,
        "video, 30 days",
        LIFETIME_AIM_MS,
        f"type=vod&stream_id={{video}}&{_GCORE_SECONDS}",
    ),
    MeasuredOperation(
        "gcore",
        _HEATMAP,
        "most-watched video, 30 days",
        LIFETIME_AIM_MS,
        f"type=vod&stream_id={{busiest}}&{_GCORE_SECONDS}",
    ),
    MeasuredOperation(
        "gcore",
        _HEATMAP,
        "live stream, 30 days",
        LIFETIME_AIM_MS,
        f"type=live&stream_id={{live}}&{_GCORE_SECONDS}",
    ),
    MeasuredOperation(
        "gcore",
        _HEATMAP,
        "playlist, 30 days",
        LIFETIME_AIM_MS,
        f"type=playlist&stream_id={{playlist}}&{_GCORE_SECONDS}",
    ),
    *(
        MeasuredOperation(
            "gcore",
            _WATCHED,
            f"30 days by {granularity}",
            COUNT_AIM_MS,
            f"granularity={granularity}&{_WATCHED_DAYS}",
        )
        for granularity in ("1m", "5m", "15m", "1h", "1d", "1mo")
    ),
    MeasuredOperation(
        "gcore", _WATCHED, "30 days by 1h, up to a midnight", COUNT_AIM_MS, _WATCHED_MIDNIGHTS
    ),
    MeasuredOperation(
        "gcore", _WATCHED, "30 days by 1h, cut at odd seconds", COUNT_AIM_MS, _WATCHED_SECONDS
    ),
    MeasuredOperation(
        "gcore",
        _WATCHED,
        "30 days by 1h, of one stream",
        COUNT_AIM_MS,
        f"stream_id={{live}}&{_WATCHED_DAYS}",
    ),
    MeasuredOperation("gcore", f"{_WATCHED}/total", "30 days", COUNT_AIM_MS, _WATCHED_DAYS),
    MeasuredOperation(
        "gcore", f"{_WATCHED}/total", "30 days, cut at odd seconds", COUNT_AIM_MS, _WATCHED_SECONDS
    ),
    MeasuredOperation(
        "gcore",
        f"{_WATCHED}/total",
        "30 days, of one stream",
        COUNT_AIM_MS,
        f"stream_id={{live}}&{_WATCHED_DAYS}",
    ),
    MeasuredOperation("gcore", f"{_WATCHED}/total", "ever", LIFETIME_AIM_MS),
    MeasuredOperation(
        "gcore", f"{_WATCHED}/total", "ever, of one stream", LIFETIME_AIM_MS, "stream_id={live}"
    ),
    *(
        MeasuredOperation("gcore", f"{_STATISTICS}/{name}", "30 days", COUNT_AIM_MS, _GCORE_DAYS)
        for name in _AGGREGATES
    ),
    MeasuredOperation(
        "gcore",
        f"{_STATISTICS}/popular",
        "30 days, cut at odd seconds, of videos",
        COUNT_AIM_MS,
        f"{_GCORE_SECONDS}&type=vod",
    ),
    MeasuredOperation("gcore", f"{_STATISTICS}/views", "30 days", COUNT_AIM_MS, _GCORE_DAYS),
    *(
        MeasuredOperation(
            "gcore",
            f"{_STATISTICS}/views",
            f"30 days by {group}",
            COUNT_AIM_MS,
            f"group={group}&{_GCORE_DAYS}",
        )
        for group in ("host", "os", "country", "id")
    ),
    # No tallies are kept of two things at once: read from the viewings.
    MeasuredOperation(
        "gcore",
        f"{_STATISTICS}/views",
        "30 days by host,os",
        NO_AIM,
        f"group=host,os&{_GCORE_DAYS}",
    ),
    MeasuredOperation(
        "gcore",
        f"{_STATISTICS}/views",
        "30 days of one video",
        COUNT_AIM_MS,
        f"type=vod&id={{video}}&{_GCORE_DAYS}",
    ),
    MeasuredOperation("gcore", f"{_STATISTICS}/uniqs", "30 days", DISTINCT_AIM_MS, _GCORE_DAYS),
    *(
        MeasuredOperation(
            "gcore",
            f"{_STATISTICS}/uniqs",
            f"30 days by {group}",
            DISTINCT_AIM_MS,
            f"group={group}&{_GCORE_DAYS}",
        )
        for group in ("id", "country", "date,os")
    ),
    MeasuredOperation("gcore", f"{_STATISTICS}/cdn/uniqs", "30 days", DISTINCT_AIM_MS, _GCORE_DAYS),
    MeasuredOperation(
        "gcore",
        f"{_STATISTICS}/cdn/uniqs",
        "30 days of one video",
        DISTINCT_AIM_MS,
        f"type=vod&id={{video}}&{_GCORE_DAYS}",
    ),
    MeasuredOperation(
        "gcore",
        f"{_STATISTICS}/ffprobe",
        "30 days by 1h",
        COUNT_AIM_MS,
        f"stream_id={{live}}&units=hour&interval=1&{_GCORE_DAYS}",
    ),
    *(
        MeasuredOperation(
            "gcore",
            f"{_STATISTICS}/{name}",
            f"30 days by {granularity}",
            COUNT_AIM_MS,
            f"granularity={granularity}&{_WATCHED_DAYS}",
        )
        for name in ("stream", "max_stream", "storage")
        for granularity in ("1m", "1h")
    ),
    MeasuredOperation(
        "gcore",
        f"{_STATISTICS}/reseller/stream",
        "30 days by 1h, by stream",
        COUNT_AIM_MS,
        f"by_streams=true&{_WATCHED_DAYS}",
    ),
    *(
        MeasuredOperation(
            "gcore", f"{_STATISTICS}/vod/{name}_duration", "30 days", COUNT_AIM_MS, _WATCHED_DAYS
        )
        for name in ("storage", "transcoding")
    ),
    *(
        MeasuredOperation(
            "gcore",
            f"{_STATISTICS}/{kind}/viewers",
            f"30 days by {granularity}",
            DISTINCT_AIM_MS,
            f"granularity={granularity}&{_WATCHED_DAYS}",
        )
        for kind in ("vod", "stream")
        for granularity in ("1m", "1h", "1d")
    ),
    MeasuredOperation(
        "gcore",
        f"{_STATISTICS}/stream/viewers",
        "30 days by 1h, of one stream",
        DISTINCT_AIM_MS,
        f"stream_id={{live}}&{_WATCHED_DAYS}",
    ),
    *(
        MeasuredOperation(
            "gcore",
            f"{_STATISTICS}/vod/watching_duration",
            f"30 days by {granularity}",
            COUNT_AIM_MS,
            f"granularity={granularity}&{_WATCHED_DAYS}",
        )
        for granularity in ("1m", "1h", "1mo")
    ),
    MeasuredOperation(
        "gcore",
        f"{_STATISTICS}/vod/watching_duration/total",
        "30 days",
        COUNT_AIM_MS,
        _WATCHED_DAYS,
    ),
    MeasuredOperation(
        "gcore", f"{_STATISTICS}/vod/watching_duration/total", "ever", LIFETIME_AIM_MS
    ),
    MeasuredOperation("gcore", "/streaming/streams", "", COUNT_AIM_MS),
    MeasuredOperation("gcore", "/streaming/streams/{live}", "", COUNT_AIM_MS),
    MeasuredOperation("gcore", "/streaming/broadcasts/{broadcast}/spectators", "", COUNT_AIM_MS),
    MeasuredOperation("gcore", "/streaming/playlists", "", COUNT_AIM_MS),
    MeasuredOperation("gcore", "/streaming/playlists/{playlist}", "", COUNT_AIM_MS),
    MeasuredOperation("gcore", "/iam/clients/me", "", COUNT_AIM_MS),
    MeasuredOperation(
        "gcore", "/streaming/videos", "with views ever", LIFETIME_AIM_MS, "per_page={small_page}"
    ),
    MeasuredOperation("gcore", "/streaming/videos/names", "", COUNT_AIM_MS),
    MeasuredOperation("gcore", "/streaming/videos/{video}", "with views ever", LIFETIME_AIM_MS),
    MeasuredOperation("wistia", "/health", "", COUNT_AIM_MS),
    MeasuredOperation("wistia", "/{prefix}/stats/account", "ever", LIFETIME_AIM_MS),
    MeasuredOperation("wistia", "/{prefix}/stats/account/by_date", "30 days", COUNT_AIM_MS, _DATES),
    MeasuredOperation("wistia", "/{prefix}/stats/projects/{project}", "ever", LIFETIME_AIM_MS),
    MeasuredOperation(
        "wistia", "/{prefix}/stats/projects/{project}/by_date", "30 days", COUNT_AIM_MS, _DATES
    ),
    MeasuredOperation(
        "wistia", "/{prefix}/stats/medias/{media}", "ever, with visitors", LIFETIME_AIM_MS
    ),
    MeasuredOperation(
        "wistia",
        "/{prefix}/stats/medias/{busiest}",
        "most-watched, ever, with visitors",
        LIFETIME_AIM_MS,
    ),
    MeasuredOperation(
        "wistia", "/{prefix}/stats/medias/{media}/by_date", "30 days", COUNT_AIM_MS, _DATES
    ),
    MeasuredOperation(
        "wistia", "/{prefix}/stats/medias/{media}/engagement", "ever", LIFETIME_AIM_MS
    ),
    MeasuredOperation(
        "wistia",
        "/{prefix}/stats/medias/{busiest}/engagement",
        "most-watched, ever",
        LIFETIME_AIM_MS,
    ),
    MeasuredOperation(
        "wistia", "/{prefix}/stats/visitors", "first page", COUNT_AIM_MS, "per_page={small_page}"
    ),
    MeasuredOperation("wistia", "/{prefix}/stats/visitors", "first page of 100", COUNT_AIM_MS),
    MeasuredOperation(
        "wistia",
        "/{prefix}/stats/visitors",
        "first page, with a name",
        COUNT_AIM_MS,
        "filter=has_name&per_page={small_page}",
    ),
    MeasuredOperation(
        "wistia",
        "/{prefix}/stats/visitors",
        "first page, searched",
        COUNT_AIM_MS,
        "search={searched}",
    ),
    MeasuredOperation(
        "wistia", "/{prefix}/stats/visitors", "deep page", NO_AIM, "page={deep_visitors}"
    ),
    MeasuredOperation("wistia", "/{prefix}/stats/visitors/{visitor}", "", COUNT_AIM_MS),
    MeasuredOperation(
        "wistia", "/{prefix}/stats/events", "first page", COUNT_AIM_MS, "per_page={small_page}"
    ),
    MeasuredOperation(
        "wistia", "/{prefix}/stats/events", "first page of 100, 30 days", COUNT_AIM_MS, _DATES
    ),
    MeasuredOperation(
        "wistia",
        "/{prefix}/stats/events",
        "first page, of a media, 30 days",
        COUNT_AIM_MS,
        f"media_id={{media}}&{_DATES}",
    ),
    MeasuredOperation(
        "wistia",
        "/{prefix}/stats/events",
        "first page, of a visitor",
        COUNT_AIM_MS,
        "visitor_key={visitor}",
    ),
    MeasuredOperation(
        "wistia", "/{prefix}/stats/events", "deep page", NO_AIM, "page={deep_events}"
    ),
    MeasuredOperation("wistia", "/{prefix}/stats/events/{event}", "", COUNT_AIM_MS),
    MeasuredOperation(
        "wistia",
        "/{prefix}/stats/events/{event}/iframe.html",
        "heat map of one",
        LIFETIME_AIM_MS,
        "public_token={public_token}",
    ),
    MeasuredOperation(
        "wistia",
        "/{prefix}/stats/visitors",
        "first page, through a form",
        LIFETIME_AIM_MS,
        "filter=identified_by_email_gate&per_page={small_page}",
    ),
    *(
        MeasuredOperation("wistia", f"/{prefix}/account", "", COUNT_AIM_MS)
        for prefix in ("v1", "modern")
    ),
    MeasuredOperation("wistia", "/modern/account_usage", "", COUNT_AIM_MS),
    MeasuredOperation("wistia", "/modern/token", "", COUNT_AIM_MS),
    *(
        MeasuredOperation("wistia", f"/{prefix}/medias", "", COUNT_AIM_MS)
        for prefix in ("v1", "modern")
    ),
    MeasuredOperation(
        "wistia",
        "/modern/medias",
        "first page, by cursor",
        COUNT_AIM_MS,
        "cursor[enabled]=1&sort_by=created&per_page={small_page}",
    ),
    *(
        MeasuredOperation("wistia", f"/{prefix}/medias/{{media}}", "", COUNT_AIM_MS)
        for prefix in ("v1", "modern")
    ),
    *(
        MeasuredOperation(
            "wistia",
            f"/{prefix}/medias/{{busiest}}/stats",
            "most-watched, ever, with visitors",
            LIFETIME_AIM_MS,
        )
        for prefix in ("v1", "modern")
    ),
    MeasuredOperation("wistia", "/v1/projects", "", COUNT_AIM_MS),
    MeasuredOperation("wistia", "/v1/projects/{project}", "", COUNT_AIM_MS),
    MeasuredOperation("wistia", "/modern/folders", "", COUNT_AIM_MS),
    MeasuredOperation("wistia", "/modern/folders/{project}", "", COUNT_AIM_MS),
    MeasuredOperation("wistia", f"{_ANALYTICS}/account", "30 days", DISTINCT_AIM_MS, _DATES),
    *(
        MeasuredOperation(
            "wistia",
            f"{_ANALYTICS}/account/timeseries",
            f"30 days, {width}",
            DISTINCT_AIM_MS,
            f"granularity={width}&{_DATES}",
        )
        for width in ("daily", "weekly")
    ),
    *(
        MeasuredOperation(
            "wistia",
            f"{_ANALYTICS}/account/top_content",
            f"30 days, by {group}",
            DISTINCT_AIM_MS,
            f"group_by={group}&{_DATES}",
        )
        for group in ("media", "project")
    ),
    MeasuredOperation(
        "wistia", f"{_ANALYTICS}/account/embed_locations", "30 days", DISTINCT_AIM_MS, _DATES
    ),
    MeasuredOperation(
        "wistia", f"{_ANALYTICS}/medias/{{media}}", "30 days", DISTINCT_AIM_MS, _DATES
    ),
    MeasuredOperation(
        "wistia",
        f"{_ANALYTICS}/medias/{{busiest}}",
        "most-watched, 30 days",
        DISTINCT_AIM_MS,
        _DATES,
    ),
    *(
        MeasuredOperation(
            "wistia",
            f"{_ANALYTICS}/medias/{{busiest}}/timeseries",
            f"most-watched, 30 days, {width}",
            DISTINCT_AIM_MS,
            f"granularity={width}&{_DATES}",
        )
        for width in ("daily", "weekly")
    ),
    MeasuredOperation(
        "wistia",
        f"{_ANALYTICS}/medias/{{busiest}}/embed_locations",
        "most-watched, 30 days",
        DISTINCT_AIM_MS,
        _DATES,
    ),
    MeasuredOperation(
        "wistia",
        f"{_ANALYTICS}/medias/{{busiest}}/embed_locations_timeseries",
        "most-watched, 30 days, daily",
        DISTINCT_AIM_MS,
        f"granularity=daily&{_DATES}",
    ),
    *(
        MeasuredOperation(
            "wistia",
            f"{_ANALYTICS}/medias/{{busiest}}/traffic",
            f"most-watched, 30 days, by {group}",
            COUNT_AIM_MS,
            f"group_by={group}&{_DATES}",
        )
        for group in ("utm_source", "viewer_screen_size")
    ),
    MeasuredOperation(
        "wistia",
        f"{_ANALYTICS}/medias/{{busiest}}/conversions",
        "most-watched, 30 days",
        COUNT_AIM_MS,
        _DATES,
    ),
    MeasuredOperation(
        "wistia",
        f"{_ANALYTICS}/medias/{{busiest}}/languages",
        "most-watched, 30 days",
        COUNT_AIM_MS,
        _DATES,
    ),
    MeasuredOperation(
        "apivideo", "/auth/api-key", "known key", COUNT_AIM_MS, body='{{"apiKey": "demo"}}'
    ),
    MeasuredOperation(
        "apivideo",
        "/auth/api-key",
        "new account",
        COUNT_AIM_MS,
        body='{{"apiKey": "bench {process} {turn}"}}',
    ),
    MeasuredOperation(
        "apivideo", "/auth/refresh", "", COUNT_AIM_MS, body='{{"refreshToken": "{refresh_token}"}}'
    ),
    MeasuredOperation(
        "apivideo", "/analytics/videos/{video}", "first page, 30 days", COUNT_AIM_MS, _PERIOD
    ),
    MeasuredOperation(
        "apivideo",
        "/analytics/videos/{busiest}",
        "first page, most-watched, 30 days",
        COUNT_AIM_MS,
        _PERIOD,
    ),
    MeasuredOperation(
        "apivideo",
        "/analytics/videos/{busiest}",
        "first page, most-watched, ever",
        LIFETIME_AIM_MS,
        "pageSize={small_page}",
    ),
    MeasuredOperation(
        "apivideo",
        "/analytics/videos/{busiest}",
        "first page, 30 days, metadata",
        COUNT_AIM_MS,
        f"{_PERIOD}&metadata[hats]={{hat}}",
    ),
    MeasuredOperation(
        "apivideo",
        "/analytics/videos/{busiest}",
        "deep page, most-watched, ever",
        NO_AIM,
        "pageSize=100&currentPage={deep_sessions}",
    ),
    MeasuredOperation(
        "apivideo", "/analytics/live-streams/{live}", "first page, 30 days", COUNT_AIM_MS, _PERIOD
    ),
    MeasuredOperation("apivideo", "/analytics/sessions/{session}/events", "", COUNT_AIM_MS),
    *(
        MeasuredOperation(
            "apivideo",
            _PLAYS[0],
            f"30 days by {name}",
            COUNT_AIM_MS,
            f"{_RECENT_DAYS}&dimension={name}",
        )
        for name in ("videoId", "emittedAt", "country")
    ),
    MeasuredOperation(
        "apivideo",
        _PLAYS[0],
        "30 days of one video, by browser",
        COUNT_AIM_MS,
        f"{_RECENT_DAYS}&dimension=browser&filter=videoId:{{busiest}}",
    ),
    *(
        MeasuredOperation(
            "apivideo",
            _PLAYS[1],
            f"30 days by {name}",
            COUNT_AIM_MS,
            f"{_RECENT_DAYS}&dimension={name}",
        )
        for name in ("liveStreamId", "deviceType")
    ),
    *(
        MeasuredOperation("apivideo", _data_path(f"metrics/{metric}"), "30 days", aim, _RECENT)
        for metric, aim in (
            ("play/count", COUNT_AIM_MS),
            ("impression-time/average", COUNT_AIM_MS),
            ("watch-time/sum", COUNT_AIM_MS),
            ("view/count", COUNT_AIM_MS),
            ("ccv/peak", DISTINCT_AIM_MS),
        )
    ),
    MeasuredOperation(
        "apivideo",
        _data_path("metrics/play/count"),
        "30 days, of a country on a browser",
        COUNT_AIM_MS,
        f"{_RECENT}&filterBy[country]=FR&filterBy[browser]=chrome",
    ),
    MeasuredOperation(
        "apivideo",
        _data_path("metrics/view/count"),
        "30 days, unique",
        DISTINCT_AIM_MS,
        f"{_RECENT}&unique=true",
    ),
    MeasuredOperation(
        "apivideo",
        _data_path("metrics/ccv/peak"),
        "30 days, unique, of one video",
        DISTINCT_AIM_MS,
        f"{_RECENT}&unique=true&filterBy[mediaId]={{video}}",
    ),
    MeasuredOperation("apivideo", _data_path("metrics/ccv/live"), "", COUNT_AIM_MS),
    MeasuredOperation("apivideo", _data_path("metrics/play/total"), "ever", LIFETIME_AIM_MS),
    *(
        MeasuredOperation(
            "apivideo", _data_path(f"buckets/play/{name}"), "30 days", COUNT_AIM_MS, _RECENT
        )
        for name in ("media-id", "country", "browser", "referrer")
    ),
    MeasuredOperation(
        "apivideo", _data_path("buckets/play-total/media-id"), "ever", LIFETIME_AIM_MS
    ),
    MeasuredOperation(
        "apivideo",
        _data_path("buckets/view/country"),
        "30 days, unique",
        DISTINCT_AIM_MS,
        f"{_RECENT}&unique=true",
    ),
    MeasuredOperation(
        "apivideo", _data_path("buckets/ccv-peak/country"), "30 days", DISTINCT_AIM_MS, _RECENT
    ),
    *(
        MeasuredOperation(
            "apivideo",
            _data_path("timeseries/play"),
            f"30 days by {name}",
            COUNT_AIM_MS,
            f"{_RECENT}&interval={name}",
        )
        for name in ("hour", "day")
    ),
    MeasuredOperation(
        "apivideo",
        _data_path("timeseries/view"),
        "30 days by day, unique",
        DISTINCT_AIM_MS,
        f"{_RECENT}&interval=day&unique=true",
    ),
    MeasuredOperation(
        "apivideo",
        _data_path("timeseries/ccv-average"),
        "30 days by hour",
        DISTINCT_AIM_MS,
        f"{_RECENT}&interval=hour",
    ),
    MeasuredOperation("apivideo", "/videos", "", COUNT_AIM_MS, "pageSize={small_page}"),
    MeasuredOperation("apivideo", "/videos/{video}", "", COUNT_AIM_MS),
    MeasuredOperation("apivideo", "/live-streams", "", COUNT_AIM_MS),
    MeasuredOperation("apivideo", "/live-streams/{live}", "", COUNT_AIM_MS),
)

# Questions over one day: what they cost must follow the viewings of that day, not those of the
# world.
_GCORE_DAY = "date_from={day}T12:00:00Z&date_to={next_day}T11:59:59Z"
_GCORE_MINUTE = "date_from={day}T12:00:00Z&date_to={day}T12:00:59Z"
ONE_DAY_OPERATIONS = (
    MeasuredOperation("gcore", _COUNTRIES, "a day from noon", None, _GCORE_DAY),
    MeasuredOperation(
        "gcore", _HEATMAP, "a day from noon", None, f"type=vod&stream_id={{busiest}}&{_GCORE_DAY}"
    ),
    MeasuredOperation(
        "gcore",
        _WATCHED,
        "a day by 1h, cut at odd seconds",
        None,
        "from={day}T11:00:07Z&to={next_day}T11:00:06Z",
    ),
    MeasuredOperation(
        "wistia",
        "/{prefix}/stats/account/by_date",
        "a day",
        None,
        "start_date={day}&end_date={day}",
    ),
    MeasuredOperation(
        "wistia",
        "/{prefix}/stats/events",
        "first page, of a day",
        None,
        "start_date={day}&end_date={day}",
    ),
    MeasuredOperation(
        "apivideo", "/analytics/videos/{busiest}", "first page, of a day", None, "period={day}"
    ),
)
ONE_MINUTE_OPERATIONS = (
    MeasuredOperation("gcore", _COUNTRIES, "a minute", None, _GCORE_MINUTE),
    MeasuredOperation(
        "gcore", _HEATMAP, "a minute", None, f"type=vod&stream_id={{busiest}}&{_GCORE_MINUTE}"
    ),
    MeasuredOperation(
        "gcore",
        _WATCHED,
        "a minute by 1m, cut at odd seconds",
        None,
        "granularity=1m&from={day}T12:00:07Z&to={day}T12:01:06Z",
    ),
)
