"""What viewers are shown over videos and act on, counted on the fingers."""

from collections.abc import Callable, Iterator

import pytest

from playhead.analytics import conversions
from playhead.analytics.conversions import PromptCounts
from playhead.analytics.snapshot import Snapshot, Visibility
from playhead.domain.media import MediaKind, PromptKind
from playhead.domain.playback import Prompt
from playhead.domain.time_range import TimeRange
from playhead.recording.inputs import ItemError
from tests.worlds import DAY, NOW, World, viewer

FORM = PromptKind.form
LINK = PromptKind.call_to_action
PROMPT_KINDS = [
    Prompt(FORM, 0, "Sign up", None),
    Prompt(LINK, 30, "More", "https://example.com/more"),
    Prompt(FORM, 60, "Write to us", None),
]
TODAY = NOW - NOW % DAY
ANA = viewer("ana", full_name="Ana Example", email="ana@example.com")
BO = viewer("bo", email="bo@example.com")


@pytest.fixture
def snapshot(world: World) -> Iterator[Callable[..., Snapshot]]:
    """What the account holds at the moment of asking, in finished viewings only or not."""
    with world.server.emulator.store.engine.connect() as connection:

        def read(*, finished_only: bool = False) -> Snapshot:
            connection.rollback()
            return Snapshot(
                connection, world.account, Visibility(frozenset(MediaKind), finished_only)
            )

        yield read


@pytest.fixture
def video(world: World) -> int:
    return world.video(seconds=60, prompts=PROMPT_KINDS)


def test_prompts_are_counted_by_day_media_and_place(
    world: World, video: int, snapshot: Callable[..., Snapshot]
) -> None:
    world.watch(video, "ana", TODAY - DAY, (0, 60), viewer=ANA, converts=[FORM, LINK])
    world.watch(video, "cy", TODAY - DAY, (0, 29))
    world.watch(video, "bo", TODAY, (0, 40), viewer=BO, converts=[LINK])
    first = (TODAY - DAY, video, FORM, 0)
    link = (TODAY - DAY, video, LINK, 1)
    last = (TODAY - DAY, video, FORM, 2)
    found = conversions.counts(snapshot(), None)
    assert found == {
        first: PromptCounts(2, 1),
        link: PromptCounts(1, 1),
        last: PromptCounts(1, 1),
        (TODAY, video, FORM, 0): PromptCounts(1, 0),
        (TODAY, video, LINK, 1): PromptCounts(1, 1),
    }
    assert conversions.counts(snapshot(), TimeRange(TODAY - DAY, TODAY), media=[video]) == {
        first: PromptCounts(2, 1),
        link: PromptCounts(1, 1),
        last: PromptCounts(1, 1),
    }
    assert conversions.counts(snapshot(), None, media=[]) == {}


def test_nothing_is_shown_before_its_second_comes(
    world: World, video: int, snapshot: Callable[..., Snapshot]
) -> None:
    world.watch(video, "ana", NOW - 29, (0, 60), viewer=ANA, converts=[LINK])
    assert conversions.counts(snapshot(), None) == {(TODAY, video, FORM, 0): PromptCounts(1, 0)}
    assert conversions.counts(snapshot(finished_only=True), None) == {}
    assert conversions.first_conversions(snapshot(), kind=LINK) == {}


def test_the_newest_comes_first_and_pages_go_on_behind_it(
    world: World, video: int, snapshot: Callable[..., Snapshot]
) -> None:
    numbers = [
        world.watch(video, "", NOW - DAY + 100 * index, (0, 20), viewer=who, converts=[FORM])
        for index, who in enumerate((ANA, BO, ANA))
    ]
    found = conversions.list_page(snapshot(), None, media=video, kind=FORM, limit=2)
    assert [(one.viewing, one.name, one.email, one.is_first) for one in found] == [
        (numbers[2], "Ana Example", "ana@example.com", False),
        (numbers[1], None, "bo@example.com", True),
    ]
    behind = conversions.list_page(
        snapshot(),
        None,
        media=video,
        kind=FORM,
        limit=2,
        after=(found[-1].converted_at, found[-1].viewing),
    )
    assert [(one.viewing, one.is_first) for one in behind] == [(numbers[0], True)]
    assert (
        conversions.list_page(
            snapshot(), TimeRange(NOW - DAY, NOW - DAY + 50), media=video, kind=FORM, limit=9
        )
        == behind
    )
    assert conversions.list_page(snapshot(), None, media=video, kind=LINK, limit=9) == []


def test_of_viewings_and_of_viewers(
    world: World, video: int, snapshot: Callable[..., Snapshot]
) -> None:
    first = world.watch(video, "", NOW - DAY, (0, 60), viewer=ANA, converts=[FORM, LINK])
    second = world.watch(video, "", NOW - 500, (0, 60), viewer=ANA, converts=[FORM])
    found = conversions.by_viewing(snapshot(), [first, second])
    assert {
        number: [(one.prompt, one.kind, one.is_first) for one in acted]
        for number, acted in found.items()
    } == {
        first: [(0, FORM, True), (1, LINK, True), (2, FORM, False)],
        second: [(0, FORM, False), (2, FORM, False)],
    }
    assert [
        one.viewing for one in conversions.first_conversions(snapshot(), kind=FORM).values()
    ] == [first]


@pytest.mark.parametrize(
    ("who", "seconds", "converts", "reason"),
    [
        ("cy", 60, [FORM], "a form is filled in by viewers who have an e-mail address"),
        ("cy", 20, [LINK], "it comes to no call_to_action that it could convert by"),
    ],
)
def test_who_cannot_act_on_a_prompt_is_refused(
    world: World, video: int, who: str, seconds: int, converts: list[PromptKind], reason: str
) -> None:
    with pytest.raises(ItemError, match=reason):
        world.watch(video, who, NOW - DAY, (0, seconds), converts=converts)


def test_only_a_video_has_prompts(world: World) -> None:
    with pytest.raises(ItemError, match="only a video has a source file, and prompts over it"):
        world.live(prompts=PROMPT_KINDS)


def test_a_prompt_beyond_the_end_is_at_the_end(
    world: World, snapshot: Callable[..., Snapshot]
) -> None:
    short = world.video(seconds=4.5, prompts=[Prompt(LINK, 90, "More", None)])
    world.watch(short, "ana", NOW - DAY, (0, 5), converts=[LINK])
    assert list(conversions.counts(snapshot(), None).values()) == [PromptCounts(1, 1)]
