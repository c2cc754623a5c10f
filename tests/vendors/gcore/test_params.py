"""How Gcore's parameters are read, whatever the operation:

dates, empty and repeated ones, spellings of the path.
"""

import httpx
import pytest

from playhead.domain.clock import parse_instant
from tests.worlds import World, credentials

PATH = "/streaming/statistics/countries"
TEN = parse_instant("2024-05-01T10:00:00Z")


def countries_request(
    world: World, web: httpx.Client, query: str, *, path: str = PATH
) -> httpx.Response:
    """The answer to a query as it is written, by the documented path."""
    return web.get(
        f"{world.server.url}{path}?{query}",
        headers={"Authorization": credentials("gcore", world.key)},
    )


def views(answer: httpx.Response) -> int:
    assert answer.status_code == 200, answer.text
    return sum(row["views"] for row in answer.json()["data"])


DATE_FORMS = {
    "as documented": "2024-05-01T10:00:00Z",
    "tenths": "2024-05-01T10:00:00.0Z",
    "hundredths, cut off": "2024-05-01T10:00:00.99Z",
    "an offset": "2024-05-01T12:00:00%2B02:00",
    "an offset to the west": "2024-05-01T04:30:00-05:30",
    "an offset without a colon": "2024-05-01T12:00:00%2B0200",
    "a lost plus": "2024-05-01T12:00:00+02:00",
    "a lost plus after a fraction": "2024-05-01T12:00:00.5+02:00",
    "a lost plus without a colon": "2024-05-01T12:00:00+0200",
    "Python's datetime": "2024-05-01+10%3A00%3A00%2B00%3A00",
    "Python's datetime, the plus lost": "2024-05-01+10:00:00+00:00",
    "a blank for T": "2024-05-01%2010:00:00",
    "no offset": "2024-05-01T10:00:00",
    "no seconds": "2024-05-01T10:00Z",
    "the basic form": "20240501T100000Z",
}


@pytest.mark.parametrize("text", DATE_FORMS.values(), ids=DATE_FORMS)
def test_one_instant_in_all_its_forms(world: World, web: httpx.Client, text: str) -> None:
    video = world.video()
    for name, at in (("ana", TEN - 1), ("bo", TEN), ("cy", TEN + 1), ("di", TEN + 2)):
        world.watch(video, name, at, (0, 9))
    assert views(countries_request(world, web, f"date_from={text}&date_to={text}")) == 1
    assert views(countries_request(world, web, f"date_from={text}&date_to=2024-05-02")) == 3
    assert views(countries_request(world, web, f"date_from=2024-05-01&date_to={text}")) == 2


@pytest.mark.parametrize("day", ["2024-05-01", "20240501", "2024-W18-3", "2024-05-01+00:00:00"])
def test_a_date_is_its_first_second_at_either_end(
    world: World, web: httpx.Client, day: str
) -> None:
    video = world.video()
    for name, at in (
        ("ana", "2024-04-30T23:59:59Z"),
        ("bo", "2024-05-01T00:00:00Z"),
        ("cy", "2024-05-01T00:00:01Z"),
    ):
        world.watch(video, name, at, (0, 9))
    assert views(countries_request(world, web, f"date_from={day}&date_to=2024-05-31")) == 2
    assert views(countries_request(world, web, f"date_from=2024-04-01&date_to={day}")) == 2


INVALID_DATES = {
    "a word": "yesterday",
    "what the SDK's own tests send": "date_from",
    "February 30": "2024-02-30",
    "hour 25": "2024-05-01T25:00:00Z",
    "a year and a month": "2024-05",
    "seconds since 1970": "1714521600",
    "another character for T": "2024-05-01x10:00:00Z",
    "a digit for T": "20240501110",
    "a zone's name": "2024-05-01T10:00:00Z[UTC]",
    "digits of another script": "%D9%A2%D9%A0%D9%A2%D9%A4-05-01",
    "before the first year": "0001-01-01T00:00:00%2B14:00",
    "after the last year": "9999-12-31T23:59:59-14:00",
    "a null character": "%00",
    "no text": "%FF%FE",
    "malformed percents": "%zz%",
    "very long": "2" * 5000,
}


@pytest.mark.parametrize("text", INVALID_DATES.values(), ids=INVALID_DATES)
def test_what_is_no_instant_is_refused(world: World, web: httpx.Client, text: str) -> None:
    answer = countries_request(world, web, f"date_from={text}&date_to=2024-05-31")
    assert (answer.status_code, answer.json()) == (
        400,
        {"data": [], "errors": ["date_from: invalid datetime, ISO 8601 expected"]},
    )


