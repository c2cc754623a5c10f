"""Worlds from scenarios: the same for ever, sound in every row, and alive as a library is."""

import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playhead.domain.clock import DAY
from playhead.domain.errors import UserError
from playhead.domain.media import FIRST_DAY, MediaKind, PromptKind
from playhead.storage import tables
from playhead.world.fact_rows import FactRows, Row
from playhead.world.generator.days import Plan, build_plan, day_rows, library_rows, viewing_count
from playhead.world.generator.reference import devices, places
from playhead.world.scenario.loader import load
from playhead.world.scenario.schema import Scenario, ScenarioViewer, parse

PLACES = places()
DEVICES = devices()
PAST = range(FIRST_DAY, 0)
SUNDAY = 6
WEDNESDAY = 2
SESSION = "psEmFwGQUAXR2lFHj5nDOpy"
EVENT = "1390862572596e0.8447021404281259"

DIGEST = """
from hashlib import sha256
from playhead.world.generator.days import build_plan, day_rows, library_rows
from playhead.world.generator.reference import devices, places
from playhead.world.scenario.schema import parse
from playhead.world.scenario.loader import load

demo = parse(load("demo").text, name="demo")
made = build_plan(demo, seed=7, world=1, size=20_000, places=places(), devices=devices())
rows = library_rows(made), [day_rows(made, day) for day in range(-91, 0)]
print(sha256(repr(rows).encode()).hexdigest())
"""

SMALL = """\
name: small
audience: {viewings: 900, viewers: 40}
pages: [{url: "https://www.example.com/"}, {autoplay: true}]
projects:
  - title: Shelf
    media:
      - {title: Blink, duration: 0.4}
      - {title: Clip, duration: 7, retention: 90,
         prompts: [{kind: form, percent: 90}, {kind: call_to_action, at: 3, percent: 50}]}
      - {title: Film, duration: "1:30:00", retention: 10}
      - {title: Air, kind: live,
         broadcasts: [{every: wed 00:00, minutes: 3}, {every: sun 23:30, minutes: 60},
           {at: -9d 12:00, minutes: 1}]}
      - {title: Row, kind: playlist, items: [Clip, Film]}
"""


class GeneratedWorld(NamedTuple):
    """A plan and what was generated from it, with the rows by name."""

    plan: Plan
    days: dict[int, FactRows]
    viewings: list[Any]  # Any: named as the table's columns are, which no type tells
    stretches: list[Any]
    broadcasts: list[Any]
    conversions: list[Any]


def named(table: Any, rows: Iterable[Row]) -> list[Any]:
    """Rows that tell their columns by name."""
    # the columns are the table's
    row = NamedTuple("row", [(column.name, Any) for column in table.columns])  # type: ignore[misc]
    return [row(*values) for values in rows]


def planned(scenario: Scenario, *, seed: int = 1, size: int | None = None) -> Plan:
    return build_plan(scenario, seed=seed, world=1, size=size, places=PLACES, devices=DEVICES)


def world(made: Plan, days: Iterable[int] = PAST) -> GeneratedWorld:
    rows = {day: day_rows(made, day) for day in days}
    return GeneratedWorld(
        made,
        rows,
        named(tables.viewings, [row for day in rows.values() for row in day.viewings]),
        named(tables.played_ranges, [row for day in rows.values() for row in day.played_ranges]),
        named(tables.broadcasts, [row for day in rows.values() for row in day.broadcasts]),
        named(tables.conversions, [row for day in rows.values() for row in day.conversions]),
    )


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return parse(load("demo").text, name="demo")


@pytest.fixture(scope="module")
def demo(scenario: Scenario) -> GeneratedWorld:
    return world(planned(scenario))


def small(*, seed: int) -> GeneratedWorld:
    return world(planned(parse(SMALL, name="small"), seed=seed))


def of(demo: GeneratedWorld, title: str) -> list[Any]:
    """The viewings of the media of that title."""
    number = next(
        number for number, media in enumerate(demo.plan.scenario.media) if media.title == title
    )
    return [viewing for viewing in demo.viewings if viewing.media == demo.plan.base | number]


