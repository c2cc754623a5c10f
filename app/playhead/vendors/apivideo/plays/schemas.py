"""Answers of plays."""

from pydantic import BaseModel

from playhead.vendors.apivideo.pagination import Pagination


class PlaysRow(BaseModel):
    """How often it was played: `value` is an id, a word, or the start of an hour or day."""

    value: str
    plays: int


class Plays(BaseModel):
    """Plays by one dimension."""

    data: list[PlaysRow]
    pagination: Pagination
