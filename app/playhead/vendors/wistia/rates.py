"""Rates and percentages as Wistia rounds them."""

from playhead.analytics.aggregates import Audience, Measures
from playhead.analytics.catalog import Media


def engagement(media: Media, measures: Measures) -> float:
    """The mean fraction of a media that a play saw, to six decimals; 0 without plays — quirk 2."""
    return (
        round(measures.distinct_seconds / (media.seconds * measures.plays), 6)
        if measures.plays
        else 0.0
    )


def percent_viewed(media: Media, distinct_seconds: int) -> float:
    """The fraction of a media that was seen at least once."""
    return distinct_seconds / media.seconds


def play_rate(audience: Audience) -> float:
    """The fraction of those who loaded a media that played it; 0 without visitors — L2."""
    return rate(audience.players, audience.viewers)


def to_percent(fraction: float) -> int:
    """A fraction in whole percents, halves up — L4."""
    return int(fraction * 100 + 0.5)


def rate(part: int, total: int) -> float:
    """A part of a whole, 0 where there is nothing."""
    return part / total if total else 0.0
