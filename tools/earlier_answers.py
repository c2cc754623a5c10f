"""What requests send back to the server that gave it: tokens and cursors."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from tools.running_server import Answer, RunningServer, ServerError
from tools.vendor_requests import JSON, Headers, VendorRequest

WISTIA_KEY: Headers = (("Authorization", "Bearer demo"),)
TOKENS = VendorRequest("apivideo", "token", "POST", "/auth/api-key", (JSON,), '{"apiKey": "demo"}')
MEDIAS = VendorRequest(
    "wistia", "cursor", "GET", "/modern/medias?cursor[enabled]=1&per_page=3", WISTIA_KEY
)
CONVERSIONS = MEDIAS._replace(
    target="/modern/analytics/medias/993554ba94/conversions"
    "?start_date=2024-05-02&end_date=2024-05-30&per_page=3"
)
FOLLOWING = (
    MEDIAS._replace(target=f"{MEDIAS.target}&cursor[after]={{medias_cursor}}"),
    MEDIAS._replace(target=f"{MEDIAS.target}&cursor[before]={{medias_cursor}}"),
    CONVERSIONS._replace(target=f"{CONVERSIONS.target}&cursor={{conversions_cursor}}"),
)


class Given(NamedTuple):
    """A value in the JSON of an answer, reached by these steps."""

    request: VendorRequest
    steps: tuple[str | int, ...]

    def of(self, answer: Answer) -> str:
        value: Any = json.loads(answer.body)  # Any: JSON
        for step in self.steps:
            value = value[step]
        return str(value)


GIVEN = {
    "access_token": Given(TOKENS, ("access_token",)),
    "refresh_token": Given(TOKENS, ("refresh_token",)),
    "medias_cursor": Given(MEDIAS, (-1, "cursor")),
    "conversions_cursor": Given(CONVERSIONS, ("page_info", "end_cursor")),
}


def given_by(server: RunningServer) -> Mapping[str, str]:
    """What this server gives for later requests, by name; raises ServerError."""
    values = {}
    for name, given in GIVEN.items():
        answer = server.ask(given.request)
        try:
            values[name] = given.of(answer)
        except (ValueError, LookupError, TypeError):
            raise ServerError(f"No {name} in the answer to {given.request}:\n{answer}") from None
    return values
