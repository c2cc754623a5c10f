"""Wistia's command line program:

every command that reads account, media, folders, statistics or analytics, with every flag it has.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import yaml

from playhead import Server
from tests.clients.client_helpers import Answers
from tests.clients.environments import Answer, Call, client
from tests.worlds import credentials

pytestmark = [
    pytest.mark.xdist_group("wistia clients"),
    pytest.mark.covers(
        "wistia.account",
        "wistia.account_by_date",
        "wistia.account_itself",
        "wistia.account_usage",
        "wistia.event",
        "wistia.events",
        "wistia.folder",
        "wistia.folders",
        "wistia.media",
        "wistia.analytics_media",
        "wistia.media_by_date",
        "wistia.analytics_media_conversions",
        "wistia.analytics_media_embed_locations",
        "wistia.analytics_media_embed_locations_timeseries",
        "wistia.media_engagement",
        "wistia.media_itself",
        "wistia.analytics_media_languages",
        "wistia.media_summary",
        "wistia.analytics_media_timeseries",
        "wistia.analytics_media_traffic",
        "wistia.medias",
        "wistia.project",
        "wistia.token",
        "wistia.visitor",
        "wistia.visitors",
        "wistia.analytics_webinar",
        "wistia.analytics_webinar_audience",
        "wistia.analytics_webinar_histograms",
        "wistia.analytics_webinar_registration",
        "wistia.analytics_webinar_traffic",
    ),
]

KEY = "commands"
GROUPS = re.compile(r"account|analytics-.*|stats-.*|media|folders")
# What changes something at Wistia, and is not emulated.
WRITES = {
    *(
        f"media {verb}"
        for verb in (
            "archive",
            "bulk-copy",
            "copy",
            "delete",
            "import-url",
            "move",
            "restore",
            "swap",
            "translate",
            "update",
        )
    ),
    *(f"folders {verb}" for verb in ("copy", "create", "delete", "update")),
}
MEDIA = "993554ba94"
PROJECT = "ln2k6qwi9k"
EVENT = "1390862572596e0.8447021404281259"
JIM = "E4E7613B5C24CB0F1F7C0A1E4E874635E752263E"
DATES = {"start_date": "2024-05-01", "end_date": "2024-06-01"}
Query = Mapping[str, Any]


@dataclass(frozen=True)
class CliCall:
    """A command with flags, and the request that it is to make:

    a path under /modern with its query, for which the flags stand unless it says otherwise.
    """

    command: str
    path: str
    flags: Query = field(default_factory=dict)
    ids: Query = field(default_factory=dict)
    query: Query | None = None


OF_MEDIA = {"media_id": MEDIA}
WEBINAR = "/analytics/webinars/webinar000"
OF_WEBINAR = {"webinar_id": "webinar000"}
POST_EVENT_FLAGS = {
    "include_post_event": "true",
    "post_event_start_date": "2024-05-01",
    "post_event_end_date": "2024-05-31",
}
RANKED = {"sort_by": "loads", "sort_direction": "asc", "per_page": 3}


def analytics(command: str, rest: str, **flags: Any) -> CliCall:
    """A command about the demo's longest media in May."""
    return CliCall(
        f"analytics-media {command}",
        f"/analytics/medias/{MEDIA}{rest}",
        {**DATES, **flags},
        OF_MEDIA,
    )


