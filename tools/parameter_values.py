"""Valid values of the vendors' parameters, and nonsense."""

from collections.abc import Mapping, Sequence

from tools.openapi_operations import Parameter

Pairs = list[tuple[str, str]]

VIDEO = "vi4k0jvEUuaTdRAEjQ4Prklg"
LIVE_STREAM = "vi4k0jvEUuaTdRAEjQ4Jfrgz"
VISITOR = "E4E7613B5C24CB0F1F7C0A1E4E874635E752263E"
# Values that the demo scenario answers with something, where the documents do not say or where
# their examples lie before its first day.
VALUES: Mapping[str, Sequence[str]] = {
    "client_user_id": ("102", "2400001"),
    "country": ("US", "fr"),
    "cursor": ("{conversions_cursor}", "{conversions_cursor}"),
    "cursor[after]": ("{medias_cursor}", "{medias_cursor}"),
    "cursor[before]": ("{medias_cursor}", "{medias_cursor}"),
    "currentPage": ("1", "2"),
    "description": ("o", "an"),
    "embed_url": ("https://example.com/xxx-yyy", "https://example.com/"),
    "end_date": ("2024-05-30", "2024-06-02"),
    "fields": ("id", "id,name"),
    "filterBy[browser]": ("chrome", "firefox"),
    "filterBy[country]": ("FR", "US"),
    "filterBy[deviceType]": ("computer", "phone"),
    "filterBy[mediaId]": (VIDEO, LIVE_STREAM),
    "filterBy[operatingSystem]": ("windows", "macos"),
    "filterBy[referrer]": ("https://example.com/", "https://example.org/"),
    "folder_id": ("ln2k6qwi9k", "4d23503f70"),
    "hashed_id": ("993554ba94", "g5pnf59ala"),
    "hashed_ids[]": ("993554ba94", "g5pnf59ala"),
    "host": ("example.com", "EXAMPLE.com"),
    "id": ("12345", "65432"),
    "ids": ("12345,65432", "12345"),
    "liveStreamId": (LIVE_STREAM, "li4xbmkRUwcUjXLXkOb3RT6n"),
    "media_id": ("993554ba94", "g5pnf59ala"),
    "metadata[hats]": ("green", "red"),
    "name": ("o", "an"),
    "page": ("1", "2"),
    "pageSize": ("3", "2"),
    "page_size": ("3", "2"),
    "per_page": ("3", "2"),
    "period": ("2024-05", "2024-05-20/2024-06-03"),
    "project_id": ("ln2k6qwi9k", "4d23503f70"),
    "search": ("an", "JO"),
    "slug": ("F0000000MxmUA", "F0000000MxmUA"),
    "start_date": ("2024-05-02", "2024-05-21"),
    "stream_id": ("12345", "320423"),
    "title": ("o", "an"),
    "visitor_key": (VISITOR, VISITOR),
}
FORMATS: Mapping[str, Sequence[str]] = {
    "date": ("2024-05-28", "2024-06-02"),
    "date-time": ("2024-05-28T10:30:00Z", "2024-06-02T10:30:00+02:00"),
}
ENDS: Mapping[str, Sequence[str]] = {
    "date": ("2024-06-04", "2024-06-05"),
    "date-time": ("2024-06-04T10:30:00Z", "2024-06-05T10:30:00+02:00"),
}
TYPES: Mapping[str, Sequence[str]] = {"integer": ("2", "3"), "boolean": ("true", "false")}
TEXTS = ("a", "b")
MISTYPED: Mapping[str, str] = {"date": "2024-13-45", "date-time": "2024-05-01T99:00"}
TOO_EARLY: Mapping[str, str] = {"date": "1900-01-01", "date-time": "1900-01-01T00:00:00Z"}
TOO_LARGE = "99999999999999999999"


def valid(parameter: Parameter, turn: int) -> str:
    """A valid value; another turn gives another one where there are several."""
    values = _valid(parameter)
    return values[turn % len(values)]


def _valid(parameter: Parameter) -> Sequence[str]:
    item = parameter.item
    if "enum" in item:
        return [str(value) for value in item["enum"]]
    if parameter.name in VALUES:
        return VALUES[parameter.name]
    if parameter.example is not None:
        return [parameter.example]
    formats = ENDS if parameter.name == "to" else FORMATS
    return formats.get(item.get("format", "")) or TYPES.get(item.get("type", ""), TEXTS)


def nonsense(parameter: Parameter) -> list[str]:
    """Values of the wrong type and out of range, where the parameter has a type and a range."""
    return [*_mistyped(parameter.item), *_beyond(parameter.item)]


def twice(parameter: Parameter) -> Pairs:
    """The parameter with two valid values."""
    return [(parameter.name, valid(parameter, turn)) for turn in range(2)]


def _mistyped(item: Mapping[str, object]) -> list[str]:
    given = str(item.get("format", ""))
    if given in MISTYPED:
        return [MISTYPED[given]]
    typed = {"enum", "pattern"} & item.keys() or item.get("type") in ("integer", "boolean")
    return ["nonsense"] if typed else []


def _beyond(item: Mapping[str, object]) -> list[str]:
    given = str(item.get("format", ""))
    if given in TOO_EARLY:
        return [TOO_EARLY[given]]
    if item.get("type") != "integer" or "enum" in item:
        return []
    bounds = [(item.get("minimum"), -1), (item.get("maximum"), 1)]
    return [str(bound + step) for bound, step in bounds if isinstance(bound, int)] or [TOO_LARGE]
