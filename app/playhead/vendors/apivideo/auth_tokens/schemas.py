"""Answers of the token operations."""

from pydantic import BaseModel


class Tokens(BaseModel):
    """A pair of tokens; clients demand all four keys."""

    token_type: str
    expires_in: int
    access_token: str
    refresh_token: str
