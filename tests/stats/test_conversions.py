"""What viewers are shown over videos and act on, counted on the fingers."""

from collections.abc import Callable, Iterator

import pytest

from playhead.accounts.recording import Unfit
from playhead.stats import conversions
from playhead.stats.conversions import Count
from playhead.stats.reading import Reading, Sight, Window
from playhead.world.terms import MediaKind, PromptKind
from playhead.world.viewing import Prompt
from tests.worlds import DAY, NOW, World, viewer

FORM, LINK = PromptKind.form, PromptKind.call_to_action
PROMPTS = [Prompt(FORM, 0, "Sign up", None), Prompt(LINK, 30, "More", "https://example.com/more"), Prompt(FORM, 60, "Write to us", None)]
TODAY = NOW - NOW % DAY
ANA, BO = viewer("ana", known_as="Ana Example", email="ana@example.com"), viewer("bo", email="bo@example.com")


@pytest.fixture
def reading(world: World) -> Iterator[Callable[..., Reading]]:
    """What the account holds at the moment of asking, in finished viewings only or not."""
    with world.server.emulator.store.engine.connect() as connection:

        def read(*, finished_only: bool = False) -> Reading:
            connection.rollback()
            return Reading(connection, world.account, Sight(frozenset(MediaKind), finished_only))

        yield read


@pytest.fixture
def video(world: World) -> int:
    return world.video(seconds=60, prompts=PROMPTS)


def test_prompts_are_counted_by_day_media_and_place(world: World, video: int, reading: Callable[..., Reading]) -> None:
    world.watch(video, "ana", TODAY - DAY, (0, 60), viewer=ANA, converts=[FORM, LINK])
    world.watch(video, "cy", TODAY - DAY, (0, 29))
    world.watch(video, "bo", TODAY, (0, 40), viewer=BO, converts=[LINK])
    first, link, last = (TODAY - DAY, video, FORM, 0), (TODAY - DAY, video, LINK, 1), (TODAY - DAY, video, FORM, 2)
    found = conversions.counts(reading(), None)
    assert found == {
        first: Count(2, 1), link: Count(1, 1), last: Count(1, 1), (TODAY, video, FORM, 0): Count(1, 0), (TODAY, video, LINK, 1): Count(1, 1)
    }  # fmt: skip
    assert conversions.counts(reading(), Window(TODAY - DAY, TODAY), media=[video]) == {first: Count(2, 1), link: Count(1, 1), last: Count(1, 1)}
    assert conversions.counts(reading(), None, media=[]) == {}


def test_nothing_is_shown_before_its_second_comes(world: World, video: int, reading: Callable[..., Reading]) -> None:
    world.watch(video, "ana", NOW - 29, (0, 60), viewer=ANA, converts=[LINK])
    assert conversions.counts(reading(), None) == {(TODAY, video, FORM, 0): Count(1, 0)}
    assert conversions.counts(reading(finished_only=True), None) == {}
    assert conversions.firsts(reading(), kind=LINK) == {}


def test_the_newest_comes_first_and_pages_go_on_behind_it(world: World, video: int, reading: Callable[..., Reading]) -> None:
    numbers = [world.watch(video, "", NOW - DAY + 100 * index, (0, 20), viewer=who, converts=[FORM]) for index, who in enumerate((ANA, BO, ANA))]
    found = conversions.page(reading(), None, media=video, kind=FORM, limit=2)
    assert [(one.viewing, one.name, one.email, one.first) for one in found] == [
        (numbers[2], "Ana Example", "ana@example.com", False), (numbers[1], None, "bo@example.com", True)
    ]  # fmt: skip
    behind = conversions.page(reading(), None, media=video, kind=FORM, limit=2, after=(found[-1].at, found[-1].viewing))
    assert [(one.viewing, one.first) for one in behind] == [(numbers[0], True)]
    assert conversions.page(reading(), Window(NOW - DAY, NOW - DAY + 50), media=video, kind=FORM, limit=9) == behind
    assert conversions.page(reading(), None, media=video, kind=LINK, limit=9) == []


def test_of_viewings_and_of_viewers(world: World, video: int, reading: Callable[..., Reading]) -> None:
    first = world.watch(video, "", NOW - DAY, (0, 60), viewer=ANA, converts=[FORM, LINK])
    second = world.watch(video, "", NOW - 500, (0, 60), viewer=ANA, converts=[FORM])
    found = conversions.of_viewings(reading(), [first, second])
    assert {number: [(one.prompt, one.kind, one.first) for one in acted] for number, acted in found.items()} == {
        first: [(0, FORM, True), (1, LINK, True), (2, FORM, False)],
        second: [(0, FORM, False), (2, FORM, False)],
    }
    assert [one.viewing for one in conversions.firsts(reading(), kind=FORM).values()] == [first]


@pytest.mark.parametrize(
    ("who", "seconds", "converts", "reason"),
    [
        ("cy", 60, [FORM], "a form is filled in by viewers who have an e-mail address"),
        ("cy", 20, [LINK], "it comes to no call_to_action that it could convert by"),
    ],
)
def test_who_cannot_act_on_a_prompt_is_refused(world: World, video: int, who: str, seconds: int, converts: list[PromptKind], reason: str) -> None:
    with pytest.raises(Unfit, match=reason):
        world.watch(video, who, NOW - DAY, (0, seconds), converts=converts)


def test_only_a_video_has_prompts(world: World) -> None:
    with pytest.raises(Unfit, match="only a video has a source file, and prompts over it"):
        world.live(prompts=PROMPTS)


def test_a_prompt_beyond_the_end_is_at_the_end(world: World, reading: Callable[..., Reading]) -> None:
    short = world.video(seconds=4.5, prompts=[Prompt(LINK, 90, "More", None)])
    world.watch(short, "ana", NOW - DAY, (0, 5), converts=[LINK])
    assert list(conversions.counts(reading(), None).values()) == [Count(1, 1)]
