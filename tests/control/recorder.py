"""Recording over HTTP, as tests do it: one account, asked at the control API and at each vendor."""

import json
from collections.abc import Iterable
from typing import Any

import httpx

from tests.worlds import World

NDJSON = {"Content-Type": "application/x-ndjson"}


class Recorder:
    """One account, recorded into and asked."""

    def __init__(self, world: World, web: httpx.Client) -> None:
        self.world = world
        self.web = web
        self.account = world.account.name

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.web.request(
            method, f"{self.world.server.url}/_emulator/accounts/{self.account}/{path}", **more
        )

    def record(self, path: str, *items: Any) -> list[Any]:
        """Record things in one request; what the answer says of each."""
        answer = self.request("POST", path, json=list(items))
        assert answer.status_code == 201, answer.text
        recorded: list[Any] = answer.json()[path]
        return recorded

    def post_ndjson(self, path: str, items: Iterable[Any]) -> httpx.Response:
        """Send things a line each."""
        return self.request(
            "POST", path, content="\n".join(json.dumps(each) for each in items), headers=NDJSON
        )

    def add_clip(self, **more: Any) -> str:
        """Record a minute's video; its number."""
        return str(self.record("media", {"title": "Clip", "duration": 60, **more})[0]["number"])

    def viewings(self) -> list[Any]:
        """What is recorded."""
        found: list[Any] = self.request("GET", "viewings").json()["viewings"]
        return found

    def rejection(self, path: str, body: Any, status: int = 422) -> str:
        """Why a request is refused."""
        answer = self.request("POST", path, json=body)
        assert (answer.status_code, answer.headers["content-type"]) == (
            status,
            "application/problem+json",
        ), answer.text
        detail: str = answer.json()["detail"]
        return detail

    def vendor_counts(self, media: dict[str, Any]) -> dict[str, Any]:
        """What each vendor counts of a video:

        Gcore's plays and watched positions, Wistia's loads and plays, api.video's sessions.
        """
        vendor = {name: ids[0] for name, ids in media["ids"].items()}
        get = self.world.get
        heat = get(
            self.web,
            "gcore",
            "/streaming/statistics/heatmap",
            **ALL_TIME_PARAMS,
            type_="vod",
            stream_id=vendor["gcore"],
        ).json()
        stats = get(self.web, "wistia", f"/v1/stats/medias/{vendor['wistia']}.json").json()
        return {
            "gcore": (
                get(self.web, "gcore", f"/streaming/videos/{vendor['gcore']}").json()["cdn_views"],
                heat,
            ),
            "wistia": (
                stats["load_count"],
                stats["play_count"],
                stats["visitors"],
                round(stats["hours_watched"] * 3600),
            ),
            "apivideo": get(self.web, "apivideo", f"/analytics/videos/{vendor['apivideo']}").json()[
                "pagination"
            ]["itemsTotal"],
        }


ALL_TIME_PARAMS = {"date_from": "2000-01-01T00:00:00Z", "date_to": "2030-01-01T00:00:00Z"}
