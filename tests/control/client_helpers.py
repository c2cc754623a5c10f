"""An account that asks vendors, and then the journal about it."""

from typing import Any
from urllib.parse import quote

import httpx

from tests.worlds import credentials

VIDEOS = "/streaming/videos"
STREAMS = "/streaming/streams"
COUNTRIES = "/streaming/statistics/countries"


class JournalClient:
    """A key, used on a server."""

    def __init__(self, web: httpx.Client, url: str, key: str) -> None:
        self.web = web
        self.url = url
        self.key = key

    def gcore(self, path: str = VIDEOS, *, method: str = "GET", **headers: str) -> httpx.Response:
        return self.web.request(
            method,
            f"{self.url}/gcore{path}",
            headers={"Authorization": credentials("gcore", self.key), **headers},
        )

    def control(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.web.request(
            method, f"{self.url}/_emulator/accounts/{quote(self.key, safe='')}{path}", **more
        )

    def requests(self, **filters: Any) -> list[dict[str, Any]]:
        answer = self.control("GET", "/requests", params=filters)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["requests"]
        return found

    def paths(self, **filters: Any) -> list[str]:
        return [request["path"] for request in self.requests(**filters)]

    def last_request(self) -> dict[str, Any]:
        return self.requests()[-1]
