"""A world from a scenario and a seed:

pure functions from (plan, day) to rows in the order of the tables' columns.
"""

import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import shake_128
from typing import NamedTuple

from playhead.domain.clock import DAY
from playhead.domain.ids import account_number
from playhead.domain.media import FIRST_DAY, PAST_DAYS, MediaKind, PromptKind
from playhead.domain.playback import PlayedRange, Prompt, prompt_displays, summarize
from playhead.storage.tables import DAY_BITS, NUMBER_BITS, NUMBER_MASK
from playhead.world.fact_rows import FactRows, Row
from playhead.world.generator import traffic, transcoding
from playhead.world.generator.audience import Viewer, viewers, weighted_picker
from playhead.world.generator.behaviour import BEHAVIOURS
from playhead.world.generator.random import WORLD_VERSION, SeededRandom
from playhead.world.generator.reference import Device, Place
from playhead.world.scenario.schema import Broadcast, Media, Scenario, ScriptedViewing

DRAWS_PER_VIEWING = 12  # 32-bit integers a viewing
UNPLAYED_PERCENT = 37  # % of loads; fewer on pages that start by themselves
UNPLAYED_PERCENT_AUTOPLAY = 15
LIVE_WEIGHT_FACTOR = 4  # how much more a live stream draws on the day it runs
MAX_EARLY_SECONDS = 600  # seconds before a broadcast at which its first viewers load the player


class MediaSlot(NamedTuple):
    """A media as a day's viewings see it:

    ids packed for its world, its length and what moves its viewers.
    """

    id: int
    kind: int
    seconds: int
    retention_shift: int
    labels: tuple[tuple[str, tuple[str, ...]], ...]
    broadcasts: tuple[tuple[int, int], ...]
    prompts: tuple[Prompt, ...]


class ViewerSlot(NamedTuple):
    """A viewer as a day's viewings see it."""

    id: int
    place: int
    device: int
    ip: int
    utc_offset_seconds: int
    has_email: bool


@dataclass(frozen=True)
class Plan:
    """A scenario, seed and size made ready for generating days into one world."""

    scenario: Scenario
    seed: int
    size: int
    world: int
    audience: tuple[Viewer, ...]
    viewer_slots: tuple[ViewerSlot, ...]
    pages: tuple[tuple[int, bool], ...]
    pick_page: Callable[[int], int]

    @property
    def base(self) -> int:
        """What a number is added to, to make an id of this world."""
        return self.world << NUMBER_BITS


