"""Media, broadcasts and viewings recorded over HTTP:

what every vendor then counts, what is refused, and what is chosen where nothing is said.
"""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from playhead import Server
from tests.control.recorder import NDJSON, Recorder
from tests.worlds import NOW_TEXT, World

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Chrome/124.0.0.0 Safari/537.36"
)
ANA = {"ip": "203.0.113.1", "user_agent": CHROME, "name": "Ana"}
YESTERDAY = "2024-06-04T12:00:00Z"


@pytest.fixture
def recorder(world: World, web: httpx.Client) -> Recorder:
    """A fresh account of the empty server."""
    return Recorder(world, web)


@pytest.fixture
def demo_recorder(demo: Server, key: str, web: httpx.Client) -> Recorder:
    """A fresh account of the demo."""
    return Recorder(World(demo, key), web)


# What every vendor counts.


def test_a_form_that_a_viewing_fills_in_is_its_events_conversion(recorder: Recorder) -> None:
    prompts = [
        {"kind": "form", "at": 10, "text": "Sign up"},
        {"kind": "call_to_action", "text": "More", "url": "https://example.com/more"},
    ]
    clip = recorder.add_clip(prompts=prompts, ids={"wistia": ["prompted00"]})
    seen = {
        "media": clip,
        "played": [[0, 60]],
        "viewer": {**ANA, "email": "ana@example.com"},
        "converts": ["form", "call_to_action"],
    }
    recorder.record("viewings", seen, {"media": clip, "played": [[0, 9]]})
    asked = recorder.world.get(recorder.web, "wistia", "/modern/stats/events")
    assert sorted(event["conversion_type"] for event in asked.json()) == ["", "mid-roll-email"]
    media = recorder.world.get(recorder.web, "wistia", "/modern/stats/medias/prompted00").json()
    assert [
        (action["type"], action["action_count"], action["impression_count"])
        for action in media["actions"]
    ] == [
        ("Turnstile", 1, 1),
        ("Call to Action", 1, 1),
    ]


def test_every_vendor_counts_a_viewing_at_once_and_no_more_once_it_is_deleted(
    recorder: Recorder,
) -> None:
    media = recorder.record("media", {"title": "Clip", "duration": 60})[0]
    nothing = {"gcore": (0, {"data": []}), "wistia": (0, 0, 0, 0), "apivideo": 0}
    assert recorder.vendor_counts(media) == nothing
    loaded, played = recorder.record(
        "viewings",
        {"media": media["number"]},
        {"media": media["number"], "viewer": ANA, "played": [[0, 4], [0, 8, 9]]},
    )
    seen = recorder.vendor_counts(media)
    assert (seen["gcore"][0], seen["gcore"][1]["data"][0]["viewers"]) == (1, 1)
    assert (seen["wistia"], seen["apivideo"]) == ((2, 1, 2, 8), 2)
    recorder.record(
        "viewings", {"media": media["ids"]["wistia"][0], "viewer": ANA, "played": [[0, 8]]}
    )
    more = recorder.vendor_counts(media)
    assert (
        more["gcore"][0],
        more["gcore"][1]["data"][0]["viewers"],
        more["wistia"],
        more["apivideo"],
    ) == (2, 2, (3, 2, 2, 16), 3)
    assert (
        recorder.request("DELETE", f"viewings/{recorder.viewings()[-1]['id']}").status_code == 204
    )
    assert recorder.vendor_counts(media) == seen
    for one in (loaded, played):
        assert recorder.request("DELETE", f"viewings/{one['id']}").status_code == 204
    assert (recorder.vendor_counts(media), recorder.viewings()) == (nothing, [])


def test_a_broadcast_is_shown_by_the_vendors_that_have_live_streams(recorder: Recorder) -> None:
    live = recorder.record("media", {"title": "Air", "kind": "live"})[0]
    run = {
        "media": live["ids"]["apivideo"][0],
        "started_at": "2024-06-05T11:00:00Z",
        "ended_at": "2024-06-05T13:00:00Z",
        "height": 720,
    }
    made = recorder.record("broadcasts", run)
    assert made == [
        {**run, "media": live["number"], "number": live["number"], "bitrate": 4500, "fps": 30}
    ]
    found = recorder.world.get(
        recorder.web, "apivideo", f"/live-streams/{live['ids']['apivideo'][0]}"
    ).json()
    assert found["broadcasting"] is True
    assert set(live["ids"]) == {"apivideo", "gcore"}


