"""Requests in other spellings: methods, paths, credentials, preferences, clients and bodies."""

from collections.abc import Iterator, Mapping, Sequence

from tools.openapi_operations import Operation
from tools.vendor_requests import (
    Headers,
    VendorRequest,
    basic,
    filled_path,
    to,
)

WRONG_METHODS = ("POST", "PUT", "DELETE", "PATCH")
# What Authorization says; None is a request without it.
AUTHORIZATIONS: Sequence[str | None] = (
    None,
    "",
    "demo",
    "APIKey",
    "Bearer ",
    basic("demo"),
    "Bearer invalid-key",
    "APIKey another account",
    "APIKey invalid",
    "apikey demo",
    "Basic !!!",
    "bearer demo",
    basic("invalid-key"),
    basic("", "demo"),
    "Bearer {access_token}x",
    basic(""),
    f"APIKey {'k' * 201}",
    "Digest demo",
)
FEW_AUTHORIZATIONS: Sequence[str | None] = (None, "Bearer invalid-key", basic("invalid-key"))
PREFERENCES = (
    *(f"code={status}" for status in (400, 401, 403, 404, 405, 429, 500, 503)),
    "code=nonsense",
    "wait=0.01",
    "example=documented",
    "example=documented, code=404",
    "respond-async, code=502; wait=0",
)
FEW_PREFERENCES = ("code=404", "code=500", "example=documented")
INSTANTS = ("2024-05-20T00:00:00Z", "nonsense", "0001-01-01", "9999-12-31T23:59:59Z", "")
SEEN_BY_ALL: Sequence[Headers] = (
    (("Accept", "text/html"),),
    (("Accept", "application/xml;q=0.9, */*;q=0"),),
    (("Accept-Language", "fr"), ("Accept-Encoding", "gzip")),
    (("Origin", "http://example.com"),),
    (("Origin", "null"),),
    (("If-None-Match", "*"), ("Range", "bytes=0-9")),
)
CLIENTS: Mapping[str, Sequence[Headers]] = {
    "gcore": ((("X-Stainless-Retry-Count", "1"), ("User-Agent", "Gcore/Python 0.20.0")),),
    "wistia": (
        (("X-Wistia-API-Version", "2026-03"),),
        (("X-Wistia-API-Version", "nonsense"), ("X-Wistia-Client-Name", "cli")),
    ),
    "apivideo": (
        (("AV-Origin-Client", "nonsense"), ("AV-Origin-Sdk", "x:1"), ("AV-Origin-App", "y:1")),
        (("AV-Origin-Client", "java:1.0.0"),),
        (("AV-Origin-Client", "python:1.2.9"),),
        (("User-Agent", '"api.video client (python; v:1.2.1; )"'),),
        (("AV-Origin-Client", "python:0.0.9"),),
        (("AV-Origin-Client", "python:1.4.0"),),
    ),
}
HOSTS = {
    "gcore": ("api.gcore.com",),
    "wistia": ("api.wistia.com",),
    "apivideo": ("ws.api.video", "sandbox.api.video"),
}
BODIES = (
    "",
    "{}",
    "nonsense",
    "[]",
    '{"NAME": ""}',
    '{"NAME": null}',
    '{"NAME": "invalid-key"}',
    '{"NAME": 5}',
    '{"NAME": "nonsense", "other": 1}',
)
QUERY_KEYS = ("access_token=demo", "api_password=demo", "access_token=invalid", "access_token=")


