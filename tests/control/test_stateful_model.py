"""Whatever is recorded, deleted, forked, reset and advanced, in any order:

every vendor says what a model in plain dictionaries says.
"""

import copy
import itertools
from collections import Counter
from typing import Any

import httpx
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from playhead import Server
from tests.worlds import DAY, NOW, credentials

VIEWERS = {"ana": ("203.0.113.1", "FR"), "bo": ("203.0.113.2", "US"), "cy": ("203.0.113.3", "FR")}
MEDIA = {"clip": ("video", 60), "film": ("video", 3600), "air": ("live", 0)}
VIEW_SECONDS = 5  # watched, that make a view
HEAT_STEP = 10  # the heat map tells every tenth second
PLAYED = st.lists(
    st.tuples(st.integers(0, 50), st.integers(1, 10)).map(lambda pair: (pair[0], sum(pair))),
    max_size=3,
)

Viewing = dict[str, Any]  # Any: of the model; a handful of plain values
Model = dict[str, Any]


def new_model() -> Model:
    """An account that was just created."""
    return {"now": NOW, "viewings": {}, "media": {}}


class ControlApi:
    """The control API, asked by plain requests."""

    def __init__(self, web: httpx.Client, server: Server) -> None:
        self.web = web
        self.url = server.url

    def __call__(self, method: str, path: str, status: int, body: Any = None) -> Any:  # Any: JSON
        response = self.web.request(method, f"{self.url}/_emulator{path}", json=body)
        assert response.status_code == status, response.text
        return response.json() if response.content else None

    def ask(self, vendor: str, key: str, path: str, **query: Any) -> Any:  # Any: JSON
        response = self.web.get(
            f"{self.url}/{vendor}{path}",
            params=query,
            headers={"Authorization": credentials(vendor, key)},
        )
        assert response.status_code == 200, response.text
        return response.json()


class AccountsModel(RuleBasedStateMachine):
    """Accounts of a server, and beside them what they should say."""

    accounts = Bundle("accounts")
    viewings = Bundle("recorded")

    def __init__(self, control: ControlApi, names: "itertools.count[int]", prefix: str) -> None:
        super().__init__()
        self.control = control
        self.names = names
        self.prefix = prefix
        self.models: dict[str, Model] = {}
        self.origins: dict[str, Model] = {}  # what a reset returns to
        self.changed: list[str] = []

    def _unused_name(self) -> str:
        return f"{self.prefix} {next(self.names)}"

    # What can be done.

    @rule(target=accounts)
    def create(self) -> str:
        name = self._unused_name()
        self.control(
            "POST",
            "/accounts",
            201,
            {
                "name": name,
                "scenario": "empty",
                "clock": {"mode": "frozen", "at": "2024-06-05T12:00:00Z"},
            },
        )
        self.models[name], self.origins[name] = new_model(), new_model()
        return name

    @rule(
        target=viewings,
        name=accounts,
        title=st.sampled_from(sorted(MEDIA)),
        who=st.sampled_from(sorted(VIEWERS)),
        age=st.integers(0, 3 * DAY),
        watched=PLAYED,
    )
    def record(
        self, name: str, title: str, who: str, age: int, watched: list[tuple[int, int]]
    ) -> tuple[str, str]:
        model = self.models[name]
        media = self._media(name, title)
        loaded_at, (ip, country) = model["now"] - age, VIEWERS[who]
        body = {
            "media": media,
            "viewer": {"ip": ip, "country": country},
            "loaded_at": format_iso(loaded_at),
            "played": watched,
        }
        made = self.control("POST", f"/accounts/{name}/viewings", 201, body)["viewings"][0]
        seconds = [
            (position, loaded_at + index)
            for index, position in enumerate(
                p for start, stop in watched for p in range(start, stop)
            )
        ]
        model["viewings"][made["id"]] = {
            "title": title,
            "who": who,
            "country": country,
            "loaded_at": loaded_at,
            "seconds": seconds,
        }
        self.changed.append(name)
        return name, made["id"]

    def _media(self, name: str, title: str) -> str:
        media = self.models[name]["media"]
        if title not in media:
            kind, seconds = MEDIA[title]
            made = self.control(
                "POST",
                f"/accounts/{name}/media",
                201,
                {"title": title, "kind": kind, **({"duration": seconds} if seconds else {})},
            )
            media[title] = made["media"][0]["ids"]
        return str(next(iter(media[title].values()))[0])

    @rule(recorded_viewing=consumes(viewings))
    def delete(self, recorded_viewing: tuple[str, str]) -> None:
        name, viewing = recorded_viewing
        model_viewing = self.models[name]["viewings"].pop(viewing, None)
        self.control(
            "DELETE", f"/accounts/{name}/viewings/{viewing}", 204 if model_viewing else 404
        )
        self.changed.append(name)

    @rule(target=accounts, name=accounts)
    def fork(self, name: str) -> str:
        into = self._unused_name()
        self.control("POST", f"/accounts/{name}/fork", 201, {"name": into})
        self.models[into], self.origins[into] = (
            copy.deepcopy(self.models[name]),
            copy.deepcopy(self.models[name]),
        )
        self.changed.append(into)
        return into

    @rule(name=accounts)
    def reset(self, name: str) -> None:
        self.control("POST", f"/accounts/{name}/reset", 200)
        self.models[name] = copy.deepcopy(self.origins[name])
        self.changed.append(name)

    @rule(name=accounts, seconds=st.integers(-2 * DAY, 2 * DAY))
    def advance(self, name: str, seconds: int) -> None:
        duration = f"{'-' if seconds < 0 else ''}PT{abs(seconds)}S"
        self.control("POST", f"/accounts/{name}/clock/advance", 200, {"by": duration})
        self.models[name]["now"] += seconds
        self.changed.append(name)

    # What must hold.

    @invariant()
    def every_vendor_says_what_the_model_says(self) -> None:
        for name in dict.fromkeys(
            [*self.changed, *list(self.models)[:1]]
        ):  # the first one too: nobody else's change is its own
            assert self._figures(name) == expected(self.models[name])
        self.changed.clear()

    def _figures(self, name: str) -> dict[str, Any]:
        media = self.models[name]["media"]
        wide = {"date_from": "2024-01-01T00:00:00Z", "date_to": "2024-12-31T23:59:59Z"}
        ask = self.control.ask
        countries = ask("gcore", name, "/streaming/statistics/countries", **wide)["data"]
        live = ask("gcore", name, "/streaming/statistics/stream/watching_duration/total")
        account = ask("wistia", name, "/v1/stats/account.json")
        figures: dict[str, Any] = {
            "views": {row["country"]: row["views"] for row in countries},
            "live minutes": live[0]["duration"],
            "wistia": (account["load_count"], account["play_count"]),
            "events": len(ask("wistia", name, "/v1/stats/events.json")),
            "visitors": len(ask("wistia", name, "/v1/stats/visitors.json")),
        }
        for title, ids in media.items():
            figures[title] = self._media_figures(name, title, ids, wide)
        return figures

    def _media_figures(
        self, name: str, title: str, ids: dict[str, list[str]], wide: dict[str, str]
    ) -> tuple[Any, ...]:
        ask = self.control.ask
        kind = MEDIA[title][0]
        if kind == "live":
            sessions = ask("apivideo", name, f"/analytics/live-streams/{ids['apivideo'][0]}")
            return (sessions["pagination"]["itemsTotal"],)
        sessions = ask("apivideo", name, f"/analytics/videos/{ids['apivideo'][0]}")
        heat = ask(
            "gcore",
            name,
            "/streaming/statistics/heatmap",
            type="vod",
            stream_id=ids["gcore"][0],
            **wide,
        )["data"]
        stats = ask("wistia", name, f"/v1/stats/medias/{ids['wistia'][0]}.json")
        return (
            sessions["pagination"]["itemsTotal"],
            {row["seconds"]: row["viewers"] for row in heat if row["viewers"]},
            (stats["load_count"], stats["play_count"], stats["visitors"]),
        )


