"""Answers that a fault spoils on their way: cut before or inside the body, or no JSON any more."""

from starlette.types import Message, Receive, Scope, Send


async def spoiled(message: Message, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a message of an answer as the request's visit wants it spoiled; most are sent as they are."""
    visit = scope["visit"]
    if visit.cut == "before":
        await _cut(scope, receive)
    elif visit.cut == "inside" and message["type"] == "http.response.body":
        body = message.get("body", b"")
        await send({**message, "body": body[: len(body) // 2], "more_body": True})
        await _cut(scope, receive)
    elif visit.malformed and message.get("body"):
        await send({**message, "body": _malformed(message["body"])})
    else:
        await send(message)


def _malformed(body: bytes) -> bytes:
    """As long as the body, so that its length is still true, and no JSON: its last bracket is another one."""
    return body[:-1] + b"<"


async def _cut(scope: Scope, receive: Receive) -> None:
    """Close the connection and wait until it is; a server that gives no hold of it closes it when the answer stays unfinished."""
    close = scope.get("cut")
    if close is not None:
        close()
        while (await receive())["type"] != "http.disconnect":
            pass
