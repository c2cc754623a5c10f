"""Base URL of a request: the start of every address in an answer."""

from typing import Annotated

from fastapi import Depends, Request


def base_url(request: Request) -> str:
    """Scheme and host of a request."""
    return f"{request.base_url.scheme}://{request.base_url.netloc}"


BaseUrl = Annotated[str, Depends(base_url)]


def still_url(base_url: str, media_id: str) -> str:
    """Where a still would be; nothing is served there (unknown 10)."""
    return f"{base_url}/deliveries/{media_id}.jpg"
