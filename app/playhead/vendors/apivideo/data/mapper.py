"""Metrics as api.video answers them."""

from pydantic import MISSING

from playhead.domain.time_range import TimeRange
from playhead.vendors.apivideo import vocabulary
from playhead.vendors.apivideo.data.schemas import Timeframe


def _optional_timeframe(time_range: TimeRange | None) -> Timeframe | MISSING:
    return MISSING if time_range is None else _timeframe(time_range)


def _timeframe(time_range: TimeRange) -> Timeframe:
    return Timeframe(
        from_=vocabulary.format_atom(time_range.start), to=vocabulary.format_atom(time_range.end)
    )
