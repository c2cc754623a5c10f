"""What an ingest server measures of a broadcast:

a sample for every ten seconds of the wall clock.
"""

import pytest

from playhead.domain.clock import DAY
from playhead.world.generator.ingest import Sample, samples

MINUTE = 60


def sample_values(start: int, end: int, **options: int) -> list[Sample]:
    shape = {"bitrate": 4000, "height": 720, "fps": 25, **options}
    return list(samples(7, start, end, **shape))


def test_samples_are_taken_at_full_tens_and_at_the_start() -> None:
    assert [(sample.at, sample.seconds) for sample in sample_values(27, 53)] == [
        (27, 3),
        (30, 10),
        (40, 10),
        (50, 3),
    ]


@pytest.mark.parametrize(
    "start", [0, 5, -DAY - 3], ids=["a full ten", "an odd second", "before the anchor"]
)
def test_samples_cover_a_broadcast_without_gaps(start: int) -> None:
    found = sample_values(start, start + 10 * MINUTE)
    assert sum(sample.seconds for sample in found) == 10 * MINUTE
    assert [sample.at + sample.seconds for sample in found] == [
        *(sample.at for sample in found[1:]),
        start + 10 * MINUTE,
    ]


def test_frames_follow_their_rate_and_hardly_any_is_lost() -> None:
    found = sample_values(0, 3600, fps=30)
    assert all(30 * sample.seconds - 3 <= sample.frames <= 30 * sample.seconds for sample in found)
    assert 0 < 30 * 3600 - sum(sample.frames for sample in found) < 60
    assert {(sample.fps, sample.keyframe_interval, sample.height) for sample in found} == {
        (30, 60, 720)
    }


def test_the_bit_rate_stays_near_that_of_the_broadcast() -> None:
    rates = [sample.bitrate for sample in sample_values(0, 3600)]
    assert all(3680 <= rate <= 4320 for rate in rates)
    assert len(set(rates)) > 100


def test_what_was_measured_does_not_change_as_a_broadcast_goes_on() -> None:
    assert (
        sample_values(27, 3000)[:-1] == sample_values(27, 7200)[: len(sample_values(27, 3000)) - 1]
    )


def test_two_broadcasts_are_measured_apart() -> None:
    shape = {"bitrate": 4000, "height": 720, "fps": 25}
    assert list(samples(1, 0, 600, **shape)) != list(samples(2, 0, 600, **shape))


def test_one_second_is_one_sample() -> None:
    assert [(sample.at, sample.seconds, sample.frames) for sample in sample_values(9, 10)] == [
        (9, 1, 25)
    ]


@pytest.mark.parametrize("since", [-100, 0, 27, 669, 670, 3000, 7199, 7200, 10**6])
def test_those_since_an_instant_are_the_same(since: int) -> None:
    whole = sample_values(27, 7200)
    some = list(samples(7, 27, 7200, 4000, 720, 25, since=since))
    assert [sample for sample in some if sample.at >= since] == [
        sample for sample in whole if sample.at >= since
    ]
    assert len(some) <= len([sample for sample in whole if sample.at > since - 640]) + 1
