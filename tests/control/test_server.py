"""What the server tells about itself:

health, world, settings, vendors, catalogue, operations, and the page of its API.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import yaml

from playhead import Server, __version__
from playhead.cli.commands import catalog_of
from playhead.gateway.vendor import Vendor
from playhead.vendors import VENDORS
from tests.worlds import NOW_TEXT, World
from tools.export_openapi.document import build_document

every_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)


def get(web: httpx.Client, server: Server, path: str, **query: str) -> Any:  # Any: JSON
    answer = web.get(f"{server.url}/_emulator{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


# ---- Health


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_a_server_that_answers_is_live_and_ready(
    web: httpx.Client, empty: Server, path: str
) -> None:
    assert get(web, empty, path) == {"status": "ok"}


@pytest.mark.parametrize(
    "lost", ["DROP TABLE days", "DELETE FROM days"], ids=["the store", "the world"]
)
def test_a_server_that_lost_something_is_live_and_not_ready(web: httpx.Client, lost: str) -> None:
    with Server(scenario="empty", now=NOW_TEXT) as server:
        with server.emulator.store.transaction() as connection:
            connection.exec_driver_sql(lost)
        answer = web.get(f"{server.url}/_emulator/health/ready")
        assert (answer.status_code, answer.headers["content-type"]) == (
            503,
            "application/problem+json",
        )
        assert get(web, server, "/health/live") == {"status": "ok"}


# ---- Info


def test_the_world_is_told_with_its_counts_and_digest(web: httpx.Client, demo: Server) -> None:
    found = get(web, demo, "/info")
    summary = demo.emulator.world_summary()
    assert (found["version"], found["world"]) == (__version__, summary._asdict())
    assert found["clock"] == {"mode": "frozen", "now": NOW_TEXT}


@every_vendor
def test_a_vendor_is_told_with_where_it_answers_and_what_it_permits(
    web: httpx.Client, demo: Server, vendor: Vendor
) -> None:
    (found,) = [one for one in get(web, demo, "/info")["vendors"] if one["name"] == vendor.name]
    assert (found["prefix"], found["hosts"], found["roots"]) == (
        f"/{vendor.name}",
        list(vendor.hosts),
        list(vendor.path_prefixes),
    )
    assert found["permissions"] == {
        name: permission.granted_by_default for name, permission in vendor.permissions.items()
    }


def test_documented_limits_are_told_by_host(web: httpx.Client, demo: Server) -> None:
    limits = {vendor["name"]: vendor["limits"] for vendor in get(web, demo, "/info")["vendors"]}
    assert [
        (limit["host"], limit["requests"], limit["seconds"]) for limit in limits["apivideo"]
    ] == [
        ("ws.api.video", 500, 60),
        ("sandbox.api.video", 100, 60),
    ]
    assert [(limit["requests"], limit["seconds"]) for limit in limits["wistia"]] == [(600, 60)]


def test_no_secret_is_told(web: httpx.Client, postgresql_url: str) -> None:
    url = re.sub("//[^@]*@", "//postgres:open-sesame@", postgresql_url)
    with Server(scenario="empty", now=NOW_TEXT, control_token="open-sesame", store=url) as server:
        answer = web.get(
            f"{server.url}/_emulator/info", headers={"Authorization": "Bearer open-sesame"}
        )
        assert (answer.status_code, "sesame" in answer.text) == (200, False)
        settings = answer.json()["settings"]
    assert (settings["control_token"], settings["scenario"], settings["workers"]) == (
        "***",
        "empty",
        1,
    )
    assert settings["store"].startswith("postgresql+psycopg://postgres:***@")


# ---- The catalogue


def test_what_exists_is_listed_by_vendor(web: httpx.Client, demo: Server) -> None:
    found = get(web, demo, "/catalog")
    assert found == catalog_of(demo.emulator, demo.emulator.open_account("demo"), VENDORS)
    assert {"kind": "video", "id": "12345"}.items() <= next(
        entry for entry in found["gcore"] if entry["id"] == "12345"
    ).items()


def test_what_is_recorded_is_in_its_accounts_catalogue_alone(
    web: httpx.Client, world: World
) -> None:
    world.video("Mine")
    assert [
        entry["title"]
        for entry in get(web, world.server, f"/accounts/{quote(world.key, safe='')}/catalog")[
            "apivideo"
        ]
    ] == ["Mine"]
    assert get(web, world.server, "/catalog", key=world.key)["apivideo"][0]["title"] == "Mine"
    assert get(web, world.server, "/catalog")["apivideo"] == []


def test_an_account_that_does_not_exist_has_no_catalogue(
    web: httpx.Client, empty: Server, key: str
) -> None:
    assert web.get(f"{empty.url}/_emulator/accounts/{key}/catalog").status_code == 404


@pytest.mark.parametrize("key", ["", "invalid-key", " ", "x" * 201])
def test_a_key_that_can_be_none_has_no_catalogue(
    web: httpx.Client, empty: Server, key: str
) -> None:
    answer = web.get(f"{empty.url}/_emulator/catalog", params={"key": key})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_a_strict_server_has_no_catalogue_for_a_stranger(web: httpx.Client) -> None:
    with Server(scenario="empty", now=NOW_TEXT, auth="strict") as server:
        answer = web.get(f"{server.url}/_emulator/catalog?key=stranger")
        assert (answer.status_code, "stranger" in answer.text) == (404, False)
        web.post(f"{server.url}/_emulator/accounts", json={"name": "friend"})
        assert get(web, server, "/catalog", key="friend") == {
            vendor.name: [] for vendor in VENDORS
        } | {"wistia": get(web, server, "/catalog", key="friend")["wistia"]}


# ---- Operations


@every_vendor
def test_every_operation_is_told(web: httpx.Client, demo: Server, vendor: Vendor) -> None:
    told = [
        (one["method"].lower(), one["path"])
        for one in get(web, demo, "/operations")
        if one["vendor"] == vendor.name
    ]
    assert sorted(told) == sorted(
        (method, path)
        for path, methods in build_document(vendor)["paths"].items()
        for method in methods
    )


def test_an_operation_is_told_with_its_parameters(web: httpx.Client, demo: Server) -> None:
    (found,) = [
        one
        for one in get(web, demo, "/operations")
        if (one["vendor"], one["operation"]) == ("gcore", "views_by_country")
    ]
    assert (found["method"], found["path"], found["summary"][:16]) == (
        "GET",
        "/streaming/statistics/countries",
        "Views by country",
    )
    parameters = {parameter["name"]: parameter for parameter in found["parameters"]}
    assert [
        (name, parameter["in"], parameter["required"]) for name, parameter in parameters.items()
    ][:2] == [
        ("date_from", "query", True),
        ("date_to", "query", True),
    ]
    assert all(
        parameter["description"] and parameter["schema"].keys().isdisjoint({"$ref", "title"})
        for parameter in parameters.values()
    )


def test_an_operation_is_called_as_the_journal_calls_it(web: httpx.Client, world: World) -> None:
    world.get(web, "gcore", "/streaming/videos/7")
    (noted,) = get(web, world.server, f"/accounts/{quote(world.key, safe='')}/requests")["requests"]
    (found,) = [
        one
        for one in get(web, world.server, "/operations")
        if one["path"] == "/streaming/videos/{video_id}"
    ]
    assert (found["vendor"], found["operation"]) == (noted["vendor"], noted["operation"])


def test_an_operation_is_told_with_its_source_and_grade(web: httpx.Client, demo: Server) -> None:
    (found,) = [
        one
        for one in get(web, demo, "/operations")
        if (one["vendor"], one["operation"]) == ("gcore", "views_by_country")
    ]
    assert (found["source"][:19], found["grade"]) == ("Gcore API reference", "DOC")


# ---- The vendors' documents


@every_vendor
def test_a_vendor_is_described_as_the_server_answers_it(
    web: httpx.Client, demo: Server, vendor: Vendor
) -> None:
    answer = web.get(f"{demo.url}/_emulator/openapi/{vendor.name}.yaml")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/yaml")
    assert yaml.safe_load(answer.text) == build_document(vendor, demo.url)
    assert [server["url"] for server in build_document(vendor, demo.url)["servers"]] == [
        demo.url,
        f"{demo.url}/{vendor.name}",
    ]


def test_a_vendor_that_there_is_not_is_not_described(web: httpx.Client, empty: Server) -> None:
    answer = web.get(f"{empty.url}/_emulator/openapi/youtube.yaml")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "gcore" in answer.json()["detail"]


# ---- The page


class Page(HTMLParser):
    """What a page shows and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.heads: list[str] = []
        self.tags: set[str] = set()
        self.loads: list[str] = []
        self._in_head = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._in_head = tag == "h3" or (self._in_head and tag == "code")
        self.loads += [value or "" for name, value in attrs if name in ("src", "href", "action")]

    def handle_data(self, text: str) -> None:
        if self._in_head:
            self.heads.append(text)
            self._in_head = False


