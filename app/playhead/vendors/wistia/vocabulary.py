"""Wistia's ids and vocabulary, both ways. Pure — evidence/wistia.md §1.6, §5."""

from ipaddress import IPv4Address

from playhead.domain.clock import utc_datetime

NAME = "wistia"

# The live spellings (`Unknown Browser`, `iOS (iPhone)`, version `0`) are those of the Ruby gem
# `browser`; so are the others here (unknown 11).
BROWSERS = {
    "chrome": "Chrome",
    "chrome_mobile": "Chrome",
    "chrome_ios": "Chrome",
    "edge": "Microsoft Edge",
    "firefox": "Firefox",
    "firefox_mobile": "Firefox",
    "opera": "Opera",
    "safari": "Safari",
    "safari_mobile": "Safari",
    "samsung_internet": "Samsung Browser",
}
PLATFORMS = {
    "android": "Android",
    "chromeos": "Chrome OS",
    "ios": "iOS (iPhone)",
    "ipados": "iOS (iPad)",
    "linux": "Generic Linux",
    "macos": "Macintosh",
    "tizen": "Generic Linux",
    "webos": "Generic Linux",
    "windows": "Windows",
}


# Hashed and numeric ids of media ("video") and projects ("project").


# Keys of visitors ("viewer") and events ("viewing").


# All of them, for who does not know of hashed ids and keys.


# Public tokens of accounts.


# Vocabulary.


def browser(code: str) -> str:
    """A browser's name."""
    return BROWSERS.get(code, "Unknown Browser")


def browser_version(version: str) -> str:
    """The major version, as text."""
    major = version.partition(".")[0]
    return major if major.isdigit() else "0"


def platform(code: str) -> str:
    """An operating system's name."""
    return PLATFORMS.get(code, "Unknown")


def split_name(full_name: str | None) -> tuple[str | None, str | None]:
    """First and last name of somebody, as far as they are known."""
    first, _, last = (full_name or "").partition(" ")
    return first or None, last or None


def format_timestamp(instant: int) -> str:
    """An instant as the statistics write it: with milliseconds — §1.6."""
    return f"{utc_datetime(instant):%Y-%m-%dT%H:%M:%S}.000Z"


def format_iso(instant: int) -> str:
    """An instant as the catalogue writes it: with an offset — §7.1."""
    return f"{utc_datetime(instant):%Y-%m-%dT%H:%M:%S}+00:00"


def format_date(instant: int) -> str:
    """The UTC date of an instant."""
    return utc_datetime(instant).date().isoformat()


def format_ip(ip: int) -> str:
    """An IPv4 address in dotted decimals."""
    return str(IPv4Address(ip))
