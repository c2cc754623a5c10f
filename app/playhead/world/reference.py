"""Places and devices: the frozen tables of fixtures/places.csv and fixtures/devices.csv."""

import csv
from importlib.resources import files
from typing import NamedTuple


class Place(NamedTuple):
    """A city; `weight` is its share of an audience, the offset is of its standard time."""

    number: int
    city: str
    country: str
    country_name: str
    continent: str
    subdivision: str
    subdivision_name: str
    latitude: str
    longitude: str
    utc_offset_minutes: int
    language: str
    locale: str
    weight: int


class Device(NamedTuple):
    """A device with its system and browser, in neutral codes."""

    number: int
    type: str
    vendor: str
    model: str
    os: str
    os_version: str
    browser: str
    browser_version: str
    user_agent: str
    screen: str
    weight: int


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((files("playhead") / "fixtures" / name).read_text(encoding="utf-8").splitlines()))


def places() -> tuple[Place, ...]:
    """All places, by number."""
    return tuple(
        Place(**{**row, "number": int(row["number"]), "utc_offset_minutes": int(row["utc_offset_minutes"]), "weight": int(row["weight"])})  # type: ignore[arg-type]  # the rest is text
        for row in _rows("places.csv")
    )


def devices() -> tuple[Device, ...]:
    """All devices, by number."""
    return tuple(Device(**{**row, "number": int(row["number"]), "weight": int(row["weight"])}) for row in _rows("devices.csv"))  # type: ignore[arg-type]  # the rest is text