@pytest.mark.parametrize("granularity", ["1m", "5m", "15m", "1h", "1d", "1mo"])
@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31T23:59:59Z"])
def test_the_ends_of_the_calendar_are_instants(
    world: World, web: httpx.Client, text: str, granularity: str
) -> None:
    answer = countries_request(
        world,
        web,
        f"from={text}&to={text}&granularity={granularity}",
        path="/streaming/statistics/stream/watching_duration",
    )
    expected = [[parse_instant(text), 0]] if text.startswith("0001") else []
    assert (answer.status_code, answer.json()[0]["metrics"]["streams"]) == (200, expected)


EMPTY_VALUES = "query param is not set"
REFUSED = {
    "": [f"date_from: {EMPTY_VALUES}", f"date_to: {EMPTY_VALUES}"],
    "date_from=&date_to=": [f"date_from: {EMPTY_VALUES}", f"date_to: {EMPTY_VALUES}"],
    "date_from&date_to": [f"date_from: {EMPTY_VALUES}", f"date_to: {EMPTY_VALUES}"],
    "date_to=2024-05-31": [f"date_from: {EMPTY_VALUES}"],
    "date_from=2024-05-01": [f"date_to: {EMPTY_VALUES}"],
    "from=2024-05-01&to=2024-05-31": [f"date_from: {EMPTY_VALUES}", f"date_to: {EMPTY_VALUES}"],
    "Date_From=2024-05-01&date_to=2024-05-31": [f"date_from: {EMPTY_VALUES}"],
    "date_to=x": [f"date_from: {EMPTY_VALUES}", "date_to: invalid datetime, ISO 8601 expected"],
    "date_from=2024-06-01&date_to=2024-05-31": ["date_from: must not be later than date_to"],
    "date_from=2024-05-31T00:00:01Z&date_to=2024-05-31": [
        "date_from: must not be later than date_to"
    ],
    "date_from=2024-05-01&date_to=2024-05-31&type=cat": ["type: invalid value"],
    "date_from=2024-05-01&date_to=2024-05-31&type=VOD": ["type: invalid value"],
    "date_from=2024-05-01&date_to=2024-05-31&type=%00": ["type: invalid value"],
    # Of a repeated parameter the first counts.
    "date_from=&date_from=2024-05-01&date_to=2024-05-31": [f"date_from: {EMPTY_VALUES}"],
    "date_from=x&date_from=2024-05-01&date_to=2024-05-31": [
        "date_from: invalid datetime, ISO 8601 expected"
    ],
    "date_from=x&date%5Ffrom=2024-05-01&date_to=2024-05-31": [
        "date_from: invalid datetime, ISO 8601 expected"
    ],
}


@pytest.mark.parametrize(
    ("query", "errors"), REFUSED.items(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_refused(world: World, web: httpx.Client, query: str, errors: list[str]) -> None:
    answer = countries_request(world, web, query)
    body = '{"data":[],"errors":[' + ",".join(f'"{error}"' for error in errors) + "]}"
    assert (answer.status_code, answer.headers["content-type"], answer.text) == (
        400,
        "application/json",
        body,
    )


MAY = "date_from=2024-05-01&date_to=2024-05-31"
ACCEPTED = [
    f"{MAY}&type=vod",
    f"{MAY}&type=vod&type=live",
    f"{MAY}&type=vod&type=cat",
    f"{MAY}&date_to=x",
    "date_to=2024-05-31&date_from=2024-05-01&date_from=2024-05-20",
    f"{MAY}&type=",
    f"{MAY}&unknown=1&granularity=2h&stream_id=x",
    f"&&={MAY}&{MAY}&=&%ff=%fe&",
    "date%5Ffrom=2024-05-01&date%5Fto=2024-05-31",
]


@pytest.mark.parametrize("query", ACCEPTED)
def test_accepted(world: World, web: httpx.Client, query: str) -> None:
    world.watch(world.video(), "ana", "2024-05-10T10:00:00Z", (0, 9))
    assert views(countries_request(world, web, query)) == 1


@pytest.mark.parametrize(
    "path",
    [
        f"{PATH}/",
        f"{PATH}//",
        f"/gcore{PATH}",
        f"/gcore{PATH}/",
        "/streaming/statistics/%63ountries",
    ],
)
def test_other_spellings_of_the_path(world: World, web: httpx.Client, path: str) -> None:
    world.watch(world.video(), "ana", "2024-05-10T10:00:00Z", (0, 9))
    assert views(countries_request(world, web, MAY, path=path)) == 1
