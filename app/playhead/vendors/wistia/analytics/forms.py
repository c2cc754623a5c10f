"""Who filled in the forms of a media, part by part, the newest first — evidence/wistia.md §7.3."""

from collections.abc import Sequence
from typing import NamedTuple

from playhead.analytics import conversions
from playhead.analytics.catalog import Media
from playhead.analytics.conversions import Conversion
from playhead.analytics.snapshot import Snapshot
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation
from playhead.domain.media import PromptKind
from playhead.vendors.wistia import cursors as wistia_cursors
from playhead.vendors.wistia.analytics.params import ConversionsParams

MAX_PROMPTS = 100  # that one viewing can have answered at one instant


class ConversionsPage(NamedTuple):
    """Some of the conversions, and whether there are any before and behind them."""

    conversions: Sequence[Conversion]
    has_previous: bool
    has_next: bool


def conversions_page(
    snapshot: Snapshot, media: Media, params: ConversionsParams
) -> ConversionsPage:
    """The conversions that a query asks for; raises Failure(invalid) for what is no cursor."""
    after = parse_cursor(params.cursor) if params.cursor else None
    # Forms at one place of a media are answered by one viewing at one instant: from the cursor's
    # viewing on, and what was told of it is left out.
    place = None if after is None else (after[0], after[1] + 1)
    limit = params.per_page + 1 + (MAX_PROMPTS if after else 0)
    found = conversions.list_page(
        snapshot, params.window, media=media.number, kind=PromptKind.form, limit=limit, after=place
    )
    left = [
        one
        for one in found
        if after is None or (one.converted_at, one.viewing) != after[:2] or one.prompt > after[2]
    ]
    return ConversionsPage(left[: params.per_page], after is not None, len(left) > params.per_page)


def cursor_of(conversion: Conversion) -> str:
    """The place of a conversion, as clients carry it."""
    return wistia_cursors.encode_cursor(
        "converted_at", [conversion.converted_at, conversion.viewing, conversion.prompt]
    )


def parse_cursor(text: str) -> tuple[int, int, int]:
    """Instant, viewing and prompt of the conversion that a text tells of."""
    numbers = wistia_cursors.decode_cursor("converted_at", text, 3)
    if numbers is None:
        raise ApiError(
            ErrorKind.invalid,
            [Violation("cursor", Rule.refused, text, {"reason": wistia_cursors.WRONG_LIST})],
        )
    return numbers[0], numbers[1], numbers[2]