def variants(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    """All of one vendor's."""
    yield from _methods(operations)
    yield from _spellings(operations)
    yield from _unknown_paths(operations)
    yield from _credentials(operations)
    yield from _preferences(operations)
    yield from _headers(operations)
    yield from _hosts(operations)
    yield from _bodies(operations)


def spread(operations: Sequence[Operation], count: int) -> Sequence[Operation]:
    """About so many of the operations, from the whole list."""
    return operations[:: max(1, len(operations) // count)][:count]


def _with_id(operations: Sequence[Operation]) -> list[Operation]:
    return [operation for operation in operations if operation.placeholders]


def _lists(operations: Sequence[Operation]) -> list[Operation]:
    """Operations that take a key and no id."""
    return [
        operation
        for operation in operations
        if operation.security and not operation.placeholders and operation.body is None
    ]


def _methods(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    for turn, operation in enumerate(spread(operations, 4)):
        method = WRONG_METHODS[turn % len(WRONG_METHODS)]
        wrong = "GET" if operation.method == method else method
        yield to(operation, "wrong method", method=wrong)
        yield to(operation, "HEAD", method="HEAD")
    for operation in spread(operations, 2):
        asking: Headers = (
            ("Origin", "http://example.com"),
            ("Access-Control-Request-Method", "GET"),
        )
        yield to(operation, "OPTIONS", method="OPTIONS", key=(), headers=asking)
    yield to(operations[0], "OPTIONS", method="OPTIONS", path=_below_root(operations[0], "nothing"))


def _spellings(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    """Paths that a router may read as others."""
    for operation in spread(operations, 2):
        yield to(operation, "trailing slash", path=f"{filled_path(operation)}/")
        yield to(operation, "prefix", path=f"/{operation.vendor}{filled_path(operation)}")
        yield to(operation, "suffix", path=f"{filled_path(operation)}.json")
    one, other = spread(operations, 2)
    path = filled_path(one)
    for spelled in (f"/{path}", path.upper(), path[:-1] + f"%{ord(path[-1]):x}"):
        yield to(one, "spelling", path=spelled)
    yield to(other, "spelling", path=f"{filled_path(other)}%2Fx")
    yield to(other, "unknown parameter", [("nonsense", "1"), ("%ff", "&=")])


def _unknown_paths(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    roots = {operation.path.split("/")[1]: operation for operation in operations}
    for operation in roots.values():
        path = _below_root(operation, "nothing")
        yield to(operation, "unknown path", [], path=path, method="GET")
    operation = operations[0]
    path = _below_root(operation, "nothing")
    yield to(operation, "unknown path", [], path=path, key=(), method="POST")
    yield to(operation, "unknown path", [], path=f"/{operation.vendor}/nothing", method="GET")


def _below_root(operation: Operation, rest: str) -> str:
    return f"/{operation.path.split('/')[1]}/{rest}".rstrip("/")


def _credentials(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    for authorization in AUTHORIZATIONS:
        yield _authorized(_lists(operations)[0], authorization)
    for operation in spread(_with_id(operations), 2):
        for authorization in FEW_AUTHORIZATIONS:
            yield _authorized(operation, authorization)
    for operation in operations:
        if "public_token" in operation.security:
            path = filled_path(operation)
            for query in ("", "?public_token=", "?public_token=nonsense"):
                yield VendorRequest(operation.vendor, "public token", "GET", path + query)
    if any("token" in operation.security for operation in operations):
        path = filled_path(_lists(operations)[0])
        for query in QUERY_KEYS:
            yield VendorRequest(operations[0].vendor, "key", "GET", f"{path}?{query}")


def _authorized(operation: Operation, authorization: str | None) -> VendorRequest:
    key: Headers = () if authorization is None else (("Authorization", authorization),)
    return to(operation, "credentials", key=key)


def _preferences(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    listing = _lists(operations)[-1]
    of_one = _with_id(operations)[0]
    for operation, preferences in ((listing, PREFERENCES), (of_one, FEW_PREFERENCES)):
        for preference in preferences:
            yield to(operation, "preference", headers=(("Prefer", preference),))
    for operation, instant in zip(
        (of_one, listing, listing, listing, of_one), INSTANTS, strict=True
    ):
        yield to(operation, "instant", headers=(("X-Playhead-Now", instant),))


def _headers(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    for headers in SEEN_BY_ALL:
        yield to(_lists(operations)[0], "headers", headers=headers)
    clients = CLIENTS[operations[0].vendor]
    reading = [operation for operation in operations if operation.method == "GET"]
    for turn, operation in enumerate(spread(reading, 2 * len(clients))):
        yield to(operation, "client", headers=clients[turn % len(clients)])


def _hosts(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    """At the vendor's own host names, and with another vendor's path there."""
    for host in HOSTS[operations[0].vendor]:
        for operation in spread(operations, 2):
            yield to(operation, "host", headers=(("Host", host),))
        path = "/videos" if operations[0].vendor != "apivideo" else "/streaming/videos"
        yield to(_lists(operations)[0], "host", path=path, headers=(("Host", host),))


def _bodies(operations: Sequence[Operation]) -> Iterator[VendorRequest]:
    for operation in operations:
        if operation.body is None:
            continue
        request = to(operation, "body")
        name = next(iter(operation.body))
        for body in BODIES:
            yield request._replace(body=body.replace("NAME", name))
        form = (("Content-Type", "application/x-www-form-urlencoded"),)
        yield request._replace(body=f"{name}=demo", headers=form)
        yield request._replace(headers=())
