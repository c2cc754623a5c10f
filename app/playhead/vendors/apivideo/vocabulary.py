"""api.video's ids and vocabulary, both ways. Pure."""

from enum import StrEnum
from typing import NamedTuple

from playhead.domain.clock import utc_datetime
from playhead.domain.media import MediaKind

NAME = "apivideo"
UNKNOWN = "unknown"  # what is not known is this word, never null — evidence/apivideo.md §3.1


def format_atom(instant: int) -> str:
    """An instant as every answer writes it: ATOM, UTC, no fraction — §1.7."""
    return utc_datetime(instant).isoformat()


class System(NamedTuple):
    """An operating system: its name, and what its version is put after."""

    name: str
    short_prefix: str
    long_prefix: str


# One row is published: Microsoft Windows, W10, Windows10. The others follow its pattern (unknown
# 12).
SYSTEMS = {
    "windows": System("Microsoft Windows", "W", "Windows"),
    "macos": System("macOS", "M", "macOS"),
    "ios": System("iOS", "I", "iOS"),
    "ipados": System("iPadOS", "P", "iPadOS"),
    "android": System("Android", "A", "Android"),
    "linux": System("Linux", "L", "Linux"),
    "chromeos": System("Chrome OS", "C", "ChromeOS"),
    "tizen": System("Tizen", "T", "Tizen"),
    "webos": System("webOS", "WO", "webOS"),
    "playstation": System("PlayStation", "PS", "PlayStation"),
}

BROWSERS = {
    "chrome": "Chrome",
    "chrome_mobile": "Chrome Mobile",
    "chrome_ios": "Chrome Mobile iOS",
    "firefox": "Firefox",
    "firefox_mobile": "Firefox Mobile",
    "safari": "Safari",
    "safari_mobile": "Mobile Safari",
    "samsung_internet": "Samsung Internet",
    "edge": "Microsoft Edge",
    "opera": "Opera",
    "tv_browser": "TV Browser",
}

SESSION_DEVICES = {
    "desktop": "desktop",
    "mobile": "mobile",
    "tablet": "tablet",
    "tv": "tv",
    "console": "console",
}


def operating_system(code: str, version: str) -> tuple[str, str, str]:
    """(name, short name, version) of an operating system."""
    known = SYSTEMS[code]
    if version == UNKNOWN:
        return known.name, UNKNOWN, UNKNOWN
    return known.name, known.short_prefix + version, known.long_prefix + version


# The vocabulary of plays and /data: lower case, a browser by its family. Published are computer,
# phone, tablet, tv, console; windows, mac osx,
# android, ios, linux; chrome, firefox, edge, opera — §3.4, §3.6. The rest follows them (unknown
# 21).
DEVICE_TYPES = {
    "desktop": "computer",
    "mobile": "phone",
    "tablet": "tablet",
    "tv": "tv",
    "console": "console",
}

OPERATING_SYSTEMS = {
    "windows": "windows",
    "macos": "mac osx",
    "ios": "ios",
    "ipados": "ios",
    "android": "android",
    "linux": "linux",
    "chromeos": "chrome os",
    "tizen": "tizen",
    "webos": "webos",
    "playstation": "playstation",
}

BROWSER_FAMILIES = {
    "chrome": "chrome",
    "chrome_mobile": "chrome",
    "chrome_ios": "chrome",
    "firefox": "firefox",
    "firefox_mobile": "firefox",
    "safari": "safari",
    "safari_mobile": "safari",
    "samsung_internet": "samsung internet",
    "edge": "edge",
    "opera": "opera",
    "tv_browser": UNKNOWN,
}

# Quirk 16: Oceania is AZ here; Python's client refuses to send OC — §3.6.
CONTINENTS = {"AF": "AF", "AN": "AN", "AS": "AS", "EU": "EU", "NA": "NA", "OC": "AZ", "SA": "SA"}

MEDIA_TYPES = {MediaKind.video: "video", MediaKind.live: "live-stream"}


class Duration(StrEnum):
    """How long a view must last to count."""

    three = "3s"
    five = "5s"
    ten = "10s"
    thirty = "30s"

    @property
    def seconds(self) -> int:
        return int(self.removesuffix("s"))


def format_millis(instant: int) -> str:
    """An instant as the plays have it, unlike all else — quirk 17."""
    return f"{utc_datetime(instant):%Y-%m-%dT%H:%M:%S}.000Z"
