"""One request to a vendor, and the words by which each vendor takes a key."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote, urlencode

from tools.openapi_operations import Operation, Parameter
from tools.parameter_values import Pairs, valid

Headers = tuple[tuple[str, str], ...]
Ids = Mapping[str, Sequence[str]]  # kind of thing → its ids, as `playhead catalog` lists them

JSON = ("Content-Type", "application/json")
# Both servers see the same host, so that addresses in their answers are the same.
HOST = ("Host", "127.0.0.1:8000")
# Which kind of the catalogue fills a placeholder of a path.
KINDS = {
    "broadcast_id": "broadcast",
    "event_key": "event",
    "folder_id": "project",
    "liveStreamId": "live",
    "media_id": "media",
    "playlist_id": "playlist",
    "project_id": "project",
    "sessionId": "session",
    "stream_id": "live",
    "videoId": "video",
    "video_id": "video",
    "visitor_key": "visitor",
}


class VendorRequest(NamedTuple):
    """A request as it is sent; `{access_token}` and such stand for what a server gave before."""

    vendor: str
    topic: str
    method: str
    target: str
    headers: Headers = ()
    body: str | None = None

    def __str__(self) -> str:
        headers = "".join(f"\n    {name}: {value[:100]}" for name, value in self.headers)
        body = "" if self.body is None else f"\n    {self.body}"
        return f"{self.vendor} ({self.topic}): {self.method} {self.target}{headers}{body}"

    def filled(self, given: Mapping[str, str]) -> "VendorRequest":
        """The request with what this server gave before."""
        return self._replace(
            target=_filled(self.target, given),
            headers=tuple((name, _filled(value, given)) for name, value in self.headers),
            body=None if self.body is None else _filled(self.body, given),
        )


def _filled(text: str, given: Mapping[str, str]) -> str:
    for name, value in given.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def basic(user: str, password: str = "") -> str:
    """The value of an Authorization header."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


KEYS = {
    "gcore": ("APIKey demo", "Bearer demo"),
    "wistia": ("Bearer demo", basic("api", "demo"), basic("demo")),
    "apivideo": (basic("demo"), "Bearer {access_token}"),
}


def credentials(operation: Operation, turn: int = 0) -> Headers:
    """The header by which the operation takes a key; another turn may send it in another way."""
    keys = KEYS[operation.vendor]
    if not {"basic", "bearer", "APIKey"} & {*operation.security}:
        return ()
    return (("Authorization", keys[turn % len(keys)]),)


def to(
    operation: Operation,
    topic: str,
    query: Pairs | None = None,
    *,
    turn: int = 0,
    method: str | None = None,
    path: str | None = None,
    headers: Headers = (),
    key: Headers | None = None,
) -> VendorRequest:
    """A request to an operation: a valid one, but for what is passed."""
    pairs = required(operation) if query is None else query
    if "public_token" in operation.security:
        pairs = [*pairs, ("public_token", "{public_token}")]
    text = urlencode(pairs, safe="{},:/")
    body = _body(operation) if method in (None, "POST") else None
    return VendorRequest(
        vendor=operation.vendor,
        topic=topic,
        method=method or operation.method,
        target=(path or filled_path(operation)) + (f"?{text}" if text else ""),
        headers=(
            *(credentials(operation, turn) if key is None else key),
            *((JSON,) if body else ()),
            *headers,
        ),
        body=body,
    )


def required(operation: Operation, turn: int = 0) -> Pairs:
    """Its required parameters, with valid values."""
    return [(parameter.name, valid(parameter, turn)) for parameter in operation.required]


def filled_path(operation: Operation, **values: str) -> str:
    """Its path with these values, or with the document's examples."""
    path = operation.path
    for placeholder in operation.placeholders:
        value = values.get(placeholder.name) or _example(placeholder)
        path = path.replace(f"{{{placeholder.name}}}", quote(value, safe=""))
    return path


def _example(placeholder: Parameter) -> str:
    return placeholder.example or "webinar000"


def _body(operation: Operation) -> str | None:
    if operation.body is None:
        return None
    value = "{refresh_token}" if "refreshToken" in operation.body else "demo"
    return f'{{"{next(iter(operation.body))}": "{value}"}}'
