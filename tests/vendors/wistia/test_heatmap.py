"""Wistia: the heat map page, read as a browser reads it."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import httpx
import pytest

from playhead import Server
from playhead.analytics.viewings import PlayedSpan
from playhead.recording.inputs import NewViewer
from playhead.vendors.wistia.ids import record_key as key_of
from playhead.vendors.wistia.stats.heatmap import COLOURS, PassRun, pass_runs
from tests.worlds import World

pytestmark = pytest.mark.covers("wistia.event_heatmap")

WHITE, GREEN, YELLOW, ORANGE, LIGHT_RED, DARK_RED = COLOURS
AT = "2024-06-01T08:00:00Z"


class HeatmapPage(HTMLParser):
    """What of a page is seen: the pieces of the bar, the texts, what it would fetch."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.pieces: list[tuple[float, str]] = []
        self.texts: list[tuple[str, str]] = []
        self.fetched: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.fetched += [value or "" for name, value in attributes if name in ("src", "href")]
        if self.open and self.open[-1] == "bar":
            style = re.fullmatch(r"width:([\d.]+)%;background:(#[0-9a-f]{6})", given["style"] or "")
            assert style
            self.pieces.append((float(style[1]), style[2]))
        if tag != "meta":
            self.open.append(given.get("class") or tag)

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, text: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", text))

    def seconds(self, duration: int) -> list[str]:
        """The colour of each second of the media."""
        return [
            colour for width, colour in self.pieces for _ in range(round(width * duration / 100))
        ]

    def text(self, where: str) -> str:
        return "".join(text for place, text in self.texts if place == where)


def iframe_url(world: World, web: httpx.Client, event: str = "") -> str:
    """The address of the newest event's heat map, or of that event's."""
    newest = world.get(web, "wistia", "/v1/stats/events.json", per_page=1).json()[0]
    url: str = newest["iframe_heatmap_url"]
    return url.replace(newest["event_key"], event or newest["event_key"])


def test_the_bar_shows_how_often_each_second_was_watched(world: World, web: httpx.Client) -> None:
    video = world.video(seconds=10)
    world.watch(video, "ana", AT, (1, 9), (2, 8), (3, 8), (4, 8), (5, 8), (6, 8))
    response = web.get(iframe_url(world, web))
    assert (response.status_code, response.headers["content-type"]) == (
        200,
        "text/html; charset=utf-8",
    )
    assert HeatmapPage(response.text).seconds(10) == [
        WHITE,
        GREEN,
        YELLOW,
        ORANGE,
        LIGHT_RED,
        DARK_RED,
        DARK_RED,
        DARK_RED,
        GREEN,
        WHITE,
    ]
    assert HeatmapPage(response.text).text("percent") == "80%"


@pytest.mark.parametrize("prefix", ["/v1", "/modern"])
def test_neighbouring_stretches_make_one_piece(
    world: World, web: httpx.Client, prefix: str
) -> None:
    world.watch(world.video(seconds=100), "ana", AT, (0, 20), (20, 50, 7))
    page = HeatmapPage(web.get(iframe_url(world, web).replace("/v1/", f"{prefix}/")).text)
    assert page.pieces == [(50, GREEN), (50, WHITE)]


def test_coloured_seconds_are_the_events_percentage(
    demo: Server, web: httpx.Client, key: str
) -> None:
    """The demo scripts one session in which everything occurs, at a documented key."""
    world = World(demo, key)
    documented = "1355283144880f0.12204939918592572"
    event = world.get(web, "wistia", f"/v1/stats/events/{documented}.json").json()
    page = HeatmapPage(web.get(event["iframe_heatmap_url"]).text)
    seconds = page.seconds(490)
    assert len(seconds) == 490
    assert set(seconds) == set(COLOURS)
    assert sum(colour != WHITE for colour in seconds) / 490 == event["percent_viewed"]
    assert page.text("percent") == f"{round(100 * event['percent_viewed'])}%"


def test_the_documented_token_opens_the_demo(demo: Server, web: httpx.Client) -> None:
    demo.emulator.open_account("demo")
    documented = f"{demo.url}/v1/stats/events/1355283144880f0.12204939918592572/iframe.html"
    assert web.get(documented, params={"public_token": "p5j1mnpakv"}).status_code == 200


def test_the_label_says_when_who_and_where(world: World, web: httpx.Client) -> None:
    world.watch(
        world.video(),
        "",
        AT,
        (0, 1),
        viewer=NewViewer("192.0.2.9", device=22, name="Ana", organisation="Test Net"),
        page="https://example.com/a?b=1&c=2",
    )
    page = HeatmapPage(web.get(iframe_url(world, web)).text)
    assert "2024-06-01 08:00 UTC · Ana · Seattle, Washington, US" in page.text("summary")
    assert page.text("plays") == "1"
    assert page.text("span") == "\N{MOBILE PHONE}"
    assert "Page: https://example.com/a?b=1&c=2" in page.text("div")
    assert "IP: 192.0.2.9" in page.text("div")


def test_an_unnamed_viewer_is_told_by_its_organisation(world: World, web: httpx.Client) -> None:
    world.watch(world.video(), "ana", AT, (0, 1))
    page = HeatmapPage(web.get(iframe_url(world, web)).text)
    assert "· Test Net · Seattle" in page.text("summary")
    assert page.text("span") == ""  # no phone


