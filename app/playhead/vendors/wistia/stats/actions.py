"""What viewers are asked to do on a media's timeline, and how often they did it —
evidence/wistia.md §3.5.
"""

from collections import Counter

from playhead.analytics import conversions
from playhead.analytics.catalog import Media
from playhead.analytics.snapshot import Snapshot
from playhead.domain.media import PromptKind
from playhead.vendors.wistia.stats import compute
from playhead.vendors.wistia.stats.schemas import Action


def actions(snapshot: Snapshot, media: Media) -> list[Action]:
    """The actions of a media in the order of its timeline, with all there ever was."""
    shown = Counter[int]()
    converted = Counter[int]()
    for (_, _, _, prompt), count in (
        conversions.counts(snapshot, None, media=[media.number]).items() if media.prompts else ()
    ):
        shown[prompt] += count.shown
        converted[prompt] += count.converted
    ordered = sorted(enumerate(media.prompts), key=lambda pair: (pair[1].at, pair[0]))
    return [
        Action(
            type="Call to Action" if prompt.kind is PromptKind.call_to_action else "Turnstile",
            action_count=converted[index],
            impression_count=shown[index],
            rate=round(compute.rate(converted[index], shown[index]), 3),
            url=prompt.url,
            text=prompt.text,
        )
        for index, prompt in ordered
    ]
