"""What a test says to a running server:

`Client(url)` has accounts; an `Account` is arranged, recorded into, and asked what happened.
"""

import http.client
from types import TracebackType
from typing import Self, Unpack

from playhead.client.account import Account, drop_none, iter_requests
from playhead.client.models import (
    CatalogEntry,
    Clock,
    Fault,
    Filters,
    Media,
    Request,
    Stub,
    Viewing,
)
from playhead.client.transport import ApiRequest, ControlError, HttpTransport, json_body

__all__ = [
    "Account",
    "CatalogEntry",
    "Client",
    "Clock",
    "ControlError",
    "Fault",
    "Media",
    "Request",
    "Stub",
    "Viewing",
    "is_reachable",
]


class Client:
    """A running server:

    `with Client("http://127.0.0.1:8000") as client: client.create(scenario="demo")`. Whatever is
    refused is a ControlError.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        self._transport = HttpTransport(url, token)
        self.url = self._transport.url

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept."""
        self._transport.close()

    def accounts(self) -> list["Account"]:
        """Every account, in the order of opening."""
        return [
            self.account(shown["name"])
            for shown in self._transport.call(ApiRequest("GET", "/accounts"))["accounts"]
        ]

    def account(self, name: str) -> "Account":
        """The account of that name, whether or not there is one yet."""
        return Account(self._transport, name)

    def create(self, name: str | None = None, **options: object) -> "Account":
        """A new account.

        Options: scenario, seed, viewings, clock, credentials, lenient, environment, permissions,
        rate_limits.
        """
        made = self._transport.call(
            ApiRequest("POST", "/accounts", json_body(drop_none(name=name, **options)))
        )
        return self.account(made["name"])

    def anonymous_requests(self, **filters: Unpack[Filters]) -> list[Request]:
        """The requests that named no account."""
        return list(iter_requests(self._transport, "/requests", filters))


def is_reachable(host: str, port: int) -> bool:
    """Whether Playhead answers at an address.

    Every address of this machine is asked on loopback.
    """
    connection = http.client.HTTPConnection(
        {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=5
    )
    try:
        connection.request("GET", "/")
        response = connection.getresponse()
        return response.status == 200 and b"<title>Playhead</title>" in response.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