def test_the_answer_says_each_vendors_ids_and_when_each_shows_the_viewing(
    recorder: Recorder,
) -> None:
    clip = recorder.add_clip()
    one = recorder.record(
        "viewings",
        {
            "media": clip,
            "viewer": ANA,
            "loaded_at": YESTERDAY,
            "played": [[0, 30]],
            "ids": {"wistia": ["first"]},
        },
    )[0]
    later = "2024-06-04T12:00:30Z"
    assert (one["loaded_at"], one["ended_at"]) == (YESTERDAY, later)
    assert one["visible_from"] == {"apivideo": YESTERDAY, "gcore": YESTERDAY, "wistia": later}
    event = recorder.world.get(recorder.web, "wistia", "/v1/stats/events/first.json").json()
    assert [event["visitor_key"]] == one["viewer"]["wistia"]
    session = one["ids"]["apivideo"][0]
    assert (
        recorder.world.get(
            recorder.web, "apivideo", f"/analytics/sessions/{session}/events"
        ).status_code
        == 200
    )
    assert recorder.viewings() == [one]


def test_a_viewing_of_a_live_stream_is_never_shown_by_who_has_videos_alone(
    recorder: Recorder,
) -> None:
    recorder.record("media", {"title": "Air", "kind": "live", "ids": {"gcore": ["9"]}})
    one = recorder.record("viewings", {"media": 9, "played": [[0, 30]]})[0]
    assert (set(one["visible_from"]), set(one["ids"])) == ({"apivideo", "gcore"}, {"apivideo"})


def test_media_are_listed_with_the_worlds_own(demo_recorder: Recorder) -> None:
    before = demo_recorder.request("GET", "media").json()["media"]
    demo_recorder.record(
        "media", {"title": "Mine", "duration": 1.5, "released_at": "2024-12-01T00:00:00Z"}
    )
    after = demo_recorder.request("GET", "media").json()["media"]
    assert after[:-1] == before and not any(one["recorded"] for one in before)
    assert (
        after[-1]["title"],
        after[-1]["duration"],
        after[-1]["released_at"],
        after[-1]["recorded"],
    ) == ("Mine", 1.5, "2024-12-01T00:00:00Z", True)


def test_a_playlist_is_as_long_as_its_items(recorder: Recorder) -> None:
    clip = recorder.add_clip()
    row = recorder.record(
        "media", {"title": "Row", "kind": "playlist", "items": [clip, clip, int(clip)]}
    )[0]
    assert row["duration"] == 180


# Media and viewers that are there.


@pytest.mark.parametrize(
    "said", ["993554ba94", "12345", 12345, "vi4k0jvEUuaTdRAEjQ4Prklg", 0, "0"], ids=repr
)
def test_a_media_is_named_by_any_vendors_id_or_its_number(
    demo_recorder: Recorder, said: str | int
) -> None:
    assert demo_recorder.record("viewings", {"media": said})[0]["media"] == 0


def test_of_a_vendors_ids_that_are_alike_the_video_is_meant(demo_recorder: Recorder) -> None:
    kinds = {
        one["kind"]: one["number"]
        for one in demo_recorder.request("GET", "media").json()["media"]
        if "12345" in one["ids"]["gcore"]
    }
    assert set(kinds) == {"video", "live", "playlist"}
    times = {"started_at": YESTERDAY, "ended_at": NOW_TEXT}
    assert demo_recorder.record("viewings", {"media": 12345})[0]["media"] == kinds["video"]
    assert (
        demo_recorder.record("broadcasts", {"media": 12345, **times})[0]["media"] == kinds["live"]
    )


def test_an_id_that_vendors_have_for_different_media_names_none(recorder: Recorder) -> None:
    for vendor in ("gcore", "wistia"):
        recorder.add_clip(ids={vendor: ["7"]})
    assert (
        "viewing 1: '7' is more than one media: use the number, 8589934592 or 8589934593"
        in recorder.rejection("viewings", {"media": "7"})
    )


