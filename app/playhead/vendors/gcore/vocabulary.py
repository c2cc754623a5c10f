"""Gcore's ids and vocabulary, both ways. Pure."""

import re
from collections.abc import Collection, Iterable, Sequence
from urllib.parse import urlsplit, urlunsplit

from playhead.analytics import catalog
from playhead.analytics.aliases import AliasResolver, IdCodec
from playhead.analytics.snapshot import Snapshot
from playhead.analytics.viewings import Device
from playhead.domain.clock import DAY, utc_datetime
from playhead.domain.ids import (
    BASE62,
    compact,
    decode_key,
    expand,
    from_base,
    permute,
    to_base,
    unpermute,
)
from playhead.domain.ids import encode_key as key_of_number
from playhead.domain.media import MediaKind

NAME = "gcore"
ID_BITS = 24
FIRST_ID = 100_000
SLUG_LENGTH = 22
CLIENT_ID_LIMIT = 10_000_000
MEDIA_KINDS = ("video", "live", "playlist")
UNKNOWN = "unknown"  # the page of an application — §3.9
_BROADCAST_SALT = "gcore/broadcast"


def id_of(number: int, assigned: Sequence[str] = ()) -> int:
    """The id of an entity: the number that it was given, or one made from its number."""
    fixed = next((text for text in assigned if text.isdigit()), None)
    return int(fixed) if fixed else FIRST_ID + permute(compact(number), bits=ID_BITS, salt=NAME)


def decode_id(text: str) -> int | None:
    """The number behind an id that was not given."""
    value = int(text) - FIRST_ID if re.fullmatch(r"\d{1,9}", text, re.ASCII) else -1
    return expand(unpermute(value, bits=ID_BITS, salt=NAME)) if 0 <= value < 1 << ID_BITS else None


def slug_of(number: int, assigned: Sequence[str] = ()) -> str:
    """A video's slug: letters and digits."""
    fixed = next((text for text in assigned if not text.isdigit()), None)
    return fixed or to_base(key_of_number("media", number), BASE62, length=SLUG_LENGTH)


def decode_slug(text: str) -> int | None:
    """The number behind a slug that was not given."""
    key = from_base(text, BASE62) if len(text) == SLUG_LENGTH else None
    return None if key is None else decode_key("media", key)


def number_of_id(naming: AliasResolver, kind: str, text: str) -> int | None:
    """The number of the entity of a kind with that id; a video has a slug as well."""
    decode = (
        (lambda given: decode_id(given) if given.isdigit() else decode_slug(given))
        if kind == "video"
        else decode_id
    )
    return naming.number(kind, text, decode)


def broadcast_id(number: int) -> int:
    """The id of the broadcast around a live stream:

    its page, one each, numbered otherwise than the stream — unknown 23.
    """
    return FIRST_ID + permute(compact(number), bits=ID_BITS, salt=_BROADCAST_SALT)


def numbers_of_id(snapshot: Snapshot, kinds: Iterable[MediaKind], text: str) -> list[int]:
    """The numbers of the entities of those kinds that have an id: 12345 may be several."""
    wanted = {
        (kind, number_of_id(AliasResolver(snapshot, NAME), kind.name, text)) for kind in kinds
    }
    found = catalog.media(snapshot, numbers={number for _, number in wanted if number is not None})
    return [media.number for media in found if (media.kind, media.number) in wanted]


def video_of_slug(snapshot: Snapshot, text: str) -> int | None:
    """The number of the video with that slug; its id is none."""
    return None if text.isdigit() else number_of_id(AliasResolver(snapshot, NAME), "video", text)


def _ids(snapshot: Snapshot, kind: str, numbers: Collection[int]) -> dict[int, list[str]]:
    if kind not in MEDIA_KINDS:
        return {}
    given = AliasResolver(snapshot, NAME).assigned(kind, numbers)
    slug = kind == "video"
    return {
        number: [
            str(id_of(number, given.get(number, ()))),
            *([slug_of(number, given.get(number, ()))] if slug else []),
        ]
        for number in numbers
    }


IDS = IdCodec(
    _ids,
    lambda reading, kind, text: (
        number_of_id(AliasResolver(reading, NAME), kind, text) if kind in MEDIA_KINDS else None
    ),
)


def client_id(name: str, number: int, assigned: Sequence[str] = ()) -> int:
    """The account's client id:

    fixed, or the number before `_` or `$` in its key, else made from its name — evidence/gcore.md
    §1.2.
    """
    if assigned:
        return int(assigned[0])
    stated = re.match(r"(\d{1,15})[_$]", name, re.ASCII)
    return int(stated[1]) if stated else number % CLIENT_ID_LIMIT


# Words of the player's statistics.

# Families as ua-parser 0.18 names those of our devices — §3, quirk 13.
_SYSTEMS = {
    "windows": "Windows",
    "macos": "Mac OS X",
    "ios": "iOS",
    "ipados": "iOS",
    "android": "Android",
    "linux": "Linux",
    "chromeos": "Chrome OS",
    "tizen": "Tizen",
    "webos": "Web0S",
    "playstation": "Other",
}
_BROWSERS = {
    "chrome": "Chrome",
    "chrome_mobile": "Chrome Mobile",
    "chrome_ios": "Chrome Mobile iOS",
    "firefox": "Firefox",
    "firefox_mobile": "Firefox Mobile",
    "safari": "Safari",
    "safari_mobile": "Mobile Safari",
    "samsung_internet": "Samsung Internet",
    "edge": "Edge",
    "opera": "Opera",
    "tv_browser": "Safari",
}
# Those that the system decides as well.
_BROWSERS_BY_SYSTEM = {
    ("edge", "android"): "Edge Mobile",
    ("opera", "android"): "Opera Mobile",
    ("firefox_mobile", "ios"): "Firefox iOS",
    ("tv_browser", "webos"): "Chrome",
}
_PLATFORMS = ("desktop", "mobile", "tablet", "tv")


def os_family(device: Device) -> str:
    """The family of a device's operating system."""
    return _SYSTEMS.get(device.os, "Other")


def browser_family(device: Device) -> str:
    """The family of a device's browser."""
    return _BROWSERS_BY_SYSTEM.get((device.browser, device.os)) or _BROWSERS.get(
        device.browser, "Other"
    )


def platform(device: Device) -> str:
    """What kind of a device it is; the words are ours — unknown 8."""
    return device.type if device.type in _PLATFORMS else "other"


def host(url: str | None) -> str:
    """The host name of a page, in small letters and without its port.

    `unknown` of what has none.
    """
    try:
        return urlsplit(url or "").hostname or UNKNOWN
    except ValueError:
        return UNKNOWN


def embed_url(url: str | None) -> str:
    """A page's address without query and fragment; `unknown` where its host is."""
    if host(url) == UNKNOWN:
        return UNKNOWN
    parts = urlsplit(url or "")
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def format_datetime(instant: int) -> str:
    """An instant as the statistics write it: `2024-05-01 10:00:00`, UTC."""
    return utc_datetime(instant).replace(tzinfo=None).isoformat(" ")


def format_date(instant: int) -> str:
    """The UTC day of an instant."""
    return utc_datetime(instant).date().isoformat()


def start_of_day(instant: int) -> int:
    """00:00 UTC of an instant's day."""
    return instant // DAY * DAY