LIST_CALLS = {"per_page": 3, "page": 2, "sort_by": "name", "sort_direction": 0}
IDS = {"hashed_ids": [MEDIA, "gskhw4w4lm"]}
CALLS = {
    "account": CliCall("account get", "/account"),
    "token": CliCall("account get-token-details", "/token"),
    "usage": CliCall("account get-usage", "/account_usage"),
    "analytics": analytics("get", ""),
    "timeseries": analytics("get-timeseries", "/timeseries", granularity="weekly"),
    "locations": analytics(
        "get-embed-locations", "/embed_locations", embed_url="https://example.com/xxx-yyy", **RANKED
    ),
    "all locations": analytics("get-embed-locations", "/embed_locations"),
    "locations by month": analytics(
        "get-embed-locations-timeseries",
        "/embed_locations_timeseries",
        granularity="monthly",
        per_page=2,
        sort_by="loads",
    ),
    "a location by day": analytics(
        "get-embed-locations-timeseries",
        "/embed_locations_timeseries",
        granularity="daily",
        embed_url="https://example.com/xxx-yyy",
    ),
    **{
        f"traffic by {group}": analytics("get-traffic", "/traffic", group_by=group, **RANKED)
        for group in (
            "utm_campaign",
            "utm_source",
            "utm_medium",
            "referrer_domain",
            "viewer_screen_size",
        )
    },
    "conversions": analytics(
        "get-conversions",
        "/conversions",
        per_page=2,
        cursor="WyJjb252ZXJ0ZWRfYXQiLCAxNzE2MDAwMDAwLCAxLCAxXQ",
    ),
    "languages": analytics("get-languages", "/languages", per_page=3),
    "medias": CliCall(
        "media list",
        "/medias",
        {**LIST_CALLS, "folder_id": PROJECT, "type": "Video", "archived": "false"},
    ),
    "medias by name": CliCall("media list", "/medias", {"name": "A Bakery by the Harbour"}),
    "medias by tags": CliCall(
        "media list",
        "/medias",
        {"tags": ["grinder", "tour"]},
        query={"tags[]": ["grinder", "tour"]},
    ),
    "medias by ids": CliCall(
        "media list", "/medias", IDS, query={"hashed_ids[]": IDS["hashed_ids"]}
    ),
    "medias by cursor": CliCall(
        "media list",
        "/medias",
        {"cursor": '{"Enabled":1}', "per_page": 2},
        query={"cursor[enabled]": 1, "per_page": 2},
    ),
    "media": CliCall("media get", f"/medias/{MEDIA}", ids={"media_hashed_id": MEDIA}),
    "counts of a media": CliCall(
        "media get-stats", f"/medias/{MEDIA}/stats", ids={"media_hashed_id": MEDIA}
    ),
    "folders": CliCall("folders list", "/folders", {**LIST_CALLS, "page": 1}),
    "folders by ids": CliCall(
        "folders list", "/folders", {"hashed_ids": [PROJECT]}, query={"hashed_ids[]": PROJECT}
    ),
    "folders by cursor": CliCall(
        "folders list", "/folders", {"cursor": '{"Enabled":1}'}, query={"cursor[enabled]": 1}
    ),
    "folder": CliCall("folders get", f"/folders/{PROJECT}", ids={"id": PROJECT}),
    "statistics of the account": CliCall("stats-account get", "/stats/account"),
    "days of the account": CliCall(
        "stats-account get-stats-account-by-date", "/stats/account/by_date", DATES
    ),
    "statistics of a project": CliCall(
        "stats-projects get", f"/stats/projects/{PROJECT}", ids={"project_id": PROJECT}
    ),
    "statistics of a media": CliCall("stats-media get", f"/stats/medias/{MEDIA}", ids=OF_MEDIA),
    "days of a media": CliCall(
        "stats-media get-by-date", f"/stats/medias/{MEDIA}/by_date", DATES, OF_MEDIA
    ),
    "engagement": CliCall(
        "stats-media get-engagement", f"/stats/medias/{MEDIA}/engagement", ids=OF_MEDIA
    ),
    "events": CliCall(
        "stats-events list",
        "/stats/events",
        {**DATES, **OF_MEDIA, "visitor_key": JIM, "page": 1, "per_page": 5},
    ),
    "event": CliCall("stats-events get", f"/stats/events/{EVENT}", ids={"event_key": EVENT}),
    "visitors": CliCall(
        "stats-visitors list",
        "/stats/visitors",
        {"page": 1, "per_page": 5, "filter": "identified_by_email_gate", "search": "a"},
    ),
    "visitor": CliCall("stats-visitors get", f"/stats/visitors/{JIM}", ids={"visitor_key": JIM}),
}
# There are no webinars.
NOT_EMULATED = {
    "webinar": CliCall("analytics-webinar get", WEBINAR, POST_EVENT_FLAGS, OF_WEBINAR),
    "registration": CliCall(
        "analytics-webinar get-registration",
        f"{WEBINAR}/registration",
        {**POST_EVENT_FLAGS, "granularity": "daily"},
        OF_WEBINAR,
    ),
    "webinar traffic": CliCall(
        "analytics-webinar get-traffic",
        f"{WEBINAR}/traffic",
        {"group_by": "utm_source", "sort_by": "attendees", "sort_direction": "asc"},
        OF_WEBINAR,
    ),
    "audience": CliCall(
        "analytics-webinar get-audience",
        f"{WEBINAR}/audience",
        {"cursor": "x", "per_page": 5},
        OF_WEBINAR,
    ),
    "histograms": CliCall(
        "analytics-webinar get-histograms", f"{WEBINAR}/histograms", ids=OF_WEBINAR
    ),
}
REFUSED = {
    "unknown media": CliCall("analytics-media get", "", DATES, {"media_id": "nope"}),
    "too long": CliCall(
        "analytics-media get", "", {"start_date": "2020-01-01", "end_date": "2024-01-01"}, OF_MEDIA
    ),
    "many a page": CliCall(
        "analytics-media get-languages", "", {**DATES, "per_page": 101}, OF_MEDIA
    ),
    "no cursor": CliCall("media list", "", {"cursor": '{"After":"zz"}'}),
    "unknown folder": CliCall("folders get", "", ids={"id": "nope"}),
}
OUTPUTS = (
    "json",
    "yaml",
    "pretty",
)  # the first passes through, the others are made of what the program understood


