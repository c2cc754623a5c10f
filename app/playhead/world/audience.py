"""The viewers of a world: who they are, where, and on which device. Pure."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from ipaddress import IPv4Address
from itertools import accumulate
from typing import Any, NamedTuple

from playhead.failure import Refusal
from playhead.world import people
from playhead.world.dice import Dice
from playhead.world.reference import Device, Place
from playhead.world.scenario import Person, Scenario

# 100.64.0.0/10 is nobody's address on the internet (RFC 6598), so that no invented viewer has a real one.
FIRST_ADDRESS = 100 << 24 | 64 << 16
ADDRESS_BITS = 22
SHARED = 6  # every sixth viewer sits behind the address of the one before
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


def picker(weights: Sequence[int]) -> Callable[[int], int]:
    """A function from a draw (below 2**32) to an index, by weight."""
    sums = list(accumulate(weights))
    total = sums[-1]
    return lambda draw: bisect_right(sums, draw * total >> 32)


def viewers(scenario: Scenario, *, seed: int, count: int, places: Sequence[Place], devices: Sequence[Device]) -> Iterator[Viewer]:
    """The scenario's own viewers, then `count` drawn ones, numbered from 0."""
    for number, person in enumerate(scenario.viewers):
        yield _described(person, number, places, devices)
    first = len(scenario.viewers)
    yield from _drawn(scenario, seed, range(first, first + count), places, devices)


def _described(person: Person, number: int, places: Sequence[Place], devices: Sequence[Device]) -> Viewer:
    place = next((place.number for place in places if place.city == person.city), None)
    if place is None or person.device >= len(devices):
        raise Refusal(f"viewer {person.ref!r}: there is no city {person.city!r} or device {person.device}")
    return Viewer(number, person.name, person.email, int(IPv4Address(person.ip)), person.organisation, place, person.device)


def _drawn(scenario: Scenario, seed: int, numbers: range, places: Sequence[Place], devices: Sequence[Device]) -> Iterator[Viewer]:
    crowd = {locale: people.read(locale) for locale in people.frozen_locales()}
    here = [place for place in places if not scenario.locales or place.locale in scenario.locales]
    if not here and numbers:
        raise Refusal(f"no place has one of the locales {', '.join(scenario.locales)}")
    pick_place, pick_device = picker([place.weight for place in here] or [1]), picker([device.weight for device in devices])
    device = 0
    for index, number in enumerate(numbers):
        dice = Dice(seed, "viewer", number, count=8)
        place = here[pick_place(dice.below(1 << 32))]
        shares = index % SHARED == 0 and index > 0
        drawn = pick_device(dice.below(1 << 32))
        device = (device + 1 + drawn % (len(devices) - 1)) % len(devices) if shares else drawn
        name, email = _identity(dice, crowd[place.locale]) if dice.below(100) < scenario.audience.named_percent else (None, None)
        organisations = crowd[place.locale].organisations
        yield Viewer(number, name, email, _drawn_address(seed, index), organisations[dice.below(len(organisations))], place.number, device)


def _identity(dice: Dice, crowd: Any) -> tuple[str, str]:  # Any: people.People
    name, local = crowd.people[dice.below(len(crowd.people))]
    return name, f"{local}@{DOMAINS[dice.below(len(DOMAINS))]}"


def _drawn_address(seed: int, index: int) -> int:
    shared = index - index // SHARED
    # An odd factor permutes the addresses, so that neighbours in number are none on the network.
    return FIRST_ADDRESS + (shared * 2_654_435_761 + seed * 40_503) % (1 << ADDRESS_BITS)