def local_hour(viewing: Any) -> int:
    return int((viewing.loaded_at + PLACES[viewing.place].utc_offset_minutes * 60) // 3600 % 24)


def aliases(made: Plan, *, kind: str) -> dict[str, int]:
    return {row[3]: row[4] for row in library_rows(made)["aliases"] if row[2] == kind}


# The same for ever.


def test_two_calls_give_equal_rows(scenario: Scenario, demo: GeneratedWorld) -> None:
    again = world(planned(scenario))
    assert again.days == demo.days
    assert library_rows(again.plan) == library_rows(demo.plan)


@pytest.mark.parametrize("day", [FIRST_DAY, -3, 3, 371])
def test_a_day_needs_no_other_day(day: int, scenario: Scenario) -> None:
    made = planned(scenario)
    alone = day_rows(made, day)
    for before in range(day - 3, day):
        day_rows(made, before)
    assert day_rows(made, day) == alone


def test_another_seed_is_another_world(scenario: Scenario, demo: GeneratedWorld) -> None:
    other = planned(scenario, seed=2)
    assert day_rows(other, -1) != demo.days[-1]
    assert other.audience[len(scenario.viewers) :] != demo.plan.audience[len(scenario.viewers) :]


@pytest.mark.parametrize("seed", [2, 3, 12_345])
def test_what_the_scenario_tells_is_the_same_for_every_seed(
    seed: int, scenario: Scenario, demo: GeneratedWorld
) -> None:
    other = planned(scenario, seed=seed)
    assert library_rows(other)["aliases"] == library_rows(demo.plan)["aliases"]
    assert other.audience[: len(scenario.viewers)] == demo.plan.audience[: len(scenario.viewers)]
    for day in {viewing.at // DAY for viewing in scenario.viewings}:
        told = sum(viewing.at // DAY == day for viewing in scenario.viewings)
        assert day_rows(other, day).viewings[:told] == demo.days[day].viewings[:told]


@pytest.mark.parametrize("number", [1, 5, 9])
def test_another_world_number_changes_ids_and_nothing_else(
    number: int, scenario: Scenario, demo: GeneratedWorld
) -> None:
    moved = build_plan(scenario, seed=1, world=number, size=None, places=PLACES, devices=DEVICES)
    away = moved.base - demo.plan.base
    for here, there in zip(
        demo.viewings[:200], world(moved, [FIRST_DAY]).viewings[:200], strict=True
    ):
        assert there == here._replace(
            id=here.id + away,
            world=number,
            media=here.media + away,
            viewer=here.viewer + away,
            page=here.page + away,
        )


def test_neither_hash_seed_nor_time_zone_matters() -> None:
    printed = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("0", "UTC"), ("4711", "Asia/Kathmandu"))
    }
    assert len(printed) == 1


# Every row is sound.


def assert_sound(made: GeneratedWorld) -> None:
    pieces = defaultdict(list)
    for stretch in made.stretches:
        pieces[stretch.viewing].append(stretch)
    airings = defaultdict(list)
    for broadcast in made.broadcasts:
        airings[broadcast.media].append(broadcast)
    for viewing in made.viewings:
        assert_viewing(made, viewing, pieces[viewing.id])
        if viewing.kind == MediaKind.live:
            assert_on_air(pieces[viewing.id], airings[viewing.media])
    assert len({viewing.id for viewing in made.viewings}) == len(made.viewings)
    loads = {viewing.id: viewing for viewing in made.viewings}
    for conversion in made.conversions:
        assert_conversion(made, conversion, loads[conversion.viewing], pieces[conversion.viewing])
    assert all(
        row[9] // DAY == day for day, rows in made.days.items() for row in rows.viewings
    )  # loaded_at


def assert_viewing(made: GeneratedWorld, viewing: Any, pieces: list[Any]) -> None:
    times = [
        moment
        for moment in (
            viewing.loaded_at,
            viewing.played_at,
            viewing.viewed_3_at,
            viewing.viewed_5_at,
            viewing.ended_at,
        )
        if moment is not None
    ]
    assert times == sorted(times)
    assert (viewing.played_at is None) == (not pieces)
    assert [moment is None for moment in viewing[11:15]] == [
        viewing.watched_seconds < seconds for seconds in (3, 5, 10, 30)
    ]
    assert viewing.watched_seconds == sum(
        piece.stop_position - piece.start_position for piece in pieces
    )
    assert viewing.distinct_seconds == len(
        {second for piece in pieces for second in range(piece.start_position, piece.stop_position)}
    )
    assert [piece.ordinal for piece in pieces] == list(range(len(pieces)))
    length = length_of(made, viewing.media)
    ends = [
        piece.stopped_at
        for piece in pieces
        if piece.stop_position == length and viewing.kind == MediaKind.video
    ]
    assert viewing.finished_at == min(ends, default=None)
    for piece in pieces:
        assert 0 <= piece.start_position < piece.stop_position <= length
        assert piece.stopped_at - piece.started_at == piece.stop_position - piece.start_position
        assert viewing.played_at <= piece.started_at < piece.stopped_at <= viewing.ended_at
        assert (piece.media, piece.kind, piece.viewer) == (
            viewing.media,
            viewing.kind,
            viewing.viewer,
        )
        assert (piece.loaded_at, piece.ended_at) == (viewing.loaded_at, viewing.ended_at)
    assert all(before.stopped_at <= after.started_at for before, after in pairwise(pieces))


def assert_conversion(
    made: GeneratedWorld, conversion: Any, viewing: Any, pieces: list[Any]
) -> None:
    """What was shown was on screen then, and whoever acted on it did so before leaving.

    A form is filled in by who has an e-mail address.
    """
    assert (
        conversion.media,
        conversion.viewer,
        conversion.loaded_at,
        conversion.ended_at,
    ) == viewing[2:3] + viewing[4:5] + (
        viewing.loaded_at,
        viewing.ended_at,
    )
    at = conversion.shown_at
    prompt = made.plan.scenario.media[conversion.media - made.plan.base].prompts[conversion.prompt]
    second = length_of(made, conversion.media) if prompt.at is None else prompt.at
    assert any(
        piece.started_at <= at <= piece.stopped_at
        and piece.start_position + at - piece.started_at == second
        for piece in pieces
    )
    if conversion.converted_at is not None:
        assert at <= conversion.converted_at <= conversion.ended_at
        assert (
            prompt.kind != "form"
            or made.plan.audience[conversion.viewer - made.plan.base].email is not None
        )


def assert_on_air(pieces: list[Any], airings: list[Any]) -> None:
    """A live viewing shows what is on air at that second."""
    for piece in pieces:
        airing = next(
            airing
            for airing in airings
            if airing.started_at <= piece.started_at and piece.stopped_at <= airing.ended_at
        )
        assert piece.started_at - airing.started_at == piece.start_position


def length_of(made: GeneratedWorld, media: int) -> int:
    library = made.plan.scenario.media
    one = library[media - made.plan.base]
    if one.kind == "playlist":
        return sum(
            length_of(made, made.plan.base | number)
            for number, item in enumerate(library)
            if item.title in one.items
        )
    return -(-one.duration // 1000) if one.duration else 10**9


def test_every_row_of_the_demo_is_sound(demo: GeneratedWorld) -> None:
    assert_sound(demo)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.integers(0, 2**40))
def test_every_row_is_sound_whatever_the_seed(seed: int) -> None:
    assert_sound(small(seed=seed))


def test_no_two_viewers_share_both_address_and_device(demo: GeneratedWorld) -> None:
    assert len({(viewer.ip, viewer.device) for viewer in demo.plan.audience}) == len(
        demo.plan.audience
    )
    assert len({viewer.ip for viewer in demo.plan.audience}) < len(demo.plan.audience)


def test_a_day_is_settled_when_its_last_viewing_has_ended(demo: GeneratedWorld) -> None:
    assert demo.days[-5].closed_at == max(
        viewing.ended_at for viewing in demo.viewings if viewing.loaded_at // DAY == -5
    )
    assert FactRows.empty().closed_at is None


def test_a_viewer_in_no_known_city_is_refused(scenario: Scenario) -> None:
    nobody = scenario.model_copy(
        update={
            "viewers": (ScenarioViewer(ref="ana", ip="192.0.2.1", city="Atlantis", device=0),),
            "viewings": (),
        }
    )
    with pytest.raises(UserError, match=r"viewer 'ana': there is no city 'Atlantis'"):
        planned(nobody)


# What the demo promises.


def test_the_demo_is_as_large_as_it_says(demo: GeneratedWorld) -> None:
    viewers = demo.plan.audience
    assert len(demo.viewings) == pytest.approx(22_000, rel=0.03)
    assert len(viewers) == pytest.approx(3_000, rel=0.01)
    assert len({viewer.place for viewer in viewers}) >= 40
    assert len({PLACES[viewer.place].country for viewer in viewers}) >= 25
    assert sum(viewer.email is not None for viewer in viewers) == pytest.approx(
        0.05 * len(viewers), rel=0.25
    )
    assert len(demo.plan.scenario.projects) == 4
    assert Counter(media.kind for media in demo.plan.scenario.media) == {
        "video": 26,
        "live": 3,
        "playlist": 2,
    }


def test_every_media_but_the_unpublished_one_is_loaded(demo: GeneratedWorld) -> None:
    loaded = {viewing.media - demo.plan.base for viewing in demo.viewings}
    never = [
        media.title for number, media in enumerate(demo.plan.scenario.media) if number not in loaded
    ]
    assert never == ["Autumn Teaser, Unpublished"]


def test_nothing_is_loaded_before_its_release(demo: GeneratedWorld) -> None:
    library = demo.plan.scenario.media
    assert all(
        viewing.loaded_at >= library[viewing.media - demo.plan.base].released
        for viewing in demo.viewings
    )


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        (
            "video",
            {
                "12345",
                "F0000000MxmUA",
                "993554ba94",
                "r2wybv7xr0",
                "gskhw4w4lm",
                "g5pnf59ala",
                "4489021",
                "vi4k0jvEUuaTdRAEjQ4Prklg",
            },
        ),
        ("live", {"12345", "320423", "vi4k0jvEUuaTdRAEjQ4Jfrgz"}),
        ("project", {"ln2k6qwi9k", "4d23503f70", "22570"}),
        (
            "viewer",
            {
                "B6D1F47963577AF26697138FAB75BD1B7086697B",
                "E4E7613B5C24CB0F1F7C0A1E4E874635E752263E",
            },
        ),
        (
            "viewing",
            {
                SESSION,
                EVENT,
                "1390856239396e0.3702384910728902",
                "1355282055737f0.4801975437439978",
                "1355283144880f0.12204939918592572",
            },
        ),
        ("account", {"p5j1mnpakv", "123"}),
    ],
)
def test_documented_ids_exist(kind: str, known: set[str], demo: GeneratedWorld) -> None:
    assert known <= set(aliases(demo.plan, kind=kind))