def test_a_viewer_is_named_by_id(demo_recorder: Recorder) -> None:
    known = "E4E7613B5C24CB0F1F7C0A1E4E874635E752263E"
    before = demo_recorder.world.get(
        demo_recorder.web, "wistia", f"/v1/stats/visitors/{known}.json"
    ).json()
    one = demo_recorder.record("viewings", {"media": 12345, "viewer": known, "played": [[0, 5]]})[0]
    after = demo_recorder.world.get(
        demo_recorder.web, "wistia", f"/v1/stats/visitors/{known}.json"
    ).json()
    assert (one["viewer"]["wistia"], after["load_count"], after["play_count"]) == (
        [known],
        before["load_count"] + 1,
        before["play_count"] + 1,
    )


def test_a_viewer_that_one_line_describes_is_named_by_the_next(recorder: Recorder) -> None:
    clip = recorder.add_clip()
    first, second = recorder.record(
        "viewings",
        {"media": clip, "viewer": {**ANA, "ids": {"wistia": ["ana"]}}},
        {"media": clip, "viewer": "ana"},
    )
    assert first["viewer"] == second["viewer"] == {"wistia": ["ana"]}


def test_an_address_and_a_device_are_one_viewer(recorder: Recorder) -> None:
    clip = recorder.add_clip()
    others = [
        {**ANA, "ip": "203.0.113.2"},
        {**ANA, "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/125.0"},
    ]
    made = recorder.record(
        "viewings",
        *({"media": clip, "viewer": who} for who in (ANA, {**ANA, "name": "Other"}, *others)),
    )
    keys = [one["viewer"]["wistia"][0] for one in made]
    assert keys[0] == keys[1] and len(set(keys)) == 3
    assert (
        recorder.world.get(recorder.web, "wistia", f"/v1/stats/visitors/{keys[0]}.json").json()[
            "visitor_identity"
        ]["name"]
        == "Ana"
    )


def test_a_viewer_that_is_there_is_given_no_other_id(recorder: Recorder) -> None:
    clip = recorder.add_clip()
    recorder.record(
        "viewings", *[{"media": clip, "viewer": {**ANA, "ids": {"wistia": ["ana"]}}}] * 2
    )
    said = {"media": clip, "viewer": {**ANA, "ids": {"wistia": ["bo"]}}}
    assert "is a viewer already, who has not the id 'bo' at wistia" in recorder.rejection(
        "viewings", said
    )


# What is chosen where nothing is said.


def test_a_viewing_without_an_instant_has_just_ended(recorder: Recorder) -> None:
    one = recorder.record(
        "viewings", {"media": recorder.add_clip(), "wait": 2, "played": [[0, 10], [5, 25, 8]]}
    )[0]
    assert (one["loaded_at"], one["ended_at"]) == ("2024-06-05T11:59:20Z", NOW_TEXT)


def test_a_viewing_with_an_end_alone_was_loaded_so_that_it_ends_then(recorder: Recorder) -> None:
    one = recorder.record(
        "viewings", {"media": recorder.add_clip(), "played": [[0, 10]], "ended_at": YESTERDAY}
    )[0]
    assert (one["loaded_at"], one["ended_at"]) == ("2024-06-04T11:59:50Z", YESTERDAY)


def viewers(recorder: Recorder, viewers: Sequence[Any], field: str) -> list[Any]:
    """What became of the viewers of viewings that were recorded with these descriptions."""
    clip = recorder.add_clip()
    recorder.record(
        "viewings",
        *({"media": clip, **({} if who is None else {"viewer": who})} for who in viewers),
    )
    rows = [json.loads(line) for line in recorder.request("GET", "export").text.splitlines()]
    return [row["viewer"][field] for row in rows if "viewer" in row]


def test_who_is_not_described_has_an_address_of_its_own(recorder: Recorder) -> None:
    taken = {"ip": "198.18.0.1"}
    found = viewers(recorder, [None, taken, None, {"user_agent": CHROME}], "ip")
    assert found == ["198.18.0.0", "198.18.0.1", "198.18.0.2", "198.18.0.3"]