@pytest.fixture(scope="module")
def answers(demo: Server) -> Answers:
    """What the program makes of every command."""
    asked = {**CALLS, **NOT_EMULATED, **REFUSED}
    calls = [
        Call(f"{output}: {name}", one.command, {**one.ids, **one.flags}, {"output": output})
        for output in OUTPUTS
        for name, one in asked.items()
    ]
    return client("wistia-cli-2026.5.1").run(base_url=demo.url, key=KEY, calls=calls)


@pytest.mark.parametrize("name", CALLS)
def test_a_command_is_told_what_its_request_is(
    web: httpx.Client, demo: Server, answers: Answers, name: str
) -> None:
    """So every flag arrives as the parameter that it stands for."""
    asked = CALLS[name]
    query = asked.flags if asked.query is None else asked.query
    answer = web.get(
        f"{demo.url}/modern{asked.path}",
        params=dict(query),
        headers={"Authorization": credentials("wistia", KEY)},
    )
    assert answer.status_code == 200
    assert assert_success(answers[f"json: {name}"]) == answer.json()
    assert answer.json()


# What the program has no place for in its own types.
UNPARSED = {"identifyingeventkey"}


@pytest.mark.parametrize("name", CALLS)
def test_what_the_program_understood_is_what_it_was_told(answers: Answers, name: str) -> None:
    """Key by key, as far as its output can tell."""
    understood = yaml.load(
        assert_success(answers[f"yaml: {name}"]), yaml.BaseLoader
    )  # all of it as text
    assert plain(unwrapped(understood)) == plain(assert_success(answers[f"json: {name}"]))
    assert assert_success(answers[f"pretty: {name}"])


def assert_success(answer: Answer) -> Any:  # Any: JSON
    assert answer.ok, f"{answer.name}: {answer.message}"
    return answer.value


