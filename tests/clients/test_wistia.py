"""Wistia's command line program, wistiapy and wystia:

what they make of our answers is what `stats` says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from playhead import Server
from playhead.analytics import catalog
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.domain.media import MediaKind
from tests.clients.client_helpers import Answers, open_snapshot, parsed_value
from tests.clients.environments import Answer, Call, client
from tests.clients.wistia_expected import (
    DATES,
    EVENT,
    EXPECTED,
    JIMS_KEY,
    LONG_MEDIA,
    MEDIA,
    MEDIA_TITLE,
    PROJECT,
    Expected,
    hashed_id_of,
    project_media,
)

pytestmark = [
    pytest.mark.xdist_group(
        "wistia clients"
    ),  # one worker asks a client everything, in one process
    pytest.mark.covers(
        "wistia.account",
        "wistia.account_by_date",
        "wistia.media",
        "wistia.media_by_date",
        "wistia.media_engagement",
        "wistia.project",
        "wistia.project_by_date",
        "wistia.visitors",
        "wistia.visitor",
        "wistia.events",
        "wistia.event",
        "wistia.medias",
        "wistia.projects",
        "wistia.folders",
        "wistia.media_itself",
        "wistia.media_summary",
        "wistia.project_itself",
    ),
]

KEY = "clients"
VISIBILITY = Visibility(frozenset({MediaKind.video}), ended_only=True)

Query = Mapping[str, object]


@dataclass(frozen=True)
class ClientCall:
    """One operation:

    the path under /v1/stats, its ids and query; `command` is that of the program, where it has one.
    """

    path: str
    command: str = ""
    ids: Query = field(default_factory=dict)
    query: Query = field(default_factory=dict)


CALLS = {
    "account": ClientCall("account", "stats-account get"),
    "account by date": ClientCall(
        "account/by_date", "stats-account get-stats-account-by-date", query=DATES
    ),
    "project": ClientCall("projects/{project_id}", "stats-projects get", {"project_id": PROJECT}),
    "project by date": ClientCall(
        "projects/{project_id}/by_date", ids={"project_id": PROJECT}, query=DATES
    ),
    "media": ClientCall("medias/{media_id}", "stats-media get", {"media_id": MEDIA}),
    "media by date": ClientCall(
        "medias/{media_id}/by_date", "stats-media get-by-date", {"media_id": MEDIA}, DATES
    ),
    "engagement": ClientCall(
        "medias/{media_id}/engagement", "stats-media get-engagement", {"media_id": MEDIA}
    ),
    "engagement of a long media": ClientCall(
        "medias/{media_id}/engagement", "stats-media get-engagement", {"media_id": LONG_MEDIA}
    ),
    "visitors": ClientCall("visitors", "stats-visitors list", query={"per_page": 20, "page": 2}),
    "known visitors": ClientCall("visitors", "stats-visitors list", query={"filter": "has_email"}),
    "searched visitors": ClientCall(
        "visitors", "stats-visitors list", query={"search": "JIM@example"}
    ),
    "visitor": ClientCall(
        "visitors/{visitor_key}", "stats-visitors get", {"visitor_key": JIMS_KEY}
    ),
    "events": ClientCall("events", "stats-events list", query={"per_page": 30, "page": 3}),
    "events of a media": ClientCall(
        "events", "stats-events list", query={"media_id": MEDIA, "per_page": 50, **DATES}
    ),
    "events of a visitor": ClientCall(
        "events", "stats-events list", query={"visitor_key": JIMS_KEY}
    ),
    "event": ClientCall("events/{event_key}", "stats-events get", {"event_key": EVENT}),
    "unknown media": ClientCall("medias/{media_id}", "stats-media get", {"media_id": "nothing"}),
    "unknown visitor": ClientCall(
        "visitors/{visitor_key}", "stats-visitors get", {"visitor_key": "nobody"}
    ),
    "unknown event": ClientCall("events/{event_key}", "stats-events get", {"event_key": "never"}),
    "bad date": ClientCall(
        "events", query={"start_date": "2024-13-01"}
    ),  # which the program refuses by itself
}
OF_THE_PROGRAM = [name for name, question in CALLS.items() if question.command]
LISTS = {
    "listed medias": ClientCall("", "media list"),
    "listed folders": ClientCall("", "folders list"),
}
STRICT = (
    "pretty",
    "yaml",
    "table",
    "toon",
)  # these decode into the program's own types; json passes through


# Asking.


@pytest.fixture(scope="module")
def cli_answers(demo: Server) -> Answers:
    """The official program's answers; each call of it is a process of its own."""
    asked = {name: question for name, question in {**CALLS, **LISTS}.items() if question.command}
    calls = [
        Call(
            f"{output}: {name}",
            question.command,
            {**question.ids, **question.query},
            {"output": output},
        )
        for output in ("json", *STRICT)
        for name, question in asked.items()
    ]
    calls += [
        Call(
            f"{output}: bad key", "stats-account get", {}, {"output": output, "key": "invalid-key"}
        )
        for output in ("json", *STRICT)
    ]
    return client("wistia-cli-2026.5.1").run(base_url=demo.url, key=KEY, calls=calls)