def expected(model: Model) -> dict[str, Any]:
    """What every vendor should say of a model."""
    now = model["now"]
    loaded = [viewing for viewing in model["viewings"].values() if viewing["loaded_at"] <= now]
    finished = [
        viewing
        for viewing in loaded
        if MEDIA[viewing["title"]][0] == "video" and ended_at(viewing) <= now
    ]
    views = [
        viewing["country"]
        for viewing in loaded
        if len(viewing["seconds"]) >= VIEW_SECONDS
        and viewing["seconds"][VIEW_SECONDS - 1][1] + 1 <= now
    ]
    live = sum(
        at < now
        for viewing in loaded
        if MEDIA[viewing["title"]][0] == "live"
        for _, at in viewing["seconds"]
    )
    figures: dict[str, Any] = {
        "views": dict(Counter(views)),
        "live minutes": -(-live // 60),
        "wistia": (len(finished), sum(bool(viewing["seconds"]) for viewing in finished)),
        "events": sum(bool(viewing["seconds"]) for viewing in finished),
        "visitors": len({viewing["who"] for viewing in finished}),
    }
    for title in model["media"]:
        of = [viewing for viewing in loaded if viewing["title"] == title]
        figures[title] = (
            (len(of),)
            if title == "air"
            else (
                len(of),
                *video_figures([viewing for viewing in finished if viewing["title"] == title]),
            )
        )
    return figures


def video_figures(ended: list[Viewing]) -> tuple[dict[int, int], tuple[int, int, int]]:
    """How many had each second, and (loads, plays, visitors)."""
    sampled = [
        {position for position, _ in viewing["seconds"] if position % HEAT_STEP == 0}
        for viewing in ended
    ]
    had = Counter(position for positions in sampled for position in positions)
    return dict(had), (
        len(ended),
        sum(bool(viewing["seconds"]) for viewing in ended),
        len({viewing["who"] for viewing in ended}),
    )


def ended_at(viewing: Viewing) -> int:
    return int(viewing["loaded_at"] + len(viewing["seconds"]))


def format_iso(instant: int) -> str:
    from playhead.domain.clock import utc_datetime

    return f"{utc_datetime(instant):%Y-%m-%dT%H:%M:%SZ}"


def test_any_sequence_of_changes_leaves_every_vendor_with_the_models_figures(
    web: httpx.Client, empty: Server, key: str
) -> None:
    class Here(AccountsModel):
        def __init__(self) -> None:
            super().__init__(ControlApi(web, empty), names, key)

    names = itertools.count()
    run_state_machine_as_test(Here, settings=settings(max_examples=10, stateful_step_count=20))