def seconds_of(media: Media, library: Sequence[Media]) -> int:
    """The length of a video or playlist in whole seconds, rounded up; 0 for a live stream."""
    if media.kind == "playlist":
        return sum(seconds_of(item, library) for item in library if item.title in media.items)
    return -(-(media.duration or 0) // 1000)


def build_plan(
    scenario: Scenario,
    *,
    seed: int,
    world: int,
    size: int | None,
    places: Sequence[Place],
    devices: Sequence[Device],
) -> Plan:
    """The plan of a world.

    `size` scales the scenario's traffic and viewers to about that many viewings.
    """
    viewings = scenario.audience.viewings
    size = viewings if size is None or not viewings else size
    count = (
        max(1, scenario.audience.viewers * size // viewings)
        if viewings
        else scenario.audience.viewers
    )
    audience = tuple(viewers(scenario, seed=seed, count=count, places=places, devices=devices))
    base = world << NUMBER_BITS
    viewer_slots = tuple(_viewer_slot(base, viewer, places[viewer.place]) for viewer in audience)
    pages = tuple((base | number, page.autoplay) for number, page in enumerate(scenario.pages))
    return Plan(
        scenario,
        seed,
        size,
        world,
        audience,
        viewer_slots,
        pages,
        weighted_picker([page.weight for page in scenario.pages] or [1]),
    )


def _viewer_slot(base: int, viewer: Viewer, place: Place) -> ViewerSlot:
    has_email = viewer.email is not None
    return ViewerSlot(
        base | viewer.number,
        viewer.place,
        viewer.device,
        viewer.ip,
        place.utc_offset_minutes * 60,
        has_email,
    )


# The library: everything that has no day.


def library_rows(plan: Plan) -> dict[str, list[Row]]:
    """Rows of projects, media, pages, viewers and aliases, by table name."""
    base = plan.base
    scenario = plan.scenario
    owners = [index for index, project in enumerate(scenario.projects) for _ in project.media]
    return {
        "projects": [
            (base | index, plan.world, project.title, project.description, FIRST_DAY * DAY)
            for index, project in enumerate(scenario.projects)
        ],
        "media": [
            _media_row(plan, media, number, owners[number])
            for number, media in enumerate(scenario.media)
        ],
        "pages": [
            (
                base | index,
                plan.world,
                page.url,
                page.medium,
                page.source,
                page.term,
                page.campaign,
                page.title,
            )
            for index, page in enumerate(scenario.pages)
        ],
        "viewers": [viewer_row(base, plan.world, viewer) for viewer in plan.audience],
        "aliases": [*_library_aliases(plan), *scripted_aliases(plan)],
    }


def _library_aliases(plan: Plan) -> list[Row]:
    scenario = plan.scenario
    fixed = [
        *(("project", project.ids, index) for index, project in enumerate(scenario.projects)),
        *((media.kind, media.ids, number) for number, media in enumerate(scenario.media)),
        *(("viewer", person.ids, number) for number, person in enumerate(scenario.viewers)),
        *(("account", account.ids, account_number(account.name)) for account in scenario.accounts),
    ]
    return [row for kind, ids, number in fixed for row in alias_rows(plan.world, kind, ids, number)]


def alias_rows(world: int, kind: str, ids: dict[str, list[str]], number: int) -> list[Row]:
    """Rows that give the thing of that kind and number its fixed ids."""
    return [
        (world, vendor, kind, alias, number) for vendor, texts in ids.items() for alias in texts
    ]


def viewer_row(base: int, world: int, viewer: Viewer) -> Row:
    """The row of a viewer in that world."""
    folded = (
        f"{viewer.name or ''}\n{viewer.email or ''}".casefold()
        if viewer.name or viewer.email
        else None
    )
    return (
        base | viewer.number,
        world,
        viewer.name,
        viewer.email,
        folded,
        viewer.ip,
        viewer.organisation,
        viewer.place,
        viewer.device,
    )


def _media_row(plan: Plan, media: Media, number: int, project: int) -> Row:
    library = plan.scenario.media
    items = [
        index for title in media.items for index, item in enumerate(library) if item.title == title
    ]
    duration = sum(library[item].duration or 0 for item in items) if items else media.duration or 0
    labels = [*media.labels.items(), *((name, f"__{name}__") for name in media.viewing_labels)]
    texts = [json.dumps(value, ensure_ascii=False) for value in (media.tags, labels, items)]
    owner = plan.base | project
    shape = (duration, media.width, media.height)
    video = media.kind == "video"
    processed_at = media.released + (transcoding.transcoding_seconds(duration) if video else 0)
    size = (
        media.source_bytes
        or transcoding.source_bytes(duration, width=media.width, height=media.height, number=number)
        if video
        else 0
    )
    return (
        plan.base | number,
        plan.world,
        owner,
        MediaKind[media.kind].value,
        media.title,
        media.description,
        *shape,
        media.released,
        media.client_user_id,
        *texts,
        processed_at,
        size,
        prompts_column(prompts_of(media)),
    )


def prompts_of(media: Media) -> tuple[Prompt, ...]:
    """What is shown over a video, with the second of each."""
    end = seconds_of(media, ())
    return tuple(
        Prompt(
            PromptKind[prompt.kind],
            end if prompt.at is None else min(prompt.at, end),
            prompt.text,
            prompt.url,
            prompt.percent,
        )
        for prompt in media.prompts
    )


def prompts_column(prompts: Sequence[Prompt]) -> str:
    """Prompts as a media's row has them."""
    return json.dumps(
        [[prompt.kind.value, prompt.at, prompt.text, prompt.url] for prompt in prompts],
        ensure_ascii=False,
    )


# A day: who loaded what when, and what they watched of it.


def day_rows(plan: Plan, day: int) -> FactRows:
    """The viewings that were loaded on that day, and the broadcasts that began on it."""
    rows = FactRows.empty()
    rows.broadcasts.extend(_broadcast_rows(plan, day))
    first = plan.base | (day - FIRST_DAY) << DAY_BITS
    _add_scripted_viewings(plan, day, rows, first)
    shows, weights = _media_slots(plan, day)
    if plan.size and sum(weights) and plan.viewer_slots:
        _add_random_viewings(plan, day, rows, shows, weighted_picker(weights))
    return rows


def viewing_count(plan: Plan, day: int) -> int:
    """How many viewings are drawn for a day: the share of its weekday, give or take 8 %."""
    weekdays = plan.scenario.audience.weekdays
    jitter = 92 + SeededRandom(plan.seed, "volume", day - FIRST_DAY, count=1).below(17)
    return plan.size * 7 * weekdays[day % 7] * jitter // (PAST_DAYS * sum(weekdays) * 100)


def _broadcast_runs(media: Media, day: int) -> list[tuple[int, int, Broadcast]]:
    """The broadcasts of a live stream that begin on a day: (start, end, broadcast)."""
    starts = [
        (
            broadcast.at if broadcast.at is not None else day * DAY + (broadcast.every or 0) % DAY,
            broadcast,
        )
        for broadcast in media.broadcasts
        if (broadcast.at is not None and broadcast.at // DAY == day)
        or (broadcast.every is not None and broadcast.every // DAY == day % 7)
    ]
    return [
        (start, start + broadcast.minutes * 60, broadcast)
        for start, broadcast in sorted(starts, key=lambda pair: pair[0])
        if start >= media.released
    ]


def _broadcast_rows(plan: Plan, day: int) -> list[Row]:
    runs = [
        (number, *run)
        for number, media in enumerate(plan.scenario.media)
        for run in _broadcast_runs(media, day)
    ]
    first = plan.base | (day - FIRST_DAY) << DAY_BITS
    return [
        (
            first | index,
            plan.world,
            plan.base | number,
            start,
            end,
            broadcast.bitrate,
            broadcast.height,
            broadcast.fps,
        )
        for index, (number, start, end, broadcast) in enumerate(runs)
    ]


def _media_slots(plan: Plan, day: int) -> tuple[list[MediaSlot], list[int]]:
    """What can be watched on a day, and how much it draws."""
    slots = []
    weights = []
    for number, media in enumerate(plan.scenario.media):
        runs = tuple((start, end) for start, end, _ in _broadcast_runs(media, day))
        weight = _popularity(media, day) * (LIVE_WEIGHT_FACTOR if runs else media.kind != "live")
        if weight and day * DAY >= media.released:
            seconds = seconds_of(media, plan.scenario.media)
            labels = tuple(media.viewing_labels.items())
            kind = MediaKind[media.kind].value
            shift = traffic.retention_shift(seconds, media.retention)
            slots.append(
                MediaSlot(plan.base | number, kind, seconds, shift, labels, runs, prompts_of(media))
            )
            weights.append(weight)
    return slots, weights


def _popularity(media: Media, day: int) -> int:
    """A media's weight on a day: what never fades, and what halves since it was last released."""
    age = (day - media.released // DAY) % PAST_DAYS
    return (
        media.weight
        * (media.evergreen * 65_536 + (100 - media.evergreen) * traffic.decay(age, media.half_life))
        // 65_536
    )


def _add_random_viewings(
    plan: Plan,
    day: int,
    rows: FactRows,
    slots: Sequence[MediaSlot],
    pick_slot: Callable[[int], int],
) -> None:
    """Draw the day's viewings: one call of the dice for all of them."""
    count = viewing_count(plan, day)
    scripted_count = len(rows.viewings)
    source = f"{WORLD_VERSION}/{plan.seed}/day/{day - FIRST_DAY}".encode()
    random_values = struct.unpack(
        f"<{count * DRAWS_PER_VIEWING}I", shake_128(source).digest(4 * DRAWS_PER_VIEWING * count)
    )
    first = (plan.base | (day - FIRST_DAY) << DAY_BITS) + scripted_count
    start_of_day, quarters, viewer_slots, viewer_count = (
        day * DAY,
        traffic.QUARTER_HOURS_BY_WEEKDAY[day % 7],
        plan.viewer_slots,
        len(plan.viewer_slots),
    )
    for index, draw in enumerate(zip(*[iter(random_values)] * DRAWS_PER_VIEWING, strict=True)):
        slot = slots[pick_slot(draw[0])]
        # The square of a uniform draw: a few viewers come often, most of them rarely.
        viewer_slot = viewer_slots[(draw[1] * draw[1] >> 32) * viewer_count >> 32]
        page, autoplay = plan.pages[plan.pick_page(draw[4])]
        if slot.broadcasts:
            loaded_at, played_ranges, ended_at = _watch_live(slot, draw, start_of_day)
        else:
            local = (
                quarters[draw[2] >> 22] * traffic.QUARTER_HOUR
                + (draw[2] & 0xFFFF) * traffic.QUARTER_HOUR // 65_536
            )
            loaded_at, played_ranges, ended_at = _watch(
                slot, draw, start_of_day + (local - viewer_slot.utc_offset_seconds) % DAY, autoplay
            )
        viewer_columns = (
            viewer_slot.id,
            viewer_slot.place,
            viewer_slot.device,
            page,
            viewer_slot.ip,
        )
        load = PlayerLoad(
            first + index,
            plan.world,
            slot.id,
            slot.kind,
            *viewer_columns,
            loaded_at,
            80 + (draw[9] >> 16 & 2047),
        )
        add_viewing(
            rows,
            load,
            played_ranges,
            ended_at,
            end=slot.seconds if slot.kind == MediaKind.video else None,
        )
        _add_labels(rows, load, slot.labels, draw[11])
        if slot.prompts and played_ranges:
            accepts = _prompt_acceptance(
                slot.prompts, has_email=viewer_slot.has_email, draw=draw[9] >> 7 & 511
            )
            add_conversions(
                rows, load, prompt_displays(slot.prompts, played_ranges), ended_at, accepts
            )


def _watch(
    slot: MediaSlot, draw: Sequence[int], loaded_at: int, autoplay: bool
) -> tuple[int, list[PlayedRange], int]:
    """A viewing of a video or playlist: when it was loaded, what was played, when it ended."""
    unplayed_percent = UNPLAYED_PERCENT_AUTOPLAY if autoplay else UNPLAYED_PERCENT
    if draw[3] * 100 >> 32 < unplayed_percent:
        return loaded_at, [], loaded_at + 2 + (draw[10] & 63)
    started_at = loaded_at + (draw[10] >> 6 & 1 if autoplay else 1 + (draw[10] >> 6 & 15))
    rank = min(255, max(0, (draw[5] >> 24) + slot.retention_shift))
    target = max(1, slot.seconds * traffic.DROP_OFF[rank] >> 10)
    played_ranges = BEHAVIOURS[draw[6] * 100 >> 32](started_at, target, slot.seconds, draw)
    last = played_ranges[-1]
    return loaded_at, played_ranges, last.started_at + last.stop - last.start + (draw[10] >> 10 & 7)


def _watch_live(
    slot: MediaSlot, draw: Sequence[int], start_of_day: int
) -> tuple[int, list[PlayedRange], int]:
    """A viewing of a broadcast:

    most come early, some before it starts; a pause comes back at the live edge.
    """
    start, end = slot.broadcasts[draw[2] * len(slot.broadcasts) >> 32]
    length = end - start
    loaded_at = max(
        start - MAX_EARLY_SECONDS,
        start + traffic.LIVE_ARRIVAL[draw[7] >> 24] * length // 1000 + (draw[7] & 63),
    )
    loaded_at = min(max(loaded_at, start_of_day), start_of_day + DAY - 1)
    started_at = max(start, loaded_at + 1 + (draw[10] >> 6 & 7))
    if draw[3] * 100 >> 32 < UNPLAYED_PERCENT_AUTOPLAY or started_at >= end:
        return loaded_at, [], loaded_at + 5 + (draw[10] & 63)
    left = end - started_at
    stay = max(1, left * traffic.LIVE_STAY[draw[5] >> 24] >> 10)
    played_ranges = [PlayedRange(started_at, started_at - start, started_at - start + stay)]
    if (
        draw[6] * 100 >> 32 >= 85 and stay > 64
    ):  # longer than a third and the longest pause together
        before = stay // 3
        away = 10 + (draw[8] & 31)
        back = started_at + before + away
        played_ranges = [
            PlayedRange(started_at, started_at - start, started_at - start + before),
            PlayedRange(back, back - start, started_at + stay - start),
        ]
    return loaded_at, played_ranges, started_at + stay + (draw[10] >> 10 & 7)


class PlayerLoad(NamedTuple):
    """One load of the player: packed ids, the viewer's traits and when."""

    viewing: int
    world: int
    media: int
    kind: int
    viewer: int
    place: int
    device: int
    page: int
    ip: int
    loaded_at: int
    impression_ms: int


def add_viewing(
    rows: FactRows,
    load: PlayerLoad,
    played_ranges: Sequence[PlayedRange],
    ended_at: int,
    *,
    end: int | None,
) -> None:
    """Append the rows of one viewing; `end` is the last position of a video."""
    parts, played_at, viewed_at, finished_at, watched, distinct = summarize(played_ranges, end=end)
    viewing, world, media, kind, viewer, place, device, page, ip, loaded_at, impression_ms = load
    load_columns = (viewing, world, media, kind, viewer, place, device, page, ip, loaded_at)
    rows.viewings.append(
        (
            *load_columns,
            played_at,
            *viewed_at,
            finished_at,
            ended_at,
            watched,
            distinct,
            impression_ms,
        )
    )
    for ordinal, (started_at, stopped_at, start, stop, is_repeat) in enumerate(parts):
        rows.played_ranges.append(
            (
                viewing,
                ordinal,
                world,
                media,
                kind,
                viewer,
                started_at,
                stopped_at,
                start,
                stop,
                is_repeat,
                loaded_at,
                ended_at,
            )
        )


def _add_labels(
    rows: FactRows, load: PlayerLoad, labels: Sequence[tuple[str, tuple[str, ...]]], draw: int
) -> None:
    """Each label that the media's viewings bring along has one of its values, or now and
    then none.
    """
    for position, (name, values) in enumerate(labels):
        pick = (draw >> 5 * position) % (len(values) + 1)
        if pick < len(values):
            rows.labels.append((load.viewing, name, load.world, values[pick]))


def _prompt_acceptance(
    prompts: Sequence[Prompt], *, has_email: bool, draw: int
) -> Callable[[int], bool]:
    """Which prompts a viewer takes:

    a form only who is known by e-mail, the others by their share of viewers.
    """
    return lambda index: (
        (has_email or prompts[index].kind is not PromptKind.form)
        and (draw + 167 * index) % 512 * 100 >> 9 < prompts[index].percent
    )


def add_conversions(
    rows: FactRows,
    load: PlayerLoad,
    prompts: Sequence[tuple[int, Prompt, int]],
    ended_at: int,
    accepts: Callable[[int], bool],
) -> None:
    """Append what was shown to a viewing, and when it was acted on:

    (place of the prompt, prompt, when).
    """
    for index, prompt, shown_at in prompts:
        converted_at = (
            min(shown_at + prompt_delay_seconds(load.viewing), ended_at) if accepts(index) else None
        )
        viewer_columns = (load.world, load.media, prompt.kind.value, load.viewer)
        rows.conversions.append(
            (load.viewing, index, *viewer_columns, shown_at, converted_at, load.loaded_at, ended_at)
        )


def prompt_delay_seconds(viewing: int) -> int:
    """How long a viewer takes to act on a prompt."""
    return 2 + (viewing & NUMBER_MASK) % 7


def _add_scripted_viewings(plan: Plan, day: int, rows: FactRows, first: int) -> None:
    """The scenario's own viewings of a day come first, so that their numbers are the same for every
    seed.
    """
    for index, scripted in enumerate(scripted_viewings_on(plan.scenario, day)):
        number, media = next(
            (number, media)
            for number, media in enumerate(plan.scenario.media)
            if media.title == scripted.media
        )
        viewer = next(
            number
            for number, person in enumerate(plan.scenario.viewers)
            if person.ref == scripted.viewer
        )
        page = next(
            (
                number
                for number, page in enumerate(plan.scenario.pages)
                if page.url == scripted.page
            ),
            0,
        )
        viewer_slot = plan.viewer_slots[viewer]
        kind = MediaKind[media.kind].value
        viewer_columns = (
            viewer_slot.id,
            viewer_slot.place,
            viewer_slot.device,
            plan.base | page,
            viewer_slot.ip,
        )
        load = PlayerLoad(
            first + index, plan.world, plan.base | number, kind, *viewer_columns, scripted.at, 240
        )
        played_ranges = played_ranges_from(scripted.at + 1, scripted.played)
        last = played_ranges[-1] if played_ranges else PlayedRange(scripted.at, 0, 1)
        ended_at = last.started_at + last.stop - last.start
        end = seconds_of(media, ()) if media.kind == "video" else None
        add_viewing(rows, load, played_ranges, ended_at, end=end)
        prompts = prompts_of(media)
        kinds = [prompt.kind.name for prompt in prompts]
        accepted_kinds = scripted.converts
        add_conversions(
            rows,
            load,
            prompt_displays(prompts, played_ranges),
            ended_at,
            partial(_accepts_kind, kinds, accepted_kinds),
        )
        rows.labels.extend(
            (load.viewing, name, plan.world, value)
            for name, value in sorted(scripted.labels.items())
        )


def _accepts_kind(kinds: Sequence[str], accepted_kinds: Sequence[str], index: int) -> bool:
    return kinds[index] in accepted_kinds


def scripted_viewings_on(scenario: Scenario, day: int) -> list[ScriptedViewing]:
    """The scenario's own viewings that were loaded on that day, in the order that numbers them."""
    return [scripted for scripted in scenario.viewings if scripted.at // DAY == day]


def scripted_aliases(plan: Plan) -> list[Row]:
    """The fixed ids of the scenario's own viewings."""
    return [
        row
        for day in sorted({scripted.at // DAY for scripted in plan.scenario.viewings})
        for index, scripted in enumerate(scripted_viewings_on(plan.scenario, day))
        for row in alias_rows(
            plan.world, "viewing", scripted.ids, (day - FIRST_DAY) << DAY_BITS | index
        )
    ]


def played_ranges_from(started_at: int, positions: Sequence[tuple[int, ...]]) -> list[PlayedRange]:
    """Stretches played one after the other: [from, to] or [from, to, seconds paused before]."""
    played_ranges = []
    for start, stop, *pause in positions:
        started_at += pause[0] if pause else 0
        played_ranges.append(PlayedRange(started_at, start, stop))
        started_at += stop - start
    return played_ranges
