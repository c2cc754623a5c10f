"""Viewers as a user describes them: an address, a user agent, a place; what is not said is chosen, and always the same."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, select

from playhead.accounts.arrangement import Ids, NewViewer
from playhead.accounts.attendance import Attendance
from playhead.failure import Refusal
from playhead.store import tables
from playhead.world.dice import draws

USUAL_DEVICE = 2  # Chrome 124 on Windows 11: what most people at a desk have

# What a user agent calls them, the first that it holds: a browser also names those that it is made of.
SYSTEMS = {
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
BROWSERS = {
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


class Device(NamedTuple):
    """A device, as far as user agents tell them apart."""

    number: int
    type: str
    os: str
    browser: str
    browser_version: str
    user_agent: str


class Place(NamedTuple):
    """A city."""

    number: int
    city: str
    country: str
    country_name: str


@dataclass(frozen=True)
class Described:
    """A viewer by what is known of it; who has no address has one of its own."""

    ip: str | None = None
    user_agent: str | None = None
    country: str | None = None
    city: str | None = None
    name: str | None = None
    email: str | None = None
    organisation: str = ""
    ids: Ids = field(default_factory=dict)


class Describing:
    """Finds whom a description means, within one transaction."""

    def __init__(self, connection: Connection, attendance: Attendance) -> None:
        devices, places = tables.devices.c, tables.places.c
        self.attendance = attendance
        self.devices = [Device(*row) for row in connection.execute(select(*(devices[name] for name in Device._fields)).order_by(devices.number))]
        self.places = [Place(*row) for row in connection.execute(select(*(places[name] for name in Place._fields)).order_by(places.number))]
        # Whoever is described by nothing has the usual device, until every address has a viewer with it.
        self._rotated = [USUAL_DEVICE, *(device.number for device in self.devices if device.number != USUAL_DEVICE)]
        self._met: dict[str, int] = {}
        self._there: dict[tuple[str | None, str | None], list[int]] = {}

    def viewer(self, described: Described) -> NewViewer:
        """The viewer that is meant, to be recorded where there is none such; raises Refusal."""
        device = None if described.user_agent is None else self._device(described.user_agent)
        if described.ip is None:
            ip, device = self.attendance.fresh(self._rotated if device is None else [device])
        else:
            ip, device = self.attendance.address(described.ip), USUAL_DEVICE if device is None else device
        place = self._place(described, ip)
        text = described.ip or ".".join(str(ip >> shift & 255) for shift in (24, 16, 8, 0))
        return NewViewer(text, device, place, described.name, described.email, described.organisation, described.ids)

    def _device(self, user_agent: str) -> int:
        if user_agent not in self._met:
            self._met[user_agent] = device_of(self.devices, user_agent)
        return self._met[user_agent]

    def _place(self, described: Described, ip: int) -> int:
        """Where the description says, else where another viewer at that address is, else somewhere that the address decides."""
        said = (described.country, described.city)
        there = self._there[said] if said in self._there else self._there.setdefault(said, places_of(self.places, country=said[0], city=said[1]))
        with_it = next((known.place for known in self.attendance.at(ip) if known.place in there), None)
        return there[draws(0, "place", ip, 1)[0] * len(there) >> 32] if with_it is None else with_it


def device_of(devices: Sequence[Device], user_agent: str) -> int:
    """The device with that user agent, else the nearest with the system and browser that it names; raises Refusal where it names none."""
    same = next((device.number for device in devices if device.user_agent == user_agent), None)
    if same is not None:
        return same
    text = user_agent.casefold()
    system = next((os for token, os in SYSTEMS.items() if token in text), None)
    token, browsers = next(((token, codes) for token, codes in BROWSERS.items() if token in text), ("", ()))
    if system is None and not browsers:
        known = [", ".join(sorted({getattr(device, what) for device in devices})) for what in ("os", "browser")]
        raise Refusal(f"the user agent {user_agent!r} names no device that is known: one has a system ({known[0]}) and a browser ({known[1]})")
    version = _number(text.partition(token)[2].lstrip("abcdefghijklmnopqrstuvwxyz/"))
    return min(devices, key=lambda device: _distance(device, text, system, browsers, version)).number


def _distance(device: Device, text: str, system: str | None, browsers: Sequence[str], version: int) -> tuple[bool, bool, bool, int, int]:
    held = "mobile" in text
    other_system = system is not None and device.os != system
    other_browser = bool(browsers) and device.browser not in browsers
    return other_system, other_browser, held != (device.type in ("mobile", "tablet")), abs(_number(device.browser_version) - version), device.number


def _number(text: str) -> int:
    """The whole number that a text begins with; 0 without one."""
    digits = text[: len(text) - len(text.lstrip("0123456789"))]
    return int(digits[:9] or 0)


def places_of(places: Sequence[Place], *, country: str | None, city: str | None) -> list[int]:
    """The places of a country (code or name) and city, whichever are said; raises Refusal where there is none."""
    found = [
        place.number
        for place in places
        if (city is None or place.city.casefold() == city.casefold())
        and (country is None or country.casefold() in (place.country.casefold(), place.country_name.casefold()))
    ]
    if not found:
        said = " in ".join(repr(text) for text in (city, country) if text is not None)
        known = ", ".join(f"{place.city} ({place.country})" for place in places)
        raise Refusal(f"there is no place {said}; there are {known}")
    return found
