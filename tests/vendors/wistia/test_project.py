"""Wistia: counts of a project, in the demo's library."""

from typing import Any

import httpx
import pytest

from playhead import Server
from tests.worlds import World

pytestmark = pytest.mark.covers("wistia.project", "wistia.project_by_date")

TOURS = "ln2k6qwi9k"  # the project of number 0


@pytest.fixture
def demo_catalog(demo: Server, key: str) -> World:
    return World(demo, key)


def get_json(library: World, web: httpx.Client, path: str, **parameters: str) -> Any:
    response = library.get(web, "wistia", path, **parameters)
    assert response.status_code == 200, response.text
    return response.json()


def test_a_project_counts_the_videos_in_it(demo_catalog: World, web: httpx.Client) -> None:
    before = get_json(demo_catalog, web, f"/v1/stats/projects/{TOURS}.json")
    video = demo_catalog.video("another", seconds=3600, project=0)
    demo_catalog.live("on air", project=0)
    demo_catalog.watch(video, "ana", "2024-06-01T08:00:00Z", (0, 3600))
    demo_catalog.watch(video, "ana", "2024-06-01T10:00:00Z")
    after = get_json(demo_catalog, web, f"/v1/stats/projects/{TOURS}.json")
    assert list(after) == ["load_count", "play_count", "hours_watched", "number_of_videos"]
    assert after == {
        "load_count": before["load_count"] + 2,
        "play_count": before["play_count"] + 1,
        "hours_watched": pytest.approx(before["hours_watched"] + 1),
        "number_of_videos": before["number_of_videos"] + 1,
    }


def test_a_project_is_the_sum_of_its_media(demo_catalog: World, web: httpx.Client) -> None:
    media = [
        get_json(demo_catalog, web, f"/v1/stats/medias/{one['hashed_id']}.json")
        for one in get_json(demo_catalog, web, "/v1/medias.json", project_id=TOURS)
    ]
    project = get_json(demo_catalog, web, f"/v1/stats/projects/{TOURS}.json")
    assert project["number_of_videos"] == len(media)
    for name in ("load_count", "play_count", "hours_watched"):
        assert project[name] == pytest.approx(sum(one[name] for one in media))


def test_the_account_is_the_sum_of_its_projects(demo_catalog: World, web: httpx.Client) -> None:
    projects = [
        get_json(demo_catalog, web, f"/v1/stats/projects/{one['hashedId']}.json")
        for one in get_json(demo_catalog, web, "/v1/projects.json")
    ]
    account = get_json(demo_catalog, web, "/v1/stats/account.json")
    assert len(projects) == 4
    for name, total in account.items():
        assert total == pytest.approx(sum(one[name] for one in projects))


def test_a_projects_days_are_ascending_and_add_up(demo_catalog: World, web: httpx.Client) -> None:
    rows = get_json(
        demo_catalog,
        web,
        f"/v1/stats/projects/{TOURS}/by_date.json",
        start_date="2024-03-01",
        end_date="2024-06-05",
    )
    total = get_json(demo_catalog, web, f"/v1/stats/projects/{TOURS}.json")
    assert [rows[0]["date"], rows[-1]["date"], len(rows)] == ["2024-03-01", "2024-06-05", 97]
    assert rows[0] == {
        "date": "2024-03-01",
        "load_count": 0,
        "play_count": 0,
        "hours_watched": 0,
    }  # before the world
    for name in ("load_count", "play_count", "hours_watched"):
        assert sum(row[name] for row in rows) == pytest.approx(total[name])


def test_days_of_a_project_are_served_under_modern_too(
    demo_catalog: World, web: httpx.Client
) -> None:
    rows = get_json(demo_catalog, web, f"/modern/stats/projects/{TOURS}/by_date")
    assert [row["date"] for row in rows] == ["2024-06-04", "2024-06-05"]
    assert rows == get_json(demo_catalog, web, f"/v1/stats/projects/{TOURS}/by_date.json")


def test_a_numeric_id_names_the_same_project(demo_catalog: World, web: httpx.Client) -> None:
    for one in get_json(demo_catalog, web, "/v1/projects.json"):
        hashed = get_json(demo_catalog, web, f"/v1/stats/projects/{one['hashedId']}.json")
        assert get_json(demo_catalog, web, f"/modern/stats/projects/{one['id']}") == hashed
