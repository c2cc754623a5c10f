"""A list's pages: the counters and the links — evidence/apivideo.md §1.6."""

from typing import TypeVar
from urllib.parse import quote, urlencode

from fastapi import Request
from pydantic import BaseModel

from playhead.gateway.context import request_context
from playhead.vendors.apivideo.params import PageParams


class Link(BaseModel):
    """A page by its relation to this one."""

    rel: str
    uri: str


class Pagination(BaseModel):
    """Where a page stands in its list."""

    currentPage: int
    currentPageItems: int
    pageSize: int
    pagesTotal: int
    itemsTotal: int
    links: list[Link]


Item = TypeVar("Item")


def page_of(items: list[Item], params: PageParams) -> list[Item]:
    """A page of a list that is at hand."""
    return items[offset(params) : offset(params) + params.page_size]


def offset(params: PageParams) -> int:
    """How many items come before a page."""
    return (params.current_page - 1) * params.page_size


def build_pagination(request: Request, params: PageParams, *, items: int, total: int) -> Pagination:
    """Where a page of so many items stands in a list of `total`; an empty list has one page."""
    pages = max(1, -(-total // params.page_size))
    return Pagination(
        currentPage=params.current_page,
        currentPageItems=items,
        pageSize=params.page_size,
        pagesTotal=pages,
        itemsTotal=total,
        links=[
            Link(rel=rel, uri=_uri(request, page, params.page_size))
            for rel, page in _relations(params.current_page, pages)
        ],
    )


def _relations(current: int, last: int) -> list[tuple[str, int]]:
    """(relation, page), `last` at the end: api.video's own demo takes the final element — §0.14."""
    previous = [("previous", current - 1)] if current > 1 else []
    following = [("next", current + 1)] if current < last else []
    return [("self", current), ("first", 1), *previous, *following, ("last", last)]


def _uri(request: Request, page: int, size: int) -> str:
    """The request itself at another page: relative, with its filters, percent-encoded."""
    asked = request_context(request).original_query or request.query_params.multi_items()
    kept = [(name, value) for name, value in asked if name not in ("currentPage", "pageSize")]
    query = urlencode([*kept, ("currentPage", page), ("pageSize", size)], quote_via=quote, safe="")
    return f"{quote(request.scope['path'], safe='/%')}?{query}"
