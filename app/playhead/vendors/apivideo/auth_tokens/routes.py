"""/auth: tokens for API keys — evidence/apivideo.md §1."""

from fastapi import APIRouter

from playhead.gateway.vendor_app import CurrentAccount
from playhead.vendors.apivideo.auth_tokens import mapper
from playhead.vendors.apivideo.auth_tokens.params import body_openapi
from playhead.vendors.apivideo.auth_tokens.schemas import Tokens
from playhead.vendors.apivideo.client_compat import CompatRoute

routes = APIRouter(route_class=CompatRoute)


@routes.post("/auth/api-key", openapi_extra=body_openapi("apiKey"))
def authenticate(account: CurrentAccount) -> Tokens:
    """Tokens for an API key."""
    return mapper.issue_tokens(account)


@routes.post("/auth/refresh", openapi_extra=body_openapi("refreshToken"))
def refresh(account: CurrentAccount) -> Tokens:
    """New tokens for a refresh token."""
    return mapper.issue_tokens(account)
