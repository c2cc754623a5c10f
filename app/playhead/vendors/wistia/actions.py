"""What viewers are asked to do on a media's timeline, and how often they did it — contracts/wistia.md §3.5."""

from collections import Counter

from playhead.stats import conversions
from playhead.stats.library import Media
from playhead.stats.reading import Reading
from playhead.vendors.wistia import figures
from playhead.vendors.wistia.shapes import Action
from playhead.world.terms import PromptKind


def actions(reading: Reading, media: Media) -> list[Action]:
    """The actions of a media in the order of its timeline, with all there ever was."""
    shown, converted = Counter[int](), Counter[int]()
    for (_, _, _, prompt), count in conversions.counts(reading, None, media=[media.number]).items() if media.prompts else ():
        shown[prompt] += count.shown
        converted[prompt] += count.converted
    ordered = sorted(enumerate(media.prompts), key=lambda pair: (pair[1].at, pair[0]))
    return [
        Action(
            type="Call to Action" if prompt.kind is PromptKind.call_to_action else "Turnstile",
            action_count=converted[index],
            impression_count=shown[index],
            rate=round(figures.rate(converted[index], shown[index]), 3),
            url=prompt.url,
            text=prompt.text,
        )
        for index, prompt in ordered
    ]
