"""The viewers of a world: who they are, where, and on which device. Pure."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from ipaddress import IPv4Address
from itertools import accumulate
from typing import Any, NamedTuple

from playhead.domain.errors import UserError
from playhead.world.generator import people
from playhead.world.generator.random import SeededRandom
from playhead.world.generator.reference import Device, Place
from playhead.world.scenario.schema import Scenario, ScenarioViewer

# 100.64.0.0/10 is nobody's address on the internet (RFC 6598), so that no invented viewer has a
# real one.
FIRST_ADDRESS = 100 << 24 | 64 << 16
ADDRESS_BITS = 22
SHARED_ADDRESS_INTERVAL = 6  # every sixth viewer sits behind the address of the one before
DOMAINS = ("example.com", "example.org", "example.net")


class Viewer(NamedTuple):
    """One person on one device: a unique pair of address and device."""

    number: int
    name: str | None
    email: str | None
    ip: int
    organisation: str
    place: int
    device: int


def weighted_picker(weights: Sequence[int]) -> Callable[[int], int]:
    """A function from a draw (below 2**32) to an index, by weight."""
    sums = list(accumulate(weights))
    total = sums[-1]
    return lambda draw: bisect_right(sums, draw * total >> 32)


def viewers(
    scenario: Scenario, *, seed: int, count: int, places: Sequence[Place], devices: Sequence[Device]
) -> Iterator[Viewer]:
    """The scenario's own viewers, then `count` drawn ones, numbered from 0."""
    for number, person in enumerate(scenario.viewers):
        yield _scenario_viewer(person, number, places, devices)
    first = len(scenario.viewers)
    yield from _random_viewers(scenario, seed, range(first, first + count), places, devices)


def _scenario_viewer(
    scenario_viewer: ScenarioViewer, number: int, places: Sequence[Place], devices: Sequence[Device]
) -> Viewer:
    place = next((place.number for place in places if place.city == scenario_viewer.city), None)
    if place is None or scenario_viewer.device >= len(devices):
        raise UserError(
            f"viewer {scenario_viewer.ref!r}: there is no city {scenario_viewer.city!r} or "
            f"device {scenario_viewer.device}"
        )
    return Viewer(
        number,
        scenario_viewer.name,
        scenario_viewer.email,
        int(IPv4Address(scenario_viewer.ip)),
        scenario_viewer.organisation,
        place,
        scenario_viewer.device,
    )


def _random_viewers(
    scenario: Scenario,
    seed: int,
    numbers: range,
    places: Sequence[Place],
    devices: Sequence[Device],
) -> Iterator[Viewer]:
    people_by_locale = {locale: people.read(locale) for locale in people.available_locales()}
    eligible_places = [
        place for place in places if not scenario.locales or place.locale in scenario.locales
    ]
    if not eligible_places and numbers:
        raise UserError(f"no place has one of the locales {', '.join(scenario.locales)}")
    pick_place = weighted_picker([place.weight for place in eligible_places] or [1])
    pick_device = weighted_picker([device.weight for device in devices])
    device = 0
    for index, number in enumerate(numbers):
        rng = SeededRandom(seed, "viewer", number, count=8)
        place = eligible_places[pick_place(rng.below(1 << 32))]
        shares_address = index % SHARED_ADDRESS_INTERVAL == 0 and index > 0
        device_draw = pick_device(rng.below(1 << 32))
        device = (
            (device + 1 + device_draw % (len(devices) - 1)) % len(devices)
            if shares_address
            else device_draw
        )
        name, email = (
            _name_and_email(rng, people_by_locale[place.locale])
            if rng.below(100) < scenario.audience.named_percent
            else (None, None)
        )
        organisations = people_by_locale[place.locale].organisations
        yield Viewer(
            number,
            name,
            email,
            _random_address(seed, index),
            organisations[rng.below(len(organisations))],
            place.number,
            device,
        )


def _name_and_email(rng: SeededRandom, locale_people: Any) -> tuple[str, str]:  # Any: people.People
    name, local = locale_people.people[rng.below(len(locale_people.people))]
    return name, f"{local}@{DOMAINS[rng.below(len(DOMAINS))]}"


def _random_address(seed: int, index: int) -> int:
    shared = index - index // SHARED_ADDRESS_INTERVAL
    # An odd factor permutes the addresses, so that neighbours in number are none on the network.
    return FIRST_ADDRESS + (shared * 2_654_435_761 + seed * 40_503) % (1 << ADDRESS_BITS)
