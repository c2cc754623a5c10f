"""Six loads that can be counted on one's fingers, and how to ask of them."""

from typing import Any

import httpx

from playhead.vendors.apivideo import ids
from tests.worlds import World, viewer

SHOP = "https://shop.example/a b?c=d"
BOTH_DAYS = {"from": "2024-06-04T00:00:00Z", "to": "2024-06-06T00:00:00+00:00"}
COMPUTER = 0
PHONE = 18
ANDROID = 25
TABLET = 34
TELEVISION = 39
SEATTLE = 0
PARIS = 20
SYDNEY = 60


class SmallWorld:
    """A video of 60 s, one of 40 s, a live stream.

    Ana in Seattle at a computer, bo in Paris and cy in Sydney on phones.
    """

    def __init__(self, world: World, web: httpx.Client) -> None:
        self.world = world
        self.web = web
        first = world.video("first", seconds=60, tags=["how-to", "new"])
        second = world.video("second", seconds=40, tags=["new"])
        live = world.live("live")
        ana = viewer("ana", device=COMPUTER)
        bo = viewer("bo", device=PHONE, place=PARIS)
        cy = viewer("cy", device=ANDROID, place=SYDNEY)
        world.watch(first, "ana", "2024-06-04T10:00:00Z", (0, 60), viewer=ana, page=SHOP)
        world.watch(first, "ana", "2024-06-04T10:30:00Z", (0, 4), viewer=ana)
        world.watch(first, "bo", "2024-06-04T11:00:00Z", viewer=bo, page=SHOP)
        world.watch(second, "bo", "2024-06-04T11:10:00Z", (0, 12), viewer=bo, impression_ms=1000)
        world.watch(live, "cy", "2024-06-04T12:00:00Z", (0, 30), viewer=cy)
        world.watch(first, "ana", "2024-06-05T09:00:00Z", (0, 5), viewer=ana)
        self.first, self.second, self.live = (
            ids.id_of(kind, number)
            for kind, number in (("video", first), ("video", second), ("live", live))
        )

    def get_json(self, path: str, **query: str) -> Any:
        """The answer to a question about both days; parameters may end in `_`."""
        answer = self.world.get(
            self.web,
            "apivideo",
            path,
            **{**BOTH_DAYS, **{name.rstrip("_"): value for name, value in query.items()}},
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def metric(self, path: str, **query: str) -> Any:
        """The figure of a metric."""
        return self.get_json(f"/data/metrics/{path}", **query)["data"]

    def buckets(self, path: str, **query: str) -> dict[str, Any]:
        """The figures of a breakdown, in their order."""
        return {
            row["dimensionValue"]: row["metricValue"]
            for row in self.get_json(f"/data/buckets/{path}", **query)["data"]
        }

    def series(self, metric: str, **query: str) -> dict[str, Any]:
        """The figures over time, in their order."""
        return {
            row["emittedAt"]: row["metricValue"]
            for row in self.get_json(f"/data/timeseries/{metric}", **query)["data"]
        }
