"""Answers that a fault spoils on their way: cut before or inside the body, or no JSON any more."""

from starlette.types import Message, Receive, Scope, Send

BODILESS = (204, 205, 304)


async def spoiled(message: Message, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a message of an answer as the request's visit wants it spoiled; most are sent as they are."""
    visit, body = scope["visit"], message.get("body", b"")
    if scope.get("cut") and (visit.cut == "before" or (visit.cut and _is_bodiless(message, scope))):
        await _cut(scope, receive)
    elif visit.cut and message["type"] == "http.response.body":
        # Without a hold of the connection even "before" is an answer that stays unfinished: its headers, and nothing else.
        await send({**message, "body": body[: len(body) // 2] if visit.cut == "inside" else b"", "more_body": True})
        await _cut(scope, receive)
    elif visit.malformed and body:
        await send({**message, "body": _malformed(body)})
    else:
        await send(message)


def _is_bodiless(message: Message, scope: Scope) -> bool:
    """Whether an answer begins that has no body: only before it can it be cut so that a client notices."""
    return message["type"] == "http.response.start" and (scope.get("head", False) or message["status"] in BODILESS)


def _malformed(body: bytes) -> bytes:
    """As long as the body, so that its length is still true, and no JSON: nothing that JSON is ends so."""
    return body[:-1] + b"<"


async def _cut(scope: Scope, receive: Receive) -> None:
    """Close the connection and wait until it is; a server that gives no hold of it closes it when the answer stays unfinished."""
    close = scope.get("cut")
    if close is not None:
        close()
        while (await receive())["type"] != "http.disconnect":
            pass
