"""A vendor as the gateway knows it: its routes, its errors and its rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from fastapi import APIRouter, Request, Response

from playhead.accounts.keys import KeyResolver
from playhead.accounts.rate_limits import RateLimit, RateLimitState
from playhead.analytics.aliases import IdCodec
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.domain.account import Account
from playhead.domain.errors import ApiError


class Permission(NamedTuple):
    """A permission of accounts: its default, the requests that need it, the error without it."""

    granted_by_default: bool
    applies_to: Callable[[Request], bool]
    error: ApiError


@dataclass(frozen=True)
class Vendor:
    """One emulated vendor; `vendors/<name>/__init__.py` fills it."""

    name: str
    hosts: tuple[str, ...]
    path_prefixes: tuple[str, ...]
    visibility: Visibility
    routes: APIRouter
    # Reads the key from the request and its body; None where the route needs no key.
    authenticate: Callable[[Request, bytes, KeyResolver], Account | None]
    render_error: Callable[[ApiError, Request], Response]
    ids: IdCodec
    catalog: Callable[[Snapshot], list[tuple[str, str, str]]]
    curl_example: Callable[[Snapshot, str], str]
    normalize_path: Callable[[str], str] = str
    duplicate_keys: Literal["first", "last"] = "last"
    list_params: frozenset[str] = frozenset()
    default_headers: Mapping[str, str] = field(default_factory=dict)
    preflight_headers: Mapping[str, str] = field(default_factory=dict)
    security_schemes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # of OpenAPI
    permissions: Mapping[str, Permission] = field(default_factory=dict)
    # The documented limit of a request; None if it is not counted.
    rate_limit: Callable[[Request], RateLimit | None] = lambda _request: None
    rate_limit_headers: Callable[[RateLimitState], Mapping[str, str]] = lambda _state: {}
    # A parameter (name, value) → the value that a lenient account's request is read with.
    sanitize_param: Callable[[str, str], str] = lambda _name, value: value
    secret_params: frozenset[str] = frozenset()  # masked in the journal
    retry_header: str | None = None  # the response header that tells a client to try again
    attempt_header: str | None = None  # the request header that counts a client's attempts
