"""The parameters of /data:

timeframes, filters in three spellings, and nothing that was not expected — evidence/apivideo.md
§3.6–3.8.
"""

import re
from collections.abc import Callable, Collection, Iterable
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query, Request
from pydantic import BaseModel, BeforeValidator, Field

from playhead.domain.clock import DAY, parse_instant, utc_datetime
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.domain.time_range import TimeRange
from playhead.gateway.validation import validation_error
from playhead.vendors.apivideo import auth, vocabulary
from playhead.vendors.apivideo.data import params as queries
from playhead.vendors.apivideo.data.dimensions import FilterValues
from playhead.vendors.apivideo.params import PageParams
from playhead.vendors.apivideo.vocabulary import Duration

INSTANT_PATTERN = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)
LOST_PLUS = re.compile(
    r" (?=\d\d:?\d\d$)"
)  # a `+` that nobody encoded arrives as a blank before the offset
FILTER_PATTERN = re.compile(r"filterBy\[(\w+)\](\[\d*\])?", re.ASCII)
BOOLEANS = {
    "true": True,
    "false": False,
    "True": True,
    "False": False,
    "1": True,
    "0": False,
}  # Python's client writes capitals — §0.10
MAX_REFERRER_LENGTH = 2048
MAX_VALUES = 100  # of one filter: a store has an end to what it looks for
MAX_MINUTE_RANGE = 3600  # seconds: the longest timeframe by minutes


MetricName = Literal[
    "play", "start", "end", "impression", "impression-time", "watch-time", "ccv", "view"
]
AggregationName = Literal["count", "rate", "total", "average", "sum", "peak", "live"]
BreakdownMetricName = Literal[
    "play",
    "play-rate",
    "play-total",
    "start",
    "end",
    "impression",
    "ccv-peak",
    "ccv-average",
    "view",
]
TimeseriesMetricName = Literal[
    "play", "play-rate", "start", "end", "impression", "ccv-peak", "ccv-average", "view"
]
DimensionName = Literal[
    "media-id",
    "media-type",
    "continent",
    "country",
    "device-type",
    "operating-system",
    "browser",
    "referrer",
]
IntervalName = Literal["minute", "hour", "day"]
Direction = Literal["asc", "desc"]

# Parameters that only some metrics take.
METRICS_TAKING = {"unique": {"ccv", "ccv-peak", "ccv-average", "view"}, "viewDuration": {"view"}}
# The filters, and those of them that take one value; lifetime figures take few.
FILTERS = (
    "mediaId",
    "mediaType",
    "continent",
    "country",
    "deviceType",
    "operatingSystem",
    "browser",
    "tag",
    "referrer",
)
SINGLE_VALUE_FILTERS = {"mediaType", "tag"}
LIFETIME_FILTERS = ("mediaId", "mediaType")
FILTER_CHOICES: dict[str, Collection[str]] = {
    "mediaType": vocabulary.MEDIA_TYPES.values(),
    "continent": vocabulary.CONTINENTS.values(),
}


def _instant(text: str) -> int:
    spelled = LOST_PLUS.sub("+", text)
    try:
        if INSTANT_PATTERN.fullmatch(spelled):
            return int(
                utc_datetime(parse_instant(spelled)).timestamp()
            )  # one that an answer can tell
    except (ValueError, OverflowError):
        pass
    raise validation_error(Rule.instant)


def _boolean(text: object) -> bool:
    if str(text) not in BOOLEANS:
        raise validation_error(Rule.choice, choices="'true','false'")
    return BOOLEANS[str(text)]


Instant = Annotated[
    int,
    BeforeValidator(_instant),
    Field(json_schema_extra={"type": "string", "format": "date-time"}),
]
Boolean = Annotated[bool, BeforeValidator(_boolean)]


