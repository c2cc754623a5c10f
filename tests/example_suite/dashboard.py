"""A small dashboard:

one card a video, from the statistics of three vendors, through their own clients.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import apivideo
import requests
from apivideo.apis import RawStatisticsApi
from apivideo.exceptions import UnauthorizedException
from gcore import Gcore
from wistia.client import WistiaClient

Figures = dict[str, Any]  # Any: figures are numbers, and tables of numbers


@dataclass(frozen=True)
class Title:
    """A video, as each vendor calls it."""

    gcore: str
    wistia: str
    apivideo: str


@dataclass
class Card:
    """What is shown of a video: figures, and of a source that failed its name and the reason."""

    figures: Figures = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


class Dashboard:
    """Asks three vendors; one that fails leaves a gap, not a blank page."""

    def __init__(self, *, gcore: str, wistia: str, apivideo: str, key: str) -> None:
        self.gcore = Gcore(base_url=gcore, api_key=key)
        self.wistia = WistiaClient(key)
        self.wistia.API_BASE_URL = f"{wistia}/v1/"
        self.apivideo_url = apivideo
        self.key = key
        self._apivideo: Any = None  # Any: the client of api.video has no types

    def card(self, title: Title, *, month: str) -> Card:
        """The card of a video for a month such as 2024-06."""
        card = Card()
        sources: dict[str, Callable[[], Figures]] = {
            "gcore": partial(self._gcore, month),
            "wistia": partial(self._wistia, title),
            "apivideo": partial(self._sessions, title, month),
        }
        for name, ask in sources.items():
            try:
                card.figures |= ask()
            except Exception as error:  # whatever a client raises, the card says it
                card.failed[name] = type(error).__name__
        return card

    def live_minutes(self) -> int:
        """Minutes of live streams watched so far."""
        return sum(
            row.duration or 0
            for row in self.gcore.streaming.statistics.get_live_watch_time_total_cdn()
        )

    def _gcore(self, month: str) -> Figures:
        window = {"date_from": f"{month}-01T00:00:00Z", "date_to": f"{month}-28T23:59:59Z"}
        rows = self.gcore.streaming.statistics.get_views_by_country(**window).data or []
        return {
            "views": sum(row.views for row in rows),
            "countries": {row.country: row.views for row in rows},
        }

    def _wistia(self, title: Title) -> Figures:
        stats = self.wistia.get(f"stats/medias/{title.wistia}.json")
        return {
            "plays": stats["play_count"],
            "visitors": stats["visitors"],
            "engagement": stats["engagement"],
        }

    def _sessions(self, title: Title, month: str) -> Figures:
        try:
            found = self._connected().list_video_sessions(title.apivideo, period=month)
        except UnauthorizedException:  # the token lives an hour: a new one, once
            self._apivideo = None
            found = self._connected().list_video_sessions(title.apivideo, period=month)
        return {"sessions": found.pagination.items_total}

    def _connected(self) -> Any:  # Any: as above
        if self._apivideo is None:
            client = apivideo.AuthenticatedApiClient(self.key)
            client.configuration.host = self.apivideo_url
            client.connect()
            self._apivideo = RawStatisticsApi(client)
        return self._apivideo


WISTIA_ERROR = requests.HTTPError.__name__
