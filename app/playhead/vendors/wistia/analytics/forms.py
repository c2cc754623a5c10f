"""Who filled in the forms of a media, part by part, the newest first — contracts/wistia.md §7.3."""

from collections.abc import Sequence
from typing import NamedTuple

from playhead.failure import Failure, Kind, Problem, Rule
from playhead.stats import conversions
from playhead.stats.conversions import Conversion
from playhead.stats.library import Media
from playhead.stats.reading import Reading
from playhead.vendors.wistia.analytics.queries import ConversionsQuery
from playhead.vendors.wistia.catalogue import cursors
from playhead.world.terms import PromptKind

MOST_PROMPTS = 100  # that one viewing can have answered at one instant


class Part(NamedTuple):
    """Some of the conversions, and whether there are any before and behind them."""

    found: Sequence[Conversion]
    before: bool
    behind: bool


def part(reading: Reading, media: Media, query: ConversionsQuery) -> Part:
    """The conversions that a query asks for; raises Failure(invalid) for what is no cursor."""
    after = cursor(query.cursor) if query.cursor else None
    # Forms at one place of a media are answered by one viewing at one instant: from the cursor's viewing on, and what was told of it is left out.
    place = None if after is None else (after[0], after[1] + 1)
    limit = query.per_page + 1 + (MOST_PROMPTS if after else 0)
    found = conversions.page(reading, query.window, media=media.number, kind=PromptKind.form, limit=limit, after=place)
    left = [one for one in found if after is None or (one.at, one.viewing) != after[:2] or one.prompt > after[2]]
    return Part(left[: query.per_page], after is not None, len(left) > query.per_page)


def text(conversion: Conversion) -> str:
    """The place of a conversion, as clients carry it."""
    return cursors.text("converted_at", [conversion.at, conversion.viewing, conversion.prompt])


def cursor(given: str) -> tuple[int, int, int]:
    """Instant, viewing and prompt of the conversion that a text tells of."""
    numbers = cursors.numbers("converted_at", given, 3)
    if numbers is None:
        raise Failure(Kind.invalid, [Problem("cursor", Rule.refused, given, {"reason": cursors.OF_ANOTHER_LIST})])
    return numbers[0], numbers[1], numbers[2]
