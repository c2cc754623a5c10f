"""An account made over HTTP, in which tests plan faults and stubs and which they then ask."""

from typing import Any
from urllib.parse import quote

import httpx

from tests.worlds import NOW_TEXT, credentials

COUNTRIES = "/streaming/statistics/countries"
MAY = {"date_from": "2024-05-01", "date_to": "2024-05-31"}
TOTAL_PATH = "/streaming/statistics/stream/watching_duration/total"
# An operation of each vendor that needs nothing, and the envelope of its mishaps: content type, and
# the key that tells.
SIMPLE_PATHS = {"gcore": TOTAL_PATH, "wistia": "/v1/stats/account.json", "apivideo": "/videos"}
ERROR_ENVELOPES = {
    "gcore": ("application/json", "errors"),
    "wistia": ("application/json", "error"),
    "apivideo": ("application/problem+json", "title"),
}


class AccountClient:
    """One account of the empty world, its clock frozen at NOW, unless told otherwise."""

    def __init__(self, web: httpx.Client, url: str, name: str, **settings: Any) -> None:
        self.web = web
        self.url = url
        self.name = name
        settings = {"scenario": "empty", "clock": {"mode": "frozen", "at": NOW_TEXT}, **settings}
        self.account = self.control("POST", "/accounts", 201, {"name": name, **settings})

    def control(self, method: str, path: str, status: int, body: Any = None) -> Any:
        """The control API's answer, which must have that status."""
        answer = self.web.request(method, f"{self.url}/_emulator{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def account_request(self, method: str, path: str, status: int, body: Any = None) -> Any:
        """The same below this account."""
        return self.control(method, f"/accounts/{quote(self.name, safe='')}{path}", status, body)

    def add_fault(
        self,
        effect: dict[str, Any],
        *,
        times: int | None = None,
        ttl: str | None = None,
        **match: Any,
    ) -> dict[str, Any]:
        more = {"times": times, "ttl": ttl}
        fault: dict[str, Any] = self.account_request(
            "POST",
            "/faults",
            201,
            {
                "match": match,
                "effect": effect,
                **{name: value for name, value in more.items() if value},
            },
        )
        return fault

    def add_stub(self, vendor: str, path: str, **more: Any) -> dict[str, Any]:
        stub: dict[str, Any] = self.account_request(
            "POST", "/stubs", 201, {"vendor": vendor, "path": path, **more}
        )
        return stub

    def advance(self, by: str) -> None:
        self.account_request("POST", "/clock/advance", 200, {"by": by})

    def vendor_request(
        self,
        vendor: str,
        path: str | None = None,
        method: Any = "GET",
        headers: Any = None,
        **query: Any,
    ) -> httpx.Response:  # Any: a query comes as **
        """A vendor's answer to this account's key.

        Without a path to the operation that needs nothing.
        """
        sent = {"Authorization": credentials(vendor, self.name), **(headers or {})}
        return self.web.request(
            method,
            f"{self.url}/{vendor}{path or SIMPLE_PATHS[vendor]}",
            params=query or None,
            headers=sent,
        )

    def statuses(self, vendor: str, times: int) -> list[int]:
        """The statuses of so many requests, one after the other."""
        return [self.vendor_request(vendor).status_code for _ in range(times)]


def is_vendor_error(answer: httpx.Response, vendor: str, status: int) -> bool:
    """Whether an answer is a mishap of that status in the vendor's envelope."""
    type_, key = ERROR_ENVELOPES[vendor]
    return (answer.status_code, answer.headers["content-type"]) == (status, type_) and bool(
        answer.json().get(key)
    )