def test_documented_viewings_are_what_their_documents_show(demo: GeneratedWorld) -> None:
    numbers = aliases(demo.plan, kind="viewing")
    found = {viewing.id: viewing for viewing in demo.viewings}
    event = found[demo.plan.base | numbers[EVENT]]
    session = found[demo.plan.base | numbers[SESSION]]
    assert (
        event.media == session.media == demo.plan.base | aliases(demo.plan, kind="video")["12345"]
    )
    assert event.distinct_seconds / 1234 == pytest.approx(0.2246, abs=0.001)
    assert PLACES[session.place].city == "Paris"
    assert (session.id, "hats", 1, "green") in demo.days[session.loaded_at // DAY].labels


def test_the_heat_map_example_has_parts_seen_none_to_six_times(scenario: Scenario) -> None:
    viewing = next(
        viewing
        for viewing in scenario.viewings
        if "1355283144880f0.12204939918592572" in viewing.ids.get("wistia", [])
    )
    passes = Counter(second for start, stop, *_ in viewing.played for second in range(start, stop))
    assert {passes[second] for second in range(490)} == {0, 1, 2, 3, 4, 5, 6}


def test_labels_come_with_most_viewings_of_a_media_that_has_them(demo: GeneratedWorld) -> None:
    labels = Counter((row[1], row[3]) for day in demo.days.values() for row in day.labels)
    assert {value for name, value in labels if name == "hats"} == {"green", "red", "blue"}
    assert min(count for (name, _), count in labels.items() if name == "hats") > 1_000


def test_prompts_are_shown_and_some_are_acted_on(demo: GeneratedWorld) -> None:
    shown = Counter(conversion.kind for conversion in demo.conversions)
    acted = Counter(
        conversion.kind for conversion in demo.conversions if conversion.converted_at is not None
    )
    assert set(acted) == {kind.value for kind in PromptKind}
    assert 0.05 < acted[PromptKind.call_to_action] / shown[PromptKind.call_to_action] < 0.15
    assert 0.005 < acted[PromptKind.form] / shown[PromptKind.form] < 0.1


def test_a_video_is_processed_after_its_upload_and_has_a_size(demo: GeneratedWorld) -> None:
    for media in named(tables.media, library_rows(demo.plan)["media"]):
        video = media.kind == MediaKind.video
        assert (media.processed_at > media.released_at) == (media.source_bytes > 0) == video


# Alive as a library is.


def test_sundays_are_quieter_than_wednesdays(demo: GeneratedWorld) -> None:
    weekdays = Counter(viewing.loaded_at // DAY % 7 for viewing in demo.viewings)
    assert 0.55 < weekdays[SUNDAY] / weekdays[WEDNESDAY] < 0.75


def test_at_three_in_the_morning_it_is_quiet_wherever_that_is(demo: GeneratedWorld) -> None:
    hours = Counter(
        local_hour(viewing) for viewing in demo.viewings if viewing.kind != MediaKind.live
    )
    assert hours[3] < 0.1 * hours[20]


@pytest.mark.parametrize(
    "title",
    [
        "Spring Campaign: First Light",
        "Kettlemoor Mini in 30 Seconds",
        "A Bakery by the Harbour",
        "The Library Café Reopens",
    ],
)
def test_interest_fades(title: str, demo: GeneratedWorld) -> None:
    first = next(
        media.released // DAY + 1 for media in demo.plan.scenario.media if media.title == title
    )
    days = Counter(viewing.loaded_at // DAY for viewing in of(demo, title))
    weeks = [
        sum(days[day] for day in range(first + 7 * week, first + 7 * week + 7))
        for week in (0, 1, 3)
    ]
    assert weeks == sorted(weeks, reverse=True)
    assert weeks[2] < 0.8 * weeks[0]


def test_a_third_of_the_loads_never_play(demo: GeneratedWorld) -> None:
    assert (
        0.30
        < sum(viewing.played_at is None for viewing in demo.viewings) / len(demo.viewings)
        < 0.40
    )


def test_a_third_of_the_plays_reach_the_end(demo: GeneratedWorld) -> None:
    furthest: Counter[int] = Counter()
    for stretch in demo.stretches:
        furthest[stretch.viewing] = max(furthest[stretch.viewing], stretch.stop_position)
    played = [
        viewing
        for viewing in demo.viewings
        if viewing.kind == MediaKind.video and viewing.played_at is not None
    ]
    assert sum(furthest[viewing.id] == length_of(demo, viewing.media) for viewing in played) / len(
        played
    ) == pytest.approx(1 / 3, abs=0.05)


def test_the_audience_of_a_video_only_shrinks_on_its_first_pass(demo: GeneratedWorld) -> None:
    media = of(demo, "How It Works: Inside a Kettlemoor Grinder")[0].media
    firsts = [
        stretch for stretch in demo.stretches if stretch.media == media and not stretch.is_repeat
    ]
    there = [
        sum(stretch.start_position <= second < stretch.stop_position for stretch in firsts)
        for second in range(0, 1234, 120)
    ]
    assert there == sorted(there, reverse=True)
    assert 0.2 * there[0] < there[-1] < 0.5 * there[0]


def test_a_few_media_and_a_few_viewers_make_most_of_the_traffic(demo: GeneratedWorld) -> None:
    assert tenth_of(viewing.media for viewing in demo.viewings) > 0.25
    assert tenth_of(viewing.viewer for viewing in demo.viewings) > 0.25


def tenth_of(things: Iterator[int]) -> float:
    """The share that the most frequent tenth of the things has."""
    counts = sorted(Counter(things).values(), reverse=True)
    return sum(counts[: len(counts) // 10]) / sum(counts)


def test_a_broadcast_is_loaded_around_its_start_and_never_long_before(demo: GeneratedWorld) -> None:
    starts = sorted(broadcast.started_at for broadcast in demo.broadcasts)
    live = [viewing for viewing in demo.viewings if viewing.kind == MediaKind.live]
    waits = [
        min(
            (viewing.loaded_at - start for start in starts if viewing.loaded_at >= start - 600),
            key=abs,
        )
        for viewing in live
    ]
    assert min(waits) >= -600
    assert sum(wait < 600 for wait in waits) > 0.6 * len(waits)
    assert 0.05 < sum(wait < 0 for wait in waits) / len(waits) < 0.2


def test_the_weeks_after_the_anchor_have_traffic_like_those_before(
    scenario: Scenario, demo: GeneratedWorld
) -> None:
    for week in (0, 6, 52):
        days = range(7 * week, 7 * week + 7)
        loads = sum(len(day_rows(demo.plan, day).viewings) for day in days)
        assert (
            loads
            == sum(viewing_count(demo.plan, day) for day in days)
            == pytest.approx(22_000 / 13, rel=0.15)
        )


def test_every_day_of_the_first_year_has_something_on_air(scenario: Scenario) -> None:
    made = planned(scenario)
    assert all(day_rows(made, day).broadcasts for day in range(FIRST_DAY, 372, 5))


@pytest.mark.parametrize("size", [500, 100_000])
def test_size_scales_traffic_and_viewers_alike(size: int, scenario: Scenario) -> None:
    made = planned(scenario, size=size)
    assert len(made.audience) - len(scenario.viewers) == 3_000 * size // 22_000
    assert sum(viewing_count(made, day) for day in PAST) == pytest.approx(size, rel=0.15)


def test_without_an_audience_there_is_nothing() -> None:
    nothing = world(planned(parse(load("empty").text, name="empty")))
    assert (nothing.viewings, nothing.stretches, nothing.broadcasts, nothing.plan.audience) == (
        [],
        [],
        [],
        (),
    )
