"""Where a request was sent: what every address in an answer begins with."""

from typing import Annotated

from fastapi import Depends, Request


def base_url(request: Request) -> str:
    """Scheme and host of a request."""
    return f"{request.base_url.scheme}://{request.base_url.netloc}"


BaseUrl = Annotated[str, Depends(base_url)]
