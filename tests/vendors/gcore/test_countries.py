"""GET /streaming/statistics/countries."""

import httpx

from tests.worlds import World, viewer

MAY = {"date_from": "2024-05-01T00:00:00Z", "date_to": "2024-05-31T23:59:59Z"}
SEATTLE, PARIS = 0, 1


def test_only_views_of_five_seconds_count(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=60)
    world.watch(video, "ana", "2024-05-10T10:00:00Z", (0, 4))
    world.watch(video, "bo", "2024-05-10T10:00:00Z", (0, 5))
    world.watch(video, "cy", "2024-05-10T10:00:00Z")
    rows = world.get(web, "gcore", "/streaming/statistics/countries", **MAY).json()
    assert rows == {"data": [{"views": 1, "country": "US", "country_name": "United States"}]}