@pytest.fixture(scope="module")
def wistiapy_answers(demo: Server) -> Answers:
    """wistiapy's answers."""
    calls = [
        Call("medias", "list_medias"),
        Call("medias of a project", "list_medias", {"project_id": PROJECT}),
        Call("projects", "list_projects"),
    ]
    calls += [
        Call("media alone", "show_media", {"wistia_hashed_id": MEDIA}),
        Call("project alone", "show_project", {"project_hashed_id": PROJECT}),
    ]
    calls += [
        Call(name, "get", {"rel_path": path(question), "params": question.query})
        for name, question in CALLS.items()
    ]
    calls += [Call("bad key", "get", {"rel_path": "stats/account.json"}, {"key": "invalid-key"})]
    return client("wistiapy-0.0.15").run(base_url=demo.url, key=KEY, calls=calls)


@pytest.fixture(scope="module")
def wystia_answers(demo: Server) -> Answers:
    """wystia's answers. It minds unknown keys the first time only, so its two models come first."""
    calls = [
        Call("medias", "list_medias"),
        Call("projects", "list_all_projects"),
        Call("medias of a project", "list_medias", {"project_id": PROJECT}),
    ]
    calls += [
        Call(f"{name} alone", f"get_{name}", {f"{name}_id": MEDIA}) for name in ("media", "video")
    ]
    calls += [
        Call("project alone", "list_project", {"project_id": PROJECT}),
        Call("counts", "get_stats_for_video", {"video_id": MEDIA}),
    ]
    calls += [Call("nothing alone", "get_media", {"media_id": "nothing"})]
    calls += [
        Call(name, "request", {"method": "GET", "api": path(question), "params": question.query})
        for name, question in CALLS.items()
    ]
    calls += [
        Call(
            "bad key",
            "request",
            {"method": "GET", "api": "stats/account.json"},
            {"key": "invalid-key"},
        )
    ]
    return client("wystia-1.2.2").run(base_url=demo.url, key=KEY, calls=calls)


def path(question: ClientCall) -> str:
    return f"stats/{question.path.format(**question.ids)}.json"


CLIENTS = ("wistia-cli", "wistiapy", "wystia")
AnswerOf = Callable[[str], Answer]


@pytest.fixture(params=CLIENTS)
def client_name(request: pytest.FixtureRequest) -> str:
    """Which client."""
    return str(request.param)


@pytest.fixture
def answers(client_name: str, request: pytest.FixtureRequest) -> AnswerOf:
    """What a client made of a question, by the question's name."""
    if client_name == "wistia-cli":
        answers = request.getfixturevalue("cli_answers")
        return lambda name: answers[f"json: {name}"]
    told: Answers = request.getfixturevalue(f"{client_name}_answers")
    return lambda name: told[name]


@pytest.fixture
def snapshot(demo: Server) -> Iterator[Snapshot]:
    """The same account as `stats` reads it: videos only, and what has ended."""
    with open_snapshot(demo, KEY, VISIBILITY) as found:
        yield found


# The figures.


EXPECTED_BY_CALL = [
    (who, name)
    for who in CLIENTS
    for name in EXPECTED
    if who != "wistia-cli" or name in OF_THE_PROGRAM
]


@pytest.mark.parametrize(("client_name", "name"), EXPECTED_BY_CALL, indirect=["client_name"])
def test_what_a_client_is_told_is_what_stats_says(
    name: str, client_name: str, answers: AnswerOf, snapshot: Snapshot
) -> None:
    expected = EXPECTED[name](snapshot)
    answer = parsed_value(answers(name), "dict" if isinstance(expected, dict) else "list[dict]")
    if name == "account by date" and client_name != "wistia-cli":
        answer = answer[::-1]  # newest first under /v1, and only there
    assert comparable_fields(answer, expected) == expected
    assert expected