@pytest.fixture
def page(web: httpx.Client, empty: Server) -> Iterator[tuple[str, Page]]:
    answer = web.get(f"{empty.url}/_emulator/docs")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    yield answer.text, Page(answer.text)


def test_the_page_has_every_operation_of_the_api(
    web: httpx.Client, empty: Server, page: tuple[str, Page]
) -> None:
    paths = get(web, empty, "/openapi.json")["paths"]
    assert len(paths) > 20
    assert sorted(page[1].heads) == sorted(
        f"{method.upper()} {path}" for path, methods in paths.items() for method in methods
    )


def test_the_page_shows_parameters_and_bodies(page: tuple[str, Page]) -> None:
    text = page[0]
    assert "Seconds after which the answer is a problem." in text
    assert re.search(r"<pre>\{\n  &quot;by&quot;: &quot;P1DT12H&quot;\n\}</pre>", text)


def test_the_page_runs_and_loads_nothing(page: tuple[str, Page]) -> None:
    text, parsed = page
    assert parsed.tags.isdisjoint({"script", "iframe", "img", "link", "form", "object"})
    assert parsed.loads == ["openapi.json"]
    assert "http" not in re.sub(
        r"<code>.*?</code>|<pre>.*?</pre>|<td>.*?</td>", "", text, flags=re.DOTALL
    )


def test_who_never_asks_the_control_api_does_not_import_it(tmp_path: Path) -> None:
    import subprocess
    import sys

    line = (
        "import sys, playhead.app; print([name for name in sys.modules if "
        "name.startswith('playhead.control.') or 'prometheus' in name])"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", line], capture_output=True, text=True, check=True, cwd=tmp_path
        ).stdout.strip()
        == "[]"
    )
