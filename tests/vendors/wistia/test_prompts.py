"""Wistia: calls to action and forms, as the statistics tell of them."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from playhead.domain.media import PromptKind
from playhead.domain.playback import Prompt
from playhead.vendors.wistia.ids import hashed_id, record_key
from tests.worlds import World, viewer

pytestmark = pytest.mark.covers(
    "wistia.media", "wistia.events", "wistia.event", "wistia.visitors", "wistia.visitor"
)

FORM = PromptKind.form
CALL = PromptKind.call_to_action
ANA = viewer("ana", full_name="Ana Maria Sousa", email="ana@example.com")
BO = viewer("bo", email="bo@example.org")
GetJson = Callable[..., Any]


@pytest.fixture
def get_json(world: World, web: httpx.Client) -> GetJson:
    def get(path: str, **parameters: str) -> Any:
        response = world.get(web, "wistia", f"/v1/stats/{path}", **parameters)
        assert response.status_code == 200, response.text
        return response.json()

    return get


def test_the_actions_of_a_media(get_json: GetJson, world: World) -> None:
    """Three came to the link, one of them followed it; two came to the form, one filled it in."""
    prompts = [
        Prompt(FORM, 8, "Ask us", None),
        Prompt(CALL, 4, "Read on", "https://example.com/more"),
    ]
    video = world.video(seconds=10, prompts=prompts)
    world.watch(video, "", "2024-06-01T08:00:00Z", (0, 10), viewer=ANA, converts=[FORM, CALL])
    world.watch(video, "bo", "2024-06-01T08:00:00Z", (0, 10))
    world.watch(video, "cy", "2024-06-01T08:00:00Z", (0, 5))
    world.watch(video, "di", "2024-06-01T08:00:00Z", (0, 3))
    assert get_json(f"medias/{hashed_id('video', video)}")["actions"] == [
        {
            "type": "Call to Action",
            "action_count": 1,
            "impression_count": 3,
            "rate": 0.333,
            "url": "https://example.com/more",
            "text": "Read on",
        },
        {
            "type": "Turnstile",
            "action_count": 1,
            "impression_count": 2,
            "rate": 0.5,
            "url": None,
            "text": "Ask us",
        },
    ]


def test_an_action_that_nobody_came_to_has_a_rate_of_0(get_json: GetJson, world: World) -> None:
    video = world.video(prompts=[Prompt(CALL, 4, "Read on", "https://example.com/")])
    (action,) = get_json(f"medias/{hashed_id('video', video)}")["actions"]
    assert (action["action_count"], action["impression_count"], action["rate"]) == (0, 0, 0)


def test_without_a_prompt_there_is_no_such_key(get_json: GetJson, world: World) -> None:
    assert "actions" not in get_json(f"medias/{hashed_id('video', world.video())}")


@pytest.mark.parametrize(
    ("at", "type_"),
    [(0, "pre-roll-email"), (1, "mid-roll-email"), (59, "mid-roll-email"), (60, "post-roll-email")],
)
def test_an_event_says_where_the_form_stood_and_what_was_said(
    get_json: GetJson, world: World, at: int, type_: str
) -> None:
    video = world.video(seconds=60, prompts=[Prompt(FORM, at, "Ask us", None)])
    world.watch(video, "", "2024-06-01T08:00:00Z", (0, 60), viewer=ANA, converts=[FORM])
    (event,) = get_json("events")
    assert event["conversion_type"] == type_
    assert event["conversion_data"] == {
        "email": "ana@example.com",
        "first_name": "Ana",
        "last_name": "Maria Sousa",
        "is_new_lead": True,
    }
    assert get_json(f"events/{event['event_key']}") == event


def test_a_lead_is_new_once_and_a_name_may_be_unknown(get_json: GetJson, world: World) -> None:
    video = world.video(prompts=[Prompt(FORM, 5, "Ask us", None)])
    for day in (1, 2):
        world.watch(video, "", f"2024-06-0{day}T08:00:00Z", (0, 6), viewer=BO, converts=[FORM])
    later, earlier = get_json("events")
    assert later["conversion_data"] == {"email": "bo@example.org", "is_new_lead": False}
    assert earlier["conversion_data"] == {"email": "bo@example.org", "is_new_lead": True}


def test_who_follows_a_link_or_passes_a_form_by_says_nothing(
    get_json: GetJson, world: World
) -> None:
    video = world.video(
        prompts=[
            Prompt(FORM, 5, "Ask us", None),
            Prompt(CALL, 5, "Read on", "https://example.com/"),
        ]
    )
    world.watch(video, "", "2024-06-01T08:00:00Z", (0, 6), viewer=ANA, converts=[CALL])
    (event,) = get_json("events")
    assert (event["conversion_type"], event["conversion_data"]) == ("", {})


def test_who_came_through_a_form_is_known_by_the_first_one(get_json: GetJson, world: World) -> None:
    video = world.video(prompts=[Prompt(FORM, 5, "Ask us", None)])
    world.watch(video, "", "2024-05-01T08:00:00Z", (0, 6), viewer=ANA)
    first, _ = (
        world.watch(video, "", f"2024-06-0{day}T08:00:00Z", (0, 6), viewer=ANA, converts=[FORM])
        for day in (1, 2)
    )
    world.watch(video, "", "2024-06-01T08:00:00Z", (0, 6), viewer=BO)
    assert [visitor["identifying_event_key"] for visitor in get_json("visitors")] == [
        record_key("viewing", first),
        None,
    ]
    (found,) = get_json("visitors", filter="identified_by_email_gate")
    assert found["visitor_identity"]["name"] == "Ana Maria Sousa"
    assert (
        get_json(f"events/{found['identifying_event_key']}")["conversion_type"] == "mid-roll-email"
    )
    assert get_json(f"visitors/{found['visitor_key']}") == found


def test_both_conditions_hold_together(get_json: GetJson, world: World) -> None:
    video = world.video(prompts=[Prompt(FORM, 5, "Ask us", None)])
    for who in (ANA, BO):
        world.watch(video, "", "2024-06-01T08:00:00Z", (0, 6), viewer=who, converts=[FORM])
    world.watch(
        video,
        "",
        "2024-06-01T08:00:00Z",
        (0, 6),
        viewer=viewer("cy", full_name="Ana Other", email="other@example.com"),
    )
    through = [
        visitor["visitor_identity"]["email"]
        for visitor in get_json("visitors", filter="identified_by_email_gate", search="ana")
    ]
    assert through == ["ana@example.com"]


def test_a_form_of_more_than_two_years_ago_identifies_by_no_event(
    get_json: GetJson, world: World
) -> None:
    video = world.video(prompts=[Prompt(FORM, 5, "Ask us", None)])
    world.watch(video, "", "2022-06-05T11:59:59Z", (0, 6), viewer=ANA, converts=[FORM])
    (found,) = get_json("visitors", filter="identified_by_email_gate")
    assert found["identifying_event_key"] is None
