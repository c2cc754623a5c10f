"""Small worlds for tests:

viewers called by name, viewings in a line, every vendor asked in one way.
"""

import base64
from collections.abc import Sequence
from typing import Any

import httpx

from playhead import Server
from playhead.domain.account import Account
from playhead.domain.clock import parse_instant
from playhead.domain.media import MediaKind
from playhead.domain.playback import PlayedRange
from playhead.recording.inputs import NewBroadcast, NewMedia, NewViewer, NewViewing
from tests.recorder import Recording

NOW_TEXT = "2024-06-05T12:00:00Z"
NOW = parse_instant(NOW_TEXT)
DAY = 86_400
VIEWER_NAMES = ("ana", "bo", "cy", "di", "ed", "fay", "gus", "hal")


def viewer(
    name: str,
    *,
    device: int = 0,
    place: int = 0,
    full_name: str | None = None,
    email: str | None = None,
) -> NewViewer:
    """The viewer called by that name: an address of its own."""
    number = (
        VIEWER_NAMES.index(name)
        if name in VIEWER_NAMES
        else len(VIEWER_NAMES) + sum(name.encode()) % 200
    )
    return NewViewer(
        f"203.0.113.{number + 1}",
        device=device,
        place=place,
        name=full_name,
        email=email,
        organisation="Test Net",
    )


def played_ranges(*positions: tuple[int, ...], at: int) -> list[PlayedRange]:
    """Stretches from an instant on: (from, to) or (from, to, seconds paused before)."""
    ranges = []
    for start, stop, *paused in positions:
        at += paused[0] if paused else 0
        ranges.append(PlayedRange(at, start, stop))
        at += stop - start
    return ranges


class World:
    """An account on a server: record into it, ask vendors of it."""

    def __init__(self, server: Server, key: str) -> None:
        self.server = server
        self.key = key

    @property
    def account(self) -> Account:
        return self.server.emulator.open_account(self.key)

    @property
    def recording(self) -> Recording:
        return Recording(self.server.emulator.store, self.account)

    def video(self, title: str = "video", *, seconds: float = 60, **fields: Any) -> int:
        """Record a video; its number."""
        return self.recording.media([NewMedia(title, duration_ms=round(seconds * 1000), **fields)])[
            0
        ]

    def live(self, title: str = "live", **fields: Any) -> int:
        """Record a live stream; its number."""
        return self.recording.media([NewMedia(title, kind=MediaKind.live, **fields)])[0]

    def playlist(
        self, title: str = "playlist", *, seconds: float = 60, items: Sequence[int] = ()
    ) -> int:
        """Record a playlist; its number."""
        return self.recording.media(
            [
                NewMedia(
                    title, kind=MediaKind.playlist, duration_ms=round(seconds * 1000), items=items
                )
            ]
        )[0]

    def broadcast(self, media: int, start: str, end: str) -> None:
        """Record a run of a live stream."""
        self.recording.broadcasts([NewBroadcast(media, parse_instant(start), parse_instant(end))])

    def watch(
        self,
        media: int,
        name: str,
        at: str | int,
        *positions: tuple[int, ...],
        start_delay: int = 0,
        **fields: Any,
    ) -> int:
        """Record a viewing loaded at an instant, playing (from, to[, paused before]) from `wait`
        seconds later; its number.
        """
        loaded_at = at if isinstance(at, int) else parse_instant(at)
        new_viewer = fields.pop("viewer", None) or viewer(name)
        return self.recording.viewings(
            [
                NewViewing(
                    media,
                    new_viewer,
                    loaded_at,
                    played_ranges(*positions, at=loaded_at + start_delay),
                    **fields,
                )
            ]
        )[0]

    def get(self, web: httpx.Client, vendor: str, path: str, **parameters: Any) -> httpx.Response:
        """Ask a vendor by its prefix, with this account's key.

        Parameters may hold lists and names with a trailing `_`.
        """
        query = {name.rstrip("_"): value for name, value in parameters.items()}
        return web.get(
            f"{self.server.url}/{vendor}{path}",
            params=query,
            headers={"Authorization": credentials(vendor, self.key)},
        )


def credentials(vendor: str, key: str) -> str:
    """The Authorization header with which a vendor's clients send a key."""
    basic = base64.b64encode(f"{key}:".encode()).decode()
    return {"gcore": f"APIKey {key}", "wistia": f"Bearer {key}", "apivideo": f"Basic {basic}"}[
        vendor
    ]
