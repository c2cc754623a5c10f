"""Distinct viewers who loaded and who came so far, counted together: the same as counted one after the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.stats.counting import ALL, Among, By, Reached
from playhead.stats.reading import Sight, Window
from playhead.stats.uniques import Far, Identity, far, uniques
from tests.laws.hearing import NewWorld, same_worlds
from tests.stats.sketches import SIGHTS, WINDOWS, WORLDS, Sketch, told

BYS = st.sampled_from([[], [By.day], [By.media], [By.day, By.page, By.viewer]])


@pytest.mark.laws
@same_worlds
@given(sketched=WORLDS, sight=SIGHTS, window=st.one_of(st.none(), WINDOWS), by=BYS, reached=st.sampled_from(Reached), of=st.sampled_from(Identity))
def test_both_counts_are_those_of_uniques(
    new_world: NewWorld, sketched: list[Sketch], sight: Sight, window: Window | None, by: list[By], reached: Reached, of: Identity
) -> None:
    world = told(new_world(), sketched)
    with world.reading(sight) as reading:
        for among in (ALL, Among(media=world.media[:2])):
            loaded, came = (uniques(reading, window, of=of, reached=each, by=by, among=among) for each in (Reached.load, reached))
            assert far(reading, window, of=of, reached=reached, by=by, among=among) == {cell: Far(count, came.get(cell, 0)) for cell, count in loaded.items()}
