"""Viewers as a user describes them:

an address, a user agent, a place; what is not said is chosen, and always the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, select

from playhead.domain.errors import UserError
from playhead.recording.inputs import Ids, NewViewer
from playhead.recording.viewer_index import ViewerIndex
from playhead.storage import tables
from playhead.world.generator.random import random_ints

DEFAULT_DEVICE = 2  # Chrome 124 on Windows 11: what most people at a desk have

# What a user agent calls them, the first that it holds: a browser also names those that it is made
# of.
SYSTEM_TOKENS = {
    "playstation": "playstation",
    "tizen": "tizen",
    "web0s": "webos",
    "webos": "webos",
    "cros": "chromeos",
    "android": "android",
    "iphone": "ios",
    "ipod": "ios",
    "ipad": "ipados",
    "windows": "windows",
    "macintosh": "macos",
    "mac os x": "macos",
    "linux": "linux",
}
BROWSER_TOKENS = {
    "samsungbrowser/": ("samsung_internet",),
    "edg": ("edge",),
    "opr/": ("opera",),
    "opera": ("opera",),
    "crios/": ("chrome_ios",),
    "fxios/": ("firefox_mobile",),
    "firefox/": ("firefox", "firefox_mobile"),
    "chrome/": ("chrome", "chrome_mobile"),
    "safari/": ("safari", "safari_mobile"),
}


class DeviceRow(NamedTuple):
    """A device, as far as user agents tell them apart."""

    number: int
    type: str
    os: str
    browser: str
    browser_version: str
    user_agent: str


class PlaceRow(NamedTuple):
    """A city."""

    number: int
    city: str
    country: str
    country_name: str


@dataclass(frozen=True)
class ViewerSpec:
    """A viewer by what is known of it; who has no address has one of its own."""

    ip: str | None = None
    user_agent: str | None = None
    country: str | None = None
    city: str | None = None
    name: str | None = None
    email: str | None = None
    organisation: str = ""
    ids: Ids = field(default_factory=dict)


class ViewerResolver:
    """Finds whom a description means, within one transaction."""

    def __init__(self, connection: Connection, viewer_index: ViewerIndex) -> None:
        devices = tables.devices.c
        places = tables.places.c
        self.viewer_index = viewer_index
        self.devices = [
            DeviceRow(*row)
            for row in connection.execute(
                select(*(devices[name] for name in DeviceRow._fields)).order_by(devices.number)
            )
        ]
        self.places = [
            PlaceRow(*row)
            for row in connection.execute(
                select(*(places[name] for name in PlaceRow._fields)).order_by(places.number)
            )
        ]
        # Whoever is described by nothing has the usual device, until every address has a viewer
        # with it.
        self._device_rotation = [
            DEFAULT_DEVICE,
            *(device.number for device in self.devices if device.number != DEFAULT_DEVICE),
        ]
        self._devices_cache: dict[str, int] = {}
        self._places_cache: dict[tuple[str | None, str | None], list[int]] = {}

    def resolve(self, spec: ViewerSpec) -> NewViewer:
        """The viewer that is meant, to be recorded where there is none such; raises Refusal."""
        device = None if spec.user_agent is None else self._device(spec.user_agent)
        if spec.ip is None:
            ip, device = self.viewer_index.next_free_address(
                self._device_rotation if device is None else [device]
            )
        else:
            ip = self.viewer_index.parse_address(spec.ip)
            device = DEFAULT_DEVICE if device is None else device
        place = self._place(spec, ip)
        text = spec.ip or ".".join(str(ip >> shift & 255) for shift in (24, 16, 8, 0))
        return NewViewer(text, device, place, spec.name, spec.email, spec.organisation, spec.ids)

    def _device(self, user_agent: str) -> int:
        if user_agent not in self._devices_cache:
            self._devices_cache[user_agent] = closest_device(self.devices, user_agent)
        return self._devices_cache[user_agent]

    def _place(self, spec: ViewerSpec, ip: int) -> int:
        """Where the description says, else where another viewer at that address is, else somewhere
        that the address decides.
        """
        said = (spec.country, spec.city)
        there = (
            self._places_cache[said]
            if said in self._places_cache
            else self._places_cache.setdefault(
                said, matching_places(self.places, country=said[0], city=said[1])
            )
        )
        with_it = next(
            (known.place for known in self.viewer_index.by_ip(ip) if known.place in there), None
        )
        return (
            there[random_ints(0, "place", ip, 1)[0] * len(there) >> 32]
            if with_it is None
            else with_it
        )


def closest_device(devices: Sequence[DeviceRow], user_agent: str) -> int:
    """The device with that user agent, else the nearest with the system and browser that it names.

    Raises Refusal where it names none.
    """
    same = next((device.number for device in devices if device.user_agent == user_agent), None)
    if same is not None:
        return same
    text = user_agent.casefold()
    system = next((os for token, os in SYSTEM_TOKENS.items() if token in text), None)
    token, browsers = next(
        ((token, codes) for token, codes in BROWSER_TOKENS.items() if token in text), ("", ())
    )
    if system is None and not browsers:
        known = [
            ", ".join(sorted({getattr(device, what) for device in devices}))
            for what in ("os", "browser")
        ]
        raise UserError(
            f"the user agent {user_agent!r} names no device that is known: one has a system "
            f"({known[0]}) and a browser ({known[1]})"
        )
    version = _leading_int(text.partition(token)[2].lstrip("abcdefghijklmnopqrstuvwxyz/"))
    return min(
        devices, key=lambda device: _distance(device, text, system, browsers, version)
    ).number


def _distance(
    device: DeviceRow, text: str, system: str | None, browsers: Sequence[str], version: int
) -> tuple[bool, bool, bool, int, int]:
    held = "mobile" in text
    other_system = system is not None and device.os != system
    other_browser = bool(browsers) and device.browser not in browsers
    return (
        other_system,
        other_browser,
        held != (device.type in ("mobile", "tablet")),
        abs(_leading_int(device.browser_version) - version),
        device.number,
    )


def _leading_int(text: str) -> int:
    """The whole number that a text begins with; 0 without one."""
    digits = text[: len(text) - len(text.lstrip("0123456789"))]
    return int(digits[:9] or 0)


def matching_places(
    places: Sequence[PlaceRow], *, country: str | None, city: str | None
) -> list[int]:
    """The places of a country (code or name) and city, whichever are said.

    Raises Refusal where there is none.
    """
    found = [
        place.number
        for place in places
        if (city is None or place.city.casefold() == city.casefold())
        and (
            country is None
            or country.casefold() in (place.country.casefold(), place.country_name.casefold())
        )
    ]
    if not found:
        said = " in ".join(repr(text) for text in (city, country) if text is not None)
        known = ", ".join(f"{place.city} ({place.country})" for place in places)
        raise UserError(f"there is no place {said}; there are {known}")
    return found
