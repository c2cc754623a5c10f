"""The parameters of /data: timeframes, filters in three spellings, and nothing that was not expected — contracts/apivideo.md §3.6–3.8."""

import re
from collections.abc import Callable, Collection
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from pydantic import BaseModel, BeforeValidator, Field

from playhead.clock import DAY, instant_of, utc
from playhead.failure import Failure, Kind, Problem, Rule
from playhead.stats.reading import Window
from playhead.vendor import broken
from playhead.vendors.apivideo import auth, words
from playhead.vendors.apivideo.dimensions import Filters
from playhead.vendors.apivideo.queries import PageQuery
from playhead.vendors.apivideo.words import Duration

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
LOST_PLUS = re.compile(r" (?=\d\d:?\d\d$)")  # a `+` that nobody encoded arrives as a blank before the offset
FILTER = re.compile(r"filterBy\[(\w+)\](\[\d*\])?", re.ASCII)
BOOLEANS = {"true": True, "false": False, "True": True, "False": False, "1": True, "0": False}  # Python's client writes capitals — §0.10
LONGEST_REFERRER = 2048
MOST_VALUES = 100  # of one filter: a store has an end to what it looks for
MINUTES = 3600  # seconds: the longest timeframe by minutes


MetricName = Literal["play", "start", "end", "impression", "impression-time", "watch-time", "ccv", "view"]
Aggregation = Literal["count", "rate", "total", "average", "sum", "peak", "live"]
PartedName = Literal["play", "play-rate", "play-total", "start", "end", "impression", "ccv-peak", "ccv-average", "view"]
TimedName = Literal["play", "play-rate", "start", "end", "impression", "ccv-peak", "ccv-average", "view"]
Dimension = Literal["media-id", "media-type", "continent", "country", "device-type", "operating-system", "browser", "referrer"]
IntervalName = Literal["minute", "hour", "day"]
Direction = Literal["asc", "desc"]

# Parameters that only some metrics take.
TAKING = {"unique": {"ccv", "ccv-peak", "ccv-average", "view"}, "viewDuration": {"view"}}
# The filters, and those of them that take one value; lifetime figures take few.
FILTERS = ("mediaId", "mediaType", "continent", "country", "deviceType", "operatingSystem", "browser", "tag", "referrer")
SINGLE = {"mediaType", "tag"}
LIFETIME_FILTERS = ("mediaId", "mediaType")
CHOICES: dict[str, Collection[str]] = {"mediaType": words.MEDIA_TYPES.values(), "continent": words.CONTINENTS.values()}


def _instant(text: str) -> int:
    spelled = LOST_PLUS.sub("+", text)
    try:
        if INSTANT.fullmatch(spelled):
            return int(utc(instant_of(spelled)).timestamp())  # one that an answer can tell
    except (ValueError, OverflowError):
        pass
    raise broken(Rule.instant)


def _boolean(text: object) -> bool:
    if str(text) not in BOOLEANS:
        raise broken(Rule.choice, choices="'true','false'")
    return BOOLEANS[str(text)]


Instant = Annotated[int, BeforeValidator(_instant), Field(json_schema_extra={"type": "string", "format": "date-time"})]
Boolean = Annotated[bool, BeforeValidator(_boolean)]


class MetricQuery(BaseModel):
    """A timeframe and how viewers are counted; `filterBy[…]` comes beside it."""

    from_: Instant | None = Field(None, alias="from", description="The first instant, ATOM; a day before `to` unless given.")
    to: Instant | None = Field(None, description="The instant before which it ends, ATOM; now unless given.")
    unique: Boolean = Field(False, description="Count each viewer once a day; only of `ccv` and `view`.")
    view_duration: Duration = Field(Duration.five, alias="viewDuration", description="How long a view must last; only of `view`.")

    def within(self, now: int, retention: int) -> Window:
        """The timeframe by an account's clock; raises Failure(invalid) for one that is empty or older than `retention` days."""
        end = now if self.to is None else self.to
        start = end - DAY if self.from_ is None else self.from_
        if start >= end:
            raise Failure(Kind.invalid, [Problem("from", Rule.order, words.atom(start), {"after": "to"})])
        if start < now - retention * DAY:
            bounds = {"minimum": words.atom(now - retention * DAY), "maximum": words.atom(now)}
            # Told in days: a day before the first instant that can be written has no other name.
            raise Failure(Kind.invalid, [Problem("from", Rule.range, f"{(now - start) // DAY} days ago", bounds)])
        return Window(start, end)


class SortedQuery(MetricQuery, PageQuery):
    """A page of figures in an order."""

    sort_order: Direction | None = Field(None, alias="sortOrder", description="In which direction.")