def comparable_fields(answer: Any, expected: Expected) -> Any:  # Any: JSON
    """The keys of an answer that are expected, of every row.

    Keys beyond them are counted elsewhere.
    """
    if isinstance(expected, dict):
        return {name: answer[name] for name in expected}
    assert len(answer) == len(expected)
    return [
        {name: row[name] for name in wanted} for row, wanted in zip(answer, expected, strict=True)
    ]


# The program's other outputs: whatever it does not like in an answer makes it end with an error.

SHOWN_FIELDS = (
    "load_count",
    "play_count",
    "visitors",
    "number_of_videos",
    "engagement_data",
    "rewatch_data",
    "visitor_key",
    "event_key",
    "media_id",
)


@pytest.mark.parametrize("name", [name for name in EXPECTED if name in OF_THE_PROGRAM])
@pytest.mark.parametrize("output", STRICT)
def test_the_program_decodes_and_shows_the_figures(
    output: str, name: str, cli_answers: Answers, snapshot: Snapshot
) -> None:
    expected = EXPECTED[name](snapshot)
    rows = [expected] if isinstance(expected, dict) else expected
    shown = tokens(parsed_value(cli_answers[f"{output}: {name}"], "str"))
    assert (
        tokens(" ".join(str(row[name]) for row in rows for name in SHOWN_FIELDS if name in row))
        <= shown
    )


def tokens(text: str) -> Counter[str]:
    """Numbers, keys and ids, each as often as it occurs."""
    return Counter(re.findall(r"[\w.-]+", text))


# The catalogue.


def described(snapshot: Snapshot) -> dict[str, tuple[str, float, str]]:
    """Title, seconds and project of every video, by hashed id."""
    titles = {project.number: project.title for project in catalog.projects(snapshot)}
    return {
        hashed_id_of(snapshot, "video", media.number): (
            media.title,
            media.duration_ms / 1000,
            titles[media.project],
        )
        for media in catalog.media(snapshot)
    }


def medias_of_projects(snapshot: Snapshot) -> dict[str, tuple[str, int]]:
    """Title and number of videos of every project, by hashed id."""
    sizes = Counter(media.project for media in catalog.media(snapshot))
    return {
        hashed_id_of(snapshot, "project", project.number): (project.title, sizes[project.number])
        for project in catalog.projects(snapshot)
    }


@pytest.mark.parametrize(
    ("client_name", "spelling"),
    [("wistiapy", "hashed_id"), ("wystia", "hashedId")],
    indirect=["client_name"],
)
def test_listed_medias(spelling: str, answers: AnswerOf, snapshot: Snapshot) -> None:
    rows = parsed_value(answers("medias"), "list[Media]")
    assert {
        row[spelling]: (row["name"], row["duration"], row["project"]["name"]) for row in rows
    } == described(snapshot)
    assert len(rows) == len(described(snapshot)) > 20
    assert described(snapshot)[MEDIA][0] == MEDIA_TITLE, "as documented"


@pytest.mark.parametrize(
    ("client_name", "spelling"),
    [("wistiapy", "hashed_id"), ("wystia", "hashedId")],
    indirect=["client_name"],
)
def test_listed_medias_of_a_project(spelling: str, answers: AnswerOf, snapshot: Snapshot) -> None:
    assert {
        row[spelling] for row in parsed_value(answers("medias of a project"), "list[Media]")
    } == {hashed_id_of(snapshot, "video", media.number) for media in project_media(snapshot)}


@pytest.mark.parametrize(
    ("client_name", "spelling"),
    [("wistiapy", "hashed_id"), ("wystia", "hashedId")],
    indirect=["client_name"],
)
def test_listed_projects(spelling: str, answers: AnswerOf, snapshot: Snapshot) -> None:
    rows = parsed_value(answers("projects"), "list[Project]")
    assert {row[spelling]: (row["name"], row["mediaCount"]) for row in rows} == medias_of_projects(
        snapshot
    )


