"""Faults on the way out: a connection closed before or inside the body, a body of invalid JSON."""

from collections.abc import Callable
from typing import Protocol

from starlette.types import Message, Receive, Send

BODILESS_STATUSES = (204, 205, 304)


class Faulty(Protocol):
    """What a fault does to an answer, and what the server offers for it."""

    disconnect: str | None
    corrupt_body: bool
    close_connection: Callable[[], None] | None

    @property
    def is_head(self) -> bool: ...


async def send_with_fault(message: Message, context: Faulty, receive: Receive, send: Send) -> None:
    """Send a message of an answer, changed as the request's fault wants; mostly it is unchanged."""
    body = message.get("body", b"")
    if context.close_connection and _closes_before(message, context):
        await _disconnect(context, receive)
    elif context.disconnect and message["type"] == "http.response.body":
        # Without a way to close, even "before_response" is an unfinished answer: only its headers.
        sent = body[: len(body) // 2] if context.disconnect == "mid_body" else b""
        await send({**message, "body": sent, "more_body": True})
        await _disconnect(context, receive)
    elif context.corrupt_body and body:
        await send({**message, "body": _corrupt_json(body)})
    else:
        await send(message)


def _closes_before(message: Message, context: Faulty) -> bool:
    if context.disconnect == "before_response":
        return True
    return context.disconnect is not None and _is_bodiless(message, context)


def _is_bodiless(message: Message, context: Faulty) -> bool:
    """Whether an answer without a body begins: a client notices a close only before it."""
    return message["type"] == "http.response.start" and (
        context.is_head or message["status"] in BODILESS_STATUSES
    )


def _corrupt_json(body: bytes) -> bytes:
    """Invalid JSON of the same length, so that Content-Length stays true."""
    return body[:-1] + b"<"


async def _disconnect(context: Faulty, receive: Receive) -> None:
    """Close the connection and wait until it is closed.

    A server that offers no way to close it does so itself, as the answer stays unfinished.
    """
    if context.close_connection is not None:
        context.close_connection()
        while (await receive())["type"] != "http.disconnect":
            pass