def unwrapped(value: Any) -> Any:  # Any: what YAML says
    """A value without the wrapping in which the program writes what may be null, and what may be of
    several types.
    """
    if isinstance(value, list):
        return [unwrapped(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"true"}:
        return unwrapped(value["true"])
    if "unknownraw" in value:
        return unwrapped(value[value["type"]])
    return {name: unwrapped(inner) for name, inner in value.items()}


def plain(value: Any) -> Any:  # Any: JSON
    """A value without what is empty, and with everything written in one way that may be written in
    several.
    """
    if isinstance(value, dict):
        found = {name.replace("_", "").lower(): plain(inner) for name, inner in value.items()}
        return {
            name: inner
            for name, inner in found.items()
            if inner not in ({}, "null", "none", "") and name not in UNPARSED
        }
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    text = str(value).lower()
    try:
        return struct.pack("f", float(text))  # the program keeps 32 bits of a fraction
    except ValueError:
        return re.sub(r"(t00:00:00)?(\.000)?(z|\+00:00)$", "", text)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("name", NOT_EMULATED)
def test_there_are_no_webinars(answers: Answers, output: str, name: str) -> None:
    answer = answers[f"{output}: {name}"]
    assert (answer.ok, answer.status) == (False, 404)


REASONS = {
    "unknown media": (404, "API error occurred: Status 404"),
    "too long": (400, "The date range is too long: 1461 days, at most 731."),
    "many a page": (400, "per_page is out of range."),
    "no cursor": (400, "it is no cursor of this list in this order"),
    "unknown folder": (404, "Folder with ID 'nope' not found."),
}


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("name", REFUSED)
def test_the_program_says_what_was_wrong(answers: Answers, output: str, name: str) -> None:
    answer, (status, reason) = answers[f"{output}: {name}"], REASONS[name]
    assert (answer.ok, answer.status) == (False, status)
    assert reason in answer.message


# Whether that is all that there is.


def help_texts(*commands: str) -> dict[str, str]:
    """What the program says of its commands, by command."""
    calls = [
        Call(command, f"{command} --help" if command else "help", {}, {"output": "yaml"})
        for command in commands
    ]
    answers = client("wistia-cli-2026.5.1").run(base_url="http://127.0.0.1:9", key=KEY, calls=calls)
    return {name: assert_success(answer) for name, answer in answers.items()}


def command_names(help_text: str) -> list[str]:
    """The names below `Available Commands:`."""
    return re.findall(
        r"^  (\S+) ",
        help_text.partition("Available Commands:")[2].partition("\n\n")[0],
        re.MULTILINE,
    )


def flags(help_text: str) -> set[str]:
    """The names below `Required Flags:`, `Optional Flags:` and `Flags:`, but for that of help."""
    sections = re.findall(
        r"^(?:\w+ )?Flags:\n(.*?)(?:\n\n|\Z)", help_text, re.MULTILINE | re.DOTALL
    )
    return {
        name.replace("-", "_")
        for section in sections
        for name in re.findall(r"^ .*?--([\w-]+)", section, re.MULTILINE)
    } - {"help"}


@pytest.fixture(scope="module")
def help_by_command() -> dict[str, set[str]]:
    """The flags of every command of the groups that are about what we answer."""
    groups = [group for group in command_names(help_texts("")[""]) if GROUPS.fullmatch(group)]
    every = [
        f"{group} {command}"
        for group, said in help_texts(*groups).items()
        for command in command_names(said)
    ]
    return {command: flags(said) for command, said in help_texts(*every).items()}


def test_every_command_that_reads_is_asked(help_by_command: dict[str, set[str]]) -> None:
    asked = {one.command for one in (*CALLS.values(), *NOT_EMULATED.values())}
    assert help_by_command.keys() - WRITES == asked
    assert help_by_command.keys() >= WRITES
    assert len(asked) == 30


def test_every_flag_is_given(help_by_command: dict[str, set[str]]) -> None:
    given: dict[str, set[str]] = {command: set() for command in help_by_command.keys() - WRITES}
    for one in (*CALLS.values(), *NOT_EMULATED.values()):
        given[one.command] |= {*one.flags, *one.ids}
    assert given == {
        command: names for command, names in help_by_command.items() if command not in WRITES
    }
