"""Gcore's ids and vocabulary, both ways. Pure."""

from urllib.parse import urlsplit, urlunsplit

from playhead.analytics.viewings import Device
from playhead.domain.clock import DAY, utc_datetime

NAME = "gcore"
UNKNOWN = "unknown"  # the page of an application — §3.9


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


def format_iso(instant: int) -> str:
    """An instant as the catalogue writes it."""
    return f"{utc_datetime(instant):%Y-%m-%dT%H:%M:%S}.000Z"