class MetricParams(BaseModel):
    """A timeframe and how viewers are counted; `filterBy[…]` comes beside it."""

    from_: Instant | None = Field(
        None, alias="from", description="The first instant, ATOM; a day before `to` unless given."
    )
    to: Instant | None = Field(
        None, description="The instant before which it ends, ATOM; now unless given."
    )
    unique: Boolean = Field(
        False, description="Count each viewer once a day; only of `ccv` and `view`."
    )
    view_duration: Duration = Field(
        Duration.five,
        alias="viewDuration",
        description="How long a view must last; only of `view`.",
    )

    def time_range(self, now: int, retention: int) -> TimeRange:
        """The timeframe by an account's clock.

        Raises Failure(invalid) for one that is empty or older than `retention` days.
        """
        end = now if self.to is None else self.to
        start = end - DAY if self.from_ is None else self.from_
        if start >= end:
            raise ApiError(
                ErrorKind.invalid,
                [Violation("from", Rule.order, vocabulary.format_atom(start), {"after": "to"})],
            )
        if start < now - retention * DAY:
            bounds = {
                "minimum": vocabulary.format_atom(now - retention * DAY),
                "maximum": vocabulary.format_atom(now),
            }
            # Told in days: a day before the first instant that can be written has no other name.
            raise ApiError(
                ErrorKind.invalid,
                [Violation("from", Rule.range, f"{(now - start) // DAY} days ago", bounds)],
            )
        return TimeRange(start, end)


class SortedParams(MetricParams, PageParams):
    """A page of figures in an order."""

    sort_order: Direction | None = Field(None, alias="sortOrder", description="In which direction.")


class BreakdownParams(SortedParams):
    """A page of figures by dimension."""

    sort_by: Literal["metricValue", "dimensionValue"] | None = Field(
        None, alias="sortBy", description="What orders the list."
    )


