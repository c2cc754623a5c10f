"""Every operation of every vendor, as a row: what is asked, in templates that each turn fills with another window and id."""

from typing import NamedTuple

COUNT, LIFETIME, DISTINCT = 60, 150, 300  # milliseconds: the aims of the three classes of operations
REPORTED = None

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


class Operation(NamedTuple):
    """One question; `aim` in milliseconds."""

    vendor: str
    path: str
    says: str
    aim: int | None
    query: str = ""
    body: str = ""


WORDS = (
    *("play", "view", "ccv", "impression-time", "watch-time", "play-total", "ccv-peak", "ccv-average", "count", "sum", "average", "peak", "live", "total"),
    *("media-id", "country", "browser", "referrer"),
)


def said(word: str) -> str:
    """The name by which a template calls a word that stands for itself."""
    return f"is_{word.replace('-', '_')}"


def _data(path: str) -> str:
    """A path of /data, whose parts are words where others are ids, as a template."""
    family, *words = path.split("/")
    return "/".join(["/data", family, *(f"{{{said(word)}}}" for word in words)])


OPERATIONS = (
    Operation("gcore", _COUNTRIES, "30 days", COUNT, _GCORE_DAYS),
    Operation("gcore", _COUNTRIES, "30 days, cut at odd seconds", COUNT, _GCORE_SECONDS),
    Operation("gcore", _COUNTRIES, "30 days, of live streams", COUNT, f"{_GCORE_DAYS}&type=live"),
    Operation("gcore", _HEATMAP, "video, 30 days", LIFETIME, f"type=vod&stream_id={{video}}&{_GCORE_SECONDS}"),
    Operation("gcore", _HEATMAP, "most-watched video, 30 days", LIFETIME, f"type=vod&stream_id={{busiest}}&{_GCORE_SECONDS}"),
    Operation("gcore", _HEATMAP, "live stream, 30 days", LIFETIME, f"type=live&stream_id={{live}}&{_GCORE_SECONDS}"),
    Operation("gcore", _HEATMAP, "playlist, 30 days", LIFETIME, f"type=playlist&stream_id={{playlist}}&{_GCORE_SECONDS}"),
    *(
        Operation("gcore", _WATCHED, f"30 days by {granularity}", COUNT, f"granularity={granularity}&{_WATCHED_DAYS}")
        for granularity in ("1m", "5m", "15m", "1h", "1d", "1mo")
    ),
    Operation("gcore", _WATCHED, "30 days by 1h, up to a midnight", COUNT, _WATCHED_MIDNIGHTS),
    Operation("gcore", _WATCHED, "30 days by 1h, cut at odd seconds", COUNT, _WATCHED_SECONDS),
    Operation("gcore", _WATCHED, "30 days by 1h, of one stream", COUNT, f"stream_id={{live}}&{_WATCHED_DAYS}"),
    Operation("gcore", f"{_WATCHED}/total", "30 days", COUNT, _WATCHED_DAYS),
    Operation("gcore", f"{_WATCHED}/total", "30 days, cut at odd seconds", COUNT, _WATCHED_SECONDS),
    Operation("gcore", f"{_WATCHED}/total", "30 days, of one stream", COUNT, f"stream_id={{live}}&{_WATCHED_DAYS}"),
    Operation("gcore", f"{_WATCHED}/total", "ever", LIFETIME),
    Operation("gcore", f"{_WATCHED}/total", "ever, of one stream", LIFETIME, "stream_id={live}"),
    *(Operation("gcore", f"{_STATISTICS}/{name}", "30 days", COUNT, _GCORE_DAYS) for name in _AGGREGATES),
    Operation("gcore", f"{_STATISTICS}/popular", "30 days, cut at odd seconds, of videos", COUNT, f"{_GCORE_SECONDS}&type=vod"),
    Operation("gcore", f"{_STATISTICS}/views", "30 days", COUNT, _GCORE_DAYS),
    *(Operation("gcore", f"{_STATISTICS}/views", f"30 days by {group}", COUNT, f"group={group}&{_GCORE_DAYS}") for group in ("host", "os", "country", "id")),
    # No tallies are kept of two things at once: read from the viewings.
    Operation("gcore", f"{_STATISTICS}/views", "30 days by host,os", REPORTED, f"group=host,os&{_GCORE_DAYS}"),
    Operation("gcore", f"{_STATISTICS}/views", "30 days of one video", COUNT, f"type=vod&id={{video}}&{_GCORE_DAYS}"),
    Operation("gcore", f"{_STATISTICS}/uniqs", "30 days", DISTINCT, _GCORE_DAYS),
    *(Operation("gcore", f"{_STATISTICS}/uniqs", f"30 days by {group}", DISTINCT, f"group={group}&{_GCORE_DAYS}") for group in ("id", "country", "date,os")),
    Operation("gcore", f"{_STATISTICS}/cdn/uniqs", "30 days", DISTINCT, _GCORE_DAYS),
    Operation("gcore", f"{_STATISTICS}/cdn/uniqs", "30 days of one video", DISTINCT, f"type=vod&id={{video}}&{_GCORE_DAYS}"),
    Operation("gcore", f"{_STATISTICS}/ffprobe", "30 days by 1h", COUNT, f"stream_id={{live}}&units=hour&interval=1&{_GCORE_DAYS}"),
    *(
        Operation("gcore", f"{_STATISTICS}/{name}", f"30 days by {granularity}", COUNT, f"granularity={granularity}&{_WATCHED_DAYS}")
        for name in ("stream", "max_stream", "storage")
        for granularity in ("1m", "1h")
    ),
    Operation("gcore", f"{_STATISTICS}/reseller/stream", "30 days by 1h, by stream", COUNT, f"by_streams=true&{_WATCHED_DAYS}"),
    *(Operation("gcore", f"{_STATISTICS}/vod/{name}_duration", "30 days", COUNT, _WATCHED_DAYS) for name in ("storage", "transcoding")),
    *(
        Operation("gcore", f"{_STATISTICS}/{kind}/viewers", f"30 days by {granularity}", DISTINCT, f"granularity={granularity}&{_WATCHED_DAYS}")
        for kind in ("vod", "stream")
        for granularity in ("1m", "1h", "1d")
    ),
    Operation("gcore", f"{_STATISTICS}/stream/viewers", "30 days by 1h, of one stream", DISTINCT, f"stream_id={{live}}&{_WATCHED_DAYS}"),
    *(
        Operation("gcore", f"{_STATISTICS}/vod/watching_duration", f"30 days by {granularity}", COUNT, f"granularity={granularity}&{_WATCHED_DAYS}")
        for granularity in ("1m", "1h", "1mo")
    ),
    Operation("gcore", f"{_STATISTICS}/vod/watching_duration/total", "30 days", COUNT, _WATCHED_DAYS),
    Operation("gcore", f"{_STATISTICS}/vod/watching_duration/total", "ever", LIFETIME),
    Operation("gcore", "/streaming/streams", "", COUNT),
    Operation("gcore", "/streaming/streams/{live}", "", COUNT),
    Operation("gcore", "/streaming/broadcasts/{broadcast}/spectators", "", COUNT),
    Operation("gcore", "/streaming/playlists", "", COUNT),
    Operation("gcore", "/streaming/playlists/{playlist}", "", COUNT),
    Operation("gcore", "/iam/clients/me", "", COUNT),
    Operation("gcore", "/streaming/videos", "with views ever", LIFETIME, "per_page={small_page}"),
    Operation("gcore", "/streaming/videos/names", "", COUNT),
    Operation("gcore", "/streaming/videos/{video}", "with views ever", LIFETIME),
    Operation("wistia", "/health", "", COUNT),
    Operation("wistia", "/{prefix}/stats/account", "ever", LIFETIME),
    Operation("wistia", "/{prefix}/stats/account/by_date", "30 days", COUNT, _DATES),
    Operation("wistia", "/{prefix}/stats/projects/{project}", "ever", LIFETIME),
    Operation("wistia", "/{prefix}/stats/projects/{project}/by_date", "30 days", COUNT, _DATES),
    Operation("wistia", "/{prefix}/stats/medias/{media}", "ever, with visitors", LIFETIME),
    Operation("wistia", "/{prefix}/stats/medias/{busiest}", "most-watched, ever, with visitors", LIFETIME),
    Operation("wistia", "/{prefix}/stats/medias/{media}/by_date", "30 days", COUNT, _DATES),
    Operation("wistia", "/{prefix}/stats/medias/{media}/engagement", "ever", LIFETIME),
    Operation("wistia", "/{prefix}/stats/medias/{busiest}/engagement", "most-watched, ever", LIFETIME),
    Operation("wistia", "/{prefix}/stats/visitors", "first page", COUNT, "per_page={small_page}"),
    Operation("wistia", "/{prefix}/stats/visitors", "first page of 100", COUNT),
    Operation("wistia", "/{prefix}/stats/visitors", "first page, with a name", COUNT, "filter=has_name&per_page={small_page}"),
    Operation("wistia", "/{prefix}/stats/visitors", "first page, searched", COUNT, "search={searched}"),
    Operation("wistia", "/{prefix}/stats/visitors", "deep page", REPORTED, "page={deep_visitors}"),
    Operation("wistia", "/{prefix}/stats/visitors/{visitor}", "", COUNT),
    Operation("wistia", "/{prefix}/stats/events", "first page", COUNT, "per_page={small_page}"),
    Operation("wistia", "/{prefix}/stats/events", "first page of 100, 30 days", COUNT, _DATES),
    Operation("wistia", "/{prefix}/stats/events", "first page, of a media, 30 days", COUNT, f"media_id={{media}}&{_DATES}"),
    Operation("wistia", "/{prefix}/stats/events", "first page, of a visitor", COUNT, "visitor_key={visitor}"),
    Operation("wistia", "/{prefix}/stats/events", "deep page", REPORTED, "page={deep_events}"),
    Operation("wistia", "/{prefix}/stats/events/{event}", "", COUNT),
    Operation("wistia", "/{prefix}/stats/events/{event}/iframe.html", "heat map of one", LIFETIME, "public_token={public_token}"),
    Operation("wistia", "/{prefix}/stats/visitors", "first page, through a form", LIFETIME, "filter=identified_by_email_gate&per_page={small_page}"),
    *(Operation("wistia", f"/{prefix}/account", "", COUNT) for prefix in ("v1", "modern")),
    Operation("wistia", "/modern/account_usage", "", COUNT),
    Operation("wistia", "/modern/token", "", COUNT),
    *(Operation("wistia", f"/{prefix}/medias", "", COUNT) for prefix in ("v1", "modern")),
    Operation("wistia", "/modern/medias", "first page, by cursor", COUNT, "cursor[enabled]=1&sort_by=created&per_page={small_page}"),
    *(Operation("wistia", f"/{prefix}/medias/{{media}}", "", COUNT) for prefix in ("v1", "modern")),
    *(Operation("wistia", f"/{prefix}/medias/{{busiest}}/stats", "most-watched, ever, with visitors", LIFETIME) for prefix in ("v1", "modern")),
    Operation("wistia", "/v1/projects", "", COUNT),
    Operation("wistia", "/v1/projects/{project}", "", COUNT),
    Operation("wistia", "/modern/folders", "", COUNT),
    Operation("wistia", "/modern/folders/{project}", "", COUNT),
    Operation("wistia", f"{_ANALYTICS}/account", "30 days", DISTINCT, _DATES),
    *(Operation("wistia", f"{_ANALYTICS}/account/timeseries", f"30 days, {width}", DISTINCT, f"granularity={width}&{_DATES}") for width in ("daily", "weekly")),
    *(
        Operation("wistia", f"{_ANALYTICS}/account/top_content", f"30 days, by {group}", DISTINCT, f"group_by={group}&{_DATES}")
        for group in ("media", "project")
    ),
    Operation("wistia", f"{_ANALYTICS}/account/embed_locations", "30 days", DISTINCT, _DATES),
    Operation("wistia", f"{_ANALYTICS}/medias/{{media}}", "30 days", DISTINCT, _DATES),
    Operation("wistia", f"{_ANALYTICS}/medias/{{busiest}}", "most-watched, 30 days", DISTINCT, _DATES),
    *(
        Operation("wistia", f"{_ANALYTICS}/medias/{{busiest}}/timeseries", f"most-watched, 30 days, {width}", DISTINCT, f"granularity={width}&{_DATES}")
        for width in ("daily", "weekly")
    ),
    Operation("wistia", f"{_ANALYTICS}/medias/{{busiest}}/embed_locations", "most-watched, 30 days", DISTINCT, _DATES),
    Operation("wistia", f"{_ANALYTICS}/medias/{{busiest}}/embed_locations_timeseries", "most-watched, 30 days, daily", DISTINCT, f"granularity=daily&{_DATES}"),
    *(
        Operation("wistia", f"{_ANALYTICS}/medias/{{busiest}}/traffic", f"most-watched, 30 days, by {group}", COUNT, f"group_by={group}&{_DATES}")
        for group in ("utm_source", "viewer_screen_size")
    ),
    Operation("wistia", f"{_ANALYTICS}/medias/{{busiest}}/conversions", "most-watched, 30 days", COUNT, _DATES),
    Operation("wistia", f"{_ANALYTICS}/medias/{{busiest}}/languages", "most-watched, 30 days", COUNT, _DATES),
    Operation("apivideo", "/auth/api-key", "known key", COUNT, body='{{"apiKey": "demo"}}'),
    Operation("apivideo", "/auth/api-key", "new account", COUNT, body='{{"apiKey": "bench {process} {turn}"}}'),
    Operation("apivideo", "/auth/refresh", "", COUNT, body='{{"refreshToken": "{refresh_token}"}}'),
    Operation("apivideo", "/analytics/videos/{video}", "first page, 30 days", COUNT, _PERIOD),
    Operation("apivideo", "/analytics/videos/{busiest}", "first page, most-watched, 30 days", COUNT, _PERIOD),
    Operation("apivideo", "/analytics/videos/{busiest}", "first page, most-watched, ever", LIFETIME, "pageSize={small_page}"),
    Operation("apivideo", "/analytics/videos/{busiest}", "first page, 30 days, metadata", COUNT, f"{_PERIOD}&metadata[hats]={{hat}}"),
    Operation("apivideo", "/analytics/videos/{busiest}", "deep page, most-watched, ever", REPORTED, "pageSize=100&currentPage={deep_sessions}"),
    Operation("apivideo", "/analytics/live-streams/{live}", "first page, 30 days", COUNT, _PERIOD),
    Operation("apivideo", "/analytics/sessions/{session}/events", "", COUNT),
    *(Operation("apivideo", _PLAYS[0], f"30 days by {name}", COUNT, f"{_RECENT_DAYS}&dimension={name}") for name in ("videoId", "emittedAt", "country")),
    Operation("apivideo", _PLAYS[0], "30 days of one video, by browser", COUNT, f"{_RECENT_DAYS}&dimension=browser&filter=videoId:{{busiest}}"),
    *(Operation("apivideo", _PLAYS[1], f"30 days by {name}", COUNT, f"{_RECENT_DAYS}&dimension={name}") for name in ("liveStreamId", "deviceType")),
    *(
        Operation("apivideo", _data(f"metrics/{metric}"), "30 days", aim, _RECENT)
        for metric, aim in (("play/count", COUNT), ("impression-time/average", COUNT), ("watch-time/sum", COUNT), ("view/count", COUNT), ("ccv/peak", DISTINCT))
    ),
    Operation("apivideo", _data("metrics/play/count"), "30 days, of a country on a browser", COUNT, f"{_RECENT}&filterBy[country]=FR&filterBy[browser]=chrome"),
    Operation("apivideo", _data("metrics/view/count"), "30 days, unique", DISTINCT, f"{_RECENT}&unique=true"),
    Operation("apivideo", _data("metrics/ccv/peak"), "30 days, unique, of one video", DISTINCT, f"{_RECENT}&unique=true&filterBy[mediaId]={{video}}"),
    Operation("apivideo", _data("metrics/ccv/live"), "", COUNT),
    Operation("apivideo", _data("metrics/play/total"), "ever", LIFETIME),
    *(Operation("apivideo", _data(f"buckets/play/{name}"), "30 days", COUNT, _RECENT) for name in ("media-id", "country", "browser", "referrer")),
    Operation("apivideo", _data("buckets/play-total/media-id"), "ever", LIFETIME),
    Operation("apivideo", _data("buckets/view/country"), "30 days, unique", DISTINCT, f"{_RECENT}&unique=true"),
    Operation("apivideo", _data("buckets/ccv-peak/country"), "30 days", DISTINCT, _RECENT),
    *(Operation("apivideo", _data("timeseries/play"), f"30 days by {name}", COUNT, f"{_RECENT}&interval={name}") for name in ("hour", "day")),
    Operation("apivideo", _data("timeseries/view"), "30 days by day, unique", DISTINCT, f"{_RECENT}&interval=day&unique=true"),
    Operation("apivideo", _data("timeseries/ccv-average"), "30 days by hour", DISTINCT, f"{_RECENT}&interval=hour"),
    Operation("apivideo", "/videos", "", COUNT, "pageSize={small_page}"),
    Operation("apivideo", "/videos/{video}", "", COUNT),
    Operation("apivideo", "/live-streams", "", COUNT),
    Operation("apivideo", "/live-streams/{live}", "", COUNT),
)