DEVICES = [
    (None, 2),
    (CHROME, 2),
    (CHROME.replace("124", "300"), 3),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) Version/17.9 Safari/605.1.15", 9),
    (
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/"
            "15E148 Safari/604.1"
        ),
        18,
    ),
    ("Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/124.0.0.0 Mobile Safari/537.36", 24),
    ("Opera", 8),
]


@pytest.mark.parametrize(("user_agent", "device"), DEVICES, ids=lambda value: str(value)[:40])
def test_a_user_agent_stands_for_the_nearest_device(
    recorder: Recorder, user_agent: str | None, device: int
) -> None:
    assert viewers(recorder, [{"ip": "203.0.113.1", "user_agent": user_agent}], "device") == [
        device
    ]


def test_a_place_is_what_is_said_else_where_others_at_the_address_are(recorder: Recorder) -> None:
    at_home = {"ip": "203.0.113.7"}
    who = [
        {**at_home, "city": "paris"},
        {**at_home, "user_agent": "Firefox/1"},
        {**at_home, "user_agent": "Edg/1", "country": "Japan"},
    ]
    said = viewers(recorder, who, "place")
    assert said[:2] == [20, 20] and said[2] != 20


def test_a_place_of_which_nothing_is_said_depends_on_the_address_alone(
    new_world: Callable[[], World], web: httpx.Client
) -> None:
    who = [{"ip": f"203.0.113.{last}"} for last in range(8)]
    one, other = (viewers(Recorder(new_world(), web), some, "place") for some in (who, who[::-1]))
    assert one == other[::-1] and len(set(one)) > 3


# What is refused, and that nothing of it stays.

BAD_VIEWINGS: dict[str, tuple[dict[str, Any], str]] = {
    "of no media": ({"media": "nothing"}, "there is no media 'nothing'"),
    "of a number of nothing": ({"media": 2**33 + 99}, "there is no media 8589934691"),
    "by nobody": ({"viewer": "nobody"}, "there is no viewer 'nobody'"),
    "beyond the end": ({"played": [[0, 61]]}, "it goes on after the end of its media, at 60 s"),
    "backwards": ({"played": [[9, 3]]}, "stretches go forward"),
    "before 2000": ({"loaded_at": "1999-12-31T23:59:59Z"}, "before 2000"),
    "after the last day": (
        {"loaded_at": "2025-06-10T00:00:00Z"},
        "after the last day of the account's world, 2025-06-09",
    ),
    "ending after the last day": (
        {"loaded_at": "2025-06-09T23:59:59Z", "played": [[0, 2]]},
        "after the last day",
    ),
    "ended too soon": (
        {"loaded_at": YESTERDAY, "played": [[0, 9]], "ended_at": YESTERDAY},
        "it ends before its last stretch does",
    ),
    "at no address": ({"viewer": {"ip": "203.0.113.256"}}, "'203.0.113.256' is no IPv4 address"),
    "at a longer address": (
        {"viewer": {"ip": "2001:db8::1"}},
        "'2001:db8::1' is an IPv6 address: viewers have IPv4 ones",
    ),
    "on nothing known": (
        {"viewer": {"user_agent": "curl/8"}},
        "names no device that is known: one has a system (android,",
    ),
    "from nowhere": (
        {"viewer": {"city": "Atlantis"}},
        "there is no place 'Atlantis'; there are Seattle (US)",
    ),
    "from a city elsewhere": (
        {"viewer": {"city": "Paris", "country": "DE"}},
        "there is no place 'Paris' in 'DE'",
    ),
    "with an id at no vendor": (
        {"ids": {"acme": ["x"]}},
        "ids: there is no vendor 'acme', only apivideo, gcore, wistia",
    ),
    "with an id where viewings have none": (
        {"ids": {"gcore": ["x"]}},
        "ids: gcore has none for a viewing",
    ),
    "with an id that is taken": (
        {"ids": {"wistia": ["first"]}},
        "another viewing has the id 'first' at wistia",
    ),
    "with what is no id": ({"ids": {"wistia": ["a/b"]}}, "without slashes"),
    "with a text that no store keeps": ({"page": "a\0"}, "no character of number 0"),
    "with what is not known": ({"colour": "red"}, "colour: Extra inputs are not permitted"),
    "with seconds in text": ({"wait": "5"}, "wait: Input should be a valid integer"),
    "with a form that nobody showed": (
        {"converts": ["form"]},
        "it comes to no form that it could convert by",
    ),
    "with a word that is no prompt": (
        {"converts": ["poll"]},
        "converts.0: Input should be 'form' or 'call_to_action'",
    ),
    "with a stretch of one": (
        {"played": [[5]]},
        "played.0: List should have at least 2 items",
    ),
}


