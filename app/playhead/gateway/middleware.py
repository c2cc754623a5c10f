"""Middleware around a vendor's routes: paths, queries, preflights and headers."""

import traceback
from collections.abc import Iterable, Mapping
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI, Response
from starlette.types import Message, Receive, Scope, Send

from playhead.faults.injection import send_with_fault
from playhead.gateway.context import RequestContext
from playhead.gateway.vendor import Vendor


class VendorMiddleware:
    """Normalizes paths and queries, answers preflights, adds the vendor's headers and faults."""

    def __init__(self, vendor: Vendor, app: FastAPI) -> None:
        self.vendor = vendor
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        context: RequestContext = scope["request_context"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _merge_headers(
                    message["headers"],
                    defaults=self.vendor.default_headers,
                    overrides=context.extra_headers,
                )
            await send_with_fault(message, context, receive, send)

        if scope["method"] == "OPTIONS":
            preflight = Response(status_code=204, headers=dict(self.vendor.preflight_headers))
            await preflight(scope, receive, send_with_headers)
            return
        scope["path"] = self.vendor.normalize_path(_decode_path(scope))
        scope["query_string"] = self._deduplicate_query(scope["query_string"])
        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as error:  # Starlette answers a crash, then raises it again; it is logged
            context.crash = context.crash or "".join(traceback.format_exception(error))

    def _deduplicate_query(self, query: bytes) -> bytes:
        """The query, with only the first of each repeated name if the vendor reads it so."""
        if self.vendor.duplicate_keys == "last":
            return query
        names: set[bytes] = set()
        kept = []
        for pair in query.split(b"&"):
            name = unquote_to_bytes(pair.partition(b"=")[0].replace(b"+", b" "))
            if name not in names or name.decode("utf-8", "replace") in self.vendor.list_params:
                kept.append(pair)
            names.add(name)
        return b"&".join(kept)


def _decode_path(scope: Scope) -> str:
    """The path with percent-encodings decoded, except of slashes: those are part of an id."""
    segments = scope["raw_path"].split(b"/")
    return "/".join(
        unquote_to_bytes(segment).decode("utf-8", "replace").replace("/", "%2F")
        for segment in segments
    )


def _merge_headers(
    response_headers: Iterable[tuple[bytes, bytes]],
    *,
    defaults: Mapping[str, str],
    overrides: Mapping[str, str],
) -> list[tuple[bytes, bytes]]:
    """The headers of an answer, each once: overrides win over its own, and those over defaults."""
    last = _encode_headers(overrides)
    own = [(name, value) for name, value in response_headers if name.lower() not in last]
    present = {*last, *(name.lower() for name, _ in own)}
    first = _encode_headers(defaults)
    missing = [(name, value) for name, value in first.items() if name not in present]
    return [*own, *missing, *last.items()]


def _encode_headers(headers: Mapping[str, str]) -> Mapping[bytes, bytes]:
    return {name.lower().encode(): value.encode("latin-1") for name, value in headers.items()}
