"""api.video's ids and vocabulary, both ways. Pure."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple

from playhead.analytics.aliases import AliasResolver, IdCodec
from playhead.analytics.snapshot import Snapshot
from playhead.domain.clock import utc_datetime
from playhead.domain.ids import BASE62, decode_key, encode_key, from_base, to_base
from playhead.domain.media import MediaKind

NAME = "apivideo"
UNKNOWN = "unknown"  # what is not known is this word, never null — evidence/apivideo.md §3.1

DIGITS = 22
# An id is its kind's two letters and 22 base-62 digits of which the first is 1 to 7 (§1.7): FLOOR +
# key mod SPAN. A key
# has 128 bits and SPAN some fewer, so two keys may stand behind an id; a key's own check says which
# was ever made.
MIN_ID = 62 ** (DIGITS - 1)
ID_COUNT = 7 * MIN_ID

PREFIXES = {"video": "vi", "live": "li", "viewing": "ps"}


def id_of(kind: str, number: int, assigned: Sequence[str] = ()) -> str:
    """The id of a video, live stream or session (a viewing):

    the one it was given, or one made from its number.
    """
    return (
        assigned[0]
        if assigned
        else PREFIXES[kind]
        + to_base(MIN_ID + encode_key(_key_kind(kind), number) % ID_COUNT, BASE62, length=DIGITS)
    )


def number_of(kind: str, text: str) -> int | None:
    """The number behind an id that was not given.

    The two letters say nothing: what a thing is, its row says — §1.7.
    """
    value = from_base(text[2:], BASE62) if len(text) == 2 + DIGITS else None
    if value is None or not MIN_ID <= value < MIN_ID + ID_COUNT:
        return None
    numbers = (
        decode_key(_key_kind(kind), key) for key in (value - MIN_ID, value - MIN_ID + ID_COUNT)
    )
    return next((number for number in numbers if number is not None), None)


def _key_kind(kind: str) -> str:
    return "viewing" if kind == "viewing" else "media"


def _ids(snapshot: Snapshot, kind: str, numbers: Collection[int]) -> dict[int, list[str]]:
    if kind not in PREFIXES:
        return {}
    given = AliasResolver(snapshot, NAME).assigned(kind, numbers)
    return {number: [id_of(kind, number, given.get(number, ()))] for number in numbers}


def _number(snapshot: Snapshot, kind: str, text: str) -> int | None:
    return (
        AliasResolver(snapshot, NAME).number(kind, text, lambda given: number_of(kind, given))
        if kind in PREFIXES
        else None
    )


IDS = IdCodec(_ids, _number)


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