class BreakdownQuery(SortedQuery):
    """A page of figures by dimension."""

    sort_by: Literal["metricValue", "dimensionValue"] | None = Field(None, alias="sortBy", description="What orders the list.")


class SeriesQuery(SortedQuery):
    """A page of figures over time."""

    sort_by: Literal["metricValue", "emittedAt"] | None = Field(None, alias="sortBy", description="What orders the list.")
    interval: IntervalName | None = Field(None, description="An hour unless given, a day of timeframes over two days. A minute only of those up to 60 minutes.")

    def every(self, within: Window) -> IntervalName:
        """The interval for a timeframe; raises Failure(invalid) for minutes of a long one."""
        seconds = within.end - within.start
        if self.interval == "minute" and seconds > MINUTES:
            raise Failure(Kind.invalid, [Problem("interval", Rule.too_many, bounds={"count": seconds // 60, "maximum": MINUTES // 60})])
        return self.interval or ("hour" if seconds <= 2 * DAY else "day")


def _reader(query: type[BaseModel]) -> Callable[[Request], Filters]:
    """Reads the filters beside a query's own parameters; raises Failure(invalid) for whatever else comes."""
    named = {field.alias or name for name, field in query.model_fields.items()}

    def filters(request: Request) -> Filters:
        found: dict[str, list[str]] = {}
        metric, allowed = request.path_params["metric"], _allowed(request)
        for name, value in request.query_params.multi_items():
            spelled = FILTER.fullmatch(name)
            if spelled and spelled[1] in allowed:
                found[spelled[1]] = [value] if spelled[1] in SINGLE else [*found.get(spelled[1], []), value]
            elif name not in named or metric not in TAKING.get(name, {metric}):
                raise Failure(Kind.invalid, [Problem(name, Rule.refused, bounds={"reason": f"{metric} takes no such parameter"})])
        return {name: _checked(name, values) for name, values in found.items()}

    return filters


def _allowed(request: Request) -> Collection[str]:
    return LIFETIME_FILTERS if is_lifetime(request.path_params["metric"], request.path_params.get("aggregation", "")) else FILTERS


def is_lifetime(metric: str, aggregation: str = "") -> bool:
    """Whether a figure is of all there ever was, whatever timeframe is given."""
    return metric == "play-total" or (metric, aggregation) == ("play", "total")


def _checked(name: str, values: list[str]) -> Collection[str]:
    """The values of a filter; raises Failure(invalid) for what it cannot have."""
    field, choices = f"filterBy[{name}]", CHOICES.get(name)
    if name == "continent":
        values = [words.CONTINENTS.get(value, value) for value in values]
    if len(values) > MOST_VALUES:
        raise Failure(Kind.invalid, [Problem(field, Rule.too_many, bounds={"count": len(values), "maximum": MOST_VALUES})])
    if name == "referrer" and max(map(len, values)) > LONGEST_REFERRER:
        raise Failure(Kind.invalid, [Problem(field, Rule.range, "so long a text", {"minimum": 0, "maximum": LONGEST_REFERRER})])
    if choices and not set(values) <= set(choices):
        raise Failure(Kind.invalid, [Problem(field, Rule.choice, ",".join(values), {"choices": ",".join(f"'{choice}'" for choice in choices)})])
    return values


def _retention(request: Request) -> int:
    return auth.RETENTION[auth.environment(request)]


Metric = Annotated[MetricQuery, Query()]
Breakdown = Annotated[BreakdownQuery, Query()]
Series = Annotated[SeriesQuery, Query()]
MetricFilters = Annotated[Filters, Depends(_reader(MetricQuery))]
BreakdownFilters = Annotated[Filters, Depends(_reader(BreakdownQuery))]
SeriesFilters = Annotated[Filters, Depends(_reader(SeriesQuery))]
Retention = Annotated[int, Depends(_retention)]

_TEXTS = {"type": "array", "items": {"type": "string"}, "maxItems": MOST_VALUES}
_SCHEMAS: dict[str, dict[str, object]] = {
    "mediaType": {"type": "string", "enum": [*CHOICES["mediaType"]]},
    "continent": {**_TEXTS, "items": {"type": "string", "enum": [*CHOICES["continent"]]}},
    "tag": {"type": "string"},
    "referrer": {**_TEXTS, "items": {"type": "string", "maxLength": LONGEST_REFERRER}},
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
                "Only what has one of the values of each: filterBy[country][]=FR, filterBy[country][0]=FR or filterBy[country]=FR. "
                "Lifetime figures take mediaId and mediaType only."
            ),
            "schema": {"type": "object", "additionalProperties": False, "properties": {name: _SCHEMAS.get(name, _TEXTS) for name in FILTERS}},
        }
    ]
}