# Questions over one day: what they cost must follow the viewings of that day, not those of the world.
_GCORE_DAY = "date_from={day}T12:00:00Z&date_to={next_day}T11:59:59Z"
_GCORE_MINUTE = "date_from={day}T12:00:00Z&date_to={day}T12:00:59Z"
OF_A_DAY = (
    Operation("gcore", _COUNTRIES, "a day from noon", None, _GCORE_DAY),
    Operation("gcore", _HEATMAP, "a day from noon", None, f"type=vod&stream_id={{busiest}}&{_GCORE_DAY}"),
    Operation("gcore", _WATCHED, "a day by 1h, cut at odd seconds", None, "from={day}T11:00:07Z&to={next_day}T11:00:06Z"),
    Operation("wistia", "/{prefix}/stats/account/by_date", "a day", None, "start_date={day}&end_date={day}"),
    Operation("wistia", "/{prefix}/stats/events", "first page, of a day", None, "start_date={day}&end_date={day}"),
    Operation("apivideo", "/analytics/videos/{busiest}", "first page, of a day", None, "period={day}"),
)
OF_A_MINUTE = (
    Operation("gcore", _COUNTRIES, "a minute", None, _GCORE_MINUTE),
    Operation("gcore", _HEATMAP, "a minute", None, f"type=vod&stream_id={{busiest}}&{_GCORE_MINUTE}"),
    Operation("gcore", _WATCHED, "a minute by 1m, cut at odd seconds", None, "granularity=1m&from={day}T12:00:07Z&to={day}T12:01:06Z"),
)