@pytest.mark.parametrize("as_lines", [True, False], ids=["lines", "array"])
@pytest.mark.parametrize(("bad", "reason"), BAD_VIEWINGS.values(), ids=BAD_VIEWINGS.keys())
def test_one_bad_viewing_leaves_nothing_of_its_request(
    recorder: Recorder, bad: dict[str, Any], reason: str, as_lines: bool
) -> None:
    clip = recorder.add_clip()
    kept = recorder.record("viewings", {"media": clip, "ids": {"wistia": ["first"]}})
    said = [
        {"media": clip, "viewer": ANA, "ids": {"wistia": ["second"]}},
        {"media": clip},
        {"media": clip, **bad},
    ]
    answer = (
        recorder.post_ndjson("viewings", said)
        if as_lines
        else recorder.request("POST", "viewings", json=said)
    )
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert (
        answer.json()["detail"].startswith("line 3" if as_lines else "viewing 3")
        and reason in answer.json()["detail"]
    )
    assert answer.json()["errors"][0]["field"].startswith("line 3" if as_lines else "viewing 3")
    assert recorder.viewings() == kept
    assert recorder.record("viewings", said[0])[0]["id"] == str(int(kept[0]["id"]) + 1)


BAD_MEDIA: dict[str, tuple[dict[str, Any], str]] = {
    "video without a duration": (
        {"duration": None},
        "a video has a duration, a live stream has none",
    ),
    "live stream with a duration": (
        {"kind": "live"},
        "a video has a duration, a live stream has none",
    ),
    "for ever": ({"duration": 86_401}, "duration: Input should be less than or equal to 86400"),
    "in no project": ({"project": "none"}, "there is no project 'none'"),
    "playlist of nothing": ({"kind": "playlist", "items": ["none"]}, "there is no video 'none'"),
    "video with items": ({"items": ["77"]}, "only a playlist has items"),
    "live stream with a form": (
        {"kind": "live", "duration": None, "prompts": [{"kind": "form"}]},
        "only a video has a source file, and prompts over it",
    ),
    "an id that is taken": ({"ids": {"gcore": ["77"]}}, "another video has the id '77' at gcore"),
    "an id where its kind has none": (
        {"kind": "live", "duration": None, "ids": {"wistia": ["x"]}},
        "ids: wistia has none for a live",
    ),
    "no title": ({"title": ""}, "title: String should have at least 1 character"),
}


@pytest.mark.parametrize(("bad", "reason"), BAD_MEDIA.values(), ids=BAD_MEDIA.keys())
def test_one_bad_media_leaves_nothing_of_its_request(
    recorder: Recorder, bad: dict[str, Any], reason: str
) -> None:
    recorder.add_clip(ids={"gcore": ["77"]})
    detail = recorder.rejection(
        "media", [{"title": "good", "duration": 9}, {"title": "bad", "duration": 9, **bad}]
    )
    assert detail.startswith("media 2") and reason in detail
    assert [one["title"] for one in recorder.request("GET", "media").json()["media"]] == ["Clip"]


MALFORMED_BODIES: dict[str, tuple[dict[str, Any], int, str]] = {
    "broken": ({"content": b'{"media": '}, 422, "body: it is no JSON"),
    "a broken line": (
        {"content": b'\n{"media": 1\n', "headers": NDJSON},
        422,
        "line 2: Invalid JSON",
    ),
    "no object": ({"content": b"7"}, 422, "viewing 1: Input should be a valid dictionary"),
    "another type": (
        {"content": b"{}", "headers": {"Content-Type": "application/xml"}},
        415,
        "The body is application/xml: application/json is wanted",
    ),
}