class SeriesParams(SortedParams):
    """A page of figures over time."""

    sort_by: Literal["metricValue", "emittedAt"] | None = Field(
        None, alias="sortBy", description="What orders the list."
    )
    interval: IntervalName | None = Field(
        None,
        description=(
            "An hour unless given, a day of timeframes over two days. A minute only of "
            "those up to 60 minutes."
        ),
    )

    def interval_for(self, time_range: TimeRange) -> IntervalName:
        """The interval for a timeframe; raises Failure(invalid) for minutes of a long one."""
        seconds = time_range.end - time_range.start
        if self.interval == "minute" and seconds > MAX_MINUTE_RANGE:
            raise ApiError(
                ErrorKind.invalid,
                [
                    Violation(
                        "interval",
                        Rule.too_many,
                        bounds={"count": seconds // 60, "maximum": MAX_MINUTE_RANGE // 60},
                    )
                ],
            )
        return self.interval or ("hour" if seconds <= 2 * DAY else "day")


def _filter_reader(params_class: type[BaseModel]) -> Callable[[Request], FilterValues]:
    """Reads the filters beside a query's own parameters.

    Raises Failure(invalid) for whatever else comes.
    """
    named = {field.alias or name for name, field in params_class.model_fields.items()}

    def read(request: Request) -> FilterValues:
        found: dict[str, list[str]] = {}
        metric = request.path_params["metric"]
        allowed = _allowed(request)
        for name, value in request.query_params.multi_items():
            spelled = FILTER_PATTERN.fullmatch(name)
            if spelled and spelled[1] in allowed:
                found[spelled[1]] = (
                    [value]
                    if spelled[1] in SINGLE_VALUE_FILTERS
                    else [*found.get(spelled[1], []), value]
                )
            elif name not in named or metric not in METRICS_TAKING.get(name, {metric}):
                raise ApiError(
                    ErrorKind.invalid,
                    [
                        Violation(
                            name,
                            Rule.refused,
                            bounds={"reason": f"{metric} takes no such parameter"},
                        )
                    ],
                )
        return {name: _validate_filter(name, values) for name, values in found.items()}

    return read


def _allowed(request: Request) -> Collection[str]:
    return (
        LIFETIME_FILTERS
        if is_lifetime(request.path_params["metric"], request.path_params.get("aggregation", ""))
        else FILTERS
    )


def is_lifetime(metric: str, aggregation: str = "") -> bool:
    """Whether a figure is of all there ever was, whatever timeframe is given."""
    return metric == "play-total" or (metric, aggregation) == ("play", "total")


def _validate_filter(name: str, values: list[str]) -> Collection[str]:
    """The values of a filter; raises Failure(invalid) for what it cannot have."""
    field = f"filterBy[{name}]"
    choices = FILTER_CHOICES.get(name)
    if name == "continent":
        values = [vocabulary.CONTINENTS.get(value, value) for value in values]
    if len(values) > MAX_VALUES:
        raise ApiError(
            ErrorKind.invalid,
            [Violation(field, Rule.too_many, bounds={"count": len(values), "maximum": MAX_VALUES})],
        )
    if name == "referrer" and max(map(len, values)) > MAX_REFERRER_LENGTH:
        raise ApiError(
            ErrorKind.invalid,
            [
                Violation(
                    field,
                    Rule.range,
                    "so long a text",
                    {"minimum": 0, "maximum": MAX_REFERRER_LENGTH},
                )
            ],
        )
    if choices and not set(values) <= set(choices):
        raise ApiError(
            ErrorKind.invalid,
            [
                Violation(
                    field,
                    Rule.choice,
                    ",".join(values),
                    {"choices": ",".join(f"'{choice}'" for choice in choices)},
                )
            ],
        )
    return values


def _retention_days(request: Request) -> int:
    return auth.RETENTION_DAYS[auth.request_environment(request)]


MetricQueryParams = Annotated[MetricParams, Query()]
BreakdownQueryParams = Annotated[BreakdownParams, Query()]
SeriesQueryParams = Annotated[SeriesParams, Query()]
MetricFilterValues = Annotated[FilterValues, Depends(_filter_reader(MetricParams))]
BreakdownFilterValues = Annotated[FilterValues, Depends(_filter_reader(BreakdownParams))]
SeriesFilterValues = Annotated[FilterValues, Depends(_filter_reader(SeriesParams))]
RetentionDays = Annotated[int, Depends(_retention_days)]

_TEXT_LIST_SCHEMA = {"type": "array", "items": {"type": "string"}, "maxItems": MAX_VALUES}
_FILTER_SCHEMAS: dict[str, dict[str, object]] = {
    "mediaType": {"type": "string", "enum": [*FILTER_CHOICES["mediaType"]]},
    "continent": {
        **_TEXT_LIST_SCHEMA,
        "items": {"type": "string", "enum": [*FILTER_CHOICES["continent"]]},
    },
    "tag": {"type": "string"},
    "referrer": {
        **_TEXT_LIST_SCHEMA,
        "items": {"type": "string", "maxLength": MAX_REFERRER_LENGTH},
    },
}
# What FastAPI cannot read, and so cannot describe: said here for the exported description.
FILTER_PARAMETER: dict[str, Any] = {
    "parameters": [
        {
            "name": "filterBy",
            "in": "query",
            "style": "deepObject",
            "explode": True,
            "description": (
                "Only what has one of the values of each: filterBy[country][]=FR, "
                "filterBy[country][0]=FR or filterBy[country]=FR. "
                "Lifetime figures take mediaId and mediaType only."
            ),
            "schema": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    name: _FILTER_SCHEMAS.get(name, _TEXT_LIST_SCHEMA) for name in FILTERS
                },
            },
        }
    ]
}


MetricPath = Annotated[queries.MetricName, Path(description="What is counted.")]


BreakdownMetricPath = Annotated[queries.BreakdownMetricName, Path(description="What is counted.")]


TimeseriesMetricPath = Annotated[queries.TimeseriesMetricName, Path(description="What is counted.")]


AggregationPath = Annotated[
    queries.AggregationName,
    Path(
        description=(
            "How: play has count, rate and total, times have average and sum, ccv has "
            "average, peak and live, all else count."
        )
    ),
]


DimensionPath = Annotated[
    queries.DimensionName, Path(description="By what; play-total by media-id only.")
]


def _unsupported_choice(field: str, value: str, choices: Iterable[str]) -> ApiError:
    return ApiError(
        ErrorKind.invalid, [Violation(field, Rule.choice, value, {"choices": ", ".join(choices)})]
    )