@pytest.mark.parametrize(
    ("client_name", "name"),
    [("wistiapy", "media alone"), ("wystia", "media alone"), ("wystia", "video alone")],
    indirect=["client_name"],
)
def test_a_media_alone(name: str, answers: AnswerOf, snapshot: Snapshot) -> None:
    found = parsed_value(answers(name), name.partition(" ")[0].capitalize())
    assert (found["name"], found["duration"], found["project"]["name"]) == described(snapshot)[
        MEDIA
    ]


def test_the_media_of_a_project_alone(wystia_answers: Answers, snapshot: Snapshot) -> None:
    rows = parsed_value(wystia_answers["project alone"], "list[Media]")
    assert {row["hashedId"] for row in rows} == {
        hashed_id_of(snapshot, "video", media.number) for media in project_media(snapshot)
    }


def test_a_project_alone(wistiapy_answers: Answers, snapshot: Snapshot) -> None:
    found = parsed_value(wistiapy_answers["project alone"], "Project")
    assert (found["name"], found["mediaCount"]) == medias_of_projects(snapshot)[PROJECT]


def test_the_counts_of_a_media_in_whole_percents(
    wystia_answers: Answers, snapshot: Snapshot
) -> None:
    """L4: the same figures, rounded."""
    found = parsed_value(wystia_answers["counts"], "VideoStats")["stats"]
    media = EXPECTED["media"](snapshot)
    assert isinstance(media, dict)
    assert (found["pageLoads"], found["plays"], found["visitors"]) == (
        media["load_count"],
        media["play_count"],
        media["visitors"],
    )
    percents = (found["percentOfVisitorsClickingPlay"], found["averagePercentWatched"])
    assert percents == pytest.approx(
        (
            100 * wystia_answers["media"].value["play_rate"],
            100 * wystia_answers["media"].value["engagement"],
        ),
        abs=0.5,
    )


def test_a_media_that_is_not_there_is_the_clients_own_error(wystia_answers: Answers) -> None:
    assert (wystia_answers["nothing alone"].ok, wystia_answers["nothing alone"].error) == (
        False,
        "NoSuchMedia",
    )


def test_the_program_lists_medias(cli_answers: Answers, snapshot: Snapshot) -> None:
    rows = parsed_value(cli_answers["json: listed medias"], "list[dict]")
    assert {
        row["hashed_id"]: (row["name"], row["duration"], row["folder"]["name"]) for row in rows
    } == described(snapshot)


def test_the_program_lists_folders(cli_answers: Answers, snapshot: Snapshot) -> None:
    rows = parsed_value(cli_answers["json: listed folders"], "list[dict]")
    assert {
        row["hashed_id"]: (row["name"], row["media_count"]) for row in rows
    } == medias_of_projects(snapshot)


@pytest.mark.parametrize("output", STRICT)
def test_the_program_decodes_lists(output: str, cli_answers: Answers, snapshot: Snapshot) -> None:
    assert (
        set(described(snapshot))
        <= tokens(parsed_value(cli_answers[f"{output}: listed medias"], "str")).keys()
    )
    assert (
        set(medias_of_projects(snapshot))
        <= tokens(parsed_value(cli_answers[f"{output}: listed folders"], "str")).keys()
    )


# Errors.

REFUSED = {
    "bad key": (401, {"code": "unauthorized_credentials", "error": "Invalid credentials."}),
    "unknown media": (404, {"error": "Media with ID 'nothing' not found."}),
    "unknown visitor": (404, {"error": "Visitor with ID 'nobody' not found."}),
    "unknown event": (404, {"error": "Event with ID 'never' not found."}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_an_error_with_its_body(
    name: str, client_name: str, answers: AnswerOf
) -> None:
    answer = answers(name)
    error = "CommandError" if client_name == "wistia-cli" else "HTTPError"
    assert (answer.ok, answer.error, answer.status, answer.body) == (False, error, *REFUSED[name])


@pytest.mark.parametrize("client_name", ["wistiapy", "wystia"], indirect=True)
def test_a_bad_date_is_a_422(answers: AnswerOf) -> None:
    answer = answers("bad date")
    assert (answer.ok, answer.error, answer.status) == (False, "HTTPError", 422)
    assert answer.body == {"error": "start_date is not a valid date, use YYYY-MM-DD."}


@pytest.mark.parametrize("output", STRICT)
def test_the_program_says_what_was_wrong(output: str, cli_answers: Answers) -> None:
    assert "Invalid credentials." in cli_answers[f"{output}: bad key"].message
    assert "API error occurred: Status 404" in cli_answers[f"{output}: unknown media"].message