@pytest.mark.parametrize(
    ("sent", "status", "reason"), MALFORMED_BODIES.values(), ids=MALFORMED_BODIES.keys()
)
def test_a_body_that_cannot_be_read(
    recorder: Recorder, sent: dict[str, Any], status: int, reason: str
) -> None:
    headers = {"Content-Type": "application/json", **sent.get("headers", {})}
    answer = recorder.request("POST", "viewings", content=sent["content"], headers=headers)
    assert (answer.status_code, answer.json()["detail"][: len(reason)]) == (status, reason)


def test_an_account_that_there_is_not_has_nothing(recorder: Recorder) -> None:
    recorder.account = "nobody-is-called-so"
    for method, path in (
        ("GET", "media"),
        ("POST", "media"),
        ("POST", "broadcasts"),
        ("POST", "viewings"),
        ("GET", "viewings"),
        ("GET", "export"),
    ):
        assert recorder.request(method, path, json={"media": 1}).status_code == 404
    assert recorder.request("DELETE", "viewings/1").status_code == 404


# How it is sent.


def test_one_an_array_and_lines_are_the_same(
    new_world: Callable[[], World], web: httpx.Client
) -> None:
    answers = []
    for send in ("one", "array", "lines", "in pieces"):
        recorder = Recorder(new_world(), web)
        said = {"media": recorder.add_clip(), "viewer": ANA, "played": [[0, 5]]}
        line = json.dumps(said).encode()
        sent: dict[str, dict[str, Any]] = {
            "one": {"json": said},
            "array": {"json": [said]},
            "lines": {"content": b"\r\n\n" + line + b"\r\n", "headers": NDJSON},
            "in pieces": {
                "content": (line[at : at + 7] for at in range(0, len(line), 7)),
                "headers": NDJSON,
            },
        }
        answers.append(recorder.request("POST", "viewings", **sent[send]).json())
    assert answers[0]["viewings"][0]["ended_at"] == NOW_TEXT and answers == [answers[0]] * 4


def test_nothing_at_all_is_recorded_of_an_empty_body(recorder: Recorder) -> None:
    assert recorder.post_ndjson("viewings", []).json() == {"viewings": []}
    assert recorder.record("viewings") == []


def test_a_hundred_thousand_in_a_request_and_no_more(recorder: Recorder, web: httpx.Client) -> None:
    media = recorder.record("media", {"title": "Clip", "duration": 60})[0]
    line = (
        json.dumps(
            {"media": media["number"], "viewer": {"ip": ANA["ip"]}, "played": [[0, 5]]}
        ).encode()
        + b"\n"
    )
    refused = recorder.request("POST", "viewings", content=line * 100_001, headers=NDJSON)
    assert (refused.status_code, refused.json()["detail"]) == (
        413,
        "One request takes 100,000 viewings at most.",
    )
    assert recorder.viewings() == []
    answer = recorder.request(
        "POST", "viewings", content=line * 100_000, headers=NDJSON, timeout=300
    )
    assert (answer.status_code, len(answer.json()["viewings"])) == (201, 100_000)
    assert recorder.vendor_counts(media)["wistia"][:3] == (100_000, 100_000, 1)


def test_several_write_to_one_account_at_once_and_nothing_is_lost(recorder: Recorder) -> None:
    clip = recorder.add_clip()
    said = [{"media": clip}, {"media": clip, "viewer": ANA}]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: recorder.request("POST", "viewings", json=said), range(24)))
    assert {answer.status_code for answer in made} == {201}
    numbers = sorted(int(one["id"]) for answer in made for one in answer.json()["viewings"])
    assert (
        numbers
        == list(range(numbers[0], numbers[0] + 48))
        == [int(one["id"]) for one in recorder.viewings()]
    )
    assert len({one["viewer"]["wistia"][0] for one in recorder.viewings()}) == 25


# Reading and deleting.


