"""Places and devices: the frozen tables of fixtures/places.csv and fixtures/devices.csv."""

import csv
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, NamedTuple


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


def _csv_rows(name: str) -> list[dict[str, str]]:
    return list(
        csv.DictReader(
            (files("playhead") / "fixtures" / name).read_text(encoding="utf-8").splitlines()
        )
    )


def places() -> tuple[Place, ...]:
    """All places, by number."""
    return tuple(
        Place(**_with_integers(row, "number", "utc_offset_minutes", "weight"))
        for row in _csv_rows("places.csv")
    )


def devices() -> tuple[Device, ...]:
    """All devices, by number."""
    return tuple(
        Device(**_with_integers(row, "number", "weight")) for row in _csv_rows("devices.csv")
    )


def _with_integers(row: Mapping[str, str], *columns: str) -> dict[str, Any]:  # Any: int or str
    return {name: int(text) if name in columns else text for name, text in row.items()}
