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
    Operation("gcore", "/streaming/streams", "", COUNT),
    Operation("gcore", "/streaming/streams/{live}", "", COUNT),
    Operation("gcore", "/streaming/videos", "with views ever", LIFETIME, "per_page={small_page}"),
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
    Operation("wistia", "/v1/medias", "", COUNT),
    Operation("wistia", "/modern/medias", "", COUNT),
    Operation("wistia", "/v1/projects", "", COUNT),
    Operation("wistia", "/modern/folders", "", COUNT),
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
