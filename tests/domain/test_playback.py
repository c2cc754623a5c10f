"""A viewing from its stretches:

what is new, what is seen again, when it counts as a view, what it comes to.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.domain.media import PromptKind
from playhead.domain.playback import (
    VIEW_THRESHOLDS,
    PlayedRange,
    Prompt,
    prompt_displays,
    split_repeats,
    summarize,
    time_of_view,
)

# Stretches as (wall start, from, to), and their pieces as (wall start, wall stop, from, to, again).
SPLIT_CASES = {
    "one": ([(100, 0, 10)], [(100, 110, 0, 10, 0)]),
    "onward after a pause": (
        [(100, 0, 10), (130, 10, 20)],
        [(100, 110, 0, 10, 0), (130, 140, 10, 20, 0)],
    ),
    "a skip": ([(100, 0, 10), (110, 50, 60)], [(100, 110, 0, 10, 0), (110, 120, 50, 60, 0)]),
    "back into the seen": (
        [(100, 0, 10), (110, 4, 8)],
        [(100, 110, 0, 10, 0), (110, 114, 4, 8, 1)],
    ),
    "back and beyond": (
        [(100, 0, 10), (110, 4, 15)],
        [(100, 110, 0, 10, 0), (110, 116, 4, 10, 1), (116, 121, 10, 15, 0)],
    ),
    "back before the seen": (
        [(100, 10, 20), (110, 0, 15)],
        [(100, 110, 10, 20, 0), (110, 120, 0, 10, 0), (120, 125, 10, 15, 1)],
    ),
    "over a gap": (
        [(0, 0, 5), (5, 10, 15), (10, 0, 20)],
        [
            (0, 5, 0, 5, 0),
            (5, 10, 10, 15, 0),
            (10, 15, 0, 5, 1),
            (15, 20, 5, 10, 0),
            (20, 25, 10, 15, 1),
            (25, 30, 15, 20, 0),
        ],
    ),
    "over two that touch": (
        [(0, 0, 5), (5, 5, 9), (9, 0, 9)],
        [(0, 5, 0, 5, 0), (5, 9, 5, 9, 0), (9, 18, 0, 9, 1)],
    ),
    "a third time": (
        [(0, 0, 5), (5, 0, 5), (10, 0, 5)],
        [(0, 5, 0, 5, 0), (5, 10, 0, 5, 1), (10, 15, 0, 5, 1)],
    ),
    "nothing": ([], []),
}

FIFTH_SECONDS = {
    "nothing played": ([], None),
    "four seconds": ([(100, 0, 4)], None),
    "just five": ([(100, 0, 5)], 105),
    "longer": ([(100, 30, 90)], 105),
    "two and three, with a pause": ([(100, 0, 2), (150, 2, 5)], 153),
    "the same second five times": ([(100 + 10 * times, 0, 1) for times in range(5)], 141),
    "four in all": ([(100, 0, 2), (150, 2, 4)], None),
}

# Any way through a media: where each stretch starts, how long it is, and the pause before it.
steps = st.tuples(st.integers(0, 60), st.integers(1, 40), st.integers(0, 20))


def playback(steps: list[tuple[int, int, int]]) -> list[PlayedRange]:
    stretches = []
    now = 1000
    for start, length, pause in steps:
        stretches.append(PlayedRange(now + pause, start, start + length))
        now += pause + length
    return stretches


playbacks = st.lists(steps, max_size=8).map(playback)


def positions(stretches: list[PlayedRange]) -> set[int]:
    return {position for stretch in stretches for position in range(stretch.start, stretch.stop)}


@pytest.mark.parametrize(("stretches", "pieces"), SPLIT_CASES.values(), ids=SPLIT_CASES)
def test_a_stretch_is_cut_where_it_passes_from_new_to_seen(
    stretches: list[tuple[int, int, int]], pieces: list[tuple[int, ...]]
) -> None:
    assert split_repeats([PlayedRange(*stretch) for stretch in stretches]) == pieces


@pytest.mark.parametrize(("stretches", "second"), FIFTH_SECONDS.values(), ids=FIFTH_SECONDS)
def test_a_view_begins_with_the_fifth_watched_second(
    stretches: list[tuple[int, int, int]], second: int | None
) -> None:
    assert time_of_view([PlayedRange(*stretch) for stretch in stretches], 5) == second
    assert (
        summarize([PlayedRange(*stretch) for stretch in stretches]).viewed_at[
            VIEW_THRESHOLDS.index(5)
        ]
        == second
    )


def test_longer_views_begin_later_or_not_at_all() -> None:
    assert summarize([PlayedRange(100, 0, 8), PlayedRange(120, 8, 20)]).viewed_at == (
        103,
        105,
        122,
        None,
    )
    assert summarize([PlayedRange(100, 0, 30)]).viewed_at == (103, 105, 110, 130)


@pytest.mark.parametrize(
    ("stretches", "instant"),
    [
        ([(100, 0, 60)], 160),
        ([(100, 0, 59)], None),
        ([(100, 50, 60), (110, 0, 60)], 110),
        ([(100, 0, 30), (140, 30, 60)], 170),
        ([], None),
    ],
)
def test_a_viewing_is_finished_when_it_first_comes_to_the_end(
    stretches: list[tuple[int, int, int]], instant: int | None
) -> None:
    played = [PlayedRange(*stretch) for stretch in stretches]
    assert summarize(played, end=60).finished_at == instant
    assert summarize(played).finished_at is None


@pytest.mark.parametrize(
    ("at", "instants"),
    [(0, [100]), (20, [120]), (30, [130]), (45, []), (50, [130]), (60, [140]), (61, [])],
    ids=[
        "at the load",
        "on the way",
        "where it stops",
        "skipped",
        "where it goes on",
        "at the end",
        "beyond",
    ],
)
def test_a_prompt_is_shown_when_a_viewing_first_comes_to_it(at: int, instants: list[int]) -> None:
    prompt = Prompt(PromptKind.form, at, "Sign up", None)
    assert prompt_displays(
        [prompt], [PlayedRange(100, 0, 30), PlayedRange(130, 50, 60), PlayedRange(140, 0, 60)][:2]
    ) == [(0, prompt, instant) for instant in instants]


def test_whoever_never_plays_has_watched_nothing() -> None:
    assert summarize([]) == ([], None, (None,) * len(VIEW_THRESHOLDS), None, 0, 0)


def test_what_is_seen_twice_is_watched_twice_and_distinct_once() -> None:
    seen = summarize([PlayedRange(100, 0, 10), PlayedRange(120, 5, 20)])
    assert (seen.played_at, seen.viewed_at[1], seen.watched_seconds, seen.distinct_seconds) == (
        100,
        105,
        25,
        20,
    )


@given(playbacks)
def test_pieces_partition_their_stretches_in_order(stretches: list[PlayedRange]) -> None:
    told = [
        (stretch.started_at + second, stretch.start + second)
        for stretch in stretches
        for second in range(stretch.stop - stretch.start)
    ]
    pieces = split_repeats(stretches)
    assert [
        (piece.started_at + second, piece.start + second)
        for piece in pieces
        for second in range(piece.stop - piece.start)
    ] == told
    assert all(
        piece.stop > piece.start and piece.stopped_at - piece.started_at == piece.stop - piece.start
        for piece in pieces
    )


@given(playbacks)
def test_a_piece_is_again_when_every_position_was_seen_before_and_new_when_none_was(
    stretches: list[PlayedRange],
) -> None:
    seen: set[int] = set()
    for piece in split_repeats(stretches):
        here = set(range(piece.start, piece.stop))
        assert here <= seen if piece.is_repeat else not here & seen
        seen |= here


@given(playbacks)
def test_distinct_is_the_size_of_the_union_and_watched_the_sum(
    stretches: list[PlayedRange],
) -> None:
    seen = summarize(stretches)
    assert seen.distinct_seconds == len(positions(stretches))
    assert seen.watched_seconds == sum(stretch.stop - stretch.start for stretch in stretches)
    assert seen.distinct_seconds <= seen.watched_seconds


@given(playbacks)
def test_a_view_lies_within_its_playback_and_needs_its_seconds(
    stretches: list[PlayedRange],
) -> None:
    seen = summarize(stretches)
    for seconds, viewed in zip(VIEW_THRESHOLDS, seen.viewed_at, strict=True):
        assert (viewed is None) == (seen.watched_seconds < seconds)
        if viewed is not None:
            assert (
                sum(
                    min(piece.stopped_at, viewed) - piece.started_at
                    for piece in seen.parts
                    if piece.started_at < viewed
                )
                == seconds
            )
