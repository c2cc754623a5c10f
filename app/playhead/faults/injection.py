"""Answers that a fault spoils on their way: cut before or inside the body, or no JSON any more."""

from starlette.types import Message, Receive, Scope, Send

BODILESS_STATUSES = (204, 205, 304)


async def send_with_fault(message: Message, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a message of an answer as the request's visit wants it spoiled.

    Most are sent as they are.
    """
    context = scope["request_context"]
    body = message.get("body", b"")
    if scope.get("disconnect") and (
        context.disconnect == "before_response"
        or (context.disconnect and _is_bodiless(message, scope))
    ):
        await _disconnect(scope, receive)
    elif context.disconnect and message["type"] == "http.response.body":
        # Without a hold of the connection even "before_response" is an answer that stays
        # unfinished: its headers, and nothing else.
        await send(
            {
                **message,
                "body": body[: len(body) // 2] if context.disconnect == "mid_body" else b"",
                "more_body": True,
            }
        )
        await _disconnect(scope, receive)
    elif context.corrupt_body and body:
        await send({**message, "body": _corrupt_json(body)})
    else:
        await send(message)


def _is_bodiless(message: Message, scope: Scope) -> bool:
    """Whether an answer begins that has no body:

    only before it can it be cut so that a client notices.
    """
    return message["type"] == "http.response.start" and (
        scope.get("head", False) or message["status"] in BODILESS_STATUSES
    )


def _corrupt_json(body: bytes) -> bytes:
    """As long as the body, so that its length is still true, and no JSON:

    nothing that JSON is ends so.
    """
    return body[:-1] + b"<"


async def _disconnect(scope: Scope, receive: Receive) -> None:
    """Close the connection and wait until it is.

    A server that gives no hold of it closes it when the answer stays unfinished.
    """
    close = scope.get("disconnect")
    if close is not None:
        close()
        while (await receive())["type"] != "http.disconnect":
            pass