def test_recorded_viewings_are_listed_page_by_page(recorder: Recorder) -> None:
    made = recorder.record("viewings", *[{"media": recorder.add_clip()}] * 3)
    assert recorder.request("GET", "viewings?limit=2").json()["viewings"] == made[:2]
    assert (
        recorder.request("GET", f"viewings?limit=2&after={made[1]['id']}").json()["viewings"]
        == made[2:]
    )
    assert recorder.request("GET", "viewings?limit=0").status_code == 422


@pytest.mark.parametrize("named", ["number", "wistia", "apivideo", "fixed"])
def test_a_viewing_is_deleted_by_any_of_its_ids_once(recorder: Recorder, named: str) -> None:
    recorder.record(
        "viewings",
        {
            "media": recorder.add_clip(),
            "ids": {"wistia": ["first"]},
            "labels": {"hats": "green"},
            "played": [[0, 5]],
        },
    )
    one = recorder.record(
        "viewings", {"media": recorder.add_clip(), "ids": {"wistia": ["second"]}}
    )[0]
    name = {
        "number": one["id"],
        "wistia": one["ids"]["wistia"][0],
        "apivideo": one["ids"]["apivideo"][0],
        "fixed": "second",
    }[named]
    assert [recorder.request("DELETE", f"viewings/{name}").status_code for _ in range(2)] == [
        204,
        404,
    ]
    assert [left["ids"]["wistia"] for left in recorder.viewings()] == [["first"]]


def test_a_deleted_viewings_number_and_given_id_are_not_mixed_up(recorder: Recorder) -> None:
    said = {"media": recorder.add_clip(), "ids": {"wistia": ["only"]}}
    first = recorder.record("viewings", said)[0]
    recorder.request("DELETE", "viewings/only")
    second = recorder.record("viewings", said)[0]
    assert (second["ids"]["wistia"], int(second["id"])) == (["only"], int(first["id"]) + 1)
    assert (
        recorder.world.get(
            recorder.web, "apivideo", f"/analytics/sessions/{first['ids']['apivideo'][0]}/events"
        ).status_code
        == 404
    )


def test_a_generated_viewing_cannot_be_deleted(demo_recorder: Recorder) -> None:
    key = demo_recorder.world.get(
        demo_recorder.web, "wistia", "/v1/stats/events.json", per_page=1
    ).json()[0]["event_key"]
    answer = demo_recorder.request("DELETE", f"viewings/{key}")
    assert (answer.status_code, answer.json()["title"]) == (409, "Conflict")
    assert (
        demo_recorder.world.get(
            demo_recorder.web, "wistia", f"/v1/stats/events/{key}.json"
        ).status_code
        == 200
    )


def test_a_viewing_in_the_future_is_shown_when_its_instant_comes(recorder: Recorder) -> None:
    media = recorder.record("media", {"title": "Clip", "duration": 60})[0]
    recorder.record(
        "viewings",
        {"media": media["number"], "loaded_at": "2024-07-01T00:00:00Z", "played": [[0, 5]]},
    )
    path = f"/analytics/videos/{media['ids']['apivideo'][0]}"
    header = "X-Playhead-Now"
    url = f"{recorder.world.server.url}/apivideo{path}"
    seen = [
        recorder.web.get(url, auth=(recorder.world.key, ""), headers={header: now}).json()
        for now in ("2024-06-30T23:59:59Z", "2024-07-01T00:00:00Z")
    ]
    assert [document["pagination"]["itemsTotal"] for document in seen] == [0, 1]


def test_openapi_says_what_recording_takes_and_every_status(recorder: Recorder) -> None:
    paths = recorder.web.get(f"{recorder.world.server.url}/_emulator/openapi.json").json()["paths"]
    viewings = paths["/_emulator/accounts/{name}/viewings"]["post"]
    one, several = viewings["requestBody"]["content"]["application/json"]["schema"]["anyOf"]
    assert (one["required"], several["items"] == one) == (["media"], True)
    assert set(viewings["responses"]) >= {"201", "404", "413", "415", "422"}
    assert set(paths["/_emulator/accounts/{name}/viewings/{id}"]["delete"]["responses"]) >= {
        "204",
        "404",
        "409",
        "422",
    }
    assert "$ref" not in json.dumps(viewings["requestBody"])
