"""What a vendor is to the gateway: its routes, its words and its rules."""

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
    """What an account may do at a vendor unless it was told otherwise, for which requests, and the
    failure of those that may not.
    """

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
    authenticate: Callable[
        [Request, bytes, KeyResolver], Account | None
    ]  # with the body of a request that has one; None where no key is needed
    render_error: Callable[[ApiError, Request], Response]
    ids: IdCodec
    catalog: Callable[[Snapshot], list[tuple[str, str, str]]]
    curl_example: Callable[[Snapshot, str], str]
    normalize_path: Callable[[str], str] = str
    duplicate_keys: Literal["first", "last"] = "last"
    list_params: frozenset[str] = frozenset()
    default_headers: Mapping[str, str] = field(default_factory=dict)
    preflight_headers: Mapping[str, str] = field(default_factory=dict)
    security_schemes: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # how a key is sent, as OpenAPI says it
    permissions: Mapping[str, Permission] = field(default_factory=dict)
    rate_limit: Callable[[Request], RateLimit | None] = lambda _request: (
        None
    )  # the documented one, for a request that is counted
    rate_limit_headers: Callable[[RateLimitState], Mapping[str, str]] = (
        lambda _standing: {}
    )  # the headers that tell it
    sanitize_param: Callable[[str, str], str] = lambda _name, value: (
        value
    )  # what a lenient account's parameter is taken for
    secret_params: frozenset[str] = frozenset()  # parameters that the journal masks
    retry_header: str | None = None  # tells a client whether to try again
    attempt_header: str | None = None  # in which a client counts its attempts