def test_everything_is_escaped(world: World, web: httpx.Client) -> None:
    evil = "<script>alert('x')</script>\"&"
    person = NewViewer("192.0.2.9", name=evil, email=evil, organisation=evil)
    world.watch(
        world.video(evil), "", AT, (0, 1), viewer=person, page=f"https://example.com/{evil}"
    )
    html = web.get(iframe_url(world, web)).text
    assert "<script" not in html
    assert evil in HeatmapPage(html).text("title")
    assert f"· {evil} ·" in HeatmapPage(html).text("summary")
    assert f"E-mail: {evil}" in HeatmapPage(html).text("div")


def test_the_page_stands_alone_in_any_frame(world: World, web: httpx.Client) -> None:
    world.watch(world.video(), "ana", AT, (0, 1))
    response = web.get(iframe_url(world, web))
    assert HeatmapPage(response.text).fetched == []
    assert "url(" not in response.text and "@import" not in response.text
    assert not {"x-frame-options", "content-security-policy"} & set(response.headers)


def test_a_made_public_token_belongs_to_one_account(
    world: World, new_world: Callable[[], World], web: httpx.Client
) -> None:
    video = world.video()
    world.watch(video, "ana", AT, (0, 1), ids={"wistia": ["hers"]})
    other = new_world()
    other.watch(other.video(), "bo", AT, (0, 1), ids={"wistia": ["his"]})
    assert web.get(iframe_url(world, web, "hers")).status_code == 200
    assert web.get(iframe_url(other, web, "hers")).status_code == 404


HEATMAP_ERRORS = {
    "no token": ("hers", {}, 401),
    "an empty token": ("hers", {"public_token": ""}, 401),
    "another token": ("hers", {"public_token": "0000000000"}, 401),
    "a short token": ("hers", {"public_token": "x"}, 401),
    "an impossible token": ("hers", {"public_token": "\0"}, 401),
    "an API token": ("hers", {"api_password": "key"}, 401),
    "no token for an unknown event": ("nobodys", {}, 401),
    "an unknown event": ("nobodys", None, 404),
    "an event of a load": ("load", None, 404),
    "an event that is no longer kept": ("old", None, 404),
}


@pytest.mark.parametrize(
    ("event", "parameters", "status"), HEATMAP_ERRORS.values(), ids=HEATMAP_ERRORS
)
@pytest.mark.parametrize("prefix", ["/v1", "/modern"])
def test_mishaps_are_pages_and_tell_nothing(
    world: World,
    web: httpx.Client,
    prefix: str,
    event: str,
    parameters: dict[str, str] | None,
    status: int,
) -> None:
    video = world.video("Secret title")
    world.watch(video, "ana", "2022-06-05T11:59:59Z", (0, 1), ids={"wistia": ["old"]})
    world.watch(video, "ana", AT, ids={"wistia": ["load"]})
    world.watch(video, "ana", AT, (0, 1), ids={"wistia": ["hers"]})
    url = httpx.URL(iframe_url(world, web, event).replace("/v1/", f"{prefix}/"))
    response = web.get(url if parameters is None else url.copy_with(params=parameters))
    assert (response.status_code, response.headers["content-type"]) == (
        status,
        "text/html; charset=utf-8",
    )
    assert (
        "Secret title" not in response.text
        and "Test Net" not in response.text
        and "203.0.113" not in response.text
    )
    said = {401: "This heatmap needs the account’s public token.", 404: "There is no such event."}
    assert HeatmapPage(response.text).text("p") == said[status]


def test_another_method_is_refused_in_html(world: World, web: httpx.Client) -> None:
    response = web.post(f"{world.server.url}/v1/stats/events/any/iframe.html")
    assert (response.status_code, response.headers["allow"]) == (405, "GET")
    assert HeatmapPage(response.text).text("p") == "Method not allowed."


def test_a_made_key_opens_its_page(world: World, web: httpx.Client) -> None:
    number = world.watch(world.video(), "ana", AT, (0, 30))
    assert (
        HeatmapPage(web.get(iframe_url(world, web, key_of("viewing", number))).text).text("percent")
        == "50%"
    )


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        ([], [PassRun(0, 10, 0)]),
        ([(0, 10)], [PassRun(0, 10, 1)]),
        ([(0, 5), (5, 10)], [PassRun(0, 10, 1)]),
        ([(2, 4)], [PassRun(0, 2, 0), PassRun(2, 4, 1), PassRun(4, 10, 0)]),
        ([(0, 3), (1, 10)], [PassRun(0, 1, 1), PassRun(1, 3, 2), PassRun(3, 10, 1)]),
        ([(5, 99)], [PassRun(0, 5, 0), PassRun(5, 10, 1)]),
    ],
    ids=["nothing", "everything", "in two halves", "a middle", "an overlap", "past the end"],
)
def test_runs(stretches: list[tuple[int, int]], expected: list[PassRun]) -> None:
    assert (
        pass_runs(
            [PlayedSpan(0, stop - start, start, stop, False) for start, stop in stretches], 10
        )
        == expected
    )
